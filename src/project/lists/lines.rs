//! Files of which each line is a value.

use std::sync::Arc;

use crate::lists::ListRows;

/// The values, without the blanks around them; blank lines are none.
pub(super) fn read(text: &Arc<String>) -> ListRows {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut start = text.len() - body.len();
    let mut rows = ListRows::new(Arc::clone(text), 1);
    for line in body.split('\n') {
        let value = line.trim();
        if !value.is_empty() {
            let from = start + (line.len() - line.trim_start().len());
            rows.push_line(from..from + value.len());
        }
        start += line.len() + 1;
    }
    rows.settle();
    rows
}
