//! The highest and lowest of the subjects: `top 10% by x among (…) per y`.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Builder;
use super::rank::{Argument, is_number, trimmed};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{ExprKind, Literal, Population, Top, TopCount};
use crate::syntax::draft::Edit;
use crate::syntax::grammar::{Pair, Rule};

impl Builder<'_> {
    /// `top 10% by x among (…) per y`, `bottom 100 by x`.
    pub(super) fn top(&mut self, pair: Pair<'_>, span: Span) -> ExprKind {
        let (mut bottom, mut count, mut by, mut population) = (false, None, None, Population::default());
        let mut head = trimmed(&pair);
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::kw_bottom => bottom = true,
                Rule::percent | Rule::number => {
                    head.end = trimmed(&inner).end;
                    count = self.top_count(inner, bottom);
                }
                Rule::sum => by = Some(self.sum(inner)),
                Rule::top_population => population = self.population(inner),
                _ => {}
            }
        }
        let Some(by) = by else {
            let written = self.written(&head);
            let message = format!("`{written}` does not say by what");
            let help = format!("write `{written} by spend_365d`, say");
            self.report(Diagnostic::new(Code::BadArgument, span, message).help(help));
            return ExprKind::Error;
        };
        match count {
            Some(count) => ExprKind::Top(Box::new(Top { bottom, count, by, population })),
            None => ExprKind::Error,
        }
    }

    /// A number of subjects or a share of them; none: reported.
    fn top_count(&mut self, pair: Pair<'_>, bottom: bool) -> Option<TopCount> {
        let number = self.decimal(&pair)?;
        let place = self.span(&pair);
        let written = pair.as_str().trim_end().to_owned();
        let word = if bottom { "bottom" } else { "top" };
        if pair.as_rule() == Rule::percent {
            return self.share(number, place, &format!("`{word} {written}`")).map(TopCount::Percent);
        }
        if number.is_zero() {
            let message = format!("`{word} {written}` is nobody");
            let help = format!("write a whole number from 1 on, or a share such as `{word} 10%`");
            self.report(Diagnostic::new(Code::BadArgument, place, message).help(help));
            return None;
        }
        if number.fract().is_zero() {
            let count = number.to_u64();
            if count.is_none() {
                let message = format!("`{word}` counts to {}, found `{written}`", u64::MAX);
                self.report(Diagnostic::new(Code::BadArgument, place, message));
            }
            return count.map(TopCount::Number);
        }
        let share = share_meant(number);
        let message = format!("`{word} {written}` is no whole number of subjects; a share is written with `%`");
        let start = pair.as_span().start();
        let edits = vec![Edit::replace(start..start + written.len(), format!("{share}%"))];
        let diagnostic = Diagnostic::new(Code::BadArgument, place, message);
        self.offer(diagnostic, format!("write `{word} {share}%`"), edits);
        Some(TopCount::Percent(share))
    }

    /// A share of the subjects, above 0% and at most 100%; none: reported.
    pub(super) fn share(&mut self, percent: Decimal, place: Span, of: &str) -> Option<Decimal> {
        if percent > Decimal::ZERO && percent <= Decimal::ONE_HUNDRED {
            return Some(percent);
        }
        let message = format!("a share is above 0% and at most 100%, found {of}");
        self.report(Diagnostic::new(Code::BadArgument, place, message));
        None
    }

    /// `top(10, spend)`, `topn(spend, 10)`
    pub(super) fn top_as_call(
        &mut self,
        word: &str,
        name: &Pair<'_>,
        first: &Argument,
        second: &Argument,
    ) -> Option<ExprKind> {
        let (number, value) = if is_number(&first.expr) { (first, second) } else { (second, first) };
        let count = match number.expr.kind {
            ExprKind::Literal(Literal::Number(count)) => TopCount::Number(count.to_u64().filter(|count| *count > 0)?),
            ExprKind::Literal(Literal::Percent(share)) => TopCount::Percent(share),
            _ => return None,
        };
        let word = word.trim_end_matches('n');
        let word = if word == "top" { "top" } else { "bottom" };
        let (amount, of) = (self.written(&number.range), self.written(&value.range));
        let message = format!("`{word}` takes no brackets: `{word} {amount} by {of}`");
        let start = name.as_span().start();
        let text = self.draft.text();
        let last = first.range.end.max(second.range.end);
        let close = last + text.get(last..).and_then(|rest| rest.find(')')).map_or(0, |at| at + 1);
        let edits = vec![Edit::replace(start..close, format!("{word} {amount} by {of}"))];
        let place = self.span(name);
        self.offer(Diagnostic::new(Code::Syntax, place, message), format!("write `{word} {amount} by …`"), edits);
        let bottom = word == "bottom";
        let by = value.expr.clone();
        Some(ExprKind::Top(Box::new(Top { bottom, count, by, population: Population::default() })))
    }
}

/// The share that somebody means who leaves out the percent sign: `0.1` and `10` are 10%.
pub(super) fn share_meant(number: Decimal) -> Decimal {
    let share = if number < Decimal::ONE { number * Decimal::ONE_HUNDRED } else { number };
    share.normalize()
}
