//! Tables as they are at T: which rows exist, in which order, whose they are.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use kohort::catalog::model::{DerivedTable, LookupDef, SubjectDef, TableKind};
use kohort::syntax::ast::Ident;

use super::super::mutants::Mutant;
use super::super::value::Value;
use super::eval::Scope;
use super::order::{self, Ordinal};
use super::{Key, Oracle, number, time};

/// The kind of subject of rows that are not asked about for anybody: looked-up ones, and those of subject tables.
pub const NOBODY: &str = "";

/// A row that exists at T.
#[derive(Clone, Debug)]
pub struct Row {
    /// Own columns and, in derived tables, the new ones.
    pub values: BTreeMap<String, Value>,
    /// When it happened; `None` in a timeless table.
    pub time: Option<i64>,
    /// For each kind of subject that the table names: whose it is, `None` where a part of the key is unknown.
    pub keys: BTreeMap<String, Option<Key>>,
    /// Its place among all rows of the base table, in row order.
    pub position: usize,
    /// Its place among the rows that its subject has in the table, from 1 on; `None` of a row of nobody.
    pub number: Option<usize>,
    /// The time since the subject's row before it; `None` of the first, and of a row of nobody.
    pub gap: Option<i64>,
}

/// A table's rows at T, in row order, as one kind of subject sees them.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The table whose rows these are, which has its lookups: of one made row by row that at the end of the chain.
    pub base: String,
    /// Whether it has a time.
    pub timed: bool,
    /// The rows.
    pub rows: Vec<Row>,
    /// Rows left out because their time is unknown.
    pub unknown_time: usize,
    /// Which rows there are rests on a number that does not fit.
    pub unfit: bool,
    /// Columns that do.
    pub unfit_columns: BTreeSet<String>,
}

impl Row {
    /// A row that is in no order yet.
    pub fn of(values: BTreeMap<String, Value>, time: Option<i64>, keys: BTreeMap<String, Option<Key>>) -> Row {
        Row { values, time, keys, position: 0, number: None, gap: None }
    }
}

impl Table {
    /// A table without rows yet, whose rows are its own.
    pub fn empty(name: &str, timed: bool) -> Table {
        Table {
            name: name.to_owned(),
            base: name.to_owned(),
            timed,
            rows: vec![],
            unknown_time: 0,
            unfit: false,
            unfit_columns: BTreeSet::new(),
        }
    }
}

/// The subjects of one kind by key, with the row of the subject table where there is one.
#[derive(Clone, Debug)]
pub struct Subjects {
    table: Option<Rc<Table>>,
    rows: BTreeMap<Key, Option<usize>>,
}

impl Subjects {
    pub fn keys(&self) -> Vec<Key> {
        self.rows.keys().cloned().collect()
    }

    pub fn contains(&self, key: &[Value]) -> bool {
        self.rows.contains_key(key)
    }

    /// The subject's row in the subject table, and that table.
    pub fn row(&self, key: &[Value]) -> Option<(&Table, &Row)> {
        let table = self.table.as_deref()?;
        let at = self.rows.get(key).copied().flatten()?;
        Some((table, &table.rows[at]))
    }
}

impl Oracle<'_> {
    /// A table by name, as a kind of subject sees it: it is grouped and numbered for each by itself.
    pub fn table(&self, name: &str, kind: &str) -> Rc<Table> {
        let asked = (name.to_owned(), kind.to_owned());
        if let Some(table) = self.tables.borrow().get(&asked) {
            return Rc::clone(table);
        }
        let mut table = match &self.table_def(name).kind {
            TableKind::Source(def) => self.source_table(name, def),
            TableKind::Derived(def) => match &def.grouping {
                Some(grouping) => self.grouped_table(name, def, grouping, kind),
                None => self.derived_table(name, def, kind),
            },
        };
        let inherits = matches!(&self.table_def(name).kind, TableKind::Derived(def) if def.grouping.is_none());
        if !(inherits && self.is(Mutant::NumberedAsParent)) {
            order::renumber_for(kind, &mut table.rows, Ordinal::Number);
            order::renumber_for(kind, &mut table.rows, Ordinal::Gap);
        }
        if self.is(Mutant::FirstGapZero) {
            table.rows.iter_mut().for_each(|row| row.gap = row.gap.or(row.number.map(|_| 0)));
        }
        let table = Rc::new(table);
        self.tables.borrow_mut().insert(asked, Rc::clone(&table));
        table
    }

    /// The subjects of a kind: the rows of its table, or the keys found in the tables that name it.
    pub fn subjects(&self, kind: &str) -> Rc<Subjects> {
        if let Some(subjects) = self.subjects.borrow().get(kind) {
            return Rc::clone(subjects);
        }
        let def = self.kind(kind).unwrap_or_else(|| panic!("no subject {kind}"));
        let mut rows = BTreeMap::new();
        let mut table = def.table.as_ref().map(|table| self.table(&table.text, NOBODY));
        if self.is(Mutant::OrphansAreSubjects) {
            table = table.map(|table| Rc::new(self.with_orphans(&table, def)));
        }
        if let Some(table) = &table {
            for (at, row) in table.rows.iter().enumerate() {
                let key: Key = def.key.iter().map(|column| row.values[&column.text].clone()).collect();
                if key.iter().all(Value::is_known) {
                    assert!(rows.insert(key, Some(at)).is_none(), "two subjects have one key");
                }
            }
        } else {
            for key in self.keys_found(kind) {
                rows.insert(key, None);
            }
        }
        let subjects = Rc::new(Subjects { table, rows });
        self.subjects.borrow_mut().insert(kind.to_owned(), Rc::clone(&subjects));
        subjects
    }

    /// A subject table with a blank row for every key that it lacks.
    fn with_orphans(&self, table: &Table, def: &SubjectDef) -> Table {
        let mut table = table.clone();
        let columns = self.data.get(&table.base).into_iter().flat_map(|data| &data.columns);
        let blank: BTreeMap<_, _> = columns.map(|(column, _)| (column.clone(), Value::Unknown)).collect();
        for key in self.keys_found(&def.name.text) {
            let names = || def.key.iter().map(|column| column.text.clone());
            if !table.rows.iter().any(|row| names().zip(&key).all(|(name, part)| row.values[&name] == *part)) {
                let values = blank.clone().into_iter().chain(names().zip(key)).collect();
                table.rows.push(Row::of(values, None, BTreeMap::new()));
            }
        }
        table
    }

    fn keys_found(&self, kind: &str) -> BTreeSet<Key> {
        let sources = self.catalog.tables.iter().filter(|table| matches!(table.kind, TableKind::Source(_)));
        let tables: Vec<_> = sources.map(|table| self.table(&table.name.text, NOBODY)).collect();
        let rows = tables.iter().flat_map(|table| &table.rows);
        rows.filter_map(|row| row.keys.get(kind).cloned().flatten()).collect()
    }

    fn derived_table(&self, name: &str, def: &DerivedTable, kind: &str) -> Table {
        let parent = self.table(&def.from.text, kind);
        let mut table = Table { name: name.to_owned(), rows: vec![], unknown_time: 0, ..(*parent).clone() };
        let mut seen = BTreeMap::new();
        for row in &parent.rows {
            let holds = |filter| self.of_row(&parent, row, filter).as_truth() == Some(true);
            let (holds, unfit) = self.noting(|| def.filter.as_ref().is_none_or(holds));
            table.unfit |= unfit;
            if !holds {
                continue;
            }
            let mut new = row.clone();
            for (column, expr) in &def.columns {
                let (value, unfit) = self.noting(|| number::settled(self.of_row(&parent, row, expr)));
                if unfit {
                    table.unfit_columns.insert(column.text.clone());
                }
                new.values.insert(column.text.clone(), value);
            }
            let scope = Scope::Row { table: &parent, row: &new, earlier: &self.nothing_earlier };
            let alike: Vec<Value> = def.distinct.iter().map(|path| self.name(path, scope)).collect();
            table.unfit |= def.distinct.iter().any(|path| table.unfit_columns.contains(&path.parts[0].text));
            let differs = self.is(Mutant::DistinctUnknownsDiffer) && alike.contains(&Value::Unknown);
            match seen.insert(alike.clone(), table.rows.len()) {
                Some(twin) if !alike.is_empty() && !differs => {
                    seen.insert(alike, twin);
                    if self.is(Mutant::DistinctKeepsLast) {
                        table.rows[twin] = new;
                    }
                }
                _ => table.rows.push(new),
            }
        }
        table
    }

    /// When something happened: a date counts as the start of its day.
    pub fn instant_of(&self, value: &Value) -> Option<i64> {
        match value {
            Value::Unknown => None,
            Value::Instant(at) => Some(*at),
            Value::Date(date) => Some(time::start_of_day(self.calendar.zone, *date)),
            other => panic!("{other:?} is no time"),
        }
    }

    /// A column of a source table's row, or what a lookup path leads to.
    pub fn column(&self, base: &str, values: &BTreeMap<String, Value>, path: &[Ident]) -> Value {
        let (first, rest) = path.split_first().expect("a path has a name");
        if rest.is_empty() {
            return values.get(&first.text).unwrap_or_else(|| panic!("{base} has no {}", first.text)).clone();
        }
        let lookup = self.lookups_of(base).iter().find(|lookup| lookup.name.text == first.text);
        let lookup = lookup.unwrap_or_else(|| panic!("{base} has no lookup {}", first.text));
        self.looked_up(base, values, lookup, rest)
    }

    /// Follows one lookup from a row with these values, then the rest of the path.
    pub fn looked_up(&self, base: &str, values: &BTreeMap<String, Value>, lookup: &LookupDef, rest: &[Ident]) -> Value {
        let found = self.matched(base, values, lookup);
        found.map_or(Value::Unknown, |row| self.column(&self.table(&lookup.table.text, NOBODY).base, &row.values, rest))
    }

    /// The row that a lookup leads to.
    pub fn matched(&self, base: &str, values: &BTreeMap<String, Value>, lookup: &LookupDef) -> Option<Row> {
        let wanted: Key = lookup.keys.iter().map(|path| self.column(base, values, &path.parts)).collect();
        if !wanted.iter().all(Value::is_known) {
            return None;
        }
        let target = self.table(&lookup.table.text, NOBODY);
        let id = &self.source_def(&target.name).id;
        let is_it = |row: &&Row| id.iter().zip(&wanted).all(|(id, key)| row.values[&id.text] == *key);
        target.rows.iter().find(is_it).cloned()
    }
}
