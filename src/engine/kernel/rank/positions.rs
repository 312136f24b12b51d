//! Where in a sorted population a form has to look. Positions are counted from 0.

use crate::ir::{RankCount, RankForm};

/// 100% in millionths of a percent.
pub(super) const WHOLE: u32 = 100_000_000;

/// The positions whose values a form needs, ascending, in a population of this size.
pub(super) fn positions(form: RankForm, size: usize) -> Vec<usize> {
    if size == 0 {
        return Vec::new();
    }
    match form {
        RankForm::Tile(tiles) => tile_starts(tiles, size).collect(),
        RankForm::Score(scores) => score_starts(scores, size).collect(),
        RankForm::PercentRank => Vec::new(),
        RankForm::Percentile(millionths) => {
            let (lower, part) = percentile_rank(millionths, size);
            if part == 0 { vec![lower] } else { vec![lower, lower + 1] }
        }
        RankForm::Highest(count) => match how_many(count, size) {
            0 => Vec::new(),
            members => vec![size - members],
        },
        RankForm::Lowest(count) => match how_many(count, size) {
            0 => Vec::new(),
            members => vec![members - 1],
        },
    }
}

/// Where the second tile begins, the third and so on, as far as there are any: the first tiles have one more than the last.
pub(super) fn tile_starts(tiles: u32, size: usize) -> impl Iterator<Item = usize> {
    let tiles = usize::try_from(tiles).unwrap_or(usize::MAX).max(1);
    let (even, larger) = (size / tiles, size % tiles);
    (1..tiles.min(size)).map(move |tile| tile * even + tile.min(larger))
}

/// Where values lie that have a score higher than the one before has. In a population that is no larger than the highest
/// score every position is such a one, and a score follows from how many there are below: see [`score`].
pub(super) fn score_starts(scores: u32, size: usize) -> impl Iterator<Item = usize> {
    let every = score_by_place(scores, size);
    let first = usize::from(!every);
    let end = if every { size } else { usize::try_from(scores).unwrap_or(usize::MAX) };
    (first..end).map(move |step| if every { step } else { score_start(step, scores, size) })
}

/// Whether the positions of [`score_starts`] are all.
pub(super) fn score_by_place(scores: u32, size: usize) -> bool {
    size as u128 <= u128::from(scores)
}

/// The position of the least value whose score is higher than `step`, of `step < scores`.
pub(super) fn score_start(step: usize, scores: u32, size: usize) -> usize {
    (step as u128 * size as u128 / u128::from(scores.max(1))) as usize
}

/// The score of a value when so many are not above it.
pub(super) fn score(not_above: usize, scores: u32, size: usize) -> i64 {
    (not_above as u128 * u128::from(scores)).div_ceil(size.max(1) as u128) as i64
}

/// The position of a percentile, and what is left above it in hundred-millionths of the way to the next.
pub(super) fn percentile_rank(millionths: u32, size: usize) -> (usize, u32) {
    let rank = u128::from(millionths.min(WHOLE)) * size.saturating_sub(1) as u128;
    ((rank / u128::from(WHOLE)) as usize, (rank % u128::from(WHOLE)) as u32)
}

/// How many are at an end.
pub(super) fn how_many(count: RankCount, size: usize) -> usize {
    match count {
        RankCount::Number(number) => usize::try_from(number).unwrap_or(usize::MAX).min(size),
        RankCount::Share(millionths) => {
            let share = (u128::from(millionths) * size as u128).div_ceil(u128::from(WHOLE));
            usize::try_from(share).unwrap_or(usize::MAX).min(size)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn larger_tiles_come_first() {
        assert_eq!(tile_starts(4, 10).collect::<Vec<_>>(), [3, 6, 8]);
        assert_eq!(tile_starts(5, 3).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(tile_starts(u32::MAX, 1).count(), 0);
    }

    #[test]
    fn a_share_is_rounded_up() {
        let ten = RankCount::Share(10_000_000);
        assert_eq!([0, 1, 10, 11].map(|size| how_many(ten, size)), [0, 1, 1, 2]);
        assert_eq!(how_many(RankCount::Number(u64::MAX), 7), 7);
        assert_eq!(how_many(RankCount::Share(WHOLE), 7), 7);
    }
}
