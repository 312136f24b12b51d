//! The place of rows among those of their subject, and calculating with durations.

use super::*;

const VISITS: [(&str, CellType); 5] = [
    ("id", CellType::Int),
    ("customer", CellType::Text),
    ("at_time", CellType::LocalTime),
    ("page", CellType::Text),
    ("seconds", CellType::Int),
];

const CATALOG: &str = "\
kohort: 1
timezone: UTC
subject: { name: customer, key: customer }
tables:
  visits: { subject: customer, time: at_time, id: id }
  shop_visits: { from: visits, where: page = 'shop', columns: { before: number, since: gap } }
  renamed: { from: visits, columns: { number: seconds, gap: page } }
  days: { from: visits, group_by: day(at) }
";

/// Visits of `a` and, where the time begins with `b`, of `b`.
fn visits(rows: &[(i64, &str, &str)]) -> Project {
    let row = |(id, time, page): &(i64, &str, &str)| {
        let (customer, time) = time.strip_prefix('b').map_or(("a", *time), |time| ("b", time));
        let (time, seconds) = (format!("2026-03-{time}"), Cell::Int(100 - *id));
        vec![Cell::Int(*id), text(customer), when(&time), text(page), seconds]
    };
    let rows: Vec<Vec<Cell>> = rows.iter().map(row).collect();
    let rows: Vec<&[Cell]> = rows.iter().map(Vec::as_slice).collect();
    project(CATALOG, vec![("visits", table(&VISITS, &rows))], "2026-03-31T12:00:00")
}

#[track_caller]
fn check(project: &Project, expected: &[(&str, [&str; 2])]) {
    for (expr, values) in expected {
        assert_eq!(project.values(expr), *values, "{expr}");
    }
}

fn some_visits() -> Project {
    visits(&[
        (4, "20T10:00:00", "shop"),
        (1, "10T10:00:00", "home"),
        (9, "10T10:00:00", "shop"),
        (2, "15T10:00:00", "home"),
        (3, "b12T10:00:00", "shop"),
        (7, "b28T10:00:00", "home"),
        (5, "30T22:00:00", "home"),
    ])
}

#[test]
fn number_counts_all_rows_of_a_subject_in_row_order() {
    let project = some_visits();
    check(
        &project,
        &[
            // By time, then by id: 1 and 9 share the first time.
            ("first(page of visits where number = 1)", ["home", "shop"]),
            ("first(id of visits where number = 2)", ["9", "7"]),
            ("max(number of visits)", ["5", "2"]),
            ("sum(number of visits)", ["15", "3"]),
            ("first(at of visits where number = 3)", ["2026-03-15T10:00:00.000000Z", "unknown"]),
        ],
    );
}

#[test]
fn number_is_older_than_window_and_where() {
    let project = some_visits();
    check(
        &project,
        &[
            ("min(number of visits over 20d)", ["3", "1"]),
            ("min(number of visits where page = 'shop')", ["2", "1"]),
            ("count(visits over 20d where number = 1)", ["0", "1"]),
            ("max(number of visits over 12d where page = 'home')", ["5", "2"]),
        ],
    );
}

#[test]
fn number_is_about_the_table_that_is_named() {
    let project = some_visits();
    check(
        &project,
        &[
            ("max(number of shop_visits)", ["2", "1"]),
            ("first(id of shop_visits where number = 2)", ["4", "unknown"]),
            // Where the table is made the rows have the numbers of its parent.
            ("last(before of shop_visits)", ["4", "1"]),
            ("max(number of days)", ["4", "2"]),
            ("any(visits where number = 4 and page = 'shop')", ["true", "false"]),
            ("every(visits have number < 5)", ["false", "true"]),
        ],
    );
}

#[test]
fn gap_is_the_time_since_the_row_before() {
    let project = some_visits();
    check(
        &project,
        &[
            ("first(gap of visits)", ["0us", "1382400000000us"]),
            ("count(gap of visits)", ["4", "1"]),
            ("any(visits where gap is unknown and number != 1)", ["false", "false"]),
            ("first(id of visits where gap = 5d)", ["2", "unknown"]),
            // Over all rows, not those of the window or the filter.
            ("max(gap of visits over 12d) = 252h", ["true", "false"]),
            ("max(gap of visits where page = 'shop') = 5d", ["true", "unknown"]),
            ("max(gap of shop_visits) = 10d", ["true", "unknown"]),
            ("max(since of shop_visits) = 5d", ["true", "unknown"]),
        ],
    );
}

#[test]
fn a_column_of_that_name_wins() {
    let project = some_visits();
    check(&project, &[("max(number of renamed)", ["99", "97"]), ("last(gap of renamed)", ["home", "home"])]);
}

#[test]
fn equal_rows_have_a_number_each() {
    let columns = [("customer", CellType::Text), ("called", CellType::Date)];
    let day = [text("a"), Cell::Date(date("2026-03-01"))];
    let catalog = "\
kohort: 1
subject: { name: customer, key: customer }
tables: { calls: { subject: customer, time: called } }
";
    let project = project(catalog, vec![("calls", table(&columns, &[&day, &day, &day]))], "2026-03-31T12:00:00");
    assert_eq!(project.value("max(number of calls)"), "3");
    assert_eq!(project.value("sum(gap of calls)"), "0us");
    assert_eq!(project.value("count(gap of calls)"), "2");
}

#[test]
fn rows_after_t_have_no_number_and_make_no_gap() {
    let mut project = some_visits();
    project.now = at(Tz::UTC, "2026-03-20T10:00:00");
    check(&project, &[("max(number of visits)", ["4", "1"]), ("max(gap of visits) = 5d", ["true", "unknown"])]);
}

#[test]
fn aggregates_of_durations_are_exact() {
    // Gaps of 1, 2 and 4 days for `a`, of one microsecond for `b`.
    let project = visits(&[
        (1, "01T10:00:00", "x"),
        (2, "02T10:00:00", "x"),
        (3, "04T10:00:00", "x"),
        (4, "08T10:00:00", "x"),
        (5, "b01T10:00:00", "x"),
        (6, "b01T10:00:00.000001", "x"),
        (7, "b01T10:00:00.000001", "x"),
    ]);
    check(
        &project,
        &[
            ("sum(gap of visits)", ["604800000000us", "1us"]),
            ("avg(gap of visits)", ["201600000000us", "1/2us"]),
            ("avg(gap of visits) = 56h", ["true", "false"]),
            ("avg(gap of visits) < median(gap of visits)", ["false", "false"]),
            ("median(gap of visits) > min(gap of visits)", ["true", "true"]),
            ("percentile(25, gap of visits) = 36h", ["true", "false"]),
            // Days of 1, 2 and 4 have the variance 7/3, whose root is below their mean, 7/3.
            ("stddev(gap of visits) < avg(gap of visits)", ["true", "false"]),
            ("stddev(gap of visits) > avg(gap of visits)", ["false", "true"]),
            ("stddev(gap of visits) > 36h", ["true", "false"]),
            ("stddev(gap of visits) < 2200min", ["true", "true"]),
            ("mode(gap of visits)", ["86400000000us", "0us"]),
            ("mode_share(gap of visits)", ["1/3", "1/2"]),
            ("first(gap of visits) < last(gap of visits)", ["true", "false"]),
            ("sum(gap of visits over 5min) < 1min", ["true", "true"]),
            ("avg(gap of visits over 5min)", ["unknown", "unknown"]),
            ("sum(gap of visits over 5min) + 1d > avg(gap of visits)", ["false", "true"]),
        ],
    );
}

#[test]
fn durations_are_multiplied_divided_and_added_to_times() {
    let project = visits(&[
        (1, "01T10:00:00", "x"),
        (2, "02T10:00:00", "x"),
        (3, "04T10:00:00", "x"),
        (5, "b01T10:00:00", "x"),
        (6, "b01T10:00:00.000001", "x"),
        (7, "b01T10:00:00.000001", "x"),
    ]);
    check(
        &project,
        &[
            ("avg(gap of visits) * 2 = 3d", ["true", "false"]),
            ("2 * avg(gap of visits) / 3 = 1d", ["true", "false"]),
            ("sum(gap of visits) / 1d", ["3", "1/86400000000"]),
            ("sum(gap of visits) / (count(visits) - 3)", ["unknown", "unknown"]),
            ("1d / min(gap of visits)", ["1", "unknown"]),
            ("last(at of visits) + avg(gap of visits)", ["2026-03-05T22:00:00.000000Z", "2026-03-01T10:00:00.000001Z"]),
            // Half a microsecond on is rounded to an even number, and so is half a microsecond back.
            (
                "first(at of visits) - avg(gap of visits)",
                ["2026-02-27T22:00:00.000000Z", "2026-03-01T10:00:00.000000Z"],
            ),
            ("last(at of visits) + 3 * avg(gap of visits) > 2026-03-08T21:59", ["true", "false"]),
            ("stddev(gap of visits) / 1d > 0.70", ["true", "false"]),
            ("stddev(gap of visits) * 2 < 34h", ["true", "true"]),
        ],
    );
}
