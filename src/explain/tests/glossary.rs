//! The glossaries of `docs/glossary/`: one for each language, of the same terms, which are those that explanations use.

use crate::explain::Language;
use crate::explain::say::Say;
use crate::syntax::ast::{Duration, Unit};

fn written(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("../../../docs/glossary/en.md"),
        Language::Indonesian => include_str!("../../../docs/glossary/id.md"),
        Language::Russian => include_str!("../../../docs/glossary/ru.md"),
        Language::Swedish => include_str!("../../../docs/glossary/sv.md"),
    }
}

/// Key, word and meaning of each term.
fn terms(language: Language) -> Vec<(&'static str, &'static str, &'static str)> {
    let term = |line: &'static str| {
        let mut cells = line.strip_prefix("| `")?.strip_suffix(" |")?.split(" | ");
        Some((cells.next()?.strip_suffix('`')?, cells.next()?, cells.next()?))
    };
    written(language).lines().filter_map(term).collect()
}

/// Everything that a language can say, in one text.
fn corpus(language: Language) -> String {
    let wording = language.wording();
    let days = |count| Duration { count, unit: Unit::Day };
    let windows = [wording.rolling(days(90)), wording.previous(days(90)), wording.ending(days(60), days(30))];
    let templates = Say::ALL.iter().map(|say| wording.template(*say).to_owned());
    templates.chain(windows).collect::<Vec<_>>().join("\n").to_lowercase()
}

#[test]
fn every_glossary_has_every_term() {
    let keys = |language| terms(language).into_iter().map(|(key, ..)| key).collect::<Vec<_>>();
    let english = keys(Language::English);
    assert!(english.len() >= 30, "{}", english.len());
    for language in Language::ALL {
        assert_eq!(keys(language), english, "{}", language.code());
        assert!(terms(language).iter().all(|(_, word, meaning)| !word.is_empty() && meaning.ends_with('.')));
    }
}

#[test]
fn explanations_use_the_words_of_the_glossary() {
    for language in Language::ALL {
        let corpus = corpus(language);
        for (key, word, _) in terms(language) {
            // An ending may be another one in a sentence.
            let stem: String = word.to_lowercase().chars().take(word.chars().count().saturating_sub(1)).collect();
            assert!(corpus.contains(&stem), "{key}: nothing says “{word}” in {}", language.code());
        }
    }
}
