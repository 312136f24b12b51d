use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Int64Type, Schema};
use datafusion::common::Result;
use datafusion::datasource::MemTable;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::{Expr, col};
use datafusion::physical_plan::{ExecutionPlan, collect, displayable};
use datafusion::prelude::{SessionConfig, SessionContext};

use super::*;
use crate::engine::kernel::state::testing::*;
use crate::ir::Value;

/// What each group's aggregates are.
type Found = BTreeMap<usize, Vec<Option<Value>>>;

fn config() -> SessionConfig {
    SessionConfig::new().with_target_partitions(2).with_batch_size(128)
}

/// Rows as a table of two partitions of batches of 100.
fn table(data_type: &DataType, rows: &[Row]) -> MemTable {
    let schema = Arc::new(Schema::new(vec![
        Field::new("g", DataType::Int64, false),
        Field::new("x", data_type.clone(), true),
        Field::new("o", DataType::Binary, false),
        Field::new("f", DataType::Boolean, true),
    ]));
    let mut partitions = vec![Vec::new(), Vec::new()];
    for (number, batch) in rows.chunks(100).enumerate() {
        let groups: ArrayRef = Arc::new(Int64Array::from_iter_values(batch.iter().map(|row| row.group as i64)));
        let values = array(data_type, batch.iter().map(|row| row.value.clone()));
        let columns = vec![groups, values, orders(batch), Arc::new(filter(batch))];
        partitions[number % 2].push(RecordBatch::try_new(schema.clone(), columns).unwrap());
    }
    MemTable::try_new(schema, partitions).unwrap()
}

/// Every aggregation that means something for a type, over the rows whose filter is true.
fn expressions(data_type: &DataType) -> Vec<(Aggregation, Expr)> {
    let sensible = aggregations().into_iter().filter(|aggregation| makes_sense(*aggregation, data_type));
    sensible.map(|aggregation| (aggregation, expression(aggregation, col("f")))).collect()
}

fn expression(aggregation: Aggregation, filter: Expr) -> Expr {
    let arguments = match aggregation {
        Aggregation::First | Aggregation::Last => vec![col("x"), col("o")],
        _ => vec![col("x")],
    };
    aggregate_expr(aggregation, arguments, Some(filter)).unwrap()
}

async fn plan(
    context: &SessionContext,
    table: MemTable,
    groups: Vec<Expr>,
    aggregates: Vec<Expr>,
) -> Result<Arc<dyn ExecutionPlan>> {
    context.read_table(Arc::new(table))?.aggregate(groups, aggregates)?.create_physical_plan().await
}

async fn grouped(context: &SessionContext, data_type: &DataType, rows: &[Row]) -> Result<(Found, usize)> {
    let aggregates = expressions(data_type).into_iter().map(|(_, aggregate)| aggregate).collect();
    let plan = plan(context, table(data_type, rows), vec![col("g")], aggregates).await?;
    let shown = displayable(plan.as_ref()).indent(false).to_string();
    assert!(shown.contains("mode=Partial") && shown.contains("mode=FinalPartitioned"), "{shown}");
    let mut found = Found::new();
    for batch in collect(plan.clone(), context.task_ctx()).await? {
        let columns: Vec<_> = batch.columns()[1..].iter().map(values).collect();
        for (row, group) in batch.column(0).as_primitive::<Int64Type>().values().iter().enumerate() {
            found.insert(*group as usize, columns.iter().map(|column| column[row].clone()).collect());
        }
    }
    Ok((found, spills(plan.as_ref())))
}

fn spills(plan: &dyn ExecutionPlan) -> usize {
    let own = plan.metrics().and_then(|metrics| metrics.spill_count()).unwrap_or(0);
    own + plan.children().into_iter().map(|child| spills(child.as_ref())).sum::<usize>()
}

/// The same by definition, for groups that have rows.
fn expected(data_type: &DataType, rows: &[Row]) -> Found {
    let groups = rows.iter().map(|row| row.group + 1).max().unwrap_or(0);
    let mut of_group = vec![Vec::new(); groups];
    rows.iter().for_each(|row| of_group[row.group].push(Row { group: 0, ..row.clone() }));
    let filled = of_group.iter().enumerate().filter(|(_, rows)| !rows.is_empty());
    let aggregates = expressions(data_type);
    filled
        .map(|(group, rows)| {
            let found = aggregates.iter().flat_map(|(aggregation, _)| naive(*aggregation, rows, 1)).collect();
            (group, found)
        })
        .collect()
}

#[tokio::test]
async fn partial_and_final_aggregation_agree_with_the_definition() -> Result<()> {
    let context = SessionContext::new_with_config(config());
    for data_type in types() {
        let rows = Random(11).rows(&data_type, 2500, 150);
        let (found, _) = grouped(&context, &data_type, &rows).await?;
        assert_eq!(found, expected(&data_type, &rows), "{data_type}");
    }
    Ok(())
}

#[tokio::test]
async fn rows_that_skip_partial_aggregation_count_the_same() -> Result<()> {
    let mut config = config();
    config.options_mut().execution.skip_partial_aggregation_probe_rows_threshold = 200;
    config.options_mut().execution.skip_partial_aggregation_probe_ratio_threshold = 0.1;
    let context = SessionContext::new_with_config(config);
    for data_type in types() {
        let rows = Random(12).rows(&data_type, 3000, 1500);
        let aggregates = expressions(&data_type).into_iter().map(|(_, aggregate)| aggregate).collect();
        let plan = plan(&context, table(&data_type, &rows), vec![col("g")], aggregates).await?;
        collect(plan.clone(), context.task_ctx()).await?;
        assert!(skipped(plan.as_ref()) > 0, "no row skipped partial aggregation");
        let (found, _) = grouped(&context, &data_type, &rows).await?;
        assert_eq!(found, expected(&data_type, &rows), "{data_type}");
    }
    Ok(())
}

fn skipped(plan: &dyn ExecutionPlan) -> usize {
    let metrics = plan.metrics().unwrap_or_default();
    let own = metrics.sum_by_name("skipped_aggregation_rows").map_or(0, |metric| metric.as_usize());
    own + plan.children().into_iter().map(|child| skipped(child.as_ref())).sum::<usize>()
}

#[tokio::test]
async fn little_memory_makes_it_spill_and_changes_nothing() -> Result<()> {
    for data_type in [DataType::Int64, DataType::Binary, DataType::Utf8View, DataType::Decimal128(38, 2)] {
        let rows = Random(13).rows(&data_type, 12_000, 3000);
        let pool = Arc::new(FairSpillPool::new(4_000_000));
        let runtime = RuntimeEnvBuilder::new().with_memory_pool(pool).build_arc()?;
        let context = SessionContext::new_with_config_rt(config(), runtime);
        let (found, spills) = grouped(&context, &data_type, &rows).await?;
        assert!(spills > 0, "{data_type} did not spill");
        assert_eq!(found, expected(&data_type, &rows), "{data_type}");
    }
    Ok(())
}

#[tokio::test]
async fn without_groups_there_is_one_answer() -> Result<()> {
    let context = SessionContext::new_with_config(config());
    for data_type in types() {
        for count in [0, 1, 700] {
            let rows = Random(14).rows(&data_type, count, 1);
            for (aggregation, aggregate) in expressions(&data_type) {
                let plan = plan(&context, table(&data_type, &rows), vec![], vec![aggregate]).await?;
                let batches = collect(plan, context.task_ctx()).await?;
                let found: Vec<_> = batches.iter().flat_map(|batch| values(batch.column(0))).collect();
                assert_eq!(found, naive(aggregation, &rows, 1), "{aggregation:?} of {count} {data_type}");
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_filter_that_lets_nothing_pass_leaves_nothing() -> Result<()> {
    let context = SessionContext::new_with_config(config());
    let data_type = DataType::Decimal128(38, 2);
    let rows = Random(15).rows(&data_type, 900, 20);
    let none: Vec<Row> =
        rows.iter().map(|row| Row { filter: [Some(false), None][row.group % 2], ..row.clone() }).collect();
    let (found, _) = grouped(&context, &data_type, &none).await?;
    assert_eq!(found, expected(&data_type, &none));
    assert!(found[&0].contains(&None) && found[&0].contains(&Some(number(0, 1))));
    Ok(())
}

#[tokio::test]
async fn rows_are_counted_with_and_without_a_filter() -> Result<()> {
    let context = SessionContext::new_with_config(config());
    let rows = Random(16).rows(&DataType::Int64, 1000, 10);
    let passed = rows.iter().filter(|row| row.filter == Some(true)).count();
    let aggregates = vec![
        aggregate_expr(Aggregation::Count, vec![], None)?,
        aggregate_expr(Aggregation::Count, vec![], Some(col("f")))?,
    ];
    let plan = plan(&context, table(&DataType::Int64, &rows), vec![], aggregates).await?;
    let batches = collect(plan, context.task_ctx()).await?;
    let found: Vec<_> = batches[0].columns().iter().flat_map(values).collect();
    assert_eq!(found, [Some(number(1000, 1)), Some(number(passed as i128, 1))]);
    Ok(())
}

#[tokio::test]
async fn percentiles_of_one_column_are_told_apart() -> Result<()> {
    let context = SessionContext::new_with_config(config());
    let rows: Vec<Row> =
        (0..5).map(|n| Row { group: 0, value: Some(number(n, 1)), order: vec![], filter: None }).collect();
    let aggregates = [0, 50_000_000, 100_000_000]
        .map(|p| aggregate_expr(Aggregation::Percentile(p), vec![col("x")], None).unwrap())
        .to_vec();
    let plan = plan(&context, table(&DataType::Int64, &rows), vec![], aggregates).await?;
    let batches = collect(plan, context.task_ctx()).await?;
    let found: Vec<_> = batches[0].columns().iter().flat_map(values).collect();
    assert_eq!(found, [0, 2, 4].map(|n| Some(number(n, 1))));
    Ok(())
}

#[tokio::test]
async fn what_has_no_meaning_fails_when_it_is_planned() {
    let context = SessionContext::new_with_config(config());
    let aggregate = aggregate_expr(Aggregation::Sum, vec![col("x")], None).unwrap();
    let refused = plan(&context, table(&DataType::Utf8View, &[]), vec![], vec![aggregate]).await;
    assert!(refused.unwrap_err().to_string().contains("Sum of Utf8View"));
}
