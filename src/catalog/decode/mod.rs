//! From the YAML tree of `catalog.yaml` to the model: shapes are decoded and expressions parsed, nothing is looked up.
//!
//! Written by hand over [`Node`], so that one reading finds every mistake of the file, each at its place. What cannot be
//! read is reported and left out; everything else is in the model.

mod clashes;
mod definitions;
mod fragment;
mod grouping;
mod includes;
mod origin;
pub(crate) mod partitions;
mod reading;
pub(crate) mod settings;
mod signs;
mod sql;
mod subjects;
mod tables;
#[cfg(test)]
mod tests;
mod time_forms;
mod time_letters;
mod time_patterns;
mod types;
pub(crate) mod values;

pub use fragment::decode as decode_fragment;

use crate::catalog::model::Catalog;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::yaml::Node;
use crate::source::yaml::fields::{Fields, in_file_order};

/// Keys that stand in rule files alone: what a rule is tested by stands beside it.
fn tests_elsewhere(fields: &mut Fields<'_>) {
    for key in ["tests", "test_defaults"] {
        fields.elsewhere(key, "tests stand in rule files: any other `.yaml` file of the project");
    }
}

/// Reads a catalogue. What is wrong goes to `out`; none when there is no telling what the subjects are.
pub fn decode(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Catalog> {
    let before = out.len();
    let catalog = read(node, out);
    in_file_order(out, before);
    catalog
}

fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Catalog> {
    let mut fields = Fields::open(node, "the catalogue", out)?;
    settings::version(&mut fields, out);
    let timezone = fields.take("timezone").and_then(|node| settings::timezone(node, out));
    let currency = fields.take("currency").and_then(|node| values::string(node, "`currency`", out));
    let week_starts = fields.take("week_starts").and_then(|node| settings::week_starts(node, out));
    let windows = fields.take("windows").and_then(|node| settings::windows(node, out));
    let subjects = subjects::decode(&mut fields, node, out);
    let includes = fields.take("include").map(|node| includes::decode(node, out));
    let tables = fields.take("tables").map(|node| tables::decode(node, out));
    let attributes = fields.take("attributes").map(|node| definitions::attributes(node, out));
    let metrics = fields.take("metrics").map(|node| definitions::metrics(node, out));
    tests_elsewhere(&mut fields);
    fields.elsewhere("segments", "segments stand in rule files: any other `.yaml` file of the project");
    for key in partitions::KEYS {
        fields.elsewhere(key, format!("`{key}:` stand in rule files, and in files that the catalogue includes"));
    }
    fields.elsewhere("split", "a split divides one segment: write it below that, in a rule file");
    fields.synonym("includes", "include");
    fields.elsewhere("needs", "an included file says what it needs; a catalogue has its tables under `tables:`");
    fields.finish(out);
    if subjects.is_empty() {
        return None;
    }
    Some(Catalog {
        file: node.span.file,
        timezone: timezone.unwrap_or(chrono_tz::UTC),
        currency,
        week_starts: week_starts.unwrap_or(chrono::Weekday::Mon),
        windows: windows.unwrap_or_default(),
        subjects,
        tables: tables.unwrap_or_default(),
        attributes: attributes.unwrap_or_default(),
        metrics: metrics.unwrap_or_default(),
        partitions: Vec::new(),
        includes: includes.unwrap_or_default(),
    })
}

/// What is said of a setting whose value is not one of those it can have.
fn bad_setting(node: &Node, message: String) -> Diagnostic {
    Diagnostic::new(Code::BadSetting, node.span, message)
}
