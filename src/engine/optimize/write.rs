//! A copy as a Parquet file.

use std::io::Write;

use datafusion::arrow::array::{ArrayRef, RecordBatch};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::Result;
use datafusion::error::DataFusionError;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::Compression;
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::metadata::{KeyValue, SortingColumn};
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::groups::{MOST, RowGroups};

/// Writes rows that come in order.
pub(super) struct CopyWriter<W: Write + Send> {
    writer: ArrowWriter<W>,
    keys: Vec<usize>,
    groups: RowGroups,
}

impl<W: Write + Send> CopyWriter<W> {
    /// Begins a file for about so many rows.
    pub fn begin(to: W, schema: &SchemaRef, keys: &[String], sorting: Vec<SortingColumn>, rows: u64) -> Result<Self> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::LZ4_RAW)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_sorting_columns(Some(sorting))
            .set_max_row_group_row_count(Some(MOST as usize))
            .build();
        let keys = keys.iter().map(|name| schema.index_of(name)).collect::<std::result::Result<_, _>>()?;
        let writer = ArrowWriter::try_new(to, std::sync::Arc::clone(schema), Some(properties))?;
        Ok(CopyWriter { writer, keys, groups: RowGroups::new(rows) })
    }

    /// Writes some more rows.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let keys: Vec<ArrayRef> = self.keys.iter().map(|at| ArrayRef::clone(batch.column(*at))).collect();
        for (piece, ends) in self.groups.cut(&keys, batch)? {
            self.writer.write(&batch.slice(piece.start, piece.len())).map_err(told)?;
            if ends {
                self.writer.flush().map_err(told)?;
            }
        }
        Ok(())
    }

    /// There are no more; the file says this of itself. How many row groups there are.
    pub fn finish(mut self, key: &str, value: String) -> Result<usize> {
        self.writer.append_key_value_metadata(KeyValue::new(key.to_owned(), value));
        Ok(self.writer.close().map_err(told)?.num_row_groups())
    }
}

/// That a disk is full shall be told as such.
fn told(error: ParquetError) -> DataFusionError {
    match error {
        ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(error) => DataFusionError::IoError(*error),
            Err(inner) => DataFusionError::External(inner),
        },
        other => other.into(),
    }
}
