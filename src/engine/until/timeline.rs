//! Values about everybody that move with the clock, each from the instant at which it comes to be.
//!
//! ```text
//! subject  from         spend_90d   among
//! C1       T            300         true
//! C1       14 April     120         true
//! C1       3 May        0           false
//! C2       T            80          true
//! ```

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, BooleanArray, UInt32Array};
use datafusion::arrow::compute::kernels::cmp::distinct;
use datafusion::arrow::compute::{concat, take};

use super::crossings;
use super::follow::Followed;
use super::limits::Limits;
use super::replay::{Moments, Replay};
use super::search::{Stretch, turns};
use super::ticks::Ticks;
use crate::engine::kernel::error::Result;
use crate::ir::{Node, NodeId};
use crate::plan::form_of;

/// So many values are made at once, or a few more.
const MOMENTS_AT_ONCE: usize = 1 << 17;

/// Some values of everybody, a row for each combination that a subject has, from the instant on at which it has it.
pub(super) struct Timeline {
    /// Where each subject's rows begin, and where the last one's end.
    starts: Vec<usize>,
    /// Ascending for each subject; the first is T.
    instants: Vec<i64>,
    /// A column for each value.
    columns: Vec<ArrayRef>,
}

impl Timeline {
    /// Follows values about so many subjects up to the horizon. None: that takes more work than the limits allow.
    pub fn of(
        replay: &Replay,
        (nodes, followed): (&[NodeId], &Followed),
        subjects: usize,
        horizon: i64,
        limits: &Limits,
    ) -> Result<Option<Self>> {
        let below = replay.ir.leaves(nodes.iter().copied()).inputs;
        let crossings = crossings::of(replay, &below, followed, subjects, horizon)?;
        let ticks = Ticks::of(&followed.clockwork, &replay.calendar, horizon);
        let everyone = replay.calendar.now();
        let ticking = ticks.within(everyone, horizon).count();
        let (mut moments, mut rows) = (0_u64, 0_u64);
        for (subject, own) in crossings.iter().enumerate() {
            let instants = (1 + own.len() + ticking) as u64;
            moments += instants;
            rows += instants * rows_of(replay, &below, subject) as u64;
        }
        if moments > limits.moments || rows > limits.rows {
            return Ok(None);
        }
        let mut timeline = Timeline { starts: vec![0], instants: Vec::new(), columns: Vec::new() };
        let mut parts: Vec<Vec<ArrayRef>> = vec![Vec::new(); nodes.len()];
        let mut first = 0;
        while first < subjects {
            let mut marks: Vec<(u32, i64)> = Vec::new();
            let mut last = first;
            while last < subjects && marks.len() < MOMENTS_AT_ONCE {
                let subject = last as u32;
                marks.push((subject, everyone));
                marks.extend(crossings.get(last).into_iter().flatten().map(|at| (subject, *at)));
                marks.extend(ticks.within(everyone, horizon).map(|at| (subject, at)));
                last += 1;
            }
            marks.sort_unstable();
            marks.dedup();
            timeline.follow(replay, (nodes, followed), marks, (first..last, horizon), &mut parts)?;
            first = last;
        }
        for (part, node) in parts.into_iter().zip(nodes) {
            let part: Vec<&dyn Array> = part.iter().map(|part| part.as_ref()).collect();
            timeline.columns.push(match part.is_empty() {
                true => datafusion::arrow::array::new_empty_array(&form_of(&replay.ir, *node).data_type()),
                false => concat(&part)?,
            });
        }
        Ok(Some(timeline))
    }

    /// Adds some subjects, given the instants at which features and days change, in order.
    fn follow(
        &mut self,
        replay: &Replay,
        (nodes, followed): (&[NodeId], &Followed),
        mut marks: Vec<(u32, i64)>,
        (subjects, horizon): (std::ops::Range<usize>, i64),
        parts: &mut [Vec<ArrayRef>],
    ) -> Result<()> {
        let next = |place: usize| marks.get(place + 1);
        let stretches: Vec<Stretch> = (marks.iter().enumerate())
            .map(|(place, (subject, first))| {
                let last = next(place).filter(|(whose, _)| whose == subject).map_or(horizon, |(_, at)| at - 1);
                Stretch { subject: *subject, first: *first, last }
            })
            .collect();
        marks.extend(turns(replay, &followed.clockwork, stretches)?);
        marks.sort_unstable();
        marks.dedup();
        let mut moments = Moments::default();
        marks.iter().for_each(|(subject, instant)| moments.push(*subject, *instant));
        let mut columns = Vec::new();
        for (column, node) in replay.values(nodes, &moments)?.iter().zip(nodes) {
            columns.push(column.to_array(&form_of(&replay.ir, *node))?);
        }
        let kept = changed(&moments, &columns)?;
        let places = UInt32Array::from_iter_values(kept.iter().map(|place| *place as u32));
        for (part, column) in parts.iter_mut().zip(&columns) {
            part.push(take(column, &places, None)?);
        }
        let mut kept = kept.into_iter().peekable();
        for subject in subjects {
            while let Some(place) = kept.next_if(|place| moments.subjects.get(*place) == Some(&(subject as u32))) {
                self.instants.extend(moments.instants.get(place));
            }
            self.starts.push(self.instants.len());
        }
        Ok(())
    }

    /// How many subjects there are.
    pub fn subjects(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The rows of a subject: at T, and at each instant at which something of it changes.
    pub fn of_subject(&self, subject: usize) -> std::ops::Range<usize> {
        let at = |at: usize| self.starts.get(at).copied().unwrap_or(self.instants.len());
        at(subject)..at(subject + 1)
    }

    /// The row of a subject that holds at an instant, which is not before T.
    pub fn at(&self, subject: usize, instant: i64) -> usize {
        let own = self.of_subject(subject);
        let passed = self.instants.get(own.clone()).unwrap_or_default().partition_point(|at| *at <= instant);
        own.start + passed.max(1) - 1
    }

    /// From when on a row holds.
    pub fn instant(&self, row: usize) -> i64 {
        self.instants.get(row).copied().unwrap_or(i64::MIN)
    }

    /// The values of a node, by its position.
    pub fn column(&self, node: usize) -> Option<&ArrayRef> {
        self.columns.get(node)
    }
}

/// The rows that must be counted again and again for a subject.
fn rows_of(replay: &Replay, below: &[NodeId], subject: usize) -> usize {
    let of_leaf = |leaf: &NodeId| match replay.ir.node(*leaf) {
        Node::Feature(id) => {
            let held = replay.rows.iter().find(|rows| rows.feature(*id).is_some());
            held.map_or(0, |rows| rows.of(subject).len())
        }
        Node::Sequence(_) => replay.sequences.as_ref().map_or(0, |held| held.of(subject).len()),
        _ => 0,
    };
    below.iter().map(of_leaf).sum()
}

/// The places of moments at which a subject's values are not what they were at its moment before; its first is always one.
fn changed(moments: &Moments, columns: &[ArrayRef]) -> Result<Vec<usize>> {
    let pairs = moments.len().saturating_sub(1);
    let others: Vec<BooleanArray> = columns
        .iter()
        .map(|column| distinct(&Arc::clone(column).slice(column.len() - pairs, pairs), &column.slice(0, pairs)))
        .collect::<std::result::Result<_, _>>()?;
    let is_first = |place: usize| moments.subjects.get(place) != moments.subjects.get(place - 1);
    let is_other = |place: usize| others.iter().any(|other| other.value(place - 1));
    Ok((0..moments.len()).filter(|place| *place == 0 || is_first(*place) || is_other(*place)).collect())
}
