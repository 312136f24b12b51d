//! The rows of one partition, kept until everybody's rank is known: in memory, on disk where that has no room.

use datafusion::arrow::array::RecordBatch;
use datafusion::common::Result;
use datafusion::common::utils::memory::RecordBatchMemoryCounter;
use datafusion::execution::memory_pool::MemoryReservation;
use datafusion::physical_plan::SpillManager;
use futures::stream::{self, BoxStream, StreamExt};

use crate::plan::spill::Spilled;

/// Rows kept.
pub(super) struct Held {
    memory: Vec<RecordBatch>,
    counter: RecordBatchMemoryCounter,
    reservation: MemoryReservation,
    disk: Spilled,
}

impl Held {
    /// None yet.
    pub fn new(reservation: MemoryReservation, disk: SpillManager) -> Self {
        let (memory, counter) = (Vec::new(), RecordBatchMemoryCounter::new());
        Held { memory, counter, reservation, disk: Spilled::new(disk, "rows to be ranked") }
    }

    /// Keeps some more rows. Where memory has no room for them all are written to disk, and so are those that follow.
    pub fn push(&mut self, batch: RecordBatch) -> Result<()> {
        if self.disk.is_writing() {
            return self.disk.push(&batch);
        }
        let bytes = self.counter.count_batch(&batch);
        self.memory.push(batch);
        match self.reservation.try_grow(bytes) {
            Ok(()) => Ok(()),
            Err(_) => self.spill(),
        }
    }

    /// There are no more rows.
    pub fn finish(&mut self) -> Result<()> {
        self.disk.finish()
    }

    /// Writes to disk what is in memory.
    pub fn spill(&mut self) -> Result<()> {
        for batch in self.memory.drain(..) {
            self.disk.push(&batch)?;
        }
        self.memory.shrink_to_fit();
        self.counter = RecordBatchMemoryCounter::new();
        self.reservation.free();
        Ok(())
    }

    /// All rows, as often as they are asked for.
    pub fn read(&self) -> Result<BoxStream<'static, Result<RecordBatch>>> {
        let memory: Vec<_> = self.memory.iter().cloned().map(Ok).collect();
        Ok(self.disk.read()?.chain(stream::iter(memory)).boxed())
    }

    /// All rows for the last time.
    pub fn give_back(self) -> Result<BoxStream<'static, Result<RecordBatch>>> {
        let rows = self.read()?;
        // What is in memory is given back when all of it has been read: batches may share it.
        let kept = (self.reservation, self.disk);
        let end = stream::once(async move {
            drop(kept);
            None
        });
        Ok(rows.map(Some).chain(end).filter_map(std::future::ready).boxed())
    }
}
