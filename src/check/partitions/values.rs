//! Partitions by a closed attribute: a group for each of its values.

use super::Groups;
use crate::catalog::model::PartitionDef;
use crate::check::written::written_value;
use crate::check::{Checker, Code, Context, Diagnostic};
use crate::ir::{Node, PartitionForm};
use crate::syntax::ast::{CompareOp, Expr};
use crate::syntax::print;

/// So many values an attribute may have to be divided by.
const MAX_VALUES: usize = 1_000;

impl Checker<'_> {
    /// A group for each value of a closed set.
    pub(super) fn value_groups(&mut self, def: &PartitionDef, is: &Expr, context: Context<'_>) -> Option<Groups> {
        let typed = self.value(is, context)?;
        let Some(set) = typed.set.clone() else {
            let written = print(is);
            let message =
                format!("`{written}` has no closed set of values, so there is no telling which groups there are");
            let help =
                format!("name its values in the catalogue: `attributes: {{ {written}: {{ …, values: [ … ] }} }}`");
            return self.fail(Diagnostic::new(Code::BadArgument, is.span, message).help(help));
        };
        if set.values.len() > MAX_VALUES {
            let message =
                format!("`{}` has {} values, and a partition at most {MAX_VALUES} groups", set.of, set.values.len());
            let help = "group them by an attribute with fewer values";
            return self.fail(Diagnostic::new(Code::TooLarge, def.name.span, message).help(help));
        }
        let value = self.plain(&typed);
        let mut conditions = Vec::new();
        for text in &set.values {
            let constant = written_value(typed.ty, text)?;
            let constant = self.ir.add(Node::Constant(constant));
            conditions.push(self.ir.add(Node::Compare(CompareOp::Equal, value, constant)));
        }
        Some(Groups { conditions, whole: false, form: PartitionForm::Values })
    }
}
