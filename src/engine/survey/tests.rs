//! Surveys of small tables, against counts by hand.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;

use super::*;
use crate::ir::ColumnKind;
use crate::{Engine, Error, Project};

const HOUR: i64 = 3_600_000_000;

fn table(columns: Vec<(&str, ArrayRef)>) -> Arc<dyn TableProvider> {
    let columns = columns.into_iter().map(|(name, column)| (name, column, true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).expect("columns of one length");
    // Two partitions, so that what threads see is put together.
    let (half, rows) = (batch.num_rows() / 2, batch.num_rows());
    let parts = vec![vec![batch.slice(0, half)], vec![batch.slice(half, rows - half)]];
    Arc::new(MemTable::try_new(batch.schema(), parts).expect("a table"))
}

fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn numbers(values: &[Option<i64>]) -> ArrayRef {
    Arc::new(Int64Array::from(values.to_vec()))
}

fn hours(values: &[Option<i64>]) -> ArrayRef {
    let micros: TimestampMicrosecondArray = values.iter().map(|hour| hour.map(|hour| hour * HOUR)).collect();
    Arc::new(micros)
}

async fn engine(catalog: &str, tables: Vec<(&str, Arc<dyn TableProvider>)>) -> Engine {
    let mut builder = Engine::builder(Project::from_texts([("catalog.yaml", catalog)]));
    for (name, provider) in tables {
        builder = builder.table(name, provider);
    }
    builder.open().await.unwrap_or_else(|error| panic!("{error:?}"))
}

async fn survey(catalog: &str, tables: Vec<(&str, Arc<dyn TableProvider>)>) -> Survey {
    engine(catalog, tables).await.survey().await.expect("it runs")
}

fn of<'s>(survey: &'s Survey, table: &str) -> &'s TableSurvey {
    survey.tables.iter().find(|one| one.name == table).unwrap_or_else(|| panic!("no `{table}` in {survey:?}"))
}

fn column<'s>(table: &'s TableSurvey, name: &str) -> &'s ColumnSurvey {
    table.columns.iter().find(|column| column.name == name).unwrap_or_else(|| panic!("no `{name}` in {table:?}"))
}

fn counted(column: &ColumnSurvey) -> Vec<(&str, u64)> {
    let values = column.values.as_deref().unwrap_or_default();
    values.iter().map(|value| (value.value.as_str(), value.rows)).collect()
}

fn range(column: &ColumnSurvey) -> Option<(&str, &str)> {
    column.range.as_ref().map(|(least, greatest)| (least.as_str(), greatest.as_str()))
}

fn subjects(table: &TableSurvey) -> Vec<(&str, u64, u64)> {
    table.subjects.iter().map(|one| (one.kind.as_str(), one.anonymous, one.orphans)).collect()
}

const SHOP: &str = "
kohort: 1
timezone: Asia/Jakarta
subject: { name: customer, table: customers, key: customer }
tables:
  customers: { rename: { born: 'Date of birth' } }
  invoices: { subject: customer, time: at, id: no }
  lines:
    subject: invoice.customer
    time: invoice.at
    types: { price: decimal(2) }
    lookups: { invoice: invoice_no -> invoices }
  dear: { from: lines, where: price > 1, columns: { half: price / 2, thirds: price / 3, day: day(at) } }
  days: { from: invoices, columns: { hour: hour_of_day(at) }, distinct: [customer, hour] }
  recent: { from: invoices, where: at > 1h ago }
";

fn customers() -> Arc<dyn TableProvider> {
    table(vec![
        ("customer", texts(&[Some("a"), Some("b"), Some("c"), Some("d")])),
        ("Date of birth", Arc::new(Date32Array::from(vec![Some(0), None, Some(365), Some(-1)]))),
        ("tall", Arc::new(BooleanArray::from(vec![Some(true), Some(false), None, Some(true)]))),
    ])
}

/// Of a, of b, of nobody, of a stranger; one at an unknown time.
fn invoices() -> Arc<dyn TableProvider> {
    table(vec![
        ("no", numbers(&[Some(1), Some(2), Some(3), Some(4), Some(5)])),
        ("customer", texts(&[Some("a"), Some("b"), None, Some("x"), Some("a")])),
        ("at", hours(&[Some(10), Some(11), Some(12), Some(8), None])),
    ])
}

/// Two lines of invoice 1, one each of 2, 3, 4 and 5, one of an invoice that is not there.
fn lines() -> Arc<dyn TableProvider> {
    let prices = vec![Some(0.5), Some(2.0), Some(1.25), None, Some(4.0), Some(3.0), Some(9.0)];
    table(vec![
        ("invoice_no", numbers(&[Some(1), Some(1), Some(2), Some(3), Some(4), Some(5), Some(9)])),
        ("price", Arc::new(Float64Array::from(prices))),
    ])
}

fn shop() -> Vec<(&'static str, Arc<dyn TableProvider>)> {
    vec![("customers", customers()), ("invoices", invoices()), ("lines", lines())]
}

#[tokio::test]
async fn columns_are_what_the_language_reads() {
    let survey = survey(SHOP, shop()).await;
    assert_eq!((survey.missing.len(), survey.conflicts.len()), (0, 0));
    let names: Vec<&str> = survey.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["customers", "invoices", "lines", "dear", "days", "recent"]);
    let customers = of(&survey, "customers");
    assert_eq!((customers.rows, customers.span, customers.timeless), (4, None, 0));
    assert!(customers.subjects.is_empty());
    let born = column(customers, "born");
    assert_eq!((born.source_name.as_str(), born.kind, born.declared), ("Date of birth", Some(ColumnKind::Date), false));
    assert_eq!((born.unknown, born.distinct, range(born)), (1, 3, Some(("1969-12-31", "1971-01-01"))));
    assert_eq!(born.values, None);
    let tall = column(customers, "tall");
    assert_eq!((tall.unknown, counted(tall)), (1, vec![("true", 2), ("false", 1)]));
    let key = column(customers, "customer");
    assert_eq!((key.found.as_str(), key.distinct, range(key)), ("text", 4, Some(("a", "d"))));
    let at = column(of(&survey, "invoices"), "at");
    // The times of the data are local: ten o'clock in Jakarta stays ten o'clock.
    assert_eq!(range(at), Some(("1970-01-01T08:00:00", "1970-01-01T12:00:00")));
    let price = column(of(&survey, "lines"), "price");
    assert_eq!((price.found.as_str(), price.declared), ("floating point", true));
    assert_eq!(price.kind, Some(ColumnKind::Decimal { digits: 38, scale: 2 }));
    assert_eq!((price.unknown, range(price), price.scale), (1, Some(("0.50", "9.00")), None));
}

#[tokio::test]
async fn rows_of_nobody_are_counted() {
    let survey = survey(SHOP, shop()).await;
    let invoices = of(&survey, "invoices");
    assert_eq!((invoices.rows, invoices.timeless), (5, 1));
    assert_eq!(invoices.span, Some((HOUR, 5 * HOUR)));
    assert_eq!(subjects(invoices), [("customer", 1, 1)]);
    // A line without its invoice is nobody's and has no time, as is one of an anonymous invoice or of one without time.
    let lines = of(&survey, "lines");
    assert_eq!((lines.rows, lines.timeless), (7, 2));
    assert_eq!(lines.span, invoices.span);
    assert_eq!(subjects(lines), [("customer", 3, 1)]);
}

#[tokio::test]
async fn derived_tables_have_the_rows_that_exist() {
    let survey = survey(SHOP, shop()).await;
    assert_eq!(survey.last_time, Some(5 * HOUR));
    let dear = of(&survey, "dear");
    assert_eq!((dear.from.as_deref(), dear.rows, dear.timeless), (Some("lines"), 3, 0));
    assert_eq!(subjects(dear), [("customer", 0, 1)]);
    let columns: Vec<&str> = dear.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(columns, ["half", "thirds", "day"]);
    assert_eq!(range(column(dear, "half")), Some(("0.625", "2")));
    let thirds = column(dear, "thirds");
    assert_eq!((thirds.found.as_str(), thirds.distinct), ("number", 3));
    assert_eq!(range(thirds), Some(("0.416666666667", "1.333333333333")));
    assert_eq!(range(column(dear, "day")), Some(("1970-01-01", "1970-01-01")));
    let days = of(&survey, "days");
    assert_eq!((days.rows, subjects(days)), (4, vec![("customer", 1, 1)]));
    assert_eq!(counted(column(days, "hour")), [("10", 1), ("11", 1), ("12", 1), ("8", 1)]);
    // As of the last time of all, an hour back.
    let recent = of(&survey, "recent");
    assert_eq!((recent.rows, recent.span), (1, Some((5 * HOUR, 5 * HOUR))));
}

#[tokio::test]
async fn some_tables_are_surveyed_alone() {
    let engine = engine(SHOP, shop()).await;
    let all = engine.survey().await.expect("it runs");
    let some = engine.survey_tables(["recent", "lines"]).await.expect("it runs");
    assert_eq!(some.tables, [of(&all, "lines").clone(), of(&all, "recent").clone()]);
    assert_eq!(some.last_time, all.last_time);
    let Err(error) = engine.survey_tables(["line"]).await else { panic!("there is no such table") };
    assert!(matches!(&error, Error::UnknownTable { near: Some(near), .. } if near == "lines"), "{error:?}");
    assert_eq!(error.to_string(), "there is no table `line`; did you mean `lines`?");
}

#[tokio::test]
async fn what_is_not_there_is_told_and_left_out() {
    let catalog = SHOP
        .replace("customers: {", "customers: { types: { customer: text },")
        .replace(", rename: { born: 'Date of birth' }", "");
    let survey = survey(&catalog, vec![("invoices", invoices()), ("lines", lines())]).await;
    let said: Vec<&str> = survey.missing.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(said, ["nothing says where the rows of `customers` are"]);
    let names: Vec<&str> = survey.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["invoices", "lines", "dear", "days", "recent"]);
    let invoices = of(&survey, "invoices");
    // Without its table nobody knows who is a stranger; times are known all the same.
    assert_eq!((invoices.rows, invoices.timeless, subjects(invoices)), (5, 1, vec![]));
}

const BARE: &str = "
kohort: 1
timezone: UTC
subject: { name: customer, key: customer }
tables:
  sales: { subject: customer, id: no, version: changed }
  halves: { from: sales, columns: { half: amount / 2 } }
";

fn sales(amounts: [f64; 4], ids: &[Option<i64>]) -> Arc<dyn TableProvider> {
    table(vec![
        ("no", numbers(ids)),
        ("changed", numbers(&[Some(1), Some(2), Some(1), Some(1)])),
        ("customer", texts(&[Some("a"), Some("b"), None, Some("c")])),
        ("amount", Arc::new(Float64Array::from(amounts.to_vec()))),
    ])
}

#[tokio::test]
async fn kinds_without_a_table_have_no_orphans() {
    let bare = BARE.replace("  halves: { from: sales, columns: { half: amount / 2 } }\n", "");
    let unique = [Some(1), Some(2), Some(3), Some(4)];
    let survey = survey(&bare, vec![("sales", sales([1.5, f64::NAN, 0.125, 2.0], &unique))]).await;
    let sales = of(&survey, "sales");
    assert_eq!((sales.rows, sales.span, subjects(sales)), (4, None, vec![("customer", 1, 0)]));
    let amount = column(sales, "amount");
    assert_eq!((amount.kind, amount.found.as_str(), amount.declared), (None, "floating point", false));
    assert_eq!((amount.scale, amount.not_finite, range(amount)), (Some(3), 1, Some(("0.125", "2.0"))));
    assert_eq!(survey.last_time, None);
}

#[tokio::test]
async fn of_repeated_ids_the_newest_counts() {
    let declared = BARE.replace("id: no", "types: { amount: decimal(3) }, id: no");
    let repeated = [Some(1), Some(1), None, None];
    let survey = survey(&declared, vec![("sales", sales([1.5, 2.5, 0.125, 2.0], &repeated))]).await;
    let found = of(&survey, "sales");
    assert_eq!((found.rows, range(column(found, "amount"))), (3, Some(("0.125", "2.500"))));
    assert_eq!(subjects(found), [("customer", 1, 0)]);
    assert_eq!(of(&survey, "halves").rows, 3);
}

#[tokio::test]
async fn conflicting_ids_are_told_and_all_rows_shown() {
    let declared = BARE.replace("id: no, version: changed", "types: { amount: decimal(3) }, id: no");
    let repeated = [Some(1), Some(1), Some(3), Some(4)];
    let survey = survey(&declared, vec![("sales", sales([1.5, 2.5, 0.125, 2.0], &repeated))]).await;
    let said: Vec<&str> = survey.conflicts.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(said, ["`sales` has unequal rows with one `no`: 1"]);
    let found = of(&survey, "sales");
    assert_eq!((found.rows, column(found, "no").distinct), (4, 3));
}

#[tokio::test]
async fn several_rows_of_one_subject_do_not_multiply() {
    let twice = table(vec![("customer", texts(&[Some("a"), Some("a"), None]))]);
    let catalog = "
kohort: 1
timezone: UTC
subject: { name: customer, table: customers, key: customer }
tables:
  customers: {}
  invoices: { subject: customer, time: at }
";
    let survey = survey(catalog, vec![("customers", twice), ("invoices", invoices())]).await;
    let invoices = of(&survey, "invoices");
    assert_eq!((invoices.rows, subjects(invoices)), (5, vec![("customer", 1, 2)]));
}

#[tokio::test]
async fn a_table_by_grouping_shows_its_keys_and_what_it_makes() {
    let catalog = "
kohort: 1
timezone: UTC
subject: { name: customer, key: customer }
tables:
  invoices: { subject: customer, time: at }
  days: { from: invoices, group_by: day(at), columns: { lines: count(), longest: max(gap) } }
";
    let survey = survey(catalog, vec![("invoices", invoices())]).await;
    let days = of(&survey, "days");
    let columns: Vec<_> = days.columns.iter().map(|column| (column.name.as_str(), column.found.as_str())).collect();
    assert_eq!(columns, [("day", "date"), ("lines", "integer"), ("longest", "duration")]);
    assert_eq!(days.columns[0].kind, Some(ColumnKind::Date));
    assert!(days.rows > 0 && days.rows < of(&survey, "invoices").rows, "{survey:?}");
}
