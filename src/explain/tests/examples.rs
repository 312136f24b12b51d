//! The example projects: every segment has an explanation in every language.

use std::path::Path;

use super::{Language, compiled};
use crate::Project;
use crate::check::{Schemas, SourceColumn, SourceType, TableSchema};
use crate::explain::{Explainer, Explanation, Token, html_page, json, markdown, text};
use crate::ir::ColumnKind;

/// What the data of the examples holds, so that they can be checked without it.
const COLUMNS: &str = include_str!("columns.txt");

const PROJECTS: [&str; 4] = ["jakarta", "chinook", "online-retail", "rfm"];

fn kind(written: &str) -> ColumnKind {
    match written {
        "bool" => ColumnKind::Bool,
        "integer" => ColumnKind::Integer { digits: 18 },
        "text" => ColumnKind::Text,
        "date" => ColumnKind::Date,
        "timestamp" => ColumnKind::Timestamp,
        "list of text" => ColumnKind::TextList,
        _ => ColumnKind::Decimal { digits: 20, scale: 2 },
    }
}

fn schemas(project: &str) -> Schemas {
    let mut schemas = Schemas::new();
    for line in COLUMNS.lines() {
        let Some((table, columns)) = line.strip_prefix(&format!("{project}/")).and_then(|line| line.split_once(": "))
        else {
            continue;
        };
        let column = |written: &str| {
            let (name, ty) = written.split_once(' ').expect("a name and a type");
            SourceColumn { name: name.to_owned(), ty: SourceType::Kind(kind(ty)), nullable: true }
        };
        schemas.insert(table, TableSchema { columns: columns.split("; ").map(column).collect() });
    }
    schemas
}

/// Nothing is left of the machinery: no places of templates, no backticks, nothing empty.
pub(super) fn assert_is_language(explanation: &Explanation, written: &str) {
    for sign in ['`', '{', '}'] {
        assert!(!written.contains(sign), "{sign} in {written}");
    }
    for bad in ["  - \n", "“”", "«»", "””", "…:"] {
        assert!(!written.contains(bad), "{bad} in {written}");
    }
    let mut names = Vec::new();
    explanation.rule.phrase.0.iter().for_each(|token| names.push(token));
    for token in names {
        if let Token::Name { label, .. } = token {
            assert!(!label.is_empty());
        }
    }
}

#[test]
fn every_segment_of_every_example_is_explained_in_every_language() {
    let mut count = 0;
    for name in PROJECTS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules-examples").join(name);
        let project = Project::open(path).expect("the example is there");
        let ir = compiled(&project, &schemas(name));
        let explainer = Explainer::new(project.catalog().expect("there is one"), project.rules(), &ir);
        for segment in explainer.segments() {
            for language in Language::ALL {
                let explanation = explainer.explain(segment, language);
                let explanation = explanation.unwrap_or_else(|| panic!("{name}: {segment} is not explained"));
                assert_is_language(&explanation, &text(&explanation));
                assert!(
                    !markdown(&explanation).is_empty() && !html_page(std::slice::from_ref(&explanation)).is_empty()
                );
                assert!(json(&[explanation]).is_ok());
                count += 1;
            }
        }
    }
    assert!(count >= 4 * 100, "{count}");
}
