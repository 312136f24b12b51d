//! A child that is read range by range: its rows are counted as they come.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use datafusion::arrow::array::{Array, BooleanArray, RecordBatch};
use datafusion::arrow::compute::filter_record_batch;
use datafusion::common::{Result, internal_err};
use datafusion::execution::TaskContext;
use datafusion::physical_plan::ExecutionPlan;
use futures::future::ready;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};

use super::gather::{Gathering, Read, Reader};
use super::radix::compact;
use super::ranges::Ranges;
use crate::plan::spill::Spilled;

/// A child that is read range by range, when it is a range's turn.
pub(super) struct InRanges {
    pub ranges: Arc<Ranges>,
    input: Arc<dyn ExecutionPlan>,
    context: Arc<TaskContext>,
    reader: Reader,
    /// The rows of keys that straddle, until there are no more.
    aside: Mutex<Gathering>,
    set_aside: OnceLock<Read>,
}

impl InRanges {
    pub fn new(ranges: Arc<Ranges>, input: Arc<dyn ExecutionPlan>, context: Arc<TaskContext>, reader: Reader) -> Self {
        let (aside, set_aside) = (Mutex::new(reader.begin()), OnceLock::new());
        InRanges { ranges, input, context, reader, aside, set_aside }
    }

    /// The rows of a range, as they are read; those of keys that straddle are set aside.
    pub fn rows(&self, range: usize) -> Result<BoxStream<'_, Result<RecordBatch>>> {
        let rows = self.input.execute(range, Arc::clone(&self.context))?;
        let ranges = &self.ranges;
        let rows = rows.map(move |rows| {
            let timer = self.reader.time.timer();
            let rows = self.reader.narrow(rows?)?;
            self.reader.rows.add(rows.num_rows());
            let rows = match ranges.straddle(range, rows.column(0))? {
                None => rows,
                Some(straddle) => {
                    let mut aside = self.aside.lock().unwrap_or_else(PoisonError::into_inner);
                    self.reader.gather(compact(filter_record_batch(&rows, &straddle)?)?, &mut aside)?;
                    // Unknown keys straddle nothing.
                    let known = (0..straddle.len()).map(|row| Some(!(straddle.is_valid(row) && straddle.value(row))));
                    filter_record_batch(&rows, &known.collect::<BooleanArray>())?
                }
            };
            timer.done();
            Ok(rows)
        });
        Ok(rows.try_filter(|rows| ready(rows.num_rows() > 0)).boxed())
    }

    /// All ranges have been read: nothing more is set aside.
    pub fn end(&self) -> Result<()> {
        let mut aside = self.aside.lock().unwrap_or_else(PoisonError::into_inner);
        self.reader.scatter(&mut aside)?;
        let none = self.reader.begin().read;
        let mut read = std::mem::replace(&mut aside.read, none);
        read.files.iter_mut().try_for_each(Spilled::finish)?;
        if self.set_aside.set(read).is_err() {
            return internal_err!("ranges have ended twice");
        }
        Ok(())
    }

    /// What was set aside; none before the end.
    pub fn set_aside(&self) -> Option<&Read> {
        self.set_aside.get()
    }
}
