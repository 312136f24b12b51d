//! The value of an expression for one subject or one row.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use kohort::syntax::ast::{
    CompareOp, Direction, Expr, ExprKind, IsTest, ListQuantity, Literal, Quantified, Quantifier, TextOp, Window,
};
use num_rational::BigRational;

use super::super::mutants::Mutant;
use super::super::value::{Value, literal_number};
use super::tables::{Row, Table};
use super::{Oracle, members, number, text, time};

/// What an expression is about.
#[derive(Clone, Copy)]
pub enum Scope<'s> {
    /// One subject of a kind.
    Subject { kind: &'s str, key: &'s [Value] },
    /// One row of a table; in a sequence with the rows that earlier steps have named.
    Row { table: &'s Table, row: &'s Row, earlier: &'s Earlier },
    /// Rows of a table that are grouped, and what they are grouped by.
    Group { table: &'s Table, rows: &'s [Row], keys: &'s BTreeMap<String, Value> },
}

/// The rows of a sequence that have names, with their tables.
pub type Earlier = BTreeMap<String, (Rc<Table>, Row)>;

/// A window and filters written at a metric's use, on their way to the aggregates inside it.
#[derive(Clone, Debug, Default)]
pub struct Pushed {
    pub window: Option<Window>,
    pub filters: Vec<Expr>,
}

impl Pushed {
    pub fn with_window(&self, window: Window) -> Pushed {
        assert!(self.window.is_none(), "a metric takes one window");
        Pushed { window: Some(window), filters: self.filters.clone() }
    }

    fn with_filter(&self, filter: &Expr) -> Pushed {
        let filters = self.filters.iter().chain([filter]).cloned().collect();
        Pushed { window: self.window.clone(), filters }
    }
}

impl Oracle<'_> {
    /// The value of an expression. Every operand is evaluated, whether or not it can still matter.
    pub fn eval(&self, expr: &Expr, scope: Scope<'_>, pushed: &Pushed) -> Value {
        let value = |expr: &Expr| self.eval(expr, scope, pushed);
        let values = |list: &[Expr]| list.iter().map(value).collect::<Vec<_>>();
        let truths = |list: &[Expr]| list.iter().map(|one| value(one).as_truth()).collect::<Vec<_>>();
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Name(path) => self.name_with(path, scope, pushed),
            ExprKind::Now => Value::Instant(self.calendar.now),
            ExprKind::Today => Value::Date(self.calendar.today()),
            ExprKind::Ago(span) => Value::Instant(self.calendar.ago(*span)),
            ExprKind::And(list) => Value::truth(all(&truths(list))),
            ExprKind::Or(list) => Value::truth(any(&truths(list))),
            ExprKind::Not(one) => {
                let truth = value(one).as_truth().or(self.is(Mutant::NotOfUnknownTrue).then_some(false));
                Value::truth(truth.map(|truth| !truth))
            }
            ExprKind::Negate(one) => self.negated(&value(one)),
            ExprKind::Arithmetic { first, rest } => {
                let rest: Vec<_> = rest.iter().map(|(op, right)| (*op, value(right))).collect();
                rest.iter().fold(value(first), |left, (op, right)| self.arithmetic(*op, &left, right))
            }
            ExprKind::Compare { op, left, right, ignoring_case } => {
                Value::truth(self.compared(*op, &value(left), &value(right), *ignoring_case))
            }
            ExprKind::Between { negated, value: tested, low, high } => {
                let (tested, low, high) = (value(tested), value(low), value(high));
                let above = self.compared(CompareOp::GreaterOrEqual, &tested, &low, false);
                let below = self.compared(CompareOp::LessOrEqual, &tested, &high, false);
                negated_if(*negated, all(&[above, below]))
            }
            ExprKind::InList { negated, value: tested, list, ignoring_case } => {
                let tested = value(tested);
                let lost = self.is(Mutant::InLosesUnknown).then_some(false);
                let equal = |one: &Value| self.compared(CompareOp::Equal, &tested, one, *ignoring_case).or(lost);
                negated_if(*negated, any(&values(list).iter().map(equal).collect::<Vec<_>>()))
            }
            ExprKind::Is { negated, value: tested, test, ignoring_case } => {
                let tested = value(tested);
                let equal = |one: &Value| self.compared(CompareOp::Equal, &tested, one, *ignoring_case) == Some(true);
                let holds = match test {
                    IsTest::Known => tested.is_known(),
                    IsTest::Value(one) => equal(&value(one)),
                    IsTest::In(list) => values(list).iter().any(equal),
                };
                negated_if(*negated, Some(holds))
            }
            ExprKind::TextTest { negated, op, value: tested, pattern, ignoring_case } => {
                negated_if(*negated, text_test(*op, &value(tested), &value(pattern), *ignoring_case))
            }
            ExprKind::ListTest { negated, quantity, value: tested, candidates, ignoring_case } => {
                negated_if(*negated, list_test(*quantity, &value(tested), &values(candidates), *ignoring_case))
            }
            ExprKind::Within { negated, anniversary, value: tested, direction, span } => {
                let next = *direction == Direction::Next;
                let within = |day| self.calendar.is_within(day, *span, next, *anniversary);
                negated_if(*negated, self.day(&value(tested)).map(within))
            }
            ExprKind::Call { function, arguments } => self.call(&function.text, &values(arguments)),
            ExprKind::Windowed { metric, window } => self.eval(metric, scope, &pushed.with_window(window.clone())),
            ExprKind::Filtered { metric, filter } => self.eval(metric, scope, &pushed.with_filter(filter)),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, scope, pushed),
            ExprKind::Quantified(quantified) => Value::Bool(self.quantified(quantified, scope)),
            ExprKind::Sequence(sequence) => Value::Bool(self.has_sequence(sequence, scope)),
            ExprKind::InSegment { negated, segment } => {
                let Scope::Subject { key, .. } = scope else { panic!("only a subject is in a segment") };
                Value::Bool(self.is_member(&members::name_of(segment), key) != *negated)
            }
            ExprKind::InFile { negated, value: tested, file, ignoring_case } => {
                let held = match tested {
                    Some(tested) => self.is_listed(file, tested, &value(tested), *ignoring_case),
                    None => Some(self.is_key_listed(file, scope)),
                };
                negated_if(*negated, held)
            }
            ExprKind::Ranked(ranked) => self.ranked(ranked, scope),
            ExprKind::Top(top) => Value::Bool(self.is_at_the_top(top, scope)),
            ExprKind::Sample { share, salt } => Value::Bool(self.is_sampled(share, salt, scope)),
            ExprKind::Error => panic!("an expression that could not be read"),
        }
    }

    fn literal(&self, literal: &Literal) -> Value {
        match literal {
            Literal::Bool(truth) => Value::Bool(*truth),
            Literal::Number(number) => Value::Number(literal_number(number)),
            Literal::Percent(number) => Value::Number(literal_number(number) / BigRational::from_integer(100.into())),
            Literal::Text(text) => Value::Text(text.clone()),
            Literal::Date(date) => Value::Date(*date),
            Literal::Local(local) => Value::Instant(time::instant(self.calendar.zone, *local)),
            Literal::Instant(at) => Value::Instant(at.timestamp_micros()),
            Literal::Duration(span) => Value::Span(*span),
        }
    }

    /// A comparison; unknown where an operand is.
    pub fn compared(&self, op: CompareOp, left: &Value, right: &Value, ignoring_case: bool) -> Option<bool> {
        let folded = |value: &Value| match value {
            Value::Text(text) if ignoring_case && self.is(Mutant::FoldingLowers) => Value::Text(text.to_lowercase()),
            Value::Text(text) if ignoring_case => Value::Text(text::fold(text)),
            Value::Root(_) if self.is(Mutant::DeviationRounded) => Value::Number(self.number(value)),
            Value::Date(date) if self.is(Mutant::DateIsItsMidnight) => {
                Value::Instant(time::start_of_day(self.calendar.zone, *date))
            }
            other => other.clone(),
        };
        let order = match (left, right) {
            (Value::Text(left), Value::Text(right)) if !ignoring_case && self.is(Mutant::TextByUtf16) => {
                Some(left.encode_utf16().cmp(right.encode_utf16()))
            }
            _ => number::compare(&folded(left), &folded(right), &self.calendar),
        };
        let Some(order) = order else {
            return (op == CompareOp::NotEqual && self.is(Mutant::NotEqualOfUnknownTrue)).then_some(true);
        };
        Some(match op {
            CompareOp::Equal => order == Ordering::Equal,
            CompareOp::NotEqual => order != Ordering::Equal,
            CompareOp::Less => order == Ordering::Less,
            CompareOp::LessOrEqual => order != Ordering::Greater,
            CompareOp::Greater => order == Ordering::Greater,
            CompareOp::GreaterOrEqual => order != Ordering::Less,
        })
    }

    /// `any`, `none`, `every`: never unknown.
    fn quantified(&self, quantified: &Quantified, scope: Scope<'_>) -> bool {
        let rows = self.rows(&quantified.rows, scope, self.nothing_pushed());
        match quantified.quantifier {
            Quantifier::Any => !rows.is_empty(),
            Quantifier::None => rows.is_empty(),
            Quantifier::Every => {
                let have = quantified.have.as_ref().expect("`every` has a `have`");
                let Scope::Subject { kind, .. } = scope else { panic!("only a subject has rows") };
                let table = self.table(&quantified.rows.table.text, kind);
                let nothing = rows.is_empty() && self.is(Mutant::EveryOfNothingFalse);
                rows.iter().all(|row| self.of_row(&table, row, have).as_truth() == Some(true)) && !nothing
            }
        }
    }
}

/// Three-valued `and`.
fn all(truths: &[Option<bool>]) -> Option<bool> {
    if truths.contains(&Some(false)) {
        return Some(false);
    }
    if truths.contains(&None) { None } else { Some(true) }
}

/// Three-valued `or`.
fn any(truths: &[Option<bool>]) -> Option<bool> {
    if truths.contains(&Some(true)) {
        return Some(true);
    }
    if truths.contains(&None) { None } else { Some(false) }
}

fn negated_if(negated: bool, truth: Option<bool>) -> Value {
    Value::truth(truth.map(|truth| truth != negated))
}

fn text_test(op: TextOp, tested: &Value, pattern: &Value, ignoring_case: bool) -> Option<bool> {
    match (tested, pattern) {
        (Value::Unknown, _) | (_, Value::Unknown) => None,
        (Value::Text(tested), Value::Text(pattern)) => Some(text::test(op, tested, pattern, ignoring_case)),
        (Value::List(list), Value::Text(one)) if op == TextOp::Contains => {
            Some(text::list_has(list, one, ignoring_case))
        }
        _ => panic!("{tested:?} is not text"),
    }
}

fn list_test(quantity: ListQuantity, tested: &Value, candidates: &[Value], ignoring_case: bool) -> Option<bool> {
    let Value::List(list) = tested else {
        assert!(!tested.is_known(), "{tested:?} is not a list");
        return None;
    };
    let candidate = |value: &Value| match value {
        Value::Text(text) => text.clone(),
        other => panic!("{other:?} is not text"),
    };
    let candidates: Vec<String> = candidates.iter().map(candidate).collect();
    Some(text::list_has_many(list, &candidates, quantity, ignoring_case))
}
