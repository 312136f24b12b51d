//! The operator that reads files of text.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use datafusion::arrow::array::RecordBatch;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, Result, internal_err};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::metrics::{Count, ExecutionPlanMetricsSet, MetricBuilder, MetricsSet};
use datafusion::physical_plan::stream::RecordBatchReceiverStreamBuilder;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, ReplaceChildrenOptions};
use tokio::sync::mpsc::Sender;

use super::super::fault::RowFault;
use super::super::location::DataFile;
use super::rows::{Ended, Layout, Sink};
use super::{TextFiles, arriving, fault, open};

/// Batches that wait to be taken.
const AHEAD: usize = 2;

/// Reads some columns of files, those of a partition one after the other.
#[derive(Debug)]
pub(super) struct TextExec {
    files: Arc<TextFiles>,
    /// The files of each partition.
    partitions: Vec<Vec<DataFile>>,
    layout: Arc<Layout>,
    /// Rows that cannot be read are left out.
    skips: bool,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

impl TextExec {
    pub fn new(files: Arc<TextFiles>, partitions: Vec<Vec<DataFile>>, layout: Arc<Layout>, skips: bool) -> Self {
        let properties = Arc::new(PlanProperties::new(
            EquivalenceProperties::new(Arc::clone(&layout.schema)),
            Partitioning::UnknownPartitioning(partitions.len()),
            EmissionType::Incremental,
            Boundedness::Bounded,
        ));
        TextExec { files, partitions, layout, skips, properties, metrics: ExecutionPlanMetricsSet::new() }
    }
}

impl DisplayAs for TextExec {
    fn fmt_as(&self, _kind: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.partitions.iter().flatten().map(|file| file.shown.as_str()).collect();
        let columns: Vec<&str> = self.layout.schema.fields().iter().map(|field| field.name().as_str()).collect();
        write!(f, "TextExec: files=[{}], columns=[{}]", names.join(", "), columns.join(", "))
    }
}

impl ExecutionPlan for TextExec {
    fn name(&self) -> &'static str {
        "TextExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
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
        if children.is_empty() { Ok(self) } else { internal_err!("files have no children") }
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        if children.is_empty() { Ok(self) } else { internal_err!("files have no children") }
    }

    fn execute(&self, partition: usize, _context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let Some(parts) = self.partitions.get(partition).cloned() else {
            return internal_err!("files have no partition {partition}");
        };
        let mut builder = RecordBatchReceiverStreamBuilder::new(Arc::clone(&self.layout.schema), AHEAD);
        let (files, layout) = (Arc::clone(&self.files), Arc::clone(&self.layout));
        let (skips, tx) = (self.skips, builder.tx());
        let rows = MetricBuilder::new(&self.metrics).output_rows(partition);
        let time = MetricBuilder::new(&self.metrics).subset_time("time_elapsed_processing", partition);
        builder.spawn(async move {
            for file in parts {
                let raw = arriving::open(&files.located.store, &file).await;
                let raw = raw.map_err(|error| failed(&file, &error))?;
                let (files, layout, time) = (Arc::clone(&files), Arc::clone(&layout), time.clone());
                let mut sink = HandOn { tx: tx.clone(), skips, open: true, rows: rows.clone(), waited: Duration::ZERO };
                let read = tokio::task::spawn_blocking(move || {
                    let began = Instant::now();
                    let ended = files.read(&file, raw, &layout, &mut sink);
                    time.add_duration(began.elapsed().saturating_sub(sink.waited));
                    ended.map(|()| sink.open)
                });
                match read.await {
                    Ok(Ok(true)) => {}
                    Ok(Ok(false)) => break,
                    Ok(Err(Ended::Fault(fault))) => return Err(DataFusionError::External(fault)),
                    Ok(Err(Ended::Arrow(error))) => return Err(error.into()),
                    Err(error) => return Err(DataFusionError::ExecutionJoin(Box::new(error))),
                }
            }
            Ok(())
        });
        Ok(builder.build())
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }
}

fn failed(file: &DataFile, error: &std::io::Error) -> DataFusionError {
    DataFusionError::External(Box::new(fault(file, None, open::problem(error))))
}

/// Hands batches on, and leaves rows out or ends at the first that cannot be read.
struct HandOn {
    tx: Sender<Result<RecordBatch>>,
    skips: bool,
    open: bool,
    rows: Count,
    /// How long nobody took what was ready.
    waited: Duration,
}

impl Sink for HandOn {
    fn batch(&mut self, batch: RecordBatch, _lines: &[u64]) -> bool {
        self.rows.add(batch.num_rows());
        let ready = Instant::now();
        self.open = self.tx.blocking_send(Ok(batch)).is_ok();
        self.waited += ready.elapsed();
        self.open
    }

    fn faults(&mut self, mut faults: Vec<RowFault>) -> Result<(), Box<RowFault>> {
        match faults.pop() {
            Some(fault) if !self.skips || !fault.is_local() => Err(Box::new(fault)),
            _ => Ok(()),
        }
    }

    fn wants_all(&self) -> bool {
        false
    }
}
