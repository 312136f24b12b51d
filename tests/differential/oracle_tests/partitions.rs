//! Tiers, bands, partitions by value, charts, splits, keys that are included; frozen attributes.

use super::super::oracle::frozen::{CutPoints, Cuts};
use super::*;

const CATALOG: &str = "\
kohort: 1
timezone: UTC
subject: { name: customer, table: customers, key: id }
tables:
  customers: {}
attributes:
  region: { is: city, values: [N, S, 'Central Java'] }
  third: { is: 'ntile(3, spend)', frozen: true }
  half: { is: 'score(2, spend per city)', frozen: true }
  best: { is: top 25% by spend, frozen: true }
  lowest: { is: bottom 25% by spend, frozen: true }
  level: { is: 'percentile(50, spend per city)', frozen: true }
";

/// Customers `a`, `b`, … with these values and cities.
fn customers(rows: &[(Option<i64>, &str)]) -> Project {
    let rows = rows.iter().zip('a'..).map(|((spend, city), id)| {
        let city = if city.is_empty() { Cell::Unknown } else { text(city) };
        vec![text(&id.to_string()), spend.map_or(Cell::Unknown, Cell::Int), city]
    });
    let rows: Vec<Vec<Cell>> = rows.collect();
    let rows: Vec<&[Cell]> = rows.iter().map(Vec::as_slice).collect();
    let columns = [("id", CellType::Text), ("spend", CellType::Int), ("city", CellType::Text)];
    project(CATALOG, vec![("customers", table(&columns, &rows))], "2026-03-31T12:00:00")
}

fn five() -> Project {
    customers(&[(Some(0), "N"), (Some(10), "S"), (Some(99), "N"), (None, "Central Java"), (Some(-3), "W")])
}

#[track_caller]
fn check(project: &Project, rules: &str, expected: &[(&str, &[&str])]) {
    let outcome = project.run(rules);
    for (segment, keys) in expected {
        assert_eq!(members(&outcome, segment).expect("it fits"), *keys, "{segment}");
    }
}

#[test]
fn the_first_tier_that_holds_is_the_tier() {
    let rules = "
segments:
  known: { when: spend is known }
  golden: { when: loyalty = 'gold' }
  nowhere: { when: inner is unknown }
tiers:
  loyalty: { gold: spend >= 50, silver: spend >= 10, bronze: otherwise }
  inner: { within: known, parts: { high: { when: spend > 0, label: High }, rest: otherwise } }
";
    check(
        &five(),
        rules,
        &[
            ("loyalty.gold", &["c"]),
            ("loyalty.silver", &["b"]),
            ("loyalty.bronze", &["a", "d", "e"]),
            ("golden", &["c"]),
            ("inner.high", &["b", "c"]),
            ("inner.rest", &["a", "e"]),
            ("nowhere", &["d"]),
        ],
    );
}

#[test]
fn the_lower_bound_of_a_band_is_in_it() {
    let rules = "
segments:
  low: { when: 'worth is in (''poor'', ''fair'')' }
bands:
  spend: [-3, 0, 10.5]
  worth: { is: spend, bounds: [0, 10], names: [poor, fair, rich] }
";
    check(
        &five(),
        rules,
        &[
            ("spend.under_minus_3", &[]),
            ("spend.from_minus_3_to_0", &["e"]),
            ("spend.from_0_to_10_5", &["a", "b"]),
            ("spend.from_10_5", &["c"]),
            ("worth.fair", &["a"]),
            ("low", &["a", "e"]),
        ],
    );
}

#[test]
fn a_partition_has_a_part_for_each_value() {
    let rules = "
segments:
  somewhere: { when: place is known }
partitions:
  region: region
  place: { is: region, within: somewhat }
tiers:
  somewhat: { yes_: spend >= 0 }
";
    let rules = rules.replace("within: somewhat", "within: somewhat.yes_");
    check(
        &five(),
        &rules,
        &[
            ("region.N", &["a", "c"]),
            ("region.Central Java", &["d"]),
            ("place.N", &["a", "c"]),
            ("place.Central Java", &[]),
            ("somewhere", &["a", "b", "c"]),
        ],
    );
}

#[test]
fn a_cell_of_several_groups_is_the_first_ones() {
    let rules = "
segments:
  none: { when: chart is unknown }
charts:
  chart:
    by: [spend, width]
    scale: 3
    groups: { same: [11, 22, 33], upper: ['[2-3]x'], corner: ['13'] }
";
    let mut project = customers(&[
        (Some(1), "."),
        (Some(2), ".."),
        (Some(2), "..."),
        (Some(1), "..."),
        (Some(1), ".."),
        (Some(3), ""),
    ]);
    let mut problems = Vec::new();
    let catalog = CATALOG.to_owned() + "  width: 'length(city)'\n";
    let node = kohort::source::yaml::parse(FileId(0), &catalog, &mut problems).expect("readable YAML");
    project.catalog = kohort::catalog::decode(&node, &mut problems).expect("a catalogue");
    // The cells are 11, 22, 23, 13, 12 and 3 with something unknown.
    let expected: [(&str, &[&str]); 4] =
        [("chart.same", &["a", "b"]), ("chart.upper", &["c"]), ("chart.corner", &["d"]), ("none", &["e", "f"])];
    check(&project, rules, &expected);
}

#[test]
fn included_keys_stay_within_and_excluded_ones_never_are() {
    let rules = "
segments:
  known: { when: spend is known }
  chosen: { when: spend > 5, within: known, include: [a, d, z], exclude: [c] }
  both: { when: spend > 5, include: { file: keys.txt }, exclude: [a] }
  campaign: { when: spend is known, split: { salt: x, a: 50%, b: 30%, holdout: 20% } }
";
    let mut project = five();
    project.beside.lists.insert("keys.txt".into(), "a\nd\n".into());
    check(&project, rules, &[("chosen", &["a", "b"]), ("both", &["b", "c", "d"]), ("campaign", &["a", "b", "c", "e"])]);
    let outcome = project.run(rules);
    let parts = ["campaign.a", "campaign.b", "campaign.holdout"].map(|part| members(&outcome, part).expect("it fits"));
    let mut all: Vec<String> = parts.concat();
    all.sort();
    assert_eq!(all, ["a", "b", "c", "e"], "each member is in one part");
}

#[test]
fn frozen_ranks_go_by_their_cut_points() {
    let mut project = five();
    let number = |number: i64| Value::int(number);
    let cuts = |groups: Vec<(Value, Vec<Value>)>| CutPoints {
        by_group: groups.len() > 1,
        groups: groups.into_iter().map(|(per, bounds)| (per, Cuts { population: 9, bounds })).collect(),
        ..CutPoints::default()
    };
    let n = Value::Text("N".into());
    let points = [
        ("third", cuts(vec![(Value::Unknown, vec![number(0), number(50)])])),
        ("half", cuts(vec![(n.clone(), vec![number(50)]), (Value::Text("W".into()), vec![])])),
        ("best", cuts(vec![(Value::Unknown, vec![number(10)])])),
        ("lowest", cuts(vec![(Value::Unknown, vec![number(0)])])),
        ("level", cuts(vec![(n, vec![number(7)]), (Value::Text("X".into()), vec![number(8)])])),
    ];
    project.beside.cut_points.extend(points.map(|(name, points)| (name.to_owned(), points)));
    let shown = |name: &str| project.values(name).join(" ");
    assert_eq!(shown("third"), "2 2 3 unknown 1");
    assert_eq!(shown("half"), "1 unknown 2 unknown 1");
    assert_eq!(shown("best"), "false true true false false");
    assert_eq!(shown("lowest"), "true false false false true");
    assert_eq!(shown("level"), "7 unknown 7 unknown unknown");
}

#[test]
fn cut_points_are_the_least_values_of_the_steps() {
    let project =
        customers(&[(Some(1), "N"), (Some(1), "N"), (Some(1), "S"), (Some(4), ""), (Some(9), ""), (None, "N")]);
    let oracle = Oracle::new(&project.catalog, &[], &project.data, &project.beside, project.now);
    let bounds = |expr: &str| {
        let points = oracle.cut_points("customer", &expression(expr));
        let shown = |cuts: &Cuts| cuts.bounds.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        points.groups.iter().map(|(per, cuts)| format!("{per}: {}", shown(cuts))).collect::<Vec<_>>().join("; ")
    };
    // Tiles 1 1 2 3 4 of 1 1 1 4 9, and three of five are at most 1: step 3 of 5.
    assert_eq!(bounds("ntile(4, spend)"), "unknown: 1 4 9");
    assert_eq!(bounds("score(5, spend)"), "unknown: 1 1 4 9");
    assert_eq!(bounds("ntile(40, spend per city)"), "unknown: 9; N: 1; S: ");
    assert_eq!(bounds("top 40% by spend"), "unknown: 4");
    assert_eq!(bounds("bottom 2 by spend"), "unknown: 1");
    assert_eq!(bounds("percentile(75, spend)"), "unknown: 4");
}
