//! Files of which each line is a value.

use crate::lists::ListRow;
use crate::source::{FileId, Span};

/// The values, without the blanks around them; blank lines are none.
pub(super) fn read(file: FileId, text: &str) -> Vec<ListRow> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut start = text.len() - body.len();
    let mut rows = Vec::new();
    for line in body.split('\n') {
        let value = line.trim();
        if !value.is_empty() {
            let from = start + (line.len() - line.trim_start().len());
            rows.push(ListRow { span: Span::new(file, from, from + value.len()), values: vec![value.to_owned()] });
        }
        start += line.len() + 1;
    }
    rows
}
