//! Who is there and who is in what: the subjects of every kind, the members of every segment, each key by its parts.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::arrow::array::AsArray;
use datafusion::arrow::util::display::array_value_to_string;
use kohort::engine::Query;
use kohort::{AsOf, Engine};

/// The parts of a subject's key as texts.
pub type Key = Vec<String>;

/// What an engine says of an instant.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// The kind of subject of each segment.
    pub kind_of: BTreeMap<String, String>,
    /// The subjects of each kind that has segments.
    pub subjects: BTreeMap<String, BTreeSet<Key>>,
    /// The members of each segment; none: it has no answer.
    pub members: BTreeMap<String, Option<BTreeSet<Key>>>,
}

impl Standing {
    /// Asks about every segment.
    pub async fn of(engine: &Engine, now: i64) -> Result<Self, String> {
        Standing::told(engine.query(AsOf::from_micros(now))).await
    }

    /// Asks what a query asks.
    pub async fn told(query: Query<'_>) -> Result<Self, String> {
        let failed = |error: kohort::Error| format!("{error:?}");
        let mut standing = Standing::default();
        for mut kind in query.members().await.map_err(failed)?.kinds {
            let keys = kind.keys().len();
            let names: Vec<String> = kind.segments().map(str::to_owned).collect();
            let mut members = vec![BTreeSet::new(); names.len()];
            let subjects = standing.subjects.entry(kind.subject().to_owned()).or_default();
            while let Some(batch) = kind.next().await {
                let batch = batch.map_err(failed)?;
                for row in 0..batch.num_rows() {
                    let part = |at: usize| array_value_to_string(batch.column(at), row).expect("a key has a text");
                    let key: Key = (0..keys).map(part).collect();
                    for (at, members) in members.iter_mut().enumerate() {
                        if batch.column(keys + at).as_boolean().value(row) {
                            members.insert(key.clone());
                        }
                    }
                    subjects.insert(key);
                }
            }
            for (segment, members) in kind.report().segments.into_iter().zip(members) {
                standing.kind_of.insert(segment.name.clone(), kind.subject().to_owned());
                standing.members.insert(segment.name, segment.members.is_ok().then_some(members));
            }
        }
        Ok(standing)
    }

    /// The members of a segment; none: it has no answer.
    pub fn members_of(&self, segment: &str) -> Option<&BTreeSet<Key>> {
        self.members.get(segment)?.as_ref()
    }

    /// Everybody who could be a member of a segment.
    pub fn subjects_of(&self, segment: &str) -> &BTreeSet<Key> {
        &self.subjects[&self.kind_of[segment]]
    }
}
