//! Where in the text an addition goes, and how it looks there.

use std::ops::Range;

use super::scalar::scalar;
use super::{Addition, Change, EditError, Edited, name_of};
use crate::source::yaml::{Node, NodeKind};
use crate::syntax::print_name;

/// Longer lines are broken up.
const WIDTH: usize = 100;
/// Indentation where the file shows none.
const STEP: usize = 2;

/// A change of the text.
pub(super) struct Edit {
    /// What goes.
    range: Range<usize>,
    /// What comes.
    new: New,
}

enum New {
    /// In the place of what goes, within a line.
    Inline(String),
    /// Lines beneath the one that the place is in.
    Lines(Vec<String>),
}

/// An entry of a mapping.
type Entry = (Node, Node);

/// The edit that makes an addition.
pub(super) fn edit(text: &str, root: &Node, addition: &Addition) -> Result<Edit, EditError> {
    let (part, what, name) = match addition {
        Addition::Types { table, .. } => ("tables", "table", table),
        Addition::Values { attribute, .. } => ("attributes", "attribute", attribute),
    };
    let not_there = || EditError::NotThere { what, name: name.clone() };
    let part = find(entries(root), part).ok_or_else(not_there)?;
    let named = |(key, _): &&Entry| matches!(&key.kind, NodeKind::Scalar(text) if name_of(text.value()) == *name);
    let entry = entries(&part.1).iter().find(named).ok_or_else(not_there)?;
    let made = match addition {
        Addition::Types { columns, .. } => {
            let columns = columns.iter().map(|(name, ty)| Some(format!("{}: {ty}", scalar(&print_name(name))?)));
            columns.collect::<Option<Vec<_>>>().and_then(|columns| types(text, entry, &columns))
        }
        Addition::Values { values, .. } => {
            let values = values.iter().map(|value| scalar(value)).collect::<Option<Vec<_>>>();
            values.and_then(|values| closed_set(text, entry, &values))
        }
    };
    made.ok_or_else(|| EditError::Shape { name: name.clone() })
}

/// `types:` of a table; `columns` are `name: type`.
fn types(text: &str, table: &Entry, columns: &[String]) -> Option<Edit> {
    let flow = format!("{{ {} }}", columns.join(", "));
    let fields = entries(&table.1);
    let Some(last) = fields.last() else { return in_place(text, table, format!("{{ types: {flow} }}")) };
    if let Some(types) = find(fields, "types") {
        let Some(last) = entries(&types.1).last() else { return in_place(text, types, flow) };
        if is_flow(text, &types.1) {
            return Some(Edit::inline(end(last), format!(", {}", columns.join(", "))));
        }
        let indent = column(text, last.0.span.range().start);
        return Some(Edit::lines(end(last), columns.iter().map(|line| indented(indent, line)).collect()));
    }
    let above = find(fields, "source").unwrap_or(last);
    if is_flow(text, &table.1) {
        return Some(Edit::inline(end(above), format!(", types: {flow}")));
    }
    let indent = column(text, above.0.span.range().start);
    let line = indented(indent, &format!("types: {flow}"));
    let step = indent.checked_sub(column(text, table.0.span.range().start)).filter(|step| *step > 0).unwrap_or(STEP);
    Some(Edit::lines(end(above), unless_long(line, indent, "types:", step, columns.iter().cloned())))
}

/// `values:` of an attribute.
fn closed_set(text: &str, attribute: &Entry, values: &[String]) -> Option<Edit> {
    let flow = format!("values: [{}]", values.join(", "));
    let range = attribute.1.span.range();
    if let NodeKind::Scalar(_) = &attribute.1.kind {
        let is = text.get(range.clone()).filter(|is| !is.is_empty() && !is.contains('\n'))?;
        // The text of a block scalar begins beneath its key.
        let beside = line_start(text, range.start) == line_start(text, attribute.0.span.range().start);
        return beside.then(|| Edit { new: New::Inline(format!("{{ is: {is}, {flow} }}")), range });
    }
    let is = find(entries(&attribute.1), "is")?;
    if is_flow(text, &attribute.1) {
        return Some(Edit::inline(end(is), format!(", {flow}")));
    }
    let indent = column(text, is.0.span.range().start);
    let items = values.iter().map(|value| format!("- {value}"));
    Some(Edit::lines(end(is), unless_long(indented(indent, &flow), indent, "values:", STEP, items)))
}

/// One line, or if it is long a key with its items beneath.
fn unless_long(
    line: String,
    indent: usize,
    key: &str,
    step: usize,
    items: impl Iterator<Item = String>,
) -> Vec<String> {
    if line.chars().count() <= WIDTH {
        return vec![line];
    }
    let items = items.map(|item| indented(indent + step, &item));
    std::iter::once(indented(indent, key)).chain(items).collect()
}

/// A value in the place of one that is missing or empty.
fn in_place(text: &str, (key, value): &Entry, new: String) -> Option<Edit> {
    if value.span != key.span {
        return Some(Edit { range: value.span.range(), new: New::Inline(new) });
    }
    let after = key.span.range().end;
    let rest = text.get(after..)?;
    let colon = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    rest.get(colon..)?.starts_with(':').then(|| Edit::inline(after + colon + 1, format!(" {new}")))
}

impl Edit {
    fn inline(at: usize, new: String) -> Self {
        Edit { range: at..at, new: New::Inline(new) }
    }

    fn lines(at: usize, new: Vec<String>) -> Self {
        Edit { range: at..at, new: New::Lines(new) }
    }
}

/// The text with all edits, and which lines they change.
pub(super) fn apply(text: &str, mut edits: Vec<Edit>) -> Edited {
    edits.sort_by_key(|edit| edit.range.start);
    let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut edited = String::with_capacity(text.len() + 1024);
    let mut changes = Vec::new();
    let mut edits = edits.into_iter().peekable();
    let mut start = 0;
    for (number, whole) in text.split_inclusive('\n').enumerate() {
        let line = whole.trim_end_matches(['\n', '\r']);
        let (mut new, mut done, mut beneath) = (String::new(), 0, Vec::new());
        while let Some(edit) = edits.next_if(|edit| edit.range.start <= start + line.len()) {
            let (from, to) = (edit.range.start - start, edit.range.end - start);
            match edit.new {
                New::Inline(inline) => {
                    new.push_str(line.get(done..from).unwrap_or_default());
                    new.push_str(&inline);
                    done = to;
                }
                New::Lines(lines) => beneath.extend(lines),
            }
        }
        new.push_str(line.get(done..).unwrap_or_default());
        edited.push_str(&new);
        if new != line {
            changes.push(Change { line: number + 1, before: Some(line.to_owned()), after: vec![new] });
        }
        for line in &beneath {
            edited.push_str(line_break);
            edited.push_str(line);
        }
        if !beneath.is_empty() {
            changes.push(Change { line: number + 1, before: None, after: beneath });
        }
        edited.push_str(whole.get(line.len()..).unwrap_or_default());
        start += whole.len();
    }
    Edited { text: edited, changes }
}

fn entries(node: &Node) -> &[Entry] {
    match &node.kind {
        NodeKind::Mapping(entries) => entries,
        _ => &[],
    }
}

fn find<'n>(entries: &'n [Entry], key: &str) -> Option<&'n Entry> {
    entries.iter().find(|(name, _)| matches!(&name.kind, NodeKind::Scalar(text) if text.value() == key))
}

fn end((_, value): &Entry) -> usize {
    value.span.range().end
}

fn is_flow(text: &str, mapping: &Node) -> bool {
    text.get(mapping.span.range().start..).is_some_and(|rest| rest.starts_with('{'))
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

fn column(text: &str, at: usize) -> usize {
    text.get(line_start(text, at)..at).map_or(0, |before| before.chars().count())
}

fn indented(indent: usize, line: &str) -> String {
    format!("{}{line}", " ".repeat(indent))
}
