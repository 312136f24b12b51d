//! Whatever comes: no panic, no hang, every place inside its file, and no silence where there is no meaning.

use proptest::prelude::*;

use super::shop::SHOP;
use crate::check::Schemas;
use crate::project::Project;

const SEEDS: &[(&str, &str)] = &[
    (
        include_str!("../../../rules-examples/chinook/catalog.yaml"),
        include_str!("../../../rules-examples/chinook/rules.yaml"),
    ),
    (
        include_str!("../../../rules-examples/online-retail/catalog.yaml"),
        include_str!("../../../rules-examples/online-retail/loyalty.yaml"),
    ),
    (
        include_str!("../../../rules-examples/meanings/catalog.yaml"),
        concat!(
            include_str!("../../../rules-examples/meanings/rules.yaml"),
            include_str!("../../../rules-examples/meanings/tests/rows.yaml")
        ),
    ),
    (
        include_str!("../../../rules-examples/meanings/catalog.yaml"),
        concat!(
            include_str!("../../../rules-examples/meanings/rules.yaml"),
            include_str!("../../../rules-examples/meanings/tests/time.yaml")
        ),
    ),
    (
        SHOP,
        "segments:\n  a: { when: spend_90d[channel = 'web'] > 5 and in b }\n  b: { within: c, when: aov_prev_mtd > 2 * aov }\n  \
         c:\n    when: |\n      every(sales over 30d where gift have value > 5) and any(sales over 30d where gift)\n      and \
         household.income between 5 and 10 and tags contains any of ('a', 'b')\n      or any(shoes where customer.evenness > \
         3mo ago) and not (city != 'x' and age(birth_date) > 18)\n",
    ),
    (
        SHOP,
        "segments:\n  a: { when: spend_90d > 5, include: [C1, 'x y'], exclude: { file: out.csv }, split: { salt: s, a: 45%, \
         holdout: 10.5% } }\ntiers:\n  loyalty: { gold: spend_365d >= 10_000, bronze: otherwise }\n  other:\n    label: L\n    \
         within: a\n    parts:\n      x: { when: spend > 5, label: X }\n      y: otherwise\nbands:\n  spend_365d: [0, 1_000]\n  \
         value: { is: spend, bounds: [0, -1.5], names: [a, b, c] }\npartitions: [city]\ncharts:\n  rf: { by: [r, f], scale: 5, \
         groups: { best: [55, '5[3-4]'], rest: { label: Rest, cells: xx 1x } } }\n",
    ),
];

/// The words of a text: blanks, names and numbers, and single signs.
fn words(text: &str) -> Vec<String> {
    let class = |c: char| {
        if c.is_alphanumeric() || c == '_' {
            0
        } else if c == ' ' {
            1
        } else {
            2
        }
    };
    let mut words: Vec<String> = Vec::new();
    let mut last = None;
    for c in text.chars() {
        let now = class(c);
        match words.last_mut().filter(|_| last == Some(now) && now < 2) {
            Some(word) => word.push(c),
            None => words.push(c.to_string()),
        }
        last = Some(now);
    }
    words
}

#[derive(Clone, Debug)]
enum Change {
    Delete(usize),
    Double(usize),
    Swap(usize, usize),
    Copy(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<usize>;
    prop_oneof![
        at().prop_map(Change::Delete),
        at().prop_map(Change::Double),
        (at(), at()).prop_map(|(a, b)| Change::Swap(a, b)),
        (at(), at()).prop_map(|(a, b)| Change::Copy(a, b)),
    ]
}

fn apply(mut parts: Vec<String>, change: &Change) -> Vec<String> {
    let count = parts.len().max(1);
    match change {
        _ if parts.is_empty() => {}
        Change::Delete(at) => drop(parts.remove(at % count)),
        Change::Double(at) => parts.insert(at % count, parts[at % count].clone()),
        Change::Swap(a, b) => parts.swap(a % count, b % count),
        Change::Copy(a, b) => parts[a % count] = parts[b % count].clone(),
    }
    parts
}

fn changed(text: &str, by_word: &[Change], by_line: &[Change]) -> String {
    let lines = text.lines().map(|line| format!("{line}\n")).collect();
    let text = by_line.iter().fold(lines, apply).concat();
    by_word.iter().fold(words(&text), apply).concat()
}

fn holds(catalog: &str, rules: &str) {
    let project = Project::from_texts([("catalog.yaml", catalog), ("rules.yaml", rules)]);
    let checked = project.check(&Schemas::new());
    let failed = checked.diagnostics.iter().any(|one| one.is_error());
    assert_eq!(failed, checked.ir.is_none(), "a project has a meaning or an error\n{catalog}\n{rules}");
    for diagnostic in &checked.diagnostics {
        let others = diagnostic.secondary.iter().map(|label| label.span);
        let edits = diagnostic.fix.iter().flat_map(|fix| fix.edits.iter().map(|(span, _)| *span));
        for span in std::iter::once(diagnostic.primary.span).chain(others).chain(edits) {
            let file = project.sources().get(span.file).map(|file| file.text());
            assert!(file.is_some_and(|text| text.get(span.range()).is_some()), "{diagnostic:?}");
        }
        let texts = std::iter::once(&diagnostic.message).chain(&diagnostic.helps);
        for text in texts {
            assert!(!text.ends_with('.') && !text.is_empty(), "{text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_project_is_understood_or_refused(
        seed in 0..SEEDS.len(),
        in_catalog in prop::collection::vec(change(), 0..3),
        in_rules in prop::collection::vec(change(), 0..4),
        lines_of_catalog in prop::collection::vec(change(), 0..2),
        lines_of_rules in prop::collection::vec(change(), 0..2),
    ) {
        let (catalog, rules) = SEEDS[seed];
        holds(&changed(catalog, &in_catalog, &lines_of_catalog), &changed(rules, &in_rules, &lines_of_rules));
    }
}

#[test]
fn seeds_are_understood() {
    for (catalog, rules) in SEEDS {
        holds(catalog, rules);
    }
}
