//! Bands: from each bound on, up to the next one.

use super::Groups;
use super::register::Named;
use crate::catalog::model::BandsDef;
use crate::check::typed::Typed;
use crate::check::{Checker, Code, Context, Diagnostic};
use crate::ir::{Node, NodeId, PartitionForm, Type, Value};
use crate::syntax::ast::{CompareOp, Expr, ExprKind, Literal};
use crate::syntax::print;

impl Checker<'_> {
    /// What the bands are called: as the catalogue says, or by their bounds.
    pub(super) fn band_names(&mut self, bands: &BandsDef) -> Option<Vec<Named>> {
        let labels: Vec<Option<String>> = bands.bounds.iter().map(bound_name).collect();
        for (bound, label) in bands.bounds.iter().zip(&labels) {
            if label.is_none() && !matches!(bound.kind, ExprKind::Error) {
                let message = "the bounds of bands are written out: numbers, dates or durations";
                let help = "as in `[0, 1_000, 10_000]`, `[2026-01-01, 2026-07-01]` or `[30d, 90d]`";
                self.out.push(Diagnostic::new(Code::BadArgument, bound.span, message).help(help));
            }
        }
        let labels: Vec<String> = labels.into_iter().collect::<Option<_>>()?;
        let span = bands.is.span;
        if let Some(names) = &bands.names {
            return Some(
                names.iter().map(|name| Named { name: name.text.clone(), label: None, span: name.span }).collect(),
            );
        }
        let first = labels.first().map(|bound| format!("under_{bound}"));
        let between = labels.windows(2).filter_map(|pair| match pair {
            [from, to] => Some(format!("from_{from}_to_{to}")),
            _ => None,
        });
        let last = labels.last().map(|bound| format!("from_{bound}"));
        let names = first.into_iter().chain(between).chain(last);
        Some(names.map(|name| Named { name, label: None, span }).collect())
    }

    /// A group for each band.
    pub(super) fn band_groups(&mut self, bands: &BandsDef, context: Context<'_>) -> Option<Groups> {
        let value = self.value(&bands.is, context);
        let bounds: Vec<_> = bands.bounds.iter().map(|bound| self.value(bound, context)).collect();
        let value = value?;
        let bounds = bounds.into_iter().collect::<Option<Vec<_>>>()?;
        if matches!(value.ty, Type::Text | Type::Bool | Type::TextList) {
            let message = format!("a number, date, time or duration is divided into bands, and this is a {}", value.ty);
            let help = "an attribute with a closed set of values is divided by `partitions:`";
            return self.fail(Diagnostic::new(Code::TypeMismatch, bands.is.span, message).help(help));
        }
        self.ascending(&bounds, &bands.bounds)?;
        let mut from: Option<NodeId> = None;
        let mut conditions = Vec::new();
        for (bound, written) in bounds.iter().zip(&bands.bounds) {
            let sides = ((&value, &bands.is), (bound, written));
            let below = self.compare(CompareOp::Less, sides.0, sides.1, false, written.span)?.node;
            let above = self.compare(CompareOp::GreaterOrEqual, sides.0, sides.1, false, written.span)?.node;
            conditions.push(self.and(from.into_iter().chain([below]))?);
            from = Some(above);
        }
        conditions.extend(from);
        Some(Groups { conditions, whole: !value.nullable, form: PartitionForm::Bands })
    }

    /// Constants must ascend: each is more than the one before.
    pub(in crate::check) fn ascending(&mut self, bounds: &[Typed], written: &[Expr]) -> Option<()> {
        for (pair, written) in bounds.windows(2).zip(written.windows(2)) {
            let ([a, b], [before, after]) = (pair, written) else { continue };
            if self.constant(a).zip(self.constant(b)).is_none_or(|(a, b)| comes_before(a, b)) {
                continue;
            }
            let message = format!("bounds ascend, and `{}` does not come after `{}`", print(after), print(before));
            let help = "write each bound once, the smallest first";
            return self.fail(Diagnostic::new(Code::BadArgument, after.span, message).help(help));
        }
        Some(())
    }

    fn constant(&self, typed: &Typed) -> Option<&Value> {
        match self.ir.node(typed.node) {
            Node::Constant(value) => Some(value),
            _ => None,
        }
    }
}

/// Whether a constant is less than another of its type.
fn comes_before(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a < b,
        (Value::Date(a), Value::Date(b)) => a < b,
        (Value::Instant(a), Value::Instant(b)) | (Value::Duration(a), Value::Duration(b)) => a < b,
        // Of two types: that is another mistake.
        _ => true,
    }
}

/// A bound as a part of a name: `1000`, `minus_5`, `1_5`, `2026_01_01`, `90d`.
fn bound_name(bound: &Expr) -> Option<String> {
    match &bound.kind {
        ExprKind::Literal(Literal::Number(number)) => Some(number.normalize().to_string().replace('.', "_")),
        ExprKind::Literal(Literal::Percent(percent)) => {
            Some(format!("{}_percent", percent.normalize().to_string().replace('.', "_")))
        }
        ExprKind::Literal(Literal::Date(day)) => Some(day.format("%Y_%m_%d").to_string()),
        ExprKind::Literal(Literal::Duration(duration)) => Some(duration.to_string().replace(' ', "_")),
        ExprKind::Negate(inner) => bound_name(inner).map(|name| format!("minus_{name}")),
        _ => None,
    }
}
