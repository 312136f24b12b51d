//! Everything together: what stands still is asked of a plan, what moves is followed in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, TimestampMicrosecondArray};
use datafusion::arrow::compute::{concat_batches, filter, filter_record_batch};
use datafusion::arrow::datatypes::Schema;
use datafusion::arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{LogicalPlanBuilder, ident};
use futures::TryStreamExt;

use super::drift::At;
use super::follow::{Followed, Leaves, WHO};
use super::held::{HeldRows, Subjects};
use super::limits::Limits;
use super::owners::{Asks, Owners, OwnersOfKind};
use super::rankings::{FollowedRanking, Rankings};
use super::replay::Replay;
use super::search::Search;
use super::sequences::HeldSequences;
use super::standings::standings;
use super::stirs::Stirs;
use super::ticks::Ticks;
use super::timeline::Timeline;
use super::{NoUntil, UntilsOfKind, UntilsOfSegment, crossings};
use crate::engine::kernel::calendar::Calendar;
use crate::engine::kernel::error::Result as KernelResult;
use crate::engine::query::Query;
use crate::engine::report::NoAnswer;
use crate::engine::stream::unanswered;
use crate::engine::{AsOf, Error};
use crate::ir::{BaseTableId, Ir, Node, NodeId, RankingId, SegmentId, SubjectId, Value};
use crate::plan::{Lowering, Prepared, RowsAsked, compute, run};

/// The column that says whether a subject is asked about.
const IS_ASKED: &str = "is asked";
/// Why a ranking is not followed whose work is more than the limits allow.
const TOO_MUCH: &str = "what becomes of so many others, who change so often, that it would take too long";

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
        let ready = self.ready().await?;
        let mut ir = engine.ir.as_ref().clone();
        let conditions: Vec<NodeId> = segments.iter().map(|segment| ir.segment(*segment).condition).collect();
        let who = ir.who(subject);
        let moving = ir.moving(conditions.iter().chain(&who).copied());
        let rankings = Rankings::below(&mut ir, &conditions, &moving, at(&ready.0));
        let way = |condition: &NodeId| match who.iter().any(|node| moving.contains(node)) {
            true => Err(NoUntil::NotFollowed(WHO)),
            false => Followed::of(&mut ir, &[*condition], &moving, &rankings),
        };
        let ways: Vec<Result<Followed, NoUntil>> = conditions.iter().map(way).collect();
        let together = conditions.iter().zip(&ways);
        let together =
            together.filter_map(|(condition, way)| Some((std::slice::from_ref(condition), way.as_ref().ok()?)));
        let together: Vec<(&[NodeId], &Followed)> = together.collect();
        let asked = only.and_then(|key| ir.ask(subject, &[key.to_vec()]));
        let following = Following::of(ir, &conditions, &together, rankings);

        // Who there is, who is a member, and what it takes to go on from there.
        let mut values: Vec<(String, NodeId)> = Vec::new();
        values.extend(conditions.iter().enumerate().map(|(at, node)| (format!("segment {at}"), *node)));
        values.extend(asked.map(|asked| (IS_ASKED.to_owned(), asked.is_asked)));
        let Met { all, keys, faults, foreseeing } =
            self.meet((subject, values), &ready, &following, (horizon, limits)).await?;
        let ir = &following.ir;
        let column = |name: &str| all.column_by_name(name).cloned();
        let is_asked = column(IS_ASKED).and_then(|is_asked| is_asked.as_boolean_opt().cloned());
        let is_asked = is_asked.map(|is_asked| is_true(&is_asked));
        let mut made = Vec::new();
        for (place, ((segment, condition), way)) in segments.iter().zip(&conditions).zip(&ways).enumerate() {
            let truths = column(&format!("segment {place}"));
            let member = match truths.as_ref().and_then(|truths| truths.as_boolean_opt()) {
                Some(truths) => is_true(truths),
                None => BooleanArray::from(vec![false; all.num_rows()]),
            };
            let no_answer = unanswered(ir, *condition, &faults).map(NoUntil::NoAnswer);
            let next = match (no_answer, way) {
                (Some(why), _) => Err(why),
                (None, Err(why)) => Err(why.clone()),
                (None, Ok(followed)) if foreseeing.is_too_much(&[*condition], followed) => {
                    Err(NoUntil::NotFollowed(TOO_MUCH))
                }
                (None, Ok(followed)) => {
                    let found = foreseeing.first_changes(*condition, followed, &member, is_asked.as_ref());
                    Ok(TimestampMicrosecondArray::from(found.map_err(compute::external)?))
                }
            };
            let not_before = match (&next, way) {
                (Ok(next), _) => datafusion::arrow::compute::min(next),
                (Err(NoUntil::NoAnswer(_)), _) => None,
                (Err(NoUntil::NotFollowed(_)), _) if asked.is_some() => None,
                (Err(NoUntil::NotFollowed(_)), _) => {
                    let stirs = Stirs::of(&engine.ir, subject, *condition, at(&ready.0));
                    let mut lowering = Lowering::new(&stirs.ir, ready.0.clone(), &ready.1);
                    stirs.not_before(&engine.state, &mut lowering, &ready.0, horizon).await?
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

    /// Everybody of a kind, with values at T beside those that stand still, and the rows that it takes to follow what is to be followed.
    async fn meet(
        &self,
        (subject, mut values): (SubjectId, Vec<(String, NodeId)>),
        ready: &Ready,
        following: &Following,
        (horizon, limits): (i64, &Limits),
    ) -> Result<Met, Error> {
        let state = &self.engine().state;
        let (ir, leaves) = (&following.ir, &following.leaves);
        let mut owners = Owners::new();
        for (kind, asked) in following.asked() {
            owners.insert(kind, Box::pin(self.owners((kind, asked), ready, (horizon, limits))).await?);
        }
        let owners = Arc::new(owners);
        let mut lowering = Lowering::new(ir, ready.0.clone(), &ready.1);
        let is_one = values.iter().any(|(name, _)| name == IS_ASKED);
        values.extend(leaves.still.iter().map(|node| (format!("value {}", node.0), *node)));
        let (mut plan, keys) = lowering.subject_values(subject, values)?;
        // A rank is one among everybody, whoever is asked about.
        if is_one && following.rankings.is_empty() {
            plan = LogicalPlanBuilder::from(plan).filter(ident(IS_ASKED))?.build()?;
        }
        let stream = run(state, &plan).await?;
        let schema = stream.schema();
        let batches: Vec<RecordBatch> = stream.try_collect().await?;
        let all = concat_batches(&schema, &batches).map_err(DataFusionError::from)?;
        let faults = lowering.faults().found();
        let places = (0..keys.len()).collect::<Vec<_>>();
        let keys = all.project(&places).map_err(DataFusionError::from)?;
        let subjects = Subjects::new(keys.columns())?;

        let asks = Asks { ir, asked: &leaves.asked, owners: &owners };
        let mut rows = Vec::new();
        for (set, features) in &leaves.features {
            let features: Vec<_> = features.iter().map(|feature| (*feature, leaves.parts.get(feature))).collect();
            let still = lowering.still_rows(*set, subject, &features, &following.moving)?;
            rows.push(HeldRows::read(state, still, &subjects, asks).await?);
        }
        let mut sequences = None;
        if !leaves.sequences.is_empty() {
            let of_steps =
                lowering.rows_of_sequences(subject, &leaves.sequences, &RowsAsked::AtAnyTime(&leaves.step_parts))?;
            let held = HeldSequences::read(state, leaves.sequences.clone(), of_steps, &subjects, asks).await?;
            sequences = Some(held);
        }
        let column = |node: &NodeId| all.column_by_name(&format!("value {}", node.0)).cloned();
        let still: BTreeMap<NodeId, ArrayRef> =
            leaves.still.iter().filter_map(|node| Some((*node, column(node)?))).collect();
        let (ir, calendar, moving) = (Arc::clone(ir), ready.0.clone(), Arc::clone(&following.moving));
        let replay = Replay { ir, calendar, moving, still, rows, sequences, standings: BTreeMap::new(), owners };
        let mut foreseeing = Foreseeing { replay, subjects, horizon, too_much: BTreeSet::new() };
        foreseeing.rank(&following.rankings, keys.columns(), limits).map_err(compute::external)?;
        Ok(Met { all, keys, faults, foreseeing })
    }

    /// What rows ask of a kind of subject, of everybody and up to the horizon.
    async fn owners(
        &self,
        (subject, values): (SubjectId, Vec<NodeId>),
        ready: &Ready,
        (horizon, limits): (i64, &Limits),
    ) -> Result<OwnersOfKind, Error> {
        let mut ir = self.engine().ir.as_ref().clone();
        let moving = ir.moving(values.iter().copied());
        let rankings = Rankings::below(&mut ir, &values, &moving, at(&ready.0));
        let followed = Followed::of(&mut ir, &values, &moving, &rankings);
        let followed = followed.map_err(|why| DataFusionError::Internal(why.to_string()))?;
        let following = Following::of(ir, &values, &[(&values, &followed)], rankings);
        let Met { keys, foreseeing, .. } =
            self.meet((subject, Vec::new()), ready, &following, (horizon, limits)).await?;
        let timeline = foreseeing.timeline((&values, &followed), limits).map_err(compute::external)?;
        let key_types = keys.columns().iter().map(|key| key.data_type().clone()).collect();
        Ok(OwnersOfKind { subjects: foreseeing.subjects, key_types, values, timeline })
    }
}

/// T, and the tables.
type Ready = (Calendar, HashMap<BaseTableId, Prepared>);

fn at(calendar: &Calendar) -> At {
    At { now: calendar.now(), today: calendar.today() }
}

/// What is to be followed together about a kind of subject.
struct Following {
    /// With what was added to tell when conditions turn, and what is ranked without the clock.
    ir: Arc<Ir>,
    moving: Arc<BTreeSet<NodeId>>,
    rankings: Vec<FollowedRanking>,
    leaves: Leaves,
}

impl Following {
    /// Conditions and values, and how those of them that are followed are.
    fn of(ir: Ir, nodes: &[NodeId], ways: &[(&[NodeId], &Followed)], rankings: Rankings) -> Self {
        let followed: Vec<NodeId> = ways.iter().flat_map(|(nodes, _)| *nodes).copied().collect();
        let rankings = rankings.of(&ir, &followed);
        let turning = ways.iter().flat_map(|(_, way)| way.turning());
        let ranked = rankings.iter().flat_map(|of| of.nodes.iter().copied().chain(of.followed.turning()));
        let moving = ir.moving(nodes.iter().copied().chain(turning).chain(ranked));
        let of_rankings = rankings.iter().map(|ranking| (ranking.nodes.as_slice(), &ranking.followed));
        let leaves = Leaves::of(&ir, ways.iter().copied().chain(of_rankings), &moving);
        Following { ir: Arc::new(ir), moving: Arc::new(moving), rankings, leaves }
    }

    /// What rows ask of each kind of subject.
    fn asked(&self) -> BTreeMap<SubjectId, Vec<NodeId>> {
        let mut asked: BTreeMap<SubjectId, BTreeSet<NodeId>> = BTreeMap::new();
        for asks in &self.leaves.asked {
            if let Node::OfSubject { subject, value, .. } = self.ir.node(*asks) {
                asked.entry(*subject).or_default().insert(*value);
            }
        }
        asked.into_iter().map(|(subject, values)| (subject, values.into_iter().collect())).collect()
    }
}

/// A kind of subject in memory.
struct Met {
    /// A row for each.
    all: RecordBatch,
    keys: RecordBatch,
    faults: BTreeMap<NodeId, NoAnswer>,
    foreseeing: Foreseeing,
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
    subjects: Subjects,
    horizon: i64,
    /// Rankings that are not followed for the work that it would be.
    too_much: BTreeSet<RankingId>,
}

impl Foreseeing {
    /// Ranks everybody at all instants, inner rankings first.
    fn rank(&mut self, rankings: &[FollowedRanking], keys: &[ArrayRef], limits: &Limits) -> KernelResult<()> {
        let ir = Arc::clone(&self.replay.ir);
        for of in rankings {
            let timeline = self.timeline((&of.nodes, &of.followed), limits)?;
            let ranked = |timeline| standings(ir.ranking(of.ranking), &of.forms, keys, &timeline, limits);
            let Some(made) = timeline.map(ranked).transpose()?.flatten() else {
                self.too_much.insert(of.ranking);
                continue;
            };
            let nodes =
                made.into_iter().filter_map(|(form, made)| Some((ir.find(&Node::Rank(of.ranking, form))?, made)));
            self.replay.standings.extend(nodes);
        }
        Ok(())
    }

    /// Values of everybody up to the horizon. None: that is more work than the limits allow, or what they rest on is.
    fn timeline(&self, (nodes, followed): (&[NodeId], &Followed), limits: &Limits) -> KernelResult<Option<Timeline>> {
        if self.is_too_much(nodes, followed) {
            return Ok(None);
        }
        Timeline::of(&self.replay, (nodes, followed), self.subjects.len(), self.horizon, limits)
    }

    /// Whether nodes rest on a ranking that takes too much work, or their rows on subjects that do.
    fn is_too_much(&self, nodes: &[NodeId], followed: &Followed) -> bool {
        let is_unknown = |asks: NodeId| match self.replay.ir.node(asks) {
            Node::OfSubject { subject, .. } => {
                self.replay.owners.get(subject).is_none_or(|owners| owners.timeline.is_none())
            }
            _ => false,
        };
        let ranks = || self.replay.ir.ranks_below(nodes);
        followed.asked().any(is_unknown)
            || !self.too_much.is_empty() && ranks().keys().any(|rank| self.too_much.contains(rank))
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
        let crossings = crossings::of(replay, &below, followed, self.subjects.len(), horizon)?;
        let ticks = Ticks::of(clockwork, &replay.calendar, horizon);
        let search = Search { replay, condition, clockwork, crossings: &crossings, ticks: &ticks, horizon };
        search.first_changes(member, |subject| of.is_none_or(|of| of.value(subject)))
    }
}
