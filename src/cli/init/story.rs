//! What is said when a project has been written: what was found, and how to go on.

use std::io::{self, Write};
use std::path::Path;

use kohort::AsOf;
use kohort::engine::survey::TableSurvey;

use super::Made;
use crate::cli::amounts::{grouped, percentage};
use crate::cli::exit::Failure;
use crate::cli::output;
use crate::cli::project::quoted;

/// Tells it on the standard output.
pub fn tell(made: &Made, directory: &Path) -> Result<(), Failure> {
    let mut out = output::stdout();
    let told = write(&mut out, made, directory).and_then(|()| out.flush());
    told.map_err(|error| Failure::writing("the standard output", &error))
}

fn write(out: &mut impl Write, made: &Made, directory: &Path) -> io::Result<()> {
    let draft = &made.draft;
    writeln!(out, "groups of {}: {} in all, by `{}`\n", draft.subject, grouped(made.subjects), draft.key.value)?;
    let width = made.survey.tables.iter().map(|table| table.name.chars().count()).max().unwrap_or(0);
    for table in made.survey.tables.iter().filter(|table| table.from.is_none()) {
        let line = format!("  {:width$}  {:>11} rows  {}", table.name, grouped(table.rows), about(made, table));
        writeln!(out, "{}", line.trim_end())?;
    }
    let names: Vec<&str> = made.segments.iter().map(|segment| segment.name.as_str()).collect();
    let project = quoted(directory);
    writeln!(out, "\nwritten: {}", quoted(&directory.join("catalog.yaml")))?;
    let plural = if names.len() == 1 { "" } else { "s" };
    let rules = quoted(&directory.join("rules.yaml"));
    writeln!(out, "written: {rules} ({} segment{plural}: {})", names.len(), names.join(", "))?;
    writeln!(out, "\nread them, set right what is guessed wrong, then:")?;
    writeln!(out, "  kohort check {project}")?;
    writeln!(out, "  kohort eval {project} --as-of {}", made.day)
}

/// `2009-01-01 to 2013-12-22; 24.9% of nobody`
fn about(made: &Made, table: &TableSurvey) -> String {
    if made.draft.subject_table.as_deref() == Some(table.name.as_str()) {
        return format!("one {} each", made.draft.subject);
    }
    let zone = made.draft.timezone.value.parse().unwrap_or(chrono_tz::UTC);
    let day = |micros: i64| AsOf::from_micros(micros).display(zone).get(..10).unwrap_or_default().to_owned();
    let mut parts = Vec::new();
    parts.extend(table.span.map(|(first, last)| format!("{} to {}", day(first), day(last))));
    for subject in &table.subjects {
        for (rows, what) in [(subject.anonymous, "of nobody"), (subject.orphans, "of unknown keys")] {
            parts.extend((rows > 0).then(|| format!("{} {what}", percentage(rows, table.rows))));
        }
    }
    parts.extend((table.timeless > 0).then(|| format!("{} of unknown time", percentage(table.timeless, table.rows))));
    let has_subject = made.draft.table(&table.name).is_some_and(|draft| draft.subject.is_some());
    parts.extend((!has_subject).then(|| "looked up".to_owned()).filter(|_| is_looked_up(made, &table.name)));
    parts.extend((!has_subject && !is_looked_up(made, &table.name)).then(|| "leads to nothing else".to_owned()));
    parts.join("; ")
}

fn is_looked_up(made: &Made, table: &str) -> bool {
    let all = made.draft.tables.iter().flat_map(|one| &one.lookups).chain(&made.draft.subject_lookups);
    all.into_iter().any(|(_, said)| said.value.ends_with(&format!("-> {table}")))
}
