//! What came of tests, for people: nothing about what passed but how many did.

use std::io::{self, Write};

use kohort::diagnostic::render::full;
use kohort::engine::{Miss, TestOutcome, Uncovered, Who, Wrong};

use super::Told;
use crate::cli::{terminal, why};

/// So many keys are shown of each kind.
const SHOWN: usize = 20;

/// So many conditions and segments are listed.
const LISTED: usize = 50;

/// Writes a report.
pub fn write(mut out: impl Write, told: &Told<'_>) -> io::Result<()> {
    for test in &told.report.tests {
        match &test.outcome {
            TestOutcome::Passed => {}
            TestOutcome::Failed(misses) => {
                writeln!(out, "FAILED {}\n  {}", test.name, told.place(test.place))?;
                for miss in misses {
                    self::miss(&mut out, told, miss)?;
                }
                writeln!(out)?;
            }
            TestOutcome::Broken { message, diagnostics } => {
                writeln!(out, "NOT RUN {}\n  {}", test.name, told.place(test.place))?;
                match diagnostics.as_slice() {
                    [] => writeln!(out, "  {message}\n")?,
                    found => write!(out, "{}", full(told.sources(), found, terminal::stdout_style()))?,
                }
            }
            _ => {}
        }
    }
    if let Some(uncovered) = &told.report.uncovered {
        coverage(&mut out, told, uncovered)?;
    }
    writeln!(out, "{} in {:.2} s", told.summary(), told.taken.as_secs_f64())
}

fn miss(out: &mut impl Write, told: &Told<'_>, miss: &Miss) -> io::Result<()> {
    let at = match told.engine.as_of(&miss.at) {
        Ok(as_of) => crate::cli::eval::in_words(told.engine, as_of),
        Err(_) => miss.at.clone(),
    };
    let step = if miss.steps > 1 { format!("step {} of {}, ", miss.step, miss.steps) } else { String::new() };
    writeln!(out, "  `{}`, {step}{at}: {}", miss.segment, told.place(miss.place))?;
    for line in lines(told, &miss.wrong) {
        writeln!(out, "{}", format!("    {line}").trim_end())?;
    }
    Ok(())
}

/// What is not as expected, a line each.
pub fn lines(told: &Told<'_>, wrong: &Wrong) -> Vec<String> {
    let (missing, surplus, words) = match wrong {
        Wrong::Members { missing, surplus } => (missing, surplus, ["missing", "too many"]),
        Wrong::Entered { missing, surplus } => (missing, surplus, ["did not enter", "entered too"]),
        Wrong::Left { missing, surplus } => (missing, surplus, ["did not leave", "left too"]),
        Wrong::Count { expected, found } => {
            let members = if *found == 1 { "member" } else { "members" };
            return vec![format!("{found} {members}, and {expected} expected")];
        }
        Wrong::NoAnswer(why) => return vec![format!("has no answer: {why}")],
        _ => return Vec::new(),
    };
    let mut lines = Vec::new();
    for (who, word) in [(missing, words[0]), (surplus, words[1])] {
        if !who.is_empty() {
            lines.push(format!("{word}: {}", keys(who)));
        }
    }
    let remarks = missing.iter().chain(surplus).take(SHOWN).flat_map(|who| &who.remarks);
    lines.extend(remarks.cloned());
    for why in missing.iter().chain(surplus).filter_map(|who| who.why.as_ref()) {
        lines.push(String::new());
        lines.extend(why::lines(told.engine, why).into_iter().map(|line| format!("  {line}").trim_end().to_owned()));
    }
    lines
}

fn keys(who: &[Who]) -> String {
    let shown: Vec<String> = who.iter().take(SHOWN).map(|who| format!("`{}`", who.key)).collect();
    match who.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn coverage(out: &mut impl Write, told: &Told<'_>, uncovered: &Uncovered) -> io::Result<()> {
    let seen = uncovered.conditions - uncovered.one_sided.len();
    writeln!(out, "{seen} of {} conditions were seen both true and false", uncovered.conditions)?;
    for one in uncovered.one_sided.iter().take(LISTED) {
        let never = match (one.seen_true, one.seen_false) {
            (true, _) => "never false",
            (false, true) => "never true",
            (false, false) => "never seen",
        };
        let condition = told.sources().slice(one.place).split_whitespace().collect::<Vec<_>>().join(" ");
        writeln!(out, "  {never}: `{condition}` of `{}`: {}", one.segment, told.place(one.place))?;
    }
    if let more @ 1.. = uncovered.one_sided.len().saturating_sub(LISTED) {
        writeln!(out, "  and {more} more")?;
    }
    if !uncovered.segments.is_empty() {
        writeln!(out, "no test expects anything of")?;
        for name in uncovered.segments.iter().take(LISTED) {
            writeln!(out, "  `{name}`")?;
        }
        if let more @ 1.. = uncovered.segments.len().saturating_sub(LISTED) {
            writeln!(out, "  and {more} more")?;
        }
    }
    writeln!(out)
}
