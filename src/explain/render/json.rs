//! JSON: the tree as it is, for programs.

use crate::explain::model::Explanation;

/// An explanation as one object, indented: every phrase is a list of tokens with their kinds.
///
/// # Errors
/// None are known: the tree has no maps with keys that are not text. The error is that of the writer of JSON.
pub fn json(explanation: &Explanation) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(explanation)
}
