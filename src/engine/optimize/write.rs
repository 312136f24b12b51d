//! A copy as a Parquet file.

use std::io::Write;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::Compression;
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::metadata::{KeyValue, SortingColumn};
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::super::Error;
use super::groups::{MOST, RowGroups};

/// Writes rows that come in order.
pub(super) struct CopyWriter<W: Write + Send> {
    writer: ArrowWriter<W>,
    keys: Vec<usize>,
    groups: RowGroups,
}

impl<W: Write + Send> CopyWriter<W> {
    /// Begins a file for about so many rows.
    ///
    /// # Errors
    /// As all of these: the file cannot be written ([`Error::NotWritten`]), or rows cannot be encoded.
    pub fn begin(
        to: W,
        schema: &SchemaRef,
        keys: &[String],
        sorting: Vec<SortingColumn>,
        rows: u64,
    ) -> Result<Self, Error> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::LZ4_RAW)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_sorting_columns(Some(sorting))
            .set_max_row_group_row_count(Some(MOST as usize))
            .build();
        let keys: Result<_, ArrowError> = keys.iter().map(|name| schema.index_of(name)).collect();
        let keys = keys.map_err(DataFusionError::from)?;
        let writer = ArrowWriter::try_new(to, Arc::clone(schema), Some(properties)).map_err(told)?;
        Ok(CopyWriter { writer, keys, groups: RowGroups::new(rows) })
    }

    /// Writes some more rows.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let keys: Vec<ArrayRef> = self.keys.iter().map(|at| ArrayRef::clone(batch.column(*at))).collect();
        for (piece, ends) in self.groups.cut(&keys, batch).map_err(DataFusionError::from)? {
            self.writer.write(&batch.slice(piece.start, piece.len())).map_err(told)?;
            if ends {
                self.writer.flush().map_err(told)?;
            }
        }
        Ok(())
    }

    /// There are no more; the file says this of itself. How many row groups there are.
    pub fn finish(mut self, key: &str, value: String) -> Result<usize, Error> {
        self.writer.append_key_value_metadata(KeyValue::new(key.to_owned(), value));
        Ok(self.writer.close().map_err(told)?.num_row_groups())
    }
}

/// That a disk is full shall be told as such.
fn told(error: ParquetError) -> Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(error) => Error::NotWritten(*error),
            Err(inner) => DataFusionError::External(inner).into(),
        },
        other => DataFusionError::from(other).into(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Error as IoError, ErrorKind, Result as IoResult};

    use datafusion::arrow::array::Int64Array;

    use super::*;

    /// Takes so many bytes.
    struct Disk(usize);

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> IoResult<usize> {
            if bytes.len() > self.0 {
                return Err(IoError::from(ErrorKind::StorageFull));
            }
            self.0 -= bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> IoResult<()> {
            Ok(())
        }
    }

    fn written(room: usize) -> Result<usize, Error> {
        let numbers: ArrayRef = Arc::new((0..50_000).map(|row| row * row).collect::<Int64Array>());
        let rows = RecordBatch::try_from_iter([("no", numbers)]).map_err(DataFusionError::from)?;
        let mut writer = CopyWriter::begin(Disk(room), &rows.schema(), &["no".to_owned()], Vec::new(), 50_000)?;
        writer.write(&rows)?;
        writer.finish("made of", "files".to_owned())
    }

    #[test]
    fn a_full_disk_is_told_as_such() {
        assert_eq!(written(1 << 20).expect("there is room"), 7);
        // From the first bytes to the last.
        for room in [0, 2, 1_000, 100_000] {
            let told = written(room);
            let is_full = matches!(&told, Err(Error::NotWritten(error)) if error.kind() == ErrorKind::StorageFull);
            assert!(is_full, "{room}: {told:?}");
        }
    }
}
