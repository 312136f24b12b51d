//! `catalog.yaml` as read: shapes decoded, expressions parsed, nothing looked up yet.

use std::fmt;

use chrono::Weekday;
use chrono_tz::Tz;

use crate::source::{FileId, Span, Text};
use crate::syntax::ast::{Expr, FileName, Ident, Path};

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// A whole catalogue.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// Its file.
    pub file: FileId,
    /// The time zone of every calendar notion.
    pub timezone: Tz,
    /// Informative: the unit that money is in, by default.
    pub currency: Option<Placed<String>>,
    /// First day of a week; Monday unless said.
    pub week_starts: Weekday,
    /// What rolling windows of whole days cover.
    pub windows: WindowMode,
    /// At least one kind of subject; the first is the default.
    pub subjects: Vec<SubjectDef>,
    /// Tables in file order.
    pub tables: Vec<TableDef>,
    /// Attributes in file order.
    pub attributes: Vec<AttributeDef>,
    /// Metrics in file order.
    pub metrics: Vec<MetricDef>,
    /// Tiers, bands, partitions and charts of included files.
    pub partitions: Vec<PartitionDef>,
    /// Files and libraries whose definitions are merged into these, in file order; none for one that could not be read.
    pub includes: Vec<Option<Include>>,
}

/// One of `include:`, a file or library whose definitions become the catalogue's own.
#[derive(Clone, Debug)]
pub struct Include {
    /// Which one; the place is that of its name.
    pub origin: Placed<IncludeOrigin>,
    /// `with:` a table that it needs, and the table of the catalogue that this is.
    pub with: Vec<(Ident, Ident)>,
    /// `except:` definitions of it that are left out.
    pub except: Vec<Ident>,
}

/// Where included definitions come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum IncludeOrigin {
    /// A library that ships with Kohort, by name.
    Library(String),
    /// A file, relative to the catalogue's directory.
    File(String),
}

/// As messages name it: library `rhythm`.
impl fmt::Display for IncludeOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IncludeOrigin::Library(name) => write!(f, "library `{name}`"),
            IncludeOrigin::File(path) => write!(f, "file `{path}`"),
        }
    }
}

/// An included file: definitions over tables that somebody else's catalogue has.
#[derive(Clone, Debug, Default)]
pub struct Fragment {
    /// `description:` what it is for.
    pub description: Option<String>,
    /// `needs:` tables that it does not make itself, and what each must hold, in words.
    pub needs: Vec<(Ident, Placed<String>)>,
    /// Tables made from others, in file order.
    pub tables: Vec<TableDef>,
    /// Attributes in file order.
    pub attributes: Vec<AttributeDef>,
    /// Metrics in file order.
    pub metrics: Vec<MetricDef>,
    /// Tiers, bands, partitions and charts, in file order.
    pub partitions: Vec<PartitionDef>,
}

/// `windows:` of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum WindowMode {
    /// `windows: exact`, the default: `90d` covers (T - 90 days, T].
    #[default]
    Exact,
    /// `windows: days`: rolling windows of days and longer cover whole local days, today included.
    Days,
}

/// A kind of subject.
#[derive(Clone, Debug)]
pub struct SubjectDef {
    /// `customer`; the prefix by which a row reaches it.
    pub name: Ident,
    /// Its table, if it has one.
    pub table: Option<Ident>,
    /// Key columns of the subject table; at least one. Without a table: the names the key columns get in output.
    pub key: Vec<Ident>,
    /// Lookups from the subject's columns.
    pub lookups: Vec<LookupDef>,
}

/// `product: sku -> products`: many-to-one, to the target's `id`.
#[derive(Clone, Debug)]
pub struct LookupDef {
    /// Its name.
    pub name: Ident,
    /// Columns or lookup paths of this side, one per id column of the target.
    pub keys: Vec<Path>,
    /// The table looked up.
    pub table: Ident,
}

/// A table.
#[derive(Clone, Debug)]
pub struct TableDef {
    /// Its name.
    pub name: Ident,
    /// Where its rows come from.
    pub kind: TableKind,
}

/// Where a table's rows come from.
#[derive(Clone, Debug)]
pub enum TableKind {
    /// Files, or a provider handed over by the embedding program.
    Source(SourceTable),
    /// Another table, row by row.
    Derived(DerivedTable),
}

/// A table with rows of its own.
#[derive(Clone, Debug)]
pub struct SourceTable {
    /// Path, glob, directory or URL, relative to the catalogue's directory; none when a provider is handed over.
    pub source: Option<Placed<String>>,
    /// `sql:` its rows are those of a query over other tables, and not of a source.
    pub sql: Option<Text>,
    /// Of its files; from their endings when not said.
    pub format: Option<Placed<FileFormat>>,
    /// How values are written in its files.
    pub reading: Reading,
    /// What becomes of rows that cannot be read.
    pub on_error: OnError,
    /// Declared types, in file order.
    pub types: Vec<(Ident, Placed<ColumnType>)>,
    /// Our name, the file's name.
    pub rename: Vec<(Ident, Placed<String>)>,
    /// For each kind of subject the columns or lookup paths that hold its key. Kind `None`: the default kind.
    pub subject: Vec<(Option<Ident>, Vec<Path>)>,
    /// The column or lookup path that says when a row happened.
    pub time: Option<Path>,
    /// Zone of this table's zoneless timestamps; the project's when not said.
    pub timezone: Option<Tz>,
    /// Row identity; empty when not declared.
    pub id: Vec<Ident>,
    /// Of unequal rows with one id the greatest version is the row.
    pub version: Option<Ident>,
    /// Lookups.
    pub lookups: Vec<LookupDef>,
}

/// `format:` of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileFormat {
    /// Apache Parquet.
    Parquet,
    /// Text with a separator between values; `.tsv` is this with a tab.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// Arrow IPC, as a file or as a stream; Feather 2 is the same.
    Arrow,
}

impl FileFormat {
    /// The format that the ending of a path or pattern says, compression aside; none: it says nothing.
    pub fn of_path(path: &str) -> Option<FileFormat> {
        let (name, compressed) = uncompressed(path);
        let file = name.rsplit(['/', '\\']).next()?;
        let format = match file.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "parquet" | "pq" => FileFormat::Parquet,
            "csv" | "tsv" => FileFormat::Csv,
            "ndjson" | "jsonl" | "json" => FileFormat::Ndjson,
            "arrow" | "arrows" | "ipc" | "feather" => FileFormat::Arrow,
            _ => return None,
        };
        let text = matches!(format, FileFormat::Csv | FileFormat::Ndjson);
        (text || !compressed).then_some(format)
    }

    /// Whether the ending is `.tsv`, compression aside: tabs separate the values.
    pub fn is_tsv(path: &str) -> bool {
        uncompressed(path).0.to_ascii_lowercase().ends_with(".tsv")
    }
}

/// A path without the ending that says how text is compressed, and whether it had one.
fn uncompressed(path: &str) -> (&str, bool) {
    let lower = path.to_ascii_lowercase();
    let ending = [".gz", ".zst", ".zstd"].into_iter().find(|ending| lower.ends_with(ending));
    let plain = ending.and_then(|ending| path.get(..path.len().saturating_sub(ending.len())));
    (plain.unwrap_or(path), plain.is_some())
}

/// As people call it.
impl fmt::Display for FileFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FileFormat::Parquet => "Parquet",
            FileFormat::Csv => "CSV",
            FileFormat::Ndjson => "NDJSON",
            FileFormat::Arrow => "Arrow",
        })
    }
}

/// `on_error:` of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub enum OnError {
    /// `on_error: stop`, the default: a row that cannot be read is an error.
    #[default]
    Stop,
    /// `on_error: skip`: such rows are left out, counted and reported.
    Skip,
}

/// `reading:` of a table: how values are written in files that are text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reading {
    /// Between the values of CSV: one ASCII sign. Not said: a comma, in `.tsv` files a tab.
    pub separator: Option<u8>,
    /// Around values of CSV that hold separators or line breaks; none: quotes have no meaning.
    pub quote: Option<u8>,
    /// Before a quote inside a quoted value; none: it is doubled.
    pub escape: Option<u8>,
    /// `header: false` comes with `columns:`, the names that a first line would have had.
    pub columns: Option<Vec<String>>,
    /// The decimal point: `.` or `,`.
    pub decimal: char,
    /// Between groups of three digits; none: there is no such sign.
    pub thousands: Option<char>,
    /// Texts that stand for unknown. Not said: the empty text, in CSV only. `NaN` makes not-a-number of floating-point
    /// columns unknown in every format, `inf` the infinities.
    pub nulls: Option<Vec<String>>,
    /// Forms of dates and timestamps, tried in order before the ISO forms.
    pub times: Vec<TimeForm>,
}

impl Default for Reading {
    fn default() -> Self {
        Reading {
            separator: None,
            quote: Some(b'"'),
            escape: None,
            columns: None,
            decimal: '.',
            thousands: None,
            nulls: None,
            times: Vec::new(),
        }
    }
}

/// How dates and timestamps are written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TimeForm {
    /// In the notation of `strftime`, as in `%d.%m.%Y %H:%M`.
    Pattern(String),
    /// `unix`: seconds since 1970, perhaps with a fraction.
    UnixSeconds,
    /// `unix_ms`: milliseconds since 1970.
    UnixMillis,
    /// `unix_us`: microseconds since 1970.
    UnixMicros,
}

/// A table made from another, row by row (`where`, then `columns`, then `distinct`) or by grouping (`where`, then
/// `group_by`, then `columns`).
#[derive(Clone, Debug)]
pub struct DerivedTable {
    /// The parent.
    pub from: Ident,
    /// Which rows of the parent.
    pub filter: Option<Expr>,
    /// `group_by:` one row for each subject and key; none: one for each row of the parent.
    pub grouping: Option<Grouping>,
    /// New columns, each an expression over the parent's; by grouping: over the keys and aggregates of the group.
    pub columns: Vec<(Ident, Expr)>,
    /// Rows equal in these (columns of parent or new, or lookup paths) count once; empty: all rows count.
    pub distinct: Vec<Path>,
}

/// `group_by:` and `time:` of a table by grouping.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// At least one, by name, over the parent's columns. One that is not named has the name of its column or function,
    /// or an empty one if that has been reported.
    pub keys: Vec<(Ident, Expr)>,
    /// When a row of the table happened: an expression as its columns are. Not said: the start of the shortest period
    /// grouped by, else `min(at)`.
    pub time: Option<Expr>,
}

/// A declared column type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// `text`
    Text,
    /// `integer`
    Integer,
    /// `decimal(2)`: digits after the point, 0 to 20.
    Decimal(u8),
    /// `bool`
    Bool,
    /// `date`
    Date,
    /// `timestamp`: an instant, or a local time in the table's zone.
    Timestamp,
    /// `list of text`
    TextList,
}

/// As it is declared: `decimal(2)`.
impl std::fmt::Display for ColumnType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ColumnType::Text => f.write_str("text"),
            ColumnType::Integer => f.write_str("integer"),
            ColumnType::Decimal(scale) => write!(f, "decimal({scale})"),
            ColumnType::Bool => f.write_str("bool"),
            ColumnType::Date => f.write_str("date"),
            ColumnType::Timestamp => f.write_str("timestamp"),
            ColumnType::TextList => f.write_str("list of text"),
        }
    }
}

/// A named expression about a subject.
#[derive(Clone, Debug)]
pub struct AttributeDef {
    /// Its name.
    pub name: Ident,
    /// What it is.
    pub is: Expr,
    /// `values:` a closed set, as written in the source.
    pub values: Option<Vec<Placed<String>>>,
    /// `frozen: true`, at its place: its cut points are those of the file of cut points until they are computed again.
    pub frozen: Option<Span>,
    /// `of:` the kind of subject it belongs to; any kind that has what it names, when not said.
    pub of: Option<Ident>,
    /// `label:`
    pub label: Option<String>,
    /// `unit:`
    pub unit: Option<Placed<String>>,
    /// `description:`
    pub description: Option<String>,
}

/// A number that takes a window and a filter where it is used.
#[derive(Clone, Debug)]
pub struct MetricDef {
    /// Its name.
    pub name: Ident,
    /// What it is: an expression whose leaves are aggregates, other metrics and constants.
    pub is: Expr,
    /// `unit:`
    pub unit: Option<Placed<String>>,
    /// `label:`
    pub label: Option<String>,
    /// `description:`
    pub description: Option<String>,
}

/// Groups of subjects of which nobody is in two: each is a segment (`in loyalty.gold`).
#[derive(Clone, Debug)]
pub struct PartitionDef {
    /// `loyalty`: the part before the dot, and unless said otherwise an attribute whose values are the names of the groups.
    pub name: Ident,
    /// `label:` what people call it.
    pub label: Option<String>,
    /// `description:`
    pub description: Option<String>,
    /// `owner:`
    pub owner: Option<String>,
    /// `tags:`
    pub tags: Vec<Placed<String>>,
    /// `of:` the kind of subject; the default kind when not said.
    pub of: Option<Ident>,
    /// `within:` the broader segment: whoever is not a member of it is in no group.
    pub within: Option<Path>,
    /// How the groups are told.
    pub kind: PartitionKind,
}

/// How the groups of a partition are told.
#[derive(Clone, Debug)]
pub enum PartitionKind {
    /// `tiers:` in order, the first that holds.
    Tiers(Vec<TierDef>),
    /// `bands:` of a number, date or duration.
    Bands(BandsDef),
    /// `partitions:` each value of a closed attribute, the group's name being the value. It makes no attribute of its own where it
    /// has the attribute's name.
    Values(Expr),
    /// `charts:` cells of two or three scores.
    Chart(ChartDef),
}

/// One of some tiers.
#[derive(Clone, Debug)]
pub struct TierDef {
    /// Its name.
    pub name: Ident,
    /// `label:`
    pub label: Option<String>,
    /// The condition; none: `otherwise`, which only the last can be.
    pub when: Option<Expr>,
}

/// `spend_365d: [0, 1_000, 10_000]`: from each bound on, up to the next one, which is not in.
#[derive(Clone, Debug)]
pub struct BandsDef {
    /// What is divided. In the short form it is the metric or attribute that has the name of the bands, and they make no attribute
    /// of their own.
    pub is: Expr,
    /// Ascending constants; at least one. The first band lies below the first of them.
    pub bounds: Vec<Expr>,
    /// `names:` one for each band, from the lowest on, one more than bounds; none: `under_0`, `from_0_to_1000`, `from_10000`.
    pub names: Option<Vec<Ident>>,
}

/// `rfm: { by: [recency_score, frequency_score], groups: { champions: [55, 54] } }`
#[derive(Clone, Debug)]
pub struct ChartDef {
    /// `by:` two or three scores, each from 1 to the scale: attributes, in the order of the digits of a cell.
    pub by: Vec<Ident>,
    /// `scale:` 2 to 9; from the scores when not said.
    pub scale: Option<Placed<u32>>,
    /// In order: a cell of several groups is the first one's.
    pub groups: Vec<ChartGroup>,
}

/// A group of a chart.
#[derive(Clone, Debug)]
pub struct ChartGroup {
    /// Its name.
    pub name: Ident,
    /// `label:`
    pub label: Option<String>,
    /// `cells:` at least one.
    pub cells: Vec<Placed<CellPattern>>,
}

/// Cells: for each score the digits that fit, as `5[4-5]x` writes them (`x`: any).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellPattern {
    /// As written.
    pub text: String,
    /// For each score in turn the digits, ascending, none: any.
    pub digits: Vec<Option<Vec<u8>>>,
}

/// Keys of subjects, written out or in a file.
#[derive(Clone, Debug)]
pub enum KeyList {
    /// `include: [C1, C2]`, as written in the source.
    Values(Vec<Placed<String>>),
    /// `include: { file: lists/vips.csv }`
    File(FileName),
}
