//! A corpus of valid expressions: each is read without a word, and its canonical spelling is known.

use insta::assert_snapshot;

use super::parse;
use crate::syntax::ast::{ExprKind, Literal, Window};
use crate::syntax::print;

/// As written, and as printed; nothing behind the arrow means the same.
const CORPUS: &[&str] = &[
    "spend_90d > 500 and visits_30d >= 2 and region = 'Jakarta'",
    "a or b and not c = d or not not e",
    "(a or b) and c",
    "((a)) => a",
    "(a and b) and c => a and b and c",
    "not (a and b)",
    "not (a = b) => not a = b",
    "NOT a AND b OR c => not a and b or c",
    "a + b - c * d / -e",
    "(a + b) - c => a + b - c",
    "a - (b - c)",
    "a * (b / c) / d",
    "-(a + b)",
    "- (-a) => -(-a)",
    "(a = b) = true",
    "a = b ignoring case",
    "a != \"it's\" => a != 'it''s'",
    "a = 'say \"no\"'",
    "x between 1 and 5 and y not between 2 + 1 and z",
    "x in (1, 2) or x not in ('a', 'b') ignoring case",
    "x is 'Jakarta' and y is not 'Bandung' ignoring case",
    "x is in (1, 2) and x is not in (3)",
    "x is known and y is unknown and z is not known and w is not unknown \
     => x is known and y is unknown and z is unknown and w is known",
    "name starts with 'A' and name not ends with 'z' and name like 'A%' and name matches '^A.*z$' ignoring case",
    "tags contains 'a' and tags not contains any of ('a', 'b') and tags contains all of ('a')",
    "tags contains none of ('x') or tags contains at least 2 of ('a', 'b', 'c') ignoring case",
    "abs(a - b) > greatest(a, b, 3) and coalesce(x, 0) = ROUND(y, 2) => abs(a - b) > greatest(a, b, 3) and coalesce(x, 0) = round(y, 2)",
    "day(at) = today and hour_of_day(at) < 12",
    "at > now and at <= 90d ago",
    "at > 90 days ago and at < 1 week ago => at > 90d ago and at < 1w ago",
    "gap > 2 QUARTERS or gap > 30min or gap > 6h or gap > 1y => gap > 2q or gap > 30min or gap > 6h or gap > 1y",
    "at >= 2026-03-31 and at < 2026-03-31T10:00 and at < 2026-03-31T10:00:05.25",
    "at = 2026-03-31T10:00+07:00 and at = 2026-03-31T10:00Z => at = 2026-03-31T10:00+07:00 and at = 2026-03-31T10:00+00:00",
    "birthday within next 7 days => birthday within next 7d",
    "anniversary of birthday not within last 3d",
    "1_000.50 < 20000000 => 1000.50 < 20_000_000",
    "share >= 80% and share < 12.5%",
    "spend over last 90 days > 0 => spend over 90d > 0",
    "spend over previous 90d / spend over prev 90 days => spend over previous 90d / spend over previous 90d",
    "spend over 60d ending 30d ago > spend over last 60 days ending 30 days ago => spend over 60d ending 30d ago > spend over 60d ending 30d ago",
    "spend over today + spend over yesterday + spend over this week + spend over last month",
    "spend over mtd + spend over ytd => spend over this month + spend over this year",
    "spend over last 3 months + spend over last month => spend over 3mo + spend over last month",
    "spend over previous mtd > spend over previous qtd",
    "spend over 2026-01-01 to 2026-03-31 > 5",
    "spend since 2026-01-01 + spend over until 2026-01-01T12:00 => spend since 2026-01-01 + spend until 2026-01-01T12:00",
    "spend_90d[channel = 'web'] > 5",
    "spend[channel = 'web'] over 90d > spend over 90d[channel = 'web']",
    "sum(value of sales over 90d where category = 'Shoes') > 5",
    "count(sales) + count(x of sales) + count(distinct day(at) of sales since 2026-01-01)",
    "count(distinct) + count(distinct of sales) => count(`distinct`) + count(`distinct` of sales)",
    "last(x of t) + first(x of t) + mode(x of t) + mode_share(x of t) + stddev(x of t) + median(x of t)",
    "min(x of t) + max(x of t) + avg(x of t)",
    "percentile(90, x of t) > percentile(99.9, x of t where y)",
    "sum(value) + sum(value where paid) / count() + count(where paid and value > 1)",
    "count(distinct day(at)) + count(product.sku) + count(distinct x where y = 1) + percentile(90, value where paid)",
    "count(x) + count(x where y) + count(`now`) + first(x) + mode(a + b where c) + avg(spend over 90d where x)",
    "sum(distinct) + count(distinct where a) => sum(`distinct`) + count(`distinct` where a)",
    "sequence(sales then returns)",
    "sequence(sales as bought over 90d where category = 'Shoes' then within 30 days sales where sku = bought.sku \
     then never within 7d returns where at > bought.at) over 90d within 60d \
     => sequence(sales as bought over 90d where category = 'Shoes' then within 30d sales where sku = bought.sku \
     then never within 7d returns where at > bought.at) over 90d within 60d",
    "SEQUENCE(a THEN NEVER b Then Never c then d) Within 2w SINCE 2026-01-01 and x \
     => sequence(a then never b then never c then d) since 2026-01-01 within 2w and x",
    "sequence(never then as as as then within 1d never then `then`) or not sequence(`never` as x then never `never`) \
     => sequence(`never` then as as as then within 1d `never` then `then`) or not sequence(`never` as x then never `never`)",
    "sequence(a where then_some = 1 then b where any(c where sequence(d then e where x within last 3d))) = true",
    "sequence = never and as > then_ and sequence.never is known",
    "any(sales over 30d where channel = 'web' or paid) and none(returns)",
    "every(sales over 90d where paid have value > 5)",
    "in jakarta_vip and not in churned and in loyalty.gold and in segment x => in jakarta_vip and not in churned and in loyalty.gold and in x",
    "not (in x) or not (not in x) or not not in x => not (in x) or not (not in x) or not (not in x)",
    "QUINTILE(spend) = 5 and Decile( spend_365d ) >= 9 => quintile(spend) = 5 and decile(spend_365d) >= 9",
    "ntile(5, spend) + ntile(10, spend) + ntile(4, spend) => quintile(spend) + decile(spend) + ntile(4, spend)",
    "quintile(spend among (visits > 0 or in vip) per region) is known",
    "ntile(1_000, -recency + 1 among (a) per month(joined)) => ntile(1000, -recency + 1 among (a) per month(joined))",
    "score(5, sum(value of sales over 90d where paid) per region) = score(3, a) and percent_rank(x) > 0.5",
    "percentile(90, spend among (visits > 0) per region) < spend",
    "spend > percentile(90, spend per region)",
    "top 10% by spend and not bottom 100 by visits_90d or TOP 0.5% BY a => top 10% by spend and not bottom 100 by visits_90d or top 0.5% by a",
    "top 20000 by a + b * 2 among (a > 0 and region = 'x') per region => top 20_000 by a + b * 2 among (a > 0 and region = 'x') per region",
    "top 10 by spend over 90d per region or (top 1 by x) = true and (bottom 2 by y) is known",
    "top 10% by spend[channel = 'web'] among ((not in vip)) => top 10% by spend[channel = 'web'] among (not in vip)",
    "top 1 by top 2 by a among (b) per c => top 1 by (top 2 by a among (b) per c)",
    "quintile(quintile(a among (top 5 by b per c)) among (d))",
    "quintile(a > 1 or b among (c)) => quintile((a > 1 or b) among (c))",
    "sample(10%, 'holdout-2026') and not Sample(0.5%, \"it's\") => sample(10%, 'holdout-2026') and not sample(0.5%, 'it''s')",
    "sku in file 'lists/skus.txt' and sku not in file 'x.csv' ignoring case",
    "in file 'vips.csv' and not in file \"a.txt\" and not not in file 'b' => in file 'vips.csv' and not in file 'a.txt' and not (not in file 'b')",
    "not (in file 'a') or not (not in file 'a' ignoring case)",
    "top = bottom + score - quintile and decile > ntile or sample in (percent_rank, top)",
    "top - 10 > bottom and top over 90d > 5 and in top and in file and not in file",
    "customer.region = product.category",
    "last = first + top and day > at and any or none and segments and file",
    "`now` > now and `over` = 'x' and `Jumlah Beli` > 3 and `known`.x is `known`",
    "nama_kota = 'Jakarta' and größe > 3 and 顧客 = 'x'",
    "order > android and notes = inx and isx and todays",
    "a\n  = 1\n\tand b\r\n = 2 => a = 1 and b = 2",
];

#[test]
fn every_valid_expression_has_its_canonical_spelling() {
    for case in CORPUS {
        let (source, canonical) = case.split_once(" => ").unwrap_or((case, case));
        let (expr, found) = parse(source);
        assert_eq!(found, [], "{source}");
        assert_eq!(print(&expr), canonical, "{source}");
        let (again, found) = parse(canonical);
        assert_eq!(found, [], "{canonical}");
        assert_eq!(again, expr, "{source}");
    }
}

#[test]
fn names_are_composed() {
    let (decomposed, _) = parse("cafe\u{301} = 1");
    let (composed, _) = parse("café = 1");
    assert_eq!(decomposed, composed);
}

#[test]
fn words_of_phrases_are_words_only_there() {
    let (expr, found) = parse("a is knowns or x over 3 months[a] = b");
    assert_eq!(found, []);
    assert_eq!(print(&expr), "a is knowns or x over 3mo[a] = b");
}

#[test]
fn last_month_is_the_calendars_and_last_3_months_roll() {
    let window = |source: &str| match parse(source).0.kind {
        ExprKind::Windowed { window, .. } => window,
        other => panic!("{source}: {other:?}"),
    };
    assert!(matches!(window("x over last month"), Window::Last(_)));
    assert!(matches!(window("x over last 1 month"), Window::Rolling(_)));
}

#[test]
fn numbers_are_exact() {
    let number = |source: &str| match parse(source).0.kind {
        ExprKind::Literal(Literal::Number(number)) => number.to_string(),
        other => panic!("{source}: {other:?}"),
    };
    assert_eq!(number("0.1000"), "0.1000");
    assert_eq!(number("79_228_162_514_264_337_593_543_950_335"), "79228162514264337593543950335");
}

#[test]
fn a_tree_with_its_places() {
    assert_snapshot!(format!("{:?}", parse("not (a) = -1 or  b over 90d").0), @r#"
    Expr { kind: Or([Expr { kind: Not(Expr { kind: Compare { op: Equal, left: Expr { kind: Name(Path { parts: [Ident { text: "a", span: 0:5-6 }] }), span: 0:5-6 }, right: Expr { kind: Negate(Expr { kind: Literal(Number(1)), span: 0:11-12 }), span: 0:10-12 }, ignoring_case: false }, span: 0:4-12 }), span: 0:0-12 }, Expr { kind: Windowed { metric: Expr { kind: Name(Path { parts: [Ident { text: "b", span: 0:17-18 }] }), span: 0:17-18 }, window: Rolling(Duration { count: 90, unit: Day }) }, span: 0:17-27 }]), span: 0:0-27 }
    "#);
}

#[test]
fn places_exclude_brackets_and_spaces() {
    let (expr, _) = parse("  ( a  +  b )  ");
    assert_eq!(expr.span.range(), 4..12 - 1);
}
