//! Messages about frozen attributes and their cut points.

use insta::assert_snapshot;

use super::formula::formula;
use super::shop::SHOP;
use super::{indented, said};
use crate::check::Schemas;
use crate::ir::Node;
use crate::project::Project;

/// The shop with one attribute, used by a segment, and cut points.
fn project(attribute: &str, cuts: &str) -> Project {
    let catalog = SHOP.replace("metrics:\n", &format!("  {attribute}\nmetrics:\n"));
    let cuts = if cuts.is_empty() { String::new() } else { format!("kohort: 1\ncut_points:\n  {cuts}\n") };
    let files = [("catalog.yaml", catalog), ("rules.yaml", "segments: { s: { when: score is known } }\n".to_owned())];
    let files = files.into_iter().chain((!cuts.is_empty()).then_some(("frozen.yaml", cuts)));
    Project::from_texts(files)
}

fn survey(cases: &[(&str, &str)]) -> String {
    let case = |(attribute, cuts): &(&str, &str)| {
        let found = said(&project(attribute, cuts), &Schemas::new());
        let found = if found.is_empty() { "fine".to_owned() } else { found };
        let cuts = if cuts.is_empty() { String::new() } else { format!("\n  {cuts}") };
        format!("{attribute}{cuts}\n{}", indented(&found))
    };
    cases.iter().map(case).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_can_be_frozen() {
    let found = survey(&[
        ("score: { is: quintile(aov), frozen: true }", ""),
        ("score: { is: percent_rank(aov), frozen: true }", ""),
        ("score: { is: 6 - quintile(aov), frozen: true }", ""),
        ("score: { is: spend, frozen: true }", ""),
        ("score: { is: spend > 5, frozen: true }", ""),
        ("score: { is: quintile(av), frozen: true }", ""),
        ("score: { is: quintile(city), frozen: true }", ""),
        ("score: { is: 'percentile(90, aov)', frozen: true }", ""),
        ("score: { is: 'percentile(90, value of sales)', frozen: true }", ""),
        ("score: { is: top 10% by aov, frozen: true }", ""),
        ("score: { is: quintile(spend), frozen: true }", ""),
    ]);
    assert_snapshot!(found, @r#"
    score: { is: quintile(aov), frozen: true }
        K509 [score] `score` is frozen, and has no cut points yet | `kohort freeze` computes them from the data and keeps them in `frozen.yaml`
    score: { is: percent_rank(aov), frozen: true }
        K111 [frozen] `percent_rank` has no cut points: each value has a rank of its own | freeze a rank of steps, as in `ntile(100, …)`, or leave `frozen:` out
    score: { is: 6 - quintile(aov), frozen: true }
        K111 [frozen] only a rank is frozen: the place among others is what others can change | freeze the attribute that is the rank, such as `quintile(…)` or `top 10% by …`, and use it in this one
    score: { is: spend, frozen: true }
        K111 [frozen] only a rank is frozen: the place among others is what others can change | freeze the attribute that is the rank, such as `quintile(…)` or `top 10% by …`, and use it in this one
    score: { is: spend > 5, frozen: true }
        K111 [frozen] only a rank is frozen: the place among others is what others can change | freeze the attribute that is the rank, such as `quintile(…)` or `top 10% by …`, and use it in this one
    score: { is: quintile(av), frozen: true }
        K301 [av] a customer has nothing called `av` | did you mean `aov`? | => score: { is: quintile(aov), frozen: true }
    score: { is: quintile(city), frozen: true }
        K401 [city] a number, date, time or duration is ranked, and this is a text | choose a number to rank by, as in `spend_365d`
    score: { is: 'percentile(90, aov)', frozen: true }
        K509 [score] `score` is frozen, and has no cut points yet | `kohort freeze` computes them from the data and keeps them in `frozen.yaml`
    score: { is: 'percentile(90, value of sales)', frozen: true }
        K111 [frozen] only a rank is frozen: the place among others is what others can change | freeze the attribute that is the rank, such as `quintile(…)` or `top 10% by …`, and use it in this one
    score: { is: top 10% by aov, frozen: true }
        K509 [score] `score` is frozen, and has no cut points yet | `kohort freeze` computes them from the data and keeps them in `frozen.yaml`
    score: { is: quintile(spend), frozen: true }
        K509 [score] `score` is frozen, and has no cut points yet | `kohort freeze` computes them from the data and keeps them in `frozen.yaml`
        K507 warning [spend] `spend` is 0 for those who have no such rows, and they are ranked too | say who is meant: `among (spend > 0)` behind it leaves them out | if they are meant, `among (true)` says so
    "#);
}

#[test]
fn cut_points_that_do_not_fit() {
    let aov = "score: { is: quintile(aov), frozen: true }";
    let per = "score: { is: quintile(aov per region), frozen: true }";
    let points = |bounds: &str| {
        format!("score: {{ definition: 'quintile(aov)', as_of: 2026-01-01, population: 9, bounds: {bounds} }}")
    };
    let fine = points("['1', '1.5', '7/3', '9']");
    let few = points("['1']");
    let many = points("['1', '2', '3', '4', '5', '6']");
    let words = points("['1', 'two', '3', 'four']");
    let cases = [
        (aov, fine.as_str()),
        (aov, few.as_str()),
        (aov, many.as_str()),
        (aov, words.as_str()),
        (aov, "other: { definition: 'quintile(aov)', as_of: 2026-01-01, population: 9, bounds: ['1'] }"),
        (aov, "score: { definition: 'decile(aov)', as_of: 2026-01-01, population: 9, bounds: ['1'] }"),
        (
            aov,
            "score: { definition: 'quintile(aov)', as_of: 2026-01-01, groups: [{ per: x, population: 9, bounds: ['1'] }] }",
        ),
        (
            aov,
            "score: { definition: 'quintile(aov)', as_of: 2026-01-01, groups: [{ population: 9, bounds: ['1'] }, { population: 9, bounds: ['1'] }] }",
        ),
        (
            per,
            "score: { definition: 'quintile(aov per region)', as_of: 2026-01-01, groups: [{ per: Jakarta, population: 9, bounds: ['1', x] }, { population: 9, bounds: ['1'] }] }",
        ),
        (
            "score: { is: top 10% by aov, frozen: true }",
            "score: { definition: 'top 10% by aov', as_of: 2026-01-01, population: 9, bounds: ['1', '2'] }",
        ),
        (
            "score: { is: quintile(last(at of sales)), frozen: true }",
            "score: { definition: 'quintile(last(at of sales))', as_of: 2026-01-01, population: 9, bounds: ['2026-01-01', '2026-01-01T10:00:00Z'] }",
        ),
        (
            "score: { is: quintile(birth_date per points), frozen: true }",
            "score: { definition: 'quintile(birth_date per points)', as_of: 2026-01-01, groups: [{ per: many, population: 9, bounds: ['2026-01-01'] }] }",
        ),
    ];
    assert_snapshot!(survey(&cases), @r#"
    score: { is: quintile(aov), frozen: true }
      score: { definition: 'quintile(aov)', as_of: 2026-01-01, population: 9, bounds: ['1', '1.5', '7/3', '9'] }
        fine
    score: { is: quintile(aov), frozen: true }
      score: { definition: 'quintile(aov)', as_of: 2026-01-01, population: 9, bounds: ['1'] }
        fine
    score: { is: quintile(aov), frozen: true }
      score: { definition: 'quintile(aov)', as_of: 2026-01-01, population: 9, bounds: ['1', '2', '3', '4', '5', '6'] }
        K509 [score] there are 6 cut points where 4 are the most | `kohort freeze` writes this file anew
    score: { is: quintile(aov), frozen: true }
      score: { definition: 'quintile(aov)', as_of: 2026-01-01, population: 9, bounds: ['1', 'two', '3', 'four'] }
        K509 ['two'] `two` is not a number, as the cut points here are | `kohort freeze` writes this file anew
        K509 ['four'] `four` is not a number, as the cut points here are | `kohort freeze` writes this file anew
    score: { is: quintile(aov), frozen: true }
      other: { definition: 'quintile(aov)', as_of: 2026-01-01, population: 9, bounds: ['1'] }
        K509 [score] `score` is frozen, and has no cut points yet | `kohort freeze` computes them from the data and keeps them in `frozen.yaml`
    score: { is: quintile(aov), frozen: true }
      score: { definition: 'decile(aov)', as_of: 2026-01-01, population: 9, bounds: ['1'] }
        K509 [quintile(aov)] the cut points of `score` are those of another definition | +['decile(aov)'] computed for `decile(aov)` | `kohort freeze` with `score` computes new ones; to keep these, put the definition back
    score: { is: quintile(aov), frozen: true }
      score: { definition: 'quintile(aov)', as_of: 2026-01-01, groups: [{ per: x, population: 9, bounds: ['1'] }] }
        K509 [{ per: x, population: 9, bounds: ['1'] }] there are cut points for each group, and `score` is of all together | `kohort freeze` writes this file anew
    score: { is: quintile(aov), frozen: true }
      score: { definition: 'quintile(aov)', as_of: 2026-01-01, groups: [{ population: 9, bounds: ['1'] }, { population: 9, bounds: ['1'] }] }
        K509 [{ population: 9, bounds: ['1'] }] there are cut points for each group, and `score` is of all together | `kohort freeze` writes this file anew
    score: { is: quintile(aov per region), frozen: true }
      score: { definition: 'quintile(aov per region)', as_of: 2026-01-01, groups: [{ per: Jakarta, population: 9, bounds: ['1', x] }, { population: 9, bounds: ['1'] }] }
        K509 [x] `x` is not a number, as the cut points here are | `kohort freeze` writes this file anew
    score: { is: top 10% by aov, frozen: true }
      score: { definition: 'top 10% by aov', as_of: 2026-01-01, population: 9, bounds: ['1', '2'] }
        K509 [score] there are 2 cut points where 1 is the most | `kohort freeze` writes this file anew
    score: { is: quintile(last(at of sales)), frozen: true }
      score: { definition: 'quintile(last(at of sales))', as_of: 2026-01-01, population: 9, bounds: ['2026-01-01', '2026-01-01T10:00:00Z'] }
        K509 ['2026-01-01'] `2026-01-01` is not a time, as the cut points here are | `kohort freeze` writes this file anew
    score: { is: quintile(birth_date per points), frozen: true }
      score: { definition: 'quintile(birth_date per points)', as_of: 2026-01-01, groups: [{ per: many, population: 9, bounds: ['2026-01-01'] }] }
        K509 [many] `many` is not a number, as the cut points here are | `kohort freeze` writes this file anew
    "#);
}

#[test]
fn cut_points_are_a_formula() {
    let meaning = |attribute: &str, groups: &str| {
        let is = attribute.replace('\'', "''");
        let cuts = format!("score: {{ definition: '{is}', as_of: 2026-01-01, groups: [{groups}] }}");
        let ir = super::compiled(&project(&format!("score: {{ is: '{is}', frozen: true }}"), &cuts));
        let Node::IsKnown(score) = ir.node(super::condition(&ir, "s")) else { panic!("`score is known`") };
        formula(&ir, *score)
    };
    let all = "{ population: 9, bounds: ['1', '5/2'] }";
    let one = "{ population: 9, bounds: ['7'] }";
    let none = "{ population: 0, bounds: [] }";
    let cities = "{ per: Jakarta, population: 9, bounds: ['7'] }, { population: 1, bounds: ['8'] }";
    let found = [
        meaning("ntile(3, points)", all),
        meaning("score(3, points among (active))", all),
        meaning("ntile(3, points)", none),
        meaning("top 10% by points", one),
        meaning("bottom 3 by points among (active)", one),
        meaning("top 3 by points", none),
        meaning("percentile(90, points among (active))", one),
        meaning("percentile(90, points)", none),
        meaning("top 10% by points per city", cities),
        meaning("percentile(90, points per city)", cities),
    ];
    assert_snapshot!(found.join("\n"), @r#"
    points known → bucket(points, 1, 5/2)
    active and points known → bucket(points, 1, 5/2)
    points known → bucket(points, )
    (points known → points GreaterOrEqual 7) true
    (active and points known → points LessOrEqual 7) true
    (points known → false) true
    true → 7
    true → unknown
    (city Equal 'Jakarta' and points known → points GreaterOrEqual 7; not city known and points known → points GreaterOrEqual 8) true
    city Equal 'Jakarta' → 7; not city known → 8
    "#);
}

#[test]
fn cut_points_are_of_one_kind_of_subject() {
    let catalog = "\
kohort: 1
subjects:
  customer: { table: customers, key: customer_id }
  invoice: { table: invoices, key: invoice_no }
tables:
  customers: { types: { customer_id: text } }
  invoices: { types: { invoice_no: integer, customer_id: text } }
  lines: { subject: { customer: customer_id, invoice: invoice_no }, types: { invoice_no: integer, customer_id: text } }
attributes:
  score: { is: quintile(count(lines) among (true)), frozen: true }
";
    let cuts = "kohort: 1\ncut_points:\n  score: { definition: quintile(count(lines) among (true)), as_of: 2026-01-01, \
                population: 9, bounds: ['1'] }\n";
    let rules = "segments:\n  a: { when: score = 5 }\n  b: { of: invoice, when: score = 5 }\n";
    let project = Project::from_texts([("catalog.yaml", catalog), ("rules.yaml", rules), ("frozen.yaml", cuts)]);
    assert_snapshot!(said(&project, &Schemas::new()), @r#"K306 [score] `score` cannot be said of an invoice | +[score] defined here | `score` is frozen, and its cut points are of `customer`s"#);
}
