//! What to write instead of a comparison of two types.

use super::typed::Typed;
use super::{Diagnostic, listed};
use crate::ir::Type;
use crate::syntax::ast::{Duration, Expr, ExprKind, Literal, Unit};
use crate::syntax::print;

/// Adds to a message about two types the form that was probably meant.
pub(super) fn advise(diagnostic: Diagnostic, (a, left): (&Typed, &Expr), (b, right): (&Typed, &Expr)) -> Diagnostic {
    let literal = |expr: &Expr| matches!(expr.kind, ExprKind::Literal(_));
    let (typed, other, written) = match (literal(left), literal(right)) {
        (_, true) => (a, left, right),
        (true, false) => (b, right, left),
        (false, false) => return without_literal(diagnostic, a, b),
    };
    let ExprKind::Literal(constant) = &written.kind else { return diagnostic };
    let shown = print(other);
    match (typed.ty, constant) {
        (Type::Number, Literal::Date(_)) => period_for_part(diagnostic, other),
        (Type::Date, Literal::Number(_)) => part_for_period(diagnostic, other),
        (Type::Text, _) if typed.set.is_some() => {
            let values = typed.set.iter().flat_map(|set| set.values.iter().map(String::as_str));
            diagnostic.help(format!("its values are {}", listed(values)))
        }
        (Type::Text, Literal::Number(_)) => {
            let text = format!("'{}'", print(written).replace('_', ""));
            diagnostic.fix_at(format!("`{shown}` is text: write {text}"), written.span, text)
        }
        (Type::Number, Literal::Text(text)) => match text.parse().ok().filter(|_| !text.starts_with(['+', '.'])) {
            Some(number) => {
                let number = print(&Expr { kind: ExprKind::Literal(Literal::Number(number)), span: written.span });
                diagnostic.fix_at(format!("`{shown}` is a number: write it without quotes"), written.span, number)
            }
            None => diagnostic.help(format!("`{shown}` is a number: compare it with one, as in `… > 500`")),
        },
        (Type::Date | Type::Instant, Literal::Text(text)) => match moment(text) {
            Some(moment) => diagnostic.fix_at("dates stand without quotes", written.span, moment),
            None => diagnostic.help("write a date as `2026-03-31`, or a time that has passed as `90d ago`"),
        },
        (Type::Date | Type::Instant, Literal::Duration(_)) => {
            let text = format!("{} ago", print(written));
            diagnostic.fix_at(format!("`{shown}` is a {}: `{text}` is one too", typed.ty), written.span, text)
        }
        (Type::Instant, Literal::Number(_)) => {
            diagnostic.help(format!("`{shown}` is a time: compare it with one, as in `… > 90d ago`"))
        }
        (Type::Duration, Literal::Number(number)) => match number.normalize().to_string().parse::<u32>() {
            Ok(count) => {
                let days = Literal::Duration(Duration { count, unit: Unit::Day });
                let text = print(&Expr { kind: ExprKind::Literal(days), span: written.span });
                diagnostic.fix_at(format!("say of what: in days, `{text}`"), written.span, text)
            }
            Err(_) => diagnostic.help("say of what, in whole units, as in `36h`"),
        },
        (Type::Bool, Literal::Number(_) | Literal::Text(_)) => yes_or_no(diagnostic, &shown, written, constant),
        (Type::TextList, _) => diagnostic.help("ask what a list holds: `contains 'golf'`"),
        _ => diagnostic,
    }
}

fn without_literal(diagnostic: Diagnostic, a: &Typed, b: &Typed) -> Diagnostic {
    match (a.ty, b.ty) {
        (Type::TextList, _) | (_, Type::TextList) => diagnostic.help("ask what a list holds: `contains 'golf'`"),
        _ => diagnostic.help("compare two things of one kind"),
    }
}

/// Where text is wanted: a number is one in quotes.
pub(super) fn in_quotes(diagnostic: Diagnostic, written: &Expr) -> Diagnostic {
    match &written.kind {
        ExprKind::Literal(Literal::Number(_)) => {
            let text = format!("'{}'", print(written).replace('_', ""));
            diagnostic.fix(format!("write {text}"), text)
        }
        ExprKind::Literal(_) => diagnostic.help("write text in quotes: `'…'`"),
        _ => diagnostic.help("numbers and times are compared: `=`, `<`, `>=`, `between … and …`"),
    }
}

/// The text as a date or time of the language, if it is one.
fn moment(text: &str) -> Option<String> {
    let mut said = Vec::new();
    let source = crate::source::Text::verbatim(crate::source::FileId(0), 0, text);
    let read = crate::syntax::parse_expression(&source, &mut said);
    let is_moment = matches!(read.kind, ExprKind::Literal(Literal::Date(_) | Literal::Local(_) | Literal::Instant(_)));
    (is_moment && said.is_empty()).then(|| text.trim().to_owned())
}

/// `month(at) = 3`: the period is a date, the part is a number.
fn part_for_period(diagnostic: Diagnostic, other: &Expr) -> Diagnostic {
    let function = match &other.kind {
        ExprKind::Call { function, .. } => Some(function),
        _ => None,
    };
    match function.map(|function| (function.text.as_str(), function.span)) {
        Some(("month", span)) => {
            let title = "`month` is the date that starts the month; `month_of_year` is the number, 1 to 12";
            diagnostic.fix_at(title, span, "month_of_year")
        }
        Some(("day", span)) => {
            let title = "`day` is the day itself, a date; `day_of_month` is the number, 1 to 31";
            diagnostic.fix_at(title, span, "day_of_month")
        }
        Some(("quarter", _)) => diagnostic.help(
            "`quarter` is the date that starts the quarter; for the second of any year write `month_of_year(…) in (4, 5, 6)`",
        ),
        Some(("year", _)) => {
            diagnostic.help("`year` is the date that starts the year: write its first day, as in `year(…) = 2026-01-01`")
        }
        Some(("week", _)) => {
            diagnostic.help("`week` is the date that starts the week; weeks have no numbers here, days have names: `weekday(…)`")
        }
        _ => diagnostic.help("compare it with a date, as in `… >= 2026-01-01`"),
    }
}

/// `month_of_year(at) = 2026-03-01`
fn period_for_part(diagnostic: Diagnostic, other: &Expr) -> Diagnostic {
    match &other.kind {
        ExprKind::Call { function, .. } if function.text == "month_of_year" => {
            let title = "`month_of_year` is a number, 1 to 12; `month` is the date that starts the month";
            diagnostic.fix_at(title, function.span, "month")
        }
        ExprKind::Call { function, .. } if function.text == "day_of_month" => {
            let title = "`day_of_month` is a number, 1 to 31; `day` is the day itself";
            diagnostic.fix_at(title, function.span, "day")
        }
        _ => diagnostic,
    }
}

fn yes_or_no(diagnostic: Diagnostic, shown: &str, written: &Expr, constant: &Literal) -> Diagnostic {
    let text = match constant {
        Literal::Text(text) => text.to_lowercase(),
        _ => print(written),
    };
    let meant = match text.as_str() {
        "1" | "true" | "t" | "yes" | "y" | "ya" => "true",
        "0" | "false" | "f" | "no" | "n" | "tidak" => "false",
        _ => return diagnostic.help(format!("`{shown}` is true or false: write it alone, or `not {shown}`")),
    };
    diagnostic.fix_at(format!("`{shown}` is true or false: write `{meant}`"), written.span, meant)
}
