//! Members of one kind of subject, kept as Arrow and read in the order of their keys.
//!
//! A subject is kept once however many segments it is in: its key, and one bit for each segment.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use chrono_tz::Tz;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, TimestampMicrosecondArray};
use datafusion::arrow::compute::{SortColumn, concat_batches, filter_record_batch, lexsort_to_indices, or, take};
use datafusion::arrow::datatypes::{DataType, Decimal128Type, FieldRef, Int64Type, TimeUnit, TimestampMicrosecondType};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::row::{OwnedRow, RowConverter, SortField};
use datafusion::arrow::util::bit_iterator::BitIndexU32Iterator;
use datafusion::arrow::util::display::array_value_to_string;
use kohort::engine::{MembersOfKind, UntilsOfKind};
use kohort::{AsOf, Error};
use serde::{Serialize, Serializer};

use super::threads::{at_once, side_by_side};
use crate::cli::progress::Progress;

/// Who is in which segment, in the order of keys: numbers as numbers, text by code point.
pub struct Listed {
    /// The key columns, then one boolean for each segment.
    rows: RecordBatch,
    keys: usize,
    zone: Tz,
    /// For each segment until when each row is what it is, microseconds without a zone; none: nobody asked.
    until: Option<Vec<TimestampMicrosecondArray>>,
}

/// The members of one segment.
#[derive(Clone, Copy)]
pub struct MembersOf<'a> {
    listed: &'a Listed,
    /// The segment's place among those of its kind.
    segment: usize,
}

/// One column of a member's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyPart<'a> {
    /// A whole number.
    Number(i128),
    /// Anything else, as it is written.
    Text(Cow<'a, str>),
}

impl Listed {
    /// Reads a stream to its end.
    pub async fn read(kind: &mut MembersOfKind, zone: Tz, progress: &mut Progress) -> Result<Self, Error> {
        let keys = kind.keys().len();
        let subject = kind.subject().to_owned();
        let mut batches = Vec::new();
        while let Some(batch) = kind.next().await {
            let batch = batch?;
            progress.seen(&subject, batch.num_rows());
            batches.push(members_only(&batch, keys).map_err(arrow)?);
        }
        let all = concat_batches(&kind.schema(), &batches).map_err(arrow)?;
        drop(batches);
        let rows = sorted(all, keys).map_err(arrow)?;
        Ok(Listed { rows, keys, zone, until: None })
    }

    /// Adds until when members stay if nothing happens. Where that is not said it is unknown.
    pub fn with_until(mut self, untils: &UntilsOfKind) -> Result<Self, Error> {
        let rows: Vec<Option<u32>> = self.places_of(&untils.keys).map_err(arrow)?;
        let mut all = Vec::new();
        for segment in &untils.segments {
            let mut next: Vec<Option<i64>> = vec![None; self.rows.num_rows()];
            for (at, row) in rows.iter().enumerate() {
                let known = segment.next.as_ref().ok().filter(|next| next.is_valid(at)).map(|next| next.value(at));
                if let Some(place) = row.and_then(|row| next.get_mut(row as usize)) {
                    *place = known;
                }
            }
            all.push(TimestampMicrosecondArray::from(next));
        }
        self.until = Some(all);
        Ok(self)
    }

    /// Whether it is known until when members stay.
    pub fn has_until(&self) -> bool {
        self.until.is_some()
    }

    /// For each row of other key columns its place among these; none: it is in no segment.
    fn places_of(&self, keys: &RecordBatch) -> Result<Vec<Option<u32>>, ArrowError> {
        let fields = self.key_columns().map(|key| SortField::new(key.data_type().clone())).collect();
        let converter = RowConverter::new(fields)?;
        let own: Vec<ArrayRef> = self.key_columns().cloned().collect();
        let own = converter.convert_columns(&own)?;
        let places: HashMap<OwnedRow, u32> = (0..).zip(own.iter()).map(|(at, row)| (row.owned(), at)).collect();
        let theirs = converter.convert_columns(keys.columns())?;
        Ok(theirs.iter().map(|row| places.get(&row.owned()).copied()).collect())
    }

    /// The members of the segment in this place among those of its kind.
    pub fn members_of(&self, segment: usize) -> MembersOf<'_> {
        MembersOf { listed: self, segment }
    }

    /// The key columns of everybody who is in any segment, in order.
    pub fn key_columns(&self) -> impl Iterator<Item = &ArrayRef> {
        self.rows.columns().iter().take(self.keys)
    }

    /// What the key columns are.
    pub fn key_fields(&self) -> impl Iterator<Item = &FieldRef> {
        self.rows.schema_ref().fields().iter().take(self.keys)
    }

    fn part<'a>(&self, column: &'a ArrayRef, row: usize) -> KeyPart<'a> {
        if column.is_null(row) {
            return KeyPart::Text(Cow::Borrowed(""));
        }
        match column.data_type() {
            DataType::Int64 => KeyPart::Number(column.as_primitive::<Int64Type>().value(row).into()),
            DataType::Decimal128(_, 0) => KeyPart::Number(column.as_primitive::<Decimal128Type>().value(row)),
            DataType::Utf8View => KeyPart::Text(column.as_string_view().value(row).into()),
            DataType::Utf8 => KeyPart::Text(column.as_string::<i32>().value(row).into()),
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                let instant = AsOf::from_micros(column.as_primitive::<TimestampMicrosecondType>().value(row));
                KeyPart::Text(instant.display(self.zone).into())
            }
            _ => KeyPart::Text(array_value_to_string(column, row).unwrap_or_default().into()),
        }
    }
}

impl<'a> MembersOf<'a> {
    /// The names of the key columns.
    pub fn key_names(self) -> impl Iterator<Item = &'a str> {
        self.listed.key_fields().map(|field| field.name().as_str())
    }

    /// Until when each row of the key columns is a member, if that was asked.
    pub fn until_of_rows(self) -> Option<&'a TimestampMicrosecondArray> {
        self.listed.until.as_ref()?.get(self.segment)
    }

    /// Until when they stay, as text in the project's zone, in the order of [`MembersOf::keys`]; none: nobody asked.
    pub fn untils(self) -> Option<impl Iterator<Item = Option<String>> + 'a> {
        let (until, zone) = (self.until_of_rows()?, self.listed.zone);
        let text = move |row: usize| AsOf::from_micros(until.value(row)).display(zone);
        Some(self.rows().map(move |row| until.is_valid(row as usize).then(|| text(row as usize))))
    }

    fn flags(self) -> Option<&'a BooleanArray> {
        self.listed.rows.columns().get(self.listed.keys + self.segment).map(|flags| flags.as_boolean())
    }

    /// How many they are.
    pub fn count(self) -> usize {
        self.flags().map_or(0, |flags| flags.values().count_set_bits())
    }

    /// The row of the key columns behind so many members from this row on.
    pub fn after(self, row: usize, members: usize) -> usize {
        self.flags().map_or(row, |flags| flags.values().find_nth_set_bit_position(row, members))
    }

    /// Their rows in the key columns, in order.
    pub fn rows(self) -> impl Iterator<Item = u32> + 'a {
        self.rows_within(0..self.listed.rows.num_rows())
    }

    /// Those among some rows.
    pub fn rows_within(self, rows: Range<usize>) -> impl Iterator<Item = u32> + 'a {
        let flags = self.flags().map(BooleanArray::values);
        let within = flags.map(|flags| {
            let bits = BitIndexU32Iterator::new(flags.values(), flags.offset() + rows.start, rows.len());
            // Sorting counts rows in 32 bits: there are no more.
            bits.map(move |row| rows.start as u32 + row)
        });
        within.into_iter().flatten()
    }

    /// Their keys, in order.
    pub fn keys(self) -> impl Iterator<Item = Vec<KeyPart<'a>>> {
        let listed = self.listed;
        self.rows().map(move |row| listed.key_columns().map(|column| listed.part(column, row as usize)).collect())
    }
}

impl KeyPart<'_> {
    /// As it stands in a text file.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            KeyPart::Number(number) => Cow::Owned(number.to_string()),
            KeyPart::Text(text) => Cow::Borrowed(text),
        }
    }
}

impl Serialize for KeyPart<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            KeyPart::Number(number) => serializer.serialize_i128(*number),
            KeyPart::Text(text) => serializer.serialize_str(text),
        }
    }
}

/// The subjects that are in any segment, holding on to nothing of the batch they came in.
fn members_only(batch: &RecordBatch, keys: usize) -> Result<RecordBatch, ArrowError> {
    let mut any: Option<BooleanArray> = None;
    for flags in batch.columns().iter().skip(keys).map(|column| column.as_boolean()) {
        any = Some(match any {
            Some(before) => or(&before, flags)?,
            None => flags.clone(),
        });
    }
    let Some(any) = any else { return Ok(batch.slice(0, 0)) };
    let members = filter_record_batch(batch, &any)?;
    let compact = members.columns().iter().map(|column| match column.data_type() {
        DataType::Utf8View => Arc::new(column.as_string_view().gc()) as ArrayRef,
        _ => Arc::clone(column),
    });
    RecordBatch::try_new(members.schema(), compact.collect())
}

fn sorted(rows: RecordBatch, keys: usize) -> Result<RecordBatch, ArrowError> {
    let keys = rows.columns().iter().take(keys);
    let columns: Vec<_> = keys.map(|column| SortColumn { values: Arc::clone(column), options: None }).collect();
    if columns.is_empty() {
        return Ok(rows);
    }
    let order = lexsort_to_indices(&columns, None)?;
    drop(columns);
    // There may be hundreds of columns.
    let each = rows.num_columns().div_ceil(at_once());
    let columns = side_by_side(rows.columns().chunks(each), |columns| {
        columns.iter().map(|column| take(column, &order, None)).collect::<Result<Vec<_>, _>>()
    });
    RecordBatch::try_new(rows.schema(), columns.into_iter().collect::<Result<Vec<_>, _>>()?.concat())
}

fn arrow(error: ArrowError) -> Error {
    datafusion::error::DataFusionError::from(error).into()
}
