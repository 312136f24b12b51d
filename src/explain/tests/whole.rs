//! Whole explanations: segments with exceptions, groups that exclude each other, and what the names mean.

use insta::assert_snapshot;

use super::{Language, explained, outline, plain, project, text};
use crate::{Project, Schemas};

/// Rules with everything that a rule file can have. For the test of coverage, too.
pub(super) const RULES: &str = "\
segments:
  regulars:
    label: Regulars
    description: Spent well and came back.
    owner: loyalty@example.com
    when: spend_90d > 500 and visits_30d >= 2 and region = 'Jakarta'
  big_regulars:
    label: … and big
    within: regulars
    when: basket_365d >= 1_000 or loyal
  vips:
    when: in big_regulars
    include: [C7, C12]
    exclude: { file: lists/staff.csv }
  asked:
    when: points > 5
    include: { file: lists/vips.csv }
    exclude: [C1]
  mailing:
    label: Spring mailing
    when: orders_365d > 0
    split: { salt: spring-2026, a: 45%, b: 45%, holdout: 10% }
  winter: any(sales where sku in file 'lists/winter.txt') and not in file 'lists/vips.csv'
  no_winter: any(sales where sku not in file 'lists/winter.txt') and in file 'lists/vips.csv'
  tiered: loyalty = 'gold' and band in ('small', 'middle') and engagement = 'stars' and place = 'Jakarta'
  daily: any(invoices where value > 5 and lines > 1 and shoes = 0 and price > 2) and count(first_of_day) > 1
  queried: sum(items of big_days) > 5
  scored: spend_score = 5 and recency_score = 5 and years > 30
  by_invoice: { of: invoice, when: 'any(transactions where customer.spend > 5)' }
tiers:
  loyalty:
    label: Loyalty
    within: regulars
    parts:
      gold: { when: spend_365d >= 10_000, label: Gold }
      silver: spend_365d >= 5_000 and visits > 3
      bronze: otherwise
bands:
  spend_365d: [0, 1_000]
  joined: [2026-01-01]
  band: { is: points, bounds: [10, 100], names: [small, middle, large] }
partitions: { place: region }
charts:
  engagement:
    by: [recency_score, spend_score]
    scale: 5
    groups:
      stars: 55 54 45 44
      rest: ['[1-3]x', 'x3']
";

/// The project of [`RULES`].
pub(super) fn shop() -> Project {
    Project::from_texts([
        ("catalog.yaml", super::SHOP),
        ("rules.yaml", RULES),
        ("lists/staff.csv", "customer_id\nC3\n"),
        ("lists/vips.csv", "customer_id\nC4\n"),
        ("lists/winter.txt", "00017\n"),
    ])
}

#[test]
fn a_whole_explanation() {
    assert_snapshot!(text(&explained(&shop(), "big_regulars", Language::English)), @"");
}

#[test]
fn a_whole_explanation_in_indonesian() {
    assert_snapshot!(text(&explained(&shop(), "big_regulars", Language::Indonesian)), @"");
}

#[test]
fn a_whole_explanation_in_russian() {
    assert_snapshot!(text(&explained(&shop(), "big_regulars", Language::Russian)), @"");
}

#[test]
fn a_whole_explanation_in_swedish() {
    assert_snapshot!(text(&explained(&shop(), "big_regulars", Language::Swedish)), @"");
}

/// The rules of segments in all languages.
fn rules_of(segments: &[&str]) -> String {
    let project = shop();
    let mut out = String::new();
    for segment in segments {
        out.push_str(&format!("{segment}\n"));
        for language in Language::ALL {
            outline(&explained(&project, segment, language).rule, 1, &mut out);
        }
    }
    out
}

#[test]
fn exceptions_and_samples() {
    assert_snapshot!(rules_of(&["vips", "asked", "mailing", "mailing.a", "mailing.b", "winter", "no_winter"]), @"");
}

#[test]
fn groups_that_exclude_each_other() {
    let groups = [
        "loyalty.gold", "loyalty.silver", "loyalty.bronze", "spend_365d.under_0", "spend_365d.from_0_to_1000",
        "joined.from_2026_01_01", "band.large", "place.Jakarta", "engagement.stars", "engagement.rest",
    ];
    assert_snapshot!(rules_of(&groups), @"");
}

/// What the names of a segment mean, in a language.
fn names_of(segment: &str, language: Language) -> String {
    let explanation = explained(&shop(), segment, language);
    let mut out = String::new();
    for definition in &explanation.definitions {
        out.push_str(&format!("{}: ", plain(&definition.name)));
        let mut means = String::new();
        outline(&definition.means, 0, &mut means);
        out.push_str(&means.trim_end().replace('\n', "\n  "));
        out.push('\n');
    }
    out
}

#[test]
fn names_are_explained_once_and_all_the_way_down() {
    assert_snapshot!(names_of("tiered", Language::English), @"");
}

#[test]
fn tables_are_explained_too() {
    for (segment, language) in [("daily", Language::English), ("queried", Language::English), ("scored", Language::English)] {
        assert!(!names_of(segment, language).is_empty());
    }
    let all: Vec<String> = Language::ALL.into_iter().map(|language| names_of("daily", language)).collect();
    assert_snapshot!(all.join("\n"), @"");
    let all: Vec<String> = Language::ALL.into_iter().map(|language| names_of("queried", language)).collect();
    assert_snapshot!(all.join("\n"), @"");
    let all: Vec<String> = Language::ALL.into_iter().map(|language| names_of("scored", language)).collect();
    assert_snapshot!(all.join("\n"), @"");
}

#[test]
fn other_kinds_of_subject() {
    assert_snapshot!(text(&explained(&shop(), "by_invoice", Language::English)), @"");
}

/// A shop whose windows cover whole days.
pub(super) fn days() -> Project {
    let catalog = super::SHOP.replace("currency: IDR\n", "windows: days\n");
    let rules = "segments: { s: visits_7d > 1 }\n".to_owned();
    Project::from_texts([("catalog.yaml", catalog), ("rules.yaml", rules)])
}

#[test]
fn windows_of_whole_days_are_told_apart() {
    let fine = |language| explained(&days(), "s", language).fine_print.iter().map(plain).collect::<Vec<_>>().join("\n");
    assert_snapshot!(Language::ALL.map(fine).join("\n"), @"");
}

/// A shop with a rank whose cut points are kept.
pub(super) fn frozen() -> Project {
    let kept = "attributes:\n  kept: { is: score(5, spend among (true)), frozen: true, of: customer }\n";
    let catalog = super::SHOP.replace("attributes:\n", kept);
    let rules = "segments: { s: kept = 5 }\n".to_owned();
    Project::from_texts([("catalog.yaml", catalog), ("rules.yaml", rules)]).thaw(["kept"])
}

#[test]
fn frozen_ranks_say_so() {
    let said = |language| {
        let definitions = explained(&frozen(), "s", language).definitions;
        definitions.first().map(|one| plain(&one.means.phrase)).unwrap_or_default()
    };
    assert_snapshot!(Language::ALL.map(said).join("\n"), @"");
}

#[test]
fn nobody_is_explained_who_is_not_there() {
    let project = project("segments: { s: visits > 1 }\n");
    let ir = super::compiled(&project, &Schemas::new());
    let catalog = project.catalog().expect("there is one");
    assert!(crate::explain::explain(catalog, project.rules(), &ir, "t", Language::English).is_none());
    assert!(crate::explain::explain(catalog, project.rules(), &ir, "s", Language::Swedish).is_some());
}
