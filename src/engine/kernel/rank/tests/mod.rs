//! Ranks are those of sorted subjects.

mod agreement;
mod cut_points;

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Decimal256Array,
    DurationMicrosecondArray, Int64Array, RecordBatch, StringViewArray, TimestampMicrosecondArray,
};
use datafusion::arrow::datatypes::{Field, Int64Type, Schema, i256};
use num_bigint::BigInt;
use num_rational::BigRational;

use super::*;
use crate::engine::kernel::number::encode_exact;
use crate::ir::RankCount;

/// A subject: key, and the small numbers that its columns are made of.
#[derive(Clone, Debug)]
struct Subject {
    key: i64,
    value: Option<i64>,
    member: Option<bool>,
    per: Option<i64>,
}

/// How columns are made of small numbers.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Whole,
    Decimal,
    Wide,
    Ratio,
    Date,
    Instant,
    Duration,
}

const KINDS: [Kind; 7] =
    [Kind::Whole, Kind::Decimal, Kind::Wide, Kind::Ratio, Kind::Date, Kind::Instant, Kind::Duration];

impl Kind {
    /// The number that a small one stands for.
    fn number(self, value: i64) -> BigRational {
        match self {
            Kind::Decimal => BigRational::new(value.into(), 100.into()),
            Kind::Wide => BigRational::from_integer(BigInt::from(value) * BigInt::from(10).pow(40)),
            // Not in the order of the bytes, and with denominators that differ.
            Kind::Ratio => BigRational::new((value * 7).into(), 3.into()),
            _ => BigRational::from_integer(value.into()),
        }
    }

    fn array(self, values: &[Option<i64>]) -> ArrayRef {
        let iter = values.iter().copied();
        match self {
            Kind::Whole => Arc::new(iter.collect::<Int64Array>()),
            Kind::Decimal => {
                let values: Decimal128Array = iter.map(|value| value.map(i128::from)).collect();
                Arc::new(values.with_precision_and_scale(38, 2).unwrap())
            }
            Kind::Wide => {
                let power = i256::from_i128(10).wrapping_pow(40);
                let values = iter.map(|value| value.map(|value| i256::from_i128(value.into()).wrapping_mul(power)));
                Arc::new(values.collect::<Decimal256Array>().with_precision_and_scale(76, 0).unwrap())
            }
            Kind::Ratio => {
                let bytes: Vec<_> = iter.map(|value| value.map(|value| encode_exact(&self.number(value)))).collect();
                Arc::new(BinaryArray::from_iter(bytes))
            }
            Kind::Date => Arc::new(iter.map(|value| value.map(|value| value as i32)).collect::<Date32Array>()),
            Kind::Instant => Arc::new(iter.collect::<TimestampMicrosecondArray>()),
            Kind::Duration => Arc::new(iter.collect::<DurationMicrosecondArray>()),
        }
    }
}

/// What keys are made of.
#[derive(Clone, Copy, Debug)]
enum Keys {
    Whole,
    Text,
    /// A text and a number.
    Both,
    Ratio,
}

const KEYS: [Keys; 4] = [Keys::Whole, Keys::Text, Keys::Both, Keys::Ratio];

impl Keys {
    fn arrays(self, subjects: &[Subject]) -> Vec<ArrayRef> {
        let texts = |of: &dyn Fn(i64) -> String| -> ArrayRef {
            Arc::new(subjects.iter().map(|subject| Some(of(subject.key))).collect::<StringViewArray>())
        };
        let whole: Vec<_> = subjects.iter().map(|subject| Some(subject.key)).collect();
        match self {
            Keys::Whole => vec![Kind::Whole.array(&whole)],
            Keys::Text => vec![texts(&|key| format!("C{key}"))],
            Keys::Both => vec![texts(&|key| format!("C{}", key % 3)), Kind::Decimal.array(&whole)],
            Keys::Ratio => vec![Kind::Ratio.array(&whole)],
        }
    }

    /// The order of two keys, told another way.
    fn order(self, a: i64, b: i64) -> std::cmp::Ordering {
        match self {
            Keys::Whole | Keys::Ratio => a.cmp(&b),
            Keys::Text => format!("C{a}").cmp(&format!("C{b}")),
            Keys::Both => (a % 3).cmp(&(b % 3)).then(a.cmp(&b)),
        }
    }
}

/// A ranking of subjects in batches, by several populations that are merged.
struct Case<'a> {
    kind: Kind,
    keys: Keys,
    /// Of what `per` is; none: one group.
    per: Option<Kind>,
    batches: &'a [Vec<Subject>],
}

struct Columns {
    value: ArrayRef,
    member: ArrayRef,
    per: Option<ArrayRef>,
    keys: Vec<ArrayRef>,
}

impl Columns {
    fn rows(&self) -> Rows<'_> {
        Rows { value: &self.value, member: Some(&self.member), per: self.per.as_ref() }
    }
}

impl Case<'_> {
    fn columns(&self, batch: &[Subject]) -> Columns {
        let of = |value: &dyn Fn(&Subject) -> Option<i64>| batch.iter().map(value).collect::<Vec<_>>();
        Columns {
            value: self.kind.array(&of(&|subject| subject.value)),
            member: Arc::new(batch.iter().map(|subject| subject.member).collect::<BooleanArray>()),
            per: self.per.map(|kind| kind.array(&of(&|subject| subject.per))),
            keys: self.keys.arrays(batch),
        }
    }

    fn population(&self) -> Box<dyn Population> {
        let empty = self.columns(&[]);
        let new = || population(empty.value.data_type(), empty.per.as_ref().map(|per| per.data_type())).unwrap();
        let mut parts = [new(), new(), new()];
        for (at, batch) in self.batches.iter().enumerate() {
            parts[at % 3].add(&self.columns(batch).rows()).unwrap();
        }
        let [mut all, second, third] = parts;
        all.merge(second).unwrap();
        all.merge(third).unwrap();
        all
    }

    /// For each batch the column of each form.
    fn ranks(&self, forms: &[RankForm]) -> Vec<Vec<ArrayRef>> {
        let ranks = self.population().select(forms).unwrap();
        let types: Vec<_> = self.columns(&[]).keys.iter().map(|key| key.data_type().clone()).collect();
        let reader = KeyReader::new(&types).unwrap();
        let columns: Vec<Columns> = self.batches.iter().map(|batch| self.columns(batch)).collect();
        let mut parts = [TiedKeys::default(), TiedKeys::default()];
        if ranks.needs_keys() {
            for (at, columns) in columns.iter().enumerate() {
                ranks.collect(&columns.rows(), &reader.keys(&columns.keys), &mut parts[at % 2]).unwrap();
            }
        }
        let [mut keys, other] = parts;
        keys.merge(other);
        let decided = ranks.decide(keys).unwrap();
        let apply = |of: &Columns| ranks.apply(&of.rows(), &reader.keys(&of.keys), &decided).unwrap();
        let ranks: Vec<Vec<ArrayRef>> = columns.iter().map(apply).collect();
        for (ranks, batch) in ranks.iter().zip(self.batches) {
            let fields = forms.iter().map(|form| Field::new("rank", output_type(*form), is_nullable(*form)));
            let made = RecordBatch::try_new(Arc::new(Schema::new(fields.collect::<Vec<_>>())), ranks.clone());
            assert_eq!(made.unwrap().num_rows(), batch.len());
        }
        ranks
    }
}

/// A cell of a rank as text; `?` is unknown.
fn cell(array: &ArrayRef, row: usize) -> String {
    if array.is_null(row) {
        return "?".into();
    }
    match array.data_type() {
        DataType::Boolean => array.as_boolean().value(row).to_string(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
        _ => match crate::engine::kernel::number::decode_exact(array.as_binary::<i32>().value(row)).unwrap() {
            crate::engine::kernel::number::Encoded::Number(number) => number.to_string(),
            crate::engine::kernel::number::Encoded::DoesNotFit => "!".into(),
        },
    }
}

fn subjects(values: &[(i64, Option<i64>)]) -> Vec<Subject> {
    values.iter().map(|(key, value)| Subject { key: *key, value: *value, member: Some(true), per: None }).collect()
}

/// The ranks of one form, in the order of the subjects.
fn show(values: &[(i64, Option<i64>)], form: RankForm) -> String {
    let batches = [subjects(values)];
    let case = Case { kind: Kind::Whole, keys: Keys::Whole, per: None, batches: &batches };
    let ranks = case.ranks(&[form]);
    (0..values.len()).map(|row| cell(&ranks[0][0], row)).collect::<Vec<_>>().join(" ")
}

#[test]
fn as_it_is_written() {
    let values = [(1, Some(10)), (2, Some(30)), (3, Some(30)), (4, None), (5, Some(30)), (6, Some(50)), (7, Some(20))];
    assert_eq!(show(&values, RankForm::Tile(4)), "1 2 2 ? 3 4 1");
    assert_eq!(show(&values, RankForm::Tile(10)), "1 3 4 ? 5 6 2");
    assert_eq!(show(&values, RankForm::Score(5)), "1 5 5 ? 5 5 2");
    assert_eq!(show(&values, RankForm::Score(12)), "2 10 10 ? 10 12 4");
    assert_eq!(show(&values, RankForm::PercentRank), "0 2/5 2/5 ? 2/5 1 1/5");
    assert_eq!(show(&values, RankForm::Percentile(50_000_000)), "30 30 30 30 30 30 30");
    assert_eq!(show(&values, RankForm::Percentile(10_000_000)), "15 15 15 15 15 15 15");
    let (two, half) = (RankCount::Number(2), RankCount::Share(50_000_000));
    assert_eq!(show(&values, RankForm::Highest(two)), "false true false false false true false");
    assert_eq!(show(&values, RankForm::Highest(half)), "false true true false false true false");
    assert_eq!(show(&values, RankForm::Lowest(half)), "true true false false false false true");
    assert_eq!(show(&values, RankForm::Highest(RankCount::Number(0))), "false ".repeat(7).trim_end());
}

#[test]
fn a_share_beside_other_forms() {
    let values: Vec<_> = (0..40).map(|n| (n, Some(if n % 7 == 0 { n } else { 20 }))).collect();
    let batches = [subjects(&values)];
    let case = Case { kind: Kind::Whole, keys: Keys::Whole, per: None, batches: &batches };
    let both = case.ranks(&[RankForm::PercentRank, RankForm::Highest(RankCount::Number(30))]);
    let shown: Vec<String> = (0..values.len()).map(|row| cell(&both[0][0], row)).collect();
    assert_eq!(shown.join(" "), show(&values, RankForm::PercentRank));
}

#[test]
fn a_population_of_nobody_and_of_one() {
    assert_eq!(show(&[(1, None)], RankForm::Tile(5)), "?");
    assert_eq!(show(&[(1, None)], RankForm::Percentile(1)), "?");
    assert_eq!(show(&[(1, None)], RankForm::Highest(RankCount::Number(9))), "false");
    assert_eq!(show(&[(1, Some(7))], RankForm::PercentRank), "0");
    assert_eq!(show(&[(1, Some(7))], RankForm::Tile(u32::MAX)), "1");
    assert_eq!(show(&[(1, Some(7))], RankForm::Score(u32::MAX)), u32::MAX.to_string());
    assert_eq!(show(&[], RankForm::Score(3)), "");
}

#[test]
fn keys_are_asked_for_only_where_equal_values_are_parted() {
    let of = |values: &[(i64, Option<i64>)], form| {
        let batches = [subjects(values)];
        let case = Case { kind: Kind::Whole, keys: Keys::Whole, per: None, batches: &batches };
        case.population().select(&[form]).unwrap().needs_keys()
    };
    let pairs = [(1, Some(1)), (2, Some(1)), (3, Some(2)), (4, Some(2))];
    assert!(!of(&pairs, RankForm::Tile(2)));
    assert!(of(&pairs, RankForm::Tile(4)));
    assert!(!of(&pairs, RankForm::Score(4)));
    assert!(!of(&pairs, RankForm::Highest(RankCount::Number(2))));
    assert!(of(&pairs, RankForm::Lowest(RankCount::Number(3))));
}

#[test]
fn what_was_not_collected_is_an_error() {
    let batches = [subjects(&[(1, Some(1)), (2, Some(1))])];
    let case = Case { kind: Kind::Whole, keys: Keys::Whole, per: None, batches: &batches };
    let ranks = case.population().select(&[RankForm::Tile(2)]).unwrap();
    assert!(ranks.decide(TiedKeys::default()).is_err());
}

#[test]
fn other_types_are_refused() {
    assert!(population(&DataType::Utf8View, None).is_err());
    assert!(population(&DataType::Boolean, None).is_err());
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    let one: ArrayRef = Arc::new(BooleanArray::from(vec![true]));
    let mut of = population(&DataType::Int64, None).unwrap();
    assert!(of.add(&Rows { value: &numbers, member: Some(&one), per: None }).is_err());
    assert!(of.add(&Rows { value: &numbers, member: Some(&numbers), per: None }).is_err());
    let dates: ArrayRef = Arc::new(BooleanArray::from(vec![true, false]));
    assert!(of.add(&Rows { value: &dates, member: None, per: None }).is_err());
    assert!(of.merge(population(&DataType::Binary, None).unwrap()).is_err());
}

#[test]
fn memory_is_counted() {
    let many: Vec<_> = (0..1000).map(|n| (n, Some(n))).collect();
    let batches = [subjects(&many)];
    let case = Case { kind: Kind::Whole, keys: Keys::Whole, per: None, batches: &batches };
    let size = case.population().size();
    assert!((8000..20_000).contains(&size), "{size}");
    let ranks = case.population().select(&[RankForm::Tile(5), RankForm::PercentRank]).unwrap();
    assert!((8000..20_000).contains(&ranks.size()), "{}", ranks.size());
}
