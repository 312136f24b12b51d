//! Bands: from each bound on, up to the next one.

use std::cmp::Ordering;

use super::Groups;
use super::reach::order;
use super::register::Named;
use crate::catalog::model::BandsDef;
use crate::check::typed::Typed;
use crate::check::{Checker, Code, Context, Diagnostic};
use crate::ir::{Node, NodeId, PartitionForm, Type, Value};
use crate::syntax::ast::{CompareOp, Expr, ExprKind, Literal, Unit};
use crate::syntax::print;

impl Checker<'_> {
    /// What the bands are called: as the catalogue says, or by their bounds.
    pub(super) fn band_names(&mut self, bands: &BandsDef) -> Option<Vec<Named>> {
        let labels: Vec<Option<String>> = bands.bounds.iter().map(bound_name).collect();
        for (bound, label) in bands.bounds.iter().zip(&labels) {
            if label.is_none() && !matches!(bound.kind, ExprKind::Error) {
                self.out.push(no_bound(bound));
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
        for (bound, written) in bounds.iter().zip(&bands.bounds) {
            self.bound_fits(&value, (bound, written), &bands.is)?;
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

    /// A bound is of the type of the value; that of a time may be a date.
    fn bound_fits(&mut self, value: &Typed, (bound, written): (&Typed, &Expr), is: &Expr) -> Option<()> {
        if bound.ty == value.ty || (value.ty, bound.ty) == (Type::Instant, Type::Date) {
            return Some(());
        }
        let message = format!("the bounds are of the type of the value, a {}, and this is a {}", value.ty, bound.ty);
        let diagnostic = Diagnostic::new(Code::TypeMismatch, written.span, message);
        self.fail(match (value.ty, bound.ty) {
            (Type::Date, Type::Duration) => {
                diagnostic.help(format!("divide the time since: `is: today - {}`", print(is)))
            }
            (Type::Instant, Type::Duration) => {
                diagnostic.help(format!("divide the time since: `is: now - {}`", print(is)))
            }
            (Type::Number, _) => diagnostic.help("write numbers, as in `[0, 1_000, 10_000]`"),
            (Type::Duration, _) => diagnostic.help("write durations, as in `[30d, 90d]`"),
            _ => diagnostic.help("write dates, as in `[2026-01-01, 2026-07-01]`"),
        })
    }

    /// Constants must ascend: each is more than the one before.
    pub(in crate::check) fn ascending(&mut self, bounds: &[Typed], written: &[Expr]) -> Option<()> {
        for (pair, written) in bounds.windows(2).zip(written.windows(2)) {
            let ([a, b], [before, after]) = (pair, written) else { continue };
            if self.constant(a).zip(self.constant(b)).and_then(|(a, b)| order(a, b)).is_none_or(Ordering::is_lt) {
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

/// Why something cannot be a bound.
fn no_bound(bound: &Expr) -> Diagnostic {
    let diagnostic = |message: &str| Diagnostic::new(Code::BadArgument, bound.span, message);
    match &bound.kind {
        ExprKind::Literal(Literal::Duration(_)) => {
            diagnostic("months, quarters and years have no one length").help("write days, as in `365d`")
        }
        ExprKind::Ago(_) | ExprKind::Now | ExprKind::Today => {
            diagnostic("the bounds of bands stand still, and this one moves")
                .help("divide the time since: `is: now - last_purchase, bounds: [30d, 90d]`")
        }
        _ => diagnostic("the bounds of bands are written out: numbers, dates or durations")
            .help("as in `[0, 1_000, 10_000]`, `[2026-01-01, 2026-07-01]` or `[30d, 90d]`"),
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
        ExprKind::Literal(Literal::Duration(duration)) if duration.unit < Unit::Month => {
            Some(duration.to_string().replace(' ', "_"))
        }
        ExprKind::Negate(inner) => bound_name(inner).map(|name| format!("minus_{name}")),
        _ => None,
    }
}
