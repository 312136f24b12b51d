//! Every mistake that is understood, with what is said about it; and each offer, taken, removes what it was offered for.

use insta::assert_snapshot;

use super::{describe, fixed, mistakes_in_ranks, mistakes_in_sequences, parse};
use crate::syntax::print;

const COURTESIES_OF_OTHER_LANGUAGES: &[&str] = &[
    "spend == 5 dan visits <> 2 && x ≥ 3 || y ≤ 4 and z ≠ 1",
    "region = ‘Jakarta’ and city = “Kota's”",
    "a&&b||!c",
    "!in vip and !(a = 1)",
    "tidak active",
    "bukan in vip",
    "region bukan 'Jakarta'",
    "region tidak in ('a', 'b') atau x = 1",
    "spend > Rp. 1.000.000 dan x = 2",
    "a => 5 and b =< 6",
    "a > = 5",
    "a not = 5",
    "spend more than 5 and visits at least 3",
    "spend is greater than 5",
    "spend_90d >= 5.000.000 dan (region == \"Jakarta\" atau region = 'Bandung') dan tidak in churned",
];

const NUMBERS: &[&str] = &[
    "spend > 1.000.000",
    "spend > 1.000.000,50",
    "spend > 1,5",
    "spend > 1,500,000 and x = 1",
    "spend > Rp 500",
    "spend > Rp1.000.000",
    "spend > 5 juta",
    "spend > 1.5jt",
    "spend > 500k",
    "spend > 1e6",
    "80 % < x",
    "x > .5 and y < 5. and z = 1",
    "x = +5",
    "x % 5 = 1",
    "spend > 500 IDR",
];

const DATES_AND_LENGTHS: &[&str] = &[
    "spend over 90 hari > 5",
    "joined > 3 bulan ago",
    "at >= 2026-3-1",
    "at >= 2026-02-30",
    "at >= 2026-03-31 10:00",
    "at >= 2026-03-31T10",
    "at > 2026-03-31T25:00",
    "at > 31/03/2026 and at < 31-12-2026 or at = 2026/3/31 or at = 31.03.2026",
    "spend > 12m",
    "spend over 90 > 5",
    "spend over last 3 > 5",
    "birthday within 7 days",
    "spend over 1.5d > 1",
    "spend over 90x > 1",
    "spend over 90",
];

const QUOTES: &[&str] = &[
    "region = 'Jakarta",
    "region = 'Jakarta and spend > 5",
    "region = 'Jakarta and city = 'Bandung'",
    "region = Jakarta' and spend > 5",
    "region = \"Jakarta and (a = 1)",
    "x in ('a, 'b')",
    "`abc = 1",
    "region in ('Jakarta', 'Bandung and spend > 5",
];

const WINDOWS: &[&str] = &[
    "sum(value of sales) over 90d > 5",
    "sum(value of sales where a = 1) over last month > 5",
    "spend last 90 days > 5",
    "spend in last 90 days > 5",
    "spend over the last 90 days > 5",
    "spend over previous month > 5",
    "spend over 2026-01-01 > 5",
    "spend over 2026-01-01 - 2026-02-01 > 5",
    "abs(spend) over 90d > 5",
    "spend over 90d over 30d > 1",
    "spend over last month > 5 and (visits > 3 or aov > 100 and in vip",
];

const ORDER_OF_CLAUSES: &[&str] = &[
    "sum(value of sales where category = 'Shoes' over 90d) > 5",
    "sum(value of sales where paid over 90d) > 5",
    "sum(value of sales where a = 'x' since 2026-01-01)",
    "count(sales) where channel = 'web' > 3",
    "count(*) > 3",
    "max(a, b) > 3",
    "sum(value from sales)",
    "spend where channel = 'web'",
    "every(sales where a = 1)",
    "any(sales have a = 1)",
    "any(sales where b = 2 have a = 1)",
    "sum(value of sales)[x = 1] > 5",
];

const UNKNOWN_VALUES: &[&str] =
    &["x is null and y is not null and z = null and w != null", "x not null", "coalesce(x, null) = 1"];

const BRACKETS: &[&str] = &[
    "(a = 1 and b = 2",
    "a = 1) and b = 2",
    "(a = 1] and b = 2",
    "sum(value of sales > 500",
    "spend[channel = 'web' > 5",
    "in ()",
    "x in ()",
    "x in (1, 2,)",
    "if(spend > 5, 1, 0",
    "region in ['a', 'b']",
];

const CONNECTIVES_AND_OPERATORS: &[&str] = &[
    "and a = 1",
    "a = 1 and",
    "a = 1 and and b = 2",
    "a = 1 or and b = 2",
    "(a = 1 and) or b = 2",
    "1 < a < 2",
    "1 <= spend <= 2 and x = 1",
    "a =",
    "a = and b = 5",
    "a = 1 and b > ",
    "over = 3 and per > 5",
    "a = per",
    "region 'Jakarta'",
    "a = 1, b = 2",
    "big spender = 1",
    "a = 5;",
    "a = 1 -- comment",
    "a = 1 # comment",
    "x between 1 and",
    "x between and 5",
    "a < b ignoring case",
    "name like 'x%' ignoring",
    "spend_90d > 500 visits > 3",
    "a ? b",
    "in ('a', 'b')",
    "not in",
    "spend > 5 5",
    "x between 1",
    "x between 1 to 5 and y = 1",
    "a = 1 und b = 2",
    "spend >",
    "",
    "(a = 1 and b = (2 + c",
    "a.b.(c)",
    "spend over soon > 3",
    "a = 1 2026-01-01",
    "а_latin_a = 1",
    "x =\u{a0}5 and\u{200b} y",
    "name = 'a\u{200b}b'",
    "`a` `b` = 1",
    "x starts 'a'",
    "1 = 1 = 1",
    "a is > 5",
    "visits mod 3 = 1",
    "abs(a b) = 1",
    "spend ago > 3",
    "in",
    "over 90d",
];

const WHAT_PEOPLE_WRITE: &[&str] = &[
    "spend > 500 && region == 'Jakarta' || !(in vip)",
    "customer bought shoes in last 30 days",
    "WHERE spend > 5",
    "if spend > 5",
    "spend >= 500 and <= 900",
    "region in 'Jakarta', 'Bandung'",
    "region in (Jakarta Bandung)",
    "between 1 and 5",
    "spend between (1, 5)",
    "count(sales where a = 1 and )",
    "sum(value of sales where category = 'Shoes' and over 90d)",
    "a = 'it's'",
    "name = 'Jum'at' and x = 1",
    "at > 30 days before today",
    "tags contains any ('a', 'b')",
    "tags contains any of 'a'",
    "name starts 'A'",
    "name startswith 'A'",
    "name ends with",
    "birthday in next 7 days",
    "spend_90d > 500,",
    ")(",
    "in 'vip'",
    "in (vip)",
    "count sales > 3",
    "count(sales, 90d)",
    "sum(value) over 90d",
    "sum(value) of sales over 90d where a = 1 and b = 2",
    "count(distinct sku where a = 1) of sales",
    "sum(value of sales over 90d, category = 'Shoes')",
    "every(sales have a = 1 where b = 2)",
    "spend over 2026-01-01 to > 5",
    "spend over last month ago",
    "not",
    "x is not",
    "spend_90d > 500 spend_30d",
    "(a = 1 or b = 2)) and (c = 3",
    "a = 1 or (b = 2 and c = 3]",
    "spend 90d > 5",
    "sum of value > 3",
    r#"region = 'Jakarta" and x = 1"#,
    r#"region = “Jakarta" and x = 1"#,
    "a = b = c",
    "a = 1 AND OR b = 2",
    "and and",
    "a dan dan b",
    "x in (1 2)",
    "x in 1",
    "spend over 90d ending 30d > 1",
    "a * / b = 1",
    "spend > -",
    "spend = 500 rupiah",
    "a ≥ 5 && b ≤ 6 dan c ≠ 7 atau !d",
    "f(a = 1, b",
    "spend >= 5_000 per month",
    "in segment",
    "within next 3 days",
    "-- only",
];

/// Each text, the tree that is gone on with, and what is said.
pub(super) fn report(corpus: &[&str]) -> String {
    let mut lines = Vec::new();
    for source in corpus {
        let (expr, found) = parse(source);
        lines.push(format!("{source} => {}", print(&expr)));
        lines.extend(found.iter().map(|diagnostic| format!("  {}", describe(source, diagnostic))));
    }
    lines.join("\n").replace('\u{200b}', "<200b>").replace('\u{a0}', "<a0>")
}

#[test]
fn courtesies_of_other_languages() {
    assert_snapshot!(report(COURTESIES_OF_OTHER_LANGUAGES), @r#"
    spend == 5 dan visits <> 2 && x ≥ 3 || y ≤ 4 and z ≠ 1 => spend = 5 and visits != 2 and x >= 3 or y <= 4 and z != 1
      K204 6..8 `==` is written `=` here | => spend = 5 dan visits <> 2 && x ≥ 3 || y ≤ 4 and z ≠ 1
      K205 11..14 `dan` is written `and` | => spend == 5 and visits <> 2 && x ≥ 3 || y ≤ 4 and z ≠ 1
      K204 22..24 `<>` is written `!=` here | => spend == 5 dan visits != 2 && x ≥ 3 || y ≤ 4 and z ≠ 1
      K204 27..29 `&&` is written `and` here | => spend == 5 dan visits <> 2 and x ≥ 3 || y ≤ 4 and z ≠ 1
      K204 32..35 `≥` is written `>=` here | => spend == 5 dan visits <> 2 && x >= 3 || y ≤ 4 and z ≠ 1
      K204 38..40 `||` is written `or` here | => spend == 5 dan visits <> 2 && x ≥ 3 or y ≤ 4 and z ≠ 1
      K204 43..46 `≤` is written `<=` here | => spend == 5 dan visits <> 2 && x ≥ 3 || y <= 4 and z ≠ 1
      K204 55..58 `≠` is written `!=` here | => spend == 5 dan visits <> 2 && x ≥ 3 || y ≤ 4 and z != 1
    region = ‘Jakarta’ and city = “Kota's” => region = 'Jakarta' and city = 'Kota''s'
      K204 9..22 text is quoted with `'`, found `‘` and `’` | => region = 'Jakarta' and city = “Kota's”
      K204 34..46 text is quoted with `'`, found `“` and `”` | => region = ‘Jakarta’ and city = 'Kota''s'
    a&&b||!c => a and b or not c
      K204 1..3 `&&` is written `and` here | => a and b||!c
      K204 4..6 `||` is written `or` here | => a&&b or !c
      K205 6..7 `!` is written `not` here | => a&&b|| not c
    !in vip and !(a = 1) => not in vip and not a = 1
      K205 0..1 `!` is written `not` here | => not in vip and !(a = 1)
      K205 12..13 `!` is written `not` here | => !in vip and not (a = 1)
    tidak active => not active
      K205 0..5 `tidak` is written `not` | => not active
    bukan in vip => not in vip
      K205 0..5 `bukan` is written `not` | => not in vip
    region bukan 'Jakarta' => region != 'Jakarta'
      K205 7..12 `bukan` is written `!=` | => region != 'Jakarta'
    region tidak in ('a', 'b') atau x = 1 => region not in ('a', 'b') or x = 1
      K205 7..12 `tidak` is written `not` | => region not in ('a', 'b') atau x = 1
      K205 27..31 `atau` is written `or` | => region tidak in ('a', 'b') or x = 1
    spend > Rp. 1.000.000 dan x = 2 => spend > 1_000_000 and x = 2
      K206 8..21 a number is written without a currency, found `Rp` | the currency of a metric is declared once, in the catalogue (`unit:`) | => spend > 1_000_000 dan x = 2
      K205 22..25 `dan` is written `and` | => spend > Rp. 1.000.000 and x = 2
    a => 5 and b =< 6 => a >= 5 and b <= 6
      K205 2..4 `=>` is written `>=` here | => a >= 5 and b =< 6
      K205 13..15 `=<` is written `<=` here | => a => 5 and b <= 6
    a > = 5 => a >= 5
      K205 2..5 `>=` is one sign, found `> =` | => a >= 5
    a not = 5 => a != 5
      K205 2..7 `not` cannot stand before `=` | => a != 5
    spend more than 5 and visits at least 3 => spend > 5 and visits >= 3
      K205 6..15 `more than` is written `>` | => spend > 5 and visits at least 3
      K205 29..37 `at least` is written `>=` | => spend more than 5 and visits >= 3
    spend is greater than 5 => spend > 5
      K205 6..21 `is greater than` is written `>` | => spend > 5
    spend_90d >= 5.000.000 dan (region == "Jakarta" atau region = 'Bandung') dan tidak in churned => spend_90d >= 5_000_000 and (region = 'Jakarta' or region = 'Bandung') and not in churned
      K206 13..22 a number is written with `.` for decimals only, found `5.000.000` | digits may be grouped with `_` | => spend_90d >= 5_000_000 dan (region == "Jakarta" atau region = 'Bandung') dan tidak in churned
      K205 23..26 `dan` is written `and` | => spend_90d >= 5.000.000 and (region == "Jakarta" atau region = 'Bandung') dan tidak in churned
      K204 35..37 `==` is written `=` here | => spend_90d >= 5.000.000 dan (region = "Jakarta" atau region = 'Bandung') dan tidak in churned
      K205 48..52 `atau` is written `or` | => spend_90d >= 5.000.000 dan (region == "Jakarta" or region = 'Bandung') dan tidak in churned
      K205 73..76 `dan` is written `and` | => spend_90d >= 5.000.000 dan (region == "Jakarta" atau region = 'Bandung') and tidak in churned
      K205 77..82 `tidak` is written `not` | => spend_90d >= 5.000.000 dan (region == "Jakarta" atau region = 'Bandung') dan not in churned
    "#);
}

#[test]
fn numbers() {
    assert_snapshot!(report(NUMBERS), @r#"
    spend > 1.000.000 => spend > 1_000_000
      K206 8..17 a number is written with `.` for decimals only, found `1.000.000` | digits may be grouped with `_` | => spend > 1_000_000
    spend > 1.000.000,50 => spend > 1_000_000.50
      K206 8..20 a number is written with `.` for decimals only, found `1.000.000,50` | digits may be grouped with `_` | => spend > 1_000_000.50
    spend > 1,5 => spend > 1.5
      K206 8..11 decimals stand behind a point, found `1,5` | => spend > 1.5
    spend > 1,500,000 and x = 1 => spend > 1_500_000 and x = 1
      K206 8..17 digits are grouped with `_`, found `1,500,000` | => spend > 1_500_000 and x = 1
    spend > Rp 500 => spend > 500
      K206 8..14 a number is written without a currency, found `Rp` | the currency of a metric is declared once, in the catalogue (`unit:`) | => spend > 500
    spend > Rp1.000.000 => spend > 1_000_000
      K206 8..19 a number is written without a currency, found `Rp` | the currency of a metric is declared once, in the catalogue (`unit:`) | => spend > 1_000_000
    spend > 5 juta => spend > 5_000_000
      K206 8..14 a number is written out in digits, found `5 juta` | digits may be grouped with `_` | => spend > 5_000_000
    spend > 1.5jt => spend > 1_500_000
      K206 8..13 a number is written out in digits, found `1.5jt` | digits may be grouped with `_` | => spend > 1_500_000
    spend > 500k => spend > 500_000
      K206 8..12 a number is written out in digits, found `500k` | digits may be grouped with `_` | => spend > 500_000
    spend > 1e6 => spend > 1_000_000
      K206 8..11 a number is written out, found `1e6` | => spend > 1_000_000
    80 % < x => 80% < x
      K206 0..4 a percentage is written `80%`, found `80 %` | => 80% < x
    x > .5 and y < 5. and z = 1 => x > 0.5 and y < 5 and z = 1
      K206 4..6 a number starts with a digit, found `.5` | => x > 0.5 and y < 5. and z = 1
      K206 15..17 digits are missing behind the point, found `5.` | => x > .5 and y < 5 and z = 1
    x = +5 => x = 5
      K201 4..5 `=` and `+` stand side by side | => x = 5
    x % 5 = 1 => x / 5 = 1
      K205 2..3 `%` stands behind a number, as in `80%`; there is no operator for remainders
    spend > 500 IDR => spend > 500
      K206 8..15 a number is written without a currency, found `IDR` | the currency of a metric is declared once, in the catalogue (`unit:`) | => spend > 500
    "#);
}

#[test]
fn dates_and_lengths() {
    assert_snapshot!(report(DATES_AND_LENGTHS), @r#"
    spend over 90 hari > 5 => spend over 90d > 5
      K208 11..18 a length of time is written `90d`, found `90 hari` | the units are `min h d w mo q y` | => spend over 90d > 5
    joined > 3 bulan ago => joined > 3mo ago
      K208 9..16 a length of time is written `3mo`, found `3 bulan` | the units are `min h d w mo q y` | => joined > 3mo ago
    at >= 2026-3-1 => at >= 2026-03-01
      K207 6..14 a date is written `2026-03-01`, found `2026-3-1` | => at >= 2026-03-01
    at >= 2026-02-30 => at >= …
      K207 6..16 `2026-02-30` does not exist: month 2 of 2026 has 28 days
    at >= 2026-03-31 10:00 => at >= 2026-03-31T10:00
      K207 6..22 a time is written `2026-03-31T10:00`, found `2026-03-31 10:00` | => at >= 2026-03-31T10:00
    at >= 2026-03-31T10 => at >= 2026-03-31T10:00
      K207 6..19 a time is written `2026-03-31T10:00`, found `2026-03-31T10` | => at >= 2026-03-31T10:00
    at > 2026-03-31T25:00 => at > …
      K207 5..21 `2026-03-31T25:00` does not exist: hours go to 23, minutes and seconds to 59
    at > 31/03/2026 and at < 31-12-2026 or at = 2026/3/31 or at = 31.03.2026 => at > 2026-03-31 and at < 2026-12-31 or at = 2026-03-31 or at = 2026-03-31
      K207 5..15 a date is written `2026-03-31`, found `31/03/2026` | => at > 2026-03-31 and at < 31-12-2026 or at = 2026/3/31 or at = 31.03.2026
      K207 25..35 a date is written `2026-12-31`, found `31-12-2026` | => at > 31/03/2026 and at < 2026-12-31 or at = 2026/3/31 or at = 31.03.2026
      K207 44..53 a date is written `2026-03-31`, found `2026/3/31` | => at > 31/03/2026 and at < 31-12-2026 or at = 2026-03-31 or at = 31.03.2026
      K207 62..72 a date is written `2026-03-31`, found `31.03.2026` | => at > 31/03/2026 and at < 31-12-2026 or at = 2026/3/31 or at = 2026-03-31
    spend > 12m => spend > 12mo
      K208 8..11 `12m` could be minutes or months | write `12mo` for months, `12min` for minutes | => spend > 12mo
    spend over 90 > 5 => spend over 90d > 5
      K208 11..13 `over 90` lacks a unit of time | the units are `min h d w mo q y` | => spend over 90d > 5
    spend over last 3 > 5 => spend over 3d > 5
      K208 16..17 `last 3` lacks a unit of time | the units are `min h d w mo q y` | => spend over last 3d > 5
    birthday within 7 days => birthday within next 7d
      K201 9..15 `within` needs `next` or `last`, for days to come or gone by | for days gone by write `within last` | => birthday within next 7 days
    spend over 1.5d > 1 => spend over 1d > 1
      K208 11..15 a length of time is a whole number of units, found `1.5 d` | use a smaller unit
    spend over 90x > 1 => spend over 90d > 1
      K208 11..14 `x` is no unit of time, in `90x` | the units are `min h d w mo q y`; a name that starts with a digit stands in backticks
    spend over 90 => spend over 90d
      K208 11..13 `over 90` lacks a unit of time | the units are `min h d w mo q y` | => spend over 90d
    "#);
}

#[test]
fn quotes() {
    assert_snapshot!(report(QUOTES), @r#"
    region = 'Jakarta => region = 'Jakarta'
      K202 9..17 this quote is opened and never closed | => region = 'Jakarta'
    region = 'Jakarta and spend > 5 => region = 'Jakarta' and spend > 5
      K202 9..17 this quote is opened and never closed | => region = 'Jakarta' and spend > 5
    region = 'Jakarta and city = 'Bandung' => region = 'Jakarta' and city = 'Bandung'
      K202 9..17 this quote is opened and never closed | => region = 'Jakarta' and city = 'Bandung'
    region = Jakarta' and spend > 5 => region = 'Jakarta' and spend > 5
      K202 9..17 this quote is closed and never opened | => region = 'Jakarta' and spend > 5
    region = "Jakarta and (a = 1) => region = 'Jakarta' and a = 1
      K202 9..17 this quote is opened and never closed | => region = "Jakarta" and (a = 1)
    x in ('a, 'b') => x in ('a', 'b')
      K202 6..8 this quote is opened and never closed | => x in ('a', 'b')
    `abc = 1 => abc = 1
      K202 0..4 this backtick is opened and never closed | => `abc` = 1
    region in ('Jakarta', 'Bandung and spend > 5 => region in ('Jakarta', 'Bandung') and spend > 5
      K203 10..11 `(` is opened and never closed | => region in ('Jakarta', 'Bandung) and spend > 5
      K202 22..30 this quote is opened and never closed | => region in ('Jakarta', 'Bandung' and spend > 5
    "#);
}

#[test]
fn windows() {
    assert_snapshot!(report(WINDOWS), @r#"
    sum(value of sales) over 90d > 5 => sum(value of sales over 90d) > 5
      K209 20..28 the window `over 90d` must stand inside the brackets of `sum(…)` | => sum(value of sales over 90d) > 5
    sum(value of sales where a = 1) over last month > 5 => sum(value of sales over last month where a = 1) > 5
      K209 32..47 the window `over last month` must stand inside the brackets of `sum(…)` | => sum(value of sales over last month where a = 1) > 5
    spend last 90 days > 5 => spend over 90d > 5
      K201 6..10 a window begins with `over`, found `last` | => spend over last 90 days > 5
    spend in last 90 days > 5 => spend over 90d > 5
      K201 6..8 a window begins with `over`, found `in` | => spend over last 90 days > 5
    spend over the last 90 days > 5 => spend over 90d > 5
      K201 11..14 `the` is left out of a window | => spend over last 90 days > 5
    spend over previous month > 5 => spend over last month > 5
      K201 11..25 `previous month` could be the calendar's, or the one that rolls | write `last month` for the calendar's, `previous 1 month` for the one that rolls | => spend over last month > 5
    spend over 2026-01-01 > 5 => spend since 2026-01-01 > 5
      K201 11..21 a window needs a second day, or `since` or `until` before `2026-01-01` | or write `over 2026-01-01 to 2026-01-01` for that day alone | => spend over since 2026-01-01 > 5
    spend over 2026-01-01 - 2026-02-01 > 5 => spend over 2026-01-01 to 2026-02-01 > 5
      K201 22..23 two days are joined by `to`, found `-` | => spend over 2026-01-01 to 2026-02-01 > 5
    abs(spend) over 90d > 5 => abs(spend) > 5
      K406 11..19 nothing here takes the window `over 90d` | a window stands right behind the name of a metric, or inside the brackets of an aggregate, behind its table
    spend over 90d over 30d > 1 => spend over 90d > 1
      K406 20..23 a metric takes one window, found a second one | two dates are written `over 2026-01-01 to 2026-03-31`
    spend over last month > 5 and (visits > 3 or aov > 100 and in vip => spend over last month > 5 and (visits > 3 or aov > 100 and in vip)
      K203 30..31 `(` is opened and never closed | => spend over last month > 5 and (visits > 3 or aov > 100 and in vip)
    "#);
}

#[test]
fn order_of_clauses() {
    assert_snapshot!(report(ORDER_OF_CLAUSES), @r#"
    sum(value of sales where category = 'Shoes' over 90d) > 5 => sum(value of sales over 90d where category = 'Shoes') > 5
      K209 44..52 the window `over 90d` must stand before `where` | => sum(value of sales over 90d where category = 'Shoes') > 5
    sum(value of sales where paid over 90d) > 5 => sum(value of sales over 90d where paid) > 5
      K209 30..38 the window `over 90d` must stand before `where` | => sum(value of sales over 90d where paid) > 5
    sum(value of sales where a = 'x' since 2026-01-01) => sum(value of sales since 2026-01-01 where a = 'x')
      K209 33..49 the window `since 2026-01-01` must stand before `where` | => sum(value of sales since 2026-01-01 where a = 'x')
    count(sales) where channel = 'web' > 3 => count(sales where channel = 'web') > 3
      K209 13..34 the filter `where channel = 'web'` must stand inside the brackets of `count(…)` | => count(sales where channel = 'web') > 3
    count(*) > 3 => … > 3
      K205 0..8 rows are counted by the name of their table, found `count(*)` | write `count(sales)` for the rows of the table `sales`
    max(a, b) > 3 => greatest(a, b) > 3
      K205 0..3 `max` looks over the rows of a table; of several values it is `greatest` | => greatest(a, b) > 3
    sum(value from sales) => sum(value of sales)
      K205 10..14 the table of an aggregate stands behind `of`, found `from` | => sum(value of sales)
    spend where channel = 'web' => spend[channel = 'web']
      K209 6..11 a metric is filtered with `[…]`: `spend[channel = 'web']` | => spend[channel = 'web']
    every(sales where a = 1) => …
      K209 0..24 `every` needs `have` and what each row of `sales` must fulfil | write `every(t where … have …)`: `where` chooses the rows, `have` is tested on each
    any(sales have a = 1) => any(sales where a = 1)
      K209 10..14 `have` goes with `every` only; here it is `where` | => any(sales where a = 1)
    any(sales where b = 2 have a = 1) => any(sales where b = 2 and a = 1)
      K209 22..26 `have` goes with `every` only; here it is `and` | => any(sales where b = 2 and a = 1)
    sum(value of sales)[x = 1] > 5 => sum(value of sales where x = 1) > 5
      K209 19..26 the filter `[x = 1]` must stand inside the brackets of `sum(…)` | => sum(value of sales where x = 1) > 5
    "#);
}

#[test]
fn unknown_values() {
    assert_snapshot!(report(UNKNOWN_VALUES), @r#"
    x is null and y is not null and z = null and w != null => x is unknown and y is known and z is unknown and w is known
      K205 2..9 a missing value is tested with `is unknown`, not with `is null` | => x is unknown and y is not null and z = null and w != null
      K205 16..27 a missing value is tested with `is known`, not with `is not null` | => x is null and y is known and z = null and w != null
      K205 34..40 a missing value is tested with `is unknown`, not with `= null` | => x is null and y is not null and z is unknown and w != null
      K205 47..54 a missing value is tested with `is known`, not with `!= null` | => x is null and y is not null and z = null and w is known
    x not null => x is known
      K205 2..10 a missing value is tested with `is known`, not with `not null` | => x is known
    coalesce(x, null) = 1 => coalesce(x, …) = 1
      K205 12..16 there is no `null` to compare or combine with | a missing value is tested with `is unknown` or `is known`, and replaced with `coalesce(x, 0)`
    "#);
}

#[test]
fn brackets() {
    assert_snapshot!(report(BRACKETS), @r#"
    (a = 1 and b = 2 => a = 1 and b = 2
      K203 0..1 `(` is opened and never closed | => (a = 1 and b = 2)
    a = 1) and b = 2 => a = 1 and b = 2
      K203 5..6 `)` closes a bracket that was never opened | => a = 1 and b = 2
    (a = 1] and b = 2 => a = 1 and b = 2
      K203 6..7 `(` is closed by `)`, found `]` | => (a = 1) and b = 2
    sum(value of sales > 500 => sum(value of sales) > 500
      K203 3..4 `(` is opened and never closed | => sum(value of sales) > 500
    spend[channel = 'web' > 5 => spend[channel = 'web'] > 5
      K203 5..6 `[` is opened and never closed | => spend[channel = 'web'] > 5
    in () => … in (…)
      K201 0..2 a value is missing before `in (…)` | `in name` without brackets asks for membership of a segment
    x in () => x in (…)
      K201 5..7 nothing stands between `(` and `)`
    x in (1, 2,) => x in (1, 2)
      K201 10..11 nothing follows the last comma | => x in (1, 2)
    if(spend > 5, 1, 0 => if(spend > 5, 1, 0)
      K203 2..3 `(` is opened and never closed | => if(spend > 5, 1, 0)
    region in ['a', 'b'] => region in ('a', 'b')
      K203 10..11 a list stands in round brackets, found `[` | => region in ('a', 'b')
    "#);
}

#[test]
fn connectives_and_operators() {
    assert_snapshot!(report(CONNECTIVES_AND_OPERATORS), @r#"
    and a = 1 => a = 1
      K201 0..3 nothing stands before `and` | => a = 1
    a = 1 and => a = 1
      K201 6..9 nothing follows `and` | => a = 1
    a = 1 and and b = 2 => a = 1 and b = 2
      K201 10..13 `and` is written twice | => a = 1 and b = 2
    a = 1 or and b = 2 => a = 1 or b = 2
      K201 9..12 `or` and `and` stand side by side | => a = 1 or b = 2
    (a = 1 and) or b = 2 => a = 1 or b = 2
      K201 7..10 nothing follows `and` | => (a = 1) or b = 2
    1 < a < 2 => 1 < a and a < 2
      K211 2..7 comparisons do not chain: `1 < a < 2` | => 1 < a and a < 2
    1 <= spend <= 2 and x = 1 => 1 <= spend and spend <= 2 and x = 1
      K211 2..13 comparisons do not chain: `1 <= spend <= 2` | or write `spend between 1 and 2`, both ends in | => 1 <= spend and spend <= 2 and x = 1
    a = => a = …
      K201 2..3 nothing follows `=`
    a = and b = 5 => a = … and b = 5
      K201 2..3 a value is expected after `=`, found `and`
    a = 1 and b >  => a = 1 and b > …
      K201 12..13 nothing follows `>`
    over = 3 and per > 5 => `over` = 3 and `per` > 5
      K212 0..4 `over` is a word of the language, so as a name it needs backticks | => `over` = 3 and per > 5
      K212 13..16 `per` is a word of the language, so as a name it needs backticks | => over = 3 and `per` > 5
    a = per => a = `per`
      K212 4..7 `per` is a word of the language, so as a name it needs backticks | => a = `per`
    region 'Jakarta' => region = 'Jakarta'
      K201 0..16 an operator is missing between `region` and `'Jakarta'` | => region = 'Jakarta'
    a = 1, b = 2 => a = 1 and b = 2
      K201 5..6 conditions are joined by `and` or `or`, found `,` | => a = 1 and b = 2
    big spender = 1 => …
      K201 4..11 expected an operator, `and`, `or` or the end after `big`, found `spender` | a name with a space inside stands in backticks
    a = 5; => a = 5
      K201 5..6 an expression ends without `;` | => a = 5
    a = 1 -- comment => a = 1
      K210 6..16 a comment (`--`) can only stand in a literal block (`|`), where its line has an end | write the expression below `|`, each part on its own line; or for minus a negative number, put a space between the two signs
    a = 1 # comment => a = 1
      K210 6..15 `#` begins no comment inside an expression | in a literal block (`|`) a comment is written `-- …`
    x between 1 and => x between 1 and …
      K201 12..15 `between` needs an upper end behind `and`
    x between and 5 => x between … and 5
      K201 2..9 a value is expected after `between`, found `and`
    a < b ignoring case => a < b
      K402 6..19 `ignoring case` cannot go with `<` | it goes with `=`, `!=`, `in`, `is` and the tests on text | => a < b
    name like 'x%' ignoring => name like 'x%' ignoring case
      K201 15..23 `case` is missing behind `ignoring` | => name like 'x%' ignoring case
    spend_90d > 500 visits > 3 => spend_90d > 500 and visits > 3
      K201 12..22 `and` or `or` is missing between `500` and `visits` | => spend_90d > 500 and visits > 3
    a ? b => …
      K215 2..3 `?` has no meaning in an expression
    in ('a', 'b') => … in ('a', 'b')
      K201 0..2 a value is missing before `in (…)` | `in name` without brackets asks for membership of a segment
    not in => …
      K201 4..6 expected a list in brackets or a segment after `in`, found the end | `x in ('a', 'b')` tests a value, `in name` asks for membership of a segment
    spend > 5 5 => …
      K201 10..11 expected an operator, `and`, `or` or the end after `5`, found `5`
    x between 1 => x between 1 and …
      K201 10..11 `between` needs `and` and an upper end behind `1`
    x between 1 to 5 and y = 1 => x between 1 and 5 and y = 1
      K201 12..14 the ends of `between` are joined by `and`, found `to` | => x between 1 and 5 and y = 1
    a = 1 und b = 2 => …
      K201 6..9 expected an operator, `and`, `or` or the end after `1`, found `und`
    spend > => spend > …
      K201 6..7 nothing follows `>`
     => …
      K201 0..0 an expression is expected, found nothing | write a condition such as `spend_90d > 500`
    (a = 1 and b = (2 + c => a = 1 and b = 2 + c
      K203 15..16 2 brackets are opened and never closed | => (a = 1 and b = (2 + c))
    a.b.(c) => …
      K201 4..5 expected a value after `.`, found `(`
    spend over soon > 3 => …
      K201 11..15 expected a length of time, a period or a date after `over`, found `soon` | a window is written `over 90d`, `over last month`, `over this year`, `over 2026-01-01 to 2026-03-31`
    a = 1 2026-01-01 => …
      K201 6..16 expected an operator, `and`, `or` or the end after `1`, found `2026-01-01`
    а_latin_a = 1 => а_latin_a = 1
      K505 0..10 `а_latin_a` mixes Latin letters with `а` (U+0430), which only looks like one | type the name again, or write it in backticks if it is meant
    x =<a0>5 and<200b> y => x = 5 and y
      K215 3..5 there is a space that is not the plain one (U+00A0) between the words | => x = 5 and<200b> y
      K215 10..13 there is an invisible character (U+200B) between the words | => x =<a0>5 and y
    name = 'a<200b>b' => name = 'a<200b>b'
      K505 9..12 there is an invisible character (U+200B) inside the quotes | it takes part in every comparison though nobody sees it; type the text again if it is not meant
    `a` `b` = 1 => …
      K201 4..7 expected an operator, `and`, `or` or the end after `a`, found `b`
    x starts 'a' => x starts with 'a'
      K201 2..8 `with` is missing behind `starts` | => x starts with 'a'
    1 = 1 = 1 => 1 = 1 and 1 = 1
      K211 2..7 comparisons do not chain: `1 = 1 = 1` | => 1 = 1 and 1 = 1
    a is > 5 => a > 5
      K201 2..4 `is` is left out before `>` | => a > 5
    visits mod 3 = 1 => …
      K201 7..10 expected an operator, `and`, `or` or the end after `visits`, found `mod` | a name with a space inside stands in backticks
    abs(a b) = 1 => …
      K201 6..7 expected an operator, `and`, `or` or `)` after `a`, found `b`
    spend ago > 3 => …
      K201 6..9 expected an operator, `and`, `or` or the end after `spend`, found `ago`
    in => …
      K201 0..2 expected a list in brackets or a segment after `in`, found the end | `x in ('a', 'b')` tests a value, `in name` asks for membership of a segment
    over 90d => …
      K201 0..4 expected a condition or a value, found `over`
    "#);
}

#[test]
fn what_people_write() {
    assert_snapshot!(report(WHAT_PEOPLE_WRITE), @r#"
    spend > 500 && region == 'Jakarta' || !(in vip) => spend > 500 and region = 'Jakarta' or not (in vip)
      K204 12..14 `&&` is written `and` here | => spend > 500 and region == 'Jakarta' || !(in vip)
      K204 22..24 `==` is written `=` here | => spend > 500 && region = 'Jakarta' || !(in vip)
      K204 35..37 `||` is written `or` here | => spend > 500 && region == 'Jakarta' or !(in vip)
      K205 38..39 `!` is written `not` here | => spend > 500 && region == 'Jakarta' || not (in vip)
    customer bought shoes in last 30 days => …
      K201 9..15 expected an operator, `and`, `or` or the end after `customer`, found `bought` | a name with a space inside stands in backticks
    WHERE spend > 5 => spend > 5
      K201 0..5 a condition stands by itself, without `WHERE` | => spend > 5
    if spend > 5 => spend > 5
      K201 0..2 a condition stands by itself, without `if` | => spend > 5
    spend >= 500 and <= 900 => spend >= 500 and spend <= 900
      K201 13..19 `<=` has no left side; each comparison names both of its sides | => spend >= 500 and spend <= 900
    region in 'Jakarta', 'Bandung' => region in ('Jakarta', 'Bandung')
      K201 10..30 a list stands in brackets: `('Jakarta', 'Bandung')` | => region in ('Jakarta', 'Bandung')
    region in (Jakarta Bandung) => region in (Jakarta, Bandung)
      K201 11..26 `,` is missing between `Jakarta` and `Bandung` | => region in (Jakarta, Bandung)
    between 1 and 5 => …
      K201 0..7 expected a condition or a value, found `between`
    spend between (1, 5) => …
      K201 16..17 expected an operator, `and`, `or` or `)` after `1`, found `,`
    count(sales where a = 1 and ) => count(sales where a = 1)
      K201 24..27 nothing follows `and` | => count(sales where a = 1 )
    sum(value of sales where category = 'Shoes' and over 90d) => sum(value of sales over 90d where category = 'Shoes')
      K201 44..47 nothing follows `and` | => sum(value of sales where category = 'Shoes' over 90d)
      K209 48..56 the window `over 90d` must stand before `where` | => sum(value of sales over 90d where category = 'Shoes' and)
    a = 'it's' => a = 'it''s'
      K202 4..10 a quote inside a text is doubled, found `'it's'` | => a = 'it''s'
    name = 'Jum'at' and x = 1 => name = 'Jum''at' and x = 1
      K202 7..15 a quote inside a text is doubled, found `'Jum'at'` | => name = 'Jum''at' and x = 1
    at > 30 days before today => …
      K201 13..19 expected an operator, `and`, `or` or the end after `days`, found `before` | a name with a space inside stands in backticks
    tags contains any ('a', 'b') => tags contains any of ('a', 'b')
      K201 14..17 `of` is missing behind `contains any` | => tags contains any of ('a', 'b')
    tags contains any of 'a' => tags contains any of ('a')
      K201 21..24 a list stands in brackets: `('a')` | => tags contains any of ('a')
    name starts 'A' => name starts with 'A'
      K201 5..11 `with` is missing behind `starts` | => name starts with 'A'
    name startswith 'A' => name starts with 'A'
      K205 5..15 `startswith` is written `starts with` | => name starts with 'A'
    name ends with => name ends with …
      K201 10..14 nothing follows `with`
    birthday in next 7 days => birthday within next 7d
      K201 9..11 days to come are written `within next …`, found `in` | => birthday within next 7 days
    spend_90d > 500, => spend_90d > 500
      K201 15..16 nothing follows the last comma | => spend_90d > 500
    )( => …
      K203 0..1 `)` closes a bracket that was never opened | => (
      K201 1..2 expected a value after `(`, found the end
    in 'vip' => in vip
      K201 3..8 a segment is named without quotes, found `'vip'` | => in vip
    in (vip) => in vip
      K201 3..8 a segment is named without brackets: `in vip` | => in vip
    count sales > 3 => …
      K201 6..11 expected `(` or an operator after `count`, found `sales` | an aggregate takes brackets: `count(…)`
    count(sales, 90d) => …
      K201 11..12 expected the next part of `count(…)` after `sales`, found `,` | its form is `count(sales), count(distinct x of sales)`
    sum(value) over 90d => …
      K209 11..19 `sum(value)` does not say whose rows the window is for | name the table behind `of`, and the window behind it: `sum(value of sales over 90d)`
    sum(value) of sales over 90d where a = 1 and b = 2 => sum(value of sales over 90d where a = 1) and b = 2
      K209 11..40 `of sales over 90d where a = 1` must stand inside the brackets of `sum(…)` | => sum(value of sales over 90d where a = 1) and b = 2
    count(distinct sku where a = 1) of sales => count(distinct sku of sales where a = 1)
      K209 32..40 `of sales` must stand inside the brackets of `count(…)` | => count(distinct sku of sales where a = 1)
    sum(value of sales over 90d, category = 'Shoes') => sum(value of sales over 90d where category = 'Shoes')
      K209 27..28 the condition on the rows of `sum(…)` stands behind `where`, found `,` | => sum(value of sales over 90d where category = 'Shoes')
    every(sales have a = 1 where b = 2) => …
      K201 23..28 expected the next part of `every(…)` after `1`, found `where` | its form is `every(sales over 90d where … have …)`
    spend over 2026-01-01 to > 5 => …
      K201 25..26 expected a date such as `2026-03-31` after `to`, found `>`
    spend over last month ago => …
      K201 22..25 expected an operator, `and`, `or` or the end after `month`, found `ago`
    not => not …
      K201 0..3 nothing follows `not`
    x is not => x is not …
      K201 5..8 nothing follows `not`
    spend_90d > 500 spend_30d => …
      K201 16..25 expected an operator, `and`, `or` or the end after `500`, found `spend_30d`
    (a = 1 or b = 2)) and (c = 3 => (a = 1 or b = 2) and c = 3
      K203 16..17 `)` closes a bracket that was never opened | => (a = 1 or b = 2) and (c = 3
      K203 22..23 `(` is opened and never closed | => (a = 1 or b = 2)) and (c = 3)
    a = 1 or (b = 2 and c = 3] => a = 1 or b = 2 and c = 3
      K203 25..26 `(` is closed by `)`, found `]` | => a = 1 or (b = 2 and c = 3)
    spend 90d > 5 => spend over 90d > 5
      K201 6..8 a window begins with `over`, found `90` | => spend over 90d > 5
    sum of value > 3 => …
      K201 4..6 expected `(` or an operator after `sum`, found `of` | an aggregate takes brackets: `sum(…)`
    region = 'Jakarta" and x = 1 => region = 'Jakarta' and x = 1
      K202 9..18 this text is opened by `'` and closed by `"` | => region = 'Jakarta' and x = 1
    region = “Jakarta" and x = 1 => region = 'Jakarta' and x = 1
      K202 9..20 this text is opened by `“` and closed by `"` | => region = 'Jakarta' and x = 1
    a = b = c => a = b and b = c
      K211 2..7 comparisons do not chain: `a = b = c` | => a = b and b = c
    a = 1 AND OR b = 2 => a = 1 and b = 2
      K201 10..12 `AND` and `OR` stand side by side | => a = 1 AND b = 2
    and and => …
      K201 0..3 nothing stands before `and` | => and
      K201 4..7 nothing stands before `and`
    a dan dan b => …
      K205 2..5 `dan` is written `and` | => a and dan b
      K201 10..11 expected an operator, `and`, `or` or the end after `dan`, found `b` | a name with a space inside stands in backticks
    x in (1 2) => x in (1, 2)
      K201 6..9 `,` is missing between `1` and `2` | => x in (1, 2)
    x in 1 => x in (1)
      K201 5..6 a list stands in brackets: `(1)` | => x in (1)
    spend over 90d ending 30d > 1 => spend over 90d ending 30d ago > 1
      K201 15..25 `ago` is missing behind `ending …` | => spend over 90d ending 30d ago > 1
    a * / b = 1 => a * b = 1
      K201 4..5 `*` and `/` stand side by side | => a * b = 1
    spend > - => spend > -…
      K201 8..9 nothing follows `-`
    spend = 500 rupiah => spend = 500
      K206 8..18 a number is written without a currency, found `rupiah` | the currency of a metric is declared once, in the catalogue (`unit:`) | => spend = 500
    a ≥ 5 && b ≤ 6 dan c ≠ 7 atau !d => a >= 5 and b <= 6 and c != 7 or not d
      K204 2..5 `≥` is written `>=` here | => a >= 5 && b ≤ 6 dan c ≠ 7 atau !d
      K204 8..10 `&&` is written `and` here | => a ≥ 5 and b ≤ 6 dan c ≠ 7 atau !d
      K204 13..16 `≤` is written `<=` here | => a ≥ 5 && b <= 6 dan c ≠ 7 atau !d
      K205 19..22 `dan` is written `and` | => a ≥ 5 && b ≤ 6 and c ≠ 7 atau !d
      K204 25..28 `≠` is written `!=` here | => a ≥ 5 && b ≤ 6 dan c != 7 atau !d
      K205 31..35 `atau` is written `or` | => a ≥ 5 && b ≤ 6 dan c ≠ 7 or !d
      K205 36..37 `!` is written `not` here | => a ≥ 5 && b ≤ 6 dan c ≠ 7 atau not d
    f(a = 1, b => f(a = 1, b)
      K203 1..2 `(` is opened and never closed | => f(a = 1, b)
    spend >= 5_000 per month => spend >= 5000
      K209 15..24 `per` belongs to a rank, and here is none | they stand in the brackets of a rank, `quintile(spend among (visits > 0) per region)`, and behind `top 10% by spend`
    in segment => …
      K201 3..10 expected a value after `segment`, found the end
    within next 3 days => …
      K201 0..6 expected a condition or a value, found `within`
    -- only => …
      K210 0..7 a comment (`--`) can only stand in a literal block (`|`), where its line has an end | write the expression below `|`, each part on its own line; or for minus a negative number, put a space between the two signs
    "#);
}

const ALL: &[&[&str]] = &[
    WHAT_PEOPLE_WRITE,
    COURTESIES_OF_OTHER_LANGUAGES,
    NUMBERS,
    DATES_AND_LENGTHS,
    QUOTES,
    WINDOWS,
    ORDER_OF_CLAUSES,
    UNKNOWN_VALUES,
    BRACKETS,
    CONNECTIVES_AND_OPERATORS,
    mistakes_in_ranks::POPULATION,
    mistakes_in_ranks::NUMBERS_OF_RANKS,
    mistakes_in_ranks::TOPS,
    mistakes_in_ranks::OTHER_LANGUAGES,
    mistakes_in_ranks::SAMPLES,
    mistakes_in_ranks::FILES,
    mistakes_in_sequences::JOINTS,
    mistakes_in_sequences::BEGINNINGS,
    mistakes_in_sequences::ORDER,
];

#[test]
fn every_mistake_is_reported() {
    for source in ALL.iter().copied().flatten() {
        assert!(!parse(source).1.is_empty(), "{source}");
    }
}

#[test]
fn an_offer_taken_removes_its_diagnostic() {
    let mut offers = 0;
    for source in ALL.iter().copied().flatten() {
        for diagnostic in parse(source).1 {
            let Some(better) = fixed(source, &diagnostic) else { continue };
            offers += 1;
            let count = |source: &str| parse(source).1.iter().filter(|one| one.code == diagnostic.code).count();
            let (before, after) = (count(source), count(&better));
            assert!(after < before, "{source} -> {better}: {:?}", parse(&better).1);
        }
    }
    assert!(offers > 90, "{offers} offers");
}

#[test]
fn all_offers_taken_leave_the_tree_that_was_gone_on_with() {
    for source in ALL.iter().copied().flatten() {
        let (expr, found) = parse(source);
        if found.is_empty() || found.iter().any(|one| one.fix.is_none()) {
            continue;
        }
        let mut better = (*source).to_owned();
        for _ in 0..32 {
            let Some(first) = parse(&better).1.into_iter().next() else { break };
            let Some(next) = fixed(&better, &first) else { break };
            better = next;
        }
        let (again, left) = parse(&better);
        assert_eq!(left, [], "{source} -> {better}");
        assert_eq!(again, expr, "{source} -> {better}");
    }
}
