//! A chart as a page: one file, without scripts and without anything from elsewhere.

use std::io::{self, Write};

use kohort::engine::ChartCell;

use super::Drawing;
use crate::cli::amounts::{grouped, percentage};
use crate::cli::html::escaped;

/// Colours of groups in turn: light enough for dark text.
const COLORS: [&str; 12] = [
    "#7bc47f", "#b5dfb0", "#a8cdf0", "#7fb6e6", "#c9b3e6", "#f2d479", "#e0c29a", "#f3a683", "#ee8e94", "#c8c8c8",
    "#a9a9a9", "#f7eda4",
];

const STYLE: &str = "
:root { color-scheme: light dark; }
* { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin-bottom: 0; }
p { margin-top: .2rem; opacity: .8; }
table { border-collapse: collapse; width: 100%; }
.chart { table-layout: fixed; margin: 1.5rem 0; }
.chart th { font-weight: 600; padding: .3rem; }
.chart td { padding: 0; border: 2px solid Canvas; height: 4.5rem; vertical-align: top; }
.square { display: flex; height: 4.5rem; position: relative; }
.cell { flex: 1; color: #1a1a1a; font-size: .75rem; display: flex; flex-direction: column; justify-content: flex-end; align-items: center; min-width: 0; overflow: hidden; text-align: center; }
.total { position: absolute; top: .2rem; left: .4rem; font-weight: 600; color: #1a1a1a; }
.free { background: repeating-linear-gradient(45deg, #eee 0 6px, #ddd 6px 12px); }
.groups td, .groups th { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
.groups .number { text-align: right; font-variant-numeric: tabular-nums; }
.groups .bar { width: 40%; }
.bar i { display: block; height: .9rem; border-radius: 2px; }
.swatch { display: inline-block; width: .9rem; height: .9rem; border-radius: 2px; margin-right: .5rem; vertical-align: -.1rem; }
";

/// Writes it.
pub fn write(out: &mut impl Write, drawing: &Drawing) -> io::Result<()> {
    let report = &drawing.report;
    let name = escaped(report.label.as_deref().unwrap_or(&report.name));
    writeln!(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    writeln!(out, "<title>{name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{name}</h1>")?;
    let (charted, all) = (grouped(drawing.charted()), grouped(report.subjects));
    writeln!(
        out,
        "<p>{charted} of {all} {}s have scores, as of {}.</p>",
        escaped(&report.subject),
        escaped(&drawing.when)
    )?;
    grid(out, drawing)?;
    legend(out, drawing)?;
    writeln!(out, "</body>\n</html>")
}

fn grid(out: &mut impl Write, drawing: &Drawing) -> io::Result<()> {
    let report = &drawing.report;
    let score = |at: usize| escaped(report.scores.get(at).map_or("", String::as_str));
    writeln!(out, "<table class=\"chart\">\n<tr><th>{} ↓ &nbsp; {} →</th>", score(1), score(0))?;
    for column in 1..=report.scale {
        writeln!(out, "<th>{column}</th>")?;
    }
    writeln!(out, "</tr>")?;
    for row in (1..=report.scale).rev() {
        writeln!(out, "<tr><th>{row}</th>")?;
        for column in 1..=report.scale {
            let cells = drawing.stack(column, row);
            let members: u64 = cells.iter().map(|cell| cell.members).sum();
            write!(out, "<td><div class=\"square\"><span class=\"total\">{}</span>", grouped(members))?;
            for cell in &cells {
                write!(out, "{}", square(drawing, cell, cells.len() > 1))?;
            }
            writeln!(out, "</div></td>")?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</table>")?;
    if let Some(third) = report.scores.get(2) {
        let third = escaped(third);
        writeln!(out, "<p>In each square, from left to right: <code>{third}</code> from 1 to {}.</p>", report.scale)?;
    }
    Ok(())
}

fn square(drawing: &Drawing, cell: &ChartCell, stacked: bool) -> String {
    let digits: String = cell.digits.iter().map(u32::to_string).collect();
    let group = cell.group.map_or("in no group", |group| drawing.group_label(group));
    let title = escaped(&format!("{digits}: {group}, {}", grouped(cell.members)));
    let shown = if stacked { grouped(cell.members) } else { escaped(group) };
    match cell.group {
        Some(group) => {
            format!("<div class=\"cell\" style=\"background:{}\" title=\"{title}\">{shown}</div>", tint(group))
        }
        None => format!("<div class=\"cell free\" title=\"{title}\">{shown}</div>"),
    }
}

fn legend(out: &mut impl Write, drawing: &Drawing) -> io::Result<()> {
    let report = &drawing.report;
    let charted = drawing.charted();
    let most = report.groups.iter().map(|group| group.members).max().unwrap_or(0).max(1);
    let subject = escaped(&report.subject);
    writeln!(
        out,
        "<table class=\"groups\">\n<tr><th>Group</th><th class=\"number\">{subject}s</th><th class=\"number\">Share</th><th></th></tr>"
    )?;
    for (at, group) in report.groups.iter().enumerate() {
        let (label, name) = (escaped(drawing.group_label(at)), escaped(&format!("{}.{}", report.name, group.name)));
        let width = u128::from(group.members) * 1000 / u128::from(most);
        let width = format!("{}.{}", width / 10, width % 10);
        writeln!(
            out,
            "<tr title=\"{name}\"><td><span class=\"swatch\" style=\"background:{color}\"></span>{label}</td>\
             <td class=\"number\">{}</td><td class=\"number\">{}</td>\
             <td class=\"bar\"><i style=\"width:{width}%;background:{color}\"></i></td></tr>",
            grouped(group.members),
            percentage(group.members, charted),
            color = tint(at),
        )?;
    }
    let free = drawing.ungrouped();
    if free > 0 {
        let (count, share) = (grouped(free), percentage(free, charted));
        writeln!(
            out,
            "<tr><td><span class=\"swatch free\"></span>in no group</td><td class=\"number\">{count}</td><td class=\"number\">{share}</td><td></td></tr>"
        )?;
    }
    writeln!(out, "</table>")
}

fn tint(group: usize) -> &'static str {
    COLORS.get(group % COLORS.len()).copied().unwrap_or("#c8c8c8")
}
