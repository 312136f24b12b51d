//! The physical operator and its planner.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::Schema;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, internal_err};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{LogicalPlan, UserDefinedLogicalNode};
use datafusion::physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::metrics::{
    BaselineMetrics, Count, ExecutionPlanMetricsSet, MetricBuilder, MetricsSet, RecordOutput,
};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, PlanProperties,
    ReplaceChildrenOptions,
};
use datafusion::physical_planner::{ExtensionPlanner, PhysicalPlanner};
use futures::stream;

use super::drain::{Part, Parts};
use super::ranges::{self, Ranges};
use super::scatter::Scattering;
use super::{Pass, Passing};
use crate::plan::share::{self, Sharing};

/// So many subjects are given at a time: their features stay in the processor's cache until conditions have looked at them.
const SUBJECTS: usize = 1 << 12;

/// Features of the subjects of some children.
struct PassExec {
    inputs: Vec<Arc<dyn ExecutionPlan>>,
    passing: Arc<Passing>,
    /// One of them is read range by range.
    ranges: Option<Arc<Ranges>>,
    properties: Arc<PlanProperties>,
    partitions: usize,
    metrics: ExecutionPlanMetricsSet,
    sharing: Sharing<Parts>,
}

impl PassExec {
    fn new(
        inputs: Vec<Arc<dyn ExecutionPlan>>,
        passing: Arc<Passing>,
        ranges: Option<Arc<Ranges>>,
        partitions: usize,
    ) -> Result<Self> {
        if let Some(ranges) = &ranges {
            let read = inputs.get(ranges.child).map(|input| input.output_partitioning().partition_count());
            if read != Some(ranges.count()) {
                return internal_err!("{} ranges are read in {read:?} partitions", ranges.count());
            }
        }
        let schemas: Vec<_> = inputs.iter().map(|input| input.schema()).collect();
        let properties = PlanProperties::new(
            EquivalenceProperties::new(passing.schema(&schemas)?),
            Partitioning::UnknownPartitioning(partitions),
            EmissionType::Final,
            Boundedness::Bounded,
        );
        let metrics = ExecutionPlanMetricsSet::new();
        let (properties, sharing) = (Arc::new(properties), Sharing::default());
        Ok(PassExec { inputs, passing, ranges, properties, partitions, metrics, sharing })
    }

    fn describe(&self) -> String {
        match &self.ranges {
            None => self.passing.describe(),
            Some(ranges) => {
                let read = self.passing.label(ranges.child);
                format!("{}; {read} in {} ranges of the key", self.passing.describe(), ranges.count())
            }
        }
    }
}

impl fmt::Debug for PassExec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PassExec({})", self.describe())
    }
}

impl DisplayAs for PassExec {
    fn fmt_as(&self, kind: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match kind {
            DisplayFormatType::TreeRender => f.write_str(&self.describe()),
            _ => write!(f, "PassExec: {}", self.describe()),
        }
    }
}

impl ExecutionPlan for PassExec {
    fn name(&self) -> &'static str {
        "PassExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        self.inputs.iter().collect()
    }

    fn apply_expressions(
        &self,
        _f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _options: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(PassExec::new(children, Arc::clone(&self.passing), self.ranges.clone(), self.partitions)?))
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        self.replace_children(children, ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let scattering = Scattering {
            inputs: self.inputs.clone(),
            passing: Arc::clone(&self.passing),
            ranges: self.ranges.clone(),
            context: Arc::clone(&context),
            metrics: self.metrics.clone(),
        };
        let parts = gathered(scattering, self.partitions);
        let memory = MemoryConsumer::new(format!("PassExec[{partition}]: features")).register(context.memory_pool());
        let output = Output {
            shared: self.sharing.join(partition, self.partitions, parts),
            operator: self.schema(),
            part: None,
            memory,
            counted: MetricBuilder::new(&self.metrics).counter("parts", partition),
            metrics: BaselineMetrics::new(&self.metrics, partition),
            ended: false,
        };
        let batches =
            stream::unfold(output, |mut output| async move { output.next().await.map(|batch| (batch, output)) });
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema(), batches)))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }
}

/// All rows, on disk where there would be no room to count them.
async fn gathered(scattering: Scattering, partitions: usize) -> Result<Parts> {
    let mut parts = Parts::new(scattering.run().await?);
    let room = MemoryConsumer::new("PassExec: room to count").register(scattering.context.memory_pool());
    // Ranges are chosen so that there is.
    let enough = parts.scattered().ranges().is_some() || room.try_grow(parts.size() * partitions).is_ok();
    if parts.scattered().is_spilled() || !enough {
        let schemas = parts.scattered().schemas.clone();
        let disk = |child: usize| {
            let schema = schemas.get(child).cloned().unwrap_or_else(|| Arc::new(Schema::empty()));
            scattering.disk(0, &schema)
        };
        parts.scattered().spill(&disk)?;
    }
    Ok(parts)
}

/// What one partition gives: whichever parts it takes.
struct Output {
    shared: share::Part<Parts>,
    operator: datafusion::arrow::datatypes::SchemaRef,
    part: Option<Part>,
    memory: MemoryReservation,
    counted: Count,
    metrics: BaselineMetrics,
    ended: bool,
}

impl Output {
    async fn next(&mut self) -> Option<Result<RecordBatch>> {
        if self.ended {
            return None;
        }
        let batch = self.step().await.transpose();
        if !matches!(batch, Some(Ok(_))) {
            self.ended = true;
            self.shared.end();
            self.part = None;
            self.memory.free();
        }
        batch
    }

    async fn step(&mut self) -> Result<Option<RecordBatch>> {
        let parts = self.shared.ready().await?;
        loop {
            if self.part.as_ref().is_none_or(Part::is_given) {
                // Counting a part takes a while: others may want to run, and it may have been cancelled.
                tokio::task::yield_now().await;
                let (memory, time) = (&self.memory, self.metrics.elapsed_compute());
                let last = self.part.take();
                let Some(part) = parts.take(&self.operator, last, (memory, time)).await? else { return Ok(None) };
                self.counted.add(1);
                self.memory.try_resize(part.size())?;
                self.part = Some(part);
            }
            let Some(part) = &mut self.part else { continue };
            let timer = self.metrics.elapsed_compute().timer();
            let batch = part.next(SUBJECTS)?;
            timer.done();
            if let Some(batch) = batch {
                return Ok(Some(batch.record_output(&self.metrics)));
            }
        }
    }
}

/// Plans [`Pass`] nodes.
#[derive(Debug)]
pub(crate) struct PassPlanner;

#[async_trait]
impl ExtensionPlanner for PassPlanner {
    async fn plan_extension(
        &self,
        _planner: &dyn PhysicalPlanner,
        node: &dyn UserDefinedLogicalNode,
        _logical_inputs: &[&LogicalPlan],
        physical_inputs: &[Arc<dyn ExecutionPlan>],
        session: &dyn datafusion::catalog::Session,
        _context: &datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext,
    ) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        let Some(pass) = node.as_any().downcast_ref::<Pass>() else { return Ok(None) };
        let partitions = session.config().target_partitions();
        if physical_inputs.is_empty() {
            return internal_err!("a pass over nothing");
        }
        let passing = Arc::clone(pass.passing());
        let (inputs, ranges) = ranges::in_ranges(physical_inputs, &passing, session).await?;
        Ok(Some(Arc::new(PassExec::new(inputs, passing, ranges, partitions)?)))
    }
}
