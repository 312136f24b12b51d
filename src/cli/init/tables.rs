//! From facts, links and the subject to the tables of a catalogue: whose rows are, when they happened, what tells them
//! apart, and what they look up.

use std::collections::BTreeMap;

use super::draft::{Draft, Said, TableDraft};
use super::facts::{At, Facts, Kind, TableFacts};
use super::links::{LOOKUP_SHARE, Link, identifies, version_of};
use super::names::Names;
use super::reading;
use super::roles::{self, Name};
use super::subject::{Subject, percent};
use crate::cli::amounts::{grouped, percentage};

/// What is known when tables are written.
pub struct Known<'a> {
    /// The data.
    pub facts: &'a Facts,
    /// Which columns lead where.
    pub links: &'a [Link],
    /// Who the groups are made of.
    pub subject: &'a Subject,
}

/// What a table looks up: the name of the lookup and the link it follows.
pub type Lookups = BTreeMap<usize, Vec<(String, Link)>>;

impl Known<'_> {
    /// All tables, and what the catalogue says of the subject.
    pub fn draft(&self, timezone: Said) -> Draft {
        let lookups = self.lookups();
        let ids = self.ids(&lookups);
        let tables = (0..self.facts.tables.len()).filter_map(|at| self.table(at, &lookups, &ids)).collect();
        let key = self.facts.column(self.subject.key).map_or("", |column| &column.name);
        let table = self.subject.table.and_then(|at| self.facts.table(at)).map(|table| table.name.clone());
        let subject_lookups = self.subject.table.and_then(|at| lookups.get(&at)).into_iter().flatten();
        Draft {
            timezone,
            about_subject: self.about_subject(),
            subject: self.subject.name.clone(),
            key: Said::new(key, if table.is_some() { self.subject.why.clone() } else { String::new() }),
            subject_table: table,
            subject_lookups: subject_lookups.map(|(name, link)| (name.clone(), self.lookup(link))).collect(),
            tables,
            ..Draft::default()
        }
    }

    fn about_subject(&self) -> Vec<String> {
        let mut lines = vec![format!("What the groups are made of: one {} after the other.", self.subject.name)];
        if self.subject.table.is_none() {
            lines.push(format!("{}.", upper(&self.subject.why)));
        }
        let others: Vec<String> = self.subject.others.iter().map(|at| format!("`{}`", self.facts.path(*at))).collect();
        if !others.is_empty() {
            lines.push(format!("Groups of something else are possible too: {} could be a key.", others.join(" or ")));
        }
        lines
    }

    /// The column by which the rows of a table name their subject.
    pub fn own_key(&self, table: usize) -> Option<(At, Option<f64>)> {
        let key = self.subject.key;
        if let Some(link) = self.links.iter().find(|link| link.from.table == table && link.to == key) {
            return self.subject.table.is_some().then_some((link.from, Some(link.share)));
        }
        if self.subject.table.is_some() {
            return None;
        }
        if table == key.table {
            return Some((key, None));
        }
        let wanted = self.facts.column(key)?;
        let same = |name: &str| Name::new(name).thing() == Name::new(&wanted.source_name).thing();
        let columns = self.facts.table(table)?.columns.iter().enumerate();
        let mut found = columns.filter(|(_, column)| column.kind == wanted.kind && same(&column.source_name));
        found.next().map(|(column, _)| (At { table, column }, None))
    }

    /// The links that can be lookups: by nearly all values, to what is the id of its table, never to the subject's own.
    fn lookups(&self) -> Lookups {
        let mut lookups = Lookups::new();
        let own = |link: &&Link| {
            link.share >= LOOKUP_SHARE
                && Some(link.to.table) != self.subject.table
                && self.own_key(link.from.table).is_none_or(|(key, _)| key != link.from)
                && self.facts.column(link.to).is_some_and(|column| column.unique)
        };
        let mut targets: BTreeMap<usize, At> = BTreeMap::new();
        for link in self.links.iter().filter(own) {
            // A table is looked up by one id.
            if *targets.entry(link.to.table).or_insert(link.to) == link.to {
                let name = self.lookup_name(link, lookups.get(&link.from.table));
                lookups.entry(link.from.table).or_default().push((name, *link));
            }
        }
        lookups
    }

    fn lookup_name(&self, link: &Link, before: Option<&Vec<(String, Link)>>) -> String {
        let mut taken = Names::default();
        taken.take(&self.subject.name);
        let columns = self.facts.table(link.from.table).into_iter().flat_map(|table| &table.columns);
        columns.for_each(|column| taken.take(&column.name));
        before.into_iter().flatten().for_each(|(name, _)| taken.take(name));
        let of_column = self.facts.column(link.from).map(|column| Name::new(&column.source_name).noun().join("_"));
        let of_table = self.facts.table(link.to.table).map(|table| Name::new(&table.name).noun().join("_"));
        let usable =
            |name: Option<String>| name.filter(|name| super::names::is_name(name)).unwrap_or("looked_up".into());
        let (of_column, of_table) = (usable(of_column), usable(of_table));
        taken.choose(&[&of_column, &of_table, &format!("{of_table}_row")])
    }

    fn lookup(&self, link: &Link) -> Said {
        let from = self.facts.column(link.from).map_or("", |column| &column.name);
        let to = self.facts.table(link.to.table).map_or("", |table| &table.name);
        Said::new(format!("{from} -> {to}"), format!("{} of its values are found there", percent(link.share)))
    }

    /// What tells the rows of tables apart: what others look them up by, else the column that is likeliest.
    fn ids(&self, lookups: &Lookups) -> BTreeMap<usize, At> {
        let mut ids: BTreeMap<usize, At> =
            lookups.values().flatten().map(|(_, link)| (link.to.table, link.to)).collect();
        for (table, facts) in self.facts.tables.iter().enumerate() {
            let scored = facts.columns.iter().enumerate().map(|(at, column)| (roles::row_key(column, at), at));
            let best = scored.filter(|(score, _)| *score > 0).max_by_key(|(score, at)| (*score, usize::MAX - at));
            if let Some((_, column)) = best {
                ids.entry(table).or_insert(At { table, column });
            }
        }
        ids
    }

    fn table(&self, at: usize, lookups: &Lookups, ids: &BTreeMap<usize, At>) -> Option<TableDraft> {
        let facts = self.facts.table(at)?;
        let is_subject = self.subject.table == Some(at);
        let subject = if is_subject { None } else { self.subject_path(at, lookups) };
        let time = if subject.is_some() { self.time(at, lookups) } else { None };
        let name_of = |at: &At| self.facts.column(*at).map(|column| column.name.clone());
        let mut table = TableDraft {
            name: facts.name.clone(),
            about: about(facts),
            source: Said::new(facts.source.clone(), ""),
            reading: reading::reading(facts),
            on_error: facts.skips.clone().map(|why| Said::new("skip", why)),
            types: reading::types(facts),
            rename: renames(facts),
            subject,
            time,
            id: ids
                .get(&at)
                .filter(|_| !is_subject)
                .and_then(name_of)
                .map(|id| Said::new(id, "no two rows have the same")),
            ..TableDraft::default()
        };
        table.about.extend(self.nearly_subjects(at, facts));
        if !is_subject {
            let own = lookups.get(&at).into_iter().flatten();
            table.lookups = own.map(|(name, link)| (name.clone(), self.lookup(link))).collect();
        } else if !facts.columns.get(self.subject.key.column).is_some_and(|key| key.unique) {
            self.versions(&mut table, facts);
        }
        Some(table)
    }

    /// What keeps a table of customers from being the subject's.
    fn nearly_subjects(&self, at: usize, facts: &TableFacts) -> Option<String> {
        let (key, _) = self.own_key(at).filter(|_| self.subject.table.is_none())?;
        let column = self.facts.column(key)?;
        let again = facts.rows.saturating_sub(column.distinct + column.unknown);
        let nearly = again > 0 && column.distinct * 2 > facts.rows && ranked_times(facts).is_empty();
        nearly.then(|| {
            format!(
                "{again} of them repeat a `{}`: with one row for each it could be the `table:` of the subject.",
                column.name
            )
        })
    }

    /// A subject table in which a key occurs again: the newest row is the one.
    fn versions(&self, table: &mut TableDraft, facts: &TableFacts) {
        let key = self.subject.key;
        let version = version_of(self.facts, key).and_then(|at| facts.columns.get(at));
        let (Some(version), true) = (version, identifies(self.facts, key)) else { return };
        let again = facts.rows.saturating_sub(facts.columns.get(key.column).map_or(0, |column| column.distinct));
        table.id = self.facts.column(key).map(|key| Said::new(key.name.clone(), format!("{again} rows repeat one")));
        table.version = Some(Said::new(version.name.clone(), "of rows with one id the newest counts"));
    }

    /// The column or lookup path by which rows name their subject.
    fn subject_path(&self, table: usize, lookups: &Lookups) -> Option<Said> {
        if let Some((key, share)) = self.own_key(table) {
            let (column, facts) = (self.facts.column(key)?, self.facts.table(table)?);
            let mut why = Vec::new();
            why.extend(share.filter(|share| *share < 1.0).map(|share| {
                format!("{} of its values are in the subject's table; rows with others are orphans", percent(share))
            }));
            if column.unknown > 0 {
                let share = percentage(column.unknown, facts.rows);
                why.push(format!("unknown in {share} of the rows: they belong to nobody"));
            }
            return Some(Said::new(column.name.clone(), why.join("; ")));
        }
        let (path, through) = self.through(table, lookups, |at| {
            let (key, _) = self.own_key(at)?;
            self.facts.column(key).map(|column| column.name.clone())
        })?;
        Some(Said::new(path, format!("its rows find their {} through `{through}`", self.subject.name)))
    }

    /// When rows happened: a column of their own, or one that they look up.
    fn time(&self, table: usize, lookups: &Lookups) -> Option<Said> {
        let facts = self.facts.table(table)?;
        let times = ranked_times(facts);
        if let Some((_, best)) = times.first() {
            let others: Vec<String> = times.iter().skip(1).take(2).map(|(_, name)| format!("`{name}`")).collect();
            let column = facts.column(best);
            let mut why = Vec::new();
            if !others.is_empty() {
                why.push(format!("taken as when a row happened; {} would be another choice", others.join(" or ")));
            }
            if let Some(unknown) = column.map(|column| column.unknown).filter(|unknown| *unknown > 0) {
                why.push(format!("unknown in {unknown} rows: they do not exist for rules"));
            }
            return Some(Said::new(best.clone(), why.join("; ")));
        }
        let (path, through) = self.through(table, lookups, |at| {
            self.own_key(at)?;
            ranked_times(self.facts.table(at)?).into_iter().next().map(|(_, name)| name)
        })?;
        Some(Said::new(path, format!("its rows have the time of their `{through}`")))
    }

    /// The shortest way along lookups to a table that has what is wanted.
    fn through(
        &self,
        table: usize,
        lookups: &Lookups,
        has: impl Fn(usize) -> Option<String>,
    ) -> Option<(String, String)> {
        let mut ways: Vec<(usize, Vec<String>)> = vec![(table, Vec::new())];
        for _ in 0..3 {
            let mut next = Vec::new();
            for (at, way) in &ways {
                for (name, link) in lookups.get(at).into_iter().flatten() {
                    let longer = [way.clone(), vec![name.clone()]].concat();
                    if let Some(column) = has(link.to.table) {
                        let through = longer.join(".");
                        return Some((format!("{through}.{column}"), through));
                    }
                    next.push((link.to.table, longer));
                }
            }
            ways = next;
        }
        None
    }
}

/// The columns that could say when rows happened, the likeliest first.
pub fn ranked_times(table: &TableFacts) -> Vec<(u32, String)> {
    let scored = table.columns.iter().map(|column| (roles::time(column, table.rows), column.name.clone()));
    let mut times: Vec<(u32, String)> = scored.filter(|(score, _)| *score > 0).collect();
    times.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    times
}

fn renames(facts: &TableFacts) -> Vec<(String, String)> {
    let renamed = facts.columns.iter().filter(|column| column.name != column.source_name);
    renamed.map(|column| (column.name.clone(), column.source_name.clone())).collect()
}

fn about(facts: &TableFacts) -> Vec<String> {
    let rows = if facts.rows == 1 { "1 row".to_owned() } else { format!("{} rows", grouped(facts.rows)) };
    let files = if facts.files > 1 { format!(" in {} files", facts.files) } else { String::new() };
    let mut lines = vec![format!("{rows}{files}.")];
    let unusable: Vec<String> = facts
        .columns
        .iter()
        .filter(|column| column.kind == Kind::Other)
        .map(|column| format!("`{}` ({})", column.name, column.found))
        .collect();
    if !unusable.is_empty() {
        lines.push(format!("Not usable in rules, for the language has no such type: {}.", unusable.join(", ")));
    }
    let mixed = facts.written.iter().flat_map(|written| &written.mixed);
    for (name, odd) in mixed {
        let column = facts.columns.iter().find(|column| column.source_name == *name && column.kind == Kind::Text);
        lines.extend(column.map(|column| {
            format!(
                "`{}` is text because of values such as `{odd}`. To count with it, correct those, or declare a type for it (`types:`) and leave such rows out (`on_error: skip`).",
                column.name
            )
        }));
    }
    lines
}

fn upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}
