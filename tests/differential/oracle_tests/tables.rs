//! Which rows exist, whose they are, in which order.

use super::*;

const EVENTS: [(&str, CellType); 5] = [
    ("id", CellType::Int),
    ("customer", CellType::Text),
    ("at_time", CellType::LocalTime),
    ("amount", CellType::Int),
    ("version", CellType::Int),
];

fn event(id: Option<i64>, customer: Option<&str>, time: Option<&str>, amount: i64, version: i64) -> Vec<Cell> {
    let id = id.map_or(Cell::Unknown, Cell::Int);
    let customer = customer.map_or(Cell::Unknown, text);
    let time = time.map_or(Cell::Unknown, when);
    vec![id, customer, time, Cell::Int(amount), Cell::Int(version)]
}

fn events(rows: &[Vec<Cell>]) -> TableData {
    let rows: Vec<&[Cell]> = rows.iter().map(Vec::as_slice).collect();
    table(&EVENTS, &rows)
}

const WITHOUT_TABLE: &str = "\
kohort: 1
timezone: Europe/Stockholm
subject: { name: customer, key: customer }
tables:
  events: { subject: customer, time: at_time, id: id, version: version }
  alike: { from: events, distinct: [amount] }
metrics:
  total: 'sum(amount of events)'
";

const T: &str = "2026-03-31T12:00:00";
const EARLIER: Option<&str> = Some("2026-03-30T12:00:00");
const LATER: Option<&str> = Some("2026-04-01T12:00:00");

#[test]
fn the_greatest_version_is_the_row_before_its_time_is_looked_at() {
    let rows = [
        event(Some(1), Some("a"), EARLIER, 10, 1),
        event(Some(1), Some("a"), LATER, 10, 2),
        event(Some(2), Some("a"), EARLIER, 7, 2),
        event(Some(2), Some("a"), EARLIER, 5, 1),
        event(Some(3), Some("a"), EARLIER, 1, 1),
        event(Some(3), Some("a"), EARLIER, 1, 1),
    ];
    let project = project(WITHOUT_TABLE, vec![("events", events(&rows))], T);
    assert_eq!(project.values("total"), ["8"]);
    assert_eq!(project.values("count(events)"), ["2"]);
}

#[test]
fn rows_of_unknown_id_are_like_no_other() {
    let rows = [event(None, Some("a"), EARLIER, 1, 1), event(None, Some("a"), EARLIER, 1, 1)];
    let project = project(WITHOUT_TABLE, vec![("events", events(&rows))], T);
    assert_eq!(project.values("total"), ["2"]);
}

#[test]
fn subjects_without_a_table_are_the_keys_found_up_to_t() {
    let rows = [
        event(Some(1), Some("b"), EARLIER, 1, 1),
        event(Some(2), Some("a"), LATER, 1, 1),
        event(Some(3), Some("c"), None, 1, 1),
        event(Some(4), None, EARLIER, 1, 1),
        event(Some(5), Some("00017"), EARLIER, 1, 1),
    ];
    let project = project(WITHOUT_TABLE, vec![("events", events(&rows))], T);
    let outcome = project.run("segments: { all: 'total >= 0' }");
    assert_eq!(members(&outcome, "all"), Ok(vec!["00017".into(), "b".into()]));
    let counts = outcome.rows[&("events".to_owned(), "customer".to_owned())];
    assert_eq!((counts.anonymous, counts.orphans, counts.unknown_time), (1, 0, 1));
}

#[test]
fn orphans_belong_to_nobody_and_silent_subjects_are_subjects() {
    let catalog = WITHOUT_TABLE
        .replace("key: customer }", "table: people, key: customer }")
        .replace("  alike:", "  people: {}\n  alike:");
    let rows = [event(Some(1), Some("a"), EARLIER, 4, 1), event(Some(2), Some("x"), EARLIER, 5, 1)];
    let people = table(&[("customer", CellType::Text)], &[&[text("a")], &[text("b")], &[Cell::Unknown]]);
    let project = project(&catalog, vec![("events", events(&rows)), ("people", people)], T);
    assert_eq!(project.values("total"), ["4", "0"]);
    let outcome = project.run("segments: { all: 'total >= 0' }");
    assert_eq!(outcome.rows[&("events".to_owned(), "customer".to_owned())].orphans, 1);
}

#[test]
fn rows_are_ordered_by_time_then_id_and_alike_rows_count_once() {
    let rows = [
        event(Some(9), Some("a"), EARLIER, 3, 1),
        event(Some(2), Some("b"), EARLIER, 3, 1),
        event(Some(5), Some("a"), EARLIER, 4, 1),
        event(Some(10), Some("a"), EARLIER, 5, 1),
    ];
    let project = project(WITHOUT_TABLE, vec![("events", events(&rows))], T);
    assert_eq!(project.values("first(amount of events)"), ["4", "3"]);
    assert_eq!(project.values("last(amount of events)"), ["5", "3"]);
    // Of the two threes the one of `b` is first: ids order, over the whole table.
    assert_eq!(project.values("count(alike)"), ["2", "1"]);
    assert_eq!(project.values("sum(amount of alike)"), ["9", "3"]);
}

#[test]
fn unknowns_are_alike_where_rows_count_once() {
    let mut rows = [event(Some(1), Some("a"), EARLIER, 0, 1), event(Some(2), Some("a"), EARLIER, 0, 1)];
    rows.iter_mut().for_each(|row| row[3] = Cell::Unknown);
    let project = project(WITHOUT_TABLE, vec![("events", events(&rows))], T);
    assert_eq!(project.values("count(alike)"), ["1"]);
}

#[test]
fn children_reach_subject_and_time_by_lookups() {
    let catalog = "\
kohort: 1
timezone: UTC
subject: { name: customer, key: customer }
tables:
  sales: { subject: customer, time: sold_on, id: sale }
  lines: { subject: sale.customer, time: sale.sold_on, lookups: { sale: sale -> sales, product: sku -> products } }
  products: { id: sku, lookups: { brand: brand -> brands } }
  brands: { id: brand, time: since }
  web_lines:
    from: lines
    where: product.brand.country = 'SE'
    columns: { double: '2 * units', land: product.brand.country }
";
    let sales = table(
        &[("sale", CellType::Int), ("customer", CellType::Text), ("sold_on", CellType::Date)],
        &[
            &[Cell::Int(1), text("a"), Cell::Date(date("2026-03-31"))],
            &[Cell::Int(2), text("a"), Cell::Date(date("2026-04-01"))],
        ],
    );
    let line = |sale, sku: &str, units| vec![Cell::Int(sale), text(sku), Cell::Int(units)];
    let lines = [line(1, "x", 1), line(1, "y", 2), line(2, "x", 4), line(3, "x", 8), line(1, "z", 16)];
    let lines: Vec<&[Cell]> = lines.iter().map(Vec::as_slice).collect();
    let lines = table(&[("sale", CellType::Int), ("sku", CellType::Text), ("units", CellType::Int)], &lines);
    let products = table(
        &[("sku", CellType::Text), ("brand", CellType::Text)],
        &[&[text("x"), text("new")], &[text("y"), text("old")]],
    );
    let brands = table(
        &[("brand", CellType::Text), ("country", CellType::Text), ("since", CellType::Date)],
        &[
            &[text("new"), text("SE"), Cell::Date(date("2026-06-01"))],
            &[text("old"), text("SE"), Cell::Date(date("2020-06-01"))],
        ],
    );
    let data = vec![("sales", sales), ("lines", lines), ("products", products), ("brands", brands)];
    let project = project(catalog, data, "2026-03-31T00:00:00");
    assert_eq!(project.value("sum(units of lines)"), "19");
    assert_eq!(project.value("sum(double of web_lines)"), "4");
    assert_eq!(project.value("last(land of web_lines)"), "SE");
    assert_eq!(project.value("count(lines where product.brand.country is unknown)"), "2");
    // A date as a row's time is the start of its day: exactly T here.
    assert_eq!(project.value("count(lines over today)"), "3");
}

#[test]
fn local_times_are_read_in_their_tables_zone() {
    let catalog = WITHOUT_TABLE.replace("version: version }", "version: version, timezone: America/New_York }");
    // 06:00 in New York is 12:00 in Stockholm (both in summer time).
    let rows = [
        event(Some(1), Some("a"), Some("2026-03-31T06:00:00"), 1, 1),
        event(Some(2), Some("a"), Some("2026-03-31T06:00:00.000001"), 2, 1),
    ];
    let project = project(&catalog, vec![("events", events(&rows))], T);
    assert_eq!(project.values("total"), ["1"]);
    assert_eq!(project.values("max(hour_of_day(at) of events)"), ["12"]);
}
