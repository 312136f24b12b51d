//! Files that stand in order of the key are read range by range, and their rows need not wait.
//!
//! What the row groups of Parquet files say of the key, its least and greatest value in each, shows whether files are in subject order; whoever
//! wrote them need not have said so. Row groups are put together to ranges of the key that have nothing in common but, here and there,
//! one key at which a row group ends and the next begins:
//!
//! ```text
//! row groups    1..40   40..87 | 87..130   130..171 | 172..205
//! ranges        1..87            87..171              172..205
//! ```
//!
//! The rows of a range are read when it is its turn, counted at once, and forgotten; every row group is read once. Only rows of a key that
//! straddles two ranges are set aside, and counted when all ranges have been. The other children of the pass are scattered by the same ranges.

mod scan;

use std::cmp::Ordering;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Scalar, UInt64Array, make_comparator};
use datafusion::arrow::compute::kernels::cmp::eq;
use datafusion::arrow::compute::{SortOptions, or, take};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::common::Result;

use super::radix::PARTS;

pub(super) use scan::in_ranges;

/// So many ranges at most: a part is left for what is set aside.
const MOST_RANGES: usize = PARTS - 1;

/// Ranges of the first key column.
#[derive(Debug)]
pub(super) struct Ranges {
    /// The child that is read range by range: its partitions are the ranges.
    pub child: usize,
    /// Of every range but the first the least key: ascending, none twice.
    bounds: ArrayRef,
    /// For each bound whether rows of its key are in the range before it too.
    straddling: Vec<bool>,
}

impl Ranges {
    /// How many ranges there are.
    pub fn count(&self) -> usize {
        self.straddling.len() + 1
    }

    /// The part that follows the ranges: rows of keys that straddle.
    pub fn aside(&self) -> usize {
        self.count()
    }

    /// The part of each key. Without a key a row is in the first.
    pub fn parts(&self, keys: &ArrayRef) -> Result<Vec<u8>> {
        let part = |(before, on_bound): (usize, bool)| {
            let straddles = on_bound && self.straddling.get(before - 1).copied().unwrap_or(false);
            (if straddles { self.aside() } else { before }) as u8
        };
        if let (Some(keys), Some(bounds)) =
            (keys.as_primitive_opt::<Int64Type>(), self.bounds.as_primitive_opt::<Int64Type>())
        {
            let bounds = bounds.values();
            let of_key = |key: i64| {
                let before = bounds.partition_point(|bound| *bound <= key);
                part((before, before > 0 && bounds.get(before - 1) == Some(&key)))
            };
            return Ok(keys.iter().map(|key| key.map_or(0, of_key)).collect());
        }
        let compare = make_comparator(keys.as_ref(), self.bounds.as_ref(), SortOptions::default())?;
        let places: Vec<usize> = (0..self.bounds.len()).collect();
        let of_row = |row: usize| {
            if keys.is_null(row) {
                return 0;
            }
            let before = places.partition_point(|bound| compare(row, *bound) != Ordering::Less);
            part((before, before > 0 && compare(row, before - 1) == Ordering::Equal))
        };
        Ok((0..keys.len()).map(of_row).collect())
    }

    /// Which rows of a range have a key that straddles; none: no row has.
    pub fn straddle(&self, range: usize, keys: &ArrayRef) -> Result<Option<BooleanArray>> {
        let mut found: Option<BooleanArray> = None;
        for bound in [range.checked_sub(1), Some(range)].into_iter().flatten() {
            if !self.straddling.get(bound).copied().unwrap_or(false) {
                continue;
            }
            let equal = eq(keys, &Scalar::new(self.bounds.slice(bound, 1)))?;
            found = Some(match found {
                Some(other) => or(&other, &equal)?,
                None => equal,
            });
        }
        Ok(found.filter(|found| found.true_count() > 0))
    }
}

/// Row groups with the least and the greatest key of each; unknown where no row of it has one.
struct RowGroups {
    least: ArrayRef,
    greatest: ArrayRef,
    rows: Vec<usize>,
}

/// How row groups are put together.
struct Grouped {
    /// The row groups of each range.
    ranges: Vec<Vec<usize>>,
    bounds: ArrayRef,
    straddling: Vec<bool>,
    /// The most rows of a range.
    most: usize,
}

impl RowGroups {
    /// Puts row groups together to ranges, as many as may be. Those that have more than one key in common are in one range.
    fn grouped(&self) -> Result<Grouped> {
        let options = SortOptions::default();
        let by_least = make_comparator(self.least.as_ref(), self.least.as_ref(), options)?;
        let by_greatest = make_comparator(self.greatest.as_ref(), self.greatest.as_ref(), options)?;
        let ends_before = make_comparator(self.greatest.as_ref(), self.least.as_ref(), options)?;
        let (mut order, without): (Vec<usize>, Vec<usize>) =
            (0..self.rows.len()).partition(|group| self.least.is_valid(*group));
        order.sort_by(|a, b| by_least(*a, *b).then(by_greatest(*a, *b)));
        let wanted = self.rows.iter().sum::<usize>().div_ceil(MOST_RANGES).max(1);
        let (mut ranges, mut bounds, mut straddling) = (vec![Vec::new()], Vec::new(), Vec::new());
        let (mut rows, mut most) = (0, 0);
        // The row group with the greatest key so far, and whether others end with the same.
        let mut last: Option<(usize, bool)> = None;
        for (at, group) in order.iter().copied().enumerate() {
            let next = order.get(at + 1).copied();
            let straddles = match last.map(|(last, alone)| (ends_before(last, group), last, alone)) {
                Some((Ordering::Less, ..)) => Some(false),
                // Of a key with many rows, in three row groups or more, all would wait.
                Some((Ordering::Equal, last, alone)) => {
                    let goes_on = ends_before(group, group) == Ordering::Greater
                        && next.is_none_or(|next| by_least(group, next) == Ordering::Less);
                    let began = ends_before(last, last) == Ordering::Greater;
                    (alone && began && goes_on).then_some(true)
                }
                _ => None,
            };
            if let Some(straddles) = straddles.filter(|_| rows >= wanted) {
                most = most.max(rows);
                rows = 0;
                ranges.push(Vec::new());
                bounds.push(group as u64);
                straddling.push(straddles);
            }
            if let Some(range) = ranges.last_mut() {
                range.push(group);
            }
            rows += self.rows[group];
            last = Some(match last {
                None => (group, true),
                Some((last, alone)) => match by_greatest(last, group) {
                    Ordering::Less => (group, true),
                    Ordering::Equal => (last, false),
                    Ordering::Greater => (last, alone),
                },
            });
        }
        // Rows of nobody are counted wherever they are.
        rows += without.iter().map(|group| self.rows[*group]).sum::<usize>();
        ranges.last_mut().into_iter().for_each(|range| range.extend(&without));
        let bounds = take(&self.least, &UInt64Array::from(bounds), None)?;
        Ok(Grouped { ranges, bounds, straddling, most: most.max(rows) })
    }
}

impl Grouped {
    fn ranges(self, child: usize) -> Arc<Ranges> {
        Arc::new(Ranges { child, bounds: self.bounds, straddling: self.straddling })
    }
}

/// Whether files and rows have such keys in the same order.
fn is_ordered(data_type: &DataType) -> bool {
    use DataType::{Date32, Decimal128, LargeUtf8, Utf8, Utf8View};
    data_type.is_integer() || matches!(data_type, Date32 | Decimal128(..) | LargeUtf8 | Utf8 | Utf8View)
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{Int64Array, StringViewArray};

    use super::*;

    fn groups(groups: &[(i64, i64, usize)]) -> RowGroups {
        RowGroups {
            least: Arc::new(Int64Array::from_iter_values(groups.iter().map(|(least, ..)| *least))),
            greatest: Arc::new(Int64Array::from_iter_values(groups.iter().map(|(_, greatest, _)| *greatest))),
            rows: groups.iter().map(|(.., rows)| *rows).collect(),
        }
    }

    fn bounds(grouped: &Grouped) -> Vec<(i64, bool)> {
        let bounds = grouped.bounds.as_primitive::<Int64Type>().values().iter().copied();
        bounds.zip(grouped.straddling.iter().copied()).collect()
    }

    #[test]
    fn a_key_may_straddle_two_row_groups() {
        let grouped = groups(&[(1, 40, 9), (40, 87, 9), (88, 130, 9)]).grouped().unwrap();
        assert_eq!(bounds(&grouped), [(40, true), (88, false)]);
        assert_eq!((grouped.ranges, grouped.most), (vec![vec![0], vec![1], vec![2]], 9));
    }

    #[test]
    fn files_may_stand_in_any_order() {
        let grouped = groups(&[(50, 60, 5), (1, 20, 7), (30, 40, 1)]).grouped().unwrap();
        assert_eq!(bounds(&grouped), [(30, false), (50, false)]);
        assert_eq!(grouped.ranges, [[1], [2], [0]]);
    }

    #[test]
    fn row_groups_with_much_in_common_are_one_range() {
        let grouped = groups(&[(1, 100, 9), (50, 60, 9), (55, 120, 9), (121, 130, 9)]).grouped().unwrap();
        assert_eq!(bounds(&grouped), [(121, false)]);
        assert_eq!(grouped.most, 27);
        assert_eq!(groups(&[(1, 100, 9), (2, 99, 9), (1, 98, 9)]).grouped().unwrap().ranges.len(), 1);
    }

    #[test]
    fn a_subject_with_many_rows_is_in_one_range() {
        // Key 7 fills two row groups and parts of two others.
        let grouped = groups(&[(1, 7, 9), (7, 7, 9), (7, 7, 9), (7, 20, 9), (20, 30, 9)]).grouped().unwrap();
        assert_eq!(bounds(&grouped), [(20, true)]);
        // Or a whole one and a part of another.
        let grouped = groups(&[(1, 7, 9), (7, 7, 9), (8, 9, 9)]).grouped().unwrap();
        assert_eq!(bounds(&grouped), [(8, false)]);
        let grouped = groups(&[(7, 7, 9), (7, 8, 9), (9, 9, 9)]).grouped().unwrap();
        assert_eq!(bounds(&grouped), [(9, false)]);
    }

    #[test]
    fn rows_of_nobody_are_in_the_last_range() {
        let mut groups = groups(&[(1, 2, 5), (3, 4, 5), (0, 0, 7)]);
        groups.least = Arc::new(Int64Array::from(vec![Some(1), Some(3), None]));
        groups.greatest = Arc::new(Int64Array::from(vec![Some(2), Some(4), None]));
        let grouped = groups.grouped().unwrap();
        assert_eq!((grouped.ranges, grouped.most), (vec![vec![0], vec![1, 2]], 12));
    }

    #[test]
    fn there_are_never_too_many() {
        let many: Vec<(i64, i64, usize)> = (0..10_000).map(|at| (at, at, 1 + at as usize % 3)).collect();
        let grouped = groups(&many).grouped().unwrap();
        assert!((200..=MOST_RANGES).contains(&grouped.ranges.len()), "{}", grouped.ranges.len());
        assert_eq!(grouped.ranges.concat(), (0..10_000).collect::<Vec<_>>());
    }

    #[test]
    fn every_key_has_its_part() {
        let ranges = |bounds: ArrayRef| Ranges { child: 0, bounds, straddling: vec![false, true] };
        let of_numbers = ranges(Arc::new(Int64Array::from(vec![10, 20])));
        let keys: ArrayRef = Arc::new(Int64Array::from(vec![Some(9), Some(10), Some(19), Some(20), Some(21), None]));
        assert_eq!(of_numbers.parts(&keys).unwrap(), [0, 1, 1, 3, 2, 0]);
        let of_texts = ranges(Arc::new(StringViewArray::from(vec!["b", "m"])));
        let texts = vec![Some("a"), Some("b"), Some("lz"), Some("m"), Some("m0"), None];
        let keys: ArrayRef = Arc::new(StringViewArray::from(texts));
        assert_eq!(of_texts.parts(&keys).unwrap(), [0, 1, 1, 3, 2, 0]);
        let aside = |range| of_texts.straddle(range, &keys).unwrap().map(|rows| rows.true_count());
        assert_eq!([aside(0), aside(1), aside(2)], [None, Some(1), Some(1)]);
    }
}
