//! Messages about tiers, bands, partitions, charts, splits and keys written out.

use insta::assert_snapshot;

use super::shop::SHOP;
use super::{assert_fixes_work, indented, project, said};
use crate::check::Schemas;

/// The shop with scores to make charts of.
fn shop() -> String {
    let scores = [
        "r: quintile(last(at of sales))",
        "f: score(5, orders among (orders > 0))",
        "m: quintile(spend among (spend > 0))",
        "three: bucket(points, 10, 100)",
        "tenth: decile(aov)",
        "rest: points - 5",
    ];
    let lines: String = scores.iter().map(|score| format!("  {score}\n")).collect();
    SHOP.replace("metrics:\n", &format!("{lines}metrics:\n"))
}

/// What is said of each text of rules by itself.
fn survey(catalog: &str, texts: &[&str]) -> String {
    let mut out = Vec::new();
    for text in texts {
        let project = project(catalog, text);
        let found = said(&project, &Schemas::new());
        let found = if found.is_empty() { "fine".to_owned() } else { found };
        out.push(format!("{}\n{}", text.trim_end(), indented(&found)));
        assert_fixes_work(&project, &Schemas::new());
    }
    out.join("\n")
}

#[test]
fn tiers() {
    let found = survey(
        SHOP,
        &[
            "tiers: { loyalty: { gold: spend >= 10_000, silver: spend >= 5_000, bronze: otherwise } }",
            "tiers: { loyalty: { gold: spend, silver: 5, bronze: otherwise } }",
            "tiers: { loyalty: { gold: spnd > 5, silver: spend > 5 and vists > 3 } }",
            "tiers: { loyalty: { gold: spend > 5, silver: visits > 3, bronze: spend > 5 } }",
            "tiers: { loyalty: { gold: spend > 5, silver: spend > 5, bronze: otherwise } }",
            "tiers: { loyalty: { gold: visits > 2 and city = 'x', silver: city = 'x' and visits > 2 } }",
            "tiers: { loyalty: { gold: 'true', bronze: otherwise } }",
            "tiers: { loyalty: { gold: \"city != 'x'\", silver: not active } }",
            "tiers: { loyalty: { of: household, parts: { gold: spend > 5 } } }",
            "tiers: { loyalty: { within: regulars, parts: { gold: spend > 5 } } }",
            "tiers: { loyalty: { within: loyalty.gold, parts: { gold: spend > 5 } } }",
            "tiers: { loyalty: { gold: in loyalty.silver, silver: spend > 5 } }",
            "tiers: { loyalty: { gold: \"loyalty = 'silver'\", silver: spend > 5 } }",
            "tiers:\n  here: { a: in there.b }\n  there: { b: in here.a }",
            "tiers:\n  here: { a: \"there = 'b'\" }\n  there: { b: in s }\nsegments:\n  s: { when: \"here = 'a'\" }",
            "tiers:\n  levels: { bronze: spend > 100, silver: spend > 500 and visits > 2, gold: spend = 1_000 }",
            "tiers:\n  levels: { young: birth_date > 2000-01-01, older: birth_date > 1980-01-01, old: otherwise }",
            "tiers: { loyalty: { gold: quintile(spend among (in loyalty.gold)) = 5 } }",
        ],
    );
    assert_snapshot!(found, @r#"
    tiers: { loyalty: { gold: spend >= 10_000, silver: spend >= 5_000, bronze: otherwise } }
        fine
    tiers: { loyalty: { gold: spend, silver: 5, bronze: otherwise } }
        K407 [spend] a condition is expected here, and this is a number | compare it with something, as in `… > 500`
        K407 [5] a condition is expected here, and this is a number | compare it with something, as in `… > 500`
    tiers: { loyalty: { gold: spnd > 5, silver: spend > 5 and vists > 3 } }
        K301 [spnd] a customer has nothing called `spnd` | did you mean `spend`? | => tiers: { loyalty: { gold: spend > 5, silver: spend > 5 and vists > 3 } }
        K301 [vists] a customer has nothing called `vists` | did you mean `visits`? | => tiers: { loyalty: { gold: spnd > 5, silver: spend > 5 and visits > 3 } }
    tiers: { loyalty: { gold: spend > 5, silver: visits > 3, bronze: spend > 5 } }
        K504 warning [bronze] nobody is in `bronze`: whoever fits it is in `gold` already | +[gold] this tier comes first | the first tier that holds counts: give the two different conditions, or leave one out
    tiers: { loyalty: { gold: spend > 5, silver: spend > 5, bronze: otherwise } }
        K504 warning [silver] nobody is in `silver`: whoever fits it is in `gold` already | +[gold] this tier comes first | the first tier that holds counts: give the two different conditions, or leave one out
    tiers: { loyalty: { gold: visits > 2 and city = 'x', silver: city = 'x' and visits > 2 } }
        K504 warning [silver] nobody is in `silver`: whoever fits it is in `gold` already | +[gold] this tier comes first | the first tier that holds counts: give the two different conditions, or leave one out
    tiers: { loyalty: { gold: 'true', bronze: otherwise } }
        fine
    tiers: { loyalty: { gold: "city != 'x'", silver: not active } }
        K501 warning [city != 'x'] every customer whose `city` is unknown is left out here | `city is not 'x'` keeps them; add `city is known` if leaving them out is meant | => tiers: { loyalty: { gold: "city is not 'x'", silver: not active } }
        K501 warning [not active] every customer whose `active` is unknown is left out here | add `and active is known` if that is meant, or `or active is unknown` to keep them
    tiers: { loyalty: { of: household, parts: { gold: spend > 5 } } }
        K301 [household] there is no kind of subject `household` | the catalogue has `customer`
    tiers: { loyalty: { within: regulars, parts: { gold: spend > 5 } } }
        K301 [regulars] there is no segment `regulars` | the project has `loyalty`
    tiers: { loyalty: { within: loyalty.gold, parts: { gold: spend > 5 } } }
        K305 [loyalty] `loyalty` is defined by itself | its definition leads back to it: break the circle
    tiers: { loyalty: { gold: in loyalty.silver, silver: spend > 5 } }
        K305 [loyalty] `loyalty` is defined by itself | its definition leads back to it: break the circle
    tiers: { loyalty: { gold: "loyalty = 'silver'", silver: spend > 5 } }
        K305 [loyalty] `loyalty` is defined by itself | its definition leads back to it: break the circle
    tiers:
      here: { a: in there.b }
      there: { b: in here.a }
        K305 [here] `here` is defined by itself | its definition leads back to it: break the circle
    tiers:
      here: { a: "there = 'b'" }
      there: { b: in s }
    segments:
      s: { when: "here = 'a'" }
        K305 [here] `here` is defined by itself | its definition leads back to it: break the circle
    tiers:
      levels: { bronze: spend > 100, silver: spend > 500 and visits > 2, gold: spend = 1_000 }
        K504 warning [silver] nobody is in `silver`: whoever fits it is in `bronze` already | +[bronze] this tier comes first | the first tier that holds counts: write the one that is hardest to reach first
        K504 warning [gold] nobody is in `gold`: whoever fits it is in `bronze` already | +[bronze] this tier comes first | the first tier that holds counts: write the one that is hardest to reach first
    tiers:
      levels: { young: birth_date > 2000-01-01, older: birth_date > 1980-01-01, old: otherwise }
        fine
    tiers: { loyalty: { gold: quintile(spend among (in loyalty.gold)) = 5 } }
        K305 [loyalty] `loyalty` is defined by itself | its definition leads back to it: break the circle
    "#);
}

#[test]
fn bands() {
    let found = survey(
        SHOP,
        &[
            "bands: { spend_365d: [0, 1_000, 10_000] }",
            "bands: { spend: ['spend', 10] }",
            "bands: { spend: ['100', 10] }",
            "bands: { spend: [10, 10] }",
            "bands: { spend: [2026-01-01] }",
            "bands: { spend: [10 IDR] }",
            "bands: { city: [a, b] }",
            "bands: { city: [1, 2] }",
            "bands: { active: [1] }",
            "bands: { tags: [1] }",
            "bands: { spnd: [1] }",
            "bands: { spnd_365d: [1] }",
            "bands: { birth_date: [1980-01-01, 2000-01-01] }",
            "bands: { birth_date: [30d, 90d] }",
            "bands: { birth_date: [90d ago] }",
            "bands: { last_sale: { is: last(at of sales), bounds: [90d ago, 30d ago] } }",
            "bands: { last_sale: { is: last(at of sales), bounds: [2026-01-01] } }",
            "bands: { pause: { is: now - last(at of sales), bounds: [30d, 90d, 1y] } }",
            "bands: { pause: { is: now - last(at of sales), bounds: [90d, 12w] } }",
            "bands: { share: { is: points / 5, bounds: [10%, 50%] } }",
            "bands: { evenness: [1, 2] }",
            "bands: { level: { is: spend, bounds: [100, 500], names: [low, mid] } }",
            "bands: { spend: [1, 1.0, 2] }",
            "segments: { s: { when: in spend.from_1 } }\nbands: { spend: [1, 2] }",
            "segments: { s: { when: in spend.from_1_to_2 and in spend.from_2 and not in spend.under_1 } }\nbands: { spend: [1, 2] }",
            "segments: { s: { when: in spend } }\nbands: { spend: [1, 2] }",
            "segments: { s: { when: \"level = 'lo'\" } }\nbands: { level: { is: spend, bounds: [1], names: [low, high] } }",
            "bands: { orders: { is: spend, bounds: [1] } }",
        ],
    );
    assert_snapshot!(found, @r#"
    bands: { spend_365d: [0, 1_000, 10_000] }
        fine
    bands: { spend: ['spend', 10] }
        K402 [spend] the bounds of bands are written out: numbers, dates or durations | as in `[0, 1_000, 10_000]`, `[2026-01-01, 2026-07-01]` or `[30d, 90d]`
    bands: { spend: ['100', 10] }
        K402 [10] bounds ascend, and `10` does not come after `100` | write each bound once, the smallest first
    bands: { spend: [10, 10] }
        K402 [10] bounds ascend, and `10` does not come after `10` | write each bound once, the smallest first
    bands: { spend: [2026-01-01] }
        K401 [2026-01-01] the bounds are of the type of the value, a number, and this is a date | write numbers, as in `[0, 1_000, 10_000]`
    bands: { spend: [10 IDR] }
        K206 [10 IDR] a number is written without a currency, found `IDR` | the currency of a metric is declared once, in the catalogue (`unit:`) | write `10` | => bands: { spend: [10] }
    bands: { city: [a, b] }
        K402 [a] the bounds of bands are written out: numbers, dates or durations | as in `[0, 1_000, 10_000]`, `[2026-01-01, 2026-07-01]` or `[30d, 90d]`
        K402 [b] the bounds of bands are written out: numbers, dates or durations | as in `[0, 1_000, 10_000]`, `[2026-01-01, 2026-07-01]` or `[30d, 90d]`
    bands: { city: [1, 2] }
        K401 [city] a number, date, time or duration is divided into bands, and this is a text | an attribute with a closed set of values is divided by `partitions:`
    bands: { active: [1] }
        K401 [active] a number, date, time or duration is divided into bands, and this is a condition | an attribute with a closed set of values is divided by `partitions:`
    bands: { tags: [1] }
        K401 [tags] a number, date, time or duration is divided into bands, and this is a list of text | an attribute with a closed set of values is divided by `partitions:`
    bands: { spnd: [1] }
        K301 [spnd] a customer has nothing called `spnd` | did you mean `spend`? | => bands: { spend: [1] }
    bands: { spnd_365d: [1] }
        K301 [spnd_365d] a customer has nothing called `spnd_365d` | did you mean `spend_365d`? | => bands: { spend_365d: [1] }
    bands: { birth_date: [1980-01-01, 2000-01-01] }
        fine
    bands: { birth_date: [30d, 90d] }
        K401 [30d] the bounds are of the type of the value, a date, and this is a duration | divide the time since: `is: today - birth_date`
    bands: { birth_date: [90d ago] }
        K402 [90d ago] the bounds of bands stand still, and this one moves | divide the time since: `is: now - last_purchase, bounds: [30d, 90d]`
    bands: { last_sale: { is: last(at of sales), bounds: [90d ago, 30d ago] } }
        K402 [90d ago] the bounds of bands stand still, and this one moves | divide the time since: `is: now - last_purchase, bounds: [30d, 90d]`
        K402 [30d ago] the bounds of bands stand still, and this one moves | divide the time since: `is: now - last_purchase, bounds: [30d, 90d]`
    bands: { last_sale: { is: last(at of sales), bounds: [2026-01-01] } }
        fine
    bands: { pause: { is: now - last(at of sales), bounds: [30d, 90d, 1y] } }
        K402 [1y] months, quarters and years have no one length | write days, as in `365d`
    bands: { pause: { is: now - last(at of sales), bounds: [90d, 12w] } }
        K402 [12w] bounds ascend, and `12w` does not come after `90d` | write each bound once, the smallest first
    bands: { share: { is: points / 5, bounds: [10%, 50%] } }
        fine
    bands: { evenness: [1, 2] }
        fine
    bands: { level: { is: spend, bounds: [100, 500], names: [low, mid] } }
        K402 [low] 2 bounds make 3 bands, and 2 names are given | name every band from the lowest on; the first one lies below the first bound
    bands: { spend: [1, 1.0, 2] }
        K402 [1.0] bounds ascend, and `1.0` does not come after `1` | write each bound once, the smallest first
    segments: { s: { when: in spend.from_1 } }
    bands: { spend: [1, 2] }
        K301 [from_1] `spend` has no group `from_1` | did you mean `from_1_to_2`? | => segments: { s: { when: in spend.from_1_to_2 } }
    segments: { s: { when: in spend.from_1_to_2 and in spend.from_2 and not in spend.under_1 } }
    bands: { spend: [1, 2] }
        fine
    segments: { s: { when: in spend } }
    bands: { spend: [1, 2] }
        K301 [spend] `spend` is divided into groups, and which of them is not said | name one, as in `in spend.under_1`; it has `under_1`, `from_1_to_2` and `from_2`
    segments: { s: { when: "level = 'lo'" } }
    bands: { level: { is: spend, bounds: [1], names: [low, high] } }
        K404 ['lo'] `level` is never `lo` | did you mean `low`? | => segments: { s: { when: "level = 'low'" } }
    bands: { orders: { is: spend, bounds: [1] } }
        K302 [orders] the bands `orders` are an attribute too, and there is something of that name | +[orders] the other one | give one of them another name
    "#);
}

#[test]
fn partitions() {
    let found = survey(
        SHOP,
        &[
            "partitions: [region, grade]\nsegments: { s: { when: in region.Jakarta and not in grade.`2.5` } }",
            "partitions: [region]\nsegments: { s: { when: in region.Jakata } }",
            "partitions: [region]\nsegments: { s: { when: in region.jakarta } }",
            "partitions: [city]",
            "partitions: [spend]",
            "partitions: [regoin]",
            "partitions: [best_sale]",
            "partitions: [first_sale]",
            "partitions: { place: lower(city) }",
            "partitions: { place: region }\nsegments: { s: { when: \"in place.Jakarta and place = 'Bandung' and place = 'x'\" } }",
            "partitions: { place: { is: region, of: household } }",
            "partitions: { place: region }\ntiers: { place: { gold: spend > 5 } }",
            "partitions: { place: loyalty }\ntiers: { loyalty: { gold: spend > 5 } }",
            "partitions: [loyalty]\ntiers: { loyalty: { gold: spend > 5 } }",
        ],
    );
    assert_snapshot!(found, @r#"
    partitions: [region, grade]
    segments: { s: { when: in region.Jakarta and not in grade.`2.5` } }
        fine
    partitions: [region]
    segments: { s: { when: in region.Jakata } }
        K301 [Jakata] `region` has no group `Jakata` | did you mean `Jakarta`? | => segments: { s: { when: in region.Jakarta } }
    partitions: [region]
    segments: { s: { when: in region.jakarta } }
        K301 [jakarta] `region` has no group `jakarta` | did you mean `Jakarta`? | => segments: { s: { when: in region.Jakarta } }
    partitions: [city]
        K301 [city] there is no attribute `city` with a closed set of values | define one in the catalogue: `attributes: { city_group: { is: city, values: [ … ] } }`
    partitions: [spend]
        K307 [spend] `spend` is a number: it is divided into bands, not into its values | write `bands: { spend: [0, 1_000] }`
    partitions: [regoin]
        K301 [regoin] there is no attribute `regoin` with a closed set of values | did you mean `region`? | => partitions: [region]
    partitions: [best_sale]
        K402 [best_sale] `best_sale` has no closed set of values, so its groups cannot be named | +[best_sale] defined here | list them where it is defined: `values: [ … ]`
    partitions: [first_sale]
        K402 [first_sale] `first_sale` has no closed set of values, so its groups cannot be named | +[first_sale] defined here | list them where it is defined: `values: [ … ]`
    partitions: { place: lower(city) }
        K402 [lower(city)] a partition is by an attribute that has a closed set of values | give `lower(city)` a name under `attributes:`, with its `values:`, and write that here
    partitions: { place: region }
    segments: { s: { when: "in place.Jakarta and place = 'Bandung' and place = 'x'" } }
        K404 ['x'] `place` is never `x` | its values are `Jakarta`, `Bandung` and `Surabaya`
    partitions: { place: { is: region, of: household } }
        K301 [household] there is no kind of subject `household` | the catalogue has `customer`
    partitions: { place: region }
    tiers: { place: { gold: spend > 5 } }
        K302 [place] there is a `place` already | +[place] the other one | give one of them another name: its groups are named by it
    partitions: { place: loyalty }
    tiers: { loyalty: { gold: spend > 5 } }
        K307 [loyalty] `loyalty` is divided into groups already | ask `in loyalty.…`, and leave this partition out
    partitions: [loyalty]
    tiers: { loyalty: { gold: spend > 5 } }
        K302 [loyalty] there is a `loyalty` already | +[loyalty] the other one | give one of them another name: its groups are named by it
    "#);
}

#[test]
fn charts() {
    let found = survey(
        &shop(),
        &[
            "charts: { rfm: { by: [r, f, m], groups: { best: ['[45][45]x'], rest: [xxx] } } }",
            "charts: { rfm: { by: [r, f], groups: { best: [55, 54, 55], good: [54, 5x, 45], rest: [xx] } } }",
            "charts: { rfm: { by: [r, f], groups: { best: ['[2-5]x', '1[1-4]'] } } }",
            "charts: { rfm: { by: [r, three], groups: { best: [55, 53], rest: [xx] } } }",
            "charts: { rfm: { by: [r, f], groups: { best: [66, 67, '[5-9]5'], rest: [xx] } } }",
            "charts: { rfm: { by: [r, f], scale: 3, groups: { best: [33], rest: [xx] } } }",
            "charts: { rfm: { by: [r, f], scale: 7, groups: { best: [77], rest: [xx] } } }",
            "charts: { rfm: { by: [tenth, f], groups: { best: [55], rest: [xx] } } }",
            "charts: { rfm: { by: [tenth, f], scale: 5, groups: { best: [55], rest: [xx] } } }",
            "charts: { rfm: { by: [rest, f], scale: 5, groups: { best: [55], rest: [xx] } } }",
            "charts: { rfm: { by: [rest, points], groups: { best: [55], rest: [xx] } } }",
            "charts: { rfm: { by: [city, f], groups: { best: [55], rest: [xx] } } }",
            "charts: { rfm: { by: [evenness, f], groups: { best: [55], rest: [xx] } } }",
            "charts: { rfm: { by: [rr, f], groups: { best: [55], rest: [xx] } } }",
            "charts: { rfm: { by: [rfm, f], groups: { best: [55], rest: [xx] } } }",
            "charts: { rfm: { by: [r, r], groups: { best: [55], rest: [xx] } } }",
            "charts: { rfm: { by: [r, f], groups: { best: [55], good: [55], rest: [xx] } } }\nsegments: { s: { when: in rfm.bst } }",
            "charts: { rfm: { by: [r, f], of: household, groups: { best: [55], rest: [xx] } } }",
        ],
    );
    assert_snapshot!(found, @r#"
    charts: { rfm: { by: [r, f, m], groups: { best: ['[45][45]x'], rest: [xxx] } } }
        fine
    charts: { rfm: { by: [r, f], groups: { best: [55, 54, 55], good: [54, 5x, 45], rest: [xx] } } }
        K508 warning [54] `best` and `good` share the cells 54, 55 | +[best] the first of the two | they are counted as `best`, which comes first: leave them out of one of them
    charts: { rfm: { by: [r, f], groups: { best: ['[2-5]x', '1[1-4]'] } } }
        K508 warning [rfm] 1 cell belongs to no group of `rfm`: 15 | add them to a group; whoever is in one of them is in no group now
    charts: { rfm: { by: [r, three], groups: { best: [55, 53], rest: [xx] } } }
        fine
    charts: { rfm: { by: [r, f], groups: { best: [66, 67, '[5-9]5'], rest: [xx] } } }
        K402 [66] `66` has a 6, and the scores go from 1 to 5 | write each digit from 1 to 5, or `x` for any
        K402 [67] `67` has a 7, and the scores go from 1 to 5 | write each digit from 1 to 5, or `x` for any
        K402 [[5-9]5] `[5-9]5` has a 9, and the scores go from 1 to 5 | write each digit from 1 to 5, or `x` for any
    charts: { rfm: { by: [r, f], scale: 3, groups: { best: [33], rest: [xx] } } }
        K111 [3] `r` goes up to 5, and the scale ends at 3 | write `scale: 5`
    charts: { rfm: { by: [r, f], scale: 7, groups: { best: [77], rest: [xx] } } }
        fine
    charts: { rfm: { by: [tenth, f], groups: { best: [55], rest: [xx] } } }
        K402 [tenth] scores of a chart go from 1 to 9 at most, and `tenth` goes up to 10 | use scores of fewer steps, such as `quintile(…)`
    charts: { rfm: { by: [tenth, f], scale: 5, groups: { best: [55], rest: [xx] } } }
        K402 [tenth] scores of a chart go from 1 to 9 at most, and `tenth` goes up to 10 | use scores of fewer steps, such as `quintile(…)`
    charts: { rfm: { by: [rest, f], scale: 5, groups: { best: [55], rest: [xx] } } }
        fine
    charts: { rfm: { by: [rest, points], groups: { best: [55], rest: [xx] } } }
        K106 [rest] there is no telling how high `rest` can be | say it: `scale: 5` beside `by:`, for scores from 1 to 5
    charts: { rfm: { by: [city, f], groups: { best: [55], rest: [xx] } } }
        K401 [city] a chart is made of scores, and `city` is a text | a score is a whole number from 1 on, such as `quintile(…)`, `score(5, …)` or `bucket(…)`
    charts: { rfm: { by: [evenness, f], groups: { best: [55], rest: [xx] } } }
        K401 [evenness] a chart is made of scores, and `evenness` is a standard deviation | a score is a whole number from 1 on, such as `quintile(…)`, `score(5, …)` or `bucket(…)`
    charts: { rfm: { by: [rr, f], groups: { best: [55], rest: [xx] } } }
        K301 [rr] a customer has nothing called `rr` | there are `active`, `aov`, `best_sale`, `birth_date`, `city`, `customer_id`, `evenness`, `f` and 21 more
    charts: { rfm: { by: [rfm, f], groups: { best: [55], rest: [xx] } } }
        K305 [rfm] `rfm` is defined by itself | its definition leads back to it: break the circle
    charts: { rfm: { by: [r, r], groups: { best: [55], rest: [xx] } } }
        fine
    charts: { rfm: { by: [r, f], groups: { best: [55], good: [55], rest: [xx] } } }
    segments: { s: { when: in rfm.bst } }
        K508 warning [55] `best` and `good` share the cell 55 | +[best] the first of the two | it is counted as `best`, which comes first: leave it out of one of them
        K301 [bst] `rfm` has no group `bst` | did you mean `best`? | => segments: { s: { when: in rfm.best } }
    charts: { rfm: { by: [r, f], of: household, groups: { best: [55], rest: [xx] } } }
        K301 [household] there is no kind of subject `household` | the catalogue has `customer`
    "#);
}

#[test]
fn splits() {
    let campaign = "  campaign: { when: spend > 5, split: { salt: x, a: 45%, b: 45%, holdout: 10% } }";
    let with = |segments: &str| format!("segments:\n{campaign}\n{segments}");
    let texts = [
        with("  s: { when: in campaign.a and not in campaign.holdout and in campaign }"),
        with("  s: { when: in campaign.c }"),
        with("  s: { when: in campaign.hold_out }"),
        with("  s: { when: in campaing.a }"),
        with("  s: { when: in s.a }"),
        with("  s: { when: in t.a }\n  t: { when: spend > 5 }"),
        with("  s: { when: \"campaign = 'a'\" }"),
        with("  s: { when: visits > 5, within: campaign.b }"),
        with("  s: { when: in campaign.a.b }"),
        with("  s: { when: any(sales where in campaign.a) }"),
        with("  s: { when: any(sales where customer.campaign = 'a') }"),
        "segments: { s: { when: in s.a, split: { salt: x, a: 50%, b: 50% } } }".to_owned(),
        "segments: { s: { when: spnd > 5, split: { salt: x, a: 50%, b: 50% } }, t: { when: in s.a } }".to_owned(),
    ];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    assert_snapshot!(survey(SHOP, &texts), @r#"
    segments:
      campaign: { when: spend > 5, split: { salt: x, a: 45%, b: 45%, holdout: 10% } }
      s: { when: in campaign.a and not in campaign.holdout and in campaign }
        fine
    segments:
      campaign: { when: spend > 5, split: { salt: x, a: 45%, b: 45%, holdout: 10% } }
      s: { when: in campaign.c }
        K301 [c] `campaign` has no group `c` | it has `a`, `b` and `holdout`
    segments:
      campaign: { when: spend > 5, split: { salt: x, a: 45%, b: 45%, holdout: 10% } }
      s: { when: in campaign.hold_out }
        K301 [hold_out] `campaign` has no group `hold_out` | did you mean `holdout`? | => s: { when: in campaign.holdout }
    segments:
      campaign: { when: spend > 5, split: { salt: x, a: 45%, b: 45%, holdout: 10% } }
      s: { when: in campaing.a }
        K301 [campaing] there is no segment `campaing` | did you mean `campaign`? | => s: { when: in campaign.a }
    segments:
      campaign: { when: spend > 5, split: { salt: x, a: 45%, b: 45%, holdout: 10% } }
      s: { when: in s.a }
        K301 [a] segment `s` has no parts | a segment has parts where its `split:` names them
    segments:
      campaign: { when: spend > 5, split: { salt: x, a: 45%, b: 45%, holdout: 10% } }
      s: { when: in t.a }
      t: { when: spend > 5 }
        K301 [a] segment `t` has no parts | a segment has parts where its `split:` names them
    segments:
      campaign: { when: spend > 5, split: { salt: x, a: 45%, b: 45%, holdout: 10% } }
      s: { when: "campaign = 'a'" }
        K301 [campaign] a customer has nothing called `campaign` | `campaign` is a segment: `in campaign` asks whether somebody is in it, `in campaign.a` whether in that part
    segments:
      campaign: { when: spend > 5, split: { salt: x, a: 45%, b: 45%, holdout: 10% } }
      s: { when: visits > 5, within: campaign.b }
        fine
    segments:
      campaign: { when: spend > 5, split: { salt: x, a: 45%, b: 45%, holdout: 10% } }
      s: { when: in campaign.a.b }
        K301 [b] a group of `campaign` is not divided any further | leave this part of the name out
    segments:
      campaign: { when: spend > 5, split: { salt: x, a: 45%, b: 45%, holdout: 10% } }
      s: { when: any(sales where in campaign.a) }
        K307 [in campaign.a] a segment is a group of subjects, not of rows | ask `in …` outside the brackets of the rows
    segments:
      campaign: { when: spend > 5, split: { salt: x, a: 45%, b: 45%, holdout: 10% } }
      s: { when: any(sales where customer.campaign = 'a') }
        K301 [campaign] a customer has nothing called `campaign` | `campaign` is a segment: `in campaign` asks whether somebody is in it, `in campaign.a` whether in that part
    segments: { s: { when: in s.a, split: { salt: x, a: 50%, b: 50% } } }
        K305 [s] segment `s` is defined by itself | its condition leads back to it through `in` or `within`: break the circle
    segments: { s: { when: spnd > 5, split: { salt: x, a: 50%, b: 50% } }, t: { when: in s.a } }
        K301 [spnd] a customer has nothing called `spnd` | did you mean `spend`? | => segments: { s: { when: spend > 5, split: { salt: x, a: 50%, b: 50% } }, t: { when: in s.a } }
    "#);
}

#[test]
fn references() {
    let rules = "tiers: { loyalty: { gold: spend > 900, silver: spend > 500, bronze: otherwise } }\nsegments:\n  regulars: { when: visits > 5 }\n";
    let texts = [
        "  s: { when: in loyalty }",
        "  s: { when: in loyalty.gld }",
        "  s: { when: in loyalty.Gold }",
        "  s: { when: in loyalty.platinum }",
        "  s: { when: in loyalty.gold.x }",
        "  s: { when: in regulars.x }",
        "  s: { when: in loyality.gold }",
        "  s: { when: in gold }",
        "  s: { when: \"loyalty = 'golt'\" }",
        "  s: { when: \"loyalty in ('gold', 'silver')\" }",
        "  s: { when: \"loyalty != 'gold'\" }",
        "  s: { when: \"loyality = 'gold'\" }",
        "  s: { when: \"loyalty.gold\" }",
        "  s: { when: \"spend > 5 and loyalty.gold\" }",
        "  s: { when: \"loyalty = gold\" }",
        "  s: { when: loyalty > 5 }",
        "  s: { when: loyalty }",
        "  s: { when: loyalty_90d > 5 }",
        "  s: { when: \"any(sales where customer.loyalty = 'gold')\" }",
        "  s: { when: \"any(sales where loyalty = 'gold')\" }",
        "  s: { when: \"any(sales where customer.loyalty.gold)\" }",
        "  s: { when: \"any(sales where in loyalty.gold)\" }",
        "  s: { when: quintile(spend per loyalty) = 5 and quintile(points among (in loyalty.gold)) = 5 }",
        "  s: { when: spend > 5, within: loyalty }",
        "  s: { when: spend > 5, within: loyalty.golden }",
        "  s: { when: spend > 5, within: loyalty.gold }",
    ];
    let texts: Vec<String> = texts.iter().map(|text| format!("{rules}{text}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    assert_snapshot!(survey(SHOP, &texts).replace(rules, ""), @r#"
    s: { when: in loyalty }
      K301 [loyalty] `loyalty` is divided into groups, and which of them is not said | name one, as in `in loyalty.gold`; it has `gold`, `silver` and `bronze`
    s: { when: in loyalty.gld }
      K301 [gld] `loyalty` has no group `gld` | did you mean `gold`? | => s: { when: in loyalty.gold }
    s: { when: in loyalty.Gold }
      K301 [Gold] `loyalty` has no group `Gold` | did you mean `gold`? | => s: { when: in loyalty.gold }
    s: { when: in loyalty.platinum }
      K301 [platinum] `loyalty` has no group `platinum` | it has `gold`, `silver` and `bronze`
    s: { when: in loyalty.gold.x }
      K301 [x] a group of `loyalty` is not divided any further | leave this part of the name out
    s: { when: in regulars.x }
      K301 [x] segment `regulars` has no parts | a segment has parts where its `split:` names them
    s: { when: in loyality.gold }
      K301 [loyality] there is no segment `loyality` | did you mean `loyalty`? | => s: { when: in loyalty.gold }
    s: { when: in gold }
      K301 [gold] there is no segment `gold` | did you mean `loyalty.gold`? | => s: { when: in loyalty.gold }
    s: { when: "loyalty = 'golt'" }
      K404 ['golt'] `loyalty` is never `golt` | did you mean `gold`? | => s: { when: "loyalty = 'gold'" }
    s: { when: "loyalty in ('gold', 'silver')" }
      fine
    s: { when: "loyalty != 'gold'" }
      fine
    s: { when: "loyality = 'gold'" }
      K301 [loyality] a customer has nothing called `loyality` | did you mean `loyalty`? | => s: { when: "loyalty = 'gold'" }
    s: { when: "loyalty.gold" }
      K307 [loyalty.gold] `loyalty` is divided into groups, and a group is asked about with `in` | write `in loyalty.gold` | => s: { when: "in loyalty.gold" }
    s: { when: "spend > 5 and loyalty.gold" }
      K307 [loyalty.gold] `loyalty` is divided into groups, and a group is asked about with `in` | write `in loyalty.gold` | => s: { when: "spend > 5 and in loyalty.gold" }
    s: { when: "loyalty = gold" }
      K301 [gold] a customer has nothing called `gold` | there are `active`, `aov`, `best_sale`, `birth_date`, `city`, `customer_id`, `evenness`, `first_sale` and 15 more
    s: { when: loyalty > 5 }
      K401 [loyalty > 5] a text is compared with a number | its values are `gold`, `silver` and `bronze`
    s: { when: loyalty }
      K407 [loyalty] a condition is expected here, and this is a text | compare it with something, as in `… = 'Jakarta'`
    s: { when: loyalty_90d > 5 }
      K301 [loyalty_90d] a customer has nothing called `loyalty_90d` | there are `active`, `aov`, `best_sale`, `birth_date`, `city`, `customer_id`, `evenness`, `first_sale` and 15 more
    s: { when: "any(sales where customer.loyalty = 'gold')" }
      fine
    s: { when: "any(sales where loyalty = 'gold')" }
      K301 [loyalty] rows of `sales` have no column `loyalty` | `loyalty` is about a customer: among rows it is `customer.loyalty` | => s: { when: "any(sales where customer.loyalty = 'gold')" }
    s: { when: "any(sales where customer.loyalty.gold)" }
      K307 [loyalty.gold] `loyalty` is divided into groups, and a group is asked about with `in` | give `in loyalty.gold` a name under `attributes:`, and use it among rows as `customer.name`
    s: { when: "any(sales where in loyalty.gold)" }
      K307 [in loyalty.gold] a segment is a group of subjects, not of rows | ask `in …` outside the brackets of the rows
    s: { when: quintile(spend per loyalty) = 5 and quintile(points among (in loyalty.gold)) = 5 }
      K507 warning [spend] `spend` is 0 for those who have no such rows, and they are ranked too | say who is meant: `among (spend > 0)` behind it before `per` leaves them out | if they are meant, `among (true)` says so
    s: { when: spend > 5, within: loyalty }
      K301 [loyalty] `loyalty` is divided into groups, and which of them is not said | name one, as in `in loyalty.gold`; it has `gold`, `silver` and `bronze`
    s: { when: spend > 5, within: loyalty.golden }
      K301 [golden] `loyalty` has no group `golden` | did you mean `gold`? | => s: { when: spend > 5, within: loyalty.gold }
    s: { when: spend > 5, within: loyalty.gold }
      fine
    "#);
}

#[test]
fn a_percentile_is_of_a_hundred() {
    let conditions =
        ["spend > percentile(0.9, aov)", "percentile(0.9, value of sales) > 5", "spend > percentile(1, aov)"];
    assert_snapshot!(super::survey(SHOP, &conditions), @r#"
    spend > percentile(0.9, aov)
        K402 note [percentile] `percentile(0.9, …)` is the value that 0.9% of the values lie below | for the value that 90% lie below, write `percentile(90, …)`
    percentile(0.9, value of sales) > 5
        K402 note [percentile] `percentile(0.9, …)` is the value that 0.9% of the values lie below | for the value that 90% lie below, write `percentile(90, …)`
    spend > percentile(1, aov)
        fine
    "#);
}

#[test]
fn names_that_are_taken() {
    let found = survey(
        SHOP,
        &[
            "tiers: { region: { gold: spend > 5 } }",
            "tiers: { spend: { gold: spend > 5 } }",
            "tiers: { city: { gold: spend > 5 } }",
            "tiers: { household: { gold: spend > 5 } }",
            "tiers: { sales: { gold: spend > 5 } }",
            "tiers: { customer: { gold: spend > 5 } }",
            "tiers: { spend_90d: { gold: spend > 5 } }",
            "bands: { region: { is: spend, bounds: [1] } }",
            "bands: { spend: [1, 2] }\ntiers: { spend: { gold: visits > 5 } }",
            "charts: { aov: { by: [grade, points], scale: 5, groups: { best: [55], rest: [xx] } } }",
            "tiers: { s: { gold: spend > 5 } }\nsegments: { s: { when: spend > 5 } }",
            "tiers: { s: { gold: spend > 5 } }\nbands: { s: { is: spend, bounds: [1] } }",
            "tiers: { a: { gold: spend > 5 }, b: { gold: spend > 5 } }",
            "segments: { s: { when: spend > 5, split: { salt: x, a: 50%, b: 50% } } }\ntiers: { s: { a: visits > 5 } }",
            "bands: { level: { is: spend, bounds: [1, 2], names: [low, low, high] } }",
            "bands: { level: { is: spend, bounds: [1.5, 15, 1_5] } }",
        ],
    );
    assert_snapshot!(found, @r#"
    tiers: { region: { gold: spend > 5 } }
        K302 [region] the tiers `region` are an attribute too, and there is something of that name | +[region] the other one | give one of them another name
    tiers: { spend: { gold: spend > 5 } }
        K302 [spend] the tiers `spend` are an attribute too, and there is something of that name | +[spend] the other one | give one of them another name
    tiers: { city: { gold: spend > 5 } }
        K302 [city] the tiers `city` have the name of a column of `customers` | give it another name; every column of the subject table is an attribute already
    tiers: { household: { gold: spend > 5 } }
        K302 [household] the tiers `household` have the name of a lookup | give it another name; every column of the subject table is an attribute already
    tiers: { sales: { gold: spend > 5 } }
        fine
    tiers: { customer: { gold: spend > 5 } }
        fine
    tiers: { spend_90d: { gold: spend > 5 } }
        K303 [spend_90d] the tiers `spend_90d` could also be read as metric `spend` with a window | +[spend] the metric | give one of the two another name
    bands: { region: { is: spend, bounds: [1] } }
        K302 [region] the bands `region` are an attribute too, and there is something of that name | +[region] the other one | give one of them another name
    bands: { spend: [1, 2] }
    tiers: { spend: { gold: visits > 5 } }
        K302 [spend] there is a `spend` already | +[spend] the other one | give one of them another name: its groups are named by it
    charts: { aov: { by: [grade, points], scale: 5, groups: { best: [55], rest: [xx] } } }
        K302 [aov] the chart `aov` is an attribute too, and there is something of that name | +[aov] the other one | give one of them another name
    tiers: { s: { gold: spend > 5 } }
    segments: { s: { when: spend > 5 } }
        K302 [s] `s` is a segment, and something that is divided into segments | +[s] the segment | give one of them another name
    tiers: { s: { gold: spend > 5 } }
    bands: { s: { is: spend, bounds: [1] } }
        K302 [s] there is a `s` already | +[s] the other one | give one of them another name: its groups are named by it
    tiers: { a: { gold: spend > 5 }, b: { gold: spend > 5 } }
        fine
    segments: { s: { when: spend > 5, split: { salt: x, a: 50%, b: 50% } } }
    tiers: { s: { a: visits > 5 } }
        K302 [s] `s` is a segment, and something that is divided into segments | +[s] the segment | give one of them another name
    bands: { level: { is: spend, bounds: [1, 2], names: [low, low, high] } }
        K302 [low] two bands are called `low` | +[low] first named here | give one of the two another name
    bands: { level: { is: spend, bounds: [1.5, 15, 1_5] } }
        K402 [1_5] bounds ascend, and `15` does not come after `15` | write each bound once, the smallest first
    "#);
}
