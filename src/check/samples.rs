//! Samples: a stable share of the subjects, told by a digest of their keys.

use num_bigint::BigInt;
use num_rational::BigRational;
use rust_decimal::Decimal;

use super::numbers::rational;
use super::typed::Typed;
use super::{Checker, Code, Context, Diagnostic, Scope, with_article};
use crate::ir::{Node, NodeId, SubjectId, Type, Value};
use crate::source::Span;
use crate::syntax::ast::CompareOp;

impl Checker<'_> {
    /// `sample(10%, 'holdout-2026')`
    pub(super) fn sample(&mut self, share: Decimal, salt: &str, span: Span, context: Context<'_>) -> Option<Typed> {
        let Scope::Subject(subject) = context.scope else {
            let kind = self.catalog.subjects.first().map_or("customer", |def| def.name.text.as_str());
            let message = "a sample is of subjects, not of rows";
            let help = format!(
                "name it under `attributes:`, and use it among rows as `{kind}.name`: {}'s rows are then all in or all out",
                with_article(kind)
            );
            return self.fail(Diagnostic::new(Code::WrongKind, span, message).help(help));
        };
        let node = self.drawn(subject, salt, (Decimal::ZERO, share));
        Some(Typed::new(node, Type::Bool))
    }

    /// Whether the digest of a subject's key lies from one share on, up to another, in per cent of all that there can be.
    pub(super) fn drawn(&mut self, subject: SubjectId, salt: &str, (from, to): (Decimal, Decimal)) -> NodeId {
        let keys = self.key_nodes(subject);
        let hash = self.ir.add(Node::KeyHash { keys, salt: salt.to_owned() });
        let mut compare = |op, percent: Decimal| {
            let bound = rational(percent) * BigRational::new(BigInt::from(1) << 64, BigInt::from(100));
            let bound = self.ir.add(Node::Constant(Value::Number(bound)));
            self.ir.add(Node::Compare(op, hash, bound))
        };
        let above = (!from.is_zero()).then(|| compare(CompareOp::GreaterOrEqual, from));
        let below = compare(CompareOp::Less, to);
        self.and(above.into_iter().chain([below])).unwrap_or(below)
    }

    /// The parts of a subject's key, in its scope.
    pub(super) fn key_nodes(&mut self, subject: SubjectId) -> Vec<NodeId> {
        let made = self.ir.subject(subject).clone();
        match made.table {
            Some(_) => made.keys.iter().map(|key| self.ir.add(Node::SubjectValue(subject, *key))).collect(),
            None => (0..made.key_types.len() as u32).map(|part| self.ir.add(Node::Key(subject, part))).collect(),
        }
    }
}
