//! What is known of the data before anything is guessed: tables, their columns, and which columns fit into which.

use super::sniff::Sniffed;

/// A table: one file, or several of the same columns.
#[derive(Clone, Debug)]
pub struct TableFacts {
    /// Its name in the catalogue.
    pub name: String,
    /// Where its files are, as the catalogue says it.
    pub source: String,
    /// How many files it has.
    pub files: usize,
    /// How its files are written; only of CSV.
    pub written: Option<Sniffed>,
    /// Why some of its rows are left out, if they are.
    pub skips: Option<String>,
    /// The sign that the ending of its files promises between values.
    pub usual_separator: u8,
    /// Rows.
    pub rows: u64,
    /// Columns in the order of the data.
    pub columns: Vec<ColumnFacts>,
}

/// A column.
#[derive(Clone, Debug)]
pub struct ColumnFacts {
    /// Our name.
    pub name: String,
    /// The data's name.
    pub source_name: String,
    /// What it holds.
    pub kind: Kind,
    /// Its type in the data, for the reader.
    pub found: String,
    /// Rows where it is unknown.
    pub unknown: u64,
    /// Different known values.
    pub distinct: u64,
    /// No value occurs twice, and none is unknown; counted exactly.
    pub unique: bool,
    /// All values with their rows, most frequent first, if there are few.
    pub values: Option<Vec<(String, u64)>>,
    /// The least and the greatest known value.
    pub range: Option<(String, String)>,
    /// Digits after the point that a floating-point column is to be read with.
    pub places: Option<u8>,
    /// Values of a floating-point column that are no numbers.
    pub not_finite: u64,
}

/// What a column holds, as far as guesses care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers.
    Whole,
    /// Decimals.
    Decimal,
    /// Binary floating point.
    Float,
    /// Binary floating point without a fraction anywhere: whole numbers that a program has let through a float.
    Round,
    /// Text.
    Text,
    /// True or false.
    Bool,
    /// Days.
    Date,
    /// Instants.
    Time,
    /// Lists of text.
    List,
    /// A type that the language does not have.
    Other,
}

/// A column, by the places of its table and of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct At {
    /// Its table.
    pub table: usize,
    /// Its place there.
    pub column: usize,
}

/// How far the values of one column are found in another, whose values are unique.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// The column whose values are looked for.
    pub from: At,
    /// The unique column they are looked for in.
    pub to: At,
    /// The share of the different known values that are found, 0 to 1.
    pub share: f64,
}

impl Kind {
    /// Whether values can be added up.
    pub fn is_number(self) -> bool {
        matches!(self, Kind::Whole | Kind::Decimal | Kind::Float | Kind::Round)
    }

    /// Whether values say when.
    pub fn is_time(self) -> bool {
        matches!(self, Kind::Date | Kind::Time)
    }

    /// Whether values can tell things apart.
    pub fn is_key(self) -> bool {
        matches!(self, Kind::Whole | Kind::Text | Kind::Round)
    }
}

impl ColumnFacts {
    /// The share of rows where it is unknown, 0 to 1.
    pub fn unknown_share(&self, rows: u64) -> f64 {
        if rows == 0 { 1.0 } else { self.unknown as f64 / rows as f64 }
    }

    /// The least and the greatest value as numbers.
    pub fn numbers(&self) -> Option<(f64, f64)> {
        let (least, greatest) = self.range.as_ref()?;
        Some((least.parse().ok()?, greatest.parse().ok()?))
    }

    /// Whether some value is below zero.
    pub fn goes_below_zero(&self) -> bool {
        self.numbers().is_some_and(|(least, _)| least < 0.0)
    }
}

impl TableFacts {
    /// A column by name.
    pub fn column(&self, name: &str) -> Option<&ColumnFacts> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// Everything that is known.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The tables.
    pub tables: Vec<TableFacts>,
    /// The fits that were measured.
    pub fits: Vec<Fit>,
}

impl Facts {
    /// A table; the places that guesses work with come from here.
    pub fn table(&self, at: usize) -> Option<&TableFacts> {
        self.tables.get(at)
    }

    /// A column.
    pub fn column(&self, at: At) -> Option<&ColumnFacts> {
        self.tables.get(at.table)?.columns.get(at.column)
    }

    /// `orders.customer_id`
    pub fn path(&self, at: At) -> String {
        let table = self.table(at.table).map_or("", |table| &table.name);
        let column = self.column(at).map_or("", |column| &column.name);
        format!("{table}.{column}")
    }

    /// Every column.
    pub fn places(&self) -> impl Iterator<Item = At> + '_ {
        let of =
            |(table, facts): (usize, &TableFacts)| (0..facts.columns.len()).map(move |column| At { table, column });
        self.tables.iter().enumerate().flat_map(of)
    }
}
