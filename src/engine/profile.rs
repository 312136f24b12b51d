//! What an evaluation spends its processor time on, told as what features and segments cost.
//!
//! Operators count the time that they work themselves. Within two of them more is noted, if it is asked: each step of a program, and each
//! part of how features are counted. What several features or segments share is divided among them evenly, so that all costs together
//! are the time that was spent; what one alone would cost is more.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::metrics::MetricsSet;

use crate::explain::{Explainer, Language};
use crate::ir::{BaseTableId, FeatureId, Ir, NodeId, SegmentId};
use crate::plan::{ComputeExec, Meter};
use crate::project::Project;

/// What a profiled evaluation ([`crate::Query::profiled`]) has spent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// Processor time of all threads by what they did, the longest first.
    pub work: Vec<Work>,
    /// What was counted of subjects, the dearest first.
    pub features: Vec<FeatureCost>,
    /// The segments, the dearest first.
    pub segments: Vec<SegmentCost>,
}

/// Time spent on one sort of work.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Work {
    /// What.
    pub on: WorkOn,
    /// How long, over all threads.
    pub time: Duration,
    /// Rows read, where it is reading.
    pub rows: Option<u64>,
}

/// A sort of work.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum WorkOn {
    /// Reading files of a table.
    Reading(String),
    /// Conditions and calculations about rows of a table.
    Rows(String),
    /// Bringing the rows of a subject together.
    Gathering,
    /// Telling subjects apart, and counting their rows.
    Counting,
    /// Conditions about subjects.
    Deciding,
    /// Everything else: sorting, joining, ranking.
    Other,
}

/// What a feature costs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FeatureCost {
    /// The feature in words.
    pub feature: String,
    /// The table whose rows are counted.
    pub table: String,
    /// Its part of the time spent on counting, and on conditions and calculations about rows.
    pub time: Duration,
    /// The segments asked for that rest on it, in file order.
    pub segments: Vec<String>,
}

/// What a segment costs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SegmentCost {
    /// Its name.
    pub segment: String,
    /// Its part of the time spent on deciding.
    pub deciding: Duration,
    /// Its part of what its features cost.
    pub counting: Duration,
}

impl Profile {
    /// All time that was measured.
    pub fn total(&self) -> Duration {
        self.work.iter().map(|work| work.time).sum()
    }

    /// What one more segment like these would cost over features that are counted already; nothing of no segments.
    pub fn one_more_segment(&self) -> Duration {
        let deciding: Duration = self.segments.iter().map(|segment| segment.deciding).sum();
        deciding / self.segments.len().max(1) as u32
    }

    /// What one more feature like these would cost, of rows that are read already; nothing of no features.
    pub fn one_more_feature(&self) -> Duration {
        let counting: Duration = self.features.iter().map(|feature| feature.time).sum();
        counting / self.features.len().max(1) as u32
    }

    /// Both together, for segments of several kinds of subject.
    pub(super) fn and(mut self, other: Profile) -> Self {
        for work in other.work {
            match self.work.iter_mut().find(|own| own.on == work.on) {
                Some(own) => {
                    own.time += work.time;
                    own.rows = own.rows.zip(work.rows).map(|(own, more)| own + more);
                }
                None => self.work.push(work),
            }
        }
        self.features.extend(other.features);
        self.segments.extend(other.segments);
        self.sorted()
    }

    fn sorted(mut self) -> Self {
        self.work.sort_by(|a, b| b.time.cmp(&a.time).then(a.on.cmp(&b.on)));
        self.features.sort_by(|a, b| b.time.cmp(&a.time).then_with(|| a.feature.cmp(&b.feature)));
        self.segments.sort_by_key(|segment| std::cmp::Reverse(segment.deciding + segment.counting));
        self
    }
}

/// An evaluation that notes what it spends.
pub(super) struct Metered {
    pub plan: Arc<dyn ExecutionPlan>,
    pub meter: Arc<Meter>,
}

impl Metered {
    /// What has been spent so far on segments of one kind of subject.
    pub fn profile(&self, project: &Project, ir: &Ir, segments: &[SegmentId]) -> Profile {
        let mut spending = Spending { ir, work: BTreeMap::new() };
        spending.collect(self.plan.as_ref(), None);
        let nodes = self.meter.of_nodes();
        let mut features: Vec<(FeatureId, Duration)> = self.meter.of_features().into_iter().collect();
        features.sort_unstable_by_key(|(feature, _)| *feature);
        let roots = features.iter().map(|(id, _)| {
            let feature = ir.feature(*id);
            feature.filter.into_iter().chain(feature.argument).collect()
        });
        let of_rows = divided(ir, &nodes, roots.collect());
        features.iter_mut().zip(of_rows).for_each(|((_, time), of_rows)| *time += of_rows);
        let conditions = segments.iter().map(|segment| vec![ir.segment(*segment).condition]).collect();
        let deciding = divided(ir, &nodes, conditions);
        let explainer = Explainer::of_project(project, ir);
        let mut costs: HashMap<SegmentId, Duration> = HashMap::new();
        let name = |segment: &SegmentId| ir.segment(*segment).name.clone();
        let mut told = Vec::new();
        for (id, time) in features {
            let resting = explainer.as_ref().map_or(&[][..], |explainer| explainer.resting_on(id));
            let resting: Vec<SegmentId> =
                resting.iter().copied().filter(|segment| segments.contains(segment)).collect();
            for segment in &resting {
                *costs.entry(*segment).or_default() += time / resting.len() as u32;
            }
            let feature = explainer.as_ref().and_then(|explainer| explainer.feature(id, Language::English));
            told.push(FeatureCost {
                feature: feature.unwrap_or_default(),
                table: ir.base_table(ir.base_of(ir.feature(id).rows)).name.clone(),
                time,
                segments: resting.iter().map(name).collect(),
            });
        }
        let segments = segments.iter().zip(deciding).map(|(id, deciding)| SegmentCost {
            segment: name(id),
            deciding,
            counting: costs.get(id).copied().unwrap_or_default(),
        });
        let work = spending.work.into_iter().map(|(on, (time, rows))| Work { on, time, rows });
        Profile { work: work.collect(), features: told, segments: segments.collect() }.sorted()
    }
}

/// Divides the time spent on expressions among those who need them: for each the time of everything below its roots, as one of as many
/// as need it.
fn divided(ir: &Ir, nodes: &HashMap<NodeId, Duration>, roots: Vec<Vec<NodeId>>) -> Vec<Duration> {
    let below = |roots: Vec<NodeId>| -> HashSet<NodeId> {
        let mut seen = HashSet::new();
        let mut pending = roots;
        while let Some(node) = pending.pop() {
            if seen.insert(node) {
                pending.extend(ir.operands(node));
            }
        }
        seen.retain(|node| nodes.contains_key(node));
        seen
    };
    let needed: Vec<HashSet<NodeId>> = roots.into_iter().map(below).collect();
    let mut by: HashMap<NodeId, u32> = HashMap::new();
    needed.iter().flatten().for_each(|node| *by.entry(*node).or_default() += 1);
    let share = |node: &NodeId| Some(*nodes.get(node)? / *by.get(node)?);
    needed.iter().map(|needed| needed.iter().filter_map(share).sum()).collect()
}

/// What the operators of a plan say.
struct Spending<'a> {
    ir: &'a Ir,
    work: BTreeMap<WorkOn, (Duration, Option<u64>)>,
}

impl Spending<'_> {
    /// Takes down an operator, and those below it; `table` is the one whose rows are made above.
    fn collect(&mut self, plan: &dyn ExecutionPlan, table: Option<BaseTableId>) {
        let compute = plan.downcast_ref::<ComputeExec>();
        let of_rows = compute.and_then(|compute| compute.step().table());
        let table = of_rows.or(table);
        let name = |table: BaseTableId| self.ir.base_table(table).name.clone();
        let metrics = plan.metrics().unwrap_or_default();
        let elapsed = Duration::from_nanos(metrics.elapsed_compute().unwrap_or(0) as u64);
        match (plan.children().is_empty(), of_rows, plan.name()) {
            (true, ..) => {
                let read = sum(&metrics, "time_elapsed_processing");
                let rows = metrics.output_rows().map(|rows| rows as u64);
                if let (Some(table), false) = (table, read.is_zero()) {
                    self.add(WorkOn::Reading(name(table)), read, rows);
                }
            }
            (_, Some(table), _) => self.add(WorkOn::Rows(name(table)), elapsed, None),
            (_, None, "PassExec") => {
                self.add(WorkOn::Gathering, sum(&metrics, "scatter_time"), None);
                self.add(WorkOn::Counting, elapsed, None);
            }
            (_, None, "ComputeExec") => self.add(WorkOn::Deciding, elapsed, None),
            _ => self.add(WorkOn::Other, elapsed, None),
        }
        plan.children().into_iter().for_each(|child| self.collect(child.as_ref(), table));
    }

    fn add(&mut self, on: WorkOn, time: Duration, rows: Option<u64>) {
        let known = self.work.entry(on).or_insert((Duration::ZERO, rows.map(|_| 0)));
        known.0 += time;
        known.1 = known.1.zip(rows).map(|(known, more)| known + more);
    }
}

fn sum(metrics: &MetricsSet, name: &str) -> Duration {
    Duration::from_nanos(metrics.sum_by_name(name).map_or(0, |time| time.as_usize()) as u64)
}
