//! Conditions about subjects at many instants, each subject at its own: values that stand still are taken as they are, features
//! are made anew from rows in memory by the states that make them in plans, ranks are looked up, and programs do the rest.
//!
//! ```text
//! subject  instant      count over 90d   region      condition
//! C1       1 April      2                Jakarta     true
//! C1       14 April     1                Jakarta     false
//! C2       3 May        …
//! ```

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use datafusion::arrow::array::{Array, ArrayRef, BooleanArray, Date32Array, TimestampMicrosecondArray, UInt32Array};
use datafusion::arrow::compute::take;

use super::held::{HeldFeature, HeldRows};
use super::owners::{Asking, Owners};
use super::sequences::HeldSequences;
use super::standings::Standing;
use crate::engine::kernel::calendar::Calendar;
use crate::engine::kernel::column::{Column, days};
use crate::engine::kernel::error::{KernelError, Result};
use crate::engine::kernel::program::Program;
use crate::engine::kernel::state::{Take, new_state};
use crate::ir::{Ir, Node, NodeId};

/// Rows are counted in by so many at once.
const ROWS_AT_ONCE: usize = 1 << 20;

/// Subjects, each with an instant.
#[derive(Clone, Debug, Default)]
pub(super) struct Moments {
    /// Positions among the subjects.
    pub subjects: Vec<u32>,
    /// Microseconds since 1970-01-01T00:00Z.
    pub instants: Vec<i64>,
}

impl Moments {
    pub fn push(&mut self, subject: u32, instant: i64) {
        self.subjects.push(subject);
        self.instants.push(instant);
    }

    pub fn len(&self) -> usize {
        self.subjects.len()
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = (usize, i64)> {
        self.subjects.iter().zip(&self.instants).map(|(subject, instant)| (*subject as usize, *instant))
    }
}

/// Rows, each at an instant, and the moment for which each is counted.
#[derive(Default)]
struct Taken {
    rows: Moments,
    groups: Vec<usize>,
}

/// Subjects in memory.
pub(super) struct Replay {
    pub ir: Arc<Ir>,
    /// At the instant up to which rows exist.
    pub calendar: Calendar,
    /// All nodes that can be another with the clock.
    pub moving: Arc<BTreeSet<NodeId>>,
    /// Values that stand still, a row for each subject.
    pub still: BTreeMap<NodeId, ArrayRef>,
    /// Rows, with the features that are made of them.
    pub rows: Vec<HeldRows>,
    /// Rows of sequences.
    pub sequences: Option<HeldSequences>,
    /// Ranks that move, of everybody.
    pub standings: BTreeMap<NodeId, Standing>,
    /// Subjects of whom rows ask something that moves.
    pub owners: Arc<Owners>,
}

impl Replay {
    /// The values of expressions, a row for each moment.
    pub fn values(&self, roots: &[NodeId], moments: &Moments) -> Result<Vec<Column>> {
        self.values_without(roots, moments, &BTreeSet::new())
    }

    /// The values of expressions if nothing were known of some of their parts.
    pub fn values_without(
        &self,
        roots: &[NodeId],
        moments: &Moments,
        unknown: &BTreeSet<NodeId>,
    ) -> Result<Vec<Column>> {
        if !self.reads_calendar(roots, unknown) {
            return self.of_one_day((roots, unknown), moments, &self.calendar);
        }
        // Ages and anniversaries ask the calendar itself what day it is: one program for each day.
        let mut by_day: BTreeMap<NaiveDate, (Vec<usize>, Moments)> = BTreeMap::new();
        for (at, (subject, instant)) in moments.iter().enumerate() {
            let (places, of_day) = by_day.entry(self.calendar.local_date(instant)).or_default();
            places.push(at);
            of_day.push(subject as u32, instant);
        }
        let mut parts: Vec<Vec<ArrayRef>> = vec![Vec::new(); roots.len()];
        let mut order: Vec<u32> = vec![0; moments.len()];
        let mut filled = 0_u32;
        for (places, of_day) in by_day.into_values() {
            let calendar = self.calendar.moved_to(of_day.instants.first().copied().unwrap_or_default());
            let columns = self.of_one_day((roots, unknown), &of_day, &calendar)?;
            for ((column, root), part) in columns.iter().zip(roots).zip(&mut parts) {
                part.push(column.to_array(&crate::plan::form_of(&self.ir, *root))?);
            }
            for place in places {
                order[place] = filled;
                filled += 1;
            }
        }
        let order = UInt32Array::from(order);
        let joined = parts.iter().zip(roots).map(|(parts, root)| {
            let parts: Vec<&dyn Array> = parts.iter().map(|part| part.as_ref()).collect();
            if parts.is_empty() {
                return Ok(Column::unknown(self.ir.ty(*root), 0));
            }
            let all = datafusion::arrow::compute::concat(&parts)?;
            Column::from_array(self.ir.ty(*root), &take(&all, &order, None)?)
        });
        joined.collect()
    }

    /// Whether conditions hold, unknown as no.
    pub fn holds(&self, conditions: &[NodeId], moments: &Moments) -> Result<Vec<BooleanArray>> {
        let values = self.values(conditions, moments)?;
        values
            .iter()
            .map(|column| match column {
                Column::Bool(values) => Ok((0..values.len())
                    .map(|row| Some(values.is_valid(row) && values.value(row)))
                    .collect::<BooleanArray>()),
                other => Err(KernelError::Operand { expected: crate::ir::Type::Bool, found: other.ty() }),
            })
            .collect()
    }

    /// What a program takes as it is given: what stands still, and what reads the clock and nothing else.
    fn is_given(&self, id: NodeId) -> bool {
        self.still.contains_key(&id) || matches!(self.ir.node(id), Node::Now | Node::Today | Node::Ago(_))
    }

    fn reads_calendar(&self, roots: &[NodeId], unknown: &BTreeSet<NodeId>) -> bool {
        let mut pending = roots.to_vec();
        let mut seen = BTreeSet::new();
        while let Some(node) = pending.pop() {
            let given = self.is_given(node) || unknown.contains(&node) || self.ir.node(node).is_leaf();
            if !seen.insert(node) || given {
                continue;
            }
            if matches!(self.ir.node(node), Node::Age(_) | Node::Within { .. }) {
                return true;
            }
            pending.extend(self.ir.operands(node));
        }
        false
    }

    /// The values at moments of which the calendar knows the day, if that matters.
    fn of_one_day(
        &self,
        (roots, unknown): (&[NodeId], &BTreeSet<NodeId>),
        moments: &Moments,
        calendar: &Calendar,
    ) -> Result<Vec<Column>> {
        let is_given = |node: NodeId| self.is_given(node) || unknown.contains(&node);
        let program = Program::over(&self.ir, calendar.clone(), roots.to_vec(), &is_given);
        let input = |node: &NodeId| match unknown.contains(node) {
            true => Ok(Column::unknown(self.ir.ty(*node), moments.len())),
            false => self.input(*node, moments),
        };
        let inputs = program.inputs().iter().map(input).collect::<Result<Vec<_>>>()?;
        program.evaluate(&inputs, moments.len())
    }

    fn input(&self, id: NodeId, moments: &Moments) -> Result<Column> {
        let instants = |instant: &dyn Fn(i64) -> i64| {
            let mut known: HashMap<i64, i64> = HashMap::new();
            let found = moments.instants.iter().map(|at| *known.entry(*at).or_insert_with(|| instant(*at)));
            Column::Instant(found.collect::<Vec<i64>>().into())
        };
        if let Some(asking) = self.asking(id) {
            return asking.values(self.ir.ty(id), moments);
        }
        if let Some(values) = self.still.get(&id) {
            let subjects = UInt32Array::from(moments.subjects.clone());
            return Column::from_array(self.ir.ty(id), &take(values, &subjects, None)?);
        }
        match self.ir.node(id) {
            Node::Now => Ok(Column::Instant(TimestampMicrosecondArray::from(moments.instants.clone()))),
            Node::Today => {
                let today = moments.instants.iter().map(|at| days(self.calendar.local_date(*at)));
                Ok(Column::Date(Date32Array::from_iter_values(today)))
            }
            Node::Ago(duration) => Ok(instants(&|at| self.calendar.moved_to(at).ago(*duration))),
            Node::Feature(feature) => {
                let held = self.rows.iter().find_map(|rows| Some((rows, rows.feature(*feature)?)));
                let (rows, feature) = held.ok_or(KernelError::Leaf(id))?;
                Column::from_array(self.ir.ty(id), &self.feature(rows, feature, moments)?)
            }
            Node::Sequence(sequence) => {
                let held = self.sequences.as_ref().ok_or(KernelError::Leaf(id))?;
                Ok(Column::Bool(held.values(self, *sequence, moments)?))
            }
            Node::Rank(..) => self.standings.get(&id).ok_or(KernelError::Leaf(id))?.values(moments),
            _ => Err(KernelError::Leaf(id)),
        }
    }

    /// A feature at each moment.
    fn feature(&self, rows: &HeldRows, held: &HeldFeature, moments: &Moments) -> Result<ArrayRef> {
        let feature = self.ir.feature(held.feature);
        let filter = feature.filter.filter(|filter| self.is_moving(*filter));
        let argument = feature.argument.filter(|argument| self.is_moving(*argument));
        let moved = argument.map(|argument| crate::plan::form_of(&self.ir, argument).data_type());
        let types: Vec<_> =
            moved.into_iter().chain(held.arguments.iter().map(|values| values.data_type().clone())).collect();
        let mut state = new_state(feature.aggregation, &types)?;
        let mut bounds = HashMap::new();
        let mut taken = Taken::default();
        let mut count_in = |taken: Taken| -> Result<()> {
            let Taken { rows, groups } = self.passing(held, filter, taken)?;
            let mut values = Vec::new();
            if let Some(argument) = argument {
                let moved = self.of_rows(&held.parts).values(&[argument], &rows)?;
                for moved in moved {
                    values.push(moved.to_array(&crate::plan::form_of(&self.ir, argument))?);
                }
            }
            let indices = UInt32Array::from(rows.subjects);
            for still in &held.arguments {
                values.push(take(still, &indices, None)?);
            }
            state.add(&values, &groups, None, moments.len())
        };
        for (group, (subject, instant)) in moments.iter().enumerate() {
            let bounds = feature
                .window
                .as_ref()
                .map(|window| *bounds.entry(instant).or_insert_with(|| self.calendar.moved_to(instant).bounds(window)));
            for row in rows.within(subject, bounds).filter(|row| held.passes(*row)) {
                taken.rows.push(row as u32, instant);
                taken.groups.push(group);
            }
            if taken.groups.len() >= ROWS_AT_ONCE {
                count_in(std::mem::take(&mut taken))?;
            }
        }
        count_in(taken)?;
        state.finish(Take::All)
    }

    /// Those rows that pass a filter at their instants, if it moves.
    fn passing(&self, held: &HeldFeature, filter: Option<NodeId>, taken: Taken) -> Result<Taken> {
        let Some(filter) = filter else { return Ok(taken) };
        let passed = self.of_rows(&held.parts).holds(&[filter], &taken.rows)?;
        let mut passing = Taken::default();
        let Some(passed) = passed.first() else { return Ok(passing) };
        for (place, ((row, instant), group)) in taken.rows.iter().zip(taken.groups).enumerate() {
            if passed.value(place) {
                passing.rows.push(row as u32, instant);
                passing.groups.push(group);
            }
        }
        Ok(passing)
    }

    /// Rows in the place of subjects, given what stands still of them.
    pub fn of_rows(&self, still: &BTreeMap<NodeId, ArrayRef>) -> Replay {
        Replay {
            ir: Arc::clone(&self.ir),
            calendar: self.calendar.clone(),
            moving: Arc::clone(&self.moving),
            still: still.clone(),
            rows: Vec::new(),
            sequences: None,
            standings: BTreeMap::new(),
            owners: Arc::clone(&self.owners),
        }
    }

    /// What a node, in the scope of rows, asks of their subjects, if that moves.
    pub fn asking(&self, id: NodeId) -> Option<Asking<'_>> {
        if self.is_moving(id) { Asking::of(&self.ir, id, &self.owners, &self.still) } else { None }
    }

    /// Whether a node can be another with the clock.
    fn is_moving(&self, id: NodeId) -> bool {
        self.moving.contains(&id)
    }
}
