use insta::assert_snapshot;

use super::decode;
use crate::catalog::model::{PartitionDef, PartitionKind, TierDef};
use crate::source::Sources;
use crate::source::yaml::fields::Fields;
use crate::source::yaml::{self, tests::render};
use crate::syntax::ast::{Expr, Ident};
use crate::syntax::print;

/// The partitions of a text, and what was said about it.
fn read(text: &str) -> (Vec<PartitionDef>, String) {
    let mut sources = Sources::new();
    let file = sources.add("rules.yaml", text);
    let mut out = Vec::new();
    let node = yaml::parse(file, text, &mut out);
    let fields = node.as_ref().and_then(|node| Fields::open(node, "the rule file", &mut out));
    let found = fields.map(|mut fields| decode(&mut fields, &mut out)).unwrap_or_default();
    out.sort_by_key(|finding| finding.primary.span.start);
    let said = out.iter().map(|finding| render(&sources, finding)).collect::<Vec<_>>().join("\n");
    (found, said)
}

#[track_caller]
fn sound(text: &str) -> Vec<PartitionDef> {
    let (found, said) = read(text);
    assert_eq!(said, "", "{text}");
    found
}

/// What is said of each text by itself.
fn survey(texts: &[&str]) -> String {
    let said = texts.iter().map(|text| {
        let lines: Vec<String> = read(text).1.lines().map(|line| format!("    {line}")).collect();
        format!("{}\n{}", text.trim_end(), lines.join("\n"))
    });
    said.collect::<Vec<_>>().join("\n")
}

fn names(names: &[Ident]) -> String {
    names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(" ")
}

fn printed(exprs: &[Expr]) -> String {
    exprs.iter().map(print).collect::<Vec<_>>().join(" ")
}

/// One line for each partition: what it is, and what is said about it.
fn shown(def: &PartitionDef) -> String {
    let tier = |tier: &TierDef| {
        let label = tier.label.as_ref().map(|label| format!(" \"{label}\"")).unwrap_or_default();
        let when = tier.when.as_ref().map_or("otherwise".to_owned(), print);
        format!("{}{label}: {when}", tier.name.text)
    };
    let kind = match &def.kind {
        PartitionKind::Tiers(tiers) => tiers.iter().map(tier).collect::<Vec<_>>().join(" / "),
        PartitionKind::Bands(bands) => {
            let names = bands.names.as_ref().map(|given| format!(" as {}", names(given))).unwrap_or_default();
            format!("{} at {}{names}", print(&bands.is), printed(&bands.bounds))
        }
        PartitionKind::Values(is) => format!("each of {}", print(is)),
        PartitionKind::Chart(chart) => {
            let groups = chart.groups.iter().map(|group| {
                let cells: Vec<String> =
                    group.cells.iter().map(|cell| format!("{}={:?}", cell.value.text, cell.value.digits)).collect();
                let label = group.label.as_ref().map(|label| format!(" \"{label}\"")).unwrap_or_default();
                format!("{}{label}: {}", group.name.text, cells.join(" "))
            });
            let scale = chart.scale.as_ref().map(|scale| format!(" to {}", scale.value)).unwrap_or_default();
            format!("{}{scale} {{ {} }}", names(&chart.by), groups.collect::<Vec<_>>().join(" / "))
        }
    };
    let tags: Vec<&str> = def.tags.iter().map(|tag| tag.value.as_str()).collect();
    let within = def.within.as_ref().map(|path| names(&path.parts).replace(' ', "."));
    let said = [
        def.label.clone(),
        def.description.clone(),
        def.owner.clone(),
        (!tags.is_empty()).then(|| tags.join("+")),
        def.of.as_ref().map(|of| of.text.clone()),
        within,
        (!def.makes_attribute()).then(|| "no attribute".to_owned()),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    format!("{} [{}] {kind}", def.name.text, said.join(", "))
}

fn all(text: &str) -> String {
    sound(text).iter().map(shown).collect::<Vec<_>>().join("\n")
}

const WHOLE: &str = "\
charts:
  rfm:
    by: [r, f, m]
    scale: 5
    label: Lifecycle
    groups:
      champions: [555, 554, '5[4-5]x']
      loyal: { label: Loyal, cells: 444 443 }
      rest: xxx
  rf: { by: [r, f], groups: { best: ['[13-5]X', 5x], '`old ones`': \"11, 12\" } }
tiers:
  loyalty:
    gold: spend_365d >= 10_000
    silver: 'spend_365d >= 5_000'
    bronze: Otherwise
  visitors:
    label: Visitors
    description: How often people come.
    owner: crm@example.com
    tags: [crm, 7]
    of: invoice
    within: loyalty.gold
    parts:
      often: { when: visits_30d >= 4, label: Often }
      seldom: otherwise
bands:
  spend_365d: [0, 1_000, -5, 1.5]
  value_band: { is: spend / 2, bounds: [0, 1_000], names: [none, low, high], label: Value }
  aov: { bounds: [2026-01-01], label: Basket }
  age_band: { is: age, bounds: [90d] }
partitions:
  place: region
  region: { is: region, label: Place }
";

#[test]
fn everything_in_file_order() {
    assert_snapshot!(all(WHOLE), @r#"
    rfm [Lifecycle] r f m to 5 { champions: 555=[Some([5]), Some([5]), Some([5])] 554=[Some([5]), Some([5]), Some([4])] 5[4-5]x=[Some([5]), Some([4, 5]), None] / loyal "Loyal": 444=[Some([4]), Some([4]), Some([4])] 443=[Some([4]), Some([4]), Some([3])] / rest: xxx=[None, None, None] }
    rf [] r f { best: [13-5]X=[Some([1, 3, 4, 5]), None] 5x=[Some([5]), None] / old ones: 11=[Some([1]), Some([1])] 12=[Some([1]), Some([2])] }
    loyalty [] gold: spend_365d >= 10_000 / silver: spend_365d >= 5000 / bronze: otherwise
    visitors [Visitors, How often people come., crm@example.com, crm+7, invoice, loyalty.gold] often "Often": visits_30d >= 4 / seldom: otherwise
    spend_365d [no attribute] spend_365d at 0 1000 -5 1.5
    value_band [Value] spend / 2 at 0 1000 as none low high
    aov [Basket, no attribute] aov at 2026-01-01
    age_band [] age at 90d
    place [] each of region
    region [Place, no attribute] each of region
    "#);
    assert_snapshot!(all("partitions: [region, '`home town`']\n"), @"
    region [no attribute] each of region
    home town [no attribute] each of `home town`
    ");
    assert_snapshot!(all("partitions: region\n"), @"region [no attribute] each of region");
    assert_snapshot!(all("tiers: { t: { label: { when: a > 1, label: A } } }\n".replace("label: {", "x: {").as_str()), @r#"t [] x "A": a > 1"#);
}

#[test]
fn tiers_of_another_shape() {
    assert_snapshot!(survey(&[
        "tiers:\n",
        "tiers: {}\n",
        "tiers: text\n",
        "tiers:\n  - loyalty: { gold: a > 1 }\n",
        "tiers:\n  loyalty:\n    - gold: a > 1\n    - bronze: otherwise\n",
        "tiers:\n  loyalty: a > 1\n",
        "tiers:\n  loyalty:\n",
        "tiers:\n  loyalty: {}\n",
        "tiers: { a: { x: otherwise }, a b: { x: otherwise } }\n",
        "tiers: { a: { x: b > 1, '`x`': b > 2 } }\n",
    ]), @"
    tiers:
        K504 1:1 `tiers` defines nothing | write `loyalty: { gold: spend_365d >= 10_000, bronze: otherwise }`, or remove the key
    tiers: {}
        K504 1:8 `tiers` defines nothing | write `loyalty: { gold: spend_365d >= 10_000, bronze: otherwise }`, or remove the key
    tiers: text
        K107 1:8 `tiers` must be keys with values, found text | write each under its name, as in `loyalty: { gold: spend_365d >= 10_000, bronze: otherwise }`
    tiers:
      - loyalty: { gold: a > 1 }
        K107 2:5 `tiers` must be keys with values, found a list | write each under its name, as in `loyalty: { gold: spend_365d >= 10_000, bronze: otherwise }`
    tiers:
      loyalty:
        - gold: a > 1
        - bronze: otherwise
        K107 3:7 tiers `loyalty` must be names with conditions, found a list | write one tier a line below the name: `gold: spend_365d >= 10_000`, and so on, the best first; `bronze: otherwise` takes those left
    tiers:
      loyalty: a > 1
        K107 2:12 tiers `loyalty` must be names with conditions, found text | write one tier a line below the name: `gold: spend_365d >= 10_000`, and so on, the best first; `bronze: otherwise` takes those left
    tiers:
      loyalty:
        K106 2:3 tiers `loyalty` have no tier | write `gold: spend_365d >= 10_000`, and so on, the best first; `bronze: otherwise` takes those left
    tiers:
      loyalty: {}
        K106 2:3 tiers `loyalty` have no tier | write `gold: spend_365d >= 10_000`, and so on, the best first; `bronze: otherwise` takes those left
    tiers: { a: { x: otherwise }, a b: { x: otherwise } }
        K304 1:31 a name such as `big_spenders` is expected, found `a b` | a name is made of letters, digits and `_` and starts with no digit; anything else stands in backticks | write `a_b`, say
    tiers: { a: { x: b > 1, '`x`': b > 2 } }
        K302 1:26 the name `x` is given twice in tiers `a` [first given here: `x`] | give one of the two another name
    ");
    assert_snapshot!(survey(&[
        "tiers:\n  loyalty:\n    label: Loyalty\n    gold: a > 1\n    bronze: otherwise\n",
        "tiers:\n  loyalty: { label: Loyalty, parts: }\n",
        "tiers:\n  loyalty: { parts: [gold] }\n",
        "tiers:\n  loyalty: { parts: a > 1, labl: x }\n",
        "tiers:\n  loyalty: { name: x, when: a > 1, parts: { a: b > 1 } }\n",
    ]), @"
    tiers:
      loyalty:
        label: Loyalty
        gold: a > 1
        bronze: otherwise
        K106 2:3 tiers `loyalty` lack the key `parts` | beside `label:` the tiers stand in a map of their own: `parts: { gold: …, bronze: otherwise }`
    tiers:
      loyalty: { label: Loyalty, parts: }
        K106 2:30 tiers `loyalty` have no tier | write `gold: spend_365d >= 10_000`, and so on, the best first; `bronze: otherwise` takes those left
    tiers:
      loyalty: { parts: [gold] }
        K107 2:22 `parts` must be names with conditions, found a list | write one tier a line below it: `gold: spend_365d >= 10_000`, and so on, the best first; `bronze: otherwise` takes those left
    tiers:
      loyalty: { parts: a > 1, labl: x }
        K107 2:21 `parts` must be names with conditions, found text | write one tier a line below it: `gold: spend_365d >= 10_000`, and so on, the best first; `bronze: otherwise` takes those left
        K104 2:28 unknown key `labl` in tiers `loyalty` | fix: labl => label
    tiers:
      loyalty: { name: x, when: a > 1, parts: { a: b > 1 } }
        K104 2:14 unknown key `name` in tiers `loyalty` | the name is the key above; `label:` is what people call it
        K104 2:23 unknown key `when` in tiers `loyalty` | the keys here are `label`, `description`, `owner`, `tags`, `of`, `within`, `parts`
    ");
}

#[test]
fn conditions_of_tiers() {
    assert_snapshot!(survey(&[
        "tiers:\n  t:\n    a: otherwise\n    b: x > 1\n    c: OTHERWISE\n",
        "tiers:\n  t:\n    a:\n    b: otherwise\n",
        "tiers:\n  t:\n    a: [x > 1]\n    b: x >\n",
        "tiers:\n  t:\n    a: { label: A }\n    b: { when: , label: B }\n    c: { when: x > 1, owner: me, lable: C }\n",
        "tiers:\n  t:\n    a: { when: otherwise }\n    b: x > 1\n",
        "tiers:\n  t:\n    otherwise: x > 1\n    9a: x > 2\n",
    ]), @"
    tiers:
      t:
        a: otherwise
        b: x > 1
        c: OTHERWISE
        K107 3:5 `a: otherwise` is not the last tier, so those below it are empty | move `a: otherwise` to the end, or give `a` a condition
    tiers:
      t:
        a:
        b: otherwise
        K106 3:5 tier `a` has no expression | write one after the `:`; a word such as `null` has no meaning here
    tiers:
      t:
        a: [x > 1]
        b: x >
        K107 3:9 tier `a` must be an expression, found a list | write it as one text: conditions are joined by `and` and `or`
        K201 4:10 nothing follows `>`
    tiers:
      t:
        a: { label: A }
        b: { when: , label: B }
        c: { when: x > 1, owner: me, lable: C }
        K106 3:5 tier `a` lacks the key `when` | say who is in it: `when: spend_365d >= 10_000`, or `when: otherwise`
        K106 4:10 `when` has no expression | write one after the `:`; a word such as `null` has no meaning here
        K104 5:23 unknown key `owner` in tier `c` | it is said once of all tiers, beside `parts:`
        K104 5:34 unknown key `lable` in tier `c` | fix: lable => label
    tiers:
      t:
        a: { when: otherwise }
        b: x > 1
        K107 3:5 `a: otherwise` is not the last tier, so those below it are empty | move `a: otherwise` to the end, or give `a` a condition
    tiers:
      t:
        otherwise: x > 1
        9a: x > 2
        K212 3:5 `otherwise` is a word of the language and cannot be a name by itself | choose another name, or put it in backticks here and wherever it is used
        K304 4:5 a name such as `big_spenders` is expected, found `9a` | a name is made of letters, digits and `_` and starts with no digit; anything else stands in backticks
    ");
}

#[test]
fn bands_of_another_shape() {
    assert_snapshot!(survey(&[
        "bands: []\n",
        "bands:\n  - spend: [1]\n",
        "bands:\n  spend:\n",
        "bands:\n  spend: []\n",
        "bands:\n  spend: {}\n",
        "bands:\n  spend: 1_000\n",
        "bands:\n  spend: 0, 1_000\n",
        "bands:\n  spend: '0, 1_000'\n",
        "bands:\n  spend: { low: 0, high: 10 }\n",
        "bands:\n  spend: [0, [1], ~, Rp 500]\n",
        "bands:\n  v: { is: spend, bounds: 1_000 }\n",
        "bands:\n  v: { is: spend, bounds: [] }\n",
        "bands:\n  v: { is: spend, bounds: { a: 1 }, names: x }\n",
        "bands:\n  v: { is: , bounds: [1], parts: { a: 1 }, when: x }\n",
    ]), @"
    bands: []
        K504 1:8 `bands` defines nothing | write `spend_365d: [0, 1_000, 10_000]`, or remove the key
    bands:
      - spend: [1]
        K107 2:5 `bands` must be keys with values, found a list | write each under its name, as in `spend_365d: [0, 1_000, 10_000]`
    bands:
      spend:
        K106 2:3 bands `spend` hold no bound | say where bands begin, ascending, as in `[0, 1_000, 10_000]`
    bands:
      spend: []
        K106 2:3 bands `spend` hold no bound | say where bands begin, ascending, as in `[0, 1_000, 10_000]`
    bands:
      spend: {}
        K106 2:3 bands `spend` hold no bound | say where bands begin, ascending, as in `[0, 1_000, 10_000]`
    bands:
      spend: 1_000
        K107 2:10 bands `spend` must be a list of bounds, found `1_000` | fix: 1_000 => [1_000]
    bands:
      spend: 0, 1_000
        K107 2:10 bands `spend` must be a list of bounds, found `0, 1_000` | fix: 0, 1_000 => [0, 1_000]
    bands:
      spend: '0, 1_000'
        K107 2:10 bands `spend` must be a list of bounds, found `0, 1_000` | write a list, ascending: `[0, 1_000, 10_000]`
    bands:
      spend: { low: 0, high: 10 }
        K107 2:12 bands `spend` must be a list of bounds, found keys with values | write the bounds alone, ascending: `[0, 1_000, 10_000]`; `names:` says what bands are called
    bands:
      spend: [0, [1], ~, Rp 500]
        K107 2:15 a bound must be an expression, found a list | write it as one text: conditions are joined by `and` and `or`
        K106 2:19 a bound has no expression | write one after the `:`; a word such as `null` has no meaning here
        K206 2:22 a number is written without a currency, found `Rp` | the currency of a metric is declared once, in the catalogue (`unit:`) | fix: Rp 500 => 500
    bands:
      v: { is: spend, bounds: 1_000 }
        K107 2:27 `bounds` must be a list of bounds, found `1_000` | fix: 1_000 => [1_000]
    bands:
      v: { is: spend, bounds: [] }
        K106 2:19 `bounds` holds no bound | say where bands begin, ascending, as in `[0, 1_000, 10_000]`
    bands:
      v: { is: spend, bounds: { a: 1 }, names: x }
        K107 2:29 `bounds` must be a list of bounds, found keys with values | write the bounds alone, ascending: `[0, 1_000, 10_000]`; `names:` says what bands are called
    bands:
      v: { is: , bounds: [1], parts: { a: 1 }, when: x }
        K106 2:8 `is` has no expression | write one after the `:`; a word such as `null` has no meaning here
        K104 2:27 unknown key `parts` in bands `v` | bands have `bounds:`, and `names:` one for each band from the lowest on
        K104 2:44 unknown key `when` in bands `v` | bands divide a value, `is:`; groups by conditions are `tiers:`
    ");
    assert_snapshot!(survey(&[
        "bands:\n  v: { is: spend, bounds: [1], names: [low] }\n",
        "bands:\n  v: { is: spend, bounds: [1, 2], names: [low, high] }\n",
        "bands:\n  v: { is: spend, bounds: [1], names: [low, middle, high] }\n",
        "bands:\n  v: { is: spend, bounds: [1], names: [low, low] }\n",
        "bands:\n  v: { is: spend, bounds: [1], names: [low, High Ones] }\n",
        "bands:\n  v: { is: spend, bounds: [1], names: [] }\n",
    ]), @"
    bands:
      v: { is: spend, bounds: [1], names: [low] }
        K402 2:40 1 bound makes 2 bands, and 1 name is given | name every band from the lowest on; the first one lies below the first bound
    bands:
      v: { is: spend, bounds: [1, 2], names: [low, high] }
        K402 2:43 2 bounds make 3 bands, and 2 names are given | name every band from the lowest on; the first one lies below the first bound
    bands:
      v: { is: spend, bounds: [1], names: [low, middle, high] }
        K402 2:40 1 bound makes 2 bands, and 3 names are given | name every band from the lowest on; the first one lies below the first bound
    bands:
      v: { is: spend, bounds: [1], names: [low, low] }
        K302 2:45 two bands are called `low` [first named here: `low`] | give one of the two another name
    bands:
      v: { is: spend, bounds: [1], names: [low, High Ones] }
        K304 2:45 a name such as `big_spenders` is expected, found `High Ones` | a name is made of letters, digits and `_` and starts with no digit; anything else stands in backticks | write `high_ones`, say
    bands:
      v: { is: spend, bounds: [1], names: [] }
        K402 2:39 1 bound makes 2 bands, and 0 names are given | name every band from the lowest on; the first one lies below the first bound
    ");
}

#[test]
fn partitions_of_another_shape() {
    assert_snapshot!(survey(&[
        "partitions:\n",
        "partitions: []\n",
        "partitions: [region, region]\n",
        "partitions: [{ region: x }, [a], ~, Home Town]\n",
        "partitions:\n  place:\n",
        "partitions:\n  place: { label: Place }\n",
        "partitions:\n  place: [region]\n",
        "partitions:\n  place: { is: region, parts: { a: b }, values: [c], lable: d }\n",
    ]), @"
    partitions:
        K504 1:1 `partitions` defines nothing | write `partitions: [region]`, or `partitions: { place: region }` to call it otherwise, or remove the key
    partitions: []
        K504 1:13 `partitions` defines nothing | write `partitions: [region]`, or `partitions: { place: region }` to call it otherwise, or remove the key
    partitions: [region, region]
        K302 1:22 `region` is listed twice in `partitions` [first listed here: `region`] | remove one of the two
    partitions: [{ region: x }, [a], ~, Home Town]
        K107 1:16 an item of `partitions` must be the name of an attribute, found keys with values | write `partitions: [region]`, or `partitions: { place: region }` to call it otherwise
        K107 1:30 an item of `partitions` must be the name of an attribute, found a list | write `partitions: [region]`, or `partitions: { place: region }` to call it otherwise
        K106 1:34 an item of `partitions` has no value | write one, or remove the key; put it in quotes if the word itself is meant
        K304 1:37 a name such as `big_spenders` is expected, found `Home Town` | a name is made of letters, digits and `_` and starts with no digit; anything else stands in backticks | write `home_town`, say
    partitions:
      place:
        K106 2:3 partition `place` lacks the key `is` | say which attribute is divided: `is: region`
    partitions:
      place: { label: Place }
        K106 2:3 partition `place` lacks the key `is` | say which attribute is divided: `is: region`
    partitions:
      place: [region]
        K107 2:11 partition `place` must be keys with values, found a list | write `key: value` pairs, one a line and indented
    partitions:
      place: { is: region, parts: { a: b }, values: [c], lable: d }
        K104 2:24 unknown key `parts` in partition `place` | the parts are the values of the attribute; groups by conditions are `tiers:`
        K104 2:41 unknown key `values` in partition `place` | the values are those of the attribute: give it a closed set where it is defined
        K104 2:54 unknown key `lable` in partition `place` | fix: lable => label
    ");
}

#[test]
fn charts_of_another_shape() {
    assert_snapshot!(survey(&[
        "charts: {}\n",
        "charts:\n  - rfm\n",
        "charts:\n  rfm:\n",
        "charts:\n  rfm: [r, f]\n",
        "charts:\n  rfm: { by: [r], groups: { a: 1 } }\n",
        "charts:\n  rfm: { by: [r, f, m, x], groups: { a: 1111 } }\n",
        "charts:\n  rfm: { by: [r, f], scale: 10, groups: { a: 11 } }\n",
        "charts:\n  rfm: { by: [r, f], scale: five, groups: { a: 11 } }\n",
        "charts:\n  rfm: { by: [r, f], groups: }\n",
        "charts:\n  rfm: { by: [r, f], groups: [11, 12] }\n",
        "charts:\n  rfm: { scores: [r, f], groups: { a: 11 } }\n",
        "charts:\n  rfm: { by: [r, f], groups: { a: , b: [], c: { label: C }, d: { cells: [] }, e: { cells: 11, owner: x } } }\n",
    ]), @"
    charts: {}
        K504 1:9 `charts` defines nothing | write `rfm: { by: [recency_score, frequency_score], groups: { champions: [55, 54] } }`, or remove the key
    charts:
      - rfm
        K107 2:5 `charts` must be keys with values, found a list | write each under its name, as in `rfm: { by: [recency_score, frequency_score], groups: { champions: [55, 54] } }`
    charts:
      rfm:
        K106 2:3 chart `rfm` lacks the key `by` | name two or three scores: `by: [recency_score, frequency_score, monetary_score]`
        K106 2:3 chart `rfm` lacks the key `groups` | name groups of cells: `groups: { champions: [55, 54], lost: [11, '1x'] }`
    charts:
      rfm: [r, f]
        K107 2:9 chart `rfm` must be keys with values, found a list | write `key: value` pairs, one a line and indented
    charts:
      rfm: { by: [r], groups: { a: 1 } }
        K402 2:15 a chart is over two or three scores, and `by` names 1 | name two or three; the groups of one score are `bands:`
    charts:
      rfm: { by: [r, f, m, x], groups: { a: 1111 } }
        K402 2:15 a chart is over two or three scores, and `by` names 4 | name two or three; the groups of one score are `bands:`
    charts:
      rfm: { by: [r, f], scale: 10, groups: { a: 11 } }
        K402 2:29 `scale` is the highest score, a whole number from 2 to 9, found `10` | quintiles have `scale: 5`
    charts:
      rfm: { by: [r, f], scale: five, groups: { a: 11 } }
        K402 2:29 `scale` is the highest score, a whole number from 2 to 9, found `five` | quintiles have `scale: 5`
    charts:
      rfm: { by: [r, f], groups: }
        K106 2:22 `groups` has no group | name groups of cells: `groups: { champions: [55, 54], lost: [11, '1x'] }`
    charts:
      rfm: { by: [r, f], groups: [11, 12] }
        K107 2:31 `groups` must be names with cells, found a list | name groups of cells: `groups: { champions: [55, 54], lost: [11, '1x'] }`
    charts:
      rfm: { scores: [r, f], groups: { a: 11 } }
        K104 2:10 unknown key `scores` in chart `rfm` | fix: scores => by
    charts:
      rfm: { by: [r, f], groups: { a: , b: [], c: { label: C }, d: { cells: [] }, e: { cells: 11, owner: x } } }
        K106 2:32 group `a` has no cell | name the digits of its scores, as in `[555, 554, '5[4-5]x']`, or remove the group
        K106 2:37 group `b` has no cell | name the digits of its scores, as in `[555, 554, '5[4-5]x']`, or remove the group
        K106 2:44 group `c` lacks the key `cells` | name the digits of its scores: `cells: [555, 554, '5[4-5]x']`
        K106 2:66 group `d` has no cell | name the digits of its scores, as in `[555, 554, '5[4-5]x']`, or remove the group
        K104 2:95 unknown key `owner` in group `e` | it is said once of the chart, beside `groups:`
    ");
}

#[test]
fn cells_that_are_none() {
    let cell = |cell: &str| format!("charts:\n  rfm: {{ by: [r, f, m], scale: 5, groups: {{ a: [111, {cell}] }} }}\n");
    let cells = [
        "55",
        "5555",
        "'55x '",
        "550",
        "556",
        "'5[4-6]5'",
        "'5[5-4]5'",
        "'5[]5'",
        "'5[4-]5'",
        "'5[45'",
        "'545]'",
        "5?5",
        "5-5",
        "5.5",
        "'5[4-5]x'",
        "x1*",
        "[555]",
        "~",
    ];
    let fine = |said: String| if said.is_empty() { "fine".to_owned() } else { said };
    let said = cells.map(|text| format!("{text}\n    {}", fine(read(&cell(text)).1).replace('\n', "\n    ")));
    assert_snapshot!(said.join("\n"), @"
    55
        K402 2:54 cell `55` has 2 digits, and there are 3 scores | a cell has one digit for each score of `by:`, in that order; `x` stands for any
    5555
        K402 2:54 cell `5555` has 4 digits, and there are 3 scores | a cell has one digit for each score of `by:`, in that order; `x` stands for any
    '55x '
        fine
    550
        K402 2:54 cell `550` has a `0`, and scores begin at 1 | write a digit from 1 on, or `x` for any
    556
        K402 2:54 cell `556` has a `6`, and scores go up to 5 | write a digit from 1 to 5, or raise `scale:`
    '5[4-6]5'
        K402 2:55 cell `5[4-6]5` has a `6`, and scores go up to 5 | write a digit from 1 to 5, or raise `scale:`
    '5[5-4]5'
        K402 2:55 `[5-4]` in cell `5[5-4]5` is no choice of digits | write the lower digit first, as in `[4-5]`, or all of them, as in `[135]`
    '5[]5'
        K402 2:55 `[]` in cell `5[]5` is no choice of digits | write the lower digit first, as in `[4-5]`, or all of them, as in `[135]`
    '5[4-]5'
        K402 2:55 `[4-]` in cell `5[4-]5` is no choice of digits | write the lower digit first, as in `[4-5]`, or all of them, as in `[135]`
    '5[45'
        K402 2:55 the brackets of cell `5[45` do not match | a choice of digits is written `[4-5]` or `[135]`
    '545]'
        K402 2:55 the brackets of cell `545]` do not match | a choice of digits is written `[4-5]` or `[135]`
    5?5
        K402 2:54 cell `5?5` has a `?`, which means nothing in a cell | a cell is made of digits, `x` for any, and choices such as `[4-5]` or `[135]`
    5-5
        K402 2:54 cell `5-5` has a `-`, which means nothing in a cell | a cell is made of digits, `x` for any, and choices such as `[4-5]` or `[135]`
    5.5
        K402 2:54 cell `5.5` has a `.`, which means nothing in a cell | a cell is made of digits, `x` for any, and choices such as `[4-5]` or `[135]`
    '5[4-5]x'
        fine
    x1*
        fine
    [555]
        K107 2:55 a cell of group `a` must be one text, found a list | cells are the digits of the scores, as in `[555, 554, '5[4-5]x']`
    ~
        K106 2:54 a cell of group `a` has no value | write one, or remove the key; put it in quotes if the word itself is meant
    ");
    let free = "charts:\n  rfm: { by: [r, f], groups: { a: [99, 90, 5[4-5]] } }\n";
    assert_snapshot!(survey(&[free]), @"
    charts:
      rfm: { by: [r, f], groups: { a: [99, 90, 5[4-5]] } }
        K402 2:40 cell `90` has a `0`, and scores begin at 1 | write a digit from 1 on, or `x` for any
        K108 2:44 YAML cuts `5[4-5]` at `[` (YAML reads only `5`) | fix: 5[4-5] => '5[4-5]'
    ");
}

#[test]
fn broken_values_are_told_once() {
    assert_snapshot!(survey(&[
        "tiers: *a\n",
        "tiers: { t: *a, u: { parts: *a }, v: { x: *a, y: { when: *a } } }\n",
        "bands: { t: *a, u: { is: *a, bounds: *a, names: *a }, v: [*a] }\n",
        "partitions: *a\n",
        "partitions: [*a]\n",
        "partitions: { x: *a, y: { is: *a } }\n",
        "charts: { t: *a, u: { by: *a, scale: *a, groups: *a }, v: { by: [a, b], groups: { x: *a, y: [*a], z: { cells: *a } } } }\n",
    ]), @"
    tiers: *a
        K105 1:8 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
    tiers: { t: *a, u: { parts: *a }, v: { x: *a, y: { when: *a } } }
        K105 1:13 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
        K105 1:29 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
        K105 1:43 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
        K105 1:58 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
    bands: { t: *a, u: { is: *a, bounds: *a, names: *a }, v: [*a] }
        K105 1:13 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
        K105 1:26 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
        K105 1:38 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
        K105 1:49 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
        K105 1:59 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
    partitions: *a
        K105 1:13 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
    partitions: [*a]
        K105 1:14 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
    partitions: { x: *a, y: { is: *a } }
        K105 1:18 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
        K105 1:31 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
    charts: { t: *a, u: { by: *a, scale: *a, groups: *a }, v: { by: [a, b], groups: { x: *a, y: [*a], z: { cells: *a } } } }
        K105 1:14 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
        K105 1:27 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
        K105 1:38 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
        K105 1:50 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
        K105 1:86 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
        K105 1:94 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
        K105 1:111 `*a` is a YAML alias, and aliases are not allowed | write the value out; a rule says all it means in its own place
    ");
}
