//! Populations by the value of `per`: each value one, its unknown one more.

use std::fmt;

use datafusion::arrow::array::ArrayRef;
use datafusion::arrow::buffer::NullBuffer;
use datafusion::arrow::datatypes::DataType;
use datafusion::arrow::row::{RowConverter, SortField};

use super::mismatch;
use crate::engine::kernel::error::Result;
use crate::engine::kernel::state::interner::Interner;

/// Groups, numbered from 0.
pub(super) struct Groups {
    per: Option<Per>,
}

struct Per {
    converter: RowConverter,
    values: Interner,
}

/// The groups of rows.
pub(super) enum RowGroups {
    /// There is only one.
    One,
    /// One for each row; [`NO_GROUP`] for none.
    Each(Vec<u32>),
}

/// No group: nobody of the population has that value.
const NO_GROUP: u32 = u32::MAX;

impl RowGroups {
    /// The group of a row.
    #[inline]
    pub fn of(&self, row: usize) -> Option<usize> {
        match self {
            RowGroups::One => Some(0),
            RowGroups::Each(groups) => groups.get(row).filter(|group| **group != NO_GROUP).map(|group| *group as usize),
        }
    }
}

impl Groups {
    /// By values of a type; without one there is a single group.
    pub fn new(per: Option<&DataType>) -> Result<Groups> {
        let per = per.map(|per| -> Result<Per> {
            let converter = RowConverter::new(vec![SortField::new(per.clone())])?;
            Ok(Per { converter, values: Interner::default() })
        });
        Ok(Groups { per: per.transpose()? })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.per.as_ref().map_or(1, |per| per.values.len())
    }

    /// The groups of rows of the population, new ones among them.
    pub fn intern(&mut self, per: Option<&ArrayRef>, population: Option<&NullBuffer>) -> Result<RowGroups> {
        let Some(own) = &mut self.per else { return Ok(RowGroups::One) };
        let rows = own.converter.convert_columns(std::slice::from_ref(column(per)?))?;
        let mut groups = Vec::with_capacity(rows.num_rows());
        for (at, row) in rows.iter().enumerate() {
            let counts = population.is_none_or(|population| population.is_valid(at));
            groups.push(if counts { own.values.intern(row.data())? } else { NO_GROUP });
        }
        Ok(RowGroups::Each(groups))
    }

    /// The groups of rows, if there are such.
    pub fn find(&self, per: Option<&ArrayRef>) -> Result<RowGroups> {
        let Some(own) = &self.per else { return Ok(RowGroups::One) };
        let rows = own.converter.convert_columns(std::slice::from_ref(column(per)?))?;
        Ok(RowGroups::Each(rows.iter().map(|row| own.values.find(row.data()).unwrap_or(NO_GROUP)).collect()))
    }

    /// Takes the groups of another one: the number here for each number there.
    pub fn merge(&mut self, other: &Groups) -> Result<Vec<usize>> {
        match (&mut self.per, &other.per) {
            (Some(own), Some(other)) => {
                let numbers = 0..u32::try_from(other.values.len()).map_err(|_| mismatch("too many groups"))?;
                numbers.map(|number| Ok(own.values.intern(other.values.get(number))? as usize)).collect()
            }
            (None, None) => Ok(vec![0]),
            _ => Err(mismatch("populations of different rankings")),
        }
    }

    /// The numbers of all groups in the order of their values, unknown first, and these values, if there are any.
    pub fn sorted(&self) -> Result<(Vec<usize>, Option<ArrayRef>)> {
        let Some(own) = &self.per else { return Ok((vec![0], None)) };
        let mut order: Vec<u32> =
            (0..u32::try_from(own.values.len()).map_err(|_| mismatch("too many groups"))?).collect();
        order.sort_unstable_by_key(|number| own.values.get(*number));
        let parser = own.converter.parser();
        let columns = own.converter.convert_rows(order.iter().map(|number| parser.parse(own.values.get(*number))))?;
        let values = columns.into_iter().next().ok_or_else(|| mismatch("no column"))?;
        Ok((order.into_iter().map(|number| number as usize).collect(), Some(values)))
    }

    /// Bytes held beside its own.
    pub fn heap(&self) -> usize {
        self.per.as_ref().map_or(0, |per| per.values.heap())
    }
}

fn column(per: Option<&ArrayRef>) -> Result<&ArrayRef> {
    per.ok_or_else(|| mismatch("a ranking by groups needs their column"))
}

impl fmt::Debug for Groups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} groups", self.len())
    }
}
