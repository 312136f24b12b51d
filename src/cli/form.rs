//! The forms of an answer about one thing: for a terminal, as a page, as an object.

use std::path::Path;

use clap::ValueEnum;

use super::exit::Failure;

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// For a terminal
    Text,
    /// One page with everything in it
    Html,
    /// Everything that is known, as one object
    Json,
}

impl Form {
    /// The form that was asked for, or that the ending of the output says. Of another ending it is said that the file does not say how
    /// to be `doing` it, and that the ending is `nothing`: "draw", "no form of a chart".
    pub fn choose(asked: Option<Form>, output: Option<&Path>, (doing, nothing): (&str, &str)) -> Result<Self, Failure> {
        if let Some(form) = asked {
            return Ok(form);
        }
        let Some(path) = output else { return Ok(Form::Text) };
        match ending(path).as_str() {
            "" | "txt" => Ok(Form::Text),
            "html" | "htm" => Ok(Form::Html),
            "json" => Ok(Form::Json),
            other => {
                let message = format!("`{}` does not say how to {doing}: `.{other}` is {nothing}", path.display());
                Err(Failure::usage(message).help("end it in `.html`, `.json` or `.txt`, or say it with `--format`"))
            }
        }
    }
}

/// The ending of a file's name in lower case; empty: it has none.
pub fn ending(path: &Path) -> String {
    path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default()
}
