//! Values that all drift alike, so that their order stands still while features do.
//!
//! The days since a last visit are others every midnight, for everybody, and yet nobody overtakes anybody: each grows by the same. A
//! ranking asks for nothing but the order of values, so such a value may be taken as if it were still T.
//!
//! ```text
//! now - last(at of visits)              drifts by one for each microsecond     as T - last(at of visits)
//! (today - last_day) / 1d + 3           drifts by one for each day             as (date of T - last_day) / 1d + 3
//! age(birth_date)                       not all on one day                     no
//! (now - joined) / visits               not by the same                        no
//! ```
//!
//! That is only right where the drift is exact and a value is known for as long as it is known at T: differences of instants and dates are
//! both, and sums, multiples and parts of them by constants. Differences of what the calendar holds are far from the ends of 64 bits.

use chrono::NaiveDate;
use num_rational::BigRational;
use num_traits::Zero;

use crate::ir::{Ir, Node, NodeId, Value};

/// T: the instant, and its local date.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    pub now: i64,
    pub today: NaiveDate,
}

/// By how much a value grows with the clock while features stand still.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Drift {
    /// For each microsecond.
    by_now: BigRational,
    /// For each day that begins.
    by_day: BigRational,
}

impl Drift {
    fn none() -> Self {
        Drift { by_now: BigRational::zero(), by_day: BigRational::zero() }
    }

    fn plus(&self, other: &Drift) -> Drift {
        Drift { by_now: &self.by_now + &other.by_now, by_day: &self.by_day + &other.by_day }
    }

    fn times(&self, factor: &BigRational) -> Drift {
        Drift { by_now: &self.by_now * factor, by_day: &self.by_day * factor }
    }

    fn minus(&self, other: &Drift) -> Drift {
        self.plus(&other.times(&-one()))
    }
}

fn one() -> BigRational {
    BigRational::from_integer(1.into())
}

/// A value that has at every instant the order of another one among subjects, equal ones included, and does not read the clock. None: there is
/// none, or it is not seen. A value that reads no clock is its own.
pub(super) fn without_clock(ir: &mut Ir, value: NodeId, at: At) -> Option<NodeId> {
    Drifting { ir, at }.taken(value).map(|(value, _)| value)
}

/// The clock with which a value grows or shrinks evenly while features stand still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Still,
    Now,
    Days,
}

/// How a value grows; none: not evenly, or not with one clock.
pub(super) fn line(ir: &mut Ir, value: NodeId) -> Option<Line> {
    let (_, drift) = Drifting { ir, at: At { now: 0, today: NaiveDate::default() } }.taken(value)?;
    match (drift.by_now.is_zero(), drift.by_day.is_zero()) {
        (true, true) => Some(Line::Still),
        (false, true) => Some(Line::Now),
        (true, false) => Some(Line::Days),
        (false, false) => None,
    }
}

struct Drifting<'a> {
    ir: &'a mut Ir,
    at: At,
}

impl Drifting<'_> {
    /// The value as at T, and how it drifts. Expressions are no deeper than the checker lets them be.
    fn taken(&mut self, id: NodeId) -> Option<(NodeId, Drift)> {
        Some(match self.ir.node(id).clone() {
            Node::Now => {
                let drift = Drift { by_now: one(), ..Drift::none() };
                (self.ir.add(Node::Constant(Value::Instant(self.at.now))), drift)
            }
            Node::Today => self.today(),
            Node::LocalDate(of) if matches!(self.ir.node(of), Node::Now) => self.today(),
            Node::Ago(_) | Node::Age(_) | Node::Within { .. } => return None,
            Node::Negate(of) => {
                let (of, drift) = self.taken(of)?;
                (self.ir.add(Node::Negate(of)), drift.times(&-one()))
            }
            Node::Microseconds(of) => {
                let (of, drift) = self.taken(of)?;
                (self.ir.add(Node::Microseconds(of)), drift)
            }
            Node::Add(a, b) => self.both(a, b, Node::Add, Drift::plus)?,
            Node::Subtract(a, b) => self.both(a, b, Node::Subtract, Drift::minus)?,
            Node::AddDuration(a, b) => self.both(a, b, Node::AddDuration, Drift::plus)?,
            Node::SubtractDuration(a, b) => self.both(a, b, Node::SubtractDuration, Drift::minus)?,
            Node::DateDifference(a, b) => self.both(a, b, Node::DateDifference, Drift::minus)?,
            Node::InstantDifference(a, b) => self.both(a, b, Node::InstantDifference, Drift::minus)?,
            Node::Multiply(a, b) => match (self.constant(a), self.constant(b)) {
                (_, Some(factor)) => self.scaled((a, b), Node::Multiply, &factor)?,
                (Some(factor), None) => self.scaled((b, a), |b, a| Node::Multiply(a, b), &factor)?,
                (None, None) => self.still(id)?,
            },
            Node::Divide(a, b) => self.parted((id, a, b), Node::Divide)?,
            Node::DivideDuration(a, b) => self.parted((id, a, b), Node::DivideDuration)?,
            Node::Least(of) => self.all_alike(&of, Node::Least)?,
            Node::Greatest(of) => self.all_alike(&of, Node::Greatest)?,
            Node::Coalesce(of) => self.all_alike(&of, Node::Coalesce)?,
            _ => self.still(id)?,
        })
    }

    fn today(&mut self) -> (NodeId, Drift) {
        let drift = Drift { by_day: one(), ..Drift::none() };
        (self.ir.add(Node::Constant(Value::Date(self.at.today))), drift)
    }

    /// Of a form that says nothing of drifts: nothing of it may.
    fn still(&mut self, id: NodeId) -> Option<(NodeId, Drift)> {
        if !self.ir.node(id).is_leaf() {
            for operand in self.ir.operands(id) {
                if !self.stands_still(operand) {
                    return None;
                }
            }
        }
        Some((id, Drift::none()))
    }

    /// Whether nothing of an expression reads the clock.
    fn stands_still(&self, id: NodeId) -> bool {
        let below = self.ir.leaves([id]).order;
        let reads = |node: &NodeId| {
            matches!(self.ir.node(*node), Node::Now | Node::Today | Node::Ago(_) | Node::Age(_) | Node::Within { .. })
        };
        !below.iter().any(reads)
    }

    fn both(
        &mut self,
        a: NodeId,
        b: NodeId,
        node: fn(NodeId, NodeId) -> Node,
        drift: fn(&Drift, &Drift) -> Drift,
    ) -> Option<(NodeId, Drift)> {
        let ((a, of_a), (b, of_b)) = (self.taken(a)?, self.taken(b)?);
        Some((self.ir.add(node(a, b)), drift(&of_a, &of_b)))
    }

    /// A value by a constant.
    fn scaled(
        &mut self,
        (value, by): (NodeId, NodeId),
        node: impl Fn(NodeId, NodeId) -> Node,
        factor: &BigRational,
    ) -> Option<(NodeId, Drift)> {
        let (value, drift) = self.taken(value)?;
        Some((self.ir.add(node(value, by)), drift.times(factor)))
    }

    /// A value divided.
    fn parted(
        &mut self,
        (id, above, below): (NodeId, NodeId, NodeId),
        node: fn(NodeId, NodeId) -> Node,
    ) -> Option<(NodeId, Drift)> {
        match self.constant(below).filter(|below| !below.is_zero()) {
            Some(below_value) => self.scaled((above, below), node, &below_value.recip()),
            None => self.still(id),
        }
    }

    /// One of several values: all must drift alike, for which of them it is must not change either.
    fn all_alike(&mut self, of: &[NodeId], node: fn(Vec<NodeId>) -> Node) -> Option<(NodeId, Drift)> {
        let all = of.iter().map(|of| self.taken(*of)).collect::<Option<Vec<_>>>()?;
        let drift = all.first().map_or_else(Drift::none, |(_, drift)| drift.clone());
        if all.iter().any(|(_, other)| *other != drift) {
            return None;
        }
        Some((self.ir.add(node(all.into_iter().map(|(value, _)| value).collect())), drift))
    }

    fn constant(&self, id: NodeId) -> Option<BigRational> {
        match self.ir.node(id) {
            Node::Constant(Value::Number(number)) => Some(number.clone()),
            Node::Constant(Value::Duration(length)) => Some(BigRational::from_integer((*length).into())),
            _ => None,
        }
    }
}
