//! Subjects beside what was counted, by the shared pass: all sets of rows in one operator.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::common::Result;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};

use super::Lowering;
use super::frame::{CountedRows, Frame, Groups, SubjectRows};
use super::pass::{Counting, Pass, Passing};
use super::prune;
use super::rows::{Request, Wanted};
use crate::engine::kernel::form::{Form, NumberForm};
use crate::engine::kernel::pass::{Argument, Recipe, Sought};
use crate::ir::{Aggregation, Feature, FeatureId, Node, NodeId, RowSetId, SubjectId};

/// A child of the pass, and what is made of it.
pub(super) struct Child {
    plan: LogicalPlan,
    counting: Counting,
    columns: Vec<(FeatureId, String)>,
    rows: String,
}

/// What is asked of each row, each thing once.
#[derive(Default)]
struct Columns {
    filters: Vec<NodeId>,
    arguments: Vec<NodeId>,
}

impl Lowering<'_> {
    /// A child for each group of features; none where there is nothing to be counted, or the windows are too many for one pass.
    pub(super) fn children(
        &mut self,
        subject: SubjectId,
        groups: &Groups,
        bare: bool,
        (reported, measure): (bool, &BTreeSet<FeatureId>),
    ) -> Result<Option<Vec<(RowSetId, Child)>>> {
        let mut children = Vec::new();
        for ((rows, ordered), features) in groups {
            let whole = bare && !ordered && self.ir.is_data(*rows);
            match self.child(*rows, subject, features, (whole, reported && !ordered), measure)? {
                Some(child) => children.push((*rows, child)),
                None => return Ok(None),
            }
        }
        Ok(Some(children).filter(|children| !children.is_empty()))
    }

    /// The frame of a kind of subject: who they are, if a table says it, and what is counted of the children.
    pub(super) fn passed(
        &mut self,
        subject: SubjectId,
        subjects: Option<SubjectRows>,
        children: Vec<(RowSetId, Child)>,
    ) -> Result<Frame> {
        let key_types = self.subject_key_types(subject);
        let keys: Vec<String> = key_types.iter().map(|_| self.name("key")).collect();
        let mut columns: BTreeMap<NodeId, String> = BTreeMap::new();
        let mut inputs = Vec::new();
        let mut found = None;
        if let Some(subjects) = subjects {
            self.told_apart.insert(subject);
            found = Some(self.name("found"));
            let own = subjects.columns.values().map(super::rows::column);
            let in_order: Vec<_> = subjects.keys.iter().map(super::rows::column).chain(own).collect();
            inputs.push(LogicalPlanBuilder::from(subjects.plan).project(in_order)?.build()?);
            columns = subjects.columns;
        }
        let mut tables = Vec::new();
        let mut counted: Vec<CountedRows> = Vec::new();
        for (rows, child) in children {
            columns
                .extend(child.columns.iter().filter_map(|(id, name)| Some((self.ir.feature_node(*id)?, name.clone()))));
            counted.push((self.ir.base_of(rows), child.rows, child.columns));
            inputs.push(child.plan);
            tables.push(child.counting);
        }
        let passing = Passing { keys: keys.iter().cloned().zip(key_types).collect(), found: found.clone(), tables };
        let plan = LogicalPlanBuilder::from(Pass::plan(inputs, passing)?);
        Ok(Frame { plan, keys, found, columns, counted })
    }

    fn child(
        &mut self,
        rows: RowSetId,
        subject: SubjectId,
        features: &[FeatureId],
        (whole, report): (bool, bool),
        measure: &BTreeSet<FeatureId>,
    ) -> Result<Option<Child>> {
        let ir = Arc::clone(self.ir);
        let table = ir.base_of(rows);
        let mut asked = Columns::default();
        let mut sought: Vec<Sought> = features.iter().map(|id| self.sought(*id, &mut asked)).collect();
        // How many rows there are.
        sought.push(Sought { aggregation: Aggregation::Count, argument: None, filter: None, window: None });
        let arguments = asked.arguments.iter().map(|node| argument(self.form(*node))).collect();
        let Some(recipe) = Recipe::new(asked.filters.len(), arguments, &sought) else { return Ok(None) };
        let time = ir.base_table(table).time.filter(|_| sought.iter().any(|sought| sought.window.is_some()));
        let ordered = sought.iter().any(|of| matches!(of.aggregation, Aggregation::First | Aggregation::Last));
        let mut wanted: Vec<Wanted> = self.subject_keys(table, subject);
        wanted.extend(time.map(Wanted::Value));
        wanted.extend(asked.filters.iter().map(|filter| Wanted::Mask { filter: Some(*filter), bounds: None }));
        wanted.extend(asked.arguments.iter().map(|node| Wanted::Value(*node)));
        wanted.extend(ordered.then_some(Wanted::Order));
        let outputs = wanted.into_iter().map(|wanted| (self.name("row"), wanted)).collect();
        let windows = features.iter().filter(|id| !measure.contains(id)).map(|id| self.bounds_of(*id));
        // A distinct set reads every row by itself; the bounds are for the plain ones.
        let plain = ir.is_data(rows);
        let bounds = (plain && !whole).then(|| prune::widest(windows, self.calendar.now()));
        let plan = self.rows(rows, Request { outputs, filter: None, bounds, report: report && plain })?;
        let names: Vec<(FeatureId, String)> = features.iter().map(|id| (*id, self.name("feature"))).collect();
        let count = self.name("rows");
        let types = recipe.output_types(&sought);
        let all = names.iter().map(|(_, name)| name).chain([&count]).cloned().zip(types).collect();
        let recipe = Arc::new(recipe);
        let counting = Counting {
            label: ir.base_table(table).name.clone(),
            timed: time.is_some(),
            filters: asked.filters.len(),
            arguments: asked.arguments.len(),
            ordered,
            spent: self.meter.as_ref().map(|meter| meter.recipe(features, &recipe)),
            recipe,
            features: all,
        };
        Ok(Some(Child { plan, counting, columns: names, rows: count }))
    }

    fn sought(&self, feature: FeatureId, asked: &mut Columns) -> Sought {
        let feature = self.ir.feature(feature);
        Sought {
            aggregation: self.aggregation(feature),
            argument: feature.argument.map(|node| place(&mut asked.arguments, node)),
            filter: feature.filter.map(|node| place(&mut asked.filters, node)),
            window: feature.window.as_ref().map(|window| self.calendar.bounds(window)),
        }
    }

    /// How a feature is counted. Row order begins with the time: the last time is the greatest, and needs no order.
    fn aggregation(&self, feature: &Feature) -> Aggregation {
        let time = self.ir.base_table(self.ir.base_of(feature.rows)).time;
        let of_time = feature.argument.zip(time).is_some_and(|(argument, time)| {
            argument == time || matches!(self.ir.node(time), Node::DayStart(day) if *day == argument)
        });
        match feature.aggregation {
            Aggregation::First if of_time => Aggregation::Min,
            Aggregation::Last if of_time => Aggregation::Max,
            other => other,
        }
    }
}

fn argument(form: Form) -> Argument {
    let digits = match form {
        Form::Number(NumberForm::Decimal { digits, .. }) => Some(digits),
        _ => None,
    };
    Argument { data_type: form.data_type(), digits }
}

fn place(nodes: &mut Vec<NodeId>, node: NodeId) -> usize {
    nodes.iter().position(|other| *other == node).unwrap_or_else(|| {
        nodes.push(node);
        nodes.len() - 1
    })
}
