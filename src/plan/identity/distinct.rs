//! Whether whole numbers are all different, told faster than by grouping them.

use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::common::Result;
use datafusion::common::runtime::JoinSet;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SessionState;
use datafusion::execution::memory_pool::MemoryConsumer;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use futures::StreamExt;

use super::column;

/// More are left to a plan, which can go to disk.
const MOST: usize = 1 << 24;
/// Numbers that are this close together on average are ticked off; others are sorted.
const SPREAD: u128 = 64;

/// Whether the known values of a column of 64-bit integers are all different; none where that is not told here.
pub(super) async fn whole_numbers(state: &SessionState, plan: &LogicalPlan, name: &str) -> Result<Option<bool>> {
    if *plan.schema().field_with_unqualified_name(name)?.data_type() != DataType::Int64 {
        return Ok(None);
    }
    let plan = LogicalPlanBuilder::from(plan.clone()).project(vec![column(name)])?.build()?;
    let mut tasks = JoinSet::new();
    for mut rows in super::super::run_in_parts(state, &plan).await? {
        let memory = MemoryConsumer::new("keys").register(&state.runtime_env().memory_pool);
        tasks.spawn(async move {
            let mut values = Vec::new();
            while let Some(batch) = rows.next().await.transpose()? {
                let column = batch.column(0).as_primitive::<Int64Type>();
                match column.null_count() {
                    0 => values.extend_from_slice(column.values()),
                    _ => values.extend(column.iter().flatten()),
                }
                if values.len() > MOST || memory.try_resize(values.capacity() * size_of::<i64>()).is_err() {
                    return Ok(None);
                }
            }
            Ok::<_, DataFusionError>(Some((values, memory)))
        });
    }
    let mut parts = Vec::new();
    while let Some(read) = tasks.join_next().await {
        let read = read.map_err(|error| DataFusionError::External(Box::new(error)))?;
        match read? {
            Some(part) => parts.push(part),
            None => return Ok(None),
        }
    }
    let values: Vec<&[i64]> = parts.iter().map(|(values, _)| values.as_slice()).collect();
    let count: usize = values.iter().map(|values| values.len()).sum();
    let memory = MemoryConsumer::new("keys").register(&state.runtime_env().memory_pool);
    if memory.try_grow(count * size_of::<i64>()).is_err() {
        return Ok(None);
    }
    Ok(Some(all_different(&values)))
}

fn all_different(parts: &[&[i64]]) -> bool {
    let values = || parts.iter().copied().flatten().copied();
    let (Some(least), Some(greatest)) = (values().min(), values().max()) else { return true };
    let span = u128::from(greatest.abs_diff(least)) + 1;
    let count: usize = parts.iter().map(|part| part.len()).sum();
    if span > SPREAD * count as u128 {
        let mut sorted: Vec<i64> = values().collect();
        sorted.sort_unstable();
        return sorted.is_sorted_by(|a, b| a < b);
    }
    let mut ticked = vec![0_u64; (span as usize).div_ceil(u64::BITS as usize)];
    values().all(|value| {
        let at = value.abs_diff(least);
        let (word, bit) = ((at / 64) as usize, 1 << (at % 64));
        let is_new = ticked[word] & bit == 0;
        ticked[word] |= bit;
        is_new
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_occurs_twice_is_seen() {
        for (spread, offset) in [(1, 0), (1, -500), (1_000, i64::MIN), (1 << 50, -(1 << 59))] {
            let mut values: Vec<i64> = (0..1_000).map(|at| offset + ((at * 7_919) % 1_000) * spread).collect();
            let (a, b) = values.split_at(400);
            assert!(all_different(&[a, &[], b]), "{spread} apart");
            values.push(values[17]);
            let (a, b) = values.split_at(600);
            assert!(!all_different(&[a, b]), "{spread} apart");
        }
        assert!(all_different(&[]));
        assert!(all_different(&[&[i64::MIN, i64::MAX]]));
        assert!(!all_different(&[&[5], &[5]]));
    }
}
