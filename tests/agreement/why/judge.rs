//! What the naive interpreter says of what is told in words: a condition, a value, a set of rows, each as its text has it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use kohort::engine::why::{Known, Truth};
use kohort::ir;
use kohort::source::{FileId, Text};
use kohort::syntax::ast::{Expr, ExprKind, Rows};
use kohort::syntax::{parse_expression, print};

use super::super::super::differential::oracle::{self, Oracle};
use super::super::super::differential::value::Value;
use super::super::standing::Key;

/// The interpreter, asked about the subjects of one kind.
pub struct Judge<'o> {
    pub oracle: Oracle<'o>,
    pub kind: String,
    /// By text the value for every subject.
    known: RefCell<HashMap<String, HashMap<Key, Value>>>,
}

/// A value as the interpreter has it.
#[derive(Debug)]
pub enum Judged {
    Value(Value),
    /// The text is no expression.
    NoExpression,
    /// Something in it does not fit.
    Unfit,
}

/// The tree of a text; none: it is no expression.
pub fn expression(text: &str) -> Option<Expr> {
    let mut problems = Vec::new();
    let expr = parse_expression(&Text::verbatim(FileId(0), 0, text), &mut problems);
    (problems.is_empty() && !matches!(expr.kind, ExprKind::Error)).then_some(expr)
}

/// Rows without their filter, and without their window too; none: the text is no rows.
pub fn wider(rows: &str) -> Option<(String, String)> {
    let Expr { kind: ExprKind::Quantified(mut quantified), span } = expression(&format!("any({rows})"))? else {
        return None;
    };
    let mut written = |drop: fn(&mut Rows)| {
        drop(&mut quantified.rows);
        let text = print(&Expr { kind: ExprKind::Quantified(quantified.clone()), span });
        Some(text.strip_prefix("any(")?.strip_suffix(')')?.to_owned())
    };
    Some((written(|rows| rows.filter = None)?, written(|rows| rows.window = None)?))
}

/// The interpreter's key by its parts.
pub fn parts(key: &oracle::Key) -> Key {
    key.iter().map(ToString::to_string).collect()
}

impl<'o> Judge<'o> {
    pub fn new(oracle: Oracle<'o>, kind: &str) -> Self {
        Judge { oracle, kind: kind.to_owned(), known: RefCell::default() }
    }

    /// The value of an expression for a subject.
    pub fn value(&self, text: &str, key: &Key) -> Result<Judged, String> {
        if let Some(values) = self.known.borrow().get(text) {
            return Ok(Judged::Value(values[key].clone()));
        }
        let Some(expr) = expression(text) else { return Ok(Judged::NoExpression) };
        let values = || self.oracle.noting(|| self.oracle.values(&self.kind, &expr));
        let (values, unfit) = catch_unwind(AssertUnwindSafe(values))
            .map_err(|_| format!("the interpreter can make nothing of `{text}`"))?;
        if unfit {
            return Ok(Judged::Unfit);
        }
        let values: HashMap<Key, Value> = values.into_iter().map(|(key, value)| (parts(&key), value)).collect();
        let value = values[key].clone();
        self.known.borrow_mut().insert(text.to_owned(), values);
        Ok(Judged::Value(value))
    }
}

/// Whether a value that is told is the interpreter's.
pub fn is_same(told: &Known, value: &Value) -> bool {
    match (told, value) {
        (Known::Unknown, Value::Unknown) => true,
        (Known::Texts(told), Value::List(list)) => told == list,
        (Known::Value(ir::Value::Bool(told)), Value::Bool(truth)) => told == truth,
        (Known::Value(ir::Value::Number(told)), value) => oracle::rounded(value).as_ref() == Some(told),
        (Known::Value(ir::Value::Text(told)), Value::Text(text)) => told == text,
        (Known::Value(ir::Value::Date(told)), Value::Date(date)) => told == date,
        (Known::Value(ir::Value::Instant(told)), Value::Instant(instant)) => told == instant,
        (Known::Value(ir::Value::Duration(told)), value) if value.is_known() => {
            oracle::whole_micros(value) == num_rational::BigRational::from_integer((*told).into())
        }
        _ => false,
    }
}

/// Whether a truth that is told is the interpreter's.
pub fn is_as_true(told: Truth, value: &Value) -> bool {
    let truth = match value {
        Value::Bool(true) => Truth::True,
        Value::Bool(false) => Truth::False,
        _ => Truth::Unknown,
    };
    told == truth
}
