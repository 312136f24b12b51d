//! Segments: their conditions, the broader group each lies within, and references between them.

use super::typed::Typed;
use super::{Checker, Code, Context, Diagnostic, Scope, Slot, listed};
use crate::ir::{Node, NodeId, Segment, SegmentId, SubjectId, Type};
use crate::source::Span;
use crate::syntax::ast::Path;

impl<'a> Checker<'a> {
    /// Checks every segment of every file.
    pub(super) fn segments(&mut self) {
        let rules = self.rules;
        for def in rules.iter().flat_map(|file| &file.segments) {
            let id = SegmentId(self.segment_defs.len() as u32);
            if let Some(other) = self.segment_names.get(def.name.text.as_str()) {
                let other = self.segment_defs[other.index()].name.span;
                let message = format!("there are two segments called `{}`", def.name.text);
                let diagnostic = Diagnostic::new(Code::NameTaken, def.name.span, message).also(other, "the other one");
                self.out.push(diagnostic.help("segment names are unique in the whole project: rename one"));
            } else {
                self.segment_names.insert(&def.name.text, id);
            }
            self.segment_defs.push(def);
            let subject = match &def.of {
                Some(of) => self.subject_named(of),
                None => Some(SubjectId(0)),
            };
            self.segment_slots.push(subject.is_none().then_some(Slot::Failed));
            let never = self.ir.add(Node::Unknown(Type::Bool));
            self.ir.segments.push(Segment {
                name: def.name.text.clone(),
                label: def.label.clone(),
                subject: subject.unwrap_or(SubjectId(0)),
                within: None,
                part_of: None,
                condition: never,
                span: def.name.span,
            });
        }
        for id in self.order_segments() {
            self.segment(id);
        }
    }

    fn segment(&mut self, id: SegmentId) -> Option<NodeId> {
        let def = self.segment_defs[id.index()];
        match &self.segment_slots[id.index()] {
            Some(Slot::Done(node)) => return Some(*node),
            Some(Slot::Failed) => return None,
            Some(Slot::Busy) => {
                let message = format!("segment `{}` is defined by itself", def.name.text);
                let help = "its condition leads back to it through `in` or `within`: break the circle";
                return self.fail(Diagnostic::new(Code::Cycle, def.name.span, message).help(help));
            }
            None => {}
        }
        self.segment_slots[id.index()] = Some(Slot::Busy);
        let made = self.deeper(def.name.span, |checker| checker.segment_condition(id));
        self.segment_slots[id.index()] = Some(made.map_or(Slot::Failed, Slot::Done));
        if let Some(node) = made {
            self.ir.segments[id.index()].condition = node;
        }
        made
    }

    fn segment_condition(&mut self, id: SegmentId) -> Option<NodeId> {
        let def = self.segment_defs[id.index()];
        let subject = self.ir.segment(id).subject;
        let context = Context::of(Scope::Subject(subject));
        // References reset what stands beside: the other segment's condition stands alone.
        let beside = std::mem::take(&mut self.beside);
        let own = self.condition(&def.when, context);
        let within = match &def.within {
            None => Some(None),
            Some(path) => self.member(path, subject).map(Some),
        };
        self.beside = beside;
        let (own, within) = (own?.node, within?);
        if let Some((parent, _)) = within {
            self.ir.segments[id.index()].within = Some(parent);
        }
        self.and(within.map(|(_, node)| node).into_iter().chain([own]))
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

    fn member(&mut self, path: &Path, subject: SubjectId) -> Option<(SegmentId, NodeId)> {
        let (name, rest) = path.parts.split_first()?;
        if let Some(part) = rest.first() {
            let message = format!("tiers (`{}.{}`) are not in this version of kohort yet", name.text, part.text);
            return self.fail(Diagnostic::new(Code::NotYet, name.span.to(part.span), message));
        }
        let Some(id) = self.segment_names.get(name.text.as_str()).copied() else {
            let message = format!("there is no segment `{}`", name.text);
            let diagnostic = Diagnostic::new(Code::UnknownName, name.span, message);
            if self.out_of_patience() {
                return self.fail(diagnostic);
            }
            let mut names: Vec<&str> = self.segment_names.keys().copied().collect();
            names.sort_unstable();
            return self.fail(match self.near(&name.text, names.iter().copied()) {
                Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), near),
                None if names.is_empty() => diagnostic.help("the project has no segments yet"),
                None => diagnostic.help(format!("the project has {}", listed(names))),
            });
        };
        let other = self.ir.segment(id).subject;
        if other != subject {
            let (kind, own) = (&self.ir.subject(other).name, &self.ir.subject(subject).name);
            let message = format!("`{}` is a group of `{kind}`s, and this one is of `{own}`s", name.text);
            let help =
                "a segment is made of one kind of subject: `of:` says which, and the first kind is meant without it";
            return self.fail(Diagnostic::new(Code::WrongSubject, name.span, message).help(help));
        }
        self.segment(id)?;
        let node = self.ir.add(Node::Member(id));
        Some((id, node))
    }
}
