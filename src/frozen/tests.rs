use insta::assert_snapshot;
use proptest::prelude::*;

use super::model::{AttributeCuts, CutGroup, CutPoints};
use super::{decode, write};
use crate::catalog::model::Placed;
use crate::source::yaml::tests::render;
use crate::source::{FileId, Sources, Span};
use crate::syntax::ast::Ident;

fn nowhere() -> Span {
    Span::new(FileId(0), 0, 0)
}

fn placed(value: &str) -> Placed<String> {
    Placed { value: value.to_owned(), span: nowhere() }
}

fn group(per: Option<&str>, population: u64, bounds: &[&str]) -> CutGroup {
    CutGroup {
        span: nowhere(),
        per: per.map(placed),
        population,
        bounds: bounds.iter().map(|text| placed(text)).collect(),
    }
}

fn cuts(name: &str, definition: &str, groups: Vec<CutGroup>) -> AttributeCuts {
    let name = Ident { text: name.to_owned(), span: nowhere() };
    AttributeCuts { name, definition: placed(definition), as_of: placed("2011-12-09T12:50:00.000000Z"), groups }
}

/// The cut points of a text, and what was said about it.
fn read(text: &str) -> (Option<CutPoints>, String) {
    let mut sources = Sources::new();
    let file = sources.add("frozen.yaml", text);
    let mut out = Vec::new();
    let found = decode(file, text, &mut out);
    let said: Vec<String> = out.iter().map(|finding| render(&sources, finding)).collect();
    (found, said.join("\n"))
}

/// Everything but places.
type Plain = Vec<(String, String, String, Vec<(Option<String>, u64, Vec<String>)>)>;

fn plain(cut_points: &CutPoints) -> Plain {
    let values = |bounds: &[Placed<String>]| bounds.iter().map(|bound| bound.value.clone()).collect();
    let group =
        |group: &CutGroup| (group.per.as_ref().map(|per| per.value.clone()), group.population, values(&group.bounds));
    let cuts = |cuts: &AttributeCuts| {
        let (definition, as_of) = (cuts.definition.value.clone(), cuts.as_of.value.clone());
        (cuts.name.text.clone(), definition, as_of, cuts.groups.iter().map(group).collect())
    };
    cut_points.attributes.iter().map(cuts).collect()
}

#[test]
fn a_whole_file() {
    let attributes = vec![
        cuts("recency_score", "quintile(days_since_purchase)", vec![group(None, 4338, &["1", "-1.5", "00017"])]),
        cuts(
            "no",
            "ntile(3, 'it''s' per region)",
            vec![
                group(Some("Jakarta"), 20, &["2026-03-31", "2026-04-01"]),
                group(Some("a\nb \"c\""), 1, &[]),
                group(None, 3, &["7"]),
            ],
        ),
        cuts("home town", "top 10% by x", vec![]),
    ];
    let cut_points = CutPoints { file: FileId(0), attributes };
    let text = write(&cut_points);
    assert_snapshot!(text, @r#"
    # Cut points of the attributes that the catalogue calls `frozen: true`: where one tile ends and the next begins.
    # `kohort freeze` computes them and writes this file, `kohort freeze NAME` those of one attribute. Until then everybody is
    # measured by these. Keep the file with the rules, and do not change it by hand.
    kohort: 1
    cut_points:
      recency_score:
        definition: 'quintile(days_since_purchase)'
        as_of: '2011-12-09T12:50:00.000000Z'
        population: 4338
        bounds: ['1', '-1.5', '00017']
      'no':
        definition: 'ntile(3, ''it''''s'' per region)'
        as_of: '2011-12-09T12:50:00.000000Z'
        groups:
          - { per: 'Jakarta', population: 20, bounds: ['2026-03-31', '2026-04-01'] }
          - { per: "a\U0000000Ab \"c\"", population: 1, bounds: [] }
          - { population: 3, bounds: ['7'] }
      '`home town`':
        definition: 'top 10% by x'
        as_of: '2011-12-09T12:50:00.000000Z'
        groups: []
    "#);
    let (again, said) = read(&text);
    assert_eq!(said, "");
    assert_eq!(again.as_ref().map(plain), Some(plain(&cut_points)));
    let none = CutPoints { file: FileId(0), attributes: Vec::new() };
    assert!(read(&write(&none)).0.is_some_and(|read| read.attributes.is_empty()));
}

#[test]
fn broken_files_lead_to_freezing_again() {
    let survey = |texts: &[&str]| {
        let lines = texts.iter().map(|text| {
            let (found, said) = read(text);
            let kept = found.map_or("nothing".to_owned(), |found| found.attributes.len().to_string());
            let said = said.replace(super::WAY_OUT, "(way out)").replace('\n', "\n    ");
            format!("{}\n    {said}\n    kept: {kept}", text.trim_end())
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(survey(&[
        "",
        "- a\n",
        "kohort: 1\n",
        "kohort: 2\ncut_points: {}\n",
        "kohort: 1\ncut_points: []\nother: 1\n",
        "<<<<<<< ours\nkohort: 1\n=======\n",
        "kohort: 1\ncut_points: { a: *b }\n",
        "kohort: 1\ncut_points: { a: , b: x }\n",
        "kohort: 1\ncut_points: { a: { definition: x, as_of: y } }\n",
        "kohort: 1\ncut_points: { a: { definition: x, as_of: y, population: many, bounds: 3 } }\n",
        "kohort: 1\ncut_points: { a: { definition: x, as_of: y, population: 1, bounds: [[1], ~] } }\n",
        "kohort: 1\ncut_points: { a: { definition: x, as_of: y, population: 1, bounds: [1], groups: [] } }\n",
        "kohort: 1\ncut_points: { a: { definition: x, as_of: y, groups: { a: b } } }\n",
        "kohort: 1\ncut_points: { a: { definition: x, as_of: y, groups: [a, { per: , population: 1, bounds: [] }] } }\n",
        "kohort: 1\ncut_points: { a: { definition: x, as_of: y, groups: [{ per: z, bounds: [] }] }, b: { definition: x, as_of: y, population: 0, bounds: [] } }\n",
    ]), @"
        K106 1:1 the file of cut points lacks the key `kohort` | (way out)
        K106 1:1 the file of cut points lacks the key `cut_points` | (way out)
        kept: nothing
    - a
        K107 1:3 the file of cut points must be keys with values, found a list | (way out)
        kept: nothing
    kohort: 1
        K106 1:1 the file of cut points lacks the key `cut_points` | (way out)
        kept: nothing
    kohort: 2
    cut_points: {}
        K111 1:9 language version `2` is not known | (way out)
        kept: 0
    kohort: 1
    cut_points: []
    other: 1
        K107 2:13 `cut_points` must be keys with values, found a list | (way out)
        K104 3:1 unknown key `other` in the file of cut points | (way out)
        kept: 0
    <<<<<<< ours
    kohort: 1
    =======
        K102 2:1 `kohort:` cannot be a key here | (way out)
        kept: nothing
    kohort: 1
    cut_points: { a: *b }
        K105 2:18 `*b` is a YAML alias, and aliases are not allowed | (way out)
        kept: 0
    kohort: 1
    cut_points: { a: , b: x }
        K106 2:15 the cut points of `a` are not there | (way out)
        K107 2:23 the cut points of `b` must be keys with values, found text | (way out)
        kept: 0
    kohort: 1
    cut_points: { a: { definition: x, as_of: y } }
        K106 2:15 the cut points of `a` lack the key `population` | (way out)
        K106 2:15 the cut points of `a` lack the key `bounds` | (way out)
        kept: 0
    kohort: 1
    cut_points: { a: { definition: x, as_of: y, population: many, bounds: 3 } }
        K107 2:57 `population` must be a whole number, found `many` | (way out)
        K107 2:71 `bounds` must be a list, found text | (way out)
        kept: 0
    kohort: 1
    cut_points: { a: { definition: x, as_of: y, population: 1, bounds: [[1], ~] } }
        K107 2:70 a bound must be text, found a list | (way out)
        kept: 0
    kohort: 1
    cut_points: { a: { definition: x, as_of: y, population: 1, bounds: [1], groups: [] } }
        K107 2:45 `groups` stands beside cut points of everybody | (way out)
        kept: 0
    kohort: 1
    cut_points: { a: { definition: x, as_of: y, groups: { a: b } } }
        K107 2:55 `groups` must be a list, found keys with values | (way out)
        kept: 0
    kohort: 1
    cut_points: { a: { definition: x, as_of: y, groups: [a, { per: , population: 1, bounds: [] }] } }
        K107 2:54 a group of cut points must be keys with values, found text | (way out)
        kept: 0
    kohort: 1
    cut_points: { a: { definition: x, as_of: y, groups: [{ per: z, bounds: [] }] }, b: { definition: x, as_of: y, population: 0, bounds: [] } }
        K106 2:56 a group of cut points lacks the key `population` | (way out)
        kept: 1
    ");
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,12}", any::<String>(), "['\"\\\\ \n\t#:,\\[\\]{}&*!%@`-]{0,8}", Just("~".to_owned())]
}

fn a_group(per: bool) -> impl Strategy<Value = CutGroup> {
    let per = if per { prop::option::of(text()).boxed() } else { Just(None).boxed() };
    (per, any::<u64>(), prop::collection::vec(text(), 0..4)).prop_map(|(per, population, bounds)| {
        let bounds: Vec<&str> = bounds.iter().map(String::as_str).collect();
        group(per.as_deref(), population, &bounds)
    })
}

fn attribute() -> impl Strategy<Value = AttributeCuts> {
    let groups = prop_oneof![prop::collection::vec(a_group(false), 1..2), prop::collection::vec(a_group(true), 0..4),];
    ("[a-z][a-z_ 0-9é]{0,6}[a-z]", text(), groups)
        .prop_map(|(name, definition, groups)| cuts(&name, &definition, groups))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_again(mut attributes in prop::collection::vec(attribute(), 0..4)) {
        attributes.sort_by(|a, b| a.name.text.cmp(&b.name.text));
        attributes.dedup_by(|a, b| a.name.text == b.name.text);
        let cut_points = CutPoints { file: FileId(0), attributes };
        let text = write(&cut_points);
        let (again, said) = read(&text);
        prop_assert_eq!(said, "", "{}", text);
        prop_assert_eq!(again.as_ref().map(plain), Some(plain(&cut_points)), "{}", text);
    }

    #[test]
    fn broken_files_are_read_or_refused(text in "([a-z_]{1,6}|kohort: 1|cut_points:|groups:|bounds:|population:|per:|[0-9]|[\n {}\\[\\]:,'\"-]){0,40}") {
        let (found, said) = read(&text);
        prop_assert!(found.is_some() || !said.is_empty());
    }
}
