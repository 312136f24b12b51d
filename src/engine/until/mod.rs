//! Until when: the first instant at which membership changes though no row comes.
//!
//! Rows stand still, the clock goes on: windows slide over rows, days begin, people grow older. What a condition about a subject
//! does meanwhile follows from few instants: those at which a row crosses an end of a window (the calendar tells them), and those
//! at which something that reads the clock itself turns (bisection finds them). At these, and nowhere else, the condition is
//! evaluated, by the programs and states that evaluate it in plans.
//!
//! ```text
//! visits_30d >= 2        rows on 2, 20 and 28 March; T = 31 March
//! crossings              1 April (the row of 2 March leaves), 19 April, 27 April
//! the condition          true, false …                → until 19 April
//! ```
//!
//! - `clock`: how a condition reads the clock
//! - `follow`: what of a condition moves, and whether it can be followed
//! - `rankings`: the same of rankings; `drift`: values that all drift alike, so that their order stands still
//! - `crossings`: when rows cross the ends of windows; `dates`: when the day of a date comes near, or a year is over
//! - `ticks`: midnights, hours, changes of offset
//! - `held`, `sequences`: rows in memory; `owners`: what they ask of subjects that move too
//! - `replay`: conditions at many instants, each subject at its own
//! - `timeline`: what is ranked, of everybody from instant to instant; `standings`: the ranks that are made of it, within `limits`
//! - `stirs`: the earliest instant at which anything can change at all, of what is not followed
//! - `search`: from instant to instant, to the first change
//! - `foresee`: all of it together, for a kind of subject

mod clock;
mod crossings;
mod dates;
mod drift;
mod follow;
mod foresee;
mod held;
mod limits;
mod owners;
mod rankings;
mod replay;
mod search;
mod sequences;
mod standings;
mod stirs;
#[cfg(test)]
mod tests;
mod ticks;
mod timeline;

use datafusion::arrow::array::{Array, BooleanArray, RecordBatch, TimestampMicrosecondArray};

use super::query::Query;
use super::report::NoAnswer;
use super::{AsOf, Engine, Error};
use crate::ir::{Node, NodeId, Segment, SubjectId, Value};
use drift::At;
use limits::Limits;
use stirs::Stirs;

/// Nothing beyond so many microseconds after T is looked at: 100 years of 365.25 days.
const HORIZON: i64 = 100 * 31_557_600_000_000;

/// When membership changes by the clock alone.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Untils {
    /// T.
    pub as_of: AsOf,
    /// Nothing later than this was looked at: a hundred years after T at most.
    pub horizon: AsOf,
    /// For each kind of subject that the segments are about.
    pub kinds: Vec<UntilsOfKind>,
}

/// When membership of segments of one kind of subject changes by the clock alone.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UntilsOfKind {
    /// The kind of subject.
    pub subject: String,
    /// The key columns, a row for each subject, in no order.
    pub keys: RecordBatch,
    /// The segments in file order.
    pub segments: Vec<UntilsOfSegment>,
}

/// When membership of a segment changes by the clock alone.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UntilsOfSegment {
    /// The segment.
    pub name: String,
    /// Who is a member at T. No nulls.
    pub member: BooleanArray,
    /// The first instant after T at which a subject is what it is not at T; null: not before the horizon. Whole microseconds, without
    /// a zone. Or why that cannot be said.
    pub next: Result<TimestampMicrosecondArray, NoUntil>,
    /// Nobody's membership changes before this instant; none: not before the horizon. Where `next` is known it is the first of all;
    /// otherwise something stirs then that the segment rests on, and for [`Engine::looked_at_daily`] it may be a midnight.
    pub not_before: Option<AsOf>,
}

impl Untils {
    /// Nothing changes before this instant; none: not before the horizon.
    pub fn first(&self) -> Option<AsOf> {
        self.kinds.iter().flat_map(|kind| &kind.segments).filter_map(|segment| segment.not_before).min()
    }
}

impl UntilsOfSegment {
    /// Whether nobody knows who is a member.
    pub fn has_no_answer(&self) -> bool {
        matches!(self.next, Err(NoUntil::NoAnswer(_)))
    }
}

/// Why nobody can say when membership of a segment changes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoUntil {
    /// The segment has no answer at T.
    #[error("{0}")]
    NoAnswer(NoAnswer),
    /// It depends on the clock in a way that is not followed, or that would take too much work: through conditions that decide which rows a
    /// table has, for instance.
    #[error("it moves with the clock through {0}, and that is not followed")]
    NotFollowed(&'static str),
}

impl Engine {
    /// The segments of which it is not known when they change by the clock: a value with no direction in time is compared, as
    /// `(now - a) * (now - b)`, or steps of a sequence are compared by the clock. They are looked at when a day begins.
    pub fn looked_at_daily(&self) -> Vec<&str> {
        // Whether something is followed is the same at every instant.
        let at = At { now: 0, today: chrono::NaiveDate::default() };
        let reads_clock = |node: &NodeId| {
            let node = self.ir.node(*node);
            matches!(node, Node::Now | Node::Ago(_) | Node::Today | Node::Age(_) | Node::Within { .. })
        };
        let daily = |segment: &&Segment| {
            let moving = self.ir.moving(self.ir.who(segment.subject).into_iter().chain([segment.condition]));
            let reads = moving.iter().any(reads_clock);
            reads && Stirs::of(&self.ir, segment.subject, segment.condition, at).is_daily
        };
        self.ir.segments.iter().filter(|segment| daily(segment)).map(|segment| segment.name.as_str()).collect()
    }
}

impl Query<'_> {
    /// When membership of the segments changes if no row comes: for everybody, members or not. Rows later than the query's instant
    /// do not exist, whatever the clock says.
    ///
    /// Rows that may matter are held in memory. A rank among others whose values move is followed through all that happens to them, if that is
    /// some seconds of work at most.
    ///
    /// # Errors
    /// As [`Query::members`].
    pub async fn until(self) -> Result<Untils, Error> {
        self.until_by(None).await
    }

    /// As [`Query::until`], looking no further than an instant.
    pub(super) async fn until_by(self, by: Option<AsOf>) -> Result<Untils, Error> {
        let blame = self.blame();
        match self.untils(by, &Limits::default()).await {
            Ok(untils) => Ok(untils),
            Err(error) => Err(blame.told(error).await),
        }
    }

    async fn untils(&self, by: Option<AsOf>, limits: &Limits) -> Result<Untils, Error> {
        let now = self.instant().micros();
        let furthest = now.saturating_add(HORIZON);
        let horizon = by.map_or(furthest, |by| by.micros().clamp(now, furthest));
        let mut kinds = Vec::new();
        for (subject, segments) in self.by_kind() {
            kinds.push(self.untils_of(subject, &segments, None, (horizon, limits)).await?);
        }
        Ok(Untils { as_of: self.instant(), horizon: AsOf::from_micros(horizon), kinds })
    }

    /// When membership of one subject changes: for each segment, all of its kind, the instant. None where it does not before the horizon,
    /// or where that is not known.
    pub(super) async fn until_of(
        &self,
        subject: SubjectId,
        key: &[Value],
    ) -> Result<Vec<(String, Option<AsOf>)>, Error> {
        let kinds = self.by_kind();
        let segments = kinds.get(&subject).map(Vec::as_slice).unwrap_or_default();
        let horizon = self.instant().micros().saturating_add(HORIZON);
        let made = self.untils_of(subject, segments, Some(key), (horizon, &Limits::BRIEF)).await?;
        let next = |segment: &UntilsOfSegment| {
            let next = segment.next.as_ref().ok().filter(|next| next.len() == 1 && next.is_valid(0))?;
            Some(AsOf::from_micros(next.value(0)))
        };
        Ok(made.segments.iter().map(|segment| (segment.name.clone(), next(segment))).collect())
    }
}
