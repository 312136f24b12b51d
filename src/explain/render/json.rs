//! JSON: the tree as it is, for programs.

use serde::Serialize;

use crate::explain::model::Explanation;

/// The version of the form.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    kohort: u32,
    explanations: &'a [Explanation],
}

/// Explanations as one object, indented: every phrase is a list of tokens with their kinds.
///
/// # Errors
/// None are known: the tree has no maps with keys that are not text. The error is that of the writer of JSON.
pub fn json(explanations: &[Explanation]) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&Document { kohort: VERSION, explanations })
}
