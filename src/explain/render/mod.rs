//! Explanations as documents: each renderer is a leaf over the same sections.

mod html;
#[cfg(any(test, feature = "engine"))]
mod json;
mod markdown;
mod text;

pub use html::{html_fragment, html_page};
#[cfg(any(test, feature = "engine"))]
pub use json::json;
pub use markdown::markdown;
pub use text::text;

use super::Language;
use super::model::{Clause, Explanation, Link, Phrase, Token};
use super::say::{Say, fill};

/// A part of a document, with a heading.
struct Section {
    heading: Phrase,
    items: Vec<Clause>,
}

/// What stands below the rule itself.
fn sections(explanation: &Explanation) -> Vec<Section> {
    let say = |say: Say, with: &[Phrase]| fill(explanation.language.wording(), say, with);
    let mut sections = Vec::new();
    let mut add = |head: Say, items: Vec<Clause>| {
        if !items.is_empty() {
            sections.push(Section { heading: say(head, &[]), items });
        }
    };
    let definitions = explanation.definitions.iter().map(|definition| {
        let name = match &definition.description {
            Some(text) => {
                let text = format!(" ({})", text.trim().trim_end_matches('.'));
                definition.name.clone().then(Phrase::words(text))
            }
            None => definition.name.clone(),
        };
        let phrase = say(Say::Named, &[name, definition.means.phrase.clone()]);
        Clause { phrase, ..definition.means.clone() }
    });
    add(Say::HeadWhere, definitions.collect());
    add(Say::HeadRestsOn, explanation.rests_on.iter().cloned().map(line).collect());
    add(Say::HeadFine, explanation.fine_print.iter().cloned().map(line).collect());
    let tables = explanation.reads.tables.iter().map(|read| match read.columns.as_slice() {
        [] => say(Say::ReadsNoColumns, std::slice::from_ref(&read.table)),
        columns => say(Say::ReadsTable, &[read.table.clone(), listed(columns)]),
    });
    let features = explanation.reads.features.iter().map(|read| {
        let words = match read.shared_with.as_slice() {
            [] => read.feature.clone(),
            others => say(Say::SharedWith, &[read.feature.clone(), listed(others)]),
        };
        say(Say::ReadsFeature, &[words])
    });
    add(Say::HeadReads, tables.chain(features).map(line).collect());
    let lives = &explanation.lives;
    let moved = [
        (Say::LivesRows, &lives.rows, None),
        (Say::LivesClock, &lives.clock, Some(Say::LivesStill)),
        (Say::LivesOthers, &lives.others, Some(Say::LivesAlone)),
    ];
    let moved = moved.into_iter().filter_map(|(some, by, none)| match by.as_slice() {
        [] => none.map(|none| say(none, &[])),
        by => Some(say(some, &[listed(by)])),
    });
    add(Say::HeadLives, moved.map(line).collect());
    sections
}

/// What is said of the segment by its file: description, owner.
fn about(explanation: &Explanation) -> Vec<Phrase> {
    let wording = explanation.language.wording();
    let description = explanation.description.iter().map(|text| (Say::DescribedAs, text));
    let owner = explanation.owner.iter().map(|text| (Say::Owner, text));
    description.chain(owner).map(|(say, text)| fill(wording, say, &[Phrase::words(text.trim())])).collect()
}

fn line(phrase: Phrase) -> Clause {
    Clause { link: Link::One, phrase, parts: Vec::new() }
}

fn listed(phrases: &[Phrase]) -> Phrase {
    let mut out = Phrase::default();
    for (at, phrase) in phrases.iter().enumerate() {
        if at > 0 {
            out.push(Phrase::words("; "));
        }
        out.push(phrase.clone());
    }
    out
}

/// A token without markup.
pub(super) fn plain(language: Language, token: &Token) -> String {
    let (open, close) = language.wording().marks().quotes;
    match token {
        // A line break inside a text would look like the end of a sentence.
        Token::Words { text } | Token::Constant { text } => text.replace('\n', " "),
        Token::Name { of: super::NameKind::Subject, label, .. } => label.replace('\n', " "),
        Token::Name { label, .. } => format!("{open}{}{close}", label.replace('\n', " ")),
        Token::Note { number } => format!("({number})"),
    }
}
