//! `and`, `or`, `not`, and the unknowns that negation drops.

use super::typed::Typed;
use super::{Checker, Code, Context, Diagnostic, Scope};
use crate::ir::{Node, NodeId, Type};
use crate::source::Span;
use crate::syntax::ast::{CompareOp, Expr, ExprKind, IsTest};

impl Checker<'_> {
    pub(super) fn conjunction(&mut self, of: &[Expr], context: Context<'_>) -> Option<Typed> {
        let (parts, nullable) = self.beside_each_other(of, false, context)?;
        let node = self.and(parts)?;
        Some(Typed::new(node, Type::Bool).nullable(nullable))
    }

    pub(super) fn disjunction(&mut self, of: &[Expr], context: Context<'_>) -> Option<Typed> {
        let (parts, nullable) = self.beside_each_other(of, true, context)?;
        let node = self.or(parts);
        Some(Typed::new(node, Type::Bool).nullable(nullable))
    }

    /// The parts of an `and` or `or`, each checked knowing what the others ask, and whether the whole can be unknown.
    fn beside_each_other(&mut self, of: &[Expr], any: bool, context: Context<'_>) -> Option<(Vec<NodeId>, bool)> {
        let depth = self.beside.len();
        self.beside.extend(of.iter().filter(|expr| is_guard(expr, any)).cloned());
        let guarded = self.beside.len() > depth;
        let parts: Vec<Option<Typed>> = of.iter().map(|expr| self.condition(expr, context)).collect();
        let nullable = of.iter().zip(&parts).any(|(expr, part)| {
            part.as_ref().is_some_and(|part| part.nullable) && (!guarded || self.unknown_in(expr, context).is_some())
        });
        self.beside.truncate(depth);
        let parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
        Some((parts.into_iter().map(|part| part.node).collect(), nullable))
    }

    /// A disjunction in its one form.
    pub(super) fn or(&mut self, of: Vec<NodeId>) -> NodeId {
        let mut flat = Vec::new();
        for node in of {
            match self.ir.node(node) {
                Node::Or(inner) => flat.extend(inner.iter().copied()),
                _ => flat.push(node),
            }
        }
        flat.sort_unstable();
        flat.dedup();
        match flat.as_slice() {
            [only] => *only,
            _ => self.ir.add(Node::Or(flat)),
        }
    }

    pub(super) fn negation(&mut self, inner: &Expr, span: Span, context: Context<'_>) -> Option<Typed> {
        let typed = self.condition(inner, context)?;
        if typed.nullable {
            self.drops_unknown(inner, span, context);
        }
        let node = self.ir.add(Node::Not(typed.node));
        Some(Typed { node, set: None, ..typed })
    }

    /// Negates where the form says so, with the warning that belongs to it. `expr` is the whole form.
    pub(super) fn negated(&mut self, negated: bool, typed: Typed, expr: &Expr, context: Context<'_>) -> Typed {
        if !negated {
            return typed;
        }
        if typed.nullable {
            self.drops_unknown(expr, expr.span, context);
        }
        let node = self.ir.add(Node::Not(typed.node));
        Typed { node, ..typed }
    }

    /// Warns, where people are concerned, that what is unknown stays unknown under a negation.
    fn drops_unknown(&mut self, negated: &Expr, span: Span, context: Context<'_>) {
        let Scope::Subject(subject) = context.scope else { return };
        let Some(value) = self.unknown_in(negated, context) else { return };
        let what = crate::syntax::print(value);
        let diagnostic = dropped(&self.ir.subject(subject).name, &what, span);
        self.out.push(match null_safe(negated) {
            Some(kind) => {
                let text = crate::syntax::print(&Expr { kind, span });
                let title = format!("`{text}` keeps them; add `{what} is known` if leaving them out is meant");
                diagnostic.fix(title, text)
            }
            None => diagnostic
                .help(format!("add `and {what} is known` if that is meant, or `or {what} is unknown` to keep them")),
        });
    }

    /// Warns that `!=` leaves out whom nothing is known of.
    pub(super) fn warn_not_equal(&mut self, expr: &Expr, context: Context<'_>) {
        let Scope::Subject(subject) = context.scope else { return };
        let ExprKind::Compare { left, right, ignoring_case, .. } = &expr.kind else { return };
        let Some(value) = self.unknown_in(expr, context) else { return };
        let what = crate::syntax::print(value);
        let test = IsTest::Value(right.clone());
        let kind = ExprKind::Is { negated: true, value: left.clone(), test, ignoring_case: *ignoring_case };
        let text = crate::syntax::print(&Expr { kind, span: expr.span });
        let title = format!("`{text}` keeps them; add `{what} is known` if leaving them out is meant");
        let diagnostic = dropped(&self.ir.subject(subject).name, &what, expr.span);
        self.out.push(diagnostic.fix(title, text));
    }

    /// The first value that can make a condition unknown, and is not tested for being known beside it.
    fn unknown_in<'e>(&mut self, condition: &'e Expr, context: Context<'_>) -> Option<&'e Expr> {
        match &condition.kind {
            ExprKind::And(of) | ExprKind::Or(of) => {
                let depth = self.beside.len();
                let any = matches!(condition.kind, ExprKind::Or(_));
                self.beside.extend(of.iter().filter(|expr| is_guard(expr, any)).cloned());
                let found = of.iter().find_map(|part| self.unknown_in(part, context));
                self.beside.truncate(depth);
                found
            }
            ExprKind::Not(inner) => self.unknown_in(inner, context),
            _ => tested(condition).into_iter().find(|value| self.is_open(value, context)),
        }
    }

    /// Whether a value can be unknown here. It has been checked before; nothing is said again.
    fn is_open(&mut self, value: &Expr, context: Context<'_>) -> bool {
        if matches!(value.kind, ExprKind::Literal(_)) || self.is_guarded(value) {
            return false;
        }
        let said = self.out.len();
        let typed = self.value_or_condition(value, context);
        self.out.truncate(said);
        typed.is_some_and(|typed| typed.nullable)
    }

    /// Whether a value is tested for being known beside this condition.
    fn is_guarded(&self, value: &Expr) -> bool {
        self.beside.iter().any(|beside| matches!(known_test(beside), Some((tested, _)) if tested == value))
    }

    /// Whether an `any` over the same table stands beside this condition.
    pub(super) fn any_beside(&self, table: &str) -> bool {
        use crate::syntax::ast::Quantifier;
        self.beside.iter().any(|beside| match &beside.kind {
            ExprKind::Quantified(quantified) => {
                quantified.quantifier == Quantifier::Any && quantified.rows.table.text == table
            }
            _ => false,
        })
    }
}

/// Whether a condition says something about those beside it: in an `and` that a value is known, in an `or` (`any`) that it
/// is unknown.
fn is_guard(expr: &Expr, any: bool) -> bool {
    match known_test(expr) {
        Some((_, negated)) => negated == any,
        None => !any && matches!(expr.kind, ExprKind::Quantified(_)),
    }
}

/// What a test for being known tests, and whether it is negated.
fn known_test(expr: &Expr) -> Option<(&Expr, bool)> {
    match &expr.kind {
        ExprKind::Is { negated, value, test: IsTest::Known, .. } => Some((value, *negated)),
        _ => None,
    }
}

/// The values that a condition tests; one of them unknown makes it unknown.
fn tested(condition: &Expr) -> Vec<&Expr> {
    match &condition.kind {
        ExprKind::Compare { left, right, .. } => vec![left, right],
        ExprKind::Between { value, low, high, .. } => vec![value, low, high],
        ExprKind::InList { value, list, .. } => std::iter::once(&**value).chain(list).collect(),
        ExprKind::TextTest { value, pattern, .. } => vec![value, pattern],
        ExprKind::ListTest { value, candidates, .. } => std::iter::once(&**value).chain(candidates).collect(),
        ExprKind::Within { value, .. } => vec![value],
        ExprKind::Is { .. } => Vec::new(),
        _ => vec![condition],
    }
}

/// The form that is true of those whose value is unknown, where there is one.
fn null_safe(negated: &Expr) -> Option<ExprKind> {
    let (value, test, ignoring_case) = match &negated.kind {
        ExprKind::Compare { op: CompareOp::Equal, left, right, ignoring_case } => {
            (left.clone(), IsTest::Value(right.clone()), *ignoring_case)
        }
        ExprKind::InList { value, list, ignoring_case, .. } => {
            (value.clone(), IsTest::In(list.clone()), *ignoring_case)
        }
        _ => return None,
    };
    Some(ExprKind::Is { negated: true, value, test, ignoring_case })
}

fn dropped(kind: &str, what: &str, span: Span) -> Diagnostic {
    let message = format!("every {kind} whose `{what}` is unknown is left out here");
    Diagnostic::new(Code::DropsUnknown, span, message)
}
