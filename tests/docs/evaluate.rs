//! Examples with data: rows, an instant, and who must be found.
//!
//! ```yaml
//! as_of: 2026-03-31
//! given:
//!   customers:
//!     - { customer_id: C1, city: Jakarta }
//! expect:
//!   city = 'Jakarta': [C1]
//! ```
//!
//! Rows are handed over as text and read by the catalogue's types; a column that is left out is unknown. `set:` changes
//! settings of the catalogue, `of:` says which kind of subject is asked about, `report:` states counts of a table's rows,
//! `error:` the code that the data gives, `floats:` the columns that are binary floating point. With `files:` the rows are
//! in files of a directory instead, as the catalogue's sources name them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, Float64Array, ListBuilder, RecordBatch, RecordBatchOptions, StringArray, StringBuilder,
};
use datafusion::arrow::datatypes::{Field, Schema};
use datafusion::arrow::util::display::array_value_to_string;
use datafusion::datasource::MemTable;
use kohort::catalog::model::{ColumnType, SourceTable, TableKind};
use kohort::source::FileId;
use kohort::source::yaml::{self, Node, NodeKind};
use kohort::{Engine, EngineBuilder, Error, Project, Query, Report};

use super::page::{Block, Ground, rule_file};

/// What an example says in place of members when a number does not fit.
const NO_ANSWER: &str = "no answer";

/// Evaluates an example; what is not as it says.
pub async fn run(block: &Block, ground: &Ground) -> Vec<String> {
    let mut found = Vec::new();
    let root = yaml::parse(FileId(0), &block.text, &mut found);
    let Some(root) = root.filter(|_| found.is_empty()) else {
        return found.iter().map(|one| format!("line {}: {}", block.line, one.message)).collect();
    };
    let example = Example { block, ground, root };
    match example.evaluate().await {
        Ok(wrong) => wrong,
        Err(error) => example.failed(&error),
    }
}

struct Example<'e> {
    block: &'e Block,
    ground: &'e Ground,
    root: Node,
}

impl Example<'_> {
    async fn evaluate(&self) -> Result<Vec<String>, Error> {
        let expected = self.expected();
        let expressions: Vec<String> = expected.iter().map(|(expression, _)| expression.clone()).collect();
        let directory = tempfile::tempdir().expect("a directory");
        let engine = match entry(&self.root, "files") {
            Some(files) => Engine::open(self.project_of_files(&expressions, files, directory.path())).await?,
            None => self.with_rows(self.project(&expressions)).open().await?,
        };
        let as_of = engine.as_of(scalar(entry(&self.root, "as_of").expect("`as_of:`")))?;
        let mut wrong = Vec::new();
        let mut report = None;
        for (at, (expression, members)) in expected.iter().enumerate() {
            let query = engine.query(as_of).segments([format!("example_{at}")])?;
            let (is, counts) = answer(query).await?;
            if is != *members {
                wrong.push(format!("line {}: `{expression}` finds {is:?}, not {members:?}", self.block.line));
            }
            report = Some(counts);
        }
        wrong.extend(report.iter().flat_map(|report| self.misreported(report)));
        if let Some(code) = entry(&self.root, "error") {
            wrong.push(format!("line {}: no error {}", self.block.line, scalar(code)));
        }
        Ok(wrong)
    }

    /// The catalogue and the rules, each with the name of its file.
    fn texts(&self, expressions: &[String]) -> Vec<(String, String)> {
        let kind = entry(&self.root, "of").map(scalar);
        let mut texts = vec![
            ("catalog.yaml".to_owned(), self.with_settings(self.ground.catalog(self.block))),
            ("example.yaml".to_owned(), rule_file(expressions, kind)),
        ];
        texts.extend(self.ground.beside(self.block));
        texts
    }

    fn project(&self, expressions: &[String]) -> Project {
        Project::from_texts(self.texts(expressions))
    }

    fn project_of_files(&self, expressions: &[String], files: &Node, directory: &Path) -> Project {
        let texts = self.texts(expressions).into_iter();
        let data = entries(files).iter().map(|(name, text)| (scalar(name).to_owned(), scalar(text).to_owned()));
        for (name, text) in texts.chain(data) {
            let path = directory.join(name);
            fs::create_dir_all(path.parent().expect("a directory")).expect("it can be made");
            fs::write(path, text).expect("it can be written");
        }
        Project::open(directory).expect("the project is there")
    }

    /// Every table of the catalogue with the rows that are given, perhaps none.
    fn with_rows(&self, project: Project) -> EngineBuilder {
        let mut builder = Engine::builder(project.clone());
        let floats: Vec<&str> = entry(&self.root, "floats").map(items).unwrap_or_default().iter().map(scalar).collect();
        for def in &project.catalog().expect("the catalogue is sound").tables {
            if let TableKind::Source(table) = &def.kind {
                let rows = entry(&self.root, "given").and_then(|given| entry(given, &def.name.text));
                builder = builder.table(&def.name.text, Arc::new(memory(table, rows, &floats)));
            }
        }
        builder
    }

    /// The catalogue with the settings of `set:`.
    fn with_settings(&self, catalog: &str) -> String {
        let mut text = catalog.to_owned();
        for (key, value) in entry(&self.root, "set").map(entries).unwrap_or_default() {
            let key = format!("{}:", scalar(key));
            let others: Vec<&str> = text.lines().filter(|line| !line.starts_with(&key)).collect();
            text = format!("{}\n{key} {}\n", others.join("\n"), scalar(value));
        }
        text
    }

    /// Every condition with its members, sorted.
    fn expected(&self) -> Vec<(String, Vec<String>)> {
        let expected = entry(&self.root, "expect").expect("`expect:`");
        let members = |node: &Node| match &node.kind {
            NodeKind::Sequence(items) => {
                let mut members: Vec<String> = items.iter().map(|item| scalar(item).to_owned()).collect();
                members.sort();
                members
            }
            _ => vec![scalar(node).to_owned()],
        };
        entries(expected).iter().map(|(key, value)| (scalar(key).to_owned(), members(value))).collect()
    }

    /// Counts of `report:` that are otherwise.
    fn misreported(&self, report: &Report) -> Vec<String> {
        let mut wrong = Vec::new();
        for (table, counts) in entry(&self.root, "report").map(entries).unwrap_or_default() {
            let found = report.tables.iter().find(|found| found.table == scalar(table)).expect("the table was read");
            for (what, count) in entries(counts) {
                let is = match scalar(what) {
                    "rows" => found.rows,
                    "anonymous" => found.anonymous,
                    "orphans" => found.orphans,
                    "timeless" => found.timeless,
                    other => panic!("line {}: a report does not count {other}", self.block.line),
                };
                if is.to_string() != scalar(count) {
                    wrong.push(format!("line {}: {is} {}, not {}", self.block.line, scalar(what), scalar(count)));
                }
            }
        }
        wrong
    }

    fn failed(&self, error: &Error) -> Vec<String> {
        let codes: Vec<&str> = match error {
            Error::Check { diagnostics } | Error::Data { diagnostics } => {
                diagnostics.iter().filter(|one| one.is_error()).map(|one| one.code.id()).collect()
            }
            _ => Vec::new(),
        };
        let expected = entry(&self.root, "error").map(scalar);
        let as_said = !codes.is_empty() && codes.iter().all(|code| Some(*code) == expected);
        if as_said { Vec::new() } else { vec![format!("line {}: {error:#?}", self.block.line)] }
    }
}

/// The members of the one segment that is asked about, and the report.
async fn answer(query: Query<'_>) -> Result<(Vec<String>, Report), Error> {
    let report = query.clone().counts().await?;
    let Ok(count) = report.kinds[0].segments[0].members else { return Ok((vec![NO_ANSWER.to_owned()], report)) };
    let mut keys = Vec::new();
    for batch in query.members().await?.collect_rows().await? {
        for row in 0..batch.num_rows() {
            let parts = batch.columns().iter().skip(1);
            let parts: Result<Vec<String>, _> = parts.map(|column| array_value_to_string(column, row)).collect();
            keys.push(parts.expect("a key has a text").join(" "));
        }
    }
    keys.sort();
    assert_eq!(keys.len() as u64, count, "as many members as counted");
    Ok((keys, report))
}

/// Rows as a table of texts (and lists of texts) in the columns that the catalogue declares.
fn memory(table: &SourceTable, rows: Option<&Node>, floats: &[&str]) -> MemTable {
    let rows: Vec<BTreeMap<&str, &Node>> = rows.map(items).unwrap_or_default().iter().map(cells).collect();
    let declared: Vec<&str> = table.types.iter().map(|(name, _)| name.text.as_str()).collect();
    for name in rows.iter().flat_map(BTreeMap::keys) {
        assert!(declared.contains(name), "no column {name} is declared");
    }
    let made = table.types.iter().map(|(name, ty)| {
        let name = name.text.as_str();
        let cells = rows.iter().map(|row| row.get(name).copied().filter(|node| !node.is_missing()));
        (name, if floats.contains(&name) { float_column(cells) } else { column(ty.value, cells) })
    });
    let columns: Vec<(&str, ArrayRef)> = made.collect();
    let fields: Vec<Field> =
        columns.iter().map(|(name, column)| Field::new(*name, column.data_type().clone(), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    let batch =
        RecordBatch::try_new_with_options(Arc::clone(&schema), columns, &options).expect("columns of one length");
    MemTable::try_new(schema, vec![vec![batch]]).expect("a table of one batch")
}

fn float_column<'n>(cells: impl Iterator<Item = Option<&'n Node>>) -> ArrayRef {
    let float = |node| scalar(node).parse::<f64>().expect("a number");
    Arc::new(Float64Array::from_iter(cells.map(|cell| cell.map(float))))
}

fn column<'n>(ty: ColumnType, cells: impl Iterator<Item = Option<&'n Node>>) -> ArrayRef {
    if ty != ColumnType::TextList {
        return Arc::new(StringArray::from_iter(cells.map(|cell| cell.map(scalar))));
    }
    let mut lists = ListBuilder::new(StringBuilder::new());
    for cell in cells {
        match cell {
            None => lists.append_null(),
            Some(list) => lists.append_value(items(list).iter().map(|item| Some(scalar(item)))),
        }
    }
    Arc::new(lists.finish())
}

fn cells(row: &Node) -> BTreeMap<&str, &Node> {
    entries(row).iter().map(|(key, value)| (scalar(key), value)).collect()
}

fn entry<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    entries(node).iter().find(|(name, _)| scalar(name) == key).map(|(_, value)| value)
}

fn entries(node: &Node) -> &[(Node, Node)] {
    match &node.kind {
        NodeKind::Mapping(entries) => entries,
        other => panic!("keys with values are expected, not {other:?}"),
    }
}

fn items(node: &Node) -> &[Node] {
    match &node.kind {
        NodeKind::Sequence(items) => items,
        other => panic!("a list is expected, not {other:?}"),
    }
}

fn scalar(node: &Node) -> &str {
    match &node.kind {
        NodeKind::Scalar(text) => text.value(),
        other => panic!("text is expected, not {other:?}"),
    }
}
