use insta::assert_snapshot;

use crate::rules::decode;
use crate::rules::model::{CellValue, Expectation, KeyParts, RowsDef, TestsDef};
use crate::source::Sources;
use crate::source::yaml::{self, tests::render};

fn read(text: &str) -> (TestsDef, String) {
    let mut sources = Sources::new();
    let file = sources.add("tests.yaml", text);
    let mut out = Vec::new();
    let node = yaml::parse(file, text, &mut out).expect("readable YAML");
    let rules = decode(&node, file, &mut out);
    let said = out.iter().map(|finding| render(&sources, finding)).collect::<Vec<_>>().join("\n");
    (rules.tests, said)
}

fn said(text: &str) -> String {
    read(text).1
}

#[test]
fn a_whole_test() {
    let text = "
test_defaults:
  sales: { status: paid }
tests:
  - name: a regular is found
    as_of: 2026-03-31
    given:
      customers: [{ id: 00017, city: ~, tags: [a, b] }]
      sales: rows/sales.csv
    defaults: { customers: { city: Jakarta } }
    expect: { regulars: [00017], loyalty.gold: 1, keys: [[S1, 1], { shop: S1, no: 2 }] }
    then:
      - at: 2026-05-01T10:00
        expect: { regulars: { has: [C2], lacks: [C1], count: 1_000, entered: [C2], left: [] } }
";
    let (tests, said) = read(text);
    assert_eq!(said, "");
    let [test] = &tests.tests[..] else { panic!("{:?}", tests.tests) };
    assert_eq!(test.name.value, "a regular is found");
    assert_eq!((tests.defaults.len(), test.defaults.len(), test.steps.len()), (1, 1, 2));
    let [first, second] = &test.steps[..] else { panic!("{:?}", test.steps) };
    assert_eq!(first.at.as_ref().map(|at| at.value.as_str()), Some("2026-03-31"));
    let RowsDef::Written(rows) = &first.given[0].rows else { panic!("{:?}", first.given) };
    let cells: Vec<&CellValue> = rows[0].cells.iter().map(|cell| &cell.value.value).collect();
    let texts = |of: &[&str]| of.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    assert_eq!(cells, [&CellValue::Text("00017".into()), &CellValue::Unknown, &CellValue::List(texts(&["a", "b"]))]);
    assert!(matches!(&first.given[1].rows, RowsDef::File(name) if name.path == "rows/sales.csv"));
    assert!(matches!(&first.expect[1].what[..], [(_, Expectation::Count(1))]));
    assert_eq!(first.expect[1].segment.parts.len(), 2);
    let [(_, Expectation::Exactly(keys))] = &first.expect[2].what[..] else { panic!("{:?}", first.expect) };
    assert!(matches!(&keys[0].parts, KeyParts::InOrder(parts) if parts.len() == 2));
    assert!(matches!(&keys[1].parts, KeyParts::Named(parts) if parts.len() == 2));
    let kinds: Vec<&Expectation> = second.expect[0].what.iter().map(|(_, what)| what).collect();
    assert!(
        matches!(
            kinds[..],
            [
                Expectation::Has(_),
                Expectation::Lacks(_),
                Expectation::Count(1000),
                Expectation::Entered(_),
                Expectation::Left(_)
            ]
        ),
        "{kinds:?}"
    );
}

#[test]
fn a_file_may_hold_tests_alone() {
    assert_eq!(said("tests:\n  - { name: a, as_of: 2026-03-31, expect: { b: [] } }\n"), "");
    assert_snapshot!(said("test_defaults: { sales: { status: paid } }\n"), @"K504 1:1 the file defines no segments | write `segments:` and below it `name: { when: … }`, or remove the file");
}

#[test]
fn what_is_no_test() {
    assert_snapshot!(said("tests: []\n"), @"K504 1:8 `tests` holds no tests | write `- name: …`, and below it `as_of:`, `given:` and `expect:`, or remove the key");
    assert_snapshot!(said("tests: { a: { as_of: 2026-03-31 } }\n"), @"K107 1:10 `tests` must be a list, found keys with values | write `- name: …`, and below it `as_of:`, `given:` and `expect:`");
    assert_snapshot!(said("tests: [a]\n"), @"K107 1:9 a test must be keys with values, found text | write `- name: …`, and below it `as_of:`, `given:` and `expect:`");
    assert_snapshot!(said("tests:\n  - { as_of: 2026-03-31, expect: { b: [] } }\n"), @"K106 2:7 a test lacks the key `name` | say in words what it shows: `name: a regular is found`");
    assert_snapshot!(said("tests:\n  - { name: a, expect: { b: [] } }\n"), @"K106 2:7 a test lacks the key `as_of` | say when it is: `as_of: 2026-03-31`, the end of that day");
    assert_snapshot!(said("tests:\n  - { name: a, at: 2026-03-31, expcet: { b: [] }, colour: red }\n"), @"
    K104 2:16 unknown key `at` in a test | fix: at => as_of
    K104 2:32 unknown key `expcet` in a test | fix: expcet => expect
    K104 2:51 unknown key `colour` in a test | the keys here are `name`, `as_of`, `given`, `defaults`, `expect`, `then`
    ");
    assert_snapshot!(said("tests:\n  - { name: a, as_of: 2026-03-31, expect: { b: [] } }\n  - { name: a, as_of: 2026-03-31, expect: { b: 1 } }\n"), @"K302 3:13 there are two tests called `a` [the other one: `a`] | a test is found by its name: say what is different about this one");
}

#[test]
fn expectations_of_nothing() {
    let test = |rest: &str| said(&format!("tests:\n  - name: a\n    as_of: 2026-03-31\n{rest}"));
    assert_snapshot!(test(""), @"K703 3:5 test `a` expects nothing, so it shows nothing | say who is found: `expect: { regulars: [C1], vip: [] }`");
    assert_snapshot!(test("    expect: {}\n"), @"K703 4:13 `expect` names no segment | say who is found: `expect: { regulars: [C1], vip: [] }`");
    assert_snapshot!(test("    expect: { b: {} }\n"), @"K703 4:18 nothing is expected of `b` | write `[C1, C2]` for exactly these, a number for so many, or `{ has: [C1], lacks: [C2] }`");
    assert_snapshot!(test("    expect: { b: ~ }\n"), @"K106 4:18 `b` has no value | write `[C1, C2]` for exactly these, a number for so many, or `{ has: [C1], lacks: [C2] }`; `[]` for nobody");
    assert_snapshot!(test("    expect: { b: { entered: [C1] } }\n"), @"K703 4:20 `entered` tells what changed since the step before, and this is the first | expect it in a step of `then:`, or say who is found: `[C1]`");
    assert_snapshot!(test("    expect: { b: [] }\n    then:\n      - at: 2026-04-01\n"), @"K703 6:9 the last step of test `a` expects nothing, so it shows nothing | say who is found: `expect: { regulars: [C1], vip: [] }`");
    assert_eq!(test("    then:\n      - { at: 2026-04-01, expect: { b: { entered: [] } } }\n"), "");
}

#[test]
fn expectations_that_cannot_be_read() {
    let expect = |what: &str| said(&format!("tests:\n  - {{ name: a, as_of: 2026-03-31, expect: {what} }}\n"));
    assert_snapshot!(expect("{ b: C1 }"), @"K107 2:48 a list of keys or a number is expected, found `C1` | write `[C1, C2]` for exactly these, a number for so many, or `{ has: [C1], lacks: [C2] }`");
    assert_snapshot!(expect("{ b: -1 }"), @"K107 2:48 a list of keys or a number is expected, found `-1` | write `[C1, C2]` for exactly these, a number for so many, or `{ has: [C1], lacks: [C2] }`");
    assert_snapshot!(expect("{ b: { has: C1 } }"), @"K107 2:55 `has` must be a list, found text | write `has: [C1, C2]`, or `[]` for nobody");
    assert_snapshot!(expect("{ b: { count: many } }"), @"K107 2:57 a list of keys or a number is expected, found `many` | write `[C1, C2]` for exactly these, a number for so many, or `{ has: [C1], lacks: [C2] }`");
    assert_snapshot!(expect("{ b: { members: [C1] } }"), @"K104 2:50 unknown key `members` in what is expected of `b` | fix: members => exactly");
    assert_snapshot!(expect("{ spend > 5: [C1] }"), @"K304 2:45 a name, or names joined by dots such as `store.city` is expected, found `spend > 5` | name a segment, or a group such as `loyalty.gold`");
    assert_snapshot!(expect("{ b: [~] }"), @"K106 2:49 a key has no value | write one, or remove the key; put it in quotes if the word itself is meant");
}

#[test]
fn rows_that_cannot_be_read() {
    let given = |what: &str| {
        said(&format!("tests:\n  - {{ name: a, as_of: 2026-03-31, given: {what}, expect: {{ b: 1 }} }}\n"))
    };
    assert_snapshot!(given("{ sales: { id: 1 } }"), @"K107 2:53 the rows of `sales` must be a list, found one row | put `[ ]` around it, or write `- ` before it");
    assert_snapshot!(given("{ sales: rows.parquet }"), @"K107 2:51 rows are expected, or a `.csv` or `.tsv` file of rows, found `rows.parquet` | write rows as `[{ customer_id: C1, city: Jakarta }]`, or name a file: `rows/regulars.csv`");
    assert_snapshot!(given("{ sales: [a] }"), @"K107 2:52 a row of `sales` must be keys with values, found text | write rows as `[{ customer_id: C1, city: Jakarta }]`, or name a file: `rows/regulars.csv`");
    assert_snapshot!(given("{ sales: [{ id: { a: b } }] }"), @"K107 2:60 `id` must be a value, found keys with values | a column holds one value, or a list of texts: `[a, b]`; put text that begins with `{` in quotes");
    assert_snapshot!(given("[sales]"), @"K107 2:43 `given` must be keys with values, found a list | write `key: value` pairs, one a line and indented");
}
