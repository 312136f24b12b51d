//! What is read, who reads the same, and what moves.

use insta::assert_snapshot;

use super::{Language, explained, plain, rules};
use crate::Project;
use crate::explain::{Explanation, Phrase};

fn listed(phrases: &[Phrase]) -> String {
    phrases.iter().map(plain).collect::<Vec<_>>().join("; ")
}

fn lives(explanation: &Explanation) -> String {
    let lives = &explanation.lives;
    format!("rows: {}\nclock: {}\nothers: {}", listed(&lives.rows), listed(&lives.clock), listed(&lives.others))
}

/// A segment a test, and one that the others share with.
const RULES: &[(&str, &str)] = &[
    (
        "clock",
        "visits_30d > 3 and years > 30 and joined > 90d ago and birthday within next 7 days and orders since 2026-01-01 > 1",
    ),
    (
        "others",
        "recency_score = 5 and any(sales over 7d where value > customer.basket) and count(first_of_day) > 1 and \
         sum(items of big_days) > 1 and now - joined > 1d and today > 2026-01-01 and \
         sequence(sales then never within 7d returns) and any(sales where customer.years > 5 and birthday_of within last 3 days)",
    ),
    ("still", "points > 3 and city = 'Jakarta'"),
    (
        "s",
        "spend_90d > 5 and none(sales over 30d) and region = 'Jakarta' and any(sales where gap < 7d and product.category = 'Shoes')",
    ),
    ("t", "basket_90d > 5 and none(sales over 30d)"),
    ("u", "in s"),
    (
        "v",
        "mode_share(channel of sales) > 50% and percentile(90, 2 * value of sales over 7d) > 5 and avg(3 * value of sales) > 1 \
         and stddev(value of sales where gift = true) > 3",
    ),
];

/// The project of [`RULES`], with a kind of subject that looks at another.
pub(super) fn all() -> Project {
    let mut text = rules(RULES);
    text.push_str("  invoices: { of: invoice, when: 'any(transactions where customer.spend_30d > 5)' }\n");
    let catalog = super::SHOP.replace("unit_price: decimal(2)", "unit_price: decimal(2)\n      birthday_of: date");
    Project::from_texts([("catalog.yaml", catalog), ("rules.yaml", text)])
}

fn lives_of(segment: &str) -> String {
    let project = all();
    Language::ALL.map(|language| lives(&explained(&project, segment, language))).join("\n\n")
}

#[test]
fn windows_move_and_say_whose_they_are() {
    assert_snapshot!(lives_of("clock"), @"");
}

#[test]
fn what_rests_on_others_says_so() {
    assert_snapshot!(lives_of("others"), @"");
}

#[test]
fn other_kinds_of_subject_move_it() {
    assert_snapshot!(lives_of("invoices"), @"");
}

#[test]
fn what_stands_still_says_so() {
    assert_snapshot!(lives(&explained(&all(), "still", Language::English)), @"");
}

#[test]
fn columns_and_features_are_told_with_who_shares_them() {
    let project = all();
    let read = |segment: &str| {
        let explanation = explained(&project, segment, Language::English);
        let tables = explanation.reads.tables.iter().map(|read| format!("{}: {}", plain(&read.table), listed(&read.columns)));
        let features = explanation.reads.features.iter();
        let features = features.map(|read| format!("{} [{}]", plain(&read.feature), listed(&read.shared_with)));
        tables.chain(features).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(["s", "t", "v"].map(read).join("\n\n"), @"");
}
