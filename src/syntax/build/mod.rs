//! From the raw parse to the tree.
//!
//! The grammar accepts a little more than the language means (`12m`, `2026-3-1`, `= null`), so that such things get an
//! answer of their own; the answers are given here, and the tree is built as if the right form had been written.
//!
//! * this file: the builder, `or`, `and`, `not`, arithmetic
//! * `test`: comparisons and everything else behind a value
//! * `value`: names, calls, windows of metrics
//! * `rank`, `top`, `sample`: places among the subjects, the highest and lowest, samples, files of values
//! * `rows`: aggregates, quantifiers, windows
//! * `sequence`: steps in an order
//! * `literal`: numbers, text, time

mod literal;
mod rank;
mod rows;
mod sample;
mod sequence;
mod test;
mod top;
mod value;

pub(super) use literal::iso_date;
pub(super) use sample::WHY as WHY_A_SALT;

use super::ast::{ArithmeticOp, Expr, ExprKind};
use super::draft::{Draft, Edit};
use super::grammar::{Pair, Rule};
use super::scan::HOLE;
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::source::Span;

/// Builds trees and collects what there is to say.
pub(super) struct Builder<'d> {
    draft: &'d Draft<'d>,
    out: Vec<Diagnostic>,
}

impl<'d> Builder<'d> {
    /// A builder for parses of this draft.
    pub fn new(draft: &'d Draft<'d>) -> Self {
        Builder { draft, out: Vec::new() }
    }

    /// What was found on the way.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.out
    }

    /// A whole condition: `or` over `and` over `not` over comparisons.
    pub fn condition(&mut self, pair: Pair<'_>) -> Expr {
        self.chain(pair, Rule::conjunction, Self::conjunction, ExprKind::Or)
    }

    fn conjunction(&mut self, pair: Pair<'_>) -> Expr {
        self.chain(pair, Rule::negation, Self::negation, ExprKind::And)
    }

    /// One operand, or a chain of several. Chains in brackets inside a chain of the same word are one chain.
    fn chain(
        &mut self,
        pair: Pair<'_>,
        operand: Rule,
        read: fn(&mut Self, Pair<'_>) -> Expr,
        wrap: fn(Vec<Expr>) -> ExprKind,
    ) -> Expr {
        let span = self.span(&pair);
        let mut operands = Vec::new();
        for inner in pair.into_inner().filter(|inner| inner.as_rule() == operand) {
            operands.push(read(self, inner));
        }
        if operands.len() == 1 {
            return operands.remove(0);
        }
        let mut flat = Vec::with_capacity(operands.len());
        for part in operands {
            match (part.kind, operand) {
                (ExprKind::Or(parts), Rule::conjunction) | (ExprKind::And(parts), Rule::negation) => flat.extend(parts),
                (kind, _) => flat.push(Expr { kind, span: part.span }),
            }
        }
        Expr { kind: wrap(flat), span }
    }

    /// `not not a = b`; the last `not` before `in x` belongs to the membership.
    fn negation(&mut self, pair: Pair<'_>) -> Expr {
        let end = self.span(&pair).end;
        let mut nots = Vec::new();
        let mut expr = None;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::kw_not => nots.push(self.span(&inner)),
                Rule::membership => expr = Some(self.membership(inner, nots.pop())),
                Rule::file_membership => expr = Some(self.file_membership(inner, nots.pop())),
                _ => expr = Some(self.comparison(inner)),
            }
        }
        let mut expr = expr.unwrap_or_else(|| self.unread());
        while let Some(not) = nots.pop() {
            let span = Span { end, ..not };
            expr = Expr { kind: ExprKind::Not(Box::new(expr)), span };
        }
        expr
    }

    /// `a + b - c`
    fn sum(&mut self, pair: Pair<'_>) -> Expr {
        self.arithmetic(pair, Self::product)
    }

    fn product(&mut self, pair: Pair<'_>) -> Expr {
        self.arithmetic(pair, Self::unary)
    }

    fn arithmetic(&mut self, pair: Pair<'_>, read: fn(&mut Self, Pair<'_>) -> Expr) -> Expr {
        let span = self.span(&pair);
        let (mut first, mut op, mut rest) = (None, ArithmeticOp::Add, Vec::new());
        for inner in pair.clone().into_inner() {
            match inner.as_rule() {
                Rule::plus => op = ArithmeticOp::Add,
                Rule::minus => op = ArithmeticOp::Subtract,
                Rule::times => op = ArithmeticOp::Multiply,
                Rule::divided => op = ArithmeticOp::Divide,
                _ if first.is_none() => first = Some(read(self, inner)),
                _ => rest.push((op, read(self, inner))),
            }
        }
        let first = first.unwrap_or_else(|| self.unread());
        if rest.len() == 2
            && let Some(date) = self.local_date(&pair)
        {
            return Expr { kind: date, span };
        }
        match rest.first() {
            None => first,
            Some((op, _)) => flatten(first, is_additive(*op), rest, span),
        }
    }

    fn unary(&mut self, pair: Pair<'_>) -> Expr {
        let end = self.span(&pair).end;
        let mut signs = Vec::new();
        let mut expr = None;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::minus => signs.push(self.span(&inner)),
                _ => expr = Some(self.primary(inner)),
            }
        }
        let mut expr = expr.unwrap_or_else(|| self.unread());
        while let Some(sign) = signs.pop() {
            let span = Span { end, ..sign };
            expr = Expr { kind: ExprKind::Negate(Box::new(expr)), span };
        }
        expr
    }

    /// The place of a node without the spaces that may trail it.
    fn span(&self, pair: &Pair<'_>) -> Span {
        let start = pair.as_span().start();
        self.draft.place(start..start + pair.as_str().trim_end().len())
    }

    /// A hole stands for what has been reported already: it is shown as `…`.
    fn report(&mut self, mut diagnostic: Diagnostic) {
        for text in std::iter::once(&mut diagnostic.message).chain(&mut diagnostic.helps) {
            if text.contains(HOLE) {
                *text = text.replace(HOLE, "…");
            }
        }
        self.out.push(diagnostic);
    }

    /// Reports with an offer: the edits are made in the file exactly as given. No offer writes a hole.
    fn offer(&mut self, diagnostic: Diagnostic, title: impl Into<String>, edits: Vec<Edit>) {
        let draft = self.draft;
        let whole = !edits.iter().any(|edit| edit.text.contains(HOLE));
        self.report(if whole { offered(draft, diagnostic, title, &edits) } else { diagnostic });
    }

    /// For shapes the grammar cannot produce: reported all the same, never a panic.
    fn unread(&mut self) -> Expr {
        let span = self.draft.place(0..self.draft.text().len());
        self.report(Diagnostic::new(Code::Syntax, span, "this expression cannot be read"));
        Expr { kind: ExprKind::Error, span }
    }
}

/// Attaches edits of a draft to a diagnostic, as edits of the file.
pub(super) fn offered(
    draft: &Draft<'_>,
    mut diagnostic: Diagnostic,
    title: impl Into<String>,
    edits: &[Edit],
) -> Diagnostic {
    let edits = edits.iter().map(|edit| (draft.place(edit.range.clone()), draft.for_file(&edit.text))).collect();
    diagnostic.fix = Some(Fix { title: title.into(), edits });
    diagnostic
}

fn is_additive(op: ArithmeticOp) -> bool {
    matches!(op, ArithmeticOp::Add | ArithmeticOp::Subtract)
}

/// `(a + b) - c` is the chain `a + b - c`.
fn flatten(first: Expr, additive: bool, rest: Vec<(ArithmeticOp, Expr)>, span: Span) -> Expr {
    let kind = match first.kind {
        ExprKind::Arithmetic { first, rest: mut inner }
            if inner.first().is_some_and(|(op, _)| is_additive(*op) == additive) =>
        {
            inner.extend(rest);
            ExprKind::Arithmetic { first, rest: inner }
        }
        kind => ExprKind::Arithmetic { first: Box::new(Expr { kind, span: first.span }), rest },
    };
    Expr { kind, span }
}
