//! Segments: their conditions, the broader group each lies within, and references between them.

use rust_decimal::Decimal;

use super::partitions::Named;
use super::typed::Typed;
use super::{Checker, Code, Context, Diagnostic, Scope, Slot, listed};
use crate::ir::{Node, NodeId, Partition, PartitionForm, PartitionId, Segment, SegmentId, SubjectId, Type};
use crate::rules::model::{SegmentDef, SplitDef};
use crate::source::Span;
use crate::syntax::ast::{Ident, Path};
use crate::syntax::print_name;

/// Where a segment comes from.
#[derive(Clone, Copy)]
pub(super) enum Origin<'a> {
    /// `segments:` of a rule file.
    Rule(&'a SegmentDef),
    /// A group of a partition, by its position among them.
    Group(usize),
    /// A part of a split, by its position, and the segment that is split.
    Split(SegmentId, &'a SplitDef, usize),
}

/// A segment under way.
#[derive(Clone, Copy)]
pub(super) struct Registered<'a> {
    /// Where it comes from.
    pub origin: Origin<'a>,
    /// Where its name stands.
    pub span: Span,
}

impl<'a> Checker<'a> {
    /// Registers the names of all segments, in the order of files and places.
    pub(super) fn register_segments(&mut self) {
        let (catalog, rules) = (self.catalog, self.rules);
        catalog.partitions.iter().for_each(|def| self.register_partition(def));
        for file in rules {
            let mut segments = file.segments.iter().peekable();
            let mut partitions = file.partitions.iter().peekable();
            loop {
                let partition_first = match (segments.peek(), partitions.peek()) {
                    (Some(segment), Some(partition)) => partition.name.span < segment.name.span,
                    (None, Some(_)) => true,
                    (Some(_), None) => false,
                    (None, None) => break,
                };
                if partition_first {
                    partitions.next().into_iter().for_each(|def| self.register_partition(def));
                } else {
                    segments.next().into_iter().for_each(|def| self.register_segment(def));
                }
            }
        }
        self.names_of_both();
    }

    /// A segment and a partition of one name could not be told apart, nor a partition and an attribute.
    fn names_of_both(&mut self) {
        let catalog = self.catalog;
        for (name, what, _) in self.partition_attributes() {
            let attribute = self.attributes.get(name.text.as_str()).map(|at| &catalog.attributes[*at].name);
            let metric = self.metrics.get(name.text.as_str()).map(|at| &catalog.metrics[*at].name);
            let Some(other) = attribute.or(metric) else { continue };
            let message = format!(
                "the {what} `{}` {} an attribute too, and there is something of that name",
                name.text,
                if matches!(what, "tiers" | "bands") { "are" } else { "is" }
            );
            let diagnostic = Diagnostic::new(Code::NameTaken, name.span, message).also(other.span, "the other one");
            self.out.push(diagnostic.help("give one of them another name"));
        }
        for (name, at) in &self.partition_names {
            let Some(segment) = self.segment_names.get(*name) else { continue };
            let (of_partition, of_segment) = (self.partition_defs[*at].def.name.span, self.ir.segment(*segment).span);
            let message = format!("`{name}` is a segment, and something that is divided into segments");
            let diagnostic = Diagnostic::new(Code::NameTaken, of_partition, message).also(of_segment, "the segment");
            self.out.push(diagnostic.help("give one of them another name"));
        }
    }

    fn register_segment(&mut self, def: &'a SegmentDef) {
        let subject = match &def.of {
            Some(of) => self.subject_named(of),
            None => Some(SubjectId(0)),
        };
        let segment = self.bare_segment(def.name.text.clone(), def.label.clone(), def.name.span, subject);
        let id = self.add_segment(segment, Origin::Rule(def), subject.is_none());
        let Some(split) = &def.split else { return };
        let partition = PartitionId(self.ir.partitions.len() as u32);
        let parts = (0..split.parts.len() as u32).map(|part| SegmentId(id.0 + 1 + part)).collect();
        self.ir.partitions.push(Partition {
            name: def.name.text.clone(),
            label: def.label.clone(),
            subject: subject.unwrap_or(SubjectId(0)),
            within: Some(id),
            parts,
            form: PartitionForm::Split,
            span: split.span,
        });
        for (at, (name, _)) in split.parts.iter().enumerate() {
            let full = format!("{}.{}", def.name.text, name.text);
            let segment = self.bare_segment(full, None, name.span, subject);
            let segment = Segment { part_of: Some(partition), ..segment };
            self.add_segment(segment, Origin::Split(id, split, at), subject.is_none());
        }
    }

    /// Registers a group of a partition.
    pub(super) fn register_part(&mut self, partition: PartitionId, at: usize, group: Named) {
        let registered = self.partition_defs[at];
        let name = format!("{}.{}", registered.def.name.text, group.name);
        let segment = self.bare_segment(name, group.label, group.span, registered.subject);
        let segment = Segment { part_of: Some(partition), ..segment };
        let id = self.add_segment(segment, Origin::Group(at), registered.subject.is_none());
        self.ir.partitions[partition.index()].parts.push(id);
    }

    fn bare_segment(&mut self, name: String, label: Option<String>, span: Span, of: Option<SubjectId>) -> Segment {
        let condition = self.ir.add(Node::Unknown(Type::Bool));
        let subject = of.unwrap_or(SubjectId(0));
        Segment { name, label, subject, within: None, part_of: None, condition, span }
    }

    fn add_segment(&mut self, segment: Segment, origin: Origin<'a>, failed: bool) -> SegmentId {
        let id = SegmentId(self.segment_defs.len() as u32);
        if let Some(other) = self.segment_names.get(segment.name.as_str()) {
            let (other, place) = (self.ir.segment(*other).part_of, self.segment_defs[other.index()].span);
            // Two that are divided and have one name are reported; their groups have one name then too.
            if segment.part_of.is_none() || segment.part_of == other {
                let what = if segment.part_of.is_some() { "groups" } else { "segments" };
                let message = format!("there are two {what} called `{}`", segment.name);
                let diagnostic = Diagnostic::new(Code::NameTaken, segment.span, message);
                let diagnostic =
                    if place == segment.span { diagnostic } else { diagnostic.also(place, "the other one") };
                self.out.push(diagnostic.help(match segment.part_of {
                    Some(_) => "each group of one division has a name of its own: rename one",
                    None => "segment names are unique in the whole project: rename one",
                }));
            }
        } else {
            self.segment_names.insert(segment.name.clone(), id);
        }
        self.segment_defs.push(Registered { origin, span: segment.span });
        self.segment_slots.push(failed.then_some(Slot::Failed));
        self.ir.segments.push(segment);
        id
    }

    /// Checks every segment of every file.
    pub(super) fn segments(&mut self) {
        for id in self.order_segments() {
            self.segment(id);
        }
    }

    fn segment(&mut self, id: SegmentId) -> Option<NodeId> {
        let registered = self.segment_defs[id.index()];
        match &self.segment_slots[id.index()] {
            Some(Slot::Done(node)) => return Some(*node),
            Some(Slot::Failed) => return None,
            Some(Slot::Busy) => {
                let message = format!("segment `{}` is defined by itself", self.ir.segment(id).name);
                let help = "its condition leads back to it through `in` or `within`: break the circle";
                return self.fail(Diagnostic::new(Code::Cycle, registered.span, message).help(help));
            }
            None => {}
        }
        self.segment_slots[id.index()] = Some(Slot::Busy);
        let made = self.deeper(registered.span, |checker| match registered.origin {
            Origin::Rule(def) => checker.segment_condition(id, def),
            Origin::Group(at) => checker.group_condition(id, at),
            Origin::Split(of, split, part) => checker.split_condition(id, of, (split, part)),
        });
        self.segment_slots[id.index()] = Some(made.map_or(Slot::Failed, Slot::Done));
        if let Some(node) = made {
            self.ir.segments[id.index()].condition = node;
        }
        made
    }

    fn segment_condition(&mut self, id: SegmentId, def: &'a SegmentDef) -> Option<NodeId> {
        let subject = self.ir.segment(id).subject;
        let context = Context::of(Scope::Subject(subject));
        // References reset what stands beside: the other segment's condition stands alone.
        let beside = std::mem::take(&mut self.beside);
        let own = self.condition(&def.when, context);
        let within = match &def.within {
            None => Some(None),
            Some(path) => self.member(path, subject).map(Some),
        };
        let (include, exclude) = (self.key_list(&def.include, subject), self.key_list(&def.exclude, subject));
        self.beside = beside;
        let (own, within) = (own?.node, within?);
        let (include, exclude) = (include?, exclude?);
        if let Some((parent, _)) = within {
            self.ir.segments[id.index()].within = Some(parent);
        }
        let own = match include {
            Some(include) => self.or(vec![own, include]),
            None => own,
        };
        let outside = exclude.map(|exclude| self.ir.add(Node::Not(exclude)));
        self.and(within.map(|(_, node)| node).into_iter().chain([own]).chain(outside))
    }

    /// The groups of a partition are made together.
    fn group_condition(&mut self, id: SegmentId, at: usize) -> Option<NodeId> {
        let groups = self.groups(at)?;
        let parts = &self.ir.partition(self.partition_defs[at].id).parts;
        let place = parts.iter().position(|part| *part == id)?;
        groups.conditions.get(place).copied()
    }

    fn split_condition(&mut self, id: SegmentId, of: SegmentId, (split, at): (&SplitDef, usize)) -> Option<NodeId> {
        self.segment(of)?;
        let before: Decimal = split.parts.iter().take(at).map(|(_, share)| share.value).sum();
        let (_, share) = split.parts.get(at)?;
        let subject = self.ir.segment(of).subject;
        let drawn = self.drawn(subject, &split.salt.value, (before, before + share.value));
        self.ir.segments[id.index()].within = Some(of);
        let member = self.ir.add(Node::Member(of));
        self.and([member, drawn])
    }

    /// `in name`
    pub(super) fn in_segment(&mut self, path: &Path, negated: bool, span: Span, context: Context<'_>) -> Option<Typed> {
        let Scope::Subject(subject) = context.scope else {
            let message = "a segment is a group of subjects, not of rows";
            let help = "ask `in …` outside the brackets of the rows";
            return self.fail(Diagnostic::new(Code::WrongKind, span, message).help(help));
        };
        let (_, node) = self.member(path, subject)?;
        let node = if negated { self.ir.add(Node::Not(node)) } else { node };
        Some(Typed::new(node, Type::Bool))
    }

    /// A segment by name: its condition is made if it is not yet.
    pub(super) fn member(&mut self, path: &Path, subject: SubjectId) -> Option<(SegmentId, NodeId)> {
        let (name, rest) = path.parts.split_first()?;
        let full = path.parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(".");
        let Some(id) = self.segment_names.get(full.as_str()).copied() else {
            return match rest {
                [] => self.unknown_segment(name),
                [ending] if ["csv", "tsv", "txt"].contains(&ending.text.as_str()) => self.file_meant(name, ending),
                [part] => self.unknown_part(name, part),
                [_, further, ..] => self.beyond_part(name, further),
            };
        };
        let other = self.ir.segment(id).subject;
        if other != subject {
            let (kind, own) = (&self.ir.subject(other).name, &self.ir.subject(subject).name);
            let message = format!("`{full}` is a group of `{kind}`s, and this one is of `{own}`s");
            let help =
                "a segment is made of one kind of subject: `of:` says which, and the first kind is meant without it";
            return self.fail(Diagnostic::new(Code::WrongSubject, name.span, message).help(help));
        }
        self.segment(id)?;
        let node = self.ir.add(Node::Member(id));
        Some((id, node))
    }

    /// `in vips.csv`
    fn file_meant<T>(&mut self, name: &Ident, ending: &Ident) -> Option<T> {
        let file = format!("file '{}.{}'", name.text.replace('\'', "''"), ending.text);
        let span = name.span.to(ending.span);
        let message = format!("there is no segment `{}.{}`", name.text, ending.text);
        let title = format!("if it is a file of values, write `in {file}`");
        self.fail(Diagnostic::new(Code::UnknownName, span, message).fix(title, file))
    }

    fn beyond_part<T>(&mut self, name: &Ident, further: &Ident) -> Option<T> {
        let message = format!("a group of `{}` is not divided any further", name.text);
        self.fail(Diagnostic::new(Code::UnknownName, further.span, message).help("leave this part of the name out"))
    }

    fn unknown_segment<T>(&mut self, name: &Ident) -> Option<T> {
        let parts = self.parts_of(&name.text);
        if let Some(first) = parts.first() {
            let message = format!("`{}` is divided into groups, and which of them is not said", name.text);
            let diagnostic = Diagnostic::new(Code::UnknownName, name.span, message);
            let help = format!(
                "name one, as in `in {}.{}`; it has {}",
                name.text,
                print_name(first),
                listed(parts.iter().map(String::as_str))
            );
            return self.fail(diagnostic.help(help));
        }
        let message = format!("there is no segment `{}`", name.text);
        let diagnostic = Diagnostic::new(Code::UnknownName, name.span, message);
        if self.out_of_patience() {
            return self.fail(diagnostic);
        }
        let whole = self.segment_names.keys().map(String::as_str).filter(|name| !name.contains('.'));
        let mut names: Vec<&str> = whole.chain(self.partition_names.keys().copied()).collect();
        names.sort_unstable();
        let diagnostic = match self.near(&name.text, names.iter().copied()) {
            Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), print_name(near)),
            None if names.is_empty() => diagnostic.help("the project has no segments yet"),
            None => diagnostic.help(format!("the project has {}", listed(names))),
        };
        self.fail(diagnostic)
    }

    fn unknown_part<T>(&mut self, name: &Ident, part: &Ident) -> Option<T> {
        let parts = self.parts_of(&name.text);
        if parts.is_empty() {
            // Its groups could not be named, and that has been said.
            if self.partition_names.contains_key(name.text.as_str()) {
                return None;
            }
            if self.segment_names.contains_key(name.text.as_str()) {
                let message = format!("segment `{}` has no parts", name.text);
                let diagnostic = Diagnostic::new(Code::UnknownName, part.span, message);
                return self.fail(diagnostic.help("a segment has parts where its `split:` names them"));
            }
            return self.unknown_segment(name);
        }
        let message = format!("`{}` has no group `{}`", name.text, part.text);
        let diagnostic = Diagnostic::new(Code::UnknownName, part.span, message);
        let names: Vec<&str> = parts.iter().map(String::as_str).collect();
        // A band whose upper bound was left out.
        let whole = names.iter().copied().find(|name| name.starts_with(&format!("{}_to_", part.text)));
        let diagnostic = match whole.or_else(|| self.near(&part.text, names.iter().copied())) {
            Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), print_name(near)),
            None => diagnostic.help(format!("it has {}", listed(names))),
        };
        self.fail(diagnostic)
    }

    /// The groups of what has this name: of a partition, or of a segment that is split.
    pub(super) fn parts_of(&self, name: &str) -> Vec<String> {
        let partition = self.ir.partitions.iter().find(|partition| partition.name == name);
        let parts = partition.into_iter().flat_map(|partition| &partition.parts);
        parts.map(|part| self.part_name(*part)).collect()
    }
}
