//! What is frozen.

use super::*;

fn cuts(values: &[(i64, Option<i64>)], form: RankForm) -> String {
    let batches = [subjects(values)];
    let case = Case { kind: Kind::Whole, keys: Keys::Whole, per: None, batches: &batches };
    let cuts = case.population().cut_points(form).unwrap();
    assert!(cuts.per.is_none() && cuts.groups.len() == 1);
    let group = &cuts.groups[0];
    let bounds: Vec<_> = (0..group.bounds.len()).map(|row| cell(&group.bounds, row)).collect();
    format!("{}: {}", group.population, bounds.join(" "))
}

#[test]
fn the_least_values() {
    let values = [(1, Some(10)), (2, Some(30)), (3, Some(30)), (4, None), (5, Some(30)), (6, Some(50)), (7, Some(20))];
    assert_eq!(cuts(&values, RankForm::Tile(4)), "6: 30 30 50");
    assert_eq!(cuts(&values, RankForm::Tile(10)), "6: 20 30 30 30 50");
    assert_eq!(cuts(&values, RankForm::Score(5)), "6: 20 30 30 30");
    assert_eq!(cuts(&values, RankForm::Score(7)), "6: 10 20 30 30 30 50");
    assert_eq!(cuts(&values, RankForm::Highest(RankCount::Number(2))), "6: 30");
    assert_eq!(cuts(&values, RankForm::Lowest(RankCount::Share(10_000_000))), "6: 10");
    assert_eq!(cuts(&values, RankForm::Percentile(10_000_000)), "6: 15");
    assert_eq!(cuts(&[(1, None)], RankForm::Percentile(10_000_000)), "0: ");
    assert_eq!(cuts(&[(1, None)], RankForm::Score(3)), "0: ");
    assert_eq!(cuts(&[(1, None)], RankForm::Tile(3)), "0: ");
}

#[test]
fn groups_are_sorted_unknown_first() {
    let of = |key, value, per| Subject { key, value: Some(value), member: Some(true), per };
    let nobody = Subject { value: None, ..of(9, 0, Some(99)) };
    let batches = [vec![of(1, 5, Some(7)), of(2, 6, None), nobody], vec![of(3, 8, Some(-2)), of(4, 9, Some(7))]];
    let case = Case { kind: Kind::Decimal, keys: Keys::Text, per: Some(Kind::Date), batches: &batches };
    let cuts = case.population().cut_points(RankForm::Tile(2)).unwrap();
    assert_eq!(cuts.per.unwrap().as_ref(), &Date32Array::from(vec![None, Some(-2), Some(7)]));
    let sizes: Vec<_> = cuts.groups.iter().map(|group| group.population).collect();
    assert_eq!(sizes, [1, 1, 2]);
    let expected = Decimal128Array::from(vec![9]).with_precision_and_scale(38, 2).unwrap();
    assert_eq!(cuts.groups[2].bounds.as_ref(), &expected);
    assert!(case.population().cut_points(RankForm::PercentRank).is_err());
}
