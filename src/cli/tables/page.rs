//! A survey for people: for each table a few lines about its rows, then its columns.

use std::io::{self, Write};

use chrono_tz::Tz;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, presets};
use kohort::AsOf;
use kohort::engine::survey::{ColumnSurvey, Survey, TableSurvey};

use super::super::amounts::{grouped, percentage};

/// Blanks between columns.
const GAP: usize = 2;
/// Values are shown in no less than this.
const LEAST_WIDTH: usize = 24;
/// Names and types are cut beyond this.
const MOST_WIDTH: usize = 40;

/// Writes a survey in lines of `width` signs, as far as names allow.
pub fn write(out: &mut impl Write, survey: &Survey, zone: Tz, width: usize) -> io::Result<()> {
    for (at, table) in survey.tables.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        heading(out, table, zone)?;
        if !table.columns.is_empty() {
            writeln!(out)?;
            columns(out, table, width)?;
        }
    }
    Ok(())
}

fn heading(out: &mut impl Write, table: &TableSurvey, zone: Tz) -> io::Result<()> {
    let plural = if table.rows == 1 { "" } else { "s" };
    write!(out, "{}: {} row{plural}", table.name, grouped(table.rows))?;
    if let Some(from) = &table.from {
        write!(out, " of {from}")?;
    }
    match table.span {
        Some((first, last)) => writeln!(out, ", {} to {} ({})", minute(first, zone), minute(last, zone), zone.name())?,
        None => writeln!(out)?,
    }
    let share = |count: u64| format!("{} ({})", grouped(count), percentage(count, table.rows));
    let several = table.subjects.len() > 1;
    for subject in table.subjects.iter().filter(|one| one.anonymous + one.orphans > 0) {
        let parts = [("anonymous", subject.anonymous), ("orphans", subject.orphans)];
        let parts = parts.into_iter().filter(|(_, count)| *count > 0);
        let parts = parts.map(|(what, count)| format!("{what} {}", share(count))).collect::<Vec<_>>().join(", ");
        match several {
            true => writeln!(out, "  {}: {parts}", subject.kind)?,
            false => writeln!(out, "  {parts}")?,
        }
    }
    if table.timeless > 0 {
        writeln!(out, "  no known time {}", share(table.timeless))?;
    }
    if table.skipped > 0 {
        writeln!(out, "  left out for they cannot be read {}", grouped(table.skipped))?;
    }
    Ok(())
}

/// `2026-03-31 10:00`
fn minute(micros: i64, zone: Tz) -> String {
    let shown = AsOf::from_micros(micros).display(zone);
    shown.get(..16).map_or_else(|| shown.clone(), |minute| minute.replace('T', " "))
}

fn columns(out: &mut impl Write, table: &TableSurvey, width: usize) -> io::Result<()> {
    let header = ["  column", "type", "unknown", "distinct"].map(str::to_owned);
    let mut rows = vec![header];
    rows.extend(table.columns.iter().map(|column| {
        // Of nested values in text nothing is known, not even whether they are there.
        let told = column.unknown > 0 && (column.kind.is_some() || column.distinct > 0);
        let unknown = if told { percentage(column.unknown, table.rows) } else { String::new() };
        let kind = kind(column, table.from.is_some());
        [format!("  {}", cut(&name(column), MOST_WIDTH)), cut(&kind, MOST_WIDTH), unknown, distinct(column)]
    }));
    let widest = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
    let taken: usize = (0..4).filter_map(widest).map(|cell| cell + GAP).sum();
    let left = width.saturating_sub(taken).max(LEAST_WIDTH);
    let values = std::iter::once("values".to_owned()).chain(table.columns.iter().map(|column| values(column, left)));
    let mut grid = Table::new();
    grid.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    for (row, values) in rows.iter().zip(values) {
        grid.add_row(row.iter().cloned().chain([values]));
    }
    for (at, column) in grid.column_iter_mut().enumerate() {
        column.set_padding((0, GAP as u16)).set_constraint(ColumnConstraint::ContentWidth);
        if at == 2 || at == 3 {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for line in grid.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn name(column: &ColumnSurvey) -> String {
    match column.name == column.source_name {
        true => column.name.clone(),
        false => format!("{} ({})", column.name, column.source_name),
    }
}

/// `decimal(2)` where that is declared, `integer, found` where it is not; a computed column has the type of its values.
fn kind(column: &ColumnSurvey, computed: bool) -> String {
    match column.kind {
        _ if computed => column.found.clone(),
        Some(kind) if column.declared => kind.to_string(),
        Some(kind) => format!("{kind}, found"),
        None => format!("{}, not usable", column.found),
    }
}

fn distinct(column: &ColumnSurvey) -> String {
    // Beyond ten thousand it is an estimate.
    let about = if column.distinct > 10_000 { "~" } else { "" };
    format!("{about}{}", grouped(column.distinct))
}

/// The few values with how often each occurs, or the range; in at most `width` signs.
fn values(column: &ColumnSurvey, width: usize) -> String {
    if let Some(listed) = column.values.as_ref().filter(|values| !values.is_empty()) {
        let shown: Vec<String> =
            listed.iter().map(|one| format!("{} ({})", one_line(&one.value), grouped(one.rows))).collect();
        let whole = shown.join(", ");
        if whole.chars().count() <= width {
            return whole;
        }
        // Texts are told by examples; a range says more about numbers.
        if column.range.is_none() || column.kind == Some(kohort::ir::ColumnKind::Text) {
            return first_of(&shown, width);
        }
    }
    let Some((least, greatest)) = &column.range else { return String::new() };
    if least == greatest {
        return cut(&one_line(least), width);
    }
    let half = width.saturating_sub(4) / 2;
    format!("{} to {}", cut(&one_line(least), half), cut(&one_line(greatest), half))
}

/// As many as fit, and how many more there are.
fn first_of(shown: &[String], width: usize) -> String {
    let mut text = String::new();
    for (at, one) in shown.iter().enumerate() {
        let more = format!(", … {} more", shown.len() - at);
        let separator = if at == 0 { "" } else { ", " };
        if at > 0 && text.chars().count() + separator.len() + one.chars().count() + more.chars().count() > width {
            return text + &more;
        }
        text.push_str(separator);
        text.push_str(&cut(one, width.saturating_sub(more.chars().count())));
    }
    text
}

/// Text that stays on its line; an empty one shows as quotes.
fn one_line(text: &str) -> String {
    if text.is_empty() || text.trim() != text {
        return format!("'{text}'").escape_debug().to_string().replace("\\'", "'");
    }
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}
