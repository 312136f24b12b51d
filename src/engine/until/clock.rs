//! How a condition about a subject depends on the clock: what must be looked at, to say when it changes.
//!
//! A feature changes when one of its rows crosses an end of its window: these instants are known beforehand. Everything else that
//! reads the clock in a subject's scope (`today`, `now`, `90d ago`, ages, anniversaries) ends in a condition, and of such a condition
//! one of four things is known:
//!
//! - it asks for an anniversary: it changes some days before or after one;
//! - what it compares only grows, or only shrinks, while features stand still: it changes once at most, and the instant is found by
//!   bisection. `joined_at < 1y ago`, `age(birth_date) >= 65`. Where a value changes its direction at zero of another, as `spend / (now - joined)`
//!   does, that is so on either side of this *pole*, which is found before;
//! - it reads nothing of the clock but the day, or the hour: it is looked at when these change. `weekday(today) = 'monday'`;
//! - neither: nothing exact can be said.
//!
//! A value that is no condition, as what a ranking is `per`, changes with the conditions in it, and for the rest with days and hours.

use std::collections::{BTreeSet, HashMap};

use num_rational::BigRational;
use num_traits::{Signed, Zero};

use super::drift::{Line, line};
use crate::ir::{Ir, Node, NodeId, Part, Type, Value};
use crate::syntax::ast::{CompareOp, Direction, Duration};

/// What changes a condition beside the windows of features.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Clockwork {
    /// Conditions that change once at most while features stand still, the zone keeps its offset and no pole is passed.
    pub turning: BTreeSet<NodeId>,
    /// Whether values are below zero, or not above it, where others change their direction: each turns once at most between those before it.
    pub poles: Vec<NodeId>,
    /// Conditions that can change with nothing but the clock.
    pub loose: BTreeSet<NodeId>,
    /// Anniversaries of dates: the date, and how far from today.
    pub anniversaries: BTreeSet<(NodeId, Direction, Duration)>,
    /// Dates whose age is asked for: it grows once a year.
    pub births: BTreeSet<NodeId>,
    /// Local midnights matter.
    pub days: bool,
    /// Local full hours matter.
    pub hours: bool,
    /// Changes of the zone's offset matter.
    pub offsets: bool,
    /// Days or hours matter to which rows are counted.
    pub rows_tick: bool,
}

impl Clockwork {
    /// The conditions that turn.
    pub fn turns(&self) -> impl Iterator<Item = NodeId> {
        self.turning.iter().chain(&self.poles).copied()
    }

    /// The conditions and the dates that are looked at one by one.
    pub fn looked_at(&self) -> impl Iterator<Item = NodeId> {
        let dates = self.anniversaries.iter().map(|(date, ..)| date).chain(&self.births);
        self.turns().chain(dates.copied())
    }
}

/// A condition of which nothing exact can be said: the node to blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unsolved(pub NodeId);

/// Which way a value goes as time goes on and features stand still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Still,
    Up,
    Down,
    /// One of these for each subject, between poles.
    Either,
    Any,
}

impl Way {
    fn turned(self) -> Way {
        match self {
            Way::Up => Way::Down,
            Way::Down => Way::Up,
            other => other,
        }
    }

    /// Of what grows with both.
    fn with(self, other: Way) -> Way {
        match (self, other) {
            (Way::Still, way) | (way, Way::Still) => way,
            (Way::Up, Way::Up) => Way::Up,
            (Way::Down, Way::Down) => Way::Down,
            _ => Way::Any,
        }
    }

    /// Of what grows or shrinks with it.
    fn either(self) -> Way {
        match self {
            Way::Up | Way::Down => Way::Either,
            other => other,
        }
    }
}

/// Finds out what changes a condition.
pub(super) struct Reading<'a> {
    ir: &'a mut Ir,
    moving: &'a BTreeSet<NodeId>,
    found: Clockwork,
    seen: BTreeSet<NodeId>,
    direct: HashMap<NodeId, bool>,
}

impl<'a> Reading<'a> {
    /// Reads conditions and other values; `moving` are the nodes that can be another with the clock. Comparisons for equality are told by
    /// two for order, which are added to the nodes.
    pub fn of(ir: &'a mut Ir, roots: &[NodeId], moving: &'a BTreeSet<NodeId>) -> Result<Clockwork, Unsolved> {
        let found = Clockwork::default();
        let mut reading = Reading { ir, moving, found, seen: BTreeSet::new(), direct: HashMap::new() };
        let mut pending = roots.to_vec();
        while let Some(node) = pending.pop() {
            if !reading.seen.insert(node) || !reading.reads_clock(node) {
                continue;
            }
            match reading.ir.ty(node) {
                Type::Bool => reading.condition(node, &mut pending)?,
                _ => reading.ticks(node, &mut pending)?,
            }
        }
        Ok(reading.found)
    }

    /// A condition that reads the clock in its own scope.
    fn condition(&mut self, id: NodeId, pending: &mut Vec<NodeId>) -> Result<(), Unsolved> {
        match self.ir.node(id).clone() {
            Node::And(_) | Node::Or(_) | Node::Not(_) => {
                pending.extend(self.ir.operands(id));
                return Ok(());
            }
            Node::IsTrue(_) | Node::Member(_) => {
                // Of something unknown these are false: that would be decided too early.
                self.found.loose.insert(id);
                pending.extend(self.ir.operands(id));
                return Ok(());
            }
            Node::Within { value, anniversary, direction, span } if !self.reads_clock(value) => {
                self.found.loose.insert(id);
                self.found.offsets = true;
                if anniversary && !self.is_held(value) {
                    // Whose day it is may be another one on every leg.
                    self.found.days = true;
                } else if anniversary {
                    self.found.anniversaries.insert((value, direction, span));
                } else {
                    self.between(value, direction, span);
                }
                return Ok(());
            }
            Node::Compare(op, left, right) => {
                let way = match self.way(left).with(self.way(right).turned()) {
                    Way::Any if self.are_in_line(left, right) => Way::Either,
                    way => way,
                };
                match (way, op) {
                    (Way::Still, _) => return Ok(()),
                    (Way::Any, _) => {}
                    (_, CompareOp::Equal | CompareOp::NotEqual) => {
                        self.found.loose.insert(id);
                        for op in [CompareOp::Less, CompareOp::LessOrEqual] {
                            let turning = self.ir.add(Node::Compare(op, left, right));
                            self.found.turning.insert(turning);
                        }
                        return Ok(());
                    }
                    _ => {
                        self.found.loose.insert(id);
                        self.found.turning.insert(id);
                        return Ok(());
                    }
                }
            }
            Node::CompareRoots(op, left, right) => {
                let way = self.way(left.value).with(self.way(right.value).turned());
                let in_order = !matches!(op, CompareOp::Equal | CompareOp::NotEqual);
                if way == Way::Still {
                    return Ok(());
                }
                if way != Way::Any {
                    let ops = if in_order { &[op][..] } else { &[CompareOp::Less, CompareOp::LessOrEqual] };
                    for op in ops {
                        let turning = self.ir.add(Node::CompareRoots(*op, left, right));
                        self.found.turning.insert(turning);
                    }
                    self.found.loose.insert(id);
                    return Ok(());
                }
            }
            _ => {}
        }
        self.ticks(id, pending)
    }

    /// A date between today and some days on or back: both ends turn once.
    fn between(&mut self, value: NodeId, direction: Direction, span: Duration) {
        let today = self.ir.add(Node::Today);
        let count = match direction {
            Direction::Next => i64::from(span.count),
            Direction::Last => -i64::from(span.count),
        };
        let far = self.ir.add(Node::ShiftDate(today, count, span.unit));
        for end in [today, far] {
            for op in [CompareOp::Less, CompareOp::LessOrEqual] {
                let turning = self.ir.add(Node::Compare(op, end, value));
                self.found.turning.insert(turning);
            }
        }
    }

    /// A condition or value of any form: it changes with the conditions in it, and else it is enough to look when the day or the hour
    /// changes, if it reads nothing finer.
    fn ticks(&mut self, id: NodeId, conditions: &mut Vec<NodeId>) -> Result<(), Unsolved> {
        let mut pending = vec![id];
        let mut seen = BTreeSet::new();
        self.found.loose.insert(id);
        while let Some(node) = pending.pop() {
            if !seen.insert(node) || !self.reads_clock(node) {
                continue;
            }
            match self.ir.node(node) {
                Node::Now | Node::Ago(_) => return Err(Unsolved(node)),
                Node::Today => self.found.days = true,
                Node::Age(of) if self.is_held(*of) => {
                    self.found.births.insert(*of);
                    self.found.offsets = true;
                }
                Node::Bucket { value, bounds } => {
                    let (value, bounds) = (*value, bounds.clone());
                    if !self.steps(value, &bounds) {
                        pending.push(value);
                        pending.extend(bounds);
                    }
                }
                Node::Age(of) | Node::Within { value: of, .. } => {
                    self.found.days = true;
                    pending.push(*of);
                }
                Node::LocalDate(of) if self.is_now(*of) => self.found.days = true,
                Node::Part(Part::Hour, of) if self.is_now(*of) => self.found.hours = true,
                _ => {
                    for operand in self.ir.operands(node) {
                        let is_condition = self.ir.ty(operand) == Type::Bool;
                        if is_condition { &mut *conditions } else { &mut pending }.push(operand);
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether a value that stands still between crossings, or has a direction, passes bounds that do not read the clock: it does so one by one.
    fn steps(&mut self, value: NodeId, bounds: &[NodeId]) -> bool {
        if bounds.iter().any(|bound| self.reads_clock(*bound)) || self.way(value) == Way::Any {
            return false;
        }
        for bound in bounds {
            let turning = self.ir.add(Node::Compare(CompareOp::LessOrEqual, *bound, value));
            self.found.turning.insert(turning);
        }
        true
    }

    /// Whether a value is each subject's own, and stands still.
    fn is_held(&self, id: NodeId) -> bool {
        !self.moving.contains(&id) && !matches!(self.ir.node(id), Node::Constant(_) | Node::Unknown(_))
    }

    fn is_now(&self, id: NodeId) -> bool {
        matches!(self.ir.node(id), Node::Now)
    }

    /// Whether the clock is read in the node's own scope.
    fn reads_clock(&mut self, id: NodeId) -> bool {
        if let Some(known) = self.direct.get(&id) {
            return *known;
        }
        let mut stack = vec![(id, false)];
        while let Some((node, below_known)) = stack.pop() {
            if self.direct.contains_key(&node) {
                continue;
            }
            let reads = matches!(
                self.ir.node(node),
                Node::Now | Node::Today | Node::Ago(_) | Node::Age(_) | Node::Within { .. }
            );
            let below = if self.ir.node(node).is_leaf() { Vec::new() } else { self.ir.operands(node) };
            if below_known || reads || below.is_empty() {
                let known = |node: &NodeId| self.direct.get(node).copied().unwrap_or(false);
                let reads = reads || below.iter().any(known);
                self.direct.insert(node, reads);
            } else {
                stack.push((node, true));
                stack.extend(below.into_iter().map(|node| (node, false)));
            }
        }
        self.direct.get(&id).copied().unwrap_or(false)
    }

    /// Which way a value goes. Expressions are no deeper than the checker lets them be.
    fn way(&mut self, id: NodeId) -> Way {
        if !self.reads_clock(id) {
            return Way::Still;
        }
        match self.way_of_form(id) {
            Way::Any if line(self.ir, id).is_some() => Way::Either,
            way => way,
        }
    }

    fn way_of_form(&mut self, id: NodeId) -> Way {
        match self.ir.node(id).clone() {
            Node::Now | Node::Ago(_) => Way::Up,
            Node::Today => {
                // A day may be there twice, in part, where the wall clock is set back at midnight.
                self.found.offsets = true;
                Way::Up
            }
            Node::Age(of) if !self.reads_clock(of) => {
                self.found.offsets = true;
                Way::Up
            }
            Node::Negate(of) => self.way(of).turned(),
            Node::Add(a, b) | Node::AddDuration(a, b) | Node::AddElapsed(a, b) => self.way(a).with(self.way(b)),
            Node::Subtract(a, b)
            | Node::SubtractDuration(a, b)
            | Node::DateDifference(a, b)
            | Node::InstantDifference(a, b) => self.way(a).with(self.way(b).turned()),
            Node::Multiply(a, b) => match (self.way(a), self.way(b)) {
                (Way::Still, way) => scaled(way, self.sign(a)),
                (way, Way::Still) => scaled(way, self.sign(b)),
                _ => Way::Any,
            },
            Node::Divide(a, b) | Node::DivideDuration(a, b) => match (self.way(a), self.way(b)) {
                (way, Way::Still) => scaled(way, self.sign(b)),
                (_, Way::Any) => Way::Any,
                // A ratio of what grows evenly goes one way on each side of where it has no value.
                (above, _) if above == Way::Still || self.are_in_line(a, b) => {
                    self.pole(b);
                    Way::Either
                }
                _ => Way::Any,
            },
            Node::Absolute(of) => match self.way(of) {
                Way::Any => Way::Any,
                _ => {
                    self.pole(of);
                    Way::Either
                }
            },
            Node::Round(of, _)
            | Node::SquareRoot(of)
            | Node::LocalDate(of)
            | Node::DayStart(of)
            | Node::PeriodStart(_, of)
            | Node::ShiftDate(of, ..)
            | Node::ShiftInstant(of, ..)
            | Node::Microseconds(of)
            | Node::Elapsed(of) => {
                // Where the wall clock is set back, these may step back with it, once.
                self.found.offsets = true;
                self.way(of)
            }
            Node::Least(of) | Node::Greatest(of) => of.into_iter().fold(Way::Still, |way, of| way.with(self.way(of))),
            Node::Bucket { value, bounds } if !bounds.iter().any(|bound| self.reads_clock(*bound)) => self.way(value),
            _ => Way::Any,
        }
    }

    /// Notes that others change their direction where a value passes zero.
    fn pole(&mut self, value: NodeId) {
        let zero = match self.ir.ty(value) {
            Type::Duration => Value::Duration(0),
            _ => Value::Number(BigRational::zero()),
        };
        let zero = self.ir.add(Node::Constant(zero));
        for op in [CompareOp::Less, CompareOp::LessOrEqual] {
            let pole = self.ir.add(Node::Compare(op, value, zero));
            if !self.found.poles.contains(&pole) {
                self.found.poles.push(pole);
            }
        }
    }

    /// Whether both values grow evenly with one clock: their difference does too, and their ratio goes one way where it has a value.
    fn are_in_line(&mut self, a: NodeId, b: NodeId) -> bool {
        match (line(self.ir, a), line(self.ir, b)) {
            (Some(Line::Still), Some(_)) | (Some(_), Some(Line::Still)) => true,
            (Some(a), Some(b)) => a == b,
            _ => false,
        }
    }

    /// Whether a constant is positive; none: it is no constant, or zero.
    fn sign(&self, id: NodeId) -> Option<bool> {
        match self.ir.node(id) {
            Node::Constant(Value::Number(number)) => {
                (number.is_positive() || number.is_negative()).then(|| number.is_positive())
            }
            Node::Constant(Value::Duration(length)) => (*length != 0).then_some(*length > 0),
            _ => None,
        }
    }
}

/// Of what is multiplied by something that stands still and is known to be positive, or negative; none: that is another thing for each subject.
fn scaled(way: Way, positive: Option<bool>) -> Way {
    match positive {
        Some(true) => way,
        Some(false) => way.turned(),
        None => way.either(),
    }
}
