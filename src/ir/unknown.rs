//! Which expressions can be unknown, as far as their form tells.

use super::{Aggregation, Ir, Node, NodeId, RankForm, Value};

impl Ir {
    /// Whether a value may be unknown for somebody. Columns may always be: what the data promises is not looked at.
    pub fn may_be_unknown(&self, root: NodeId) -> bool {
        let mut pending = vec![root];
        while let Some(id) = pending.pop() {
            match self.node(id) {
                Node::Unknown(_)
                | Node::Column(..)
                | Node::Lookup(..)
                | Node::OfSubject { .. }
                | Node::GroupKey(..)
                | Node::Number(_)
                | Node::Gap(_)
                | Node::Earlier { .. }
                | Node::Bucket { .. }
                | Node::Choose(_)
                | Node::ShiftDate(..)
                | Node::ShiftInstant(..)
                | Node::AddElapsed(..)
                | Node::Elapsed(_)
                | Node::DivideDuration(..) => return true,
                Node::SubjectValue(subject, value) => {
                    if !self.subject(*subject).keys.contains(value) {
                        return true;
                    }
                }
                Node::Feature(feature) => {
                    use Aggregation::{Count, CountDistinct, ModeCount, Sum};
                    if !matches!(self.feature(*feature).aggregation, Count | CountDistinct | Sum | ModeCount) {
                        return true;
                    }
                }
                Node::Rank(_, form) => {
                    if !matches!(form, RankForm::Highest(_) | RankForm::Lowest(_)) {
                        return true;
                    }
                }
                Node::Divide(above, below) => {
                    let zero = num_rational::BigRational::from(num_bigint::BigInt::from(0));
                    match self.node(*below) {
                        Node::Constant(Value::Number(number)) if *number != zero => pending.push(*above),
                        _ => return true,
                    }
                }
                // Never unknown, whatever they are made of.
                Node::Sequence(_) | Node::Member(_) | Node::IsKnown(_) | Node::IsTrue(_) => {}
                // Known as soon as one of them is.
                Node::Coalesce(of) => {
                    if of.iter().all(|value| self.may_be_unknown(*value)) {
                        return true;
                    }
                }
                _ => pending.extend(self.operands(id)),
            }
        }
        false
    }
}
