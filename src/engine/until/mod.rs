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
//! - `crossings`: when rows cross the ends of windows
//! - `ticks`: midnights, hours, changes of offset
//! - `held`, `sequences`: rows in memory
//! - `replay`: conditions at many instants, each subject at its own
//! - `stirs`: the earliest instant at which anything can change at all
//! - `search`: from instant to instant, to the first change

mod clock;
mod crossings;
mod follow;
mod held;
mod replay;
mod search;
mod sequences;
mod stirs;
mod ticks;

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, TimestampMicrosecondArray};
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::Schema;
use datafusion::arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{LogicalPlanBuilder, ident};
use futures::TryStreamExt;

use super::query::Query;
use super::report::NoAnswer;
use super::stream::unanswered;
use super::{AsOf, Engine, Error};
use crate::ir::{Node, NodeId, Segment, SegmentId, SubjectId, Value};
use crate::plan::{Lowering, compute, run};
use follow::{Followed, Leaves};
use held::{HeldRows, Subjects};
use replay::Replay;
use search::Search;
use sequences::HeldSequences;
use ticks::Ticks;

/// Nothing beyond so many microseconds after T is looked at: 100 years of 365.25 days.
const HORIZON: i64 = 100 * 31_557_600_000_000;

/// When membership changes by the clock alone.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Untils {
    /// T.
    pub as_of: AsOf,
    /// Nothing later than this was looked at: a hundred years after T.
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
    /// otherwise it may be an earlier one, and for [`Engine::looked_at_daily`] it is a midnight.
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
    /// It depends on the clock in a way that is not followed subject by subject: through other subjects, for instance.
    #[error("it moves with the clock through {0}, and that is not followed")]
    NotFollowed(&'static str),
}

impl Engine {
    /// The segments of which it is not known when they change by the clock: a value with no direction in time, as `(now - a) / (now - b)`,
    /// is compared, or a rank rests on rows that are compared with the clock. They are looked at when a day begins.
    pub fn looked_at_daily(&self) -> Vec<&str> {
        let mut ir = self.ir.as_ref().clone();
        let mut daily = |segment: &&Segment| {
            let moving = ir.moving([segment.condition]);
            let reads = moving.iter().any(|node| matches!(ir.node(*node), Node::Now | Node::Ago(_)));
            reads && Followed::of(&mut ir, segment.condition, &moving).is_err()
        };
        self.ir.segments.iter().filter(|segment| daily(segment)).map(|segment| segment.name.as_str()).collect()
    }
}

impl Query<'_> {
    /// When membership of the segments changes if no row comes: for everybody, members or not. Rows later than the query's instant
    /// do not exist, whatever the clock says.
    ///
    /// Rows that may matter are held in memory.
    ///
    /// # Errors
    /// As [`Query::members`].
    pub async fn until(self) -> Result<Untils, Error> {
        let blame = self.blame();
        match self.untils().await {
            Ok(untils) => Ok(untils),
            Err(error) => Err(blame.told(error).await),
        }
    }

    async fn untils(&self) -> Result<Untils, Error> {
        let now = self.instant().micros();
        let horizon = now.saturating_add(HORIZON);
        let mut kinds = Vec::new();
        for (subject, segments) in self.by_kind() {
            kinds.push(self.untils_of(subject, &segments, None, horizon).await?);
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
        let made = self.untils_of(subject, segments, Some(key), horizon).await?;
        let next = |segment: &UntilsOfSegment| {
            let next = segment.next.as_ref().ok().filter(|next| next.len() == 1 && next.is_valid(0))?;
            Some(AsOf::from_micros(next.value(0)))
        };
        Ok(made.segments.iter().map(|segment| (segment.name.clone(), next(segment))).collect())
    }

    async fn untils_of(
        &self,
        subject: SubjectId,
        segments: &[SegmentId],
        only: Option<&[Value]>,
        horizon: i64,
    ) -> Result<UntilsOfKind, Error> {
        let engine = self.engine();
        let mut ir = engine.ir.as_ref().clone();
        let conditions: Vec<NodeId> = segments.iter().map(|segment| ir.segment(*segment).condition).collect();
        let moving = ir.moving(conditions.iter().copied());
        let mut ways = Vec::new();
        for condition in &conditions {
            ways.push(Followed::of(&mut ir, *condition, &moving));
        }
        // With what was added to tell when conditions turn.
        let turning = ways.iter().flatten().flat_map(Followed::turning);
        let moving = ir.moving(conditions.iter().copied().chain(turning));
        let asked = only.and_then(|key| ir.ask(subject, &[key.to_vec()]));
        let ir = Arc::new(ir);
        let leaves = Leaves::of(&ir, ways.iter().zip(&conditions), &moving);

        // Who there is, what stands still of them, and who is a member.
        let (calendar, tables) = self.ready().await?;
        let mut lowering = Lowering::new(&ir, calendar.clone(), &tables);
        let mut values: Vec<(String, NodeId)> = Vec::new();
        values.extend(conditions.iter().enumerate().map(|(at, node)| (format!("segment {at}"), *node)));
        values.extend(leaves.still.iter().map(|node| (format!("value {}", node.0), *node)));
        values.extend(asked.map(|asked| ("is asked".to_owned(), asked.is_asked)));
        let (mut plan, keys) = lowering.subject_values(subject, values)?;
        if asked.is_some() {
            plan = LogicalPlanBuilder::from(plan).filter(ident("is asked"))?.build()?;
        }
        let stream = run(&engine.state, &plan).await?;
        let schema = stream.schema();
        let batches: Vec<RecordBatch> = stream.try_collect().await?;
        let all = concat_batches(&schema, &batches).map_err(DataFusionError::from)?;
        let faults = lowering.faults().found();
        let places = (0..keys.len()).collect::<Vec<_>>();
        let keys = all.project(&places).map_err(DataFusionError::from)?;
        let keys = named(&keys, &ir.subject(subject).key_names).map_err(DataFusionError::from)?;
        let subjects = Subjects::new(keys.columns())?;

        let mut rows = Vec::new();
        for (set, features) in &leaves.features {
            let features: Vec<_> = features.iter().map(|feature| (*feature, leaves.parts.get(feature))).collect();
            let still = lowering.still_rows(*set, subject, &features)?;
            rows.push(HeldRows::read(&engine.state, still, &subjects).await?);
        }
        let mut sequences = None;
        if !leaves.sequences.is_empty() {
            let of_steps = lowering.rows_of_sequences(subject, &leaves.sequences, false)?;
            let held = HeldSequences::read(&engine.state, leaves.sequences.clone(), of_steps, &subjects).await?;
            sequences = Some(held);
        }
        let column = |name: String| all.column_by_name(&name).cloned();
        let still: BTreeMap<NodeId, ArrayRef> =
            leaves.still.iter().filter_map(|node| Some((*node, column(format!("value {}", node.0))?))).collect();
        let replay = Replay { ir: Arc::clone(&ir), calendar, moving: Arc::new(moving), still, rows, sequences };

        let mut made = Vec::new();
        for (at, ((segment, condition), way)) in segments.iter().zip(&conditions).zip(ways).enumerate() {
            let truths = column(format!("segment {at}"));
            let member: BooleanArray = match truths.as_ref().and_then(|truths| truths.as_boolean_opt()) {
                Some(truths) => (0..truths.len()).map(|row| Some(truths.is_valid(row) && truths.value(row))).collect(),
                None => BooleanArray::from(vec![false; subjects.len()]),
            };
            let no_answer = unanswered(&ir, *condition, &faults).map(NoUntil::NoAnswer);
            let next = match (no_answer, way) {
                (Some(why), _) | (None, Err(why)) => Err(why),
                (None, Ok(followed)) => {
                    let found = first_changes(&replay, *condition, &followed, &member, horizon);
                    Ok(TimestampMicrosecondArray::from(found.map_err(compute::external)?))
                }
            };
            let not_before = match &next {
                Ok(next) => datafusion::arrow::compute::min(next),
                Err(NoUntil::NoAnswer(_)) => None,
                Err(NoUntil::NotFollowed(_)) if asked.is_some() => None,
                Err(NoUntil::NotFollowed(_)) => {
                    let moving: Vec<NodeId> = ir.moving([*condition]).into_iter().collect();
                    stirs::not_before((&ir, &engine.state), &mut lowering, &replay.calendar, &moving, horizon).await?
                }
            };
            let not_before = not_before.map(AsOf::from_micros);
            made.push(UntilsOfSegment { name: ir.segment(*segment).name.clone(), member, next, not_before });
        }
        Ok(UntilsOfKind { subject: ir.subject(subject).name.clone(), keys, segments: made })
    }
}

/// Columns by other names.
fn named(columns: &RecordBatch, names: &[String]) -> Result<RecordBatch, ArrowError> {
    let schema = columns.schema();
    let fields = schema.fields().iter().zip(names).map(|(field, name)| field.as_ref().clone().with_name(name));
    RecordBatch::try_new(Arc::new(Schema::new(fields.collect::<Vec<_>>())), columns.columns().to_vec())
}

fn first_changes(
    replay: &Replay,
    condition: NodeId,
    followed: &Followed,
    member: &BooleanArray,
    horizon: i64,
) -> crate::engine::kernel::error::Result<Vec<Option<i64>>> {
    let below = replay.ir.leaves([condition]).inputs;
    let clockwork = &followed.clockwork;
    let mut crossings = crossings::of(replay, &below, &followed.filters, member.len(), horizon)?;
    crossings::of_anniversaries(replay, &clockwork.anniversaries, horizon, &mut crossings)?;
    let ticks = Ticks::of(clockwork, &replay.calendar, horizon);
    let search = Search { replay, condition, clockwork, crossings: &crossings, ticks: &ticks, horizon };
    search.first_changes(member)
}
