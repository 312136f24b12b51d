//! References to segments and to the groups of what is divided, and what may be meant by one that leads nowhere.

use super::typed::Typed;
use super::{Checker, Code, Context, Diagnostic, Scope, listed};
use crate::ir::{Node, NodeId, PartitionId, Segment, SegmentId, SubjectId, Type};
use crate::source::Span;
use crate::syntax::ast::{Ident, Path};
use crate::syntax::print_name;

impl Checker<'_> {
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
        // A group whose partition was left out.
        let group = self.ir.segments.iter().find(|group| group.part_of.is_some_and(|of| self.is_part(group, of, name)));
        if let Some(partition) = group.and_then(|group| group.part_of) {
            let partition = &self.ir.partition(partition).name;
            let text = format!("{}.{}", print_name(partition), print_name(&name.text));
            return self.fail(diagnostic.fix(format!("did you mean `{partition}.{}`?", name.text), text));
        }
        let diagnostic = match self.near(&name.text, names.iter().copied()) {
            Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), print_name(near)),
            None if names.is_empty() => diagnostic.help("the project has no segments yet"),
            None => diagnostic.help(format!("the project has {}", listed(names))),
        };
        self.fail(diagnostic)
    }

    fn is_part(&self, group: &Segment, partition: PartitionId, name: &Ident) -> bool {
        let of = &self.ir.partition(partition).name;
        group.name.strip_prefix(of.as_str()).and_then(|rest| rest.strip_prefix('.')) == Some(name.text.as_str())
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
