//! Tables by SQL: evaluated, and what is wrong with them told in their query.

use insta::assert_snapshot;

use crate::shop::{CATALOG, eval, run, shop, shown, text, write};

const BIG_DAYS: &str = "  big_days:
    sql: |
      select customer_id, bought_at, amount as value
      from sales where amount >= 100
    types: { customer_id: integer, bought_at: timestamp, value: decimal(2) }
    subject: customer_id
    time: bought_at
metrics:";

/// The shop with a table by SQL.
fn shop_with(query: &str) -> tempfile::TempDir {
    let shop = shop();
    let tables = BIG_DAYS.replace("from sales where amount >= 100", query);
    write(shop.path(), "shop/catalog.yaml", &CATALOG.replace("metrics:", &tables));
    write(
        shop.path(),
        "shop/rules.yaml",
        "segments:\n  buyers: { when: visits > 0 }\n  big: { when: count(big_days) > 0 }\n",
    );
    shop
}

#[test]
fn a_sound_query_is_evaluated() {
    let shop = shop_with("from sales where amount >= 100");
    let checked = run(&shop, &["check", "shop"]);
    assert_eq!(checked.status.code(), Some(0), "{}", shown(&checked));
    assert_snapshot!(text(&eval(&shop, &["--counts", "--format", "csv"])), @r#"
    segment,label,within,subject,members,of,share
    buyers,,,customer,3,4,0.75
    big,,,customer,1,4,0.25
    "#);
}

/// What DataFusion alone knows is told as well, without data too.
#[test]
fn what_cannot_be_planned_is_told() {
    let shop = shop_with("from sales where amuont >= 100");
    assert_snapshot!(shown(&run(&shop, &["check", "shop"])), @r#"
    status 1
    --- stdout
    error[K201]: the query of `big_days` cannot be planned: No field named amuont. Did you mean 'sales.amount'?
      --> shop/catalog.yaml:16:7
       |
    16 | /       select customer_id, bought_at, amount as value
    17 | |       from sales where amuont >= 100
       | |____________________________________^
       |
       = help: it sees the tables of the catalogue, their columns by name, and `at`, the time of a row

    1 error in 2 files checked
    "#);
    let shop = shop_with("from sales where soundex(amount) = 100");
    assert_snapshot!(shown(&run(&shop, &["check", "shop", "--format", "concise"])), @r#"
    status 1
    --- stdout
    shop/catalog.yaml:16:7: error[K201]: the query of `big_days` cannot be planned: Invalid function 'soundex'.; it sees the tables of the catalogue, their columns by name, and `at`, the time of a row
    1 error in 2 files checked
    "#);
}

#[test]
fn what_is_wrong_with_a_query_is_told_in_it() {
    let shop = shop_with("from sale where bought_at > now() limit 10");
    assert_snapshot!(shown(&run(&shop, &["check", "shop"])), @r#"
    status 1
    --- stdout
    error[K301]: there is no table `sale`
      --> shop/catalog.yaml:17:12
       |
    17 |       from sale where bought_at > now() limit 10
       |            ^^^^
       |
    help: did you mean `sales`?
       |
    17 |       from sales where bought_at > now() limit 10
       |                +

    error[K402]: `now` reads a clock, and a query is asked as of an instant
      --> shop/catalog.yaml:17:35
       |
    17 |       from sale where bought_at > now() limit 10
       |                                   ^^^
       |
       = help: it sees no row that is later: leave the condition out, or put the window where the table is used

    error[K402]: `limit` without `order by` takes whichever rows come first
      --> shop/catalog.yaml:17:47
       |
    17 |       from sale where bought_at > now() limit 10
       |                                               ^^
       |
       = help: say by what they are ordered, down to a column that tells any two rows apart

    3 errors in 2 files checked
    "#);
}
