//! Every form of the language, worded in all four. Read them as a marketer would: each line must say what the rule says, no less.

use insta::assert_snapshot;

use super::survey;

/// All conditions that are shown here, for the test of coverage.
pub(super) const ALL: &[&[&str]] = &[
    COMPARISONS, TIMES, LISTS, LOGIC, TEXT, NEARNESS, OTHERS, NUMBERS, PARTS, WINDOWS, CALENDAR, ROWS, AGGREGATES, SEQUENCES, RANKS,
];

const COMPARISONS: &[&str] = &[
    "spend_90d > 500",
    "points = 5",
    "city != 'Jakarta'",
    "visits != 3",
    "points < 20_000_000.50",
    "points <= -5",
    "spend >= 1_500",
    "points between 1 and 10",
    "points not between 1 and 10",
    "active",
    "active = true and not loyal",
    "active is not true",
    "active != true",
    "city = 'JAKARTA' ignoring case",
];

#[test]
fn comparisons() {
    assert_snapshot!(survey(COMPARISONS), @"");
}

const TIMES: &[&str] = &[
    "joined = today",
    "joined < 2026-03-31",
    "joined <= 2026-03-31T10:00",
    "joined > 90d ago",
    "joined >= 2026-03-31T10:00+07:00",
    "joined <= now",
    "now - joined > 30d",
    "now - joined >= 36h",
    "now - joined < 1w",
    "now - joined <= 1d",
    "birthday + 18y <= today",
];

#[test]
fn times() {
    assert_snapshot!(survey(TIMES), @"");
}

const LISTS: &[&str] = &[
    "city in ('Jakarta', 'Bandung')",
    "city not in ('Jakarta', 'Bandung')",
    "city is in ('Jakarta', 'Bandung')",
    "city is not in ('Jakarta', 'Bandung')",
    "city is 'Jakarta'",
    "city is not 'Jakarta'",
    "city is known",
    "city is unknown",
    "tags contains 'golf'",
    "tags not contains 'golf'",
    "tags contains any of ('golf', 'tennis')",
    "tags contains all of ('golf', 'tennis')",
    "tags contains none of ('golf', 'tennis')",
    "tags contains at least 2 of ('golf', 'tennis', 'chess')",
    "tags not contains any of ('golf', 'tennis')",
    "tags not contains all of ('golf', 'tennis')",
    "tags not contains none of ('golf', 'tennis')",
    "tags not contains at least 2 of ('golf', 'tennis', 'chess')",
];

#[test]
fn lists() {
    assert_snapshot!(survey(LISTS), @"");
}

const LOGIC: &[&str] = &[
    "points > 5 and visits > 3 or city = 'Jakarta'",
    "not city = 'Jakarta'",
    "not (city = 'Jakarta' and visits > 3)",
    "visits > 3 and not (visits > 10 or visits = 7)",
    "true",
    "false or visits > 3",
    "any(sales where channel = 'web' and (quantity > 3 or quantity = 1))",
    "spend[channel = 'web' or quantity > 5 and gift = true] > 500",
];

#[test]
fn logic() {
    assert_snapshot!(survey(LOGIC), @"");
}

const TEXT: &[&str] = &[
    "city contains 'karta'",
    "city not contains 'karta'",
    "city starts with 'J'",
    "city not starts with 'J'",
    "city ends with 'a'",
    "city not ends with 'a'",
    "city like 'Jak%'",
    "city not like 'Jak%'",
    "city matches '^J.*a$'",
    "city not matches '^J.*a$'",
    "length(city) > 5",
    "lower(city) = upper(city)",
];

#[test]
fn text() {
    assert_snapshot!(survey(TEXT), @"");
}

const NEARNESS: &[&str] = &[
    "birthday within next 7 days",
    "birthday within last 1 day",
    "birthday not within next 2 weeks",
    "birthday not within last 3 months",
    "anniversary of birthday within next 14 days",
];

#[test]
fn nearness() {
    assert_snapshot!(survey(NEARNESS), @"");
}

const OTHERS: &[&str] = &["in regulars", "not in regulars", "sample(10%, 'holdout-2026')", "household.income > 5_000"];

#[test]
fn others() {
    assert_snapshot!(survey(OTHERS), @"");
}

const NUMBERS: &[&str] = &[
    "spend_90d >= 1.5 * spend_prev_90d",
    "spend_90d > 50% * spend_365d",
    "spend / visits - 2 * (points + 1) > 100",
    "-points < 5",
    "abs(points - 10) <= 2",
    "round(basket) = 10",
    "round(basket, 2) = 10.25",
    "least(points, 100) = 100",
    "greatest(points, visits) > 10",
    "coalesce(points, 0) = 0",
    "bucket(points, 10, 50, 100) = 3",
];

#[test]
fn numbers() {
    assert_snapshot!(survey(NUMBERS), @"");
}

const PARTS: &[&str] = &[
    "age(birthday) >= 18",
    "day(joined) = 2026-03-31",
    "week(joined) = 2026-03-30",
    "month(joined) = 2026-03-01",
    "quarter(joined) = 2026-01-01",
    "year(joined) = 2026-01-01",
    "hour_of_day(joined) >= 18",
    "weekday(joined) = 'sunday'",
    "day_of_month(joined) = 1",
    "month_of_year(joined) = 12",
];

#[test]
fn parts() {
    assert_snapshot!(survey(PARTS), @"");
}

const WINDOWS: &[&str] = &[
    "visits > 3",
    "visits_1d > 3",
    "visits_2d > 3",
    "visits_21d > 3",
    "visits over 1 week > 3",
    "visits over 3 weeks > 3",
    "visits over 36h > 3",
    "visits over 5min > 3",
    "visits_1mo > 3",
    "visits over 2q > 3",
    "visits over 1 year > 3",
    "visits over 5 years > 3",
    "visits_prev_90d > 3",
    "visits over previous 1 month > 3",
    "visits over 60d ending 30d ago > 3",
    "visits since 2026-01-01 > 3",
    "visits until 2026-03-31T10:00 > 3",
    "visits over 2026-01-01 to 2026-03-31 > 3",
];

#[test]
fn windows() {
    assert_snapshot!(survey(WINDOWS), @"");
}

const CALENDAR: &[&str] = &[
    "visits_today > 3",
    "visits_wtd > 3",
    "visits_mtd > 3",
    "visits_qtd > 3",
    "visits_ytd > 3",
    "visits_yesterday > 3",
    "visits_last_week > 3",
    "visits_last_month > 3",
    "visits_last_quarter > 3",
    "visits_last_year > 3",
    "visits over previous today > 3",
    "visits_prev_wtd > 3",
    "visits_prev_mtd > 3",
    "visits_prev_qtd > 3",
    "visits_prev_ytd > 3",
];

#[test]
fn calendar() {
    assert_snapshot!(survey(CALENDAR), @"");
}

const ROWS: &[&str] = &[
    "any(sales over 90d where channel = 'web')",
    "none(sales)",
    "every(sales over 90d have channel = 'web') and any(sales over 90d)",
    "spend_90d[channel = 'web'] > 500",
    "any(sales where product.category = 'Shoes' and at > 3d ago)",
    "any(sales where value > 2 * customer.basket and customer.region = 'Jakarta')",
    "any(sales where number = 3 and gap < 7d)",
    "any(sales where channel is not 'web')",
];

#[test]
fn rows() {
    assert_snapshot!(survey(ROWS), @"");
}

const AGGREGATES: &[&str] = &[
    "count(sales over 90d) > 3",
    "count(sku of sales) > 3",
    "count(distinct sku of sales where channel = 'web') > 3",
    "sum(value of sales) > 500",
    "avg(value of sales) > 500",
    "min(value of sales) > 500",
    "max(value of sales) > 500",
    "min(at of sales) > 90d ago",
    "max(at of sales) > 90d ago",
    "median(value of sales) > 500",
    "stddev(value of sales) < 10",
    "percentile(90, value of sales) > 500",
    "first(at of sales) > 90d ago",
    "last(channel of sales) = 'web'",
    "mode(channel of sales) = 'web'",
    "mode_share(channel of sales) > 50%",
];

#[test]
fn aggregates() {
    assert_snapshot!(survey(AGGREGATES), @"");
}

const SEQUENCES: &[&str] = &[
    "sequence(sales where category = 'Shoes' then sales where category = 'Socks')",
    "sequence(sales as bought then within 30d returns where sku = bought.sku) over 90d",
    "sequence(sales then never within 7d returns then sales) within 14d",
    "sequence(sales then never returns) over this year within 2mo",
    "visits > 3 and not sequence(sales then sales)",
];

#[test]
fn sequences() {
    assert_snapshot!(survey(SEQUENCES), @"");
}

const RANKS: &[&str] = &[
    "quintile(spend_365d among (orders > 0)) = 5",
    "decile(last_sale) >= 9",
    "ntile(4, basket) = 4",
    "score(4, basket per region) = 4",
    "percent_rank(spend among (orders > 0)) > 90%",
    "spend > percentile(90, spend among (orders > 0))",
    "basket > percentile(90, basket)",
    "top 10% by spend_365d among (orders > 0) per region",
    "top 100 by last_sale among (in regulars)",
    "bottom 5 by basket",
    "bottom 2.5% by basket",
];

#[test]
fn ranks() {
    assert_snapshot!(survey(RANKS), @"");
}
