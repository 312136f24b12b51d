//! Makes a failing case smaller, as long as it keeps failing.

use std::collections::BTreeSet;

use super::phrase::Template;
use super::project::{Case, Derived, Grouped, Shape};
use super::read;
use super::shrink_parts::{barer_segments, shorter_lists, smaller_partitions, with};

/// The smallest case found for which `fails` still says yes. `fails` is only asked about cases that can be read, and
/// must say no to a case that fails for another reason (a definition that another one needs, say).
pub fn shrink(case: &Case, fails: impl Fn(&Case) -> bool) -> Case {
    let still = |smaller: &Case| read(smaller).is_ok() && fails(smaller);
    let mut best = case.clone();
    loop {
        let before = size(&best);
        best = without_segments(best, &still);
        best = with_smaller_conditions(best, &still);
        best = without_definitions(best, &still);
        best = without_rows(best, &still);
        best = descend(best, &still, shorter_lists);
        if size(&best) >= before {
            return best;
        }
    }
}

fn size(case: &Case) -> usize {
    let rows: usize = case.data.values().map(|table| table.rows.len()).sum();
    let texts: usize = case.texts().iter().map(|(_, text)| text.len()).sum();
    texts + 100 * rows
}

/// Tries variants one after the other until none of them fails any more.
fn descend(mut case: Case, still: &impl Fn(&Case) -> bool, variants: impl Fn(&Case) -> Vec<Case>) -> Case {
    while let Some(smaller) = variants(&case).into_iter().find(|smaller| still(smaller)) {
        case = smaller;
    }
    case
}

/// The names and words of everything that is written.
fn words(case: &Case) -> Vec<String> {
    let text = case.catalog_yaml() + &case.rules_yaml();
    text.split(|sign: char| !(sign.is_alphanumeric() || sign == '_')).map(str::to_owned).collect()
}

/// Whether a definition of this name is used besides where it stands; a metric also by a name with a suffix.
fn is_used(words: &[String], name: &str) -> bool {
    let suffixed = format!("{name}_");
    words.iter().filter(|word| *word == name || word.starts_with(&suffixed)).count() > 1
}

fn without_segments(case: Case, still: &impl Fn(&Case) -> bool) -> Case {
    let case = descend(case, still, |case| {
        let one = |at: usize| with(case, |case| case.segments = vec![case.segments[at].clone()]);
        if case.segments.len() > 1 { (0..case.segments.len()).map(one).collect() } else { vec![] }
    });
    let case = descend(case, still, |case| {
        let words = words(case);
        let unused = (0..case.segments.len()).filter(|at| !is_used(&words, &case.segments[*at].name));
        unused.map(|at| with(case, |case| drop(case.segments.remove(at)))).collect()
    });
    let case = descend(case, still, barer_segments);
    descend(case, still, smaller_partitions)
}

/// Simpler conditions of segments, attributes, metrics and derived tables.
fn with_smaller_conditions(case: Case, still: &impl Fn(&Case) -> bool) -> Case {
    let case = descend(case, still, |case| {
        let mut smaller = Vec::new();
        for at in 0..case.segments.len() {
            let changes = case.segments[at].when.smaller().into_iter();
            smaller.extend(changes.map(|when| with(case, |case| case.segments[at].when = when)));
        }
        smaller
    });
    let case = descend(case, still, |case| {
        let mut smaller = Vec::new();
        for at in 0..case.attributes.len() {
            let changes = case.attributes[at].is.smaller().into_iter();
            smaller.extend(changes.map(|is| with(case, |case| case.attributes[at].is = is)));
        }
        for at in 0..case.metrics.len() {
            let changes = case.metrics[at].1.smaller().into_iter();
            smaller.extend(changes.map(|is| with(case, |case| case.metrics[at].1 = is)));
        }
        smaller
    });
    descend(case, still, |case| (0..case.tables.len()).flat_map(|at| smaller_tables(case, at)).collect())
}

/// A derived table without one of its parts, or with a simpler filter.
fn smaller_tables(case: &Case, at: usize) -> Vec<Case> {
    let Shape::Derived(derived) = &case.tables[at].shape else { return vec![] };
    let words = words(case);
    let mut found: Vec<Derived> = Vec::new();
    if let Some(filter) = &derived.filter {
        found.push(Derived { filter: None, ..derived.clone() });
        found.extend(filter.smaller().into_iter().map(|filter| Derived { filter: Some(filter), ..derived.clone() }));
    }
    if !derived.distinct.is_empty() {
        found.push(Derived { distinct: vec![], ..derived.clone() });
    }
    found.extend(derived.grouping.iter().flat_map(|grouping| smaller_groupings(grouping, &words)).map(|grouping| {
        let grouping = Some(grouping);
        Derived { grouping, ..derived.clone() }
    }));
    for column in (0..derived.columns.len()).filter(|column| !is_used(&words, &derived.columns[*column].0)) {
        let mut fewer = derived.clone();
        fewer.columns.remove(column);
        found.push(fewer);
    }
    found.into_iter().map(|derived| with(case, |case| case.tables[at].shape = Shape::Derived(derived))).collect()
}

/// A grouping without its own time, or without a key that nothing names. Periods stay: they say when a group happened.
fn smaller_groupings(grouping: &Grouped, words: &[String]) -> Vec<Grouped> {
    let mut found = Vec::new();
    if grouping.time.is_some() && !grouping.needs_time {
        found.push(Grouped { time: None, ..grouping.clone() });
    }
    let is_needed = |(name, key): &(Option<String>, Template)| {
        let text = key.to_string();
        let own = name.as_deref().unwrap_or_else(|| text.rsplit('.').next().unwrap_or(&text));
        text.contains('(') || is_used(words, own)
    };
    for at in (0..grouping.keys.len()).filter(|at| grouping.keys.len() > 1 && !is_needed(&grouping.keys[*at])) {
        let mut fewer = grouping.clone();
        fewer.keys.remove(at);
        found.push(fewer);
    }
    found
}

/// Without attributes, metrics, tables and lookups that nothing uses.
fn without_definitions(case: Case, still: &impl Fn(&Case) -> bool) -> Case {
    descend(case, still, |case| {
        let words = words(case);
        let unused = |name: &str| !is_used(&words, name);
        let mut smaller = Vec::new();
        for at in (0..case.attributes.len()).filter(|at| unused(&case.attributes[*at].name)) {
            smaller.push(with(case, |case| drop(case.attributes.remove(at))));
        }
        for at in (0..case.metrics.len()).filter(|at| unused(&case.metrics[*at].0)) {
            smaller.push(with(case, |case| drop(case.metrics.remove(at))));
        }
        for at in (0..case.tables.len()).filter(|at| unused(&case.tables[*at].name)) {
            smaller.push(with(case, |case| {
                let table = case.tables.remove(at);
                case.data.remove(&table.name);
            }));
        }
        smaller.extend(without_lookups(case, &words));
        smaller
    })
}

fn without_lookups(case: &Case, words: &[String]) -> Vec<Case> {
    let unused = |lookups: &[(String, String)]| -> BTreeSet<usize> {
        (0..lookups.len()).filter(|at| !is_used(words, &lookups[*at].0)).collect()
    };
    let mut smaller = Vec::new();
    for kind in 0..case.kinds.len() {
        for at in unused(&case.kinds[kind].lookups) {
            smaller.push(with(case, |case| drop(case.kinds[kind].lookups.remove(at))));
        }
    }
    for table in 0..case.tables.len() {
        let Shape::Source(source) = &case.tables[table].shape else { continue };
        for at in unused(&source.lookups) {
            smaller.push(with(case, |case| {
                if let Shape::Source(source) = &mut case.tables[table].shape {
                    source.lookups.remove(at);
                }
            }));
        }
    }
    smaller
}

/// Fewer rows: halves first, then quarters, at last single rows.
fn without_rows(mut case: Case, still: &impl Fn(&Case) -> bool) -> Case {
    for table in case.data.keys().cloned().collect::<Vec<_>>() {
        let mut chunk = case.data[&table].rows.len().div_ceil(2);
        while chunk > 0 {
            let mut from = 0;
            while from < case.data[&table].rows.len() {
                let rows = &case.data[&table].rows;
                let kept = rows[..from].iter().chain(rows.iter().skip(from + chunk)).cloned().collect();
                let smaller = with(&case, |case| case.data.get_mut(&table).expect("a table with rows").rows = kept);
                if still(&smaller) { case = smaller } else { from += chunk }
            }
            chunk /= 2;
        }
    }
    case
}
