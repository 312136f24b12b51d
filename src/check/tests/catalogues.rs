//! Every message about a catalogue: each mistake by itself in a shop that has no other, used by a rule that must not be
//! reported for it.

use insta::assert_snapshot;

use super::shop::SHOP;
use super::{assert_fixes_work, compiled, indented, project, rule, said};
use crate::catalog::model::TimeForm;
use crate::check::{Schemas, SourceColumn, SourceType, TableSchema};
use crate::ir::{ColumnKind, NonFinite};

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
        (
            "{ household: household_id -> households }",
            "{ household: household_id -> households, city: city -> households }",
        ),
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
    assert_snapshot!(found, @r#"
      brands: { id: brand_id }
        K410 [brands] the columns of table `brands` are not known: its data is not here, and no `types:` are declared | declare them so that rules can be checked without the data: `types: { brand_id: text, … }`
        id: skuu

        K301 [skuu] rows of `products` have no column `skuu` | did you mean `sku`? | => id: sku

        K106 [products] table `products` is looked up, but nothing says what identifies its rows | add `id:` with its key column to `products`
        version: shipped_at

        K106 [shipped_at] `transactions` has a `version:` but no `id:` | a version tells which of several rows with one id is the row: name the id column
    time: purchasd_at

        K301 [purchasd_at] rows of `transactions` have no column `purchasd_at` | did you mean `purchased_at`? | => time: purchased_at
    time: channel

        K401 [channel] `channel` says when a row happened, and it holds texts, not dates or times | declare its type: `types: { channel: timestamp }`
    time: product.weight

        K401 [product.weight] `product.weight` says when a row happened, and it holds numbers, not dates or times | name a column that holds dates or times
    { product: sku -> prodcts }
        K301 [prodcts] there is no table `prodcts` | did you mean `products`? | => lookups: { product: sku -> products }
    { product: skuu -> products }
        K301 [skuu] rows of `transactions` have no column `skuu` | did you mean `sku`? | => lookups: { product: sku -> products }
    { product: quantity -> products }
        K408 [quantity] this key is a whole number, and the key of `products` is a text: they are never equal | declare the type of one of them in `types:`, so that both are texts
    { product: 'sku, channel -> products' }
        K408 [sku] `products` is identified by 1 column, and 2 are named here | name one column for each of them, in their order: `line: invoice_no, line_no -> lines`
    { product: sku -> products, sku: sku -> products }
        K302 [sku] the lookup `sku` has the name of a column of `transactions` | give the lookup another name
    { product: sku -> products, customer: sku -> products }
        K302 [customer] the lookup `customer` has the name of a kind of subject | give the lookup another name
    { product: a.x -> products, a: product.sku -> products }
        K305 [product] the lookup `product` is found by itself | its key, or the table it leads to, leads back to it: break the circle
    { household: city_id -> households }
        K301 [city_id] rows of `customers` have no column `city_id` | did you mean `city`? | => lookups: { household: city -> households }
    { household: household_id -> households, city: city -> households }
        K302 [city] the lookup `city` has the name of a column of `customers` | give the lookup another name
    subject: custmer_id
        time: purchased_at
        K301 [custmer_id] rows of `transactions` have no column `custmer_id` | did you mean `customer_id`? | => subject: customer_id
    subject: quantity
        time: purchased_at
        K408 [quantity] `transactions` names its subject by a whole number, and the key of `customer` is a text | keys of different kinds are never equal: declare the type of one of them in `types:`
    subject: [customer_id, channel]
        time: purchased_at
        K408 [customer_id] the key of `customer` is 1 column, and 2 are named here | name one column for each of them, in their order: `subject: [shop_no, customer_no]`
    subject: { client: customer_id }
        time: purchased_at
        K301 [client] there is no kind of subject `client` | the catalogue has `customer`
    time: purchased_at
        K306 [sales] rows of `sales` do not say which `customer` they belong to | add `subject:` to `transactions`, with the column that holds the customer's key
    table: custmers

        K301 [custmers] there is no table `custmers` | did you mean `customers`? | => table: customers
      key: client_id

        K301 [client_id] rows of `customers` have no column `client_id` | it has `customer_id`, `city`, `birth_date`, `joined`, `tags`, `active`, `household_id`, `points` and 2 more
      key
        K106 [household] `customer` has no table, so it has nothing to look up by | give it a `table:`, or put the lookup on an event table
        K301 [city] a customer has nothing called `city` | there are `aov`, `best_sale`, `evenness`, `first_sale`, `grade`, `opinion`, `orders`, `region` and 4 more
        K301 [points] a customer has nothing called `points` | there are `aov`, `best_sale`, `evenness`, `first_sale`, `grade`, `opinion`, `orders`, `region` and 4 more
        K301 [city] a customer has nothing called `city` | there are `aov`, `best_sale`, `evenness`, `first_sale`, `grade`, `opinion`, `orders`, `region` and 4 more
        K301 [points] a customer has nothing called `points` | there are `aov`, `best_sale`, `evenness`, `first_sale`, `grade`, `opinion`, `orders`, `region` and 4 more
    from: sals, where: category = 'Shoes'
        K301 [sals] there is no table `sals` | did you mean `sales`? | => shoes: { from: sales, where: category = 'Shoes' }
    from: sales, where: catgory = 'Shoes'
        K301 [catgory] rows of `sales` have no column `catgory` | did you mean `category`? | => shoes: { from: sales, where: category = 'Shoes' }
    from: sales, where: value
        K407 [value] a condition is expected here, and this is a number | compare it with something, as in `… > 500`
    from: shoes, where: category = 'Shoes'
        K305 [shoes] table `shoes` is made from itself | a derived table, or a metric it uses, leads back to it: break the circle
    from: sales, where: customer.spend > 5

    status = 'paid' and customer.spend > 0
        K305 [sales] table `sales` is made from itself | a derived table, or a metric it uses, leads back to it: break the circle
    category: product.category, sku: lower(sku) }
        K302 [sku] `transactions` already has a column `sku` | give the new column another name, so that everybody knows which one is meant
    category: product.category, twice: 2 * value }
        K301 [value] rows of `transactions` have no column `value` | `value` is made here too, and new columns cannot use each other: make `twice` in a table of its own, `from:` this one
    distinct: [customer_id, purchasd_at]
        K301 [purchasd_at] rows of `baskets` have no column `purchasd_at` | did you mean `purchased_at`? | => baskets: { from: sales, distinct: [customer_id, purchased_at] }
    "#);
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
    assert_snapshot!(found, @r#"
      two: spnd + 1

        K301 [spnd] a customer has nothing called `spnd` | did you mean `spend`? | => two: spend + 1
      two: two + 1

        K305 [two] metric `two` is defined by itself | its definition leads back to it: break the circle
      two: three + 1
      three: two_90d / 2

        K305 [three] metric `three` is defined by itself | its definition leads back to it: break the circle
      two: last(channel of sales)

        K401 [two] a metric is a number, and `two` is a text | define it under `attributes:`; a window stands in its brackets, as in `last(… of … over 90d)`
      two: spend > 5

        K407 [spend > 5] a value is expected here, and this is a condition | a condition stands by itself, joined by `and` and `or`; to count where it holds, write `count(… where …)`
      two: spend_in_2025_90d

        K406 [spend_in_2025_90d] a second window is put on what already has one | +[sum(value of sales over 2025-01-01 to 2025-12-31)] the first window is here | leave one of the two out; a metric without a window takes one wherever it is used
      two: spend + visits

        K403 [spend + visits] IDR is added to a count | amounts of one unit can be added; a `unit:` in the catalogue may be missing or wrong
      two: { is: spend, unit: kg }

        K403 [kg] `two` is declared in kg, but it is made of IDR | leave `unit:` out, or declare the unit where the amounts are counted
      two: { is: aov * visits, unit: IDR }


      spend_prev: 1 + 1

        K303 [spend_prev] the metric `spend_prev` could also be read as metric `spend` with a window | +[spend] the metric | give one of the two another name
      spend_90d: 1 + 1

        K303 [spend_90d] the metric `spend_90d` could also be read as metric `spend` with a window | +[spend] the metric | give one of the two another name
      spend_last_month: 1 + 1

        K303 [spend_last_month] the metric `spend_last_month` could also be read as metric `spend` with a window | +[spend] the metric | give one of the two another name
      region: 1 + 1

        K302 [region] `region` is an attribute already | +[region] the attribute | give one of them another name
      city: 1 + 1

        K302 [city] the metric `city` has the name of a column of `customers` | give it another name; every column of the subject table is an attribute already
      household: 1 + 1

        K302 [household] the metric `household` has the name of a lookup | give it another name; every column of the subject table is an attribute already
          loves: text
          spend_90d: integer

        K303 [spend] the column `spend_90d` of `customers` could also be read as metric `spend` with a window | give one of the two another name
          loves: text
          spend_prev: integer

        K303 [spend] the column `spend_prev` of `customers` could also be read as metric `spend` with a window | give one of the two another name
    first_sale: first(att of sales)
        K301 [att] rows of `sales` have no column `att` | it has `transaction_id`, `customer_id`, `purchased_at`, `shipped_at`, `sku`, `status`, `channel`, `quantity` and 4 more
    first_sale: first_sale
        K305 [first_sale] attribute `first_sale` is defined by itself | its definition leads back to it: break the circle
    first_sale: { is: first(at of sales), of: invoice }
        K301 [invoice] there is no kind of subject `invoice` | the catalogue has `customer`
    first_sale: { is: first(at of sales), unit: IDR }
        K403 [IDR] `first_sale` is a time, and only numbers have units | leave `unit:` out
    first_sale: { is: first(at of sales), values: [a, b] }
        K401 [a] `first_sale` is a time, and `a` is not one | only texts and numbers have `values:`
    values: [1, many]
        K401 [many] `grade` is a number, and `many` is not one | list numbers only
    region: { is: citty,
        K301 [citty] a customer has nothing called `citty` | did you mean `city`? | => region: { is: city, values: [Jakarta, Bandung, Surabaya] }
      spend: { is: sum(valu of sales), unit: IDR }
        K301 [valu] rows of `sales` have no column `valu` | did you mean `value`? | => spend: { is: sum(value of sales), unit: IDR }
    "#);
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
    types: { customer_id: text, amount: decimal(2), joined: date, ghst: text, age_text: integer, big: text, list: list of text, labels: list of text, words: text }
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
        column("labels", SourceType::Untyped(ColumnKind::TextList)),
        column("words", SourceType::Untyped(ColumnKind::TextList)),
        column("ghost", SourceType::Untyped(ColumnKind::Text)),
    ];
    let mut schemas = Schemas::new();
    schemas.insert("customers", TableSchema { columns: customers });
    schemas.insert("empty", TableSchema::default());
    let project = project(catalog, &rule("points > 5 and blob = 'x' and amount > 2.50 and big = 'x' and town = 'x'"));
    assert_snapshot!(said(&project, &schemas), @r#"
    K412 note [text] `customer_id` of `customers` is integer in the data; it is read as the declared text
    K409 [date] `joined` of `customers` is declared date, but the data has timestamp, which cannot be read as that | declare timestamp | => types: { customer_id: text, amount: decimal(2), joined: timestamp, ghst: text, age_text: integer, big: text, list: list of text, labels: list of text, words: text }
    K602 [ghst] the data of `customers` has no column `ghst` | did you mean `ghost`?
    K412 note [integer] `age_text` of `customers` is text in the data; it is read as the declared integer
    K409 [text] `big` of `customers` is declared text, but the data has Struct, which cannot be read as that | declare another type, or change the data
    K409 [list of text] `list` of `customers` is declared list of text, but the data has text, which cannot be read as that | lists come from NDJSON, Parquet or Arrow: declare `text`, or hand the data over as one of them
    K409 [text] `words` of `customers` is declared text, but the data has list of text, which cannot be read as that | declare list of text | => types: { customer_id: text, amount: decimal(2), joined: date, ghst: text, age_text: integer, big: text, list: list of text, labels: list of text, words: list of text }
    K602 [Dessa] the data of `customers` has no column `Dessa` | did you mean `Desa`?
    K302 [customer_id2] `Kota` of `customers` is renamed twice | keep one name for each column
    K602 [empty] the data of `empty` has no columns | look at the source: is it the right file, and does a CSV file have its line of names?
    K405 [points] `points` is binary floating point, which is not exact | say how many digits after the point it has: `types: { points: decimal(2) }` in `customers`
    K411 [blob] `blob` is of type Binary, which kohort cannot use | prepare the column as text, number, date, timestamp, bool or list of text
    "#);
    assert_fixes_work(&project, &schemas);
}

#[test]
fn how_values_are_read_is_part_of_the_meaning() {
    let base = |reading: &str| {
        let catalog = format!(
            "kohort: 1\nsubject: {{ name: customer, key: id }}\ntables:\n  sales:\n    source: a.csv\n    subject: id\n    \
             types: {{ id: text }}\n{reading}"
        );
        compiled(&project(&catalog, &rule("any(sales)"))).base_tables.remove(0)
    };
    let usual = base("");
    assert_eq!((usual.nulls, usual.times, usual.skips_bad_rows), (None, vec![], false));
    assert_eq!(usual.not_a_number, NonFinite::default());
    let said = base("    reading: { nulls: [n/a, NaN, -Inf], times: [unix_ms, '%d.%m.%Y'] }\n    on_error: skip\n");
    assert_eq!(said.nulls, Some(vec!["n/a".to_owned(), "NaN".to_owned(), "-Inf".to_owned()]));
    assert_eq!(said.times, [TimeForm::UnixMillis, TimeForm::Pattern("%d.%m.%Y".to_owned())]);
    assert_eq!(said.not_a_number, NonFinite { nan_is_unknown: true, infinity_is_unknown: true });
    assert!(said.skips_bad_rows);
    let one = |nulls: &str| base(&format!("    reading: {{ nulls: {nulls} }}\n")).not_a_number;
    assert_eq!(one("[nan]"), NonFinite { nan_is_unknown: true, infinity_is_unknown: false });
    assert_eq!(one("[Infinity]"), NonFinite { nan_is_unknown: false, infinity_is_unknown: true });
    assert_eq!(one("[information, n, '']"), NonFinite::default());
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
    assert_snapshot!(said(&project, &Schemas::new()), @r#"
    K106 [home] `customer` has no table, so it has nothing to look up by | give it a `table:`, or put the lookup on an event table
    K408 [client] `calls` names its subject by a text, and the key of `sales` is a whole number | keys of different kinds are never equal: declare the type of one of them in `types:`
    K302 [customer_id] `customer_id` is the key of a `customer` already | give it another name
    K301 [customer_key] a customer has nothing called `customer_key` | did you mean `customer_id`? | => any(sales) and customer_id > 5 and home.city = 'x'
    "#);
    let nobody = "kohort: 1\nsubject: { name: customer, key: customer_id }\ntables:\n  sales: { types: { customer_id: integer } }\n";
    assert_snapshot!(said(&super::project(nobody, &rule("customer_id = 5")), &Schemas::new()), @"K106 [customer] nothing says who the `customer`s are | give it a `table:`, or name its key in an event table: `subject: customer_id`");
}
