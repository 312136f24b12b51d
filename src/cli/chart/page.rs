//! A chart as text: the first score from left to right, the second from top to bottom, highest first.
//!
//! ```text
//! recency_score →      1        2        3        4        5
//! frequency_score
//!               5    9 H     31 H     96 B    201 A    527 A
//! ```

use std::collections::BTreeMap;
use std::io::{self, Write};

use kohort::engine::ChartCell;

use super::Drawing;
use crate::cli::amounts::{grouped, percentage};

/// So many groups of a square are named by their letters, where there is room.
const LETTERS: usize = 3;
/// Width of the longest bar, where there is room.
const BAR: usize = 30;
/// Shorter ones say nothing.
const LEAST_BAR: usize = 5;
/// What is said of cells that belong to no group.
const NO_GROUP: &str = "in no group";
/// 256-colour backgrounds that dark text stands on, one for each group in turn.
const COLORS: [u8; 12] = [114, 151, 153, 117, 183, 222, 180, 216, 211, 188, 250, 229];

/// Writes it in lines of so many columns. With `color` the groups are told by colours too.
pub fn write(out: &mut impl Write, drawing: &Drawing, width: usize, color: bool) -> io::Result<()> {
    let report = &drawing.report;
    let name = report.label.as_deref().unwrap_or(&report.name);
    writeln!(
        out,
        "{name}: {} of {} {}s have scores, as of {}\n",
        grouped(drawing.charted()),
        grouped(report.subjects),
        report.subject,
        drawing.when
    )?;
    grid(out, drawing, width, color)?;
    writeln!(out)?;
    legend(out, drawing, width, color)?;
    if let Some(third) = report.scores.get(2) {
        writeln!(out, "\nA square holds every `{third}`; its letters are the groups in it, the largest first.")?;
    }
    Ok(())
}

fn grid(out: &mut impl Write, drawing: &Drawing, columns: usize, color: bool) -> io::Result<()> {
    let report = &drawing.report;
    let (first, second) = (score(drawing, 0), score(drawing, 1));
    let squares: Vec<Vec<Square>> = (1..=report.scale)
        .rev()
        .map(|row| (1..=report.scale).map(|column| Square::of(&drawing.stack(column, row))).collect())
        .collect();
    let margin = first.chars().count().max(second.chars().count());
    let all = || squares.iter().flatten();
    let number = all().map(|square| square.number().chars().count()).max().unwrap_or(0);
    let named = |most: usize| all().map(|square| square.letters(most).chars().count()).max().unwrap_or(0);
    let fits = |most: &usize| margin + report.scale as usize * (number + named(*most) + 3) <= columns;
    let most = (1..=LETTERS).rev().find(fits).unwrap_or(1);
    let named = named(most);
    let mut head = format!("{first:<margin$}");
    for column in 1..=report.scale {
        head.push_str(&format!("{column:>width$}{:named$} ", "", width = number + 2));
    }
    writeln!(out, "{}\n{second}", head.trim_end())?;
    for (row, squares) in (1..=report.scale).rev().zip(&squares) {
        let mut line = format!("{row:>margin$}");
        for square in squares {
            let text = format!("{:>width$} {:<named$}", square.number(), square.letters(most), width = number + 2);
            line.push_str(&match square.groups.first().filter(|_| color) {
                Some((group, _)) => format!("\u{1b}[30;48;5;{}m{text}\u{1b}[0m", tint(*group)),
                None => text,
            });
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn legend(out: &mut impl Write, drawing: &Drawing, columns: usize, color: bool) -> io::Result<()> {
    let report = &drawing.report;
    let widest = (0..report.groups.len()).map(|at| drawing.group_label(at).chars().count()).max().unwrap_or(0);
    let most = report.groups.iter().map(|group| group.members).max().unwrap_or(0).max(1);
    let free = drawing.ungrouped();
    let widest = if free > 0 { widest.max(NO_GROUP.len()) } else { widest };
    let numbers = report.groups.iter().map(|group| group.members).chain([free]);
    let numbers = numbers.map(|members| grouped(members).len()).max().unwrap_or(0);
    // A letter, the share, and two spaces between any two.
    let room = columns.saturating_sub(widest + numbers + 15).min(BAR);
    let longest = if room < LEAST_BAR { 0 } else { room as u64 };
    for (at, group) in report.groups.iter().enumerate() {
        let label = drawing.group_label(at);
        let (count, share) = (grouped(group.members), percentage(group.members, drawing.charted()));
        let length = usize::try_from(group.members.saturating_mul(longest).div_ceil(most)).unwrap_or(0);
        let bar = "█".repeat(length);
        let bar = if color && length > 0 { format!("\u{1b}[38;5;{}m{bar}\u{1b}[0m", tint(at)) } else { bar };
        let line = format!("{}  {label:<widest$}  {count:>numbers$}  {share:>6}  {bar}", letter(at));
        writeln!(out, "{}", line.trim_end())?;
    }
    if free > 0 {
        let line =
            format!("·  {NO_GROUP:<widest$}  {:>numbers$}  {:>6}", grouped(free), percentage(free, drawing.charted()));
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// All cells of two scores.
struct Square {
    members: u64,
    /// The groups that have members here, the largest first.
    groups: Vec<(usize, u64)>,
    /// Some are in no group.
    free: bool,
}

impl Square {
    fn of(cells: &[&ChartCell]) -> Self {
        let mut groups: BTreeMap<usize, u64> = BTreeMap::new();
        let (mut members, mut free) = (0, false);
        for cell in cells.iter().filter(|cell| cell.members > 0) {
            members += cell.members;
            match cell.group {
                Some(group) => *groups.entry(group).or_default() += cell.members,
                None => free = true,
            }
        }
        let mut groups: Vec<(usize, u64)> = groups.into_iter().collect();
        groups.sort_by_key(|(group, members)| (std::cmp::Reverse(*members), *group));
        Square { members, groups, free }
    }

    fn number(&self) -> String {
        if self.members == 0 { "–".to_owned() } else { grouped(self.members) }
    }

    /// The letters of so many groups.
    fn letters(&self, most: usize) -> String {
        let mut letters: String = self.groups.iter().take(most).map(|(group, _)| letter(*group)).collect();
        if self.groups.len() > most {
            letters.push('…');
        }
        if self.free {
            letters.push('·');
        }
        letters
    }
}

/// A letter for a group: A to Z, then a to z, then all the same.
fn letter(group: usize) -> char {
    let letters = ('A'..='Z').chain('a'..='z');
    letters.into_iter().nth(group).unwrap_or('*')
}

fn tint(group: usize) -> u8 {
    COLORS.get(group % COLORS.len()).copied().unwrap_or(250)
}

fn score(drawing: &Drawing, at: usize) -> String {
    let name = drawing.report.scores.get(at).cloned().unwrap_or_default();
    format!("{name} {}", if at == 0 { "→" } else { "↓" })
}
