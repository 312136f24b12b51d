//! Tables as they are at T: which rows exist, in which order, whose they are.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use kohort::catalog::model::{DerivedTable, LookupDef, SourceTable, SubjectDef, TableKind};
use kohort::syntax::ast::{Ident, Path};

use super::super::mutants::Mutant;
use super::super::value::{Cell, TableData, Value, decimal};
use super::eval::Scope;
use super::{Key, Oracle, time};

/// A row that exists at T.
#[derive(Clone, Debug)]
pub struct Row {
    /// Own columns and, in derived tables, the new ones.
    pub values: BTreeMap<String, Value>,
    /// When it happened; `None` in a timeless table.
    pub time: Option<i64>,
    /// For each kind of subject that the table names: whose it is, `None` where a part of the key is unknown.
    pub keys: BTreeMap<String, Option<Key>>,
    /// Time, then id columns, then all columns of the base table: the order of rows.
    order: Vec<Value>,
}

/// A table's rows at T, in row order.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The source table under it, whose lookups it has.
    pub base: String,
    /// Whether it has a time.
    pub timed: bool,
    /// The rows.
    pub rows: Vec<Row>,
    /// Rows left out because their time is unknown.
    pub unknown_time: usize,
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
    /// A table by name.
    pub fn table(&self, name: &str) -> Rc<Table> {
        if let Some(table) = self.tables.borrow().get(name) {
            return Rc::clone(table);
        }
        let table = Rc::new(match &self.table_def(name).kind {
            TableKind::Source(def) => self.source_table(name, def),
            TableKind::Derived(def) => self.derived_table(name, def),
        });
        self.tables.borrow_mut().insert(name.to_owned(), Rc::clone(&table));
        table
    }

    /// The subjects of a kind: the rows of its table, or the keys found in the tables that name it.
    pub fn subjects(&self, kind: &str) -> Rc<Subjects> {
        if let Some(subjects) = self.subjects.borrow().get(kind) {
            return Rc::clone(subjects);
        }
        let def = self.kind(kind).unwrap_or_else(|| panic!("no subject {kind}"));
        let mut rows = BTreeMap::new();
        let mut table = def.table.as_ref().map(|table| self.table(&table.text));
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
                table.rows.push(Row { values, time: None, keys: BTreeMap::new(), order: vec![] });
            }
        }
        table
    }

    fn keys_found(&self, kind: &str) -> BTreeSet<Key> {
        let sources = self.catalog.tables.iter().filter(|table| matches!(table.kind, TableKind::Source(_)));
        let tables: Vec<_> = sources.map(|table| self.table(&table.name.text)).collect();
        let rows = tables.iter().flat_map(|table| &table.rows);
        rows.filter_map(|row| row.keys.get(kind).cloned().flatten()).collect()
    }

    fn source_table(&self, name: &str, def: &SourceTable) -> Table {
        let empty = TableData::default();
        let data = self.data.get(name).unwrap_or(&empty);
        let zone = def.timezone.filter(|_| !self.is(Mutant::TableZoneIgnored)).unwrap_or(self.catalog.timezone);
        let convert = |row: &Vec<Cell>| row.iter().map(|cell| self.value_of(cell, zone)).collect::<Vec<_>>();
        let position = |column: &Ident| column_position(data, name, column);
        let id: Vec<usize> = def.id.iter().map(position).collect();
        let version = def.version.as_ref().map(position);

        let mut table = Table {
            name: name.to_owned(),
            base: name.to_owned(),
            timed: def.time.is_some(),
            rows: vec![],
            unknown_time: 0,
        };
        let by_name = |cells: &[Value]| -> BTreeMap<String, Value> {
            data.columns.iter().map(|(column, _)| column.clone()).zip(cells.iter().cloned()).collect()
        };
        let time_of =
            |path: &Path, values: &BTreeMap<String, Value>| self.instant_of(&self.column(name, values, &path.parts));
        let is_later = |time: Option<i64>| time.is_some_and(|time| time > self.calendar.now);
        let mut rows: Vec<Vec<Value>> = data.rows.iter().map(convert).collect();
        if let (Some(path), true) = (&def.time, self.is(Mutant::TimeBeforeVersion)) {
            rows.retain(|cells| !is_later(time_of(path, &by_name(cells))));
        }
        for cells in self.one_row_per_id(rows, &id, version) {
            let values = by_name(&cells);
            let time = match &def.time {
                None => None,
                Some(path) => match time_of(path, &values) {
                    None => {
                        table.unknown_time += 1;
                        continue;
                    }
                    later if is_later(later) && !self.is(Mutant::LaterRowsExist) => continue,
                    known => known,
                },
            };
            let is_dropped = |lookup| self.is(Mutant::NoMatchDropsRow) && self.matched(name, &values, lookup).is_none();
            if def.lookups.iter().any(is_dropped) {
                continue;
            }
            let keys = self.keys_of(name, def, &values);
            let first = time.map_or(Value::Unknown, Value::Instant);
            let order = std::iter::once(first)
                .chain(id.iter().map(|at| cells[*at].clone()))
                .chain(cells.iter().cloned())
                .collect();
            table.rows.push(Row { values, time, keys, order });
        }
        if self.is(Mutant::TiesByArrival) {
            table.rows.sort_by_key(|row| row.time);
        } else if !self.is(Mutant::RowsByArrival) {
            table.rows.sort_by(|a, b| a.order.cmp(&b.order));
        }
        table
    }

    /// When something happened: a date counts as the start of its day.
    fn instant_of(&self, value: &Value) -> Option<i64> {
        match value {
            Value::Unknown => None,
            Value::Instant(at) => Some(*at),
            Value::Date(date) => Some(time::start_of_day(self.calendar.zone, *date)),
            other => panic!("{other:?} is no time"),
        }
    }

    fn keys_of(
        &self,
        table: &str,
        def: &SourceTable,
        values: &BTreeMap<String, Value>,
    ) -> BTreeMap<String, Option<Key>> {
        let key = |paths: &Vec<Path>| {
            let parts: Key = paths.iter().map(|path| self.column(table, values, &path.parts)).collect();
            parts.iter().all(Value::is_known).then_some(parts)
        };
        let default = &self.catalog.subjects[0].name;
        def.subject.iter().map(|(kind, paths)| (kind.as_ref().unwrap_or(default).text.clone(), key(paths))).collect()
    }

    fn derived_table(&self, name: &str, def: &DerivedTable) -> Table {
        let parent = self.table(&def.from.text);
        let mut table = Table { name: name.to_owned(), rows: vec![], unknown_time: 0, ..(*parent).clone() };
        let mut seen = BTreeMap::new();
        for row in &parent.rows {
            let holds = |filter| self.of_row(&parent, row, filter).as_truth() == Some(true);
            if !def.filter.as_ref().is_none_or(holds) {
                continue;
            }
            let mut new = row.clone();
            for (column, expr) in &def.columns {
                new.values.insert(column.text.clone(), self.of_row(&parent, row, expr));
            }
            let scope = Scope::Row { table: &parent, row: &new };
            let alike: Vec<Value> = def.distinct.iter().map(|path| self.name(path, scope)).collect();
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

    /// A column of a source table's row, or what a lookup path leads to.
    pub fn column(&self, base: &str, values: &BTreeMap<String, Value>, path: &[Ident]) -> Value {
        let (first, rest) = path.split_first().expect("a path has a name");
        if rest.is_empty() {
            return values.get(&first.text).unwrap_or_else(|| panic!("{base} has no {}", first.text)).clone();
        }
        let lookups = &self.source_def(base).lookups;
        let lookup = lookups.iter().find(|lookup| lookup.name.text == first.text);
        let lookup = lookup.unwrap_or_else(|| panic!("{base} has no lookup {}", first.text));
        self.looked_up(base, values, lookup, rest)
    }

    /// Follows one lookup from a row with these values, then the rest of the path.
    pub fn looked_up(&self, base: &str, values: &BTreeMap<String, Value>, lookup: &LookupDef, rest: &[Ident]) -> Value {
        let found = self.matched(base, values, lookup);
        found.map_or(Value::Unknown, |row| self.column(&self.table(&lookup.table.text).base, &row.values, rest))
    }

    /// The row that a lookup leads to.
    fn matched(&self, base: &str, values: &BTreeMap<String, Value>, lookup: &LookupDef) -> Option<Row> {
        let wanted: Key = lookup.keys.iter().map(|path| self.column(base, values, &path.parts)).collect();
        if !wanted.iter().all(Value::is_known) {
            return None;
        }
        let target = self.table(&lookup.table.text);
        let id = &self.source_def(&target.name).id;
        let is_it = |row: &&Row| id.iter().zip(&wanted).all(|(id, key)| row.values[&id.text] == *key);
        target.rows.iter().find(is_it).cloned()
    }

    /// Exactly equal rows with one id count once; of unequal ones the greatest version is the row. A row of which a part
    /// of the id is unknown is like no other.
    fn one_row_per_id(&self, rows: Vec<Vec<Value>>, id: &[usize], version: Option<usize>) -> Vec<Vec<Value>> {
        let mut kept: Vec<Vec<Value>> = Vec::new();
        for row in rows {
            let same_id = |other: &Vec<Value>| id.iter().all(|at| other[*at] == row[*at] && row[*at].is_known());
            let twin = if id.is_empty() { None } else { kept.iter().position(same_id) };
            match twin {
                None => kept.push(row),
                Some(twin) if kept[twin] == row && self.is(Mutant::EqualRowsCountTwice) => kept.push(row),
                Some(twin) if kept[twin] == row => {}
                Some(twin) => {
                    let version = version.expect("unequal rows with one id need a version");
                    let order = row[version].cmp(&kept[twin][version]);
                    match if self.is(Mutant::SmallestVersionWins) { order.reverse() } else { order } {
                        Ordering::Less => {}
                        Ordering::Greater => kept[twin] = row,
                        Ordering::Equal => panic!("unequal rows with one id and one version"),
                    }
                }
            }
        }
        kept
    }

    /// A cell as a value; a local time in the table's zone becomes an instant.
    fn value_of(&self, cell: &Cell, zone: chrono_tz::Tz) -> Value {
        match cell {
            Cell::Unknown => Value::Unknown,
            Cell::Bool(truth) => Value::Bool(*truth),
            Cell::Int(number) => Value::int(*number),
            Cell::Decimal(unscaled, scale) => Value::Number(decimal(*unscaled, u32::from(*scale))),
            Cell::Text(text) => Value::Text(text.clone()),
            Cell::Date(date) => Value::Date(*date),
            Cell::LocalTime(local) if self.is(Mutant::AmbiguousTimeIsLater) => {
                Value::Instant(time::later_instant(zone, *local))
            }
            Cell::LocalTime(local) => Value::Instant(time::instant(zone, *local)),
            Cell::Instant(at) => Value::Instant(*at),
            Cell::List(items) => Value::List(items.clone()),
        }
    }
}

fn column_position(data: &TableData, table: &str, column: &Ident) -> usize {
    let position = data.columns.iter().position(|(name, _)| *name == column.text);
    position.unwrap_or_else(|| panic!("{table} has no {}", column.text))
}
