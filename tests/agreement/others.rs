//! What is claimed of how segments move with other subjects: who is in a segment that does not, stays in it whatever becomes of the rows of
//! everybody else.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

use kohort::Schemas;
use rand::seq::IteratorRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::super::differential::generate::Case;
use super::super::differential::value::{Cell, TableData};
use super::standing::{Key, Standing};
use super::until::with_more;
use super::{Property, holds, in_memory, seeds};

#[derive(Debug, Default)]
struct Seen {
    cases: u64,
    /// Memberships of segments that do not move with others.
    still: u64,
    /// Those of them that rest on rows that somebody else has too.
    still_beside: u64,
    /// Memberships of segments that do, and did.
    moved: u64,
}

impl AddAssign for Seen {
    fn add_assign(&mut self, other: Self) {
        self.cases += other.cases;
        self.still += other.still;
        self.still_beside += other.still_beside;
        self.moved += other.moved;
    }
}

/// The columns of a table that hold the key of a kind of subject; none: its rows are not theirs, or a lookup says whose they are.
fn key_columns(case: &Case, table: &str, kind: &str) -> Option<Vec<String>> {
    let made = case.kinds.iter().find(|one| one.name == kind)?;
    if made.table.as_deref() == Some(table) {
        return Some(made.key.clone());
    }
    let subject = &case.source(table)?.subject;
    let names = |text: &str| text.split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>();
    let columns = match subject.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
        Some(kinds) => {
            let mut kinds = kinds.split(',').filter_map(|one| one.split_once(':'));
            names(kinds.find(|(one, _)| one.trim() == kind)?.1)
        }
        None if case.kinds[0].name == kind => names(subject.trim_matches(['[', ']'])),
        None => return None,
    };
    columns.iter().all(|name| !name.is_empty() && !name.contains('.')).then_some(columns)
}

/// Whether rows of other tables find rows of this one: what they find is theirs too, whoever it belongs to. Rows that belong to whom the
/// row that they find belongs to find nobody else's.
fn is_looked_up(case: &Case, table: &str) -> bool {
    let into = |to: &String| to.rsplit("->").next().is_some_and(|target| target.trim() == table);
    let sources = case.tables.iter().filter_map(|one| case.source(&one.name));
    let mut of_sources = sources.flat_map(|source| source.lookups.iter().map(|lookup| (lookup, &source.subject)));
    of_sources.any(|((name, to), subject)| into(to) && !subject.contains(&format!("{name}.")))
        || case.kinds.iter().flat_map(|kind| &kind.lookups).any(|(_, to)| into(to))
}

fn positions(data: &TableData, names: &[String]) -> Vec<usize> {
    let position = |name: &String| data.columns.iter().position(|(column, _)| column == name);
    names.iter().filter_map(position).collect()
}

/// A key as it is told; none: part of it is unknown.
fn key_of(row: &[Cell], at: &[usize]) -> Option<Key> {
    let part = |at: &usize| match &row[*at] {
        Cell::Text(text) => Some(text.clone()),
        Cell::Int(number) => Some(number.to_string()),
        _ => None,
    };
    at.iter().map(part).collect()
}

/// The case with other rows of everybody but one subject: some are gone, and some hold other values. Also whether there was anything to
/// change in tables in which the subject has rows too.
fn changed(random: &mut ChaCha8Rng, case: &Case, kind: &str, own: &Key) -> (Case, BTreeSet<String>) {
    let mut other = case.clone();
    let mut beside = BTreeSet::new();
    for (name, data) in &case.data {
        let Some(columns) = key_columns(case, name, kind).filter(|_| !is_looked_up(case, name)) else { continue };
        let keys = positions(data, &columns);
        let ids = positions(data, &case.source(name).map(|source| source.id.clone()).unwrap_or_default());
        // A row that corrects another may be somebody else's: all rows of an id are those of everybody who is named in one.
        let mut of_own: BTreeMap<Vec<String>, bool> = BTreeMap::new();
        let id_of = |row: &[Cell]| ids.iter().map(|at| row[*at].to_string()).collect::<Vec<_>>();
        for row in &data.rows {
            *of_own.entry(id_of(row)).or_default() |= key_of(row, &keys).as_ref() == Some(own);
        }
        let is_others = |row: &[Cell]| match (ids.is_empty(), key_of(row, &keys)) {
            (true, Some(key)) => key != *own,
            (false, Some(_)) => ids.iter().all(|at| row[*at] != Cell::Unknown) && !of_own[&id_of(row)],
            (_, None) => false,
        };
        let has_own = data.rows.iter().any(|row| key_of(row, &keys).as_ref() == Some(own));
        let gone: BTreeMap<Vec<String>, bool> =
            of_own.keys().cloned().map(|id| (id, random.random_bool(0.5))).collect();
        let made = other.data.get_mut(name).expect("the same tables");
        made.rows.clear();
        for row in &data.rows {
            if !is_others(row) {
                made.rows.push(row.clone());
                continue;
            }
            beside.extend(has_own.then(|| name.clone()));
            match ids.is_empty() {
                // Equal rows of one id stay equal.
                false if gone[&id_of(row)] => {}
                false => made.rows.push(row.clone()),
                true if random.random_bool(0.5) => {}
                true => {
                    let mut row = row.clone();
                    for at in (0..row.len()).filter(|at| !keys.contains(at)) {
                        let from = random.random_range(0..data.rows.len());
                        row[at] = data.rows[from][at].clone();
                    }
                    made.rows.push(row);
                }
            }
        }
    }
    (other, beside)
}

async fn standing(case: &Case) -> Result<Standing, String> {
    let engine = in_memory(case)?.open().await.map_err(|error| format!("{error:?}"))?;
    Standing::of(&engine, case.now).await
}

struct Others;

impl Property for Others {
    type Seen = Seen;

    async fn wrong(case: &Case, seen: &mut Seen) -> Result<Option<String>, String> {
        let random = &mut ChaCha8Rng::seed_from_u64(case.seed);
        // Ranks are rare, and those whom a change of others moves rarer.
        let case = &with_more(case, random).ok_or("the project has errors")?;
        let checked = kohort::Project::from_texts(case.texts()).check(&Schemas::new());
        let ir = checked.ir.ok_or("the project has errors")?;
        let Ok(before) = standing(case).await else { return Ok(None) };
        seen.cases += 1;
        for (kind, subjects) in &before.subjects {
            let Some(own) = subjects.iter().choose(random) else { continue };
            let (other, beside) = changed(random, case, kind, own);
            let after = standing(&other).await?;
            for segment in ir.segments.iter().filter(|segment| before.kind_of.get(&segment.name) == Some(kind)) {
                let (Some(was), Some(is)) = (before.members_of(&segment.name), after.members_of(&segment.name)) else {
                    continue;
                };
                let (was, is) = (was.contains(own), is.contains(own));
                let moves = ir.moves(segment.subject, segment.condition);
                if !moves.others.is_empty() {
                    seen.moved += u64::from(was != is);
                    continue;
                }
                seen.still += 1;
                let rests_on = |table: &kohort::ir::BaseTableId| beside.contains(&ir.base_table(*table).name);
                seen.still_beside += u64::from(moves.tables.iter().any(rests_on));
                if was != is {
                    return Ok(Some(format!(
                        "{} moves with others: {own:?} was a member: {was}, and with these rows is: {is}\n{other}",
                        segment.name
                    )));
                }
            }
        }
        Ok(None)
    }
}

#[test]
fn what_others_do_is_theirs() {
    let seeds = seeds("KOHORT_OTHERS_CASES", 40);
    let cases = seeds.end - seeds.start;
    let seen = holds::<Others>(seeds);
    println!("{seen:?}");
    if cases >= 40 {
        let looked_at = seen.still > 150 && seen.still_beside > 50 && seen.moved > 5;
        assert!(looked_at && seen.cases * 4 > cases * 3, "{seen:?}");
    }
}
