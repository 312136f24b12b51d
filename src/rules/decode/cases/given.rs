//! The rows of a test, and what columns hold that rows do not give.

use crate::catalog::decode::values;
use crate::catalog::model::Placed;
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::model::{CellDef, CellValue, DefaultsDef, GivenDef, RowDef, RowsDef};
use crate::source::yaml::fields::{self, wrong_shape};
use crate::source::yaml::{Node, NodeKind};
use crate::syntax::ast::FileName;

const ROWS: &str = "write rows as `[{ customer_id: C1, city: Jakarta }]`, or name a file: `rows/regulars.csv`";

/// `given: { customers: [{ … }], sales: rows/sales.csv }`
pub(super) fn decode(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<GivenDef> {
    let tables = values::named(node, "`given`", out).into_iter();
    let given = tables.filter_map(|(table, node)| {
        let rows = rows(&table.text, node, out)?;
        Some(GivenDef { table, rows })
    });
    given.collect()
}

/// `test_defaults: { sales: { status: paid } }`
pub(super) fn defaults(node: &Node, what: &str, out: &mut Vec<Diagnostic>) -> Vec<DefaultsDef> {
    let tables = values::named(node, what, out).into_iter();
    let defaults = tables.map(|(table, node)| {
        let what = format!("the defaults of `{}`", table.text);
        let cells = cells(node, &what, out);
        DefaultsDef { table, cells }
    });
    defaults.collect()
}

fn rows(table: &str, node: &Node, out: &mut Vec<Diagnostic>) -> Option<RowsDef> {
    match &node.kind {
        NodeKind::Sequence(items) => {
            let rows = items.iter().filter_map(|item| row(table, item, out));
            Some(RowsDef::Written(rows.collect()))
        }
        _ if node.is_missing() => Some(RowsDef::Written(Vec::new())),
        NodeKind::Scalar(text) => file(text.value().trim(), node, out),
        NodeKind::Mapping(_) => {
            let message = format!("the rows of `{table}` must be a list, found one row");
            let finding = Diagnostic::new(Code::WrongShape, first_key(node), message);
            out.push(finding.help("put `[ ]` around it, or write `- ` before it"));
            None
        }
        NodeKind::Broken => None,
    }
}

/// `rows/regulars.csv`
fn file(path: &str, node: &Node, out: &mut Vec<Diagnostic>) -> Option<RowsDef> {
    let lower = path.to_lowercase();
    if [".csv", ".tsv"].iter().any(|ending| lower.ends_with(ending)) {
        return Some(RowsDef::File(FileName { path: path.to_owned(), span: node.span }));
    }
    let message = format!("rows are expected, or a `.csv` or `.tsv` file of rows, found `{path}`");
    out.push(Diagnostic::new(Code::WrongShape, node.span, message).help(ROWS));
    None
}

fn row(table: &str, node: &Node, out: &mut Vec<Diagnostic>) -> Option<RowDef> {
    match &node.kind {
        NodeKind::Broken => None,
        NodeKind::Mapping(_) => {
            let cells = cells(node, &format!("a row of `{table}`"), out);
            Some(RowDef { span: node.span, cells })
        }
        _ => {
            let finding = wrong_shape(node, &format!("a row of `{table}`"), "keys with values");
            out.push(Diagnostic { helps: vec![ROWS.to_owned()], ..finding });
            None
        }
    }
}

fn cells(node: &Node, what: &str, out: &mut Vec<Diagnostic>) -> Vec<CellDef> {
    let entries = fields::mapping(node, what, out).unwrap_or_default();
    let cells = entries.iter().filter_map(|(key, node)| {
        let NodeKind::Scalar(column) = &key.kind else { return None };
        let column = Placed { value: column.value().trim().trim_matches('`').to_owned(), span: key.span };
        let value = cell(&column.value, node, out)?;
        Some(CellDef { column, value: Placed { value, span: node.span } })
    });
    cells.collect()
}

fn cell(column: &str, node: &Node, out: &mut Vec<Diagnostic>) -> Option<CellValue> {
    match &node.kind {
        NodeKind::Broken => None,
        _ if node.is_missing() => Some(CellValue::Unknown),
        NodeKind::Scalar(text) => Some(CellValue::Text(text.value().to_owned())),
        NodeKind::Sequence(items) => {
            let what = format!("an item of `{column}`");
            let items = items.iter().map(|item| Some(fields::text(item, &what, out)?.value().to_owned()));
            items.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>().map(CellValue::List)
        }
        NodeKind::Mapping(_) => {
            let finding = wrong_shape(node, &format!("`{column}`"), "a value");
            let help =
                "a column holds one value, or a list of texts: `[a, b]`; put text that begins with `{` in quotes";
            out.push(Diagnostic { helps: vec![help.to_owned()], ..finding });
            None
        }
    }
}

fn first_key(node: &Node) -> crate::source::Span {
    match &node.kind {
        NodeKind::Mapping(entries) => entries.first().map_or(node.span, |(key, _)| key.span),
        _ => node.span,
    }
}
