//! Everything together: what stands still is asked of a plan, what moves is followed in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, TimestampMicrosecondArray};
use datafusion::arrow::compute::{concat_batches, filter, filter_record_batch};
use datafusion::arrow::datatypes::Schema;
use datafusion::arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{LogicalPlanBuilder, ident};
use futures::TryStreamExt;

use super::drift::At;
use super::follow::{Followed, Leaves};
use super::held::{HeldRows, Subjects};
use super::limits::Limits;
use super::rankings::{FollowedRanking, Rankings};
use super::replay::Replay;
use super::search::Search;
use super::sequences::HeldSequences;
use super::standings::standings;
use super::ticks::Ticks;
use super::timeline::Timeline;
use super::{NoUntil, UntilsOfKind, UntilsOfSegment, crossings, stirs};
use crate::engine::kernel::error::Result as KernelResult;
use crate::engine::query::Query;
use crate::engine::stream::unanswered;
use crate::engine::{AsOf, Error};
use crate::ir::{Node, NodeId, RankingId, SegmentId, SubjectId, Value};
use crate::plan::{Lowering, RowsAsked, compute, run};

/// Why a ranking is not followed whose work is more than the limits allow.
const TOO_MUCH: &str = "ranks among so many, whose values change so often, that it would take too long";

impl Query<'_> {
    /// When membership of segments of one kind changes by the clock alone, of everybody or of one subject only.
    pub(super) async fn untils_of(
        &self,
        subject: SubjectId,
        segments: &[SegmentId],
        only: Option<&[Value]>,
        (horizon, limits): (i64, &Limits),
    ) -> Result<UntilsOfKind, Error> {
        let engine = self.engine();
        let (calendar, tables) = self.ready().await?;
        let mut ir = engine.ir.as_ref().clone();
        let conditions: Vec<NodeId> = segments.iter().map(|segment| ir.segment(*segment).condition).collect();
        let moving = ir.moving(conditions.iter().copied());
        let at = At { now: calendar.now(), today: calendar.today() };
        let rankings = Rankings::below(&mut ir, &conditions, &moving, at);
        let ways: Vec<Result<Followed, NoUntil>> =
            conditions.iter().map(|condition| Followed::of(&mut ir, &[*condition], &moving, &rankings)).collect();
        let together: Vec<(&NodeId, &Followed)> =
            conditions.iter().zip(&ways).filter_map(|(condition, way)| Some((condition, way.as_ref().ok()?))).collect();
        let followed: Vec<NodeId> = together.iter().map(|(condition, _)| **condition).collect();
        let rankings = rankings.of(&ir, &followed);
        // With what was added to tell when conditions turn, and what is ranked without the clock.
        let turning = together.iter().flat_map(|(_, way)| way.turning());
        let ranked =
            rankings.iter().flat_map(|ranking| ranking.nodes.iter().copied().chain(ranking.followed.turning()));
        let moving = ir.moving(conditions.iter().copied().chain(turning).chain(ranked));
        let asked = only.and_then(|key| ir.ask(subject, &[key.to_vec()]));
        let ir = Arc::new(ir);
        let of_conditions = together.iter().map(|(condition, way)| (std::slice::from_ref(*condition), *way));
        let of_rankings = rankings.iter().map(|ranking| (ranking.nodes.as_slice(), &ranking.followed));
        let leaves = Leaves::of(&ir, of_conditions.chain(of_rankings), &moving);

        // Who there is, what stands still of them, and who is a member.
        let mut lowering = Lowering::new(&ir, calendar.clone(), &tables);
        let mut values: Vec<(String, NodeId)> = Vec::new();
        values.extend(conditions.iter().enumerate().map(|(at, node)| (format!("segment {at}"), *node)));
        values.extend(leaves.still.iter().map(|node| (format!("value {}", node.0), *node)));
        values.extend(asked.map(|asked| ("is asked".to_owned(), asked.is_asked)));
        let (mut plan, keys) = lowering.subject_values(subject, values)?;
        // A rank is one among everybody, whoever is asked about.
        if asked.is_some() && rankings.is_empty() {
            plan = LogicalPlanBuilder::from(plan).filter(ident("is asked"))?.build()?;
        }
        let stream = run(&engine.state, &plan).await?;
        let schema = stream.schema();
        let batches: Vec<RecordBatch> = stream.try_collect().await?;
        let all = concat_batches(&schema, &batches).map_err(DataFusionError::from)?;
        let faults = lowering.faults().found();
        let places = (0..keys.len()).collect::<Vec<_>>();
        let keys = all.project(&places).map_err(DataFusionError::from)?;
        let subjects = Subjects::new(keys.columns())?;

        let mut rows = Vec::new();
        for (set, features) in &leaves.features {
            let features: Vec<_> = features.iter().map(|feature| (*feature, leaves.parts.get(feature))).collect();
            let still = lowering.still_rows(*set, subject, &features)?;
            rows.push(HeldRows::read(&engine.state, still, &subjects).await?);
        }
        let mut sequences = None;
        if !leaves.sequences.is_empty() {
            let of_steps =
                lowering.rows_of_sequences(subject, &leaves.sequences, &RowsAsked::AtAnyTime(&leaves.step_parts))?;
            let held = HeldSequences::read(&engine.state, leaves.sequences.clone(), of_steps, &subjects).await?;
            sequences = Some(held);
        }
        let column = |name: String| all.column_by_name(&name).cloned();
        let still: BTreeMap<NodeId, ArrayRef> =
            leaves.still.iter().filter_map(|node| Some((*node, column(format!("value {}", node.0))?))).collect();
        let moving = Arc::new(moving);
        let standings = BTreeMap::new();
        let replay = Replay { ir: Arc::clone(&ir), calendar, moving, still, rows, sequences, standings };
        let mut foreseeing = Foreseeing { replay, subjects: subjects.len(), horizon, too_much: BTreeSet::new() };
        foreseeing.rank(&rankings, keys.columns(), limits).map_err(compute::external)?;

        let is_asked = column("is asked".to_owned()).and_then(|is_asked| is_asked.as_boolean_opt().cloned());
        let is_asked = is_asked.map(|is_asked| is_true(&is_asked));
        let mut made = Vec::new();
        for (at, ((segment, condition), way)) in segments.iter().zip(&conditions).zip(&ways).enumerate() {
            let truths = column(format!("segment {at}"));
            let member = match truths.as_ref().and_then(|truths| truths.as_boolean_opt()) {
                Some(truths) => is_true(truths),
                None => BooleanArray::from(vec![false; subjects.len()]),
            };
            let no_answer = unanswered(&ir, *condition, &faults).map(NoUntil::NoAnswer);
            let too_much = way.is_ok() && foreseeing.is_too_much(&[*condition]);
            let next = match (no_answer, way) {
                (Some(why), _) => Err(why),
                (None, Err(why)) => Err(why.clone()),
                (None, Ok(_)) if too_much => Err(NoUntil::NotFollowed(TOO_MUCH)),
                (None, Ok(followed)) => {
                    let found = foreseeing.first_changes(*condition, followed, &member, is_asked.as_ref());
                    Ok(TimestampMicrosecondArray::from(found.map_err(compute::external)?))
                }
            };
            let not_before = match (&next, way) {
                (Ok(next), _) => datafusion::arrow::compute::min(next),
                (Err(NoUntil::NoAnswer(_)), _) => None,
                (Err(NoUntil::NotFollowed(_)), _) if asked.is_some() => None,
                (Err(NoUntil::NotFollowed(_)), Ok(followed)) => {
                    foreseeing.not_before(*condition, followed, &rankings).map_err(compute::external)?
                }
                (Err(NoUntil::NotFollowed(_)), Err(_)) => {
                    let moving: Vec<NodeId> = ir.moving([*condition]).into_iter().collect();
                    let calendar = &foreseeing.replay.calendar;
                    stirs::not_before((&ir, &engine.state), &mut lowering, calendar, &moving, horizon).await?
                }
            };
            let not_before = not_before.map(AsOf::from_micros);
            made.push(UntilsOfSegment { name: ir.segment(*segment).name.clone(), member, next, not_before });
        }
        let keys = named(&keys, &ir.subject(subject).key_names).map_err(DataFusionError::from)?;
        let all = UntilsOfKind { subject: ir.subject(subject).name.clone(), keys, segments: made };
        match is_asked {
            Some(is_asked) => Ok(only_of(all, &is_asked).map_err(DataFusionError::from)?),
            None => Ok(all),
        }
    }
}

/// True, with unknown as false.
fn is_true(truths: &BooleanArray) -> BooleanArray {
    (0..truths.len()).map(|row| Some(truths.is_valid(row) && truths.value(row))).collect()
}

/// Columns by other names.
fn named(columns: &RecordBatch, names: &[String]) -> Result<RecordBatch, ArrowError> {
    let schema = columns.schema();
    let fields = schema.fields().iter().zip(names).map(|(field, name)| field.as_ref().clone().with_name(name));
    RecordBatch::try_new(Arc::new(Schema::new(fields.collect::<Vec<_>>())), columns.columns().to_vec())
}

/// What was found of some subjects.
fn only_of(all: UntilsOfKind, who: &BooleanArray) -> Result<UntilsOfKind, ArrowError> {
    let mut segments = Vec::new();
    for segment in all.segments {
        let member = filter(&segment.member, who)?.as_boolean().clone();
        let next = match segment.next {
            Ok(next) => Ok(filter(&next, who)?.as_primitive().clone()),
            Err(why) => Err(why),
        };
        segments.push(UntilsOfSegment { member, next, ..segment });
    }
    Ok(UntilsOfKind { keys: filter_record_batch(&all.keys, who)?, segments, ..all })
}

/// Subjects in memory, looked at up to the horizon.
struct Foreseeing {
    replay: Replay,
    subjects: usize,
    horizon: i64,
    /// Rankings that are not followed for the work that it would be.
    too_much: BTreeSet<RankingId>,
}

impl Foreseeing {
    /// Ranks everybody at all instants, inner rankings first. Where that is too much, at T alone: who is ranked then stands so until something
    /// changes.
    fn rank(&mut self, rankings: &[FollowedRanking], keys: &[ArrayRef], limits: &Limits) -> KernelResult<()> {
        let ir = Arc::clone(&self.replay.ir);
        for of in rankings {
            let up_to = |horizon: i64, limits: &Limits| {
                let what = (of.nodes.as_slice(), &of.followed);
                let timeline = Timeline::of(&self.replay, what, self.subjects, horizon, limits)?;
                let made =
                    timeline.map(|timeline| standings(ir.ranking(of.ranking), &of.forms, keys, &timeline, limits));
                made.transpose().map(Option::flatten)
            };
            let made = if self.is_too_much(&of.nodes) { None } else { up_to(self.horizon, limits)? };
            let made = match made {
                Some(made) => made,
                None => {
                    let at_once = up_to(self.replay.calendar.now(), &Limits::NONE)?.unwrap_or_default();
                    self.too_much.insert(of.ranking);
                    at_once
                }
            };
            let nodes =
                made.into_iter().filter_map(|(form, made)| Some((ir.find(&Node::Rank(of.ranking, form))?, made)));
            self.replay.standings.extend(nodes);
        }
        Ok(())
    }

    /// Whether nodes rest on a ranking that takes too much work.
    fn is_too_much(&self, nodes: &[NodeId]) -> bool {
        !self.too_much.is_empty() && self.replay.ir.ranks_below(nodes).keys().any(|rank| self.too_much.contains(rank))
    }

    fn first_changes(
        &self,
        condition: NodeId,
        followed: &Followed,
        member: &BooleanArray,
        of: Option<&BooleanArray>,
    ) -> KernelResult<Vec<Option<i64>>> {
        let (replay, horizon, clockwork) = (&self.replay, self.horizon, &followed.clockwork);
        let below = replay.ir.leaves([condition]).inputs;
        let crossings = crossings::of(replay, &below, followed, self.subjects, horizon)?;
        let ticks = Ticks::of(clockwork, &replay.calendar, horizon);
        let search = Search { replay, condition, clockwork, crossings: &crossings, ticks: &ticks, horizon };
        search.first_changes(member, |subject| of.is_none_or(|of| of.value(subject)))
    }

    /// A condition that rests on rankings which are too much work does not change before the first instant at which anything changes of
    /// anybody that it or they rest on.
    fn not_before(
        &self,
        condition: NodeId,
        followed: &Followed,
        rankings: &[FollowedRanking],
    ) -> KernelResult<Option<i64>> {
        let below = self.replay.ir.ranks_below(&[condition]);
        let of_rankings = rankings.iter().filter(|ranking| below.contains_key(&ranking.ranking));
        let ways = of_rankings.map(|ranking| (ranking.nodes.as_slice(), &ranking.followed));
        let ways: Vec<_> = ways.chain([(std::slice::from_ref(&condition), followed)]).collect();
        stirs::first_stir(&self.replay, &ways, self.subjects, self.horizon)
    }
}
