//! Going through the rows that a step may match, given the rows matched before.

use std::collections::VecDeque;

use super::candidates::{Place, View};
use crate::engine::kernel::error::KernelError;

/// Why a search ends without an answer.
#[derive(Debug)]
pub enum Stop {
    /// It was too much work.
    TooMuchWork,
    /// The kernel failed.
    Failed(KernelError),
}

impl From<KernelError> for Stop {
    fn from(error: KernelError) -> Stop {
        Stop::Failed(error)
    }
}

/// How much may still be looked at.
#[derive(Clone, Copy, Debug)]
pub struct Effort(pub u64);

impl Effort {
    /// One row more.
    pub fn spend(&mut self) -> Result<(), Stop> {
        self.0 = self.0.checked_sub(1).ok_or(Stop::TooMuchWork)?;
        Ok(())
    }
}

/// The rows of a step that are later than a row, up to a time, and joined to the rows chosen before; in order.
#[derive(Debug)]
pub struct Scan {
    step: usize,
    key: u64,
    /// The next entry of the step's list.
    at: usize,
    after: Option<Place>,
    until: i64,
    /// Rows found, where conditions of pairs are looked at for several at once.
    found: VecDeque<u32>,
    /// For how many.
    ahead: usize,
}

/// For how many rows conditions of pairs are looked at once, at first and at most.
const AHEAD: std::ops::RangeInclusive<usize> = 4..=1024;

impl Scan {
    /// Begins after a row, or with the first of all. None when no row can be joined to those chosen.
    pub fn new(view: &View, step: usize, chosen: &[u32], after: Option<u32>, until: i64) -> Option<Scan> {
        let key = view.key(step, chosen)?;
        let first = after.map_or(0, |row| row.saturating_add(1));
        let at = view.list(step).partition_point(|entry| *entry < (key, first));
        let after = after.and_then(|row| view.place(row));
        Some(Scan { step, key, at, after, until, found: VecDeque::new(), ahead: *AHEAD.start() })
    }

    /// The next row; with `before`, the next that stands before this one in order.
    pub fn next(
        &mut self,
        view: &View,
        chosen: &[u32],
        before: Option<u32>,
        effort: &mut Effort,
    ) -> Result<Option<u32>, Stop> {
        if view.join(self.step).is_none_or(|join| join.rest.is_none()) {
            return self.step_on(view, chosen, before, effort);
        }
        loop {
            if let Some(row) = self.found.front() {
                let there = before.is_none_or(|before| *row < before);
                return Ok(if there { self.found.pop_front() } else { None });
            }
            let Some(first) = self.step_on(view, chosen, before, effort)? else { return Ok(None) };
            let mut rows = vec![first];
            while rows.len() < self.ahead && self.peek(view).is_some_and(|row| view.together(first, row)) {
                match self.step_on(view, chosen, before, effort)? {
                    Some(row) if view.together(first, row) => rows.push(row),
                    Some(_) => {
                        self.at -= 1;
                        break;
                    }
                    None => break,
                }
            }
            self.ahead = (self.ahead * 4).min(*AHEAD.end());
            self.found.extend(view.pass(self.step, &rows, chosen)?);
        }
    }

    /// The row that the next entry is about.
    fn peek(&self, view: &View) -> Option<u32> {
        view.list(self.step).get(self.at).filter(|(key, _)| *key == self.key).map(|(_, row)| *row)
    }

    /// The next row for which everything but the conditions of pairs holds.
    fn step_on(
        &mut self,
        view: &View,
        chosen: &[u32],
        before: Option<u32>,
        effort: &mut Effort,
    ) -> Result<Option<u32>, Stop> {
        while let Some(row) = self.peek(view)
            && before.is_none_or(|before| row < before)
            && let Some(place) = view.place(row)
            && place.time <= self.until
        {
            effort.spend()?;
            if let Some(after) = self.after
                && after.time == place.time
                && after.table != place.table
            {
                self.skip_to_later(view, after.time);
                continue;
            }
            self.at += 1;
            if view.compares(self.step, row, chosen)? {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// Rows of one time stand together by table: whatever follows those of the row's own is not later than it.
    fn skip_to_later(&mut self, view: &View, time: i64) {
        let rest = view.list(self.step).get(self.at..).unwrap_or_default();
        let not_later =
            |(key, row): &(u64, u32)| *key == self.key && view.place(*row).is_some_and(|place| place.time <= time);
        self.at += rest.partition_point(not_later);
    }
}
