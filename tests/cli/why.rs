//! `kohort why`: in the terminal, as a page, as JSON, and whom it does not know.

use std::fs;

use insta::assert_snapshot;
use tempfile::TempDir;

use crate::charts::balanced;
use crate::shop::{directory, run, shop, shown, text, two_kinds, write};

/// The program, run on the shop at the end of March.
fn why(shop: &TempDir, more: &[&str]) -> String {
    shown(&run(shop, &[&["why", "shop"], more, &["--as-of", "2026-03-31"]].concat()))
}

/// The program, run on an example.
fn example(project: &str, as_of: &str, segment: &str, key: &str) -> String {
    let path = format!("{}/rules-examples/{project}", env!("CARGO_MANIFEST_DIR"));
    shown(&run(&shop(), &["why", &path, segment, key, "--as-of", as_of]))
}

#[test]
fn who_is_not_in_is_told_what_is_missing() {
    assert_snapshot!(why(&shop(), &["big_regulars", "10"]), @r#"
    status 0
    --- stdout
    customer 10 is not in `big_regulars`, as of the end of 2026-03-31 (Asia/Jakarta)

    big_regulars: no
      ✓ in regulars    yes      see regulars
      ✗ spend > 1000   15 IDR   needs more than 985 IDR more

    regulars (Came twice): yes
      ✓ in buyers     yes   see buyers
      ✓ visits >= 2   2

    buyers (Bought once): yes
      ✓ visits > 0   2

    Counted from
      sales: 2 rows
        spend = 15 IDR   (spend: sum(amount of sales))
        visits = 2   (visits: count(sales))
          at                 amount
          2026-03-05 10:00      7.5
          2026-03-04 10:00      7.5
    "#);
}

#[test]
fn who_is_in_is_told_why() {
    assert_snapshot!(why(&shop(), &["locals_who_buy", "1"]), @r#"
    status 0
    --- stdout
    customer 1 is in `locals_who_buy` (Buyers of Jakarta), as of the end of 2026-03-31 (Asia/Jakarta)

    locals_who_buy (Buyers of Jakarta): yes
      ✓ in buyers          yes       see buyers
      ✓ city = 'Jakarta'   Jakarta

    buyers (Bought once): yes
      ✓ visits > 0   2

    Counted from
      sales: 2 rows
        visits = 2   (visits: count(sales))
          at
          2026-03-02 10:00
          2026-03-01 10:00
    "#);
}

#[test]
fn what_is_not_known_is_said() {
    assert_snapshot!(why(&shop(), &["locals_who_buy", "9"]), @r#"
    status 0
    --- stdout
    customer 9 is not in `locals_who_buy` (Buyers of Jakarta), as of the end of 2026-03-31 (Asia/Jakarta)

    locals_who_buy (Buyers of Jakarta): no
      ✗ in buyers          no          see buyers
      ? city = 'Jakarta'   not known   would have to be 'Jakarta'

    buyers (Bought once): no
      ✗ visits > 0   0   needs 1 more

    To be a member
      all of this:
        be in buyers
          visits > 0: needs 1 more
        city = 'Jakarta': would have to be 'Jakarta'

    Counted from
      sales: no rows
        visits = 0   (visits: count(sales))
    "#);
}

#[test]
fn keys_that_nobody_has() {
    let shop = shop();
    assert_snapshot!(why(&shop, &["buyers", "77"]), @r#"
    status 2
    --- stderr
    error: there is no customer `77`
      help: the key stands in 1 row of `sales`, but no customer has it: such rows belong to nobody
    "#);
    assert_snapshot!(why(&shop, &["buyers", "C10"]), @r#"
    status 2
    --- stderr
    error: `C10` is no key of a customer: `customer_id` is a number
    "#);
    assert_snapshot!(why(&shop, &["buyers", "5"]), @r#"
    status 2
    --- stderr
    error: there is no customer `5`
      help: there are 4 customers at that instant, and none has this key
    "#);
    assert_snapshot!(why(&shop, &["bayers", "10"]), @r#"
    status 2
    --- stderr
    error: there is no segment `bayers`
      help: did you mean `buyers`?
    "#);
    assert_snapshot!(why(&shop, &["buyers", "10", "--output", "why.pdf"]), @r#"
    status 2
    --- stderr
    error: `why.pdf` does not say how to tell it: `.pdf` is none of the forms
      help: end it in `.html`, `.json` or `.txt`, or say it with `--format`
    "#);
}

#[test]
fn several_words_for_rows_and_choices() {
    let shop = shop();
    let rules = "
segments:
  odd:
    description: In none of the usual ways.
    when: >-
      (spend > 5_000 or every(sales over 90d have amount > 10) and not city = 'Bandung') and
      not (visits between 2 and 5 or city in ('Medan', 'Padang'))
    include: [9]
  often: sequence(sales then within 30d sales where amount > 600 then never sales)
tiers:
  level: { gold: spend >= 1_000, silver: { when: spend >= 10, label: Silver <i> }, iron: otherwise }
bands: { spend: [10, 1_000] }
";
    write(shop.path(), "shop/rules.yaml", rules);
    assert_snapshot!(why(&shop, &["odd", "2"]), @r#"
    status 0
    --- stdout
    customer 2 is not in `odd`, as of the end of 2026-03-31 (Asia/Jakarta)

    odd: no
      In none of the usual ways.
      ✗ one of
        ✗ all of
          ✗ one of
            ✗ spend > 5000                               5 IDR              needs more than 4,995 IDR more
            ✗ all of
              ✗ every(sales over 90d have amount > 10)   1 row against it   needs to have none
              ✗ not city = 'Bandung'                     Bandung
          ✓ not
            ✗ one of
              ✗ visits between 2 and 5                   1
              ✗ city in ('Medan', 'Padang')              Bandung
        ✗ listed under `include`                         no

    To be a member
      one of this:
        spend > 5000: needs more than 4,995 IDR more
        all of this:
          every(sales over 90d have amount > 10): needs to have none
          no longer: city = 'Bandung'
        listed under `include`

    Counted from
      sales: 1 row
        spend = 5 IDR   (spend: sum(amount of sales))
        visits = 1   (visits: count(sales))
          at                 amount
          2026-03-03 10:00        5

      sales over 90d where (amount > 10) is not true: 1 row, from 2026-01-01 00:00 on
          at                 amount
          2026-03-03 10:00        5
    "#);
    assert_snapshot!(why(&shop, &["often", "1"]), @r#"
    status 0
    --- stdout
    customer 1 is in `often`, as of the end of 2026-03-31 (Asia/Jakarta)

    often: yes
      ✓ sequence(sales then within 30d sales where amount > 600 then never sales)   yes

    Counted from
      sales: 2 rows
          at
          2026-03-02 10:00
          2026-03-01 10:00

      sales where amount > 600: 1 row
          at                 amount
          2026-03-02 10:00   600.25
        not counted: 1 row that the condition leaves out
    "#);
    assert_snapshot!(why(&shop, &["level", "10"]), @r#"
    status 0
    --- stdout
    customer 10 is in `level.silver`, a group of `level`, as of the end of 2026-03-31 (Asia/Jakarta)

    level.silver (Silver <i>): yes
      ✓ not in level.gold   yes      see level.gold
      ✓ spend >= 10         15 IDR

    level.gold: no
      ✗ spend >= 1000   15 IDR   needs at least 985 IDR more

    Counted from
      sales: 2 rows
        spend = 15 IDR   (spend: sum(amount of sales))
          at                 amount
          2026-03-05 10:00      7.5
          2026-03-04 10:00      7.5
    "#);
    assert_snapshot!(why(&shop, &["level.iron", "10"]), @r#"
    status 0
    --- stdout
    customer 10 is not in `level.iron`, as of the end of 2026-03-31 (Asia/Jakarta)

    level.iron: no
      ✓ not in level.gold     yes
      ✗ not in level.silver   no    see level.silver

    level.silver (Silver <i>): yes
      ✓ not in level.gold   yes
      ✓ spend >= 10         15 IDR

    Counted from
      sales: 2 rows
        spend = 15 IDR   (spend: sum(amount of sales))
          at                 amount
          2026-03-05 10:00      7.5
          2026-03-04 10:00      7.5
    "#);
    assert_snapshot!(why(&shop, &["spend", "2"]), @r#"
    status 0
    --- stdout
    customer 2 is in `spend.under_10`, a group of `spend`, as of the end of 2026-03-31 (Asia/Jakarta)

    spend.under_10: yes
      ✓ spend < 10   5 IDR

    Counted from
      sales: 1 row
        spend = 5 IDR   (spend: sum(amount of sales))
          at                 amount
          2026-03-03 10:00        5
    "#);
}

#[test]
fn keys_of_two_parts() {
    let catalog = "
kohort: 1
timezone: UTC
subject: { name: seat, key: [hall, place] }
tables:
  visits: { source: visits.csv, subject: [hall, place], time: at_door, types: { hall: text, place: integer, at_door: timestamp } }
";
    let rules = "segments:\n  busy: count(visits) > 1\n";
    let visits = "hall,place,at_door\nA,1,2026-01-01T00:00:00\nA,2,2026-01-02T00:00:00\nA,2,2026-01-03T00:00:00\n";
    let shop = directory(&[("shop/catalog.yaml", catalog), ("shop/visits.csv", visits), ("shop/rules.yaml", rules)]);
    assert_snapshot!(why(&shop, &["busy", "A, 2"]), @r#"
    status 0
    --- stdout
    seat A, 2 is in `busy`, as of the end of 2026-03-31 (UTC)

    busy: yes
      ✓ count(visits) > 1   2

    Counted from
      visits: 2 rows
        count(visits) = 2
          at
          2026-01-03 00:00
          2026-01-02 00:00
    "#);
    assert_snapshot!(why(&shop, &["busy", "A"]), @r#"
    status 2
    --- stderr
    error: the key of a seat has 2 parts, found 1
      help: write them with commas between them: hall,place
    "#);
    assert_snapshot!(why(&shop, &["busy", "A,3"]), @r#"
    status 2
    --- stderr
    error: there is no seat `A,3`
      help: did you mean `A,1`?
    "#);
}

/// What an attribute is about one kind of subject is not told of the other.
#[test]
fn two_kinds_with_one_attribute() {
    let shop = two_kinds();
    let catalog = fs::read_to_string(shop.path().join("shop/catalog.yaml")).expect("a catalogue");
    let attribute = "attributes: { often: count(visits) > 1 and count(visits) < 9 }\n";
    write(shop.path(), "shop/catalog.yaml", &format!("{catalog}{attribute}"));
    let rules = "segments:\n  busy: { of: store, when: often }\n  back: { when: often }\n";
    write(shop.path(), "shop/rules.yaml", rules);
    assert_snapshot!(why(&shop, &["busy", "b"]), @r#"
    status 0
    --- stdout
    store b is not in `busy`, as of the end of 2026-03-31 (UTC)

    busy: no
      ✗ often
        ✗ all of
          ✗ count(visits) > 1   1   needs 1 more
          ✓ count(visits) < 9   1

    Counted from
      visits: 1 row
        count(visits) = 1
          at
          2026-01-03 00:00
    "#);
    assert_snapshot!(why(&shop, &["back", "2"]), @r#"
    status 0
    --- stdout
    customer 2 is in `back`, as of the end of 2026-03-31 (UTC)

    back: yes
      ✓ often   yes

    Counted from
      visits: 2 rows
          at
          2026-01-03 00:00
          2026-01-02 00:00
    "#);
}

#[test]
fn a_page_is_whole_and_says_nothing_that_it_should_not() {
    let shop = shop();
    let rules = "segments:\n  odd: { label: 'A <b>&\"''', description: <script>, when: city = '<i>' and spend > 5 }\n";
    write(shop.path(), "shop/rules.yaml", rules);
    let said = why(&shop, &["odd", "10", "--output", "why.html"]);
    assert_eq!(said, "status 0\n--- stderr\nwhy `odd` and `10` written to `why.html`");
    let page = fs::read_to_string(shop.path().join("why.html")).expect("it is written");
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"), "{page}");
    for never in ["<script", "http", "url(", "<b>", "<i>", "@import"] {
        assert!(!page.contains(never), "{never}");
    }
    balanced(&page);
    assert!(page.contains("would have to be &#39;&lt;i&gt;&#39;"), "{page}");
    assert!(page.contains("<td class=\"number\">7.5</td>"), "{page}");
}

#[test]
fn everything_is_in_the_object() {
    let shop = shop();
    let object = text(&run(&shop, &["why", "shop", "regulars", "2", "--as-of", "2026-03-31", "--format", "json"]));
    assert_snapshot!(object, @r#"
    {
      "as_of": "2026-03-31T23:59:59.999999+07:00",
      "asked": "regulars",
      "group": null,
      "key": {
        "customer_id": {
          "type": "number",
          "value": "2"
        }
      },
      "kohort": 1,
      "label": "Came twice",
      "member": false,
      "ranks": [],
      "rows": [
        {
          "columns": [
            "at"
          ],
          "count": 1,
          "figures": [
            {
              "text": "count(sales)",
              "value": {
                "type": "number",
                "value": "1"
              }
            }
          ],
          "first": [
            [
              {
                "type": "time",
                "value": "2026-03-03T10:00:00+07:00"
              }
            ]
          ],
          "made_from": null,
          "not_counted": {
            "filter": 0,
            "table": 0,
            "window": 0
          },
          "table": "sales",
          "text": "sales",
          "window": null
        }
      ],
      "segments": [
        {
          "condition": {
            "all": [
              {
                "negated": false,
                "segment": "buyers",
                "text": "in buyers",
                "truth": true
              },
              {
                "test": {
                  "change": {
                    "reach": "at_least",
                    "rise": "1"
                  },
                  "needed": [
                    {
                      "op": ">=",
                      "text": null,
                      "values": [
                        {
                          "type": "number",
                          "value": "2"
                        }
                      ]
                    }
                  ],
                  "operands": [
                    {
                      "label": null,
                      "meaning": "visits: count(sales)",
                      "ranks": [],
                      "rows": [
                        0
                      ],
                      "text": "visits",
                      "unit": null,
                      "value": {
                        "type": "number",
                        "value": "1"
                      }
                    }
                  ],
                  "ranks": [],
                  "rows": []
                },
                "text": "visits >= 2",
                "truth": false
              }
            ],
            "text": "in buyers and visits >= 2",
            "truth": false
          },
          "description": null,
          "label": "Came twice",
          "lacks": {
            "change": {
              "reach": "at_least",
              "rise": "1"
            },
            "holds": true,
            "test": "visits >= 2"
          },
          "member": false,
          "name": "regulars",
          "until": null
        },
        {
          "condition": {
            "test": {
              "change": null,
              "needed": [
                {
                  "op": ">",
                  "text": null,
                  "values": [
                    {
                      "type": "number",
                      "value": "0"
                    }
                  ]
                }
              ],
              "operands": [
                {
                  "label": null,
                  "meaning": "visits: count(sales)",
                  "ranks": [],
                  "rows": [
                    0
                  ],
                  "text": "visits",
                  "unit": null,
                  "value": {
                    "type": "number",
                    "value": "1"
                  }
                }
              ],
              "ranks": [],
              "rows": []
            },
            "text": "visits > 0",
            "truth": true
          },
          "description": null,
          "label": "Bought once",
          "lacks": null,
          "member": true,
          "name": "buyers",
          "until": null
        }
      ],
      "subject": "customer"
    }
    "#);
}

#[test]
fn on_the_chain_in_jakarta() {
    let of = |segment, key| example("jakarta", "2026-03-31", segment, key);
    assert_snapshot!(of("jakarta_vip", "C0000002"), @r#"
    status 0
    --- stdout
    customer C0000002 is not in `jakarta_vip` (… of them VIP), as of the end of 2026-03-31 (Asia/Jakarta)

    jakarta_vip (… of them VIP): no
      A narrower group inside the regulars.
      ✗ in jakarta_regulars   no                   see jakarta_regulars
      ✗ spend_365d >= 8000    2,554 thousand IDR   needs at least 5,446 thousand IDR more

    jakarta_regulars (Jakarta regulars): no
      Spent more than half a million in 90 days, came on two days of the last 30, and live in Jakarta.
      ✓ spend_90d > 500      1,001.5 thousand IDR
      ✓ visits_30d >= 2      2
      ✗ region = 'Jakarta'   Medan                  would have to be 'Jakarta'

    To be a member
      all of this:
        be in jakarta_regulars
          region = 'Jakarta': would have to be 'Jakarta'
        spend_365d >= 8000: needs at least 5,446 thousand IDR more

    Counted from
      sales over 365d: 28 rows, from 2025-04-01 00:00 on
        spend_365d = 2,554 thousand IDR   (spend: sum(amount of sales) / 1000)
        sum(amount of sales over 365d) = 2,554,000
          at                     amount
          2026-03-12 19:34:32   169,900
          2026-03-04 20:37:40   270,900
          2026-03-04 20:37:40    20,900
          2026-02-05 18:25:44    31,900
          2026-01-31 16:41:50    17,800
          … and 23 more
        not counted: 1 row of transactions that sales leaves out

      sales over 90d: 9 rows, from 2026-01-01 00:00 on
        spend_90d = 1,001.5 thousand IDR   (spend: sum(amount of sales) / 1000)
        sum(amount of sales over 90d) = 1,001,500
          at                     amount
          2026-03-12 19:34:32   169,900
          2026-03-04 20:37:40   270,900
          2026-03-04 20:37:40    20,900
          2026-02-05 18:25:44    31,900
          2026-01-31 16:41:50    17,800
          … and 4 more
        not counted: 19 rows outside that time, 1 row of transactions that sales leaves out

      sales over 30d: 3 rows, from 2026-03-02 00:00 on
        visits_30d = 2   (visits: count(distinct day(at) of sales))
          at                    day(at)
          2026-03-12 19:34:32   2026-03-12
          2026-03-04 20:37:40   2026-03-04
          2026-03-04 20:37:40   2026-03-04
        not counted: 25 rows outside that time, 1 row of transactions that sales leaves out
    "#);
    assert_snapshot!(of("small_frequent", "C0000007"), @r#"
    status 0
    --- stdout
    customer C0000007 is not in `small_frequent` (Often and little), as of the end of 2026-03-31 (Asia/Jakarta)

    small_frequent (Often and little): no
      At least five visits in 90 days, with an average basket below 200,000 rupiah.
      ✗ visits_90d >= 5    1      needs 4 more
      ✓ basket_90d < 200   22.9

    Counted from
      sales over 90d: 1 row, from 2026-01-01 00:00 on
        visits_90d = 1   (visits: count(distinct day(at) of sales))
        basket_90d = 22.9   (basket: spend / orders)
        sum(amount of sales over 90d) = 22,900
          at                    day(at)      amount   receipt_no
          2026-02-11 19:15:45   2026-02-11   22,900      1400001
    "#);
}

#[test]
fn on_the_online_shop() {
    let of = |segment, key| example("online-retail", "2011-12-09", segment, key);
    assert_snapshot!(of("headline_spenders", "12747"), @r#"
    status 0
    --- stdout
    customer 12747 is not in `headline_spenders` (… and spending), as of the end of 2011-12-09 (UTC)

    headline_spenders (… and spending): no
      ✓ in headline_rule     yes            see headline_rule
      ✗ gross_365d >= 5000   3,837.45 GBP   needs at least 1,162.55 GBP more

    headline_rule (Loyal in Britain): yes, stays until 2011-12-17 17:13 if nothing happens
      Spent more than 500 pounds in 90 days, came on at least two days of the last 30, and ordered from the United Kingdom last.
      ✓ gross_90d > 500              1,426.61 GBP
      ✓ sale_days_30d >= 2           2
      ✓ country = 'United Kingdom'   United Kingdom

    Counted from
      sales over 365d: 96 rows, from 2010-12-10 00:00 on
        gross_365d = 3,837.45 GBP   (gross: sum(value of sales))
          at                 value
          2011-12-07 14:34    35.4
          2011-12-07 14:34    61.2
          2011-12-07 14:34    17.7
          2011-12-07 14:34    20.8
          2011-12-07 14:34    39.6
          … and 91 more
        not counted: 7 rows outside that time

      sales over 90d: 33 rows, from 2011-09-11 00:00 on
        gross_90d = 1,426.61 GBP   (gross: sum(value of sales))
          at                 value
          2011-12-07 14:34    35.4
          2011-12-07 14:34    61.2
          2011-12-07 14:34    17.7
          2011-12-07 14:34    20.8
          2011-12-07 14:34    39.6
          … and 28 more
        not counted: 70 rows outside that time

      sales over 30d: 18 rows, from 2011-11-10 00:00 on
        sale_days_30d = 2   (sale_days: count(distinct day(at) of sales))
          at                 day(at)
          2011-12-07 14:34   2011-12-07
          2011-12-07 14:34   2011-12-07
          2011-12-07 14:34   2011-12-07
          2011-12-07 14:34   2011-12-07
          2011-12-07 14:34   2011-12-07
          … and 13 more
        not counted: 85 rows outside that time

      lines: 103 rows
        country = United Kingdom   (country: last(country of lines))
          at                 country
          2011-12-07 14:34   United Kingdom
          2011-12-07 14:34   United Kingdom
          2011-12-07 14:34   United Kingdom
          2011-12-07 14:34   United Kingdom
          2011-12-07 14:34   United Kingdom
          … and 98 more
    "#);
    assert_snapshot!(of("heart_not_cakestand", "12352"), @r#"
    status 0
    --- stdout
    customer 12352 is not in `heart_not_cakestand` (Heart, no cake stand), as of the end of 2011-12-09 (UTC)

    heart_not_cakestand (Heart, no cake stand): no
      Bought the heart T-light holder (85123A), never the cake stand (22423).
      ✗ any(sales where stock_code = '85123A')   no such row   needs such a row
      ✗ none(sales where stock_code = '22423')   2 rows        needs to have none

    To be a member
      all of this:
        any(sales where stock_code = '85123A'): needs such a row
        none(sales where stock_code = '22423'): needs to have none

    Counted from
      sales where stock_code = '85123A': no rows
        not counted: 85 rows that the condition leaves out, 10 rows of lines that sales leaves out

      sales where stock_code = '22423': 2 rows
          at                 stock_code
          2011-09-20 14:34   22423
          2011-02-16 12:33   22423
        not counted: 83 rows that the condition leaves out, 10 rows of lines that sales leaves out
    "#);
    assert_snapshot!(of("rfm_at_risk", "12346"), @r#"
    status 0
    --- stdout
    customer 12346 is not in `rfm_at_risk` (At risk), as of the end of 2011-12-09 (UTC)

    rfm_at_risk (At risk): no
      Not lately, and used to come often.
      ✓ recency_score <= 2          1
      ✗ frequency_score in (3, 4)   1

    Places among all
      last_sale 2011-01-18 10:01: 161 of the other 4,338 customers that are ranked are earlier
      ranked are those with sale_invoices > 0: yes

      sale_invoices 1: 0 of the other 4,338 customers that are ranked have less
      ranked are those with sale_invoices > 0: yes

    Counted from
      sales: 1 row
        last_sale = 2011-01-18 10:01   (last_sale: last(at of sales))
        sale_invoices = 1   (sale_invoices: count(distinct invoice_no of sales))
          at                 invoice_no
          2011-01-18 10:01   541431
        not counted: 1 row of lines that sales leaves out
    "#);
    assert_snapshot!(of("nested_top_not_refunder_lapsed30", "14646"), @r#"
    status 0
    --- stdout
    customer 14646 is not in `nested_top_not_refunder_lapsed30` (Best tenth, gone quiet), as of the end of 2011-12-09 (UTC)

    nested_top_not_refunder_lapsed30 (Best tenth, gone quiet): no
      Best tenth, returned little, and bought nothing in the last 30 days.
      ✓ in top_decile_net365_ntile    yes        see top_decile_net365_ntile
      ✓ not in refund_ratio_ge20pct   yes        see refund_ratio_ge20pct
      ✗ none(sales over 30d)          215 rows   needs to have none

    top_decile_net365_ntile (Best tenth): yes
      The tenth of those with any line in a year who spent most, goods that came back taken off.
      ✓ top 10% by net_365d among (any(lines over 365d))   279,489.02

    refund_ratio_ge20pct (Sends a fifth back): no
      Returned at least 20% of the gross sales of the last 365 days.
      ✓ gross_365d > 0                      280,206.02 GBP
      ✗ returned_365d >= 20% * gross_365d   717 GBP          needed: at least 56,041.204

    Places among all
      net_365d 279,489.02 GBP: 4,295 of the other 4,295 customers that are ranked have less
      ranked are those with any(lines over 365d): yes

    Counted from
      sales over 30d: 215 rows, from 2011-11-10 00:00 on
          at                 line_no
          2011-12-08 12:12    537784
          2011-12-07 15:19    534962
          2011-12-07 15:19    534961
          2011-12-07 15:19    534960
          2011-12-07 15:19    534959
          … and 210 more
        not counted: 1,865 rows outside that time, 5 rows of lines that sales leaves out

      sales over 365d: 2,080 rows, from 2010-12-10 00:00 on
        gross_365d = 280,206.02 GBP   (gross: sum(value of sales))
        20% * gross_365d = 56,041.204
        net_365d = 279,489.02 GBP   (net: gross - returned)
          at                 value
          2011-12-08 12:12   250.6
          2011-12-07 15:19   25.92
          2011-12-07 15:19   25.92
          2011-12-07 15:19   69.12
          2011-12-07 15:19   69.12
          … and 2,075 more
        not counted: 5 rows of lines that sales leaves out

      returns over 365d: 5 rows, from 2010-12-10 00:00 on
        returned_365d = 717 GBP   (returned: sum(value of returns))
        net_365d = 279,489.02 GBP   (net: gross - returned)
          at                 value
          2011-08-31 11:31    93.6
          2011-08-31 11:31   266.4
          2011-08-31 11:31   105.6
          2011-08-18 06:13   206.4
          2011-02-08 09:44      45
        not counted: 2,080 rows of lines that returns leaves out

      lines over 365d: 2,085 rows, from 2010-12-10 00:00 on
          at                 line_no
          2011-12-08 12:12    537784
          2011-12-07 15:19    534962
          2011-12-07 15:19    534961
          2011-12-07 15:19    534960
          2011-12-07 15:19    534959
          … and 2,080 more
    "#);
    assert_snapshot!(example("rfm", "2011-12-09", "loyalty", "12747"), @r#"
    status 0
    --- stdout
    customer 12747 is in `loyalty.silver`, a group of `loyalty` (Loyalty), as of the end of 2011-12-09 (UTC)

    loyalty.silver (Silver): yes, stays until 2012-05-04 15:31 if nothing happens
      ✓ not in loyalty.gold   yes            see loyalty.gold
      ✓ spend_365d >= 2500    3,837.45 GBP

    loyalty.gold (Gold): no
      ✗ spend_365d >= 10_000   3,837.45 GBP   needs at least 6,162.55 GBP more

    Counted from
      sales over 365d: 96 rows, from 2010-12-10 00:00 on
        spend_365d = 3,837.45 GBP   (spend: sum(value of sales))
          at                 value
          2011-12-07 14:34    35.4
          2011-12-07 14:34    61.2
          2011-12-07 14:34    17.7
          2011-12-07 14:34    20.8
          2011-12-07 14:34    39.6
          … and 91 more
        not counted: 7 rows outside that time
    "#);
}

#[test]
fn help_says_what_can_be_asked() {
    let help = text(&run(&TempDir::new().expect("a directory"), &["why", "-h"]));
    assert_snapshot!(help, @r#"
    Tell why somebody is in a segment or is not, and what would change it

    Usage: kohort why [OPTIONS] --as-of <WHEN> <PROJECT> <SEGMENT> <KEY>

    Arguments:
      <PROJECT>  A directory with a `catalog.yaml` and rule files, or a single rule file
      <SEGMENT>  The segment; or tiers, bands, a partition or a chart, to be told the group
      <KEY>      Whom it is about: the key, its parts joined by commas if it has several

    Options:
          --catalog <PATH>   Take the catalogue from here instead of from the directory, or from beside
                             or above the rule file
          --color <WHEN>     Whether to colour what is written [default: auto] [possible values: auto,
                             always, never]
          --as-of <WHEN>     The day or the instant to look from: 2026-03-31 (its end), 2026-03-31T10:00
                             or 2026-03-31T10:00+07:00
          --format <FORMAT>  What to write [default: by the ending of `--output`, else text] [possible
                             values: text, html, json]
          --output <PATH>    Write to this file, which appears whole or not at all
      -h, --help             Print help (see more with '--help')

    Examples:
      kohort why shop vip 10017 --as-of 2026-03-31
      kohort why shop loyalty 10017 --as-of 2026-03-31    in which group, and why not in one above
      kohort why shop loyalty.gold 10017 --as-of 2026-03-31
      kohort why shop busy 'S1,2026' --as-of 2026-03-31   a key of two parts
      kohort why shop vip 10017 --as-of 2026-03-31 --output 10017.html    a page, to be sent

    Signs: ✓ it holds, ✗ it does not, ? something it needs is not known.
    "#);
}
