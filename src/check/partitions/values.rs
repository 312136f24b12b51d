//! Partitions by a closed attribute: a group for each of its values.

use std::collections::HashSet;

use super::Groups;
use crate::check::definitions::set_value;
use crate::check::{Checker, Code, Context, Diagnostic};
use crate::ir::{Node, PartitionForm};
use crate::syntax::ast::{CompareOp, Expr};

impl Checker<'_> {
    /// A group for each value of a closed set.
    pub(super) fn value_groups(&mut self, is: &Expr, context: Context<'_>) -> Option<Groups> {
        let typed = self.value(is, context)?;
        // Without one the groups could not be named, and that has been said.
        let set = typed.set.clone()?;
        let value = self.plain(&typed);
        let mut seen = HashSet::new();
        let mut conditions = Vec::new();
        for text in &set.values {
            let constant = set_value(typed.ty, text)?;
            if !seen.insert(constant.clone()) {
                let message = format!("`{}` has the value `{text}` twice, and a group for each", set.of);
                let help = "list each value once under `values:`";
                return self.fail(Diagnostic::new(Code::BadArgument, is.span, message).help(help));
            }
            let constant = self.ir.add(Node::Constant(constant));
            conditions.push(self.ir.add(Node::Compare(CompareOp::Equal, value, constant)));
        }
        Some(Groups { conditions, whole: false, form: PartitionForm::Values })
    }
}
