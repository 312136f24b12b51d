//! How a run ends: the status, and what is said.
//!
//! | status | meaning |
//! |---|---|
//! | 0 | all is well |
//! | 1 | the project or its data has errors |
//! | 2 | wrong usage, or input or output that cannot be read or written |
//! | 130 | interrupted |
//! | 143 | ended by the system or by another program |

use std::io;
use std::process::ExitCode;

use anstream::{eprint, eprintln};
use datafusion::error::DataFusionError;
use kohort::diagnostic::render::{full, summary};
use kohort::source::Sources;
use kohort::{Diagnostic, Error};

use super::terminal;

/// The status of an interrupted run, as shells count it.
pub const INTERRUPTED: i32 = 130;

/// The status of a run that was asked to end.
#[cfg(unix)]
pub const TERMINATED: i32 = 143;

/// So many names are told when one is misspelt.
const NAMES_SHOWN: usize = 12;

/// Why a run does not end well.
pub enum Failure {
    /// It has been said already.
    Errors,
    /// Diagnostics of the project or its data, to be drawn.
    Diagnostics(Sources, Vec<Diagnostic>),
    /// The data gives no answer: what is wrong, what to do.
    Data(String, Vec<String>),
    /// Wrong usage, or input that cannot be read: what is wrong, what to do.
    Usage(String, Vec<String>),
    /// Whoever read the output has gone away.
    NobodyReads,
}

impl Failure {
    /// Wrong usage, or input that cannot be read.
    pub fn usage(message: impl Into<String>) -> Self {
        Failure::Usage(message.into(), Vec::new())
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        if let Failure::Usage(_, helps) | Failure::Data(_, helps) = &mut self {
            helps.push(help.into());
        }
        self
    }

    /// What it means that the answer cannot be written to `target`.
    pub fn writing(target: &str, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::NobodyReads,
            _ => Failure::usage(format!("cannot write to {target}: {}", reason(error))),
        }
    }

    /// What it means that an engine gives no answer.
    pub fn of_engine(error: Error, sources: &Sources) -> Self {
        match error {
            Error::Check { diagnostics } | Error::Data { diagnostics } => {
                // Warnings and notes are for `kohort check`.
                let errors = diagnostics.into_iter().filter(Diagnostic::is_error).collect();
                Failure::Diagnostics(sources.clone(), errors)
            }
            Error::UnknownSegment { name, near, groups } => {
                let failure = Failure::usage(format!("there is no segment `{name}`"));
                let failure = match near {
                    Some(near) => failure.help(format!("did you mean `{near}`?")),
                    None if groups.is_empty() => failure.help("names stand under `segments:` in the rule files"),
                    None => failure,
                };
                match groups.is_empty() {
                    true => failure,
                    false => failure.help(format!("there are {}", listed(&groups))),
                }
            }
            Error::UnknownTable { name, near } => {
                let failure = Failure::usage(format!("there is no table `{name}`"));
                match near {
                    Some(near) => failure.help(format!("did you mean `{near}`?")),
                    None => failure.help("names stand under `tables:` in the catalogue"),
                }
            }
            Error::NoOrder { table, why } => Failure::usage(format!("`{table}` cannot be optimized: {why}"))
                .help("a copy has its rows in the order of a subject's key, so the key must stand in a column of the table")
                .help("evaluations read the table as it is"),
            Error::NoData { table } => Failure::usage(format!("there are no files of `{table}`"))
                .help("a table has files if `source:` names some that are there"),
            Error::UnknownChart { name, near, charts } => {
                let failure = Failure::usage(format!("there is no chart `{name}`"));
                match near {
                    Some(near) => failure.help(format!("did you mean `{near}`?")),
                    None if charts.is_empty() => {
                        failure.help("the project has no charts: they stand under `charts:` in the rule files")
                    }
                    None => failure.help(format!("the project has {}", listed(&charts))),
                }
            }
            Error::UnknownFrozen { name, near, frozen } => {
                let failure = Failure::usage(format!("there is no frozen attribute `{name}`"));
                match near {
                    Some(near) => failure.help(format!("did you mean `{near}`?")),
                    None if frozen.is_empty() => failure.help("an attribute is frozen by `frozen: true`"),
                    None => failure.help(format!("the project has {}", listed(&frozen))),
                }
            }
            Error::UnknownKey { subject, key, rows, near, subjects } => {
                unknown_key((&subject, &key), &rows, near.as_deref(), subjects)
            }
            Error::KeyParts { subject, names, found } => {
                let parts = if names.len() == 1 { "part" } else { "parts" };
                let message = format!("the key of a {subject} has {} {parts}, found {found}", names.len());
                Failure::usage(message).help(format!("write them with commas between them: {}", names.join(",")))
            }
            Error::KeyType { subject, name, text, expected } => {
                Failure::usage(format!("`{text}` is no key of a {subject}: `{name}` is a {expected}"))
            }
            Error::AsOf(error) => Failure::usage(error.to_string()),
            Error::Project(error) => Failure::usage(error.to_string()),
            Error::Engine(error) if matches!(error.find_root(), DataFusionError::ResourcesExhausted(_)) => {
                let helps = vec!["give it more with `--memory`, or ask about fewer segments at a time".to_owned()];
                Failure::Data("there is not enough memory for what is counted of subjects".to_owned(), helps)
            }
            other => Failure::Data(other.to_string(), Vec::new()),
        }
    }
}

/// What is said of a key that no subject has.
fn unknown_key((subject, key): (&str, &str), rows: &[(String, u64)], near: Option<&str>, subjects: u64) -> Failure {
    let failure = Failure::usage(format!("there is no {subject} `{key}`"));
    let failure = match rows {
        [] => failure,
        rows => {
            let told = |(table, count): &(String, u64)| match count {
                1 => format!("1 row of `{table}`"),
                count => format!("{count} rows of `{table}`"),
            };
            let rows = rows.iter().map(told).collect::<Vec<_>>().join(", ");
            failure.help(format!("the key stands in {rows}, but no {subject} has it: such rows belong to nobody"))
        }
    };
    match (near, rows.is_empty()) {
        (Some(near), _) => failure.help(format!("did you mean `{near}`?")),
        (None, true) if key.trim().is_empty() => failure.help("rows without a key are rows of nobody"),
        (None, true) if subjects == 0 => failure.help(format!("there are no {subject}s at that instant")),
        (None, true) => failure.help(format!("there are {subjects} {subject}s at that instant, and none has this key")),
        (None, false) => failure,
    }
}

/// Says on the standard error why a run does not end well, and gives its status.
pub fn end(outcome: Result<(), Failure>) -> ExitCode {
    outcome.map_or_else(report, |()| ExitCode::SUCCESS)
}

/// Says why a run does not end well, or goes on all the same; the status with which it would end.
pub fn report(failure: Failure) -> ExitCode {
    match failure {
        Failure::NobodyReads => ExitCode::SUCCESS,
        Failure::Errors => ExitCode::from(1),
        Failure::Diagnostics(sources, diagnostics) => {
            eprint!("{}", full(&sources, &diagnostics, terminal::stderr_style()));
            eprintln!("{}", summary(&diagnostics, sources.iter().count(), 0));
            ExitCode::from(1)
        }
        Failure::Data(message, helps) => {
            say(&message, &helps);
            ExitCode::from(1)
        }
        Failure::Usage(message, helps) => {
            say(&message, &helps);
            ExitCode::from(2)
        }
    }
}

/// An error in the form of all others, on the standard error.
pub fn say(message: &str, helps: &[String]) {
    eprintln!("\u{1b}[1;31merror\u{1b}[0m: {}", printable(message));
    for help in helps {
        eprintln!("  \u{1b}[1;36mhelp\u{1b}[0m: {}", printable(help));
    }
}

/// The first of some names.
fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(NAMES_SHOWN).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(NAMES_SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Why the system refused, without its numbers.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "it is not permitted".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        io::ErrorKind::NotADirectory => "a part of the path is not a directory".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::QuotaExceeded => "your share of the disk is used up".to_owned(),
        io::ErrorKind::FileTooLarge => "files may not become so large here".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "nothing can be written to that disk".to_owned(),
        _ => error.to_string(),
    }
}

/// Text that cannot move the cursor.
fn printable(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}
