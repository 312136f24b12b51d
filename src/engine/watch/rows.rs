//! The instants at which rows happened.

use std::collections::BTreeSet;

use datafusion::arrow::array::AsArray;
use datafusion::arrow::datatypes::TimestampMicrosecondType;
use datafusion::logical_expr::{LogicalPlanBuilder, col, lit};
use datafusion::scalar::ScalarValue;
use futures::TryStreamExt;

use super::Watch;
use crate::engine::{AsOf, Error};
use crate::ir::RowSet;
use crate::plan::{Lowering, run};

impl Watch<'_> {
    /// The instants later than another at which rows of the tables that segments need happened, or will happen: ascending, each once.
    pub(super) async fn row_instants(&self, after: AsOf) -> Result<Vec<AsOf>, Error> {
        let query = self.query(AsOf::from_micros(i64::MAX))?;
        let blame = query.blame();
        let found = async {
            let (calendar, tables) = query.ready().await?;
            let mut instants = BTreeSet::new();
            let bases: BTreeSet<_> = tables.keys().copied().collect();
            for base in bases {
                let mut lowering = Lowering::new(&self.engine.ir, calendar.clone(), &tables);
                let Some(rows) = self.engine.ir.find_rows(&RowSet::Base(base)) else { continue };
                let Some((plan, time)) = lowering.times(rows)? else { continue };
                let later = lit(ScalarValue::TimestampMicrosecond(Some(after.micros()), None));
                let plan = LogicalPlanBuilder::from(plan).filter(col(&time).gt(later))?;
                let plan = plan.project(vec![col(&time)])?.distinct()?.build()?;
                let mut stream = run(&self.engine.state, &plan).await?;
                while let Some(batch) = stream.try_next().await? {
                    let times = batch.column(0).as_primitive::<TimestampMicrosecondType>();
                    instants.extend(times.iter().flatten().map(AsOf::from_micros));
                }
            }
            Ok::<_, Error>(instants.into_iter().collect())
        };
        match found.await {
            Ok(instants) => Ok(instants),
            Err(error) => Err(blame.told(error).await),
        }
    }
}
