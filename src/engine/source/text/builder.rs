//! From fields to columns of canonical types.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, ListBuilder, StringViewBuilder,
    TimestampMicrosecondBuilder,
};
use datafusion::arrow::datatypes::{DataType, Field as ArrowField, TimeUnit};

use super::records::Field;
use crate::engine::kernel::calendar::LocalConverter;
use crate::engine::read::{Conventions, canonical, decimal, without_exponent};
use crate::ir::ColumnKind;

/// The Arrow type that a column of text files has: canonical, instants marked as such.
pub(super) fn arrow_type(kind: Option<ColumnKind>) -> DataType {
    match kind {
        // With a zone, so that nobody takes it for a local time.
        Some(ColumnKind::Timestamp) => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        Some(kind) => canonical(kind, &DataType::Null),
        None => DataType::Utf8View,
    }
}

/// A value that was read, before it is known whether its row can be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    Unknown,
    Bool(bool),
    Integer(i64),
    /// A decimal without its point.
    Unscaled(i128),
    Days(i32),
    Micros(i64),
    /// Text or a list: taken from the field when the row is kept.
    AsWritten,
}

/// Reads the fields of one column.
pub(super) struct Parser<'c> {
    kind: ColumnKind,
    rules: &'c Conventions,
    local: LocalConverter,
}

impl<'c> Parser<'c> {
    /// For a column of a kind.
    pub fn new(kind: ColumnKind, rules: &'c Conventions) -> Self {
        Parser { kind, rules, local: LocalConverter::new(rules.zone()) }
    }

    /// The value, or none: it is not of the kind.
    pub fn parse(&mut self, field: &Field<'_>) -> Option<Value> {
        let text: &str = match field {
            Field::Unknown => return Some(Value::Unknown),
            Field::Text(text) => text,
            Field::Number(text) => text,
            Field::Bool(value) if self.kind == ColumnKind::Bool => return Some(Value::Bool(*value)),
            Field::Bool(_) if self.kind == ColumnKind::Text => return Some(Value::AsWritten),
            Field::List(_) if self.kind == ColumnKind::TextList => return Some(Value::AsWritten),
            Field::Bool(_) | Field::List(_) | Field::Nested(_) | Field::NotUtf8(_) => return None,
        };
        if self.rules.is_unknown(text) {
            return Some(Value::Unknown);
        }
        if self.kind == ColumnKind::Text {
            return Some(Value::AsWritten);
        }
        if self.rules.is_blank(text) {
            return Some(Value::Unknown);
        }
        match self.kind {
            ColumnKind::Bool => self.rules.boolean(text).map(Value::Bool),
            ColumnKind::Date => self.rules.date(text).map(Value::Days),
            ColumnKind::Timestamp => self.rules.instant(text, &mut self.local).map(Value::Micros),
            ColumnKind::Text | ColumnKind::TextList => None,
            ColumnKind::Integer { digits: 20 } => self.unscaled(field, text, 0).map(Value::Unscaled),
            ColumnKind::Integer { .. } => match field {
                Field::Number(_) => i64::try_from(self.unscaled(field, text, 0)?).ok(),
                _ => self.rules.integer(text),
            }
            .map(Value::Integer),
            ColumnKind::Decimal { scale, .. } => self.unscaled(field, text, scale).map(Value::Unscaled),
        }
    }

    /// Numbers of JSON are always written alike, those in text as the catalogue says.
    fn unscaled(&self, field: &Field<'_>, text: &str, scale: i8) -> Option<i128> {
        match field {
            Field::Number(text) => decimal(&without_exponent(text)?, scale),
            _ => self.rules.decimal(text, scale),
        }
    }
}

/// A column under way.
pub(super) enum Builder {
    Bool(BooleanBuilder),
    Integer(Int64Builder),
    Decimal(Decimal128Builder),
    Date(Date32Builder),
    Timestamp(TimestampMicrosecondBuilder),
    Text(StringViewBuilder),
    List(ListBuilder<StringViewBuilder>),
}

impl Builder {
    /// For a column of a kind; without one it is text, and unknown.
    pub fn new(kind: Option<ColumnKind>, rows: usize) -> Self {
        match kind {
            Some(ColumnKind::Bool) => Builder::Bool(BooleanBuilder::with_capacity(rows)),
            Some(ColumnKind::Integer { digits: 20 } | ColumnKind::Decimal { .. }) => {
                Builder::Decimal(Decimal128Builder::with_capacity(rows).with_data_type(arrow_type(kind)))
            }
            Some(ColumnKind::Integer { .. }) => Builder::Integer(Int64Builder::with_capacity(rows)),
            Some(ColumnKind::Date) => Builder::Date(Date32Builder::with_capacity(rows)),
            Some(ColumnKind::Timestamp) => {
                let builder = TimestampMicrosecondBuilder::with_capacity(rows);
                Builder::Timestamp(builder.with_data_type(arrow_type(kind)))
            }
            Some(ColumnKind::Text) | None => Builder::Text(StringViewBuilder::with_capacity(rows)),
            Some(ColumnKind::TextList) => {
                let item = ArrowField::new_list_field(DataType::Utf8View, true);
                Builder::List(ListBuilder::new(StringViewBuilder::new()).with_field(Arc::new(item)))
            }
        }
    }

    /// Appends a value; what stands as it is written is taken from the field.
    pub fn append(&mut self, value: Value, field: &Field<'_>) {
        match (self, value) {
            (Builder::Bool(out), Value::Bool(value)) => out.append_value(value),
            (Builder::Integer(out), Value::Integer(value)) => out.append_value(value),
            (Builder::Decimal(out), Value::Unscaled(value)) => out.append_value(value),
            (Builder::Date(out), Value::Days(value)) => out.append_value(value),
            (Builder::Timestamp(out), Value::Micros(value)) => out.append_value(value),
            (Builder::Text(out), Value::AsWritten) => match field {
                Field::Text(text) => out.append_value(text),
                Field::Number(text) => out.append_value(text),
                Field::Bool(value) => out.append_value(if *value { "true" } else { "false" }),
                _ => out.append_null(),
            },
            (Builder::List(out), Value::AsWritten) => match field {
                Field::List(items) => {
                    items.iter().for_each(|item| out.values().append_option(item.as_deref()));
                    out.append(true);
                }
                _ => out.append(false),
            },
            (other, _) => other.append_unknown(),
        }
    }

    fn append_unknown(&mut self) {
        match self {
            Builder::Bool(out) => out.append_null(),
            Builder::Integer(out) => out.append_null(),
            Builder::Decimal(out) => out.append_null(),
            Builder::Date(out) => out.append_null(),
            Builder::Timestamp(out) => out.append_null(),
            Builder::Text(out) => out.append_null(),
            Builder::List(out) => out.append(false),
        }
    }

    /// The column so far; the builder begins anew.
    pub fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::Bool(out) => Arc::new(out.finish()),
            Builder::Integer(out) => Arc::new(out.finish()),
            Builder::Decimal(out) => Arc::new(out.finish()),
            Builder::Date(out) => Arc::new(out.finish()),
            Builder::Timestamp(out) => Arc::new(out.finish()),
            Builder::Text(out) => Arc::new(out.finish()),
            Builder::List(out) => Arc::new(out.finish()),
        }
    }
}
