//! `kohort why`: in the terminal, as a page, as JSON, and whom it does not know.

use std::fs;

use insta::assert_snapshot;
use tempfile::TempDir;

use crate::charts::balanced;
use crate::shop::{directory, run, shop, shown, text, write};

/// The program, run on the shop at the end of March.
fn why(shop: &TempDir, more: &[&str]) -> String {
    shown(&run(shop, &[&["why", "shop"], more, &["--as-of", "2026-03-31"]].concat()))
}

/// The program, run on an example.
fn example(project: &str, as_of: &str, segment: &str, key: &str) -> String {
    let path = format!("{}/rules-examples/{project}", env!("CARGO_MANIFEST_DIR"));
    shown(&run(&shop(), &["why", &path, segment, key, "--as-of", as_of]))
}

#[test]
fn who_is_not_in_is_told_what_is_missing() {
    assert_snapshot!(why(&shop(), &["big_regulars", "10"]), @"");
}

#[test]
fn who_is_in_is_told_why() {
    assert_snapshot!(why(&shop(), &["locals_who_buy", "1"]), @"");
}

#[test]
fn what_is_not_known_is_said() {
    assert_snapshot!(why(&shop(), &["locals_who_buy", "9"]), @"");
}

#[test]
fn keys_that_nobody_has() {
    let shop = shop();
    assert_snapshot!(why(&shop, &["buyers", "77"]), @"");
    assert_snapshot!(why(&shop, &["buyers", "C10"]), @"");
    assert_snapshot!(why(&shop, &["buyers", "5"]), @"");
    assert_snapshot!(why(&shop, &["bayers", "10"]), @"");
    assert_snapshot!(why(&shop, &["buyers", "10", "--output", "why.pdf"]), @"");
}

#[test]
fn several_words_for_rows_and_choices() {
    let shop = shop();
    let rules = "
segments:
  odd:
    description: In none of the usual ways.
    when: >-
      (spend > 5_000 or every(sales over 90d have amount > 10) and not city = 'Bandung') and
      not (visits between 2 and 5 or city in ('Medan', 'Padang'))
    include: [9]
  often: sequence(sales then within 30d sales where amount > 600 then never sales)
tiers:
  level: { gold: spend >= 1_000, silver: { when: spend >= 10, label: Silver <i> }, iron: otherwise }
bands: { spend: [10, 1_000] }
";
    write(shop.path(), "shop/rules.yaml", rules);
    assert_snapshot!(why(&shop, &["odd", "2"]), @"");
    assert_snapshot!(why(&shop, &["often", "1"]), @"");
    assert_snapshot!(why(&shop, &["level", "10"]), @"");
    assert_snapshot!(why(&shop, &["level.iron", "10"]), @"");
    assert_snapshot!(why(&shop, &["spend", "2"]), @"");
}

#[test]
fn keys_of_two_parts() {
    let catalog = "
kohort: 1
timezone: UTC
subject: { name: seat, key: [hall, place] }
tables:
  visits: { source: visits.csv, subject: [hall, place], time: at_door, types: { hall: text, place: integer, at_door: timestamp } }
";
    let rules = "segments:\n  busy: count(visits) > 1\n";
    let visits = "hall,place,at_door\nA,1,2026-01-01T00:00:00\nA,2,2026-01-02T00:00:00\nA,2,2026-01-03T00:00:00\n";
    let shop = directory(&[("shop/catalog.yaml", catalog), ("shop/visits.csv", visits), ("shop/rules.yaml", rules)]);
    assert_snapshot!(why(&shop, &["busy", "A, 2"]), @"");
    assert_snapshot!(why(&shop, &["busy", "A"]), @"");
    assert_snapshot!(why(&shop, &["busy", "A,3"]), @"");
}

#[test]
fn a_page_is_whole_and_says_nothing_that_it_should_not() {
    let shop = shop();
    let rules = "segments:\n  odd: { label: 'A <b>&\"''', description: <script>, when: city = '<i>' and spend > 5 }\n";
    write(shop.path(), "shop/rules.yaml", rules);
    let said = why(&shop, &["odd", "10", "--output", "why.html"]);
    assert_eq!(said, "status 0\n--- stderr\nwhy `odd` and `10` written to `why.html`");
    let page = fs::read_to_string(shop.path().join("why.html")).expect("it is written");
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"), "{page}");
    for never in ["<script", "http", "url(", "<b>", "<i>", "@import"] {
        assert!(!page.contains(never), "{never}");
    }
    balanced(&page);
    assert!(page.contains("would have to be &#39;&lt;i&gt;&#39;"), "{page}");
    assert!(page.contains("<td class=\"number\">7.5</td>"), "{page}");
}

#[test]
fn everything_is_in_the_object() {
    let shop = shop();
    let object = text(&run(&shop, &["why", "shop", "regulars", "2", "--as-of", "2026-03-31", "--format", "json"]));
    assert_snapshot!(object, @"");
}

#[test]
fn on_the_chain_in_jakarta() {
    let of = |segment, key| example("jakarta", "2026-03-31", segment, key);
    assert_snapshot!(of("jakarta_vip", "C0000002"), @"");
    assert_snapshot!(of("small_frequent", "C0000007"), @"");
}

#[test]
fn on_the_online_shop() {
    let of = |segment, key| example("online-retail", "2011-12-09", segment, key);
    assert_snapshot!(of("headline_spenders", "12747"), @"");
    assert_snapshot!(of("heart_not_cakestand", "12352"), @"");
    assert_snapshot!(of("rfm_at_risk", "12346"), @"");
    assert_snapshot!(of("nested_top_not_refunder_lapsed30", "14646"), @"");
    assert_snapshot!(example("rfm", "2011-12-09", "loyalty", "12747"), @"");
}
