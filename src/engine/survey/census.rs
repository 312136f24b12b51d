//! How many rows a table has, when they happened and whose they are.

use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::context::SessionState;
use datafusion::logical_expr::LogicalPlan;
use futures::TryStreamExt;

use crate::plan::{CensusOf, run};

/// What a census found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Census {
    /// All rows.
    pub rows: u64,
    /// Rows of unknown time.
    pub timeless: u64,
    /// First and last known time.
    pub span: Option<(i64, i64)>,
    /// For each kind asked about its anonymous and orphan rows.
    pub kinds: Vec<(u64, u64)>,
}

/// Takes a census by its plan.
pub(super) async fn take(state: &SessionState, plan: &LogicalPlan, of: &CensusOf) -> Result<Census> {
    let batches: Vec<RecordBatch> = run(state, plan).await?.try_collect().await?;
    let counts = batches.iter().find(|batch| batch.num_rows() == 1);
    let counts = counts.ok_or_else(|| DataFusionError::Internal("a census has one row".to_owned()))?;
    let mut census = Census::default();
    let mut columns = counts.columns().iter();
    let mut next = || columns.next().and_then(|column| Some(column.as_primitive_opt::<Int64Type>()?.value(0)));
    census.rows = next().unwrap_or(0).unsigned_abs();
    if of.time.is_some() {
        census.timeless = census.rows.saturating_sub(next().unwrap_or(0).unsigned_abs());
        let mut time = || {
            let times = columns.next()?.as_primitive_opt::<TimestampMicrosecondType>()?;
            times.iter().next().flatten()
        };
        let (first, last) = (time(), time());
        census.span = first.zip(last);
    }
    let rest: Vec<u64> = columns
        .map(|column| column.as_primitive_opt::<Int64Type>().map_or(0, |count| count.value(0).unsigned_abs()))
        .collect();
    census.kinds = rest.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect();
    Ok(census)
}
