//! Whole segments: the condition with the broader segment, the exceptions, and groups that exclude each other.

use super::condition::{dotted, quoted};
use super::model::{Clause, Link, Phrase, Token};
use super::names::Scope;
use super::say::Say;
use super::speaker::Speaker;
use crate::catalog::model::{BandsDef, KeyList, PartitionDef, PartitionKind, SubjectDef, TierDef};
use crate::ir::{PartitionForm, Segment};
use crate::rules::model::{SegmentDef, SplitDef};
use crate::syntax::ast::Path;

/// Where a segment comes from.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// `segments:` of a rule file.
    Rule(&'a SegmentDef),
    /// A part of a split: whose, and which by position.
    Split(&'a SegmentDef, &'a SplitDef, usize),
    /// A group of a partition, by position.
    Group(&'a PartitionDef, usize),
}

impl<'a> super::names::Names<'a> {
    /// Where a segment of the project comes from.
    pub fn source(&self, segment: &Segment) -> Option<Source<'a>> {
        let rules = self.rules.iter().flat_map(|file| &file.segments);
        let mut rules = rules.filter(|def| segment.name.starts_with(&def.name.text));
        let Some(part_of) = segment.part_of else {
            return rules.find(|def| def.name.text == segment.name).map(Source::Rule);
        };
        let partition = self.ir.partition(part_of);
        let at = partition.parts.iter().position(|part| self.ir.segment(*part).name == segment.name)?;
        match partition.form {
            PartitionForm::Split => {
                let def = rules.find(|def| def.name.text == partition.name)?;
                Some(Source::Split(def, def.split.as_ref()?, at))
            }
            _ => Some(Source::Group(self.partition(&partition.name)?, at)),
        }
    }
}

impl<'a> Source<'a> {
    /// The kind of subject that it names, if it names one.
    pub fn of(self) -> Option<&'a crate::syntax::ast::Ident> {
        match self {
            Source::Rule(def) | Source::Split(def, ..) => def.of.as_ref(),
            Source::Group(def, _) => def.of.as_ref(),
        }
    }

    /// What is said about it beside the condition: description and owner.
    pub fn about(self) -> (Option<String>, Option<String>) {
        match self {
            Source::Rule(def) | Source::Split(def, ..) => (def.description.clone(), def.owner.clone()),
            Source::Group(def, _) => (def.description.clone(), def.owner.clone()),
        }
    }
}

impl<'a> Speaker<'a> {
    /// Who belongs to a segment.
    pub fn whole(&mut self, source: Source<'a>, subject: &'a SubjectDef) -> Clause {
        let scope = Scope::Subject(subject);
        match source {
            Source::Rule(def) => self.rule(def, scope),
            Source::Split(def, split, at) => self.split(def, split, at),
            Source::Group(def, at) => self.group_of(def, at, subject),
        }
    }

    fn rule(&mut self, def: &'a SegmentDef, scope: Scope<'a>) -> Clause {
        let own = self.clause(&def.when, scope);
        let own = match &def.include {
            Some(keys) => {
                let keys = self.keys(keys, Say::KeyOneOf, Say::KeyInFile);
                self.joined(Link::Any, Say::AnyOf, vec![own, keys])
            }
            None => own,
        };
        let mut parts: Vec<Clause> = def.within.iter().map(|path| self.broader(path)).collect();
        // A chain of `and` goes on where the broader segment begins it.
        match own {
            Clause { link: Link::All, parts: inner, .. } if !parts.is_empty() || def.exclude.is_some() => {
                parts.extend(inner);
            }
            own => parts.push(own),
        }
        if let Some(keys) = &def.exclude {
            parts.push(self.keys(keys, Say::KeyNoneOf, Say::KeyNotInFile));
        }
        self.joined(Link::All, Say::AllOf, parts)
    }

    /// Several clauses under one head; one alone needs none.
    pub fn joined(&self, link: Link, head: Say, mut parts: Vec<Clause>) -> Clause {
        match (parts.len(), parts.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                parts.extend(last);
                Clause { link, phrase: self.say(head, &[]), parts }
            }
        }
    }

    fn broader(&mut self, path: &'a Path) -> Clause {
        self.line(|speaker| {
            let segment = speaker.segment(&dotted(path));
            speaker.say(Say::InSegment, &[segment, speaker.whoever()])
        })
    }

    fn keys(&mut self, keys: &KeyList, listed: Say, filed: Say) -> Clause {
        self.line(|speaker| match keys {
            KeyList::Values(values) => {
                let mut phrase = Phrase::default();
                for (at, value) in values.iter().enumerate() {
                    phrase.push(Phrase::words(if at > 0 { "; " } else { "" }));
                    phrase.push(Phrase::constant(value.value.as_str()));
                }
                phrase.0.retain(|token| !matches!(token, Token::Words { text } if text.is_empty()));
                speaker.say(listed, &[phrase, speaker.whoever()])
            }
            KeyList::File(file) => {
                let file = speaker.file(&file.path);
                speaker.say(filed, &[file, speaker.whoever()])
            }
        })
    }

    /// A part of a segment's members, drawn by chance.
    fn split(&mut self, def: &'a SegmentDef, split: &'a SplitDef, at: usize) -> Clause {
        let before: rust_decimal::Decimal = split.parts.iter().take(at).map(|(_, share)| share.value).sum();
        let share = split.parts.get(at).map(|(_, share)| share.value).unwrap_or_default();
        let member = self.line(|speaker| {
            let segment = speaker.segment(&def.name.text);
            speaker.say(Say::InSegment, &[segment, speaker.whoever()])
        });
        let drawn = self.line(|speaker| {
            let salt = Phrase::constant(quoted(&split.salt.value));
            let with =
                [speaker.percent(share.normalize()), salt, speaker.percent(before.normalize()), speaker.whoever()];
            let say = if before.is_zero() { Say::InSplit } else { Say::InSplitFrom };
            speaker.exactly(Say::FineSample, say, &with)
        });
        self.joined(Link::All, Say::AllOf, vec![member, drawn])
    }

    /// A group, of those in the broader segment.
    fn group_of(&mut self, def: &'a PartitionDef, at: usize, subject: &'a SubjectDef) -> Clause {
        let mut parts: Vec<Clause> = def.within.iter().map(|path| self.broader(path)).collect();
        parts.extend(self.group_parts(def, at, subject));
        self.joined(Link::All, Say::AllOf, parts)
    }

    /// What makes a group, whatever the broader segment is.
    pub fn group_parts(&mut self, def: &'a PartitionDef, at: usize, subject: &'a SubjectDef) -> Vec<Clause> {
        let scope = Scope::Subject(subject);
        let mut parts = Vec::new();
        // Whoever has no value is in no group of it.
        self.fine.insert(Say::FineUnknown);
        match &def.kind {
            PartitionKind::Tiers(tiers) => parts.extend(self.tier(def, tiers, at, scope)),
            PartitionKind::Bands(bands) => parts.extend(self.band(bands, at, scope)),
            PartitionKind::Values(is) => parts.push(self.line(|speaker| {
                let value = speaker.value(is, scope);
                let group = speaker.group_name(def, at);
                let is_text = speaker.type_of(is, scope) == Some(crate::ir::Type::Text);
                let group = if is_text { quoted(&group) } else { group };
                speaker.say(Say::Equal, &[value, Phrase::constant(group)])
            })),
            PartitionKind::Chart(chart) => parts.push(self.line(|speaker| {
                let mut scores = Phrase::default();
                for (at, score) in chart.by.iter().enumerate() {
                    if at > 0 {
                        scores.push(Phrase::words(", "));
                    }
                    scores.push(speaker.about_subject(subject, &score.text));
                }
                let cells = speaker.cells(def, at);
                speaker.say(Say::Cells, &[scores, cells])
            })),
        }
        parts
    }

    /// A tier: its own condition, and none of those before it.
    fn tier(&mut self, def: &'a PartitionDef, tiers: &'a [TierDef], at: usize, scope: Scope<'a>) -> Vec<Clause> {
        let mut parts = Vec::new();
        if let Some(when) = tiers.get(at).and_then(|tier| tier.when.as_ref()) {
            parts.push(self.clause(when, scope));
        }
        let mut before = Vec::new();
        for tier in tiers.iter().take(at) {
            let Some(when) = &tier.when else { continue };
            let name = self.segment_name(&format!("{}.{}", def.name.text, tier.name.text));
            let clause = self.clause(when, scope);
            let phrase = self.say(Say::Named, &[name, clause.phrase]);
            before.push(Clause { phrase, ..clause });
        }
        if !before.is_empty() {
            parts.push(Clause { link: Link::Not, phrase: self.say(Say::TierNotBefore, &[]), parts: before });
        }
        parts
    }

    fn band(&mut self, bands: &'a BandsDef, at: usize, scope: Scope<'a>) -> Vec<Clause> {
        let is_time = matches!(self.type_of(&bands.is, scope), Some(crate::ir::Type::Date | crate::ir::Type::Instant));
        let from = at.checked_sub(1).and_then(|at| bands.bounds.get(at));
        let ends = [
            (from, if is_time { Say::NotBefore } else { Say::AtLeast }),
            (bands.bounds.get(at), if is_time { Say::Before } else { Say::Less }),
        ];
        let mut parts = Vec::new();
        for (bound, say) in ends {
            let Some(bound) = bound else { continue };
            parts.push(self.line(|speaker| {
                let with = [speaker.value(&bands.is, scope), speaker.value(bound, scope)];
                speaker.say(say, &with)
            }));
        }
        parts
    }

    /// The name of a group behind the dot.
    fn group_name(&self, def: &PartitionDef, at: usize) -> String {
        let ir = self.names.ir;
        let partition = ir.partitions.iter().find(|partition| partition.name == def.name.text);
        let name = partition.and_then(|made| made.parts.get(at)).map(|part| ir.segment(*part).name.as_str());
        let prefix = format!("{}.", def.name.text);
        name.and_then(|name| name.strip_prefix(&prefix)).unwrap_or_default().to_owned()
    }

    /// The cells that a group has in the end: those that groups before it took are not among them.
    fn cells(&self, def: &PartitionDef, at: usize) -> Phrase {
        let ir = self.names.ir;
        let partition = ir.partitions.iter().find(|partition| partition.name == def.name.text);
        let Some(PartitionForm::Chart(chart)) = partition.map(|partition| &partition.form) else {
            return Phrase::default();
        };
        let digits = |mut cell: usize| {
            let mut digits = Vec::new();
            for _ in &chart.scores {
                digits.push(cell % chart.scale as usize + 1);
                cell /= chart.scale as usize;
            }
            digits.iter().rev().map(usize::to_string).collect::<String>()
        };
        let own = chart.cells.iter().enumerate().filter(|(_, group)| **group == Some(at as u32));
        let cells: Vec<String> = own.map(|(cell, _)| digits(cell)).collect();
        Phrase::constant(cells.join(", "))
    }
}
