//! Whole segments: the condition with the broader segment, the exceptions, and groups that exclude each other.

use super::condition::{dotted, is_value, quoted};
use super::model::{Clause, Link, NameKind, Phrase, Token};
use super::names::Scope;
use super::say::Say;
use super::speaker::{Defined, Speaker};
use crate::catalog::model::{
    BandsDef, DerivedTable, Grouping, KeyList, PartitionDef, PartitionKind, SubjectDef, TierDef,
};
use crate::ir::{PartitionForm, Segment};
use crate::rules::model::{SegmentDef, SplitDef};
use crate::syntax::ast::{Expr, ExprKind, Path};

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
    fn joined(&self, link: Link, head: Say, mut parts: Vec<Clause>) -> Clause {
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
    fn group_parts(&mut self, def: &'a PartitionDef, at: usize, subject: &'a SubjectDef) -> Vec<Clause> {
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

    /// What tiers, bands, a partition or a chart are, as an attribute: the names of their groups.
    pub fn division(&mut self, def: &'a PartitionDef, subject: &'a SubjectDef) -> Clause {
        let ir = self.names.ir;
        let partition = ir.partitions.iter().find(|partition| partition.name == def.name.text);
        let groups = partition.map(|partition| partition.parts.clone()).unwrap_or_default();
        let mut parts = Vec::with_capacity(groups.len());
        if let Some(within) = &def.within {
            parts.push(self.line(|speaker| {
                let segment = speaker.segment(&dotted(within));
                speaker.say(Say::OnlyWithin, &[segment])
            }));
        }
        for (at, group) in groups.iter().enumerate() {
            let name = self.segment_name(&ir.segment(*group).name);
            let clause = match &def.kind {
                // The order says what comes first, so that conditions need not be told again and again.
                PartitionKind::Tiers(tiers) => match tiers.get(at).and_then(|tier| tier.when.as_ref()) {
                    Some(when) => self.clause(when, Scope::Subject(subject)),
                    None => self.line(|speaker| speaker.say(Say::TierRest, &[])),
                },
                _ => {
                    let parts = self.group_parts(def, at, subject);
                    self.joined(Link::All, Say::AllOf, parts)
                }
            };
            let phrase = self.say(Say::Named, &[name, clause.phrase]);
            parts.push(Clause { phrase, ..clause });
        }
        let head = match &def.kind {
            PartitionKind::Tiers(_) => Say::TierFirst,
            _ => Say::DivisionOf,
        };
        Clause { link: Link::Any, phrase: self.say(head, &[]), parts }
    }

    /// A table, an attribute, a metric or a column: its name and what it is.
    pub fn definition(&mut self, what: Defined<'a>) -> super::model::Definition {
        use super::model::Definition;
        match what {
            Defined::Metric(def, subject) => {
                let name = Phrase::name(NameKind::Metric, &def.name.text, def.label.as_deref());
                let name = self.in_unit(name, def.unit.as_ref().map(|unit| unit.value.as_str()));
                let means = self.meaning(&def.is, Scope::Subject(subject));
                Definition { name, description: def.description.clone(), means }
            }
            Defined::Attribute(def, subject) => {
                let name = Phrase::name(NameKind::Attribute, &def.name.text, def.label.as_deref());
                let name = self.in_unit(name, def.unit.as_ref().map(|unit| unit.value.as_str()));
                let mut means = self.meaning(&def.is, Scope::Subject(subject));
                if def.frozen.is_some() {
                    means.phrase = self.say(Say::Frozen, &[means.phrase]);
                }
                Definition { name, description: def.description.clone(), means }
            }
            Defined::Division(def, subject) => {
                let name = Phrase::name(NameKind::Attribute, &def.name.text, def.label.as_deref());
                Definition { name, description: def.description.clone(), means: self.division(def, subject) }
            }
            Defined::Subject(def) => {
                let name = super::value::subject_name(&def.name.text);
                Definition { name, description: None, means: self.line(|speaker| speaker.who(def)) }
            }
            Defined::Table(name, derived) => {
                let phrase = Phrase::name(NameKind::Table, name, None);
                let means = self.line(|speaker| speaker.derived(derived));
                Definition { name: phrase, description: None, means }
            }
            Defined::Query(name) => {
                let reads = self.names.ir.sql.iter().find(|sql| self.names.ir.base_table(sql.base).name == name);
                let tables = reads.map(|sql| sql.reads.iter().map(|(_, table)| *table).collect::<Vec<_>>());
                let mut list = Phrase::default();
                for (at, table) in tables.unwrap_or_default().into_iter().enumerate() {
                    if at > 0 {
                        list.push(Phrase::words(", "));
                    }
                    let table = self.names.ir.table(table).name.clone();
                    list.push(self.table(&table));
                }
                let phrase = Phrase::name(NameKind::Table, name, None);
                let means = self.line(|speaker| speaker.say(Say::TableSql, &[list]));
                Definition { name: phrase, description: None, means }
            }
            Defined::Column(table, derived, name, is) => {
                let with = [Phrase::name(NameKind::Column, name, None), Phrase::name(NameKind::Table, table, None)];
                let phrase = self.say(Say::ColumnOf, &with);
                let key = derived.grouping.iter().flat_map(|made| &made.keys).any(|(key, _)| key.text == name);
                let scope = if derived.grouping.is_some() && !key {
                    Scope::Group(derived)
                } else {
                    Scope::Row(&derived.from.text)
                };
                Definition { name: phrase, description: None, means: self.meaning(is, scope) }
            }
        }
    }

    /// Who the subjects of a kind are.
    fn who(&mut self, def: &'a SubjectDef) -> Phrase {
        if let Some(table) = &def.table {
            let table = self.table(&table.text);
            return self.say(Say::SubjectOf, &[table]);
        }
        let ir = self.names.ir;
        let Some(kind) = ir.subjects.iter().position(|kind| kind.name == def.name.text) else {
            return Phrase::default();
        };
        let names = |table: &&crate::ir::BaseTable| {
            table.grouping.is_none() && table.subjects.iter().any(|(of, _)| of.index() == kind)
        };
        let mut tables = Phrase::default();
        for (at, table) in ir.base_tables.iter().filter(names).enumerate() {
            if at > 0 {
                tables.push(Phrase::words(", "));
            }
            tables.push(self.table(&table.name));
        }
        self.say(Say::SubjectsIn, &[tables])
    }

    /// What a definition says: a condition as one, a value in a sentence.
    fn meaning(&mut self, is: &'a Expr, scope: Scope<'a>) -> Clause {
        if !is_value(is) {
            return self.clause(is, scope);
        }
        let units = std::mem::replace(&mut self.with_units, false);
        let clause = self.line(|speaker| speaker.value(is, scope));
        self.with_units = units;
        clause
    }

    /// When a group of rows happened: as it says, or at the start of the shortest period grouped by, or with its first row.
    fn time_of_groups(&mut self, derived: &'a DerivedTable, grouping: &'a Grouping) -> Option<Phrase> {
        if let Some(time) = &grouping.time {
            return Some(self.value(time, Scope::Group(derived)));
        }
        const PERIODS: [&str; 5] = ["day", "week", "month", "quarter", "year"];
        let period = |is: &Expr| match &is.kind {
            ExprKind::Call { function, .. } => PERIODS.iter().position(|period| *period == function.text),
            _ => None,
        };
        let shortest =
            grouping.keys.iter().filter_map(|(_, is)| Some((period(is)?, is))).min_by_key(|(length, _)| *length);
        if let Some((_, is)) = shortest {
            return Some(self.value(is, Scope::Row(&derived.from.text)));
        }
        let ir = self.names.ir;
        let parent = ir.tables.iter().find(|table| table.name == derived.from.text)?;
        ir.base_table(parent.base).time?;
        Some(self.say(Say::GroupFirst, &[]))
    }

    /// A table made from another.
    fn derived(&mut self, derived: &'a DerivedTable) -> Phrase {
        let parent = self.table(&derived.from.text);
        let rows = match &derived.filter {
            Some(filter) => {
                self.fine.insert(Say::FineRows);
                let filter = self.condition_on(filter, &derived.from.text);
                self.say(Say::TableWhere, &[parent, filter])
            }
            None => self.say(Say::TableOf, &[parent]),
        };
        if let Some(grouping) = &derived.grouping {
            let mut keys = Phrase::default();
            for (at, (_, is)) in grouping.keys.iter().enumerate() {
                if at > 0 {
                    keys.push(Phrase::words(", "));
                }
                keys.push(self.value(is, Scope::Row(&derived.from.text)));
            }
            let made = self.say(Say::TableGrouped, &[self.whoever(), keys, rows]);
            return match self.time_of_groups(derived, grouping) {
                Some(time) => self.say(Say::GroupTime, &[made, time]),
                None => made,
            };
        }
        if derived.distinct.is_empty() {
            return rows;
        }
        let mut keys = Phrase::default();
        for (at, path) in derived.distinct.iter().enumerate() {
            if at > 0 {
                keys.push(Phrase::words(", "));
            }
            keys.push(Phrase::name(NameKind::Column, &dotted(path), None));
        }
        self.say(Say::TableDistinct, &[rows, keys])
    }
}
