//! Which columns lead to which tables: `orders.customer_id` to `customers.id`.
//!
//! Names propose, values decide: a pair is measured if the names are alike (or both are text that could be a key), and it
//! is a link if nearly all values are found. Small whole numbers are found in every long list of numbers, so that
//! numbers alone never make a link.

use super::facts::{At, Facts, Fit};
use super::roles::{self, Name};

/// From this share on rows are looked up: what is not found would silently be unknown.
pub const LOOKUP_SHARE: f64 = 0.95;
/// From this share on a column names the subject: what is not found is reported as orphans.
pub const SUBJECT_SHARE: f64 = 0.5;
/// Texts with fewer different values are found in each other by chance.
const TELLING: u64 = 5;

/// A column that leads to the rows of another table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// The column that leads.
    pub from: At,
    /// The column, unique in its table, that it leads to.
    pub to: At,
    /// The share of different values that are found.
    pub share: f64,
    /// How alike the names are: 0 not at all, 3 the same.
    pub likeness: u32,
}

/// Whether a column tells the rows of its table apart, if need be with the help of a version.
pub fn identifies(facts: &Facts, at: At) -> bool {
    facts.column(at).is_some_and(|column| column.unique) || version_of(facts, at).is_some()
}

/// The column that tells which row is the newest, where a key occurs a second time now and then.
pub fn version_of(facts: &Facts, key: At) -> Option<usize> {
    let (table, column) = (facts.table(key.table)?, facts.column(key)?);
    let named = Name::new(&column.source_name).has(super::words::Sense::Key);
    let nearly = column.distinct < table.rows && column.distinct * 10 >= table.rows * 9 && column.unknown == 0;
    let version = |at: &usize| table.columns.get(*at).is_some_and(|column| roles::version(column) > 0);
    (named && nearly && column.kind.is_key()).then(|| (0..table.columns.len()).find(version)).flatten()
}

/// The pairs that are worth measuring: a column, and a unique one of another table that it may lead to.
pub fn pairs(facts: &Facts) -> Vec<(At, At)> {
    let targets: Vec<At> = facts.places().filter(|at| is_target(facts, *at)).collect();
    let worth = |from: At, to: At| {
        let (Some(one), Some(other)) = (facts.column(from), facts.column(to)) else { return false };
        let could_be = one.kind == other.kind && one.kind.is_key() && one.distinct > 0;
        let alike = likeness(facts, from, to) > 0;
        from.table != to.table && could_be && (alike || is_telling_text(facts, from))
    };
    facts.places().flat_map(|from| targets.iter().map(move |to| (from, *to))).filter(|(f, t)| worth(*f, *t)).collect()
}

fn is_target(facts: &Facts, at: At) -> bool {
    let keyed = facts.column(at).is_some_and(|column| column.kind.is_key());
    keyed && identifies(facts, at)
}

fn is_telling_text(facts: &Facts, at: At) -> bool {
    facts
        .column(at)
        .is_some_and(|column| column.kind == super::facts::Kind::Text && column.distinct >= TELLING && !column.unique)
}

/// The links among the pairs that were measured: of every column the best one.
pub fn links(facts: &Facts) -> Vec<Link> {
    let link =
        |fit: &Fit| Link { from: fit.from, to: fit.to, share: fit.share, likeness: likeness(facts, fit.from, fit.to) };
    let mut found: Vec<Link> = facts.fits.iter().map(link).filter(|link| holds(facts, link)).collect();
    found.sort_by(|a, b| {
        let better = |link: &Link| (link.likeness, (link.share * 1e6) as u64);
        a.from.cmp(&b.from).then(better(b).cmp(&better(a))).then(a.to.cmp(&b.to))
    });
    found.dedup_by_key(|link| link.from);
    let mutual = |link: &Link| found.iter().any(|back| back.from.table == link.to.table && back.to == link.from);
    let both: Vec<Link> = found.iter().copied().filter(mutual).collect();
    found.retain(|link| !both.contains(link) || leads(facts, link));
    found
}

fn holds(facts: &Facts, link: &Link) -> bool {
    match link.likeness {
        0 => link.share >= LOOKUP_SHARE && is_telling_text(facts, link.from),
        _ => link.share >= SUBJECT_SHARE,
    }
}

/// Of two tables with one row each for the same thing, the one that is named after it is looked up; else the first.
fn leads(facts: &Facts, link: &Link) -> bool {
    let named_after = |at: At| {
        let (Some(table), Some(column)) = (facts.table(at.table), facts.column(at)) else { return false };
        Name::new(&table.name).thing() == Name::new(&column.source_name).thing()
    };
    match (named_after(link.to), named_after(link.from)) {
        (true, false) => true,
        (false, true) => false,
        _ => link.to.table < link.from.table,
    }
}

/// How alike the names are of a column and of one that it may lead to.
fn likeness(facts: &Facts, from: At, to: At) -> u32 {
    let (Some(one), Some(other), Some(table)) = (facts.column(from), facts.column(to), facts.table(to.table)) else {
        return 0;
    };
    let (one, other, table) = (Name::new(&one.source_name), Name::new(&other.source_name), Name::new(&table.name));
    let same = |one: Vec<String>, other: Vec<String>, table: Vec<String>| {
        let of_table = !one.is_empty() && one == table;
        of_table || (!one.is_empty() && one == other)
    };
    if same(one.noun(), other.noun(), table.noun()) {
        return 3;
    }
    if same(one.thing(), other.thing(), table.thing()) {
        return 2;
    }
    let (one, target) = (one.thing(), if other.thing().is_empty() { table.thing() } else { other.thing() });
    u32::from(!target.is_empty() && one.len() > target.len() && one.ends_with(&target))
}
