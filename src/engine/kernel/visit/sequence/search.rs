//! Sequences whose steps refer to rows matched before: a search over a subject's rows, which are kept.
//!
//! The search goes from the first step on and backtracks. What keeps it short:
//!
//! - Rows that must equal something of an earlier row are found by it (`join`, `candidates`).
//! - What has failed is remembered (`failures`).
//! - Where nothing behind a row refers to it and no time is counted from it, only the earliest that will do are tried:
//!   whatever may follow a later row may follow them.
//!
//! ```text
//! sequence(visits as v then sales where sku = v.sku then never within 7d returns where sku = v.sku)
//!
//! visits      10:00 shoe   11:00 sock   12:00 shoe
//! sales       11:30 sock   12:30 shoe
//! returns     13:00 sock
//!
//! 10:00 shoe -> sales of a shoe later than 10:00: 12:30 -> returns of a shoe within 7 days: none, found
//! ```
//!
//! Still there are patterns and data for which a search takes long: with `value > b.value` in every step, say. So every
//! row that is looked at counts, and beyond [`MAX_WORK`] of them the answer is that there is none.

use super::Outcome;
use super::batch::Batch;
use super::candidates::{Candidates, NOBODY, View};
use super::failures::{Failures, Needed, Situation};
use super::join::Joins;
use super::pattern::{Link, Pattern};
use super::scan::{Effort, Scan, Stop};
use crate::engine::kernel::error::Result;

/// How many rows a search for one sequence looks at for one subject, counting a row as often as it is looked at; and how
/// many rows it keeps.
pub const MAX_WORK: u64 = 50_000_000;

/// The search for one sequence among one subject's rows.
#[derive(Debug)]
pub struct Search {
    candidates: Candidates,
    /// There are more rows than may be kept.
    overflow: bool,
    max_work: u64,
    links: Vec<LinkPlan>,
}

/// What is known of a link before there are rows.
#[derive(Debug)]
struct LinkPlan {
    /// Only the earliest rows need to be tried.
    earliest: bool,
    /// What the pattern from here on refers to, the link before left out.
    needed: Needed,
}

impl Search {
    /// Before the first subject. `max_work` as [`MAX_WORK`].
    pub fn new(pattern: &Pattern, joins: &Joins, max_work: u64) -> Search {
        let links = pattern.links();
        let taken_by = |step: usize| joins.steps().get(step).map_or(&[][..], |join| &join.taken_by);
        let plan = |(at, link): (usize, &Link)| LinkPlan {
            earliest: links.get(at + 1).is_some_and(|next| next.within.is_none())
                && link.between.is_empty()
                && taken_by(link.step).iter().all(Option::is_none)
                && !(at == 0 && pattern.is_limited()),
            needed: match at.checked_sub(1).map(|before| links.split_at(before)) {
                Some((earlier, [before, ..])) => {
                    let needed = |earlier: &Link| {
                        let taken = taken_by(earlier.step).iter().enumerate();
                        let inputs = taken.filter(|(_, by)| **by > Some(before.step)).map(|(input, _)| input);
                        (earlier.step, inputs.collect::<Vec<usize>>())
                    };
                    earlier.iter().map(needed).filter(|(_, inputs)| !inputs.is_empty()).collect()
                }
                _ => Needed::new(),
            },
        };
        let links = links.iter().enumerate().map(plan).collect();
        Search { candidates: Candidates::default(), overflow: false, max_work, links }
    }

    /// Takes rows of the subject, as [`super::Sequences::push`] has them.
    pub fn push(&mut self, batch: &Batch, sequence: usize, rows: std::ops::Range<usize>, joins: &Joins) {
        let limit = usize::try_from(self.max_work).unwrap_or(usize::MAX).min(NOBODY as usize);
        if !self.overflow && !self.candidates.add(batch, sequence, rows, joins, limit) {
            self.overflow = true;
            self.candidates.clear();
        }
    }

    /// Whether the subject's rows hold the sequence; ready for the next subject.
    ///
    /// # Errors
    ///
    /// Those of the conditions' programs.
    pub fn finish(&mut self, pattern: &Pattern, joins: &Joins, sequence: usize) -> Result<Outcome> {
        if std::mem::take(&mut self.overflow) {
            return Ok(Outcome::TooMuchWork);
        }
        self.candidates.sort();
        let view = View { pattern, joins, sequence, candidates: &self.candidates };
        let found = Walk::new(view, &self.links, self.max_work).run();
        self.candidates.clear();
        match found {
            Ok(true) => Ok(Outcome::Found),
            Ok(false) => Ok(Outcome::Absent),
            Err(Stop::TooMuchWork) => Ok(Outcome::TooMuchWork),
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    /// Bytes held beside its own, the batches left out.
    pub fn heap(&self) -> usize {
        self.candidates.heap()
    }
}

/// A search under way.
struct Walk<'a> {
    view: View<'a>,
    plans: &'a [LinkPlan],
    /// By step, the rows chosen.
    chosen: Vec<u32>,
    /// How late the last row may be.
    end: i64,
    effort: Effort,
    failures: Failures,
}

/// A link for which rows are being tried.
struct Frame {
    scan: Option<Scan>,
    /// One for each step forbidden between the row before and this link's.
    bars: Vec<Bar>,
    /// Time and table of the last row tried.
    tried: Option<(i64, u32)>,
    /// What it is to be remembered as if it fails.
    situation: Option<Situation>,
}

impl<'a> Walk<'a> {
    fn new(view: View<'a>, plans: &'a [LinkPlan], max_work: u64) -> Self {
        let chosen = vec![NOBODY; view.joins.steps().len()];
        Walk { view, plans, chosen, end: i64::MAX, effort: Effort(max_work), failures: Failures::default() }
    }

    fn run(&mut self) -> Result<bool, Stop> {
        let links = self.view.pattern.links();
        if links.iter().any(|link| self.view.list(link.step).is_empty()) {
            return Ok(false);
        }
        let mut stack: Vec<Frame> = links.first().map(|link| self.frame(None, link, None)).into_iter().collect();
        while let Some(at) = stack.len().checked_sub(1)
            && let (Some(frame), Some(link), Some(plan)) = (stack.last_mut(), links.get(at), self.plans.get(at))
        {
            let Some(row) = self.next(frame, link, plan)? else {
                if let Some(Frame { situation: Some(situation), .. }) = stack.pop() {
                    self.failures.insert(situation, self.end);
                }
                continue;
            };
            let Some(next) = links.get(at + 1) else { return Ok(true) };
            if at == 0 {
                self.end = self.view.place(row).map_or(i64::MAX, |first| self.view.pattern.last_end(first.time));
            }
            let situation = self.situation(at + 1, row);
            if situation.as_ref().is_none_or(|situation| !self.failures.contains(situation, self.end)) {
                stack.push(self.frame(Some((link, row)), next, situation));
            }
        }
        Ok(false)
    }

    /// What to remember the links from one on as; nothing where only one way leads there.
    fn situation(&mut self, at: usize, row: u32) -> Option<Situation> {
        let plan = self.plans.get(at).filter(|_| at >= 2)?;
        Some(self.failures.situation(&self.view, &plan.needed, at, row, &self.chosen))
    }

    /// Begins with a link, after the row of the one before.
    fn frame(&self, before: Option<(&Link, u32)>, link: &Link, situation: Option<Situation>) -> Frame {
        let place = before.and_then(|(_, row)| self.view.place(row));
        let until = place.map_or(i64::MAX, |place| self.view.pattern.last_time(link, place.time).min(self.end));
        let scan = |step| Scan::new(&self.view, step, &self.chosen, before.map(|(_, row)| row), until);
        let between = before.map_or(&[][..], |(link, _)| &link.between);
        Frame {
            scan: scan(link.step),
            bars: between.iter().filter_map(|step| scan(*step)).map(Bar::new).collect(),
            tried: None,
            situation,
        }
    }

    /// Chooses the next row for a link.
    fn next(&mut self, frame: &mut Frame, link: &Link, plan: &LinkPlan) -> Result<Option<u32>, Stop> {
        let Some(scan) = &mut frame.scan else { return Ok(None) };
        'rows: while let Some(row) = scan.next(&self.view, &self.chosen, None, &mut self.effort)? {
            let Some(place) = self.view.place(row) else { break };
            if plan.earliest
                && let Some((time, table)) = frame.tried
            {
                if place.time > time {
                    break;
                }
                if place.table == table {
                    continue;
                }
            }
            for bar in &mut frame.bars {
                match bar.check(&self.view, &self.chosen, row, &mut self.effort)? {
                    Barred::No => {}
                    Barred::Yes => continue 'rows,
                    Barred::FromHereOn => break 'rows,
                }
            }
            if let Some(chosen) = self.chosen.get_mut(link.step) {
                *chosen = row;
            }
            if self.may_stay(link, row, place.time)? {
                frame.tried = Some((place.time, place.table));
                return Ok(Some(row));
            }
        }
        if let Some(chosen) = self.chosen.get_mut(link.step) {
            *chosen = NOBODY;
        }
        Ok(None)
    }

    /// Whether no row follows that may not for some time.
    fn may_stay(&mut self, link: &Link, row: u32, time: i64) -> Result<bool, Stop> {
        for forbidden in &link.after {
            let Some(until) = self.view.pattern.forbidden_until(forbidden, time) else { return Ok(false) };
            let scan = Scan::new(&self.view, forbidden.step, &self.chosen, Some(row), until);
            if let Some(mut scan) = scan
                && scan.next(&self.view, &self.chosen, None, &mut self.effort)?.is_some()
            {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Rows forbidden between the row before and the next, as far as the next has been looked for.
#[derive(Debug)]
struct Bar {
    scan: Scan,
    /// The time of the earliest, and the table of the last of that time.
    found: Option<(i64, u32)>,
}

/// Whether a forbidden row stands before a row.
enum Barred {
    No,
    Yes,
    /// Before it and every row after it.
    FromHereOn,
}

impl Bar {
    fn new(scan: Scan) -> Bar {
        Bar { scan, found: None }
    }

    /// Rows must be asked for in order.
    fn check(&mut self, view: &View, chosen: &[u32], row: u32, effort: &mut Effort) -> Result<Barred, Stop> {
        let Some(place) = view.place(row) else { return Ok(Barred::FromHereOn) };
        while self.found.is_none_or(|(time, _)| time == place.time)
            && let Some(bar) = self.scan.next(view, chosen, Some(row), effort)?
            && let Some(bar) = view.place(bar)
        {
            let earliest = self.found.map_or(bar.time, |(time, _)| time);
            self.found = Some((earliest, bar.table));
        }
        Ok(match self.found {
            None => Barred::No,
            Some((time, _)) if time < place.time => Barred::FromHereOn,
            // Rows of one time stand together by table: if one of this table stands before, it is the last that does.
            Some((_, table)) if table == place.table => Barred::Yes,
            Some(_) => Barred::No,
        })
    }
}
