//! Closed sets: the only values that an attribute can have.

use std::rc::Rc;

use super::typed::{ClosedSet, Typed};
use super::{Checker, Code, Diagnostic};
use crate::catalog::model::Placed;
use crate::ir::{Node, Type, Value};
use crate::syntax::ast::{Expr, Ident};

impl Checker<'_> {
    /// A value that can only be one of some.
    pub(super) fn with_set(&mut self, typed: Typed, values: Option<&[Placed<String>]>, name: &Ident) -> Option<Typed> {
        let Some(values) = values else { return Some(typed) };
        for value in values {
            if set_value(typed.ty, &value.value).is_none() {
                let message = format!("`{}` is a {}, and `{}` is not one", name.text, typed.ty, value.value);
                let help = match typed.ty {
                    Type::Number => "list numbers only",
                    _ => "only texts and numbers have `values:`",
                };
                return self.fail(Diagnostic::new(Code::TypeMismatch, value.span, message).help(help));
            }
        }
        let values: Vec<String> = values.iter().map(|value| value.value.clone()).collect();
        self.note_closed_set(&name.text, &typed, &values);
        Some(Typed { set: Some(Rc::new(ClosedSet { of: name.text.clone(), values })), ..typed })
    }

    /// Remembers how to tell a value that the set does not have: data is reported against it.
    fn note_closed_set(&mut self, name: &str, typed: &Typed, values: &[String]) {
        let set = values.iter().filter_map(|text| set_value(typed.ty, text)).collect();
        let value = self.plain(typed);
        let inside = self.ir.add(Node::InSet(value, set));
        let outside = self.ir.add(Node::Not(inside));
        self.ir.closed_sets.push((name.to_owned(), value, outside));
    }

    /// Holds a constant to a closed set.
    pub(super) fn in_set(&mut self, set: &ClosedSet, value: &Value, ignoring_case: bool, written: &Expr) -> Option<()> {
        let found = match value {
            Value::Text(text) if ignoring_case => {
                let folded = folded(text);
                set.values.iter().any(|value| self::folded(value) == folded)
            }
            Value::Text(text) => set.values.iter().any(|value| value == text),
            Value::Number(_) => set.values.iter().any(|text| set_value(Type::Number, text).as_ref() == Some(value)),
            _ => true,
        };
        if found {
            return Some(());
        }
        let shown = match value {
            Value::Text(text) => text.clone(),
            _ => crate::syntax::print(written),
        };
        let message = format!("`{}` is never `{shown}`", set.of);
        let diagnostic = Diagnostic::new(Code::NotInSet, written.span, message);
        let values = set.values.iter().map(String::as_str);
        let near = match value {
            Value::Text(_) => super::nearest(&shown, values.clone()),
            _ => None,
        };
        let diagnostic = match near {
            Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), format!("'{}'", near.replace('\'', "''"))),
            None => diagnostic.help(format!("its values are {}", super::listed(values))),
        };
        self.fail(diagnostic)
    }
}

/// A value of a closed set of a type; none: it is not of the type, or values of the type are not listed.
pub(super) fn set_value(ty: Type, text: &str) -> Option<Value> {
    match ty {
        Type::Text => Some(Value::Text(text.to_owned())),
        Type::Number => text.parse().ok().map(|number| Value::Number(super::numbers::rational(number))),
        _ => None,
    }
}

fn folded(text: &str) -> String {
    use unicode_casefold::UnicodeCaseFold;
    text.case_fold().collect()
}
