//! Dropping an answer stops the work.

use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::catalog::streaming::StreamingTable;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;
use kohort::Engine;
use tokio::sync::Notify;

use super::project;
use super::tables::{days, numbers, texts};

/// A table that never ends, and says when it is read and when it is let go.
#[derive(Debug)]
struct Endless {
    batch: RecordBatch,
    schema: SchemaRef,
    started: Arc<Notify>,
    stopped: Arc<Notify>,
}

struct Guard(Arc<Notify>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

impl PartitionStream for Endless {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let (batch, started, guard) = (self.batch.clone(), Arc::clone(&self.started), Guard(Arc::clone(&self.stopped)));
        let endless = futures::stream::unfold(guard, move |guard| {
            started.notify_one();
            let batch = batch.clone();
            async move { Some((Ok(batch), guard)) }
        });
        Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), endless))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropping_the_question_stops_the_scan() {
    let columns = [("customer", texts(&[Some("a")])), ("day", days(&["2026-03-01"])), ("amount", numbers(&[1]))];
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    let (started, stopped) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let schema = batch.schema();
    let endless =
        Endless { batch, schema: Arc::clone(&schema), started: Arc::clone(&started), stopped: Arc::clone(&stopped) };
    let table: Arc<dyn TableProvider> =
        Arc::new(StreamingTable::try_new(schema, vec![Arc::new(endless)]).expect("a table"));
    let engine = Arc::new(Engine::builder(project()).table("sales", table).open().await.expect("it opens"));
    let asking = tokio::spawn(async move {
        let as_of = engine.as_of("2026-03-31").expect("an instant");
        engine.query(as_of).counts().await
    });
    started.notified().await;
    asking.abort();
    assert!(asking.await.expect_err("it was stopped").is_cancelled());
    stopped.notified().await;
}
