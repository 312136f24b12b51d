//! Sequences: the rows of every step's table, one below the other, visited for each subject latest first.
//!
//! ```text
//! Visit: sequences            sorted by key, time, table, row order; the latest first
//!   Union                     of the tables, those columns unknown that only others have
//!     Filter                  rows of some step
//!       Compute: transactions a mask for each step, what later steps or conditions on pairs ask for
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, lit};

use super::Lowering;
use super::compute::external;
use super::prune;
use super::rows::{Request, Wanted, column};
use super::visit::{Held, Order, RowColumns, StepColumns, Visit};
use crate::engine::kernel::calendar::Bounds;
use crate::engine::kernel::visit::Sequences;
use crate::ir::{BaseTableId, NodeId, RowSetId, SequenceId, SequenceStep, SubjectId};

/// Which subjects' rows hold sequences.
pub(super) struct Sequenced {
    /// One row for each key that some row of a step has.
    pub plan: LogicalPlan,
    /// Key columns.
    pub keys: Vec<String>,
    /// The column of each sequence: null where it took too much work to tell.
    pub sequences: Vec<(SequenceId, String)>,
}

/// The rows of the steps of sequences.
pub(crate) struct RowsOfSteps {
    /// Those with a known key.
    pub plan: LogicalPlan,
    /// What is where.
    pub columns: RowColumns,
}

/// Which rows are asked for.
pub(crate) enum RowsAsked<'a> {
    /// Those that are in the steps' windows.
    Windowed,
    /// Those that may be some time, in whatever windows. Of steps of these sequences, by position, the filters move: these are not looked at, and
    /// parts of them are given.
    AtAnyTime(&'a BTreeMap<(SequenceId, usize), BTreeSet<NodeId>>),
}

/// A step of one of the sequences.
struct Step<'s> {
    step: &'s SequenceStep,
    base: BaseTableId,
    mask: String,
    filter: Option<NodeId>,
    /// What later steps or conditions on pairs ask for, and the parts of a filter that is not looked at.
    inputs: Vec<(String, NodeId)>,
    parts: Vec<(String, NodeId)>,
    bounds: Option<Bounds>,
}

impl Step<'_> {
    /// All values that are asked of its rows.
    fn values(&self) -> impl Iterator<Item = &(String, NodeId)> {
        self.inputs.iter().chain(&self.parts)
    }
}

impl Lowering<'_> {
    /// Tells for each subject whether its rows hold these sequences.
    pub(super) fn sequences(&mut self, subject: SubjectId, sequences: &[SequenceId]) -> Result<Sequenced> {
        let RowsOfSteps { plan, columns } = self.rows_of_sequences(subject, sequences, &RowsAsked::Windowed)?;
        let names: Vec<(SequenceId, String)> = sequences.iter().map(|id| (*id, self.name("sequence"))).collect();
        let found = columns.keys.iter().map(|_| self.name("key")).collect::<Vec<_>>();
        let order = Order { keys: columns.keys.clone(), by: columns.latest_first().to_vec() };
        let held = Held::new((self.ir, &self.calendar), plan.schema().as_arrow(), columns, (&found, &names));
        let plan = Visit::plan(plan, order, held)?;
        Ok(Sequenced { plan, keys: found, sequences: names })
    }

    /// The rows that are rows of some step, in no order.
    pub(crate) fn rows_of_sequences(
        &mut self,
        subject: SubjectId,
        sequences: &[SequenceId],
        asked: &RowsAsked<'_>,
    ) -> Result<RowsOfSteps> {
        let ir = Arc::clone(self.ir);
        let visited = Sequences::new(self.ir, &self.calendar, sequences).map_err(external)?;
        let mut steps: Vec<Vec<Step<'_>>> = Vec::new();
        for (at, id) in sequences.iter().enumerate() {
            let sequence = ir.sequence(*id);
            let mut made = Vec::new();
            for (number, step) in sequence.steps.iter().enumerate() {
                let inputs = visited.inputs(at, number).iter().map(|node| (self.name("given"), *node)).collect();
                let (parts, bounds) = match asked {
                    RowsAsked::Windowed => (None, self.bounds_of_step(step)),
                    RowsAsked::AtAnyTime(parts) => (parts.get(&(*id, number)), None),
                };
                let filter = step.filter.filter(|_| parts.is_none());
                let parts = parts.into_iter().flatten().map(|node| (self.name("part"), *node)).collect();
                let (base, mask) = (ir.base_of(step.rows), self.name("step"));
                made.push(Step { step, base, mask, filter, inputs, parts, bounds });
            }
            steps.push(made);
        }
        let keys: Vec<String> = self.subject_key_types(subject).iter().map(|_| self.name("key")).collect();
        let (time, table, order) = (self.name("time"), self.name("table"), self.name("order"));
        let bases: BTreeSet<BaseTableId> = steps.iter().flatten().map(|step| step.base).collect();
        let mut all: Option<LogicalPlanBuilder> = None;
        for base in bases {
            let names = Names { keys: &keys, time: &time, table: &table, order: &order };
            let rows = self.rows_of_steps(subject, base, &steps, &names)?;
            all = Some(match all {
                None => LogicalPlanBuilder::from(rows),
                Some(all) => all.union(rows)?,
            });
        }
        let plan = all.unwrap_or_else(|| LogicalPlanBuilder::empty(false)).build()?;
        let schema = plan.schema().clone();
        let at = |name: &String| super::ordered::position(&schema, name);
        let mut columns = Vec::new();
        for steps in &steps {
            let mut made = Vec::new();
            for step in steps {
                let inputs =
                    step.inputs.iter().map(|(name, node)| Ok((at(name)?, ir.ty(*node)))).collect::<Result<_>>()?;
                let parts = step.parts.iter().map(|(name, node)| Ok((at(name)?, *node))).collect::<Result<_>>()?;
                made.push(StepColumns { mask: at(&step.mask)?, inputs, parts });
            }
            columns.push(made);
        }
        let keys = keys.iter().map(at).collect::<Result<Vec<_>>>()?;
        let columns = RowColumns { keys, time: at(&time)?, table: at(&table)?, order: at(&order)?, steps: columns };
        Ok(RowsOfSteps { plan, columns })
    }

    fn bounds_of_step(&self, step: &SequenceStep) -> Option<Bounds> {
        step.window.as_ref().map(|window| self.calendar.bounds(window))
    }

    /// The rows of one table that are rows of some step, with the columns of all.
    fn rows_of_steps(
        &mut self,
        subject: SubjectId,
        base: BaseTableId,
        steps: &[Vec<Step<'_>>],
        names: &Names<'_>,
    ) -> Result<LogicalPlan> {
        let ir = Arc::clone(self.ir);
        let own: Vec<&Step<'_>> = steps.iter().flatten().filter(|step| step.base == base).collect();
        let sets: BTreeSet<RowSetId> = own.iter().map(|step| step.step.rows).collect();
        let mut outputs: Vec<(String, Wanted)> = Vec::new();
        for (name, key) in names.keys.iter().zip(self.subject_keys(base, subject)) {
            outputs.push((name.clone(), key));
        }
        if let Some(at) = ir.base_table(base).time {
            outputs.push((names.time.clone(), Wanted::Value(at)));
        }
        outputs.push((names.order.clone(), Wanted::Order));
        for step in &own {
            outputs.push((step.mask.clone(), Wanted::Mask { filter: step.filter, bounds: step.bounds }));
            outputs.extend(step.values().map(|(name, node)| (name.clone(), Wanted::Value(*node))));
        }
        let bounds = prune::widest(own.iter().map(|step| step.bounds), self.calendar.now());
        let (plan, members) = match sets.iter().next() {
            Some(set) if sets.len() == 1 => {
                let request = Request { outputs, filter: None, bounds: Some(bounds), report: false };
                (self.rows(*set, request)?, BTreeMap::new())
            }
            _ => self.marked_rows(base, &sets, outputs)?,
        };
        // A mask holds for the rows of the step's own set.
        let masks: BTreeMap<&String, Expr> = own
            .iter()
            .map(|step| {
                let mask = column(&step.mask);
                let member = members.get(&step.step.rows);
                (&step.mask, member.map_or(mask.clone(), |member| mask.and(column(member))))
            })
            .collect();
        let some = masks.values().cloned().reduce(Expr::or).unwrap_or_else(|| lit(false));
        let known =
            names.keys.iter().map(|key| column(key).is_not_null()).reduce(Expr::and).unwrap_or_else(|| lit(true));
        let mut columns: Vec<Expr> = names.keys.iter().map(column).collect();
        columns.extend([column(names.time), lit(base.0).alias(names.table), column(names.order)]);
        for step in steps.iter().flatten() {
            columns.push(match masks.get(&step.mask) {
                Some(mask) => mask.clone().alias(&step.mask),
                None => lit(false).alias(&step.mask),
            });
            for (name, node) in step.values() {
                columns.push(match step.base == base {
                    true => column(name),
                    false => lit(ScalarValue::try_from(&self.form(*node).data_type())?).alias(name),
                });
            }
        }
        LogicalPlanBuilder::from(plan).filter(known.and(some))?.project(columns)?.build()
    }

    /// Rows of several sets of one table, each once, and the columns that say which set they are of.
    fn marked_rows(
        &mut self,
        base: BaseTableId,
        sets: &BTreeSet<RowSetId>,
        mut outputs: Vec<(String, Wanted)>,
    ) -> Result<(LogicalPlan, BTreeMap<RowSetId, String>)> {
        let order = self.order_nodes(base);
        let mut roots: Vec<NodeId> = Vec::new();
        for (_, wanted) in &outputs {
            match wanted {
                Wanted::Value(node) | Wanted::Key(node, _) => roots.push(*node),
                Wanted::Mask { filter, .. } => roots.extend(filter),
                Wanted::Order => roots.extend(&order),
                Wanted::OrderBy(nodes) => roots.extend(nodes),
                Wanted::Made(_) => {}
            }
        }
        let leaves = self.all_leaves(roots);
        let (under, marks) = self.reach_marked(base, sets, &leaves)?;
        let mut members = BTreeMap::new();
        for set in sets {
            if let Some(mark) = marks.get(set) {
                let name = self.name("member");
                outputs.push((name.clone(), Wanted::Made(mark.clone())));
                members.insert(*set, name);
            }
        }
        let request = Request { outputs, filter: None, bounds: None, report: false };
        Ok((self.compute_rows(base, under, request, &order)?, members))
    }
}

/// The columns that all steps have.
struct Names<'n> {
    keys: &'n [String],
    time: &'n String,
    table: &'n String,
    order: &'n String,
}
