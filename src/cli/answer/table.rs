//! Counts for people: segments as a tree, then the rows that belong to nobody.

use std::io::{self, Write};
use std::time::Duration;

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, presets};
use kohort::Report;
use kohort::engine::{KindReport, MissingKeys, PartitionReport, TableReport};

use super::tree::{self, Of};
use crate::cli::amounts::{grouped, percentage, shown};

/// Columns of a page.
const WIDTH: u16 = 80;

/// Writes the counts of an evaluation. `when` is the instant in words.
pub fn write(mut out: impl Write, report: &Report, when: &str, taken: Duration) -> io::Result<()> {
    for kind in &report.kinds {
        writeln!(out, "{}: {} in all, as of {when}\n", kind.subject, grouped(kind.subjects))?;
        draw(&mut out, &segments(kind))?;
        writeln!(out)?;
    }
    let missing: Vec<&MissingKeys> = report.kinds.iter().flat_map(|kind| &kind.missing_keys).collect();
    for missing in &missing {
        writeln!(out, "{}", missing_keys(missing))?;
    }
    if !missing.is_empty() {
        writeln!(out)?;
    }
    for kind in &report.kinds {
        for (attribute, count) in &kind.strays {
            writeln!(out, "{attribute}: outside its closed set for {}\n", grouped(*count))?;
        }
    }
    for table in report.tables.iter().filter(|table| table.anonymous + table.orphans + table.timeless > 0) {
        let of = if report.kinds.len() > 1 { format!(", by {}", table.subject) } else { String::new() };
        writeln!(out, "{}{of}: {} rows read", table.table, grouped(table.rows))?;
        draw(&mut out, &nobodies(table))?;
        writeln!(out)?;
    }
    writeln!(out, "took {:.2} s", taken.as_secs_f64())
}

fn segments(kind: &KindReport) -> Table {
    let labels = kind.segments.iter().map(|one| &one.label).chain(kind.partitions.iter().map(|one| &one.label));
    let labelled = labels.into_iter().any(Option::is_some);
    let mut header = vec!["segment", "members", "share"];
    header.extend(labelled.then_some("label"));
    let mut table = grid();
    table.set_header(header);
    for line in tree::lines(kind) {
        let (members, label) = match line.of {
            Of::Segment(at) => match kind.segments.get(at) {
                Some(segment) => (segment.members.ok(), &segment.label),
                None => continue,
            },
            Of::Partition(at) => match kind.partitions.get(at) {
                Some(partition) => (in_one_of(kind, partition), &partition.label),
                None => continue,
            },
        };
        let [members, share] = counts(kind, members);
        let mut row = vec![line.text, members, share];
        row.extend(labelled.then(|| label.clone().unwrap_or_default()));
        table.add_row(row);
    }
    align(table, 0)
}

/// `lists/vips.csv: 3 of 120 keys are nobody's (C7, C9, …)`
fn missing_keys(missing: &MissingKeys) -> String {
    let of = missing.file.as_deref().unwrap_or("keys written in a rule");
    let more = if missing.examples.len() as u64 == missing.missing { "" } else { ", …" };
    let (count, keys) = (grouped(missing.missing), grouped(missing.keys));
    let are = if missing.missing == 1 { "is" } else { "are" };
    format!("{of}: {count} of {keys} keys {are} nobody's ({}{more})", missing.examples.join(", "))
}

/// Whoever is in one of the groups of a partition that were asked for: nobody is in two.
fn in_one_of(kind: &KindReport, partition: &PartitionReport) -> Option<u64> {
    let groups = kind.segments.iter().filter(|segment| segment.part_of.as_deref() == Some(partition.name.as_str()));
    groups.map(|segment| segment.members.ok()).sum()
}

fn counts(kind: &KindReport, members: Option<u64>) -> [String; 2] {
    match members {
        Some(members) => [grouped(members), percentage(members, kind.subjects)],
        None => ["no answer".to_owned(), "–".to_owned()],
    }
}

/// Rows that belong to nobody, and what they come to.
fn nobodies(report: &TableReport) -> Table {
    let mut table = grid();
    let amounts = |pick: fn(&(_, _)) -> &_| {
        let amounts = report.amounts.iter().map(|(metric, both)| (metric, pick(both)));
        let amounts = amounts.filter(|(_, amount)| *amount != &num_traits::Zero::zero());
        amounts.map(|(metric, amount)| format!("{metric} {}", shown(amount))).collect::<Vec<_>>().join("; ")
    };
    let rows = [
        ("anonymous", report.anonymous, report.rows, amounts(|both| &both.0)),
        ("orphans", report.orphans, report.rows, amounts(|both| &both.1)),
        ("no known time", report.timeless, report.rows + report.timeless, String::new()),
    ];
    for (name, count, of, amounts) in rows.into_iter().filter(|(_, count, ..)| *count > 0) {
        table.add_row([format!("  {name}"), grouped(count), percentage(count, of), amounts]);
    }
    align(table, 0)
}

fn grid() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table
}

/// Numbers to the right; the last column alone is broken into lines.
fn align(mut table: Table, first: usize) -> Table {
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if at == first + 1 || at == first + 2 {
            column.set_cell_alignment(CellAlignment::Right);
        }
        if at <= first + 2 {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table
}

fn draw(out: &mut impl Write, table: &Table) -> io::Result<()> {
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
