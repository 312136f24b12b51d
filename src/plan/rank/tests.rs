//! The operator as a plan runs it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use datafusion::arrow::array::{Array, AsArray, BooleanArray, Int64Array, RecordBatch, StringViewArray};
use datafusion::arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use datafusion::catalog::TableProvider;
use datafusion::catalog::streaming::StreamingTable;
use datafusion::common::{DataFusionError, Result, exec_err};
use datafusion::datasource::{MemTable, provider_as_source};
use datafusion::execution::context::SessionState;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties, collect, displayable};
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::{StreamExt, TryStreamExt, stream};

use super::{Rank, RankingColumns, Ranks};
use crate::ir::{RankCount, RankForm};
use crate::plan::physical;

const PARTITIONS: usize = 3;
const ROWS: i64 = 9000;

fn schema() -> SchemaRef {
    let field = |name: &str, data_type| Field::new(name, data_type, true);
    Arc::new(Schema::new(vec![
        field("id", DataType::Int64),
        field("v", DataType::Int64),
        field("known", DataType::Boolean),
        field("region", DataType::Utf8View),
    ]))
}

/// Rows with many equal values, one in ten unknown.
fn batch(ids: impl Iterator<Item = i64>) -> RecordBatch {
    let ids: Vec<i64> = ids.collect();
    let value = |id: &i64| (id % 10 != 0).then_some((id * 7919) % 100);
    let region = |id: &i64| (id % 4 != 0).then(|| format!("region {}", id % 4));
    RecordBatch::try_new(
        schema(),
        vec![
            Arc::new(Int64Array::from(ids.clone())),
            Arc::new(ids.iter().map(value).collect::<Int64Array>()),
            Arc::new(ids.iter().map(|id| Some(id % 3 != 0)).collect::<BooleanArray>()),
            Arc::new(ids.iter().map(region).collect::<StringViewArray>()),
        ],
    )
    .unwrap()
}

fn table() -> Arc<dyn TableProvider> {
    let parts = (0..PARTITIONS as i64).map(|part| {
        let batches = (0..30).map(|at| {
            let first = at * 300;
            batch((first..first + 300).filter(|id| id % PARTITIONS as i64 == part))
        });
        batches.collect()
    });
    Arc::new(MemTable::try_new(schema(), parts.collect()).unwrap())
}

fn ranks() -> Ranks {
    let top = RankForm::Highest(RankCount::Share(10_000_000));
    let output = |form, name: &str| (form, name.to_owned());
    Ranks {
        keys: vec![0],
        rankings: vec![
            RankingColumns {
                value: 1,
                member: None,
                per: None,
                outputs: vec![output(RankForm::Tile(5), "quintile"), output(top, "top")],
            },
            RankingColumns {
                value: 1,
                member: Some(2),
                per: Some(3),
                outputs: vec![output(RankForm::Tile(10), "decile"), output(RankForm::PercentRank, "share")],
            },
        ],
    }
}

fn session(memory: Option<usize>) -> SessionState {
    let config = SessionConfig::new().with_target_partitions(PARTITIONS).with_round_robin_repartition(false);
    let environment = match memory {
        Some(bytes) => RuntimeEnvBuilder::new().with_memory_limit(bytes, 1.0),
        None => RuntimeEnvBuilder::new(),
    };
    SessionContext::new_with_config_rt(config, environment.build_arc().unwrap()).state()
}

fn plan(table: Arc<dyn TableProvider>) -> LogicalPlan {
    let scan = LogicalPlanBuilder::scan("t", provider_as_source(table), None).unwrap().build().unwrap();
    Rank::plan(scan, ranks()).unwrap()
}

async fn ranked(state: &SessionState) -> Arc<dyn ExecutionPlan> {
    let plan = physical(state, &plan(table())).await.unwrap();
    assert_eq!((plan.name(), plan.output_partitioning().partition_count()), ("RankExec", PARTITIONS));
    plan
}

type Told = BTreeMap<i64, (Option<i64>, bool, Option<i64>)>;

/// What was said of each subject: quintile, top and decile.
fn told(batches: &[RecordBatch]) -> Told {
    let mut told = Told::new();
    for batch in batches {
        let number = |at: usize, row: usize| {
            let column = batch.column(at).as_primitive::<Int64Type>();
            column.is_valid(row).then(|| column.value(row))
        };
        for row in 0..batch.num_rows() {
            let said = (number(4, row), batch.column(5).as_boolean().value(row), number(6, row));
            assert_eq!(batch.column(7).is_valid(row), said.2.is_some());
            told.insert(number(0, row).unwrap(), said);
        }
    }
    told
}

/// The same, told by sorting.
fn expected() -> Told {
    let value = |id: i64| (id % 10 != 0).then_some((id * 7919) % 100);
    let tile = |id: i64, tiles: usize, others: &mut dyn Iterator<Item = i64>| {
        let mut sorted: Vec<_> = others.filter_map(|id| Some((value(id)?, id))).collect();
        sorted.sort_unstable();
        let place = sorted.iter().position(|(_, other)| *other == id)?;
        let (even, larger) = (sorted.len() / tiles, sorted.len() % tiles);
        let mut ends = (0..tiles).scan(0, |end, tile| {
            *end += even + usize::from(tile < larger);
            Some(*end)
        });
        ends.position(|end| place < end).map(|tile| tile as i64 + 1)
    };
    let mut from_above: Vec<i64> = (0..ROWS).filter(|id| value(*id).is_some()).collect();
    from_above.sort_by_key(|id| (std::cmp::Reverse(value(*id)), *id));
    let top: std::collections::HashSet<i64> = from_above[..from_above.len().div_ceil(10)].iter().copied().collect();
    let decile = |id: i64| tile(id, 10, &mut (0..ROWS).filter(|other| other % 3 != 0 && other % 4 == id % 4));
    // Whole populations are sorted once for all: tiles are told for every hundredth subject.
    let sample = (0..ROWS).step_by(101);
    sample.map(|id| (id, (tile(id, 5, &mut (0..ROWS)), top.contains(&id), decile(id)))).collect()
}

fn assert_right(batches: &[RecordBatch]) {
    let told = told(batches);
    assert_eq!(told.len(), ROWS as usize);
    for (id, expected) in expected() {
        assert_eq!(told[&id], expected, "subject {id}");
    }
    assert_eq!(told.values().filter(|(_, top, _)| *top).count(), 810);
}

/// Whatever happens, it happens soon.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), future).await.expect("it waits for itself")
}

#[tokio::test]
async fn ranks_stand_beside_the_rows() {
    let state = session(None);
    let plan = ranked(&state).await;
    let names: Vec<_> = plan.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names, ["id", "v", "known", "region", "quintile", "top", "decile", "share"]);
    assert_right(&soon(collect(Arc::clone(&plan), state.task_ctx())).await.unwrap());
    let metrics = plan.metrics().unwrap();
    assert_eq!((metrics.output_rows(), metrics.spill_count()), (Some(ROWS as usize), Some(0)));
    insta::assert_snapshot!(
        displayable(plan.as_ref()).one_line(),
        @"RankExec: by v [ntile(5) as quintile, top 10% as top], by v among known per region [ntile(10) as decile, percent_rank as share], equal values by [id]"
    );
}

#[tokio::test]
async fn partitions_may_be_read_one_after_the_other_and_again() {
    let state = session(None);
    let plan = ranked(&state).await;
    for round in 0..2 {
        let mut batches = Vec::new();
        for partition in (0..PARTITIONS).rev() {
            let rows = plan.execute(partition, state.task_ctx()).unwrap();
            batches.extend(soon(rows.try_collect::<Vec<_>>()).await.unwrap());
        }
        assert_eq!(told(&batches).len(), ROWS as usize, "round {round}");
        assert_right(&batches);
    }
    // All at once, drained in turns.
    let streams: Vec<_> = (0..PARTITIONS).map(|at| plan.execute(at, state.task_ctx()).unwrap()).collect();
    let batches = soon(stream::iter(streams).flatten().try_collect::<Vec<_>>()).await.unwrap();
    assert_right(&batches);
}

#[tokio::test]
async fn rows_without_room_wait_on_disk() {
    let state = session(Some(400_000));
    let plan = ranked(&state).await;
    assert_right(&soon(collect(Arc::clone(&plan), state.task_ctx())).await.unwrap());
    let metrics = plan.metrics().unwrap();
    assert!(metrics.spill_count() > Some(0) && metrics.spilled_rows() > Some(0), "{metrics}");
    assert_eq!(state.task_ctx().memory_pool().reserved(), 0);
}

#[tokio::test]
async fn values_without_room_are_an_error() {
    let state = session(Some(50_000));
    let plan = ranked(&state).await;
    let error = soon(collect(plan, state.task_ctx())).await.unwrap_err();
    assert!(matches!(error.find_root(), DataFusionError::ResourcesExhausted(_)), "{error}");
    assert_eq!(state.task_ctx().memory_pool().reserved(), 0);
}

#[tokio::test]
async fn no_rows_at_all() {
    let state = session(None);
    let table = Arc::new(MemTable::try_new(schema(), vec![vec![], vec![batch(0..0)]]).unwrap());
    let plan = physical(&state, &plan(table)).await.unwrap();
    let batches = soon(collect(plan, state.task_ctx())).await.unwrap();
    assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 0);
}

/// Some rows, then what is said.
#[derive(Debug)]
struct Source {
    /// Held by whoever reads.
    reading: Arc<()>,
    fails: bool,
}

impl PartitionStream for Source {
    fn schema(&self) -> &SchemaRef {
        static SCHEMA: std::sync::LazyLock<SchemaRef> = std::sync::LazyLock::new(schema);
        &SCHEMA
    }

    fn execute(&self, _context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let reading = Arc::clone(&self.reading);
        let fails = self.fails;
        let rest = stream::once(async move {
            let _reading = reading;
            if !fails {
                std::future::pending::<()>().await;
            }
            exec_err!("broken off")
        });
        Box::pin(RecordBatchStreamAdapter::new(schema(), stream::iter([Ok(batch(0..10))]).chain(rest)))
    }
}

async fn from_sources(state: &SessionState, reading: &Arc<()>, fails: bool) -> Arc<dyn ExecutionPlan> {
    let source = || Arc::new(Source { reading: Arc::clone(reading), fails }) as Arc<dyn PartitionStream>;
    let table = StreamingTable::try_new(schema(), (0..PARTITIONS).map(|_| source()).collect()).unwrap();
    physical(state, &plan(Arc::new(table))).await.unwrap()
}

#[tokio::test]
async fn whoever_stops_listening_stops_the_reading() {
    let state = session(None);
    let reading = Arc::new(());
    let plan = from_sources(&state, &reading, false).await;
    let idle = Arc::strong_count(&reading);
    let mut streams: Vec<_> = (0..2).map(|at| plan.execute(at, state.task_ctx()).unwrap()).collect();
    let wait = tokio::time::timeout(Duration::from_millis(100), streams[1].next()).await;
    assert!(wait.is_err() && Arc::strong_count(&reading) == idle + PARTITIONS);
    streams.pop();
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(Arc::strong_count(&reading), idle + PARTITIONS, "the other still waits");
    drop(streams);
    soon(async {
        while Arc::strong_count(&reading) > idle {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    assert_eq!(state.task_ctx().memory_pool().reserved(), 0);
}

#[tokio::test]
async fn an_error_is_told_to_all() -> Result<()> {
    let state = session(None);
    let plan = from_sources(&state, &Arc::new(()), true).await;
    let streams: Vec<_> = (0..PARTITIONS).map(|at| plan.execute(at, state.task_ctx())).collect::<Result<_>>()?;
    for mut rows in streams {
        let error = soon(rows.next()).await.unwrap().unwrap_err();
        assert!(error.to_string().contains("broken off"), "{error}");
        assert!(soon(rows.next()).await.is_none());
    }
    Ok(())
}

#[test]
fn a_column_that_is_not_there() {
    let scan = LogicalPlanBuilder::scan("t", provider_as_source(table()), None).unwrap().build().unwrap();
    assert!(Rank::plan(scan, Ranks { keys: vec![4], ..ranks() }).is_err());
}
