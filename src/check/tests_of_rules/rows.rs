//! Rows of tests: each value of its column's type, from the text that stands there.

use std::collections::BTreeMap;

use super::super::{Checker, Code, Diagnostic, SourceType, listed};
use crate::catalog::model::TableKind;
use crate::ir::{BaseTableId, Cell, ColumnKind, Moment};
use crate::rules::model::{CellDef, CellValue, DefaultsDef, RowDef, RuleFile};
use crate::source::Span;
use crate::syntax::ast::{FileName, Ident};
use crate::syntax::print_name;

/// What columns hold that rows do not give, by table and position.
pub(super) type Defaults = BTreeMap<BaseTableId, BTreeMap<usize, Cell>>;

/// So many values of a file that do not fit are shown.
const SHOWN: usize = 5;

impl<'a> Checker<'a> {
    /// Adds defaults; those that are there are replaced. Whether all is well with them.
    pub(super) fn add_defaults(&mut self, defs: &[DefaultsDef], defaults: &mut Defaults) -> bool {
        let mut sound = true;
        for def in defs {
            let Some(table) = self.given_table(&def.table) else {
                sound = false;
                continue;
            };
            for cell in &def.cells {
                match self.cell(table, cell) {
                    Some((at, value)) => {
                        defaults.entry(table).or_default().insert(at, value);
                    }
                    None => sound = false,
                }
            }
        }
        sound
    }

    /// A table that rows can be given of.
    pub(super) fn given_table(&mut self, name: &Ident) -> Option<BaseTableId> {
        let catalog = self.catalog;
        let known = |kind: &TableKind| matches!(kind, TableKind::Source(_));
        match catalog.tables.iter().find(|def| def.name.text == name.text).map(|def| &def.kind) {
            Some(TableKind::Source(_)) => {
                let at = self.ir.base_tables.iter().position(|base| base.name == name.text && base.grouping.is_none());
                at.map(|at| BaseTableId(at as u32))
            }
            Some(TableKind::Derived(derived)) => {
                let message =
                    format!("`{}` is made from `{}`, so it has no rows to give", name.text, derived.from.text);
                let root = self.source_behind(&derived.from.text);
                let help = format!("give rows of `{root}`: those of `{}` follow from them", name.text);
                self.fail(Diagnostic::new(Code::WrongKind, name.span, message).help(help))
            }
            None => {
                let names: Vec<&str> =
                    catalog.tables.iter().filter(|def| known(&def.kind)).map(|def| def.name.text.as_str()).collect();
                let message = format!("there is no table `{}`", name.text);
                let finding = Diagnostic::new(Code::UnknownName, name.span, message);
                self.fail(match self.near(&name.text, names.iter().copied()) {
                    Some(near) => finding.fix(format!("did you mean `{near}`?"), print_name(near)),
                    None => finding.help(format!("the catalogue has {}", listed(names))),
                })
            }
        }
    }

    /// The table with rows of its own from which another is made in the end.
    fn source_behind(&self, table: &str) -> &'a str {
        let tables = &self.catalog.tables;
        let mut name = tables.iter().find(|def| def.name.text == table).map_or("", |def| def.name.text.as_str());
        for _ in tables {
            match tables.iter().find(|def| def.name.text == name).map(|def| &def.kind) {
                Some(TableKind::Derived(derived)) => name = &derived.from.text,
                _ => break,
            }
        }
        name
    }

    pub(super) fn rows_written(
        &mut self,
        table: BaseTableId,
        rows: &[RowDef],
        defaults: &Defaults,
    ) -> Option<Vec<Vec<Cell>>> {
        let blank = self.blank(table, defaults);
        let mut sound = true;
        let mut made = Vec::with_capacity(rows.len());
        for row in rows {
            let mut cells = blank.clone();
            for cell in &row.cells {
                match self.cell(table, cell) {
                    Some((at, value)) => cells.splice(at..=at, [value]).for_each(drop),
                    None => sound = false,
                }
            }
            made.push(cells);
        }
        sound.then_some(made)
    }

    /// A row of which nothing is said.
    fn blank(&self, table: BaseTableId, defaults: &Defaults) -> Vec<Cell> {
        let columns = self.ir.base_table(table).columns.len();
        let default = |at: usize| defaults.get(&table).and_then(|cells| cells.get(&at)).cloned();
        (0..columns).map(|at| default(at).unwrap_or(Cell::Unknown)).collect()
    }

    /// The rows of a file: its first line names the columns, what is empty is not said.
    pub(super) fn rows_of(
        &mut self,
        table: BaseTableId,
        rules: &RuleFile,
        name: &FileName,
        defaults: &Defaults,
    ) -> Option<Vec<Vec<Cell>>> {
        // A file that could not be read has been reported.
        let file = self.attached.lists.get(rules.file, &name.path)?;
        let header = file.header.as_ref()?;
        let mut columns: Vec<Option<usize>> = Vec::with_capacity(header.len());
        for column in header {
            let found = self.given_column(table, &column.value, column.span);
            if found.is_none()
                && let Some(finding) = self.out.last_mut()
                && finding.primary.span == column.span
                && let Some(fix) = finding.fix.take()
            {
                // The place is the whole first line.
                finding.helps.push(fix.title);
            }
            columns.push(found);
        }
        let columns: Vec<usize> = columns.into_iter().collect::<Option<_>>()?;
        let kinds: Vec<Option<ColumnKind>> = columns.iter().map(|at| self.kind_of(table, *at)).collect();
        let blank = self.blank(table, defaults);
        let mut made = Vec::with_capacity(file.rows.len());
        let mut wrong = 0;
        for row in 0..file.rows.len() {
            let mut cells = blank.clone();
            for (from, (at, kind)) in columns.iter().zip(&kinds).enumerate() {
                let text = file.rows.value(row, from);
                let Some(kind) = kind.filter(|_| !text.is_empty()) else { continue };
                match typed(kind, text) {
                    Some(value) => cells.splice(*at..=*at, [value]).for_each(drop),
                    None => {
                        wrong += 1;
                        if wrong <= SHOWN {
                            let span = file.span(row);
                            let finding = self.misfit(table, *at, kind, text, span);
                            self.out.push(finding.also(name.span, "the file is used here"));
                        }
                    }
                }
            }
            made.push(cells);
        }
        if wrong > SHOWN
            && let Some(last) = self.out.last_mut()
        {
            last.helps.push(format!("{} more values of this file do not fit", wrong - SHOWN));
        }
        (wrong == 0).then_some(made)
    }

    fn kind_of(&self, table: BaseTableId, at: usize) -> Option<ColumnKind> {
        self.ir.base_table(table).columns.get(at)?.kind
    }

    /// The position of a column that a row names, which must have a type.
    fn given_column(&mut self, table: BaseTableId, name: &str, span: Span) -> Option<usize> {
        let base = self.ir.base_table(table);
        let at = base.columns.iter().position(|column| column.name == name);
        if let Some(at) = at {
            if base.columns.get(at).is_some_and(|column| column.kind.is_some()) {
                return Some(at);
            }
            let floats = self.schemas.get(&base.name).is_some_and(|schema| {
                let source = base.columns.get(at).map(|column| column.source_name.as_str());
                schema.columns.iter().any(|found| Some(found.name.as_str()) == source && found.ty == SourceType::Float)
            });
            let message = format!("the type of `{name}` of `{}` is not known", base.name);
            let ty = if floats { "decimal(2)" } else { "text" };
            let help = format!("declare it in the catalogue: `types: {{ {}: {ty} }}`", print_name(name));
            return self.fail(Diagnostic::new(Code::UnknownType, span, message).help(help));
        }
        if base.columns.is_empty() {
            return None; // that nothing is known of the table has been reported
        }
        let names: Vec<String> = base.columns.iter().map(|column| column.name.clone()).collect();
        let renamed = base.columns.iter().find(|column| column.source_name == name).map(|column| column.name.clone());
        let table = base.name.clone();
        let without_data = self.schemas.get(&table).is_none();
        let finding = Diagnostic::new(Code::UnknownName, span, format!("`{table}` has no column `{name}`"));
        let finding = match (renamed, self.near(name, names.iter().map(String::as_str))) {
            (Some(ours), _) => finding.fix(format!("the catalogue calls it `{ours}`"), ours),
            (None, Some(near)) => finding.fix(format!("did you mean `{near}`?"), near),
            (None, None) if without_data => finding.help(format!(
                "its data is not here: if it has such a column, declare it in the catalogue: `types: {{ {}: text }}`",
                print_name(name)
            )),
            (None, None) => finding.help(format!("it has {}", listed(names.iter().map(String::as_str)))),
        };
        self.fail(finding)
    }

    fn cell(&mut self, table: BaseTableId, def: &CellDef) -> Option<(usize, Cell)> {
        let at = self.given_column(table, &def.column.value, def.column.span)?;
        let kind = self.kind_of(table, at)?;
        let value = match &def.value.value {
            CellValue::Unknown => Some(Cell::Unknown),
            CellValue::Text(text) => typed(kind, text),
            CellValue::List(items) if kind == ColumnKind::TextList => Some(Cell::Texts(items.clone())),
            CellValue::List(_) => None,
        };
        let Some(value) = value else {
            let text = match &def.value.value {
                CellValue::List(items) => format!("[{}]", items.join(", ")),
                CellValue::Text(text) => text.clone(),
                CellValue::Unknown => String::new(),
            };
            let finding = self.misfit(table, at, kind, &text, def.value.span);
            return self.fail(finding);
        };
        Some((at, value))
    }

    fn misfit(&self, table: BaseTableId, at: usize, kind: ColumnKind, text: &str, span: Span) -> Diagnostic {
        let base = self.ir.base_table(table);
        let column = base.columns.get(at).map_or("", |column| column.name.as_str());
        let what = match kind {
            ColumnKind::Bool => "`true` or `false`".to_owned(),
            ColumnKind::Integer { .. } => "a whole number".to_owned(),
            ColumnKind::Decimal { scale, .. } => match scale {
                ..=0 => "a whole number".to_owned(),
                1 => "a number with at most 1 digit after the point".to_owned(),
                _ => format!("a number with at most {scale} digits after the point"),
            },
            ColumnKind::Text => "a text".to_owned(),
            ColumnKind::Date => "a date".to_owned(),
            ColumnKind::Timestamp => "a date or a time".to_owned(),
            ColumnKind::TextList => "a list of texts".to_owned(),
        };
        let message = format!("`{text}` is not what `{column}` of `{}` holds: {what}", base.name);
        let finding = Diagnostic::new(Code::TestValue, span, message);
        match kind {
            _ if ["unknown", "none", "nil", "n/a", ""].contains(&text.to_lowercase().as_str()) => {
                finding.help("unknown is written `null`, or `~`, or left out")
            }
            ColumnKind::Bool => finding.help("write `true` or `false`"),
            ColumnKind::Integer { .. } => finding.help("write it in digits, as in `1500`"),
            ColumnKind::Decimal { .. } if typed(ColumnKind::Decimal { digits: 38, scale: 20 }, text).is_some() => {
                let help =
                    format!("write fewer digits, or declare more of them in the catalogue: `{column}: decimal(4)`");
                finding.help(help)
            }
            ColumnKind::Decimal { .. } => finding.help("write it in digits with a point, as in `1500` or `-0.5`"),
            ColumnKind::Date => finding.help("write it as `2026-03-31`"),
            ColumnKind::Timestamp => {
                finding.help("write it as `2026-03-31T10:00`, in the zone of the table, or with an offset")
            }
            ColumnKind::TextList => finding.help("write `[a, b]`"),
            ColumnKind::Text => finding.help("write one text; a list is not one"),
        }
    }
}

/// The value of a column that a text is; none: it is not one, or does not fit.
fn typed(kind: ColumnKind, text: &str) -> Option<Cell> {
    let trimmed = text.trim();
    Some(match kind {
        ColumnKind::Text => Cell::Text(text.to_owned()),
        ColumnKind::Bool => match trimmed {
            "true" => Cell::Bool(true),
            "false" => Cell::Bool(false),
            _ => return None,
        },
        ColumnKind::Integer { digits } => {
            let number = unscaled(trimmed, 0, digits)?;
            if digits < 20 {
                i64::try_from(number).ok()?;
            }
            Cell::Number(number)
        }
        ColumnKind::Decimal { digits, scale } => Cell::Number(unscaled(trimmed, scale, digits)?),
        ColumnKind::Date => match Moment::read(trimmed)? {
            Moment::Day(day) => Cell::Day(day),
            Moment::Local(_) | Moment::Instant(_) => return None,
        },
        ColumnKind::Timestamp => Cell::Time(Moment::read(trimmed)?),
        ColumnKind::TextList => return None,
    })
}

/// A plain decimal without its point, of at most so many digits; none: it has more, or is no number.
fn unscaled(text: &str, scale: i8, digits: u8) -> Option<i128> {
    let (negative, plain) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let valid = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || plain.ends_with('.') || !valid(whole) || !valid(fraction) {
        return None;
    }
    let scale = usize::try_from(scale).ok()?;
    let spare = fraction.get(scale..).unwrap_or("");
    if spare.bytes().any(|byte| byte != b'0') {
        return None;
    }
    let mut number: i128 = 0;
    for digit in whole.bytes().chain(fraction.bytes().chain(std::iter::repeat(b'0')).take(scale)) {
        number = number.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
    }
    let limit = 10_i128.pow(u32::from(digits.min(38)));
    (number < limit).then_some(if negative { -number } else { number })
}
