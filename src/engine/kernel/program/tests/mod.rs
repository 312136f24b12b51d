//! Every node, on columns with unknowns.

mod agreement;
mod cases;
mod logic;
mod numbers;
mod structure;
mod text;
mod time;

use std::sync::Arc;

use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;
use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BooleanArray, Date32Array, ListBuilder, StringArray, StringBuilder,
    TimestampMicrosecondArray,
};
use datafusion::arrow::datatypes::{Date32Type, DurationMicrosecondType, TimestampMicrosecondType};
use num_rational::BigRational;

use super::super::calendar::Calendar;
use super::super::column::{Column, date, days};
use super::super::error::{KernelError, Result};
use super::super::form::Form;
use super::super::number::{Encoded, Numbers, decode_exact, encode_exact};
use super::Program;
use crate::catalog::model::WindowMode;
use crate::ir::{BaseColumn, BaseTable, BaseTableId, ColumnKind, Ir, Node, NodeId, NonFinite, Type, Value};

/// An expression under construction, over columns that hold the values of the test.
struct Fixture {
    ir: Ir,
    columns: Vec<(NodeId, Column)>,
    now: i64,
}

impl Fixture {
    fn new() -> Fixture {
        let mut ir = Ir::new(chrono_tz::Europe::Stockholm, Weekday::Mon, WindowMode::Exact);
        ir.base_tables.push(BaseTable {
            grouping: None,
            name: "rows".into(),
            columns: Vec::new(),
            time: None,
            subjects: Vec::new(),
            id: Vec::new(),
            version: None,
            timezone: Tz::UTC,
            nulls: None,
            times: Vec::new(),
            not_a_number: NonFinite::default(),
            skips_bad_rows: false,
        });
        // 2026-03-31T10:00 in Stockholm.
        Fixture { ir, columns: Vec::new(), now: 1_774_944_000_000_000 }
    }

    fn input(&mut self, kind: ColumnKind, column: Column) -> NodeId {
        let columns = &mut self.ir.base_tables[0].columns;
        let name = format!("c{}", columns.len());
        columns.push(BaseColumn { source_name: name.clone(), name, kind: Some(kind) });
        let position = columns.len() as u32 - 1;
        let id = self.ir.add(Node::Column(BaseTableId(0), position));
        self.columns.push((id, column));
        id
    }

    fn bools(&mut self, values: &[Option<bool>]) -> NodeId {
        self.input(ColumnKind::Bool, Column::Bool(BooleanArray::from(values.to_vec())))
    }

    fn texts(&mut self, values: &[Option<&str>]) -> NodeId {
        let array: ArrayRef = Arc::new(StringArray::from(values.to_vec()));
        self.input(ColumnKind::Text, Column::from_array(Type::Text, &array).unwrap())
    }

    fn dates(&mut self, values: &[Option<&str>]) -> NodeId {
        let days = values.iter().map(|value| value.map(|text| days(day(text))));
        self.input(ColumnKind::Date, Column::Date(days.collect::<Date32Array>()))
    }

    fn instants(&mut self, values: &[Option<&str>]) -> NodeId {
        let values: TimestampMicrosecondArray = values.iter().map(|value| value.map(instant)).collect();
        self.input(ColumnKind::Timestamp, Column::Instant(values))
    }

    fn lists(&mut self, values: &[Option<&[&str]>]) -> NodeId {
        let mut builder = ListBuilder::new(StringBuilder::new());
        for value in values {
            builder.append_option(value.map(|list| list.iter().map(Some).collect::<Vec<_>>()));
        }
        let array: ArrayRef = Arc::new(builder.finish());
        self.input(ColumnKind::TextList, Column::from_array(Type::TextList, &array).unwrap())
    }

    /// Numbers written as `5`, `-1.25` or `1/3`. They are decimals where all can be, else rationals.
    fn numbers(&mut self, values: &[Option<&str>]) -> NodeId {
        let values: Vec<Option<BigRational>> = values.iter().map(|value| value.map(number)).collect();
        let encoded: Vec<Option<Vec<u8>>> = values.iter().map(|value| value.as_ref().map(encode_exact)).collect();
        let array: ArrayRef = Arc::new(BinaryArray::from_opt_vec(encoded.iter().map(Option::as_deref).collect()));
        let column = Column::from_array(Type::Number, &array).unwrap();
        let decimal = Form::Number(super::super::form::NumberForm::Decimal { digits: 38, scale: 4 });
        let column = match column.to_array(&decimal) {
            Ok(array) => Column::from_array(Type::Number, &array).unwrap(),
            Err(_) => column,
        };
        self.input(ColumnKind::Decimal { digits: 38, scale: 4 }, column)
    }

    fn add(&mut self, node: Node) -> NodeId {
        self.ir.add(node)
    }

    fn number(&mut self, text: &str) -> NodeId {
        self.add(Node::Constant(Value::Number(number(text))))
    }

    fn text(&mut self, text: &str) -> NodeId {
        self.add(Node::Constant(Value::Text(text.into())))
    }

    fn program(&self, roots: Vec<NodeId>) -> Program {
        let ir = Arc::new(self.ir.clone());
        let calendar = Calendar::new(ir.timezone, ir.week_starts, ir.windows, self.now);
        Program::new(&ir, calendar, roots)
    }

    fn evaluate(&self, roots: Vec<NodeId>) -> Result<Vec<Column>> {
        let program = self.program(roots);
        let inputs: Vec<Column> = program.inputs().iter().map(|id| self.column(*id)).collect();
        program.evaluate(&inputs, self.rows())
    }

    fn rows(&self) -> usize {
        self.columns.first().map_or(1, |(_, column)| column.len())
    }

    fn column(&self, id: NodeId) -> Column {
        self.columns.iter().find(|(input, _)| *input == id).map(|(_, column)| column.clone()).unwrap()
    }

    /// A node's values as text, `?` for unknown, with a space between them.
    fn show(&mut self, node: Node) -> String {
        let id = self.add(node);
        show(&self.evaluate(vec![id]).unwrap()[0]).join(" ")
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An instant from its time in UTC.
fn instant(text: &str) -> i64 {
    text.parse::<chrono::NaiveDateTime>().unwrap().and_utc().timestamp_micros()
}

fn number(text: &str) -> BigRational {
    match text.split_once('.') {
        Some((_, fraction)) => {
            let unscaled: BigRational = text.replace('.', "").parse().unwrap();
            unscaled / BigRational::from_integer(10.into()).pow(fraction.len() as i32)
        }
        None => text.parse().unwrap(),
    }
}

fn show(column: &Column) -> Vec<String> {
    let array = column.to_array(&Form::of(column.ty())).unwrap();
    let value = |row: usize| match column.ty() {
        Type::Bool => if array.as_boolean().value(row) { "yes" } else { "no" }.to_owned(),
        Type::Number => match decode_exact(array.as_binary::<i32>().value(row)).unwrap() {
            Encoded::Number(number) => number.to_string(),
            Encoded::DoesNotFit => "!".to_owned(),
        },
        Type::Text => array.as_string_view().value(row).to_owned(),
        Type::Date => date(array.as_primitive::<Date32Type>().value(row)).unwrap().to_string(),
        Type::Instant => {
            let micros = array.as_primitive::<TimestampMicrosecondType>().value(row);
            chrono::DateTime::from_timestamp_micros(micros).unwrap().naive_utc().format("%Y-%m-%dT%H:%M").to_string()
        }
        Type::Duration => array.as_primitive::<DurationMicrosecondType>().value(row).to_string(),
        Type::TextList => {
            array.as_list::<i32>().value(row).as_string_view().iter().flatten().collect::<Vec<_>>().join("+")
        }
    };
    (0..array.len()).map(|row| if array.is_valid(row) { value(row) } else { "?".to_owned() }).collect()
}
