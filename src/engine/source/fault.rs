//! What is wrong with rows of data, and where.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::advice;
use crate::catalog::model::{OnError, SourceTable, TableDef};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::ColumnKind;

/// How many places one message names.
const EXAMPLES: usize = 5;
/// Longer values are cut in messages.
const SHOWN: usize = 40;

/// A row of data that cannot be read, or a value of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct RowFault {
    /// The file; none: the data was handed over.
    pub file: Option<Arc<str>>,
    /// The line on which the row begins in text files, the number of the row in others; from 1. None where rows have no
    /// fixed place.
    pub row: Option<u64>,
    /// Rows are lines.
    pub lines: bool,
    /// The column, by our name, if it is one.
    pub column: Option<String>,
    /// The value as it is written, if it is one.
    pub value: Option<String>,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// A value is not of the type that its column has.
    NotA(ColumnKind),
    /// More or fewer values than the first line names.
    Ragged {
        /// Values of the row.
        found: usize,
        /// Names of the first line.
        expected: usize,
        /// Lines that the row covers: an open quote swallows many.
        lines: u64,
    },
    /// Text in another encoding than UTF-8.
    NotUtf8,
    /// A line that is no JSON object, and why.
    NotJson(String),
    /// A row of more bytes than are read.
    TooLong,
    /// The file is of a kind that cannot be read: what is wrong with it, and what to do.
    Unusable(String, &'static str),
    /// The file breaks off or cannot be read any further, and why. Such a file is never skipped.
    Unreadable(String),
}

impl RowFault {
    /// The rest of the file can be read.
    pub fn is_local(&self) -> bool {
        !matches!(self.problem, Problem::TooLong | Problem::Unusable(..) | Problem::Unreadable(_))
    }

    /// `line 17`, `row 17`, or nothing.
    fn row(&self) -> Option<String> {
        self.row.map(|row| format!("{} {row}", if self.lines { "line" } else { "row" }))
    }

    /// `data/sales.csv, line 17`.
    pub fn place(&self) -> String {
        let file = self.file.as_deref().map(|file| format!("`{file}`"));
        file.into_iter().chain(self.row()).collect::<Vec<_>>().join(", ")
    }
}

/// One sentence: what is wrong, without the place.
impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let column = self.column.as_deref().unwrap_or_default();
        let value = self.value.as_deref().map(shortened).unwrap_or_default();
        match &self.problem {
            Problem::NotA(kind) => {
                let precise = self.value.as_deref().is_some_and(advice::is_plain_number);
                let expected = if precise { one(*kind) } else { one_of_any(*kind) };
                write!(f, "`{value}` in `{column}` is not {expected}")
            }
            Problem::Ragged { found, expected, lines } => {
                write!(f, "{found} value{} instead of {expected}", if *found == 1 { "" } else { "s" })?;
                if *lines > 1 { write!(f, " over {lines} lines") } else { Ok(()) }
            }
            Problem::NotUtf8 if column.is_empty() => f.write_str("text that is not in UTF-8"),
            Problem::NotUtf8 => write!(f, "`{column}` is not in UTF-8"),
            Problem::NotJson(reason) => write!(f, "no JSON object: {reason}"),
            Problem::TooLong => f.write_str("a row longer than 64 MB"),
            Problem::Unusable(reason, _) | Problem::Unreadable(reason) => f.write_str(reason),
        }
    }
}

fn shortened(value: &str) -> String {
    let (shown, more) = match value.char_indices().nth(SHOWN) {
        Some((end, _)) => (value.get(..end).unwrap_or_default(), "…"),
        None => (value, ""),
    };
    format!("{}{more}", shown.replace("\r\n", "⏎").replace(['\n', '\r'], "⏎"))
}

/// `a date`, `an integer`.
fn one(kind: ColumnKind) -> String {
    let name = kind.to_string();
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    match kind {
        ColumnKind::Decimal { scale, .. } => format!("a number with at most {scale} digits after the point"),
        ColumnKind::Integer { .. } => "a whole number".to_owned(),
        ColumnKind::Bool => "`true` or `false`".to_owned(),
        ColumnKind::Timestamp => "a date with a time".to_owned(),
        _ => format!("{article} {name}"),
    }
}

/// The same for values that are not even alike.
fn one_of_any(kind: ColumnKind) -> String {
    if let ColumnKind::Decimal { .. } = kind { "a number".to_owned() } else { one(kind) }
}

/// Faults of one table, gathered: how many of each sort, and a few of each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gathered {
    groups: BTreeMap<(Sort, String), Group>,
    /// Rows that cannot be read.
    pub rows: u64,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    count: u64,
    examples: Vec<RowFault>,
}

impl Group {
    /// The values of the examples.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.examples.iter().filter_map(|fault| fault.value.as_deref())
    }

    /// Whether all values of the examples are such; false where there is none.
    pub fn is_all(&self, is: impl Fn(&str) -> bool) -> bool {
        self.values().next().is_some() && self.values().all(is)
    }

    /// What the values should be.
    pub fn kind(&self) -> Option<ColumnKind> {
        self.examples.iter().find_map(|fault| match fault.problem {
            Problem::NotA(kind) => Some(kind),
            _ => None,
        })
    }

    /// Some row covers several lines.
    pub fn has_long_rows(&self) -> bool {
        self.examples.iter().any(|fault| matches!(fault.problem, Problem::Ragged { lines: 2.., .. }))
    }

    /// What is to be done with a file that cannot be used.
    pub fn help(&self) -> Option<&'static str> {
        self.examples.iter().find_map(|fault| match fault.problem {
            Problem::Unusable(_, help) => Some(help),
            _ => None,
        })
    }
}

/// Faults that are told together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    Unreadable,
    TooLong,
    Encoding,
    Shape,
    Json,
    Value,
}

impl Sort {
    /// More than a row is lost.
    pub fn is_fatal(self) -> bool {
        matches!(self, Sort::Unreadable | Sort::TooLong)
    }
}

impl Gathered {
    /// Takes in all that is wrong with one row.
    pub fn row(&mut self, faults: &[RowFault]) {
        if !faults.is_empty() {
            self.rows += u64::from(faults.iter().all(RowFault::is_local));
        }
        for fault in faults {
            let sort = match fault.problem {
                Problem::Unusable(..) | Problem::Unreadable(_) => Sort::Unreadable,
                Problem::TooLong => Sort::TooLong,
                Problem::NotUtf8 => Sort::Encoding,
                Problem::Ragged { .. } => Sort::Shape,
                Problem::NotJson(_) => Sort::Json,
                Problem::NotA(_) => Sort::Value,
            };
            let group = self.groups.entry((sort, fault.column.clone().unwrap_or_default())).or_default();
            group.count += 1;
            if group.examples.len() < EXAMPLES {
                group.examples.push(fault.clone());
            }
        }
    }

    /// One message for each sort of fault and column; of a table that skips rows only what cannot be skipped.
    pub fn errors(&self, def: &TableDef, table: &SourceTable) -> Vec<Diagnostic> {
        let told = self.groups.iter().filter(|((sort, _), _)| table.on_error == OnError::Stop || sort.is_fatal());
        told.map(|((sort, column), group)| tell(def, table, *sort, column, group)).collect()
    }

    /// Why rows are left out, one sentence for each sort of fault and column.
    pub fn messages(&self, def: &TableDef, table: &SourceTable) -> Vec<String> {
        let told = self.groups.iter().filter(|((sort, _), _)| !sort.is_fatal());
        told.map(|((sort, column), group)| tell(def, table, *sort, column, group).message).collect()
    }
}

fn tell(def: &TableDef, table: &SourceTable, sort: Sort, column: &str, group: &Group) -> Diagnostic {
    let name = &def.name.text;
    let places = places(group, |fault| match &fault.problem {
        Problem::NotA(_) => Some(format!("`{}`", fault.value.as_deref().map(shortened).unwrap_or_default())),
        Problem::Ragged { .. } => Some(fault.to_string()),
        Problem::NotJson(reason) | Problem::Unusable(reason, _) | Problem::Unreadable(reason) => Some(reason.clone()),
        Problem::NotUtf8 | Problem::TooLong => None,
    });
    let count = group.count;
    let (rows, have) = if count == 1 { ("1 row", "has") } else { (&*format!("{count} rows"), "have") };
    let (code, message) = match sort {
        Sort::Value => {
            let kind = group.kind();
            let precise = kind.filter(|_| group.is_all(advice::is_plain_number));
            let expected = precise.map(one).or(kind.map(one_of_any)).unwrap_or_default();
            let values = if count == 1 { "a value" } else { &*format!("{count} values") };
            let are = if count == 1 { "is" } else { "are" };
            let message = format!("`{column}` of `{name}` has {values} that {are} not {expected}: {places}");
            (Code::UnreadableValue, message)
        }
        Sort::Encoding => {
            (Code::UnreadableRow, format!("{rows} of `{name}` {have} text that is not in UTF-8: {places}"))
        }
        Sort::Shape => {
            let message = format!("{rows} of `{name}` {have} more or fewer values than there are columns: {places}");
            (Code::UnreadableRow, message)
        }
        Sort::Json => {
            let are = if count == 1 { "is" } else { "are" };
            (Code::UnreadableRow, format!("{rows} of `{name}` {are} no JSON object: {places}"))
        }
        Sort::TooLong => (Code::UnreadableRow, format!("`{name}` has a row longer than 64 MB: {places}")),
        Sort::Unreadable => (Code::SourceUnreadable, format!("`{name}` cannot be read to its end: {places}")),
    };
    let declared = table.types.iter().find(|(ident, _)| ident.text == column).map(|(_, ty)| ty.span);
    let span = declared.or(table.source.as_ref().map(|source| source.span)).unwrap_or(def.name.span);
    let mut diagnostic = Diagnostic::new(code, span, message);
    for help in advice::helps(sort, column, group, declared.is_some(), table) {
        diagnostic = diagnostic.help(help);
    }
    diagnostic
}

/// `` `x` in `sales.csv`, line 3, `y` on line 7 and 12 more``
fn places(group: &Group, what: impl Fn(&RowFault) -> Option<String>) -> String {
    let mut told: Vec<String> = Vec::new();
    let mut file: Option<&Arc<str>> = None;
    for fault in &group.examples {
        let same_file = fault.file.as_ref() == file && file.is_some();
        file = fault.file.as_ref();
        let place = if same_file { fault.row().unwrap_or_default() } else { fault.place() };
        told.push(match (what(fault), place.is_empty()) {
            (Some(what), true) => what,
            (Some(what), false) => format!("{what} ({place})"),
            (None, _) => place,
        });
    }
    told.dedup();
    let more = group.count.saturating_sub(group.examples.len() as u64);
    if more > 0 {
        told.push(format!("and {more} more"));
    }
    told.join(", ")
}
