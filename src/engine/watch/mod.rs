//! Groups that keep themselves right: who enters and who leaves, when, and why, from one instant to a later one.
//!
//! [`Watched`] is all that must be kept: the members, and the instant they are the members of. [`Watch::follow`] takes it further.
//! It goes from one instant at which anything can change to the next: one at which a row happened, or one that [`until`](super::until)
//! foresees. At each it evaluates everything, and hands over the differences.
//!
//! ```text
//! watched at 31 March           C1, C2
//! 2 April, a row of C3          C3 entered    rows
//! 14 April, nothing happened    C1 left       clock
//! ```
//!
//! What came late, rows of before the instant that was reached, shows as differences at that instant.

mod key;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use datafusion::arrow::array::Array;

use super::until::Untils;
use super::{AsOf, Engine, Error, Query};

pub use key::{Key, KeyPart};

/// Members, as they were last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// The instant they are the members of.
    pub at: AsOf,
    /// By the names of segments. A segment without an answer is not there.
    pub members: BTreeMap<String, BTreeSet<Key>>,
}

/// A change of one subject's membership of one segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The segment.
    pub segment: String,
    /// The kind of subject.
    pub subject: String,
    /// The names of the parts of the key.
    pub key_names: Vec<String>,
    /// The subject's key.
    pub key: Key,
    /// Into the segment or out of it.
    pub direction: Direction,
    /// From when on it is so.
    pub effective_at: AsOf,
    /// Why.
    pub cause: Cause,
}

/// Into a segment or out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// A member from now on.
    Entered,
    /// No member any more.
    Left,
}

/// What made membership change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Rows that came, were corrected, or are gone.
    Rows,
    /// Time alone: it would have changed at this instant without any row.
    Clock,
}

/// Everybody at one instant, and what is foreseen of them.
struct Seen {
    watched: Watched,
    /// By segment: the kind of subject, and who changes when if nothing comes.
    foreseen: BTreeMap<String, BTreeMap<Key, i64>>,
    /// By segment: the kind of subject, and the names of its key.
    kinds: BTreeMap<String, (String, Vec<String>)>,
    /// Nothing changes before this by the clock alone.
    next: Option<AsOf>,
}

/// Some segments whose members are followed.
#[derive(Clone)]
pub struct Watch<'e> {
    engine: &'e Engine,
    /// None: all.
    segments: Vec<String>,
}

impl Engine {
    /// Watches segments of these names, all without any. The name of a partition stands for all its groups.
    ///
    /// # Errors
    /// The project has no segment and no partition of such a name.
    pub fn watch<N: Into<String>>(&self, segments: impl IntoIterator<Item = N>) -> Result<Watch<'_>, Error> {
        let watch = Watch { engine: self, segments: segments.into_iter().map(Into::into).collect() };
        watch.query(AsOf::from_micros(0))?;
        Ok(watch)
    }
}

impl Watch<'_> {
    fn query(&self, at: AsOf) -> Result<Query<'_>, Error> {
        let query = self.engine.query(at);
        if self.segments.is_empty() { Ok(query) } else { query.segments(&self.segments) }
    }

    /// The members at an instant.
    ///
    /// # Errors
    /// As [`Query::members`].
    pub async fn members(&self, at: AsOf) -> Result<Watched, Error> {
        Ok(self.seen(at, Some(at)).await?.watched)
    }

    /// Follows members from the instant at which they were seen to a later one. `tell` is handed the changes of one instant after the other,
    /// each with the members as they are from then on, which it may keep: what was kept last is where one can go on. It may end the
    /// whole by an error of its own. At last it is handed no changes and the instant that was asked for.
    ///
    /// The answer is the instant until which nothing can change but by rows that are not there yet; none: nothing ever will.
    ///
    /// A segment that was not watched before begins with the members that it has. One that is gone is forgotten, and nobody left it.
    ///
    /// # Errors
    /// As [`Query::members`], or what `tell` says.
    pub async fn follow<E: From<Error>>(
        &self,
        watched: &Watched,
        to: AsOf,
        mut tell: impl FnMut(&[Change], &Watched) -> Result<(), E>,
    ) -> Result<Option<AsOf>, E> {
        let rows = self.row_instants(watched.at).await?;
        // What time will do is of interest up to the next row: with it everything is looked at anew.
        let next_row = |after: AsOf| rows.get(rows.partition_point(|at| *at <= after)).copied();
        let mut seen = self.seen(watched.at, next_row(watched.at)).await?;
        let late = changes(&watched.members, &seen, None);
        if !late.is_empty() || watched.members.len() != seen.watched.members.len() {
            tell(&late, &seen.watched)?;
        }
        loop {
            let next = next_row(seen.watched.at).into_iter().chain(seen.next).min();
            let Some(at) = next.filter(|at| *at <= to) else {
                seen.watched.at = seen.watched.at.max(to);
                tell(&[], &seen.watched)?;
                return Ok(next);
            };
            let before = std::mem::replace(&mut seen, self.seen(at, next_row(at)).await?);
            let mut found = changes(&before.watched.members, &seen, Some(&before.foreseen));
            let has_rows = rows.binary_search(&at).is_ok();
            self.find_causes(&before, has_rows, &mut found).await?;
            if !found.is_empty() {
                tell(&found, &seen.watched)?;
            }
        }
    }

    /// Finds out whether rows or the clock made changes of one instant in segments of which nothing was foreseen.
    async fn find_causes(&self, before: &Seen, has_rows: bool, changes: &mut [Change]) -> Result<(), Error> {
        let is_unforeseen = |change: &&mut Change| !before.foreseen.contains_key(&change.segment);
        let Some(at) = changes.iter_mut().find(is_unforeseen).map(|change| change.effective_at) else { return Ok(()) };
        let mut without_rows = None;
        if has_rows {
            let query = self.query(before.watched.at)?.if_nothing_comes_until(at);
            without_rows = Some(Seen::of(&query.until_by(Some(at)).await?, self.engine.timezone())?.watched.members);
        }
        for change in changes.iter_mut().filter(is_unforeseen) {
            let is_member = |of: &BTreeMap<String, BTreeSet<Key>>| {
                of.get(&change.segment).is_some_and(|members| members.contains(&change.key))
            };
            let would_be = without_rows.as_ref().map(is_member);
            let entered = change.direction == Direction::Entered;
            change.cause = if would_be.is_none_or(|member| member == entered) { Cause::Clock } else { Cause::Rows };
        }
        Ok(())
    }

    /// Everybody at an instant, and what is foreseen up to another one; none: as far as anything is.
    async fn seen(&self, at: AsOf, by: Option<AsOf>) -> Result<Seen, Error> {
        let untils = self.query(at)?.until_by(by).await?;
        Seen::of(&untils, self.engine.timezone())
    }
}

impl Seen {
    fn of(untils: &Untils, zone: chrono_tz::Tz) -> Result<Self, Error> {
        let mut seen = Seen {
            watched: Watched { at: untils.as_of, members: BTreeMap::new() },
            foreseen: BTreeMap::new(),
            kinds: BTreeMap::new(),
            next: untils.first(),
        };
        for kind in &untils.kinds {
            let keys = key::keys(&kind.keys, zone);
            let names: Vec<String> = kind.keys.schema().fields().iter().map(|field| field.name().clone()).collect();
            for segment in &kind.segments {
                if segment.has_no_answer() {
                    continue;
                }
                seen.kinds.insert(segment.name.clone(), (kind.subject.clone(), names.clone()));
                let members = keys.iter().zip(segment.member.values()).filter(|(_, member)| *member);
                seen.watched.members.insert(segment.name.clone(), members.map(|(key, _)| key.clone()).collect());
                let Ok(next) = &segment.next else { continue };
                let foreseen = keys.iter().enumerate().filter(|(row, _)| next.is_valid(*row));
                let foreseen = foreseen.map(|(row, key)| (key.clone(), next.value(row))).collect();
                seen.foreseen.insert(segment.name.clone(), foreseen);
            }
        }
        Ok(seen)
    }
}

/// What is not as it was, by segment, then who entered and who left, each by key.
fn changes(
    before: &BTreeMap<String, BTreeSet<Key>>,
    seen: &Seen,
    foreseen: Option<&BTreeMap<String, BTreeMap<Key, i64>>>,
) -> Vec<Change> {
    let mut found = Vec::new();
    for (segment, members) in &seen.watched.members {
        let (Some(were), Some((subject, key_names))) = (before.get(segment), seen.kinds.get(segment)) else { continue };
        let entered = members.difference(were).map(|key| (key, Direction::Entered));
        let left = were.difference(members).map(|key| (key, Direction::Left));
        for (key, direction) in entered.chain(left) {
            let at = seen.watched.at;
            let told = foreseen.and_then(|of| of.get(segment)?.get(key));
            let cause = if told.is_some_and(|told| *told == at.micros()) { Cause::Clock } else { Cause::Rows };
            let (segment, subject) = (segment.clone(), subject.clone());
            let (key, key_names) = (key.clone(), key_names.clone());
            found.push(Change { segment, subject, key_names, key, direction, effective_at: at, cause });
        }
    }
    found
}
