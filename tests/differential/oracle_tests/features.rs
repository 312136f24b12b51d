//! Aggregates, metrics, quantifiers, segments.

use super::*;

const CATALOG: &str = "\
kohort: 1
timezone: UTC
subject: { name: customer, table: customers, key: id }
tables:
  customers: {}
  sales: { subject: id, time: at_time, lookups: { product: sku -> products } }
  products: { id: sku }
attributes:
  total: 'sum(amount of sales)'
metrics:
  spend: 'sum(amount of sales)'
  orders: 'count(sales)'
  average: 'spend / orders'
  spread: 'stddev(amount of sales)'
";

/// Customer 1 with sales of these amounts, one a day, the last at T; customer 2 with none.
fn sales(amounts: &[Cell]) -> Project {
    let rows = amounts.iter().enumerate().map(|(back, amount)| {
        let day = date("2026-03-31") - chrono::Days::new((amounts.len() - 1 - back) as u64);
        let sku = if back % 2 == 0 { text("A") } else { text("missing") };
        vec![Cell::Int(1), Cell::LocalTime(day.and_hms_opt(12, 0, 0).expect("noon")), amount.clone(), sku]
    });
    let rows: Vec<Vec<Cell>> = rows.collect();
    let rows: Vec<&[Cell]> = rows.iter().map(Vec::as_slice).collect();
    let columns = [
        ("id", CellType::Int),
        ("at_time", CellType::LocalTime),
        ("amount", CellType::Decimal(2)),
        ("sku", CellType::Text),
    ];
    let customers: [&[Cell]; 2] = [&[Cell::Int(2), text("b")], &[Cell::Int(1), text("A")]];
    let data = vec![
        ("sales", table(&columns, &rows)),
        ("customers", table(&[("id", CellType::Int), ("favourite", CellType::Text)], &customers)),
        ("products", table(&[("sku", CellType::Text), ("category", CellType::Text)], &[&[text("A"), text("Shoes")]])),
    ];
    project(CATALOG, data, "2026-03-31T12:00:00")
}

#[track_caller]
fn check(project: &Project, expected: &[(&str, [&str; 2])]) {
    for (expr, values) in expected {
        assert_eq!(project.values(expr), *values, "{expr}");
    }
}

#[test]
fn nothing_there_sums_to_zero_and_averages_to_unknown() {
    let project = sales(&[money(100), Cell::Unknown, money(300)]);
    check(
        &project,
        &[
            ("spend", ["4", "0"]),
            ("orders", ["3", "0"]),
            ("count(amount of sales)", ["2", "0"]),
            ("avg(amount of sales)", ["2", "unknown"]),
            ("average", ["4/3", "unknown"]),
            ("max(amount of sales)", ["3", "unknown"]),
            ("last(amount of sales where amount < 3)", ["1", "unknown"]),
            ("sum(amount of sales where amount > 100)", ["0", "0"]),
            ("min(amount of sales where amount is unknown)", ["unknown", "unknown"]),
        ],
    );
}

#[test]
fn windows_reach_every_aggregate_of_a_metric() {
    let project = sales(&[money(1000), money(200), money(300)]);
    check(
        &project,
        &[
            ("spend_2d", ["5", "0"]),
            ("spend_prev_1d", ["2", "0"]),
            ("average_2d", ["5/2", "unknown"]),
            ("spend over last 1 day", ["3", "0"]),
            ("spend_mtd", ["15", "0"]),
            ("spend[amount > 2]", ["13", "0"]),
            ("average_2d[amount > 2]", ["3", "unknown"]),
            ("spend_2d[product.category = 'Shoes']", ["3", "0"]),
            ("orders[sku = customer.favourite]", ["2", "0"]),
            ("orders[amount * 3 > customer.total]", ["1", "0"]),
            ("orders[amount = customer.spend_1d]", ["1", "0"]),
            ("orders[at > 1d ago]", ["1", "0"]),
        ],
    );
}

#[test]
fn deviations_are_compared_through_squares() {
    // Variance of 1, 2, 4 is 7/3.
    let project = sales(&[money(100), money(200), money(400)]);
    check(
        &project,
        &[
            ("spread", ["sqrt(7/3)", "unknown"]),
            ("spread > 1.527525231651", ["true", "unknown"]),
            ("spread = 1.527525231652", ["false", "unknown"]),
            ("round(spread, 12) = 1.527525231652", ["true", "unknown"]),
            ("spread + 0 = 1.527525231652", ["true", "unknown"]),
            ("spread > -1", ["true", "unknown"]),
            ("spread = stddev(-amount of sales)", ["true", "unknown"]),
            ("stddev(amount of sales over 1d)", ["unknown", "unknown"]),
        ],
    );
}

#[test]
fn percentiles_interpolate_and_modes_take_the_smallest() {
    let project = sales(&[money(400), money(100), money(400), money(1000), money(100)]);
    check(
        &project,
        &[
            ("median(amount of sales)", ["4", "unknown"]),
            ("percentile(90, amount of sales)", ["38/5", "unknown"]),
            ("percentile(0, amount of sales)", ["1", "unknown"]),
            ("percentile(100, amount of sales)", ["10", "unknown"]),
            ("mode(amount of sales)", ["1", "unknown"]),
            ("mode_share(amount of sales)", ["2/5", "unknown"]),
            ("count(distinct amount of sales)", ["3", "0"]),
            ("first(amount of sales)", ["4", "unknown"]),
            ("last(product.category of sales)", ["Shoes", "unknown"]),
        ],
    );
}

#[test]
fn quantifiers_are_never_unknown() {
    let project = sales(&[money(100), Cell::Unknown]);
    check(
        &project,
        &[
            ("any(sales where amount > 0)", ["true", "false"]),
            ("none(sales where amount > 5)", ["true", "true"]),
            ("every(sales have amount > 0)", ["false", "true"]),
            ("every(sales where amount is known have amount > 0)", ["true", "true"]),
            ("any(sales over 1d where amount > 0)", ["false", "false"]),
        ],
    );
}

#[test]
fn membership_is_never_unknown_and_within_narrows() {
    let project = sales(&[money(100)]);
    let outcome = project.run(
        "segments:
  buyers: avg(amount of sales) > 0
  others: not in buyers
  not_buyers: not (avg(amount of sales) > 0)
  narrow: { within: buyers, when: 'orders >= 0' }
  both: in buyers or in others
",
    );
    assert_eq!(members(&outcome, "buyers"), Ok(vec!["1".into()]));
    assert_eq!(members(&outcome, "others"), Ok(vec!["2".into()]));
    assert_eq!(members(&outcome, "not_buyers"), Ok(vec![]));
    assert_eq!(members(&outcome, "narrow"), Ok(vec!["1".into()]));
    assert_eq!(members(&outcome, "both"), Ok(vec!["1".into(), "2".into()]));
}

#[test]
fn a_sum_that_does_not_fit_fails_its_segments_and_no_others() {
    let most = 10i128.pow(38) - 1;
    let thrice = sales(&[money(most), money(most), money(most)]);
    let rules = "segments:
  squares: sum(amount * amount of sales) > 0
  hidden: orders < 0 and sum(amount * amount of sales) > 0
  narrower: { within: squares, when: 'orders > 0' }
  asking: orders > 0 or in squares
  plain: spend > 1
  largest: max(amount * amount of sales) > 1
";
    let outcome = thrice.run(rules);
    for failed in ["squares", "hidden", "narrower", "asking"] {
        assert_eq!(members(&outcome, failed), Err(DoesNotFit), "{failed}");
    }
    assert_eq!(members(&outcome, "plain"), Ok(vec!["1".into()]));
    assert_eq!(members(&outcome, "largest"), Ok(vec!["1".into()]));
}

#[test]
fn what_is_too_large_on_the_way_and_fits_at_the_end_is_a_number() {
    let columns = [("id", CellType::Int), ("amount", CellType::Decimal(2)), ("sign", CellType::Int)];
    let rows = [1, 1, 1, -1, -1, -1].map(|sign| [Cell::Int(1), money(10i128.pow(38) - 1), Cell::Int(sign)]);
    let rows: Vec<&[Cell]> = rows.iter().map(<[Cell; 3]>::as_slice).collect();
    let catalog = "\
kohort: 1
subject: { name: customer, key: id }
tables:
  signed: { subject: id }
";
    let project = project(catalog, vec![("signed", table(&columns, &rows))], "2026-03-31T12:00:00");
    let outcome = project.run("segments: { zero: 'sum(amount * amount * sign of signed) = 0' }");
    assert_eq!(members(&outcome, "zero"), Ok(vec!["1".into()]));
}
