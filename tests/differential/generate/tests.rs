//! The generator's own promises: equal seeds give equal cases, every case is valid, every form is exercised both ways.

use super::super::coverage::Coverage;
use super::super::oracle::{Outcome, evaluate};
use super::family::OF_THE_ENGINE;
use super::{Case, generate, generate_with, read, shrink};
use kohort::{Project, Schemas};

fn outcome(case: &Case) -> Outcome {
    let (catalog, rules) = read(case).unwrap_or_else(|problems| panic!("{case}\n{problems:#?}"));
    evaluate(&catalog, &rules, &case.data, &case.beside, case.now)
}

/// Whether it passes the project's own check.
fn is_valid(case: &Case) -> bool {
    let project = Project::from_texts(case.texts());
    project.check(&Schemas::new()).ir.is_some()
}

#[test]
fn equal_seeds_give_equal_cases() {
    for seed in 0..10 {
        assert_eq!(generate(seed).to_string(), generate(seed).to_string());
    }
}

#[test]
fn cases_are_valid_and_exercise_every_form_both_ways() {
    let mut coverage = Coverage::default();
    for seed in 0..cases() {
        let case = generate(seed);
        let known = generate_with(seed, OF_THE_ENGINE);
        assert!(is_valid(&known), "{known}");
        coverage.record(&case, &outcome(&case));
    }
    println!("{coverage}");
    assert_eq!(coverage.weak(1), Vec::<&str>::new(), "{coverage}");
}

/// How many cases to make: `KOHORT_CASES`, or enough to see every form.
fn cases() -> u64 {
    std::env::var("KOHORT_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(800)
}

#[test]
fn a_failing_case_becomes_small() {
    let members = |case: &Case| outcome(case).segments.values().flatten().map(Vec::len).sum::<usize>();
    let (case, before) =
        (0..).map(generate).map(|case| (case.clone(), members(&case))).find(|(_, many)| *many > 8).expect("a case");
    let small = shrink(&case, |case| members(case) > 0);
    assert!(before > 8 && members(&small) > 0);
    assert_eq!(small.segments.len() + small.partitions.len(), 1, "{small}");
    let rows: usize = small.data.values().map(|table| table.rows.len()).sum();
    assert!(rows <= 4, "{small}");
    assert!(small.to_string().len() < case.to_string().len() / 2, "{small}");
}
