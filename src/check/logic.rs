//! `and`, `or`, `not`, and the unknowns that negation drops.

use super::typed::Typed;
use super::{Checker, Code, Context, Diagnostic, Scope};
use crate::ir::{Node, Type};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, IsTest};

impl Checker<'_> {
    pub(super) fn conjunction(&mut self, of: &[Expr], context: Context<'_>) -> Option<Typed> {
        let depth = self.beside.len();
        self.beside.extend(of.iter().filter(|expr| is_guard(expr)).cloned());
        let parts: Vec<Option<Typed>> = of.iter().map(|expr| self.condition(expr, context)).collect();
        self.beside.truncate(depth);
        let parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
        let nullable = parts.iter().any(|part| part.nullable);
        let node = self.and(parts.iter().map(|part| part.node))?;
        Some(Typed::new(node, Type::Bool).nullable(nullable))
    }

    pub(super) fn disjunction(&mut self, of: &[Expr], context: Context<'_>) -> Option<Typed> {
        let parts: Vec<Option<Typed>> = of.iter().map(|expr| self.condition(expr, context)).collect();
        let parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
        let nullable = parts.iter().any(|part| part.nullable);
        let node = self.or(parts.iter().map(|part| part.node).collect());
        Some(Typed::new(node, Type::Bool).nullable(nullable))
    }

    /// A disjunction in its one form.
    pub(super) fn or(&mut self, of: Vec<crate::ir::NodeId>) -> crate::ir::NodeId {
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
        if typed.nullable && !self.guarded(inner) {
            let what = value_of(inner).map(|value| format!("`{}`", crate::syntax::print(value)));
            let what = what.unwrap_or_else(|| "something in it".to_owned());
            self.drops_unknown(span, &what, context);
        }
        let node = self.ir.add(Node::Not(typed.node));
        Some(Typed { node, ..typed })
    }

    /// Negates where the form says so, with the warning that belongs to it. `expr` is the whole, `value` what is tested.
    pub(super) fn negated(
        &mut self,
        negated: bool,
        typed: Typed,
        expr: &Expr,
        value: &Expr,
        context: Context<'_>,
    ) -> Typed {
        if !negated {
            return typed;
        }
        if typed.nullable && !self.is_guarded(value) {
            let what = format!("`{}`", crate::syntax::print(value));
            self.drops_unknown(expr.span, &what, context);
        }
        let node = self.ir.add(Node::Not(typed.node));
        Typed { node, ..typed }
    }

    /// Warns, where people are concerned, that the unknown stays unknown under a negation.
    pub(super) fn drops_unknown(&mut self, span: Span, what: &str, context: Context<'_>) {
        if let Some(diagnostic) = self.drops_unknown_diagnostic(span, what, context) {
            self.out.push(diagnostic.help(format!(
                "`{} is known and …` says that this is meant; `… or {} is unknown` keeps them",
                what.trim_matches('`'),
                what.trim_matches('`')
            )));
        }
    }

    pub(super) fn drops_unknown_diagnostic(&self, span: Span, what: &str, context: Context<'_>) -> Option<Diagnostic> {
        let Scope::Subject(subject) = context.scope else { return None };
        let kind = &self.ir.subject(subject).name;
        let message = format!("every {kind} for whom {what} is unknown is left out here");
        Some(Diagnostic::new(Code::DropsUnknown, span, message))
    }

    /// Whether a value is tested for being known beside this condition.
    pub(super) fn is_guarded(&self, value: &Expr) -> bool {
        self.beside.iter().any(|beside| matches!(known_test(beside), Some(tested) if tested == value))
    }

    fn guarded(&self, condition: &Expr) -> bool {
        value_of(condition).is_some_and(|value| self.is_guarded(value))
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

fn is_guard(expr: &Expr) -> bool {
    known_test(expr).is_some() || matches!(expr.kind, ExprKind::Quantified(_))
}

/// What a test for being known tests.
fn known_test(expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        ExprKind::Is { negated: false, value, test: IsTest::Known, .. } => Some(value),
        _ => None,
    }
}

/// What a simple condition tests.
fn value_of(condition: &Expr) -> Option<&Expr> {
    match &condition.kind {
        ExprKind::Compare { left, .. } => Some(left),
        ExprKind::Between { value, .. }
        | ExprKind::InList { value, .. }
        | ExprKind::TextTest { value, .. }
        | ExprKind::ListTest { value, .. }
        | ExprKind::Within { value, .. } => Some(value),
        ExprKind::Name(_) => Some(condition),
        _ => None,
    }
}
