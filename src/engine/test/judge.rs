//! Who was found, held against who is expected.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::report::{Miss, Who, Wrong};
use crate::engine::kernel::column::Column;
use crate::engine::written;
use crate::engine::{AsOf, Engine, Error, NoAnswer};
use crate::ir::{Expected, Expecting, Ir, SegmentId, SubjectId, TestKey, Value};
use crate::plan::compute;

type Key = Vec<Value>;

/// Who was found at a step.
#[derive(Default)]
pub(super) struct Found {
    subjects: BTreeMap<SubjectId, HashSet<Key>>,
    members: BTreeMap<SegmentId, HashSet<Key>>,
    unanswered: BTreeMap<SegmentId, NoAnswer>,
}

impl Found {
    /// Asks an engine about some segments.
    ///
    /// # Errors
    /// The rows contradict the catalogue, or DataFusion fails.
    pub async fn ask(engine: &Engine, as_of: AsOf, segments: BTreeSet<SegmentId>) -> Result<Self, Error> {
        let mut found = Found::default();
        let mut members = engine.query(as_of).about(segments.into_iter().collect()).members().await?;
        for kind in &mut members.kinds {
            let (subject, asked) = kind.asked();
            let asked = asked.to_vec();
            let types = engine.ir.subject(subject).key_types.clone();
            let subjects = found.subjects.entry(subject).or_default();
            while let Some(batch) = kind.next().await {
                let batch = batch?;
                let failed = |error| Error::Engine(compute::external(error));
                let keys = types.iter().enumerate().map(|(at, ty)| Column::from_array(*ty, batch.column(at)));
                let keys: Vec<Column> = keys.collect::<Result<_, _>>().map_err(failed)?;
                let flags = (0..asked.len()).map(|at| {
                    Column::from_array(crate::ir::Type::Bool, batch.column(types.len() + at)).map_err(failed)
                });
                let flags: Vec<Column> = flags.collect::<Result<_, _>>()?;
                for row in 0..batch.num_rows() {
                    let Some(key) = keys.iter().map(|part| part.get(row)).collect::<Option<Key>>() else { continue };
                    for (segment, flag) in asked.iter().zip(&flags) {
                        if flag.get(row) == Some(Value::Bool(true)) {
                            found.members.entry(*segment).or_default().insert(key.clone());
                        }
                    }
                    subjects.insert(key);
                }
            }
            for (segment, counted) in asked.iter().zip(kind.report().segments) {
                if let Err(why) = counted.members {
                    found.unanswered.insert(*segment, why);
                }
            }
        }
        Ok(found)
    }

    fn members(&self, segment: SegmentId) -> impl Iterator<Item = &Key> {
        self.members.get(&segment).into_iter().flatten()
    }

    fn is_member(&self, segment: SegmentId, key: &Key) -> bool {
        self.members.get(&segment).is_some_and(|members| members.contains(key))
    }
}

/// Where in a test somebody is.
pub(super) struct Scene<'s> {
    pub engine: &'s Engine,
    /// From 1.
    pub step: usize,
    pub steps: usize,
    pub as_of: AsOf,
    pub now: &'s Found,
    /// At the step before; none: this is the first.
    pub before: Option<&'s Found>,
}

impl Scene<'_> {
    /// What is not as expected; none: all is well.
    pub fn judge(&self, expected: &Expected) -> Option<Miss> {
        let mut wrong = self.wrong(expected)?;
        if let Wrong::Members { missing, surplus }
        | Wrong::Entered { missing, surplus }
        | Wrong::Left { missing, surplus } = &mut wrong
        {
            for who in missing.iter_mut().chain(surplus) {
                who.remarks = self.remarks(expected.segment, &who.parts);
            }
        }
        let ir = &self.engine.ir;
        Some(Miss {
            step: self.step,
            steps: self.steps,
            at: self.as_of.display(ir.timezone),
            segment: ir.segment(expected.segment).name.clone(),
            place: expected.span,
            wrong,
        })
    }

    fn wrong(&self, expected: &Expected) -> Option<Wrong> {
        let segment = expected.segment;
        let changes = matches!(expected.what, Expecting::Entered(_) | Expecting::Left(_));
        let asked = [Some(self.now), self.before.filter(|_| changes)];
        if let Some(why) = asked.into_iter().flatten().find_map(|found| found.unanswered.get(&segment)) {
            return Some(Wrong::NoAnswer(*why));
        }
        let now = || self.now.members(segment).cloned().collect::<HashSet<Key>>();
        let before = || self.before.into_iter().flat_map(|before| before.members(segment)).cloned().collect();
        let members = |(missing, surplus): (Vec<Who>, Vec<Who>)| Wrong::Members { missing, surplus };
        let differ = |(missing, surplus): &(Vec<Who>, Vec<Who>)| !missing.is_empty() || !surplus.is_empty();
        match &expected.what {
            Expecting::Count(count) => {
                let found = self.now.members(segment).count() as u64;
                (found != *count).then_some(Wrong::Count { expected: *count, found })
            }
            Expecting::Exactly(keys) => Some(exactly(keys, &now())).filter(differ).map(members),
            Expecting::Has(keys) => {
                let missing = keys.iter().map(|key| &key.parts).filter(|key| !self.now.is_member(segment, key));
                Some((who(missing), Vec::new())).filter(differ).map(members)
            }
            Expecting::Lacks(keys) => {
                let surplus = keys.iter().map(|key| &key.parts).filter(|key| self.now.is_member(segment, key));
                Some((Vec::new(), who(surplus))).filter(differ).map(members)
            }
            Expecting::Entered(keys) => {
                let before: HashSet<Key> = before();
                let entered = now().into_iter().filter(|key| !before.contains(key)).collect();
                let found = Some(exactly(keys, &entered)).filter(differ);
                found.map(|(missing, surplus)| Wrong::Entered { missing, surplus })
            }
            Expecting::Left(keys) => {
                let left = before().into_iter().filter(|key| !self.now.is_member(segment, key)).collect();
                let found = Some(exactly(keys, &left)).filter(differ);
                found.map(|(missing, surplus)| Wrong::Left { missing, surplus })
            }
        }
    }

    /// What there is to say of somebody who is not where they are expected, a line each.
    fn remarks(&self, segment: SegmentId, key: &[Value]) -> Vec<String> {
        let subject = self.engine.ir.segment(segment).subject;
        let is_subject = self.now.subjects.get(&subject).is_some_and(|subjects| subjects.contains(key));
        if is_subject { Vec::new() } else { vec![no_subject(&self.engine.ir, subject, key)] }
    }
}

/// Who is missing and who is too many.
fn exactly(keys: &[TestKey], found: &HashSet<Key>) -> (Vec<Who>, Vec<Who>) {
    let expected: HashSet<&Key> = keys.iter().map(|key| &key.parts).collect();
    let missing = keys.iter().map(|key| &key.parts).filter(|key| !found.contains(*key));
    let mut surplus = who(found.iter().filter(|key| !expected.contains(key)));
    surplus.sort_by(|one, other| one.key.cmp(&other.key));
    (who(missing), surplus)
}

fn who<'k>(keys: impl Iterator<Item = &'k Key>) -> Vec<Who> {
    keys.map(|key| Who { key: shown(key), parts: key.clone(), remarks: Vec::new(), why: None }).collect()
}

/// What is said of a key that nobody has.
fn no_subject(ir: &Ir, subject: SubjectId, key: &[Value]) -> String {
    let made = ir.subject(subject);
    let article = if made.name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    let why = match made.table {
        Some(table) => format!("`{}` has no such row", ir.table(table).name),
        None => "no row that names one has this key".to_owned(),
    };
    format!("`{}` is not {article} {}: {why}", shown(key), made.name)
}

fn shown(key: &[Value]) -> String {
    key.iter().map(written::value).collect::<Vec<_>>().join(", ")
}
