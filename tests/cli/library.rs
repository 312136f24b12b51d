//! `kohort library`, and catalogues that include files and libraries.

use std::fs;

use insta::assert_snapshot;

use crate::shop::{CATALOG, eval, run, shop, shown, text, write};

const MONEY: &str = "\
needs: { payments: one row for each payment }
metrics:
  paid: sum(amount of payments)
";

/// The shop with an included file, in the words of its catalogue.
fn including(path: &str, include: &str) -> tempfile::TempDir {
    let shop = shop();
    write(shop.path(), path, MONEY);
    write(shop.path(), "shop/catalog.yaml", &format!("{CATALOG}include: {include}\n"));
    write(shop.path(), "shop/rules.yaml", "segments:\n  payers: { when: paid_90d > 10 }\n");
    shop
}

#[test]
fn libraries_are_listed_with_what_they_need() {
    assert_snapshot!(shown(&run(&shop(), &["library"])), @"
    status 0
    --- stdout
    rfm_bounds: recency and frequency scores by fixed cut points
      needs      orders: one row for each order, with its subject and its time
      attributes recency_score, frequency_score
      include: [{ library: rfm_bounds, with: { orders: … } }]
    rfm_frozen: RFM scores by cut points that are computed on request
      needs      orders: one row for each order, with its subject, its time and a column `value`, what was paid
      attributes recency_score, frequency_score, monetary_score
      include: [{ library: rfm_frozen, with: { orders: … } }]
    rfm_groups: the eleven groups of RFM by a chart of three scores
      chart      rfm, by recency_score, frequency_score, monetary_score
      groups     champions, loyal, potential_loyalist, new, promising, need_attention,
                 about_to_sleep, at_risk, cannot_lose, hibernating, lost
      include: [rfm_groups]
    rfm_ranks: RFM scores by rank, fifths of those who bought
      needs      orders: one row for each order, with its subject, its time and a column `value`, what was paid
      attributes recency_score, frequency_score, monetary_score
      include: [{ library: rfm_ranks, with: { orders: … } }]
    rfm_shares: RFM scores by rank, equal values sharing a score
      needs      orders: one row for each order, with its subject, its time and a column `value`, what was paid
      attributes recency_score, frequency_score, monetary_score
      include: [{ library: rfm_shares, with: { orders: … } }]
    rfm_short: ten groups of RFM by a chart of two scores
      chart      rfm_short, by recency_score, frequency_score
      groups     champions, loyal, potential_loyalist, new, promising, need_attention,
                 about_to_sleep, at_risk, cannot_lose, hibernating
      include: [rfm_short]
    rhythm: How regularly customers buy, when they are expected next, and who is overdue
      needs      purchases: one row for each purchase or for each line of one, with its subject and its time
      tables     shopping_days
      metrics    shopping_days, average_gap, typical_gap, gap_deviation, gap_variation
      attributes buys_regularly, buys_irregularly, last_shopping_day, expected_next_purchase,
                 overdue
      include: [{ library: rhythm, with: { purchases: … } }]
    ");
    assert_snapshot!(shown(&run(&shop(), &["library", "rythm"])), @"
    status 2
    --- stderr
    error: there is no library `rythm`
      help: did you mean `rhythm`?
    ");
    assert_snapshot!(shown(&run(&shop(), &["library", "weather"])), @"
    status 2
    --- stderr
    error: there is no library `weather`
      help: `kohort library` lists them all
    ");
}

#[test]
fn a_library_that_is_printed_can_be_included_as_a_file() {
    let shop = shop();
    let library = text(&run(&shop, &["library", "rhythm"]));
    assert_eq!(library, kohort::library::find("rhythm").expect("it ships").text);
    for include in ["{ library: rhythm, with: { purchases: sales } }", "{ file: own.yaml, with: { purchases: sales } }"]
    {
        write(shop.path(), "shop/own.yaml", &library);
        write(shop.path(), "shop/catalog.yaml", &format!("{CATALOG}include:\n- {include}\n"));
        write(shop.path(), "shop/rules.yaml", "segments: { late: { when: overdue } }\n");
        if include.contains("library") {
            fs::remove_file(shop.path().join("shop/own.yaml")).expect("it is removed");
        }
        let checked = run(&shop, &["check", "shop"]);
        assert_eq!(checked.status.code(), Some(0), "{}", shown(&checked));
    }
}

#[test]
fn an_included_file_is_no_rule_file_wherever_it_is() {
    for (path, include) in [
        ("shop/shared/money.yaml", "[{ file: shared/money.yaml, with: { payments: sales } }]"),
        ("shop/money.yaml", "{ file: ./shared/../money.yaml, with: { payments: sales } }"),
        ("money.yaml", "[{ file: ../money.yaml, with: { payments: sales } }]"),
        ("shop/.hidden/money.yml", "[{ file: .hidden/money.yml, with: { payments: sales } }]"),
    ] {
        let shop = including(path, include);
        fs::create_dir_all(shop.path().join("shop/shared")).expect("a directory");
        let counted = text(&eval(&shop, &["--format", "csv", "--counts"]));
        assert_eq!(counted, "segment,label,within,subject,members,of,share\npayers,,,customer,2,4,0.5\n", "{path}");
    }
}

#[test]
fn what_is_wrong_with_an_included_file_is_told_in_it() {
    let shop = including("shop/shared/money.yaml", "[{ file: shared/money.yaml, with: { payments: sales } }]");
    write(shop.path(), "shop/shared/money.yaml", &MONEY.replace("amount", "amonut"));
    assert_snapshot!(shown(&run(&shop, &["check", "shop"])), @"
    status 1
    --- stdout
    error[K301]: rows of `payments` have no column `amonut`
      --> shop/shared/money.yaml:3:13
       |
     3 |   paid: sum(amonut of payments)
       |             ^^^^^^
       |
      ::: shop/catalog.yaml:17:19
       |
    17 | include: [{ file: shared/money.yaml, with: { payments: sales } }]
       |                   ----------------- included here
       |
    help: did you mean `amount`?
       |
     3 -   paid: sum(amonut of payments)
     3 +   paid: sum(amount of payments)
       |

    1 error in 3 files checked
    ");
    fs::write(shop.path().join("shop/shared/money.yaml"), b"metrics: \xff").expect("it writes");
    assert_snapshot!(shown(&run(&shop, &["check", "shop", "--format", "concise"])), @"
    status 1
    --- stdout
    shop/shared/money.yaml:1:1: error[K101]: this file is not UTF-8 text (byte 9 is where it stops being so); save it as UTF-8 text, and keep rule files small
    1 error in 3 files checked
    ");
    fs::remove_file(shop.path().join("shop/shared/money.yaml")).expect("it is removed");
    assert_snapshot!(shown(&run(&shop, &["check", "shop", "--format", "concise"])), @"
    status 1
    --- stdout
    shop/catalog.yaml:17:19: error[K101]: there is no file `shared/money.yaml`; paths are relative to the directory of the catalogue
    1 error in 2 files checked
    ");
    fs::create_dir(shop.path().join("shop/shared/money.yaml")).expect("a directory");
    assert_snapshot!(shown(&run(&shop, &["check", "shop", "--format", "concise"])), @"
    status 1
    --- stdout
    shop/catalog.yaml:17:19: error[K101]: `shared/money.yaml` is a directory; name the files in it, one by one
    1 error in 2 files checked
    ");
}

#[test]
fn nothing_is_declared_in_what_is_included() {
    let shop = including("shop/money.yaml", "[{ file: money.yaml, with: { payments: sales } }]");
    write(shop.path(), "shop/money.yaml", &format!("{MONEY}attributes: {{ place: city }}\n"));
    write(shop.path(), "shop/data/customers.csv", "customer_id,city\n1,Jakarta\n2,Bandung\n10,Jakarta\n9,Bandung\n");
    let before = fs::read_to_string(shop.path().join("shop/money.yaml")).expect("it is there");
    let declared = run(&shop, &["tables", "shop", "--declare"]);
    assert_eq!(declared.status.code(), Some(0), "{}", shown(&declared));
    assert_eq!(fs::read_to_string(shop.path().join("shop/money.yaml")).expect("it is there"), before);
}
