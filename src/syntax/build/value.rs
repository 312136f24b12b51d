//! Values: names, calls, metrics with windows and filters.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::Builder;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Ident, Literal, Path, Window};
use crate::syntax::grammar::{Pair, Rule};

/// The longest name, in characters.
pub(super) const NAME_LIMIT: usize = 128;

impl Builder<'_> {
    /// What can stand on either side of an operator.
    pub(super) fn primary(&mut self, pair: Pair<'_>) -> Expr {
        let span = self.span(&pair);
        let kind = match pair.as_rule() {
            Rule::group => match pair.into_inner().next() {
                Some(inner) => return self.condition(inner),
                None => return self.unread(),
            },
            Rule::moment => self.moment(&pair).map_or(ExprKind::Error, ExprKind::Literal),
            Rule::ago => self.ago(pair),
            Rule::percent => self.decimal(&pair).map_or(ExprKind::Error, |n| ExprKind::Literal(Literal::Percent(n))),
            Rule::number => self.decimal(&pair).map_or(ExprKind::Error, |n| ExprKind::Literal(Literal::Number(n))),
            Rule::text => ExprKind::Literal(Literal::Text(self.text(&pair))),
            Rule::constant => constant(pair.as_str()),
            Rule::call => self.call(pair),
            Rule::count | Rule::aggregate | Rule::percentile => self.aggregate(pair),
            Rule::quantified => self.quantified(pair, span),
            Rule::sequence => self.sequence(pair, span),
            Rule::metric => return self.metric(pair),
            Rule::rank => self.rank(pair, span),
            Rule::top => self.top(pair, span),
            Rule::sample => self.sample(pair, span),
            _ => ExprKind::Error,
        };
        Expr { kind, span }
    }

    fn ago(&mut self, pair: Pair<'_>) -> ExprKind {
        let (mut duration, mut ago) = (None, false);
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::duration => duration = self.duration(inner),
                _ => ago = true,
            }
        }
        match duration {
            Some(duration) if ago => ExprKind::Ago(duration),
            Some(duration) => ExprKind::Literal(Literal::Duration(duration)),
            None => ExprKind::Error,
        }
    }

    fn call(&mut self, pair: Pair<'_>) -> ExprKind {
        let (mut name, mut arguments) = (None, Vec::new());
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::arguments => arguments = inner.into_inner().map(|inner| self.argument(inner)).collect(),
                _ => name = Some(inner),
            }
        }
        let Some(name) = name else { return self.unread().kind };
        if let Some(rank) = self.foreign_rank(&name, &arguments) {
            return rank;
        }
        let mut function = self.ident(&name);
        function.text = function.text.to_lowercase();
        ExprKind::Call { function, arguments: arguments.into_iter().map(|argument| argument.expr).collect() }
    }

    /// A name with at most one window and at most one filter.
    fn metric(&mut self, pair: Pair<'_>) -> Expr {
        let whole = self.span(&pair);
        let start = pair.as_span().start();
        let mut parts = pair.into_inner();
        let Some(path) = parts.next() else { return self.unread() };
        let span = self.span(&path);
        if path.as_str().eq_ignore_ascii_case("null") {
            let message = "there is no `null` to compare or combine with";
            let help = "a missing value is tested with `is unknown` or `is known`, and replaced with `coalesce(x, 0)`";
            self.report(Diagnostic::new(Code::ForeignWord, span, message).help(help));
            return Expr { kind: ExprKind::Error, span: whole };
        }
        let mut expr = Expr { kind: ExprKind::Name(self.path(path)), span };
        let (mut windowed, mut filtered) = (false, false);
        for part in parts {
            let end = part.as_span().start() + part.as_str().trim_end().len();
            let span = self.draft.place(start..end);
            if part.as_rule() == Rule::filter {
                let place = self.span(&part);
                let Some(filter) = part.into_inner().next() else { continue };
                let filter = Box::new(self.condition(filter));
                if std::mem::replace(&mut filtered, true) {
                    let message = "a metric takes one filter in `[…]`, found a second one";
                    let help = "join the two conditions with `and` inside one pair of brackets";
                    self.report(Diagnostic::new(Code::ClauseOrder, place, message).help(help));
                    continue;
                }
                expr = Expr { kind: ExprKind::Filtered { metric: Box::new(expr), filter }, span };
            } else if !is_window_word(part.as_rule()) {
                let place = self.span(&part);
                let window = self.window(part);
                if std::mem::replace(&mut windowed, true) {
                    let message = "a metric takes one window, found a second one";
                    let help = "two dates are written `over 2026-01-01 to 2026-03-31`";
                    self.report(Diagnostic::new(Code::WindowMisplaced, place, message).help(help));
                    continue;
                }
                expr = match window {
                    Some(window) => Expr { kind: ExprKind::Windowed { metric: Box::new(expr), window }, span },
                    None => Expr { kind: ExprKind::Error, span },
                };
            }
        }
        expr
    }

    /// `in x`, `not in x`
    pub(super) fn membership(&mut self, pair: Pair<'_>, not: Option<Span>) -> Expr {
        let place = self.span(&pair);
        let span = not.map_or(place, |not| not.to(place));
        match pair.into_inner().find(|inner| inner.as_rule() == Rule::path) {
            Some(path) => {
                let segment = self.path(path);
                Expr { kind: ExprKind::InSegment { negated: not.is_some(), segment }, span }
            }
            None => self.unread(),
        }
    }

    /// `in file 'vips.csv'`, `not in file 'vips.csv'`
    pub(super) fn file_membership(&mut self, pair: Pair<'_>, not: Option<Span>) -> Expr {
        let place = self.span(&pair);
        let span = not.map_or(place, |not| not.to(place));
        match pair.into_inner().next() {
            Some(file) => self.in_file(file, None, not.is_some(), span),
            None => self.unread(),
        }
    }

    /// Names and dots.
    pub fn path(&mut self, pair: Pair<'_>) -> Path {
        let parts = pair.into_inner().map(|name| self.ident(&name)).collect();
        Path { parts }
    }

    /// One name, composed (NFC), without its backticks.
    pub fn ident(&mut self, pair: &Pair<'_>) -> Ident {
        let written = pair.as_str().trim_end();
        let bare = written.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')).unwrap_or(written);
        let text = if is_nfc(bare) { bare.to_owned() } else { bare.nfc().collect() };
        let span = self.span(pair);
        if text.len() > NAME_LIMIT && text.chars().count() > NAME_LIMIT {
            let message = format!("a name has at most {NAME_LIMIT} characters, this one has {}", text.chars().count());
            self.report(Diagnostic::new(Code::BadName, span, message));
        }
        Ident { text, span }
    }

    /// The window of an optional pair.
    pub(super) fn optional_window(&mut self, pair: Option<Pair<'_>>) -> Option<Window> {
        pair.and_then(|pair| self.window(pair))
    }
}

/// Words that the silent rule `window` leaves before the window itself.
pub(super) fn is_window_word(rule: Rule) -> bool {
    rule == Rule::kw_over
}

fn constant(word: &str) -> ExprKind {
    match word.to_ascii_lowercase().as_str() {
        "true" => ExprKind::Literal(Literal::Bool(true)),
        "false" => ExprKind::Literal(Literal::Bool(false)),
        "now" => ExprKind::Now,
        _ => ExprKind::Today,
    }
}
