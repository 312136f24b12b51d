//! `tables:` with rows of their own, and tables derived from them.

use super::origin::Origin;
use super::{grouping, reading, settings, sql, subjects, types, values};
use crate::catalog::model::{ColumnType, DerivedTable, FileFormat, Placed, SourceTable, TableDef, TableKind};
use crate::diagnostic::Diagnostic;
use crate::source::yaml::fields::{self, Fields, wrong_shape};
use crate::source::yaml::{Node, NodeKind};
use crate::syntax::ast::{Expr, Ident, Path};

const FORMATS: [(&str, FileFormat); 4] = [
    ("parquet", FileFormat::Parquet),
    ("csv", FileFormat::Csv),
    ("ndjson", FileFormat::Ndjson),
    ("arrow", FileFormat::Arrow),
];

/// All tables of the catalogue, in file order.
pub(super) fn decode(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<TableDef> {
    let tables = values::named(node, "`tables`", out);
    tables.into_iter().filter_map(|(name, node)| table(name, node, out)).collect()
}

fn table(name: Ident, node: &Node, out: &mut Vec<Diagnostic>) -> Option<TableDef> {
    let what = format!("table `{}`", name.text);
    if matches!(&node.kind, NodeKind::Scalar(_)) && !node.is_missing() {
        let finding = wrong_shape(node, &what, "keys with values");
        out.push(Diagnostic {
            helps: vec!["say where its rows come from: `source: data/file.parquet`".to_owned()],
            ..finding
        });
        return None;
    }
    let mut fields = Fields::open(node, what, out)?.named_at(name.span);
    let kind = if fields.has("sql") {
        sql::decode(&mut fields, out).map(TableKind::Source)
    } else if fields.has("from") {
        derived(&mut fields, out).map(TableKind::Derived)
    } else {
        Some(TableKind::Source(source(&mut fields, out)))
    };
    fields.finish(out);
    Some(TableDef { name, kind: kind? })
}

fn source(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> SourceTable {
    let said = fields.has("source") || fields.has("format");
    let source = fields.take("source").and_then(|node| values::string(node, "`source`", out));
    let format = fields.take("format").and_then(|node| file_format(node, out));
    let origin = Origin::of(source.as_ref(), format.as_ref(), said);
    let table = SourceTable {
        source,
        sql: None,
        format,
        reading: fields.take("reading").map(|node| reading::decode(node, &origin, out)).unwrap_or_default(),
        on_error: fields.take("on_error").and_then(|node| reading::on_error(node, out)).unwrap_or_default(),
        types: fields.take("types").map(|node| column_types(node, out)).unwrap_or_default(),
        rename: fields.take("rename").map(|node| renames(node, out)).unwrap_or_default(),
        subject: fields.take("subject").map(|node| subject_keys(node, out)).unwrap_or_default(),
        time: fields.take("time").and_then(|node| values::path(node, "`time`", out)),
        timezone: fields.take("timezone").and_then(|node| settings::timezone(node, out)),
        id: fields.take("id").map(|node| values::names(node, "`id`", out)).unwrap_or_default(),
        version: fields.take("version").and_then(|node| values::name(node, "`version`", out)),
        lookups: fields.take("lookups").map(|node| subjects::lookups(node, out)).unwrap_or_default(),
    };
    reading::misplaced_words(fields);
    for key in ["where", "distinct", "group_by"] {
        fields.elsewhere(key, "only a table made from another has it: name that one with `from:`");
    }
    table
}

fn derived(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> Option<DerivedTable> {
    let from = fields.require("from", "name the table it is made from: `from: sales`");
    let from = from.and_then(|node| values::name(node, "`from`", out));
    let filter = fields.take("where").map(|node| values::expression(node, "`where`", out));
    let columns = fields.take("columns").map(|node| columns(node, out)).unwrap_or_default();
    let (grouping, columns, distinct) = match fields.take("group_by") {
        Some(keys) => {
            let grouping = grouping::decode(keys, fields.take("time"), out);
            let columns = grouping::without_clashes(columns, &grouping, out);
            (Some(grouping), columns, Vec::new())
        }
        None => {
            let distinct = fields.take("distinct").map(|node| values::paths(node, "`distinct`", out));
            (None, columns, distinct.unwrap_or_default())
        }
    };
    for key in ["source", "format", "reading", "on_error", "types", "rename"] {
        fields.elsewhere(key, "a table made from another (`from:`) has no rows of its own; keep one of the two");
    }
    inherited(fields, grouping.is_some());
    Some(DerivedTable { from: from?, filter, grouping, columns, distinct })
}

/// What a table made from another has from that one, or cannot have.
fn inherited(fields: &mut Fields<'_>, grouped: bool) {
    let help = if grouped {
        fields.elsewhere(
            "distinct",
            "there is one row for each key already; to make fewer of them, make another table `from:` this one",
        );
        "a table by grouping has the subject of the table it is made from, and its keys tell its rows apart; remove it"
    } else {
        fields.elsewhere(
            "time",
            "its rows happened when those of the table it is made from did; one with `group_by:` can have its own `time:`",
        );
        "a table made from another has the subject, time, id and lookups of that one; remove it"
    };
    for key in ["subject", "timezone", "id", "version", "lookups"] {
        fields.elsewhere(key, help);
    }
}

fn columns(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<(Ident, Expr)> {
    let columns = values::named(node, "`columns`", out);
    let column = |(name, node): (Ident, &Node)| {
        let expr = values::expression(node, &format!("column `{}`", name.text), out);
        (name, expr)
    };
    columns.into_iter().map(column).collect()
}

pub(super) fn column_types(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<(Ident, Placed<ColumnType>)> {
    let columns = values::named(node, "`types`", out);
    let column = |(name, node): (Ident, &Node)| {
        let text = fields::text(node, &format!("the type of `{}`", name.text), out)?;
        Some((name, types::decode(text, out)?))
    };
    columns.into_iter().filter_map(column).collect()
}

fn renames(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<(Ident, Placed<String>)> {
    let columns = values::named(node, "`rename`", out);
    let column = |(name, node): (Ident, &Node)| {
        let theirs = values::string(node, &format!("the file's name of `{}`", name.text), out)?;
        Some((name, theirs))
    };
    columns.into_iter().filter_map(column).collect()
}

/// `subject: customer_id`, `[a, b]` for a key of two columns, or `{ customer: a, invoice: b }` for several kinds.
pub(super) fn subject_keys(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<(Option<Ident>, Vec<Path>)> {
    if !matches!(&node.kind, NodeKind::Mapping(_)) {
        let key = values::paths(node, "`subject`", out);
        return if key.is_empty() { Vec::new() } else { vec![(None, key)] };
    }
    let kinds = values::named(node, "`subject`", out);
    let kind = |(kind, node): (Ident, &Node)| {
        let key = values::paths(node, &format!("the key of `{}`", kind.text), out);
        (!key.is_empty()).then_some((Some(kind), key))
    };
    kinds.into_iter().filter_map(kind).collect()
}

fn file_format(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Placed<FileFormat>> {
    let value = settings::choice(node, "format", "a format", &FORMATS, out)?;
    Some(Placed { value, span: node.span })
}
