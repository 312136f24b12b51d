//! Ranks that move: of everybody, from each instant at which they change.
//!
//! A subject's rank changes when anybody's value does. So everybody's values are walked together, instant by instant, and where one has
//! changed all that are ranked beside it are ranked anew, by the kernel that ranks them in plans. What is kept are the changes.
//!
//! ```text
//!              C1    C2    C3     top 1
//! T            300   200   100    C1
//! 14 April     120                C2        C1 no more, C2 from now on
//! 3 May                    90     C2
//! ```

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BinaryArray, BooleanArray, Int64Array, UInt32Array};
use datafusion::arrow::compute::kernels::cmp::distinct;
use datafusion::arrow::compute::{sort_to_indices, take};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::arrow::row::{OwnedRow, RowConverter, SortField};

use super::limits::Limits;
use super::replay::Moments;
use super::timeline::Timeline;
use crate::engine::kernel::column::Column;
use crate::engine::kernel::error::Result;
use crate::engine::kernel::rank::{BatchKeys, KeyReader, Rows, TiedKeys, population};
use crate::ir::{RankForm, Ranking, Type};

/// What one form makes of everybody.
#[derive(Debug)]
pub(super) struct Standing {
    form: RankForm,
    /// Where each subject's changes begin, and where the last one's end.
    starts: Vec<usize>,
    /// From when on; the first of each subject is T.
    instants: Vec<i64>,
    /// What: see [`Coded`].
    codes: Vec<i64>,
    numbers: Vec<Vec<u8>>,
}

/// Ranks as words, which are compared and kept at little cost: tiles and scores as they are, 0 without one; 1 who is at an end of a ranking;
/// shares and percentiles by the place of their bytes among those met, -1 without one.
#[derive(Default)]
struct Coded {
    numbers: Vec<Vec<u8>>,
    places: HashMap<Vec<u8>, i64>,
}

impl Standing {
    /// The instants after T at which a subject's rank is another.
    pub fn changes(&self, subject: usize) -> impl Iterator<Item = i64> {
        let own = self.instants.get(self.of(subject)).unwrap_or_default();
        own.iter().skip(1).copied()
    }

    fn of(&self, subject: usize) -> std::ops::Range<usize> {
        let at = |at: usize| self.starts.get(at).copied().unwrap_or(self.instants.len());
        at(subject)..at(subject + 1)
    }

    /// The rank of each moment, none of which is before T.
    pub fn values(&self, moments: &Moments) -> Result<Column> {
        let code = |(subject, instant): (usize, i64)| {
            let own = self.of(subject);
            let passed = self.instants.get(own.clone()).unwrap_or_default().partition_point(|at| *at <= instant);
            self.codes.get(own.start + passed.max(1) - 1).copied()
        };
        let codes = moments.iter().map(code);
        match self.form {
            RankForm::Tile(_) | RankForm::Score(_) => {
                let numbers: Int64Array = codes.map(|code| code.filter(|code| *code > 0)).collect();
                Column::from_array(Type::Number, &(Arc::new(numbers) as ArrayRef))
            }
            RankForm::Highest(_) | RankForm::Lowest(_) => {
                Ok(Column::Bool(codes.map(|code| Some(code == Some(1))).collect::<BooleanArray>()))
            }
            RankForm::PercentRank | RankForm::Percentile(_) => {
                let number = |code: Option<i64>| self.numbers.get(usize::try_from(code?).ok()?);
                let numbers: BinaryArray = codes.map(number).collect();
                Column::from_array(Type::Number, &(Arc::new(numbers) as ArrayRef))
            }
        }
    }
}

impl Coded {
    fn codes(&mut self, form: RankForm, ranks: &ArrayRef) -> Vec<i64> {
        match form {
            RankForm::Tile(_) | RankForm::Score(_) => {
                ranks.as_primitive::<Int64Type>().iter().map(|rank| rank.unwrap_or(0)).collect()
            }
            RankForm::Highest(_) | RankForm::Lowest(_) => {
                ranks.as_boolean().iter().map(|is_in| i64::from(is_in == Some(true))).collect()
            }
            RankForm::PercentRank | RankForm::Percentile(_) => {
                ranks.as_binary::<i32>().iter().map(|number| number.map_or(-1, |number| self.place(number))).collect()
            }
        }
    }

    fn place(&mut self, number: &[u8]) -> i64 {
        if let Some(place) = self.places.get(number) {
            return *place;
        }
        let place = self.numbers.len() as i64;
        self.numbers.push(number.to_vec());
        self.places.insert(number.to_vec(), place);
        place
    }
}

/// What some forms make of everybody, given the columns of everybody's key and what is ranked, who, and beside whom, from instant to instant. None:
/// that takes more work than the limits allow.
pub(super) fn standings(
    ranking: &Ranking,
    forms: &BTreeSet<RankForm>,
    keys: &[ArrayRef],
    timeline: &Timeline,
    limits: &Limits,
) -> Result<Option<BTreeMap<RankForm, Standing>>> {
    let places = match forms.iter().any(|form| matches!(form, RankForm::Percentile(_))) {
        true => None,
        false => timeline.column(0).map(in_places).transpose()?.flatten(),
    };
    let values = Values {
        forms: forms.iter().copied().collect(),
        value: places.as_ref().or(timeline.column(0)),
        member: ranking.among.and_then(|_| timeline.column(1)),
        per: ranking.per.and_then(|_| timeline.column(1 + usize::from(ranking.among.is_some()))),
    };
    let subjects = timeline.subjects();
    let mut coming: Vec<(i64, u32, u32)> = Vec::new();
    for subject in 0..subjects {
        coming.extend(
            timeline.of_subject(subject).skip(1).map(|row| (timeline.instant(row), subject as u32, row as u32)),
        );
    }
    coming.sort_unstable();
    let mut current: Vec<u32> = (0..subjects).map(|subject| timeline.of_subject(subject).start as u32).collect();
    let mut groups = Groups::of(values.per, &current)?;
    let mut work = if groups.is_one() { (coming.chunk_by(|a, b| a.0 == b.0).count() * subjects) as u64 } else { 0 };
    if work > limits.ranked {
        return Ok(None);
    }

    let types: Vec<_> = keys.iter().map(|key| key.data_type().clone()).collect();
    let reader = KeyReader::new(&types)?;
    let everybody: Vec<u32> = (0..subjects as u32).collect();
    let everybodys_keys = reader.keys(keys);
    let mut changes = Changes::of(&values.forms, subjects);
    let ranks = values.ranks(&current, &everybodys_keys)?;
    let mut is_within = changes.add((timeline.instant(0), &everybody), &ranks, limits);
    for of_instant in coming.chunk_by(|a, b| a.0 == b.0) {
        let beside = groups.changed(of_instant, &mut current);
        let ranks = match &beside {
            None => values.ranks(&current, &everybodys_keys)?,
            Some(beside) => {
                let rows: Vec<u32> =
                    beside.iter().filter_map(|subject| current.get(*subject as usize).copied()).collect();
                let places = UInt32Array::from(beside.clone());
                let keys = keys.iter().map(|key| take(key, &places, None)).collect::<Result<Vec<_>, _>>()?;
                work += rows.len() as u64;
                values.ranks(&rows, &reader.keys(&keys))?
            }
        };
        let instant = of_instant.first().map_or(i64::MIN, |(instant, ..)| *instant);
        is_within &= changes.add((instant, beside.as_ref().unwrap_or(&everybody)), &ranks, limits);
        if !is_within || work > limits.ranked {
            return Ok(None);
        }
    }
    Ok(is_within.then(|| changes.standings(subjects)))
}

/// Wide numbers as their places among all that there are, equal ones at one: who asks for nothing but the order of values has it of words, which are
/// smaller. None: the values are words already, or of no order that Arrow knows.
fn in_places(values: &ArrayRef) -> Result<Option<ArrayRef>> {
    if !matches!(values.data_type(), DataType::Decimal128(..) | DataType::Decimal256(..)) {
        return Ok(None);
    }
    let order = sort_to_indices(values, None, None)?;
    let sorted = take(values, &order, None)?;
    let pairs = sorted.len().saturating_sub(1);
    let steps = distinct(&sorted.slice(sorted.len() - pairs, pairs), &sorted.slice(0, pairs))?;
    let mut places = vec![0_i64; values.len()];
    let mut place = 0;
    for (at, row) in order.values().iter().enumerate() {
        place += i64::from(at > 0 && steps.value(at - 1));
        if let Some(own) = places.get_mut(*row as usize) {
            *own = place;
        }
    }
    Ok(Some(Arc::new(Int64Array::new(places.into(), values.nulls().cloned()))))
}

/// What is ranked, a row for each that somebody has at some time.
struct Values<'a> {
    forms: Vec<RankForm>,
    value: Option<&'a ArrayRef>,
    member: Option<&'a ArrayRef>,
    per: Option<&'a ArrayRef>,
}

impl Values<'_> {
    /// The ranks of some subjects by these rows of theirs: a column for each form.
    fn ranks(&self, rows: &[u32], keys: &BatchKeys<'_>) -> Result<Vec<ArrayRef>> {
        let places = UInt32Array::from(rows.to_vec());
        let of = |column: Option<&ArrayRef>| column.map(|column| take(column, &places, None)).transpose();
        let (Some(value), member, per) = (of(self.value)?, of(self.member)?, of(self.per)?) else {
            return Ok(Vec::new());
        };
        let rows = Rows { value: &value, member: member.as_ref(), per: per.as_ref() };
        let mut population = population(value.data_type(), per.as_ref().map(|per| per.data_type()))?;
        population.add(&rows)?;
        let ranks = population.select(&self.forms)?;
        let mut tied = TiedKeys::default();
        if ranks.needs_keys() {
            ranks.collect(&rows, keys, &mut tied)?;
        }
        ranks.apply(&rows, keys, &ranks.decide(tied)?)
    }
}

/// Who is ranked beside whom.
enum Groups {
    /// Everybody beside everybody.
    One,
    /// By the value of `per`.
    Several {
        /// The group of each row.
        of_row: Vec<u32>,
        /// Who is in each now.
        members: Vec<BTreeSet<u32>>,
    },
}

impl Groups {
    fn of(per: Option<&ArrayRef>, current: &[u32]) -> Result<Self> {
        let Some(per) = per else { return Ok(Groups::One) };
        let converter = RowConverter::new(vec![SortField::new(per.data_type().clone())])?;
        let values = converter.convert_columns(std::slice::from_ref(per))?;
        let mut numbers: HashMap<OwnedRow, u32> = HashMap::new();
        let mut of_row = Vec::with_capacity(values.num_rows());
        for value in &values {
            let new = numbers.len() as u32;
            of_row.push(*numbers.entry(value.owned()).or_insert(new));
        }
        let mut members = vec![BTreeSet::new(); numbers.len()];
        for (subject, row) in current.iter().enumerate() {
            if let Some(group) = of_row.get(*row as usize).and_then(|group| members.get_mut(*group as usize)) {
                group.insert(subject as u32);
            }
        }
        Ok(Groups::Several { of_row, members })
    }

    fn is_one(&self) -> bool {
        matches!(self, Groups::One)
    }

    /// Gives subjects their new rows: whoever is beside one of them, before or after, in order. None: everybody.
    fn changed(&mut self, coming: &[(i64, u32, u32)], current: &mut [u32]) -> Option<Vec<u32>> {
        let mut groups = BTreeSet::new();
        for (_, subject, row) in coming {
            let Some(own) = current.get_mut(*subject as usize) else { continue };
            let before = std::mem::replace(own, *row);
            if let Groups::Several { of_row, members } = self {
                let [before, after] = [before, *row].map(|row| of_row.get(row as usize).copied().unwrap_or_default());
                groups.extend([before, after]);
                if before != after {
                    members.get_mut(before as usize).map(|group| group.remove(subject));
                    members.get_mut(after as usize).map(|group| group.insert(*subject));
                }
            }
        }
        match self {
            Groups::One => None,
            Groups::Several { members, .. } => {
                let own = groups.into_iter().filter_map(|group| members.get(group as usize));
                Some(own.flatten().copied().collect())
            }
        }
    }
}

/// Ranks that are not what they were.
struct Changes {
    forms: Vec<OfForm>,
    found: u64,
}

struct OfForm {
    form: RankForm,
    coded: Coded,
    /// Of each subject; none yet.
    last: Vec<Option<i64>>,
    /// Subject, instant, code.
    found: Vec<(u32, i64, i64)>,
}

impl Changes {
    fn of(forms: &[RankForm], subjects: usize) -> Self {
        let of_form = |form: &RankForm| OfForm {
            form: *form,
            coded: Coded::default(),
            last: vec![None; subjects],
            found: Vec::new(),
        };
        Changes { forms: forms.iter().map(of_form).collect(), found: 0 }
    }

    /// Takes the ranks that some subjects have from an instant on. False: there are more changes than the limits allow.
    fn add(&mut self, (instant, subjects): (i64, &[u32]), ranks: &[ArrayRef], limits: &Limits) -> bool {
        for (of_form, ranks) in self.forms.iter_mut().zip(ranks) {
            let before = of_form.found.len();
            for (subject, code) in subjects.iter().zip(of_form.coded.codes(of_form.form, ranks)) {
                let Some(last) = of_form.last.get_mut(*subject as usize) else { continue };
                if *last != Some(code) {
                    *last = Some(code);
                    of_form.found.push((*subject, instant, code));
                }
            }
            self.found += (of_form.found.len() - before) as u64;
        }
        // The ranks at T are no changes.
        let at_first: usize = self.forms.iter().map(|form| form.last.len()).sum();
        self.found <= limits.changes.saturating_add(at_first as u64)
    }

    fn standings(self, subjects: usize) -> BTreeMap<RankForm, Standing> {
        let of_form = |mut of_form: OfForm| {
            of_form.found.sort_unstable();
            let mut starts = vec![0; subjects + 1];
            for (subject, ..) in &of_form.found {
                starts[*subject as usize + 1] += 1;
            }
            for at in 1..starts.len() {
                starts[at] += starts[at - 1];
            }
            let instants = of_form.found.iter().map(|(_, instant, _)| *instant).collect();
            let codes = of_form.found.iter().map(|(.., code)| *code).collect();
            let numbers = of_form.coded.numbers;
            (of_form.form, Standing { form: of_form.form, starts, instants, codes, numbers })
        };
        self.forms.into_iter().map(of_form).collect()
    }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{Decimal128Array, Decimal256Array};
    use datafusion::arrow::datatypes::i256;

    use super::*;

    #[test]
    fn places_stand_as_the_numbers_do() {
        let numbers = [Some(700), None, Some(-30), Some(5), Some(700), Some(-30), None, Some(0)];
        let narrow: ArrayRef = Arc::new(numbers.iter().copied().collect::<Decimal128Array>());
        let wide: Decimal256Array = numbers.iter().map(|number| number.map(i256::from_i128)).collect();
        for values in [narrow, Arc::new(wide) as ArrayRef] {
            let places = in_places(&values).expect("an order").expect("places");
            let places: Vec<Option<i64>> = places.as_primitive::<Int64Type>().iter().collect();
            for (a, place_of_a) in numbers.iter().zip(&places) {
                assert_eq!(a.is_some(), place_of_a.is_some());
                for (b, place_of_b) in numbers.iter().zip(&places).filter(|(b, _)| a.is_some() && b.is_some()) {
                    assert_eq!(a.cmp(b), place_of_a.cmp(place_of_b), "{a:?} {b:?}");
                }
            }
        }
        let none: ArrayRef = Arc::new(Decimal128Array::from_iter_values([]));
        assert!(in_places(&none).expect("an order").is_some_and(|places| places.is_empty()));
        assert!(in_places(&(Arc::new(Int64Array::from(vec![1])) as ArrayRef)).expect("no error").is_none());
    }
}
