//! Messages about tables by grouping, row order and sequences.

use insta::assert_snapshot;

use super::shop::SHOP;
use super::survey;

/// The shop with tables by grouping.
fn grouped(tables: &str) -> String {
    SHOP.replacen("attributes:\n", &format!("{tables}attributes:\n"), 1)
}

const TABLES: &str = concat!(
    "  invoices: { from: sales, group_by: transaction_id, columns: { value: sum(value), lines: count(), first_sku: first(sku) } }\n",
    "  shop_days: { from: sales, group_by: { day: day(at), channel: channel }, columns: { value: sum(value where quantity > 1) } }\n",
    "  large: { from: invoices, where: value > 100 and number > 1, columns: { nth: number, since: gap } }\n",
    "  answers: { from: surveys, group_by: score, columns: { times: count() } }\n",
);

#[test]
fn places() {
    let found = survey(
        &grouped(TABLES),
        &[
            "first(at of invoices where number = 3) > 30d ago",
            "avg(gap of shop_days) > 30d",
            "stddev(gap of shop_days) > avg(gap of shop_days)",
            "sum(gap of shop_days) / count(shop_days) < median(gap of shop_days) * 2",
            "last(at of shop_days) + avg(gap of shop_days) * 1.5 < now",
            "today + avg(gap of shop_days) < today",
            "avg(gap of shop_days) + 1 > 3",
            "avg(gap of shop_days) = 'x'",
            "count(sales where category = 'Shoes' and number <= 3) > 1",
            "avg(gap of sales where category = 'Shoes') > 3d",
            "any(large where nth = 2 and since > 3d)",
            "any(surveys where number = 1)",
            "any(answers where number = 1)",
            "any(answers over 30d)",
            "any(sales where product.number = 1)",
            "number = 3",
            "gap > 3d",
            "count(sales where numbr = 3) > 1",
        ],
    );
    assert_snapshot!(found, @r#"
    first(at of invoices where number = 3) > 30d ago
        fine
    avg(gap of shop_days) > 30d
        fine
    stddev(gap of shop_days) > avg(gap of shop_days)
        fine
    sum(gap of shop_days) / count(shop_days) < median(gap of shop_days) * 2
        fine
    last(at of shop_days) + avg(gap of shop_days) * 1.5 < now
        fine
    today + avg(gap of shop_days) < today
        K401 [today + avg(gap of shop_days)] a date and a duration cannot be combined like this | a date is moved by a duration written out, as in `+ 30d`; a time, as `at` is one, by any
    avg(gap of shop_days) + 1 > 3
        K401 [avg(gap of shop_days) + 1] a duration and a number cannot be combined like this | divide the duration by a unit to calculate with it: `(… - …) / 1d` is a number of days
    avg(gap of shop_days) = 'x'
        K401 [avg(gap of shop_days) = 'x'] a duration is compared with a text
    count(sales where category = 'Shoes' and number <= 3) > 1
        K506 note [number <= 3] `number <= 3` looks at all rows of `sales`, not only at those with `category = 'Shoes'` | to put only these in order, make them a table, `{ from: sales, where: "category = 'Shoes'" }`, and ask for the place in it
    avg(gap of sales where category = 'Shoes') > 3d
        K506 note [gap] `gap` looks at all rows of `sales`, not only at those with `category = 'Shoes'` | to put only these in order, make them a table, `{ from: sales, where: "category = 'Shoes'" }`, and ask for the place in it
    any(large where nth = 2 and since > 3d)
        fine
    any(surveys where number = 1)
        K406 [number] `surveys` has no time, so its rows have no order and no `number` | declare `time:` for `surveys` in the catalogue
    any(answers where number = 1)
        K406 [number] `answers` has no time, so its rows have no order and no `number` | declare `time:` for `answers` in the catalogue
    any(answers over 30d)
        K406 [any(answers over 30d)] `answers` has no time, so a window means nothing for its rows | declare `time:` for `answers` in the catalogue, or leave the window out
    any(sales where product.number = 1)
        K307 [number] `number` counts the rows of one subject, and these rows are nobody's here | it can be asked of rows that are counted for somebody, not of looked-up ones
    number = 3
        K301 [number] a customer has nothing called `number` | a row has it: ask for it among rows, as in `last(number of …)`
    gap > 3d
        K301 [gap] a customer has nothing called `gap` | a row has it: ask for it among rows, as in `last(gap of …)`
    count(sales where numbr = 3) > 1
        K301 [numbr] rows of `sales` have no column `numbr` | it has `transaction_id`, `customer_id`, `purchased_at`, `shipped_at`, `sku`, `status`, `channel`, `quantity` and 4 more
    "#);
}

#[test]
fn sequences() {
    let found = survey(
        &grouped(TABLES),
        &[
            "sequence(sales where category = 'Shoes' then within 30d sales where category = 'Socks')",
            "sequence(sales as bought then within 30d sales where sku = bought.sku and value > bought.value)",
            "sequence(sales as bought then within 30d sales where product.category = bought.product.category) over 90d within 60d",
            "sequence(sales then never within 7d transactions where status = 'returned')",
            "not sequence(invoices then within 30d invoices where value > 100)",
            "sequence(sales where sku = 'a')",
            "sequence(sales over 90d)",
            "sequence(sales then within 0d sales)",
            "sequence(sales then sales) within 0d",
            "sequence(sales then surveys)",
            "sequence(sales then weather)",
            "sequence(sales then slaes)",
            "sequence(sales as bought then sales where sku = bougt.sku)",
            "sequence(sales as bought then sales where sku = bought.skuu)",
            "sequence(sales as bought then sales where sku = bought)",
            "sequence(sales as bought then sales where sku = bought.product)",
            "sequence(sales as product then sales where sku = product.sku)",
            "sequence(sales as customer then sales where sku = customer.sku)",
            "sequence(sales as bought then sales where value = bought.sku)",
            "sequence(sales then sales where spend_90d > 5)",
            "sequence(sales then sales over 0d)",
            "any(sales where sequence(sales then sales))",
            "sequence(sales then sales) > 1",
        ],
    );
    assert_snapshot!(found, @r#"
    sequence(sales where category = 'Shoes' then within 30d sales where category = 'Socks')
        fine
    sequence(sales as bought then within 30d sales where sku = bought.sku and value > bought.value)
        fine
    sequence(sales as bought then within 30d sales where product.category = bought.product.category) over 90d within 60d
        fine
    sequence(sales then never within 7d transactions where status = 'returned')
        fine
    not sequence(invoices then within 30d invoices where value > 100)
        fine
    sequence(sales where sku = 'a')
        K402 [sequence(sales where sku = 'a')] a sequence has two steps or more, joined by `then`; found one | `any(sales …)` asks for one row by itself | write `any(sales …)` | => any(sales where sku = 'a')
    sequence(sales over 90d)
        K402 [sequence(sales over 90d)] a sequence has two steps or more, joined by `then`; found one | `any(sales …)` asks for one row by itself | write `any(sales …)` | => any(sales over 90d)
    sequence(sales then within 0d sales)
        K402 [sequence(sales then within 0d sales)] nothing happens within no time | give `within` a length of at least 1
    sequence(sales then sales) within 0d
        K402 [sequence(sales then sales) within 0d] nothing happens within no time | give `within` a length of at least 1
    sequence(sales then surveys)
        K406 [surveys] `surveys` has no time, so its rows come neither before nor after others | declare `time:` for `surveys` in the catalogue
    sequence(sales then weather)
        K306 [weather] rows of `weather` do not say which `customer` they belong to | add `subject:` to `weather`, with the column that holds the customer's key
    sequence(sales then slaes)
        K301 [slaes] there is no table `slaes` | did you mean `sales`? | => sequence(sales then sales)
    sequence(sales as bought then sales where sku = bougt.sku)
        K301 [bougt] no step before this one is called `bougt` | did you mean `bought`? | => sequence(sales as bought then sales where sku = bought.sku)
    sequence(sales as bought then sales where sku = bought.skuu)
        K301 [skuu] rows of `sales` have no column `skuu` | did you mean `sku`? | => sequence(sales as bought then sales where sku = bought.sku)
    sequence(sales as bought then sales where sku = bought)
        K307 [bought] `bought` is a whole row | name what of it is meant: `bought.…`
    sequence(sales as bought then sales where sku = bought.product)
        K301 [product] rows of `sales` have no column `product` | `product` is a lookup: name what you want of it, `product.…`
    sequence(sales as product then sales where sku = product.sku)
        K302 [product] the step is called `product`, which is a lookup | give the step another name
    sequence(sales as customer then sales where sku = customer.sku)
        K302 [customer] the step is called `customer`, which is a kind of subject | give the step another name
    sequence(sales as bought then sales where value = bought.sku)
        K401 [value = bought.sku] a number is compared with a text | compare two things of one kind
    sequence(sales then sales where spend_90d > 5)
        K301 [spend_90d] rows of `sales` have no column `spend_90d` | `spend_90d` is about a customer: among rows it is `customer.spend_90d` | => sequence(sales then sales where customer.spend_90d > 5)
    sequence(sales then sales over 0d)
        K402 [sales] this window can hold nothing | give it a length of at least 1, and let it end after it starts
    any(sales where sequence(sales then sales))
        K307 [sequence(sales then sales)] a sequence is about a subject, not about its rows | ask for it outside the brackets of the rows
    sequence(sales then sales) > 1
        K407 [sequence(sales then sales)] a value is expected here, and this is a condition | a condition stands by itself, joined by `and` and `or`; to count where it holds, write `count(… where …)`
    "#);
}

#[test]
fn groups() {
    let table = |text: &str| survey(&grouped(&format!("  made: {{ from: sales, {text} }}\n")), &["any(made)"]);
    let mut found = Vec::new();
    for text in [
        "group_by: transaction_id, columns: { value: sum(value) }",
        "group_by: transactin_id",
        "group_by: purchased_at > now",
        "group_by: sum(value)",
        "group_by: transaction_id, columns: { value: value }",
        "group_by: transaction_id, columns: { when: at }",
        "group_by: transaction_id, columns: { kind: product.category }",
        "group_by: transaction_id, columns: { kind: first(product.category), twice: transaction_id * 2 }",
        "group_by: transaction_id, columns: { value: sum(value of sales) }",
        "group_by: transaction_id, columns: { value: sum(value over 90d) }",
        "group_by: transaction_id, columns: { most: max(count()) }",
        "group_by: transaction_id, columns: { most: max(sum(value)) }",
        "group_by: transaction_id, columns: { most: max(count(sales)) }",
        "group_by: transaction_id, columns: { any: any(sales) }",
        "group_by: transaction_id, columns: { n: count(distinct sku), m: count(sku), k: count(sku where gift) }",
        "group_by: transaction_id, columns: { n: count(distnct) }",
        "group_by: transaction_id, columns: { n: spend }",
        "group_by: transaction_id, columns: { n: customer.spend }",
        "group_by: transaction_id, columns: { n: unheard_of }",
        "group_by: transaction_id, columns: { n: sum(customer.points) }",
        "group_by: transaction_id, columns: { n: sum(sku) }",
        "group_by: transaction_id, columns: { n: avg(gap), m: max(number) }",
        "group_by: transaction_id, time: sum(value)",
        "group_by: transaction_id, time: max(shipped_at)",
        "group_by: transaction_id, time: shipped_at",
        "group_by: day(at), columns: { again: day }",
    ] {
        found.push(format!("{text}\n{}", table(text)));
    }
    assert_snapshot!(found.join("\n"), @r#"
    group_by: transaction_id, columns: { value: sum(value) }
    any(made)
        fine
    group_by: transactin_id
    any(made)
        K301 [transactin_id] rows of `sales` have no column `transactin_id` | did you mean `transaction_id`? | => made: { from: sales, group_by: transaction_id }
    group_by: purchased_at > now
    any(made)
        K106 [purchased_at > now] this key needs a name: `purchased_at > now` gives it none | name it in a map, as in `group_by: { name: … }`
    group_by: sum(value)
    any(made)
        K106 [sum(value)] this key needs a name: `sum(value)` gives it none | name it in a map, as in `group_by: { name: … }`
    group_by: transaction_id, columns: { value: value }
    any(made)
        K307 [value] a group has many rows: which `value` is meant? | aggregate it, as in `max(value)` or `first(value)`, or group by it too
    group_by: transaction_id, columns: { when: at }
    any(made)
        K307 [at] a group has many rows: which `at` is meant? | aggregate it, as in `max(at)` or `first(at)`, or group by it too
    group_by: transaction_id, columns: { kind: product.category }
    any(made)
        K307 [product.category] a group has many rows: which `product.category` is meant? | aggregate it, as in `max(product.category)` or `first(product.category)`, or group by it too
    group_by: transaction_id, columns: { kind: first(product.category), twice: transaction_id * 2 }
    any(made)
        fine
    group_by: transaction_id, columns: { value: sum(value of sales) }
    any(made)
        K307 [sales] inside a grouping `sum` takes the rows of the group | leave `of sales` out: the group's rows are those of the table behind `from:`
    group_by: transaction_id, columns: { value: sum(value over 90d) }
    any(made)
        K406 [value over 90d] the rows of a group take no window | put the window where the table is used, as in `any(invoices over 90d)`
    group_by: transaction_id, columns: { most: max(count()) }
    any(made)
        K307 [count()] an aggregate stands inside the rows of another | group first: a table with `from: sales`, `group_by: …` and the inner one among its `columns:`; then aggregate its rows
    group_by: transaction_id, columns: { most: max(sum(value)) }
    any(made)
        K307 [sum(value)] an aggregate stands inside the rows of another | group first: a table with `from: sales`, `group_by: …` and the inner one among its `columns:`; then aggregate its rows
    group_by: transaction_id, columns: { most: max(count(sales)) }
    any(made)
        K307 [count(sales)] an aggregate stands inside the rows of another | group first: a table with `from: sales`, `group_by: …` and the inner one among its `columns:`; then aggregate its rows
    group_by: transaction_id, columns: { any: any(sales) }
    any(made)
        K307 [any(sales)] a group has its own rows, and no tables | count its rows, as in `count(where …) > 0`
    group_by: transaction_id, columns: { n: count(distinct sku), m: count(sku), k: count(sku where gift) }
    any(made)
        fine
    group_by: transaction_id, columns: { n: count(distnct) }
    any(made)
        K301 [distnct] rows of `sales` have no column `distnct` | it has `transaction_id`, `customer_id`, `purchased_at`, `shipped_at`, `sku`, `status`, `channel`, `quantity` and 4 more
    group_by: transaction_id, columns: { n: spend }
    any(made)
        K301 [spend] `spend` is neither a key of this grouping nor a column of its rows | its keys are `transaction_id`
    group_by: transaction_id, columns: { n: customer.spend }
    any(made)
        K307 [customer.spend] a group has many rows: which `customer.spend` is meant? | aggregate it, as in `max(customer.spend)` or `first(customer.spend)`, or group by it too
    group_by: transaction_id, columns: { n: unheard_of }
    any(made)
        K301 [unheard_of] `unheard_of` is neither a key of this grouping nor a column of its rows | its keys are `transaction_id`
    group_by: transaction_id, columns: { n: sum(customer.points) }
    any(made)
        fine
    group_by: transaction_id, columns: { n: sum(sku) }
    any(made)
        K401 [sku] a number is expected here, and this is a text | `count(distinct … of …)` counts texts, `mode(… of …)` is the most frequent
    group_by: transaction_id, columns: { n: avg(gap), m: max(number) }
    any(made)
        fine
    group_by: transaction_id, time: sum(value)
    any(made)
        K401 [sum(value)] `time:` says when a row of the table happened, and this is a number | name a date or a time of the group, as in `time: max(at)`
    group_by: transaction_id, time: max(shipped_at)
    any(made)
        fine
    group_by: transaction_id, time: shipped_at
    any(made)
        K307 [shipped_at] a group has many rows: which `shipped_at` is meant? | aggregate it, as in `max(shipped_at)` or `first(shipped_at)`, or group by it too
    group_by: day(at), columns: { again: day }
    any(made)
        fine
    "#);
}

#[test]
fn what_is_made_for_one_subject_is_not_looked_up() {
    let looked_up = grouped(TABLES).replace(
        "lookups: { product: sku -> products }",
        "lookups: { product: sku -> products, invoice: transaction_id -> invoices }",
    );
    assert_snapshot!(survey(&looked_up, &["any(sales where invoice.value > 1)"]), @r#"
    any(sales where invoice.value > 1)
        K307 [invoices] the rows of `invoices` are made for one subject at a time, by grouping | so it cannot be looked up, and no subjects can be found in it: use a table with rows of its own
    "#);
}
