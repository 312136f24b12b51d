//! The first instant at which a condition about a subject changes, for many subjects at once.
//!
//! Every subject has instants at which a feature of its may change, known beforehand; between two of them it stands still but for
//! what reads the clock itself. So the search goes from one to the next, looks into each stretch between for conditions that turn
//! (by bisection), and evaluates at what it has found. The further a subject is without a change, the more instants it is asked
//! about at once.

use std::collections::BTreeMap;

use datafusion::arrow::array::BooleanArray;

use super::clock::Clockwork;
use super::replay::{Moments, Replay};
use super::ticks::Ticks;
use crate::engine::kernel::column::Column;
use crate::engine::kernel::error::Result;
use crate::ir::NodeId;

/// So many instants of one subject are looked at in one round at most.
const MOST_AHEAD: usize = 256;
/// So many moments are evaluated at once, or a few more.
const MOMENTS_AT_ONCE: usize = 1 << 18;

/// What is looked for.
pub(super) struct Search<'a> {
    pub replay: &'a Replay,
    pub condition: NodeId,
    pub clockwork: &'a Clockwork,
    /// For each subject the instants after the first at which a feature may change, ascending.
    pub crossings: &'a [Vec<i64>],
    /// Instants at which everybody is looked at.
    pub ticks: &'a Ticks,
    /// Nothing later is looked at.
    pub horizon: i64,
}

/// A subject on its way.
struct Walker {
    subject: u32,
    /// Where it has come: nothing changes up to here.
    at: i64,
    /// Among its crossings.
    next: usize,
    /// How many instants it is asked about at once.
    ahead: usize,
}

/// A stretch of time between two instants, in which features stand still.
struct Stretch {
    subject: u32,
    first: i64,
    last: i64,
}

impl Search<'_> {
    /// For each subject the first instant at which the condition is not what it was.
    pub fn first_changes(&self, holds: &BooleanArray) -> Result<Vec<Option<i64>>> {
        let mut changes = vec![None; holds.len()];
        let start = self.replay.calendar.now();
        let walker = |subject| Walker { subject, at: start, next: 0, ahead: 1 };
        let mut waiting: Vec<Walker> = (0..holds.len() as u32).rev().map(walker).collect();
        while !waiting.is_empty() {
            let mut round = Vec::new();
            let mut asked = 0;
            while let Some(walker) = waiting.pop() {
                asked += walker.ahead;
                round.push(walker);
                if asked >= MOMENTS_AT_ONCE {
                    break;
                }
            }
            for walker in self.round(round, holds, &mut changes)? {
                waiting.push(walker);
            }
        }
        Ok(changes)
    }

    /// Takes subjects further. Those are given back that have not changed, and may.
    fn round(&self, walkers: Vec<Walker>, holds: &BooleanArray, changes: &mut [Option<i64>]) -> Result<Vec<Walker>> {
        let mut stretches = Vec::new();
        let mut moments: BTreeMap<(u32, i64), ()> = BTreeMap::new();
        let mut walked = Vec::new();
        for mut walker in walkers {
            let mut at = walker.at;
            let mut over = false;
            for _ in 0..walker.ahead {
                let Some(next) = self.next(&mut walker, at) else {
                    stretches.push(Stretch { subject: walker.subject, first: at, last: self.horizon });
                    over = true;
                    break;
                };
                stretches.push(Stretch { subject: walker.subject, first: at, last: next - 1 });
                moments.insert((walker.subject, next), ());
                at = next;
            }
            walker.at = at;
            walker.ahead = (walker.ahead * 2).min(MOST_AHEAD);
            walked.push((walker, over));
        }
        for (subject, instant) in self.turns(&stretches)? {
            moments.insert((subject, instant), ());
        }
        let mut asked = Moments::default();
        moments.keys().for_each(|(subject, instant)| asked.push(*subject, *instant));
        let now = self.replay.holds(&[self.condition], &asked)?;
        let now = now.first();
        for (place, (subject, instant)) in moments.into_keys().enumerate() {
            let subject = subject as usize;
            let changed = now.is_some_and(|now| now.value(place) != holds.value(subject));
            if let Some(change) = changes.get_mut(subject).filter(|change| changed && change.is_none()) {
                *change = Some(instant);
            }
        }
        let goes_on = |(walker, over): &(Walker, bool)| !over && changes[walker.subject as usize].is_none();
        Ok(walked.into_iter().filter(goes_on).map(|(walker, _)| walker).collect())
    }

    /// The next instant after another at which a subject is looked at.
    fn next(&self, walker: &mut Walker, after: i64) -> Option<i64> {
        let own = self.crossings.get(walker.subject as usize)?;
        while own.get(walker.next).is_some_and(|at| *at <= after) {
            walker.next += 1;
        }
        let own = own.get(walker.next).copied();
        let tick = self.ticks.after(after);
        own.into_iter().chain(tick).min().filter(|at| *at <= self.horizon)
    }

    /// The instants within stretches at which some condition turns.
    fn turns(&self, stretches: &[Stretch]) -> Result<Vec<(u32, i64)>> {
        let mut found = Vec::new();
        for turning in &self.clockwork.turning {
            let at = |instant: fn(&Stretch) -> i64| {
                let mut moments = Moments::default();
                stretches.iter().for_each(|stretch| moments.push(stretch.subject, instant(stretch)));
                self.truths(*turning, &moments)
            };
            let (first, last) = (at(|stretch| stretch.first)?, at(|stretch| stretch.last)?);
            // (subject, last instant at which it is as at first, first one at which it is not, as at first)
            let mut open: Vec<(u32, i64, i64, Truth)> = stretches
                .iter()
                .zip(first.into_iter().zip(last))
                .filter(|(_, (first, last))| first != last)
                .map(|(stretch, (first, _))| (stretch.subject, stretch.first, stretch.last, first))
                .collect();
            while !open.is_empty() {
                open.retain(|(subject, low, high, _)| {
                    let narrow = high - low <= 1;
                    if narrow {
                        found.push((*subject, *high));
                    }
                    !narrow
                });
                let mut moments = Moments::default();
                open.iter().for_each(|(subject, low, high, _)| moments.push(*subject, low + (high - low) / 2));
                let truths = self.truths(*turning, &moments)?;
                for ((_, low, high, as_first), truth) in open.iter_mut().zip(truths) {
                    let middle = *low + (*high - *low) / 2;
                    *if truth == *as_first { low } else { high } = middle;
                }
            }
        }
        Ok(found)
    }

    fn truths(&self, condition: NodeId, moments: &Moments) -> Result<Vec<Truth>> {
        let values = self.replay.values(&[condition], moments)?;
        Ok(match values.first() {
            Some(Column::Bool(values)) => values.iter().collect(),
            _ => vec![None; moments.len()],
        })
    }
}

/// True, false or unknown.
type Truth = Option<bool>;
