//! Comparison, unknowns, text, lists, numbers: on one customer and columns of the customers' table.

use super::*;

/// One customer of a table with these columns.
fn customer(columns: &[(&str, CellType, Cell)]) -> Project {
    let mut all = vec![("id", CellType::Int)];
    all.extend(columns.iter().map(|(name, kind, _)| (*name, *kind)));
    let mut row = vec![Cell::Int(1)];
    row.extend(columns.iter().map(|(_, _, cell)| cell.clone()));
    let catalog = "\
kohort: 1
timezone: Europe/Stockholm
subject: { name: customer, table: customers, key: id }
tables:
  customers: {}
";
    project(catalog, vec![("customers", table(&all, &[&row]))], "2026-03-31T12:00:00")
}

#[track_caller]
fn check(project: &Project, expected: &[(&str, &str)]) {
    for (expr, value) in expected {
        assert_eq!(project.value(expr), *value, "{expr}");
    }
}

#[test]
fn unknown_stays_unknown_except_in_null_safe_tests() {
    let project = customer(&[("city", CellType::Text, Cell::Unknown), ("n", CellType::Int, Cell::Int(0))]);
    check(
        &project,
        &[
            ("city = 'Jakarta'", "unknown"),
            ("city != 'Jakarta'", "unknown"),
            ("not city = 'Jakarta'", "unknown"),
            ("city not in ('Jakarta')", "unknown"),
            ("city is 'Jakarta'", "false"),
            ("city is not 'Jakarta'", "true"),
            ("city is not in ('Jakarta')", "true"),
            ("city is unknown", "true"),
            ("city = 'x' and n = 1", "false"),
            ("city = 'x' or n = 0", "true"),
            ("city = 'x' or n = 1", "unknown"),
            ("1 / n", "unknown"),
            ("1 / n > 0 or n = 0", "true"),
            ("coalesce(city, 'none')", "none"),
            ("greatest(n, 1 / n)", "unknown"),
        ],
    );
}

#[test]
fn between_is_two_comparisons() {
    let project = customer(&[("n", CellType::Int, Cell::Int(5)), ("m", CellType::Int, Cell::Unknown)]);
    check(
        &project,
        &[
            ("n between 5 and 5", "true"),
            ("n not between 6 and 4", "true"),
            ("n between 6 and m", "false"),
            ("n between 5 and m", "unknown"),
            ("n in (1, m, 5)", "true"),
            ("n in (1, m)", "unknown"),
            ("n is in (1, m)", "false"),
        ],
    );
}

#[test]
fn numbers_are_exact_and_round_half_to_even() {
    let project = customer(&[("x", CellType::Decimal(2), money(250)), ("y", CellType::Int, Cell::Int(3))]);
    check(
        &project,
        &[
            ("0.1 + 0.2 = 0.3", "true"),
            ("x / y * y = x", "true"),
            ("round(x)", "2"),
            ("round(-x)", "-2"),
            ("round(3.5)", "4"),
            ("round(2.675, 2) = 2.68", "true"),
            ("round(2.665, 2) = 2.66", "true"),
            ("80% = 0.8", "true"),
            ("y - 1 - 1", "1"),
            ("abs(-x) = 2.5", "true"),
        ],
    );
}

#[test]
fn text_is_compared_by_code_points_and_folded_fully() {
    let project = customer(&[("t", CellType::Text, text("Straße")), ("u", CellType::Text, text("z"))]);
    check(
        &project,
        &[
            ("t = 'strasse' ignoring case", "true"),
            ("t = 'STRASSE'", "false"),
            ("u < 'ä'", "true"),
            ("u > 'Z'", "true"),
            ("length(t)", "6"),
            ("upper(t)", "STRASSE"),
            ("t like 'S%e'", "true"),
            ("t like '_traß_'", "true"),
            ("t like 'traß'", "false"),
            ("t like '_' ignoring case", "false"),
            ("t matches 'ra.e$'", "true"),
            ("t contains 'SS' ignoring case", "true"),
            ("t starts with 'st' ignoring case", "true"),
            ("t in ('x', 'STRASSE') ignoring case", "true"),
        ],
    );
}

#[test]
fn lists_count_distinct_candidates() {
    let tags = Cell::List(vec!["a".into(), "B".into(), "a".into()]);
    let project = customer(&[("tags", CellType::TextList, tags), ("none", CellType::TextList, Cell::Unknown)]);
    check(
        &project,
        &[
            ("tags contains 'a'", "true"),
            ("tags contains 'b'", "false"),
            ("tags contains 'b' ignoring case", "true"),
            ("tags contains all of ('a', 'B')", "true"),
            ("tags contains none of ('c', 'd')", "true"),
            ("tags contains at least 2 of ('a', 'a', 'c')", "false"),
            ("tags not contains any of ('c')", "true"),
            ("none contains 'a'", "unknown"),
            ("none not contains any of ('a')", "unknown"),
        ],
    );
}

#[test]
fn a_date_beside_an_instant_is_its_local_day() {
    // 23:30 UTC on 30 March is 01:30 on the 31st in Stockholm.
    let late = at(chrono_tz::UTC, "2026-03-30T23:30:00");
    let project = customer(&[
        ("seen", CellType::Instant, Cell::Instant(late)),
        ("d", CellType::Date, Cell::Date(date("2026-03-31"))),
    ]);
    check(
        &project,
        &[
            ("seen = d", "true"),
            ("seen >= 2026-03-31", "true"),
            ("day(seen) = d", "true"),
            ("hour_of_day(seen)", "1"),
            ("weekday(seen) = 'tuesday'", "true"),
            ("month(seen) = 2026-03-01", "true"),
            ("today = d", "true"),
            ("now - seen < 11h", "true"),
            ("now - seen > 10h", "true"),
            ("d - 2026-03-29 = 2d", "true"),
            ("d <= 2025-12-31 + 3mo", "true"),
            ("d within last 0 days", "true"),
            ("seen within next 3 days", "true"),
        ],
    );
}

#[test]
fn differences_are_elapsed_time_even_across_a_clock_change() {
    // From noon before the change to noon after it 23 hours pass; the dates are a day apart.
    let before = CellType::LocalTime;
    let project = customer(&[("a", before, when("2026-03-28T12:00:00")), ("b", before, when("2026-03-29T12:00:00"))]);
    check(
        &project,
        &[("b - a < 1d", "true"), ("day(b) - day(a) = 1d", "true"), ("a + 1d = b", "true"), ("a + 23h = b", "true")],
    );
}
