//! Rows on disk.

use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::array::RecordBatch;
use datafusion::common::Result;
use datafusion::execution::spill_file::SpillFile;
use datafusion::physical_plan::SpillManager;
use futures::stream::{self, BoxStream, StreamExt};

/// A file under way: takes rows, and for none gives the file. (Its type has no public name.)
type Writer = Box<dyn FnMut(Option<&RecordBatch>) -> Result<Option<Arc<dyn SpillFile>>> + Send>;

/// Rows that are written one after the other, then read as often as need be.
pub(super) struct Spilled {
    disk: SpillManager,
    what: &'static str,
    /// Whoever writes has it alone; the lock is for those who only read.
    writing: Mutex<Option<Writer>>,
    files: Vec<Arc<dyn SpillFile>>,
}

impl Spilled {
    /// None yet, and no file; `what` is said where disk is short.
    pub fn new(disk: SpillManager, what: &'static str) -> Self {
        Spilled { disk, what, writing: Mutex::new(None), files: Vec::new() }
    }

    /// Writes some more.
    pub fn push(&mut self, rows: &RecordBatch) -> Result<()> {
        let write = match self.writing.get_mut().unwrap_or_else(PoisonError::into_inner) {
            Some(write) => write,
            none => none.insert(writer(&self.disk, self.what)?),
        };
        write(Some(rows)).map(|_| ())
    }

    /// Whether rows are being written.
    pub fn is_writing(&mut self) -> bool {
        self.writing.get_mut().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// There are no more rows.
    pub fn finish(&mut self) -> Result<()> {
        if let Some(mut write) = self.writing.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            self.files.extend(write(None)?);
        }
        Ok(())
    }

    /// All rows, as they were written. The files are there as long as this is.
    pub fn read(&self) -> Result<BoxStream<'static, Result<RecordBatch>>> {
        let files = self.files.iter().map(|file| self.disk.read_spill_as_stream(Arc::clone(file), None));
        let files = files.collect::<Result<Vec<_>>>()?;
        Ok(stream::iter(files).flatten().boxed())
    }
}

fn writer(disk: &SpillManager, what: &'static str) -> Result<Writer> {
    let mut file = disk.create_in_progress_file(what)?;
    Ok(Box::new(move |batch| match batch {
        Some(batch) => file.append_batch(batch).map(|_| None),
        None => file.finish(),
    }))
}
