//! Tables by grouping.

use super::*;

const SALES: [(&str, CellType); 8] = [
    ("id", CellType::Int),
    ("customer", CellType::Text),
    ("shop", CellType::Text),
    ("at_time", CellType::LocalTime),
    ("invoice", CellType::Text),
    ("sku", CellType::Text),
    ("amount", CellType::Int),
    ("due_on", CellType::Date),
];

const CATALOG: &str = "\
kohort: 1
timezone: Europe/Stockholm
subjects:
  customer: { table: people, key: customer }
  shop: { key: shop }
tables:
  people: {}
  sales:
    subject: { customer: customer, shop: shop }
    time: at_time
    id: id
    lookups: { product: sku -> products }
  products: { id: sku }
";

/// A line of an invoice. The empty text is unknown.
struct Line(i64, &'static str, &'static str, &'static str, &'static str, &'static str, i64, &'static str);

impl Line {
    fn cells(&self) -> Vec<Cell> {
        let Line(id, customer, shop, at, invoice, sku, amount, due) = *self;
        let word = |word: &str| if word.is_empty() { Cell::Unknown } else { text(word) };
        let due = if due.is_empty() { Cell::Unknown } else { Cell::Date(date(due)) };
        let amount = if amount == 0 { Cell::Unknown } else { Cell::Int(amount) };
        vec![Cell::Int(id), word(customer), word(shop), when(at), word(invoice), word(sku), amount, due]
    }
}

/// Two customers in two shops; the first invoice of `a` is over two days, and `b` has one of the same number.
fn lines() -> Vec<Line> {
    vec![
        Line(1, "a", "x", "2026-03-01T10:00:00", "I1", "hat", 10, "2026-04-10"),
        Line(2, "a", "x", "2026-03-02T09:00:00", "I1", "bag", 30, "2026-03-20"),
        Line(3, "a", "y", "2026-03-30T08:00:00", "I2", "hat", 5, "2026-03-30"),
        Line(4, "a", "y", "2026-03-30T08:00:00", "", "hat", 7, ""),
        Line(5, "a", "x", "2026-03-31T08:00:00", "", "", 0, "2026-03-31"),
        Line(6, "b", "x", "2026-03-31T07:00:00", "I1", "bag", 100, "2026-03-31"),
        Line(7, "", "x", "2026-03-31T07:00:00", "I9", "bag", 1000, "2026-03-31"),
    ]
}

/// The shops of customers `a` and `b`, with these tables.
fn shop(tables: &str) -> Project {
    let rows: Vec<Vec<Cell>> = lines().iter().map(Line::cells).collect();
    let rows: Vec<&[Cell]> = rows.iter().map(Vec::as_slice).collect();
    let people = table(
        &[("customer", CellType::Text), ("city", CellType::Text), ("limit", CellType::Int)],
        &[&[text("a"), text("Umeå"), Cell::Int(9)], &[text("b"), text("Lund"), Cell::Int(50)]],
    );
    let products = table(
        &[("sku", CellType::Text), ("category", CellType::Text)],
        &[&[text("hat"), text("Hats")], &[text("bag"), text("Bags")]],
    );
    let catalog = format!("{CATALOG}{tables}");
    let data = vec![("sales", table(&SALES, &rows)), ("people", people), ("products", products)];
    project(&catalog, data, "2026-03-31T12:00:00")
}

#[track_caller]
fn check(project: &Project, expected: &[(&str, [&str; 2])]) {
    for (expr, values) in expected {
        assert_eq!(project.values(expr), *values, "{expr}");
    }
}

const INVOICES: &str = "
  invoices:
    from: sales
    group_by: invoice
    columns:
      value: sum(amount)
      lines: count()
      known: count(amount)
      kinds: count(distinct sku)
      hats: count(where sku = 'hat')
      known_hats: count(amount where product.category = 'Hats')
      first_sku: first(sku)
      last_sku: last(sku where sku != 'hat')
      middle: percentile(50, amount)
      share: sum(amount where sku = 'hat') / sum(amount)
      twice: 2 * max(amount)
      same: invoice
";

#[test]
fn one_row_for_each_subject_and_key() {
    let project = shop(INVOICES);
    check(
        &project,
        &[
            // I1, I2 and the two lines without an invoice; unknown is a value of keys.
            ("count(invoices)", ["3", "1"]),
            ("count(invoices where invoice = 'I1')", ["1", "1"]),
            ("count(invoices where invoice is unknown)", ["1", "0"]),
            ("sum(value of invoices where invoice = 'I1')", ["40", "100"]),
            ("max(value of invoices)", ["40", "100"]),
            ("avg(value of invoices)", ["52/3", "100"]),
        ],
    );
}

#[test]
fn columns_are_made_of_aggregates_and_keys() {
    let project = shop(INVOICES);
    check(
        &project,
        &[
            ("sum(lines of invoices where invoice is unknown)", ["2", "0"]),
            ("sum(known of invoices where invoice is unknown)", ["1", "0"]),
            ("max(kinds of invoices)", ["2", "1"]),
            ("sum(hats of invoices)", ["3", "0"]),
            ("sum(known_hats of invoices)", ["3", "0"]),
            ("first(first_sku of invoices)", ["hat", "bag"]),
            ("count(last_sku of invoices)", ["1", "1"]),
            ("first(middle of invoices)", ["20", "100"]),
            ("first(share of invoices)", ["1/4", "0"]),
            ("sum(twice of invoices)", ["84", "200"]),
            ("count(same of invoices)", ["2", "1"]),
        ],
    );
}

#[test]
fn a_group_happens_with_its_first_row() {
    let project = shop(INVOICES);
    check(
        &project,
        &[
            ("first(at of invoices)", ["2026-03-01T09:00:00.000000Z", "2026-03-31T05:00:00.000000Z"]),
            // One line of I1 lies in the 30 days, its first does not.
            ("count(invoices over 30d)", ["2", "1"]),
            ("sum(value of invoices over 30d)", ["12", "100"]),
            // At one time the key is the order: unknown is before I2.
            ("last(invoice of invoices)", ["I2", "I1"]),
            ("count(invoices where number = 2 and invoice is unknown)", ["1", "0"]),
        ],
    );
}

#[test]
fn where_is_about_the_rows_that_are_grouped() {
    let project = shop(
        "
  large:
    from: sales
    where: amount > customer.limit
    group_by: [invoice, sku]
    columns: { value: sum(amount) }
",
    );
    check(&project, &[("count(large)", ["2", "1"]), ("sum(value of large)", ["40", "100"])]);
}

#[test]
fn a_group_by_period_happens_at_its_start() {
    let project = shop(
        "
  days: { from: sales, group_by: day(at) }
  weeks:
    from: sales
    group_by: [month(at), week(at), product.category]
    columns: { value: sum(amount) }
  due:
    from: sales
    group_by: { due: day(due_on), sold: day(at) }
",
    );
    check(
        &project,
        &[
            ("count(days)", ["4", "1"]),
            ("last(at of days)", ["2026-03-30T22:00:00.000000Z", "2026-03-30T22:00:00.000000Z"]),
            ("count(days over today)", ["1", "1"]),
            ("count(days over 721min)", ["1", "1"]),
            ("count(days over 12h)", ["0", "0"]),
            ("last(day of days)", ["2026-03-31", "2026-03-31"]),
            // The week of the 1st began on 23 February, the week of the 30th on that day.
            ("first(at of weeks)", ["2026-02-22T23:00:00.000000Z", "2026-03-29T22:00:00.000000Z"]),
            ("first(month of weeks)", ["2026-03-01", "2026-03-01"]),
            // The week of 30 March: hats, and a line without a product.
            ("count(weeks over this week)", ["2", "1"]),
            ("count(weeks over this week where category is unknown)", ["1", "0"]),
            // Of two days the first says when: one is after T, one unknown, and those groups do not exist.
            ("count(due)", ["3", "1"]),
            ("last(at of due)", ["2026-03-30T22:00:00.000000Z", "2026-03-30T22:00:00.000000Z"]),
            ("first(at of due)", ["2026-03-19T23:00:00.000000Z", "2026-03-30T22:00:00.000000Z"]),
            ("first(sold of due)", ["2026-03-02", "2026-03-31"]),
        ],
    );
}

#[test]
fn time_may_be_said() {
    let project = shop(
        "
  closed: { from: sales, group_by: invoice, time: max(at) }
  due:
    from: sales
    group_by: { day: day(at), invoice: invoice }
    time: max(due_on)
    columns: { value: sum(amount) }
",
    );
    check(
        &project,
        &[
            ("count(closed over 30d)", ["3", "1"]),
            ("first(at of closed)", ["2026-03-02T08:00:00.000000Z", "2026-03-31T05:00:00.000000Z"]),
            // Due after T, or nobody knows when: the group does not exist.
            ("count(due)", ["3", "1"]),
            ("sum(value of due)", ["35", "100"]),
        ],
    );
}

#[test]
fn timeless_rows_make_timeless_groups() {
    let project = shop("");
    let catalog = format!(
        "{CATALOG}
  notes: {{ subject: {{ customer: customer }} }}
  topics: {{ from: notes, group_by: topic, columns: {{ many: count() }} }}
  dated: {{ from: notes, group_by: topic, time: last(noted), columns: {{ many: count() }} }}
"
    );
    let columns = [("customer", CellType::Text), ("topic", CellType::Text), ("noted", CellType::Date)];
    let notes: [&[Cell]; 3] = [
        &[text("a"), text("t"), Cell::Date(date("2026-03-31"))],
        &[text("a"), text("t"), Cell::Date(date("2026-03-01"))],
        &[text("a"), text("u"), Cell::Date(date("2026-04-01"))],
    ];
    let mut data = project.data;
    data.insert("notes".into(), table(&columns, &notes));
    let data = data.iter().map(|(name, table)| (name.as_str(), table.clone())).collect();
    let project = super::project(&catalog, data, "2026-03-31T12:00:00");
    check(
        &project,
        &[
            ("count(topics)", ["2", "0"]),
            ("sum(many of topics)", ["3", "0"]),
            // Rows without time and id are in the order of their values: the 31st is last. The other is after T.
            ("count(dated over today)", ["1", "0"]),
            ("sum(many of dated)", ["2", "0"]),
        ],
    );
}

#[test]
fn groups_come_from_any_table_and_tables_from_groups() {
    let project = shop(
        "
  hats: { from: sales, where: sku = 'hat', columns: { double: 2 * amount }, distinct: [sku, invoice] }
  hat_days: { from: hats, group_by: day(at), columns: { doubles: sum(double) } }
  invoices: { from: sales, group_by: invoice, columns: { value: sum(amount) } }
  large: { from: invoices, where: value > 5, columns: { half: value / 2 } }
  one_of_all: { from: invoices, columns: { same: 1 }, distinct: [same] }
  months: { from: invoices, group_by: month(at), columns: { best: max(value), invoices: count() } }
",
    );
    check(
        &project,
        &[
            ("sum(doubles of hat_days)", ["44", "0"]),
            ("max(doubles of hat_days)", ["24", "unknown"]),
            ("count(large)", ["2", "1"]),
            ("sum(half of large)", ["47/2", "50"]),
            ("first(at of large where number = 2)", ["2026-03-30T06:00:00.000000Z", "unknown"]),
            // The first of all groups of customers is that of `a`.
            ("count(one_of_all)", ["1", "0"]),
            ("sum(best of months)", ["40", "100"]),
            ("sum(invoices of months)", ["3", "1"]),
        ],
    );
}

#[test]
fn every_kind_of_subject_has_groups_of_its_own() {
    let project = shop(INVOICES);
    let outcome = project.run(
        "segments:
  x_has_three: { of: shop, when: count(invoices) = 3 }
  x_has_the_largest: { of: shop, when: max(value of invoices) = 1000 }
  both_lines: { of: shop, when: any(invoices where value = 140) }
  y_has_two: { of: shop, when: count(invoices) = 2 and sum(value of invoices) = 12 }
",
    );
    // Shop x: I1 of both customers is one group here, then the line without an invoice, then that of nobody.
    assert_eq!(members(&outcome, "x_has_three"), Ok(vec!["x".into()]));
    assert_eq!(members(&outcome, "x_has_the_largest"), Ok(vec!["x".into()]));
    assert_eq!(members(&outcome, "both_lines"), Ok(vec!["x".into()]));
    assert_eq!(members(&outcome, "y_has_two"), Ok(vec!["y".into()]));
}

#[test]
fn rows_in_a_group_keep_their_place_in_their_table() {
    let project = shop(
        "
  invoices:
    from: sales
    group_by: invoice
    columns:
      from_third: count(where number >= 3)
      longest: max(gap)
      rich: count(where amount > customer.limit)
      city: first(customer.city)
",
    );
    check(
        &project,
        &[
            // The lines of `a` are the first to the fifth; lines 3 and 4 are at one time.
            ("sum(from_third of invoices)", ["3", "0"]),
            ("sum(from_third of invoices where invoice is unknown)", ["2", "0"]),
            // The gap of line 2 lies within I1, that of line 3 reaches back to it, over the clock change.
            ("first(longest of invoices)", ["82800000000us", "unknown"]),
            ("max(longest of invoices) = 28d - 2h", ["true", "unknown"]),
            ("sum(rich of invoices)", ["2", "1"]),
            ("count(invoices where city = customer.city)", ["3", "1"]),
        ],
    );
}

#[test]
fn a_column_holds_twelve_places_and_whole_microseconds() {
    let project = shop(
        "
  people_days:
    from: sales
    group_by: { all: 1 }
    columns:
      spread: stddev(amount)
      rhythm: avg(gap / 1h) * 1h / 7
",
    );
    check(
        &project,
        &[
            // The amounts of `a` are 10, 30, 5, 7: their mean is 13, their variance 398/3.
            ("first(spread of people_days) = 11.518101695447", ["true", "unknown"]),
            ("stddev(amount of sales) = 11.518101695447", ["false", "unknown"]),
            // Gaps of 23 h, 27 d 22 h (the clock changed), 0 and 24 h are 717 h, a quarter and a seventh of it
            // 92_185_714_285.7 microseconds.
            ("first(rhythm of people_days)", ["92185714286us", "unknown"]),
        ],
    );
}

#[test]
fn a_column_that_does_not_fit_fails_what_uses_it() {
    let most = 10i128.pow(38) - 1;
    let columns = [("customer", CellType::Text), ("big", CellType::Decimal(0)), ("small", CellType::Int)];
    let rows: [&[Cell]; 3] = [
        &[text("a"), Cell::Decimal(most, 0), Cell::Int(1)],
        &[text("a"), Cell::Decimal(most, 0), Cell::Int(2)],
        &[text("b"), Cell::Decimal(1, 0), Cell::Int(3)],
    ];
    let catalog = "\
kohort: 1
subject: { name: customer, key: customer }
tables:
  ledger: { subject: customer }
  sums:
    from: ledger
    group_by: { all: 1 }
    columns:
      squares: sum(big * big)
      total: sum(small)
  shown: { from: sums, columns: { half: squares / 2 } }
  chosen: { from: sums, where: squares > 0 }
";
    let project = project(catalog, vec![("ledger", table(&columns, &rows))], "2026-03-31T12:00:00");
    let outcome = project.run(
        "segments:
  total: sum(total of sums) > 0
  guarded: sum(squares of sums where total < 0) = 0
  squares_asked: any(sums where squares < 0)
  shown_total: sum(total of shown) = 3
  shown_half: any(shown where half < 0)
  chosen: any(chosen)
",
    );
    assert_eq!(members(&outcome, "total"), Ok(vec!["a".into(), "b".into()]));
    assert_eq!(members(&outcome, "shown_total"), Ok(vec!["a".into(), "b".into()]));
    for failed in ["guarded", "squares_asked", "shown_half", "chosen"] {
        assert_eq!(members(&outcome, failed), Err(DoesNotFit), "{failed}");
    }
}
