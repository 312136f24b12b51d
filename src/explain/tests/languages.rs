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
    insta::assert_snapshot!([1, 3, 5, 11, 21, 112].map(|count| lengths(Language::Russian, count)).join("\n\n"), @r#"
    1 минута | в течение 1 минуты | 1 минуту назад | за последнюю минуту
    1 час | в течение 1 часа | 1 час назад | за последний час
    1 день | в течение 1 дня | 1 день назад | за последний день
    1 неделя | в течение 1 недели | 1 неделю назад | за последнюю неделю
    1 месяц | в течение 1 месяца | 1 месяц назад | за последний месяц
    1 квартал | в течение 1 квартала | 1 квартал назад | за последний квартал
    1 год | в течение 1 года | 1 год назад | за последний год

    3 минуты | в течение 3 минут | 3 минуты назад | за последние 3 минуты
    3 часа | в течение 3 часов | 3 часа назад | за последние 3 часа
    3 дня | в течение 3 дней | 3 дня назад | за последние 3 дня
    3 недели | в течение 3 недель | 3 недели назад | за последние 3 недели
    3 месяца | в течение 3 месяцев | 3 месяца назад | за последние 3 месяца
    3 квартала | в течение 3 кварталов | 3 квартала назад | за последние 3 квартала
    3 года | в течение 3 лет | 3 года назад | за последние 3 года

    5 минут | в течение 5 минут | 5 минут назад | за последние 5 минут
    5 часов | в течение 5 часов | 5 часов назад | за последние 5 часов
    5 дней | в течение 5 дней | 5 дней назад | за последние 5 дней
    5 недель | в течение 5 недель | 5 недель назад | за последние 5 недель
    5 месяцев | в течение 5 месяцев | 5 месяцев назад | за последние 5 месяцев
    5 кварталов | в течение 5 кварталов | 5 кварталов назад | за последние 5 кварталов
    5 лет | в течение 5 лет | 5 лет назад | за последние 5 лет

    11 минут | в течение 11 минут | 11 минут назад | за последние 11 минут
    11 часов | в течение 11 часов | 11 часов назад | за последние 11 часов
    11 дней | в течение 11 дней | 11 дней назад | за последние 11 дней
    11 недель | в течение 11 недель | 11 недель назад | за последние 11 недель
    11 месяцев | в течение 11 месяцев | 11 месяцев назад | за последние 11 месяцев
    11 кварталов | в течение 11 кварталов | 11 кварталов назад | за последние 11 кварталов
    11 лет | в течение 11 лет | 11 лет назад | за последние 11 лет

    21 минута | в течение 21 минуты | 21 минуту назад | за последние 21 минуту
    21 час | в течение 21 часа | 21 час назад | за последние 21 час
    21 день | в течение 21 дня | 21 день назад | за последние 21 день
    21 неделя | в течение 21 недели | 21 неделю назад | за последние 21 неделю
    21 месяц | в течение 21 месяца | 21 месяц назад | за последние 21 месяц
    21 квартал | в течение 21 квартала | 21 квартал назад | за последние 21 квартал
    21 год | в течение 21 года | 21 год назад | за последние 21 год

    112 минут | в течение 112 минут | 112 минут назад | за последние 112 минут
    112 часов | в течение 112 часов | 112 часов назад | за последние 112 часов
    112 дней | в течение 112 дней | 112 дней назад | за последние 112 дней
    112 недель | в течение 112 недель | 112 недель назад | за последние 112 недель
    112 месяцев | в течение 112 месяцев | 112 месяцев назад | за последние 112 месяцев
    112 кварталов | в течение 112 кварталов | 112 кварталов назад | за последние 112 кварталов
    112 лет | в течение 112 лет | 112 лет назад | за последние 112 лет
    "#);
}

#[test]
fn swedish_windows_are_definite() {
    insta::assert_snapshot!([1, 2].map(|count| lengths(Language::Swedish, count)).join("\n\n"), @r#"
    1 minut | inom 1 minut | för 1 minut sedan | under den senaste minuten
    1 timme | inom 1 timme | för 1 timme sedan | under den senaste timmen
    1 dag | inom 1 dag | för 1 dag sedan | under den senaste dagen
    1 vecka | inom 1 vecka | för 1 vecka sedan | under den senaste veckan
    1 månad | inom 1 månad | för 1 månad sedan | under den senaste månaden
    1 kvartal | inom 1 kvartal | för 1 kvartal sedan | under det senaste kvartalet
    1 år | inom 1 år | för 1 år sedan | under det senaste året

    2 minuter | inom 2 minuter | för 2 minuter sedan | under de senaste 2 minuterna
    2 timmar | inom 2 timmar | för 2 timmar sedan | under de senaste 2 timmarna
    2 dagar | inom 2 dagar | för 2 dagar sedan | under de senaste 2 dagarna
    2 veckor | inom 2 veckor | för 2 veckor sedan | under de senaste 2 veckorna
    2 månader | inom 2 månader | för 2 månader sedan | under de senaste 2 månaderna
    2 kvartal | inom 2 kvartal | för 2 kvartal sedan | under de senaste 2 kvartalen
    2 år | inom 2 år | för 2 år sedan | under de senaste 2 åren
    "#);
}

#[test]
fn english_and_indonesian_nouns() {
    insta::assert_snapshot!([1, 2].map(|count| lengths(Language::English, count)).join("\n\n"), @r#"
    1 minute | within 1 minute | 1 minute ago | over the last 1 minute
    1 hour | within 1 hour | 1 hour ago | over the last 1 hour
    1 day | within 1 day | 1 day ago | over the last 1 day
    1 week | within 1 week | 1 week ago | over the last 1 week
    1 month | within 1 month | 1 month ago | over the last 1 month
    1 quarter | within 1 quarter | 1 quarter ago | over the last 1 quarter
    1 year | within 1 year | 1 year ago | over the last 1 year

    2 minutes | within 2 minutes | 2 minutes ago | over the last 2 minutes
    2 hours | within 2 hours | 2 hours ago | over the last 2 hours
    2 days | within 2 days | 2 days ago | over the last 2 days
    2 weeks | within 2 weeks | 2 weeks ago | over the last 2 weeks
    2 months | within 2 months | 2 months ago | over the last 2 months
    2 quarters | within 2 quarters | 2 quarters ago | over the last 2 quarters
    2 years | within 2 years | 2 years ago | over the last 2 years
    "#);
    insta::assert_snapshot!(lengths(Language::Indonesian, 2), @r#"
    2 menit | dalam 2 menit | 2 menit yang lalu | selama 2 menit terakhir
    2 jam | dalam 2 jam | 2 jam yang lalu | selama 2 jam terakhir
    2 hari | dalam 2 hari | 2 hari yang lalu | selama 2 hari terakhir
    2 minggu | dalam 2 minggu | 2 minggu yang lalu | selama 2 minggu terakhir
    2 bulan | dalam 2 bulan | 2 bulan yang lalu | selama 2 bulan terakhir
    2 triwulan | dalam 2 triwulan | 2 triwulan yang lalu | selama 2 triwulan terakhir
    2 tahun | dalam 2 tahun | 2 tahun yang lalu | selama 2 tahun terakhir
    "#);
}

#[test]
fn numbers_keep_every_digit() {
    let said = |written: &str| Language::ALL.map(|language| number(language.wording(), written)).join(" | ");
    assert_eq!(
        said("20000000.50"),
        "20,000,000.50 | 20.000.000,50 | 20\u{a0}000\u{a0}000,50 | 20\u{a0}000\u{a0}000,50"
    );
    assert_eq!(said("-1500"), "−1,500 | −1.500 | −1500 | −1500");
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
