//! `kohort check`: everything that is wrong, in one run.

use insta::assert_snapshot;

use crate::shop::{CATALOG, directory, run, shop, shown, write};

#[test]
fn check_finds_everything_in_one_run() {
    let broken = directory(&[
        ("shop/catalog.yaml", CATALOG),
        (
            "shop/a_names.yaml",
            "segments:\r\n  typo:\r\n    when: spent_90d > 500\r\n  again:\r\n    when: |\r\n      visits_30d >= 2 -- often\r\n      and city == 'Jakarta'\r\n",
        ),
        (
            "shop/b_wide.yaml",
            "segments:\n  東京:\n    label: 東京の顧客\n    when: city = '東京' and vists > 5 and spend > 'much'\n  again: { when: visits > 1 }\n",
        ),
        (
            "shop/deep/c_shape.yaml",
            "segments:\n  no_rule:\n    label: Forgotten\n  flow: { when: city in ('A', 'B') }\n  tab:\n    when:\tvisits_12m >\t3\n",
        ),
        ("shop/d_yaml.yaml", "segments:\n  open: { when: visits > 1\n"),
    ]);
    assert_snapshot!(shown(&run(&broken, &["check", "shop"])), @r#"
    status 1
    --- stdout
    error[K301]: a customer has nothing called `spent_90d`
     --> shop/a_names.yaml:3:11
      |
    3 |     when: spent_90d > 500
      |           ^^^^^^^^^
      |
    help: did you mean `spend_90d`?
      |
    3 -     when: spent_90d > 500
    3 +     when: spend_90d > 500
      |

    note[K204]: `==` is written `=` here
     --> shop/a_names.yaml:7:16
      |
    7 |       and city == 'Jakarta'
      |                ^^
      |
    help: write `=`
      |
    7 -       and city == 'Jakarta'
    7 +       and city = 'Jakarta'
      |

    error[K301]: a customer has nothing called `vists`
     --> shop/b_wide.yaml:4:27
      |
    4 |     when: city = '東京' and vists > 5 and spend > 'much'
      |                             ^^^^^
      |
    help: did you mean `visits`?
      |
    4 |     when: city = '東京' and visits > 5 and spend > 'much'
      |                                +

    error[K401]: a number is compared with a text
     --> shop/b_wide.yaml:4:41
      |
    4 |     when: city = '東京' and vists > 5 and spend > 'much'
      |                                           ^^^^^^^^^^^^^^
      |
      = help: `spend` is a number: compare it with one, as in `… > 500`

    error[K302]: there are two segments called `again`
     --> shop/b_wide.yaml:5:3
      |
    5 |   again: { when: visits > 1 }
      |   ^^^^^
      |
     ::: shop/a_names.yaml:4:3
      |
    4 |   again:
      |   ----- the other one
      |
      = help: segment names are unique in the whole project: rename one

    error[K102]: `{` is opened and never closed
     --> shop/d_yaml.yaml:2:9
      |
    2 |   open: { when: visits > 1
      |         ^
      |
      = help: close it with `}`, or put the text in quotes

    error[K106]: segment `no_rule` lacks the key `when`
     --> shop/deep/c_shape.yaml:2:3
      |
    2 |   no_rule:
      |   ^^^^^^^
      |
      = help: say who belongs to it: `when: spend_90d > 500`

    error[K108]: YAML cuts `city in ('A', 'B')` at `,`
     --> shop/deep/c_shape.yaml:4:17
      |
    4 |   flow: { when: city in ('A', 'B') }
      |                 ^^^^^^^^^^^^^^^^^^ YAML reads only `city in ('A'`
      |
    help: put all of it in quotes: "city in ('A', 'B')"
      |
    4 -   flow: { when: city in ('A', 'B') }
    4 +   flow: { when: "city in ('A', 'B')" }
      |

    error[K208]: `visits_12m`: are `12m` months or minutes?
     --> shop/deep/c_shape.yaml:6:11
      |
    6 |     when:    visits_12m >    3
      |              ^^^^^^^^^^
      |
      = help: write `visits_12mo` for months, `visits_12min` for minutes

    8 errors and 1 note in 5 files checked
    --- stderr
    no data was found for `customers`, `sales`: the catalogue alone was looked at
    "#);
    assert_snapshot!(shown(&run(&broken, &["check", "shop", "--format", "concise"])), @r#"
    status 1
    --- stdout
    shop/a_names.yaml:3:11: error[K301]: a customer has nothing called `spent_90d`; did you mean `spend_90d`?
    shop/a_names.yaml:7:16: note[K204]: `==` is written `=` here; write `=`
    shop/b_wide.yaml:4:27: error[K301]: a customer has nothing called `vists`; did you mean `visits`?
    shop/b_wide.yaml:4:41: error[K401]: a number is compared with a text; `spend` is a number: compare it with one, as in `… > 500`
    shop/b_wide.yaml:5:3: error[K302]: there are two segments called `again`; segment names are unique in the whole project: rename one
    shop/d_yaml.yaml:2:9: error[K102]: `{` is opened and never closed; close it with `}`, or put the text in quotes
    shop/deep/c_shape.yaml:2:3: error[K106]: segment `no_rule` lacks the key `when`; say who belongs to it: `when: spend_90d > 500`
    shop/deep/c_shape.yaml:4:17: error[K108]: YAML cuts `city in ('A', 'B')` at `,`; put all of it in quotes: "city in ('A', 'B')"
    shop/deep/c_shape.yaml:6:11: error[K208]: `visits_12m`: are `12m` months or minutes?; write `visits_12mo` for months, `visits_12min` for minutes
    8 errors and 1 note in 5 files checked
    --- stderr
    no data was found for `customers`, `sales`: the catalogue alone was looked at
    "#);
}

#[test]
fn check_compares_the_catalogue_with_data_that_is_there() {
    let shop = shop();
    assert_snapshot!(shown(&run(&shop, &["check", "shop"])), @r#"
    status 0
    --- stdout
    2 files checked: 5 segments, no problems
    "#);
    write(shop.path(), "shop/data/customers.csv", "customer_id,town\n1,Jakarta\n");
    assert_snapshot!(shown(&run(&shop, &["check", "shop"])), @r#"
    status 1
    --- stdout
    error[K602]: the data of `customers` has no column `city`
     --> shop/catalog.yaml:8:36
      |
    8 |     types: { customer_id: integer, city: text }
      |                                    ^^^^
      |
      = help: it has `customer_id` and `town`

    error[K301]: a customer has nothing called `city`
      --> shop/rules.yaml:15:11
       |
    15 |     when: city = 'Jakarta'
       |           ^^^^
       |
       = help: there are `customer_id`, `spend`, `town` and `visits`

    2 errors in 2 files checked
    "#);
}
