//! Putting one column together from parts of others.

use std::sync::Arc;

use datafusion::arrow::buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use datafusion::arrow::datatypes::ArrowNativeType;
use num_rational::BigRational;
use num_traits::Zero;

use super::compare::Cell;
use super::{Numbers, power_of_ten};
use crate::engine::kernel::broadcast::position;

impl Numbers {
    /// The rows at these places, in this order.
    pub(in crate::engine::kernel) fn take(&self, places: &[u32]) -> Numbers {
        let nulls = self.nulls().map(|nulls| {
            NullBuffer::new(BooleanBuffer::collect_bool(places.len(), |row| nulls.is_valid(places[row] as usize)))
        });
        match self {
            Numbers::Small { values, scale, .. } => {
                Numbers::Small { values: pick(values, places), scale: *scale, nulls }
            }
            Numbers::Decimal { values, scale, .. } => {
                Numbers::Decimal { values: pick(values, places), scale: *scale, nulls }
            }
            Numbers::Ratio { numerators, denominators, .. } => {
                Numbers::Ratio { numerators: pick(numerators, places), denominators: pick(denominators, places), nulls }
            }
            Numbers::Exact { values, .. } => {
                let values = Arc::new(places.iter().map(|place| values[*place as usize].clone()).collect());
                Numbers::Exact { values, nulls }
            }
        }
    }

    /// In each row the number of the column chosen there, unknown where none is or that one is.
    pub(in crate::engine::kernel) fn gather(columns: &[&Numbers], choices: &[Option<usize>]) -> Numbers {
        let chosen: Vec<Option<(&Numbers, usize)>> = choices
            .iter()
            .enumerate()
            .map(|(row, choice)| {
                let column = columns.get((*choice)?)?;
                let row = position(column.len(), row);
                column.is_known(row).then_some((*column, row))
            })
            .collect();
        let nulls: NullBuffer = chosen.iter().map(Option::is_some).collect::<Vec<_>>().into();
        let nulls = Some(nulls).filter(|nulls| nulls.null_count() > 0);
        decimals(columns, &chosen, &nulls).or_else(|| ratios(columns, &chosen, &nulls)).unwrap_or_else(|| {
            let value = |(column, row): (&Numbers, usize)| column.get(row).unwrap_or_else(BigRational::zero);
            Numbers::exact(chosen.iter().map(|at| at.map_or_else(BigRational::zero, value)).collect(), nulls)
        })
    }
}

fn pick<T: ArrowNativeType>(values: &ScalarBuffer<T>, places: &[u32]) -> ScalarBuffer<T> {
    places.iter().map(|place| values[*place as usize]).collect()
}

type Chosen<'a> = [Option<(&'a Numbers, usize)>];

/// On the finest scale, if all are decimals and fit there.
fn decimals(columns: &[&Numbers], chosen: &Chosen, nulls: &Option<NullBuffer>) -> Option<Numbers> {
    let scales = columns.iter().map(|column| match column {
        Numbers::Small { scale, .. } | Numbers::Decimal { scale, .. } => Some(*scale),
        _ => None,
    });
    let scale = scales.collect::<Option<Vec<u8>>>()?.into_iter().max()?;
    let value = |at: &Option<(&Numbers, usize)>| match at.map(|(column, row)| column.cell(row)) {
        Some(Cell::Decimal(value, own)) if own == scale => Some(value),
        Some(Cell::Decimal(value, own)) => value.checked_mul(power_of_ten(u32::from(scale - own))?),
        Some(_) => None,
        None => Some(0),
    };
    let values = chosen.iter().map(value).collect::<Option<Vec<i128>>>()?;
    Some(Numbers::Decimal { values: values.into(), scale, nulls: nulls.clone() })
}

/// As pairs, if no column is exact.
fn ratios(columns: &[&Numbers], chosen: &Chosen, nulls: &Option<NullBuffer>) -> Option<Numbers> {
    if columns.iter().any(|column| matches!(column, Numbers::Exact { .. })) {
        return None;
    }
    let pair = |at: &Option<(&Numbers, usize)>| match at {
        Some((column, row)) => column.cell(*row).fraction(),
        None => Some((0, 1)),
    };
    let (numerators, denominators): (Vec<i128>, Vec<i128>) =
        chosen.iter().map(pair).collect::<Option<Vec<_>>>()?.into_iter().unzip();
    Some(Numbers::Ratio { numerators: numerators.into(), denominators: denominators.into(), nulls: nulls.clone() })
}
