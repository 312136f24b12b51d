//! Long chains and deep nests: each compiles or is refused with one clear message, on a small stack.

use super::shop::SHOP;
use super::{project, rule, said};
use crate::check::Schemas;
use crate::project::Project;

/// What is said, found out on a thread with the stack that threads usually have.
fn said_on_a_small_stack(catalog: String, rules: String) -> String {
    let check = move || said(&project(&catalog, &rules), &Schemas::new());
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(check);
    thread.expect("a thread starts").join().expect("nothing panics")
}

fn chain(count: usize, backwards: bool) -> String {
    let mut lines: Vec<String> =
        (1..count).map(|at| format!("  s{at}: {{ when: in s{} and visits > {at} }}\n", at - 1)).collect();
    lines.insert(0, "  s0: { when: visits > 0 }\n".to_owned());
    if backwards {
        lines.reverse();
    }
    format!("segments:\n{}", lines.concat())
}

#[test]
fn a_chain_of_segments_has_a_limit_whatever_their_order() {
    for backwards in [false, true] {
        assert_eq!(said_on_a_small_stack(SHOP.to_owned(), chain(250, backwards)), "");
        let found = said_on_a_small_stack(SHOP.to_owned(), chain(10_000, backwards));
        insta::allow_duplicates! {
            insta::assert_snapshot!(found, @r#"
    K112 [s250] `s250` ends a chain of more than 250 definitions, each resting on the one before | let some of them rest on something nearer the start of the chain
    "#);
        }
    }
}

#[test]
fn a_chain_through_within_is_a_chain() {
    let lines: String =
        (1..300).map(|at| format!("  s{at}: {{ within: s{}, when: visits > {at} }}\n", at - 1)).collect();
    let found = said_on_a_small_stack(SHOP.to_owned(), format!("segments:\n  s0: {{ when: visits > 0 }}\n{lines}"));
    assert!(found.starts_with("K112 [s250]") && found.lines().count() == 1, "{found}");
}

fn metrics(count: usize, backwards: bool, first: &str, through: &str) -> String {
    let mut lines: Vec<String> =
        (1..count).map(|at| format!("  m{at}: {}\n", through.replace('@', &format!("m{}", at - 1)))).collect();
    lines.insert(0, format!("  m0: {first}\n"));
    if backwards {
        lines.reverse();
    }
    format!("{SHOP}{}", lines.concat())
}

#[test]
fn a_chain_of_metrics_has_a_limit_whatever_their_order() {
    let nested = "round(abs(-least(2 * (@ + 1), 10 - (@ - 1))), 2)";
    for backwards in [false, true] {
        for through in ["@ + 1", nested] {
            let longest = metrics(61, backwards, "spend + 1", through);
            let found = said_on_a_small_stack(longest, rule("m60_90d > 5 and m60[channel = 'web'] > 5"));
            assert!(found.is_empty() || through == nested && found.starts_with("K112"), "{found}");
            let found = said_on_a_small_stack(metrics(10_000, backwards, "spend", through), rule("m9999_90d > 5"));
            assert!(found.starts_with("K112 [m61]") && found.lines().count() == 1, "{found}");
        }
        let circle = metrics(10_000, backwards, "m9999", "@ + 1");
        let found = said_on_a_small_stack(circle, rule("m9999_90d > 5"));
        assert!(found.starts_with("K112") && found.lines().count() == 1, "{found}");
    }
}

#[test]
fn a_chain_of_tables_has_a_limit() {
    let lines: String =
        (1..10_000).rev().map(|at| format!("  t{at}: {{ from: t{}, where: quantity > {at} }}\n", at - 1)).collect();
    let catalog = SHOP.replace("attributes:\n", &format!("{lines}  t0: {{ from: sales }}\nattributes:\n"));
    let found = said_on_a_small_stack(catalog, rule("any(t9999)"));
    assert!(found.starts_with("K112 [t") && found.lines().count() == 1, "{found}");
}

#[test]
fn a_chain_of_lookups_has_a_limit() {
    let path = vec!["parent"; 3_000].join(".");
    let catalog = SHOP.replace(
        "    lookups: { brand: brand_id -> brands }\n",
        "    lookups: { brand: brand_id -> brands, parent: category -> products }\n",
    );
    let found = said_on_a_small_stack(catalog, rule(&format!("any(sales where product.{path}.sku = 'x')")));
    assert!(found.starts_with("K112") && found.lines().count() == 1, "{found}");
}

#[test]
fn the_deepest_expression_that_parses_is_checked() {
    for depth in [40, 60, 100, 120] {
        let calls = format!("{}visits{} > 5", "abs(".repeat(depth), ")".repeat(depth));
        let signs = format!("{}visits{} > 5", "-(1 + ".repeat(depth / 2), ")".repeat(depth / 2));
        let nots = format!("{}visits > 5{}", "not (city != 'x' or ".repeat(depth / 2), ")".repeat(depth / 2));
        let rows = format!(
            "any(sales where {}value > 5{})",
            "(gift or not (gift and ".repeat(depth / 4),
            "))".repeat(depth / 4)
        );
        for when in [calls, signs, nots, rows] {
            let found = said_on_a_small_stack(SHOP.to_owned(), rule(&when));
            assert!(!found.contains("K112"), "{depth}: {found}");
        }
    }
}

#[test]
fn many_mistakes_take_no_longer_than_many_rules() {
    let lines: String =
        (0..3_000).map(|at| format!("  seg{at}: {{ when: in sgm{at} and spnd_{at}x > 5 }}\n")).collect();
    let project = Project::from_texts([("catalog.yaml", SHOP.to_owned()), ("r.yaml", format!("segments:\n{lines}"))]);
    let started = std::time::Instant::now();
    assert_eq!(project.check(&Schemas::new()).diagnostics.len(), 6_000);
    eprintln!("{:?}", started.elapsed());
}

#[test]
fn every_wrong_name_is_told_and_only_the_first_ones_get_advice() {
    let rules: String = (0..5_000).map(|at| format!("  s{at}: {{ when: in t{at} and visists > {at} }}\n")).collect();
    let checked = project(SHOP, &format!("segments:\n{rules}")).check(&Schemas::new());
    assert_eq!(checked.diagnostics.len(), 10_000);
    let advised = checked.diagnostics.iter().filter(|diagnostic| diagnostic.fix.is_some()).count();
    assert!((100..=300).contains(&advised), "{advised}");
}
