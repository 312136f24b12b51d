//! The first instant at which a condition about a subject changes, for many subjects at once.
//!
//! Every subject has instants at which a feature of its may change, known beforehand; on the leg between two of them it stands still
//! but for what reads the clock itself. So the search goes leg by leg. Where the condition is open on a leg, it looks for parts that
//! turn (by bisection) and at days or hours that begin; then it evaluates at what it has found. The further a subject is without a
//! change, the more legs it walks at once.

use std::collections::BTreeSet;

use datafusion::arrow::array::BooleanArray;

use super::clock::Clockwork;
use super::replay::{Moments, Replay};
use super::ticks::Ticks;
use crate::engine::kernel::column::Column;
use crate::engine::kernel::error::Result;
use crate::ir::NodeId;

/// So many legs of one subject are walked in one round at most.
const MOST_AHEAD: usize = 256;
/// So many ticks are looked at within a leg in one round at most.
const MOST_TICKS: usize = 512;
/// So many legs are walked at once, or a few more.
const LEGS_AT_ONCE: usize = 1 << 17;

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
    /// How many legs it walks at once.
    ahead: usize,
}

/// A leg of the way: features stand still from its first instant to its last.
struct Leg {
    walker: usize,
    stretch: Stretch,
    /// Whether it ends with the horizon.
    is_last: bool,
}

/// A stretch of time, both ends in.
#[derive(Clone, Copy)]
pub(super) struct Stretch {
    pub subject: u32,
    pub first: i64,
    pub last: i64,
}

impl Search<'_> {
    /// For each of some subjects the first instant at which the condition is not what it was; for every other one none.
    pub fn first_changes(&self, holds: &BooleanArray, of: impl Fn(usize) -> bool) -> Result<Vec<Option<i64>>> {
        let mut changes = vec![None; holds.len()];
        let start = self.replay.calendar.now();
        let walker = |subject| Walker { subject: subject as u32, at: start, ahead: 1 };
        let mut waiting: Vec<Walker> = (0..holds.len()).rev().filter(|subject| of(*subject)).map(walker).collect();
        while !waiting.is_empty() {
            let mut round = Vec::new();
            let mut legs = 0;
            while let Some(walker) = waiting.pop() {
                legs += walker.ahead;
                round.push(walker);
                if legs >= LEGS_AT_ONCE {
                    break;
                }
            }
            waiting.extend(self.round(round, holds, &mut changes)?);
        }
        Ok(changes)
    }

    /// Takes subjects further. Those are given back that have not changed, and may.
    fn round(
        &self,
        mut walkers: Vec<Walker>,
        holds: &BooleanArray,
        changes: &mut [Option<i64>],
    ) -> Result<Vec<Walker>> {
        let legs = self.legs(&walkers);
        let is_open = self.open(&legs)?;
        let mut moments: BTreeSet<(u32, i64)> = BTreeSet::new();
        let mut stretches = Vec::new();
        let mut over = vec![false; walkers.len()];
        // Who is stopped on a leg does not walk those after it.
        let mut stopped = vec![false; walkers.len()];
        for (leg, is_open) in legs.into_iter().zip(is_open) {
            if stopped[leg.walker] {
                continue;
            }
            let Stretch { subject, first, last } = leg.stretch;
            let mut from = first;
            if is_open {
                let mut ticks = self.ticks.within(first, last);
                for tick in ticks.by_ref().take(MOST_TICKS) {
                    stretches.push(Stretch { subject, first: from, last: tick - 1 });
                    moments.insert((subject, tick));
                    from = tick;
                }
                stopped[leg.walker] = ticks.next().is_some();
            }
            if stopped[leg.walker] {
                walkers[leg.walker].at = from;
                continue;
            }
            if is_open {
                stretches.push(Stretch { subject, first: from, last });
            }
            over[leg.walker] = leg.is_last;
            if !leg.is_last {
                moments.insert((subject, last + 1));
                walkers[leg.walker].at = last + 1;
            }
        }
        moments.extend(turns(self.replay, self.clockwork, stretches)?);
        let mut asked = Moments::default();
        moments.iter().for_each(|(subject, instant)| asked.push(*subject, *instant));
        let now = self.replay.holds(&[self.condition], &asked)?;
        let now = now.first();
        for (place, (subject, instant)) in moments.into_iter().enumerate() {
            let subject = subject as usize;
            let changed = now.is_some_and(|now| now.value(place) != holds.value(subject));
            if let Some(change) = changes.get_mut(subject).filter(|change| changed && change.is_none()) {
                *change = Some(instant);
            }
        }
        let going_on = walkers.into_iter().zip(over).filter(|(walker, over)| {
            let change = changes.get(walker.subject as usize);
            !over && change.is_some_and(Option::is_none)
        });
        Ok(going_on.map(|(walker, _)| Walker { ahead: (walker.ahead * 2).min(MOST_AHEAD), ..walker }).collect())
    }

    /// The legs that subjects walk next.
    fn legs(&self, walkers: &[Walker]) -> Vec<Leg> {
        let mut legs = Vec::new();
        for (place, walker) in walkers.iter().enumerate() {
            let own = self.crossings.get(walker.subject as usize).map_or(&[][..], Vec::as_slice);
            let mut first = walker.at;
            let next = own.partition_point(|at| *at <= first);
            let crossings = own.get(next..).unwrap_or_default();
            for ahead in 0..walker.ahead {
                let last = crossings.get(ahead).map_or(self.horizon, |crossing| crossing - 1);
                let is_last = ahead >= crossings.len();
                let stretch = Stretch { subject: walker.subject, first, last };
                legs.push(Leg { walker: place, stretch, is_last });
                if is_last {
                    break;
                }
                first = last + 1;
            }
        }
        legs
    }

    /// On which legs the condition can change at all: where it is decided whatever becomes of all that reads the clock, it cannot.
    fn open(&self, legs: &[Leg]) -> Result<Vec<bool>> {
        let loose = &self.clockwork.loose;
        if loose.is_empty() || self.clockwork.rows_tick {
            return Ok(vec![self.clockwork.rows_tick; legs.len()]);
        }
        let mut moments = Moments::default();
        legs.iter().for_each(|leg| moments.push(leg.stretch.subject, leg.stretch.first));
        let values = self.replay.values_without(&[self.condition], &moments, loose)?;
        Ok(match values.first() {
            Some(Column::Bool(values)) => values.iter().map(|value| value.is_none()).collect(),
            _ => vec![true; legs.len()],
        })
    }
}

/// The instants within stretches at which some condition turns, or a pole is passed. Conditions turn once at most in each stretch between poles.
pub(super) fn turns(replay: &Replay, clockwork: &Clockwork, mut stretches: Vec<Stretch>) -> Result<Vec<(u32, i64)>> {
    let mut found = Vec::new();
    for pole in &clockwork.poles {
        for (place, instant) in turns_of(replay, *pole, &stretches)? {
            let Some(stretch) = stretches.get_mut(place) else { continue };
            let after = Stretch { first: instant, ..*stretch };
            stretch.last = instant - 1;
            found.push((after.subject, instant));
            stretches.push(after);
        }
    }
    for turning in &clockwork.turning {
        let turned = turns_of(replay, *turning, &stretches)?.into_iter();
        found.extend(turned.filter_map(|(place, instant)| Some((stretches.get(place)?.subject, instant))));
    }
    Ok(found)
}

/// The stretches in which a condition turns, and when.
fn turns_of(replay: &Replay, turning: NodeId, stretches: &[Stretch]) -> Result<Vec<(usize, i64)>> {
    let mut found = Vec::new();
    let at = |instant: fn(&Stretch) -> i64| {
        let mut moments = Moments::default();
        stretches.iter().for_each(|stretch| moments.push(stretch.subject, instant(stretch)));
        truths(replay, turning, &moments)
    };
    let (first, last) = (at(|stretch| stretch.first)?, at(|stretch| stretch.last)?);
    // In which stretch, the last instant known at which it is as at first, the first known at which it is not, and as what.
    let mut open: Vec<(usize, i64, i64, Truth)> = stretches
        .iter()
        .enumerate()
        .zip(first.into_iter().zip(last))
        .filter(|(_, (first, last))| first != last)
        .map(|((place, stretch), (first, _))| (place, stretch.first, stretch.last, first))
        .collect();
    while !open.is_empty() {
        open.retain(|(place, low, high, _)| {
            let narrow = high - low <= 1;
            if narrow {
                found.push((*place, *high));
            }
            !narrow
        });
        let mut moments = Moments::default();
        for (place, low, high, _) in &open {
            let subject = stretches.get(*place).map_or(0, |stretch| stretch.subject);
            moments.push(subject, low + (high - low) / 2);
        }
        let truths = truths(replay, turning, &moments)?;
        for ((_, low, high, as_first), truth) in open.iter_mut().zip(truths) {
            let middle = *low + (*high - *low) / 2;
            *if truth == *as_first { low } else { high } = middle;
        }
    }
    Ok(found)
}

fn truths(replay: &Replay, condition: NodeId, moments: &Moments) -> Result<Vec<Truth>> {
    let values = replay.values(&[condition], moments)?;
    Ok(match values.first() {
        Some(Column::Bool(values)) => values.iter().collect(),
        _ => vec![None; moments.len()],
    })
}

/// True, false or unknown.
type Truth = Option<bool>;
