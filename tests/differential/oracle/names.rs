//! What a name means in its scope: columns, lookups, attributes, metrics with a window suffix.

use kohort::syntax::ast::{Duration, Ident, Path, Period, Unit, Window};

use super::super::value::Value;
use super::Oracle;
use super::eval::{Pushed, Scope};
use super::scalar::elapsed;
use super::tables::{Row, Table};

impl Oracle<'_> {
    /// The value of a name that is not a metric that takes a window from outside.
    pub fn name(&self, path: &Path, scope: Scope<'_>) -> Value {
        self.name_with(path, scope, self.nothing_pushed())
    }

    /// The value of a name; `pushed` reaches the aggregates of the metric that it names.
    pub fn name_with(&self, path: &Path, scope: Scope<'_>, pushed: &Pushed) -> Value {
        match scope {
            Scope::Row { table, row, earlier } => match path.parts.as_slice() {
                [first, rest @ ..] if !rest.is_empty() && earlier.contains_key(&first.text) => {
                    let (table, row) = &earlier[&first.text];
                    self.name_in_row(table, row, rest, pushed)
                }
                parts => self.name_in_row(table, row, parts, pushed),
            },
            Scope::Group { keys, .. } => match path.parts.as_slice() {
                [key] => keys.get(&key.text).unwrap_or_else(|| panic!("{} is no key", key.text)).clone(),
                _ => panic!("a group has no {path:?}"),
            },
            Scope::Subject { kind, key } => self.name_of_subject(kind, key, &path.parts, pushed),
        }
    }

    fn name_in_row(&self, table: &Table, row: &Row, path: &[Ident], pushed: &Pushed) -> Value {
        let (first, rest) = path.split_first().expect("a path has a name");
        if rest.is_empty() {
            if let Some(value) = row.values.get(&first.text) {
                self.note_unfit(table.unfit_columns.contains(&first.text));
                return value.clone();
            }
            assert!(table.timed, "{} has no time, and no {}", table.name, first.text);
            return match first.text.as_str() {
                "at" => Value::Instant(row.time.expect("rows of a table with time have one")),
                "number" => row.number.map_or(Value::Unknown, Value::int),
                "gap" => row.gap.map_or(Value::Unknown, elapsed),
                other => panic!("a row of {} has no {other}", table.name),
            };
        }
        let Some(key) = row.keys.get(&first.text) else {
            return self.column(&table.base, &row.values, path);
        };
        match key {
            Some(key) if self.subjects(&first.text).contains(key) => {
                self.name_of_subject(&first.text, key, rest, pushed)
            }
            _ => Value::Unknown,
        }
    }

    fn name_of_subject(&self, kind: &str, key: &[Value], path: &[Ident], pushed: &Pushed) -> Value {
        let (first, rest) = path.split_first().expect("a path has a name");
        if let Some(value) = self.subject_column(kind, key, path) {
            return value;
        }
        assert!(rest.is_empty(), "{kind} has no {}", first.text);
        let scope = Scope::Subject { kind, key };
        if let Some(attribute) = self.catalog.attributes.iter().find(|one| one.name.text == first.text) {
            return self.attribute(attribute, scope);
        }
        let metric = |name: &str| self.catalog.metrics.iter().find(|one| one.name.text == name);
        if let Some(metric) = metric(&first.text) {
            return self.eval(&metric.is, scope, pushed);
        }
        if let Some(partition) = self.partition_attribute(&first.text) {
            return self.part(partition, key).map_or(Value::Unknown, Value::Text);
        }
        let (metric, window) = splits(&first.text)
            .find_map(|(name, suffix)| Some((metric(name)?, window_of_suffix(suffix)?)))
            .unwrap_or_else(|| panic!("{kind} has no {}", first.text));
        self.eval(&metric.is, scope, &pushed.with_window(window))
    }

    /// A column of the subject's row, one of its key, or what a lookup of the subject leads to.
    fn subject_column(&self, kind: &str, key: &[Value], path: &[Ident]) -> Option<Value> {
        let (first, rest) = path.split_first()?;
        let def = self.kind(kind)?;
        let subjects = self.subjects(kind);
        let Some((table, row)) = subjects.row(key) else {
            let at = def.key.iter().position(|part| part.text == first.text)?;
            return key.get(at).cloned();
        };
        if rest.is_empty() {
            return row.values.get(&first.text).cloned();
        }
        let own = def.lookups.iter().chain(self.lookups_of(&table.base));
        let lookup = own.into_iter().find(|lookup| lookup.name.text == first.text)?;
        Some(self.looked_up(&table.base, &row.values, lookup, rest))
    }
}

/// Every way to cut a name at a `_`: `a_b_c` is `a` + `b_c`, and `a_b` + `c`.
fn splits(name: &str) -> impl Iterator<Item = (&str, &str)> {
    name.match_indices('_').map(|(at, _)| (&name[..at], &name[at + 1..]))
}

/// The window that `90d`, `prev_90d`, `mtd`, `last_month`, … after a metric's name means.
pub fn window_of_suffix(suffix: &str) -> Option<Window> {
    Some(match suffix {
        "today" => Window::ToDate(Period::Day),
        "wtd" => Window::ToDate(Period::Week),
        "mtd" => Window::ToDate(Period::Month),
        "qtd" => Window::ToDate(Period::Quarter),
        "ytd" => Window::ToDate(Period::Year),
        "yesterday" => Window::Last(Period::Day),
        "last_week" => Window::Last(Period::Week),
        "last_month" => Window::Last(Period::Month),
        "last_quarter" => Window::Last(Period::Quarter),
        "last_year" => Window::Last(Period::Year),
        "prev_wtd" => Window::PreviousToDate(Period::Week),
        "prev_mtd" => Window::PreviousToDate(Period::Month),
        "prev_qtd" => Window::PreviousToDate(Period::Quarter),
        "prev_ytd" => Window::PreviousToDate(Period::Year),
        _ => match suffix.strip_prefix("prev_") {
            Some(span) => Window::Previous(short_span(span)?),
            None => Window::Rolling(short_span(suffix)?),
        },
    })
}

/// `90d`, `3mo`, `24h`
fn short_span(text: &str) -> Option<Duration> {
    let digits = text.find(|sign: char| !sign.is_ascii_digit())?;
    let unit = match &text[digits..] {
        "min" => Unit::Minute,
        "h" => Unit::Hour,
        "d" => Unit::Day,
        "w" => Unit::Week,
        "mo" => Unit::Month,
        "q" => Unit::Quarter,
        "y" => Unit::Year,
        _ => return None,
    };
    Some(Duration { count: text[..digits].parse().ok()?, unit })
}
