//! What is said of data that is not there, or not what the catalogue says.

use super::Engine;
use crate::catalog::model::{TableDef, TableKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::BaseTable;
use crate::source::{FileId, Span};

impl Engine {
    /// A table as the catalogue defines it.
    pub(super) fn definition(&self, table: &str) -> Option<&TableDef> {
        self.project.catalog()?.tables.iter().find(|def| def.name.text == table)
    }

    /// Where a table's name stands in the catalogue.
    pub(super) fn place(&self, table: &str) -> Span {
        let none = Span::new(FileId(0), 0, 0);
        self.definition(table).map_or(none, |def| def.name.span)
    }

    /// What is said of a table whose data is not there.
    pub(super) fn missing(&self, table: &str) -> Diagnostic {
        if let Some(diagnostic) = self.found.missing.get(table) {
            return diagnostic.clone();
        }
        let message = format!("nothing says where the rows of `{table}` are");
        let help = "give it a `source:`, or hand over a table of that name when the project is embedded";
        Diagnostic::new(Code::SourceUnreadable, self.place(table), message).help(help)
    }

    /// Keys, each with the places of its rows as far as these are known.
    pub(super) async fn with_places(&self, table: &BaseTable, columns: &[u32], keys: &[String]) -> Vec<String> {
        self.found.with_places(&self.state, table, columns, keys).await
    }

    /// What is said of a table with unequal rows of one id.
    pub(super) fn conflicting(&self, table: &str, has_version: bool, examples: &[String]) -> Diagnostic {
        let id = match self.definition(table).map(|def| &def.kind) {
            Some(TableKind::Source(source)) => {
                source.id.iter().map(|id| id.text.as_str()).collect::<Vec<_>>().join(", ")
            }
            _ => String::new(),
        };
        let message = format!("`{table}` has unequal rows with one `{id}`: {}", examples.join("; "));
        let help = match has_version {
            true => "they have one version too: nothing says which of them is the row",
            false => "name the column that tells which is the newest (`version: updated_at`), or correct the data",
        };
        Diagnostic::new(Code::ConflictingRows, self.place(table), message).help(help)
    }
}
