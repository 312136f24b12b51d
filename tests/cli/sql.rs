//! Tables by SQL: checked with the data and without it, and told apart from what can be evaluated.

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
fn a_sound_query_is_checked_and_not_evaluated_yet() {
    let shop = shop_with("from sales where amount >= 100");
    let checked = run(&shop, &["check", "shop"]);
    assert_eq!(checked.status.code(), Some(0), "{}", shown(&checked));
    assert_snapshot!(shown(&eval(&shop, &[])), @"
    status 1
    --- stderr
    error[K213]: `big_days` is a table by SQL, which this version of kohort checks and does not evaluate yet
      --> shop/catalog.yaml:16:7
       |
    16 | /       select customer_id, bought_at, amount as value
    17 | |       from sales where amount >= 100
       | |____________________________________^
       |
       = help: make it from other tables by `from:`, or hand its rows over from the program that embeds kohort

    1 error in 2 files checked
    ");
    // Whoever does not ask for its rows does not need them.
    let counted = text(&eval(&shop, &["--segment", "buyers", "--counts", "--format", "csv"]));
    assert_eq!(counted, "segment,label,within,subject,members,of,share\nbuyers,,,customer,3,4,0.75\n");
}

#[test]
fn what_is_wrong_with_a_query_is_told_in_it() {
    let shop = shop_with("from sale where bought_at > now() limit 10");
    assert_snapshot!(shown(&run(&shop, &["check", "shop"])), @"
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
    --- stderr
    no data was found for `big_days`: the catalogue alone was looked at
    ");
}
