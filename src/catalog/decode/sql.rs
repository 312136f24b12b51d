//! Tables by SQL: a query in the place of a source, and the types of its columns.

use super::tables::{column_types, subject_keys};
use super::{settings, subjects, values};
use crate::catalog::model::{OnError, Reading, SourceTable};
use crate::diagnostic::Diagnostic;
use crate::source::yaml::fields::{self, Fields};

/// A table by SQL; none if its query cannot be read, which has been said.
pub(super) fn decode(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> Option<SourceTable> {
    let sql = fields.take("sql").and_then(|node| fields::text(node, "`sql`", out)).cloned();
    let help = "declare every column of the query that is used: `types: { customer_id: text, value: decimal(2) }`";
    let types = fields.require("types", help).map(|node| column_types(node, out)).unwrap_or_default();
    let table = SourceTable {
        source: None,
        sql: None,
        format: None,
        reading: Reading::default(),
        on_error: OnError::Stop,
        types,
        rename: Vec::new(),
        subject: fields.take("subject").map(|node| subject_keys(node, out)).unwrap_or_default(),
        time: fields.take("time").and_then(|node| values::path(node, "`time`", out)),
        timezone: fields.take("timezone").and_then(|node| settings::timezone(node, out)),
        id: fields.take("id").map(|node| values::names(node, "`id`", out)).unwrap_or_default(),
        version: None,
        lookups: fields.take("lookups").map(|node| subjects::lookups(node, out)).unwrap_or_default(),
    };
    for key in ["source", "format", "reading", "on_error"] {
        fields.elsewhere(key, "a table by SQL has the rows of its query; keep one of the two");
    }
    for key in ["from", "where", "columns", "distinct", "group_by"] {
        fields.elsewhere(key, "the query says it; or make another table, `from:` this one");
    }
    fields.elsewhere("rename", "give the column its name in the query: `select total as value`");
    fields.elsewhere("version", "choose the row of each id in the query");
    Some(SourceTable { sql: Some(sql?), ..table })
}
