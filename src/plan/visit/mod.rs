//! The operator for what needs a subject's rows in order: a citizen of DataFusion's plans.
//!
//! It has one child, of which it asks that a subject's rows come together and in order; DataFusion partitions and sorts, and
//! spills where memory is short. A [`Visitor`] then sees every row once, subject after subject, and keeps what the kernel
//! keeps: a place and a time to number rows, a state a step for sequences.

mod exec;
mod held;
mod node;
mod numbers;

use std::fmt;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::buffer::BooleanBuffer;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::Result;

pub(crate) use exec::VisitPlanner;
pub(crate) use held::{Held, RowColumns, StepColumns};
pub(crate) use node::Visit;
pub(crate) use numbers::Numbers;

/// What is made of rows in order.
pub(crate) trait Visitor: fmt::Debug + fmt::Display + Send + Sync {
    /// The columns it gives.
    fn schema(&self) -> SchemaRef;

    /// Begins with the rows of one partition.
    fn begin(&self) -> Result<Box<dyn Visiting>>;
}

/// A visit under way.
pub(crate) trait Visiting: Send {
    /// Takes the next rows. `starts` says which of them begin a subject other than that of the row before.
    fn rows(&mut self, batch: &RecordBatch, starts: &BooleanBuffer) -> Result<Option<RecordBatch>>;

    /// Bytes held of the subject at hand beyond a constant.
    fn size(&self) -> usize {
        0
    }

    /// There are no more rows.
    fn end(&mut self) -> Result<Option<RecordBatch>> {
        Ok(None)
    }
}

/// In which order rows are visited.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// Positions of the subject's key.
    pub keys: Vec<usize>,
    /// Positions of what orders its rows, and whether the greatest comes first.
    pub by: Vec<(usize, bool)>,
}
