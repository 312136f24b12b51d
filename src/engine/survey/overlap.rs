//! How far the values of one column are found in another: what tells that `orders.customer_id` leads to `customers.id`.
//!
//! A join for every pair of columns would read every table many times. Instead each table is read once, and of every
//! column asked about the smallest hashes of its distinct values are kept ([`super::distinct`]). Up to 10,000 values that
//! is all of them, and the share found is exact. Above, both columns keep the same part of the space of hashes, so what
//! is kept of one is an even sample that can be looked for in what is kept of the other; neither the order of rows nor
//! the number of threads shows.

use std::sync::Arc;

use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::common::hash_utils::{HLL_RANDOM_STATE, create_hashes};
use datafusion::common::{Column, DataFusionError};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};
use futures::StreamExt;
use tokio::task::JoinSet;

use super::distinct::Distinct;
use crate::engine::kernel::calendar::Calendar;
use crate::engine::{Engine, Error};
use crate::ir::{BaseTableId, ColumnKind};
use crate::plan::{Lowering, repeated_keys, run_in_parts};

/// The distinct known values of a column, as far as it takes to look for them in another.
#[derive(Clone, Debug)]
pub struct Values {
    kind: Option<ColumnKind>,
    distinct: Distinct,
}

impl Values {
    /// How many distinct known values there are; exact up to 10,000, above that within a few percent.
    pub fn count(&self) -> u64 {
        self.distinct.count()
    }

    /// The share of the distinct values that the other column has too, 0 to 1. None where there is no telling: no value
    /// is known, or values of the two kinds are never equal.
    pub fn found_in(&self, other: &Values) -> Option<f64> {
        let (kind, other_kind) = (self.kind?, other.kind?);
        let comparable = std::mem::discriminant(&kind) == std::mem::discriminant(&other_kind);
        if !comparable {
            return None;
        }
        let (seen, found) = self.distinct.found_in(&other.distinct);
        (seen > 0).then(|| found as f64 / seen as f64)
    }
}

impl Engine {
    /// The values of some columns of a table with rows of its own, by our names, in the order asked for. Columns that
    /// the language cannot use, or that the table does not have, give none.
    ///
    /// # Errors
    /// A value cannot be read as what its column is, the data is not there, or DataFusion fails.
    pub async fn values_of(&self, table: &str, columns: &[&str]) -> Result<Vec<Option<Values>>, Error> {
        let Some((base, plan)) = self.rows_of(table)? else { return Ok(vec![None; columns.len()]) };
        let usable = |name: &&str| {
            let declared = &self.ir.base_table(base).columns;
            declared.iter().position(|column| column.name == *name && column.kind.is_some())
        };
        let positions: Vec<Option<usize>> = columns.iter().map(usable).collect();
        let mut read = positions.iter().flatten().copied().collect::<Vec<_>>();
        read.dedup();
        if read.is_empty() {
            return Ok(vec![None; columns.len()]);
        }
        let kinds = &self.ir.base_table(base).columns;
        let narrow: Vec<Expr> = read.iter().filter_map(|at| field(&plan, *at)).collect();
        let plan = LogicalPlanBuilder::from(plan).project(narrow)?.build()?;
        let distinct = self.distinct_values(&plan, read.len()).await?;
        let of = |at: usize| {
            let place = read.iter().position(|read| *read == at)?;
            Some(Values { kind: kinds.get(at)?.kind, distinct: distinct.get(place)?.clone() })
        };
        Ok(positions.into_iter().map(|position| position.and_then(of)).collect())
    }

    /// Whether no known value of a column occurs twice, counted exactly. A column that the table does not have is not
    /// unique.
    ///
    /// # Errors
    /// As [`Engine::values_of`].
    pub async fn is_unique(&self, table: &str, column: &str) -> Result<bool, Error> {
        let Some((base, plan)) = self.rows_of(table)? else { return Ok(false) };
        let columns = &self.ir.base_table(base).columns;
        let at = columns.iter().position(|found| found.name == column && found.kind.is_some());
        let Some(at) = at else { return Ok(false) };
        let Some(name) = plan.schema().fields().get(at).map(|field| field.name().clone()) else { return Ok(false) };
        let narrow = LogicalPlanBuilder::from(plan).project([Expr::Column(Column::new_unqualified(&name))])?.build()?;
        Ok(repeated_keys(&self.state, narrow, &[name]).await?.is_empty())
    }

    /// Every row of a base table; the columns stand in the order of the catalogue's meaning of it.
    fn rows_of(&self, table: &str) -> Result<Option<(BaseTableId, LogicalPlan)>, Error> {
        let Some(at) = self.ir.base_tables.iter().position(|base| base.name == table) else { return Ok(None) };
        let base = BaseTableId(at as u32);
        let Some(prepared) = self.prepared(base) else { return Ok(None) };
        let tables = [(base, prepared)].into_iter().collect();
        let calendar = Calendar::new(self.ir.timezone, self.ir.week_starts, self.ir.windows, i64::MAX);
        Ok(Some((base, Lowering::new(&self.ir, calendar, &tables).whole_rows(base)?)))
    }

    async fn distinct_values(&self, plan: &LogicalPlan, width: usize) -> Result<Vec<Distinct>, Error> {
        // The set stops its readers when it is dropped.
        let mut readers = JoinSet::new();
        for mut stream in run_in_parts(&self.state, plan).await? {
            readers.spawn(async move {
                let mut columns = vec![Distinct::default(); width];
                while let Some(batch) = stream.next().await {
                    see(&mut columns, &batch?)?;
                }
                Ok::<_, DataFusionError>(columns)
            });
        }
        let mut whole = vec![Distinct::default(); width];
        while let Some(read) = readers.join_next().await {
            let columns = read.map_err(|error| DataFusionError::External(Box::new(error)))??;
            whole.iter_mut().zip(columns).for_each(|(whole, column)| whole.merge(column));
        }
        Ok(whole)
    }
}

fn field(plan: &LogicalPlan, at: usize) -> Option<Expr> {
    let name = plan.schema().fields().get(at)?.name();
    Some(Expr::Column(Column::new_unqualified(name)))
}

fn see(columns: &mut [Distinct], batch: &RecordBatch) -> Result<(), DataFusionError> {
    for (distinct, column) in columns.iter_mut().zip(batch.columns()) {
        let mut hashes = vec![0; column.len()];
        create_hashes([Arc::clone(column)].as_slice(), &HLL_RANDOM_STATE, &mut hashes)?;
        let nulls = column.logical_nulls();
        let known = |row: &usize| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(*row));
        for row in (0..column.len()).filter(known) {
            if let Some(hash) = hashes.get(row) {
                distinct.add(*hash);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
    use datafusion::datasource::MemTable;

    use crate::{Engine, Project};

    const CATALOG: &str = "\
kohort: 1
subject: { name: customer, key: id }
tables:
  customers: { subject: id }
  orders:    { subject: customer_id }
";

    fn numbers(values: impl IntoIterator<Item = Option<i64>>) -> ArrayRef {
        Arc::new(Int64Array::from_iter(values))
    }

    async fn engine(customers: Vec<(&str, ArrayRef)>, orders: Vec<(&str, ArrayRef)>) -> Engine {
        let table = |columns: Vec<(&str, ArrayRef)>| {
            let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
            Arc::new(MemTable::try_new(batch.schema(), vec![vec![batch]]).expect("a table"))
        };
        let project = Project::from_texts([("catalog.yaml", CATALOG)]);
        let builder = Engine::builder(project).table("customers", table(customers)).table("orders", table(orders));
        builder.open().await.expect("it opens")
    }

    async fn share(engine: &Engine, from: &str, to: &str) -> Option<f64> {
        let from = engine.values_of("orders", &[from]).await.expect("values").remove(0)?;
        let to = engine.values_of("customers", &[to]).await.expect("values").remove(0)?;
        from.found_in(&to)
    }

    #[tokio::test]
    async fn shares_are_of_distinct_known_values() {
        let name: ArrayRef = Arc::new(StringArray::from(vec!["1", "2", "3", "4", "4"]));
        let customers = vec![("id", numbers([1, 2, 3, 4, 5].map(Some))), ("name", name)];
        let seven = numbers([Some(1), Some(1), Some(2), Some(9), None, Some(2), Some(5)]);
        let nothing = numbers([None; 7]);
        let engine = engine(customers, vec![("customer_id", seven), ("nothing", nothing)]).await;
        assert_eq!(share(&engine, "customer_id", "id").await, Some(0.75), "1, 2 and 5 of 1, 2, 5 and 9");
        assert_eq!(share(&engine, "customer_id", "name").await, None, "a number never equals a text");
        assert_eq!(share(&engine, "nothing", "id").await, None);
        assert_eq!(share(&engine, "customer_id", "missing").await, None);
        let values = engine.values_of("orders", &["customer_id", "nothing"]).await.expect("values");
        let counts: Vec<u64> = values.iter().flatten().map(|values| values.count()).collect();
        assert_eq!(counts, [4, 0]);
    }

    #[tokio::test]
    async fn large_columns_are_sampled_evenly() {
        let customers = vec![("id", numbers((0..60_000).map(Some)))];
        let orders = vec![("customer_id", numbers((0..100_000).map(|n| Some(n * 3 / 5 + 30_000))))];
        let engine = engine(customers, orders).await;
        // 60,000 different values from 30,000 on: half of them are below 60,000.
        let share = share(&engine, "customer_id", "id").await.expect("a share");
        assert!((share - 0.5).abs() < 0.03, "{share}");
    }

    #[tokio::test]
    async fn one_repeated_value_among_many_is_found() {
        let unique = numbers((0..30_000).map(Some));
        let nearly = numbers((0..30_000).map(|n| Some(if n == 17 { 29_000 } else { n })));
        let engine = engine(vec![("id", unique), ("other", nearly)], vec![("customer_id", numbers([Some(1)]))]).await;
        assert!(engine.is_unique("customers", "id").await.expect("an answer"));
        assert!(!engine.is_unique("customers", "other").await.expect("an answer"));
        assert!(!engine.is_unique("customers", "missing").await.expect("an answer"));
    }
}
