//! Why, for a terminal: the answer, each condition on a line of its own, what would change it, the rows behind it.
//!
//! ```text
//! customer 10 is not in `big_regulars`, as of the end of 2026-03-31 (Asia/Jakarta)
//!
//! big_regulars: no
//!   ✓ in regulars      yes       see regulars
//!   ✗ spend > 1_000    15 IDR    needs more than 985 IDR more
//! ```

use std::io::{self, Write};

use kohort::engine::why::{Answer, Condition, Figure, Form, Known, Lack, Operand, RowsWhy, SegmentWhy, Truth, Why};
use kohort::ir::Value;

use super::{Told, words};
use crate::cli::amounts::grouped;

/// What is known of a condition with more letters stands below it.
const LONGEST: usize = 60;

/// A line about a condition.
pub(super) struct Line {
    /// How deep it stands.
    pub depth: usize,
    pub truth: Truth,
    pub text: String,
    pub value: String,
    pub remark: String,
}

impl Line {
    fn letters(&self) -> usize {
        2 * self.depth + self.text.chars().count()
    }
}

/// Writes it.
pub(crate) fn write(out: &mut impl Write, told: &Told, color: bool) -> io::Result<()> {
    let why = &told.why;
    writeln!(out, "{}, as of {}", words::answer(why, told.zone), told.when)?;
    for segment in &why.segments {
        writeln!(out)?;
        write_segment(out, told, segment, color)?;
    }
    let lacks = to_do(why);
    if !lacks.is_empty() {
        writeln!(out, "\nTo be a member")?;
        for (depth, text) in lacks {
            writeln!(out, "{}{}", "  ".repeat(depth + 1), printable(&text.in_words(told)))?;
        }
    }
    for (at, rank) in why.ranks.iter().enumerate() {
        writeln!(out, "{}", if at == 0 { "\nPlaces among all" } else { "" })?;
        writeln!(out, "  {} {}: {}", rank.by.text, of(&rank.by, told), words::place(rank, why, told.zone))?;
        if let Some(among) = &rank.among {
            writeln!(out, "  ranked are those with {}: {}", among.text, words::yes(among.truth))?;
        }
    }
    for (at, rows) in why.rows.iter().enumerate() {
        writeln!(out, "{}", if at == 0 { "\nCounted from" } else { "" })?;
        write_rows(out, told, at, rows)?;
    }
    Ok(())
}

fn write_segment(out: &mut impl Write, told: &Told, segment: &SegmentWhy, color: bool) -> io::Result<()> {
    let label = segment.label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
    let member = if segment.member { "yes" } else { "no" };
    let until = segment.until.map(|until| format!(", {}", words::until(until, segment.member, told.zone)));
    writeln!(out, "{}{}: {member}{}", segment.name, printable(&label), until.unwrap_or_default())?;
    if let Some(description) = &segment.description {
        writeln!(out, "  {}", printable(description))?;
    }
    let lines = lines_of(told, segment);
    let width = |of: &dyn Fn(&Line) -> usize| lines.iter().map(of).max().unwrap_or(0);
    let short = |line: &Line| line.letters() <= LONGEST;
    let text = width(&|line| if short(line) { line.letters() } else { 0 });
    let value = width(&|line| line.value.chars().count());
    for line in &lines {
        let sign = words::sign(line.truth).to_string();
        let code = match line.truth {
            Truth::True => "32",
            Truth::False => "31",
            Truth::Unknown => "33",
        };
        let sign = if color { format!("\u{1b}[{code}m{sign}\u{1b}[0m") } else { sign };
        let pad = |text: &str, width: usize| " ".repeat(width.saturating_sub(text.chars().count()));
        let indent = "  ".repeat(line.depth);
        let gap = pad(&format!("{indent}{}", line.text), text);
        let shown =
            format!("{indent}{sign} {}{gap}   {}{}   {}", line.text, line.value, pad(&line.value, value), line.remark);
        writeln!(out, "  {}", shown.trim_end())?;
    }
    Ok(())
}

/// The lines about a segment's condition.
pub(super) fn lines_of(told: &Told, segment: &SegmentWhy) -> Vec<Line> {
    let mut lines = Vec::new();
    match &segment.condition.form {
        Form::All(parts) if parts.len() > 1 => parts.iter().for_each(|part| add(told, part, (0, true), &mut lines)),
        _ => add(told, &segment.condition, (0, true), &mut lines),
    }
    lines
}

/// Adds the lines about a condition, at a depth; within a `not` it is not wanted to hold.
fn add(told: &Told, condition: &Condition, (depth, wanted): (usize, bool), lines: &mut Vec<Line>) {
    let truth = condition.truth;
    let line = |text: String, value: String, remark: String| Line {
        depth,
        truth,
        text: printable(&text),
        value: printable(&value),
        remark: printable(&remark),
    };
    let yes = words::yes(truth).to_owned();
    match &condition.form {
        Form::All(parts) | Form::Any(parts) => {
            let text = match (&condition.form, parts.len()) {
                (_, 1) => condition.text.clone(),
                (Form::All(_), _) => "all of".to_owned(),
                _ => "one of".to_owned(),
            };
            lines.push(line(text, String::new(), String::new()));
            parts.iter().for_each(|part| add(told, part, (depth + 1, wanted), lines));
        }
        Form::Not(inner) => match &inner.form {
            Form::Test(test) => {
                let value = words::found(test, inner.truth, &told.why, told.zone);
                lines.push(line(condition.text.clone(), value, String::new()));
            }
            Form::Segment { name, .. } => lines.push(line(condition.text.clone(), yes, elsewhere(told, name))),
            _ => {
                lines.push(line("not".to_owned(), String::new(), String::new()));
                add(told, inner, (depth + 1, !wanted), lines);
            }
        },
        Form::Segment { name, .. } => lines.push(line(condition.text.clone(), yes, elsewhere(told, name))),
        Form::Test(test) => {
            let value = words::found(test, truth, &told.why, told.zone);
            lines.push(line(condition.text.clone(), value, words::remark(test, wanted, told.zone)));
        }
    }
}

fn elsewhere(told: &Told, name: &str) -> String {
    let told = told.why.segments.iter().any(|segment| segment.name == name);
    if told { format!("see {name}") } else { String::new() }
}

/// Something to do.
pub(super) enum Do<'w> {
    /// What follows belongs together.
    AllOf,
    /// One of what follows is enough.
    OneOf,
    /// To come into a segment, or to leave it.
    Segment(&'w str, bool),
    /// A test to pass.
    Test(&'w Lack),
}

impl Do<'_> {
    pub(super) fn in_words(&self, told: &Told) -> String {
        match self {
            Do::AllOf => "all of this:".to_owned(),
            Do::OneOf => "one of this:".to_owned(),
            Do::Segment(name, true) => format!("be in {name}"),
            Do::Segment(name, false) => format!("not be in {name}"),
            Do::Test(Lack::Test { text, holds, change, quantifier, unit }) => {
                let change = change.as_ref();
                let change = change.map(|change| words::change(change, *quantifier, unit.as_deref(), told.zone));
                match (holds, change) {
                    (true, Some(change)) => format!("{text}: {change}"),
                    (true, None) => text.clone(),
                    (false, _) => format!("no longer: {text}"),
                }
            }
            Do::Test(_) => String::new(),
        }
    }
}

/// What a subject lacks of a segment, through the segments that it would have to be in; nothing if it lacks a single thing, which
/// the conditions say already.
pub(super) fn to_do(why: &Why) -> Vec<(usize, Do<'_>)> {
    let Answer::Member(false) = why.answer else { return Vec::new() };
    let mut found = Vec::new();
    let mut seen = Vec::new();
    if let Some(lack) = why.segments.first().and_then(|segment| segment.lacks.as_ref()) {
        unfold(why, lack, 0, &mut seen, &mut found);
    }
    if found.len() > 1 { found } else { Vec::new() }
}

fn unfold<'w>(why: &'w Why, lack: &'w Lack, depth: usize, seen: &mut Vec<&'w str>, found: &mut Vec<(usize, Do<'w>)>) {
    match lack {
        Lack::All(of) | Lack::Any(of) => {
            found.push((depth, if matches!(lack, Lack::All(_)) { Do::AllOf } else { Do::OneOf }));
            of.iter().for_each(|lack| unfold(why, lack, depth + 1, seen, found));
        }
        Lack::Segment { name, join } => {
            found.push((depth, Do::Segment(name, *join)));
            let inner = why.segments.iter().find(|segment| segment.name == *name).filter(|_| *join);
            if let Some(lack) = inner.filter(|_| !seen.contains(&name.as_str())).and_then(|one| one.lacks.as_ref()) {
                seen.push(name);
                unfold(why, lack, depth + 1, seen, found);
            }
        }
        Lack::Test { .. } => found.push((depth, Do::Test(lack))),
    }
}

fn write_rows(out: &mut impl Write, told: &Told, at: usize, rows: &RowsWhy) -> io::Result<()> {
    writeln!(out, "  {}: {}", printable(&rows.text), words::counted(rows, told.zone, told.why.as_of.micros()))?;
    for operand in users(&told.why, at) {
        let meaning = operand.meaning.as_ref().map(|meaning| format!("   ({meaning})")).unwrap_or_default();
        let value = words::equals(&of(operand, told));
        writeln!(out, "    {} {value}{}", printable(&operand.text), printable(&meaning))?;
    }
    for figure in figures(&told.why, at, rows) {
        let value = words::equals(&words::value(&figure.value, told.zone));
        writeln!(out, "    {} {}", printable(&figure.text), printable(&value))?;
    }
    if !rows.first.is_empty() && !rows.columns.is_empty() {
        write_table(out, told, rows)?;
    }
    if let Some(left_out) = words::left_out(rows) {
        writeln!(out, "    {left_out}")?;
    }
    Ok(())
}

/// What rows were made into, where no value says the same.
pub(super) fn figures<'w>(why: &'w Why, at: usize, rows: &'w RowsWhy) -> Vec<&'w Figure> {
    let said = users(why, at);
    let count = format!("count({})", rows.text);
    let new = |figure: &&Figure| figure.text != count && said.iter().all(|operand| operand.value != figure.value);
    rows.figures.iter().filter(new).collect()
}

/// The values that are made of some rows, each once.
pub(super) fn users(why: &Why, at: usize) -> Vec<&Operand> {
    let mut found: Vec<&Operand> = Vec::new();
    let leaves = why.segments.iter().flat_map(|segment| segment.condition.leaves());
    let operands = leaves.filter_map(|leaf| match &leaf.form {
        Form::Test(test) => Some(&test.operands),
        _ => None,
    });
    let ranked = why.ranks.iter().flat_map(|rank| std::iter::once(&rank.by).chain(&rank.per));
    for operand in operands.flatten().chain(ranked) {
        if operand.rows.contains(&at) && found.iter().all(|known| known.text != operand.text) {
            found.push(operand);
        }
    }
    found
}

fn of(operand: &Operand, told: &Told) -> String {
    let shown = printable(&words::value(&operand.value, told.zone));
    match operand.unit.as_deref().filter(|_| operand.value != Known::Unknown) {
        Some(unit) => format!("{shown} {unit}"),
        None => shown,
    }
}

fn write_table(out: &mut impl Write, told: &Told, rows: &RowsWhy) -> io::Result<()> {
    let cells: Vec<Vec<String>> = rows
        .first
        .iter()
        .map(|row| {
            row.iter().zip(&rows.columns).map(|(cell, of)| printable(&words::cell(cell, of, told.zone))).collect()
        })
        .collect();
    let numeric = |at: usize| {
        let mut column = rows.first.iter().filter_map(|row| row.get(at));
        column.all(|cell| matches!(cell, Known::Unknown | Known::Value(Value::Number(_))))
    };
    let widths: Vec<usize> = rows
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let cells = cells.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count());
            cells.chain([column.name.chars().count()]).max().unwrap_or(0)
        })
        .collect();
    let mut line = |cells: &[String]| {
        let padded: Vec<String> = cells
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(at, (cell, width))| {
                let pad = " ".repeat(width.saturating_sub(cell.chars().count()));
                if numeric(at) { format!("{pad}{cell}") } else { format!("{cell}{pad}") }
            })
            .collect();
        writeln!(out, "      {}", padded.join("   ").trim_end())
    };
    let names: Vec<String> = rows.columns.iter().map(|column| printable(&column.name)).collect();
    line(&names)?;
    for row in &cells {
        line(row)?;
    }
    let more = rows.count.saturating_sub(rows.first.len() as u64);
    match more {
        0 => Ok(()),
        more => writeln!(out, "      … and {} more", grouped(more)),
    }
}

/// Text that cannot move the cursor.
fn printable(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}
