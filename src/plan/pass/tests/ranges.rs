//! Files in subject order, read range by range.

use std::fs::File;
use std::path::Path;

use datafusion::common::ScalarValue;
use datafusion::logical_expr::{col, lit};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::file::properties::WriterProperties;
use datafusion::prelude::ParquetReadOptions;

use super::*;

/// Purchases by customer, in two files of row groups of so many rows.
async fn in_files(state: &SessionState, directory: &Path, purchases: &[Purchase], row_group: usize) -> LogicalPlan {
    let half = purchases.len() / 2;
    // The file that comes first by name has the later keys.
    for (name, part) in [("b.parquet", &purchases[..half]), ("a.parquet", &purchases[half..])] {
        let plan = physical(state, &rows(part)).await.unwrap();
        let properties = WriterProperties::builder().set_max_row_group_row_count(Some(row_group)).build();
        let file = File::create(directory.join(name)).unwrap();
        let mut writer = ArrowWriter::try_new(file, plan.schema(), Some(properties)).unwrap();
        // The partitions of the table are batches of 1,000 rows in turn.
        let mut batches = Vec::new();
        for partition in 0..PARTITIONS {
            let read = plan.execute(partition, state.task_ctx()).unwrap();
            batches.push(read.map(Result::unwrap).collect::<Vec<_>>().await);
        }
        for at in 0..part.len().div_ceil(1_000) {
            writer.write(&batches[at % PARTITIONS][at / PARTITIONS]).unwrap();
        }
        writer.close().unwrap();
    }
    let context = SessionContext::new_with_state(state.clone());
    let options = ParquetReadOptions::default();
    let table = context.read_parquet(directory.to_str().unwrap(), options).await.unwrap();
    table
        .filter(col("at").gt_eq(lit(ScalarValue::TimestampMicrosecond(Some(0), None))))
        .unwrap()
        .into_optimized_plan()
        .unwrap()
}

/// Purchases in order of the key; of customer 7 every so manieth is left.
fn sorted(count: i64, every: usize) -> Vec<Purchase> {
    let of_seven = |row: &Purchase| row.0 == Some(name(7));
    let kept = purchases(count).into_iter().enumerate().filter(|(at, row)| !of_seven(row) || at % (2 * every) == 0);
    let mut rows: Vec<Purchase> = kept.map(|(_, row)| row).collect();
    rows.sort();
    rows
}

fn line(plan: &Arc<dyn ExecutionPlan>) -> String {
    displayable(plan.as_ref()).one_line().to_string()
}

#[tokio::test]
async fn files_in_subject_order_are_read_in_ranges() {
    let state = session(None);
    for (row_group, customers) in [(100, true), (100, false), (977, true), (2_500, false)] {
        let directory = tempfile::tempdir().unwrap();
        // Customer 7 has twenty times as many rows as others: some row groups are theirs alone.
        let purchases = sorted(40_000, 20);
        let plan = pass_over(&state, in_files(&state, directory.path(), &purchases, row_group).await, customers).await;
        assert!(line(&plan).contains("ranges of the key"), "{}", line(&plan));
        let batches = soon(collect(Arc::clone(&plan), state.task_ctx())).await.unwrap();
        // Rows without a key are in whichever ranges they stand: they are nobody's, and counted as such above.
        let mut found = BTreeMap::new();
        let mut nobody = 0;
        for (key, told) in batches.iter().flat_map(|batch| told(std::slice::from_ref(batch))) {
            match key {
                Some(key) => assert_eq!(found.insert(Some(key), told), None),
                None => nobody += told.1,
            }
        }
        let mut expected = expected(&purchases, customers);
        assert_eq!(Some(nobody), expected.remove(&None).map(|told| told.1));
        assert_eq!(found, expected, "row groups of {row_group}");
        assert_eq!(plan.metrics().unwrap().sum_by_name("rows_1").map(|rows| rows.as_usize()), {
            customers.then_some(purchases.len())
        });
    }
    assert_eq!(state.task_ctx().memory_pool().reserved(), 0);
}

#[tokio::test]
async fn what_is_read_in_ranges_need_not_wait() {
    let directory = tempfile::tempdir().unwrap();
    let purchases = sorted(300_000, 200);
    let state = session(Some(8 << 20));
    let plan = pass_over(&state, in_files(&state, directory.path(), &purchases, 2_000).await, true).await;
    assert!(line(&plan).contains("ranges of the key"), "{}", line(&plan));
    let batches = soon(collect(Arc::clone(&plan), state.task_ctx())).await.unwrap();
    let nobody = |told: &mut Told| told.remove(&None);
    let (mut found, mut expected) = (told_together(&batches), expected(&purchases, true));
    assert_eq!((nobody(&mut found).is_some(), nobody(&mut expected).is_some()), (true, true));
    assert!(found == expected);
    assert_eq!(plan.metrics().unwrap().spill_count(), Some(0));
}

/// The last of the rows without a key stands for all of them.
fn told_together(batches: &[RecordBatch]) -> Told {
    batches.iter().flat_map(|batch| told(std::slice::from_ref(batch))).collect()
}

#[tokio::test]
async fn other_files_are_scattered() {
    let state = session(None);
    let line_of = async |purchases: &[Purchase], row_group: usize| {
        let directory = tempfile::tempdir().unwrap();
        let plan = pass_over(&state, in_files(&state, directory.path(), purchases, row_group).await, true).await;
        let batches = soon(collect(Arc::clone(&plan), state.task_ctx())).await.unwrap();
        assert_eq!(told(&batches), expected(purchases, true));
        line(&plan)
    };
    // In no order.
    assert!(!line_of(&purchases(40_000), 500).await.contains("ranges"));
    // Half of the rows are one subject's.
    assert!(!line_of(&sorted(40_000, 1), 500).await.contains("ranges"));
    // A few large row groups.
    assert!(!line_of(&sorted(40_000, 20), 20_000).await.contains("ranges"));
}

#[tokio::test]
async fn ranges_can_be_asked_again_and_broken_off() {
    let state = session(None);
    let directory = tempfile::tempdir().unwrap();
    let purchases = sorted(40_000, 20);
    let plan = pass_over(&state, in_files(&state, directory.path(), &purchases, 500).await, true).await;
    let mut streams: Vec<_> = (0..PARTITIONS).map(|at| plan.execute(at, state.task_ctx()).unwrap()).collect();
    assert!(soon(streams[0].next()).await.unwrap().unwrap().num_rows() > 0);
    drop(streams);
    assert_eq!(state.task_ctx().memory_pool().reserved(), 0);
    // One partition alone can take everything.
    let mut streams: Vec<_> = (0..PARTITIONS).map(|at| plan.execute(at, state.task_ctx()).unwrap()).collect();
    let mut rows = 0;
    for stream in &mut streams {
        while let Some(batch) = soon(stream.next()).await {
            rows += batch.unwrap().num_rows();
        }
    }
    assert!(rows >= expected(&purchases, true).len());
}
