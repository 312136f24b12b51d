//! Sequences.

use super::*;

const COLUMNS: [(&str, CellType); 5] = [
    ("id", CellType::Int),
    ("customer", CellType::Text),
    ("at_time", CellType::LocalTime),
    ("sku", CellType::Text),
    ("amount", CellType::Int),
];

const CATALOG: &str = "\
kohort: 1
timezone: Europe/Stockholm
subject: { name: customer, key: customer }
tables:
  sales: { subject: customer, time: at_time, id: id, lookups: { product: sku -> products } }
  returns: { subject: customer, time: at_time, id: id }
  products: { id: sku }
  large: { from: sales, where: amount > 50 }
  small: { from: sales, where: amount <= 50 }
  singles: { from: sales, distinct: [sku] }
  baskets: { from: sales, group_by: sku, columns: { value: sum(amount) } }
  days: { from: sales, group_by: day(at), columns: { value: sum(amount) } }
";

/// Sales and returns of one customer: id, time in March 2026, product, amount.
type Lines<'l> = &'l [(i64, &'l str, &'l str, i64)];

fn case(sales: Lines<'_>, returns: Lines<'_>) -> Project {
    let lines = |lines: Lines<'_>| {
        let row = |(id, time, sku, amount): &(i64, &str, &str, i64)| {
            let sku = if sku.is_empty() { Cell::Unknown } else { text(sku) };
            vec![Cell::Int(*id), text("a"), when(&format!("2026-03-{time}")), sku, Cell::Int(*amount)]
        };
        let rows: Vec<Vec<Cell>> = lines.iter().map(row).collect();
        table(&COLUMNS, &rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
    };
    let products = table(
        &[("sku", CellType::Text), ("category", CellType::Text)],
        &[&[text("hat"), text("Wool")], &[text("sock"), text("Wool")], &[text("bag"), text("Leather")]],
    );
    let data = vec![("sales", lines(sales)), ("returns", lines(returns)), ("products", products)];
    project(CATALOG, data, "2026-03-31T12:00:00")
}

#[track_caller]
fn check(project: &Project, expected: &[(&str, bool)]) {
    for (expr, holds) in expected {
        assert_eq!(project.value(expr), holds.to_string(), "{expr}");
    }
}

#[test]
fn each_row_is_later_than_the_one_before() {
    let sales = [(1, "10T10:00:00", "hat", 10), (2, "12T10:00:00", "sock", 20)];
    check(
        &case(&sales, &[(1, "11T10:00:00", "hat", 10)]),
        &[
            ("sequence(sales then sales)", true),
            ("sequence(sales then sales then sales)", false),
            ("sequence(sales where sku = 'hat' then sales where sku = 'sock')", true),
            ("sequence(sales where sku = 'sock' then sales where sku = 'hat')", false),
            ("sequence(sales then returns then sales)", true),
            ("sequence(returns then sales then returns)", false),
            ("sequence(returns then returns)", false),
        ],
    );
}

#[test]
fn rows_of_one_time_are_in_row_order_only_within_one_base_table() {
    let sales = [(1, "10T10:00:00", "hat", 100), (2, "10T10:00:00", "sock", 20)];
    check(
        &case(&sales, &[(9, "10T10:00:00", "hat", 10)]),
        &[
            ("sequence(sales where sku = 'hat' then sales where sku = 'sock')", true),
            ("sequence(sales where sku = 'sock' then sales where sku = 'hat')", false),
            // Other tables have no place beside it.
            ("sequence(sales then returns)", false),
            ("sequence(returns then sales)", false),
            // Tables made row by row from one have its rows.
            ("sequence(large then small)", true),
            ("sequence(small then large)", false),
            ("sequence(large then sales where sku = 'sock')", true),
            ("sequence(singles then small)", true),
            // A table by grouping is a table of its own.
            ("sequence(baskets then sales)", false),
            ("sequence(sales then baskets)", false),
            ("sequence(baskets where sku = 'hat' then baskets where sku = 'sock')", true),
            ("sequence(days then sales)", true),
            // No row comes after itself.
            ("sequence(sales where sku = 'sock' then small)", false),
            ("sequence(large then large)", false),
        ],
    );
}

#[test]
fn equal_rows_without_an_id_follow_each_other() {
    let catalog = "\
kohort: 1
subject: { name: customer, key: customer }
tables: { calls: { subject: customer, time: called } }
";
    let row = [text("a"), Cell::Date(date("2026-03-01"))];
    let columns = [("customer", CellType::Text), ("called", CellType::Date)];
    let calls = table(&columns, &[&row, &row, &row]);
    let project = project(catalog, vec![("calls", calls)], "2026-03-31T12:00:00");
    assert_eq!(project.value("sequence(calls then calls then calls)"), "true");
    assert_eq!(project.value("sequence(calls then calls then calls then calls)"), "false");
}

#[test]
fn any_choice_of_rows_will_do() {
    // The first hat is followed by a sock too late, the second in time.
    let sales = [
        (1, "01T10:00:00", "hat", 10),
        (2, "05T10:00:00", "hat", 20),
        (3, "06T10:00:00", "sock", 20),
        (4, "20T10:00:00", "bag", 10),
    ];
    check(
        &case(&sales, &[]),
        &[
            ("sequence(sales where sku = 'hat' then within 2d sales where sku = 'sock')", true),
            ("sequence(sales where sku = 'hat' then within 2d sales where sku = 'bag')", false),
            // Only the first hat is for the bag, though the second is nearer.
            ("sequence(sales as hat where sku = 'hat' then sales where sku = 'bag' and amount = hat.amount)", true),
            (
                "sequence(sales as hat where sku = 'hat' then within 18d sales where sku = 'bag' and amount = hat.amount)",
                false,
            ),
        ],
    );
}

#[test]
fn within_counts_from_the_row_matched_before() {
    let sales = [(1, "01T10:00:00", "a", 1), (2, "03T10:00:00", "b", 2), (3, "05T10:00:00", "c", 3)];
    check(
        &case(&sales, &[(1, "04T10:00:00", "x", 1)]),
        &[
            // Exactly at its end is in time.
            ("sequence(sales where sku = 'a' then within 2d sales where sku = 'b')", true),
            ("sequence(sales where sku = 'a' then within 2879min sales where sku = 'b')", false),
            (
                "sequence(sales where sku = 'a' then within 2d sales where sku = 'b' then within 2d sales where sku = 'c')",
                true,
            ),
            ("sequence(sales where sku = 'a' then sales where sku = 'b' then within 2d sales where sku = 'c')", true),
            ("sequence(sales where sku = 'a' then within 2d sales where sku = 'c')", false),
            // A `never` between is no row matched before.
            (
                "sequence(sales where sku = 'a' then never returns where amount > 1 then within 3d sales where sku = 'c')",
                false,
            ),
            (
                "sequence(sales where sku = 'b' then never returns where amount > 1 then within 2d sales where sku = 'c')",
                true,
            ),
        ],
    );
}

#[test]
fn days_of_within_step_the_calendar_and_hours_are_exact() {
    // The clocks of 29 March 2026 go forward at two.
    let sales = [(1, "28T10:00:00", "a", 1), (2, "29T10:00:00", "b", 2), (3, "29T11:00:00", "c", 2)];
    check(
        &case(&sales, &[]),
        &[
            ("sequence(sales where sku = 'a' then within 1d sales where sku = 'b')", true),
            ("sequence(sales where sku = 'a' then within 23h sales where sku = 'b')", true),
            ("sequence(sales where sku = 'a' then within 1379min sales where sku = 'b')", false),
            ("sequence(sales where sku = 'a' then within 1d sales where sku = 'c')", false),
            ("sequence(sales where sku = 'a' then within 24h sales where sku = 'c')", true),
        ],
    );
    // 30 days on the 31st of February: the first instant after it.
    let months = [(1, "31T00:00:00", "a", 1), (2, "01T00:00:00", "b", 1)];
    let mut project = case(&months, &[]);
    project.data.get_mut("sales").expect("sales").rows[0][2] = when("2026-01-31T00:00:00");
    check(
        &project,
        &[
            ("sequence(sales where sku = 'a' then within 1mo sales where sku = 'b')", true),
            ("sequence(sales where sku = 'a' then within 28d sales where sku = 'b')", false),
        ],
    );
}

#[test]
fn never_within_holds_once_its_period_has_passed() {
    let sales = [(1, "20T12:00:00", "hat", 10)];
    check(
        &case(&sales, &[]),
        &[
            ("sequence(sales then never within 11d returns)", true),
            ("sequence(sales then never within 12d returns)", false),
            ("sequence(sales then never within 15841min returns)", false),
            ("sequence(sales then never within 2mo returns)", false),
        ],
    );
    check(
        &case(&sales, &[(1, "27T12:00:00", "hat", 10)]),
        &[
            ("sequence(sales then never within 6d returns)", true),
            // Exactly at its end is forbidden.
            ("sequence(sales then never within 7d returns)", false),
            ("sequence(sales then never within 7d returns where amount > 10)", true),
            ("sequence(sales then never returns)", false),
            ("sequence(sales then never returns where amount > 10)", true),
        ],
    );
}

#[test]
fn never_within_does_not_care_where_the_next_row_stands() {
    let sales = [(1, "10T12:00:00", "hat", 10), (2, "12T12:00:00", "bag", 10)];
    check(
        &case(&sales, &[(1, "14T12:00:00", "hat", 10)]),
        &[
            ("sequence(sales then never within 5d returns then sales)", false),
            ("sequence(sales then never within 3d returns then sales)", true),
            // Without a period it does.
            ("sequence(sales then never returns then sales)", true),
            ("sequence(sales then never returns)", false),
            ("sequence(sales then sales then never returns)", false),
        ],
    );
}

#[test]
fn never_between_is_later_than_one_row_and_earlier_than_the_other() {
    let sales = [(1, "10T12:00:00", "hat", 10), (2, "10T12:00:00", "bag", 10), (3, "12T12:00:00", "sock", 10)];
    check(
        &case(&sales, &[(1, "12T12:00:00", "hat", 10), (2, "10T12:00:00", "hat", 10)]),
        &[
            // The returns stand at the times of the rows around: neither later nor earlier.
            ("sequence(sales where sku = 'hat' then never returns then sales where sku = 'sock')", true),
            ("sequence(sales where sku = 'hat' then never returns)", false),
            // Of one table rows of one time are between.
            (
                "sequence(sales where sku = 'hat' then never sales where sku = 'bag' then sales where sku = 'sock')",
                false,
            ),
            (
                "sequence(sales where sku = 'bag' then never sales where sku = 'hat' then sales where sku = 'sock')",
                true,
            ),
            (
                "sequence(sales where sku = 'hat' then never sales where sku = 'sock' then sales where sku = 'bag')",
                true,
            ),
            // Not the row itself that comes next.
            ("sequence(sales where sku = 'bag' then never sales then sales where sku = 'sock')", true),
        ],
    );
}

#[test]
fn several_nevers_hang_on_the_same_row() {
    let sales = [(1, "10T12:00:00", "hat", 10), (2, "20T12:00:00", "bag", 10)];
    check(
        &case(&sales, &[(1, "13T12:00:00", "hat", 10), (2, "16T12:00:00", "bag", 20)]),
        &[
            (
                "sequence(sales then never within 2d returns then never within 5d returns where amount = 20 then sales)",
                true,
            ),
            (
                "sequence(sales then never within 2d returns then never within 6d returns where amount = 20 then sales)",
                false,
            ),
            ("sequence(sales then never within 2d returns then never returns where sku = 'sock' then sales)", true),
            ("sequence(sales then never within 2d returns then never returns where sku = 'bag' then sales)", false),
            // Counted from the bag.
            ("sequence(sales then sales then never returns then never within 11d sales)", true),
            ("sequence(sales then sales then never within 12d returns)", false),
        ],
    );
}

#[test]
fn named_rows_are_seen_by_later_steps() {
    let sales = [
        (1, "10T12:00:00", "hat", 10),
        (2, "11T12:00:00", "sock", 10),
        (3, "12T12:00:00", "hat", 12),
        (4, "13T12:00:00", "", 10),
        (5, "14T12:00:00", "", 10),
    ];
    check(
        &case(&sales, &[(1, "15T12:00:00", "sock", 12)]),
        &[
            ("sequence(sales as bought then sales where sku = bought.sku)", true),
            ("sequence(sales as bought then within 1d sales where sku = bought.sku)", false),
            // Unknown is not equal to anything, nor different.
            ("sequence(sales as bought where sku is unknown then sales where sku = bought.sku)", false),
            ("sequence(sales as bought where amount > 11 then sales where sku != bought.sku)", false),
            (
                "sequence(sales as bought then sales where sku != bought.sku and product.category = bought.product.category)",
                true,
            ),
            ("sequence(sales as bought then sales where at - bought.at = 2d)", true),
            ("sequence(sales as bought then sales where at - bought.at > 4d)", false),
            (
                "sequence(sales as bought where sku = 'hat' then sales where number = bought.number + 1 and sku = 'sock')",
                true,
            ),
            (
                "sequence(sales as bought where sku = 'sock' then sales where number = bought.number + 2 and sku = 'hat')",
                false,
            ),
            (
                "sequence(sales as a then sales as b where amount = a.amount then returns where sku = b.sku and amount > a.amount)",
                true,
            ),
            ("sequence(sales as a then sales as b where sku = a.sku then returns where amount = a.amount)", false),
            ("sequence(sales as a then sales as b where sku = a.sku then returns where amount = b.amount)", true),
            // Forbidden rows may be like a row before.
            ("sequence(sales as bought then never sales where sku = bought.sku)", true),
            (
                "sequence(sales as bought where sku = 'hat' and amount = 10 then never sales where sku = bought.sku)",
                false,
            ),
            (
                "sequence(sales as bought where sku = 'hat' then never returns where amount = bought.amount then returns)",
                true,
            ),
        ],
    );
}

#[test]
fn windows_of_steps_and_of_the_whole() {
    let sales = [(1, "01T12:00:00", "hat", 10), (2, "26T12:00:00", "bag", 10), (3, "30T12:00:00", "sock", 10)];
    check(
        &case(&sales, &[(1, "02T12:00:00", "hat", 10)]),
        &[
            ("sequence(sales over 10d where sku = 'hat' then sales)", false),
            ("sequence(sales where sku = 'hat' then sales over 2d)", true),
            ("sequence(sales over 2d then sales)", false),
            ("sequence(sales as first_one over 10d then sales where sku != first_one.sku)", true),
            ("sequence(sales then sales) over 10d", true),
            ("sequence(sales where sku = 'hat' then sales) over 10d", false),
            ("sequence(sales over 30d then sales) over last month", false),
            ("sequence(sales then sales then sales) over this month", true),
            // The window of the whole is not that of forbidden rows, their own is.
            ("sequence(sales where sku = 'bag' then never sales where sku = 'hat') over 10d", true),
            ("sequence(sales as hat where sku = 'hat' then never returns)", false),
            ("sequence(sales as hat where sku = 'hat' then never returns over 10d)", true),
            ("sequence(returns then never sales where sku = 'bag') over 2026-03-01 to 2026-03-10", false),
        ],
    );
}

#[test]
fn within_behind_the_brackets_is_from_the_first_row_to_the_last() {
    let sales = [(1, "01T12:00:00", "a", 10), (2, "03T12:00:00", "b", 10), (3, "05T12:00:00", "c", 10)];
    check(
        &case(&sales, &[]),
        &[
            ("sequence(sales then sales then sales) within 4d", true),
            ("sequence(sales then sales then sales) within 3d", false),
            ("sequence(sales then sales) within 2d", true),
            ("sequence(sales where sku = 'a' then sales where sku = 'c') over 60d within 95h", false),
            // Forbidden rows may be further away.
            ("sequence(sales where sku = 'a' then sales then never returns) within 2d", true),
            ("sequence(sales where sku = 'b' then never sales where sku = 'c') within 1h", false),
        ],
    );
}

#[test]
fn rows_after_t_do_not_exist_and_conditions_of_unknown_truth_do_not_hold() {
    let sales = [(1, "30T12:00:00", "hat", 10), (2, "31T12:00:00", "", 10), (3, "31T12:00:01", "bag", 10)];
    check(
        &case(&sales, &[]),
        &[
            ("sequence(sales then sales)", true),
            ("sequence(sales then sales then sales)", false),
            ("sequence(sales then sales where sku != 'hat')", false),
            ("sequence(sales where sku = 'hat' then never sales where sku != 'hat')", true),
        ],
    );
    assert_eq!(case(&sales, &[]).value("not sequence(sales then sales)"), "false");
}

#[test]
fn a_single_row_and_what_never_follows_is_enough() {
    check(
        &case(&[(1, "01T12:00:00", "a", 10)], &[]),
        &[
            ("sequence(sales then never sales)", true),
            ("sequence(sales then never sales then never returns)", true),
            ("sequence(sales where number = 1 then never sales where gap > 1d)", true),
        ],
    );
}
