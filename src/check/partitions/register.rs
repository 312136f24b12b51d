//! Names of partitions and of their groups, known before anything in them is looked at.

use super::Registered;
use crate::catalog::model::{AttributeDef, PartitionDef, PartitionKind};
use crate::check::{Checker, Code, Diagnostic, Slot};
use crate::ir::{Partition, PartitionForm, PartitionId, SubjectId};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Ident};
use crate::syntax::print;

/// So many groups a partition may have.
const MAX_GROUPS: usize = 1_000;

/// A group by name.
pub(in crate::check) struct Named {
    /// Behind the dot.
    pub name: String,
    /// What people call it.
    pub label: Option<String>,
    /// Where it is named.
    pub span: Span,
}

impl<'a> Checker<'a> {
    /// Registers a partition and its groups.
    pub(in crate::check) fn register_partition(&mut self, def: &'a PartitionDef) {
        let subject = match &def.of {
            Some(of) => self.subject_named(of),
            None => Some(SubjectId(0)),
        };
        let named = self.group_names(def);
        let id = PartitionId(self.ir.partitions.len() as u32);
        let at = self.partition_defs.len();
        self.ir.partitions.push(Partition {
            name: def.name.text.clone(),
            label: def.label.clone(),
            subject: subject.unwrap_or(SubjectId(0)),
            within: None,
            parts: Vec::new(),
            form: PartitionForm::Tiers,
            span: def.name.span,
        });
        let registered = Registered { def, subject, id };
        self.partition_defs.push(registered);
        self.partition_slots.push((subject.is_none() || named.is_none()).then_some(Slot::Failed));
        if let Some(other) = self.partition_names.get(def.name.text.as_str()) {
            let other = self.partition_defs[*other].def.name.span;
            let message = format!("there is a `{}` already", def.name.text);
            let diagnostic = Diagnostic::new(Code::NameTaken, def.name.span, message).also(other, "the other one");
            self.out.push(diagnostic.help("give one of them another name: its groups are named by it"));
        } else {
            self.partition_names.insert(&def.name.text, at);
        }
        for group in named.unwrap_or_default() {
            self.register_part(id, at, group);
        }
    }

    fn group_names(&mut self, def: &'a PartitionDef) -> Option<Vec<Named>> {
        let plain = |name: &Ident, label: &Option<String>| Named {
            name: name.text.clone(),
            label: label.clone(),
            span: name.span,
        };
        let named: Vec<Named> = match &def.kind {
            PartitionKind::Tiers(tiers) => tiers.iter().map(|tier| plain(&tier.name, &tier.label)).collect(),
            PartitionKind::Chart(chart) => chart.groups.iter().map(|group| plain(&group.name, &group.label)).collect(),
            PartitionKind::Bands(bands) => self.band_names(bands)?,
            PartitionKind::Values(is) => {
                let values = self.closed_values(def, is)?.values.as_deref().unwrap_or_default();
                values.iter().map(|value| Named { name: value.value.clone(), label: None, span: is.span }).collect()
            }
        };
        if named.len() <= MAX_GROUPS {
            return Some(named);
        }
        let message = format!("`{}` has {} groups, and {MAX_GROUPS} are the most", def.name.text, named.len());
        self.fail(Diagnostic::new(Code::TooLarge, def.name.span, message).help("divide by something with fewer values"))
    }

    /// Whether a name is that of tiers, bands or a chart, registered already or not.
    fn is_divided(&self, name: &Ident) -> bool {
        let all = self.catalog.partitions.iter().chain(self.rules.iter().flat_map(|file| &file.partitions));
        all.into_iter().any(|def| def.makes_attribute() && def.name == *name)
    }

    /// The attribute with a closed set that a partition is by.
    fn closed_values(&mut self, def: &PartitionDef, is: &Expr) -> Option<&'a AttributeDef> {
        let catalog = self.catalog;
        let name = match &is.kind {
            ExprKind::Error => return None,
            ExprKind::Name(path) if path.parts.len() == 1 => path.parts.first(),
            _ => None,
        };
        let Some(name) = name else {
            let message = "a partition is by an attribute that has a closed set of values";
            let help =
                format!("give `{}` a name under `attributes:`, with its `values:`, and write that here", print(is));
            return self.fail(Diagnostic::new(Code::BadArgument, is.span, message).help(help));
        };
        match self.attributes.get(name.text.as_str()).map(|at| &catalog.attributes[*at]) {
            Some(def) if def.values.is_some() => Some(def),
            Some(def) => {
                let message = format!("`{}` has no closed set of values, so its groups cannot be named", name.text);
                let help = "list them where it is defined: `values: [ … ]`";
                let diagnostic = Diagnostic::new(Code::BadArgument, is.span, message).help(help);
                self.fail(diagnostic.also(def.name.span, "defined here"))
            }
            None if self.metrics.contains_key(name.text.as_str()) => {
                let message = format!("`{}` is a number: it is divided into bands, not into its values", name.text);
                let help = format!("write `bands: {{ {}: [0, 1_000] }}`", name.text);
                self.fail(Diagnostic::new(Code::WrongKind, is.span, message).help(help))
            }
            // Two that are divided have one name: that is said of the names.
            None if self.is_divided(name) && def.name == *name => None,
            None if self.is_divided(name) => {
                let message = format!("`{}` is divided into groups already", name.text);
                let help =
                    format!("ask `in {}.…`, and leave this partition out", crate::syntax::print_name(&name.text));
                self.fail(Diagnostic::new(Code::WrongKind, is.span, message).help(help))
            }
            None => {
                let closed = catalog.attributes.iter().filter(|def| def.values.is_some());
                let names: Vec<&str> = closed.map(|def| def.name.text.as_str()).collect();
                let message = format!("there is no attribute `{}` with a closed set of values", name.text);
                let diagnostic = Diagnostic::new(Code::UnknownName, is.span, message);
                self.fail(match self.near(&name.text, names.iter().copied()) {
                    Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), crate::syntax::print_name(near)),
                    None => {
                        let name = &name.text;
                        diagnostic.help(format!(
                            "define one in the catalogue: `attributes: {{ {name}_group: {{ is: {name}, values: [ … ] }} }}`"
                        ))
                    }
                })
            }
        }
    }
}
