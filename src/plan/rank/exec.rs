//! The physical operator and its planner.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, internal_err};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{LogicalPlan, UserDefinedLogicalNode};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::EmissionType;
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet, MetricsSet, RecordOutput};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, PlanProperties,
    ReplaceChildrenOptions,
};
use datafusion::physical_planner::{ExtensionPlanner, PhysicalPlanner};
use futures::stream::BoxStream;
use futures::{StreamExt, stream};

use super::gather::{Gathering, Ranked};
use super::{Rank, Ranks};
use crate::plan::share::{Part, Sharing};

/// Ranks of the rows of a plan, which stay in their partitions.
struct RankExec {
    input: Arc<dyn ExecutionPlan>,
    ranks: Arc<Ranks>,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
    sharing: Sharing<Ranked>,
}

impl RankExec {
    fn new(input: Arc<dyn ExecutionPlan>, ranks: Arc<Ranks>) -> Self {
        let own = input.schema();
        let fields = own.fields().iter().cloned().chain(ranks.fields().map(Arc::new));
        let schema = Schema::new_with_metadata(fields.collect::<Vec<_>>(), own.metadata().clone());
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::new(schema)),
            // The input's columns keep their places.
            input.output_partitioning().clone(),
            EmissionType::Final,
            input.boundedness(),
        );
        let metrics = ExecutionPlanMetricsSet::new();
        RankExec { input, ranks, properties: Arc::new(properties), metrics, sharing: Sharing::default() }
    }
}

impl fmt::Debug for RankExec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RankExec({:?})", self.ranks)
    }
}

impl DisplayAs for RankExec {
    fn fmt_as(&self, kind: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.ranks.describe(&self.input.schema());
        match kind {
            DisplayFormatType::TreeRender => f.write_str(&text),
            _ => write!(f, "RankExec: {text}"),
        }
    }
}

impl ExecutionPlan for RankExec {
    fn name(&self) -> &'static str {
        "RankExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
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
            (Some(input), true) => Ok(Arc::new(RankExec::new(input, Arc::clone(&self.ranks)))),
            _ => internal_err!("RankExec has one child"),
        }
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        self.replace_children(children, ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let gathering = Gathering {
            input: Arc::clone(&self.input),
            ranks: Arc::clone(&self.ranks),
            context,
            metrics: self.metrics.clone(),
        };
        let partitions = self.input.output_partitioning().partition_count();
        let output = Output {
            part: self.sharing.join(partition, partitions, gathering.run()),
            partition,
            schema: self.schema(),
            rows: None,
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

/// What one partition gives.
struct Output {
    part: Part<Ranked>,
    partition: usize,
    schema: SchemaRef,
    /// None until everything has been read.
    rows: Option<(Arc<Ranked>, BoxStream<'static, Result<RecordBatch>>)>,
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
            self.part.end();
            self.rows = None;
        }
        batch
    }

    async fn step(&mut self) -> Result<Option<RecordBatch>> {
        if self.rows.is_none() {
            let ranked = self.part.ready().await?;
            let rows = ranked.take(self.partition)?.give_back()?;
            self.rows = Some((ranked, rows));
        }
        let Some((ranked, rows)) = &mut self.rows else { return Ok(None) };
        let Some(batch) = rows.next().await.transpose()? else { return Ok(None) };
        let timer = self.metrics.elapsed_compute().timer();
        let batch = ranked.apply(&batch, &self.schema)?;
        timer.done();
        Ok(Some(batch.record_output(&self.metrics)))
    }
}

/// Plans [`Rank`] nodes.
#[derive(Debug)]
pub(crate) struct RankPlanner;

#[async_trait]
impl ExtensionPlanner for RankPlanner {
    async fn plan_extension(
        &self,
        _planner: &dyn PhysicalPlanner,
        node: &dyn UserDefinedLogicalNode,
        _logical_inputs: &[&LogicalPlan],
        physical_inputs: &[Arc<dyn ExecutionPlan>],
        _session: &dyn datafusion::catalog::Session,
        _context: &datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext,
    ) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        let Some(rank) = node.as_any().downcast_ref::<Rank>() else { return Ok(None) };
        match physical_inputs {
            [input] => Ok(Some(Arc::new(RankExec::new(Arc::clone(input), Arc::clone(rank.ranks()))))),
            _ => internal_err!("Rank has one input"),
        }
    }
}
