//! Partitions: tiers, bands, values of a closed attribute, charts of scores. Their groups are segments, nobody is in two of them, and
//! most of them are an attribute too, whose values are the groups' names.
//!
//! ```text
//! tiers: { loyalty: { gold: spend > 900, bronze: otherwise } }
//!   segment   loyalty.gold     spend > 900
//!   segment   loyalty.bronze   not (spend > 900 is true)
//!   attribute loyalty          choose (in loyalty.gold → 'gold', in loyalty.bronze → 'bronze')
//! ```

mod bands;
mod charts;
mod reach;
mod register;
mod tiers;
mod values;

pub(super) use register::Named;

use std::rc::Rc;

use super::typed::{ClosedSet, Typed};
use super::{Checker, Code, Context, Diagnostic, Scope, Slot};
use crate::catalog::model::{PartitionDef, PartitionKind};
use crate::ir::{Node, NodeId, PartitionForm, PartitionId, SegmentId, SubjectId, Type, Value};
use crate::source::Span;
use crate::syntax::ast::Ident;

/// A partition under way.
#[derive(Clone, Copy)]
pub(super) struct Registered<'a> {
    /// Its definition.
    pub def: &'a PartitionDef,
    /// Of which kind of subject; none: that kind does not exist, and that has been said.
    pub subject: Option<SubjectId>,
    /// Where it is among the project's partitions.
    pub id: PartitionId,
}

/// The groups of a partition.
#[derive(Clone, Debug)]
pub(super) struct Groups {
    /// In order, who is in each: exclusive of each other. A Bool each.
    pub conditions: Vec<NodeId>,
    /// Whoever there is is in one of them.
    pub whole: bool,
    /// How they are told.
    pub form: PartitionForm,
}

impl<'a> Checker<'a> {
    /// Makes every partition that nothing has asked for yet.
    pub(super) fn partitions(&mut self) {
        for at in 0..self.partition_defs.len() {
            self.groups(at);
        }
    }

    /// The groups of a partition, made on first use.
    pub(super) fn groups(&mut self, at: usize) -> Option<Groups> {
        let registered = self.partition_defs[at];
        match &self.partition_slots[at] {
            Some(Slot::Done(groups)) => return Some(groups.clone()),
            Some(Slot::Failed) => return None,
            Some(Slot::Busy) => {
                let name = &registered.def.name;
                let message = format!("`{}` is defined by itself", name.text);
                let help = "its definition leads back to it: break the circle";
                return self.fail(Diagnostic::new(Code::Cycle, name.span, message).help(help));
            }
            None => {}
        }
        self.partition_slots[at] = Some(Slot::Busy);
        let beside = std::mem::take(&mut self.beside);
        let made = self.deeper(registered.def.name.span, |checker| checker.make_groups(registered));
        self.beside = beside;
        if let Some(groups) = &made {
            self.settle_groups(registered, groups);
        }
        self.partition_slots[at] = Some(made.clone().map_or(Slot::Failed, Slot::Done));
        made
    }

    fn make_groups(&mut self, registered: Registered<'a>) -> Option<Groups> {
        let def = registered.def;
        let subject = registered.subject?;
        let context = Context::of(Scope::Subject(subject));
        let within = match &def.within {
            None => Some(None),
            Some(path) => self.member(path, subject).map(Some),
        };
        let groups = match &def.kind {
            PartitionKind::Tiers(tiers) => self.tier_groups(tiers, context),
            PartitionKind::Bands(bands) => self.band_groups(bands, context),
            PartitionKind::Values(is) => self.value_groups(is, context),
            PartitionKind::Chart(chart) => self.chart_groups(def, chart, subject),
        };
        let (within, mut groups) = (within?, groups?);
        if let Some((parent, member)) = within {
            self.ir.partitions[registered.id.index()].within = Some(parent);
            groups.whole = false;
            for condition in &mut groups.conditions {
                *condition = self.and([member, *condition])?;
            }
        }
        Some(groups)
    }

    /// Gives the groups' segments what is known now.
    fn settle_groups(&mut self, registered: Registered<'a>, groups: &Groups) {
        let partition = &mut self.ir.partitions[registered.id.index()];
        partition.form = groups.form.clone();
        let (parts, within) = (partition.parts.clone(), partition.within);
        for (part, condition) in parts.iter().zip(&groups.conditions) {
            self.ir.segments[part.index()].condition = *condition;
            self.ir.segments[part.index()].within = within;
        }
    }

    /// The attribute that a partition is: the name of the group that a subject is in.
    pub(super) fn partition_attribute(&mut self, at: usize, subject: SubjectId, span: Span) -> Option<Typed> {
        let registered = self.partition_defs[at];
        let name = &registered.def.name;
        let own = registered.subject?;
        if own != subject {
            let (kind, other) = (&self.ir.subject(own).name, &self.ir.subject(subject).name);
            let message = format!("`{}` is said of `{kind}`s, and this is about `{other}`s", name.text);
            let diagnostic = Diagnostic::new(Code::WrongSubject, span, message).also(name.span, "defined here");
            return self.fail(diagnostic.help("`of:` says which kind of subject it divides"));
        }
        let groups = self.groups(at)?;
        let parts = self.ir.partition(registered.id).parts.clone();
        let mut cases = Vec::new();
        let mut values = Vec::new();
        for part in parts {
            let text = self.part_name(part);
            let value = self.ir.add(Node::Constant(Value::Text(text.clone())));
            let member = self.ir.add(Node::Member(part));
            cases.push((member, value));
            values.push(text);
        }
        let node = self.ir.add(Node::Choose(cases));
        let set = ClosedSet { of: name.text.clone(), values };
        Some(Typed { set: Some(Rc::new(set)), ..Typed::new(node, Type::Text).nullable(!groups.whole) })
    }

    /// What stands behind the dot of a group's name.
    pub(super) fn part_name(&self, part: SegmentId) -> String {
        let segment = self.ir.segment(part);
        match segment.part_of.map(|partition| self.ir.partition(partition)) {
            Some(partition) => segment.name.get(partition.name.len() + 1..).unwrap_or_default().to_owned(),
            None => segment.name.clone(),
        }
    }

    /// Whether a partition is an attribute of its own.
    pub(super) fn makes_attribute(&self, at: usize) -> bool {
        self.partition_defs.get(at).is_some_and(|registered| registered.def.makes_attribute())
    }

    /// Partitions that are attributes of their own, as definitions: the name, what it is, and the kind of subject.
    pub(super) fn partition_attributes(&self) -> Vec<(&'a Ident, &'static str, Option<&'a Ident>)> {
        // Of two with one name the first is meant; that there are two has been said.
        let first = |at: &usize| {
            let name = self.partition_defs.get(*at).map(|registered| registered.def.name.text.as_str());
            name.is_some_and(|name| self.partition_names.get(name) == Some(at))
        };
        let all = (0..self.partition_defs.len()).filter(first).filter_map(|at| self.partition_defs.get(at));
        let own = all.map(|registered| registered.def).filter(|def| def.makes_attribute());
        own.map(|def| (&def.name, def.kind_word().0.trim_start_matches("a "), def.of.as_ref())).collect()
    }
}
