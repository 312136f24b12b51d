//! `kohort eval` with groups that exclude each other, splits, and lists of keys.

use insta::assert_snapshot;
use tempfile::TempDir;

use crate::shop::{CATALOG, RULES, eval, run, shop, shown, text, write};

const GROUPS: &str = "\
tiers:
  loyalty:
    label: Loyalty
    parts: { gold: { when: spend >= 1_000, label: Gold }, silver: spend > 0 }
  care:
    within: regulars
    parts: { soon: none(sales over 28d), later: otherwise }
bands: { visits: [1, 2] }
";

const CAMPAIGN: &str = "\
segments:
  mailing:
    label: Mailing
    within: loyalty.gold
    when: visits > 0
    include: [2, 5]
    exclude: { file: lists/staff.csv }
    split: { salt: spring, a: 50%, b: 50% }
  mailing_a_local:
    within: mailing.a
    when: city = 'Jakarta'
  soon_and_local:
    within: care.soon
    when: city = 'Jakarta'
";

/// The shop with groups, a campaign within one of them, and a list with two keys that nobody has.
fn grouped() -> TempDir {
    let shop = shop();
    write(shop.path(), "shop/catalog.yaml", CATALOG);
    write(shop.path(), "shop/groups.yaml", GROUPS);
    write(shop.path(), "shop/mailing.yaml", CAMPAIGN);
    write(shop.path(), "shop/lists/staff.csv", "customer_id,name\n9,Sari\n77,\"Budi, left\"\n1001,Dewi\n");
    shop
}

#[test]
fn groups_stand_beneath_what_they_divide() {
    let shop = grouped();
    assert_snapshot!(shown(&run(&shop, &["check", "shop"])), @"");
    assert_snapshot!(shown(&eval(&shop, &[])), @"");
}

#[test]
fn a_partition_stands_for_its_groups() {
    let shop = grouped();
    assert_snapshot!(shown(&eval(&shop, &["--segment", "care", "--segment", "mailing.b"])), @"");
    let listed = text(&eval(&shop, &["--segment", "visits", "--format", "csv"]));
    assert_eq!(
        listed,
        "segment,customer_id\nvisits.under_1,9\nvisits.from_2,1\nvisits.from_2,10\nvisits.from_1_to_2,2\n"
    );
}

#[test]
fn what_is_no_group_is_told() {
    let shop = grouped();
    for (asked, told) in [
        ("loyalty.gld", "  help: did you mean `loyalty.gold`?\n  help: there are `loyalty.gold`, `loyalty.silver`"),
        ("loyalty.platinum", "  help: there are `loyalty.gold`, `loyalty.silver`"),
        ("loyalti.gold", "  help: did you mean `loyalty.gold`?"),
        ("loyal", "  help: did you mean `loyalty`?"),
        ("mailing.c", "  help: did you mean `mailing.a`?\n  help: there are `mailing.a`, `mailing.b`"),
        ("regulars.gold", "  help: names stand under `segments:` in the rule files"),
    ] {
        let said = shown(&eval(&shop, &["--segment", asked]));
        assert_eq!(said, format!("status 2\n--- stderr\nerror: there is no segment `{asked}`\n{told}"));
    }
}

#[test]
fn the_document_says_what_is_part_of_what() {
    let shop = grouped();
    let asked = ["--segment", "mailing", "--segment", "mailing.a", "--segment", "loyalty", "--format", "json"];
    let document: serde_json::Value = serde_json::from_str(&text(&eval(&shop, &asked))).expect("it is JSON");
    let of = |name: &str| {
        let segments = document["segments"].as_array().expect("a list");
        segments.iter().find(|segment| segment["name"] == name).map(|segment| segment["part_of"].clone())
    };
    assert_eq!(of("mailing"), Some(serde_json::Value::Null));
    assert_eq!(of("mailing.a"), Some("mailing".into()));
    assert_eq!(of("loyalty.gold"), Some("loyalty".into()));
    let expected = serde_json::json!([{
        "name": "loyalty", "label": "Loyalty", "subject": "customer", "within": null,
        "groups": ["loyalty.gold", "loyalty.silver"],
    }]);
    assert_eq!(document["partitions"], expected);
    let expected = serde_json::json!([
        { "file": "shop/lists/staff.csv", "subject": "customer", "keys": 3, "missing": 2, "examples": ["77", "1001"] },
        { "file": null, "subject": "customer", "keys": 2, "missing": 1, "examples": ["5"] },
    ]);
    let mut missing = document["missing_keys"].as_array().expect("a list").clone();
    missing.sort_by_key(|one| one["file"].is_null());
    assert_eq!(serde_json::Value::from(missing), expected);
}

#[test]
fn a_tree_is_as_deep_as_its_segments() {
    let shop = shop();
    let inner: String =
        (1..12).map(|depth| format!("  s{depth}: {{ within: s{}, when: visits > 0 }}\n", depth - 1)).collect();
    write(shop.path(), "shop/rules.yaml", &format!("segments:\n  s0: visits > 0\n{inner}"));
    let drawn = text(&eval(&shop, &[]));
    assert!(drawn.lines().any(|line| line.starts_with(&format!("{}└─ s11 ", "   ".repeat(10)))), "{drawn}");
    assert!(RULES.contains("within"));
}
