//! Time cut at the ends of windows.
//!
//! A row is in hundreds of windows, but between two neighbouring ends of windows it is in the same ones: so it is counted once, into
//! the slice of time that it falls in, and a window is a run of slices.
//!
//! ```text
//! ends      T-90d      T-30d      T-7d       T
//! slices  0 |    1     |    2     |    3     |  4
//! over 30d             |--------------------|      slices 2 to 3
//! ```

use crate::engine::kernel::calendar::Bounds;

/// Neighbouring ends are looked for from one of so many places, which a time leads to by a shift.
const PLACES: usize = 4096;

/// The slices that some windows make of time. Slice `i` holds the times after the end before and up to the end `i`; the last what
/// is later than all ends.
#[derive(Clone, Debug)]
pub struct Slices {
    /// Ascending.
    ends: Vec<i64>,
    /// For each place the number of ends before its first time.
    places: Vec<u16>,
    /// From a time after the first end to its place.
    shift: u32,
}

impl Slices {
    /// The slices of some windows; none where they are more than can be told by 16 bits.
    pub fn new(windows: impl IntoIterator<Item = Bounds>) -> Option<Self> {
        let ends = windows.into_iter().flat_map(|window| [window.after, window.until]);
        let mut ends: Vec<i64> = ends.filter(|end| *end > i64::MIN).collect();
        ends.sort_unstable();
        ends.dedup();
        if ends.len() >= usize::from(u16::MAX) {
            return None;
        }
        let (first, last) = (ends.first().copied().unwrap_or(0), ends.last().copied().unwrap_or(0));
        let span = last.abs_diff(first);
        let mut shift = 0;
        while (span >> shift) as usize >= PLACES {
            shift += 1;
        }
        let start = |place: u64| i128::from(first) + (i128::from(place) << shift);
        let before = |time: i128| ends.partition_point(|end| i128::from(*end) < time) as u16;
        let places = (0..=(span >> shift)).map(|place| before(start(place))).collect();
        Some(Slices { ends, places, shift })
    }

    /// How many slices there are, at least one.
    pub fn len(&self) -> usize {
        self.ends.len() + 1
    }

    /// The slice that a time falls in.
    #[inline]
    pub fn of(&self, time: i64) -> u16 {
        let Some(first) = self.ends.first() else { return 0 };
        if time <= *first {
            return 0;
        }
        let place = (time.abs_diff(*first) >> self.shift) as usize;
        let Some(mut slice) = self.places.get(place).copied() else { return self.ends.len() as u16 };
        while self.ends.get(usize::from(slice)).is_some_and(|end| *end < time) {
            slice += 1;
        }
        slice
    }

    /// The slices of which one of the windows consists, from and up to but not with; without a window all.
    pub fn run(&self, window: Option<Bounds>) -> (u16, u16) {
        let Some(Bounds { after, until }) = window else { return (0, self.len() as u16) };
        if until == i64::MIN {
            return (0, 0);
        }
        let at = |end: i64| self.ends.partition_point(|other| *other < end) as u16;
        let from = if after == i64::MIN { 0 } else { at(after) + 1 };
        (from, (at(until) + 1).max(from))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bounds(after: i64, until: i64) -> Bounds {
        Bounds { after, until }
    }

    #[test]
    fn a_window_is_a_run_of_slices() {
        let slices = Slices::new([bounds(10, 100), bounds(70, 100), bounds(i64::MIN, 10)]).unwrap();
        assert_eq!(slices.len(), 4);
        assert_eq!([9, 10, 11, 70, 71, 100, 101].map(|time| slices.of(time)), [0, 0, 1, 1, 2, 2, 3]);
        assert_eq!(slices.run(Some(bounds(10, 100))), (1, 3));
        assert_eq!(slices.run(Some(bounds(70, 100))), (2, 3));
        assert_eq!(slices.run(Some(bounds(i64::MIN, 10))), (0, 1));
        assert_eq!(slices.run(None), (0, 4));
    }

    #[test]
    fn an_empty_window_has_no_slice() {
        let slices = Slices::new([bounds(10, 10)]).unwrap();
        let (from, to) = slices.run(Some(bounds(10, 10)));
        assert!((9..12).all(|time| !(from..to).contains(&slices.of(time))));
    }

    #[test]
    fn without_windows_there_is_one_slice() {
        let slices = Slices::new([]).unwrap();
        assert_eq!((slices.len(), slices.of(i64::MIN), slices.of(i64::MAX), slices.run(None)), (1, 0, 0, (0, 1)));
    }

    proptest! {
        /// A time is in a window exactly if its slice is in the window's run, wherever the times lie and however far apart.
        #[test]
        fn slices_tell_what_windows_hold(
            ends in prop::collection::vec(
                (prop_oneof![Just(i64::MIN), any::<i64>(), -50_i64..50], prop_oneof![any::<i64>(), -50_i64..50]),
                0..12,
            ),
            times in prop::collection::vec(prop_oneof![any::<i64>(), -60_i64..60], 0..40),
        ) {
            let windows: Vec<Bounds> = ends.into_iter().map(|(a, b)| bounds(a.min(b), a.max(b))).collect();
            let slices = Slices::new(windows.clone()).unwrap();
            let at_ends = windows.iter().flat_map(|w| [w.after, w.until]).flat_map(|end| {
                [end.saturating_sub(1), end, end.saturating_add(1)]
            });
            for time in times.into_iter().chain(at_ends).filter(|time| *time > i64::MIN) {
                let slice = slices.of(time);
                prop_assert!(usize::from(slice) < slices.len());
                for window in &windows {
                    let (from, to) = slices.run(Some(*window));
                    prop_assert_eq!((from..to).contains(&slice), window.contains(time), "{} in {:?}", time, window);
                }
            }
        }
    }
}
