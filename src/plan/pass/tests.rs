//! The operator as a plan runs it.

mod ranges;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch, StringViewArray, TimestampMicrosecondArray,
};
use datafusion::arrow::datatypes::{DataType, Decimal128Type, Field, Int64Type, Schema, TimeUnit};
use datafusion::catalog::TableProvider;
use datafusion::common::DataFusionError;
use datafusion::datasource::{MemTable, provider_as_source};
use datafusion::execution::context::SessionState;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::physical_plan::{ExecutionPlan, collect, displayable};
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::StreamExt;

use super::{Counting, Pass, Passing};
use crate::engine::kernel::calendar::Bounds;
use crate::engine::kernel::pass::{Argument, Recipe, Sought};
use crate::ir::Aggregation;
use crate::plan::physical;

const PARTITIONS: usize = 3;
const INSTANT: DataType = DataType::Timestamp(TimeUnit::Microsecond, None);
const WINDOW: Bounds = Bounds { after: 200, until: 700 };

/// A purchase: whose, when, whether it counts, and for how much.
type Purchase = (Option<String>, i64, bool, Option<i64>);

/// So many purchases of customers 0 to 2,499, every hundredth of nobody known; customer 7 makes half of them.
fn purchases(count: i64) -> Vec<Purchase> {
    let mut state = 17_u64;
    let mut next = move |limit: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as i64) % limit
    };
    let purchase = |at: i64| {
        let who = if at % 2 == 0 { 7 } else { next(2_500) };
        let amount = (next(10) > 0).then(|| next(1_000) - 100);
        ((at % 100 != 33).then(|| name(who)), next(1_000), next(3) > 0, amount)
    };
    (0..count).map(purchase).collect()
}

fn name(id: i64) -> String {
    format!("customer number {id}")
}

/// A table of batches of 1,000 rows.
fn table(fields: Vec<Field>, rows: usize, column: impl Fn(std::ops::Range<usize>) -> Vec<ArrayRef>) -> LogicalPlan {
    let schema = Arc::new(Schema::new(fields));
    let mut parts = vec![Vec::new(); PARTITIONS];
    for (at, from) in (0..rows).step_by(1_000).enumerate() {
        let columns = column(from..(from + 1_000).min(rows));
        parts[at % PARTITIONS].push(RecordBatch::try_new(Arc::clone(&schema), columns).unwrap());
    }
    let table: Arc<dyn TableProvider> = Arc::new(MemTable::try_new(schema, parts).unwrap());
    LogicalPlanBuilder::scan("t", provider_as_source(table), None).unwrap().build().unwrap()
}

/// Customers 0 to 1,999, and some of whom no name is known; who buys beside them is nobody here.
fn customers() -> LogicalPlan {
    let fields = vec![Field::new("name", DataType::Utf8View, true), Field::new("id", DataType::Int64, false)];
    table(fields, 2_010, |range| {
        let names: StringViewArray = range.clone().map(|id| (id < 2_000).then(|| name(id as i64))).collect();
        vec![Arc::new(names), Arc::new(Int64Array::from_iter_values(range.map(|id| id as i64)))]
    })
}

fn rows(purchases: &[Purchase]) -> LogicalPlan {
    let fields = vec![
        Field::new("who", DataType::Utf8View, true),
        Field::new("at", INSTANT, false),
        Field::new("counts", DataType::Boolean, false),
        Field::new("amount", DataType::Int64, true),
    ];
    table(fields, purchases.len(), |range| {
        let rows = &purchases[range];
        vec![
            Arc::new(rows.iter().map(|row| row.0.clone()).collect::<StringViewArray>()),
            Arc::new(TimestampMicrosecondArray::from_iter_values(rows.iter().map(|row| row.1))),
            Arc::new(BooleanArray::from_iter(rows.iter().map(|row| Some(row.2)))),
            Arc::new(rows.iter().map(|row| row.3).collect::<Int64Array>()),
        ]
    })
}

fn counting() -> Counting {
    let sought = |aggregation, argument, filter, window| Sought { aggregation, argument, filter, window };
    let sought = [
        sought(Aggregation::Count, None, None, None),
        sought(Aggregation::Sum, Some(0), Some(0), Some(WINDOW)),
        sought(Aggregation::CountDistinct, Some(0), None, Some(WINDOW)),
    ];
    let argument = Argument { data_type: DataType::Int64, digits: Some(18) };
    let recipe = Recipe::new(1, vec![argument], &sought).unwrap();
    let names = ["rows", "sum", "distinct"].map(str::to_owned);
    Counting {
        label: "purchases".to_owned(),
        timed: true,
        filters: 1,
        arguments: 1,
        ordered: false,
        features: names.into_iter().zip(recipe.output_types(&sought)).collect(),
        recipe: Arc::new(recipe),
        spent: None,
    }
}

fn passing(found: bool) -> Passing {
    Passing {
        keys: vec![("key".to_owned(), DataType::Utf8View)],
        found: found.then(|| "found".to_owned()),
        tables: vec![counting()],
    }
}

/// Of who buys: whether it is a customer, how often, for how much, by how many amounts.
type Told = BTreeMap<Option<String>, (bool, i64, i128, i64)>;

fn told(batches: &[RecordBatch]) -> Told {
    let mut told = Told::new();
    for batch in batches {
        let key = batch.column(0).as_string_view();
        let whole = |name: &str, row: usize| batch.column_by_name(name).unwrap().as_primitive::<Int64Type>().value(row);
        let sum = batch.column_by_name("sum").unwrap().as_primitive::<Decimal128Type>();
        for row in 0..batch.num_rows() {
            let key = key.is_valid(row).then(|| key.value(row).to_owned());
            let found = batch.column_by_name("found").is_some_and(|found| found.is_valid(row));
            if let (true, Some(key)) = (found, &key) {
                assert_eq!(name(whole("id", row)), *key);
            }
            let before = told.insert(key, (found, whole("rows", row), sum.value(row), whole("distinct", row)));
            assert_eq!(before, None, "a subject comes once");
        }
    }
    told
}

fn expected(purchases: &[Purchase], customers: bool) -> Told {
    let mut told = Told::new();
    if customers {
        told.extend((0..2_000).map(|id| (Some(name(id)), (true, 0, 0, 0))));
    }
    let mut amounts: BTreeMap<Option<String>, Vec<i64>> = BTreeMap::new();
    for (who, at, counts, amount) in purchases {
        let one = told.entry(who.clone()).or_default();
        one.1 += 1;
        if let (Some(amount), true) = (amount, WINDOW.contains(*at)) {
            one.2 += if *counts { i128::from(*amount) } else { 0 };
            amounts.entry(who.clone()).or_default().push(*amount);
        }
    }
    for (who, mut amounts) in amounts {
        amounts.sort_unstable();
        amounts.dedup();
        told.entry(who).or_default().3 = amounts.len() as i64;
    }
    told
}

fn session(memory: Option<usize>) -> SessionState {
    let config = SessionConfig::new().with_target_partitions(PARTITIONS).with_round_robin_repartition(false);
    let environment = match memory {
        Some(bytes) => RuntimeEnvBuilder::new().with_memory_limit(bytes, 1.0),
        None => RuntimeEnvBuilder::new(),
    };
    SessionContext::new_with_config_rt(config, environment.build_arc().unwrap()).state()
}

async fn pass(state: &SessionState, purchases: &[Purchase], with_customers: bool) -> Arc<dyn ExecutionPlan> {
    pass_over(state, rows(purchases), with_customers).await
}

async fn pass_over(state: &SessionState, rows: LogicalPlan, with_customers: bool) -> Arc<dyn ExecutionPlan> {
    let mut inputs = vec![rows];
    if with_customers {
        inputs.insert(0, customers());
    }
    let plan = physical(state, &Pass::plan(inputs, passing(with_customers)).unwrap()).await.unwrap();
    assert_eq!(plan.name(), "PassExec");
    plan
}

/// Whatever happens, it happens soon.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), future).await.expect("it waits for itself")
}

#[tokio::test]
async fn everybody_is_counted_once() {
    let state = session(None);
    for (count, customers) in [(0, true), (0, false), (500, false), (40_000, true), (40_000, false)] {
        let purchases = purchases(count);
        let plan = pass(&state, &purchases, customers).await;
        let batches = soon(collect(Arc::clone(&plan), state.task_ctx())).await.unwrap();
        assert_eq!(told(&batches), expected(&purchases, customers), "{count} purchases");
        assert_eq!(plan.metrics().unwrap().spill_count(), Some(0));
        assert!(batches.iter().all(|batch| batch.num_rows() > 0));
    }
    assert_eq!(state.task_ctx().memory_pool().reserved(), 0);
}

#[tokio::test]
async fn rows_without_room_wait_on_disk() {
    let purchases = purchases(300_000);
    let expected = expected(&purchases, true);
    for bytes in [8 << 20, 2 << 20] {
        let state = session(Some(bytes));
        let plan = pass(&state, &purchases, true).await;
        let batches = soon(collect(Arc::clone(&plan), state.task_ctx())).await.unwrap();
        assert!(told(&batches) == expected, "{bytes} bytes");
        let metrics = plan.metrics().unwrap();
        assert!(metrics.spill_count() > Some(0) && metrics.spilled_rows() > Some(200_000), "{metrics}");
        assert_eq!(state.task_ctx().memory_pool().reserved(), 0);
    }
}

#[tokio::test]
async fn subjects_without_room_are_an_error() {
    let state = session(Some(10_000));
    let plan = pass(&state, &purchases(100_000), true).await;
    let error = soon(collect(plan, state.task_ctx())).await.unwrap_err();
    assert!(matches!(error.find_root(), DataFusionError::ResourcesExhausted(_)), "{error}");
    assert_eq!(state.task_ctx().memory_pool().reserved(), 0);
}

#[tokio::test]
async fn whoever_stops_listening_stops_the_counting() {
    let state = session(None);
    let plan = pass(&state, &purchases(40_000), true).await;
    let mut streams: Vec<_> = (0..PARTITIONS).map(|at| plan.execute(at, state.task_ctx()).unwrap()).collect();
    assert!(soon(streams[0].next()).await.unwrap().unwrap().num_rows() > 0);
    assert!(state.task_ctx().memory_pool().reserved() > 0);
    drop(streams);
    assert_eq!(state.task_ctx().memory_pool().reserved(), 0);
    // And it can be asked again.
    let batches = soon(collect(plan, state.task_ctx())).await.unwrap();
    assert_eq!(told(&batches), expected(&purchases(40_000), true));
}

#[tokio::test]
async fn a_plan_shows_what_is_counted() {
    let state = session(None);
    let plan = pass(&state, &purchases(10), true).await;
    insta::assert_snapshot!(
        displayable(plan.as_ref()).one_line(),
        @"PassExec: by [key], purchases: features=3 measures=3 slices=3"
    );
}

#[test]
fn keys_of_another_type_are_refused() {
    let numbers = table(vec![Field::new("id", DataType::Int64, false)], 3, |range| {
        vec![Arc::new(Int64Array::from_iter_values(range.map(|id| id as i64)))]
    });
    let error = Pass::plan(vec![numbers, rows(&purchases(3))], passing(true)).unwrap_err();
    assert!(error.to_string().contains("key `key` of child 0 is Some(Int64), not Utf8View"), "{error}");
    assert!(Pass::plan(vec![customers()], passing(true)).is_err());
}
