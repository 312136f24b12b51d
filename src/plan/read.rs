//! Reading a column as what it is for the language.
//!
//! Below this point data is whatever the files hold; above it there is one canonical Arrow type for each kind of
//! column, exact and in microseconds of UTC. Conversions that lose nothing and need no zone are ordinary casts, so that
//! DataFusion sees through them; the others are one scalar function.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, StringViewArray,
    TimestampMicrosecondArray, TimestampMicrosecondBuilder,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Float64Type, Int64Type, Schema, TimeUnit};
use datafusion::common::{Column, DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, cast as cast_expr,
};

use crate::engine::kernel::calendar::{LocalConverter, local_to_instant};
use crate::ir::{BaseTable, ColumnKind};

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

/// The canonical Arrow type of a column.
pub(crate) fn canonical(kind: ColumnKind, raw: &DataType) -> DataType {
    match kind {
        ColumnKind::Bool => DataType::Boolean,
        ColumnKind::Integer { digits: 20 } => DataType::Decimal128(20, 0),
        ColumnKind::Integer { .. } => DataType::Int64,
        ColumnKind::Decimal { digits, scale } => match raw {
            DataType::Decimal128(_, has) | DataType::Decimal256(_, has) if *has == scale => raw.clone(),
            _ if digits > 38 => DataType::Decimal256(digits, scale),
            _ => DataType::Decimal128(digits, scale),
        },
        ColumnKind::Text => DataType::Utf8View,
        ColumnKind::Date => DataType::Date32,
        ColumnKind::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
        ColumnKind::TextList => DataType::List(Arc::new(Field::new_list_field(DataType::Utf8View, true))),
    }
}

/// Every column of a table that the language can use, read as what it is, under our names.
pub(crate) fn every_column(table: &BaseTable, schema: &Schema) -> Result<Vec<Expr>> {
    let mut columns = Vec::new();
    for column in &table.columns {
        let Some(kind) = column.kind else { continue };
        let raw = schema.field_with_name(&column.source_name)?.data_type();
        let source = Expr::Column(Column::new_unqualified(&column.source_name));
        let names = (table.name.as_str(), column.name.as_str());
        columns.push(read(raw, kind, table.timezone, names, source).alias(&column.name));
    }
    Ok(columns)
}

/// An expression that reads a column of the data.
pub(crate) fn read(raw: &DataType, kind: ColumnKind, zone: Tz, names: (&str, &str), column: Expr) -> Expr {
    let target = canonical(kind, raw);
    let same = *raw == target;
    let plain = match kind {
        ColumnKind::Timestamp => same && zone == Tz::UTC,
        ColumnKind::TextList => same,
        _ => same,
    };
    if plain {
        return column;
    }
    if losslessly_cast(raw, kind) {
        return cast_expr(column, target);
    }
    let (table, name) = (names.0.to_owned(), names.1.to_owned());
    let reader = Reader {
        raw: raw.clone(),
        kind,
        zone,
        table,
        column: name,
        signature: Signature::any(1, Volatility::Immutable),
    };
    ScalarUDF::new_from_impl(reader).call(vec![column])
}

fn losslessly_cast(raw: &DataType, kind: ColumnKind) -> bool {
    let values = match raw {
        DataType::Dictionary(_, values) => values.as_ref(),
        other => other,
    };
    match kind {
        ColumnKind::Integer { .. } => values.is_integer(),
        ColumnKind::Text => {
            matches!(values, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) || values.is_integer()
        }
        ColumnKind::Bool => *values == DataType::Boolean,
        ColumnKind::Date => matches!(values, DataType::Date32 | DataType::Date64),
        ColumnKind::TextList => true,
        ColumnKind::Decimal { scale, .. } => match values {
            DataType::Decimal32(_, has) | DataType::Decimal64(_, has) | DataType::Decimal128(_, has) => *has <= scale,
            other => other.is_integer(),
        },
        ColumnKind::Timestamp => false,
    }
}

/// The scalar function behind [`read`].
#[derive(Debug, Clone)]
struct Reader {
    raw: DataType,
    kind: ColumnKind,
    zone: Tz,
    table: String,
    column: String,
    signature: Signature,
}

impl PartialEq for Reader {
    fn eq(&self, other: &Self) -> bool {
        (&self.raw, self.kind, self.zone, &self.table, &self.column)
            == (&other.raw, other.kind, other.zone, &other.table, &other.column)
    }
}

impl Eq for Reader {}

impl Hash for Reader {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.raw, self.kind, self.zone, &self.table, &self.column).hash(state);
    }
}

impl ScalarUDFImpl for Reader {
    fn name(&self) -> &str {
        "kohort_read"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(canonical(self.kind, &self.raw))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        match arrays.first() {
            Some(array) => Ok(ColumnarValue::Array(self.convert(array)?)),
            None => datafusion::common::internal_err!("kohort_read takes one argument"),
        }
    }
}

impl Reader {
    fn convert(&self, array: &ArrayRef) -> Result<ArrayRef> {
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
            _ => Ok(cast(&array, &canonical(self.kind, &self.raw))?),
        }
    }

    fn bad(&self, value: impl Into<String>) -> DataFusionError {
        DataFusionError::External(Box::new(BadValue {
            table: self.table.clone(),
            column: self.column.clone(),
            value: value.into(),
            expected: self.kind.to_string(),
        }))
    }

    /// Instants in microseconds; finer ones are floored, not cut toward zero.
    fn timestamps(&self, array: &ArrayRef, unit: TimeUnit, zoned: bool) -> Result<ArrayRef> {
        let raw = cast(array, &DataType::Int64)?;
        let raw = raw.as_primitive::<Int64Type>();
        let mut local = LocalConverter::new(self.zone);
        let micros = |value: i64| match unit {
            TimeUnit::Second => value.checked_mul(1_000_000),
            TimeUnit::Millisecond => value.checked_mul(1_000),
            TimeUnit::Microsecond => Some(value),
            TimeUnit::Nanosecond => Some(value.div_euclid(1_000)),
        };
        let mut out = TimestampMicrosecondBuilder::with_capacity(raw.len());
        for value in raw {
            match value {
                None => out.append_null(),
                Some(value) => {
                    let micros = micros(value).ok_or_else(|| self.bad(value.to_string()))?;
                    out.append_value(if zoned { micros } else { local.instant(micros) });
                }
            }
        }
        Ok(Arc::new(out.finish()))
    }

    fn midnights(&self, array: &ArrayRef) -> Result<ArrayRef> {
        let days = cast(array, &DataType::Date32)?;
        let days = cast(&days, &DataType::Int32)?;
        let days = cast(&days, &DataType::Int64)?;
        let mut local = LocalConverter::new(self.zone);
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
            match value {
                None => out.append_null(),
                Some(value) => {
                    // `{:e}` writes the shortest digits that read back as the same number.
                    let text = if single { format!("{:e}", value as f32) } else { format!("{value:e}") };
                    let unscaled = scientific(&text, scale).ok_or_else(|| self.bad(value.to_string()))?;
                    out.append_value(unscaled);
                }
            }
        }
        Ok(Arc::new(out.finish()))
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
        match self.kind {
            ColumnKind::Integer { .. } => self.integers(texts),
            ColumnKind::Decimal { .. } => self.decimals(texts),
            ColumnKind::Bool => self.bools(texts),
            ColumnKind::Date => self.dates(texts),
            ColumnKind::Timestamp => self.times(texts),
            ColumnKind::Text | ColumnKind::TextList => Ok(view),
        }
    }

    fn integers(&self, texts: &StringViewArray) -> Result<ArrayRef> {
        let mut out = Int64Builder::with_capacity(texts.len());
        for text in texts {
            match text {
                None => out.append_null(),
                Some(text) => out.append_value(text.trim().parse().map_err(|_| self.bad(text))?),
            }
        }
        Ok(Arc::new(out.finish()))
    }

    fn decimals(&self, texts: &StringViewArray) -> Result<ArrayRef> {
        let (digits, scale) = self.decimal();
        let mut out = Decimal128Builder::with_capacity(texts.len()).with_precision_and_scale(digits, scale)?;
        for text in texts {
            match text {
                None => out.append_null(),
                Some(text) => out.append_value(decimal(text.trim(), scale).ok_or_else(|| self.bad(text))?),
            }
        }
        Ok(Arc::new(out.finish()))
    }

    fn bools(&self, texts: &StringViewArray) -> Result<ArrayRef> {
        let mut out = BooleanBuilder::with_capacity(texts.len());
        for text in texts {
            match text.map(|text| text.trim().to_ascii_lowercase()).as_deref() {
                None => out.append_null(),
                Some("true") => out.append_value(true),
                Some("false") => out.append_value(false),
                Some(other) => return Err(self.bad(other)),
            }
        }
        Ok(Arc::new(out.finish()))
    }

    fn dates(&self, texts: &StringViewArray) -> Result<ArrayRef> {
        let mut out = Date32Builder::with_capacity(texts.len());
        for text in texts {
            match text {
                None => out.append_null(),
                Some(text) => out.append_value(date(text).ok_or_else(|| self.bad(text))?),
            }
        }
        Ok(Arc::new(out.finish()))
    }

    fn times(&self, texts: &StringViewArray) -> Result<ArrayRef> {
        let mut out = TimestampMicrosecondBuilder::with_capacity(texts.len());
        for text in texts {
            match text {
                None => out.append_null(),
                Some(text) => out.append_value(instant(text, self.zone).ok_or_else(|| self.bad(text))?),
            }
        }
        Ok(Arc::new(out.finish()))
    }
}

/// `2026-03-31` as days since 1970.
pub(crate) fn date(text: &str) -> Option<i32> {
    let day = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()?;
    i32::try_from(day.signed_duration_since(NaiveDate::default()).num_days()).ok()
}

/// `2026-03-31T10:00`, with seconds and parts of them, with an offset, or with a space for the `T`: an instant.
pub(crate) fn instant(text: &str, zone: Tz) -> Option<i64> {
    let text = text.trim();
    const OFFSET_FORMS: [&str; 3] = ["%Y-%m-%d %H:%M:%S%.f%:z", "%Y-%m-%dT%H:%M%:z", "%Y-%m-%d %H:%M%:z"];
    let numeric = text.strip_suffix(['Z', 'z']).map(|local| format!("{local}+00:00"));
    let numeric = numeric.as_deref().unwrap_or(text);
    let offset = OFFSET_FORMS.iter().find_map(|form| DateTime::parse_from_str(numeric, form).ok());
    if let Some(instant) = DateTime::parse_from_rfc3339(text).ok().or(offset) {
        return Some(instant.timestamp_micros());
    }
    const FORMS: [&str; 4] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    let local = FORMS.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let local = local.or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0))?;
    Some(local_to_instant(zone, local))
}

/// A plain decimal text as an unscaled number; more digits after the point than the scale do not fit.
pub(crate) fn decimal(text: &str, scale: i8) -> Option<i128> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let scale = usize::try_from(scale).ok()?;
    let spare = fraction.get(scale..).unwrap_or("");
    let valid = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty())
        || !valid(whole)
        || !valid(fraction)
        || spare.bytes().any(|b| b != b'0')
    {
        return None;
    }
    let mut unscaled: i128 = 0;
    let places = fraction.bytes().chain(std::iter::repeat(b'0')).take(scale);
    for digit in whole.bytes().chain(places) {
        unscaled = unscaled.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
    }
    Some(if negative { -unscaled } else { unscaled })
}

/// `1.005e2` as an unscaled number, half to even.
fn scientific(text: &str, scale: i8) -> Option<i128> {
    let (mantissa, exponent) = text.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let (negative, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => (true, mantissa),
        None => (false, mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let shift = exponent - i32::try_from(fraction.len()).ok()? + i32::from(scale);
    let unscaled = match u32::try_from(shift) {
        Ok(up) => digits.checked_mul(10_i128.checked_pow(up).or((digits == 0).then_some(0))?)?,
        Err(_) => match 10_i128.checked_pow(shift.unsigned_abs()) {
            None => 0,
            Some(divisor) => {
                let (quotient, rest) = (digits / divisor, digits % divisor);
                let up = rest > divisor - rest || (rest == divisor - rest && quotient % 2 == 1);
                quotient + i128::from(up)
            }
        },
    };
    // 38 digits is what the column holds.
    (unscaled < 10_i128.pow(38)).then_some(if negative { -unscaled } else { unscaled })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_their_shortest_text() {
        for (value, scale, expected) in [
            (1.005, 2, 100),
            (1.015, 2, 102),
            (0.125, 2, 12),
            (-2.5, 0, -2),
            (-3.5, 0, -4),
            (0.1 + 0.2, 2, 30),
            (1e22, 2, 1_000_000_000_000_000_000_000_000),
            (5e-324, 2, 0),
            (0.0, 2, 0),
        ] {
            assert_eq!(scientific(&format!("{value:e}"), scale), Some(expected), "{value}");
        }
        assert_eq!(scientific(&format!("{:e}", f64::MAX), 2), None);
        assert_eq!(scientific(&format!("{:e}", f64::NAN), 2), None);
    }

    #[test]
    fn decimals_are_read_from_their_text() {
        assert_eq!(decimal("12.50", 2), Some(1250));
        assert_eq!(decimal("-.5", 2), Some(-50));
        assert_eq!(decimal("7", 2), Some(700));
        assert_eq!(decimal("1.500", 2), Some(150));
        for bad in ["1.505", "", ".", "1e3", "1,5", "0x1", "--1"] {
            assert_eq!(decimal(bad, 2), None, "{bad}");
        }
    }

    #[test]
    fn times_have_many_forms() {
        let expected = Some(1_774_951_200_000_000);
        for text in [
            "2026-03-31T10:00",
            "2026-03-31 10:00:00",
            "2026-03-31T10:00:00Z",
            "2026-03-31T10:00Z",
            "2026-03-31T17:00:00+07:00",
            "2026-03-31 17:00+07:00",
        ] {
            assert_eq!(instant(text, Tz::UTC), expected, "{text}");
        }
        assert_eq!(instant("2026-02-30T10:00", Tz::UTC), None);
    }
}
