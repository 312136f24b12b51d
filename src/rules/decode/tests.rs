use insta::assert_snapshot;

use super::decode;
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
    K104 2:30 unknown key `colour` in segment `a` | the keys here are `label`, `description`, `owner`, `tags`, `of`, `within`, `when`
    ");
    assert_snapshot!(said("tiers: {}\ntests: []\nsegments:\n  a: { when: b > 1, split: {} }\n"), @"
    K213 1:1 tiers (`tiers:`) are not in this version of kohort yet | remove the key; the rest of the file is read
    K213 2:1 tests (`tests:`) are not in this version of kohort yet | remove the key; the rest of the file is read
    K213 4:21 splits (`split:`) are not in this version of kohort yet | remove the key; the rest of the file is read
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
