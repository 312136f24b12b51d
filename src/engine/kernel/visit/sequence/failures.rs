//! What has been tried in vain.
//!
//! Whether the rest of a pattern can be matched after a row depends on that row, on how much time is left, and on those
//! values of rows matched earlier that the rest refers to; not on the way there. So what has failed once is not tried
//! again when another way leads to the same row with equal values.

use std::collections::HashMap;

use super::candidates::View;
use super::hash::{EMPTY, combine, hash};
use crate::engine::kernel::column::Column;
use crate::engine::kernel::program::order;

/// How much is remembered at most, in entries of any kind. Beyond it everything is forgotten, which costs time only.
const MAX_REMEMBERED: usize = 1 << 20;

/// The failures of one subject.
#[derive(Debug, Default)]
pub struct Failures {
    /// The latest time of the last row for which it failed.
    failed: HashMap<Situation, i64>,
    /// For values that have been looked at, the first row that had equal ones.
    classes: HashMap<(Values, u32), u32>,
    /// By the hash of their values, rows of which no two have equal ones.
    representatives: HashMap<(Values, u64), Vec<u32>>,
}

/// What the rest of a pattern depends on, beside the time left.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Situation {
    /// The next link.
    link: u32,
    /// The row matched last.
    row: u32,
    /// For each earlier step that the rest refers to, a row that has the values it refers to.
    classes: Box<[u32]>,
}

/// Some inputs of a step, as position among what a link needs: link and position.
type Values = (u32, u32);

/// Which values of earlier rows the rest of a pattern from a link on refers to: steps, and their inputs.
pub type Needed = Vec<(usize, Vec<usize>)>;

impl Failures {
    /// What the rest of the pattern from a link on depends on, the row of the link before being matched.
    pub fn situation(&mut self, view: &View, needed: &Needed, link: usize, row: u32, chosen: &[u32]) -> Situation {
        let class = |(at, (step, inputs)): (usize, &(usize, Vec<usize>))| {
            let row = chosen.get(*step).copied().unwrap_or(super::candidates::NOBODY);
            self.class(view, (link as u32, at as u32), (*step, inputs), row)
        };
        Situation { link: link as u32, row, classes: needed.iter().enumerate().map(class).collect() }
    }

    /// Whether it has failed with at least as much time.
    pub fn contains(&self, situation: &Situation, end: i64) -> bool {
        self.failed.get(situation).is_some_and(|failed| end <= *failed)
    }

    /// Notes that it fails.
    pub fn insert(&mut self, situation: Situation, end: i64) {
        if self.failed.len() + self.classes.len() >= MAX_REMEMBERED {
            *self = Failures::default();
        }
        let failed = self.failed.entry(situation).or_insert(end);
        *failed = end.max(*failed);
    }

    /// The first row that had equal values.
    fn class(&mut self, view: &View, values: Values, (step, inputs): (usize, &[usize]), row: u32) -> u32 {
        if let Some(class) = self.classes.get(&(values, row)) {
            return *class;
        }
        let hash = inputs.iter().fold(EMPTY, |key, input| match view.input(step, *input, row) {
            Some((column, at)) if column.is_known(at) => combine(key, hash(column, at)),
            _ => combine(key, 1),
        });
        let equal = |other: &&u32| {
            inputs.iter().all(|input| same(view.input(step, *input, row), view.input(step, *input, **other)))
        };
        let representatives = self.representatives.entry((values, hash)).or_default();
        let class = representatives.iter().find(equal).copied().unwrap_or_else(|| {
            representatives.push(row);
            row
        });
        self.classes.insert((values, row), class);
        class
    }
}

/// Whether two values cannot be told apart. Lists are not compared: each is its own.
fn same(a: Option<(&Column, usize)>, b: Option<(&Column, usize)>) -> bool {
    let (Some((a, row)), Some((b, other))) = (a, b) else { return false };
    match (a.is_known(row), b.is_known(other)) {
        (true, true) => order(a, row, b, other).is_ok_and(|order| order.is_eq()),
        (known, other_known) => known == other_known,
    }
}
