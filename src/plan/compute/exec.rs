//! The physical operator and its planner.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, internal_err};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{LogicalPlan, UserDefinedLogicalNode};
use datafusion::physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr};
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet, MetricsSet, RecordOutput};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, PlanProperties,
    ReplaceChildrenOptions,
};
use datafusion::physical_planner::{ExtensionPlanner, PhysicalPlanner};
use futures::StreamExt;

use super::{Compute, Ordinals, Step};

/// A [`Step`] over the batches of a plan, partition by partition.
#[derive(Debug)]
pub(crate) struct ComputeExec {
    input: Arc<dyn ExecutionPlan>,
    step: Arc<Step>,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

impl ComputeExec {
    fn new(input: Arc<dyn ExecutionPlan>, step: Arc<Step>) -> Self {
        let partitions = input.output_partitioning().partition_count();
        let properties = PlanProperties::new(
            EquivalenceProperties::new(step.schema()),
            Partitioning::UnknownPartitioning(partitions),
            input.pipeline_behavior(),
            input.boundedness(),
        );
        ComputeExec { input, step, properties: Arc::new(properties), metrics: ExecutionPlanMetricsSet::new() }
    }

    /// What the step is run over.
    pub fn input(&self) -> &Arc<dyn ExecutionPlan> {
        &self.input
    }

    /// What is done to every batch.
    pub fn step(&self) -> &Step {
        &self.step
    }

    /// Which column of the input goes through as this one.
    pub fn passed(&self, column: usize) -> Option<usize> {
        self.step.passed(column)
    }
}

impl DisplayAs for ComputeExec {
    fn fmt_as(&self, kind: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match kind {
            DisplayFormatType::TreeRender => write!(f, "{}", self.step),
            _ => write!(f, "ComputeExec: {}", self.step),
        }
    }
}

impl ExecutionPlan for ComputeExec {
    fn name(&self) -> &'static str {
        "ComputeExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
        _options: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        match (children.pop(), children.is_empty()) {
            (Some(input), true) => Ok(Arc::new(ComputeExec::new(input, Arc::clone(&self.step)))),
            _ => internal_err!("ComputeExec has one child"),
        }
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        self.replace_children(children, ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let input = self.input.execute(partition, context)?;
        let step = Arc::clone(&self.step);
        let metrics = BaselineMetrics::new(&self.metrics, partition);
        let schema: SchemaRef = step.schema();
        let mut ordinals = Ordinals::of(partition);
        let batches = input.map(move |batch| -> Result<RecordBatch> {
            let batch = batch?;
            let timer = metrics.elapsed_compute().timer();
            let out = step.run(&batch, &mut ordinals)?;
            timer.done();
            Ok(out.record_output(&metrics))
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, batches)))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }
}

/// Plans [`Compute`] nodes.
#[derive(Debug)]
pub(crate) struct ComputePlanner;

#[async_trait]
impl ExtensionPlanner for ComputePlanner {
    async fn plan_extension(
        &self,
        _planner: &dyn PhysicalPlanner,
        node: &dyn UserDefinedLogicalNode,
        _logical_inputs: &[&LogicalPlan],
        physical_inputs: &[Arc<dyn ExecutionPlan>],
        _session: &dyn datafusion::catalog::Session,
        _context: &datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext,
    ) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        let Some(compute) = node.as_any().downcast_ref::<Compute>() else { return Ok(None) };
        match physical_inputs {
            [input] => Ok(Some(Arc::new(ComputeExec::new(Arc::clone(input), Arc::clone(compute.step()))))),
            _ => internal_err!("Compute has one input"),
        }
    }
}
