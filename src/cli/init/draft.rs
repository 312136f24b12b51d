//! A catalogue under way: what is going to be written, each part with why it was guessed so.
//!
//! A part that turns out wrong when the draft is checked against the data can be taken out by itself ([`Draft::drop`]).

/// Something that is going to be written, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// As it will be written.
    pub value: String,
    /// Why it was guessed so, and what else it could be; may be empty.
    pub why: String,
}

impl Said {
    /// With a reason.
    pub fn new(value: impl Into<String>, why: impl Into<String>) -> Self {
        Said { value: value.into(), why: why.into() }
    }
}

/// A catalogue under way.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The zone.
    pub timezone: Said,
    /// Lines about who the groups are made of.
    pub about_subject: Vec<String>,
    /// What one subject is called.
    pub subject: String,
    /// Its table.
    pub subject_table: Option<String>,
    /// Its key.
    pub key: Said,
    /// Lookups from the subject's table.
    pub subject_lookups: Vec<(String, Said)>,
    /// The tables.
    pub tables: Vec<TableDraft>,
    /// The attributes.
    pub attributes: Vec<Definition>,
    /// The metrics.
    pub metrics: Vec<Definition>,
}

/// A table under way.
#[derive(Clone, Debug, Default)]
pub struct TableDraft {
    /// Its name.
    pub name: String,
    /// Lines about it.
    pub about: Vec<String>,
    /// Where its rows are; empty for a derived table.
    pub source: Said,
    /// The table it is made from.
    pub from: Option<String>,
    /// How its files are written: key and value.
    pub reading: Vec<(&'static str, Said)>,
    /// What becomes of rows that cannot be read, if not all can.
    pub on_error: Option<Said>,
    /// Declared types.
    pub types: Vec<(String, Said)>,
    /// Our name, the data's name.
    pub rename: Vec<(String, String)>,
    /// Whose a row is.
    pub subject: Option<Said>,
    /// When it happened.
    pub time: Option<Said>,
    /// What tells rows apart.
    pub id: Option<Said>,
    /// Which of several rows with one id is the row.
    pub version: Option<Said>,
    /// What a row looks up.
    pub lookups: Vec<(String, Said)>,
    /// Which rows a derived table has.
    pub filter: Option<Said>,
    /// The columns it adds.
    pub columns: Vec<(String, Said)>,
}

/// A metric or an attribute under way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// Its expression.
    pub is: String,
    /// What people call it.
    pub label: String,
    /// A closed set.
    pub values: Vec<String>,
    /// Why.
    pub why: String,
}

/// A part of what is written, which can be taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A whole table.
    Table(String),
    /// How its files are read.
    Reading(String),
    /// The declared type of a column.
    Type(String, String),
    /// Whose its rows are.
    Subject(String),
    /// When its rows happened.
    Time(String),
    /// What tells its rows apart.
    Id(String),
    /// A lookup.
    Lookup(String, String),
    /// A lookup of the subject.
    SubjectLookup(String),
    /// An attribute.
    Attribute(String),
    /// A metric.
    Metric(String),
    /// A segment of the rules.
    Segment(String),
}

impl Draft {
    /// A table by name.
    pub fn table(&self, name: &str) -> Option<&TableDraft> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// Takes out a part that does not hold, and says in words what is missing now. None: there is no such part, or
    /// nothing would be left without it.
    pub fn drop(&mut self, part: &Part) -> Option<String> {
        match part {
            Part::Attribute(name) => {
                remove(&mut self.attributes, |one| one.name == *name, &format!("attribute `{name}`"))
            }
            Part::Metric(name) => remove(&mut self.metrics, |one| one.name == *name, &format!("metric `{name}`")),
            Part::SubjectLookup(name) => {
                remove(&mut self.subject_lookups, |(one, _)| one == name, &format!("lookup `{name}`"))
            }
            Part::Table(name) => {
                let needed = self.subject_table.as_deref() == Some(name)
                    || self.tables.iter().filter(|table| table.subject.is_some()).all(|table| table.name == *name);
                let dropped =
                    (!needed).then(|| remove(&mut self.tables, |one| one.name == *name, &format!("table `{name}`")));
                dropped.flatten()
            }
            Part::Segment(_) => None,
            Part::Type(table, _)
            | Part::Subject(table)
            | Part::Time(table)
            | Part::Id(table)
            | Part::Lookup(table, _)
            | Part::Reading(table) => self.tables.iter_mut().find(|one| one.name == *table)?.drop(part),
        }
    }
}

impl TableDraft {
    /// Takes out a part of the table, as [`Draft::drop`] does.
    pub fn drop(&mut self, part: &Part) -> Option<String> {
        let name = &self.name;
        match part {
            Part::Subject(_) => self.subject.take().map(|_| format!("the subject of `{name}`")),
            Part::Time(_) => self.time.take().map(|_| format!("the time of `{name}`")),
            Part::Id(_) => {
                self.version = None;
                self.id.take().map(|_| format!("the id of `{name}`"))
            }
            Part::Reading(_) => {
                (!std::mem::take(&mut self.reading).is_empty()).then(|| format!("`reading` of `{name}`"))
            }
            Part::Lookup(_, lookup) => {
                let what = format!("the lookup `{lookup}` of `{name}`");
                remove(&mut self.lookups, |(one, _)| one == lookup, &what)
            }
            // A column that cannot be read as what it seems to be can always be read as text.
            Part::Type(_, column) => {
                let found = self.types.iter().position(|(one, _)| one == column);
                let is_text = |at: usize| self.types.get(at).is_some_and(|(_, said)| said.value == "text");
                if found.is_some_and(is_text) {
                    return None;
                }
                let text = (column.clone(), Said::new("text", "its values are of several kinds"));
                match found.and_then(|at| self.types.get_mut(at)) {
                    Some(entry) => *entry = text,
                    None => self.types.push(text),
                }
                Some(format!("a type other than text for `{column}` of `{name}`"))
            }
            _ => None,
        }
    }
}

fn remove<T>(list: &mut Vec<T>, is_it: impl Fn(&T) -> bool, what: &str) -> Option<String> {
    let at = list.iter().position(is_it)?;
    list.remove(at);
    Some(what.to_owned())
}
