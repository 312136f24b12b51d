//! Why a subject is in a segment or is not: each condition with its value, the rows behind it, and what would change it.
//!
//! ```text
//! words      which expression stands where, what names mean, how rows would be written
//! draft      the segment's condition as it is written, each part with the nodes that tell what it is     (pure)
//! outline    the same for tiers, bands, values, charts and splits                                        (pure)
//! values     one plan for all of these nodes, for the subjects asked about
//! fill       the draft with one subject's values; what would change it                                   (pure)
//! counted    the rows behind the values that are told
//! ```
//!
//! Nothing is evaluated here: values and truths come from the plans that find members, of more nodes and fewer subjects. So what is
//! told of a membership cannot differ from it.

mod change;
mod counted;
mod draft;
mod fill;
mod key;
mod model;
mod outline;
#[cfg(test)]
mod tests;
mod values;
mod words;

use std::collections::{BTreeMap, BTreeSet, HashMap};

pub use model::{
    Answer, Change, ColumnWhy, Condition, Figure, Form, Known, Lack, Needed, Operand, RankWhy, Reach, RowsWhy,
    SegmentWhy, Step, Test, Truth, Until, Why,
};

use super::blame::Blame;
use super::query::Query;
use super::{AsOf, Engine, Error};
use crate::ir::{NodeId, Partition, PartitionForm, SegmentId, SubjectId, Value, needed_tables};
use counted::Evidence;
use draft::Draft;
use fill::{Told, fill, is_member};
use num_traits::ToPrimitive;
use values::{Answers, AtHand};
use words::Words;

/// What is asked about.
struct Question<'e> {
    name: String,
    label: Option<String>,
    subject: SubjectId,
    segments: Vec<SegmentId>,
    /// The name of a partition stands for all its groups.
    partition: Option<&'e Partition>,
}

impl Engine {
    /// Tells why a subject is in a segment, or is not; of tiers, bands, a partition or a chart, in which group it is and why.
    /// `key` has a text for each part of the subject's key, as lists of keys have them.
    ///
    /// # Errors
    /// There is no such segment ([`Error::UnknownSegment`]) or subject ([`Error::UnknownKey`], [`Error::KeyParts`],
    /// [`Error::KeyType`]), the segment has no answer ([`Error::NoMembership`]), or as [`Query::members`].
    pub async fn why(&self, segment: &str, key: &[&str], as_of: AsOf) -> Result<Why, Error> {
        let key = key.iter().map(|part| (*part).to_owned()).collect();
        let mut whys = self.why_each(segment, std::slice::from_ref(&key), as_of).await?;
        let unknown = || Error::UnknownSegment { name: segment.to_owned(), near: None, groups: Vec::new() };
        let mut why = whys.pop().ok_or_else(unknown)?;
        self.foresee(&mut why, &key).await?;
        Ok(why)
    }

    /// Adds what becomes of each membership by time alone.
    async fn foresee(&self, why: &mut Why, key: &[String]) -> Result<(), Error> {
        let query = self.query(why.as_of).segments(why.segments.iter().map(|segment| segment.name.as_str()))?;
        let subject = self.question(&query, &why.asked)?.subject;
        let key = key::read(self.ir.subject(subject), key)?;
        let foreseen: HashMap<String, Option<AsOf>> = query.until_of(subject, &key).await?.into_iter().collect();
        for segment in &mut why.segments {
            let instant = foreseen.get(&segment.name).copied().flatten();
            segment.until = instant.map(|instant| Until { instant, member: !segment.member });
        }
        Ok(())
    }

    /// As [`Engine::why`] for several subjects, in their order; their values are computed together. It does not say until when.
    ///
    /// # Errors
    /// As [`Engine::why`]; of several keys that no subject has, the first is told.
    pub async fn why_each(&self, segment: &str, keys: &[Vec<String>], as_of: AsOf) -> Result<Vec<Why>, Error> {
        let query = self.query(as_of);
        let question = self.question(&query, segment)?;
        let subject = self.ir.subject(question.subject);
        let keys = keys.iter().map(|key| key::read(subject, key)).collect::<Result<Vec<_>, _>>()?;
        let mut draft = Draft::of(&self.ir, Words::of(&self.project), question.subject, &question.segments);
        let needed = needed_tables(&draft.ir, question.subject, &draft.nodes());
        let blame: Blame = self.blame(needed.iter().copied());
        match self.told(&query, &question, &mut draft, &keys, &needed).await {
            Ok(whys) => Ok(whys),
            Err(error) => Err(blame.told(error).await),
        }
    }

    /// The names of the key columns of a segment's subjects, or of a partition's.
    ///
    /// # Errors
    /// There is no such segment.
    pub fn key_names(&self, segment: &str) -> Result<&[String], Error> {
        let any = self.query(AsOf::from_micros(0));
        let subject = self.question(&any, segment)?.subject;
        Ok(&self.ir.subject(subject).key_names)
    }

    fn question(&self, query: &Query<'_>, name: &str) -> Result<Question<'_>, Error> {
        let segments = query.named(name)?;
        let own = match segments.as_slice() {
            [only] => Some(self.ir.segment(*only)).filter(|segment| segment.name == name),
            _ => None,
        };
        let name = name.to_owned();
        if let Some(segment) = own {
            let (label, subject) = (segment.label.clone(), segment.subject);
            return Ok(Question { name, label, subject, segments, partition: None });
        }
        let partition = self.ir.partitions.iter().find(|partition| partition.name == name);
        let (label, subject) = partition.map_or((None, SubjectId(0)), |one| (one.label.clone(), one.subject));
        Ok(Question { name, label, subject, segments, partition })
    }

    async fn told(
        &self,
        query: &Query<'_>,
        question: &Question<'_>,
        draft: &mut Draft<'_>,
        keys: &[Vec<Value>],
        needed: &BTreeSet<crate::ir::BaseTableId>,
    ) -> Result<Vec<Why>, Error> {
        // All keys are of the types of the key: they have been read so.
        let Some(asked) = draft.ask(keys) else { return Ok(Vec::new()) };
        let (calendar, tables) = query.ready_with(needed).await?;
        let at_hand: AtHand<'_> = (&calendar, &tables);
        let (found, unanswered) = self.values(draft, &asked, &draft.nodes(), at_hand).await?;
        if let Some(why) = unanswered {
            return Err(Error::NoMembership { segment: question.name.clone(), why });
        }
        let mut told = Vec::new();
        for key in keys {
            let Some(answers) = found.get(&key::as_known(key)) else {
                return Err(self.unknown_key(query, draft, key).await);
            };
            let segments = question.told_of(draft, answers);
            told.push((key, fill(draft, answers, &segments), answers));
        }
        let mut evidence: BTreeMap<usize, Evidence> = BTreeMap::new();
        let mut populations: BTreeMap<usize, HashMap<Option<Known>, u64>> = BTreeMap::new();
        for (_, told, _) in &told {
            for at in &told.blocks {
                if let (false, Some(block)) = (evidence.contains_key(at), draft.blocks.get(*at)) {
                    evidence.insert(*at, self.evidence(draft, block, at_hand).await?);
                }
            }
            for (at, _) in &told.ranks {
                if let (false, Some(rank)) = (populations.contains_key(at), draft.ranks.get(*at)) {
                    populations.insert(*at, self.populations(draft, rank, at_hand).await?);
                }
            }
        }
        let mut whys = Vec::new();
        for (key, told, answers) in told {
            let Told { segments, blocks, ranks } = told;
            let value = |node: NodeId| answers.get(&node).cloned().unwrap_or(Known::Unknown);
            let known = key::as_known(key);
            let rows = blocks.iter().filter_map(|at| {
                let found = evidence.get(at).and_then(|evidence| evidence.get(&known));
                Some(Engine::rows_why(draft, draft.blocks.get(*at)?, found, &calendar, &value))
            });
            let rows = rows.collect();
            let ranks = ranks
                .into_iter()
                .filter_map(|(at, rank)| Some(placed(rank, draft.ranks.get(at)?, populations.get(&at), &value, draft)));
            let ranks = ranks.collect();
            let names = &self.ir.subject(question.subject).key_names;
            whys.push(Why {
                subject: self.ir.subject(question.subject).name.clone(),
                key: names.iter().cloned().zip(known).collect(),
                as_of: query.instant(),
                asked: question.name.clone(),
                label: question.label.clone(),
                answer: question.answer(draft, answers),
                segments,
                rows,
                ranks,
            });
        }
        Ok(whys)
    }
}

impl Question<'_> {
    /// Which segments are told of a subject, those that they rest on aside.
    fn told_of(&self, draft: &Draft<'_>, answers: &Answers) -> Vec<SegmentId> {
        let Some(partition) = self.partition else { return self.segments.clone() };
        let held = self.segments.iter().position(|group| is_member(draft, answers, *group));
        let in_order = matches!(partition.form, PartitionForm::Tiers);
        let groups = &self.segments;
        match held {
            // Why not a tier above?
            Some(at) if in_order => groups.iter().skip(at).take(1).chain(groups.iter().take(at)).copied().collect(),
            Some(at) => groups.iter().skip(at).take(1).copied().collect(),
            None if in_order => groups.clone(),
            // All of them ask about the same value.
            None => groups.iter().take(1).copied().collect(),
        }
    }

    fn answer(&self, draft: &Draft<'_>, answers: &Answers) -> Answer {
        let held = self.segments.iter().find(|segment| is_member(draft, answers, **segment));
        match self.partition {
            None => Answer::Member(held.is_some()),
            Some(_) => Answer::Group(held.map(|group| draft.ir.segment(*group).name.clone())),
        }
    }
}

/// A rank with who else is ranked.
fn placed(
    rank: RankWhy,
    sketch: &draft::RankSketch,
    populations: Option<&HashMap<Option<Known>, u64>>,
    value: &dyn Fn(NodeId) -> Known,
    draft: &Draft<'_>,
) -> RankWhy {
    let group = draft.ir.ranking(sketch.ranking).per.map(value);
    let population = populations.and_then(|populations| populations.get(&group)).copied().unwrap_or(0);
    let below = match value(sketch.below) {
        // The share of the others: as many as it says.
        Known::Value(Value::Number(share)) => {
            let others = num_bigint::BigInt::from(population.saturating_sub(1));
            (share * others).to_integer().to_u64()
        }
        _ => None,
    };
    RankWhy { population, below, ..rank }
}
