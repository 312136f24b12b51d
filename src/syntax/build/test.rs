//! Comparisons, and everything else that stands behind a value and makes a condition of it.

use super::Builder;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{CompareOp, Direction, Expr, ExprKind, IsTest, ListQuantity, TextOp};
use crate::syntax::draft::Edit;
use crate::syntax::grammar::{Pair, Rule};

impl Builder<'_> {
    /// A value, perhaps with a test behind it.
    pub(super) fn comparison(&mut self, pair: Pair<'_>) -> Expr {
        let span = self.span(&pair);
        let mut parts = pair.into_inner();
        let Some(subject) = parts.next() else { return self.unread() };
        let mut test = parts.next();
        let negated = test.as_ref().is_some_and(|test| test.as_rule() == Rule::kw_not);
        if negated {
            test = parts.next();
        }
        let Some(test) = test else {
            return if subject.as_rule() == Rule::sum { self.sum(subject) } else { self.unread() };
        };
        if subject.as_rule() == Rule::anniversary {
            let Some(value) = subject.into_inner().find(|inner| inner.as_rule() == Rule::sum) else {
                return self.unread();
            };
            let value = self.sum(value);
            return self.within(value, test, negated, true, span);
        }
        let value = self.sum(subject);
        match test.as_rule() {
            Rule::compare => self.compare(value, test, span),
            Rule::is => self.is(value, test, span),
            Rule::between => self.between(value, test, negated, span),
            Rule::in_list => {
                let (list, ignoring_case) = self.list_and_case(test);
                Expr { kind: ExprKind::InList { negated, value: Box::new(value), list, ignoring_case }, span }
            }
            Rule::in_file => self.in_file(test, Some(value), negated, span),
            Rule::contains => self.list_test(value, test, negated, span),
            Rule::text_test => self.text_test(value, test, negated, span),
            _ if !negated && is_unlimited(&value) => match value.kind {
                ExprKind::Sequence(sequence) => Expr { kind: self.limit_with_direction(*sequence, test), span },
                _ => self.unread(),
            },
            _ => self.within(value, test, negated, false, span),
        }
    }

    fn compare(&mut self, value: Expr, test: Pair<'_>, span: Span) -> Expr {
        let whole = test.as_span();
        let (mut op, mut right, mut case) = (CompareOp::Equal, None, None);
        for inner in test.into_inner() {
            match inner.as_rule() {
                Rule::compare_op => op = compare_op(inner.as_str().trim_end()),
                Rule::ignoring_case => {
                    case = Some(inner.as_span().start()..whole.start() + whole.as_str().trim_end().len())
                }
                _ if is_null(&inner) && matches!(op, CompareOp::Equal | CompareOp::NotEqual) => {
                    let end = inner.as_span().start() + "null".len();
                    return self.test_for_null(value, op == CompareOp::NotEqual, whole.start()..end, span);
                }
                _ => right = Some(self.sum(inner)),
            }
        }
        let Some(right) = right else { return self.unread() };
        let mut ignoring_case = case.is_some();
        if let (Some(place), false) = (case, matches!(op, CompareOp::Equal | CompareOp::NotEqual)) {
            ignoring_case = false;
            let message = format!("`ignoring case` cannot go with `{}`", op.symbol());
            let diagnostic = Diagnostic::new(Code::BadArgument, self.draft.place(place.clone()), message)
                .help("it goes with `=`, `!=`, `in`, `is` and the tests on text");
            let before = self.draft.text().get(..place.start).unwrap_or("").trim_end().len();
            self.offer(diagnostic, "leave it out", vec![Edit::replace(before..place.end, "")]);
        }
        Expr { kind: ExprKind::Compare { op, left: Box::new(value), right: Box::new(right), ignoring_case }, span }
    }

    /// `= null`, `is null` and their negations.
    fn test_for_null(&mut self, value: Expr, negated: bool, range: std::ops::Range<usize>, span: Span) -> Expr {
        let right_form = if negated { "is known" } else { "is unknown" };
        let written = self.draft.text().get(range.clone()).unwrap_or("null").trim().to_lowercase();
        let message = format!("a missing value is tested with `{right_form}`, not with `{written}`");
        let diagnostic = Diagnostic::new(Code::ForeignWord, self.draft.place(range.clone()), message);
        self.offer(diagnostic, format!("write `{right_form}`"), vec![Edit::replace(range, right_form)]);
        let kind =
            ExprKind::Is { negated: !negated, value: Box::new(value), test: IsTest::Known, ignoring_case: false };
        Expr { kind, span }
    }

    fn is(&mut self, value: Expr, test: Pair<'_>, span: Span) -> Expr {
        let whole = test.as_span();
        let (mut negated, mut found, mut ignoring_case) = (false, None, false);
        for inner in test.into_inner() {
            match inner.as_rule() {
                Rule::kw_not => negated = true,
                Rule::known => found = Some(IsTest::Known),
                Rule::unknown => {
                    negated = !negated;
                    found = Some(IsTest::Known);
                }
                Rule::in_list => {
                    let (list, case) = self.list_and_case(inner);
                    ignoring_case = case;
                    found = Some(IsTest::In(list));
                }
                Rule::ignoring_case => ignoring_case = true,
                Rule::sum if is_null(&inner) => {
                    let end = inner.as_span().start() + "null".len();
                    return self.test_for_null(value, negated, whole.start()..end, span);
                }
                Rule::sum => found = Some(IsTest::Value(Box::new(self.sum(inner)))),
                _ => {}
            }
        }
        let Some(test) = found else { return self.unread() };
        Expr { kind: ExprKind::Is { negated, value: Box::new(value), test, ignoring_case }, span }
    }

    fn between(&mut self, value: Expr, test: Pair<'_>, negated: bool, span: Span) -> Expr {
        let mut ends = test.into_inner().filter(|inner| inner.as_rule() == Rule::sum);
        let (Some(low), Some(high)) = (ends.next(), ends.next()) else { return self.unread() };
        let (low, high) = (Box::new(self.sum(low)), Box::new(self.sum(high)));
        Expr { kind: ExprKind::Between { negated, value: Box::new(value), low, high }, span }
    }

    fn list_test(&mut self, value: Expr, test: Pair<'_>, negated: bool, span: Span) -> Expr {
        let (mut quantity, mut candidates, mut ignoring_case) = (ListQuantity::Any, Vec::new(), false);
        for inner in test.into_inner() {
            match inner.as_rule() {
                Rule::quantity => quantity = self.quantity(inner),
                Rule::list => candidates = self.list(inner),
                Rule::ignoring_case => ignoring_case = true,
                _ => {}
            }
        }
        let kind = ExprKind::ListTest { negated, quantity, value: Box::new(value), candidates, ignoring_case };
        Expr { kind, span }
    }

    fn quantity(&mut self, pair: Pair<'_>) -> ListQuantity {
        let mut found = ListQuantity::Any;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::kw_all => found = ListQuantity::All,
                Rule::kw_none => found = ListQuantity::None,
                Rule::number => match inner.as_str().replace('_', "").parse() {
                    Ok(count) => found = ListQuantity::AtLeast(count),
                    Err(_) => {
                        let message = format!("`at least` takes a whole number, found `{}`", inner.as_str());
                        self.report(Diagnostic::new(Code::BadArgument, self.span(&inner), message));
                    }
                },
                _ => {}
            }
        }
        found
    }

    fn text_test(&mut self, value: Expr, test: Pair<'_>, negated: bool, span: Span) -> Expr {
        let (mut op, mut pattern, mut ignoring_case) = (TextOp::Contains, None, false);
        for inner in test.into_inner() {
            match inner.as_rule() {
                Rule::text_op => op = inner.into_inner().next().map_or(op, |word| text_op(word.as_rule())),
                Rule::ignoring_case => ignoring_case = true,
                _ => pattern = Some(self.sum(inner)),
            }
        }
        let Some(pattern) = pattern else { return self.unread() };
        let (value, pattern) = (Box::new(value), Box::new(pattern));
        Expr { kind: ExprKind::TextTest { negated, op, value, pattern, ignoring_case }, span }
    }

    fn within(&mut self, value: Expr, test: Pair<'_>, negated: bool, anniversary: bool, span: Span) -> Expr {
        let (mut direction, mut length) = (Direction::Next, None);
        for inner in test.into_inner() {
            match inner.as_rule() {
                Rule::direction if starts_with_last(&inner) => direction = Direction::Last,
                Rule::duration => length = Some(self.duration(inner)),
                _ => {}
            }
        }
        let value = Box::new(value);
        match length {
            Some(Some(length)) => {
                Expr { kind: ExprKind::Within { negated, anniversary, value, direction, span: length }, span }
            }
            Some(None) => Expr { kind: ExprKind::Error, span },
            None => self.unread(),
        }
    }

    fn list_and_case(&mut self, pair: Pair<'_>) -> (Vec<Expr>, bool) {
        let (mut list, mut ignoring_case) = (Vec::new(), false);
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::list => list = self.list(inner),
                Rule::ignoring_case => ignoring_case = true,
                _ => {}
            }
        }
        (list, ignoring_case)
    }

    /// The conditions or values between brackets and commas.
    pub(super) fn list(&mut self, pair: Pair<'_>) -> Vec<Expr> {
        pair.into_inner().map(|inner| self.condition(inner)).collect()
    }
}

fn is_null(pair: &Pair<'_>) -> bool {
    pair.as_str().trim_end().eq_ignore_ascii_case("null")
}

/// A sequence that takes a `within` behind its brackets.
fn is_unlimited(value: &Expr) -> bool {
    matches!(&value.kind, ExprKind::Sequence(sequence) if sequence.within.is_none())
}

fn starts_with_last(pair: &Pair<'_>) -> bool {
    pair.as_str().get(..4).is_some_and(|word| word.eq_ignore_ascii_case("last"))
}

fn compare_op(symbol: &str) -> CompareOp {
    match symbol {
        "=" => CompareOp::Equal,
        "!=" => CompareOp::NotEqual,
        "<" => CompareOp::Less,
        "<=" => CompareOp::LessOrEqual,
        ">" => CompareOp::Greater,
        _ => CompareOp::GreaterOrEqual,
    }
}

fn text_op(rule: Rule) -> TextOp {
    match rule {
        Rule::kw_starts => TextOp::StartsWith,
        Rule::kw_ends => TextOp::EndsWith,
        Rule::kw_like => TextOp::Like,
        Rule::kw_matches => TextOp::Matches,
        _ => TextOp::Contains,
    }
}
