//! Tests of rules: what is found in them, and what is wrong with them.

use insta::assert_snapshot;

use super::shop::SHOP;
use super::{assert_fixes_work, compiled, project, said};
use crate::check::{Schemas, SourceColumn, SourceType, TableSchema};
use crate::ir::{Cell, ColumnKind, Expecting, Moment, Value};
use crate::project::Project;

const RULES: &str = "segments:\n  big: spend > 500\n  some: { when: orders > 0 }\ntiers:\n  loyalty: { gold: spend > 9, rest: otherwise }\n";

/// What is said of a project with these tests.
fn of(tests: &str) -> String {
    let project = project(SHOP, &format!("{RULES}{tests}"));
    assert_fixes_work(&project, &Schemas::new());
    said(&project, &Schemas::new())
}

/// What is said of a test with these rows.
fn given(rows: &str) -> String {
    of(&format!("tests:\n  - name: a\n    as_of: 2026-03-31\n    given: {rows}\n    expect: {{ big: [] }}\n"))
}

/// What is said of a test that expects this.
fn expect(expected: &str) -> String {
    of(&format!("tests:\n  - name: a\n    as_of: 2026-03-31\n    expect: {expected}\n"))
}

#[test]
fn values_are_those_of_their_columns() {
    let tests = "
test_defaults:
  transactions: { status: paid, quantity: 1 }
tests:
  - name: a
    as_of: 2026-03-31
    given:
      customers: [{ customer_id: 00017, birth_date: 2000-02-29, tags: [a, b], active: true, points: -5 }]
      transactions:
        - { transaction_id: 1, customer_id: 00017, purchased_at: 2026-03-30T10:00, unit_price: 300.5, gift: ~ }
        - { transaction_id: 2, status: ~, purchased_at: 2026-03-30T10:00+02:00, quantity: 2 }
        - { transaction_id: 3, purchased_at: 2026-03-30 }
    defaults: { transactions: { quantity: 7 } }
    expect: { big: [00017], loyalty.gold: 0 }
    then:
      - { at: 2026-04-01T00:00, expect: { big: { entered: [], count: 3 } } }
";
    let ir = compiled(&project(SHOP, &format!("{RULES}{tests}")));
    let [test] = &ir.tests[..] else { panic!("{:?}", ir.tests) };
    let [first, second] = &test.steps[..] else { panic!("{:?}", test.steps) };
    let day = |day: &str| day.parse().expect("a day");
    assert_eq!((first.at, second.expected.len()), (Moment::Day(day("2026-03-31")), 2));
    let [customers, sales] = &first.given[..] else { panic!("{:?}", first.given) };
    let text = |text: &str| Cell::Text(text.to_owned());
    let customer = [
        text("00017"),
        Cell::Unknown,
        Cell::Day(day("2000-02-29")),
        Cell::Unknown,
        Cell::Texts(vec!["a".to_owned(), "b".to_owned()]),
        Cell::Bool(true),
        Cell::Unknown,
        Cell::Number(-5),
    ];
    assert_eq!(customers.rows[0][..8], customer);
    let column = |name: &str| {
        let base = ir.base_table(sales.table);
        let at = base.columns.iter().position(|column| column.name == name).expect("it is there");
        sales.rows.iter().map(|row| row[at].clone()).collect::<Vec<_>>()
    };
    assert_eq!(column("unit_price"), [Cell::Number(30_050), Cell::Unknown, Cell::Unknown]);
    assert_eq!(column("status"), [text("paid"), Cell::Unknown, text("paid")]);
    assert_eq!(column("quantity"), [Cell::Number(7), Cell::Number(2), Cell::Number(7)]);
    let times = [
        Moment::Local("2026-03-30T10:00:00".parse().expect("a time")),
        Moment::Instant(1_774_857_600_000_000),
        Moment::Day(day("2026-03-30")),
    ];
    assert_eq!(column("purchased_at"), times.map(Cell::Time));
    let Expecting::Exactly(keys) = &first.expected[0].what else { panic!("{:?}", first.expected) };
    assert_eq!(keys[0].parts, [Value::Text("00017".to_owned())]);
}

#[test]
fn values_that_do_not_fit() {
    assert_snapshot!(given("{ customers: [{ customer_id: [a] }, { points: 1.5 }, { active: yes }, { tags: a }] }"), @"
    K702 [[a]] `[a]` is not what `customer_id` of `customers` holds: a text | write one text; a list is not one
    K702 [1.5] `1.5` is not what `points` of `customers` holds: a whole number | write it in digits, as in `1500`
    K702 [yes] `yes` is not what `active` of `customers` holds: `true` or `false` | write `true` or `false`
    K702 [a] `a` is not what `tags` of `customers` holds: a list of texts | write `[a, b]`
    ");
    assert_snapshot!(given("{ customers: [{ birth_date: 31.3.2026 }, { joined: soon }, { birth_date: 2026-02-30 }] }"), @"
    K702 [31.3.2026] `31.3.2026` is not what `birth_date` of `customers` holds: a date | write it as `2026-03-31`
    K702 [soon] `soon` is not what `joined` of `customers` holds: a date or a time | write it as `2026-03-31T10:00`, in the zone of the table, or with an offset
    K702 [2026-02-30] `2026-02-30` is not what `birth_date` of `customers` holds: a date | write it as `2026-03-31`
    ");
    assert_snapshot!(given("{ transactions: [{ unit_price: 1.005 }, { unit_price: '1,5' }, { quantity: '' }, { quantity: n/a }] }"), @"
    K702 [1.005] `1.005` is not what `unit_price` of `transactions` holds: a number with at most 2 digits after the point | write fewer digits, or declare more of them in the catalogue: `unit_price: decimal(4)`
    K702 ['1,5'] `1,5` is not what `unit_price` of `transactions` holds: a number with at most 2 digits after the point | write it in digits with a point, as in `1500` or `-0.5`
    K702 [''] `` is not what `quantity` of `transactions` holds: a whole number | unknown is written `null`, or `~`, or left out
    K702 [n/a] `n/a` is not what `quantity` of `transactions` holds: a whole number | unknown is written `null`, or `~`, or left out
    ");
    assert_snapshot!(of("test_defaults: { transactions: { quantity: many } }\n"), @"K702 [many] `many` is not what `quantity` of `transactions` holds: a whole number | write it in digits, as in `1500`");
}

#[test]
fn names_that_nothing_has() {
    assert_snapshot!(given("{ customer: [], weather2: [], sales: [], nothing_like_it: [] }"), @"
    K301 [customer] there is no table `customer` | did you mean `customers`? | => given: { customers: [], weather2: [], sales: [], nothing_like_it: [] }
    K301 [weather2] there is no table `weather2` | did you mean `weather`? | => given: { customer: [], weather: [], sales: [], nothing_like_it: [] }
    K307 [sales] `sales` is made from `transactions`, so it has no rows to give | give rows of `transactions`: those of `sales` follow from them
    K301 [nothing_like_it] there is no table `nothing_like_it` | the catalogue has `customers`, `households`, `brands`, `products`, `transactions`, `surveys` and `weather`
    ");
    assert_snapshot!(given("{ customers: [{ customer: C1 }, { colour_of_eyes: blue }] }"), @"
    K301 [customer] `customers` has no column `customer` | did you mean `customer_id`? | => given: { customers: [{ customer_id: C1 }, { colour_of_eyes: blue }] }
    K301 [colour_of_eyes] `customers` has no column `colour_of_eyes` | its data is not here: if it has such a column, declare it in the catalogue: `types: { colour_of_eyes: text }`
    ");
    assert_snapshot!(expect("{ bigg: [], loyalty.silver: [], loyalty: [], gold: 1, some.part: [] }"), @"
    K301 [bigg] there is no segment `bigg` | did you mean `big`? | => expect: { big: [], loyalty.silver: [], loyalty: [], gold: 1, some.part: [] }
    K301 [silver] `loyalty` has no group `silver` | it has `gold` and `rest`
    K301 [loyalty] `loyalty` is divided into groups, and which of them is not said | name one, as in `in loyalty.gold`; it has `gold` and `rest`
    K301 [gold] there is no segment `gold` | did you mean `loyalty.gold`? | => expect: { bigg: [], loyalty.silver: [], loyalty: [], loyalty.gold: 1, some.part: [] }
    K301 [part] segment `some` has no parts | a segment has parts where its `split:` names them
    ");
    assert_snapshot!(of("tests:\n  - { name: a, as_of: 2026-03-31, defaults: { sales: { value: 1 } }, expect: { big: 1 } }\n"), @"K307 [sales] `sales` is made from `transactions`, so it has no rows to give | give rows of `transactions`: those of `sales` follow from them");
}

#[test]
fn keys_that_are_none() {
    assert_snapshot!(expect("{ big: [[C1, C2]], some: [{ customer: C1 }] }"), @"
    K402 [[C1, C2]] the key of a customer is `customer_id`, and something else stands here | write the key alone: `[C1, C2]`
    K402 [{ customer: C1 }] the key of a customer is `customer_id`, and something else stands here | write the key alone: `[C1, C2]`
    ");
    assert_snapshot!(expect("{ big: [C1, C2, C1] }"), @"K402 [C1] this key is listed twice | +[C1] first listed here | remove one of the two, or correct it");
    assert_snapshot!(expect("{ big: { has: [C1], lacks: [C2, C1] } }"), @"K402 [C1] this key must be a member and must not be one | +[C1] a member here | keep one of the two");
    assert_eq!(expect("{ big: [[C1], { customer_id: C2 }] }"), "");
}

#[test]
fn clocks_that_do_not_move_forward() {
    let steps = |first: &str, second: &str| {
        of(&format!(
            "tests:\n  - name: a\n    as_of: {first}\n    then:\n      - {{ at: {second}, expect: {{ big: [] }} }}\n"
        ))
    };
    assert_snapshot!(steps("2026-03-31", "2026-03-30"), @"K701 [2026-03-30] `2026-03-30` comes before the step before, and the clock of a test only moves forward | +[2026-03-31] the step before | write a later day or time, or make it a test of its own");
    assert_snapshot!(steps("2026-03-31", "2026-03-31T10:00"), @"K701 [2026-03-31T10:00] `2026-03-31T10:00` comes before the step before, and the clock of a test only moves forward | +[2026-03-31] the step before | write a later day or time, or make it a test of its own");
    assert_snapshot!(steps("2026-03-31T10:00", "2026-03-31T04:00+02:00"), @"K701 [2026-03-31T04:00+02:00] `2026-03-31T04:00+02:00` comes before the step before, and the clock of a test only moves forward | +[2026-03-31T10:00] the step before | write a later day or time, or make it a test of its own");
    assert_snapshot!(steps("today", "31.3.2026"), @"
    K701 [today] `today` is not a date or a time | write `2026-03-31` (the end of that day), `2026-03-31T10:00` or `2026-03-31T10:00+07:00`
    K701 [31.3.2026] `31.3.2026` is not a date or a time | write `2026-03-31` (the end of that day), `2026-03-31T10:00` or `2026-03-31T10:00+07:00`
    ");
    assert_eq!(steps("2026-03-31T10:00", "2026-03-31"), "");
    // A day ends a microsecond before the next begins.
    assert_eq!(steps("2026-03-31", "2026-04-01T00:00"), "");
}

#[test]
fn rows_in_files() {
    let rules = format!(
        "{RULES}tests:\n  - name: a\n    as_of: 2026-03-31\n    given: {{ customers: rows/c.csv }}\n    expect: {{ big: [] }}\n"
    );
    let with = |rows: &str| Project::from_texts([("catalog.yaml", SHOP), ("rules.yaml", &rules), ("rows/c.csv", rows)]);
    let said = |rows: &str| said(&with(rows), &Schemas::new());
    let ir = compiled(&with("customer_id,points,city\n00017,5,\"Jakarta, Selatan\"\nC2,,\n"));
    let rows = &ir.tests[0].steps[0].given[0].rows;
    assert_eq!(rows[0][..2], [Cell::Text("00017".to_owned()), Cell::Text("Jakarta, Selatan".to_owned())]);
    assert_eq!((&rows[0][7], &rows[1][7]), (&Cell::Number(5), &Cell::Unknown));
    assert_snapshot!(said("customer_id,pionts\nC1,5\n"), @"K301 [customer_id,pionts] `customers` has no column `pionts` | did you mean `points`?");
    assert_snapshot!(said("customer_id,points\nC1,five\nC2,5\nC3,1.5\n"), @"
    K702 [C1,five] `five` is not what `points` of `customers` holds: a whole number | +[rows/c.csv] the file is used here | write it in digits, as in `1500`
    K702 [C3,1.5] `1.5` is not what `points` of `customers` holds: a whole number | +[rows/c.csv] the file is used here | write it in digits, as in `1500`
    ");
    assert_snapshot!(said("customer_id,points\nC1\n"), @"K606 [C1] this row has 1 value, and the file has 2 columns | a value that contains the separator stands in double quotes");
    let missing = Project::from_texts([("catalog.yaml", SHOP), ("rules.yaml", &rules)]);
    assert_snapshot!(super::said(&missing, &Schemas::new()), @"K101 [rows/c.csv] there is no file `rows/c.csv` | paths are relative to the directory of the file that names them");
}

#[test]
fn types_that_nobody_knows() {
    let catalog = "kohort: 1\nsubject: { name: customer, key: id }\ntables:\n  sales: { subject: id }\n";
    let tests = "segments: { all: count(sales) > 0 }\ntests:\n  - name: a\n    as_of: 2026-03-31\n    given: { sales: [{ id: 1, paid: 1.5, blob: x }] }\n    expect: { all: [1] }\n";
    let project = project(catalog, tests);
    assert_snapshot!(said(&project, &Schemas::new()), @"K410 [sales] the columns of table `sales` are not known: its data is not here, and no `types:` are declared | declare them so that rules can be checked without the data: `types: { customer_id: text, amount: decimal(2) }`");
    let mut schemas = Schemas::new();
    let column = |name: &str, ty| SourceColumn { name: name.to_owned(), ty, nullable: true };
    let columns = vec![
        column("id", SourceType::Kind(ColumnKind::Integer { digits: 5 })),
        column("paid", SourceType::Float),
        column("blob", SourceType::Other("Binary".to_owned())),
    ];
    schemas.insert("sales", TableSchema { columns });
    assert_snapshot!(said(&project, &schemas), @"
    K410 [paid] the type of `paid` of `sales` is not known | declare it in the catalogue: `types: { paid: decimal(2) }`
    K410 [blob] the type of `blob` of `sales` is not known | declare it in the catalogue: `types: { blob: text }`
    ");
}
