//! What compiles, and to what: two spellings of one meaning are one node, and equal features are one.

use super::shop::SHOP;
use super::{compiled, condition, project, rules};
use crate::ir::{Aggregation, Feature, Ir, Node, Window};
use crate::syntax::ast::{Duration, Unit};

/// Spellings of one meaning, a group a line.
const SAME: &[&[&str]] = &[
    &["spend_90d > 5", "spend over 90d > 5", "spend over last 90 days > 5", "sum(value of sales over 90d) > 5"],
    &["spend_prev_90d > 5", "spend over previous 90 days > 5"],
    &["spend_mtd > 5", "spend over this month > 5", "sum(value of sales over mtd) > 5"],
    &["spend_last_month > 5", "spend over last month > 5"],
    &["spend_today > 5", "spend over today > 5"],
    &["spend_yesterday > 5", "spend over yesterday > 5"],
    &["spend_prev_mtd > 5", "spend over previous mtd > 5"],
    &["spend_3mo > 5", "spend over last 3 months > 5"],
    &["spend_2q > 5", "spend over 2 quarters > 5"],
    &[
        "spend_90d[channel = 'web'] > 5",
        "spend[channel = 'web'] over 90d > 5",
        "sum(value of sales over 90d where channel = 'web') > 5",
    ],
    &[
        "sum(value of sales where channel = 'web' and quantity > 3) > 5",
        "sum(value of sales where quantity > 3 and channel = 'web') > 5",
        "spend[quantity > 3 and channel = 'web'] > 5",
        "sum(value of sales where quantity > 3 and (channel = 'web' and quantity > 3)) > 5",
        "sum(quantity * unit_price of transactions where channel = 'web' and quantity > 3 and status = 'paid' and quantity > 0) > 5",
    ],
    &[
        "count(shoes) > 5",
        "count(sales where category = 'Shoes') > 5",
        "count(sales where product.category = 'Shoes') > 5",
    ],
    &["any(shoes over 90d where value > 5)", "count(shoes over 90d where value > 5) > 0"],
    &["none(shoes)", "count(shoes) = 0"],
    &["every(sales have value > 5) and any(sales)", "any(sales) and every(sales have value > 5)"],
    &["aov_90d > 5", "aov over 90d > 5", "spend_90d / orders_90d > 5", "spend over 90d / orders over 90d > 5"],
    &["aov[channel = 'web'] > 5", "spend[channel = 'web'] / orders[channel = 'web'] > 5"],
    &["city = 'a' and visits > 5", "visits > 5 and city = 'a'", "(visits > 5 and city = 'a') and visits > 5"],
    &["city = 'a' or visits > 5", "visits > 5 or city = 'a'"],
    &["city in ('a', 'b')", "city in ('b', 'a', 'b')"],
    &["city in ('a')", "city = 'a'"],
    &["city not in ('a', 'b')", "not city in ('a', 'b')"],
    &["city is in ('a', 'b')", "city is in ('b', 'a')"],
    &["city is not 'a'", "not city is 'a'"],
    &["city is unknown", "city is not known", "not city is known"],
    &["points between 1 and 5", "points >= 1 and points <= 5"],
    &["points not between 1 and 5", "not (points >= 1 and points <= 5)"],
    &["points > 80%", "points > 0.8", "points > 0.80"],
    &["points > 1_000", "points > 1000", "points > 1000.00"],
    &["points > -5", "points > - 5"],
    &["visits_7d > 1", "visits over 7 days > 1", "count(distinct day(at) of sales over 7d) > 1"],
    &["avg(value of sales) > 5", "sum(value of sales) / count(value of sales) > 5"],
    &["median(value of sales) > 5", "percentile(50, value of sales) > 5", "percentile(50.0, value of sales) > 5"],
    &["any(sales where at > 90d ago)", "any(sales where purchased_at > 90d ago)"],
    &["region = 'Jakarta'", "city = 'Jakarta'"],
    &["not in other", "not (in other)"],
    &["now - joined > 24h", "now - joined > 1d"],
];

#[test]
fn two_spellings_of_one_meaning_are_one_node() {
    for group in SAME {
        let names: Vec<String> = (0..group.len()).map(|at| format!("s{at}")).collect();
        let mut segments: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(group.iter().copied()).collect();
        segments.push(("other", "visits > 99"));
        let ir = compiled(&project(SHOP, &rules(&segments)));
        for (name, when) in segments.iter().take(group.len()) {
            assert_eq!(condition(&ir, name), condition(&ir, "s0"), "`{when}` is not `{}`", group[0]);
        }
    }
}

#[test]
fn different_meanings_are_different_nodes() {
    let all: Vec<&str> = SAME.iter().map(|group| group[0]).filter(|when| !when.contains("other")).collect();
    let names: Vec<String> = (0..all.len()).map(|at| format!("s{at}")).collect();
    let segments: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(all.iter().copied()).collect();
    let ir = compiled(&project(SHOP, &rules(&segments)));
    for (at, one) in names.iter().enumerate() {
        for (other, when) in names.iter().zip(&all).skip(at + 1) {
            assert_ne!(condition(&ir, one), condition(&ir, other), "`{}` and `{when}`", all[at]);
        }
    }
}

fn features(ir: &Ir, segment: &str) -> Vec<Feature> {
    let leaves = ir.leaves([condition(ir, segment)]);
    let feature = |node: &crate::ir::NodeId| match ir.node(*node) {
        Node::Feature(feature) => Some(ir.feature(*feature).clone()),
        _ => None,
    };
    leaves.inputs.iter().filter_map(feature).collect()
}

#[test]
fn equal_features_are_one() {
    let when = "spend_90d > 5 and spend over 90d < 50 and avg(value of sales over 90d) > 1 and aov_90d > 1";
    let ir = compiled(&project(SHOP, &rules(&[("s", when)])));
    let found = features(&ir, "s");
    // The sum, the count of known values, the count of baskets.
    assert_eq!(found.len(), 3, "{found:?}");
    let window = Some(Window::Rolling(Duration { count: 90, unit: Unit::Day }));
    assert!(found.iter().all(|feature| feature.window == window));
    assert_eq!(found.iter().filter(|feature| feature.aggregation == Aggregation::Sum).count(), 1);
}

#[test]
fn a_segment_within_another_includes_it() {
    let text = "segments:\n  narrow: { within: broad, when: spend > 5 }\n  broad: { when: visits > 3 }\n  \
                same: { when: in broad and spend > 5 }\n";
    let ir = compiled(&project(SHOP, text));
    assert_eq!(condition(&ir, "narrow"), condition(&ir, "same"));
    assert_eq!(
        ir.segments.iter().map(|segment| segment.name.as_str()).collect::<Vec<_>>(),
        ["narrow", "broad", "same"]
    );
    assert_eq!(ir.segments[0].within.map(|id| ir.segment(id).name.as_str()), Some("broad"));
    let Node::And(parts) = ir.node(condition(&ir, "narrow")) else { panic!("two conditions") };
    assert!(parts.iter().any(|part| matches!(ir.node(*part), Node::Member(id) if ir.segment(*id).name == "broad")));
}

#[test]
fn operands_come_before_what_uses_them() {
    let all: Vec<&str> =
        SAME.iter().flat_map(|group| group.iter().copied()).filter(|when| !when.contains("other")).collect();
    let names: Vec<String> = (0..all.len()).map(|at| format!("s{at}")).collect();
    let segments: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(all.iter().copied()).collect();
    let ir = compiled(&project(SHOP, &rules(&segments)));
    for segment in &ir.segments {
        for node in ir.leaves([segment.condition]).order {
            assert!(ir.operands(node).iter().all(|operand| *operand < node));
        }
    }
}

#[test]
fn lookups_chain_and_keep_the_way() {
    let when = "any(sales where product.brand.brand_name = 'x') and household.income > 5";
    let ir = compiled(&project(SHOP, &rules(&[("s", when)])));
    let filter = features(&ir, "s")[0].filter.expect("sales are filtered");
    let inputs = ir.leaves([filter]).inputs;
    let way = inputs.iter().find_map(|input| match ir.node(*input) {
        Node::Lookup(outer, value) => match ir.node(*value) {
            Node::Lookup(inner, column) => Some((ir.lookup(*outer), ir.lookup(*inner), ir.node(*column).clone())),
            _ => None,
        },
        _ => None,
    });
    let (outer, inner, column) = way.expect("a lookup of a lookup");
    assert_eq!((outer.name.as_str(), inner.name.as_str()), ("product", "brand"));
    assert_eq!(ir.table(outer.target).name, "products");
    assert!(matches!(column, Node::Column(base, 1) if ir.base_table(base).name == "brands"));
    let own = ir.leaves([condition(&ir, "s")]).inputs;
    assert!(own.iter().any(|node| matches!(ir.node(*node), Node::SubjectValue(..))));
}

#[test]
fn what_no_test_of_types_refuses_compiles() {
    let fine = [
        "birth_date > 90d ago and joined >= 2026-03-31 and joined = 2026-03-31T10:00+07:00",
        "today - birth_date > 30d and joined + 3mo < now and birth_date + 1y <= today",
        "(today - birth_date) / 1d > 30",
        "age(birth_date) between 18 and 30",
        "anniversary of birth_date within next 7 days",
        "weekday(joined) in ('saturday', 'sunday') and hour_of_day(joined) < 12",
        "tags contains any of ('a', 'b') and tags contains at least 2 of ('a', 'b', 'c') ignoring case",
        "city matches '^J.*a$' ignoring case and lower(city) like 'jak%'",
        "greatest(points, 5, round(points / 3, 2)) > 2 and coalesce(points, 0) = 0",
        "evenness > 5 and 2 * evenness < spend and min(customer.evenness of sales) > 2",
        "mode_share(channel of sales) > 80% and mode(channel of sales) = 'web'",
        "any(sales where customer.spend_90d[channel = 'web'] > 5 and customer.spend over 30d > 2)",
        "any(sales where gift) and coalesce(active, false)",
        "count(distinct product.brand.brand_id of sales since 2025-01-01) > 3",
        "first(at of sales where weekday(at) = 'monday') between 2025-01-01 and 2025-12-31",
        "`lives_in_a` = 'x' and customer_id = 'C1'",
        "last(shipped_at - at of sales) > 36h and max(shipped_at - at of sales) < 4w",
    ];
    let names: Vec<String> = (0..fine.len()).map(|at| format!("s{at}")).collect();
    let segments: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(fine).collect();
    let ir = compiled(&project(SHOP, &rules(&segments)));
    assert_eq!(ir.segments.len(), fine.len());
}

#[test]
fn a_subject_table_may_be_derived_and_named_columns_may_be_odd() {
    let catalog = "\
kohort: 1
subject: { name: guest, table: guests, key: id, lookups: { home: 'home town -> towns' } }
tables:
  towns: { id: name, types: { name: text } }
  people:
    time: seen
    types: { id: text, kind: text, seen: timestamp, '`home town`': text, '`and`': integer }
  guests: { from: people, where: kind = 'guest' and at > 2020-01-01, columns: { initial: lower(id) } }
";
    let catalog = catalog.replace("'home town -> towns'", "'`home town` -> towns'");
    let when = "initial = 'a' and `and` > 5 and `home town` = 'x' and home.name = 'y'";
    let ir = compiled(&project(&catalog, &rules(&[("s", when)])));
    assert_eq!(ir.subjects[0].table.map(|table| ir.table(table).name.as_str()), Some("guests"));
    let misspelt = "`hom town` = 'x' and `andd` > 5";
    let project = project(&catalog, &rules(&[("s", misspelt)]));
    super::assert_fixes_work(&project, &crate::check::Schemas::new());
}

#[test]
fn a_subject_table_cannot_depend_on_its_subjects() {
    let catalog = "\
kohort: 1
subject: { name: guest, table: guests, key: id }
tables:
  people: { types: { id: text, kind: text } }
  visits: { subject: id, types: { id: text } }
  guests: { from: people, where: guest.stays > 5 }
metrics:
  stays: count(visits)
";
    let found =
        super::said(&project(catalog, &rules(&[("s", "kind = 'x' and stays > 3")])), &crate::check::Schemas::new());
    insta::assert_snapshot!(found, @r#"
    K305 [guest] who the `guest`s are would depend on themselves here | use columns of the table only
    "#);
}
