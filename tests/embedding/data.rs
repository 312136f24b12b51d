//! Data that is not what the catalogue says.

use std::sync::Arc;

use datafusion::arrow::array::{Float64Array, StringArray};
use datafusion::catalog::TableProvider;
use kohort::{Engine, Error, Project};

use super::tables::{days, members, numbers, table, texts};

async fn open(catalog: &str, when: &str, tables: Vec<(&str, Arc<dyn TableProvider>)>) -> Result<Engine, Error> {
    let rules = format!("segments:\n  s: {{ when: {when:?} }}\n");
    let project = Project::from_texts([("catalog.yaml", catalog.to_owned()), ("rules.yaml", rules)]);
    let mut builder = Engine::builder(project);
    for (name, provider) in tables {
        builder = builder.table(name, provider);
    }
    builder.open().await
}

async fn failure(engine: &Engine) -> String {
    let as_of = engine.as_of("2026-03-31").expect("an instant");
    match engine.query(as_of).counts().await {
        Err(Error::Data { diagnostics }) => {
            let shown = |d: &kohort::Diagnostic| format!("{} {} | {}", d.code.id(), d.message, d.helps.join("; "));
            diagnostics.iter().map(shown).collect::<Vec<_>>().join("\n")
        }
        Err(error) => error.to_string(),
        Ok(report) => panic!("it runs: {report:?}"),
    }
}

const ORDERS: &str = "
kohort: 1
timezone: UTC
subject: { name: customer, key: customer }
tables:
  orders: { subject: customer, time: day, id: no, @ }
";

fn orders(rows: &[(i64, &str, &str, i64, i64)]) -> Arc<dyn TableProvider> {
    let column = |of: fn(&(i64, &str, &str, i64, i64)) -> i64| numbers(&rows.iter().map(of).collect::<Vec<_>>());
    table(vec![
        ("no", column(|row| row.0)),
        ("customer", texts(&rows.iter().map(|row| Some(row.1)).collect::<Vec<_>>())),
        ("day", days(&rows.iter().map(|row| row.2).collect::<Vec<_>>())),
        ("amount", column(|row| row.3)),
        ("changed", column(|row| row.4)),
    ])
}

#[tokio::test]
async fn equal_rows_of_one_id_count_once() {
    let rows = orders(&[(1, "a", "2026-03-01", 5, 0), (1, "a", "2026-03-01", 5, 0), (2, "b", "2026-03-01", 10, 0)]);
    let engine =
        open(&ORDERS.replace(", @", ""), "sum(amount of orders) = 5", vec![("orders", rows)]).await.expect("opens");
    assert_eq!(members(&engine, "2026-03-31", "s").await, ["a"]);
}

#[tokio::test]
async fn unequal_rows_of_one_id_are_refused_without_a_version() {
    let rows = orders(&[(1, "a", "2026-03-01", 5, 0), (1, "a", "2026-03-01", 6, 1), (2, "b", "2026-03-01", 10, 0)]);
    let engine = open(&ORDERS.replace(", @", ""), "any(orders)", vec![("orders", rows)]).await.expect("opens");
    insta::assert_snapshot!(failure(&engine).await, @"K604 `orders` has unequal rows with one `no`: 1 | name the column that tells which is the newest (`version: updated_at`), or correct the data");
}

#[tokio::test]
async fn the_greatest_version_is_the_row_before_anything_is_looked_at() {
    let catalog = ORDERS.replace("@", "version: changed");
    // The corrected row happens after T: the order does not exist then.
    let rows = orders(&[(1, "a", "2026-03-01", 5, 0), (1, "a", "2026-05-01", 5, 1), (2, "b", "2026-03-01", 1, 7)]);
    let engine = open(&catalog, "any(orders)", vec![("orders", rows)]).await.expect("opens");
    assert_eq!(members(&engine, "2026-03-31", "s").await, ["b"]);
    assert_eq!(members(&engine, "2026-05-31", "s").await, ["a", "b"]);
    let rows = orders(&[(1, "a", "2026-03-01", 5, 3), (1, "a", "2026-03-01", 6, 3)]);
    let engine = open(&catalog, "any(orders)", vec![("orders", rows)]).await.expect("opens");
    insta::assert_snapshot!(failure(&engine).await, @"K604 `orders` has unequal rows with one `no`: 1 | they have one version too: nothing says which of them is the row");
}

const CUSTOMERS: &str = "
kohort: 1
timezone: UTC
subject: { name: customer, table: customers, key: customer }
tables:
  customers: { types: { @ } }
attributes:
  region: { is: city, values: [Jakarta, Bandung] }
";

#[tokio::test]
async fn a_subject_has_one_row() {
    let rows = table(vec![
        ("customer", texts(&[Some("a"), Some("b"), Some("a"), None, None])),
        ("city", texts(&[Some("Jakarta"), Some("Medan"), Some("Jakarta"), None, None])),
    ]);
    let catalog = CUSTOMERS.replace("types: { @ }", "timezone: UTC");
    let engine = open(&catalog, "region = 'Jakarta'", vec![("customers", rows)]).await.expect("opens");
    insta::assert_snapshot!(failure(&engine).await, @"K603 `customers` has several rows for one customer: a | a subject has one row: remove the others, or declare `id:` and `version:` if the last is meant");
}

const SHOPS: &str = "
kohort: 1
timezone: UTC
subjects: { customer: { table: customers, key: customer }, shop: { key: shop } }
tables:
  customers: {}
  sales: { subject: { customer: customer, shop: shop }, time: day }
";

#[tokio::test]
async fn what_one_plan_notices_another_cannot_rely_on() {
    let customers = table(vec![
        ("customer", texts(&[Some("a"), Some("b"), Some("a")])),
        ("city", texts(&[Some("Jakarta"), Some("Medan"), Some("Jakarta")])),
    ]);
    let sales = table(vec![
        ("customer", texts(&[Some("a"), Some("b")])),
        ("shop", texts(&[Some("north"), Some("north")])),
        ("day", days(&["2026-03-01", "2026-03-02"])),
    ]);
    // Counting the rows of customers notices that there are two of one; joining them to sales would count a sale twice.
    let rules = "\
segments:
  buyers: { when: count(sales) > 0 }
  urban: { of: shop, when: count(sales where customer.city = 'Jakarta') > 1 }
";
    let texts = [("catalog.yaml", SHOPS), ("rules.yaml", rules)];
    let project = Project::from_texts(texts.map(|(name, text)| (name, text.to_owned())));
    let builder = Engine::builder(project).table("customers", customers).table("sales", sales);
    let engine = builder.open().await.expect("opens");
    for segments in [&["buyers"][..], &["urban"], &["buyers", "urban"]] {
        let as_of = engine.as_of("2026-03-31").expect("an instant");
        let query = engine.query(as_of).segments(segments).expect("they are there");
        let Err(Error::Data { diagnostics }) = query.counts().await else { panic!("{segments:?}: it runs") };
        assert_eq!(diagnostics[0].code.id(), "K603", "{segments:?}");
    }
    // Whoever reads the shops alone would not hear of it from the customers: it is known before any stream is read.
    let as_of = engine.as_of("2026-03-31").expect("an instant");
    let both = engine.query(as_of).members().await;
    assert!(matches!(both, Err(Error::Data { .. })), "it starts");
}

#[tokio::test]
async fn data_is_reported_against_a_closed_set() {
    let rows = table(vec![
        ("customer", texts(&[Some("a"), Some("b"), Some("c"), Some("d")])),
        ("city", texts(&[Some("Jakarta"), Some("Medan"), Some("jakarta"), None])),
    ]);
    let catalog = CUSTOMERS.replace("types: { @ }", "timezone: UTC");
    let engine = open(&catalog, "region = 'Jakarta'", vec![("customers", rows)]).await.expect("opens");
    let report = engine.query(engine.as_of("2026-03-31").expect("an instant")).counts().await.expect("runs");
    assert_eq!(report.kinds[0].strays.get("region"), Some(&2));
}

#[tokio::test]
async fn floats_are_decimals_by_declaration() {
    let rows = |last: f64| {
        table(vec![
            ("customer", Arc::new(StringArray::from(vec!["a", "a", "b"])) as _),
            ("city", texts(&[None, None, None])),
            ("price", Arc::new(Float64Array::from(vec![0.1, 0.2, last]))),
        ])
    };
    let events = "
kohort: 1
timezone: UTC
subject: { name: customer, key: customer }
tables:
  sales: { subject: customer, types: { price: decimal(2) } }
";
    let engine = open(events, "sum(price of sales) = 0.3", vec![("sales", rows(1.005))]).await.expect("opens");
    assert_eq!(members(&engine, "2026-03-31", "s").await, ["a"]);
    let engine = open(events, "sum(price of sales) = 1.00", vec![("sales", rows(1.005))]).await.expect("opens");
    assert_eq!(members(&engine, "2026-03-31", "s").await, ["b"]);
    let engine = open(events, "sum(price of sales) = 1", vec![("sales", rows(f64::NAN))]).await.expect("opens");
    insta::assert_snapshot!(failure(&engine).await, @r#"K605 `price` of `sales` has a value that is not a number: `NaN` | if these stand for unknown, say so in the table: `reading: { nulls: [NaN, inf] }`; or leave such rows out, counted and reported: `on_error: skip`"#);
    let Err(Error::Check { diagnostics }) = open(
        &events.replace(", types: { price: decimal(2) }", ""),
        "sum(price of sales) = 1",
        vec![("sales", rows(1.0))],
    )
    .await
    else {
        panic!("a float has no scale of its own")
    };
    assert_eq!(diagnostics[0].code.id(), "K405");
}
