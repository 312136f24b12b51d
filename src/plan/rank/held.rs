//! The rows of one partition, kept until everybody's rank is known: in memory, on disk where that has no room.

use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::common::Result;
use datafusion::common::utils::memory::RecordBatchMemoryCounter;
use datafusion::execution::memory_pool::MemoryReservation;
use datafusion::execution::spill_file::SpillFile;
use datafusion::physical_plan::SpillManager;
use futures::stream::{self, BoxStream, StreamExt};

/// A file under way: takes rows, and for none gives the file. (Its type has no public name.)
type Writer = Box<dyn FnMut(Option<&RecordBatch>) -> Result<Option<Arc<dyn SpillFile>>> + Send>;

/// Rows kept.
pub(super) struct Held {
    memory: Vec<RecordBatch>,
    counter: RecordBatchMemoryCounter,
    reservation: MemoryReservation,
    disk: SpillManager,
    writing: Option<Writer>,
    files: Vec<Arc<dyn SpillFile>>,
}

impl Held {
    /// None yet.
    pub fn new(reservation: MemoryReservation, disk: SpillManager) -> Self {
        let (memory, counter) = (Vec::new(), RecordBatchMemoryCounter::new());
        Held { memory, counter, reservation, disk, writing: None, files: Vec::new() }
    }

    /// Keeps some more rows. Where memory has no room for them all are written to disk, and so are those that follow.
    pub fn push(&mut self, batch: RecordBatch) -> Result<()> {
        if let Some(write) = &mut self.writing {
            write(Some(&batch))?;
            return Ok(());
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
        if let Some(mut write) = self.writing.take() {
            self.files.extend(write(None)?);
        }
        Ok(())
    }

    /// Writes to disk what is in memory.
    pub fn spill(&mut self) -> Result<()> {
        if self.memory.is_empty() {
            return Ok(());
        }
        let mut write = match self.writing.take() {
            Some(write) => write,
            None => writer(&self.disk)?,
        };
        for batch in self.memory.drain(..) {
            write(Some(&batch))?;
        }
        self.memory.shrink_to_fit();
        self.counter = RecordBatchMemoryCounter::new();
        self.reservation.free();
        self.writing = Some(write);
        Ok(())
    }

    /// All rows, as often as they are asked for.
    pub fn read(&self) -> Result<BoxStream<'static, Result<RecordBatch>>> {
        let files = self.files.iter().map(|file| self.disk.read_spill_as_stream(Arc::clone(file), None));
        let files = files.collect::<Result<Vec<_>>>()?;
        let memory: Vec<_> = self.memory.iter().cloned().map(Ok).collect();
        Ok(stream::iter(files).flatten().chain(stream::iter(memory)).boxed())
    }

    /// All rows for the last time.
    pub fn give_back(self) -> Result<BoxStream<'static, Result<RecordBatch>>> {
        let rows = self.read()?;
        // What is in memory is given back when all of it has been read: batches may share it.
        let kept = (self.reservation, self.files);
        let end = stream::once(async move {
            drop(kept);
            None
        });
        Ok(rows.map(Some).chain(end).filter_map(std::future::ready).boxed())
    }
}

fn writer(disk: &SpillManager) -> Result<Writer> {
    let mut file = disk.create_in_progress_file("rows to be ranked")?;
    Ok(Box::new(move |batch| match batch {
        Some(batch) => file.append_batch(batch).map(|_| None),
        None => file.finish(),
    }))
}
