//! Ranks, samples and files of values that are nearly right.

use insta::assert_snapshot;

use super::mistakes::report;

/// Where `among` and `per` stand.
pub(super) const POPULATION: &[&str] = &[
    "quintile(spend) among (order_count > 0) = 5",
    "quintile(spend) per region among (order_count > 0)",
    "ntile(5, spend) among visits > 0 per region",
    "quintile(spend per region) among (a > 0)",
    "quintile(spend among (a)) among (b) = 5",
    "quintile(spend per region among (a > 0))",
    "top 10% by spend per region among (a > 0)",
    "quintile(spend among visits > 0 and region = 'x' per city)",
    "quintile(spend among (a) or (b))",
    "top 10% by spend among visits > 0 and region = 'x'",
    "top 10% by spend among in vip per region",
    "quintile(spend, among (a > 0), per region)",
    "top 10% by spend, per region",
    "quintile(spend among)",
    "top 10% by spend per",
    "top 10% by",
    "quintile(spend among (a) among (b))",
    "top 10% by spend per region per city",
    "quintile(spend per region, city)",
    "top 10% by spend, visits and a = 1",
    "quintile(spend where visits > 0) = 5",
    "top 10% by spend where channel = 'web' and a = 1",
    "quintile(spend by region)",
    "quintile(spend partition by region)",
    "top 10% by spend for each region",
    "top 10 by spend within each product.category",
    "spend among (x > 1) > 5",
    "percentile(90, value of sales among (a > 0)) > 3",
    "percentile(90, spend) among (a > 0) > 3",
    "sample(10%, 'x' per region)",
    "sample(10%, 'x') among (in vip)",
];

/// How many, and of what.
pub(super) const NUMBERS_OF_RANKS: &[&str] = &[
    "quintile(5, spend) = 5",
    "quintile(spend, 5) = 5",
    "quintile(4, spend)",
    "decile(spend, 20)",
    "percent_rank(90, spend)",
    "quintile(spend, region)",
    "quintile()",
    "ntile(spend)",
    "ntile(spend, 5)",
    "score(spend)",
    "score(spend, 5) = 1",
    "ntile(5)",
    "ntile(n, spend)",
    "ntile(0, spend)",
    "ntile(2.5, spend)",
    "ntile(-3, spend)",
    "score(1001, spend) = 3",
    "ntile(5, spend, region)",
    "ntile(5 spend)",
    "percentile(spend, 90) > 3",
    "percentile(90%, spend among (a)) > 3",
    "percentile(101, spend among (a)) > 3",
    "quintile(value of sales where a = 1)",
    "quintile(spend",
];

/// The highest and lowest in other words.
pub(super) const TOPS: &[&str] = &[
    "top 10%",
    "top 10 among (a > 0)",
    "top 0 by spend",
    "bottom 0% by spend",
    "top 150% by spend",
    "top 0.1 by spend",
    "top 2.5 by spend",
    "top 99999999999999999999 by spend",
    "top 10 percent by spend",
    "top 10 % by spend",
    "top 10 customers by spend",
    "top 10% of customers by spend and a = 1",
    "bottom 5 shops ranked by spend",
    "top 10% of spend",
    "top 10% spend",
    "top 10 (spend)",
    "top 10% berdasarkan spend",
    "top ten by spend",
    "top by spend and a = 1",
    "top spend 10%",
    "top(10) by spend",
    "top(10, spend)",
    "topn(spend, 10%) and a = 1",
    "the top 10% by spend",
    "highest 10% by spend or lowest 5 by visits",
    "in top 10% by spend",
    "not in top 10% by spend",
    "spend in top 10%",
    "customer.spend is not in top 10% and a = 1",
    "spend is top 10%",
    "spend in the top 10% and a = 1",
    "in the top 10% by spend",
    "among the bottom 5 by spend",
    "top 10% by spend desc",
    "top 10 by spend asc and a = 1",
    "bottom 10 by spend asc",
    "quintile(spend desc) = 1",
    "quintile(spend asc) = 1",
    "a = 1 order by spend desc limit 100",
    "order by spend limit 5",
    "a = 1 order by spend",
    "a = 1 limit 100",
    "top 10 by spend or",
];

/// Ranks as other languages write them.
pub(super) const OTHER_LANGUAGES: &[&str] = &[
    "quartile(spend) = 4",
    "quartile(spend among (a > 0) per region) = 4",
    "rank(spend) <= 10",
    "rank(spend per region) <= 10",
    "dense_rank() <= 3 and a = 1",
    "row_number() = 1",
    "quantile(0.9, spend)",
    "random() < 0.1",
    "ntile(4) over (partition by region order by spend) = 4",
    "ntile(4) over (order by spend desc) = 1",
    "percent_rank() over (order by spend)",
    "quintile(spend) over (partition by region)",
    "quartile(spend) over (partition by region)",
    "row_number() over (partition by region order by spend desc) <= 10 and a = 1",
    "rank() over (order by spend desc) <= 10 and a = 1",
    "ntile(5) over (partition by region, city order by spend)",
    "quintile spend = 5",
    "ntile 5 spend = 5",
    "quintile of spend = 5",
    "spend quintile = 5 and a = 1",
    "spend quartile = 4",
    "quintile(spend) over 90d",
];

/// Samples.
pub(super) const SAMPLES: &[&str] = &[
    "sample(0.1, 'x')",
    "sample(10, 'x')",
    "sample(10%)",
    "sample(0.1)",
    "sample('x', 10%)",
    "sample('x')",
    "sample()",
    "sample(10%, holdout)",
    "sample(10%, 2026)",
    "sample(10%, '')",
    "sample(10%, lower('x'))",
    "sample(share, 'x')",
    "sample(0%, 'x') and sample(101%, 'x')",
    "sample(10%, 'x', 3)",
    "sample 10%",
    "sample(10 percent, 'x')",
    "sample(10% + , 'x')",
    "sample(10%, )",
];

/// Files of values.
pub(super) const FILES: &[&str] = &[
    "sku in file lists/skus.txt and a = 1",
    "in file vips.csv",
    "sku in 'skus.txt'",
    "not in 'vips.csv'",
    "in skus.csv or sku in skus.txt",
    "sku in file ('skus.txt')",
    "sku is in file 'skus.txt'",
    "sku is not in file 'skus.txt' and a = 1",
    "sku in list 'skus.txt'",
    "sku in files 'skus.txt'",
    "sku in file ''",
    "sku in file 'a.txt",
    "sku in file",
];

#[test]
fn population() {
    assert_snapshot!(report(POPULATION), @r#"
    quintile(spend) among (order_count > 0) = 5 => quintile(spend among (order_count > 0)) = 5
      K209 16..39 `among (order_count > 0)` must stand inside the brackets of `quintile(…)` | => quintile(spend among (order_count > 0)) = 5
    quintile(spend) per region among (order_count > 0) => quintile(spend among (order_count > 0) per region)
      K209 16..50 `per region among (order_count > 0)` must stand inside the brackets of `quintile(…)` | => quintile(spend among (order_count > 0) per region)
    ntile(5, spend) among visits > 0 per region => quintile(spend among (visits > 0) per region)
      K209 16..43 `among visits > 0 per region` must stand inside the brackets of `ntile(…)` | => ntile(5, spend among (visits > 0) per region)
    quintile(spend per region) among (a > 0) => quintile(spend among (a > 0) per region)
      K209 27..40 `among (a > 0)` must stand inside the brackets of `quintile(…)` | => quintile(spend among (a > 0) per region)
    quintile(spend among (a)) among (b) = 5 => quintile(spend among (a)) = 5
      K209 26..35 `quintile(…)` has its `among` already | they stand in the brackets of a rank, `quintile(spend among (visits > 0) per region)`, and behind `top 10% by spend`
    quintile(spend per region among (a > 0)) => quintile(spend among (a > 0) per region)
      K209 26..39 `among (…)` stands before `per` | => quintile(spend among (a > 0) per region)
    top 10% by spend per region among (a > 0) => top 10% by spend among (a > 0) per region
      K209 28..41 `among (…)` stands before `per` | => top 10% by spend among (a > 0) per region
    quintile(spend among visits > 0 and region = 'x' per city) => quintile(spend among (visits > 0 and region = 'x') per city)
      K201 21..48 the condition of `among` stands in brackets | => quintile(spend among (visits > 0 and region = 'x') per city)
    quintile(spend among (a) or (b)) => quintile(spend among (a or b))
      K201 21..31 the condition of `among` stands in brackets | => quintile(spend among ((a) or (b)))
    top 10% by spend among visits > 0 and region = 'x' => top 10% by spend among (visits > 0) and region = 'x'
      K201 23..33 the condition of `among` stands in brackets | => top 10% by spend among (visits > 0) and region = 'x'
    top 10% by spend among in vip per region => top 10% by spend among (in vip) per region
      K201 23..29 the condition of `among` stands in brackets | => top 10% by spend among (in vip) per region
    quintile(spend, among (a > 0), per region) => quintile(spend among (a > 0) per region)
      K201 14..15 no comma stands before `among` | => quintile(spend among (a > 0), per region)
      K201 29..30 no comma stands before `per` | => quintile(spend, among (a > 0) per region)
    top 10% by spend, per region => top 10% by spend per region
      K201 16..17 no comma stands before `per` | => top 10% by spend per region
    quintile(spend among) => quintile(spend among (…))
      K201 15..20 `among` needs a condition in brackets
    top 10% by spend per => top 10% by spend per …
      K201 17..20 nothing follows `per`
    top 10% by => top 10% by …
      K201 8..10 nothing follows `by`
    quintile(spend among (a) among (b)) => quintile(spend among (a))
      K209 25..34 `among` is written twice | join the two conditions with `and` inside one pair of brackets
    top 10% by spend per region per city => top 10% by spend per region
      K209 28..36 `per` is written twice; subjects are put into groups by one value | for groups of two values, define an attribute that has a value for each pair of them
    quintile(spend per region, city) => quintile(spend per region)
      K402 27..31 `per` takes one value; subjects are put into groups by it | for groups of two values, define an attribute that has a value for each pair of them
    top 10% by spend, visits and a = 1 => top 10% by spend and a = 1
      K402 18..24 `by` takes one value; equal ones are in the order of their keys | one value can be made of several: `by spend / 100 + visits`, say
    quintile(spend where visits > 0) = 5 => quintile(spend among (visits > 0)) = 5
      K209 15..20 subjects are chosen by `among (…)`, found `where` | the rows of a metric are chosen in square brackets: `spend[channel = 'web']` | => quintile(spend among (visits > 0)) = 5
    top 10% by spend where channel = 'web' and a = 1 => top 10% by spend among (channel = 'web') and a = 1
      K209 17..22 subjects are chosen by `among (…)`, found `where` | the rows of a metric are chosen in square brackets: `spend[channel = 'web']` | => top 10% by spend among (channel = 'web') and a = 1
    quintile(spend by region) => quintile(spend per region)
      K205 15..17 groups of subjects are told by `per`, found `by` | => quintile(spend per region)
    quintile(spend partition by region) => quintile(spend per region)
      K205 15..27 groups of subjects are told by `per`, found `partition by` | => quintile(spend per region)
    top 10% by spend for each region => top 10% by spend per region
      K205 17..25 groups of subjects are told by `per`, found `for each` | => top 10% by spend per region
    top 10 by spend within each product.category => top 10 by spend per product.category
      K205 16..27 groups of subjects are told by `per`, found `within each` | => top 10 by spend per product.category
    spend among (x > 1) > 5 => spend > 5
      K209 6..19 `among` belongs to a rank, and here is none | they stand in the brackets of a rank, `quintile(spend among (visits > 0) per region)`, and behind `top 10% by spend`
    percentile(90, value of sales among (a > 0)) > 3 => percentile(90, value of sales) > 3
      K209 30..43 this percentile is over rows, and `among` is about subjects | rows are chosen by `where`; over subjects it is `percentile(90, spend among (visits > 0))`
    percentile(90, spend) among (a > 0) > 3 => percentile(90, spend among (a > 0)) > 3
      K209 22..35 `among (a > 0)` must stand inside the brackets of `percentile(…)` | => percentile(90, spend among (a > 0)) > 3
    sample(10%, 'x' per region) => sample(10%, 'x')
      K402 16..26 a sample is taken of all subjects, without `per` | a condition is joined by `and`: `in vip and sample(10%, 'holdout')`
    sample(10%, 'x') among (in vip) => sample(10%, 'x')
      K402 17..31 a sample is taken of all subjects, without `among` | a condition is joined by `and`: `in vip and sample(10%, 'holdout')`
    "#);
}

#[test]
fn numbers_of_ranks() {
    assert_snapshot!(report(NUMBERS_OF_RANKS), @r#"
    quintile(5, spend) = 5 => quintile(spend) = 5
      K402 9..10 `quintile` is 5 tiles by itself and takes the value alone | => quintile(spend) = 5
    quintile(spend, 5) = 5 => quintile(spend) = 5
      K402 16..17 `quintile` is 5 tiles by itself and takes the value alone | => quintile(spend) = 5
    quintile(4, spend) => ntile(4, spend)
      K402 9..10 `quintile` is 5 tiles; 4 of them are `ntile(4, …)` | => ntile(4, spend)
    decile(spend, 20) => ntile(20, spend)
      K402 14..16 `decile` is 10 tiles; 20 of them are `ntile(20, …)` | => ntile(20, spend)
    percent_rank(90, spend) => percent_rank(spend)
      K402 13..15 `percent_rank` takes the value alone | => percent_rank(spend)
    quintile(spend, region) => …
      K402 0..23 `quintile` takes one value, found 2 | `among (…)` and `per …` stand behind the value, without a comma before them
    quintile() => …
      K402 0..10 `quintile` lacks the value by which subjects are ordered | write `quintile(spend_365d)`, say
    ntile(spend) => quintile(spend)
      K402 0..12 `ntile` lacks how many tiles there are | the number stands before the value: `ntile(5, …)` for five | => ntile(5, spend)
    ntile(spend, 5) => quintile(spend)
      K402 13..14 how many tiles there are stands first in `ntile(…)` | => ntile(5, spend)
    score(spend) => score(5, spend)
      K402 0..12 `score` lacks how many scores there are | the number stands before the value: `score(5, …)` for five | => score(5, spend)
    score(spend, 5) = 1 => score(5, spend) = 1
      K402 13..14 how many scores there are stands first in `score(…)` | => score(5, spend) = 1
    ntile(5) => …
      K402 0..8 `ntile` lacks the value by which subjects are ordered | write `ntile(5, spend_365d)`, say
    ntile(n, spend) => …
      K402 6..7 how many tiles `ntile` makes is a whole number from 1 to 1000, found `n`
    ntile(0, spend) => …
      K402 6..7 how many tiles `ntile` makes is a whole number from 1 to 1000, found `0`
    ntile(2.5, spend) => …
      K402 6..9 how many tiles `ntile` makes is a whole number from 1 to 1000, found `2.5`
    ntile(-3, spend) => …
      K402 6..8 how many tiles `ntile` makes is a whole number from 1 to 1000, found `-3`
    score(1001, spend) = 3 => … = 3
      K402 6..10 how many scores `score` makes is a whole number from 1 to 1000, found `1001`
    ntile(5, spend, region) => …
      K402 0..23 `ntile` takes a number and a value, found 3 parts | `among (…)` and `per …` stand behind the value, without a comma before them
    ntile(5 spend) => quintile(spend)
      K201 6..13 `,` is missing between `5` and `spend` | => ntile(5, spend)
    percentile(spend, 90) > 3 => percentile(90, spend) > 3
      K402 18..20 the number of a percentile stands first | => percentile(90, spend) > 3
    percentile(90%, spend among (a)) > 3 => percentile(90, spend among (a)) > 3
      K402 11..14 the number of a percentile is written without `%`, found `90%` | => percentile(90, spend among (a)) > 3
    percentile(101, spend among (a)) > 3 => … > 3
      K402 0..10 a percentile is between 0 and 100
    quintile(value of sales where a = 1) => quintile(value)
      K209 15..35 a rank is of one value for each subject, not of rows | rank a metric, or an aggregate: `quintile(sum(value of sales where a = 1))`
    quintile(spend => quintile(spend)
      K203 8..9 `(` is opened and never closed | => quintile(spend)
    "#);
}

#[test]
fn tops() {
    assert_snapshot!(report(TOPS), @r#"
    top 10% => …
      K402 0..7 `top 10%` does not say by what | write `top 10% by spend_365d`, say
    top 10 among (a > 0) => …
      K402 0..20 `top 10` does not say by what | write `top 10 by spend_365d`, say
    top 0 by spend => …
      K402 4..5 `top 0` is nobody | write a whole number from 1 on, or a share such as `top 10%`
    bottom 0% by spend => …
      K402 7..9 a share is above 0% and at most 100%, found `bottom 0%`
    top 150% by spend => …
      K402 4..8 a share is above 0% and at most 100%, found `top 150%`
    top 0.1 by spend => top 10% by spend
      K402 4..7 `top 0.1` is no whole number of subjects; a share is written with `%` | => top 10% by spend
    top 2.5 by spend => top 2.5% by spend
      K402 4..7 `top 2.5` is no whole number of subjects; a share is written with `%` | => top 2.5% by spend
    top 99999999999999999999 by spend => …
      K402 4..24 `top` counts to 18446744073709551615, found `99999999999999999999`
    top 10 percent by spend => top 10% by spend
      K206 4..14 a share is written `10%`, found `10 percent` | => top 10% by spend
    top 10 % by spend => top 10% by spend
      K206 4..8 a percentage is written `10%`, found `10 %` | => top 10% by spend
    top 10 customers by spend => top 10 by spend
      K201 7..16 `by` follows `top 10` at once, found `customers` | the highest of some subjects only are `top 10 by spend among (in vip)` | => top 10 by spend
    top 10% of customers by spend and a = 1 => top 10% by spend and a = 1
      K201 8..20 `by` follows `top 10%` at once, found `of customers` | the highest of some subjects only are `top 10% by spend among (in vip)` | => top 10% by spend and a = 1
    bottom 5 shops ranked by spend => bottom 5 by spend
      K201 9..21 `by` follows `bottom 5` at once, found `shops ranked` | the lowest of some subjects only are `bottom 5 by spend among (in vip)` | => bottom 5 by spend
    top 10% of spend => top 10% by spend
      K201 8..10 what `top 10%` is of stands behind `by`, found `of` | => top 10% by spend
    top 10% spend => top 10% by spend
      K201 0..7 `by` is missing behind `top 10%` | => top 10% by spend
    top 10 (spend) => top 10 by spend
      K201 0..6 `by` is missing behind `top 10` | => top 10 by (spend)
    top 10% berdasarkan spend => top 10% by spend
      K201 8..19 what `top 10%` is of stands behind `by`, found `berdasarkan` | => top 10% by spend
    top ten by spend => top 10 by spend
      K206 4..7 a number is written in digits: `top 10` | => top 10 by spend
    top by spend and a = 1 => … and a = 1
      K201 0..3 `top` needs how many: a number or a share | write `top 100 by …` or `top 10% by …`
    top spend 10% => top 10% by spend
      K209 0..13 the number of `top` stands before its value | => top 10% by spend
    top(10) by spend => top 10 by spend
      K201 4..6 the number of `top` takes no brackets | => top 10 by spend
    top(10, spend) => top 10 by spend
      K201 0..3 `top` takes no brackets: `top 10 by spend` | => top 10 by spend
    topn(spend, 10%) and a = 1 => top 10% by spend and a = 1
      K201 0..4 `top` takes no brackets: `top 10% by spend` | => top 10% by spend and a = 1
    the top 10% by spend => top 10% by spend
      K201 0..3 `the` is left out before `top` and `bottom` | => top 10% by spend
    highest 10% by spend or lowest 5 by visits => top 10% by spend or bottom 5 by visits
      K205 0..7 `highest` is written `top` | => top 10% by spend or lowest 5 by visits
      K205 24..30 `lowest` is written `bottom` | => highest 10% by spend or bottom 5 by visits
    in top 10% by spend => top 10% by spend
      K201 0..2 `top 10%` stands by itself, without `in` | => top 10% by spend
    not in top 10% by spend => not top 10% by spend
      K201 4..6 `top 10%` stands by itself, without `in` | => not top 10% by spend
    spend in top 10% => top 10% by spend
      K201 0..16 `top 10%` is asked by itself, with its value behind `by` | => top 10% by spend
    customer.spend is not in top 10% and a = 1 => not top 10% by customer.spend and a = 1
      K201 0..32 `top 10%` is asked by itself, with its value behind `by` | => not top 10% by customer.spend and a = 1
    spend is top 10% => spend is …
      K402 9..16 `top 10%` does not say by what | write `top 10% by spend_365d`, say
    spend in the top 10% and a = 1 => top 10% by spend and a = 1
      K201 0..20 `top 10%` is asked by itself, with its value behind `by` | => top 10% by spend and a = 1
    in the top 10% by spend => top 10% by spend
      K201 0..6 `top 10%` stands by itself, without `in the` | => top 10% by spend
    among the bottom 5 by spend => bottom 5 by spend
      K201 0..9 `bottom 5` stands by itself, without `among the` | => bottom 5 by spend
    top 10% by spend desc => top 10% by spend
      K205 17..21 `top` is the highest by itself, found `desc` | => top 10% by spend
    top 10 by spend asc and a = 1 => bottom 10 by spend and a = 1
      K205 16..19 `top` is the highest by itself, found `asc` | => bottom 10 by spend and a = 1
    bottom 10 by spend asc => bottom 10 by spend
      K205 19..22 `bottom` is the lowest by itself, found `asc` | => bottom 10 by spend
    quintile(spend desc) = 1 => quintile(spend) = 1
      K205 15..19 a rank ascends: 1 is the lowest | the highest of five is 5: compare with that
    quintile(spend asc) = 1 => quintile(spend) = 1
      K205 15..18 a rank ascends: 1 is the lowest | => quintile(spend) = 1
    a = 1 order by spend desc limit 100 => a = 1 and top 100 by spend
      K205 6..35 who is found has no order, and no limit; the first so many are asked for by `top` and `bottom` | => a = 1 and top 100 by spend
    order by spend limit 5 => bottom 5 by spend
      K205 0..22 who is found has no order, and no limit; the first so many are asked for by `top` and `bottom` | => bottom 5 by spend
    a = 1 order by spend => a = 1
      K205 6..20 who is found has no order, and no limit; the first so many are asked for by `top` and `bottom` | write `top 100 by spend`, say, joined by `and` to other conditions
    a = 1 limit 100 => a = 1
      K205 6..15 who is found has no order, and no limit; the first so many are asked for by `top` and `bottom` | write `top 100 by spend`, say, joined by `and` to other conditions
    top 10 by spend or => top 10 by spend
      K201 16..18 nothing follows `or` | => top 10 by spend
    "#);
}

#[test]
fn ranks_of_other_languages() {
    assert_snapshot!(report(OTHER_LANGUAGES), @r#"
    quartile(spend) = 4 => ntile(4, spend) = 4
      K205 0..8 `quartile(x)` is written `ntile(4, x)` | => ntile(4, spend) = 4
    quartile(spend among (a > 0) per region) = 4 => ntile(4, spend among (a > 0) per region) = 4
      K205 0..8 `quartile(x)` is written `ntile(4, x)` | => ntile(4, spend among (a > 0) per region) = 4
    rank(spend) <= 10 => … <= 10
      K205 0..4 there is no `rank(…)` here | the first so many are `top 100 by spend`, the first share `top 10% by spend`; tiles are `ntile(100, spend)`, and the share of the others with a smaller value is `percent_rank(spend)`
    rank(spend per region) <= 10 => … <= 10
      K205 0..4 there is no `rank(…)` here | the first so many are `top 100 by spend`, the first share `top 10% by spend`; tiles are `ntile(100, spend)`, and the share of the others with a smaller value is `percent_rank(spend)`
    dense_rank() <= 3 and a = 1 => … <= 3 and a = 1
      K205 0..10 there is no `dense_rank(…)` here | the first so many are `top 100 by spend`, the first share `top 10% by spend`; tiles are `ntile(100, spend)`, and the share of the others with a smaller value is `percent_rank(spend)`
    row_number() = 1 => … = 1
      K205 0..10 there is no `row_number(…)` here | the first so many are `top 100 by spend`, the first share `top 10% by spend`; tiles are `ntile(100, spend)`, and the share of the others with a smaller value is `percent_rank(spend)`
    quantile(0.9, spend) => …
      K205 0..8 there is no `quantile(…)` here | the number below which 90% lie is `percentile(90, spend among (visits > 0))`
    random() < 0.1 => … < 0.1
      K205 0..6 there is no `random(…)` here | nothing is left to chance; a share of the subjects that stays the same is `sample(10%, 'holdout')`
    ntile(4) over (partition by region order by spend) = 4 => ntile(4, spend per region) = 4
      K205 9..50 `over (…)` is no part of a rank here: the value, and `per` for groups, stand inside its brackets | => ntile(4, spend per region) = 4
    ntile(4) over (order by spend desc) = 1 => … = 1
      K205 9..35 `over (…)` is no part of a rank here: the value, and `per` for groups, stand inside its brackets | a rank ascends, 1 is the lowest: `ntile(5, spend per region)`
    percent_rank() over (order by spend) => percent_rank(spend)
      K205 15..36 `over (…)` is no part of a rank here: the value, and `per` for groups, stand inside its brackets | => percent_rank(spend)
    quintile(spend) over (partition by region) => quintile(spend per region)
      K205 16..42 `over (…)` is no part of a rank here: the value, and `per` for groups, stand inside its brackets | => quintile(spend per region)
    quartile(spend) over (partition by region) => ntile(4, spend per region)
      K205 16..42 `over (…)` is no part of a rank here: the value, and `per` for groups, stand inside its brackets | => ntile(4, spend per region)
    row_number() over (partition by region order by spend desc) <= 10 and a = 1 => top 10 by spend per region and a = 1
      K205 13..59 `over (…)` is no part of a rank here: the value, and `per` for groups, stand inside its brackets | => top 10 by spend per region and a = 1
    rank() over (order by spend desc) <= 10 and a = 1 => … <= 10 and a = 1
      K205 7..33 `over (…)` is no part of a rank here: the value, and `per` for groups, stand inside its brackets | the first so many are `top 100 by spend`, the first share `top 10% by spend`; tiles are `ntile(100, spend)`, and the share of the others with a smaller value is `percent_rank(spend)`
    ntile(5) over (partition by region, city order by spend) => …
      K205 9..56 `over (…)` is no part of a rank here: the value, and `per` for groups, stand inside its brackets | `per` takes one value: `ntile(5, spend per region)`
    quintile spend = 5 => quintile(spend) = 5
      K201 0..8 `quintile` takes brackets | => quintile(spend) = 5
    ntile 5 spend = 5 => … = 5
      K201 0..5 `ntile` takes brackets | its form is `ntile(5, spend)`
    quintile of spend = 5 => quintile(spend) = 5
      K201 0..17 `quintile` takes brackets | => quintile(spend) = 5
    spend quintile = 5 and a = 1 => quintile(spend) = 5 and a = 1
      K209 0..14 a rank stands before its value: `quintile(spend)` | => quintile(spend) = 5 and a = 1
    spend quartile = 4 => ntile(4, spend) = 4
      K209 0..14 a rank stands before its value: `ntile(4, spend)` | => ntile(4, spend) = 4
    quintile(spend) over 90d => quintile(spend over 90d)
      K209 16..24 the window `over 90d` must stand behind the metric that is ranked | => quintile(spend over 90d)
    "#);
}

#[test]
fn samples() {
    assert_snapshot!(report(SAMPLES), @r#"
    sample(0.1, 'x') => sample(10%, 'x')
      K402 7..10 the share of a sample is written with `%`, found `0.1` | => sample(10%, 'x')
    sample(10, 'x') => sample(10%, 'x')
      K402 7..9 the share of a sample is written with `%`, found `10` | => sample(10%, 'x')
    sample(10%) => sample(10%, 'holdout')
      K402 0..11 a sample needs a salt | a salt is a text that tells samples apart: two samples of one salt lie in each other, those of two salts have nothing to do with each other; name what the sample is for | => sample(10%, 'holdout')
    sample(0.1) => sample(10%, 'holdout')
      K402 0..11 a sample needs a salt | a salt is a text that tells samples apart: two samples of one salt lie in each other, those of two salts have nothing to do with each other; name what the sample is for | => sample(0.1, 'holdout')
      K402 7..10 the share of a sample is written with `%`, found `0.1` | => sample(10%)
    sample('x', 10%) => sample(10%, 'x')
      K402 0..16 the share of a sample stands before its salt | => sample(10%, 'x')
    sample('x') => …
      K402 0..11 a sample needs its share of the subjects, before the salt | write `sample(10%, 'holdout')`, say
    sample() => …
      K402 0..8 a sample needs a share and a salt | write `sample(10%, 'holdout')`, say
    sample(10%, holdout) => sample(10%, 'holdout')
      K402 12..19 the salt of a sample is a text, found `holdout` | => sample(10%, 'holdout')
    sample(10%, 2026) => sample(10%, '2026')
      K402 12..16 the salt of a sample is a text, found `2026` | => sample(10%, '2026')
    sample(10%, '') => …
      K402 12..14 the salt of a sample is empty | a salt is a text that tells samples apart: two samples of one salt lie in each other, those of two salts have nothing to do with each other; name what the sample is for
    sample(10%, lower('x')) => …
      K402 12..22 the salt of a sample is a text written out, such as `'holdout'`
    sample(share, 'x') => …
      K402 7..12 the share of a sample is written out, such as `10%`, found `share`
    sample(0%, 'x') and sample(101%, 'x') => … and …
      K402 7..9 a share is above 0% and at most 100%, found `0%`
      K402 27..31 a share is above 0% and at most 100%, found `101%`
    sample(10%, 'x', 3) => …
      K402 0..19 a sample takes a share and a salt, found 3 parts | write `sample(10%, 'holdout')`, say
    sample 10% => sample(10%, 'holdout')
      K201 0..10 a sample takes brackets, with its share and a salt | => sample(10%, 'holdout')
    sample(10 percent, 'x') => sample(10%, 'x')
      K206 7..17 a share is written `10%`, found `10 percent` | => sample(10%, 'x')
    sample(10% + , 'x') => …
      K201 11..12 a value is expected after `+`, found `,`
    sample(10%, ) => sample(10%, 'holdout')
      K402 10..11 a sample needs a salt | a salt is a text that tells samples apart: two samples of one salt lie in each other, those of two salts have nothing to do with each other; name what the sample is for | => sample(10%, 'holdout' )
    "#);
}

#[test]
fn files_of_values() {
    assert_snapshot!(report(FILES), @r#"
    sku in file lists/skus.txt and a = 1 => sku in file 'lists/skus.txt' and a = 1
      K201 12..26 the name of a file stands in quotes | => sku in file 'lists/skus.txt' and a = 1
    in file vips.csv => in file 'vips.csv'
      K201 8..16 the name of a file stands in quotes | => in file 'vips.csv'
    sku in 'skus.txt' => sku in file 'skus.txt'
      K201 7..17 a file of values is written `in file 'skus.txt'` | => sku in file 'skus.txt'
    not in 'vips.csv' => not in file 'vips.csv'
      K201 7..17 a file of values is written `in file 'vips.csv'` | => not in file 'vips.csv'
    in skus.csv or sku in skus.txt => in skus.csv or sku in file 'skus.txt'
      K201 22..30 a file of values is written `in file 'skus.txt'`, found `in skus.txt` | => in skus.csv or sku in file 'skus.txt'
    sku in file ('skus.txt') => sku in file 'skus.txt'
      K201 12..24 the name of a file takes no brackets | => sku in file 'skus.txt'
    sku is in file 'skus.txt' => sku in file 'skus.txt'
      K201 4..14 `is` is left out before `in file` | => sku in file 'skus.txt'
    sku is not in file 'skus.txt' and a = 1 => sku not in file 'skus.txt' and a = 1
      K201 4..18 `is` is left out before `not in file` | => sku not in file 'skus.txt' and a = 1
    sku in list 'skus.txt' => sku in file 'skus.txt'
      K205 7..11 a file of values is written `in file 'skus.txt'`, found `in list` | => sku in file 'skus.txt'
    sku in files 'skus.txt' => sku in file 'skus.txt'
      K205 7..12 a file of values is written `in file 'skus.txt'`, found `in files` | => sku in file 'skus.txt'
    sku in file '' => …
      K402 12..14 the name of a file is expected between the quotes | it is relative to the file that names it: `in file 'lists/vips.csv'`
    sku in file 'a.txt => sku in file 'a.txt'
      K202 12..18 this quote is opened and never closed | => sku in file 'a.txt'
    sku in file => sku = …
      K201 4..11 the name of a file is missing behind `in file` | it stands in quotes, and is relative to the file that names it: `in file 'lists/skus.txt'`
    "#);
}
