//! The words of rules: which expression stands at a place, what a name means, and how rows and features would be written.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use crate::catalog::model::{Catalog, PartitionDef, PartitionKind, TableKind};
use crate::check::names::{Suffix, suffix};
use crate::ir::{self, Aggregation, Feature, Ir, Moment, Node, NodeId, RowSetId, TableId, WrittenAs};
use crate::project::Project;
use crate::rules::model::SegmentDef;
use crate::source::{FileId, Span};
use crate::syntax::ast::{
    self, Aggregate, AggregateFunction, Expr, ExprKind, Ident, IsTest, Literal, Path, Rows, RowsOf,
};
use crate::syntax::{print, walk};

/// The expressions of a project by their places, and its definitions.
pub(super) struct Words<'e> {
    project: &'e Project,
    expressions: HashMap<Span, &'e Expr>,
}

/// What is known of a name.
#[derive(Clone, Debug, Default)]
pub(super) struct Named {
    pub label: Option<String>,
    pub unit: Option<String>,
    /// The definition: `spend: sum(amount of sales)`.
    pub meaning: Option<String>,
}

/// Where a segment comes from.
#[derive(Clone, Copy)]
pub(super) enum Origin<'e> {
    /// `segments:` of a rule file.
    Rule(&'e SegmentDef),
    /// A group of a partition, by its position among them.
    Group(&'e PartitionDef, usize),
    /// A part of a split, by its position.
    Split(&'e SegmentDef, usize),
}

impl<'e> Words<'e> {
    pub fn of(project: &'e Project) -> Self {
        let mut words = Words { project, expressions: HashMap::new() };
        if let Some(catalog) = project.catalog() {
            words.add_catalog(catalog);
        }
        for file in project.rules() {
            file.segments.iter().for_each(|def| words.add(&def.when));
            file.partitions.iter().for_each(|def| words.add_partition(def));
        }
        words
    }

    fn add(&mut self, expr: &'e Expr) {
        walk(expr, &mut |inner| {
            self.expressions.entry(inner.span).or_insert(inner);
        });
    }

    fn add_catalog(&mut self, catalog: &'e Catalog) {
        catalog.attributes.iter().for_each(|def| self.add(&def.is));
        catalog.metrics.iter().for_each(|def| self.add(&def.is));
        catalog.partitions.iter().for_each(|def| self.add_partition(def));
        for table in &catalog.tables {
            let TableKind::Derived(derived) = &table.kind else { continue };
            derived.filter.iter().for_each(|filter| self.add(filter));
            derived.columns.iter().for_each(|(_, column)| self.add(column));
            if let Some(grouping) = &derived.grouping {
                grouping.keys.iter().map(|(_, key)| key).chain(&grouping.time).for_each(|expr| self.add(expr));
            }
        }
    }

    fn add_partition(&mut self, def: &'e PartitionDef) {
        match &def.kind {
            PartitionKind::Tiers(tiers) => tiers.iter().filter_map(|tier| tier.when.as_ref()).for_each(|e| self.add(e)),
            PartitionKind::Bands(bands) => std::iter::once(&bands.is).chain(&bands.bounds).for_each(|e| self.add(e)),
            PartitionKind::Values(is) => self.add(is),
            PartitionKind::Chart(_) => {}
        }
    }

    /// The expression at a place.
    pub fn at(&self, span: Span) -> Option<&'e Expr> {
        self.expressions.get(&span).copied()
    }

    pub fn project(&self) -> &'e Project {
        self.project
    }

    /// Every partition's definition.
    fn partitions(&self) -> impl Iterator<Item = &'e PartitionDef> {
        let catalog = self.project.catalog().map(|catalog| catalog.partitions.as_slice()).unwrap_or_default();
        catalog.iter().chain(self.project.rules().iter().flat_map(|file| &file.partitions))
    }

    /// The definition of a segment.
    pub fn origin(&self, ir: &Ir, id: ir::SegmentId) -> Option<Origin<'e>> {
        let mut rules = self.project.rules().iter().flat_map(|file| &file.segments);
        let segment = ir.segment(id);
        let Some(partition) = segment.part_of else {
            return rules.find(|def| def.name.span == segment.span).map(Origin::Rule);
        };
        let partition = ir.partition(partition);
        let at = partition.parts.iter().position(|part| *part == id)?;
        if matches!(partition.form, ir::PartitionForm::Split) {
            return rules.find(|def| def.name.text == partition.name).map(|def| Origin::Split(def, at));
        }
        self.partitions().find(|def| def.name.span == partition.span).map(|def| Origin::Group(def, at))
    }

    /// What the catalogue says of a name, a window suffix aside.
    pub fn named(&self, expr: &Expr) -> Named {
        match &expr.kind {
            ExprKind::Name(path) => match path.parts.as_slice() {
                [name] => self.defined(&name.text),
                _ => Named::default(),
            },
            ExprKind::Windowed { metric, .. } | ExprKind::Filtered { metric, .. } => self.named(metric),
            _ => Named::default(),
        }
    }

    /// What the catalogue says of a name.
    pub fn defined(&self, name: &str) -> Named {
        let Some(catalog) = self.project.catalog() else { return Named::default() };
        if let Some(def) = catalog.attributes.iter().find(|def| def.name.text == name) {
            let meaning = Some(format!("{name}: {}", print(&def.is)));
            return Named { label: def.label.clone(), unit: def.unit.as_ref().map(|unit| unit.value.clone()), meaning };
        }
        let metric = |name: &str| catalog.metrics.iter().find(|def| def.name.text == name);
        let stem = match suffix(name) {
            Some(Suffix::Window(stem, _)) if metric(name).is_none() => stem,
            _ => name,
        };
        let Some(def) = metric(stem) else { return Named::default() };
        let meaning = Some(format!("{stem}: {}", print(&def.is)));
        // What people call a metric is not what they call it over 90 days.
        let label = def.label.clone().filter(|_| stem == name);
        Named { label, unit: def.unit.as_ref().map(|unit| unit.value.clone()), meaning }
    }

    /// The definition of an attribute that a name stands for.
    pub fn attribute(&self, expr: &Expr) -> Option<&'e crate::catalog::model::AttributeDef> {
        let ExprKind::Name(path) = &expr.kind else { return None };
        let [name] = path.parts.as_slice() else { return None };
        self.project.catalog()?.attributes.iter().find(|def| def.name == *name)
    }

    /// The table that a set of rows, a filter, and what is made of them are written with: of those whose own filter is a part of it the
    /// narrowest, of which the rest can be said.
    pub fn table_of(
        &self,
        ir: &Ir,
        rows: RowSetId,
        filter: Option<NodeId>,
        argument: Option<NodeId>,
    ) -> Option<TableId> {
        let asked = conjuncts(ir, filter);
        let tables = ir.tables.iter().enumerate().filter(|(_, table)| table.rows == rows);
        let own = tables.map(|(at, table)| (conjuncts(ir, table.filter), TableId(at as u32)));
        let fits = own.filter(|(own, _)| own.iter().all(|part| asked.contains(part)));
        let can_say = |table: TableId| {
            let rest = self.beyond_table(ir, table, filter).into_iter().chain(argument);
            rest.into_iter().all(|node| self.is_of_table(ir, table, node))
        };
        // Of equals the first in the catalogue.
        fits.max_by_key(|(own, table)| (can_say(*table), own.len(), std::cmp::Reverse(*table))).map(|(_, table)| table)
    }

    /// Whether a table has what an expression names: columns that it makes are not in the one that it is made from, and what is numbered are
    /// its own rows.
    fn is_of_table(&self, ir: &Ir, table: TableId, node: NodeId) -> bool {
        let Some(expr) = self.of_row(ir, table, node) else { return true };
        let made = ir.table(table);
        let base = ir.base_table(made.base);
        let numbers_own = |leaf: &NodeId| match ir.node(*leaf) {
            Node::Number(order) | Node::Gap(order) => {
                let order = ir.ordering(*order);
                order.rows == made.rows && order.filter == made.filter
            }
            _ => true,
        };
        if !ir.leaves([node]).inputs.iter().all(numbers_own) {
            return false;
        }
        let mut has_all = true;
        walk(&expr, &mut |inner| {
            if let ExprKind::Name(path) = &inner.kind
                && let [name] = path.parts.as_slice()
            {
                let name = name.text.as_str();
                has_all &= ["at", "number", "gap"].contains(&name)
                    || made.columns.iter().any(|(column, _)| column == name)
                    || base.columns.iter().any(|column| column.name == name);
            }
        });
        has_all
    }

    /// Rows as a rule would write them.
    pub fn rows(&self, ir: &Ir, table: TableId, filter: Option<NodeId>, window: Option<&ir::Window>) -> Rows {
        let parts = self.beyond_table(ir, table, filter);
        let mut ranges: Vec<Span> = Vec::new();
        let mut more: Vec<Expr> = Vec::new();
        for part in &parts {
            let range = match self.of_row(ir, table, *part) {
                Some(expr) => {
                    more.push(expr);
                    continue;
                }
                None => self.range_of(ir, *part, &parts),
            };
            match range {
                // Both of its bounds are parts.
                Some(range) if ranges.contains(&range.span) => {}
                Some(range) => {
                    ranges.push(range.span);
                    more.push(range.clone());
                }
                None => more.push(made(ExprKind::Error)),
            }
        }
        let filter = match <[Expr; 1]>::try_from(more) {
            Ok([only]) => Some(only),
            Err(more) if more.is_empty() => None,
            Err(more) => Some(made(ExprKind::And(more))),
        };
        Rows { table: ident(&ir.table(table).name), window: window.and_then(written_window), filter }
    }

    /// The `between` of which a part of a filter is one bound, if the other is a part too.
    fn range_of(&self, ir: &Ir, part: NodeId, parts: &[NodeId]) -> Option<&'e Expr> {
        let mut written = ir.written_of_rows.iter().filter(|(node, _)| match ir.node(**node) {
            Node::And(bounds) => bounds.contains(&part) && bounds.iter().all(|bound| parts.contains(bound)),
            _ => false,
        });
        written.find_map(|(_, (span, _))| self.at(*span).filter(|expr| matches!(expr.kind, ExprKind::Between { .. })))
    }

    /// The parts of a filter that a table does not have by itself.
    pub fn beyond_table(&self, ir: &Ir, table: TableId, filter: Option<NodeId>) -> Vec<NodeId> {
        let own = conjuncts(ir, ir.table(table).filter);
        conjuncts(ir, filter).into_iter().filter(|part| !own.contains(part)).collect()
    }

    /// A feature as a rule would write it; none: it is one of the parts of something else.
    pub fn feature(&self, ir: &Ir, table: TableId, feature: &Feature) -> Option<String> {
        let (function, distinct) = match feature.aggregation {
            Aggregation::Count => (AggregateFunction::Count, false),
            Aggregation::CountDistinct => (AggregateFunction::Count, true),
            Aggregation::Sum => (AggregateFunction::Sum, false),
            Aggregation::Min => (AggregateFunction::Min, false),
            Aggregation::Max => (AggregateFunction::Max, false),
            Aggregation::First => (AggregateFunction::First, false),
            Aggregation::Last => (AggregateFunction::Last, false),
            Aggregation::Mode => (AggregateFunction::Mode, false),
            Aggregation::ModeCount => return None,
            Aggregation::Percentile(50_000_000) => (AggregateFunction::Median, false),
            Aggregation::Percentile(p) => (AggregateFunction::Percentile(Decimal::new(p.into(), 6).normalize()), false),
        };
        let argument = match feature.argument {
            Some(argument) => Some(self.of_row(ir, table, argument)?),
            None => None,
        };
        let rows = RowsOf::Table(self.rows(ir, table, feature.filter, feature.window.as_ref()));
        let aggregate = Aggregate { function, function_span: nowhere(), distinct, argument, rows };
        Some(print(&made(ExprKind::Aggregate(Box::new(aggregate)))))
    }

    /// An expression about the rows of a table as a rule would write it.
    pub fn of_row(&self, ir: &Ir, table: TableId, node: NodeId) -> Option<Expr> {
        if let Some(name) = column_name(ir, table, node) {
            return Some(made(ExprKind::Name(Path { parts: name.split('.').map(ident).collect() })));
        }
        if let Some(expr) = ir.written_of_rows.get(&node).and_then(|(span, _)| self.at(*span)) {
            return Some(expr.clone());
        }
        match ir.node(node) {
            Node::Not(inner) => {
                let value = Box::new(self.of_row(ir, table, *inner)?);
                // What is not true may be unknown too, and then its opposite is not true either.
                let may_be_neither = matches!(ir.node(*inner), Node::IsTrue(truth) if ir.may_be_unknown(*truth));
                Some(made(match may_be_neither {
                    true => {
                        let test = IsTest::Value(Box::new(made(ExprKind::Literal(Literal::Bool(true)))));
                        ExprKind::Is { negated: true, value, test, ignoring_case: false }
                    }
                    false => ExprKind::Not(value),
                }))
            }
            Node::LocalDate(inner) => {
                let arguments = vec![self.of_row(ir, table, *inner)?];
                Some(made(ExprKind::Call { function: ident("day"), arguments }))
            }
            Node::IsTrue(inner)
            | Node::FoldCase(inner)
            | Node::SquareRoot(inner)
            | Node::Elapsed(inner)
            | Node::Microseconds(inner) => self.of_row(ir, table, *inner),
            _ => None,
        }
    }
}

/// Whether a number about rows is a duration in microseconds, as durations are added up and averaged.
pub(super) fn is_micros(ir: &Ir, node: NodeId) -> bool {
    let is_as = |node: &NodeId, form: WrittenAs| ir.written_of_rows.get(node).is_some_and(|(_, known)| *known == form);
    match ir.node(node) {
        Node::Microseconds(_) => true,
        Node::SquareRoot(square) => is_as(square, WrittenAs::MicrosecondsSquared),
        _ => is_as(&node, WrittenAs::Microseconds),
    }
}

/// The name of a column, of the row's time, or of what a lookup finds.
pub(super) fn column_name(ir: &Ir, table: TableId, node: NodeId) -> Option<String> {
    let made = ir.table(table);
    let base = ir.base_table(made.base);
    let own = made.columns.iter().find(|(_, column)| *column == node).map(|(name, _)| name.clone());
    if base.time == Some(node) {
        // A table by grouping may have a column that is its time.
        return own.filter(|_| base.grouping.is_some()).or_else(|| Some("at".to_owned()));
    }
    own.or_else(|| match ir.node(node) {
        Node::Column(of, at) => ir.base_table(*of).columns.get(*at as usize).map(|column| column.name.clone()),
        Node::Lookup(lookup, value) => {
            let lookup = ir.lookup(*lookup);
            Some(format!("{}.{}", lookup.name, column_name(ir, lookup.target, *value)?))
        }
        Node::Number(_) => Some("number".to_owned()),
        Node::Gap(_) => Some("gap".to_owned()),
        _ => None,
    })
}

/// The parts of a filter.
pub(super) fn conjuncts(ir: &Ir, filter: Option<NodeId>) -> Vec<NodeId> {
    match filter.map(|node| (node, ir.node(node))) {
        None => Vec::new(),
        Some((_, Node::And(parts))) => parts.clone(),
        Some((node, _)) => vec![node],
    }
}

/// An expression that stands nowhere.
pub(super) fn made(kind: ExprKind) -> Expr {
    Expr { kind, span: nowhere() }
}

/// A name that stands nowhere.
pub(super) fn ident(name: &str) -> Ident {
    Ident { text: name.to_owned(), span: nowhere() }
}

fn nowhere() -> Span {
    Span::new(FileId(0), 0, 0)
}

fn written_window(window: &ir::Window) -> Option<ast::Window> {
    Some(match window {
        ir::Window::Rolling(length) => ast::Window::Rolling(*length),
        ir::Window::Previous(length) => ast::Window::Previous(*length),
        ir::Window::Ending { length, ago } => ast::Window::Ending { length: *length, ago: *ago },
        ir::Window::ToDate(period) => ast::Window::ToDate(*period),
        ir::Window::Last(period) => ast::Window::Last(*period),
        ir::Window::PreviousToDate(period) => ast::Window::PreviousToDate(*period),
        ir::Window::Absolute { from, to } => {
            ast::Window::Absolute { from: from.as_ref().and_then(point), to: to.as_ref().and_then(point) }
        }
    })
}

fn point(moment: &Moment) -> Option<ast::TimePoint> {
    let literal = match moment {
        Moment::Day(day) => Literal::Date(*day),
        Moment::Local(local) => Literal::Local(*local),
        Moment::Instant(micros) => {
            let instant: DateTime<Utc> = DateTime::from_timestamp_micros(*micros)?;
            Literal::Instant(instant.fixed_offset())
        }
    };
    Some(ast::TimePoint { literal, span: nowhere() })
}
