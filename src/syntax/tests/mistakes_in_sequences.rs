//! Sequences that are nearly right.

use insta::assert_snapshot;

use super::mistakes::report;

/// What joins steps is `then`, once.
pub(super) const JOINTS: &[&str] = &[
    "sequence(sales, returns)",
    "sequence(sales where a = 1, returns where b = 2)",
    "sequence(sales, then returns)",
    "sequence(sales and then returns)",
    "sequence(sales where a = 1 and then returns)",
    "sequence(sales then then returns)",
    "sequence(sales and returns)",
    "sequence(sales dan returns)",
    "sequence(sales where a = 1 and never within 7d returns)",
    "sequence(sales -> returns)",
    "sequence(sales where a = 1->returns)",
    "sequence(sales → returns)",
    "sequence(sales followed by returns where b = 2)",
    "sequence(sales lalu returns)",
    "sequence(sales returns)",
    "sequence(sales where a = 1 never returns)",
    "sequence(sales then returns visits where x = 1)",
    "spend > 5 then visits > 3",
    "any(sales then returns)",
];

/// How a sequence and a step begin.
pub(super) const BEGINNINGS: &[&str] = &[
    "sequence(sales)",
    "sequence(sales over 90d where a = 1) and b = 2",
    "sequence(sales) over 90d",
    "sequence(sales as s where s.a = 1)",
    "sequence(never returns)",
    "sequence(never within 7d returns)",
    "sequence(never returns then sales)",
    "sequence(within 30d sales then returns)",
    "sequence(within 30d sales then returns) within 60d",
    "sequence(within 30d sales)",
    "sequence(sales then not returns)",
    "sequence(sales then not any returns)",
    "sequence(sales then no returns where a = 1)",
    "sequence(sales then no within 7d returns)",
    "sequence(sales then tidak returns)",
    "sequence(sales then never any returns)",
    "sequence(sales then within 7d never returns)",
    "sequence(sales as x then returns as x)",
    "sequence(sales then never returns as r where a = 1)",
    "sequence()",
    "sequence(then sales)",
    "sequence(sales then)",
    "sequence(count(sales) > 3 then returns)",
    "sequence((sales then returns))",
    "sequence sales then returns",
    "sequence(sales then returns",
];

/// Where the parts of a step stand.
pub(super) const ORDER: &[&str] = &[
    "sequence(sales where a = 1 over 90d then returns)",
    "sequence(sales as s where a over 90d then returns)",
    "sequence(sales where a = 1 then returns as r where b = 2 over last month)",
    "sequence(sales then returns within 30d)",
    "sequence(sales then returns where a = 1 within 30d)",
    "sequence(sales then never returns within next 7 days then visits)",
    "sequence(sales then within 7d returns within 30d)",
    "sequence(sales within 30d then returns)",
    "sequence(sales within last 30 days then returns)",
    "sequence(sales then within last 30d returns)",
    "sequence(sales then within the next 30 days returns)",
    "sequence(sales then within 30 returns)",
    "sequence(sales then within 30 hari returns)",
    "sequence(sales then within returns)",
    "sequence(sales then returns) within last 60d",
    "sequence(sales then returns) within 60d within 30d",
    "sequence(sales then returns) over 60d over 30d",
    "sequence(sales category = 'Shoes' then sales product.category in ('Socks'))",
    "sequence(sales, category = 'Shoes' then sales where a = 1, b = 2)",
    "sequence(sales[category = 'Shoes'] then never within 7d returns[a = 1])",
    "sequence(sales where a = 1 then returns where b = 2 where c = 3)",
    "sequence(sales then returns) where a = 1",
    "sequence(sales then returns)[a = 1] and b = 2",
];

#[test]
fn joints() {
    assert_snapshot!(report(JOINTS), @r#"
    sequence(sales, returns) => sequence(sales then returns)
      K201 14..15 steps are joined by `then`, found `,` | => sequence(sales then returns)
    sequence(sales where a = 1, returns where b = 2) => sequence(sales where a = 1 then returns where b = 2)
      K201 26..27 steps are joined by `then`, found `,` | => sequence(sales where a = 1 then returns where b = 2)
    sequence(sales, then returns) => sequence(sales then returns)
      K201 14..15 steps are joined by `then`, found `,` | => sequence(sales then returns)
    sequence(sales and then returns) => sequence(sales then returns)
      K201 15..18 steps are joined by `then`, found `and` | => sequence(sales then returns)
    sequence(sales where a = 1 and then returns) => sequence(sales where a = 1 then returns)
      K201 27..30 steps are joined by `then` alone, found `and then` | => sequence(sales where a = 1 then returns)
    sequence(sales then then returns) => sequence(sales then returns)
      K201 15..19 `then` is written twice | => sequence(sales then returns)
    sequence(sales and returns) => sequence(sales then returns)
      K201 15..18 steps are joined by `then`, found `and` | => sequence(sales then returns)
    sequence(sales dan returns) => sequence(sales then returns)
      K201 15..18 steps are joined by `then`, found `dan` | => sequence(sales then returns)
    sequence(sales where a = 1 and never within 7d returns) => sequence(sales where a = 1 then never within 7d returns)
      K201 27..30 steps are joined by `then`, found `and` | => sequence(sales where a = 1 then never within 7d returns)
    sequence(sales -> returns) => sequence(sales then returns)
      K201 15..17 steps are joined by `then`, found `->` | => sequence(sales then returns)
    sequence(sales where a = 1->returns) => sequence(sales where a = 1 then returns)
      K201 26..28 steps are joined by `then`, found `->` | => sequence(sales where a = 1 then returns)
    sequence(sales → returns) => sequence(sales then returns)
      K201 15..18 steps are joined by `then`, found `→` | => sequence(sales then returns)
    sequence(sales followed by returns where b = 2) => sequence(sales then returns where b = 2)
      K201 15..26 steps are joined by `then`, found `followed by` | => sequence(sales then returns where b = 2)
    sequence(sales lalu returns) => sequence(sales then returns)
      K201 15..19 steps are joined by `then`, found `lalu` | => sequence(sales then returns)
    sequence(sales returns) => sequence(sales then returns)
      K201 9..22 `then` is missing between `sales` and `returns` | or, if it is one name with a space inside, put it in backticks | => sequence(sales then returns)
    sequence(sales where a = 1 never returns) => sequence(sales where a = 1 then never returns)
      K201 25..32 `then` is missing between `1` and `never` | => sequence(sales where a = 1 then never returns)
    sequence(sales then returns visits where x = 1) => sequence(sales then returns then visits where x = 1)
      K201 20..34 `then` is missing between `returns` and `visits` | or, if it is one name with a space inside, put it in backticks | => sequence(sales then returns then visits where x = 1)
    spend > 5 then visits > 3 => spend > 5
      K201 10..14 `then` stands inside the brackets of `sequence(…)` | write `sequence(sales where … then within 30d returns where …)`; conditions are joined by `and`
    any(sales then returns) => any(sales)
      K201 10..14 `then` stands inside the brackets of `sequence(…)` | write `sequence(sales where … then within 30d returns where …)`; conditions are joined by `and`
    "#);
}

#[test]
fn beginnings() {
    assert_snapshot!(report(BEGINNINGS), @r#"
    sequence(sales) => any(sales)
      K402 0..15 a sequence has two steps or more, joined by `then`; found one | `any(sales …)` asks for one row by itself | => any(sales)
    sequence(sales over 90d where a = 1) and b = 2 => any(sales over 90d where a = 1) and b = 2
      K402 0..36 a sequence has two steps or more, joined by `then`; found one | `any(sales …)` asks for one row by itself | => any(sales over 90d where a = 1) and b = 2
    sequence(sales) over 90d => …
      K402 0..24 a sequence has two steps or more, joined by `then`; found one | `any(sales …)` asks for one row by itself
    sequence(sales as s where s.a = 1) => …
      K402 0..34 a sequence has two steps or more, joined by `then`; found one | `any(sales …)` asks for one row by itself
    sequence(never returns) => none(returns)
      K209 9..14 a sequence begins with a row that is there, found `never` | `none(returns …)` is true of those who have no such row | => none(returns)
    sequence(never within 7d returns) => …
      K209 9..14 a sequence begins with a row that is there, found `never` | `none(returns …)` is true of those who have no such row
    sequence(never returns then sales) => …
      K209 9..14 a sequence begins with a row that is there, found `never` | `never` stands behind the step after which nothing may come: `sequence(sales then never returns)`
    sequence(within 30d sales then returns) => sequence(sales then returns) within 30d
      K209 9..19 `within 30d` has no step before it to be counted from | between two steps it stands behind `then`; behind the brackets it is the time from the first row to the last | => sequence(sales then returns) within 30d
    sequence(within 30d sales then returns) within 60d => sequence(sales then returns) within 60d
      K209 9..19 `within 30d` has no step before it to be counted from | between two steps it stands behind `then`; behind the brackets it is the time from the first row to the last | => sequence(sales then returns) within 60d
    sequence(within 30d sales) => …
      K402 0..26 a sequence has two steps or more, joined by `then`; found one | `any(sales …)` asks for one row by itself
    sequence(sales then not returns) => sequence(sales then never returns)
      K205 20..23 rows that must not come are written `never`, found `not` | => sequence(sales then never returns)
    sequence(sales then not any returns) => sequence(sales then never returns)
      K205 20..27 rows that must not come are written `never`, found `not any` | => sequence(sales then never returns)
    sequence(sales then no returns where a = 1) => sequence(sales then never returns where a = 1)
      K205 20..22 rows that must not come are written `never`, found `no` | => sequence(sales then never returns where a = 1)
    sequence(sales then no within 7d returns) => sequence(sales then never within 7d returns)
      K205 20..22 rows that must not come are written `never`, found `no` | => sequence(sales then never within 7d returns)
    sequence(sales then tidak returns) => sequence(sales then never returns)
      K205 20..25 rows that must not come are written `never`, found `tidak` | => sequence(sales then never returns)
    sequence(sales then never any returns) => sequence(sales then never returns)
      K201 26..29 `any` is left out behind `never` | => sequence(sales then never returns)
    sequence(sales then within 7d never returns) => sequence(sales then never within 7d returns)
      K209 30..35 `never` stands before `within 7d` | => sequence(sales then never within 7d returns)
    sequence(sales as x then returns as x) => sequence(sales as x then returns)
      K302 36..37 two steps are called `x` | give one of them another name, so that it is clear whose row is meant
    sequence(sales then never returns as r where a = 1) => sequence(sales then never returns where a = 1)
      K402 34..38 no row is matched by a `never` step, so none can be called `r` | => sequence(sales then never returns where a = 1)
    sequence() => …
      K201 8..10 nothing stands between `(` and `)`
    sequence(then sales) => …
      K201 9..13 expected a table after `(`, found `then` | a step names a table, as in `sequence(sales where … then within 30d returns where …)`
    sequence(sales then) => …
      K201 19..20 expected a table after `then`, found `)` | a step names a table, as in `sequence(sales where … then within 30d returns where …)`
    sequence(count(sales) > 3 then returns) => …
      K201 14..15 expected `then` or `)` after `count`, found `(` | its form is `sequence(sales where … then within 30d returns where …)`
    sequence((sales then returns)) => …
      K201 9..10 expected a table after `(`, found `(` | a step names a table, as in `sequence(sales where … then within 30d returns where …)`
    sequence sales then returns => …
      K201 9..14 expected `(` or an operator after `sequence`, found `sales` | a sequence takes brackets: `sequence(sales where … then within 30d returns where …)`
    sequence(sales then returns => sequence(sales then returns)
      K203 8..9 `(` is opened and never closed | => sequence(sales then returns)
    "#);
}

#[test]
fn order_in_a_step() {
    assert_snapshot!(report(ORDER), @r#"
    sequence(sales where a = 1 over 90d then returns) => sequence(sales over 90d where a = 1 then returns)
      K209 27..35 the window `over 90d` must stand before `where` | => sequence(sales over 90d where a = 1 then returns)
    sequence(sales as s where a over 90d then returns) => sequence(sales as s over 90d where a then returns)
      K209 28..36 the window `over 90d` must stand before `where` | => sequence(sales as s over 90d where a then returns)
    sequence(sales where a = 1 then returns as r where b = 2 over last month) => sequence(sales where a = 1 then returns as r over last month where b = 2)
      K209 57..72 the window `over last month` must stand before `where` | => sequence(sales where a = 1 then returns as r over last month where b = 2)
    sequence(sales then returns within 30d) => sequence(sales then within 30d returns)
      K209 28..38 `within 30d` must stand behind `then`, before the table | => sequence(sales then within 30d returns)
    sequence(sales then returns where a = 1 within 30d) => sequence(sales then within 30d returns where a = 1)
      K209 40..50 `within 30d` must stand behind `then`, before the table | => sequence(sales then within 30d returns where a = 1)
    sequence(sales then never returns within next 7 days then visits) => sequence(sales then never within 7d returns then visits)
      K209 34..52 `within 7 days` must stand behind `never`, before the table | => sequence(sales then never within 7 days returns then visits)
    sequence(sales then within 7d returns within 30d) => sequence(sales then within 7d returns)
      K209 38..48 a step takes one `within`, found a second one | => sequence(sales then within 7d returns)
    sequence(sales within 30d then returns) => sequence(sales then returns)
      K209 15..25 `within 30d` has no step before it to be counted from | `then within 30d …` is the time since the step before; how long ago the first may be is told by `over`
    sequence(sales within last 30 days then returns) => sequence(sales over 30d then returns)
      K201 15..21 a window begins with `over`, found `within` | => sequence(sales over last 30 days then returns)
    sequence(sales then within last 30d returns) => sequence(sales then within 30d returns)
      K201 27..31 `within` is written without `last` in a sequence | it is counted from the row of the step before, not from today | => sequence(sales then within 30d returns)
    sequence(sales then within the next 30 days returns) => sequence(sales then within 30d returns)
      K201 27..35 `within` is written without `the next` in a sequence | => sequence(sales then within 30 days returns)
    sequence(sales then within 30 returns) => sequence(sales then within 30d returns)
      K208 27..29 `within 30` lacks a unit of time | the units are `min h d w mo q y` | => sequence(sales then within 30d returns)
    sequence(sales then within 30 hari returns) => sequence(sales then within 30d returns)
      K208 27..34 a length of time is written `30d`, found `30 hari` | the units are `min h d w mo q y` | => sequence(sales then within 30d returns)
    sequence(sales then within returns) => …
      K201 27..34 expected a length of time such as `30d` after `within`, found `returns`
    sequence(sales then returns) within last 60d => sequence(sales then returns) within 60d
      K201 36..40 `within` is written without `last` in a sequence | it is the time from the first row to the last; what lies in the last 60 days is told by `over 60d` | => sequence(sales then returns) within 60d
    sequence(sales then returns) within 60d within 30d => sequence(sales then returns) within 60d
      K406 40..50 a sequence takes one `within` behind its brackets, found a second one | remove one of the two
    sequence(sales then returns) over 60d over 30d => sequence(sales then returns) over 60d
      K406 43..46 a sequence takes one window behind its brackets, found a second one | remove one of the two
    sequence(sales category = 'Shoes' then sales product.category in ('Socks')) => sequence(sales where category = 'Shoes' then sales where product.category in ('Socks'))
      K201 15..23 the condition on the rows of `sales` stands behind `where` | => sequence(sales where category = 'Shoes' then sales product.category in ('Socks'))
      K201 45..52 the condition on the rows of `sales` stands behind `where` | => sequence(sales category = 'Shoes' then sales where product.category in ('Socks'))
    sequence(sales, category = 'Shoes' then sales where a = 1, b = 2) => sequence(sales where category = 'Shoes' then sales where a = 1 and b = 2)
      K209 14..15 the condition on the rows of a step stands behind `where`, found `,` | => sequence(sales where category = 'Shoes' then sales where a = 1, b = 2)
      K209 57..58 conditions are joined by `and` or `or`, found `,` | => sequence(sales, category = 'Shoes' then sales where a = 1 and b = 2)
    sequence(sales[category = 'Shoes'] then never within 7d returns[a = 1]) => sequence(sales where category = 'Shoes' then never within 7d returns where a = 1)
      K209 14..34 the condition on the rows of `sales` stands behind `where`, found `[` | => sequence(sales where category = 'Shoes' then never within 7d returns[a = 1])
      K209 63..70 the condition on the rows of `returns` stands behind `where`, found `[` | => sequence(sales[category = 'Shoes'] then never within 7d returns where a = 1)
    sequence(sales where a = 1 then returns where b = 2 where c = 3) => sequence(sales where a = 1 then returns where b = 2 and c = 3)
      K209 52..57 `where` is written twice; conditions are joined by `and` | => sequence(sales where a = 1 then returns where b = 2 and c = 3)
    sequence(sales then returns) where a = 1 => sequence(sales then returns)
      K209 29..40 each step of a sequence has its own `where`, behind its table | a condition that is for several of them is written in each
    sequence(sales then returns)[a = 1] and b = 2 => sequence(sales then returns) and b = 2
      K209 28..35 each step of a sequence has its own `where`, behind its table | a condition that is for several of them is written in each
    "#);
}
