//! The columns of a base table: what is declared, what the data has, and where the two differ.

use std::collections::HashSet;

use super::{Checker, Code, Diagnostic, SourceColumn, SourceType, TableSchema, nearest};
use crate::catalog::model::{ColumnType, SourceTable, TableDef};
use crate::ir::{BaseColumn, ColumnKind};

/// Digits of a declared decimal: what 128 bits hold.
const DECIMAL_DIGITS: u8 = 38;
const INTEGER_DIGITS: u8 = 19;

impl<'a> Checker<'a> {
    /// Columns and which of them may be unknown.
    pub(super) fn base_columns(&mut self, def: &'a TableDef, table: &'a SourceTable) -> (Vec<BaseColumn>, Vec<bool>) {
        match self.schemas.get(&def.name.text) {
            Some(schema) => self.found_columns(def, table, schema),
            None => self.declared_columns(def, table),
        }
    }

    fn declared_columns(&mut self, def: &TableDef, table: &SourceTable) -> (Vec<BaseColumn>, Vec<bool>) {
        if table.types.is_empty() {
            let name = &def.name.text;
            let message = format!(
                "the columns of table `{name}` are not known: its data is not here, and no `types:` are declared"
            );
            let help = format!(
                "declare them so that rules can be checked without the data: `types: {{ {} }}`",
                example_types(table)
            );
            self.out.push(Diagnostic::new(Code::UnknownType, def.name.span, message).help(help));
        }
        let columns = table.types.iter().map(|(name, declared)| BaseColumn {
            name: name.text.clone(),
            source_name: source_name(table, &name.text),
            kind: Some(declared_kind(declared.value)),
        });
        let columns: Vec<_> = columns.collect();
        let nullable = vec![true; columns.len()];
        (columns, nullable)
    }

    fn found_columns(
        &mut self,
        def: &TableDef,
        table: &SourceTable,
        schema: &TableSchema,
    ) -> (Vec<BaseColumn>, Vec<bool>) {
        let found: HashSet<&str> = schema.columns.iter().map(|column| column.name.as_str()).collect();
        for (_, theirs) in &table.rename {
            if !found.contains(theirs.value.as_str()) {
                self.missing_column(&theirs.value, theirs.span, &def.name.text, &found);
            }
        }
        for (ours, _) in &table.types {
            let renamed = table.rename.iter().any(|(name, _)| name == ours);
            if !renamed && !found.contains(ours.text.as_str()) {
                self.missing_column(&ours.text, ours.span, &def.name.text, &found);
            }
        }
        let columns: Vec<BaseColumn> =
            schema.columns.iter().map(|column| self.found_column(def, table, column)).collect();
        self.renamed_twice(def, table, &columns);
        if columns.is_empty() {
            let message = format!("the data of `{}` has no columns", def.name.text);
            let help = "look at the source: is it the right file, and does a CSV file have its line of names?";
            self.out.push(Diagnostic::new(Code::MissingColumn, def.name.span, message).help(help));
        }
        (columns, schema.columns.iter().map(|column| column.nullable).collect())
    }

    /// A column that is renamed must not take the name of another, nor be renamed twice.
    fn renamed_twice(&mut self, def: &TableDef, table: &SourceTable, columns: &[BaseColumn]) {
        for (at, (ours, theirs)) in table.rename.iter().enumerate() {
            let taken = columns.iter().filter(|column| column.name == ours.text).count() > 1;
            let again = table.rename.iter().take(at).any(|(_, other)| other.value == theirs.value);
            if taken || again {
                let message = match again {
                    true => format!("`{}` of `{}` is renamed twice", theirs.value, def.name.text),
                    false => format!("`{}` has a column `{}` already", def.name.text, ours.text),
                };
                let diagnostic = Diagnostic::new(Code::NameTaken, ours.span, message);
                self.out.push(diagnostic.help("keep one name for each column"));
            }
        }
    }

    fn found_column(&mut self, def: &TableDef, table: &SourceTable, column: &SourceColumn) -> BaseColumn {
        let renamed = table.rename.iter().find(|(_, theirs)| theirs.value == column.name);
        let name = renamed.map_or(&column.name, |(ours, _)| &ours.text).clone();
        let declared = table.types.iter().find(|(ours, _)| ours.text == name);
        let kind = match (declared, &column.ty) {
            (None, SourceType::Kind(kind) | SourceType::Untyped(kind)) => Some(*kind),
            (None, SourceType::Float | SourceType::Other(_)) => None,
            (Some((ours, declared)), found) => {
                let kind = declared_kind(declared.value);
                match reading(kind, found) {
                    Reading::Same(kind) => Some(kind),
                    Reading::Converted => {
                        let message = format!(
                            "`{}` of `{}` is {found} in the data; it is read as the declared {kind}",
                            ours.text, def.name.text
                        );
                        self.out.push(Diagnostic::new(Code::TypeDiffers, declared.span, message));
                        Some(kind)
                    }
                    Reading::Impossible => {
                        let message = format!(
                            "`{}` of `{}` is declared {kind}, but the data has {found}, which cannot be read as that",
                            ours.text, def.name.text
                        );
                        let diagnostic = Diagnostic::new(Code::DeclaredType, declared.span, message);
                        let diagnostic = match found {
                            SourceType::Kind(found) | SourceType::Untyped(found @ ColumnKind::TextList) => {
                                diagnostic.fix(format!("declare {found}"), found.to_string())
                            }
                            SourceType::Untyped(_) => diagnostic
                                .help("lists come from NDJSON, Parquet or Arrow: declare `text`, or hand the data over as one of them"),
                            _ => diagnostic.help("declare another type, or change the data"),
                        };
                        self.out.push(diagnostic);
                        Some(kind)
                    }
                }
            }
        };
        BaseColumn { name, source_name: column.name.clone(), kind }
    }

    fn missing_column(&mut self, name: &str, span: crate::source::Span, table: &str, found: &HashSet<&str>) {
        let message = format!("the data of `{table}` has no column `{name}`");
        let mut names: Vec<&str> = found.iter().copied().collect();
        names.sort_unstable();
        let diagnostic = Diagnostic::new(Code::MissingColumn, span, message);
        self.out.push(match nearest(name, names.iter().copied()) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!("it has {}", super::listed(names))),
        });
    }
}

fn example_types(table: &SourceTable) -> String {
    let mut names: Vec<&str> = table.id.iter().map(|id| id.text.as_str()).collect();
    if let Some(part) = table.time.as_ref().and_then(|path| path.parts.first()) {
        names.push(&part.text);
    }
    match names.as_slice() {
        [] => "customer_id: text, amount: decimal(2)".to_owned(),
        [first, ..] => format!("{first}: text, …"),
    }
}

fn source_name(table: &SourceTable, ours: &str) -> String {
    let renamed = table.rename.iter().find(|(name, _)| name.text == ours);
    renamed.map_or_else(|| ours.to_owned(), |(_, theirs)| theirs.value.clone())
}

fn declared_kind(declared: ColumnType) -> ColumnKind {
    match declared {
        ColumnType::Text => ColumnKind::Text,
        ColumnType::Integer => ColumnKind::Integer { digits: INTEGER_DIGITS },
        ColumnType::Decimal(scale) => ColumnKind::Decimal { digits: DECIMAL_DIGITS, scale: scale as i8 },
        ColumnType::Bool => ColumnKind::Bool,
        ColumnType::Date => ColumnKind::Date,
        ColumnType::Timestamp => ColumnKind::Timestamp,
        ColumnType::TextList => ColumnKind::TextList,
    }
}

enum Reading {
    /// The data has what is declared, as exactly this.
    Same(ColumnKind),
    /// Every value can be read as declared, or is reported when it cannot.
    Converted,
    Impossible,
}

/// How data of one type is read as another. Floating point becomes a decimal by declaration: that is what it is for.
fn reading(declared: ColumnKind, found: &SourceType) -> Reading {
    use ColumnKind::*;
    match (declared, found) {
        (TextList, SourceType::Untyped(TextList)) => Reading::Same(TextList),
        (TextList, SourceType::Untyped(_)) | (_, SourceType::Untyped(TextList)) => Reading::Impossible,
        (_, SourceType::Untyped(_)) | (Decimal { .. }, SourceType::Float) => Reading::Same(declared),
        (_, SourceType::Float | SourceType::Other(_)) => Reading::Impossible,
        (Integer { .. }, SourceType::Kind(found @ Integer { .. })) => Reading::Same(*found),
        (Decimal { scale, .. }, SourceType::Kind(found @ Decimal { scale: has, .. })) if scale == *has => {
            Reading::Same(*found)
        }
        (Decimal { scale, .. }, SourceType::Kind(Decimal { scale: has, .. })) if scale > *has => Reading::Converted,
        (Decimal { .. } | Text, SourceType::Kind(Integer { .. })) => Reading::Converted,
        (Timestamp, SourceType::Kind(Date)) => Reading::Converted,
        (Integer { .. } | Decimal { .. } | Bool | Date | Timestamp, SourceType::Kind(Text)) => Reading::Converted,
        (declared, SourceType::Kind(found)) if declared == *found => Reading::Same(*found),
        _ => Reading::Impossible,
    }
}
