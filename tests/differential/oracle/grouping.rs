//! Tables by grouping: one row for each subject and key.

use std::collections::BTreeMap;

use kohort::catalog::model::{DerivedTable, Grouping};
use kohort::syntax::ast::{Expr, ExprKind, Period};

use super::super::mutants::Mutant;
use super::super::value::Value;
use super::eval::Scope;
use super::tables::{Row, Table};
use super::{Key, Oracle, number, order};

/// The rows of a group.
type Group = Vec<Row>;

impl Oracle<'_> {
    /// The groups of a kind of subject that exist at T.
    pub fn grouped_table(&self, name: &str, def: &DerivedTable, grouping: &Grouping, kind: &str) -> Table {
        assert!(self.kind(kind).is_some() && def.distinct.is_empty(), "{name} is grouped for a kind of subject");
        let parent = self.table(&def.from.text, kind);
        let (groups, unfit) = self.noting(|| self.groups(&parent, def, grouping, kind));
        let timed = grouping.time.is_some() || shortest_period(grouping).is_some() || parent.timed;
        let mut table = Table { unfit: unfit || parent.unfit, ..Table::empty(name, timed) };
        let mut ordered: Vec<(Vec<Value>, Row)> = Vec::new();
        for ((subject, keys), rows) in groups {
            let names = grouping.keys.iter().map(|(key, _)| key.text.clone());
            let mut values: BTreeMap<String, Value> = names.zip(keys.iter().cloned()).collect();
            let scope = Scope::Group { table: &parent, rows: &rows, keys: &values };
            let of_group = |expr: &Expr| self.noting(|| number::settled(self.eval(expr, scope, self.nothing_pushed())));
            let (time, unfit) = self.noting(|| self.time_of_group(grouping, &parent, scope));
            table.unfit |= unfit;
            let exists = time.is_some_and(|time| time <= self.calendar.now || self.is(Mutant::LaterGroupsExist));
            if timed && !exists {
                continue;
            }
            let mut columns = Vec::new();
            for (column, expr) in &def.columns {
                let (value, unfit) = of_group(expr);
                if unfit {
                    table.unfit_columns.insert(column.text.clone());
                }
                columns.push((column.text.clone(), value));
            }
            values.extend(columns);
            // Time, then the keys, which are the row's id; the keys of subjects tell equal ones apart.
            let first = time.map_or(Value::Unknown, Value::Instant);
            let place = std::iter::once(first).chain(keys).chain(subject.clone()).collect();
            ordered.push((place, Row::of(values, time, BTreeMap::from([(kind.to_owned(), Some(subject))]))));
        }
        ordered.sort_by(|(a, _), (b, _)| a.cmp(b));
        table.rows = ordered.into_iter().map(|(_, row)| row).collect();
        order::place(&mut table.rows);
        table
    }

    /// The parent's rows by subject and keys. Unknowns are equal; rows of nobody are in no group.
    fn groups(
        &self,
        parent: &Table,
        def: &DerivedTable,
        grouping: &Grouping,
        kind: &str,
    ) -> BTreeMap<(Key, Vec<Value>), Group> {
        let mut groups: BTreeMap<(Key, Vec<Value>), Group> = BTreeMap::new();
        for (at, row) in parent.rows.iter().enumerate() {
            let holds = |filter| self.of_row(parent, row, filter).as_truth() == Some(true);
            let Some(subject) = row.keys[kind].clone().filter(|_| def.filter.as_ref().is_none_or(holds)) else {
                continue;
            };
            let keys = grouping.keys.iter().map(|(_, expr)| number::settled(self.of_row(parent, row, expr)));
            let mut keys: Vec<Value> = keys.collect();
            if keys.contains(&Value::Unknown) {
                if self.is(Mutant::UnknownKeysDropped) {
                    continue;
                }
                keys.extend(self.is(Mutant::UnknownKeysDiffer).then(|| Value::int(at)));
            }
            groups.entry((subject, keys)).or_default().push(row.clone());
        }
        groups
    }

    /// When a group happened, if it is known: as `time:` says, else at the start of its shortest period, else with its
    /// first row.
    fn time_of_group(&self, grouping: &Grouping, parent: &Table, scope: Scope<'_>) -> Option<i64> {
        let Scope::Group { rows, keys, .. } = scope else { panic!("a group") };
        if let Some(expr) = &grouping.time {
            return self.instant_of(&number::settled(self.eval(expr, scope, self.nothing_pushed())));
        }
        let period = if self.is(Mutant::LongestPeriodIsTime) { longest_period } else { shortest_period };
        let period = period(grouping).filter(|_| !(parent.timed && self.is(Mutant::PeriodIsNoTime)));
        if let Some(key) = period {
            return self.instant_of(&keys[key]);
        }
        let times = || rows.iter().filter_map(|row| row.time);
        if self.is(Mutant::GroupAtItsLastRow) { times().max() } else { times().min() }
    }
}

/// The keys that are calendar periods.
fn periods(grouping: &Grouping) -> impl Iterator<Item = (Period, &str)> {
    grouping.keys.iter().filter_map(|(name, expr)| {
        let ExprKind::Call { function, .. } = &expr.kind else { return None };
        let period = match function.text.as_str() {
            "day" => Period::Day,
            "week" => Period::Week,
            "month" => Period::Month,
            "quarter" => Period::Quarter,
            "year" => Period::Year,
            _ => return None,
        };
        Some((period, name.text.as_str()))
    })
}

/// The key that is the shortest period; of several the first.
fn shortest_period(grouping: &Grouping) -> Option<&str> {
    periods(grouping).min_by_key(|(period, _)| *period).map(|(_, key)| key)
}

/// The key that is the longest period: wrong, and what a mutant takes.
fn longest_period(grouping: &Grouping) -> Option<&str> {
    periods(grouping).max_by_key(|(period, _)| *period).map(|(_, key)| key)
}
