//! Tables of data: from cells to the rows that exist at T.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use kohort::catalog::model::SourceTable;
use kohort::syntax::ast::{Ident, Path};

use super::super::mutants::Mutant;
use super::super::value::{Cell, TableData, Value, decimal};
use super::tables::{Row, Table};
use super::{Key, Oracle, order, time};

impl Oracle<'_> {
    /// The rows of data that exist at T.
    pub fn source_table(&self, name: &str, def: &SourceTable) -> Table {
        let empty = TableData::default();
        let data = self.data.get(name).unwrap_or(&empty);
        let zone = def.timezone.filter(|_| !self.is(Mutant::TableZoneIgnored)).unwrap_or(self.catalog.timezone);
        let convert = |row: &Vec<Cell>| row.iter().map(|cell| self.value_of(cell, zone)).collect::<Vec<_>>();
        let position = |column: &Ident| column_position(data, name, column);
        let id: Vec<usize> = def.id.iter().map(position).collect();
        let version = def.version.as_ref().map(position);

        let mut table = Table::empty(name, def.time.is_some());
        let mut ordered: Vec<(Vec<Value>, Row)> = Vec::new();
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
            // Time, then id, then all columns: the order of rows.
            let order = std::iter::once(first)
                .chain(id.iter().map(|at| cells[*at].clone()))
                .chain(cells.iter().cloned())
                .collect();
            ordered.push((order, Row::of(values, time, keys)));
        }
        if self.is(Mutant::TiesByArrival) {
            ordered.sort_by_key(|(_, row)| row.time);
        } else if !self.is(Mutant::RowsByArrival) {
            ordered.sort_by(|(a, _), (b, _)| a.cmp(b));
        }
        table.rows = ordered.into_iter().map(|(_, row)| row).collect();
        order::place(&mut table.rows);
        table
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
