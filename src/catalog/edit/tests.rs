use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;

fn types(table: &str, columns: &[(&str, ColumnType)]) -> Addition {
    let columns = columns.iter().map(|(name, ty)| ((*name).to_owned(), *ty)).collect();
    Addition::Types { table: table.to_owned(), columns }
}

fn values(attribute: &str, values: &[&str]) -> Addition {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    Addition::Values { attribute: attribute.to_owned(), values }
}

const TEXT: ColumnType = ColumnType::Text;
const MONEY: ColumnType = ColumnType::Decimal(2);

#[test]
fn additions_stand_where_a_person_would_write_them() {
    let text = "\
# A shop.
kohort: 1
subject: { name: customer, table: customers, key: id }   # who

tables:
  customers: { source: 'data/customers.csv', id: id }   # from the till
  stores:
      # nothing known yet
      source: stores.csv   # by hand
      id: no
  sales:
    subject: id
    types:
      id: text      # with zeros in front
      # what it came to

  sold: { types: { amount: decimal(2) }, id: amount }
  given:    # handed over
  empty: {}

attributes:
  region: city   # where
  size: { is: 'size', label: Size }
  kind:
    is: kind
    label: Kind
";
    let made = add(
        text,
        &[
            values("kind", &["new", "it's old"]),
            types("empty", &[("a", TEXT)]),
            types("customers", &[("city", TEXT), ("Kota asal", TEXT)]),
            types("stores", &[("no", ColumnType::Integer)]),
            types("sales", &[("amount", MONEY), ("at", ColumnType::Timestamp)]),
            types("sold", &[("tags", ColumnType::TextList)]),
            types("given", &[("day", ColumnType::Date)]),
            values("region", &["Jakarta", "Kota, Tua", "00017", "", "No", "#1"]),
            values("size", &["S", "M"]),
        ],
    );
    let made = made.expect("it is edited");
    assert_snapshot!(made.text, @r"
    # A shop.
    kohort: 1
    subject: { name: customer, table: customers, key: id }   # who

    tables:
      customers: { source: 'data/customers.csv', types: { city: text, '`Kota asal`': text }, id: id }   # from the till
      stores:
          # nothing known yet
          source: stores.csv   # by hand
          types: { 'no': integer }
          id: no
      sales:
        subject: id
        types:
          id: text      # with zeros in front
          amount: decimal(2)
          at: timestamp
          # what it came to

      sold: { types: { amount: decimal(2), tags: list of text }, id: amount }
      given: { types: { day: date } }    # handed over
      empty: { types: { a: text } }

    attributes:
      region: { is: city, values: [Jakarta, 'Kota, Tua', '00017', '', 'No', '#1'] }   # where
      size: { is: 'size', values: [S, M], label: Size }
      kind:
        is: kind
        values: [new, 'it''s old']
        label: Kind
    ");
    let shown = made.changes.iter().map(|change| {
        let before = change.before.iter().map(|line| format!("{}-{line}", change.line));
        before.chain(change.after.iter().map(|line| format!("{}+{line}", change.line))).collect::<Vec<_>>().join("\n")
    });
    assert_snapshot!(shown.collect::<Vec<_>>().join("\n"), @r"
    6-  customers: { source: 'data/customers.csv', id: id }   # from the till
    6+  customers: { source: 'data/customers.csv', types: { city: text, '`Kota asal`': text }, id: id }   # from the till
    9+      types: { 'no': integer }
    14+      amount: decimal(2)
    14+      at: timestamp
    17-  sold: { types: { amount: decimal(2) }, id: amount }
    17+  sold: { types: { amount: decimal(2), tags: list of text }, id: amount }
    18-  given:    # handed over
    18+  given: { types: { day: date } }    # handed over
    19-  empty: {}
    19+  empty: { types: { a: text } }
    22-  region: city   # where
    22+  region: { is: city, values: [Jakarta, 'Kota, Tua', '00017', '', 'No', '#1'] }   # where
    23-  size: { is: 'size', label: Size }
    23+  size: { is: 'size', values: [S, M], label: Size }
    25+    values: [new, 'it''s old']
    ");
}

const HEAD: &str = "kohort: 1\nsubject: { name: customer, key: id }\n";

#[test]
fn long_lines_are_broken_up() {
    let text = format!("{HEAD}tables:\n    sales:\n        source: a.csv\nattributes:\n  city:\n    is: x\n");
    let names: Vec<String> = (0..9).map(|at| format!("a_column_{at}")).collect();
    let columns: Vec<_> = names.iter().map(|name| (name.as_str(), TEXT)).collect();
    let cities: Vec<&str> = names.iter().map(String::as_str).collect();
    let made = add(&text, &[types("sales", &columns), values("city", &cities)]).expect("it is edited");
    let lines: Vec<&str> = made.text.lines().collect();
    assert_eq!(
        lines.get(5..8),
        Some(&["        types:", "            a_column_0: text", "            a_column_1: text"][..])
    );
    assert_eq!(lines.get(18..20), Some(&["    values:", "      - a_column_0"][..]));
}

#[test]
fn line_ends_stay_as_they_are() {
    let text = format!("{HEAD}tables:\n  sales:\n    source: a.csv").replace('\n', "\r\n");
    let made = add(&text, &[types("sales", &[("a", TEXT)])]).expect("it is edited");
    assert_eq!(made.text, format!("{text}\r\n    types: {{ a: text }}"));
}

#[test]
fn what_cannot_be_edited_is_left_alone() {
    let text =
        format!("{HEAD}tables:\n  sales: {{\n    source: a.csv }}\n  bare: {{\n  }}\nattributes:\n  city: |\n    x\n");
    let refused = |addition: Addition| add(&text, &[addition]).expect_err("it is refused").to_string();
    assert_eq!(refused(types("sale", &[("a", TEXT)])), "the catalogue has no table `sale` that could be added to");
    assert_eq!(refused(values("x", &["a"])), "the catalogue has no attribute `x` that could be added to");
    let differs = "the catalogue could not be added to without changing something else in it";
    assert_eq!(refused(types("bare", &[("a", TEXT)])), differs);
    let shape = "`city` is written in a way that is not added to by itself";
    assert_eq!(refused(values("city", &["a"])), shape);
    assert_eq!(refused(values("city", &["a\nb"])), shape);
    assert!(add(&text, &[types("sales", &[("a", TEXT)])]).is_ok());
    let broken = format!("{text}metrics: {{ a: sum( }}\n");
    assert_eq!(add(&broken, &[types("sales", &[("a", TEXT)])]), Err(EditError::Broken));
}

#[test]
fn what_is_declared_already_is_not_declared_again() {
    let text = format!("{HEAD}tables:\n  sales: {{ types: {{ a: text }} }}\n");
    assert_eq!(add(&text, &[types("sales", &[("a", MONEY)])]), Err(EditError::Differs));
}

/// A catalogue under way: its text, and what may be added.
#[derive(Clone, Debug)]
struct Made {
    text: String,
    additions: Vec<Addition>,
}

fn comment() -> impl Strategy<Value = String> {
    prop_oneof![3 => Just(String::new()), 1 => "  # [a-z:{},'\\[\\]]{0,12}", 1 => Just("   # types: { a: text }".to_owned())]
}

fn ty() -> impl Strategy<Value = ColumnType> {
    use ColumnType::*;
    prop_oneof![
        Just(Text),
        Just(Integer),
        (0u8..=20).prop_map(Decimal),
        Just(Bool),
        Just(Date),
        Just(Timestamp),
        Just(TextList)
    ]
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z ,:#'\"\\[\\]{}&*!|>%@`~-]{0,8}",
        "[0-9]{1,4}",
        Just("null".to_owned()),
        Just("Århus é".to_owned())
    ]
}

/// A table as it may be written, by its number.
fn table(number: usize) -> impl Strategy<Value = Made> {
    let columns = prop::collection::vec(("[a-z][a-z0-9]{0,6}|[A-Z][a-z]{1,4} [a-z]{1,5}", ty()), 1..8);
    (0..9usize, comment(), comment(), 1..5usize, columns).prop_map(move |(form, one, two, step, columns)| {
        let (name, s) = (format!("t{number}"), " ".repeat(step));
        let text = match form {
            0 => format!("  {name}: {{ source: 'a, b.csv', id: x_id }}{one}\n"),
            1 => format!("  {name}: {{id: x_id}}{one}\n"),
            2 => format!("  {name}:{one}\n  {s}id: x_id{two}\n  {s}source: a.csv{one}\n{two}\n  {s}time: x_at{one}\n"),
            3 => format!("  {name}:{one}\n  {s}types:{two}\n  {s}  x_id: text{one}\n  {s}  # end\n  {s}id: x_id\n"),
            4 => format!(
                "  {name}:\n{one}\n  {s}source: a.csv\n  {s}types: {{ x_id: text,{two}\n  {s}   x_no: integer }}{one}\n"
            ),
            5 => format!("  {name}:{one}\n"),
            6 => format!("  {name}: {{}}{one}\n"),
            7 => format!("  {name}:{one}\n  {s}source: >{two}\n  {s}  a.csv\n\n  {s}types:{two}\n"),
            _ => format!("  {name}: {{ types: {{}}, id: x_id }}{one}\n"),
        };
        let mut seen = std::collections::BTreeSet::new();
        let columns = columns.into_iter().filter(|(name, _)| seen.insert(name_of(name))).collect();
        Made { text, additions: vec![Addition::Types { table: name, columns }] }
    })
}

fn attribute(number: usize) -> impl Strategy<Value = Made> {
    let values = prop::collection::vec(value(), 1..9);
    (0..4usize, comment(), values).prop_map(move |(form, comment, values)| {
        let name = format!("a{number}");
        let text = match form {
            0 => format!("  {name}: city{comment}\n"),
            1 => format!("  {name}: 'city'{comment}\n"),
            2 => format!("  {name}: {{ label: L, is: city }}{comment}\n"),
            _ => format!("  {name}:{comment}\n      label: L\n      is: city{comment}\n      # more\n"),
        };
        Made { text, additions: vec![Addition::Values { attribute: name, values }] }
    })
}

fn catalogue() -> impl Strategy<Value = Made> {
    let tables = (table(0), table(1), table(2));
    let attributes = (attribute(0), attribute(1));
    (tables, attributes, any::<bool>(), any::<bool>(), 0..32u32).prop_map(|(tables, attributes, crlf, cut, chosen)| {
        let parts = [tables.0, tables.1, tables.2, attributes.0, attributes.1];
        let mut text = format!("# first\n{HEAD}tables:\n");
        let mut additions = Vec::new();
        for (at, part) in parts.into_iter().enumerate() {
            if at == 3 {
                text.push_str("\nattributes:   # of customers\n");
            }
            text.push_str(&part.text);
            if chosen & (1 << at) != 0 {
                additions.extend(part.additions);
            }
        }
        if cut {
            text.truncate(text.trim_end().len());
        }
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        Made { text, additions }
    })
}

/// The comments of a text, from top to bottom.
fn comments(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.split_once(" # ").map(|(_, comment)| comment)).collect()
}

proptest! {
    #[test]
    fn comments_stay_and_nothing_else_is_said(made in catalogue()) {
        let before = read(&made.text);
        prop_assert!(before.is_some(), "{}", made.text);
        let edited = add(&made.text, &made.additions);
        let edited = edited.map_err(|error| TestCaseError::fail(format!("{error}\n{}\n{:?}", made.text, made.additions)))?;
        prop_assert_eq!(comments(&edited.text), comments(&made.text));
        prop_assert_eq!(edited.text.contains("\r\n"), made.text.contains("\r\n"));
        // A person who takes the new lines away again has what was there.
        let mut lines: Vec<Option<String>> = edited.text.lines().map(|line| Some(line.to_owned())).collect();
        let mut added = 0;
        for change in &edited.changes {
            for (at, line) in change.after.iter().enumerate() {
                let place = change.line + added + at - usize::from(change.before.is_some());
                let found = lines.get(place).cloned().flatten();
                prop_assert_eq!(found.as_ref(), Some(line));
                lines[place] = change.before.clone();
            }
            added += if change.before.is_some() { 0 } else { change.after.len() };
        }
        let left: Vec<String> = lines.into_iter().flatten().collect();
        prop_assert_eq!(left, made.text.lines().map(str::to_owned).collect::<Vec<_>>());
        // Saying it again is refused: it is there now.
        for addition in made.additions {
            prop_assert!(add(&edited.text, &[addition]).is_err());
        }
    }
}
