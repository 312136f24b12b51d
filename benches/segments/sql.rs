//! A workload as SQL, for DuckDB and DataFusion: one query for all segments, in the form that was the fastest of those tried.
//!
//! All features are aggregates of `CASE` in one grouping of the rows in the widest window; subjects without rows come by a left
//! join, and segments are counted by `count` of `CASE` over that. What was tried at scale factor 1, in CPU seconds of 200 segments
//! over 40 features:
//!
//! - `FILTER (WHERE …)` in both places, which reads better: DuckDB 1.85, against 0.77 by `CASE`; DataFusion 1.5, against 0.95;
//! - amounts as whole hundredths instead of decimals: DataFusion 0.6, against 0.95; DuckDB the same as before;
//! - two groupings, first by key, texts, piece of the windows and class of amount, then by key: DuckDB 0.96, against 0.82,
//!   DataFusion 1.07, against 0.79. The first leaves 97 groups of 100 rows (93 where all rows there are count), so that the second
//!   has as much to do as the only one had. Over 200 features: DuckDB 5.6, against 4.6, DataFusion 6.2, against 5.7;
//! - priorities as enumerations or dictionaries, windows as columns of truths made beforehand, a materialised inner query, and
//!   DataFusion's filters pushed into the reader: no better.
//!
//! Members are written from a temporary table of truths by `UNION ALL`: as fast as `UNPIVOT` and faster than lists, in both.

use std::fmt::Write;
use std::path::Path;

use chrono::{Days, NaiveDate};

use super::model::{Aggregate, Condition, Feature, Filter, Window, Workload};
use super::shop::{Shop, Through};

/// What is made of the members.
pub enum Answer<'a> {
    /// How many they are.
    Counts,
    /// The same, and the sum of their keys as `scatter` has them.
    Sums,
    /// A Parquet file with a row for each segment and member.
    Members(&'a Path),
}

/// One of the two that speak it: they differ in how a file is written and in how a date and days are added.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    DuckDb,
    DataFusion,
}

/// Statements that answer, each ended by a semicolon and a line break.
pub fn script(shop: &Shop, workload: &Workload, answer: &Answer, dialect: Dialect) -> String {
    let subjects = subjects(shop, workload);
    let named = workload.segments.iter().map(|segment| (&segment.name, condition(shop, workload, &segment.when)));
    match answer {
        Answer::Counts => {
            let counts: Vec<String> =
                named.map(|(name, condition)| format!("  {} AS {name}", count(&condition))).collect();
            format!("{subjects}SELECT\n{}\nFROM subjects;\n", counts.join(",\n"))
        }
        Answer::Sums => {
            let sums: Vec<String> = named
                .map(|(name, condition)| {
                    format!(
                        "  {} AS {name},\n  sum(CASE WHEN {condition} THEN scattered END) AS {name}_sum",
                        count(&condition)
                    )
                })
                .collect();
            let scatter = scatter(workload_key_is_text(shop));
            format!(
                "{subjects}SELECT\n{}\nFROM (SELECT *, {scatter} AS scattered FROM subjects) AS t;\n",
                sums.join(",\n")
            )
        }
        Answer::Members(path) => {
            let named: Vec<(&String, String)> = named.collect();
            let columns: Vec<String> =
                named.iter().map(|(name, condition)| format!("  ({condition}) AS {name}")).collect();
            let rows: Vec<String> = named
                .iter()
                .map(|(name, _)| format!("SELECT '{name}' AS segment, key FROM told WHERE {name}"))
                .collect();
            let (temporary, written) = match dialect {
                Dialect::DuckDb => ("TEMP TABLE", "(FORMAT parquet)"),
                Dialect::DataFusion => ("TABLE", "STORED AS PARQUET"),
            };
            format!(
                "CREATE {temporary} told AS\n{subjects}SELECT\n  key,\n{}\nFROM subjects;\nCOPY (\n{}\n) TO '{}' {written};\n",
                columns.join(",\n"),
                rows.join("\nUNION ALL\n"),
                path.display()
            )
        }
    }
}

/// Whether keys are a letter and a number.
pub fn workload_key_is_text(shop: &Shop) -> bool {
    shop.subjects.file.contains("_text") || shop.events.through.is_some()
}

/// A number from a key such that a sum of some tells other keys apart: a multiplication that wraps at 32 bits.
fn scatter(text: bool) -> String {
    let number = if text { "CAST(substr(key, 2) AS BIGINT)" } else { "key" };
    format!("({number} * 2654435761) % 4294967296")
}

/// `WITH subjects AS (…)`: a row for each subject, with its attribute and all features.
fn subjects(shop: &Shop, workload: &Workload) -> String {
    let (table, key) = (shop.subjects.table, shop.subjects.key);
    let mut text = String::from("WITH features AS (\n  SELECT\n");
    let events = &shop.events;
    let (from, event_key) = match &events.through {
        None => (String::new(), events.key),
        Some(through) => {
            let Through { table, column, subject, .. } = through;
            (format!(" JOIN (SELECT {column}, {subject} FROM {table}) AS {table} USING ({column})"), *subject)
        }
    };
    let _ = write!(text, "    {event_key} AS feature_key");
    for (at, feature) in workload.features.iter().enumerate() {
        let _ = write!(text, ",\n    {} AS f{at}", aggregate(shop, workload, feature));
    }
    let widest = Window { start: workload.widest(), end: 0 };
    let rows = rows(shop, workload);
    let _ = write!(text, "\n  FROM ({rows}) AS t{from}\n  WHERE {}", in_window(shop, widest).join(" AND "));
    let _ = write!(text, "\n  GROUP BY 1\n), subjects AS (\n  SELECT\n    {table}.{key} AS key");
    if workload.asks_attribute() {
        let _ = write!(text, ",\n    {table}.{}", shop.subjects.attribute.0);
    }
    for (at, feature) in workload.features.iter().enumerate() {
        // Of nothing, counts and sums are 0; the others stay unknown.
        let _ = match feature.aggregate {
            Aggregate::Count | Aggregate::Sum => write!(text, ",\n    coalesce(f{at}, 0) AS f{at}"),
            Aggregate::Min | Aggregate::Max | Aggregate::Last => write!(text, ",\n    f{at}"),
        };
    }
    let _ = write!(text, "\n  FROM {table} LEFT JOIN features ON {table}.{key} = feature_key\n)\n");
    text
}

/// The columns that are used, amounts in whole hundredths.
fn rows(shop: &Shop, workload: &Workload) -> String {
    let events = &shop.events;
    let mut columns = vec![events.key.to_owned(), events.time.to_owned()];
    columns.extend(workload.texts().into_iter().map(str::to_owned));
    if workload.asks_amount() {
        columns.push(match events.decimal {
            true => format!("CAST({0} * 100 AS BIGINT) AS {0}", events.amount),
            false => events.amount.to_owned(),
        });
    }
    format!("SELECT {} FROM {}", columns.join(", "), events.table)
}

fn aggregate(shop: &Shop, workload: &Workload, feature: &Feature) -> String {
    let (of, column) = match feature.aggregate {
        Aggregate::Count => ("count", "1"),
        Aggregate::Sum => ("sum", shop.events.amount),
        Aggregate::Min => ("min", shop.events.amount),
        Aggregate::Max => ("max", shop.events.amount),
        Aggregate::Last => ("max", shop.events.time),
    };
    let mut conditions = Vec::new();
    if feature.window.start.is_some() && feature.window.start != workload.widest() {
        conditions.extend(after(shop, feature.window));
    }
    if feature.window.end > 0 {
        conditions.push(until(shop, feature.window));
    }
    conditions.extend(feature.filter.iter().map(|filter| match filter {
        Filter::AtLeast(least) => format!("{} >= {}", shop.events.amount, shop.hundredths(*least)),
        Filter::Below(bound) => format!("{} < {}", shop.events.amount, shop.hundredths(*bound)),
        Filter::OneOf(column, values) => match values.as_slice() {
            [value] => format!("{column} = '{value}'"),
            values => format!("{column} IN ('{}')", values.join("', '")),
        },
    }));
    match conditions.is_empty() {
        true => format!("{of}({column})"),
        false => format!("{of}(CASE WHEN {} THEN {column} END)", conditions.join(" AND ")),
    }
}

/// How many rows meet a condition.
fn count(condition: &str) -> String {
    format!("count(CASE WHEN {condition} THEN 1 END)")
}

fn in_window(shop: &Shop, window: Window) -> Vec<String> {
    after(shop, window).into_iter().chain([until(shop, window)]).collect()
}

fn after(shop: &Shop, window: Window) -> Option<String> {
    window.start.map(|days| format!("{} > {}", shop.events.time, bound(shop, days)))
}

fn until(shop: &Shop, window: Window) -> String {
    format!("{} <= {}", shop.events.time, bound(shop, window.end))
}

/// The end of the day so many days ago: of dates, that day.
fn bound(shop: &Shop, days: u32) -> String {
    let date = days_ago(shop, days);
    if shop.events.instants { format!("TIMESTAMP '{date} 23:59:59.999999'") } else { format!("DATE '{date}'") }
}

/// The day so many days before the one that is looked from.
pub fn days_ago(shop: &Shop, days: u32) -> NaiveDate {
    let as_of: NaiveDate = shop.as_of.parse().expect("a date");
    as_of.checked_sub_days(Days::new(u64::from(days))).expect("a date")
}

fn condition(shop: &Shop, workload: &Workload, asked: &Condition) -> String {
    let joined = |parts: &[Condition], by: &str| {
        let parts: Vec<String> = parts.iter().map(|part| condition(shop, workload, part)).collect();
        parts.join(by)
    };
    match asked {
        Condition::Number { feature, is, value } => {
            let value = if workload.features[*feature].is_amount() { shop.hundredths(*value) } else { *value };
            format!("f{feature} {} {value}", is.sign("="))
        }
        Condition::Since { feature, days } => format!("f{feature} > {}", bound(shop, *days)),
        Condition::Beyond { feature, percent, of } => format!("100 * f{feature} > {percent} * f{of}"),
        Condition::Attribute(value) => format!("{} = '{value}'", shop.subjects.attribute.0),
        Condition::All(parts) => joined(parts, " AND "),
        Condition::Any(parts) => format!("({})", joined(parts, " OR ")),
        Condition::Not(part) => format!("NOT ({})", condition(shop, workload, part)),
    }
}
