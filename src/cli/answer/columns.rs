//! An answer as columns: Parquet, and files of Arrow.
//!
//! Names of segments are a dictionary, key columns have the types they are compared in. What a list cannot say, its
//! metadata does: `kohort.as_of`, `kohort.timezone`, `kohort.version` and, beside members, `kohort.counts`, which are
//! the lines of `--counts --format ndjson` in one JSON array.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use chrono_tz::Tz;
use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, DictionaryArray, Int32Array, RecordBatch, StringArray, TimestampMicrosecondArray,
    UInt32Array,
};
use datafusion::arrow::compute::{cast, take};
use datafusion::arrow::datatypes::{DataType, Field, Int32Type, Schema, SchemaRef, TimeUnit, TimestampMicrosecondType};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::ipc::writer::FileWriter;
use datafusion::parquet::errors::ParquetError;

use super::members::{Listed, MembersOf};
use super::{Answer, Entry, Format, counts, parquet};

/// Rows of a batch that is made at once.
const BATCH_ROWS: usize = 1 << 16;

/// What an answer is beside its rows.
type Metadata = BTreeMap<&'static str, String>;

/// Writes members, or counts where there are only those.
pub fn write(format: Format, out: impl Write + Send, answer: &Answer) -> io::Result<()> {
    let entries = answer.entries();
    let mut metadata = Metadata::from([
        ("kohort.as_of", answer.as_of.clone()),
        ("kohort.timezone", answer.zone.name().to_owned()),
        ("kohort.version", env!("CARGO_PKG_VERSION").to_owned()),
    ]);
    if let Some(listed) = &answer.listed {
        metadata.insert("kohort.counts", serde_json::to_string(&answer.counts())?);
        let rows = MemberRows::new(listed.first(), &entries, answer.zone);
        let batch = |at: usize| rows.batches.get(at).map_or_else(|| rows.batch(&[]), |runs| rows.batch(runs));
        return write_batches(format, out, Arc::clone(&rows.schema), metadata, rows.batches.len(), batch);
    }
    let counts = counts::batch(&answer.counts()).map_err(io_error)?;
    write_batches(format, out, counts.schema(), metadata, 1, |_| Ok(counts.clone()))
}

/// Writes so many batches, each of them made when it is its turn.
fn write_batches(
    format: Format,
    out: impl Write + Send,
    schema: SchemaRef,
    metadata: Metadata,
    count: usize,
    batch: impl Fn(usize) -> Result<RecordBatch, ArrowError> + Sync,
) -> io::Result<()> {
    let metadata = metadata.into_iter().map(|(key, value)| (key.to_owned(), value));
    if format == Format::Parquet {
        return parquet::write(out, schema, metadata, count, batch).map_err(io_error_of_parquet);
    }
    let schema = schema.as_ref().clone().with_metadata(metadata.collect());
    arrow(out, &schema, (0..count).map(batch)).map_err(io_error)
}

/// Not compressed: such a file can be mapped into memory, and every reader of Arrow knows it.
fn arrow(
    out: impl Write,
    schema: &Schema,
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
) -> Result<(), ArrowError> {
    let mut writer = FileWriter::try_new(out, schema)?;
    for batch in batches {
        writer.write(&batch?)?;
    }
    writer.finish()
}

/// Members as batches: `segment`, then the key columns. Segments without an answer have no rows.
struct MemberRows<'a> {
    listed: Option<&'a Listed>,
    schema: SchemaRef,
    /// The names of the segments asked for. Every batch has this very dictionary, as a file of Arrow must.
    names: ArrayRef,
    /// For each of them until when each row is a member.
    untils: Vec<Option<&'a TimestampMicrosecondArray>>,
    /// What each batch is made of.
    batches: Vec<Vec<Run<'a>>>,
}

/// Consecutive members of one segment.
struct Run<'a> {
    /// The segment's place among the names.
    segment: i32,
    members: MembersOf<'a>,
    /// Those among these rows of the key columns.
    rows: Range<usize>,
}

impl<'a> MemberRows<'a> {
    /// Of one kind of subject; `listed` is none in a project without segments.
    fn new(listed: Option<&'a Listed>, entries: &[Entry<'a>], zone: Tz) -> Self {
        let names: StringArray = entries.iter().map(|entry| Some(entry.segment.name.as_str())).collect();
        let segment = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let mut fields = vec![Field::new("segment", segment, false)];
        for field in listed.into_iter().flat_map(Listed::key_fields) {
            fields.push(field.as_ref().clone().with_data_type(exported(field.data_type(), zone)));
        }
        if listed.is_some_and(Listed::has_until) {
            let instant = exported(&DataType::Timestamp(TimeUnit::Microsecond, None), zone);
            fields.push(Field::new("until", instant, true));
        }
        let untils = entries.iter().map(|entry| entry.listed().and_then(MembersOf::until_of_rows)).collect();
        let segments = (0..).zip(entries).filter_map(|(at, entry)| Some((at, entry.listed()?)));
        let (schema, names) = (Arc::new(Schema::new(fields)), Arc::new(names));
        MemberRows { listed, schema, names, untils, batches: batches(segments) }
    }

    fn batch(&self, runs: &[Run]) -> Result<RecordBatch, ArrowError> {
        let mut segments: Vec<i32> = Vec::with_capacity(BATCH_ROWS);
        let mut rows: Vec<u32> = Vec::with_capacity(BATCH_ROWS);
        for run in runs {
            rows.extend(run.members.rows_within(run.rows.clone()));
            segments.resize(rows.len(), run.segment);
        }
        let until = self.listed.filter(|listed| listed.has_until()).map(|_| self.until(&segments, &rows));
        let segments = DictionaryArray::<Int32Type>::try_new(Int32Array::from(segments), Arc::clone(&self.names))?;
        let rows = UInt32Array::from(rows);
        let mut columns: Vec<ArrayRef> = vec![Arc::new(segments)];
        let keys = self.listed.into_iter().flat_map(Listed::key_columns);
        for (key, field) in keys.zip(self.schema.fields().iter().skip(1)) {
            columns.push(export(&take(key, &rows, None)?, field.data_type())?);
        }
        if let (Some(until), Some(field)) = (until, self.schema.fields().last()) {
            columns.push(export(&until, field.data_type())?);
        }
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
    }

    fn until(&self, segments: &[i32], rows: &[u32]) -> ArrayRef {
        let of_row = |(segment, row): (&i32, &u32)| {
            let until = self.untils.get(usize::try_from(*segment).ok()?).copied().flatten()?;
            until.is_valid(*row as usize).then(|| until.value(*row as usize))
        };
        Arc::new(segments.iter().zip(rows).map(of_row).collect::<TimestampMicrosecondArray>())
    }
}

/// The members of segments, one after the other, as batches of [`BATCH_ROWS`].
fn batches<'a>(segments: impl Iterator<Item = (i32, MembersOf<'a>)>) -> Vec<Vec<Run<'a>>> {
    let mut batches = Vec::new();
    let (mut batch, mut room) = (Vec::new(), BATCH_ROWS);
    for (segment, members) in segments {
        let (mut from, mut left) = (0, members.count());
        while left > 0 {
            let count = left.min(room);
            let rows = from..members.after(from, count);
            (from, left, room) = (rows.end, left - count, room - count);
            batch.push(Run { segment, members, rows });
            if room == 0 {
                batches.push(std::mem::take(&mut batch));
                room = BATCH_ROWS;
            }
        }
    }
    if !batch.is_empty() {
        batches.push(batch);
    }
    batches
}

/// The type in which a key column leaves: plain text, which every reader knows, and instants with their zone.
fn exported(ty: &DataType, zone: Tz) -> DataType {
    match ty {
        DataType::Utf8View => DataType::Utf8,
        DataType::Timestamp(unit, None) => DataType::Timestamp(*unit, Some(zone.name().into())),
        other => other.clone(),
    }
}

fn export(column: &ArrayRef, ty: &DataType) -> Result<ArrayRef, ArrowError> {
    match ty {
        // A cast would take what is UTC for a time of the zone.
        DataType::Timestamp(TimeUnit::Microsecond, Some(zone)) => {
            let instants = column.as_primitive::<TimestampMicrosecondType>().clone();
            Ok(Arc::new(instants.with_timezone(Arc::clone(zone))))
        }
        ty if ty == column.data_type() => Ok(Arc::clone(column)),
        ty => cast(column, ty),
    }
}

/// What the output said, where it was the output.
fn io_error(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, error) => error,
        other => io::Error::other(other),
    }
}

fn io_error_of_parquet(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        other => io::Error::other(other),
    }
}
