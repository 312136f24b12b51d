//! Rows: a base table's scan, its lookups and subjects joined, and what is asked of each row computed.
//!
//! Which rows a set has, and their order, is in [`sets`](super::sets).

pub(crate) mod survey;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Column, DataFusionError, Result, TableReference};
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::{Expr, JoinType, LogicalPlan, LogicalPlanBuilder, cast, lit};

use super::compute::{Compute, Keep, Output, StepBuilder};
use super::{Lowering, identity, prune};
use crate::engine::kernel::calendar::Bounds;
use crate::engine::kernel::form::Form;
use crate::engine::read::{read, readable};
use crate::ir::{BaseTableId, LookupId, Node, NodeId, RowSetId, SubjectId};

/// What is asked of rows.
pub(super) struct Request {
    /// Columns to make, with the names they get.
    pub outputs: Vec<(String, Wanted)>,
    /// A condition that must be true.
    pub filter: Option<NodeId>,
    /// Only rows within these bounds are needed; none: all up to T.
    pub bounds: Option<Bounds>,
    /// Rows of unknown time are counted here. A table can be read several times in a plan, and is counted once.
    pub report: bool,
}

/// A column asked for.
#[derive(Clone)]
pub(super) enum Wanted {
    /// A value.
    Value(NodeId),
    /// A key: the column itself where it is one, in the type that keys of its kind have.
    Key(NodeId, DataType),
    /// Whether a row is counted.
    Mask { filter: Option<NodeId>, bounds: Option<Bounds> },
    /// Row order as bytes.
    Order,
    /// Another order as bytes: by these in turn.
    OrderBy(Vec<NodeId>),
    /// A column of the plan beneath, as it is.
    Made(String),
}

/// A plan under way: where each leaf is.
pub(super) struct Under {
    pub(super) plan: LogicalPlanBuilder,
    pub(super) columns: HashMap<NodeId, String>,
}

impl Under {
    /// Puts something over the plan.
    pub(super) fn change(
        &mut self,
        change: impl FnOnce(LogicalPlanBuilder) -> Result<LogicalPlanBuilder>,
    ) -> Result<()> {
        let plan = std::mem::replace(&mut self.plan, LogicalPlanBuilder::empty(false));
        self.plan = change(plan)?;
        Ok(())
    }
}

/// A leaf of a row's expressions, and the value it stands for where it is found.
type Reached = (NodeId, NodeId);

pub(super) fn column(name: impl Into<String>) -> Expr {
    Expr::Column(Column::new_unqualified(name.into()))
}

impl Lowering<'_> {
    /// The plan that gives what is asked of the rows of a set.
    pub(super) fn rows(&mut self, rows: RowSetId, request: Request) -> Result<LogicalPlan> {
        let base = self.ir.base_of(rows);
        let order = self.order_nodes(base);
        let time = self.ir.base_table(base).time;
        let mut roots: BTreeSet<NodeId> = request.filter.into_iter().chain(time).collect();
        for (_, wanted) in &request.outputs {
            match wanted {
                Wanted::Value(node) | Wanted::Key(node, _) => {
                    roots.insert(*node);
                }
                Wanted::Mask { filter, .. } => roots.extend(filter),
                Wanted::Order => roots.extend(&order),
                Wanted::OrderBy(nodes) => roots.extend(nodes),
                Wanted::Made(_) => {}
            }
        }
        let leaves = self.all_leaves(roots);
        let under = self.reach(rows, &leaves, request.bounds)?;
        self.compute_rows(base, under, request, &order)
    }

    /// Leaves below nodes, and below the keys by which these are reached.
    pub(super) fn all_leaves(&self, roots: impl IntoIterator<Item = NodeId>) -> BTreeSet<NodeId> {
        let mut leaves: BTreeSet<NodeId> = BTreeSet::new();
        let mut pending: Vec<NodeId> = roots.into_iter().collect();
        while !pending.is_empty() {
            for leaf in self.ir.leaves(std::mem::take(&mut pending)).inputs {
                if leaves.insert(leaf) {
                    match self.ir.node(leaf) {
                        Node::Lookup(lookup, _) => pending.extend(&self.ir.lookup(*lookup).keys),
                        Node::OfSubject { keys, .. } => pending.extend(keys),
                        Node::Number(ordering) | Node::Gap(ordering) => pending.extend(self.needed_to_order(*ordering)),
                        _ => {}
                    }
                }
            }
        }
        leaves
    }

    /// Row order: time, then the id, or every column where there is none or it may be unknown; then rows that are equal in
    /// all of it, in any order, but always the same one: a first row must be the first for everything that asks.
    pub(super) fn order_nodes(&self, base: BaseTableId) -> Vec<NodeId> {
        let table = self.ir.base_table(base);
        let node_at = |at: u32| self.ir.column_node(base, at);
        let mut order: Vec<NodeId> = table.time.into_iter().collect();
        order.extend(table.id.iter().filter_map(|at| node_at(*at)));
        if table.id.is_empty() || self.id_may_be_unknown(base) {
            let usable = (0..table.columns.len() as u32).filter(|at| {
                let column = table.columns.get(*at as usize);
                column.is_some_and(|column| column.kind.is_some()) && !table.id.contains(at)
            });
            order.extend(usable.filter_map(node_at));
            order.extend(self.ir.find(&Node::Ordinal(base)));
        }
        if table.grouping.is_some() {
            // Two subjects may have groups of one key.
            order.extend(table.subjects.iter().flat_map(|(_, keys)| keys));
        }
        order
    }

    fn id_may_be_unknown(&self, base: BaseTableId) -> bool {
        // Unknown is a value of the keys that rows are grouped by.
        let grouped = self.ir.base_table(base).grouping.is_some();
        !grouped && self.tables.get(&base).is_none_or(|prepared| prepared.unknown_ids)
    }

    /// The scan with the columns that are needed, each in its canonical type.
    pub(super) fn scan(
        &mut self,
        base: BaseTableId,
        leaves: &BTreeSet<NodeId>,
        bounds: Option<Bounds>,
    ) -> Result<Under> {
        let ir = std::sync::Arc::clone(self.ir);
        let table = ir.base_table(base);
        let Some(prepared) = self.tables.get(&base) else {
            return Err(DataFusionError::Plan(format!("table `{}` has no data", table.name)));
        };
        let schema = prepared.provider.schema();
        let source = provider_as_source(std::sync::Arc::clone(&prepared.provider));
        let mut plan = LogicalPlanBuilder::scan(TableReference::bare(table.name.clone()), source, None)?;
        let repeated = matches!(prepared.identity, identity::Identity::Repeated);
        if let Some(condition) = self.pruning(base, bounds)?.filter(|_| !repeated) {
            plan = plan.filter(condition)?;
        }
        if let Some(readable) = readable(table, &schema)? {
            plan = plan.filter(readable)?;
        }
        // Where ids occur twice, the newest row is found before anything else is looked at.
        let identifying: Vec<u32> =
            if repeated { table.id.iter().copied().chain(table.version).collect() } else { vec![] };
        let mut named: HashMap<u32, String> = HashMap::new();
        let mut columns = HashMap::new();
        let mut read_columns = Vec::new();
        let needed = leaves.iter().filter_map(|leaf| match ir.node(*leaf) {
            Node::Column(of, at) if *of == base => Some((Some(*leaf), *at)),
            _ => None,
        });
        for (leaf, at) in needed.chain(identifying.iter().map(|at| (None, *at))) {
            if leaf.is_none() && named.contains_key(&at) {
                continue;
            }
            let Some(declared) = table.columns.get(at as usize) else { continue };
            if declared.kind.is_none() {
                continue;
            }
            let name = self.name(&declared.name);
            read_columns.push(read(table, declared, &schema)?.alias(&name));
            named.insert(at, name.clone());
            if let Some(leaf) = leaf {
                columns.insert(leaf, name);
            }
        }
        if read_columns.is_empty() {
            // Rows are counted even where no column of theirs is needed.
            read_columns.push(lit(true).alias(self.name("row")));
        }
        let mut plan = plan.project(read_columns)?;
        if repeated {
            let id: Vec<String> = table.id.iter().filter_map(|at| named.get(at).cloned()).collect();
            plan = identity::newest(plan, &id, table.version.and_then(|at| named.get(&at)))?;
        }
        let mut under = Under { plan, columns };
        if let Some(ordinal) = ir.find(&Node::Ordinal(base)).filter(|ordinal| leaves.contains(ordinal)) {
            let name = self.name("ordinal");
            self.compute_beside(&mut under, vec![(name.clone(), Output::Ordinal)])?;
            under.columns.insert(ordinal, name);
        }
        Ok(under)
    }

    /// The condition by which the scan may leave rows out.
    fn pruning(&self, base: BaseTableId, bounds: Option<Bounds>) -> Result<Option<Expr>> {
        let table = self.ir.base_table(base);
        let (time, of_date) = match table.time.map(|node| (node, self.ir.node(node))) {
            Some((node, Node::Column(..))) => (node, false),
            Some((_, Node::DayStart(day))) => (*day, true),
            _ => return Ok(None),
        };
        let Node::Column(of, at) = self.ir.node(time) else { return Ok(None) };
        let Some(declared) = table.columns.get(*at as usize).filter(|_| *of == base) else { return Ok(None) };
        let Some(prepared) = self.tables.get(&base) else { return Ok(None) };
        let schema = prepared.provider.schema();
        let raw = schema.field_with_name(&declared.source_name)?.data_type();
        let zoned = matches!(raw, DataType::Timestamp(_, Some(_)));
        let local = of_date || (!zoned && table.timezone != chrono_tz::UTC);
        let bounds = bounds.unwrap_or(Bounds { after: i64::MIN, until: self.calendar.rows_until() });
        Ok(prune::within(column(&declared.source_name), raw, local, &bounds))
    }

    /// Joins every looked-up table once, the chained ones after those they follow from.
    pub(super) fn join_lookups(&mut self, under: &mut Under, leaves: &BTreeSet<NodeId>) -> Result<()> {
        let ir = std::sync::Arc::clone(self.ir);
        let mut lookups: BTreeMap<LookupId, Vec<Reached>> = BTreeMap::new();
        for leaf in leaves {
            if let Node::Lookup(lookup, value) = ir.node(*leaf) {
                lookups.entry(*lookup).or_default().push((*leaf, *value));
            }
        }
        for (id, values) in lookups {
            let lookup = ir.lookup(id);
            let target = ir.table(lookup.target);
            let mut outputs = Vec::new();
            let mut right = Vec::new();
            let mut left = Vec::new();
            for (own, theirs) in lookup.keys.iter().zip(&lookup.target_keys) {
                let ty = self.common_key_type(&[*own, *theirs]);
                left.push(self.key_column(under, *own, &ty)?);
                let name = self.name(&lookup.name);
                right.push(Column::new_unqualified(&name));
                outputs.push((name, Wanted::Key(*theirs, ty)));
            }
            for (leaf, value) in values {
                let name = self.name(&lookup.name);
                under.columns.insert(leaf, name.clone());
                outputs.push((name, Wanted::Value(value)));
            }
            let found =
                self.rows(target.rows, Request { outputs, filter: target.filter, bounds: None, report: false })?;
            join(under, found, left, right)?;
        }
        Ok(())
    }

    /// Joins what rows ask of their subjects.
    pub(super) fn join_subjects(&mut self, under: &mut Under, leaves: &BTreeSet<NodeId>) -> Result<()> {
        let ir = std::sync::Arc::clone(self.ir);
        let mut asked: BTreeMap<(SubjectId, Vec<NodeId>), Vec<Reached>> = BTreeMap::new();
        for leaf in leaves {
            if let Node::OfSubject { subject, keys, value } = ir.node(*leaf) {
                asked.entry((*subject, keys.clone())).or_default().push((*leaf, *value));
            }
        }
        for ((subject, keys), values) in asked {
            let types = self.subject_key_types(subject);
            let mut left = Vec::new();
            for (key, ty) in keys.iter().zip(&types) {
                left.push(self.key_column(under, *key, ty)?);
            }
            let mut outputs = Vec::new();
            for (leaf, value) in values {
                let name = self.name("subject");
                under.columns.insert(leaf, name.clone());
                outputs.push((name, value));
            }
            let (found, right) = self.subject_values(subject, outputs)?;
            join(under, found, left, right)?;
        }
        Ok(())
    }

    /// A key as a column of the plan, in this type; computed first where it is no column yet.
    pub(super) fn key_column(&mut self, under: &mut Under, key: NodeId, ty: &DataType) -> Result<Column> {
        let name = match under.columns.get(&key) {
            Some(name) => name.clone(),
            None => {
                let name = self.name("key");
                self.compute_beside(under, vec![(name.clone(), Output::Value(key, self.form(key)))])?;
                under.columns.insert(key, name.clone());
                name
            }
        };
        let found = under.plan.schema().field_with_unqualified_name(&name)?.data_type().clone();
        if found == *ty {
            return Ok(Column::new_unqualified(name));
        }
        let same = self.name("key");
        under.change(|plan| beside(plan, cast(column(&name), ty.clone()).alias(&same)))?;
        Ok(Column::new_unqualified(same))
    }

    /// Makes columns of these names beside those that are there.
    pub(super) fn compute_beside(&mut self, under: &mut Under, outputs: Vec<(String, Output)>) -> Result<()> {
        let plan = std::mem::replace(&mut under.plan, LogicalPlanBuilder::empty(false)).build()?;
        let schema = plan.schema().clone();
        let step = StepBuilder {
            label: "columns".to_owned(),
            table: None,
            ir: self.ir,
            calendar: &self.calendar,
            pass: (0..schema.fields().len()).collect(),
            outputs,
            keep: Keep::All,
            strays: Vec::new(),
            tally: self.tally(),
            faults: self.faults(),
            meter: self.meter.clone(),
        };
        let at = |node: NodeId| under.columns.get(&node).and_then(|name| schema.index_of_column_by_name(None, name));
        let step = step.build(&schema, &at)?;
        under.plan = LogicalPlanBuilder::from(Compute::plan(plan, step)?);
        Ok(())
    }

    /// The step that makes what was asked, over just the columns it needs.
    pub(super) fn compute_rows(
        &mut self,
        base: BaseTableId,
        under: Under,
        request: Request,
        order: &[NodeId],
    ) -> Result<LogicalPlan> {
        let ir = std::sync::Arc::clone(self.ir);
        let table = ir.base_table(base);
        let mut input: Vec<String> = under.columns.values().cloned().collect();
        input.extend(request.outputs.iter().filter_map(|(_, wanted)| match wanted {
            Wanted::Made(name) => Some(name.clone()),
            _ => None,
        }));
        if input.is_empty() {
            input = under.plan.schema().fields().iter().map(|field| field.name().clone()).collect();
        }
        input.sort_unstable();
        let plan = under.plan.project(input.iter().map(column).collect::<Vec<_>>())?.build()?;
        let schema = plan.schema().clone();
        let at = |name: &str| schema.index_of_column_by_name(None, name);
        let mut pass = Vec::new();
        let mut renamed: Vec<Expr> = Vec::new();
        let mut outputs = Vec::new();
        for (name, wanted) in request.outputs {
            let made = match wanted {
                Wanted::Key(node, ty) => {
                    // A key that is a column goes through as it is; a computed one is made.
                    let (source, made) = match under.columns.get(&node) {
                        Some(source) => (source.clone(), None),
                        None => (self.name("key"), Some(Output::Value(node, self.form(node)))),
                    };
                    renamed.push(cast_if(&schema, &source, &ty).alias(&name));
                    match made {
                        Some(made) => outputs.push((source, made)),
                        None => pass.extend(at(&source)),
                    }
                    continue;
                }
                Wanted::Made(made) => {
                    pass.extend(at(&made));
                    renamed.push(column(&made).alias(&name));
                    continue;
                }
                Wanted::Value(node) => Output::Value(node, self.form(node)),
                Wanted::Mask { filter, bounds } => Output::Mask { filter, window: table.time.zip(bounds) },
                Wanted::Order => self.order(order),
                Wanted::OrderBy(nodes) => self.order(&nodes),
            };
            renamed.push(column(&name));
            outputs.push((name, made));
        }
        pass.sort_unstable();
        pass.dedup();
        let step = StepBuilder {
            label: format!("rows of {}", table.name),
            table: Some(base),
            ir: self.ir,
            calendar: &self.calendar,
            pass,
            outputs,
            keep: Keep::Rows { report: request.report.then_some(base), time: table.time, filter: request.filter },
            strays: Vec::new(),
            tally: self.tally(),
            faults: self.faults(),
            meter: self.meter.clone(),
        };
        let leaf = |node: NodeId| under.columns.get(&node).and_then(|name| at(name));
        let step = step.build(&schema, &leaf)?;
        LogicalPlanBuilder::from(Compute::plan(plan, step)?).project(renamed)?.build()
    }

    /// The Arrow form of a node.
    pub(super) fn form(&self, node: NodeId) -> Form {
        super::features::form_of(self.ir, node)
    }
}

/// A plan with one more column.
pub(super) fn beside(plan: LogicalPlanBuilder, more: Expr) -> Result<LogicalPlanBuilder> {
    let mut columns: Vec<Expr> = plan.schema().columns().into_iter().map(Expr::Column).collect();
    columns.push(more);
    plan.project(columns)
}

fn cast_if(schema: &datafusion::common::DFSchema, name: &str, ty: &DataType) -> Expr {
    let same = schema.field_with_unqualified_name(name).is_ok_and(|field| field.data_type() == ty);
    if same { column(name) } else { cast(column(name), ty.clone()) }
}

fn join(under: &mut Under, found: LogicalPlan, left: Vec<Column>, right: Vec<Column>) -> Result<()> {
    under.change(|plan| plan.join(found, JoinType::Left, (left, right), None))
}
