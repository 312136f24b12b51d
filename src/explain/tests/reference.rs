//! The language's reference: every condition that it shows has an explanation in every language.

use super::{Language, compiled};
use crate::explain::{Explainer, text};
use crate::{Project, Schemas};

const REFERENCE: &str = include_str!("../../../docs/language.md");

/// The fenced blocks of the reference: what is said behind the fence, and what is inside.
fn blocks() -> Vec<(&'static str, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, String)> = None;
    for line in REFERENCE.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(info), None) => open = Some((info, String::new())),
            (None, Some((_, inside))) => inside.push_str(&format!("{line}\n")),
            (None, None) => {}
        }
    }
    blocks
}

/// Conditions about the reference's own shop, without those that show a mistake.
fn conditions(blocks: &[(&'static str, String)]) -> Vec<String> {
    let sound = |info: &str| {
        info.starts_with("kohort") && !["error", "note", "catalog=", "of="].iter().any(|word| info.contains(word))
    };
    let lines = blocks.iter().filter(|(info, _)| sound(info)).flat_map(|(_, inside)| inside.lines());
    lines.filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
}

#[test]
fn every_condition_of_the_reference_is_explained() {
    let blocks = blocks();
    let of = |wanted: &'static str| {
        let fits = blocks.iter().filter(move |(info, _)| *info == wanted);
        fits.map(|(_, inside)| inside.clone())
    };
    let catalog = of("yaml catalog").next().expect("the reference has a catalogue");
    let conditions = conditions(&blocks);
    let mut rules = String::from("segments:\n");
    for (at, when) in conditions.iter().enumerate() {
        rules.push_str(&format!("  s{at}:\n    when: |\n      {when}\n"));
    }
    let mut texts = vec![("catalog.yaml".to_owned(), catalog), ("conditions.yaml".to_owned(), rules)];
    texts.extend(of("yaml rules shared").enumerate().map(|(at, text)| (format!("shared{at}.yaml"), text)));
    for (info, inside) in &blocks {
        texts.extend(info.split_once("file=").map(|(_, name)| (name.to_owned(), inside.clone())));
    }
    let project = Project::from_texts(texts);
    let ir = compiled(&project, &Schemas::new());
    let explainer = Explainer::new(project.catalog().expect("there is one"), project.rules(), &ir);
    assert!(conditions.len() > 50, "{}", conditions.len());
    for segment in explainer.segments() {
        for language in Language::ALL {
            let explanation = explainer.explain(segment, language).expect("it is there");
            super::examples::assert_is_language(&explanation, &text(&explanation));
        }
    }
}

/// Nothing that can be checked is too deep to be explained.
#[test]
fn the_deepest_conditions_are_explained() {
    const DEEP: usize = 120;
    let words = |at: usize| if at.is_multiple_of(2) { "and" } else { "or" };
    let nested = (0..DEEP).fold("points > 1".to_owned(), |inner, at| format!("points > {at} {} ({inner})", words(at)));
    let called = format!("{}points{} > 1", "abs(".repeat(DEEP), ")".repeat(DEEP));
    let filtered = format!("any(sales where {})", nested.replace("points", "quantity"));
    let project = super::project(&super::rules(&[("nested", &nested), ("called", &called), ("filtered", &filtered)]));
    for segment in ["nested", "called", "filtered"] {
        assert!(text(&super::explained(&project, segment, Language::Russian)).lines().count() > 5);
    }
}
