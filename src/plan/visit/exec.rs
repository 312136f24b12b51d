//! The physical operator and its planner.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::{ArrayRef, BooleanBufferBuilder, RecordBatch, make_comparator};
use datafusion::arrow::compute::{SortOptions, partition};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, internal_err};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{LogicalPlan, UserDefinedLogicalNode};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::{
    Distribution, EquivalenceProperties, LexRequirement, OrderingRequirements, Partitioning, PhysicalExpr,
    PhysicalSortRequirement,
};
use datafusion::physical_plan::execution_plan::EmissionType;
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet, MetricsSet, RecordOutput};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties,
    InputDistributionRequirements, PlanProperties, ReplaceChildrenOptions,
};
use datafusion::physical_planner::{ExtensionPlanner, PhysicalPlanner};
use futures::{StreamExt, stream};

use super::{Order, Visit, Visiting, Visitor};

/// A [`Visitor`] over the rows of a plan, partition by partition.
#[derive(Debug)]
struct VisitExec {
    input: Arc<dyn ExecutionPlan>,
    order: Arc<Order>,
    visitor: Arc<dyn Visitor>,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

impl VisitExec {
    fn new(input: Arc<dyn ExecutionPlan>, order: Arc<Order>, visitor: Arc<dyn Visitor>) -> Self {
        let partitions = input.output_partitioning().partition_count();
        let properties = PlanProperties::new(
            EquivalenceProperties::new(visitor.schema()),
            Partitioning::UnknownPartitioning(partitions),
            EmissionType::Incremental,
            input.boundedness(),
        );
        VisitExec { input, order, visitor, properties: Arc::new(properties), metrics: ExecutionPlanMetricsSet::new() }
    }

    fn column(&self, at: usize) -> Arc<dyn PhysicalExpr> {
        let name = self.input.schema().field(at).name().clone();
        Arc::new(Column::new(&name, at))
    }
}

impl DisplayAs for VisitExec {
    fn fmt_as(&self, kind: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match kind {
            DisplayFormatType::TreeRender => write!(f, "{}", self.visitor),
            _ => write!(f, "VisitExec: {}", self.visitor),
        }
    }
}

impl ExecutionPlan for VisitExec {
    fn name(&self) -> &'static str {
        "VisitExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    /// A subject's rows are in one partition.
    fn input_distribution_requirements(&self) -> InputDistributionRequirements {
        let keys: Vec<_> = self.order.keys.iter().map(|at| self.column(*at)).collect();
        InputDistributionRequirements::new(vec![Distribution::KeyPartitioned(keys)])
    }

    /// A subject's rows follow each other, in order.
    fn required_input_ordering(&self) -> Vec<Option<OrderingRequirements>> {
        let options = |descending| SortOptions { descending, nulls_first: !descending };
        let keys = self.order.keys.iter().map(|at| (*at, false));
        let by = keys.chain(self.order.by.iter().copied());
        let by = by.map(|(at, descending)| PhysicalSortRequirement::new(self.column(at), Some(options(descending))));
        vec![LexRequirement::new(by).map(OrderingRequirements::new)]
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        for at in self.order.keys.iter().chain(self.order.by.iter().map(|(at, _)| at)) {
            if f(&self.column(*at))? == TreeNodeRecursion::Stop {
                return Ok(TreeNodeRecursion::Stop);
            }
        }
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
        _options: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        match (children.pop(), children.is_empty()) {
            (Some(input), true) => {
                Ok(Arc::new(VisitExec::new(input, Arc::clone(&self.order), Arc::clone(&self.visitor))))
            }
            _ => internal_err!("VisitExec has one child"),
        }
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        self.replace_children(children, ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let walk = Walk {
            input: self.input.execute(partition, Arc::clone(&context))?,
            keys: self.order.keys.clone(),
            last: None,
            visiting: self.visitor.begin()?,
            metrics: BaselineMetrics::new(&self.metrics, partition),
            memory: MemoryConsumer::new(format!("VisitExec[{partition}]")).register(context.memory_pool()),
            ended: false,
        };
        let batches = stream::unfold(walk, |mut walk| async move { walk.next().await.map(|batch| (batch, walk)) });
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.visitor.schema(), batches)))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }
}

/// The rows of one partition, on their way to a visitor.
struct Walk {
    input: SendableRecordBatchStream,
    keys: Vec<usize>,
    /// The key of the last row seen.
    last: Option<Vec<ArrayRef>>,
    visiting: Box<dyn Visiting>,
    metrics: BaselineMetrics,
    memory: MemoryReservation,
    ended: bool,
}

impl Walk {
    async fn next(&mut self) -> Option<Result<RecordBatch>> {
        while !self.ended {
            let made = match self.input.next().await {
                Some(batch) => batch.and_then(|batch| self.rows(&batch)),
                None => {
                    self.ended = true;
                    self.visiting.end()
                }
            };
            match made {
                Ok(None) => {}
                Ok(Some(batch)) => return Some(Ok(batch.record_output(&self.metrics))),
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }

    fn rows(&mut self, batch: &RecordBatch) -> Result<Option<RecordBatch>> {
        if batch.num_rows() == 0 {
            return Ok(None);
        }
        let timer = self.metrics.elapsed_compute().timer();
        let keys: Vec<ArrayRef> = self.keys.iter().map(|at| Arc::clone(batch.column(*at))).collect();
        let mut starts = BooleanBufferBuilder::new(batch.num_rows());
        starts.append_n(batch.num_rows(), false);
        for range in partition(&keys)?.ranges() {
            starts.set_bit(range.start, true);
        }
        if let Some(last) = &self.last
            && goes_on(last, &keys)?
        {
            starts.set_bit(0, false);
        }
        self.last = Some(keys.iter().map(|key| key.slice(key.len() - 1, 1)).collect());
        let made = self.visiting.rows(batch, &starts.finish());
        timer.done();
        self.memory.try_resize(self.visiting.size())?;
        made
    }
}

/// Whether the first row of these keys has the key of the row before.
fn goes_on(last: &[ArrayRef], keys: &[ArrayRef]) -> Result<bool> {
    for (last, key) in last.iter().zip(keys) {
        let compare = make_comparator(last.as_ref(), key.as_ref(), SortOptions::default())?;
        if compare(0, 0).is_ne() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Plans [`Visit`] nodes.
#[derive(Debug)]
pub(crate) struct VisitPlanner;

#[async_trait]
impl ExtensionPlanner for VisitPlanner {
    async fn plan_extension(
        &self,
        _planner: &dyn PhysicalPlanner,
        node: &dyn UserDefinedLogicalNode,
        _logical_inputs: &[&LogicalPlan],
        physical_inputs: &[Arc<dyn ExecutionPlan>],
        _session: &dyn datafusion::catalog::Session,
        _context: &datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext,
    ) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        let Some(visit) = node.as_any().downcast_ref::<Visit>() else { return Ok(None) };
        match physical_inputs {
            [input] => {
                let (order, visitor) = (Arc::clone(visit.order()), Arc::clone(visit.visitor()));
                Ok(Some(Arc::new(VisitExec::new(Arc::clone(input), order, visitor))))
            }
            _ => internal_err!("Visit has one input"),
        }
    }
}
