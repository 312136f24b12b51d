//! What tests expect: segments by name, keys of their kind of subject.

use super::super::written::written_value;
use super::super::{Checker, Code, Diagnostic, listed, with_article};
use crate::catalog::model::Placed;
use crate::ir::{Expected, Expecting, SegmentId, SubjectId, TestKey, Type, Value};
use crate::rules::model::{ExpectDef, Expectation, KeyDef, KeyParts};
use crate::source::Span;

impl Checker<'_> {
    /// None if something is wrong, and that has been said.
    pub(super) fn expected(&mut self, def: &ExpectDef) -> Option<Vec<Expected>> {
        let segment = self.segment_of_test(def)?;
        let subject = self.ir.segment(segment).subject;
        let what: Vec<Option<Expected>> = def
            .what
            .iter()
            .map(|(span, what)| Some(Expected { segment, span: *span, what: self.expecting(subject, what)? }))
            .collect();
        let what: Vec<Expected> = what.into_iter().collect::<Option<_>>()?;
        self.contradiction(&what);
        Some(what)
    }

    fn segment_of_test(&mut self, def: &ExpectDef) -> Option<SegmentId> {
        let full = def.segment.parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(".");
        if let Some(id) = self.segment_names.get(full.as_str()) {
            return Some(*id);
        }
        // What is not there is reported as where rules refer to it.
        self.member(&def.segment, SubjectId(0)).map(|(id, _)| id)
    }

    fn expecting(&mut self, subject: SubjectId, what: &Expectation) -> Option<Expecting> {
        Some(match what {
            Expectation::Exactly(keys) => Expecting::Exactly(self.keys(subject, keys)?),
            Expectation::Has(keys) => Expecting::Has(self.keys(subject, keys)?),
            Expectation::Lacks(keys) => Expecting::Lacks(self.keys(subject, keys)?),
            Expectation::Entered(keys) => Expecting::Entered(self.keys(subject, keys)?),
            Expectation::Left(keys) => Expecting::Left(self.keys(subject, keys)?),
            Expectation::Count(count) => Expecting::Count(*count),
        })
    }

    fn keys(&mut self, subject: SubjectId, defs: &[KeyDef]) -> Option<Vec<TestKey>> {
        let made = self.ir.subject(subject);
        let (kind, names, types) = (made.name.clone(), made.key_names.clone(), made.key_types.clone());
        let mut keys: Vec<TestKey> = Vec::with_capacity(defs.len());
        let mut sound = true;
        for def in defs {
            let parts = self.in_order(&kind, &names, def).and_then(|parts| self.key_values(&kind, &types, &parts));
            let Some(parts) = parts else {
                sound = false;
                continue;
            };
            if let Some(first) = keys.iter().find(|key| key.parts == parts) {
                let message = "this key is listed twice".to_owned();
                let finding =
                    Diagnostic::new(Code::BadArgument, def.span, message).also(first.span, "first listed here");
                self.out.push(finding.help("remove one of the two, or correct it"));
                sound = false;
                continue;
            }
            keys.push(TestKey { span: def.span, parts });
        }
        sound.then_some(keys)
    }

    /// The parts of a key in the order that it has.
    fn in_order(&mut self, kind: &str, names: &[String], def: &KeyDef) -> Option<Vec<Placed<String>>> {
        let columns = || listed(names.iter().map(String::as_str));
        let found = match &def.parts {
            KeyParts::InOrder(parts) if parts.len() == names.len() => Some(parts.clone()),
            KeyParts::InOrder(_) => None,
            KeyParts::Named(parts) => {
                let part = |name: &String| parts.iter().find(|(column, _)| column.value == *name).map(|(_, part)| part);
                let all = parts.len() == names.len();
                names.iter().map(|name| part(name).cloned()).collect::<Option<Vec<_>>>().filter(|_| all)
            }
        };
        if found.is_some() {
            return found;
        }
        let message = format!("the key of {} is {}, and something else stands here", with_article(kind), columns());
        let finding = Diagnostic::new(Code::BadArgument, def.span, message);
        self.fail(match names.len() {
            1 => finding.help("write the key alone: `[C1, C2]`"),
            _ => {
                let form = names.iter().map(|name| format!("{name}: …")).collect::<Vec<_>>().join(", ");
                finding.help(format!("write a list of its parts in that order, or `{{ {form} }}`"))
            }
        })
    }

    fn key_values(&mut self, kind: &str, types: &[Type], parts: &[Placed<String>]) -> Option<Vec<Value>> {
        let values: Vec<Option<Value>> = parts
            .iter()
            .zip(types)
            .map(|(part, ty)| {
                let value = written_value(*ty, &part.value);
                if value.is_none() {
                    let message =
                        format!("the key of {} is a {ty}, and `{}` is not one", with_article(kind), part.value);
                    self.out.push(Diagnostic::new(Code::TypeMismatch, part.span, message));
                }
                value
            })
            .collect();
        values.into_iter().collect()
    }

    /// Somebody who must be there and must not.
    fn contradiction(&mut self, what: &[Expected]) {
        let named = |wanted: fn(&Expecting) -> Option<&Vec<TestKey>>| {
            what.iter().filter_map(move |one| wanted(&one.what)).flatten().collect::<Vec<_>>()
        };
        let there = named(|what| match what {
            Expecting::Has(keys) | Expecting::Exactly(keys) | Expecting::Entered(keys) => Some(keys),
            _ => None,
        });
        let gone = named(|what| match what {
            Expecting::Lacks(keys) | Expecting::Left(keys) => Some(keys),
            _ => None,
        });
        let both: Option<(Span, Span)> = gone
            .iter()
            .find_map(|key| there.iter().find(|other| other.parts == key.parts).map(|other| (key.span, other.span)));
        if let Some((span, other)) = both {
            let finding = Diagnostic::new(Code::BadArgument, span, "this key must be a member and must not be one");
            self.out.push(finding.also(other, "a member here").help("keep one of the two"));
        }
    }
}
