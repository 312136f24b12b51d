//! Messages about values in files and keys written out.

use insta::assert_snapshot;

use super::shop::SHOP;
use super::{assert_fixes_work, compiled, condition, indented, rules, said};
use crate::check::Schemas;
use crate::ir::{Node, Type, Value};
use crate::project::Project;

const FILES: &[(&str, &str)] = &[
    ("skus.txt", "S1\n00017\n"),
    ("numbers.txt", "1\n2.5\nthree\n 4 \nfive\nsix\n"),
    ("one_wrong.csv", "points\n1\n1,5\n"),
    ("two_wrong.csv", "score,points\n1,x\ny,2\n"),
    ("days.csv", "birth_date\n2026-03-31\n31/03/2026\n"),
    ("times.csv", "joined\n2026-03-31 10:00\n"),
    ("yes.csv", "active\nyes\n"),
    ("people.csv", "Customer_ID,city\nC1,Jakarta\nC2,Bandung\n"),
    ("columns.csv", "customer_id,sku,city\nC1,S1,x\nC1,S1,x\nC2,S1,y\n"),
    ("other.csv", "a,b\n1,2\n"),
    ("single.csv", "anything\nJakarta\n"),
];

fn with_files(catalog: &str, text: &str) -> Project {
    let own = [("catalog.yaml", catalog), ("rules.yaml", text)];
    Project::from_texts(own.into_iter().chain(FILES.iter().copied()))
}

/// What is said of each text of rules by itself, with all the files beside it.
fn survey(catalog: &str, texts: &[&str]) -> String {
    let mut out = Vec::new();
    for text in texts {
        let project = with_files(catalog, text);
        let found = said(&project, &Schemas::new());
        let found = if found.is_empty() { "fine".to_owned() } else { found };
        out.push(format!("{}\n{}", text.trim_end(), indented(&found)));
    }
    out.join("\n")
}

#[test]
fn values_in_files() {
    let conditions = [
        "any(sales where sku in file 'skus.txt')",
        "any(sales where sku not in file 'skus.txt' ignoring case)",
        "city in file 'single.csv'",
        "city in file 'columns.csv'",
        "lower(city) in file 'columns.csv'",
        "lower(city) in file 'single.csv'",
        "household.language in file 'columns.csv'",
        "points in file 'numbers.txt'",
        "points in file 'one_wrong.csv'",
        "points in file 'one_wrong.csv' or points not in file 'one_wrong.csv'",
        "points in file 'skus.txt' ignoring case",
        "birth_date in file 'days.csv'",
        "joined in file 'times.csv'",
        "active in file 'yes.csv'",
        "tags in file 'skus.txt'",
        "now - joined in file 'skus.txt'",
        "in file 'skus.txt'",
        "not in file 'columns.csv'",
        "in file 'people.csv'",
        "in file 'other.csv'",
        "any(sales where in file 'skus.txt')",
        "city in file 'nowhere.txt'",
        "nothing in file 'skus.txt'",
        "city in file 'other.csv'",
        "in columns.csv",
        "in lists/skus.csv",
        "city in columns.csv",
        "in 'skus.txt'",
    ];
    let texts: Vec<String> = conditions.iter().map(|when| rules(&[("s", when)])).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let found = survey(SHOP, &texts).replace("segments:\n  s:\n    when: |\n      ", "");
    assert_snapshot!(found, @r#"
    any(sales where sku in file 'skus.txt')
        fine
    any(sales where sku not in file 'skus.txt' ignoring case)
        fine
    city in file 'single.csv'
        fine
    city in file 'columns.csv'
        fine
    lower(city) in file 'columns.csv'
        K602 ['columns.csv'] which column of `columns.csv` is meant is not said: it has `customer_id`, `sku` and `city` | give the value a name, as an attribute or a column of the table: it is looked up in the column of that name
    lower(city) in file 'single.csv'
        fine
    household.language in file 'columns.csv'
        K602 [customer_id,sku,city] `columns.csv` has no column `language`: it has `customer_id`, `sku` and `city` | +['columns.csv'] the file is used here | name the column in the file's first line, or leave only that one
    points in file 'numbers.txt'
        K401 [three] `three` is not a number, nor are 2 more values | +['numbers.txt'] the file is used here | write it in digits, as in `1500` or `-0.5`
    points in file 'one_wrong.csv'
        K606 [1,5] this row has 2 values, and the file has 1 column | a value that contains the separator stands in double quotes
    points in file 'one_wrong.csv' or points not in file 'one_wrong.csv'
        K606 [1,5] this row has 2 values, and the file has 1 column | a value that contains the separator stands in double quotes
    points in file 'skus.txt' ignoring case
        K401 [points in file 'skus.txt' ignoring case] only text is compared ignoring case, and this is a number | leave `ignoring case` out
    birth_date in file 'days.csv'
        K401 [31/03/2026] `31/03/2026` is not a date | +['days.csv'] the file is used here | write it as `2026-03-31`
    joined in file 'times.csv'
        K401 [2026-03-31 10:00] `2026-03-31 10:00` is not a time | +['times.csv'] the file is used here | write it with its offset, as in `2026-03-31T10:00:00+07:00`
    active in file 'yes.csv'
        K401 [yes] `yes` is neither `true` nor `false` | +['yes.csv'] the file is used here | write `true` or `false`
    tags in file 'skus.txt'
        K401 [tags] one value is looked up in a file, and this is a list | ask each row for one value, or write the values out: `contains any of ('golf', 'tennis')`
    now - joined in file 'skus.txt'
        K401 [now - joined] a duration is not looked up in a file | compare it with one, as in `… > 30d`
    in file 'skus.txt'
        fine
    not in file 'columns.csv'
        fine
    in file 'people.csv'
        K602 [Customer_ID,city] `people.csv` has no column `customer_id`: it has `Customer_ID` and `city` | +['people.csv'] the file is used here | rename `Customer_ID` to `customer_id` in the file's first line
    in file 'other.csv'
        K602 [a,b] `other.csv` has no column `customer_id`: it has `a` and `b` | +['other.csv'] the file is used here | name the column in the file's first line, or leave only that one
    any(sales where in file 'skus.txt')
        K402 [in file 'skus.txt'] which value of a row is looked up in the file is not said | name it before: `sku in file '…'`
    city in file 'nowhere.txt'
        K101 ['nowhere.txt'] there is no file `nowhere.txt` | paths are relative to the directory of the file that names them
    nothing in file 'skus.txt'
        K301 [nothing] a customer has nothing called `nothing` | there are `active`, `aov`, `best_sale`, `birth_date`, `city`, `customer_id`, `evenness`, `first_sale` and 14 more
    city in file 'other.csv'
        K602 [a,b] `other.csv` has no column `city`: it has `a` and `b` | +['other.csv'] the file is used here | name the column in the file's first line, or leave only that one
    in columns.csv
        K301 [columns.csv] there is no segment `columns.csv` | if it is a file of values, write `in file 'columns.csv'` | => in file 'columns.csv'
    in lists/skus.csv
        K201 [/] expected an operator, `and`, `or` or the end after `lists`, found `/`
    city in columns.csv
        K201 [columns.csv] a file of values is written `in file 'columns.csv'`, found `in columns.csv` | write `file 'columns.csv'` | => city in file 'columns.csv'
    in 'skus.txt'
        K201 ['skus.txt'] a file of values is written `in file 'skus.txt'` | write `file` before it | => in file 'skus.txt'
    "#);
}

/// Subjects whose key is a number, and whose key has two parts.
const KEYS: &str = "\
kohort: 1
subjects:
  member: { table: members, key: no }
  seat: { table: seats, key: [hall, no] }
tables:
  members: { types: { no: integer } }
  seats: { types: { hall: text, no: integer, price: decimal(2) } }
";

#[test]
fn keys_of_subjects() {
    let segment = |text: &str| format!("segments: {{ s: {{ {text} }} }}");
    let texts = [
        "when: no > 5, include: [1, 2, 2]",
        "when: no > 5, include: [M1, 2, M3]",
        "when: no > 5, exclude: { file: skus.txt }",
        "when: no > 5, include: { file: nowhere.txt }, exclude: { file: nowhere.txt }",
        "of: seat, when: no > 5, include: [A1, A2]",
        "of: seat, when: no > 5, include: { file: skus.txt }",
        "of: seat, when: no > 5, include: { file: other.csv }",
        "of: seat, when: in file 'other.csv'",
        "of: seat, when: nothing > 5, include: [A1]",
        "of: nobody, when: nothing > 5, include: [A1]",
    ]
    .map(segment);
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    assert_snapshot!(survey(KEYS, &texts), @r#"
    segments: { s: { when: no > 5, include: [1, 2, 2] } }
        fine
    segments: { s: { when: no > 5, include: [M1, 2, M3] } }
        K401 [M1] the key of a member is a number, and `M1` is not one | write it in digits, as in `1500` or `-0.5`
        K401 [M3] the key of a member is a number, and `M3` is not one | write it in digits, as in `1500` or `-0.5`
    segments: { s: { when: no > 5, exclude: { file: skus.txt } } }
        K401 [S1] `S1` is not a number | +[skus.txt] the file is used here | write it in digits, as in `1500` or `-0.5`
    segments: { s: { when: no > 5, include: { file: nowhere.txt }, exclude: { file: nowhere.txt } } }
        K101 [nowhere.txt] there is no file `nowhere.txt` | +[nowhere.txt] named here too | paths are relative to the directory of the file that names them
    segments: { s: { of: seat, when: no > 5, include: [A1, A2] } }
        K402 [A1] the key of a seat has several parts, so keys stand in a file | write `{ file: keys.csv }`, with the columns `hall` and `no`
    segments: { s: { of: seat, when: no > 5, include: { file: skus.txt } } }
        K402 [skus.txt] a key of 2 parts stands in a file with columns, and `skus.txt` has none | make it a `.csv` file whose first line is `hall,no`
    segments: { s: { of: seat, when: no > 5, include: { file: other.csv } } }
        K602 [a,b] `other.csv` has no columns `hall` and `no`: it has `a` and `b` | +[other.csv] the file is used here | name the columns in the file's first line
    segments: { s: { of: seat, when: in file 'other.csv' } }
        K602 [a,b] `other.csv` has no columns `hall` and `no`: it has `a` and `b` | +['other.csv'] the file is used here | name the columns in the file's first line
    segments: { s: { of: seat, when: nothing > 5, include: [A1] } }
        K301 [nothing] a seat has nothing called `nothing` | there are `hall`, `no` and `price`
        K402 [A1] the key of a seat has several parts, so keys stand in a file | write `{ file: keys.csv }`, with the columns `hall` and `no`
    segments: { s: { of: nobody, when: nothing > 5, include: [A1] } }
        K301 [nobody] there is no kind of subject `nobody` | the catalogue has `member` and `seat`
    "#);
}

#[test]
fn a_list_is_made_once_for_each_use_of_a_column() {
    let text = "segments:\n  a: { when: in file 'columns.csv', include: { file: ./columns.csv } }\n  \
                b: { when: city in file 'columns.csv' and city not in file 'columns.csv' ignoring case }\n  \
                c: { when: city = 'x', include: [C1, C2, C1] }\n";
    let ir = compiled(&with_files(SHOP, text));
    let lists: Vec<(Option<&str>, usize, bool)> =
        ir.lists.iter().map(|list| (list.file.as_deref(), list.rows.len(), list.keys_of.is_some())).collect();
    let of_file = Some("columns.csv");
    assert_eq!(lists, [(of_file, 2, true), (of_file, 2, false), (of_file, 2, false), (None, 2, true)]);
    let values: Vec<_> = (0..2).map(|row| ir.lists[0].rows.row(row)).collect();
    assert_eq!(values, [Some(vec![Value::Text("C1".into())]), Some(vec![Value::Text("C2".into())])]);
    let Node::InRows(keys, _) = ir.node(condition(&ir, "a")) else { panic!("one list, asked for once") };
    assert!(keys.iter().all(|key| ir.ty(*key) == Type::Text));
}

#[test]
fn fixes_work() {
    for text in ["segments: { s: { when: in people.csv } }", "segments: { s: { when: in file 'peple.csv' } }"] {
        assert_fixes_work(&with_files(SHOP, text), &Schemas::new());
    }
}
