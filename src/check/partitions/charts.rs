//! Charts: groups of cells, each a combination of two or three scores.

use super::Groups;
use crate::catalog::model::{CellPattern, ChartDef, PartitionDef};
use crate::check::numbers::rational;
use crate::check::typed::Typed;
use crate::check::{Checker, Code, Context, Diagnostic, Scope};
use crate::ir::{Chart, Node, NodeId, PartitionForm, RankForm, SubjectId, Type, Value};
use crate::source::Span;
use crate::syntax::ast::{Ident, Path};

/// Each score is one digit of a cell.
const MAX_SCALE: u32 = 9;
/// So many cells are named in a message.
const SHOWN: usize = 12;

impl Checker<'_> {
    /// A group for each of a chart's; a cell of several is the first one's.
    pub(super) fn chart_groups(&mut self, def: &PartitionDef, chart: &ChartDef, subject: SubjectId) -> Option<Groups> {
        let scores: Vec<Option<(Typed, Option<u32>)>> = chart.by.iter().map(|name| self.score(name, subject)).collect();
        let scores = scores.into_iter().collect::<Option<Vec<_>>>()?;
        let scale = self.scale(chart, &scores)?;
        let owners = self.cell_owners(def, chart, scale)?;
        let code = self.cell_code(&scores)?;
        let digits = self.digits(&scores, scale);
        let mut conditions = Vec::new();
        for group in 0..chart.groups.len() as u32 {
            let own = owners.iter().enumerate().filter(|(_, owner)| **owner == Some(group));
            let cells: Vec<Value> = own.map(|(cell, _)| number(code_of(cell, chart.by.len(), scale))).collect();
            if cells.is_empty() {
                conditions.push(self.ir.add(Node::Constant(Value::Bool(false))));
                continue;
            }
            let inside = self.ir.add(Node::InSet(code, cells));
            conditions.push(self.and(digits.iter().copied().chain([inside]))?);
        }
        let whole =
            digits.is_empty() && owners.iter().all(Option::is_some) && scores.iter().all(|(typed, _)| !typed.nullable);
        let named = chart.by.iter().map(|name| name.text.clone());
        let scores = named.zip(scores.iter().map(|(typed, _)| typed.node)).collect();
        Some(Groups { conditions, whole, form: PartitionForm::Chart(Chart { scores, scale, cells: owners }) })
    }

    /// A score by name, and what is its highest if that can be told.
    fn score(&mut self, name: &Ident, subject: SubjectId) -> Option<(Typed, Option<u32>)> {
        let path = Path { parts: vec![name.clone()] };
        let typed = self.path(&path, name.span, Context::of(Scope::Subject(subject)))?;
        if typed.ty != Type::Number || typed.root || typed.micros {
            let what = if typed.root { "standard deviation".to_owned() } else { typed.ty.to_string() };
            let message = format!("a chart is made of scores, and `{}` is a {what}", name.text);
            let help = "a score is a whole number from 1 on, such as `quintile(…)`, `score(5, …)` or `bucket(…)`";
            return self.fail(Diagnostic::new(Code::TypeMismatch, name.span, message).help(help));
        }
        let highest = self.highest(typed.node);
        Some((typed, highest))
    }

    /// The highest value of a score.
    fn highest(&self, node: NodeId) -> Option<u32> {
        // Of a frozen score: a population may have been too small for as many cut points as it has steps.
        if let Some(steps) = self.frozen_scales.get(&node) {
            return Some(*steps);
        }
        match self.ir.node(node) {
            Node::Rank(_, form) => steps(*form),
            Node::Bucket { bounds, .. } => u32::try_from(bounds.len() + 1).ok(),
            _ => None,
        }
    }

    fn scale(&mut self, chart: &ChartDef, scores: &[(Typed, Option<u32>)]) -> Option<u32> {
        let named = || chart.by.iter().zip(scores).filter_map(|(name, (_, highest))| Some((name, (*highest)?)));
        if let Some((name, highest)) = named().find(|(_, highest)| *highest > MAX_SCALE) {
            let message =
                format!("scores of a chart go from 1 to {MAX_SCALE} at most, and `{}` goes up to {highest}", name.text);
            let help = "use scores of fewer steps, such as `quintile(…)`";
            return self.fail(Diagnostic::new(Code::BadArgument, name.span, message).help(help));
        }
        let highest = named().reduce(|first, next| if next.1 > first.1 { next } else { first });
        match (&chart.scale, highest) {
            (Some(scale), Some((name, highest))) if scale.value < highest => {
                let message = format!("`{}` goes up to {highest}, and the scale ends at {}", name.text, scale.value);
                let help = format!("write `scale: {highest}`");
                self.fail(Diagnostic::new(Code::BadSetting, scale.span, message).help(help))
            }
            (Some(scale), _) => Some(scale.value),
            // A bucket without bounds has been refused: there are two steps at least.
            (None, Some((_, highest))) => Some(highest.max(2)),
            (None, None) => {
                let first = chart.by.first()?;
                let message = format!("there is no telling how high `{}` can be", first.text);
                let help = "say it: `scale: 5` beside `by:`, for scores from 1 to 5";
                self.fail(Diagnostic::new(Code::MissingKey, first.span, message).help(help))
            }
        }
    }

    /// The group of every cell; cells of several groups, and of none, are told.
    fn cell_owners(&mut self, def: &PartitionDef, chart: &ChartDef, scale: u32) -> Option<Vec<Option<u32>>> {
        let scores = chart.by.len();
        let cells = (scale as usize).pow(scores as u32);
        let mut owners: Vec<Option<u32>> = vec![None; cells];
        let mut wrong = false;
        for (at, group) in chart.groups.iter().enumerate() {
            let mut shared: Vec<(u32, usize, Span)> = Vec::new();
            for pattern in &group.cells {
                if let Some(digit) = highest_digit(&pattern.value).filter(|digit| u32::from(*digit) > scale) {
                    let message =
                        format!("`{}` has a {digit}, and the scores go from 1 to {scale}", pattern.value.text);
                    let help = format!("write each digit from 1 to {scale}, or `x` for any");
                    self.out.push(Diagnostic::new(Code::BadArgument, pattern.span, message).help(help));
                    wrong = true;
                    continue;
                }
                for (cell, owner) in owners.iter_mut().enumerate() {
                    if !fits(&pattern.value, &digits_of(cell, scores, scale)) {
                        continue;
                    }
                    match owner {
                        None => *owner = Some(at as u32),
                        Some(first) if *first == at as u32 => {}
                        // `xx` is the rest: what no group before it has.
                        Some(_) if pattern.value.digits.iter().all(Option::is_none) => {}
                        Some(first) => shared.push((*first, cell, pattern.span)),
                    }
                }
            }
            self.warn_of_shared(chart, at, &shared, scale);
        }
        if wrong {
            return None;
        }
        let free: Vec<usize> = (0..cells).filter(|cell| owners.get(*cell).is_some_and(Option::is_none)).collect();
        if !free.is_empty() {
            let listed = cells_listed(&free, scores, scale);
            let what = if free.len() == 1 { "cell belongs" } else { "cells belong" };
            let message = format!("{} {what} to no group of `{}`: {listed}", free.len(), def.name.text);
            let help = "add them to a group; whoever is in one of them is in no group now";
            self.out.push(Diagnostic::new(Code::ChartCells, def.name.span, message).help(help));
        }
        Some(owners)
    }

    fn warn_of_shared(&mut self, chart: &ChartDef, at: usize, shared: &[(u32, usize, Span)], scale: u32) {
        let Some(group) = chart.groups.get(at) else { return };
        for (first, owner) in chart.groups.iter().enumerate().take(at) {
            let mut cells: Vec<usize> =
                shared.iter().filter(|(of, _, _)| *of == first as u32).map(|(_, cell, _)| *cell).collect();
            cells.sort_unstable();
            cells.dedup();
            let Some((_, _, span)) = shared.iter().find(|(of, _, _)| *of == first as u32) else { continue };
            let listed = cells_listed(&cells, chart.by.len(), scale);
            let (what, they) = if cells.len() == 1 { ("cell", "it is") } else { ("cells", "they are") };
            let message = format!("`{}` and `{}` share the {what} {listed}", owner.name.text, group.name.text);
            let diagnostic =
                Diagnostic::new(Code::ChartCells, *span, message).also(owner.name.span, "the first of the two");
            self.out.push(diagnostic.help(format!(
                "{they} counted as `{}`, which comes first: leave {} out of one of them",
                owner.name.text,
                if cells.len() == 1 { "it" } else { "them" }
            )));
        }
    }

    /// Of scores that may be anything: that they are whole numbers from 1 to the scale. Otherwise 4 and 15 would be the cell 55.
    fn digits(&mut self, scores: &[(Typed, Option<u32>)], scale: u32) -> Vec<NodeId> {
        let loose: Vec<NodeId> =
            scores.iter().filter(|(_, highest)| highest.is_none()).map(|(typed, _)| typed.node).collect();
        let digits: Vec<Value> = (1..=scale).map(number).collect();
        loose.into_iter().map(|node| self.ir.add(Node::InSet(node, digits.clone()))).collect()
    }

    /// The digits of a cell as one number: 543.
    fn cell_code(&mut self, scores: &[(Typed, Option<u32>)]) -> Option<NodeId> {
        let mut code: Option<NodeId> = None;
        for (typed, _) in scores {
            code = Some(match code {
                None => typed.node,
                Some(above) => {
                    let ten = self.ir.add(Node::Constant(number(10)));
                    let shifted = self.ir.add(Node::Multiply(above, ten));
                    self.ir.add(Node::Add(shifted, typed.node))
                }
            });
        }
        code
    }
}

/// How many steps a rank has, if it has steps.
fn steps(form: RankForm) -> Option<u32> {
    match form {
        RankForm::Tile(steps) | RankForm::Score(steps) => Some(steps),
        _ => None,
    }
}

fn number(value: u32) -> Value {
    Value::Number(rational(value.into()))
}

/// The digits of a cell by its position; the last score counts up first.
fn digits_of(cell: usize, scores: usize, scale: u32) -> Vec<u8> {
    let scale = scale as usize;
    let mut digits = vec![0; scores];
    let mut rest = cell;
    for digit in digits.iter_mut().rev() {
        *digit = (rest % scale) as u8 + 1;
        rest /= scale;
    }
    digits
}

fn code_of(cell: usize, scores: usize, scale: u32) -> u32 {
    digits_of(cell, scores, scale).into_iter().fold(0, |code, digit| code * 10 + u32::from(digit))
}

fn fits(pattern: &CellPattern, digits: &[u8]) -> bool {
    let one = |(wanted, digit): (&Option<Vec<u8>>, &u8)| wanted.as_ref().is_none_or(|wanted| wanted.contains(digit));
    pattern.digits.len() == digits.len() && pattern.digits.iter().zip(digits).all(one)
}

fn highest_digit(pattern: &CellPattern) -> Option<u8> {
    pattern.digits.iter().flatten().flatten().copied().max()
}

fn cells_listed(cells: &[usize], scores: usize, scale: u32) -> String {
    let shown: Vec<String> = cells.iter().take(SHOWN).map(|cell| code_of(*cell, scores, scale).to_string()).collect();
    let mut text = shown.join(", ");
    if cells.len() > SHOWN {
        text.push_str(&format!(" and {} more", cells.len() - SHOWN));
    }
    text
}
