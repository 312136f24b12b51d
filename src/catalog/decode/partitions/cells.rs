//! Cells of a chart: `555`, `5[4-5]x`, several in one text with blanks between them.

use crate::catalog::model::{CellPattern, Placed};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::yaml::Node;
use crate::source::yaml::NodeKind;
use crate::source::yaml::fields::{missing_value, wrong_shape};
use crate::source::{Span, Text};

/// What cells may be.
#[derive(Clone, Copy)]
pub(super) struct Grid {
    /// How many scores there are, if that is known.
    pub scores: Option<usize>,
    /// The highest digit.
    pub scale: u32,
    /// The highest digit was said.
    pub said: bool,
}

/// Reads the cells of a group.
pub(super) fn decode(node: &Node, what: &str, grid: Grid, out: &mut Vec<Diagnostic>) -> Vec<Placed<CellPattern>> {
    let mut cells = Vec::new();
    match &node.kind {
        NodeKind::Sequence(items) => {
            for item in items {
                match &item.kind {
                    NodeKind::Scalar(text) if !item.is_missing() => of_text(text, grid, &mut cells, out),
                    NodeKind::Scalar(_) => out.push(missing_value(item, &format!("a cell of {what}"))),
                    NodeKind::Broken => {}
                    _ => out.push(no_cell(item, &format!("a cell of {what}"), "one text")),
                }
            }
        }
        NodeKind::Scalar(text) if !node.is_missing() => of_text(text, grid, &mut cells, out),
        NodeKind::Broken => {}
        _ => out.push(no_cell(node, what, "a list of cells")),
    }
    cells
}

fn no_cell(node: &Node, what: &str, expected: &str) -> Diagnostic {
    let help = "cells are the digits of the scores, as in `[555, 554, '5[4-5]x']`".to_owned();
    Diagnostic { helps: vec![help], ..wrong_shape(node, what, expected) }
}

fn of_text(text: &Text, grid: Grid, cells: &mut Vec<Placed<CellPattern>>, out: &mut Vec<Diagnostic>) {
    let whole = text.value();
    let mut start = 0;
    // Commas between cells in quotes: `'555, 554'`.
    for word in whole.split([' ', '\t', '\n', '\r', ',']) {
        let end = start + word.len();
        if !word.is_empty() {
            let span = text.place(start, end);
            match pattern(word, grid) {
                Ok(digits) => cells.push(Placed { value: CellPattern { text: word.to_owned(), digits }, span }),
                Err(problem) => out.push(problem.finding(word, span, grid)),
            }
        }
        start = end + 1;
    }
}

enum Problem {
    /// Another number of digits than scores.
    Length(usize),
    /// A digit that no score has.
    Digit(char),
    /// A sign that means nothing here.
    Sign(char),
    /// A bracket without its other.
    Bracket,
    /// Brackets around something else than digits and ranges of digits.
    Range(String),
}

impl Problem {
    fn finding(self, word: &str, span: Span, grid: Grid) -> Diagnostic {
        let scale = grid.scale;
        let says = |text: String| Diagnostic::new(Code::BadArgument, span, text);
        match self {
            Problem::Length(found) => {
                let scores = grid.scores.unwrap_or_default();
                let digits = if found == 1 { "digit" } else { "digits" };
                says(format!("cell `{word}` has {found} {digits}, and there are {scores} scores"))
                    .help("a cell has one digit for each score of `by:`, in that order; `x` stands for any")
            }
            Problem::Digit('0') => says(format!("cell `{word}` has a `0`, and scores begin at 1"))
                .help("write a digit from 1 on, or `x` for any"),
            Problem::Digit(digit) if grid.said => {
                says(format!("cell `{word}` has a `{digit}`, and scores go up to {scale}"))
                    .help(format!("write a digit from 1 to {scale}, or raise `scale:`"))
            }
            Problem::Digit(digit) => says(format!("cell `{word}` has a `{digit}`, and scores go up to {scale}")),
            Problem::Sign(sign) => says(format!("cell `{word}` has a `{sign}`, which means nothing in a cell"))
                .help("a cell is made of digits, `x` for any, and choices such as `[4-5]` or `[135]`"),
            Problem::Bracket => says(format!("the brackets of cell `{word}` do not match"))
                .help("a choice of digits is written `[4-5]` or `[135]`"),
            Problem::Range(inside) => says(format!("`[{inside}]` in cell `{word}` is no choice of digits"))
                .help("write the lower digit first, as in `[4-5]`, or all of them, as in `[135]`"),
        }
    }
}

/// For each score in turn its digits, ascending, none for any.
fn pattern(word: &str, grid: Grid) -> Result<Vec<Option<Vec<u8>>>, Problem> {
    let mut digits = Vec::new();
    let mut letters = word.chars();
    while let Some(letter) = letters.next() {
        digits.push(match letter {
            'x' | 'X' | '*' => None,
            '0'..='9' => Some(vec![digit(letter, grid)?]),
            '[' => {
                let rest = letters.as_str();
                let (inside, after) = rest.split_once(']').ok_or(Problem::Bracket)?;
                letters = after.chars();
                Some(choice(inside, grid)?)
            }
            ']' => return Err(Problem::Bracket),
            sign => return Err(Problem::Sign(sign)),
        });
    }
    match grid.scores {
        Some(scores) if scores != digits.len() => Err(Problem::Length(digits.len())),
        _ => Ok(digits),
    }
}

/// `4-5`, `135`, `1-24`
fn choice(inside: &str, grid: Grid) -> Result<Vec<u8>, Problem> {
    let broken = || Problem::Range(inside.to_owned());
    let letters: Vec<char> = inside.chars().collect();
    let mut rest = letters.as_slice();
    let mut found = Vec::new();
    loop {
        rest = match rest {
            [] => break,
            [low, '-', high, rest @ ..] if low.is_ascii_digit() && high.is_ascii_digit() => {
                let (low, high) = (digit(*low, grid)?, digit(*high, grid)?);
                if low > high {
                    return Err(broken());
                }
                found.extend(low..=high);
                rest
            }
            [one, rest @ ..] if one.is_ascii_digit() => {
                found.push(digit(*one, grid)?);
                rest
            }
            _ => return Err(broken()),
        };
    }
    found.sort_unstable();
    found.dedup();
    if found.is_empty() { Err(broken()) } else { Ok(found) }
}

fn digit(letter: char, grid: Grid) -> Result<u8, Problem> {
    match letter.to_digit(10) {
        Some(digit) if (1..=grid.scale).contains(&digit) => Ok(digit as u8),
        _ => Err(Problem::Digit(letter)),
    }
}
