//! Lists of text.

use std::collections::HashMap;

use datafusion::arrow::array::{Array, AsArray, BooleanArray, BooleanBuilder, ListArray, StringViewArray};

use crate::engine::kernel::broadcast::{known_in_all, position};
use crate::engine::kernel::column::Column;
use crate::engine::kernel::error::Result;

/// Whether at least so many distinct candidates are in the list; unknown where the list or a candidate is.
pub(super) fn contains(lists: &ListArray, candidates: &[&Column], at_least: u32, rows: usize) -> Result<BooleanArray> {
    let candidates: Vec<&StringViewArray> = candidates.iter().map(|column| column.texts()).collect::<Result<_>>()?;
    let columns = candidates.iter().map(|texts| (texts.nulls(), texts.len()));
    let known = known_in_all(columns.chain([(lists.nulls(), lists.len())]), rows);
    let constant = candidates.iter().all(|texts| texts.len() == 1);
    let elements = lists.values().as_string_view();
    let mut wanted = Wanted::default();
    let mut found = BooleanBuilder::with_capacity(rows);
    for row in 0..rows {
        if known.as_ref().is_some_and(|known| known.is_null(row)) {
            found.append_null();
            continue;
        }
        if !constant || wanted.last.is_empty() {
            wanted = Wanted::new(candidates.iter().map(|texts| texts.value(position(texts.len(), row))));
        }
        let (start, end) = bounds(lists, position(lists.len(), row));
        let list = (start..end).filter(|at| elements.is_valid(*at)).map(|at| elements.value(at));
        found.append_value(wanted.count(list, row) >= at_least);
    }
    Ok(found.finish())
}

fn bounds(lists: &ListArray, row: usize) -> (usize, usize) {
    let offsets = lists.value_offsets();
    (offsets[row] as usize, offsets[row + 1] as usize)
}

/// The distinct candidates.
#[derive(Default)]
struct Wanted<'a> {
    places: HashMap<&'a str, usize>,
    /// Per candidate the last row in which it was found, counted from 1.
    last: Vec<usize>,
}

impl<'a> Wanted<'a> {
    fn new(candidates: impl Iterator<Item = &'a str>) -> Self {
        let mut places = HashMap::new();
        for candidate in candidates {
            let next = places.len();
            places.entry(candidate).or_insert(next);
        }
        let last = vec![0; places.len()];
        Wanted { places, last }
    }

    /// How many of them are in a row's list.
    fn count<'b>(&mut self, list: impl Iterator<Item = &'b str>, row: usize) -> u32 {
        let mut count = 0;
        for element in list {
            if let Some(place) = self.places.get(element)
                && let Some(last) = self.last.get_mut(*place)
                && std::mem::replace(last, row + 1) != row + 1
            {
                count += 1;
            }
        }
        count
    }
}
