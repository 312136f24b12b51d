//! What tiers, bands, partitions, charts, splits and keys written out compile to.

use insta::assert_snapshot;
use num_rational::BigRational;
use num_traits::{One, Zero};

use super::formula::formula;
use super::shop::SHOP;
use super::{compiled, project};
use crate::ir::{Ir, Node, NodeId, Value};
use crate::syntax::ast::CompareOp;

/// Every segment of some rules, a line each.
fn segments(ir: &Ir) -> String {
    let line = |segment: &crate::ir::Segment| {
        let within = segment.within.map(|id| format!(" (within {})", ir.segment(id).name)).unwrap_or_default();
        format!("{}{within}: {}", segment.name, formula(ir, segment.condition))
    };
    ir.segments.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn meaning(rules: &str) -> String {
    segments(&compiled(&project(SHOP, rules)))
}

#[test]
fn tiers_exclude_those_above() {
    let rules = "\
tiers:
  loyalty: { gold: points > 9, silver: active, bronze: otherwise }
  level: { within: vip, parts: { high: points > 9, low: points > 3 } }
segments:
  vip: { when: active }
  s: { when: \"loyalty = 'gold' and level is known\" }
";
    assert_snapshot!(meaning(rules), @r#"
    loyalty.gold: points Greater 9
    loyalty.silver: active and not (points Greater 9) true
    loyalty.bronze: not (active) true and not (points Greater 9) true
    level.high (within vip): in vip and points Greater 9
    level.low (within vip): in vip and not (points Greater 9) true and points Greater 3
    vip: active
    s: in level.high → 'high'; in level.low → 'low' known and in loyalty.gold → 'gold'; in loyalty.silver → 'silver'; in loyalty.bronze → 'bronze' Equal 'gold'
    "#);
}

#[test]
fn bands_have_their_lower_bound() {
    let rules = "\
bands:
  points: [-1.5, 0, 10]
  birth_date: [1980-01-01]
  level: { is: points, bounds: [5], names: [low, high], within: vip }
segments:
  vip: { when: active }
  s: { when: \"level = 'low' and in points.from_10\" }
";
    assert_snapshot!(meaning(rules), @r#"
    points.under_minus_1_5: points Less -3/2
    points.from_minus_1_5_to_0: points GreaterOrEqual -3/2 and points Less 0
    points.from_0_to_10: points GreaterOrEqual 0 and points Less 10
    points.from_10: points GreaterOrEqual 10
    birth_date.under_1980_01_01: birth_date Less 1980-01-01
    birth_date.from_1980_01_01: birth_date GreaterOrEqual 1980-01-01
    level.low (within vip): in vip and points Less 5
    level.high (within vip): in vip and points GreaterOrEqual 5
    vip: active
    s: in level.low → 'low'; in level.high → 'high' Equal 'low' and in points.from_10
    "#);
}

#[test]
fn a_part_for_each_value() {
    let rules = "partitions: { region: region, mark: grade }\nsegments: { s: { when: \"mark = '2.5'\" } }";
    assert_snapshot!(meaning(rules), @r#"
    region.Jakarta: city Equal 'Jakarta'
    region.Bandung: city Equal 'Bandung'
    region.Surabaya: city Equal 'Surabaya'
    mark.1: points Equal 1
    mark.2.5: points Equal 5/2
    mark.10: points Equal 10
    s: in mark.1 → '1'; in mark.2.5 → '2.5'; in mark.10 → '10' Equal '2.5'
    "#);
}

#[test]
fn a_cell_is_the_first_groups() {
    let catalog = SHOP.replace(
        "metrics:\n",
        "  high: bucket(points, 10, 20)\n  old: bucket(birth_date, 1980-01-01, 2000-01-01)\nmetrics:\n",
    );
    let rules = "charts: { ages: { by: [high, old], groups: { best: [33, '2[2-3]'], good: [3x], rest: ['1[1-2]'] } } }";
    let ir = compiled(&project(&catalog, rules));
    assert_snapshot!(segments(&ir), @r#"
    ages.best: (bucket(points, 10, 20) * 10 + bucket(birth_date, 1980-01-01, 2000-01-01)) in [22 23 33]
    ages.good: (bucket(points, 10, 20) * 10 + bucket(birth_date, 1980-01-01, 2000-01-01)) in [31 32]
    ages.rest: (bucket(points, 10, 20) * 10 + bucket(birth_date, 1980-01-01, 2000-01-01)) in [11 12]
    "#);
    let crate::ir::PartitionForm::Chart(chart) = &ir.partitions[0].form else { panic!("a chart") };
    let owner = |cell: &Option<u32>| cell.map_or("-".to_owned(), |group| group.to_string());
    assert_eq!(chart.scale, 3);
    assert_eq!(chart.cells.iter().map(owner).collect::<String>(), "22--00110");
}

#[test]
fn keys_written_out_come_after_the_condition() {
    let rules = "\
segments:
  vip: { when: active, include: [C1, C2], exclude: [C3] }
  few: { when: points > 5, within: vip, exclude: [C1] }
";
    assert_snapshot!(meaning(rules), @r#"
    vip: (active or customer_id among ['C1', 'C2']) and not customer_id among ['C3']
    few (within vip): in vip and not customer_id among ['C1'] and points Greater 5
    "#);
}

/// The bounds of a part's share, in 2^64ths.
fn share(ir: &Ir, node: NodeId) -> (BigRational, BigRational) {
    let Node::And(parts) = ir.node(node) else { panic!("a member, and drawn") };
    let all = BigRational::from(num_bigint::BigInt::one() << 64);
    let bound = |wanted: CompareOp| {
        parts.iter().find_map(|part| match ir.node(*part) {
            Node::Compare(op, hash, bound) if *op == wanted && matches!(ir.node(*hash), Node::KeyHash { .. }) => {
                match ir.node(*bound) {
                    Node::Constant(Value::Number(number)) => Some(number / &all),
                    _ => None,
                }
            }
            _ => None,
        })
    };
    let from = bound(CompareOp::GreaterOrEqual).unwrap_or_else(BigRational::zero);
    (from, bound(CompareOp::Less).expect("a share ends"))
}

#[test]
fn parts_of_a_split_follow_each_other() {
    let rules = "\
segments:
  campaign: { when: active, split: { salt: x, a: 33.3%, b: 45%, rest: 0.7%, holdout: 21% } }
  s: { when: \"sample(33.3%, 'x')\" }
";
    let ir = compiled(&project(SHOP, rules));
    let parts = &ir.partitions[0].parts;
    let shares: Vec<_> = parts.iter().map(|part| share(&ir, ir.segment(*part).condition)).collect();
    assert_eq!(shares[0].0, BigRational::zero());
    assert!(shares.windows(2).all(|pair| pair[0].1 == pair[1].0), "{shares:?}");
    assert_eq!(shares[3].1, BigRational::one());
    assert_eq!(shares[0].1, BigRational::new(333.into(), 1000.into()));
    assert!(parts.iter().all(|part| ir.segment(*part).within == Some(crate::ir::SegmentId(0))));
    let Node::And(of_part) = ir.node(ir.segment(parts[0]).condition) else { panic!("a member, and drawn") };
    assert!(of_part.contains(&super::condition(&ir, "s")), "a sample of the salt and share is the first part");
}
