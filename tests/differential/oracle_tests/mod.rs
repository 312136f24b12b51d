//! The judge is judged: meanings worked out by hand.
//!
//! Every test states a sentence of the language's reference on a few rows and gives what a person computes from it.

mod conditions;
mod features;
mod grouping;
mod order;
mod partitions;
mod ranks;
mod sequences;
mod tables;
mod time;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use kohort::catalog::model::Catalog;
use kohort::source::FileId;

use super::generate::expression;
use super::oracle::{Beside, DoesNotFit, Oracle, Outcome, evaluate, time::instant};
use super::value::{Cell, CellType, Data, TableData, Value};

/// A project under test.
struct Project {
    catalog: Catalog,
    data: Data,
    beside: Beside,
    now: i64,
}

fn local(text: &str) -> NaiveDateTime {
    text.parse().expect("a local time")
}

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn at(zone: Tz, text: &str) -> i64 {
    instant(zone, local(text))
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

/// Twelve and a half is `money(1250)`.
fn money(cents: i128) -> Cell {
    Cell::Decimal(cents, 2)
}

fn when(text: &str) -> Cell {
    Cell::LocalTime(local(text))
}

fn table(columns: &[(&str, CellType)], rows: &[&[Cell]]) -> TableData {
    TableData {
        columns: columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect(),
        rows: rows.iter().map(|row| row.to_vec()).collect(),
    }
}

fn project(catalog: &str, data: Vec<(&str, TableData)>, now: &str) -> Project {
    let mut problems = Vec::new();
    let node = kohort::source::yaml::parse(FileId(0), catalog, &mut problems).expect("readable YAML");
    let catalog = kohort::catalog::decode(&node, &mut problems).expect("a catalogue");
    assert!(problems.is_empty(), "{problems:?}");
    let now = at(catalog.timezone, now);
    let data: BTreeMap<_, _> = data.into_iter().map(|(name, table)| (name.to_owned(), table)).collect();
    Project { catalog, data, beside: Beside::default(), now }
}

impl Project {
    /// The value of an expression for each customer, as text, in key order.
    fn values(&self, expr: &str) -> Vec<String> {
        let oracle = Oracle::new(&self.catalog, &[], &self.data, &self.beside, self.now);
        let kind = &self.catalog.subjects[0].name.text;
        oracle.values(kind, &expression(expr)).into_iter().map(|(_, value)| value.to_string()).collect()
    }

    /// The value of an expression for the only customer.
    fn value(&self, expr: &str) -> String {
        let mut values = self.values(expr);
        assert_eq!(values.len(), 1, "one customer");
        values.remove(0)
    }

    /// Evaluates a rule file.
    fn run(&self, rules: &str) -> Outcome {
        let mut problems = Vec::new();
        let node = kohort::source::yaml::parse(FileId(1), rules, &mut problems).expect("readable YAML");
        let rules = kohort::rules::decode(&node, FileId(1), &mut problems);
        assert!(problems.is_empty(), "{problems:?}");
        evaluate(&self.catalog, &[rules], &self.data, &self.beside, self.now)
    }
}

/// The members of a segment, or that it failed.
fn members(outcome: &Outcome, segment: &str) -> Result<Vec<String>, DoesNotFit> {
    let shown = |key: &Vec<Value>| key.iter().map(ToString::to_string).collect::<Vec<_>>().join("/");
    outcome.segments[segment].clone().map(|members| members.iter().map(shown).collect())
}
