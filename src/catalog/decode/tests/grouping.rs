//! Tables by grouping: their keys and what they are called.

use insta::assert_snapshot;

use super::{said, sound};
use crate::catalog::model::{DerivedTable, TableKind};
use crate::syntax::ast::{Expr, Ident};
use crate::syntax::print;

/// The table `t`, made from `sales` with these further keys.
fn table(keys: &str) -> DerivedTable {
    let catalog =
        sound(&format!("kohort: 1\nsubject: {{ name: customer, key: id }}\ntables:\n  t:\n    from: sales\n{keys}"));
    match catalog.tables.into_iter().next().map(|table| table.kind) {
        Some(TableKind::Derived(table)) => table,
        other => panic!("{other:?}"),
    }
}

/// Its keys, `name: expression`.
fn keys(written: &str) -> String {
    let grouping = table(written).grouping.expect("a grouping");
    let key = |(name, expr): &(Ident, Expr)| format!("{}: {}", name.text, print(expr));
    grouping.keys.iter().map(key).collect::<Vec<_>>().join(", ")
}

/// What is said of a table with these further keys.
fn complaint(keys: &str) -> String {
    said(&format!("tables:\n  t:\n    from: sales\n{keys}"))
}

#[test]
fn keys_have_the_names_they_would_be_given() {
    assert_eq!(keys("    group_by: invoice_no\n"), "invoice_no: invoice_no");
    assert_eq!(keys("    group_by: product.category\n"), "category: product.category");
    assert_eq!(keys("    group_by: day(at)\n"), "day: day(at)");
    assert_eq!(keys("    group_by: '`Nomor Nota`'\n"), "Nomor Nota: `Nomor Nota`");
    assert_eq!(keys("    group_by: [sku, MONTH(at), store.city]\n"), "sku: sku, month: month(at), city: store.city");
    assert_eq!(
        keys("    group_by:\n    - coalesce(sku, 'none')\n    - day(at)\n"),
        "coalesce: coalesce(sku, 'none'), day: day(at)"
    );
    assert_eq!(keys("    group_by: { shop_day: day(at), big: value > 100 }\n"), "shop_day: day(at), big: value > 100");
}

#[test]
fn a_whole_table_by_grouping() {
    let made = table(
        "    where: value > 0\n    group_by: invoice_no\n    time: max(at)\n\
         \x20   columns: { value: sum(value), lines: count(), big: count(where value > 9), p90: 'percentile(90, value)' }\n",
    );
    assert_eq!(made.filter.as_ref().map(print).as_deref(), Some("value > 0"));
    assert_eq!(
        made.grouping.as_ref().and_then(|grouping| grouping.time.as_ref()).map(print).as_deref(),
        Some("max(at)")
    );
    let columns: Vec<_> = made.columns.iter().map(|(name, expr)| format!("{}: {}", name.text, print(expr))).collect();
    assert_eq!(
        columns,
        ["value: sum(value)", "lines: count()", "big: count(where value > 9)", "p90: percentile(90, value)"]
    );
    assert!(made.distinct.is_empty());
    let plain = table("    group_by: sku\n");
    assert!(plain.columns.is_empty() && plain.grouping.is_some_and(|grouping| grouping.time.is_none()));
}

#[test]
fn keys_without_a_name() {
    assert_snapshot!(complaint("    group_by: value > 100\n"), @"K106 6:15 this key needs a name: `value > 100` gives it none | name it in a map, as in `group_by: { name: … }`");
    assert_snapshot!(complaint("    group_by: [sku, quantity * 2, 'x']\n"), @"K106 6:21 this key needs a name: `quantity * 2` gives it none | name it in a map, as in `group_by: { name: … }`");
    assert_snapshot!(complaint("    group_by: [product.category, category, day(at), day(shipped)]\n"), @"
    K302 6:34 two keys would be called `category` [the first one: `product.category`] | name them in a map, as in `group_by: { category: …, other_category: … }`
    K302 6:53 two keys would be called `day` [the first one: `day(at)`] | name them in a map, as in `group_by: { day: …, other_day: … }`
    ");
    assert_snapshot!(complaint("    group_by: { a: sku, '`a`': day(at) }\n"), @"K302 6:26 the name `a` is given twice in `group_by` [first given here: `a`] | give one of the two another name");
}

#[test]
fn keys_of_another_shape() {
    assert_snapshot!(complaint("    group_by:\n"), @"K106 6:5 `group_by` has no value | write one, or remove the key; put it in quotes if the word itself is meant");
    assert_snapshot!(complaint("    group_by: []\n"), @"K107 6:15 `group_by` names nothing to group by | name a column, as in `group_by: invoice_no`; what there is once for each subject is an attribute or a metric");
    assert_snapshot!(complaint("    group_by: {}\n"), @"K107 6:15 `group_by` names nothing to group by | name a column, as in `group_by: invoice_no`; what there is once for each subject is an attribute or a metric");
    assert_snapshot!(complaint("    group_by: sku, day(at)\n"), @"K107 6:15 several keys stand in a list, found `sku, day(at)` | write `group_by: [sku, day(at)]`, or one a line after `- `");
    assert_snapshot!(complaint("    group_by: [sku, { shop_day: day(at) }, [a]]\n"), @"
    K107 6:23 an item of `group_by` must be an expression, found keys with values | to name keys, write all of them as a map: `group_by: { sku: sku, shop_day: day(at) }`
    K107 6:45 an item of `group_by` must be an expression, found a list | to name keys, write all of them as a map: `group_by: { sku: sku, shop_day: day(at) }`
    ");
    assert_snapshot!(complaint("    group_by: [sku, ~]\n"), @"K106 6:21 an item of `group_by` has no value | write one, or remove the key; put it in quotes if the word itself is meant");
    assert_snapshot!(complaint("    group_by: [coalesce(a, b)]\n"), @"K108 6:16 YAML cuts `coalesce(a, b)` at `,` (YAML reads only `coalesce(a`) | fix: coalesce(a, b) => 'coalesce(a, b)'");
    assert_snapshot!(complaint("    group_by: { a: b = }\n"), @"K201 6:22 nothing follows `=`");
    assert_snapshot!(complaint("    group_by: { 1: b }\n"), @"K304 6:17 a name such as `big_spenders` is expected, found `1` | a name is made of letters, digits and `_` and starts with no digit; anything else stands in backticks");
    assert_snapshot!(complaint("    groupby: sku\n"), @"K104 6:5 unknown key `groupby` in table `t` | fix: groupby => group_by");
}

#[test]
fn columns_and_keys_share_one_namespace() {
    assert_snapshot!(complaint("    group_by: [sku, product.category]\n    columns: { category: first(x), sku: count() }\n"), @"
    K302 7:16 `category` is a key of the grouping already [the key: `category`] | a key is a column of the table by itself; give this column another name, or leave it out
    K302 7:36 `sku` is a key of the grouping already [the key: `sku`] | a key is a column of the table by itself; give this column another name, or leave it out
    ");
}

#[test]
fn what_does_not_go_with_it() {
    assert_snapshot!(complaint("    group_by: sku\n    distinct: [sku]\n    id: sku\n    lookups: { a: b -> c }\n"), @"
    K104 7:5 unknown key `distinct` in table `t` | there is one row for each key already; to make fewer of them, make another table `from:` this one
    K104 8:5 unknown key `id` in table `t` | a table by grouping has the subject of the table it is made from, and its keys tell its rows apart; remove it
    K104 9:5 unknown key `lookups` in table `t` | a table by grouping has the subject of the table it is made from, and its keys tell its rows apart; remove it
    ");
    assert_snapshot!(complaint("    time: shipped\n"), @"K104 6:5 unknown key `time` in table `t` | its rows happened when those of the table it is made from did; one with `group_by:` can have its own `time:`");
    assert_snapshot!(said("tables:\n  t: { source: a.csv, group_by: b }\n"), @"K104 4:23 unknown key `group_by` in table `t` | only a table made from another has it: name that one with `from:`");
}
