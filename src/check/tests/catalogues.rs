//! Every message about a catalogue: each mistake by itself in a shop that has no other, used by a rule that must not be
//! reported for it.

use insta::assert_snapshot;

use super::shop::SHOP;
use super::{assert_fixes_work, indented, project, rule, said};
use crate::check::{Schemas, SourceColumn, SourceType, TableSchema};
use crate::ir::ColumnKind;

const USES_MUCH: &str = "spend_90d > 5 and city = 'x' and region = 'Jakarta' and household.income > 3 and any(shoes over 30d where \
                         product.weight > 2) and aov > 1 and any(baskets where customer.points > 3 and at > 90d ago)";

/// What is said when in the shop each `from` is replaced by its `to`.
fn survey(changes: &[(&str, &str)]) -> String {
    let mut out = Vec::new();
    for (from, to) in changes {
        assert_eq!(SHOP.matches(from).count(), 1, "{from}");
        let project = project(&SHOP.replace(from, to), &rule(USES_MUCH));
        out.push(format!("{to}\n{}", indented(&said(&project, &Schemas::new()))));
        assert_fixes_work(&project, &Schemas::new());
    }
    out.join("\n")
}

#[test]
fn tables() {
    let found = survey(&[
        ("  brands: { id: brand_id, types: { brand_id: integer, brand_name: text } }", "  brands: { id: brand_id }"),
        ("    id: sku\n", "    id: skuu\n"),
        ("    id: sku\n", ""),
        ("    id: transaction_id\n", "    version: shipped_at\n"),
        ("time: purchased_at\n", "time: purchasd_at\n"),
        ("time: purchased_at\n", "time: channel\n"),
        ("time: purchased_at\n", "time: product.weight\n"),
        ("{ product: sku -> products }", "{ product: sku -> prodcts }"),
        ("{ product: sku -> products }", "{ product: skuu -> products }"),
        ("{ product: sku -> products }", "{ product: quantity -> products }"),
        ("{ product: sku -> products }", "{ product: 'sku, channel -> products' }"),
        ("{ product: sku -> products }", "{ product: sku -> products, sku: sku -> products }"),
        ("{ product: sku -> products }", "{ product: sku -> products, customer: sku -> products }"),
        ("{ product: sku -> products }", "{ product: a.x -> products, a: product.sku -> products }"),
        ("{ household: household_id -> households }", "{ household: city_id -> households }"),
        ("{ household: household_id -> households }", "{ household: household_id -> households, city: city -> households }"),
        ("subject: customer_id\n    time: purchased_at", "subject: custmer_id\n    time: purchased_at"),
        ("subject: customer_id\n    time: purchased_at", "subject: quantity\n    time: purchased_at"),
        ("subject: customer_id\n    time: purchased_at", "subject: [customer_id, channel]\n    time: purchased_at"),
        ("subject: customer_id\n    time: purchased_at", "subject: { client: customer_id }\n    time: purchased_at"),
        ("subject: customer_id\n    time: purchased_at", "time: purchased_at"),
        ("table: customers\n", "table: custmers\n"),
        ("  key: customer_id\n", "  key: client_id\n"),
        ("  table: customers\n  key", "  key"),
        ("from: sales, where: category = 'Shoes'", "from: sals, where: category = 'Shoes'"),
        ("from: sales, where: category = 'Shoes'", "from: sales, where: catgory = 'Shoes'"),
        ("from: sales, where: category = 'Shoes'", "from: sales, where: value"),
        ("from: sales, where: category = 'Shoes'", "from: shoes, where: category = 'Shoes'"),
        ("from: sales, where: category = 'Shoes'", "from: sales, where: customer.spend > 5"),
        ("status = 'paid' and quantity > 0", "status = 'paid' and customer.spend > 0"),
        ("category: product.category }", "category: product.category, sku: lower(sku) }"),
        ("category: product.category }", "category: product.category, twice: 2 * value }"),
        ("distinct: [customer_id, purchased_at]", "distinct: [customer_id, purchasd_at]"),
    ]);
    assert_snapshot!(found, @"");
}

#[test]
fn definitions() {
    let found = survey(&[
        ("  two: 1 + 1\n", "  two: spnd + 1\n"),
        ("  two: 1 + 1\n", "  two: two + 1\n"),
        ("  two: 1 + 1\n", "  two: three + 1\n  three: two_90d / 2\n"),
        ("  two: 1 + 1\n", "  two: last(channel of sales)\n"),
        ("  two: 1 + 1\n", "  two: spend > 5\n"),
        ("  two: 1 + 1\n", "  two: spend_in_2025_90d\n"),
        ("  two: 1 + 1\n", "  two: spend + visits\n"),
        ("  two: 1 + 1\n", "  two: { is: spend, unit: kg }\n"),
        ("  two: 1 + 1\n", "  two: { is: aov * visits, unit: IDR }\n"),
        ("  two: 1 + 1\n", "  spend_prev: 1 + 1\n"),
        ("  two: 1 + 1\n", "  spend_90d: 1 + 1\n"),
        ("  two: 1 + 1\n", "  spend_last_month: 1 + 1\n"),
        ("  two: 1 + 1\n", "  region: 1 + 1\n"),
        ("  two: 1 + 1\n", "  city: 1 + 1\n"),
        ("  two: 1 + 1\n", "  household: 1 + 1\n"),
        ("      loves: text\n", "      loves: text\n      spend_90d: integer\n"),
        ("      loves: text\n", "      loves: text\n      spend_prev: integer\n"),
        ("first_sale: first(at of sales)", "first_sale: first(att of sales)"),
        ("first_sale: first(at of sales)", "first_sale: first_sale"),
        ("first_sale: first(at of sales)", "first_sale: { is: first(at of sales), of: invoice }"),
        ("first_sale: first(at of sales)", "first_sale: { is: first(at of sales), unit: IDR }"),
        ("first_sale: first(at of sales)", "first_sale: { is: first(at of sales), values: [a, b] }"),
        ("values: [1, 2.5, 10]", "values: [1, many]"),
        ("region: { is: city,", "region: { is: citty,"),
        ("  spend: { is: sum(value of sales), unit: IDR }", "  spend: { is: sum(valu of sales), unit: IDR }"),
    ]);
    assert_snapshot!(found, @"");
}

fn column(name: &str, ty: SourceType) -> SourceColumn {
    SourceColumn { name: name.to_owned(), ty, nullable: true }
}

#[test]
fn data_against_the_catalogue() {
    let catalog = "\
kohort: 1
subject: { name: customer, table: customers, key: customer_id }
tables:
  customers:
    types: { customer_id: text, amount: decimal(2), joined: date, ghst: text, age_text: integer, big: text, list: list of text }
    rename: { town: Kota, village: Dessa, customer_id2: Kota }
  empty: { subject: customer_id }
";
    let customers = vec![
        column("customer_id", SourceType::Kind(ColumnKind::Integer { digits: 10 })),
        column("amount", SourceType::Float),
        column("points", SourceType::Float),
        column("joined", SourceType::Kind(ColumnKind::Timestamp)),
        column("Kota", SourceType::Kind(ColumnKind::Text)),
        column("Desa", SourceType::Kind(ColumnKind::Text)),
        column("age_text", SourceType::Kind(ColumnKind::Text)),
        column("blob", SourceType::Other("Binary".to_owned())),
        column("big", SourceType::Other("Struct".to_owned())),
        column("list", SourceType::Untyped(ColumnKind::Text)),
        column("ghost", SourceType::Untyped(ColumnKind::Text)),
    ];
    let mut schemas = Schemas::new();
    schemas.insert("customers", TableSchema { columns: customers });
    schemas.insert("empty", TableSchema::default());
    let project = project(catalog, &rule("points > 5 and blob = 'x' and amount > 2.50 and big = 'x' and town = 'x'"));
    assert_snapshot!(said(&project, &schemas), @"");
    assert_fixes_work(&project, &schemas);
}

#[test]
fn keys_of_subjects_without_a_table() {
    let catalog = "\
kohort: 1
subject: { name: customer, key: customer_id, lookups: { home: city -> cities } }
tables:
  cities: { id: city, types: { city: text } }
  sales: { subject: customer_id, time: at_time, types: { customer_id: integer, at_time: timestamp } }
  calls: { subject: client, types: { client: text } }
attributes:
  customer_id: count(sales)
";
    let project = project(catalog, &rule("any(sales) and customer_key > 5 and home.city = 'x'"));
    assert_snapshot!(said(&project, &Schemas::new()), @"");
    let nobody = "kohort: 1\nsubject: { name: customer, key: customer_id }\ntables:\n  sales: { types: { customer_id: integer } }\n";
    assert_snapshot!(said(&super::project(nobody, &rule("customer_id = 5")), &Schemas::new()), @"");
}
