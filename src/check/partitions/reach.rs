//! Tiers that nobody reaches, because whoever fits them fits one above.

use super::super::{Checker, Code, Diagnostic};
use crate::catalog::model::TierDef;
use crate::ir::{Node, NodeId, Value};
use crate::syntax::ast::CompareOp;

impl Checker<'_> {
    /// Warns of each tier whose condition only holds where that of a tier above holds.
    pub(super) fn warn_of_unreached(&mut self, tiers: &[TierDef], conditions: &[Option<NodeId>]) {
        for (at, (tier, condition)) in tiers.iter().zip(conditions).enumerate() {
            let Some(condition) = condition else { continue };
            let above = tiers.iter().zip(conditions).take(at);
            let first = above.into_iter().find(|(_, above)| above.is_some_and(|above| self.implies(*condition, above)));
            let Some((first, _)) = first else { continue };
            let same = conditions.iter().take(at).any(|above| *above == Some(*condition));
            let message =
                format!("nobody is in `{}`: whoever fits it is in `{}` already", tier.name.text, first.name.text);
            let help = match same {
                true => "the first tier that holds counts: give the two different conditions, or leave one out",
                false => "the first tier that holds counts: write the one that is hardest to reach first",
            };
            let diagnostic = Diagnostic::new(Code::Unused, tier.name.span, message);
            self.out.push(diagnostic.also(first.name.span, "this tier comes first").help(help));
        }
    }

    /// Whether wherever the one is true the other is true too, as far as can be seen: each part of the other is a part of the one,
    /// or a bound that is no narrower.
    fn implies(&self, one: NodeId, other: NodeId) -> bool {
        let parts = self.parts_of_and(one);
        self.parts_of_and(other).iter().all(|wanted| parts.iter().any(|part| self.part_implies(*part, *wanted)))
    }

    fn parts_of_and(&self, node: NodeId) -> Vec<NodeId> {
        match self.ir.node(node) {
            Node::And(of) => of.clone(),
            _ => vec![node],
        }
    }

    fn part_implies(&self, one: NodeId, other: NodeId) -> bool {
        if one == other {
            return true;
        }
        let (Some((value, op, bound)), Some((other_value, other_op, other_bound))) =
            (self.bound(one), self.bound(other))
        else {
            return false;
        };
        let Some(order) = order(bound, other_bound).filter(|_| value == other_value) else { return false };
        match (op, other_op) {
            (CompareOp::Greater, CompareOp::Greater | CompareOp::GreaterOrEqual)
            | (CompareOp::GreaterOrEqual | CompareOp::Equal, CompareOp::GreaterOrEqual) => order.is_ge(),
            (CompareOp::GreaterOrEqual | CompareOp::Equal, CompareOp::Greater) => order.is_gt(),
            (CompareOp::Less, CompareOp::Less | CompareOp::LessOrEqual)
            | (CompareOp::LessOrEqual | CompareOp::Equal, CompareOp::LessOrEqual) => order.is_le(),
            (CompareOp::LessOrEqual | CompareOp::Equal, CompareOp::Less) => order.is_lt(),
            _ => false,
        }
    }

    /// A value, and the constant that it is compared with.
    fn bound(&self, node: NodeId) -> Option<(NodeId, CompareOp, &Value)> {
        let Node::Compare(op, value, bound) = self.ir.node(node) else { return None };
        match self.ir.node(*bound) {
            Node::Constant(constant) => Some((*value, *op, constant)),
            _ => None,
        }
    }
}

/// Which of two constants comes first; none: they are of two types, or of one without an order.
pub(super) fn order(a: &Value, b: &Value) -> Option<std::cmp::Ordering> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Instant(a), Value::Instant(b)) | (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
        _ => None,
    }
}
