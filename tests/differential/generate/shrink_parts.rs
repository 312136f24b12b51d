//! Smaller partitions, keys, splits and files of values.

use super::partitions::{Partition, Parts};
use super::project::{Case, Keys};

/// A change of a copy of a case.
pub fn with(case: &Case, change: impl FnOnce(&mut Case)) -> Case {
    let mut changed = case.clone();
    change(&mut changed);
    changed
}

/// Without what is said about segments beside their conditions, one thing at a time.
pub fn barer_segments(case: &Case) -> Vec<Case> {
    let mut smaller = Vec::new();
    for (at, segment) in case.segments.iter().enumerate() {
        let mut put = |change: fn(&mut super::Segment)| smaller.push(with(case, |case| change(&mut case.segments[at])));
        if segment.within.is_some() {
            put(|segment| segment.within = None);
        }
        if segment.include.is_some() {
            put(|segment| segment.include = None);
        }
        if segment.exclude.is_some() {
            put(|segment| segment.exclude = None);
        }
        if let Some(split) = &segment.split {
            put(|segment| segment.split = None);
            if split.parts.len() > 1 {
                put(|segment| drop(segment.split.as_mut().map(|split| split.parts.pop())));
            }
        }
        for keys in [&segment.include, &segment.exclude].into_iter().flatten() {
            if matches!(keys, Keys::Values(keys) if keys.len() > 1) {
                let fewer = |keys: &mut Option<Keys>| {
                    if let Some(Keys::Values(keys)) = keys
                        && keys.len() > 1
                    {
                        keys.pop();
                    }
                };
                smaller.push(with(case, |case| fewer(&mut case.segments[at].include)));
                smaller.push(with(case, |case| fewer(&mut case.segments[at].exclude)));
            }
        }
    }
    smaller.retain(|one| one.rules_yaml().len() < case.rules_yaml().len());
    smaller
}

/// Without a partition, or with a smaller one.
pub fn smaller_partitions(case: &Case) -> Vec<Case> {
    let mut smaller = Vec::new();
    for (at, partition) in case.partitions.iter().enumerate() {
        smaller.push(with(case, |case| drop(case.partitions.remove(at))));
        let mut found: Vec<Partition> = Vec::new();
        if partition.within.is_some() {
            found.push(Partition { within: None, ..partition.clone() });
        }
        let parts = smaller_parts(&partition.parts);
        found.extend(parts.into_iter().map(|parts| Partition { parts, ..partition.clone() }));
        smaller.extend(found.into_iter().map(|partition| with(case, |case| case.partitions[at] = partition)));
    }
    smaller
}

fn smaller_parts(parts: &Parts) -> Vec<Parts> {
    let without = |at: usize| {
        let mut fewer = parts.clone();
        match &mut fewer {
            Parts::Tiers(tiers) => drop(tiers.remove(at)),
            Parts::Chart { groups, .. } => drop(groups.remove(at)),
            Parts::Bands { bounds, names, .. } => {
                bounds.remove(at);
                names.truncate(bounds.len() + 1);
            }
            Parts::Values { .. } => {}
        }
        fewer
    };
    let many = match parts {
        Parts::Tiers(tiers) => tiers.len(),
        Parts::Bands { bounds, .. } => bounds.len(),
        Parts::Chart { groups, .. } => groups.len(),
        Parts::Values { .. } => 0,
    };
    let mut found: Vec<Parts> = if many > 1 { (0..many).map(without).collect() } else { vec![] };
    match parts {
        Parts::Tiers(tiers) => {
            for (at, (_, when)) in tiers.iter().enumerate() {
                for when in when.iter().flat_map(|when| when.smaller()) {
                    let mut changed = tiers.clone();
                    changed[at].1 = Some(when);
                    found.push(Parts::Tiers(changed));
                }
            }
        }
        Parts::Bands { is: Some(is), bounds, names } => {
            let with = |is| Parts::Bands { is: Some(is), bounds: bounds.clone(), names: names.clone() };
            found.extend(is.smaller().into_iter().map(with));
        }
        Parts::Chart { by, scale, groups } => {
            for (at, (_, cells)) in groups.iter().enumerate().filter(|(_, (_, cells))| cells.len() > 1) {
                let mut fewer = groups.clone();
                fewer[at].1 = cells[..cells.len() - 1].to_vec();
                found.push(Parts::Chart { by: by.clone(), scale: *scale, groups: fewer });
            }
        }
        _ => {}
    }
    found
}

/// Without a line of a file of values that is not its first.
pub fn shorter_lists(case: &Case) -> Vec<Case> {
    let mut smaller = Vec::new();
    for (path, text) in &case.beside.lists {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        for at in 1..lines.len() {
            let fewer: String =
                lines.iter().enumerate().filter(|(line, _)| *line != at).map(|(_, line)| *line).collect();
            smaller.push(with(case, |case| drop(case.beside.lists.insert(path.clone(), fewer))));
        }
    }
    smaller
}
