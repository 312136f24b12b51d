//! Why, as a page: one file, without scripts and without anything from elsewhere.

use std::io::{self, Write};

use kohort::engine::why::{Answer, Known, RowsWhy, SegmentWhy, Truth};
use kohort::ir::Value;

use super::{Told, text, words};
use crate::cli::amounts::grouped;
use crate::cli::html::escaped;

const STYLE: &str = "
:root { color-scheme: light dark; --yes: #2e7d32; --no: #c62828; --open: #b26a00; }
@media (prefers-color-scheme: dark) { :root { --yes: #81c784; --no: #ef9a9a; --open: #ffcc80; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin-bottom: 0; }
h2 { font-size: 1.1rem; margin: 2rem 0 .3rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .2rem; }
p { margin: .2rem 0; }
.soft { opacity: .75; }
table { border-collapse: collapse; }
td, th { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); vertical-align: top; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.conditions { width: 100%; }
.conditions td:first-child { font-family: ui-monospace, monospace; font-size: .9rem; }
.sign { display: inline-block; width: 1.2rem; font-weight: 700; }
.yes { color: var(--yes); } .no { color: var(--no); } .open { color: var(--open); }
code { font-size: .9rem; }
";

/// Writes it.
pub(crate) fn write(out: &mut impl Write, told: &Told) -> io::Result<()> {
    let why = &told.why;
    let title = escaped(&words::answer(why, told.zone).replace('`', ""));
    writeln!(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    writeln!(out, "<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>")?;
    let class = match &why.answer {
        Answer::Member(true) | Answer::Group(Some(_)) => "yes",
        _ => "no",
    };
    writeln!(out, "<h1 class=\"{class}\">{title}</h1>\n<p class=\"soft\">As of {}.</p>", escaped(&told.when))?;
    for one in &why.segments {
        segment(out, told, one)?;
    }
    to_do(out, told)?;
    ranks(out, told)?;
    for (at, one) in why.rows.iter().enumerate() {
        if at == 0 {
            writeln!(out, "<h2>Counted from</h2>")?;
        }
        rows(out, told, at, one)?;
    }
    writeln!(out, "</body>\n</html>")
}

fn segment(out: &mut impl Write, told: &Told, of: &SegmentWhy) -> io::Result<()> {
    let name = escaped(&of.name);
    let label = of.label.as_ref().map(|label| format!(" ({})", escaped(label))).unwrap_or_default();
    let (class, member) = if of.member { ("yes", "yes") } else { ("no", "no") };
    writeln!(out, "<h2>{name}{label}: <span class=\"{class}\">{member}</span></h2>")?;
    if let Some(description) = &of.description {
        writeln!(out, "<p class=\"soft\">{}</p>", escaped(description))?;
    }
    if let Some(until) = of.until {
        writeln!(out, "<p>{}</p>", escaped(&words::until(until, of.member, told.zone)))?;
    }
    writeln!(out, "<table class=\"conditions\">")?;
    for line in text::lines_of(told, of) {
        let class = match line.truth {
            Truth::True => "yes",
            Truth::False => "no",
            Truth::Unknown => "open",
        };
        writeln!(
            out,
            "<tr><td style=\"padding-left:{}rem\"><span class=\"sign {class}\">{}</span>{}</td><td>{}</td><td>{}</td></tr>",
            line.depth * 2,
            words::sign(line.truth),
            escaped(&line.text),
            escaped(&line.value),
            escaped(&line.remark),
        )?;
    }
    writeln!(out, "</table>")
}

fn to_do(out: &mut impl Write, told: &Told) -> io::Result<()> {
    let lacks = text::to_do(&told.why);
    if lacks.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2>To be a member</h2>")?;
    for (depth, lack) in lacks {
        writeln!(out, "<p style=\"padding-left:{}rem\">{}</p>", depth * 2, escaped(&lack.in_words(told)))?;
    }
    Ok(())
}

fn ranks(out: &mut impl Write, told: &Told) -> io::Result<()> {
    for (at, rank) in told.why.ranks.iter().enumerate() {
        if at == 0 {
            writeln!(out, "<h2>Places among all</h2>")?;
        }
        let value = escaped(&words::value(&rank.by.value, told.zone));
        let place = escaped(&words::place(rank, &told.why, told.zone));
        writeln!(out, "<p><code>{}</code> {value}: {place}</p>", escaped(&rank.by.text))?;
        if let Some(among) = &rank.among {
            let (text, yes) = (escaped(&among.text), words::yes(among.truth));
            writeln!(out, "<p class=\"soft\">Ranked are those with <code>{text}</code>: {yes}.</p>")?;
        }
    }
    Ok(())
}

fn rows(out: &mut impl Write, told: &Told, at: usize, of: &RowsWhy) -> io::Result<()> {
    let counted = words::counted(of, told.zone, told.why.as_of.micros());
    writeln!(out, "<h3><code>{}</code></h3>\n<p>{}</p>", escaped(&of.text), escaped(&counted))?;
    for operand in text::users(&told.why, at) {
        let value = escaped(&words::equals(&words::value(&operand.value, told.zone)));
        let unit = operand.unit.as_ref().map(|unit| format!(" {}", escaped(unit))).unwrap_or_default();
        let meaning =
            operand.meaning.as_ref().map(|meaning| format!(" <span class=\"soft\">({})</span>", escaped(meaning)));
        let meaning = meaning.unwrap_or_default();
        writeln!(out, "<p><code>{}</code> {value}{unit}{meaning}</p>", escaped(&operand.text))?;
    }
    for figure in text::figures(&told.why, at, of) {
        let value = escaped(&words::equals(&words::value(&figure.value, told.zone)));
        writeln!(out, "<p><code>{}</code> {value}</p>", escaped(&figure.text))?;
    }
    if !of.first.is_empty() && !of.columns.is_empty() {
        table(out, told, of)?;
    }
    match words::left_out(of) {
        Some(left_out) => writeln!(out, "<p class=\"soft\">{}</p>", escaped(&left_out)),
        None => Ok(()),
    }
}

fn table(out: &mut impl Write, told: &Told, of: &RowsWhy) -> io::Result<()> {
    writeln!(out, "<table>\n<tr>")?;
    for column in &of.columns {
        writeln!(out, "<th>{}</th>", escaped(&column.name))?;
    }
    writeln!(out, "</tr>")?;
    for row in &of.first {
        write!(out, "<tr>")?;
        for (cell, column) in row.iter().zip(&of.columns) {
            let class = if matches!(cell, Known::Value(Value::Number(_))) { " class=\"number\"" } else { "" };
            write!(out, "<td{class}>{}</td>", escaped(&words::cell(cell, column, told.zone)))?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</table>")?;
    match of.count.saturating_sub(of.first.len() as u64) {
        0 => Ok(()),
        more => writeln!(out, "<p class=\"soft\">… and {} more</p>", grouped(more)),
    }
}
