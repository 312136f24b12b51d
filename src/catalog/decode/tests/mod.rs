mod grouping;
mod reading;
mod times;

use chrono::Weekday;
use insta::assert_snapshot;

use super::decode;
use crate::catalog::model::{Catalog, ColumnType, FileFormat, LookupDef, TableKind, WindowMode};
use crate::source::Sources;
use crate::source::yaml::{self, tests::render};
use crate::syntax::ast::{ExprKind, Ident, Path};

/// A catalogue read from text, and what was said about it.
fn read(text: &str) -> (Option<Catalog>, String) {
    let mut sources = Sources::new();
    let file = sources.add("catalog.yaml", text);
    let mut out = Vec::new();
    let catalog = yaml::parse(file, text, &mut out).and_then(|node| decode(&node, &mut out));
    let said = out.iter().map(|finding| render(&sources, finding)).collect::<Vec<_>>().join("\n");
    (catalog, said)
}

#[track_caller]
fn sound(text: &str) -> Catalog {
    let (catalog, said) = read(text);
    assert_eq!(said, "");
    catalog.expect("a catalogue")
}

/// What is said about a catalogue whose head is in order.
fn said(rest: &str) -> String {
    read(&format!("kohort: 1\nsubject: {{ name: customer, key: id }}\n{rest}")).1
}

fn words(names: &[Ident]) -> Vec<&str> {
    names.iter().map(|name| name.text.as_str()).collect()
}

fn dotted(path: &Path) -> String {
    path.parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(".")
}

fn arrow(lookup: &LookupDef) -> String {
    let keys: Vec<_> = lookup.keys.iter().map(dotted).collect();
    format!("{}: {} -> {}", lookup.name.text, keys.join(", "), lookup.table.text)
}

const WHOLE: &str = "\
kohort: 1
timezone: Asia/Jakarta
currency: IDR
week_starts: sunday
windows: days
subject:
  name: customer
  table: customers
  key: customer_id
  lookups: { household: household_id -> households }
tables:
  customers:
    source: data/customers.parquet
    types: { customer_id: text, birth_date: date, tags: list of text, amount: decimal(2), n: integer, b: bool, t: timestamp }
    rename: { city: 'Kota' }
  transactions:
    source: data/transactions/*.csv
    format: csv
    subject: customer_id
    time: sold_on.date
    timezone: Asia/Makassar
    id: [invoice_no, line]
    version: updated_at
    lookups: { product: sku -> products, spot: 'store.region_id, shelf -> spots' }
  sales:
    from: transactions
    where: status = 'paid' and quantity > 0
    columns:
      value: quantity * unit_price
      category: product.category
    distinct: [transaction_id, product.sku]
  handed_over:
attributes:
  region: { is: city, values: [Jakarta, no, 00017], label: Region, of: customer }
  country: last(country of sales)
metrics:
  spend: { is: sum(value of sales), unit: IDR, label: Net spend, description: What was paid. }
  visits: count(distinct day(at) of sales)
";

#[test]
fn settings_and_subject() {
    let catalog = sound(WHOLE);
    assert_eq!(catalog.timezone, chrono_tz::Asia::Jakarta);
    assert_eq!(catalog.currency.map(|currency| currency.value).as_deref(), Some("IDR"));
    assert_eq!((catalog.week_starts, catalog.windows), (Weekday::Sun, WindowMode::Days));
    let [subject] = &catalog.subjects[..] else { panic!("{:?}", catalog.subjects) };
    assert_eq!(subject.name.text, "customer");
    assert_eq!(subject.table.as_ref().map(|table| table.text.as_str()), Some("customers"));
    assert_eq!(words(&subject.key), ["customer_id"]);
    assert_eq!(arrow(&subject.lookups[0]), "household: household_id -> households");
}

#[test]
fn tables_with_rows_of_their_own() {
    let catalog = sound(WHOLE);
    let TableKind::Source(customers) = &catalog.tables[0].kind else { panic!("derived") };
    assert_eq!(customers.source.as_ref().map(|source| source.value.as_str()), Some("data/customers.parquet"));
    let types: Vec<_> = customers.types.iter().map(|(name, kind)| (name.text.as_str(), kind.value)).collect();
    assert_eq!(
        types,
        [
            ("customer_id", ColumnType::Text),
            ("birth_date", ColumnType::Date),
            ("tags", ColumnType::TextList),
            ("amount", ColumnType::Decimal(2)),
            ("n", ColumnType::Integer),
            ("b", ColumnType::Bool),
            ("t", ColumnType::Timestamp),
        ]
    );
    assert_eq!((customers.rename[0].0.text.as_str(), customers.rename[0].1.value.as_str()), ("city", "Kota"));
    let TableKind::Source(transactions) = &catalog.tables[1].kind else { panic!("derived") };
    assert_eq!(transactions.format.as_ref().map(|format| format.value), Some(FileFormat::Csv));
    assert_eq!(transactions.time.as_ref().map(dotted).as_deref(), Some("sold_on.date"));
    assert_eq!(transactions.timezone, Some(chrono_tz::Asia::Makassar));
    assert_eq!(words(&transactions.id), ["invoice_no", "line"]);
    assert_eq!(transactions.version.as_ref().map(|version| version.text.as_str()), Some("updated_at"));
    let [(None, key)] = &transactions.subject[..] else { panic!("{:?}", transactions.subject) };
    assert_eq!(key.iter().map(dotted).collect::<Vec<_>>(), ["customer_id"]);
    let lookups: Vec<_> = transactions.lookups.iter().map(arrow).collect();
    assert_eq!(lookups, ["product: sku -> products", "spot: store.region_id, shelf -> spots"]);
    let shelf = transactions.lookups[1].keys[1].parts[0].span;
    assert_eq!(&WHOLE[shelf.range()], "shelf");
    let TableKind::Source(handed_over) = &catalog.tables[3].kind else { panic!("derived") };
    assert!(handed_over.source.is_none() && handed_over.subject.is_empty());
}

#[test]
fn derived_tables() {
    let catalog = sound(WHOLE);
    let TableKind::Derived(sales) = &catalog.tables[2].kind else { panic!("source") };
    assert_eq!(sales.from.text, "transactions");
    assert!(matches!(sales.filter.as_ref().map(|filter| &filter.kind), Some(ExprKind::And(both)) if both.len() == 2));
    let columns: Vec<_> = sales.columns.iter().map(|(name, expr)| (name.text.as_str(), expr.span)).collect();
    assert_eq!(columns[0].0, "value");
    assert_eq!(&WHOLE[columns[1].1.range()], "product.category");
    assert_eq!(sales.distinct.iter().map(dotted).collect::<Vec<_>>(), ["transaction_id", "product.sku"]);
}

#[test]
fn short_and_long_definitions() {
    let catalog = sound(WHOLE);
    let [region, country] = &catalog.attributes[..] else { panic!("{:?}", catalog.attributes) };
    let values: Vec<_> = region.values.iter().flatten().map(|value| value.value.as_str()).collect();
    assert_eq!(values, ["Jakarta", "no", "00017"]);
    assert_eq!(
        (region.label.as_deref(), region.of.as_ref().map(|of| of.text.as_str())),
        (Some("Region"), Some("customer"))
    );
    assert!(matches!(country.is.kind, ExprKind::Aggregate(_)) && country.values.is_none());
    let [spend, visits] = &catalog.metrics[..] else { panic!("{:?}", catalog.metrics) };
    assert_eq!(spend.unit.as_ref().map(|unit| unit.value.as_str()), Some("IDR"));
    assert_eq!(spend.description.as_deref(), Some("What was paid."));
    assert!(matches!(visits.is.kind, ExprKind::Aggregate(_)) && visits.unit.is_none());
}

#[test]
fn several_kinds_of_subject() {
    let catalog = sound(
        "kohort: 1\nsubjects:\n  customer: { key: customer_id }\n  invoice: { table: invoices, key: [shop, 'no'] }\n\
         tables:\n  t: { source: t.csv, subject: { customer: customer_id, invoice: [shop, invoice.number] } }\n",
    );
    let kinds: Vec<_> = catalog.subjects.iter().map(|kind| (kind.name.text.as_str(), words(&kind.key))).collect();
    assert_eq!(kinds, [("customer", vec!["customer_id"]), ("invoice", vec!["shop", "no"])]);
    let TableKind::Source(table) = &catalog.tables[0].kind else { panic!("derived") };
    let keys: Vec<_> = table
        .subject
        .iter()
        .map(|(kind, key)| (kind.as_ref().map(|kind| kind.text.as_str()), key.iter().map(dotted).collect::<Vec<_>>()))
        .collect();
    assert_eq!(
        keys,
        [
            (Some("customer"), vec!["customer_id".to_owned()]),
            (Some("invoice"), vec!["shop".to_owned(), "invoice.number".to_owned()]),
        ]
    );
    assert_eq!(
        (catalog.timezone, catalog.week_starts, catalog.windows),
        (chrono_tz::UTC, Weekday::Mon, WindowMode::Exact)
    );
}

#[test]
fn a_key_of_two_columns() {
    let catalog = sound("kohort: 1\nsubject: { name: shop, key: [a, b] }\ntables: { t: { subject: [x, y.z] } }\n");
    let TableKind::Source(table) = &catalog.tables[0].kind else { panic!("derived") };
    assert_eq!(table.subject[0].1.iter().map(dotted).collect::<Vec<_>>(), ["x", "y.z"]);
}

#[test]
fn names_are_composed_and_backticks_taken_away() {
    let catalog =
        sound("kohort: 1\nsubject: { name: kunde, key: nu\u{301}mero }\nmetrics:\n  '`Total Belanja`': count(t)\n");
    assert_eq!(catalog.subjects[0].key[0].text, "n\u{fa}mero");
    assert_eq!(catalog.metrics[0].name.text, "Total Belanja");
}

#[test]
fn the_head_of_the_file() {
    assert_snapshot!(read("").1, @"
    K106 1:1 the catalogue lacks the key `subject` | say what the groups are made of: `subject: { name: customer, key: customer_id }`
    K106 1:1 the catalogue lacks the key `kohort` | begin the file with `kohort: 1`, the version of the language
    ");
    assert_snapshot!(read("just text\n").1, @"K107 1:1 the catalogue must be keys with values, found text | write `key: value` pairs, one a line and indented");
    assert_snapshot!(read("subject: { name: customer, key: id }\n").1, @"K106 1:1 the catalogue lacks the key `kohort` | begin the file with `kohort: 1`, the version of the language");
    assert_snapshot!(read("kohort: 2\nsubject: { name: customer, key: id }\n").1, @"K111 1:9 language version `2` is not known | this kohort reads version 1: write `kohort: 1` | fix: 2 => 1");
    assert_snapshot!(read("kohort: 1\nsubject: customer_id\n").1, @"K107 2:10 `subject` must be keys with values, found text | write `subject: { name: customer, key: customer_id }`");
    assert_snapshot!(read("kohort: 1\nsubject: { nam: customer, key: id }\n").1, @"K104 2:12 unknown key `nam` in `subject` | fix: nam => name");
    assert_snapshot!(read("kohort: 1\nsubject: { name: customer }\nsubjects: { a: { key: b } }\n").1, @"K107 3:11 both `subject` and `subjects` are written [`subject`: `{ name: customer }`] | one kind of subject stands in `subject:`, several stand in `subjects:`");
    assert_snapshot!(read("kohort: 1\nsubjects:\n").1, @"K106 2:1 `subjects` names no kind of subject | name one and its key: `subjects: { customer: { key: customer_id } }`");
    assert_snapshot!(read("kohort: 1\nsubjects: { a: { name: b, key: c } }\n").1, @"K104 2:18 unknown key `name` in subject `a` | the name is the key above; remove `name:`");
}

#[test]
fn settings_with_other_values() {
    assert_snapshot!(said("timezone: Asia/Jakata\n"), @"K111 3:11 `Asia/Jakata` is not a time zone | fix: Asia/Jakata => Asia/Jakarta");
    assert_snapshot!(said("timezone: WIB\n"), @"K111 3:11 `WIB` is not a time zone | fix: WIB => Asia/Jakarta");
    assert_snapshot!(said("timezone: new york\n"), @"K111 3:11 `new york` is not a time zone | fix: new york => America/New_York");
    assert_snapshot!(said("timezone: here\n"), @"K111 3:11 `here` is not a time zone | write the name of a zone as in the IANA list: `Asia/Jakarta`, `Europe/London`, `UTC`");
    assert_snapshot!(said("timezone:\n"), @"K106 3:1 `timezone` has no value | write one, or remove the key; put it in quotes if the word itself is meant");
    assert_snapshot!(said("week_starts: munday\n"), @"K111 3:14 `munday` is not a day of the week | fix: munday => monday");
    assert_snapshot!(said("week_starts: 1\n"), @"K111 3:14 `1` is not a day of the week | write one of `monday`, `tuesday`, `wednesday`, `thursday`, `friday`, `saturday`, `sunday`");
    assert_snapshot!(said("windows: [days]\n"), @"K107 3:11 `windows` must be text, found a list | remove the `[ ]` or `-`; put text that begins with `[` in quotes");
    assert_snapshot!(said("windows: rolling\n"), @"K111 3:10 `rolling` is not a way to count windows | write one of `exact`, `days`");
    assert_snapshot!(said("currency: ~\n"), @"K106 3:11 `currency` has no value | write one, or remove the key; put it in quotes if the word itself is meant");
}

#[test]
fn unknown_keys() {
    assert_snapshot!(said("tabels: {}\n"), @"K104 3:1 unknown key `tabels` in the catalogue | fix: tabels => tables");
    assert_snapshot!(said("Metrics: {}\n"), @"K104 3:1 unknown key `Metrics` in the catalogue | fix: Metrics => metrics");
    assert_snapshot!(said("colour: red\n"), @"K104 3:1 unknown key `colour` in the catalogue | the keys here are `kohort`, `timezone`, `currency`, `week_starts`, `windows`, `subject`, `subjects`, `include`, `tables`, `attributes`, `metrics`");
    assert_snapshot!(said("segments: {}\n"), @"K104 3:1 unknown key `segments` in the catalogue | segments stand in rule files: any other `.yaml` file of the project");
    assert_snapshot!(said("metrics:\n  a: { si: count(t) }\n"), @"K104 4:8 unknown key `si` in metric `a` | fix: si => is");
    assert_snapshot!(said("metrics:\n  a: { unit: IDR }\n"), @"K106 4:3 metric `a` lacks the key `is` | say what it is: `is: sum(value of sales)`");
    assert_snapshot!(said("metrics:\n  a: { is: count(t), values: [x] }\n"), @"K104 4:22 unknown key `values` in metric `a` | a metric is a number and has no closed set; an attribute can have one");
}

#[test]
fn tables_of_another_shape() {
    assert_snapshot!(said("tables:\n  a: data/a.csv\n"), @"K107 4:6 table `a` must be keys with values, found text | say where its rows come from: `source: data/file.parquet`");
    assert_snapshot!(said("tables:\n- a\n"), @"K107 4:3 `tables` must be keys with values, found a list | write `key: value` pairs, one a line and indented");
    assert_snapshot!(said("tables:\n  a: { source: a.csv, where: b > 1 }\n"), @"K104 4:23 unknown key `where` in table `a` | only a table made from another has it: name that one with `from:`");
    assert_snapshot!(said("tables:\n  a: { from: b, id: c, source: d }\n"), @"
    K104 4:17 unknown key `id` in table `a` | a table made from another has the subject, time, id and lookups of that one; remove it
    K104 4:24 unknown key `source` in table `a` | a table made from another (`from:`) has no rows of its own; keep one of the two
    ");
    assert_snapshot!(said("tables:\n  a: { from: [b] , columns: [c] }\n"), @"
    K107 4:15 `from` must be text, found a list | remove the `[ ]` or `-`; put text that begins with `[` in quotes
    K107 4:30 `columns` must be keys with values, found a list | write `key: value` pairs, one a line and indented
    ");
    assert_snapshot!(said("tables:\n  a: { rename: { b: } }\n"), @"K106 4:18 the file's name of `b` has no value | write one, or remove the key; put it in quotes if the word itself is meant");
    assert_snapshot!(said("tables:\n  a: { id: { b: c } }\n"), @"K107 4:14 `id` must be a list, found keys with values | write `[a, b]`, or one item a line after `- `");
    assert_snapshot!(said("tables:\n  a: {}\n  '`a`': {}\n"), @"K302 5:4 the name `a` is given twice in `tables` [first given here: `a`] | give one of the two another name");
}

#[test]
fn types_of_other_systems() {
    assert_snapshot!(said("tables:\n  a:\n    types: { b: string, c: int, d: boolean, e: datetime, f: float }\n"), @"
    K411 5:17 `string` is not a type | write `text` | fix: string => text
    K411 5:28 `int` is not a type | write `integer` | fix: int => integer
    K411 5:36 `boolean` is not a type | write `bool` | fix: boolean => bool
    K411 5:48 `datetime` is not a type | write `timestamp` | fix: datetime => timestamp
    K411 5:61 `float` is not a type | write `decimal(2)`, with the number of digits after the point | fix: float => decimal(2)
    ");
    assert_snapshot!(said("tables:\n  a:\n    types: { b: decimal, c: 'decimal(18, 2)', d: decimal(21), e: decimal(x), f: numeric(9) }\n"), @"
    K411 5:17 `decimal` does not say one number of digits | write `decimal(2)`, with the number of digits after the point | fix: decimal => decimal(2)
    K411 5:29 `decimal(18, 2)` does not say one number of digits | write `decimal(2)`: only the digits after the point are said | fix: 'decimal(18, 2)' => decimal(2)
    K411 5:50 `decimal(21)` does not say one number of digits | write `decimal(20)`: at most 20 digits after the point are kept | fix: decimal(21) => decimal(20)
    K411 5:66 `decimal(x)` does not say one number of digits | write `decimal(2)`, with the number of digits after the point | fix: decimal(x) => decimal(2)
    K411 5:81 `numeric(9)` is not a type | write `decimal(2)`, with the number of digits after the point | fix: numeric(9) => decimal(2)
    ");
    assert_snapshot!(said("tables:\n  a:\n    types: { b: 'text[]', c: list, d: txet, e: json, f: [text] }\n"), @"
    K411 5:17 `text[]` is not a type | write `list of text` | fix: 'text[]' => list of text
    K411 5:30 `list` is not a type | write `list of text` | fix: list => list of text
    K411 5:39 `txet` is not a type | write `text` | fix: txet => text
    K411 5:48 `json` is not a type | the types are `text`, `integer`, `decimal(2)`, `bool`, `date`, `timestamp`, `list of text`
    K107 5:58 the type of `f` must be text, found a list | remove the `[ ]` or `-`; put text that begins with `[` in quotes
    ");
}

#[test]
fn lookups_of_another_shape() {
    assert_snapshot!(said("tables:\n  a: { lookups: { b: c, d -> e, f: g -> h } }\n"), @"K108 4:22 YAML cuts `c, d -> e` at `,` (YAML reads only `c`) | fix: c, d -> e => 'c, d -> e'");
    assert_snapshot!(said("tables:\n  a: { lookups: { b: c } }\n"), @"K107 4:22 expected `column -> table`, found `c` | say which column leads to which table: `product: sku -> products`");
    assert_snapshot!(said("tables:\n  a: { lookups: [b -> c] }\n"), @"K107 4:18 `lookups` must be keys with values, found a list | write `key: value` pairs, one a line and indented");
    assert_snapshot!(said("tables:\n  a: { lookups: { b: { key: c } } }\n"), @"K107 4:24 lookup `b` must be text, found keys with values | write it as text: `product: sku -> products`");
}

#[test]
fn definitions_of_another_shape() {
    assert_snapshot!(said("metrics:\n  a:\n  b: ~\n  c: [d]\n  e: { is: { f: g } }\n"), @"
    K106 4:3 metric `a` has no expression | write one after the `:`; a word such as `null` has no meaning here
    K106 5:6 metric `b` has no expression | write one after the `:`; a word such as `null` has no meaning here
    K107 6:7 metric `c` must be an expression, found a list | write it as one text: conditions are joined by `and` and `or`
    K107 7:14 `is` must be an expression, found keys with values | write it as one text: conditions are joined by `and` and `or`
    ");
    assert_snapshot!(said("attributes:\n  a: { is: b, values: [] }\n  c: { is: d, values: [~] }\n"), @"
    K107 4:23 `values` is an empty list | list the values that can occur, or remove the key
    K106 5:24 an item of `values` has no value | write one, or remove the key; put it in quotes if the word itself is meant
    ");
    assert_snapshot!(said("attributes:\n  a: { is: b, label: [c], unit: { d: e } }\n"), @"
    K107 4:23 `label` must be text, found a list | remove the `[ ]` or `-`; put text that begins with `[` in quotes
    K107 4:35 `unit` must be text, found keys with values | put text that contains `: ` or begins with `{` in quotes
    ");
}

#[test]
fn parts_that_stand_elsewhere() {
    assert_snapshot!(said("tiers: { a: {} }\ntests: []\nbands: {}\npartitions: {}\nsplit: {}\n"), @"
    K104 3:1 unknown key `tiers` in the catalogue | `tiers:` stand in rule files, and in files that the catalogue includes
    K104 4:1 unknown key `tests` in the catalogue | tests stand in rule files: any other `.yaml` file of the project
    K104 5:1 unknown key `bands` in the catalogue | `bands:` stand in rule files, and in files that the catalogue includes
    K104 6:1 unknown key `partitions` in the catalogue | `partitions:` stand in rule files, and in files that the catalogue includes
    K104 7:1 unknown key `split` in the catalogue | a split divides one segment: write it below that, in a rule file
    ");
    assert_snapshot!(said("attributes:\n  d: { is: e, bands: [1, 2] }\n"), @"K104 4:15 unknown key `bands` in attribute `d` | bands stand in a rule file, under the name of what they divide: `bands: { spend_365d: [0, 1_000] }`");
}

#[test]
fn what_is_in_order_is_kept() {
    let (catalog, said) = read(
        "kohort: 3\ntimezone: nowhere\nsubject: { name: a, key: b, colour: c }\ntables:\n  d: text\n  e: { source: f }\n\
         metrics:\n  g: { is: count(e), unti: IDR }\n",
    );
    assert_eq!(said.lines().count(), 5, "{said}");
    let catalog = catalog.expect("a catalogue");
    assert_eq!(catalog.timezone, chrono_tz::UTC);
    assert_eq!((catalog.tables.len(), catalog.metrics.len()), (1, 1));
}
