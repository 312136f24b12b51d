//! What the names in a rule mean: metrics, attributes, columns and tables, each explained once, and what it rests on after it.

use super::condition::{dotted, is_value};
use super::model::{Clause, Definition, Link, NameKind, Phrase};
use super::names::Scope;
use super::say::Say;
use super::speaker::{Defined, Speaker};
use super::value::subject_name;
use crate::catalog::model::{DerivedTable, Grouping, PartitionDef, PartitionKind, SubjectDef};
use crate::frozen::model::CutGroup;
use crate::ir::BaseTable;
use crate::syntax::ast::{Expr, ExprKind};

impl<'a> Speaker<'a> {
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
        Clause { link: Link::Choice, phrase: self.say(head, &[]), parts }
    }

    /// A table, an attribute, a metric or a column: its name and what it is.
    pub fn definition(&mut self, what: Defined<'a>) -> Definition {
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
                    means.phrase = self.frozen(means.phrase, &def.name.text);
                }
                Definition { name, description: def.description.clone(), means }
            }
            Defined::Division(def, subject) => {
                let name = Phrase::name(NameKind::Attribute, &def.name.text, def.label.as_deref());
                Definition { name, description: def.description.clone(), means: self.division(def, subject) }
            }
            Defined::Subject(def) => {
                let name = subject_name(&def.name.text);
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

    /// A rank whose cut points are kept: of when they are, and which, where there is no more than one group of them.
    fn frozen(&self, rank: Phrase, name: &str) -> Phrase {
        let all = self.names.cut_points.into_iter().flat_map(|kept| &kept.attributes);
        let Some(cuts) = all.into_iter().find(|cuts| cuts.name.text == name) else {
            return self.say(Say::Frozen, &[rank]);
        };
        let instant = chrono::DateTime::parse_from_rfc3339(&cuts.as_of.value);
        let as_of = match instant {
            Ok(instant) => self.instant_in_zone(instant.to_utc()),
            Err(_) => Phrase::constant(cuts.as_of.value.as_str()),
        };
        let [CutGroup { per: None, bounds, .. }] = cuts.groups.as_slice() else {
            return self.say(Say::FrozenOf, &[rank, as_of]);
        };
        let mut points = Phrase::default();
        for (at, bound) in bounds.iter().enumerate() {
            if at > 0 {
                points.push(Phrase::words("; "));
            }
            let plain = bound.value.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, '.' | '-'));
            let date = bound.value.matches('-').count() > 1;
            points.push(if plain && !date {
                self.number(&bound.value)
            } else {
                Phrase::constant(bound.value.as_str())
            });
        }
        self.say(Say::FrozenAt, &[rank, as_of, points])
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
        let names =
            |table: &&BaseTable| table.grouping.is_none() && table.subjects.iter().any(|(of, _)| of.index() == kind);
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
