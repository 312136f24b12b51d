//! What a name means, for whoever puts it into words: the definition behind it, by the same order in which the check looks.
//!
//! The rule is checked when it is explained, so every name has a meaning and mistakes need no words here.

use std::collections::HashMap;

use crate::catalog::model::{
    AttributeDef, Catalog, DerivedTable, LookupDef, MetricDef, PartitionDef, SubjectDef, TableDef, TableKind,
};
use crate::check::{Suffix, suffix};
use crate::frozen::model::CutPoints;
use crate::ir::{self, FeatureId, Ir, Node, NodeId, Type};
use crate::rules::model::RuleFile;
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Ident, RowsOf};
use crate::syntax::walk;

/// A project that has been checked, with its definitions by name.
pub(super) struct Names<'a> {
    /// The catalogue.
    pub catalog: &'a Catalog,
    /// The rule files.
    pub rules: &'a [RuleFile],
    /// What all of it became.
    pub ir: &'a Ir,
    /// The cut points of frozen attributes, if they are told.
    pub cut_points: Option<&'a CutPoints>,
    tables: HashMap<&'a str, &'a TableDef>,
    attributes: HashMap<&'a str, &'a AttributeDef>,
    metrics: HashMap<&'a str, &'a MetricDef>,
    partitions: HashMap<&'a str, &'a PartitionDef>,
    /// For each node the expression that says it best, and whose it is.
    mentions: HashMap<NodeId, (&'a Expr, &'a SubjectDef)>,
    /// For each feature the metric that is made of it and of constants alone.
    figures: HashMap<FeatureId, (&'a Expr, &'a SubjectDef)>,
}

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(super) enum Scope<'a> {
    /// It is about a subject.
    Subject(&'a SubjectDef),
    /// It is about a row of a table.
    Row(&'a str),
    /// It is about a group of rows, of a table by grouping.
    Group(&'a DerivedTable),
}

/// What a name means.
#[derive(Clone)]
pub(super) enum Meaning<'a> {
    /// A column of a table of data.
    Column,
    /// A column that a table of this name makes.
    Made(&'a str, &'a DerivedTable, &'a Expr),
    /// An attribute.
    Attribute(&'a AttributeDef),
    /// A metric, and the window in its name.
    Metric(&'a MetricDef, Option<ir::Window>),
    /// Tiers, bands or a chart as an attribute.
    Division(&'a PartitionDef),
    /// A row's own time, place and distance.
    RowTime,
    /// See [`Meaning::RowTime`].
    RowNumber,
    /// See [`Meaning::RowTime`].
    RowGap,
}

impl<'a> Names<'a> {
    /// Looks through a project.
    pub fn new(catalog: &'a Catalog, rules: &'a [RuleFile], ir: &'a Ir) -> Self {
        let of_rules = rules.iter().flat_map(|file| &file.partitions);
        let mut names = Names {
            catalog,
            rules,
            ir,
            cut_points: None,
            tables: catalog.tables.iter().map(|def| (def.name.text.as_str(), def)).collect(),
            attributes: catalog.attributes.iter().map(|def| (def.name.text.as_str(), def)).collect(),
            metrics: catalog.metrics.iter().map(|def| (def.name.text.as_str(), def)).collect(),
            partitions: catalog.partitions.iter().chain(of_rules).map(|def| (def.name.text.as_str(), def)).collect(),
            mentions: HashMap::new(),
            figures: HashMap::new(),
        };
        names.mentions = names.find_mentions();
        names.figures = names.find_figures();
        names
    }

    /// A name is said more easily than a calculation, so it is preferred, and after that what is written first.
    fn find_mentions(&self) -> HashMap<NodeId, (&'a Expr, &'a SubjectDef)> {
        let mut written: HashMap<Span, (&'a Expr, &'a SubjectDef)> = HashMap::new();
        for (of, expr) in self.about_subjects() {
            let Some(subject) = self.subject_def(of) else { continue };
            walk(expr, &mut |inner| {
                written.entry(inner.span).or_insert((inner, subject));
            });
        }
        let mut best: HashMap<NodeId, (u8, &'a Expr, &'a SubjectDef)> = HashMap::new();
        for (span, became) in &self.ir.written {
            let Some((expr, subject)) = written.get(span) else { continue };
            let rank = match expr.kind {
                ExprKind::Name(_) => 0,
                ExprKind::Windowed { .. } => 1,
                ExprKind::Filtered { .. } => 2,
                _ => 3,
            };
            let found = best.entry(became.node).or_insert((rank, expr, subject));
            if rank < found.0 {
                *found = (rank, expr, subject);
            }
        }
        best.into_iter().map(|(node, (_, expr, subject))| (node, (expr, subject))).collect()
    }

    /// `sum(amount of sales) / 1_000` is as good a figure as the sum, and people know it by its name.
    fn find_figures(&self) -> HashMap<FeatureId, (&'a Expr, &'a SubjectDef)> {
        let mut found = HashMap::new();
        let mut nodes: Vec<NodeId> = self.mentions.keys().copied().collect();
        nodes.sort_unstable();
        for node in nodes {
            let Some((expr, subject)) = self.mention(node).filter(|(expr, subject)| self.is_metric(expr, subject))
            else {
                continue;
            };
            if let [only] = self.ir.leaves([node]).inputs.as_slice()
                && let Node::Feature(feature) = self.ir.node(*only)
            {
                found.entry(*feature).or_insert((expr, subject));
            }
        }
        found
    }

    /// Whether an expression is a metric by its name, perhaps with a window and a filter.
    fn is_metric(&self, expr: &Expr, subject: &SubjectDef) -> bool {
        match &expr.kind {
            ExprKind::Windowed { metric, .. } | ExprKind::Filtered { metric, .. } => self.is_metric(metric, subject),
            ExprKind::Name(path) => match path.parts.as_slice() {
                [name] => matches!(self.about_subject(subject, &name.text), Meaning::Metric(..)),
                _ => false,
            },
            _ => false,
        }
    }

    /// Expressions of definitions and rules that are about subjects, with the kind that they name.
    fn about_subjects(&self) -> Vec<(Option<&'a Ident>, &'a Expr)> {
        use crate::catalog::model::PartitionKind;
        let catalog = self.catalog;
        let mut found: Vec<(Option<&'a Ident>, &'a Expr)> = Vec::new();
        found.extend(catalog.attributes.iter().map(|def| (def.of.as_ref(), &def.is)));
        found.extend(catalog.metrics.iter().map(|def| (None, &def.is)));
        for def in self.partitions.values() {
            match &def.kind {
                PartitionKind::Tiers(tiers) => {
                    found.extend(tiers.iter().filter_map(|tier| Some((def.of.as_ref(), tier.when.as_ref()?))));
                }
                PartitionKind::Bands(bands) => found.push((def.of.as_ref(), &bands.is)),
                PartitionKind::Values(is) => found.push((def.of.as_ref(), is)),
                PartitionKind::Chart(_) => {}
            }
        }
        let segments = self.rules.iter().flat_map(|file| &file.segments);
        found.extend(segments.map(|def| (def.of.as_ref(), &def.when)));
        found
    }

    /// The expression that says a node best, if it is written anywhere.
    pub fn mention(&self, node: NodeId) -> Option<(&'a Expr, &'a SubjectDef)> {
        self.mentions.get(&node).copied()
    }

    /// What people call what is counted, if it has a name.
    pub fn figure(&self, feature: FeatureId) -> Option<(&'a Expr, &'a SubjectDef)> {
        let node = self.ir.feature_node(feature)?;
        self.mention(node).or_else(|| self.figures.get(&feature).copied())
    }

    /// Where a table stands in the catalogue: of several that fit, the first is the one that people know.
    pub fn table_order(&self, name: &str) -> usize {
        self.catalog.tables.iter().position(|def| def.name.text == name).unwrap_or(usize::MAX)
    }

    /// A kind of subject; the first one where none is named.
    pub fn subject_def(&self, of: Option<&Ident>) -> Option<&'a SubjectDef> {
        match of {
            Some(of) => self.catalog.subjects.iter().find(|def| def.name == *of),
            None => self.catalog.subjects.first(),
        }
    }

    /// A table.
    pub fn table(&self, name: &str) -> Option<&'a TableDef> {
        self.tables.get(name).copied()
    }

    /// Whether a table is made from another.
    pub fn derived(&self, name: &str) -> bool {
        self.table(name).is_some_and(|def| matches!(def.kind, TableKind::Derived(_)))
    }

    /// Tiers, bands, a partition or a chart.
    pub fn partition(&self, name: &str) -> Option<&'a PartitionDef> {
        self.partitions.get(name).copied()
    }

    /// A single name about a subject.
    pub fn about_subject(&self, subject: &SubjectDef, name: &str) -> Meaning<'a> {
        let own = subject.table.as_ref().is_some_and(|table| self.has_column(&table.text, name));
        if own {
            let table = subject.table.as_ref().map_or("", |table| table.text.as_str());
            return self.column(table, name);
        }
        if let Some(def) = self.attributes.get(name) {
            return Meaning::Attribute(def);
        }
        if let Some(def) = self.metrics.get(name) {
            return Meaning::Metric(def, None);
        }
        if let Some(def) = self.partitions.get(name).filter(|def| def.makes_attribute()) {
            return Meaning::Division(def);
        }
        match suffix(name) {
            Some(Suffix::Window(stem, window)) => match self.metrics.get(stem) {
                Some(def) => Meaning::Metric(def, Some(window)),
                None => Meaning::Column,
            },
            _ => Meaning::Column,
        }
    }

    /// A single name among rows.
    pub fn among_rows(&self, table: &str, name: &str) -> Meaning<'a> {
        match name {
            _ if self.has_column(table, name) => self.column(table, name),
            "at" => Meaning::RowTime,
            "number" => Meaning::RowNumber,
            "gap" => Meaning::RowGap,
            _ => Meaning::Column,
        }
    }

    fn has_column(&self, table: &str, name: &str) -> bool {
        self.columns_of(table).any(|(column, _)| column == name)
    }

    fn columns_of(&self, table: &str) -> impl Iterator<Item = (&str, NodeId)> {
        let made = self.ir.tables.iter().find(|made| made.name == table);
        made.into_iter().flat_map(|made| &made.columns).map(|(name, node)| (name.as_str(), *node))
    }

    /// The table that makes a column, up the line of parents.
    fn column(&self, table: &str, name: &str) -> Meaning<'a> {
        let mut at = self.table(table);
        while let Some(def) = at {
            let TableKind::Derived(derived) = &def.kind else { break };
            if let Some((_, is)) = derived.columns.iter().find(|(column, _)| column.text == name) {
                return Meaning::Made(&def.name.text, derived, is);
            }
            if let Some(grouping) = &derived.grouping {
                let key = grouping.keys.iter().find(|(key, _)| key.text == name);
                // A key that is a column of the parent means just that.
                match key {
                    Some((_, Expr { kind: ExprKind::Name(path), .. })) if path.parts.len() == 1 => {}
                    Some((_, is)) => return Meaning::Made(&def.name.text, derived, is),
                    None => break,
                }
            }
            at = self.table(&derived.from.text);
        }
        Meaning::Column
    }

    /// The table that a lookup of a table's rows leads to.
    pub fn lookup_from(&self, table: &str, name: &str) -> Option<&'a str> {
        let mut at = self.table(table);
        while let Some(def) = at {
            match &def.kind {
                TableKind::Source(source) => return target(&source.lookups, name),
                TableKind::Derived(derived) => at = self.table(&derived.from.text),
            }
        }
        None
    }

    /// The table that a lookup of a subject leads to.
    pub fn lookup_of(&self, subject: &'a SubjectDef, name: &str) -> Option<&'a str> {
        let own = target(&subject.lookups, name);
        own.or_else(|| self.lookup_from(&subject.table.as_ref()?.text, name))
    }

    /// The table whose rows a metric counts, for the names in a filter put on it.
    pub fn counted_by(&self, metric: &MetricDef) -> Option<&'a str> {
        let mut waiting = vec![self.metrics.get(metric.name.text.as_str()).copied()?];
        let mut seen: Vec<&str> = Vec::new();
        while let Some(def) = waiting.pop() {
            if seen.contains(&def.name.text.as_str()) {
                continue;
            }
            seen.push(&def.name.text);
            let mut found = None;
            let mut deeper = Vec::new();
            walk(&def.is, &mut |inner: &'a Expr| match &inner.kind {
                ExprKind::Aggregate(aggregate) => {
                    if let RowsOf::Table(rows) = &aggregate.rows {
                        found.get_or_insert(rows.table.text.as_str());
                    }
                }
                ExprKind::Name(path) => {
                    let name = path.parts.first().map_or("", |part| part.text.as_str());
                    let stem = match suffix(name) {
                        Some(Suffix::Window(stem, _)) if !self.metrics.contains_key(name) => stem,
                        _ => name,
                    };
                    deeper.extend(self.metrics.get(stem).copied());
                }
                _ => {}
            });
            if found.is_some() {
                return found;
            }
            waiting.extend(deeper);
        }
        None
    }

    /// The type of a column as rules see it.
    pub fn column_type(&self, table: &str, name: &str) -> Option<Type> {
        self.columns_of(table).find(|(column, _)| *column == name).map(|(_, node)| self.ir.ty(node))
    }
}

fn target<'a>(lookups: &'a [LookupDef], name: &str) -> Option<&'a str> {
    lookups.iter().find(|def| def.name.text == name).map(|def| def.table.text.as_str())
}
