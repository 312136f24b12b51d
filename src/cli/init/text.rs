//! From a draft to the text of a catalogue: YAML with a comment for every guess, and the place of every part.

use super::draft::{Definition, Draft, Part, Said, TableDraft};
use super::reading::quoted;

/// Where comments behind a line begin, if the line is shorter.
const COMMENTS_FROM: usize = 34;
/// Longer lines have their comment above.
const WIDTH: usize = 118;

/// A text and which of its lines belong to which part.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The text.
    pub text: String,
    parts: Vec<(usize, Part)>,
    lines: usize,
}

impl Written {
    /// The part that the byte at `offset` belongs to.
    pub fn part_at(&self, offset: u32) -> Option<&Part> {
        let line = self.text.bytes().take(offset as usize).filter(|byte| *byte == b'\n').count();
        let at = self.parts.iter().rfind(|(from, _)| *from <= line);
        at.map(|(_, part)| part)
    }

    /// From here on the lines are of this part.
    pub fn begin(&mut self, part: Part) {
        self.parts.push((self.lines, part));
    }

    /// A line, its comment behind it or above.
    pub fn line(&mut self, indent: usize, text: &str, why: &str) {
        let line = format!("{:indent$}{text}", "");
        let width = line.chars().count().max(COMMENTS_FROM - 2) + 4 + why.chars().count();
        if why.is_empty() {
            self.put(&line);
        } else if width <= WIDTH {
            self.put(&format!("{line:<width$}# {why}", width = COMMENTS_FROM.max(line.chars().count() + 2)));
        } else {
            self.comment(indent, why);
            self.put(&line);
        }
    }

    /// Lines of a comment, wrapped.
    pub fn comment(&mut self, indent: usize, text: &str) {
        let mut line = String::new();
        for word in text.split(' ') {
            if !line.is_empty() && indent + 2 + line.chars().count() + 1 + word.chars().count() > WIDTH {
                self.put(&format!("{:indent$}# {line}", ""));
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.put(&format!("{:indent$}# {line}", ""));
    }

    /// An empty line.
    pub fn gap(&mut self) {
        self.put("");
    }

    fn put(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
        self.lines += 1;
    }
}

/// The catalogue as text.
pub fn catalog(draft: &Draft) -> Written {
    let mut out = Written::default();
    out.comment(0, "What the data means: a first guess from its names and values, written by `kohort init`.");
    out.comment(
        0,
        "A comment says why something was guessed; correct what is wrong, and `kohort check` tells what that breaks.",
    );
    out.line(0, "kohort: 1", "the version of the language");
    out.line(0, &format!("timezone: {}", draft.timezone.value), &draft.timezone.why);
    out.gap();
    subject(&mut out, draft);
    out.line(0, "tables:", "");
    for (at, one) in draft.tables.iter().enumerate() {
        if at > 0 {
            out.gap();
        }
        table(&mut out, one);
    }
    if !draft.attributes.is_empty() {
        out.gap();
        out.comment(0, "What can be said about one of them. Columns of the subject's table are attributes already.");
        out.line(0, "attributes:", "");
        for one in &draft.attributes {
            out.begin(Part::Attribute(one.name.clone()));
            definition(&mut out, one);
        }
    }
    if !draft.metrics.is_empty() {
        out.gap();
        let example = draft.metrics.first().map_or("spend", |metric| &metric.name);
        let help =
            format!("Numbers that take a window where they are used: `{example}_90d` is that of the last 90 days.");
        out.comment(0, &help);
        out.line(0, "metrics:", "");
        for one in &draft.metrics {
            out.begin(Part::Metric(one.name.clone()));
            definition(&mut out, one);
        }
    }
    out
}

fn subject(out: &mut Written, draft: &Draft) {
    draft.about_subject.iter().for_each(|line| out.comment(0, line));
    out.line(0, "subject:", "");
    out.line(2, &format!("name: {}", draft.subject), "");
    if let Some(table) = &draft.subject_table {
        out.line(2, &format!("table: {table}"), "one row for each");
    }
    out.line(2, &format!("key: {}", draft.key.value), &draft.key.why);
    if !draft.subject_lookups.is_empty() {
        out.line(2, "lookups:", "");
        for (name, said) in &draft.subject_lookups {
            out.begin(Part::SubjectLookup(name.clone()));
            out.line(4, &format!("{name}: {}", said.value), &said.why);
        }
    }
    out.gap();
}

fn table(out: &mut Written, table: &TableDraft) {
    let name = || table.name.clone();
    out.begin(Part::Table(name()));
    table.about.iter().for_each(|line| out.comment(2, line));
    // An id that contradicts the data is reported at the table's name.
    if table.id.is_some() {
        out.begin(Part::Id(name()));
    }
    out.line(2, &format!("{}:", table.name), "");
    out.begin(Part::Table(name()));
    match &table.from {
        Some(from) => out.line(4, &format!("from: {from}"), ""),
        None => out.line(4, &format!("source: {}", path(&table.source.value)), &table.source.why),
    }
    mapping(out, "reading", &table.reading, |_| Part::Reading(name()));
    if let Some(said) = &table.on_error {
        out.line(4, &format!("on_error: {}", said.value), &said.why);
    }
    mapping(out, "rename", &renames(table), |_| Part::Table(name()));
    mapping(out, "types", &table.types, |column| Part::Type(name(), column.to_owned()));
    let mut single = |key: &str, said: &Option<Said>, part: Part| {
        if let Some(said) = said {
            out.begin(part);
            out.line(4, &format!("{key}: {}", said.value), &said.why);
        }
    };
    single("subject", &table.subject, Part::Subject(name()));
    single("time", &table.time, Part::Time(name()));
    single("id", &table.id, Part::Id(name()));
    single("version", &table.version, Part::Id(name()));
    single("where", &table.filter, Part::Table(name()));
    mapping(out, "lookups", &table.lookups, |lookup| Part::Lookup(name(), lookup.to_owned()));
    mapping(out, "columns", &table.columns, |_| Part::Table(name()));
}

fn renames(table: &TableDraft) -> Vec<(String, Said)> {
    table.rename.iter().map(|(ours, theirs)| (ours.clone(), Said::new(quoted(theirs), ""))).collect()
}

fn mapping<K: AsRef<str>>(out: &mut Written, key: &str, entries: &[(K, Said)], part: impl Fn(&str) -> Part) {
    let Some((first, _)) = entries.first() else { return };
    out.begin(part(first.as_ref()));
    out.line(4, &format!("{key}:"), "");
    for (name, said) in entries {
        out.begin(part(name.as_ref()));
        out.line(6, &format!("{}: {}", name.as_ref(), said.value), &said.why);
    }
}

fn definition(out: &mut Written, one: &Definition) {
    let mut parts = vec![format!("is: {}", one.is)];
    parts.extend((!one.label.is_empty()).then(|| format!("label: {}", one.label)));
    let bare = parts.len() == 1 && one.values.is_empty();
    // In braces, commas and brackets would end an expression.
    let needs_block = one.is.contains([',', '[', ']', '{', '}', '#', '\'', '"']) || one.label.contains([',', ':', '#']);
    let flow = format!("{}: {{ {} }}", one.name, parts.join(", "));
    if bare && !one.is.contains(['#', '\'', '"']) {
        out.line(2, &format!("{}: {}", one.name, one.is), &one.why);
    } else if one.values.is_empty() && !needs_block && flow.len() < 90 {
        out.line(2, &flow, &one.why);
    } else {
        out.line(2, &format!("{}:", one.name), &one.why);
        parts.iter().for_each(|part| out.line(4, part, ""));
        if !one.values.is_empty() {
            values(out, &one.values);
        }
    }
}

/// A closed set, several values a line.
fn values(out: &mut Written, values: &[String]) {
    let mut line = "values: [".to_owned();
    let mut indent = 4;
    for (at, value) in values.iter().enumerate() {
        let last = at + 1 == values.len();
        let piece = format!("{}{}", quoted(value), if last { "]" } else { "," });
        if indent + line.chars().count() + 1 + piece.chars().count() > WIDTH {
            out.line(indent, &line, "");
            line.clear();
            indent = 6;
        }
        if !line.is_empty() && !line.ends_with('[') {
            line.push(' ');
        }
        line.push_str(&piece);
    }
    out.line(indent, &line, "");
}

/// A path: as it is where nothing in it means something to YAML, else in quotes.
fn path(path: &str) -> String {
    let plain = path.starts_with(|first: char| first.is_alphanumeric() || first == '.' || first == '/');
    let plain = plain && path.chars().all(|sign| sign.is_alphanumeric() || "/._-*".contains(sign));
    if plain { path.to_owned() } else { quoted(path) }
}
