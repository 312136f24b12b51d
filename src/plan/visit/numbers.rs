//! Rows beside their number and their gap.

use std::fmt;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::buffer::BooleanBuffer;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit, TimestampMicrosecondType};
use datafusion::common::Result;

use super::{Visiting, Visitor};
use crate::engine::kernel::visit::Numbering;
use crate::plan::compute::external;

/// Gives every column of its rows, then a number and a gap for each ordering. Rows come in row order.
#[derive(Clone, Debug)]
pub(crate) struct Numbers {
    /// Position of the time of a row.
    time: usize,
    /// For each ordering the position of the column that says which rows it counts.
    counted: Vec<usize>,
    schema: SchemaRef,
}

impl Numbers {
    /// Numbers rows of these columns. Each ordering has the position of what it counts, and the names of its two columns.
    pub fn new(input: &Schema, time: usize, orderings: Vec<(usize, String, String)>) -> Self {
        let mut fields: Vec<Field> = input.fields().iter().map(|field| field.as_ref().clone()).collect();
        let mut counted = Vec::new();
        for (at, number, gap) in orderings {
            counted.push(at);
            fields.push(Field::new(number, DataType::Int64, true));
            fields.push(Field::new(gap, DataType::Duration(TimeUnit::Microsecond), true));
        }
        Numbers { time, counted, schema: Arc::new(Schema::new(fields)) }
    }
}

impl fmt::Display for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "number and gap in {} orders", self.counted.len())
    }
}

impl Visitor for Numbers {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn begin(&self) -> Result<Box<dyn Visiting>> {
        let states = self.counted.iter().map(|_| Numbering::new()).collect();
        Ok(Box::new(Numbered { numbers: self.clone(), states }))
    }
}

struct Numbered {
    numbers: Numbers,
    states: Vec<Numbering>,
}

impl Visiting for Numbered {
    fn rows(&mut self, batch: &RecordBatch, starts: &BooleanBuffer) -> Result<Option<RecordBatch>> {
        let times = batch.column(self.numbers.time).as_primitive::<TimestampMicrosecondType>();
        let mut columns = batch.columns().to_vec();
        for (at, state) in self.numbers.counted.iter().zip(&mut self.states) {
            let counted = batch.column(*at).as_boolean();
            let (number, gap) = state.push(starts, counted, times).map_err(external)?;
            columns.extend([Arc::new(number) as ArrayRef, Arc::new(gap)]);
        }
        Ok(Some(RecordBatch::try_new(self.numbers.schema(), columns)?))
    }
}
