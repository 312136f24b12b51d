//! A sequence made ready for one T: its steps in the order in which rows are matched, its windows as instants.
//!
//! ```text
//! sequence(A then never B then within 3d C then never within 7d D)
//!
//! link 0   rows of step 0; between it and the next: no row of step 1
//! link 1   rows of step 2, at most 3 days later; after it: for 7 days no row of step 3
//! ```

use crate::engine::kernel::calendar::{Bounds, Calendar};
use crate::ir::Sequence;
use crate::syntax::ast::Duration;

/// A sequence at one T.
#[derive(Clone, Debug)]
pub struct Pattern {
    calendar: Calendar,
    links: Vec<Link>,
    bounds: Vec<Bounds>,
    within: Option<Duration>,
}

/// A step that matches a row, and the forbidden rows that hang on it.
#[derive(Clone, Debug)]
pub struct Link {
    /// Position among the sequence's steps.
    pub step: usize,
    /// How long after the row of the link before, at most.
    pub within: Option<Duration>,
    /// Steps of which no row may stand between this link's row and the next link's.
    pub between: Vec<usize>,
    /// Steps of which no row may follow for some time, wherever the next link's row stands.
    pub after: Vec<Forbidden>,
}

/// Rows that may not follow.
#[derive(Clone, Copy, Debug)]
pub struct Forbidden {
    /// Position among the sequence's steps.
    pub step: usize,
    /// For how long; up to T if not said.
    pub within: Option<Duration>,
}

impl Pattern {
    /// Resolves a sequence. A checked one begins with a step that is not `never`; forbidden rows before the first link
    /// would hang on nothing, and mean nothing.
    pub fn new(sequence: &Sequence, calendar: &Calendar) -> Pattern {
        let mut links: Vec<Link> = Vec::new();
        let last = sequence.steps.iter().rposition(|step| !step.never);
        for (at, step) in sequence.steps.iter().enumerate() {
            if !step.never {
                links.push(Link { step: at, within: step.within, between: Vec::new(), after: Vec::new() });
            } else if let Some(link) = links.last_mut() {
                if step.within.is_none() && Some(at) < last {
                    link.between.push(at);
                } else {
                    link.after.push(Forbidden { step: at, within: step.within });
                }
            }
        }
        let all = sequence.window.as_ref().map(|window| calendar.bounds(window));
        let bounds = |step: &crate::ir::SequenceStep| {
            let own = step.window.as_ref().map(|window| calendar.bounds(window));
            let matched = all.filter(|_| !step.never);
            let everything = Bounds { after: i64::MIN, until: calendar.now() };
            own.into_iter().chain(matched).fold(everything, both)
        };
        Pattern {
            calendar: calendar.clone(),
            bounds: sequence.steps.iter().map(bounds).collect(),
            links,
            within: sequence.within,
        }
    }

    /// The steps that match rows, in order.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// When rows of a step count: in its own window, and if they are matched in the sequence's; never after T.
    pub fn bounds(&self, step: usize) -> Option<Bounds> {
        self.bounds.get(step).copied()
    }

    /// Whether there is a time from the first matched row to the last.
    pub fn is_limited(&self) -> bool {
        self.within.is_some()
    }

    /// How late the last matched row may be, by the time of the first.
    pub fn last_end(&self, first: i64) -> i64 {
        self.within.map_or(i64::MAX, |within| self.upper(first, within))
    }

    /// How late the row of a link may be, by the time of the one before.
    pub fn last_time(&self, link: &Link, before: i64) -> i64 {
        link.within.map_or(i64::MAX, |within| self.upper(before, within))
    }

    /// Until when forbidden rows may not be, by the time of the row they hang on. None when nobody can say yet: their time
    /// is not over at T, so that the pattern does not hold.
    pub fn forbidden_until(&self, forbidden: &Forbidden, time: i64) -> Option<i64> {
        match forbidden.within {
            None => Some(i64::MAX),
            Some(within) => Some(self.upper(time, within)).filter(|until| *until <= self.calendar.now()),
        }
    }

    /// An instant and so long on: days and longer step the local calendar, minutes and hours are exact. `i64::MAX` beyond
    /// the calendar.
    pub fn upper(&self, time: i64, within: Duration) -> i64 {
        self.calendar.shift_instant(time, within.count.into(), within.unit).unwrap_or(i64::MAX)
    }
}

/// What lies in both.
fn both(a: Bounds, b: Bounds) -> Bounds {
    let until = a.until.min(b.until);
    Bounds { after: a.after.max(b.after).min(until), until }
}
