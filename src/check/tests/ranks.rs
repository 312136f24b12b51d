//! Messages about ranks, samples and buckets.

use insta::assert_snapshot;

use super::shop::SHOP;
use super::survey;

#[test]
fn what_is_ranked() {
    let found = survey(
        SHOP,
        &[
            "quintile(spend_90d among (orders > 0) per region) = 5",
            "decile(last(at of sales)) >= 9",
            "score(4, aov) = 4",
            "percent_rank(evenness among (in s)) > 50%",
            "ntile(3, age(birth_date)) = 1",
            "quintile(avg(gap of sales)) = 1",
            "spend > percentile(90, spend among (orders > 0))",
            "spend > percentile(90, aov)",
            "avg(gap of sales) > percentile(50, avg(gap of sales))",
            "top 10% by aov per city",
            "top 100 by last(at of sales) among (region = 'Jakarta') per household.language",
            "bottom 1 by points",
            "quintile(spend) = 5",
            "top 10% by orders",
            "quintile(spend among (true)) = 5",
            "quintile(spend among (spend)) = 5",
            "quintile(city) = 5",
            "quintile(active) = 5",
            "quintile(tags) = 5",
            "quintile(points per tags) = 5",
            "percentile(90, last(at of sales)) > 30d ago",
            "percentile(90.1234567, aov) > 3",
            "quintile(aov) = 'five'",
            "quintile(aov) > 5 IDR",
            "any(sales where quintile(aov) = 5)",
            "any(sales where top 10% by customer.aov)",
            "any(sales where customer.aov > 5)",
            "top 3 by aov_90d and quintile(aov[channel = 'web']) = 1",
            "quintile(nothing among (nobody > 1) per nowhere) = 1",
            "quintile(quintile(aov)) = 1",
        ],
    );
    assert_snapshot!(found, @r#"
    quintile(spend_90d among (orders > 0) per region) = 5
        fine
    decile(last(at of sales)) >= 9
        fine
    score(4, aov) = 4
        fine
    percent_rank(evenness among (in s)) > 50%
        K305 [s] segment `s` is defined by itself | its condition leads back to it through `in` or `within`: break the circle
    ntile(3, age(birth_date)) = 1
        fine
    quintile(avg(gap of sales)) = 1
        fine
    spend > percentile(90, spend among (orders > 0))
        fine
    spend > percentile(90, aov)
        fine
    avg(gap of sales) > percentile(50, avg(gap of sales))
        fine
    top 10% by aov per city
        fine
    top 100 by last(at of sales) among (region = 'Jakarta') per household.language
        fine
    bottom 1 by points
        fine
    quintile(spend) = 5
        K507 warning [spend] `spend` is 0 for those who have no such rows, and they are ranked too | say who is meant: `among (spend > 0)` behind it leaves them out | if they are meant, `among (true)` says so
    top 10% by orders
        K507 warning [orders] `orders` is 0 for those who have no such rows, and they are ranked too | say who is meant: `among (orders > 0)` behind it leaves them out | if they are meant, `among (true)` says so
    quintile(spend among (true)) = 5
        fine
    quintile(spend among (spend)) = 5
        K407 [spend] a condition is expected here, and this is a number | compare it with something, as in `… > 500`
    quintile(city) = 5
        K401 [city] a number, date, time or duration is ranked, and this is a text | choose a number to rank by, as in `spend_365d`
    quintile(active) = 5
        K401 [active] a number, date, time or duration is ranked, and this is a condition | count where it holds, as in `count(sales where …)`, and rank by that
    quintile(tags) = 5
        K401 [tags] a number, date, time or duration is ranked, and this is a list of text | choose a number to rank by, as in `spend_365d`
    quintile(points per tags) = 5
        K401 [tags] `per` puts each subject in one group, and this is a list | name something that each has one of, as in `per region`
    percentile(90, last(at of sales)) > 30d ago
        K401 [last(at of sales)] between two values of a percentile there may be none: this is a time | write a percentile of a number or a duration, as in `percentile(90, now - last_purchase)`
    percentile(90.1234567, aov) > 3
        K402 [percentile] a percentile has at most 6 digits after the point | round it
    quintile(aov) = 'five'
        K401 [quintile(aov) = 'five'] a number is compared with a text | `quintile(aov)` is a number: compare it with one, as in `… > 500`
    quintile(aov) > 5 IDR
        K206 [5 IDR] a number is written without a currency, found `IDR` | the currency of a metric is declared once, in the catalogue (`unit:`) | write `5` | => quintile(aov) > 5
    any(sales where quintile(aov) = 5)
        K307 [quintile(aov)] subjects are ranked, not rows: among rows there is no rank of a customer | name the rank under `attributes:`, and use it among rows as `customer.name`
    any(sales where top 10% by customer.aov)
        K307 [top 10% by customer.aov] subjects are ranked, not rows: among rows there is no rank of a customer | name the rank under `attributes:`, and use it among rows as `customer.name`
    any(sales where customer.aov > 5)
        fine
    top 3 by aov_90d and quintile(aov[channel = 'web']) = 1
        fine
    quintile(nothing among (nobody > 1) per nowhere) = 1
        K301 [nothing] a customer has nothing called `nothing` | there are `active`, `aov`, `best_sale`, `birth_date`, `city`, `customer_id`, `evenness`, `first_sale` and 14 more
        K301 [nobody] a customer has nothing called `nobody` | there are `active`, `aov`, `best_sale`, `birth_date`, `city`, `customer_id`, `evenness`, `first_sale` and 14 more
        K301 [nowhere] a customer has nothing called `nowhere` | there are `active`, `aov`, `best_sale`, `birth_date`, `city`, `customer_id`, `evenness`, `first_sale` and 14 more
    quintile(quintile(aov)) = 1
        fine
    "#);
}

#[test]
fn samples_and_buckets() {
    let found = survey(
        SHOP,
        &[
            "sample(10%, 'holdout')",
            "not sample(0.5%, 'holdout') and spend > 5",
            "any(sales where sample(10%, 'holdout'))",
            "bucket(spend, 100, 500) = 3",
            "bucket(last(at of sales), 365d ago, 90d ago) = 3",
            "bucket(birth_date, 1980-01-01, 2000-01-01) = 3",
            "bucket(avg(gap of sales), 7d, 30d) = 1",
            "bucket(spend, 500, 100) = 3",
            "bucket(spend, 100, 100) = 3",
            "bucket(spend) = 3",
            "bucket() = 3",
            "bucket(city, 'a') = 3",
            "bucket(birth_date, 30d ago) = 3",
            "bucket(spend, 'a') = 3",
        ],
    );
    assert_snapshot!(found, @r#"
    sample(10%, 'holdout')
        fine
    not sample(0.5%, 'holdout') and spend > 5
        fine
    any(sales where sample(10%, 'holdout'))
        K307 [sample(10%, 'holdout')] a sample is of subjects, not of rows | name it under `attributes:`, and use it among rows as `customer.name`: a customer's rows are then all in or all out
    bucket(spend, 100, 500) = 3
        fine
    bucket(last(at of sales), 365d ago, 90d ago) = 3
        fine
    bucket(birth_date, 1980-01-01, 2000-01-01) = 3
        fine
    bucket(avg(gap of sales), 7d, 30d) = 1
        fine
    bucket(spend, 500, 100) = 3
        K402 [100] bounds ascend, and `100` does not come after `500` | write each bound once, the smallest first
    bucket(spend, 100, 100) = 3
        K402 [100] bounds ascend, and `100` does not come after `100` | write each bound once, the smallest first
    bucket(spend) = 3
        K402 [bucket(spend)] `bucket` takes a value and its bounds, and one is given
    bucket() = 3
        K402 [bucket()] `bucket` takes a value and its bounds, and none is given
    bucket(city, 'a') = 3
        K401 [city] a number, date, time or duration has bounds, and this is a text
    bucket(birth_date, 30d ago) = 3
        K401 [30d ago] the bounds are of the type of the value, a date, and this is a time | write `day(…)` around a time to compare it with dates
    bucket(spend, 'a') = 3
        K401 ['a'] a number is compared with a text | `spend` is a number: compare it with one, as in `… > 500`
    "#);
}

/// A table is made before any rule is looked at, and what it asks of its subject may rest on a segment.
#[test]
fn tables_may_rest_on_segments() {
    let attribute = "  best: top 10% by points among (in regulars)\n";
    let table = "  of_the_best: { from: sales, where: customer.best }\n";
    let catalog = SHOP.replacen("attributes:\n", &format!("{table}attributes:\n{attribute}"), 1);
    let found = super::said(
        &super::project(&catalog, &super::rules(&[("regulars", "points > 3"), ("s", "any(of_the_best)")])),
        &super::Schemas::new(),
    );
    assert_snapshot!(found, @"");
}
