//! Instants of a small shop, worked out by hand.
//!
//! ```text
//! spend_30d     C1     C2     C3     C4
//! 31 March      300    150    120    0
//! 9 April       100
//! 19 April             0
//! 24 April      0
//! 27 April                    0
//! ```

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use datafusion::datasource::MemTable;

use super::*;
use crate::Project;

const CATALOG: &str = "
kohort: 1
timezone: UTC
subjects: { customer: { table: customers, key: id }, till: { key: till } }
tables:
  customers: { types: { id: integer, city: text, born: date } }
  sales:
    subject: { customer: id, till: till }
    time: at
    types: { id: integer, till: integer, at: timestamp, amount: integer }
attributes:
  adult: age(born) >= 18
  upper_half: ntile(2, spend_30d among (true)) = 2
  half: { is: 'score(2, spend_30d among (any(sales)))', frozen: true }
metrics:
  spend: sum(amount of sales)
";

const FROZEN: &str = "
kohort: 1
cut_points:
  half:
    definition: 'score(2, spend_30d among (any(sales)))'
    as_of: '2026-03-31T00:00:00+00:00'
    population: 3
    bounds: ['110']
";

/// Days of March 2026.
const SALES: &[(i64, i64, i64)] = &[(1, 10, 200), (1, 25, 100), (2, 20, 150), (3, 28, 120)];

const DAY: i64 = 86_400_000_000;
/// 2026-03-01, in days after 1970-01-01.
const MARCH: i64 = 20_513;

async fn shop(rules: &[(&str, &str)]) -> Engine {
    shop_of(CATALOG, rules).await
}

async fn shop_of(catalog: &str, rules: &[(&str, &str)]) -> Engine {
    let table = |columns: Vec<(&str, ArrayRef)>| {
        let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, of)| (name, of, true)));
        let batch = batch.expect("columns of one length");
        Arc::new(MemTable::try_new(batch.schema(), vec![vec![batch]]).expect("a table"))
    };
    let born = |text: &str| chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").expect("a day");
    let born = [Some("1990-01-01"), Some("2008-05-05"), Some("1990-06-01"), None].map(|text| text.map(born));
    let born = born.map(|date| date.map(|date| date.signed_duration_since(born_first()).num_days() as i32));
    let customers = table(vec![
        ("id", Arc::new(Int64Array::from(vec![1, 2, 3, 4]))),
        ("city", Arc::new(StringArray::from(vec![Some("Bern"), Some("Bern"), Some("Chur"), None]))),
        ("born", Arc::new(Date32Array::from(born.to_vec()))),
    ]);
    let sales = table(vec![
        ("id", Arc::new(Int64Array::from_iter_values(SALES.iter().map(|(id, ..)| *id)))),
        (
            "at",
            Arc::new(TimestampMicrosecondArray::from_iter_values(
                SALES.iter().map(|(_, day, _)| (MARCH + day - 1) * DAY),
            )),
        ),
        ("till", Arc::new(Int64Array::from(vec![1, 2, 1, 2]))),
        ("amount", Arc::new(Int64Array::from_iter_values(SALES.iter().map(|(.., amount)| *amount)))),
    ]);
    let segments: String = rules.iter().map(|(name, rule)| format!("  {name}: {rule}\n")).collect();
    let rules = format!("segments:\n{segments}");
    let project =
        Project::from_texts([("catalog.yaml", catalog), ("rules.yaml", rules.as_str()), ("frozen.yaml", FROZEN)]);
    let opened = Engine::builder(project).table("customers", customers).table("sales", sales).open().await;
    opened.unwrap_or_else(|error| panic!("{error}"))
}

fn born_first() -> chrono::NaiveDate {
    chrono::NaiveDate::default()
}

/// The beginning of 31 March.
fn now() -> AsOf {
    AsOf::from_micros((MARCH + 30) * DAY)
}

fn shown(at: AsOf) -> String {
    at.display(chrono_tz::Tz::UTC).trim_end_matches("T00:00:00+00:00").to_owned()
}

impl UntilsOfKind {
    fn segment(&self, name: &str) -> Option<&UntilsOfSegment> {
        self.segments.iter().find(|of| of.name == name)
    }
}

/// Of each customer of one segment: a member or not, and until when that stays.
fn told(untils: &Untils, segment: &str) -> String {
    let kind = untils.kinds.iter().find(|kind| kind.segment(segment).is_some()).expect("a segment");
    let segment = kind.segment(segment).expect("it is there");
    let next = match &segment.next {
        Ok(next) => next,
        Err(why) => return why.to_string(),
    };
    let ids = kind.keys.column(0).as_any().downcast_ref::<Int64Array>().expect("whole numbers");
    let mut told: Vec<(i64, String)> = (0..ids.len())
        .map(|row| {
            let member = if segment.member.value(row) { "in" } else { "out" };
            let until = next.is_valid(row).then(|| shown(AsOf::from_micros(next.value(row))));
            (ids.value(row), format!("{} {member} {}", ids.value(row), until.as_deref().unwrap_or("for good")))
        })
        .collect();
    told.sort_unstable();
    told.into_iter().map(|(_, told)| told).collect::<Vec<_>>().join(", ")
}

/// Rules, each with what is foreseen of the four customers.
async fn holds(rules: &[(&str, &str)]) {
    let names: Vec<String> = (0..rules.len()).map(|at| format!("rule_{at}")).collect();
    let named: Vec<(&str, &str)> = names.iter().zip(rules).map(|(name, (rule, _))| (name.as_str(), *rule)).collect();
    let engine = shop(&named).await;
    let untils = engine.query(now()).until().await.unwrap_or_else(|error| panic!("{error}"));
    for (name, (rule, expected)) in names.iter().zip(rules) {
        assert_eq!(told(&untils, name), *expected, "{rule}");
    }
    assert!(engine.looked_at_daily().is_empty());
}

#[tokio::test]
async fn who_is_overtaken_leaves_when_a_purchase_leaves_the_window() {
    holds(&[
        ("top 1 by spend_30d among (true)", "1 in 2026-04-09, 2 out 2026-04-09, 3 out 2026-04-19, 4 out for good"),
        (
            "top 1 by spend_30d * 1.25 among (true)",
            "1 in 2026-04-09, 2 out 2026-04-09, 3 out 2026-04-19, 4 out for good",
        ),
        (
            "ntile(2, spend_30d / 3 among (true)) = 2",
            "1 in 2026-04-09, 2 in 2026-04-19, 3 out 2026-04-09, 4 out 2026-04-24",
        ),
        // Of equal values the first key is the higher one at the top, and tiles fill by key.
        ("upper_half", "1 in 2026-04-09, 2 in 2026-04-19, 3 out 2026-04-09, 4 out 2026-04-24"),
        ("bottom 1 by spend_30d among (true)", "1 out 2026-04-24, 2 out 2026-04-19, 3 out for good, 4 in 2026-04-19"),
        (
            "percent_rank(spend_30d among (true)) >= 60%",
            "1 in 2026-04-09, 2 in 2026-04-19, 3 out 2026-04-09, 4 out for good",
        ),
        (
            "spend_30d > percentile(50, spend_30d among (true))",
            "1 in 2026-04-09, 2 in 2026-04-19, 3 out 2026-04-09, 4 out for good",
        ),
    ])
    .await;
}

#[tokio::test]
async fn populations_groups_and_ranks_below_move_too() {
    holds(&[
        (
            "top 1 by spend among (any(sales over 30d))",
            "1 in 2026-04-24, 2 out for good, 3 out 2026-04-24, 4 out for good",
        ),
        (
            "quintile(spend among (any(sales over 30d))) is known",
            "1 in 2026-04-24, 2 in 2026-04-19, 3 in 2026-04-27, 4 out for good",
        ),
        ("top 1 by spend_30d among (true) per city", "1 in 2026-04-09, 2 out 2026-04-09, 3 in for good, 4 in for good"),
        // Who spends something is a group, and so is who does not.
        (
            "top 1 by spend among (true) per (spend_30d > 0)",
            "1 in for good, 2 out 2026-04-19, 3 out 2026-04-24, 4 in 2026-04-19",
        ),
        ("top 1 by spend among (upper_half)", "1 in 2026-04-09, 2 out 2026-04-09, 3 out 2026-04-24, 4 out for good"),
        (
            "top 1 by spend among (age(born) >= 18 and spend < 200)",
            "1 out for good, 2 out 2026-05-05, 3 in 2026-05-05, 4 out for good",
        ),
        (
            "top 1 by spend among (true) per bucket(age(born), 18, 30)",
            "1 in for good, 2 in 2038-05-05, 3 out for good, 4 in for good",
        ),
        ("score(3, age(born)) = 3", "1 in for good, 2 out for good, 3 out 2026-06-01, 4 out for good"),
    ])
    .await;
}

#[tokio::test]
async fn who_drifts_as_everybody_does_overtakes_nobody() {
    let still = "1 out for good, 2 in for good, 3 out for good, 4 out for good";
    holds(&[
        ("ntile(3, now - last(at of sales) among (any(sales))) = 3", still),
        (
            "ntile(3, (today - born) / 1d * 2 + 5 among (born is known)) = 3",
            "1 in for good, 2 out for good, 3 out for good, 4 out for good",
        ),
        (
            "ntile(3, now - last(at of sales) among (any(sales over 30d))) = 3",
            "1 out for good, 2 in 2026-04-19, 3 out for good, 4 out for good",
        ),
        // Who is ranked may read the clock in other ways.
        (
            "top 1 by spend among (now - last(at of sales) < 5d)",
            "1 out for good, 2 out for good, 3 in 2026-04-02, 4 out for good",
        ),
    ])
    .await;
}

#[tokio::test]
async fn steps_of_sequences_read_the_clock() {
    let nobody_else = "2 out for good, 3 out for good, 4 out for good";
    holds(&[
        ("sequence(sales then sales where at <= 10d ago)", &format!("1 out 2026-04-04, {nobody_else}")),
        (
            "sequence(sales where at <= 20d ago then sales where at > 10d ago)",
            &format!("1 in 2026-04-04, {nobody_else}"),
        ),
        // No row is left that could be forbidden.
        (
            "sequence(sales where amount > 150 then never sales where at > 10d ago)",
            &format!("1 out 2026-04-04, {nobody_else}"),
        ),
    ])
    .await;
}

#[tokio::test]
async fn values_that_grow_evenly_have_ratios_and_differences() {
    let since = |what: &str| format!("((now - {what}(at of sales)) / 1d)");
    let (first, last) = (since("first"), since("last"));
    let mean = format!("{first} / count(sales) >= 20");
    let by_day = format!("spend / {first} <= 5");
    let twice = format!("2 * {last} >= {first}");
    let ratio = format!("{first} / {last} <= 2");
    let away = format!("abs({last} - 20) < 2");
    holds(&[
        (&mean, "1 out 2026-04-19, 2 out 2026-04-09, 3 out 2026-04-17, 4 out for good"),
        (&by_day, "1 out 2026-05-09, 2 out 2026-04-19, 3 out 2026-04-21, 4 out for good"),
        (&twice, "1 out 2026-04-09, 2 in for good, 3 in for good, 4 out for good"),
        (&ratio, "1 out 2026-04-09, 2 in for good, 3 in for good, 4 out for good"),
    ])
    .await;
    // From the first microsecond after the 18th day to the one before the 22nd.
    let engine = shop(&[("away", &away)]).await;
    for (now, of_first) in [(now().micros(), "out"), ((MARCH + 24 + 19) * DAY, "in")] {
        let untils = engine.query(AsOf::from_micros(now)).until().await.unwrap_or_else(|error| panic!("{error}"));
        let until = if of_first == "out" { "2026-04-12T00:00:00.000001+00:00" } else { "2026-04-16" };
        assert!(told(&untils, "away").starts_with(&format!("1 {of_first} {until}, ")), "{}", told(&untils, "away"));
    }
}

#[tokio::test]
async fn days_of_rows_come_round() {
    holds(&[
        (
            "any(sales where anniversary of day(at) within next 5d)",
            "1 out 2027-03-05, 2 out 2027-03-15, 3 out 2027-03-23, 4 out for good",
        ),
        (
            "any(sales where anniversary of day(at) within last 5d)",
            "1 out 2027-03-10, 2 out 2027-03-20, 3 in 2026-04-03, 4 out for good",
        ),
        ("any(sales where age(day(at)) >= 1)", "1 out 2027-03-10, 2 out 2027-03-20, 3 out 2027-03-28, 4 out for good"),
        (
            "sequence(sales where age(day(at)) >= 1 then sales where anniversary of day(at) within next 5d)",
            "1 out 2027-03-20, 2 out for good, 3 out for good, 4 out for good",
        ),
        // Not which rows are counted, but what of them.
        ("sum(age(day(at)) of sales) >= 3", "1 out 2028-03-10, 2 out 2029-03-20, 3 out 2029-03-28, 4 out for good"),
    ])
    .await;
}

#[tokio::test]
async fn rows_ask_subjects_that_move() {
    let of_tills = |when: &str| format!("{{ of: till, when: '{when}' }}");
    let rules = [
        ("any(sales where customer.spend_30d >= 150)", "1 in 2026-04-19, 2 in 2026-04-09"),
        ("count(sales over 30d where customer.spend_30d > 0) = 1", "1 out 2026-04-09, 2 out 2026-04-24"),
        ("any(sales where customer.upper_half)", "1 in 2026-04-24, 2 in for good"),
        ("count(sales where age(customer.born) >= 18) = 2", "1 out 2026-05-05, 2 in for good"),
        ("count(sales where customer.adult) = 2", "1 out 2026-05-05, 2 in for good"),
        ("max(customer.spend_30d of sales) >= 150", "1 in 2026-04-19, 2 in 2026-04-09"),
        ("sequence(sales where customer.spend_30d >= 300 then sales)", "1 in 2026-04-09, 2 in 2026-04-09"),
        // 2 and 2 sales of such customers, where the smaller key comes first, then 1 and 2.
        ("top 1 by count(sales where customer.spend_30d > 0) among (true)", "1 in 2026-04-19, 2 out 2026-04-19"),
    ];
    let rules: Vec<(String, &str)> = rules.iter().map(|(when, told)| (of_tills(when), *told)).collect();
    let rules: Vec<(&str, &str)> = rules.iter().map(|(when, told)| (when.as_str(), *told)).collect();
    holds(&rules).await;
    // A customer's own rows ask whose they are.
    holds(&[(
        "any(sales over 30d where customer.spend_30d >= 150)",
        "1 in 2026-04-09, 2 in 2026-04-19, 3 out for good, 4 out for good",
    )])
    .await;
}

/// A segment, why it is not followed, and before when nothing of it changes.
async fn wakes(catalog: &str, rules: &[(&str, &str, &str)]) {
    let names: Vec<String> = (0..rules.len()).map(|at| format!("rule_{at}")).collect();
    let named: Vec<(&str, &str)> = names.iter().zip(rules).map(|(name, (rule, ..))| (name.as_str(), *rule)).collect();
    let engine = shop_of(catalog, &named).await;
    let untils = engine.query(now()).until().await.unwrap_or_else(|error| panic!("{error}"));
    for (name, (rule, why, first)) in names.iter().zip(rules) {
        assert_eq!(
            told(&untils, name),
            format!("it moves with the clock through {why}, and that is not followed"),
            "{rule}"
        );
        let segment = untils.kinds.iter().find_map(|kind| kind.segment(name));
        let not_before = segment.and_then(|of| of.not_before).map(shown);
        assert_eq!(not_before.as_deref(), Some(*first), "{rule}");
    }
    assert!(engine.looked_at_daily().is_empty(), "{:?}", engine.looked_at_daily());
}

#[tokio::test]
async fn who_there_is_can_move() {
    let catalog = CATALOG.replace("table: customers", "table: adults");
    let catalog = catalog.replace("tables:\n", "tables:\n  adults: { from: customers, where: age(born) >= 18 }\n");
    let who = "who there is";
    wakes(
        &catalog,
        &[
            ("any(sales)", who, "2026-05-05"),
            ("city = 'Bern'", who, "2026-05-05"),
            ("spend_30d > 100", who, "2026-04-09"),
            ("{ of: till, when: any(sales where customer.city = 'Bern') }", who, "2026-05-05"),
            ("{ of: till, when: any(sales where customer.spend_30d > 100) }", who, "2026-04-09"),
        ],
    )
    .await;
}

#[tokio::test]
async fn which_rows_there_are_can_move() {
    let tables = "tables:
  firsts: { from: sales, where: at >= 30d ago, distinct: [till] }
  days: { from: sales, where: age(day(at)) < 1, group_by: day(at) }
  people: { from: customers, where: anniversary of born within next 7d }
  recent: { from: sales, where: at >= 30d ago }
  each: { sql: 'select id, count(*) as n from recent group by id', subject: { customer: id }, types: { id: integer, n: integer } }
";
    let catalog = CATALOG.replace("tables:\n", tables);
    let lookups = "    time: at\n    lookups: { who: id -> people }\n";
    let catalog = catalog.replace("    time: at\n", lookups).replace("born: date }", "born: date }, id: id");
    let turned = "2026-04-09T00:00:00.000001+00:00";
    wakes(
        &catalog,
        &[
            ("any(firsts)", "which rows there are", turned),
            ("any(days)", "which rows there are", "2027-03-10"),
            ("any(sales where who.city = 'Bern')", "values of other rows", "2026-04-28"),
            ("sum(n of each) >= 2", "which rows there are", turned),
            // What is looked at is the first of all.
            ("any(days) and spend_30d > 0", "which rows there are", "2026-04-09"),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_frozen_rank_is_a_comparison() {
    holds(&[("half = 2", "1 in 2026-04-09, 2 in 2026-04-19, 3 in 2026-04-27, 4 out for good")]).await;
}

#[tokio::test]
async fn who_is_asked_about_alone_is_ranked_beside_all() {
    let engine = shop(&[("best", "top 1 by spend_30d among (true)")]).await;
    for (key, until) in [("1", Some("2026-04-09")), ("2", Some("2026-04-09")), ("3", Some("2026-04-19")), ("4", None)] {
        let why = engine.why("best", &[key], now()).await.unwrap_or_else(|error| panic!("{error}"));
        let told = why.segments.first().and_then(|of| of.until).map(|until| shown(until.instant));
        assert_eq!(told.as_deref(), until, "{key}");
    }
}

#[tokio::test]
async fn what_is_too_much_work_is_said_and_wakes_when_something_changes() {
    let rules = [
        ("best", "top 1 by spend_30d among (true)"),
        ("above", "top 1 by spend among (upper_half)"),
        ("grown_up", "top 1 by spend among (age(born) >= 18 and any(sales over 90d))"),
        ("local", "top 1 by spend_30d among (true) per city"),
        ("plain", "spend_30d > 100"),
    ];
    let engine = shop(&rules).await;
    let query = engine.query(now());
    for limits in [
        Limits { moments: 4, ..Limits::default() },
        Limits { rows: 4, ..Limits::default() },
        Limits { ranked: 1, ..Limits::default() },
        Limits { changes: 1, ..Limits::default() },
    ] {
        let untils = query.untils(None, &limits).await.unwrap_or_else(|error| panic!("{error}"));
        let first: Vec<_> = untils.kinds[0].segments.iter().map(|of| of.not_before.map(shown)).collect();
        let first: Vec<&str> = first.iter().map(|first| first.as_deref().unwrap_or("never")).collect();
        assert_eq!(first, ["2026-04-09", "2026-04-09", "2026-05-05", "2026-04-09", "2026-04-09"], "{limits:?}");
        assert!(told(&untils, "plain").starts_with("1 in 2026-04-09"), "{limits:?}");
        for name in ["best", "above", "grown_up", "local"] {
            let told = told(&untils, name);
            assert!(told.contains("would take too long"), "{name} with {limits:?}: {told}");
        }
    }
}
