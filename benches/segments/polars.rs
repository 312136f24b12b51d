//! A workload as a program of Polars: one lazy query for all segments, run by the streaming engine.
//!
//! It reads `tables`, lazy frames by their names, and leaves `answer`. What was tried at scale factor 1, in CPU seconds of 200
//! segments over 40 features (and over 200 features):
//!
//! - features by `filter(…).sum()`: 0.54 (3.9), against 0.39 (3.1) by `when(…).then(…).sum()`, and 0.42 (3.3) by columns made
//!   before the grouping;
//! - texts as categoricals: 0.38 (2.7), as enumerations 0.38 (3.0);
//! - the engine in memory instead of the streaming one: 0.45 (4.5);
//! - members by filters of a frame of truths, one after the other: (3.3), by `unpivot` (4.1).
//!
//! Amounts are whole hundredths, as in SQL.

use std::fmt::Write;

use super::model::{Aggregate, Condition, Feature, Filter, Window, Workload};
use super::shop::Shop;
use super::sql::{Answer, days_ago, workload_key_is_text};

/// The program that answers.
pub fn program(shop: &Shop, workload: &Workload, answer: &Answer) -> String {
    let mut text = features(shop, workload);
    text += &subjects(shop, workload);
    let named = workload.segments.iter().map(|segment| (&segment.name, condition(shop, workload, &segment.when)));
    match answer {
        Answer::Counts => {
            let counts: Vec<String> =
                named.map(|(name, condition)| format!("    {name}=({condition}).sum(),\n")).collect();
            let _ = write!(text, "answer = subjects.select(\n{}).collect(engine=\"streaming\")\n", counts.concat());
        }
        Answer::Sums => {
            let sums = named.map(|(name, condition)| {
                format!(
                    "    {name}=({condition}).sum(),\n    {name}_sum=pl.col(\"scattered\").filter({condition}).sum(),\n"
                )
            });
            let key = shop.subjects.key;
            let number = match workload_key_is_text(shop) {
                true => format!("pl.col(\"{key}\").str.slice(1).cast(pl.Int64)"),
                false => format!("pl.col(\"{key}\")"),
            };
            let _ = write!(
                text,
                "answer = subjects.with_columns(scattered=({number} * 2654435761) % 4294967296).select(\n{}).collect(engine=\"streaming\")\n",
                sums.collect::<String>()
            );
        }
        Answer::Members(path) => {
            let named: Vec<(&String, String)> = named.collect();
            let columns: Vec<String> =
                named.iter().map(|(name, condition)| format!("    {name}={condition},\n")).collect();
            let names: Vec<String> = named.iter().map(|(name, _)| format!("\"{name}\"")).collect();
            let key = shop.subjects.key;
            let _ = write!(
                text,
                "told = subjects.select(\n    \"{key}\",\n{}).collect(engine=\"streaming\").lazy()\n\
                 pl.concat([\n    told.filter(pl.col(name)).select(segment=pl.lit(name), key=\"{key}\")\n    \
                 for name in [{}]\n]).sink_parquet(\"{}\")\nanswer = None\n",
                columns.concat(),
                names.join(", "),
                path.display()
            );
        }
    }
    text
}

/// A row for each subject that has rows, with all features.
fn features(shop: &Shop, workload: &Workload) -> String {
    let events = &shop.events;
    let mut text = format!("features = (\n    tables[\"{}\"]\n", events.table);
    let widest = Window { start: workload.widest(), end: 0 };
    let _ = writeln!(text, "    .filter({})", in_window(shop, widest).join(" & "));
    let mut key = events.key;
    if let Some(through) = &events.through {
        let _ = writeln!(text, "    .join(tables[\"{}\"], on=\"{}\")", through.table, through.column);
        key = through.subject;
    }
    if events.decimal && workload.asks_amount() {
        let _ =
            writeln!(text, "    .with_columns((pl.col(\"{0}\") * 100).cast(pl.Int64).alias(\"{0}\"))", events.amount);
    }
    let texts: Vec<String> = workload.texts().iter().map(|column| format!("\"{column}\"")).collect();
    if !texts.is_empty() {
        let _ = writeln!(text, "    .with_columns(pl.col({}).cast(pl.Categorical))", texts.join(", "));
    }
    let _ = writeln!(text, "    .group_by(feature_key=\"{key}\")\n    .agg(");
    for (at, feature) in workload.features.iter().enumerate() {
        let _ = writeln!(text, "        f{at}={},", aggregate(shop, workload, feature));
    }
    text + "    )\n)\n"
}

fn subjects(shop: &Shop, workload: &Workload) -> String {
    let zeros = workload.features.iter().enumerate().filter(|(_, feature)| {
        // Of nothing, counts and sums are 0; the others stay unknown.
        matches!(feature.aggregate, Aggregate::Count | Aggregate::Sum)
    });
    let zeros: Vec<String> = zeros.map(|(at, _)| format!("\"f{at}\"")).collect();
    let mut text = format!(
        "subjects = tables[\"{}\"].join(features, left_on=\"{}\", right_on=\"feature_key\", how=\"left\")\n",
        shop.subjects.table, shop.subjects.key
    );
    if !zeros.is_empty() {
        let _ = writeln!(text, "subjects = subjects.with_columns(pl.col({}).fill_null(0))", zeros.join(", "));
    }
    text
}

fn aggregate(shop: &Shop, workload: &Workload, feature: &Feature) -> String {
    let mut conditions = Vec::new();
    if feature.window.start.is_some() && feature.window.start != workload.widest() {
        conditions.extend(after(shop, feature.window));
    }
    if feature.window.end > 0 {
        conditions.push(until(shop, feature.window));
    }
    conditions.extend(feature.filter.iter().map(|filter| match filter {
        Filter::AtLeast(least) => format!("(pl.col(\"{}\") >= {})", shop.events.amount, shop.hundredths(*least)),
        Filter::Below(bound) => format!("(pl.col(\"{}\") < {})", shop.events.amount, shop.hundredths(*bound)),
        Filter::OneOf(column, values) => match values.as_slice() {
            [value] => format!("(pl.col(\"{column}\") == \"{value}\")"),
            values => format!("pl.col(\"{column}\").is_in([\"{}\"])", values.join("\", \"")),
        },
    }));
    let filter = conditions.join(" & ");
    let of = |column: &str, how: &str| match filter.is_empty() {
        true => format!("pl.col(\"{column}\").{how}()"),
        false => format!("pl.when({filter}).then(\"{column}\").{how}()"),
    };
    match feature.aggregate {
        Aggregate::Count if filter.is_empty() => "pl.len()".to_owned(),
        Aggregate::Count => format!("({filter}).sum()"),
        Aggregate::Sum => of(shop.events.amount, "sum"),
        Aggregate::Min => of(shop.events.amount, "min"),
        Aggregate::Max => of(shop.events.amount, "max"),
        Aggregate::Last => of(shop.events.time, "max"),
    }
}

fn in_window(shop: &Shop, window: Window) -> Vec<String> {
    after(shop, window).into_iter().chain([until(shop, window)]).collect()
}

fn after(shop: &Shop, window: Window) -> Option<String> {
    window.start.map(|days| format!("(pl.col(\"{}\") > {})", shop.events.time, bound(shop, days)))
}

fn until(shop: &Shop, window: Window) -> String {
    format!("(pl.col(\"{}\") <= {})", shop.events.time, bound(shop, window.end))
}

fn bound(shop: &Shop, days: u32) -> String {
    let date = days_ago(shop, days).format("%Y, %-m, %-d");
    if shop.events.instants { format!("datetime({date}, 23, 59, 59, 999999)") } else { format!("date({date})") }
}

fn condition(shop: &Shop, workload: &Workload, asked: &Condition) -> String {
    let joined = |parts: &[Condition], by: &str| {
        let parts: Vec<String> = parts.iter().map(|part| condition(shop, workload, part)).collect();
        format!("({})", parts.join(by))
    };
    match asked {
        Condition::Number { feature, is, value } => {
            let value = if workload.features[*feature].is_amount() { shop.hundredths(*value) } else { *value };
            format!("(pl.col(\"f{feature}\") {} {value})", is.sign("=="))
        }
        Condition::Since { feature, days } => format!("(pl.col(\"f{feature}\") > {})", bound(shop, *days)),
        Condition::Beyond { feature, percent, of } => {
            format!("(100 * pl.col(\"f{feature}\") > {percent} * pl.col(\"f{of}\"))")
        }
        Condition::Attribute(value) => format!("(pl.col(\"{}\") == \"{value}\")", shop.subjects.attribute.0),
        Condition::All(parts) => joined(parts, " & "),
        Condition::Any(parts) => joined(parts, " | "),
        Condition::Not(part) => format!("~{}", condition(shop, workload, part)),
    }
}
