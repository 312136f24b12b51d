//! The least that any engine could do: read the columns that are used, with as many threads, and count rows.

use std::sync::Arc;
use std::time::Instant;

use datafusion::execution::TaskContext;
use datafusion::physical_plan::{ExecutionPlan, execute_stream_partitioned};
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use futures::TryStreamExt;

/// Reads columns of files, given as `FILE=COLUMN,COLUMN`, by the Parquet reader that Kohort uses, and prints how many rows there
/// are and how long it took.
pub fn scan(files: &[String], threads: usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let started = Instant::now();
    let mut rows = 0;
    for asked in files {
        let (file, columns) = asked.split_once('=').expect("a file and its columns");
        let columns: Vec<&str> = columns.split(',').collect();
        rows += runtime.block_on(async {
            let session = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(threads));
            let table = session.read_parquet(file, ParquetReadOptions::default()).await.expect("Parquet");
            let plan = table.select_columns(&columns).expect("its columns").create_physical_plan().await;
            count(plan.expect("a plan"), session.task_ctx()).await
        });
    }
    println!("rows,{rows}");
    println!("seconds,{}", started.elapsed().as_secs_f64());
}

/// Every partition is a task.
async fn count(plan: Arc<dyn ExecutionPlan>, context: Arc<TaskContext>) -> usize {
    let streams = execute_stream_partitioned(plan, context).expect("it starts");
    let tasks = streams
        .into_iter()
        .map(|stream| tokio::spawn(stream.try_fold(0, |rows, batch| async move { Ok(rows + batch.num_rows()) })));
    let mut rows = 0;
    for task in tasks.collect::<Vec<_>>() {
        rows += task.await.expect("it ends").expect("it reads");
    }
    rows
}
