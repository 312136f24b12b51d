//! Random subjects, ranked by sorting them.

use num_traits::Zero;
use proptest::prelude::*;

use super::*;

/// The rank of every subject, told by sorting; none: outside the population and the form is silent there.
fn naive(case: &Case<'_>, form: RankForm) -> Vec<String> {
    let all: Vec<&Subject> = case.batches.iter().flatten().collect();
    let group = |subject: &Subject| case.per.map(|_| subject.per);
    let is_in = |subject: &Subject| subject.value.is_some() && subject.member == Some(true);
    let rank = |subject: &&Subject| {
        let mut population: Vec<&&Subject> =
            all.iter().filter(|other| is_in(other) && group(other) == group(subject)).collect();
        population.sort_by(|a, b| a.value.cmp(&b.value).then_with(|| case.keys.order(a.key, b.key)));
        of_sorted(case, form, subject, &population, is_in(subject))
    };
    all.iter().map(rank).collect()
}

fn of_sorted(case: &Case<'_>, form: RankForm, subject: &Subject, sorted: &[&&Subject], is_in: bool) -> String {
    let size = sorted.len();
    let value = |at: usize| case.kind.number(sorted[at].value.unwrap());
    let count = |count: RankCount| match count {
        RankCount::Number(number) => number as usize,
        RankCount::Share(share) => {
            let exact = BigRational::new((u64::from(share) * size as u64).into(), 100_000_000.into());
            exact.ceil().to_integer().try_into().unwrap()
        }
    };
    if let RankForm::Percentile(share) = form {
        if size == 0 {
            return "?".into();
        }
        let rank = BigRational::new((u64::from(share) * (size as u64 - 1)).into(), 100_000_000.into());
        let lower: usize = rank.floor().to_integer().try_into().unwrap();
        let part = rank.fract();
        let step = if part.is_zero() { part.clone() } else { value(lower + 1) - value(lower) };
        return (value(lower) + step * part).to_string();
    }
    let end = matches!(form, RankForm::Highest(_) | RankForm::Lowest(_));
    if !is_in {
        return if end { "false" } else { "?" }.into();
    }
    let place = sorted.iter().position(|other| other.key == subject.key).unwrap();
    let below = sorted.iter().filter(|other| other.value < subject.value).count();
    let not_above = sorted.iter().filter(|other| other.value <= subject.value).count();
    match form {
        RankForm::Tile(tiles) => {
            let (even, larger) = (size / tiles as usize, size % tiles as usize);
            let mut end = 0;
            let tile = (1..=tiles as usize).find(|tile| {
                end += even + usize::from(*tile <= larger);
                place < end
            });
            tile.unwrap().to_string()
        }
        RankForm::Score(scores) => (not_above * scores as usize).div_ceil(size).to_string(),
        RankForm::PercentRank => BigRational::new(below.into(), size.saturating_sub(1).max(1).into()).to_string(),
        RankForm::Lowest(of) => (place < count(of)).to_string(),
        RankForm::Highest(of) => {
            // From the highest value down, equal ones by ascending key.
            let above = size - not_above;
            (above + (place - below) < count(of)).to_string()
        }
        RankForm::Percentile(_) => unreachable!(),
    }
}

fn form() -> impl Strategy<Value = RankForm> {
    let share = prop_oneof![Just(0u32), Just(10_000_000), Just(33_333_333), Just(100_000_000), 0u32..=100_000_000];
    let count = prop_oneof![(0u64..30).prop_map(RankCount::Number), share.clone().prop_map(RankCount::Share)];
    prop_oneof![
        3 => (1u32..12).prop_map(RankForm::Tile),
        1 => (1u32..200).prop_map(RankForm::Tile),
        2 => (1u32..12).prop_map(RankForm::Score),
        1 => (1u32..200).prop_map(RankForm::Score),
        1 => Just(RankForm::PercentRank),
        2 => share.prop_map(RankForm::Percentile),
        2 => count.clone().prop_map(RankForm::Highest),
        2 => count.prop_map(RankForm::Lowest),
    ]
}

/// Subjects in batches, with ties and unknowns.
fn batches(most: usize) -> impl Strategy<Value = Vec<Vec<Subject>>> {
    let subject = |spread: i64| {
        let value = prop_oneof![6 => (-spread..=spread).prop_map(Some), 1 => Just(None)];
        let member = prop_oneof![6 => Just(Some(true)), 1 => Just(Some(false)), 1 => Just(None)];
        (value, member, prop_oneof![(0i64..3).prop_map(Some), Just(None)])
    };
    let subjects = prop_oneof![
        proptest::collection::vec(subject(1), 0..most),
        proptest::collection::vec(subject(20), 0..most),
        proptest::collection::vec(subject(100_000), 0..most),
    ];
    (subjects, 1usize..9, any::<u64>()).prop_map(|(subjects, size, seed)| {
        let mut keys: Vec<i64> = (0..subjects.len() as i64).map(|key| key * 3 - 20).collect();
        keys.sort_by_key(|key| (*key as u64).wrapping_mul(seed | 1).rotate_left(17));
        let made = subjects.into_iter().zip(keys);
        let made: Vec<_> = made.map(|((value, member, per), key)| Subject { key, value, member, per }).collect();
        made.chunks(size).map(<[Subject]>::to_vec).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn ranks_are_those_of_sorted_subjects(
        batches in prop_oneof![batches(4), batches(60)],
        forms in proptest::collection::vec(form(), 1..5),
        kind in 0usize..7,
        keys in 0usize..4,
        per in proptest::option::of(0usize..7),
    ) {
        let case = Case { kind: KINDS[kind], keys: KEYS[keys], per: per.map(|per| KINDS[per]), batches: &batches };
        let ranks = case.ranks(&forms);
        for (at, form) in forms.iter().enumerate() {
            let found: Vec<String> = ranks
                .iter()
                .flat_map(|batch| (0..batch[at].len()).map(|row| cell(&batch[at], row)).collect::<Vec<_>>())
                .collect();
            prop_assert_eq!(found, naive(&case, *form), "{:?}", form);
        }
    }
}
