//! What each language does with numbers, nouns and days; and that all of them say the same.

use std::collections::BTreeSet;

use crate::explain::Language;
use crate::explain::say::{Say, number};
use crate::syntax::ast::{Duration, Unit};

fn places(template: &str) -> BTreeSet<char> {
    let signs: Vec<char> = template.chars().collect();
    signs.windows(2).filter(|pair| matches!(pair[0], '{' | '[')).map(|pair| pair[1]).collect()
}

/// A language that forgets a place would leave out a part of the rule.
#[test]
fn every_language_fills_the_same_places() {
    for say in Say::ALL {
        let english = places(Language::English.wording().template(*say));
        for language in Language::ALL {
            let own = places(language.wording().template(*say));
            assert_eq!(own, english, "{say:?} in {}", language.code());
        }
    }
}

/// Two meanings in one wording would be one meaning too few. These say the same on purpose.
#[test]
fn no_language_says_two_things_in_one_way() {
    const ALIKE: [(Say, Say); 8] = [
        (Say::ContainsAny, Say::ContainsNotNone),
        (Say::ContainsNone, Say::ContainsNotAny),
        (Say::NotSo, Say::HoldsNot),
        (Say::OfPath, Say::OfRow),
        (Say::AllOf, Say::AllOf),
        (Say::Over, Say::Over),
        (Say::Highest, Say::HighestShare),
        (Say::Lowest, Say::LowestShare),
    ];
    for language in Language::ALL {
        let wording = language.wording();
        for (at, one) in Say::ALL.iter().enumerate() {
            for other in &Say::ALL[at + 1..] {
                let alike = ALIKE.contains(&(*one, *other)) || ALIKE.contains(&(*other, *one));
                let same = wording.template(*one) == wording.template(*other);
                assert!(!same || alike, "{one:?} and {other:?} in {}", language.code());
            }
        }
    }
}

fn lengths(language: Language, count: u32) -> String {
    let units = [Unit::Minute, Unit::Hour, Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year];
    let wording = language.wording();
    let said = units.map(|unit| {
        let length = Duration { count, unit };
        [wording.duration(length), wording.within(length), wording.ago(length), wording.rolling(length)].join(" | ")
    });
    said.join("\n")
}

#[test]
fn russian_nouns_follow_their_numbers() {
    insta::assert_snapshot!([1, 3, 5, 11, 21, 112].map(|count| lengths(Language::Russian, count)).join("\n\n"), @"");
}

#[test]
fn swedish_windows_are_definite() {
    insta::assert_snapshot!([1, 2].map(|count| lengths(Language::Swedish, count)).join("\n\n"), @"");
}

#[test]
fn english_and_indonesian_nouns() {
    insta::assert_snapshot!([1, 2].map(|count| lengths(Language::English, count)).join("\n\n"), @"");
    insta::assert_snapshot!(lengths(Language::Indonesian, 2), @"");
}

#[test]
fn numbers_keep_every_digit() {
    let said = |written: &str| Language::ALL.map(|language| number(language.wording(), written)).join(" | ");
    assert_eq!(said("20000000.50"), "20,000,000.50 | 20.000.000,50 | 20\u{a0}000\u{a0}000,50 | 20\u{a0}000\u{a0}000,50");
    assert_eq!(said("-1500"), "−1500 | −1500 | −1500 | −1500");
    assert_eq!(said("0.001"), "0.001 | 0,001 | 0,001 | 0,001");
}

#[test]
fn codes_lead_back() {
    for language in Language::ALL {
        assert_eq!(Language::of_code(language.code()), Some(language));
        assert_eq!(Language::of_code(&language.code().to_uppercase()), Some(language));
    }
    assert_eq!(Language::of_code("xx"), None);
}

#[test]
fn days_of_every_month_are_named() {
    for language in Language::ALL {
        let days = (1..=12).filter_map(|month| chrono::NaiveDate::from_ymd_opt(2026, month, 2));
        let said: BTreeSet<String> = days.map(|day| language.wording().day(day)).collect();
        assert_eq!(said.len(), 12, "{}", language.code());
        assert!(said.iter().all(|day| day.contains("2026")));
    }
}
