//! Declared column types.

use crate::catalog::model::{ColumnType, Placed};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Text;

/// The most digits after the point that a decimal column can have.
const MAX_SCALE: u8 = 20;

/// Reads a type, or says which one was meant.
pub(super) fn decode(text: &Text, out: &mut Vec<Diagnostic>) -> Option<Placed<ColumnType>> {
    let written = text.value().split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let finding = |message: String| Diagnostic::new(Code::UnsupportedType, text.span(), message);
    let problem = match written.as_str() {
        "text" => return placed(text, ColumnType::Text),
        "integer" => return placed(text, ColumnType::Integer),
        "bool" => return placed(text, ColumnType::Bool),
        "date" => return placed(text, ColumnType::Date),
        "timestamp" => return placed(text, ColumnType::Timestamp),
        "list of text" => return placed(text, ColumnType::TextList),
        decimal if decimal.starts_with("decimal") => match scale(decimal) {
            Ok(scale) => return placed(text, ColumnType::Decimal(scale)),
            Err(problem) => {
                let right = format!("decimal({})", problem.scale);
                finding(format!("`{}` does not say one number of digits", text.value()))
                    .help(format!("write `{right}`{}", problem.why))
                    .fix(format!("write `{right}`"), right)
            }
        },
        other => {
            let problem = finding(format!("`{}` is not a type", text.value()));
            match meant(other) {
                Some("decimal(2)") => problem
                    .help("write `decimal(2)`, with the number of digits after the point")
                    .fix("write `decimal(2)`", "decimal(2)"),
                Some(word) => problem.help(format!("write `{word}`")).fix(format!("write `{word}`"), word),
                None => problem
                    .help("the types are `text`, `integer`, `decimal(2)`, `bool`, `date`, `timestamp`, `list of text`"),
            }
        }
    };
    out.push(problem);
    None
}

fn placed(text: &Text, value: ColumnType) -> Option<Placed<ColumnType>> {
    Some(Placed { value, span: text.span() })
}

/// Why the digits of a decimal cannot be read, and which were probably meant.
struct ScaleProblem {
    scale: u8,
    why: String,
}

/// The number of digits in `decimal(2)`.
fn scale(decimal: &str) -> Result<u8, ScaleProblem> {
    let usual = || ScaleProblem { scale: 2, why: ", with the number of digits after the point".to_owned() };
    let inside = decimal.strip_prefix("decimal").map(str::trim).and_then(|rest| rest.strip_prefix('('));
    let inside = inside.and_then(|rest| rest.strip_suffix(')')).ok_or_else(usual)?;
    let (both, digits) = match inside.split_once(',') {
        Some((_, scale)) => (true, scale),
        None => (false, inside),
    };
    let scale = digits.trim().parse::<u32>().map_err(|_| usual())?;
    match u8::try_from(scale) {
        Ok(scale) if scale <= MAX_SCALE && both => {
            Err(ScaleProblem { scale, why: ": only the digits after the point are said".to_owned() })
        }
        Ok(scale) if scale <= MAX_SCALE => Ok(scale),
        _ => Err(ScaleProblem {
            scale: MAX_SCALE,
            why: format!(": at most {MAX_SCALE} digits after the point are kept"),
        }),
    }
}

/// The type that another system's word for it means.
fn meant(word: &str) -> Option<&'static str> {
    let base = word.split(['(', '[', '<']).next().unwrap_or_default().trim();
    if word.ends_with("[]") || matches!(base, "list" | "array") || word.starts_with("list of") {
        return Some("list of text");
    }
    match base {
        "string" | "str" | "varchar" | "char" | "character varying" | "utf8" | "utf8view" | "txt" | "texts" => {
            Some("text")
        }
        "int" | "integers" | "int8" | "int16" | "int32" | "int64" | "bigint" | "smallint" | "long" | "whole number" => {
            Some("integer")
        }
        "boolean" | "logical" => Some("bool"),
        "datetime" | "timestamptz" | "time" | "instant" | "timestamp with time zone" => Some("timestamp"),
        "dates" | "day" => Some("date"),
        "float" | "float32" | "float64" | "double" | "double precision" | "real" | "number" | "numeric" | "money"
        | "decimals" => Some("decimal(2)"),
        _ => crate::source::yaml::fields::nearest(
            word,
            ["text", "integer", "bool", "date", "timestamp", "list of text"].into_iter(),
        ),
    }
}
