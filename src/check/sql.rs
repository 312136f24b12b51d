//! Tables by SQL: what their queries read, and that none of them reads itself.

use std::collections::{BTreeMap, BTreeSet};

use super::{Checker, Code, Diagnostic, Slot, listed, with_article};
use crate::catalog::model::{TableDef, TableKind};
use crate::ir::{BaseTableId, SqlTable, SubjectId, TableId, read_by_sql};
use crate::source::Text;
use crate::sql;
use crate::syntax::ast::Ident;

impl<'a> Checker<'a> {
    /// Reads the queries of all tables by SQL; every table is there.
    pub(super) fn sql_tables(&mut self) {
        let catalog = self.catalog;
        for def in &catalog.tables {
            if let TableKind::Source(table) = &def.kind
                && let Some(text) = &table.sql
            {
                self.sql_table(def, text);
            }
        }
        self.sql_circles();
    }

    fn sql_table(&mut self, def: &'a TableDef, text: &'a Text) {
        let Some(query) = sql::read(text, &mut self.out) else { return };
        for part in query.parts.iter().filter(|part| self.table_defs.contains_key(part.text.as_str())) {
            let message =
                format!("`{0}` is a table of the catalogue, and a part of the query is called `{0}` too", part.text);
            let finding = Diagnostic::new(Code::NameTaken, part.span, message);
            self.out.push(finding.help("give the part another name, so that everybody knows which one is meant"));
        }
        let parts = |name: &Ident| query.parts.contains(name);
        let named = query.tables.iter().filter(|name| !parts(name));
        let reads: Vec<_> = named.filter_map(|name| Some((name.text.clone(), self.queried(name)?))).collect();
        let Some(Slot::Done(own)) = self.tables.get(&(def.name.text.as_str(), None)) else { return };
        let base = self.ir.table(*own).base;
        self.ir.sql.push(SqlTable { base, text: text.value().to_owned(), span: text.span(), reads });
    }

    /// A table that a query names.
    fn queried(&mut self, name: &Ident) -> Option<TableId> {
        if !self.table_defs.contains_key(name.text.as_str()) {
            return self.fail(self.no_such_table(name));
        }
        if !self.of_subjects.contains(name.text.as_str()) {
            return match self.tables.get(&(name.text.as_str(), None)) {
                Some(Slot::Done(table)) => Some(*table),
                // Why it could not be made has been said.
                _ => None,
            };
        }
        let said = self.out.len();
        let mut made: Vec<(SubjectId, TableId)> = Vec::new();
        for subject in (0..self.ir.subjects.len() as u32).map(SubjectId) {
            made.extend(self.table(name, Some(subject)).map(|table| (subject, table)));
        }
        // Why it could not be made for some kind, or for any, is said where it is defined.
        self.out.truncate(said);
        let (subject, table) = made.pop()?;
        let Some((other, _)) = made.first() else { return Some(table) };
        let kind = |subject: SubjectId| with_article(&self.ir.subject(subject).name);
        let message = format!(
            "`{}` has rows for {} and others for {}, and a query cannot say which are meant",
            name.text,
            kind(*other),
            kind(subject)
        );
        let help = "let the query read the table that it is made from, and group there";
        self.fail(Diagnostic::new(Code::WrongSubject, name.span, message).help(help))
    }

    fn no_such_table(&self, name: &Ident) -> Diagnostic {
        let finding = Diagnostic::new(Code::UnknownName, name.span, format!("there is no table `{}`", name.text));
        let mut names: Vec<&str> = self.table_defs.keys().copied().collect();
        names.sort_unstable();
        let as_written = names.iter().find(|other| other.to_lowercase() == name.text.to_lowercase());
        if let Some(other) = as_written {
            let quoted = format!("\"{other}\"");
            let finding = finding.help("SQL reads names without quotes in small letters");
            return finding.fix(format!("write `{quoted}`"), quoted);
        }
        match self.near(&name.text, names.iter().copied()) {
            Some(near) => finding.fix(format!("did you mean `{near}`?"), near),
            None => finding.help(format!("the catalogue has {}", listed(names))),
        }
    }

    /// Refuses queries that lead back to their own table, through whatever tables, metrics and subjects.
    fn sql_circles(&mut self) {
        let reads = self.ir.sql.iter().map(|sql| (sql.base, read_by_sql(&self.ir, sql)));
        let reads: BTreeMap<BaseTableId, _> = reads.collect();
        let mut told = BTreeSet::new();
        let mut found = Vec::new();
        for sql in &self.ir.sql {
            let mut pending: Vec<BaseTableId> = reads.get(&sql.base).into_iter().flatten().copied().collect();
            let mut seen = BTreeSet::new();
            while let Some(base) = pending.pop() {
                if seen.insert(base) {
                    pending.extend(reads.get(&base).into_iter().flatten().copied());
                }
            }
            // One message for each circle: tables that lead to one already told are in it, or rest on it.
            if seen.contains(&sql.base) && seen.is_disjoint(&told) {
                told.insert(sql.base);
                let name = &self.ir.base_table(sql.base).name;
                let message = format!("table `{name}` is made from itself");
                let finding = Diagnostic::new(Code::Cycle, sql.span, message);
                found.push(finding.help(
                    "a table that the query reads, or a metric or subject that such a table asks, leads back to it: break the circle",
                ));
            }
        }
        self.out.append(&mut found);
    }
}
