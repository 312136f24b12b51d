//! Arrays of what files hold as arrays of canonical types.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, StringViewArray,
    TimestampMicrosecondArray, TimestampMicrosecondBuilder,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type, TimeUnit};
use datafusion::arrow::util::display::array_value_to_string;
use datafusion::common::{DataFusionError, Result};

use super::canonical;
use super::value::{Conventions, scientific};
use crate::engine::kernel::calendar::LocalConverter;
use crate::ir::{BaseTable, ColumnKind, NonFinite};

/// A value that its column cannot hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{column}` of `{table}` is to be read as {expected}, and `{value}` is not one")]
pub struct BadValue {
    /// The table.
    pub table: String,
    /// The column, by our name.
    pub column: String,
    /// The value as text.
    pub value: String,
    /// The type it was read as.
    pub expected: String,
}

/// The bad value behind an error, if that is what it is.
pub(crate) fn bad_value(error: &DataFusionError) -> Option<&BadValue> {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = source {
        if let Some(bad) = error.downcast_ref::<BadValue>() {
            return Some(bad);
        }
        if let Some(DataFusionError::External(inner)) = error.downcast_ref::<DataFusionError>()
            && let Some(bad) = inner.downcast_ref::<BadValue>()
        {
            return Some(bad);
        }
        source = error.source();
    }
    None
}

/// Reads one column of one table.
#[derive(Clone, Debug)]
pub(crate) struct Converter {
    raw: DataType,
    kind: ColumnKind,
    conventions: Conventions,
    non_finite: NonFinite,
    table: String,
    column: String,
    /// Values that cannot be read become unknown: the rows are left out by a filter.
    lenient: bool,
}

impl Converter {
    /// For a column of `table` that the data has as `raw`.
    pub fn new(table: &BaseTable, column: &str, raw: &DataType, kind: ColumnKind) -> Self {
        Converter {
            raw: raw.clone(),
            kind,
            conventions: Conventions::of_columns(table),
            non_finite: table.not_a_number,
            table: table.name.clone(),
            column: column.to_owned(),
            lenient: false,
        }
    }

    /// What the column becomes.
    pub fn target(&self) -> DataType {
        canonical(self.kind, &self.raw)
    }

    /// The column, by our name.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// What the column holds.
    pub fn kind(&self) -> ColumnKind {
        self.kind
    }

    /// What tells two converters apart.
    pub fn signature(&self) -> (&str, &str, &DataType, ColumnKind, bool) {
        (&self.table, &self.column, &self.raw, self.kind, self.lenient)
    }

    /// The same, but what cannot be read is unknown.
    pub fn lenient(self) -> Self {
        Converter { lenient: true, ..self }
    }

    /// The rows that cannot be read, with the values as text.
    ///
    /// # Errors
    /// Arrow fails for another reason.
    pub fn bad_rows(&self, array: &ArrayRef) -> Result<Vec<(usize, String)>> {
        if self.convert(array).is_ok() {
            return Ok(Vec::new());
        }
        let mut bad = Vec::new();
        for row in 0..array.len() {
            if let Err(error) = self.convert(&array.slice(row, 1)) {
                let value = match bad_value(&error) {
                    Some(bad) => bad.value.clone(),
                    None => array_value_to_string(array, row)?,
                };
                bad.push((row, value));
            }
        }
        Ok(bad)
    }

    /// The canonical column.
    ///
    /// # Errors
    /// A [`BadValue`], unless the converter is lenient.
    pub fn convert(&self, array: &ArrayRef) -> Result<ArrayRef> {
        let array = match array.data_type() {
            DataType::Dictionary(_, values) => cast(array, values)?,
            _ => Arc::clone(array),
        };
        match array.data_type() {
            DataType::Timestamp(unit, zone) => self.timestamps(&array, *unit, zone.is_some()),
            DataType::Date32 | DataType::Date64 => self.midnights(&array),
            DataType::Float16 | DataType::Float32 => self.floats(&array, true),
            DataType::Float64 => self.floats(&array, false),
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => self.texts(&array),
            _ => Ok(cast(&array, &self.target())?),
        }
    }

    /// The value if it could be read; if not, unknown or an error.
    fn found<T>(&self, value: Option<T>, text: impl FnOnce() -> String) -> Result<Option<T>> {
        if value.is_some() || self.lenient {
            return Ok(value);
        }
        Err(DataFusionError::External(Box::new(BadValue {
            table: self.table.clone(),
            column: self.column.clone(),
            value: text(),
            expected: self.kind.to_string(),
        })))
    }

    /// Instants in microseconds; finer ones are floored, not cut toward zero.
    fn timestamps(&self, array: &ArrayRef, unit: TimeUnit, zoned: bool) -> Result<ArrayRef> {
        let raw = cast(array, &DataType::Int64)?;
        let raw = raw.as_primitive::<Int64Type>();
        let mut local = LocalConverter::new(self.conventions.zone());
        let micros = |value: i64| match unit {
            TimeUnit::Second => value.checked_mul(1_000_000),
            TimeUnit::Millisecond => value.checked_mul(1_000),
            TimeUnit::Microsecond => Some(value),
            TimeUnit::Nanosecond => Some(value.div_euclid(1_000)),
        };
        let mut out = TimestampMicrosecondBuilder::with_capacity(raw.len());
        for value in raw {
            out.append_option(match value {
                None => None,
                Some(value) => {
                    let micros = self.found(micros(value), || value.to_string())?;
                    micros.map(|micros| if zoned { micros } else { local.instant(micros) })
                }
            });
        }
        Ok(Arc::new(out.finish()))
    }

    fn midnights(&self, array: &ArrayRef) -> Result<ArrayRef> {
        let days = cast(array, &DataType::Date32)?;
        let days = cast(&days, &DataType::Int32)?;
        let days = cast(&days, &DataType::Int64)?;
        let mut local = LocalConverter::new(self.conventions.zone());
        let out: TimestampMicrosecondArray = days
            .as_primitive::<Int64Type>()
            .iter()
            .map(|day| day.map(|day| local.instant(day.saturating_mul(86_400_000_000))))
            .collect();
        Ok(Arc::new(out))
    }

    /// A floating-point number is the decimal that its shortest text says, half to even at the declared scale.
    fn floats(&self, array: &ArrayRef, single: bool) -> Result<ArrayRef> {
        let wide = cast(array, &DataType::Float64)?;
        let wide = wide.as_primitive::<Float64Type>();
        let (digits, scale) = self.decimal();
        let mut out = Decimal128Builder::with_capacity(wide.len()).with_precision_and_scale(digits, scale)?;
        for value in wide {
            out.append_option(match value {
                Some(value) if !self.is_unknown(value) => {
                    // `{:e}` writes the shortest digits that read back as the same number.
                    let text = if single { format!("{:e}", value as f32) } else { format!("{value:e}") };
                    self.found(scientific(&text, scale), || value.to_string())?
                }
                _ => None,
            });
        }
        Ok(Arc::new(out.finish()))
    }

    /// Whether the catalogue says that a not-a-number or an infinity is unknown.
    fn is_unknown(&self, value: f64) -> bool {
        (value.is_nan() && self.non_finite.nan_is_unknown)
            || (value.is_infinite() && self.non_finite.infinity_is_unknown)
    }

    fn decimal(&self) -> (u8, i8) {
        match self.kind {
            ColumnKind::Decimal { digits, scale } => (digits.min(38), scale),
            _ => (38, 0),
        }
    }

    fn texts(&self, array: &ArrayRef) -> Result<ArrayRef> {
        let view = cast(array, &DataType::Utf8View)?;
        let texts = view.as_string_view();
        let rules = &self.conventions;
        Ok(match self.kind {
            ColumnKind::Integer { .. } => {
                let mut out = Int64Builder::with_capacity(texts.len());
                self.each(texts, |text| rules.integer(text), |value| out.append_option(value))?;
                Arc::new(out.finish())
            }
            ColumnKind::Decimal { .. } => {
                let (digits, scale) = self.decimal();
                let mut out = Decimal128Builder::with_capacity(texts.len()).with_precision_and_scale(digits, scale)?;
                self.each(texts, |text| rules.decimal(text, scale), |value| out.append_option(value))?;
                Arc::new(out.finish())
            }
            ColumnKind::Bool => {
                let mut out = BooleanBuilder::with_capacity(texts.len());
                self.each(texts, |text| rules.boolean(text), |value| out.append_option(value))?;
                Arc::new(out.finish())
            }
            ColumnKind::Date => {
                let mut out = Date32Builder::with_capacity(texts.len());
                self.each(texts, |text| rules.date(text), |value| out.append_option(value))?;
                Arc::new(out.finish())
            }
            ColumnKind::Timestamp => {
                let mut local = LocalConverter::new(rules.zone());
                let mut out = TimestampMicrosecondBuilder::with_capacity(texts.len());
                self.each(texts, |text| rules.instant(text, &mut local), |value| out.append_option(value))?;
                Arc::new(out.finish())
            }
            ColumnKind::Text | ColumnKind::TextList => view,
        })
    }

    fn each<'t, T>(
        &self,
        texts: &'t StringViewArray,
        mut read: impl FnMut(&'t str) -> Option<T>,
        mut append: impl FnMut(Option<T>),
    ) -> Result<()> {
        for text in texts {
            append(match text {
                Some(text) if !self.conventions.is_unknown(text) => self.found(read(text), || text.to_owned())?,
                _ => None,
            });
        }
        Ok(())
    }
}
