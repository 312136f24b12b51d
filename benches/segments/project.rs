//! A workload as a project of Kohort.

use std::fmt::Write;

use super::model::{Aggregate, Condition, Feature, Filter, Window, Workload};
use super::shop::{Files, Shop};

/// What the tables are and what the words mean.
pub fn catalog(shop: &Shop, files: &Files) -> String {
    let (subjects, events) = (&shop.subjects, &shop.events);
    let mut text = format!(
        "kohort: 1\ntimezone: {}\nsubject: {{ name: customer, table: {}, key: {} }}\ntables:\n",
        shop.timezone, subjects.table, subjects.key
    );
    let _ = writeln!(text, "  {}:\n    source: '{}'", subjects.table, files.subjects.display());
    let _ = writeln!(text, "  {}:\n    source: '{}'", events.table, files.events.display());
    match &events.through {
        None => {
            let _ = writeln!(text, "    subject: {}", events.key);
        }
        Some(through) => {
            let _ = writeln!(text, "    lookups: {{ owner: {} -> {} }}", events.key, through.table);
            let _ = writeln!(text, "    subject: owner.{}", through.subject);
        }
    }
    let _ = writeln!(text, "    time: {}", events.time);
    if let (Some(through), Some(file)) = (&events.through, &files.through) {
        let _ = writeln!(text, "  {}:\n    source: '{}'\n    id: {}", through.table, file.display(), through.column);
    }
    let _ = writeln!(text, "metrics:\n  purchases: count({})", events.table);
    for (name, aggregate) in [("spend", "sum"), ("largest", "max"), ("smallest", "min")] {
        let _ = writeln!(text, "  {name}: {aggregate}({} of {})", events.amount, events.table);
    }
    text
}

/// A rule for each segment.
pub fn rules(shop: &Shop, workload: &Workload) -> String {
    let mut text = String::from("segments:\n");
    for segment in &workload.segments {
        let _ = writeln!(text, "  {}:\n    when: |\n      {}", segment.name, condition(shop, workload, &segment.when));
    }
    text
}

fn condition(shop: &Shop, workload: &Workload, asked: &Condition) -> String {
    let name = |feature: &usize| feature_text(shop, &workload.features[*feature]);
    let joined = |parts: &[Condition], by: &str| {
        let parts: Vec<String> = parts.iter().map(|part| condition(shop, workload, part)).collect();
        parts.join(by)
    };
    match asked {
        Condition::Number { feature, is, value } => format!("{} {} {value}", name(feature), is.sign("=")),
        Condition::Since { feature, days } => format!("{} > {days}d ago", name(feature)),
        Condition::Beyond { feature, percent, of } => format!("{} > {percent}% * {}", name(feature), name(of)),
        Condition::Attribute(value) => format!("{} = '{value}'", shop.subjects.attribute.0),
        Condition::All(parts) => joined(parts, " and "),
        Condition::Any(parts) => format!("({})", joined(parts, " or ")),
        Condition::Not(part) => format!("not ({})", condition(shop, workload, part)),
    }
}

/// `spend_90d[o_orderpriority = '1-URGENT']`
fn feature_text(shop: &Shop, feature: &Feature) -> String {
    let filters: Vec<String> = feature.filter.iter().map(|filter| filter_text(shop, filter)).collect();
    let filter = filters.join(" and ");
    let metric = match feature.aggregate {
        Aggregate::Count => "purchases",
        Aggregate::Sum => "spend",
        Aggregate::Max => "largest",
        Aggregate::Min => "smallest",
        Aggregate::Last => {
            let over = match feature.window {
                Window { start: None, .. } => String::new(),
                Window { start: Some(start), end: 0 } => format!(" over {start}d"),
                Window { end, .. } => format!(" over previous {end}d"),
            };
            let filter = if filter.is_empty() { filter } else { format!(" where {filter}") };
            return format!("last(at of {}{over}{filter})", shop.events.table);
        }
    };
    let window = match feature.window {
        Window { start: None, .. } => String::new(),
        Window { start: Some(start), end: 0 } => format!("_{start}d"),
        Window { end, .. } => format!("_prev_{end}d"),
    };
    if filter.is_empty() { format!("{metric}{window}") } else { format!("{metric}{window}[{filter}]") }
}

fn filter_text(shop: &Shop, filter: &Filter) -> String {
    match filter {
        Filter::AtLeast(amount) => format!("{} >= {amount}", shop.events.amount),
        Filter::Below(amount) => format!("{} < {amount}", shop.events.amount),
        Filter::OneOf(column, values) => match values.as_slice() {
            [value] => format!("{column} = '{value}'"),
            values => format!("{column} in ('{}')", values.join("', '")),
        },
    }
}
