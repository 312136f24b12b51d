//! Both ways agree with the definition, tried on every choice of rows.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

/// A condition on a step's row and rows matched before; these by a number taken modulo how many there are.
#[derive(Clone, Copy, Debug)]
enum Join {
    /// `key = e.key`
    SameKey(usize),
    /// `e.key = key`
    SameKeyTurned(usize),
    /// `key = e.value`
    KeyIsValue(usize),
    /// `key != e.key`
    OtherKey(usize),
    /// `value > e.value`
    Greater(usize),
    /// `e.value > value`
    Less(usize),
    /// `value + e.value >= 3`
    Sum(usize),
    /// `key = e.key + f.key`
    SumOfTwo(usize, usize),
    /// `value > 1`
    Own,
}

/// A step in numbers: never, within how many hours, from and to which hour, joined how.
#[derive(Clone, Debug)]
struct Step {
    never: bool,
    within: Option<u32>,
    window: Option<(i64, i64)>,
    joins: Vec<Join>,
}

#[derive(Clone, Debug)]
struct Case {
    steps: Vec<Step>,
    window: Option<(i64, i64)>,
    within: Option<u32>,
    rows: Vec<Row>,
    /// T is so many hours after the last row.
    quiet: i64,
    cut: usize,
}

fn join() -> impl Strategy<Value = Join> {
    (0u8..10, 0usize..60, 0usize..60).prop_map(|(kind, a, b)| match kind {
        0 | 1 => Join::SameKey(a),
        2 => Join::SameKeyTurned(a),
        3 => Join::KeyIsValue(a),
        4 => Join::OtherKey(a),
        5 => Join::Greater(a),
        6 => Join::Less(a),
        7 => Join::Sum(a),
        8 => Join::SumOfTwo(a, b),
        _ => Join::Own,
    })
}

fn case(joins: usize) -> impl Strategy<Value = Case> {
    let window = || proptest::option::weighted(0.15, (0i64..3, 2i64..6));
    let within = || proptest::option::weighted(0.4, 0u32..4);
    let step = (proptest::bool::weighted(0.35), within(), window(), proptest::collection::vec(join(), 0..=joins))
        .prop_map(|(never, within, window, joins)| Step { never, within, window, joins });
    let cell = || proptest::option::weighted(0.85, 0i64..3);
    let mask = proptest::collection::vec(proptest::option::weighted(0.9, proptest::bool::weighted(0.6)), 5);
    let row = (0i64..5, 0u32..3, mask, cell(), cell()).prop_map(|(time, table, steps, key, value)| Row {
        time,
        table,
        steps,
        key,
        value,
    });
    let steps = proptest::collection::vec(step, 1..=5);
    let rows = proptest::collection::vec(row, 0..=8);
    let whole = (window(), within(), 0i64..4, 1usize..10);
    (steps, rows, whole).prop_map(|(mut steps, rows, (window, within, quiet, cut))| {
        (steps[0].never, steps[0].within) = (false, None);
        Case { steps, window, within, rows, quiet, cut }
    })
}

impl Case {
    fn now(&self) -> i64 {
        self.rows.iter().map(|row| row.time).max().unwrap_or(0) + self.quiet
    }

    /// Steps before one that match rows.
    fn matched_before(&self, step: usize) -> Vec<usize> {
        (0..step).filter(|at| !self.steps[*at].never).collect()
    }

    fn fixture(&self) -> Fixture {
        let absolute = |window: Option<(i64, i64)>| {
            window.map(|(from, to)| Window::Absolute {
                from: Some(Moment::Instant(from * HOUR)),
                to: Some(Moment::Instant(to * HOUR)),
            })
        };
        let mut fixture = Fixture::new("");
        for (at, step) in self.steps.iter().enumerate() {
            fixture.step(step.never, step.within);
            fixture.sequence.steps[at].window = absolute(step.window);
            for join in &step.joins {
                let before = self.matched_before(at);
                let earlier = |of: usize| before.get(of % before.len().max(1)).copied();
                let condition = condition(&mut fixture, *join, &earlier);
                condition.into_iter().for_each(|condition| fixture.join(at, condition));
            }
        }
        fixture.sequence.window = absolute(self.window);
        fixture.sequence.within = self.within.map(hours);
        fixture.now = self.now();
        fixture
    }

    fn holds(&self) -> bool {
        self.try_step(0, &mut vec![None; self.steps.len()])
    }

    /// Whether the steps from one on can be matched after those chosen.
    fn try_step(&self, at: usize, chosen: &mut Vec<Option<usize>>) -> bool {
        let Some(step) = self.steps.get(at) else { return self.is_held_by(chosen) };
        if step.never {
            return self.try_step(at + 1, chosen);
        }
        (0..self.rows.len()).any(|row| {
            chosen[at] = Some(row);
            let found = self.passes(at, row, chosen) && self.try_step(at + 1, chosen);
            chosen[at] = None;
            found
        })
    }

    /// Whether rows, one for each step that is not `never`, fulfil everything that concerns several of them.
    fn is_held_by(&self, chosen: &[Option<usize>]) -> bool {
        let times: Vec<i64> = chosen.iter().flatten().map(|row| self.rows[*row].time).collect();
        let whole = self.within.is_none_or(|within| times[times.len() - 1] <= times[0] + i64::from(within));
        let inside = times.iter().all(|time| self.window.is_none_or(|(from, to)| from <= *time && *time <= to));
        whole && inside && (1..self.steps.len()).all(|at| self.step_is_held(at, chosen))
    }

    fn step_is_held(&self, at: usize, chosen: &[Option<usize>]) -> bool {
        let step = &self.steps[at];
        let before = chosen[..at].iter().rev().flatten().next().copied().unwrap();
        let until = step.within.map(|within| self.rows[before].time + i64::from(within));
        if let Some(row) = chosen[at] {
            return self.later(row, before) && until.is_none_or(|until| self.rows[row].time <= until);
        }
        let next = chosen[at..].iter().flatten().next().copied();
        let forbidden = |row: usize| {
            let in_the_way = match (until, next) {
                (Some(until), _) => self.rows[row].time <= until,
                (None, Some(next)) => self.later(next, row),
                (None, None) => true,
            };
            in_the_way && self.later(row, before) && self.passes(at, row, chosen)
        };
        until.is_none_or(|until| until <= self.now()) && !(0..self.rows.len()).any(forbidden)
    }

    fn later(&self, row: usize, than: usize) -> bool {
        let (a, b) = (&self.rows[row], &self.rows[than]);
        a.time > b.time || (a.time == b.time && a.table == b.table && row > than)
    }

    /// Whether a row is one of a step's, given the rows chosen before.
    fn passes(&self, at: usize, row: usize, chosen: &[Option<usize>]) -> bool {
        let (step, own) = (&self.steps[at], &self.rows[row]);
        let before = self.matched_before(at);
        let other = |of: usize| Some(&self.rows[chosen[*before.get(of % before.len().max(1))?].unwrap()]);
        let joined = |join: &Join| match *join {
            Join::Own => own.value.is_some_and(|value| value > 1),
            Join::SumOfTwo(e, f) => match (other(e), other(f)) {
                (Some(e), Some(f)) => own.key.zip(e.key.zip(f.key)).is_some_and(|(own, (e, f))| own == e + f),
                _ => true,
            },
            Join::SameKey(e) | Join::SameKeyTurned(e) => {
                other(e).is_none_or(|e| own.key.zip(e.key).is_some_and(|(own, e)| own == e))
            }
            Join::KeyIsValue(e) => other(e).is_none_or(|e| own.key.zip(e.value).is_some_and(|(own, e)| own == e)),
            Join::OtherKey(e) => other(e).is_none_or(|e| own.key.zip(e.key).is_some_and(|(own, e)| own != e)),
            Join::Greater(e) => other(e).is_none_or(|e| own.value.zip(e.value).is_some_and(|(own, e)| own > e)),
            Join::Less(e) => other(e).is_none_or(|e| own.value.zip(e.value).is_some_and(|(own, e)| own < e)),
            Join::Sum(e) => other(e).is_none_or(|e| own.value.zip(e.value).is_some_and(|(own, e)| own + e >= 3)),
        };
        own.is_of(at)
            && step.window.is_none_or(|(from, to)| from <= own.time && own.time <= to)
            && step.joins.iter().all(joined)
    }
}

/// A join as a node; none if it refers to a row and none is matched before.
fn condition(fixture: &mut Fixture, join: Join, earlier: &dyn Fn(usize) -> Option<usize>) -> Option<NodeId> {
    let (key, value) = (fixture.key(), fixture.value());
    let (op, left, right) = match join {
        Join::Own => (CompareOp::Greater, value, fixture.number(1)),
        Join::SameKey(e) => (CompareOp::Equal, key, fixture.earlier(earlier(e)?, key)),
        Join::SameKeyTurned(e) => (CompareOp::Equal, fixture.earlier(earlier(e)?, key), key),
        Join::KeyIsValue(e) => (CompareOp::Equal, key, fixture.earlier(earlier(e)?, value)),
        Join::OtherKey(e) => (CompareOp::NotEqual, key, fixture.earlier(earlier(e)?, key)),
        Join::Greater(e) => (CompareOp::Greater, value, fixture.earlier(earlier(e)?, value)),
        Join::Less(e) => (CompareOp::Greater, fixture.earlier(earlier(e)?, value), value),
        Join::Sum(e) => {
            let other = fixture.earlier(earlier(e)?, value);
            (CompareOp::GreaterOrEqual, fixture.add(Node::Add(value, other)), fixture.number(3))
        }
        Join::SumOfTwo(e, f) => {
            let (e, f) = (fixture.earlier(earlier(e)?, key), fixture.earlier(earlier(f)?, key));
            (CompareOp::Equal, key, fixture.add(Node::Add(e, f)))
        }
    };
    Some(fixture.add(Node::Compare(op, left, right)))
}

/// How often each answer was given.
#[derive(Default)]
struct Answers {
    found: Cell<u32>,
    absent: Cell<u32>,
}

fn agree(cases: u32, joins: usize, always_search: bool) -> Answers {
    let answers = Answers::default();
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&case(joins), |case| {
        let mut sequences = case.fixture().sequences(MAX_WORK).unwrap();
        if always_search {
            sequences.search_always();
        }
        let found = look(&mut sequences, &case.rows, case.cut).unwrap();
        let expected = if case.holds() { Outcome::Found } else { Outcome::Absent };
        prop_assert_eq!(found, expected);
        let count = if found == Outcome::Found { &answers.found } else { &answers.absent };
        count.set(count.get() + 1);
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
    answers
}

impl Sequences {
    /// Searches although nothing refers to a row matched before.
    fn search_always(&mut self) {
        for plan in &mut self.plans {
            plan.way = Way::Search(Search::new(&plan.pattern, &plan.joins, MAX_WORK));
        }
    }
}

#[test]
fn the_pass_agrees() {
    let answers = agree(12_000, 0, false);
    assert!(answers.found.get() > 2000 && answers.absent.get() > 2000);
}

#[test]
fn the_search_agrees_without_joins() {
    let answers = agree(6000, 0, true);
    assert!(answers.found.get() > 1000 && answers.absent.get() > 1000);
}

#[test]
fn the_search_agrees_with_joins() {
    let answers = agree(12_000, 2, false);
    assert!(answers.found.get() > 1000 && answers.absent.get() > 2000);
}
