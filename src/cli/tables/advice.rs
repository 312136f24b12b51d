//! What a survey gives reason to say.

use kohort::engine::survey::{ColumnSurvey, TableSurvey};
use kohort::ir::ColumnKind;

use super::super::amounts::grouped;

/// Floating-point columns whose values have at most so many digits after the point are meant to be decimals.
pub const MEANT_DIGITS: u16 = 4;

/// Remarks about one table, each a sentence that says what to do.
pub fn notes(table: &TableSurvey) -> Vec<String> {
    let name = &table.name;
    let mut notes = Vec::new();
    if table.rows == 0 {
        notes.push(format!("`{name}` has no rows"));
    }
    if table.skipped > 0 {
        notes.push(format!("`{name}`: {} left out, for they cannot be read", rows(table.skipped)));
    }
    if table.timeless > 0 {
        notes.push(format!("`{name}`: {} without a known time, which rules do not see", rows(table.timeless)));
    }
    // What derived tables inherit is said of the table that it comes from.
    let orphans = table.subjects.iter().filter(|one| one.orphans > 0 && table.from.is_none());
    notes.extend(orphans.map(|one| {
        format!(
            "`{name}`: {} of a {} whom its table lacks, which belong to nobody; are the keys written alike in both?",
            rows(one.orphans),
            one.kind
        )
    }));
    notes.extend(table.columns.iter().filter_map(|column| of_column(name, column)));
    notes
}

/// What is to be done about a column that rules cannot use.
pub fn of_column(table: &str, column: &ColumnSurvey) -> Option<String> {
    let name = &column.name;
    // A duration that a table makes has no kind among those of data, and is as good as any.
    if column.kind.is_some() || column.found == "duration" {
        return None;
    }
    if column.found != "floating point" {
        return Some(format!("`{name}` of `{table}` is {}: rules cannot use it", column.found));
    }
    if column.not_finite > 0 {
        return Some(format!(
            "`{name}` of `{table}` has {} that are no numbers (not-a-number or infinite): correct them, or let them be \
             unknown by `reading: {{ nulls: [NaN, inf] }}`, then declare how many digits count",
            values(column.not_finite)
        ));
    }
    let digits = column.scale.unwrap_or(0);
    Some(match scale(column) {
        Some(scale) => format!(
            "`{name}` of `{table}` is floating point: rules can use it once the catalogue says how many digits after \
             the point count, `types: {{ {name}: decimal({scale}) }}`"
        ),
        None => format!(
            "`{name}` of `{table}` is floating point with up to {digits} digits after the point: say how many are \
             meant, such as `types: {{ {name}: decimal(2) }}`; the others are rounded away"
        ),
    })
}

/// The digits after the point that a floating-point column can be declared with: as many as are there, if these are few
/// enough to be meant, and no value is not a number.
pub fn scale(column: &ColumnSurvey) -> Option<u8> {
    let floating = column.kind.is_none() && column.found == "floating point" && column.not_finite == 0;
    let digits = column.scale.filter(|digits| floating && *digits <= MEANT_DIGITS)?;
    u8::try_from(digits).ok()
}

/// Whether a column's type tells nothing: nothing was in it, and its file has no types.
pub fn is_empty_text(column: &ColumnSurvey) -> bool {
    column.distinct == 0 && column.found == "text" && column.kind == Some(ColumnKind::Text)
}

fn rows(count: u64) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{} rows", grouped(count)) }
}

fn values(count: u64) -> String {
    if count == 1 { "1 value".to_owned() } else { format!("{} values", grouped(count)) }
}
