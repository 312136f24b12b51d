//! Every message, as a marketer reads it.

use insta::assert_snapshot;

use super::super::parse;
use super::{fixed, read, tree};
use crate::source::FileId;

/// What is said about a file.
fn said(text: &str) -> String {
    read(text).1
}

#[test]
fn a_hash_in_an_expression() {
    assert_snapshot!(said("when: sku = 'A #1'\n"), @r#"K108 1:7 YAML cuts `sku = 'A #1'` at ` #` (YAML reads only `sku = 'A`) | fix: sku = 'A #1' => "sku = 'A #1'""#);
    assert_snapshot!(said("when: name = \"a #b\" and c > 1 # why\n"), @r#"K108 1:7 YAML cuts `name = "a #b" and c > 1` at ` #` (YAML reads only `name = "a`) | fix: name = "a #b" and c > 1 => 'name = "a #b" and c > 1'"#);
    assert_snapshot!(said("when: a in ('x #1', 'it''s')\n"), @r#"K108 1:7 YAML cuts `a in ('x #1', 'it''s')` at ` #` (YAML reads only `a in ('x`) | fix: a in ('x #1', 'it''s') => "a in ('x #1', 'it''s')""#);
    assert_snapshot!(said("when: (a > 1\n  and b = 'x #2')\n"), @r#"
    K108 1:7 YAML cuts `(a > 1 and b = 'x #2')` at ` #` (YAML reads only `(a > 1 and b = 'x`) | fix: (a > 1
      and b = 'x #2') => "(a > 1
      and b = 'x #2')"
    "#);
    assert_snapshot!(said("- a = 'b #c'\n"), @r#"K108 1:3 YAML cuts `a = 'b #c'` at ` #` (YAML reads only `a = 'b`) | fix: a = 'b #c' => "a = 'b #c'""#);
}

#[test]
fn a_comment_between_lines() {
    assert_snapshot!(said("when: a > 1\n  # and so on\n  # further\n  and b > 2\n"), @"K108 2:3 this comment ends the text above it, and cuts off `and b > 2` [cut off: `and b > 2`] | move the comment above the key, or write the text as a block (`key: |`), where a comment starts with `--`");
    assert_snapshot!(said("when: (a > 1 # first\n  and b > 2)\n"), @"K108 1:14 this comment ends the text above it, and cuts off `and b > 2)` [cut off: `and b > 2)`] | move the comment above the key, or write the text as a block (`key: |`), where a comment starts with `--`");
}

#[test]
fn expressions_split_in_flow_mappings() {
    assert_snapshot!(said("columns: { v: round(a, 2) }\n"), @"K108 1:15 YAML cuts `round(a, 2)` at `,` (YAML reads only `round(a`) | fix: round(a, 2) => 'round(a, 2)'");
    assert_snapshot!(said("m: { is: spend_90d[channel = 'web'] }\n"), @r#"K108 1:10 YAML cuts `spend_90d[channel = 'web']` at `[` (YAML reads only `spend_90d`) | fix: spend_90d[channel = 'web'] => "spend_90d[channel = 'web']""#);
    assert_snapshot!(said("m: { is: sum(a of t where x in ('p', 'q')), unit: IDR }\n"), @r#"K108 1:10 YAML cuts `sum(a of t where x in ('p', 'q'))` at `,` (YAML reads only `sum(a of t where x in ('p'`) | fix: sum(a of t where x in ('p', 'q')) => "sum(a of t where x in ('p', 'q'))""#);
    assert_snapshot!(said("m: { is: a > 1 and b in [1, 2], unit: IDR }\n"), @"K108 1:10 YAML cuts `a > 1 and b in [1, 2]` at `[` (YAML reads only `a > 1 and b in`) | fix: a > 1 and b in [1, 2] => 'a > 1 and b in [1, 2]'");
    assert_snapshot!(said("m: { is: f(a #b), unit: IDR }\n"), @"K108 1:10 YAML cuts `f(a #b)` at ` #` (YAML reads only `f(a`) | fix: f(a #b) => 'f(a #b)'");
    assert_snapshot!(said("m: { is: round(a, 2, unit: IDR }\n"), @"K203 1:15 `(` is opened and never closed | close it, and put all of `round(a …` in quotes");
    assert_snapshot!(said("m: { is: f(a, # why\n  b) }\n"), @"K108 1:10 YAML cuts `f(a, # why b)` at `,` (YAML reads only `f(a`) | write it as a block: `|`, and the text indented below");
    assert_snapshot!(said("distinct: [day(at, 'x'), b]\n"), @r#"K108 1:12 YAML cuts `day(at, 'x')` at `,` (YAML reads only `day(at`) | fix: day(at, 'x') => "day(at, 'x')""#);
}

#[test]
fn text_that_needs_quotes() {
    assert_snapshot!(said("when: note = b: c\n"), @"K102 1:7 `: ` inside text without quotes starts a key in YAML | fix: note = b: c => 'note = b: c'");
    assert_snapshot!(said("when: 'Shoes' = category # why\n"), @r#"K102 1:7 text that begins with `'` ends at the next `'` in YAML, and more follows | fix: 'Shoes' = category => "'Shoes' = category""#);
    assert_snapshot!(said("when: \"Shoes\" = category\n"), @r#"K102 1:7 text that begins with `"` ends at the next `"` in YAML, and more follows | fix: "Shoes" = category => '"Shoes" = category'"#);
    assert_snapshot!(said("m: { is: 'a' = b, unit: x }\n"), @r#"K102 1:10 text that begins with `'` ends at the next `'` in YAML, and more follows | fix: 'a' = b => "'a' = b""#);
    assert_snapshot!(said("when: `order` > 5\n"), @"K102 1:7 YAML does not let text without quotes begin with a backtick | fix: `order` > 5 => '`order` > 5'");
    assert_snapshot!(said("`order`: text\n"), @"K102 1:1 YAML does not let text without quotes begin with a backtick | put the text in quotes");
    assert_snapshot!(said("when: - 5 < a\n"), @"K102 1:7 YAML does not let text without quotes begin with `-` | fix: - 5 < a => '- 5 < a'");
    assert_snapshot!(said("when: * 2\n"), @"K102 1:7 YAML does not let text without quotes begin with `*` | fix: * 2 => '* 2'");
    assert_snapshot!(said("when: [a, b] contains c\n"), @"K102 1:7 text that begins with `[` ends at its closing bracket in YAML, and more follows | fix: [a, b] contains c => '[a, b] contains c'");
    assert_snapshot!(said("m: { is: [a] + b, unit: x }\n"), @"K102 1:10 text that begins with `[` ends at its closing bracket in YAML, and more follows | fix: [a] + b => '[a] + b'");
    assert_snapshot!(said("m: {is: a = 'b: c', unit: x}\n"), @r#"K108 1:9 YAML cuts `a = 'b: c'` at `:` (YAML reads only `a = 'b`) | fix: a = 'b: c' => "a = 'b: c'""#);
    assert_snapshot!(said("- 'a' = b\n"), @"K102 1:7 `= b` follows text in quotes | put all of it in quotes, with the other kind of quotes inside");
}

#[test]
fn features_that_hide_a_rule() {
    assert_snapshot!(said("a: &base { b: 1 }\nc: *base\n"), @"K105 2:4 `*base` is a YAML alias, and aliases are not allowed [the anchor: `&base`] | write the value out; a rule says all it means in its own place");
    assert_snapshot!(said("a: &base { b: 1 }\n"), @"K105 1:4 `&base` is a YAML anchor, and anchors are not allowed | remove it, or put the text in quotes if `&` belongs to it");
    assert_snapshot!(said("a: { b: 1 }\nc:\n  <<: *base\n"), @"K105 3:3 merge keys (`<<`) are not allowed | write the keys out; a rule says all it means in its own place");
    assert_snapshot!(said("when: !churned\n"), @"K105 1:7 `!churned` is a YAML tag, and tags are not allowed | write `not churned` if `!` is meant as `not`; otherwise put the text in quotes");
    assert_snapshot!(said("a: !!str 5\n"), @"K105 1:4 `!!str` is a YAML tag, and tags are not allowed | remove it, or put the text in quotes");
    assert_snapshot!(said("a: 1\n---\nb: 2\n"), @"K105 2:1 a second document starts here | keep one document per file; remove `---`, or move what follows to a file of its own");
    assert_snapshot!(said("%YAML 1.2\n---\na: 1\n"), @"K105 1:1 YAML directives (`%…`) are not allowed | remove the line");
    assert_snapshot!(said("a: 1\nb: 2\n'a': 3\n"), @"K103 3:1 the key `a` is written twice (again) [first written here: `a`] | keep one of the two, or give one another name");
    assert_snapshot!(said("é: 1\ne\u{301}: 2\n"), @"K103 2:1 the key `é` is written twice (again) [first written here: `é`] | keep one of the two, or give one another name");
    assert_snapshot!(said("? [a, b]\n: c\n{ x: y }: z\n"), @"
    K107 1:3 a key must be a name, not a list or a mapping | write `name: value`; put text that begins with `[` or `{` in quotes
    K107 3:1 a key must be a name, not a list or a mapping | write `name: value`; put text that begins with `[` or `{` in quotes
    ");
}

#[test]
fn broken_yaml() {
    assert_snapshot!(said("a: 'x\nb: 2\n"), @"K102 1:4 the quote ' is opened and never closed | close it with ' where its text ends");
    assert_snapshot!(said("a: \"x\n"), @r#"K102 1:4 the quote " is opened and never closed | close it with " where its text ends"#);
    assert_snapshot!(said("a: [x, y\n"), @"K102 1:4 `[` is opened and never closed | close it with `]`, or put the text in quotes");
    assert_snapshot!(said("a: [x\nb: 2\n"), @"K102 1:4 `[` is not closed, or a `,` is missing, before the next key [the next key: `b: 2`] | close it with `]`, or separate what is inside by `,`");
    assert_snapshot!(said("a: { b: 1, c: 2\nd: 3\n"), @"K102 1:4 `{` is not closed, or a `,` is missing, before the next key [the next key: `d: 3`] | close it with `}`, or separate what is inside by `,`");
    assert_snapshot!(said("a: { b: 1\n  c: 2 }\n"), @"K102 1:4 `{` is not closed, or a `,` is missing, before the next key [the next key: `c: 2 }`] | close it with `}`, or separate what is inside by `,`");
    assert_snapshot!(said("{ a: b }\nc: d\n"), @"K102 2:1 `c: d` does not fit the lines above it | indent what belongs together equally, with spaces");
    assert_snapshot!(said("  a: 1\nb: 2\n"), @"K102 2:1 `b: 2` does not fit the lines above it | indent what belongs together equally, with spaces");
    assert_snapshot!(said("a: [x, y]]\n"), @"K102 1:10 `]` closes a bracket that was never opened | remove it, or put the text in quotes");
    assert_snapshot!(said("a: [x, y}\n"), @"K102 1:4 `}` closes a bracket that was opened by `[` | close it with `]`");
    assert_snapshot!(said("a: 1\n\tb: 2\n"), @"K102 2:1 a tab stands where YAML wants spaces | indent with spaces");
    assert_snapshot!(said("a:\n\tb: 2\n"), @"K102 2:2 a tab stands where YAML wants spaces | indent with spaces");
    assert_snapshot!(said("a: x\n b: c\n"), @"K102 2:2 `b:` cannot be a key here | indent it like the keys it belongs to; put text that contains `: ` in quotes");
    assert_snapshot!(said("a:\n  b: 1\n c: 2\n"), @"K102 3:2 `c: 2` does not fit the lines above it | indent what belongs together equally, with spaces");
    assert_snapshot!(said("a: 1\nfoo\nb: 2\n"), @"K102 2:1 expected `key: value`, found `foo` | write a `:` and a blank after the key; indent text that belongs to the value above");
    assert_snapshot!(said("a: 1\n- b\n"), @"K102 2:1 `- b` does not fit the lines above it | indent what belongs together equally, with spaces");
    assert_snapshot!(said("when: | a > 5\n"), @"K102 1:7 `| a > 5` stands beside `|` or `>` | start the text on the next line, indented, or remove the `|` or `>`");
    assert_snapshot!(said("when: > 5\n"), @"K102 1:7 `> 5` stands beside `|` or `>` | start the text on the next line, indented, or remove the `|` or `>`");
    assert_snapshot!(said("a: \"x\\qy\"\n"), @r#"K102 1:4 `\` in double quotes starts an escape, and this is not one | write `\\` for a backslash, or use single quotes"#);
    assert_snapshot!(said("a:1\n"), @"");
}

#[test]
fn characters_that_nobody_sees() {
    assert_snapshot!(said("a: x\0y\0\n"), @"K102 1:5 the file contains the invisible character `U+0000`, and 1 more like it | remove it; if the file is not plain text, save it as UTF-8 text");
    assert_snapshot!(said("a: x\u{2028}y\n"), @"K102 1:5 the file contains the invisible character `U+2028` | remove it; if the file is not plain text, save it as UTF-8 text");
    assert_snapshot!(said("a: 1\n\u{feff}b: 2\n"), @"K102 2:1 the file contains the invisible character `U+FEFF` | remove it; if the file is not plain text, save it as UTF-8 text");
    assert_snapshot!(said("a: \u{85}\n"), @"K102 1:4 the file contains the invisible character `U+0085` | remove it; if the file is not plain text, save it as UTF-8 text");
}

#[test]
fn limits() {
    assert_snapshot!(said(&"[".repeat(40)), @"K102 1:40 `[` is opened and never closed | close it with `]`, or put the text in quotes");
    assert_snapshot!(said(&" ".repeat(17 * 1024 * 1024)), @"K101 1:1 the file has 17 MiB, more than the 16 MiB that are read | split it into several files");
}

#[test]
fn readers_that_disagree() {
    assert_snapshot!(said("a: \"\\uD83D\\uDE00\"\n"), @"K109 1:1 YAML readers do not agree on whether this line can be read | write it in a simpler way, or put the text in quotes");
}

#[test]
fn several_mistakes_are_all_found() {
    assert_snapshot!(said("a: b = 'c #d'\ne: { f: g(h, i) }\nj: &k l\nm: 'n' = o\np: q\np: r\ns: { t: u[v] }\n"), @r#"
    K108 1:4 YAML cuts `b = 'c #d'` at ` #` (YAML reads only `b = 'c`) | fix: b = 'c #d' => "b = 'c #d'"
    K108 2:9 YAML cuts `g(h, i)` at `,` (YAML reads only `g(h`) | fix: g(h, i) => 'g(h, i)'
    K105 3:4 `&k` is a YAML anchor, and anchors are not allowed | remove it, or put the text in quotes if `&` belongs to it
    K102 4:4 text that begins with `'` ends at the next `'` in YAML, and more follows | fix: 'n' = o => "'n' = o"
    K103 6:1 the key `p` is written twice (again) [first written here: `p`] | keep one of the two, or give one another name
    K108 7:9 YAML cuts `u[v]` at `[` (YAML reads only `u`) | fix: u[v] => 'u[v]'
    "#);
}

#[test]
fn every_fix_gives_the_file_that_was_meant() {
    let cases = [
        "when: sku = 'A #1'\n",
        "when: name = \"a #b\" and c = 'd' # why\n",
        "columns: { v: round(a, 2) }\n",
        "m: { is: spend_90d[channel = 'web'] }\n",
        "m: { is: sum(a of t where x in ('p', \"q\\\")), unit: IDR }\n",
        "when: note = b: c\n",
        "when: 'Shoes' = category\n",
        "m: { is: 'it''s' = b, unit: x }\n",
        "when: `order` > 5\n",
        "when: [a, 'b'] contains \"c\" # why\n",
        "when: - 5 < a\n",
        "m: {is: a = 'b: c', unit: x}\n",
        "when: (a > 1\n  and b = 'x #2')\nc: d\n",
    ];
    for text in cases {
        let (node, _) = read(text);
        let mut out = Vec::new();
        let after = fixed(text);
        let again = parse(FileId(0), &after, &mut out);
        assert_eq!(out, [], "{after:?}");
        assert_eq!(again.map(|node| tree(&node)), node.map(|node| tree(&node)), "{text:?}");
    }
}
