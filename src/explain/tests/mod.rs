//! Explanations of every form, in every language.

mod coverage;
mod examples;
mod forms;
mod glossary;
mod languages;
mod lives;
mod reference;
mod renderers;
mod whole;

use super::{Clause, Explainer, Explanation, Language, Link, Phrase, Token, text};
use crate::ir::Ir;
use crate::{Project, Schemas};

/// A shop whose columns are all declared.
const SHOP: &str = include_str!("shop.yaml");

/// A project of the shop and a rule file.
fn project(rules: &str) -> Project {
    Project::from_texts([("catalog.yaml", SHOP), ("rules.yaml", rules)])
}

/// A rule file with segments of these names and conditions.
fn rules(segments: &[(&str, &str)]) -> String {
    let mut text = String::from("segments:\n");
    for (name, when) in segments {
        text.push_str(&format!("  {name}:\n    when: |\n      {}\n", when.replace('\n', "\n      ")));
    }
    text
}

fn compiled(project: &Project, schemas: &Schemas) -> Ir {
    let checked = project.check(schemas);
    let errors: Vec<String> =
        checked.diagnostics.iter().filter(|one| one.is_error()).map(|one| one.message.clone()).collect();
    assert_eq!(errors, Vec::<String>::new());
    checked.ir.expect("a project without errors has a meaning")
}

/// A segment of a project, explained.
fn explained(project: &Project, segment: &str, language: Language) -> Explanation {
    let ir = compiled(project, &Schemas::new());
    let catalog = project.catalog().expect("there is a catalogue");
    let explainer = Explainer::new(catalog, project.rules(), &ir);
    explainer.explain(segment, language).expect("the segment is there")
}

/// What the text says, without markup but with names set off.
fn plain(phrase: &Phrase) -> String {
    let token = |token: &Token| match token {
        Token::Words { text } | Token::Constant { text } => text.clone(),
        Token::Name { label, .. } => format!("“{label}”"),
        Token::Note { number } => format!("({number})"),
    };
    phrase.0.iter().map(token).collect()
}

/// A clause, its parts indented and marked by how they belong together.
fn outline(clause: &Clause, depth: usize, out: &mut String) {
    out.push_str(&format!("{}{}\n", "  ".repeat(depth), plain(&clause.phrase)));
    for part in &clause.parts {
        outline(part, depth + 1, out);
    }
}

/// Every condition in every language, the words of the condition alone.
fn survey(conditions: &[&str]) -> String {
    let names: Vec<String> = (0..conditions.len()).map(|at| format!("s{at}")).collect();
    let mut segments: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(conditions.iter().copied()).collect();
    segments.push(("regulars", "visits_90d > 3"));
    let project = project(&rules(&segments));
    let ir = compiled(&project, &Schemas::new());
    let explainer = Explainer::new(project.catalog().expect("there is one"), project.rules(), &ir);
    let mut out = String::new();
    for (name, when) in segments.iter().take(conditions.len()) {
        out.push_str(&format!("{}\n", when.split_whitespace().collect::<Vec<_>>().join(" ")));
        for language in Language::ALL {
            let explanation = explainer.explain(name, language).expect("it is there");
            let mut words = String::new();
            match (explanation.rule.link, explanation.rule.parts.as_slice()) {
                (Link::All, [only]) => outline(only, 1, &mut words),
                _ => outline(&explanation.rule, 1, &mut words),
            }
            out.push_str(&format!("  {}{}", language.code(), words.strip_prefix(' ').unwrap_or(&words)));
        }
    }
    out
}
