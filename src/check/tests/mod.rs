//! What the checker promises: what compiles and to what, every message it can give, limits, and no panic whatever comes.

mod catalogues;
mod conditions;
mod divided;
mod formula;
mod frozen;
mod kinds;
mod limits;
mod lists;
mod meaning;
mod order;
mod partitions;
mod ranks;
mod robust;
mod shop;
mod sql;
mod tests_of_rules;

use super::{Checked, Schemas};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::ir::{Ir, NodeId};
use crate::project::Project;
use crate::source::{Sources, Span};

/// A project of a catalogue and one rule file.
fn project(catalog: &str, rules: &str) -> Project {
    Project::from_texts([("catalog.yaml", catalog), ("rules.yaml", rules)])
}

/// A rule file with one segment `s`.
fn rule(when: &str) -> String {
    rules(&[("s", when)])
}

/// A rule file with segments of these names and conditions, each condition word for word.
fn rules(segments: &[(&str, &str)]) -> String {
    let mut text = String::from("segments:\n");
    for (name, when) in segments {
        text.push_str(&format!("  {name}:\n    when: |\n      {}\n", when.replace('\n', "\n      ")));
    }
    text
}

/// The meaning of a project without mistakes.
fn compiled(project: &Project) -> Ir {
    let checked = project.check(&Schemas::new());
    let errors: Vec<String> =
        checked.diagnostics.iter().filter(|one| one.is_error()).map(|one| describe(project.sources(), one)).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    checked.ir.expect("a project without errors has a meaning")
}

/// The condition of a segment.
fn condition(ir: &Ir, name: &str) -> NodeId {
    let segment = ir.segments.iter().find(|segment| segment.name == name);
    segment.map(|segment| segment.condition).expect("the segment is there")
}

/// Everything that is said about a project.
fn said(project: &Project, schemas: &Schemas) -> String {
    let Checked { diagnostics, .. } = project.check(schemas);
    let lines: Vec<String> = diagnostics.iter().map(|one| describe(project.sources(), one)).collect();
    lines.join("\n")
}

/// `K301 [spnd_90d] message | label | +[other place] its label | help | => the line after the fix`, warnings marked.
fn describe(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let mark = match diagnostic.severity {
        Severity::Error => "",
        Severity::Warning => " warning",
        Severity::Note => " note",
    };
    let place = |span: Span| sources.slice(span).replace('\n', "⏎");
    let mut line =
        format!("{}{mark} [{}] {}", diagnostic.code.id(), place(diagnostic.primary.span), diagnostic.message);
    if !diagnostic.primary.message.is_empty() {
        line.push_str(&format!(" | {}", diagnostic.primary.message));
    }
    for label in &diagnostic.secondary {
        line.push_str(&format!(" | +[{}] {}", place(label.span), label.message));
    }
    for help in &diagnostic.helps {
        line.push_str(&format!(" | {help}"));
    }
    if let Some(fix) = &diagnostic.fix {
        line.push_str(&format!(" | {}", fix.title));
        line.push_str(&format!(" | => {}", fixed_line(sources, diagnostic)));
    }
    line
}

/// The texts of all files after a diagnostic's fix; none without a fix.
fn fixed(sources: &Sources, diagnostic: &Diagnostic) -> Option<Vec<(String, String)>> {
    let mut edits = diagnostic.fix.as_ref()?.edits.clone();
    edits.sort_by_key(|(span, _)| std::cmp::Reverse((span.start, span.end)));
    let mut files: Vec<(String, String)> =
        sources.iter().map(|(_, file)| (file.name().to_owned(), file.text().to_owned())).collect();
    for (span, replacement) in edits {
        files[span.file.0 as usize].1.replace_range(span.range(), &replacement);
    }
    Some(files)
}

fn fixed_line(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let (span, replacement) = &diagnostic.fix.as_ref().expect("there is a fix").edits[0];
    let text = &fixed(sources, diagnostic).expect("there is a fix")[span.file.0 as usize].1;
    let start = text[..span.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let after = span.start as usize + replacement.len();
    let end = text[after..].find('\n').map_or(text.len(), |at| after + at);
    text[start..end].trim().replace('\n', "⏎")
}

/// Every fix offered, once applied, removes what it was offered for, and leaves text that can be read.
fn assert_fixes_work(project: &Project, schemas: &Schemas) {
    let before = project.check(schemas).diagnostics;
    for diagnostic in &before {
        let Some(files) = fixed(project.sources(), diagnostic) else { continue };
        let after = Project::from_texts(files).check(schemas).diagnostics;
        let same = |one: &&Diagnostic| one.code == diagnostic.code && one.message == diagnostic.message;
        let gone = after.iter().filter(same).count() < before.iter().filter(same).count();
        let broken = after.iter().find(|one| (Code::Unreadable..=Code::StrayCharacter).contains(&one.code));
        assert!(gone && broken.is_none(), "{} → {broken:?}", describe(project.sources(), diagnostic));
    }
}

/// What is said of each condition by itself, over the catalogue, under the condition it is said of.
fn survey(catalog: &str, conditions: &[&str]) -> String {
    let mut out = Vec::new();
    for when in conditions {
        let project = project(catalog, &rule(when));
        let found = said(&project, &Schemas::new());
        let found = if found.is_empty() { "fine".to_owned() } else { found };
        out.push(format!("{when}\n{}", indented(&found)));
        assert_fixes_work(&project, &Schemas::new());
    }
    out.join("\n")
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}
