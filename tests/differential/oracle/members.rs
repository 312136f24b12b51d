//! Who is in what: segments, the parts of splits and of partitions.

use std::collections::BTreeMap;
use std::rc::Rc;

use kohort::catalog::model::{KeyList, PartitionDef};
use kohort::rules::model::{SegmentDef, SplitDef};
use kohort::syntax::ast::Path;

use super::super::mutants::Mutant;
use super::super::value::Value;
use super::{DoesNotFit, Key, Oracle, Truths};

/// What can stand behind `in`.
#[derive(Clone, Debug)]
pub enum Group<'a> {
    /// A segment.
    Segment(&'a SegmentDef),
    /// A part of a segment's split, by its place.
    Share(&'a SegmentDef, &'a SplitDef, usize),
    /// A part of a partition, by its name.
    Part(&'a PartitionDef, String),
}

/// `loyalty.gold`: a path as one name.
pub fn name_of(path: &Path) -> String {
    path.parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(".")
}

impl<'a> Oracle<'a> {
    /// Everything that subjects can be in, by name.
    pub fn known_groups(&self) -> &BTreeMap<String, Group<'a>> {
        self.groups.get_or_init(|| {
            let mut groups = BTreeMap::new();
            for segment in self.rules.iter().flat_map(|file| &file.segments) {
                let name = &segment.name.text;
                groups.insert(name.clone(), Group::Segment(segment));
                for (at, (part, _)) in segment.split.iter().flat_map(|split| split.parts.iter().enumerate()) {
                    let split = segment.split.as_ref().expect("its parts are there");
                    groups.insert(format!("{name}.{}", part.text), Group::Share(segment, split, at));
                }
            }
            for partition in self.partitions() {
                for part in self.parts_of(partition) {
                    groups.insert(format!("{}.{part}", partition.name.text), Group::Part(partition, part));
                }
            }
            groups
        })
    }

    /// One of them.
    pub fn group(&self, name: &str) -> Group<'a> {
        self.known_groups().get(name).unwrap_or_else(|| panic!("no segment {name}")).clone()
    }

    /// The members of a segment or part, ascending.
    pub fn members(&self, name: &str) -> Result<Vec<Key>, DoesNotFit> {
        match self.group(name) {
            Group::Segment(segment) => self.members_of(segment),
            Group::Share(segment, split, at) => {
                let all = || Ok(self.subjects(&self.kind_of(segment.of.as_ref()).name.text).keys());
                let members = if self.is(Mutant::SplitOfAll) { all() } else { self.members_of(segment) };
                members.map(|members| members.into_iter().filter(|key| self.is_in_share(split, at, key)).collect())
            }
            Group::Part(partition, part) => {
                let kind = &self.kind_of(partition.of.as_ref()).name.text;
                let is_in = |key: &Key| self.part(partition, key).as_ref() == Some(&part);
                let (members, unfit) = self.noting(|| self.subjects(kind).keys().into_iter().filter(is_in).collect());
                if unfit { Err(DoesNotFit) } else { Ok(members) }
            }
        }
    }

    /// Within the broader segment, and the condition is true or it is included, and it is not excluded.
    fn members_of(&self, segment: &SegmentDef) -> Result<Vec<Key>, DoesNotFit> {
        let name = &segment.name.text;
        let truths = self.truths(name);
        let within = segment.within.as_ref().filter(|_| !self.is(Mutant::WithinIgnored));
        let parent = within.map(|within| self.members(&name_of(within)));
        if matches!(parent, Some(Err(DoesNotFit))) || self.failed.borrow().contains(name) {
            return Err(DoesNotFit);
        }
        let parent = parent.transpose()?;
        let kind = &self.kind_of(segment.of.as_ref()).name.text;
        let is_in =
            |list: &Option<KeyList>, key: &Key| list.as_ref().is_some_and(|list| self.is_in_keys(list, kind, key));
        let is_member = |(key, truth): &&(Key, Option<bool>)| {
            let inside = parent.as_ref().is_none_or(|parent| parent.contains(key));
            let included = is_in(&segment.include, key) && !self.is(Mutant::IncludeIgnored);
            let excluded = is_in(&segment.exclude, key);
            let true_ = *truth == Some(true);
            if self.is(Mutant::IncludeBeatsExclude) {
                return inside && ((true_ && !excluded) || included);
            }
            let inside = inside || (included && self.is(Mutant::IncludeBeyondWithin));
            inside && (true_ || included) && !excluded
        };
        Ok(truths.iter().filter(is_member).map(|(key, _)| key.clone()).collect())
    }

    /// The truth of a segment's condition for every subject of its kind.
    pub fn truths(&self, name: &str) -> Rc<Truths> {
        if let Some(truths) = self.truths.borrow().get(name) {
            return Rc::clone(truths);
        }
        let Group::Segment(segment) = self.group(name) else { panic!("{name} has no condition") };
        let kind = &self.kind_of(segment.of.as_ref()).name.text;
        let (values, unfit) = self.noting(|| self.values(kind, &segment.when));
        let truths: Truths = values.into_iter().map(|(key, value)| (key, value.as_truth())).collect();
        let truths = Rc::new(truths);
        if unfit {
            self.failed.borrow_mut().insert(name.to_owned());
        }
        self.truths.borrow_mut().insert(name.to_owned(), Rc::clone(&truths));
        truths
    }

    /// Whether a subject is a member; a segment that failed fails the one that asks.
    pub fn is_member(&self, segment: &str, key: &[Value]) -> bool {
        match self.members(segment) {
            Ok(members) => members.iter().any(|member| member == key),
            Err(DoesNotFit) => {
                self.unfit.set(true);
                false
            }
        }
    }
}
