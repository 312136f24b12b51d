//! What can be named where, with the kind of value it has.

use super::super::value::CellType;
use super::family::Family;

/// Kinds of values, as far as conditions care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Number,
    Text,
    Bool,
    Date,
    Instant,
    Duration,
    List,
    /// Text of a closed set: it is compared with nothing else.
    Closed,
}

impl From<CellType> for Sort {
    fn from(kind: CellType) -> Sort {
        match kind {
            CellType::Bool => Sort::Bool,
            CellType::Int | CellType::Decimal(_) => Sort::Number,
            CellType::Text => Sort::Text,
            CellType::Date => Sort::Date,
            CellType::LocalTime | CellType::Instant => Sort::Instant,
            CellType::TextList => Sort::List,
        }
    }
}

/// A name, what it gives, and the form that using it exercises.
#[derive(Clone, Debug)]
pub struct Named {
    pub name: String,
    pub sort: Sort,
    pub form: &'static str,
}

/// The names of a scope.
pub type View = Vec<Named>;

/// A table whose rows belong to subjects.
#[derive(Clone, Debug)]
pub struct RowInfo {
    pub table: String,
    pub timed: bool,
    /// Kinds of subjects that its rows name.
    pub kinds: Vec<String>,
    /// Columns, lookups, `at`, `number` and `gap`.
    pub view: View,
    /// Its rows are groups, or made from groups: each kind of subject has its own.
    pub grouped: bool,
    /// What its definition exercises wherever it is used.
    pub forms: Vec<&'static str>,
}

/// A metric.
#[derive(Clone, Debug)]
pub struct MetricInfo {
    pub name: String,
    /// The one table whose rows it counts, if it is one.
    pub table: Option<String>,
    /// All its tables have time.
    pub timed: bool,
    /// Kinds of subjects that all its tables name.
    pub kinds: Vec<String>,
}

/// Everything that rules may name.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// Families of forms that are written.
    pub families: &'static [Family],
    pub rows: Vec<RowInfo>,
    /// For each kind its columns, lookups and attributes.
    pub subjects: Vec<(String, View)>,
    pub metrics: Vec<MetricInfo>,
    /// Files of values.
    pub lists: Vec<ListInfo>,
    /// The values of closed sets, by the attribute.
    pub closed: Vec<(String, Vec<String>)>,
    /// Parts of partitions.
    pub parts: Vec<(String, String)>,
    /// Partitions, with the form of being in a part of one.
    pub partitions: Vec<(String, &'static str)>,
    /// Attributes that are scores of a kind of subject, with the highest.
    pub scores: Vec<(String, String, u32)>,
}

/// A file of values.
#[derive(Clone, Debug)]
pub struct ListInfo {
    pub path: String,
    pub holds: Holds,
    pub form: &'static str,
}

/// What a file of values is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Holds {
    /// Values of a sort.
    Values(Sort),
    /// Text, in columns of these names.
    Columns(Vec<String>),
    /// Keys of a kind of subject.
    Keys(String),
}

impl Schema {
    pub fn row(&self, table: &str) -> &RowInfo {
        self.rows.iter().find(|row| row.table == table).expect("a table with subjects")
    }

    pub fn subject(&self, kind: &str) -> &View {
        &self.subjects.iter().find(|(name, _)| name == kind).expect("a kind of subject").1
    }

    /// The names of a row's scope, as a kind of subject asks: its own, and what is known of its subjects. A group knows
    /// only the subject that it is made for.
    pub fn row_view(&self, table: &str, asking: &str) -> View {
        let row = self.row(table);
        let mut view = row.view.clone();
        for kind in row.kinds.iter().filter(|kind| !row.grouped || *kind == asking) {
            let own = self.subject(kind).iter().filter(|named| named.form != "key column");
            view.extend(own.map(|named| Named {
                name: format!("{kind}.{}", named.name),
                sort: named.sort,
                form: match named.form {
                    "attribute" => "row: subject's attribute",
                    "rank attribute" => "row: subject's rank",
                    "frozen attribute" => "row: subject's frozen rank",
                    "closed attribute" => "row: subject's part",
                    _ => "row: subject's column",
                },
            }));
            let metrics = self.metrics.iter().filter(|metric| metric.kinds.contains(kind));
            view.extend(metrics.map(|metric| Named {
                name: format!("{kind}.{}", metric.name),
                sort: Sort::Number,
                form: "row: subject's metric",
            }));
        }
        view
    }

    /// The form of being in a part of a partition: its kind.
    pub fn part_form(&self, partition: &str) -> &'static str {
        let known = self.partitions.iter().find(|(name, _)| name == partition);
        known.map_or("in a part of a split", |(_, form)| form)
    }

    /// Tables that a kind of subject has rows in.
    pub fn tables_of(&self, kind: &str) -> Vec<&RowInfo> {
        self.rows.iter().filter(|row| row.kinds.iter().any(|one| one == kind)).collect()
    }

    /// Metrics of a kind of subject.
    pub fn metrics_of(&self, kind: &str) -> Vec<&MetricInfo> {
        self.metrics.iter().filter(|metric| metric.kinds.iter().any(|one| one == kind)).collect()
    }
}
