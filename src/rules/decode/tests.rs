use insta::assert_snapshot;

use super::decode;
use crate::catalog::model::KeyList;
use crate::rules::model::RuleFile;
use crate::source::Sources;
use crate::source::yaml::{self, tests::render};
use crate::syntax::ast::ExprKind;

/// A rule file read from text, and what was said about it.
fn read(text: &str) -> (RuleFile, String) {
    let mut sources = Sources::new();
    let file = sources.add("rules.yaml", text);
    let mut out = Vec::new();
    let node = yaml::parse(file, text, &mut out).expect("readable YAML");
    let rules = decode(&node, file, &mut out);
    let said = out.iter().map(|finding| render(&sources, finding)).collect::<Vec<_>>().join("\n");
    (rules, said)
}

fn said(text: &str) -> String {
    read(text).1
}

#[test]
fn a_whole_segment() {
    let text = "segments:\n  jakarta_regulars:\n    label: Jakarta regulars\n    description: >\n      Spent well.\n    \
                owner: loyalty@example.com\n    tags: [loyalty, 00017]\n    of: customer\n    within: loyalty.gold\n    \
                when: |\n      spend_90d > 500 -- rupiah\n      and visits_30d >= 2\n";
    let (rules, said) = read(text);
    assert_eq!(said, "");
    let [segment] = &rules.segments[..] else { panic!("{:?}", rules.segments) };
    assert_eq!(segment.name.text, "jakarta_regulars");
    assert_eq!(segment.label.as_deref(), Some("Jakarta regulars"));
    assert_eq!(segment.description.as_deref(), Some("Spent well."));
    assert_eq!(segment.owner.as_deref(), Some("loyalty@example.com"));
    assert_eq!(segment.tags.iter().map(|tag| tag.value.as_str()).collect::<Vec<_>>(), ["loyalty", "00017"]);
    assert_eq!(segment.of.as_ref().map(|of| of.text.as_str()), Some("customer"));
    assert_eq!(segment.within.as_ref().map(|within| within.parts.len()), Some(2));
    let ExprKind::And(both) = &segment.when.kind else { panic!("{:?}", segment.when) };
    assert_eq!(&text[both[1].span.range()], "visits_30d >= 2");
}

#[test]
fn the_short_form_is_the_condition() {
    let (rules, said) = read("segments:\n  big: spend > 500\n  quoted: \"city = 'A #1'\"\n");
    assert_eq!(said, "");
    let kinds: Vec<_> =
        rules.segments.iter().map(|segment| matches!(segment.when.kind, ExprKind::Compare { .. })).collect();
    assert_eq!(kinds, [true, true]);
}

#[test]
fn an_expression_cut_by_yaml_is_read_whole() {
    let (rules, said) = read("segments:\n  a: { when: city in ('x', 'y'), label: L }\n");
    assert!(said.starts_with("K108") && said.lines().count() == 1, "{said}");
    assert!(matches!(&rules.segments[0].when.kind, ExprKind::InList { list, .. } if list.len() == 2));
    assert_eq!(rules.segments[0].label.as_deref(), Some("L"));
}

#[test]
fn files_without_segments() {
    assert_snapshot!(said(""), @"K504 1:1 the file defines no segments | write `segments:` and below it `name: { when: … }`, or remove the file");
    assert_snapshot!(said("segments:\n"), @"K504 1:1 the file defines no segments | write `segments:` and below it `name: { when: … }`, or remove the file");
    assert_snapshot!(said("segments: {}\n"), @"K504 1:11 the file defines no segments | write `segments:` and below it `name: { when: … }`, or remove the file");
}

#[test]
fn keys_that_mean_nothing_here() {
    assert_snapshot!(said("segmnets: {}\n"), @"K104 1:1 unknown key `segmnets` in the rule file | fix: segmnets => segments");
    assert_snapshot!(said("metrics: {}\nsegments: { a: b > 1 }\n"), @"K104 1:1 unknown key `metrics` in the rule file | it belongs in `catalog.yaml`, or in a file that the catalogue names in `include:`");
    assert_snapshot!(said("segments:\n  a: { wehn: b > 1 }\n"), @"K104 2:8 unknown key `wehn` in segment `a` | fix: wehn => when");
    assert_snapshot!(said("segments:\n  a: { name: b, when: c > 1, colour: red }\n"), @"
    K104 2:8 unknown key `name` in segment `a` | the name is the key above; `label:` is what people call it
    K104 2:30 unknown key `colour` in segment `a` | the keys here are `label`, `description`, `owner`, `tags`, `of`, `within`, `when`, `include`, `exclude`, `split`
    ");
    assert_snapshot!(said("tests: []\nsplit: {}\nsegments:\n  a: { when: b > 1 }\n"), @"
    K504 1:8 `tests` holds no tests | write `- name: …`, and below it `as_of:`, `given:` and `expect:`, or remove the key
    K104 2:1 unknown key `split` in the rule file | a split divides one segment: write it below that, beside `when:`
    ");
}

#[test]
fn segments_of_another_shape() {
    assert_snapshot!(said("segments:\n  - name: a\n    when: b > 1\n"), @"K107 2:5 `segments` must be keys with values, found a list | write each segment under its name: `jakarta_vip:` and below it `when: …`, without `-`");
    assert_snapshot!(said("segments: text\n"), @"K107 1:11 `segments` must be keys with values, found text | write `key: value` pairs, one a line and indented");
    assert_snapshot!(said("- a\n"), @"K107 1:3 the rule file must be keys with values, found a list | write `key: value` pairs, one a line and indented");
    assert_snapshot!(said("segments:\n  a:\n  b: [c]\n  d: { label: x }\n"), @"
    K106 2:3 segment `a` lacks the key `when` | say who belongs to it: `when: spend_90d > 500`
    K107 3:7 segment `b` must be keys with values, found a list | write `key: value` pairs, one a line and indented
    K106 4:3 segment `d` lacks the key `when` | say who belongs to it: `when: spend_90d > 500`
    ");
    assert_snapshot!(said("segments:\n  a:\n    when:\n      - b > 1\n      - c > 2\n"), @"K107 4:9 `when` must be an expression, found a list | write it as one text: conditions are joined by `and` and `or`");
    assert_snapshot!(said("segments:\n  a:\n    when:\n      all: b > 1\n"), @"K107 4:7 `when` must be an expression, found keys with values | write it as one text: conditions are joined by `and` and `or`");
    assert_snapshot!(said("segments:\n  a:\n    when: ~\n    label:\n    tags: { b: c }\n"), @"
    K106 3:11 `when` has no expression | write one after the `:`; a word such as `null` has no meaning here
    K106 4:5 `label` has no value | write one, or remove the key; put it in quotes if the word itself is meant
    K107 5:13 `tags` must be a list, found keys with values | write `[a, b]`, or one item a line after `- `
    ");
}

#[test]
fn one_mistake_gives_one_message() {
    assert_snapshot!(said("segments:\n  a: { when: *b }\n  c: { when: !churned }\n  d: { when: f(x, 1 }\n"), @"
    K105 2:14 `*b` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
    K105 3:14 `!churned` is a YAML tag, and tags are not allowed | write `not churned` if `!` is meant as `not`; otherwise put the text in quotes
    K203 4:15 `(` is opened and never closed | close it, and put all of `f(x …` in quotes
    ");
    assert_snapshot!(said("segments: *all\n"), @"K105 1:11 `*all` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place");
}

#[test]
fn a_file_of_tiers_alone() {
    let (rules, said) = read("tiers:\n  loyalty: { gold: spend > 5, bronze: otherwise }\nbands:\n  spend: [0]\n");
    assert_eq!(said, "");
    let names: Vec<&str> = rules.partitions.iter().map(|def| def.name.text.as_str()).collect();
    assert_eq!(names, ["loyalty", "spend"]);
}

/// Keys as they were read.
fn keys(list: Option<&KeyList>) -> String {
    match list {
        Some(KeyList::Values(keys)) => keys.iter().map(|key| key.value.as_str()).collect::<Vec<_>>().join("|"),
        Some(KeyList::File(file)) => format!("file {}", file.path),
        None => "none".to_owned(),
    }
}

#[test]
fn keys_that_are_in_or_out() {
    let text = "segments:\n  a: { when: b > 1, include: [C1, 00017, 'x, y'], exclude: { file: lists/out.csv } }\n  \
                c: { when: b > 1, include: C1 }\n";
    let (rules, said) = read(text);
    assert_eq!(said, "");
    let [a, c] = &rules.segments[..] else { panic!("{:?}", rules.segments) };
    assert_eq!(keys(a.include.as_ref()), "C1|00017|x, y");
    assert_eq!(keys(a.exclude.as_ref()), "file lists/out.csv");
    let Some(KeyList::File(file)) = &a.exclude else { panic!("{:?}", a.exclude) };
    assert_eq!(&text[file.span.range()], "lists/out.csv");
    assert_eq!((keys(c.include.as_ref()), keys(c.exclude.as_ref())), ("C1".to_owned(), "none".to_owned()));
}

#[test]
fn keys_of_another_shape() {
    let said = |written: &str| said(&format!("segments:\n  a: {{ when: b > 1, {written} }}\n"));
    assert_snapshot!(said("include: "), @"K106 2:21 `include` has no value | write one, or remove the key; put it in quotes if the word itself is meant");
    assert_snapshot!(said("include: []"), @"K107 2:30 `include` is an empty list | list the keys of those who are meant, or remove the key");
    assert_snapshot!(said("include: [C1, ~, [a, b]]"), @"K107 2:39 an item of `include` must be a key, found a list | keys of several parts stand in a file with a column for each: `include: { file: keys.csv }`");
    assert_snapshot!(said("include: [C1, ~]"), @"K106 2:35 an item of `include` has no value | write one, or remove the key; put it in quotes if the word itself is meant");
    assert_snapshot!(said("include: lists/vips.csv"), @"K107 2:30 `include` lists keys, and `lists/vips.csv` is the name of a file | fix: lists/vips.csv => { file: lists/vips.csv }");
    assert_snapshot!(said("exclude: 'lists/our vips.TXT'"), @"K107 2:30 `exclude` lists keys, and `lists/our vips.TXT` is the name of a file | fix: 'lists/our vips.TXT' => { file: 'lists/our vips.TXT' }");
    assert_snapshot!(said("exclude: { fil: x }"), @"K104 2:32 unknown key `fil` in `exclude` | fix: fil => file");
    assert_snapshot!(said("exclude: { when: c > 2, file: }"), @"
    K104 2:32 unknown key `when` in `exclude` | `exclude:` only holds keys; conditions stand in `when:` of the segment
    K106 2:45 `file` has no value | write one, or remove the key; put it in quotes if the word itself is meant
    ");
    assert_snapshot!(said("exclude: *x"), @"K105 2:30 `*x` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place");
}

#[test]
fn a_split() {
    let text = "segments:\n  a: { when: b > 1, split: { salt: launch, a: 45%, b: 44.5%, holdout: '10%' } }\n";
    let (rules, said) = read(text);
    assert_eq!(said, "");
    let split = rules.segments[0].split.as_ref().expect("a split");
    assert_eq!((&text[split.span.range()], split.salt.value.as_str()), ("split", "launch"));
    let parts: Vec<String> = split.parts.iter().map(|(name, share)| format!("{} {}", name.text, share.value)).collect();
    assert_eq!(parts, ["a 45", "b 44.5", "holdout 10"]);
}

#[test]
fn splits_of_another_shape() {
    let said = |written: &str| said(&format!("segments:\n  a: {{ when: b > 1, split: {written} }}\n"));
    assert_snapshot!(said(""), @"K106 2:21 `split` names no part | write `split: { salt: launch, a: 45%, b: 45%, holdout: 10% }`");
    assert_snapshot!(said("{}"), @"K106 2:21 `split` names no part | write `split: { salt: launch, a: 45%, b: 45%, holdout: 10% }`");
    assert_snapshot!(said("50%"), @"K107 2:28 `split` must be parts with shares, found text | write `split: { salt: launch, a: 45%, b: 45%, holdout: 10% }`");
    assert_snapshot!(said("[50%, 50%]"), @"K107 2:29 `split` must be parts with shares, found a list | write `split: { salt: launch, a: 45%, b: 45%, holdout: 10% }`");
    assert_snapshot!(said("{ a: 50%, b: 50% }"), @"K106 2:21 `split` lacks the key `salt` | add `salt:` and any word of your own: another salt is another split, the same salt the same one");
    assert_snapshot!(said("{ salt: x }"), @"K106 2:21 `split` names no part | write `split: { salt: launch, a: 45%, b: 45%, holdout: 10% }`");
    assert_snapshot!(said("{ salt: '', a: 5% }"), @"K402 2:36 the salt of `split` is empty | write any word");
    assert_snapshot!(said("{ salt: , a: }"), @"
    K106 2:30 `salt` has no value | write one, or remove the key; put it in quotes if the word itself is meant
    K106 2:38 part `a` has no value | write one, or remove the key; put it in quotes if the word itself is meant
    ");
    assert_snapshot!(said("{ salt: x, a: 45, b: 0.5, c: 500 }"), @"
    K402 2:42 the share of part `a` lacks `%`, found `45` | fix: 45 => 45%
    K402 2:49 the share of part `b` lacks `%`, found `0.5` | fix: 0.5 => 50%
    K402 2:57 the share of part `c` lacks `%`, found `500` | write a share above 0% and at most 100%
    ");
    assert_snapshot!(said("{ salt: x, a: 0%, b: 101%, c: half, d: [1], e: otherwise, f: 10 pct }"), @"
    K402 2:42 part `a` has 0% of the members | write a share above 0% and at most 100%, or remove the part
    K402 2:49 part `b` has 101% of the members | write a share above 0% and at most 100%, or remove the part
    K402 2:58 part `c` must be a share in percent, found `half` | write a number and `%`, as in `45%`; whoever is left is in no part
    K107 2:68 part `d` must be a share in percent, found a list | write its share alone: `d: 45%`
    K402 2:75 part `e` must be a share in percent, found `otherwise` | write what is left to 100% as a number
    K206 2:89 a share is written `10%`, found `10 pct` | fix: 10 pct => 10%
    ");
    assert_snapshot!(said("{ salt: x, a: 45%, b: 45%, holdout: 10.5% }"), @"K402 2:64 the parts of `split` add up to 100.5% | lower the shares to 100% or less in all");
    assert_snapshot!(said("{ salt: x, a: 45%, 'a ': 5%, in: 5%, Group B: 1% }"), @"
    K302 2:48 the name `a` is given twice in `split` [first given here: `a`] | give one of the two another name
    K212 2:57 `in` is a word of the language and cannot be a name by itself | choose another name, or put it in backticks here and wherever it is used
    K304 2:65 a name such as `big_spenders` is expected, found `Group B` | a name is made of letters, digits and `_` and starts with no digit; anything else stands in backticks | write `group_b`, say
    ");
    assert_snapshot!(said("*x"), @"K105 2:28 `*x` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place");
    assert_snapshot!(said("{ salt: *x, a: *x }"), @"
    K105 2:36 `*x` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
    K105 2:43 `*x` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
    ");
}
