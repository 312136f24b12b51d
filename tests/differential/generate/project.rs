//! A project as the generator keeps it: parts that are written out as YAML and can be taken away one by one.

use std::fmt::{self, Write};

use chrono::Weekday;
use chrono_tz::Tz;
use kohort::catalog::model::WindowMode;

use super::super::oracle::Beside;
use super::super::value::{CellType, Data, TableData, shown_instant};
use super::partitions::Partition;
use super::phrase::{Phrase, Template};

/// A whole case: a project, its data, an instant.
#[derive(Clone, Debug)]
pub struct Case {
    pub seed: u64,
    pub zone: Tz,
    pub week_starts: Weekday,
    pub windows: WindowMode,
    /// T, microseconds since 1970.
    pub now: i64,
    pub kinds: Vec<Kind>,
    pub tables: Vec<Table>,
    pub attributes: Vec<Attribute>,
    pub metrics: Vec<(String, Template)>,
    pub segments: Vec<Segment>,
    /// Tiers, bands, partitions and charts.
    pub partitions: Vec<Partition>,
    /// Files of values and cut points.
    pub beside: Beside,
    /// Rows of the source tables.
    pub data: Data,
}

/// A kind of subject.
#[derive(Clone, Debug)]
pub struct Kind {
    pub name: String,
    pub table: Option<String>,
    pub key: Vec<String>,
    /// Name and `column -> table`.
    pub lookups: Vec<(String, String)>,
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    pub name: String,
    pub shape: Shape,
}

/// Where a table's rows come from.
#[derive(Clone, Debug)]
pub enum Shape {
    Source(Source),
    Derived(Derived),
}

/// A table with rows of its own.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// As written: a column, a list, or a map of kinds; empty for a table of nobody.
    pub subject: String,
    pub time: Option<String>,
    pub timezone: Option<Tz>,
    pub id: Vec<String>,
    pub version: Option<String>,
    /// Name and `column -> table`, or `column, column -> table`.
    pub lookups: Vec<(String, String)>,
}

/// A table made from another.
#[derive(Clone, Debug, Default)]
pub struct Derived {
    pub from: String,
    pub filter: Option<Phrase>,
    pub grouping: Option<Grouped>,
    pub columns: Vec<(String, Template)>,
    pub distinct: Vec<String>,
}

/// How a table is grouped.
#[derive(Clone, Debug, Default)]
pub struct Grouped {
    /// All with names, or all without.
    pub keys: Vec<(Option<String>, Template)>,
    pub time: Option<Template>,
    /// Without `time` the table would be timeless.
    pub needs_time: bool,
}

/// A named expression about a kind of subject.
#[derive(Clone, Debug)]
pub struct Attribute {
    pub name: String,
    pub kind: String,
    pub is: Template,
    /// The closed set of its values; empty: it is open.
    pub values: Vec<String>,
    pub frozen: bool,
}

/// A segment.
#[derive(Clone, Debug)]
pub struct Segment {
    pub name: String,
    pub kind: String,
    pub within: Option<String>,
    pub when: Phrase,
    pub include: Option<Keys>,
    pub exclude: Option<Keys>,
    pub split: Option<Split>,
}

impl Segment {
    /// A segment of a condition and nothing else.
    pub fn plain(name: String, kind: String, when: Phrase) -> Segment {
        Segment { name, kind, within: None, when, include: None, exclude: None, split: None }
    }
}

/// Keys of subjects, as they are written.
#[derive(Clone, Debug, PartialEq)]
pub enum Keys {
    Values(Vec<String>),
    File(String),
}

/// `split:` of a segment: a salt, and parts with their percentages.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    pub salt: String,
    pub parts: Vec<(String, String)>,
}

impl fmt::Display for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Keys::Values(keys) => write!(f, "[{}]", keys.iter().map(quoted).collect::<Vec<_>>().join(", ")),
            Keys::File(path) => write!(f, "{{ file: {} }}", quoted(path)),
        }
    }
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{ salt: {}", quoted(&self.salt))?;
        self.parts.iter().try_for_each(|(part, share)| write!(f, ", {part}: {share}%"))?;
        write!(f, " }}")
    }
}

/// A YAML scalar in single quotes.
pub fn quoted(text: impl fmt::Display) -> String {
    format!("'{}'", text.to_string().replace('\'', "''"))
}

fn lookups(pairs: &[(String, String)]) -> String {
    // YAML would cut `a, b -> table` at the comma.
    let written = |to: &String| if to.contains(',') { quoted(to) } else { to.clone() };
    let pairs: Vec<String> = pairs.iter().map(|(name, to)| format!("{name}: {}", written(to))).collect();
    format!("{{ {} }}", pairs.join(", "))
}

fn type_word(kind: CellType) -> String {
    match kind {
        CellType::Bool => "bool".into(),
        CellType::Int => "integer".into(),
        CellType::Decimal(scale) => format!("decimal({scale})"),
        CellType::Text => "text".into(),
        CellType::Date => "date".into(),
        CellType::LocalTime | CellType::Instant => "timestamp".into(),
        CellType::TextList => "list of text".into(),
    }
}

impl Case {
    /// How a table with rows of its own is declared.
    pub fn source(&self, table: &str) -> Option<&Source> {
        self.tables.iter().find(|one| one.name == table).and_then(|one| match &one.shape {
            Shape::Source(source) => Some(source),
            Shape::Derived(_) => None,
        })
    }

    /// Whether rows that are alike count once in a table, or in one that it is made from row by row.
    pub fn counts_rows_once(&self, table: &str) -> bool {
        match self.tables.iter().find(|one| one.name == table).map(|one| &one.shape) {
            Some(Shape::Derived(derived)) if derived.grouping.is_none() => {
                !derived.distinct.is_empty() || self.counts_rows_once(&derived.from)
            }
            _ => false,
        }
    }

    /// `catalog.yaml`
    pub fn catalog_yaml(&self) -> String {
        let mut out = String::new();
        self.write_catalog(&mut out).expect("writing to a string");
        out
    }

    fn write_catalog(&self, out: &mut String) -> fmt::Result {
        writeln!(out, "kohort: 1\ntimezone: {}", self.zone)?;
        if self.week_starts != Weekday::Mon {
            writeln!(out, "week_starts: {}", weekday_name(self.week_starts))?;
        }
        if self.windows == WindowMode::Days {
            writeln!(out, "windows: days")?;
        }
        self.write_kinds(out)?;
        writeln!(out, "tables:")?;
        for table in &self.tables {
            writeln!(out, "  {}:", table.name)?;
            match &table.shape {
                Shape::Source(source) => source.write(out, &self.data[&table.name])?,
                Shape::Derived(derived) => derived.write(out)?,
            }
        }
        if !self.attributes.is_empty() {
            writeln!(out, "attributes:")?;
        }
        self.attributes.iter().try_for_each(|attribute| attribute.write(out, self.kinds.len() > 1))?;
        if !self.metrics.is_empty() {
            writeln!(out, "metrics:")?;
        }
        self.metrics.iter().try_for_each(|(name, is)| writeln!(out, "  {name}: {}", quoted(is)))
    }

    fn write_kinds(&self, out: &mut String) -> fmt::Result {
        let several = self.kinds.len() > 1;
        writeln!(out, "{}:", if several { "subjects" } else { "subject" })?;
        for kind in &self.kinds {
            match several {
                true => writeln!(out, "  {}:", kind.name)?,
                false => writeln!(out, "  name: {}", kind.name)?,
            }
            let indent = if several { "    " } else { "  " };
            if let Some(table) = &kind.table {
                writeln!(out, "{indent}table: {table}")?;
            }
            writeln!(out, "{indent}key: {}", one_or_list(&kind.key))?;
            if !kind.lookups.is_empty() {
                writeln!(out, "{indent}lookups: {}", lookups(&kind.lookups))?;
            }
        }
        Ok(())
    }

    /// The one rule file.
    pub fn rules_yaml(&self) -> String {
        let mut out = String::new();
        self.write_rules(&mut out).expect("writing to a string");
        out
    }

    fn write_rules(&self, out: &mut String) -> fmt::Result {
        if !self.segments.is_empty() || self.partitions.is_empty() {
            writeln!(out, "segments:")?;
        }
        let default = &self.kinds[0].name;
        for segment in &self.segments {
            writeln!(out, "  {}:", segment.name)?;
            if *default != segment.kind {
                writeln!(out, "    of: {}", segment.kind)?;
            }
            if let Some(within) = &segment.within {
                writeln!(out, "    within: {}", quoted(within))?;
            }
            writeln!(out, "    when: {}", quoted(&segment.when))?;
            for (word, keys) in [("include", &segment.include), ("exclude", &segment.exclude)] {
                if let Some(keys) = keys {
                    writeln!(out, "    {word}: {keys}")?;
                }
            }
            if let Some(split) = &segment.split {
                writeln!(out, "    split: {split}")?;
            }
        }
        for word in ["tiers", "bands", "partitions", "charts"] {
            let some: Vec<&Partition> = self.partitions.iter().filter(|one| one.section() == word).collect();
            if !some.is_empty() {
                writeln!(out, "{word}:")?;
                some.into_iter().try_for_each(|one| one.write(out, default))?;
            }
        }
        Ok(())
    }

    /// Every file of the project with its path.
    pub fn texts(&self) -> Vec<(String, String)> {
        let mut texts =
            vec![("catalog.yaml".to_owned(), self.catalog_yaml()), ("rules.yaml".to_owned(), self.rules_yaml())];
        // A file that nothing names is no list.
        let named = |path: &str| texts.iter().any(|(_, text)| text.contains(&format!("'{path}'")));
        let lists: Vec<_> = self.beside.lists.iter().filter(|(path, _)| named(path)).collect();
        texts.extend(lists.into_iter().map(|(path, text)| (path.clone(), text.clone())).collect::<Vec<_>>());
        texts.extend(self.cut_points_yaml().map(|text| ("frozen.yaml".to_owned(), text)));
        texts
    }
}

impl Attribute {
    fn write(&self, out: &mut String, with_kind: bool) -> fmt::Result {
        let Attribute { name, kind, is, values, frozen } = self;
        let mut more = String::new();
        if with_kind {
            more += &format!(", of: {kind}");
        }
        if !values.is_empty() {
            more += &format!(", values: [{}]", values.iter().map(quoted).collect::<Vec<_>>().join(", "));
        }
        if *frozen {
            more += ", frozen: true";
        }
        match more.is_empty() {
            true => writeln!(out, "  {name}: {}", quoted(is)),
            false => writeln!(out, "  {name}: {{ is: {}{more} }}", quoted(is)),
        }
    }
}

pub fn one_or_list(names: &[String]) -> String {
    if let [name] = names { name.clone() } else { format!("[{}]", names.join(", ")) }
}

fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "monday",
        Weekday::Tue => "tuesday",
        Weekday::Wed => "wednesday",
        Weekday::Thu => "thursday",
        Weekday::Fri => "friday",
        Weekday::Sat => "saturday",
        Weekday::Sun => "sunday",
    }
}

impl Source {
    fn write(&self, out: &mut String, data: &TableData) -> fmt::Result {
        let types: Vec<String> =
            data.columns.iter().map(|(name, kind)| format!("{name}: {}", quoted(type_word(*kind)))).collect();
        writeln!(out, "    types: {{ {} }}", types.join(", "))?;
        if !self.subject.is_empty() {
            writeln!(out, "    subject: {}", self.subject)?;
        }
        if let Some(time) = &self.time {
            writeln!(out, "    time: {time}")?;
        }
        if let Some(zone) = &self.timezone {
            writeln!(out, "    timezone: {zone}")?;
        }
        if !self.id.is_empty() {
            writeln!(out, "    id: {}", one_or_list(&self.id))?;
        }
        if let Some(version) = &self.version {
            writeln!(out, "    version: {version}")?;
        }
        if !self.lookups.is_empty() {
            writeln!(out, "    lookups: {}", lookups(&self.lookups))?;
        }
        Ok(())
    }
}

impl Derived {
    fn write(&self, out: &mut String) -> fmt::Result {
        writeln!(out, "    from: {}", self.from)?;
        if let Some(filter) = &self.filter {
            writeln!(out, "    where: {}", quoted(filter))?;
        }
        if let Some(grouping) = &self.grouping {
            grouping.write(out)?;
        }
        if !self.columns.is_empty() {
            writeln!(out, "    columns:")?;
        }
        for (name, is) in &self.columns {
            writeln!(out, "      {name}: {}", quoted(is))?;
        }
        if !self.distinct.is_empty() {
            writeln!(out, "    distinct: [{}]", self.distinct.join(", "))?;
        }
        Ok(())
    }
}

impl Grouped {
    fn write(&self, out: &mut String) -> fmt::Result {
        match self.keys.as_slice() {
            [(None, key)] => writeln!(out, "    group_by: {}", quoted(key))?,
            keys => {
                writeln!(out, "    group_by:")?;
                for (name, key) in keys {
                    match name {
                        Some(name) => writeln!(out, "      {name}: {}", quoted(key))?,
                        None => writeln!(out, "      - {}", quoted(key))?,
                    }
                }
            }
        }
        match &self.time {
            Some(time) => writeln!(out, "    time: {}", quoted(time)),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Case {
    /// Everything needed to see the case again: seed, instant, both files, and the rows as CSV-like lines.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# case of seed {}, as of {} ({})", self.seed, shown_instant(self.now), self.now)?;
        writeln!(f, "# ---- catalog.yaml\n{}", self.catalog_yaml())?;
        for (name, text) in self.texts().into_iter().skip(1) {
            writeln!(f, "# ---- {name}\n{text}")?;
        }
        for (name, table) in &self.data {
            let columns: Vec<String> = table.columns.iter().map(|(name, kind)| format!("{name} {kind:?}")).collect();
            writeln!(f, "# ---- {name}\n# {}", columns.join(", "))?;
            for row in &table.rows {
                let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
                writeln!(f, "{}", cells.join(", "))?;
            }
        }
        Ok(())
    }
}
