//! What is told of a small shop, held against its members.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Decimal128Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use datafusion::datasource::MemTable;
use num_rational::BigRational;

use super::*;
use crate::Project;

const CATALOG: &str = "
kohort: 1
timezone: UTC
subject: { name: customer, table: customers, key: id }
tables:
  customers: { types: { id: integer, city: text, member: bool } }
  lines:
    subject: id
    time: sold_at
    types: { id: integer, sold_at: timestamp, amount: decimal(2), channel: text }
  sales: { from: lines, where: amount > 0 }
  halves: { from: sales, columns: { half: amount / 2 } }
attributes:
  region: { is: city, values: [Bern, Chur], label: City }
  loyal: visits >= 2 and region = 'Bern'
  fifth: quintile(spend among (visits > 0))
metrics:
  spend: { is: sum(amount of sales), unit: CHF }
  visits: count(sales)
";

const RULES: &str = "
segments:
  buyers: visits > 0
  regulars: { within: buyers, when: visits_30d >= 2 or spend_30d > 100 }
  strangers: not in regulars and (region is unknown or not loyal)
  loyals: loyal
  best: fifth = 5
  first: top 1 by spend among (visits > 0)
  web: any(sales over 30d where channel = 'web') and none(lines where amount < 0)
  back: sequence(sales then within 30d sales)
  quiet: every(sales over 90d have channel = 'web')
  steady: avg(amount of sales) between 5 and 50 and stddev(amount of sales) < 10
  asked: { when: region = 'Chur', include: [1], exclude: [3] }
  mid: count(sales where amount between 5 and 25) > 0
  half: sum(half + 1 of halves) > 3
  slow: sum(gap / 2 of sales) > 10d
  once: sequence(sales then never lines over 90d) over until 2026-03-10
tiers:
  level:
    gold: spend >= 100
    silver: spend >= 10
    iron: otherwise
bands: { spend: [0, 50] }
partitions: [region]
";

/// Days of March 2026, hundredths of an amount, a channel.
const LINES: &[(i64, i64, i128, &str)] = &[
    (1, 1, 1_000, "web"),
    (1, 28, 2_000, "till"),
    (1, 30, 3_000, "web"),
    (2, 5, 20_000, "till"),
    (2, 6, -500, "till"),
    (3, 29, 500, "web"),
    (9, 29, 500, "web"),
];

async fn shop() -> Engine {
    let table = |columns: Vec<(&str, ArrayRef)>| {
        let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, of)| (name, of, true)));
        let batch = batch.expect("columns of one length");
        Arc::new(MemTable::try_new(batch.schema(), vec![vec![batch]]).expect("a table"))
    };
    let customers = table(vec![
        ("id", Arc::new(Int64Array::from(vec![1, 2, 3, 4]))),
        ("city", Arc::new(StringArray::from(vec![Some("Bern"), Some("Chur"), Some("Chur"), None]))),
        ("member", Arc::new(BooleanArray::from(vec![Some(true), None, Some(false), None]))),
    ]);
    let day = |day: i64| (20_513 + day - 1) * 86_400_000_000; // 2026-03-01 is day 20,513 after 1970-01-01
    let amounts = Decimal128Array::from_iter_values(LINES.iter().map(|(_, _, amount, _)| *amount));
    let amounts = amounts.with_precision_and_scale(10, 2).expect("a decimal");
    let lines = table(vec![
        ("id", Arc::new(Int64Array::from_iter_values(LINES.iter().map(|(id, ..)| *id)))),
        ("sold_at", Arc::new(TimestampMicrosecondArray::from_iter_values(LINES.iter().map(|(_, on, ..)| day(*on))))),
        ("amount", Arc::new(amounts)),
        ("channel", Arc::new(StringArray::from_iter_values(LINES.iter().map(|(.., channel)| *channel)))),
    ]);
    let project = Project::from_texts([("catalog.yaml", CATALOG), ("rules.yaml", RULES)]);
    let opened = Engine::builder(project).table("customers", customers).table("lines", lines).open().await;
    opened.unwrap_or_else(|error| panic!("{error}"))
}

fn now(engine: &Engine) -> AsOf {
    engine.as_of("2026-03-31").expect("a day")
}

async fn why(engine: &Engine, segment: &str, key: &str) -> Why {
    engine.why(segment, &[key], now(engine)).await.unwrap_or_else(|error| panic!("{segment} {key}: {error}"))
}

/// Whether what parts are makes the whole what it is said to be.
fn agrees(condition: &Condition) -> bool {
    let of = |parts: &[Condition], neutral: Truth| {
        let truths = parts.iter().map(|part| part.truth);
        let whole = match neutral {
            Truth::True => truths.min(),
            _ => truths.max(),
        };
        parts.iter().all(agrees) && whole == Some(condition.truth)
    };
    match &condition.form {
        Form::All(parts) => of(parts, Truth::True),
        Form::Any(parts) => of(parts, Truth::False),
        Form::Not(inner) => {
            let opposite = match inner.truth {
                Truth::True => Truth::False,
                Truth::False => Truth::True,
                Truth::Unknown => Truth::Unknown,
            };
            agrees(inner) && opposite == condition.truth
        }
        Form::Segment { .. } | Form::Test(_) => true,
    }
}

/// The first test with this text.
fn test<'w>(why: &'w Why, text: &str) -> (&'w Condition, &'w Test) {
    let leaves = why.segments.iter().flat_map(|segment| segment.condition.leaves());
    let mut tests = leaves.filter_map(|leaf| match &leaf.form {
        Form::Test(test) => Some((leaf, test)),
        _ => None,
    });
    tests.find(|(leaf, _)| leaf.text == text).unwrap_or_else(|| panic!("no `{text}` in {why:#?}"))
}

fn number(value: i64) -> Known {
    Known::Value(Value::Number(BigRational::from_integer(value.into())))
}

#[tokio::test]
async fn every_segment_is_told_as_it_is() {
    let engine = shop().await;
    let names: Vec<String> = engine.segments().map(str::to_owned).collect();
    let mut members = engine.query(now(&engine)).members().await.expect("it plans");
    let mut truths: BTreeMap<(i64, String), bool> = BTreeMap::new();
    for kind in &mut members.kinds {
        while let Some(batch) = kind.next().await {
            let batch = batch.expect("it runs");
            use datafusion::arrow::array::AsArray;
            let keys = batch.column(0).as_primitive::<datafusion::arrow::datatypes::Int64Type>();
            for (at, name) in names.iter().enumerate() {
                for row in 0..batch.num_rows() {
                    truths.insert((keys.value(row), name.clone()), batch.column(at + 1).as_boolean().value(row));
                }
            }
        }
    }
    let keys: Vec<Vec<String>> = (1..=4).map(|key: i64| vec![key.to_string()]).collect();
    let (mut seen, mut inside) = (0, 0);
    for name in &names {
        for (why, key) in engine.why_each(name, &keys, now(&engine)).await.expect("it answers").iter().zip(1..) {
            let expected = truths.get(&(key, name.clone())).copied();
            assert_eq!(why.answer, Answer::Member(expected.expect("a subject")), "{name} {key}");
            for segment in &why.segments {
                assert_eq!(
                    Some(&segment.member),
                    truths.get(&(key, segment.name.clone())),
                    "{name} {key}: {segment:#?}"
                );
                assert!(agrees(&segment.condition), "{name} {key}: {segment:#?}");
                assert_eq!(segment.member, segment.lacks.is_none(), "{name} {key}");
            }
            (seen, inside) = (seen + 1, inside + usize::from(expected == Some(true)));
        }
    }
    assert!(seen > inside && inside > 20, "{inside} of {seen}");
}

#[tokio::test]
async fn values_have_their_rows() {
    let engine = shop().await;
    let why = why(&engine, "regulars", "1").await;
    let (condition, visits) = test(&why, "visits_30d >= 2");
    assert_eq!((condition.truth, &visits.change), (Truth::True, &None));
    assert_eq!(visits.operands[0].value, number(2));
    assert_eq!(visits.needed[0].values, [number(2)]);
    let rows = &why.rows[visits.operands[0].rows[0]];
    assert_eq!(rows.text, "sales over 30d");
    assert_eq!((rows.count, rows.outside_window, rows.outside_filter, rows.outside_table), (2, 1, 0, 0));
    let (_, spend) = test(&why, "spend_30d > 100");
    assert_eq!(spend.operands[0].unit.as_deref(), Some("CHF"));
    assert_eq!(spend.operands[0].meaning.as_deref(), Some("spend: sum(amount of sales)"));
    // The same rows are told once, the latest first.
    assert_eq!(spend.operands[0].rows, visits.operands[0].rows);
    let names = |rows: &RowsWhy| rows.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(rows), ["at", "amount"]);
    assert_eq!(rows.first.iter().map(|row| row[1].clone()).collect::<Vec<_>>(), [number(30), number(20)]);
    let figures: Vec<&str> = rows.figures.iter().map(|figure| figure.text.as_str()).collect();
    assert_eq!(figures, ["count(sales over 30d)", "sum(amount of sales over 30d)"]);
    let rise = Change::Rise(Step { by: BigRational::from_integer(50.into()), reach: Reach::MoreThan, counted: false });
    assert_eq!(spend.change, Some(rise), "more than 50 more");
}

#[tokio::test]
async fn rows_that_do_not_count_are_counted() {
    let engine = shop().await;
    let why = why(&engine, "web", "1").await;
    let (_, any) = test(&why, "any(sales over 30d where channel = 'web')");
    let rows = &why.rows[any.rows[0]];
    assert_eq!(rows.text, "sales over 30d where channel = 'web'");
    assert_eq!((rows.count, rows.outside_window, rows.outside_filter), (1, 1, 1));
    assert_eq!(rows.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), ["at", "channel"]);
    let other = super::tests::why(&engine, "web", "2").await;
    let (against, none) = test(&other, "none(lines where amount < 0)");
    assert_eq!(against.truth, Truth::False);
    assert_eq!(other.rows[none.rows[0]].count, 1);
    let fall = Change::Fall(Step { by: BigRational::from_integer(1.into()), reach: Reach::Exactly, counted: true });
    assert_eq!(none.change, Some(fall));
    // `sales` leaves out what came back.
    assert_eq!(other.rows[test(&other, "any(sales over 30d where channel = 'web')").1.rows[0]].outside_table, 1);
}

#[tokio::test]
async fn rows_are_written_as_a_rule_would() {
    let engine = shop().await;
    let of = async |segment: &str| why(&engine, segment, "1").await.rows.remove(0);
    let mid = of("mid").await;
    assert_eq!((mid.text.as_str(), mid.count), ("sales where amount between 5 and 25", 2));
    // `sales` has no such column.
    let half = of("half").await;
    assert_eq!((half.text.as_str(), half.figures[0].text.as_str()), ("halves", "sum(half + 1 of halves)"));
    // Days 1, 28 and 30.
    let slow = of("slow").await;
    let hours = |hours: i64| Known::Value(Value::Duration(hours * 3_600_000_000));
    assert_eq!(slow.figures[0].value, hours(29 * 12));
    assert_eq!(
        slow.first.iter().map(|row| row[1].clone()).collect::<Vec<_>>(),
        [hours(24), hours(27 * 12), Known::Unknown]
    );
}

#[tokio::test]
async fn rows_that_forbid_a_sequence_are_outside_of_its_window_too() {
    let engine = shop().await;
    let why = why(&engine, "once", "1").await;
    let counts: Vec<_> = why.rows.iter().map(|rows| (rows.text.as_str(), rows.count, rows.outside_window)).collect();
    assert_eq!(counts, [("sales until 2026-03-10", 1, 2), ("lines over 90d", 3, 0)]);
}

#[tokio::test]
async fn rows_that_are_not_known_to_fit_count_against_every() {
    let engine = shop().await;
    let why = why(&engine, "quiet", "1").await;
    let (_, every) = test(&why, "every(sales over 90d have channel = 'web')");
    // A row without a channel is among them, and `not channel = 'web'` would leave it out.
    assert_eq!(why.rows[every.rows[0]].text, "sales over 90d where (channel = 'web') is not true");
}

#[tokio::test]
async fn parts_read_as_one_condition() {
    let engine = shop().await;
    let text = |why: &Why| why.segments[0].condition.text.clone();
    let regulars = why(&engine, "regulars", "1").await;
    assert_eq!(text(&regulars), "in buyers and (visits_30d >= 2 or spend_30d > 100)");
    let asked = why(&engine, "asked", "1").await;
    assert_eq!(text(&asked), "(region = 'Chur' or listed under `include`) and not listed under `exclude`");
}

#[tokio::test]
async fn of_the_tiers_above_a_subject_is_in_one() {
    let engine = shop().await;
    // Gold, and what silver asks holds too.
    let iron = why(&engine, "level.iron", "2").await;
    let parts = iron.segments[0].condition.leaves();
    let parts: Vec<(&str, Truth)> = parts.iter().map(|part| (part.text.as_str(), part.truth)).collect();
    assert_eq!(parts, [("not in level.gold", Truth::False), ("not in level.silver", Truth::True)]);
}

#[tokio::test]
async fn what_is_referred_to_is_unfolded_once() {
    let engine = shop().await;
    let names = |why: &Why| why.segments.iter().map(|segment| segment.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&why(&engine, "strangers", "1").await), ["strangers", "regulars", "buyers"]);
    // Of the groups before it only the one that the subject is in.
    assert_eq!(names(&why(&engine, "level.iron", "1").await), ["level.iron", "level.silver"]);
    assert_eq!(names(&why(&engine, "level.iron", "4").await), ["level.iron"]);
    // A partition: the group, and why not one above it.
    let level = why(&engine, "level", "1").await;
    assert_eq!(level.answer, Answer::Group(Some("level.silver".to_owned())));
    assert_eq!(names(&level), ["level.silver", "level.gold"]);
    let nobody = why(&engine, "region", "4").await;
    assert_eq!(nobody.answer, Answer::Group(None));
    let (_, value) = test(&nobody, "region = 'Bern'");
    assert_eq!(value.change, Some(Change::Become(vec![Value::Text("Bern".to_owned())])));
}

#[tokio::test]
async fn a_place_is_told_and_no_way_to_a_better_one() {
    let engine = shop().await;
    let why = why(&engine, "best", "1").await;
    let (_, fifth) = test(&why, "fifth = 5");
    assert_eq!(fifth.change, None);
    let rank = &why.ranks[fifth.operands[0].ranks[0]];
    assert_eq!((rank.population, rank.below), (3, Some(1)));
    assert_eq!(rank.by.text, "spend");
    assert_eq!(rank.among.as_ref().map(|among| among.truth), Some(Truth::True));
    let outside = super::tests::why(&engine, "best", "4").await;
    assert_eq!((outside.ranks[0].population, outside.ranks[0].below), (3, None));
}

#[tokio::test]
async fn keys_that_nobody_has_are_looked_for() {
    let engine = shop().await;
    let error = async |key: &[&str]| engine.why("buyers", key, now(&engine)).await.expect_err("nobody");
    let Error::UnknownKey { rows, subjects, .. } = error(&["9"]).await else { panic!("it is an orphan") };
    assert_eq!((rows, subjects), (vec![("lines".to_owned(), 1)], 4));
    let Error::UnknownKey { rows, near, .. } = error(&["33"]).await else { panic!("nobody has it") };
    assert_eq!((rows, near.as_deref()), (vec![], None));
    assert_eq!(error(&["x"]).await.to_string(), "`id` of a customer is a number, found `x`");
    assert_eq!(error(&["1", "2"]).await.to_string(), "the key of a customer has 1 part, found 2");
    let unknown = engine.why("buyer", &["1"], now(&engine)).await.expect_err("no segment");
    assert_eq!(unknown.to_string(), "there is no segment `buyer`; did you mean `buyers`?");
}
