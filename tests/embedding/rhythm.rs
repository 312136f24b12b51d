//! The library `rhythm`, recomputed: by hand for a few customers, in plain floating point for many.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use datafusion::arrow::array::{ArrayRef, StringArray, TimestampMicrosecondArray};
use kohort::{Engine, Project};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::tables::{members, table};

const CATALOG: &str = "
kohort: 1
timezone: Asia/Jakarta
subject: { name: customer, key: customer }
tables:
  sales: { subject: customer, time: sold_at }
include: [{ library: rhythm, with: { purchases: sales } }]
";

const DAY: i64 = 86_400;

/// A day as seconds of its start in UTC.
fn day(text: &str) -> i64 {
    i64::from(text.parse::<NaiveDate>().expect("a day").to_epoch_days()) * DAY
}

/// The seconds of purchases, local times of Jakarta, by customer.
type Purchases = BTreeMap<String, Vec<i64>>;

/// The members of each condition on 31 March 2026.
async fn evaluated<'c>(purchases: &Purchases, conditions: &[&'c str]) -> BTreeMap<&'c str, Vec<String>> {
    let rows = || purchases.iter().flat_map(|(customer, times)| times.iter().map(move |time| (customer, *time)));
    let customers: Vec<&str> = rows().map(|(customer, _)| customer.as_str()).collect();
    let times: Vec<i64> = rows().map(|(_, time)| time * 1_000_000).collect();
    let customers: ArrayRef = Arc::new(StringArray::from(customers));
    let times: ArrayRef = Arc::new(TimestampMicrosecondArray::from(times));
    let rules: String =
        conditions.iter().enumerate().map(|(at, when)| format!("  s{at}: {{ when: {when:?} }}\n")).collect();
    let project = Project::from_texts([("catalog.yaml", CATALOG), ("rules.yaml", &format!("segments:\n{rules}"))]);
    let sales = table(vec![("customer", customers), ("sold_at", times)]);
    let engine =
        Engine::builder(project).table("sales", sales).open().await.unwrap_or_else(|error| panic!("{error:?}"));
    let mut found = BTreeMap::new();
    for (at, when) in conditions.iter().enumerate() {
        found.insert(*when, members(&engine, "2026-03-31", &format!("s{at}")).await);
    }
    found
}

/// Noon of each day.
fn noons(days: &[&str]) -> Vec<i64> {
    days.iter().map(|text| day(text) + DAY / 2).collect()
}

#[tokio::test]
async fn rhythm_is_what_a_pencil_says() {
    let mut purchases: Purchases = BTreeMap::from([
        // gaps of 7 days: 4 shopping days in 30 days, 2 days ago, again on 5 April
        ("clock".to_owned(), noons(&["2026-03-01", "2026-03-08", "2026-03-15", "2026-03-22", "2026-03-29"])),
        // gaps of 10 days: away for 23 days, and for 24
        ("waiting".to_owned(), noons(&["2026-02-16", "2026-02-26", "2026-03-08"])),
        ("overdue".to_owned(), noons(&["2026-02-15", "2026-02-25", "2026-03-07"])),
        // gaps 1, 1, 1, 40: average 43/4 days, squares of deviations 1140.75 of 3, deviation 19.5 days
        ("bursts".to_owned(), noons(&["2026-02-15", "2026-02-16", "2026-02-17", "2026-02-18", "2026-03-30"])),
        // gaps 7 and 21: deviation 7 times root 2, average 14, just 0.7071
        ("erlang".to_owned(), noons(&["2026-03-01", "2026-03-08", "2026-03-29"])),
        // gaps 1, 3, 8: deviation root of 13 = 3.606, average 4, 0.901
        ("between".to_owned(), noons(&["2026-03-18", "2026-03-19", "2026-03-22", "2026-03-30"])),
        ("twice".to_owned(), noons(&["2025-01-01", "2025-01-11"])),
        ("once".to_owned(), noons(&["2025-01-01"])),
    ]);
    // Three purchases of a day are one shopping day, and what comes after T is not there.
    let more = [day("2026-03-15"), day("2026-03-15") + DAY - 1, day("2026-04-01")];
    purchases.get_mut("clock").expect("it is there").extend(more);
    let expected: [(&str, &[&str]); 14] = [
        ("shopping_days = 5", &["bursts", "clock"]),
        ("shopping_days_30d = 4", &["between", "clock"]),
        ("average_gap = 7d", &["clock"]),
        ("average_gap = 10d", &["overdue", "twice", "waiting"]),
        ("average_gap = 258h", &["bursts"]),
        ("typical_gap = 1d", &["bursts"]),
        ("typical_gap = 14d", &["erlang"]),
        ("gap_deviation = 468h", &["bursts"]),
        ("gap_variation is unknown", &["once", "twice"]),
        ("buys_regularly", &["clock", "erlang", "overdue", "waiting"]),
        ("buys_irregularly", &["bursts"]),
        ("last_shopping_day = 2026-03-29", &["clock", "erlang"]),
        ("expected_next_purchase = 2026-04-05", &["clock"]),
        ("overdue", &["overdue"]),
    ];
    let found = evaluated(&purchases, &expected.map(|(when, _)| when)).await;
    for (when, expected) in expected {
        assert_eq!(found[when], expected, "{when}");
    }
}

/// What the library says of a customer, in floating point.
struct Rhythm {
    /// In days; none: fewer than two shopping days.
    average: Option<f64>,
    /// None: fewer than three.
    variation: Option<f64>,
    away: f64,
}

fn rhythm(times: &[i64]) -> Rhythm {
    let mut days: Vec<i64> = times.iter().map(|time| time.div_euclid(DAY)).collect();
    days.sort_unstable();
    days.dedup();
    let gaps: Vec<f64> = days.windows(2).map(|pair| (pair[1] - pair[0]) as f64).collect();
    let count = gaps.len() as f64;
    let average = (!gaps.is_empty()).then(|| gaps.iter().sum::<f64>() / count);
    let squares: f64 = gaps.iter().map(|gap| (gap - average.unwrap_or_default()).powi(2)).sum();
    let variation = (gaps.len() >= 2).then(|| (squares / (count - 1.0)).sqrt() / average.unwrap_or_default());
    let last = days.last().expect("everybody bought something");
    Rhythm { average, variation, away: (day("2026-03-31") / DAY - last) as f64 }
}

#[tokio::test]
async fn rhythm_is_what_floating_point_says() {
    let mut random = ChaCha8Rng::seed_from_u64(1959);
    let purchases: Purchases = (0..400)
        .map(|customer| {
            let (typical, spread) = (random.random_range(1..20) * DAY, random.random_range(1..4));
            let mut times = vec![day("2025-10-01") + random.random_range(0..60 * DAY)];
            for _ in 0..random.random_range(0..9) {
                let gap = random.random_range(typical / spread..=typical * spread);
                // Now and then somebody stays away.
                let silence = if random.random_ratio(1, 5) { 8 } else { 1 };
                times.push(times[times.len() - 1] + silence * gap);
            }
            times.retain(|time| *time < day("2026-04-01"));
            (format!("c{customer:03}"), times)
        })
        .collect();
    let expected = |holds: fn(&Rhythm) -> bool| -> Vec<String> {
        let member = |(name, times): (&String, &Vec<i64>)| holds(&rhythm(times)).then(|| name.clone());
        purchases.iter().filter_map(member).collect()
    };
    let late = |of: &Rhythm| of.variation.is_some() && of.average.is_some_and(|average| of.away / average > 2.372);
    let cases: [(&str, Vec<String>); 4] = [
        ("buys_regularly", expected(|of| of.variation.is_some_and(|variation| variation <= 0.7072))),
        ("buys_irregularly", expected(|of| of.variation.is_some_and(|variation| variation > 1.0))),
        ("average_gap > 9d", expected(|of| of.average.is_some_and(|average| average > 9.0))),
        ("overdue", expected(late)),
    ];
    let conditions: Vec<&str> = cases.iter().map(|(when, _)| *when).collect();
    let found = evaluated(&purchases, &conditions).await;
    for (when, expected) in cases {
        assert!(expected.len() > 10 && expected.len() < 390, "{when}: {}", expected.len());
        assert_eq!(found[when], expected, "{when}");
    }
}
