//! Batches as a file of Parquet. Row groups are encoded side by side, as many as there are processors, and written in
//! their order: of hundreds of segments there are many times more members than subjects, and one processor that wrote
//! them let the others wait for a quarter of the whole time.

use std::io::Write;
use std::ops::Range;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use datafusion::parquet::basic::{Compression, Encoding, ZstdLevel};
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::metadata::KeyValue;
use datafusion::parquet::file::properties::WriterProperties;
use datafusion::parquet::schema::types::ColumnPath;

use super::threads::{at_once, side_by_side};

/// Batches of a row group. A batch has 65,536 rows at most, and a row group is the least that readers take at once: few
/// bytes a row, since keys are short.
const GROUP_BATCHES: usize = 16;

/// Writes so many batches.
///
/// # Errors
/// A batch cannot be made, or the output takes no more.
pub fn write(
    out: impl Write + Send,
    schema: SchemaRef,
    metadata: impl Iterator<Item = (String, String)>,
    count: usize,
    batch: impl Fn(usize) -> Result<RecordBatch, ArrowError> + Sync,
) -> Result<(), ParquetError> {
    let writer = ArrowWriter::try_new(out, SchemaRef::clone(&schema), Some(properties(&schema, metadata)))?;
    let (mut file, factory) = writer.into_serialized_writer()?;
    let groups = count.div_ceil(GROUP_BATCHES);
    for first in (0..groups).step_by(at_once()) {
        let encoded = side_by_side(first..groups.min(first + at_once()), |group| {
            let batches = group * GROUP_BATCHES..count.min((group + 1) * GROUP_BATCHES);
            encode(group, &factory, &schema, batches, &batch)
        });
        for columns in encoded {
            let mut group = file.next_row_group()?;
            for column in columns? {
                column.append_to_row_group(&mut group)?;
            }
            group.close()?;
        }
    }
    file.close()?;
    Ok(())
}

/// The columns of one row group.
fn encode(
    group: usize,
    factory: &ArrowRowGroupWriterFactory,
    schema: &SchemaRef,
    batches: Range<usize>,
    batch: &impl Fn(usize) -> Result<RecordBatch, ArrowError>,
) -> Result<Vec<ArrowColumnChunk>, ParquetError> {
    let mut writers = factory.create_column_writers(group)?;
    for at in batches {
        let batch = batch(at)?;
        let mut writers = writers.iter_mut();
        for (field, column) in schema.fields().iter().zip(batch.columns()) {
            for (leaf, writer) in compute_leaves(field, column)?.iter().zip(&mut writers) {
                writer.write(leaf)?;
            }
        }
    }
    writers.into_iter().map(|writer| writer.close()).collect()
}

/// Keys that are whole numbers stand in their order, segment by segment: what is written is how far each is from the one before.
fn properties(schema: &SchemaRef, metadata: impl Iterator<Item = (String, String)>) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_key_value_metadata(Some(metadata.map(|(key, value)| KeyValue::new(key, value)).collect()));
    for field in schema.fields().iter().filter(|field| *field.data_type() == DataType::Int64) {
        let column = ColumnPath::from(field.name().as_str());
        properties = properties
            .set_column_dictionary_enabled(column.clone(), false)
            .set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
    }
    properties.build()
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, SeekFrom};
    use std::sync::Arc;

    use datafusion::arrow::array::{Int64Array, StringArray};
    use datafusion::arrow::compute::concat_batches;
    use datafusion::arrow::datatypes::{Field, Schema};
    use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::*;

    /// Batch `at`: unknown values, values that go down, and steps of more than 63 bits.
    fn batch(at: usize) -> RecordBatch {
        let at = at as i64;
        let numbers = Int64Array::from(vec![Some(-at), None, Some(if at % 2 == 0 { i64::MIN } else { i64::MAX })]);
        let texts = StringArray::from(vec![Some(format!("the batch {at}")), Some(String::new()), None]);
        let fields = vec![Field::new("number", DataType::Int64, true), Field::new("text", DataType::Utf8, true)];
        RecordBatch::try_new(Arc::new(Schema::new(fields)), vec![Arc::new(numbers), Arc::new(texts)]).unwrap()
    }

    #[test]
    fn row_groups_that_are_encoded_side_by_side_stand_in_their_order() {
        for count in [0, 1, GROUP_BATCHES, GROUP_BATCHES + 1, 9 * GROUP_BATCHES + 5] {
            let mut file = tempfile::tempfile().unwrap();
            let schema = batch(0).schema();
            write(&mut file, Arc::clone(&schema), std::iter::empty(), count, |at| Ok(batch(at))).unwrap();
            file.seek(SeekFrom::Start(0)).unwrap();
            let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
            assert_eq!(reader.metadata().num_row_groups(), count.div_ceil(GROUP_BATCHES));
            let read: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
            let written: Vec<RecordBatch> = (0..count).map(batch).collect();
            assert_eq!(concat_batches(&schema, &read).unwrap(), concat_batches(&schema, &written).unwrap());
        }
    }

    #[test]
    fn a_batch_that_cannot_be_made_is_told() {
        let made = |at| if at == 20 { Err(ArrowError::ComputeError("no room".to_owned())) } else { Ok(batch(at)) };
        let told = write(Vec::new(), batch(0).schema(), std::iter::empty(), 40, made).unwrap_err();
        assert!(told.to_string().contains("no room"), "{told}");
    }
}
