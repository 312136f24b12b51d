//! What decides a rank while it is frozen.

use datafusion::arrow::array::ArrayRef;
use datafusion::arrow::datatypes::DataType;

use super::mismatch;
use super::percentile::percentile;
use super::population::Typed;
use super::positions::{positions, score_by_place, score_start};
use super::select::select;
use super::value::Ranked;
use crate::engine::kernel::error::Result;
use crate::engine::kernel::state::bytes::binary_array;
use crate::ir::RankForm;

/// The cut points of a ranking.
#[derive(Clone, Debug)]
pub struct CutPoints {
    /// The value of `per` of each group, ascending, unknown first; none: there is one group and no `per`.
    pub per: Option<ArrayRef>,
    /// A group that nobody is in is not here, unless it is the only one.
    pub groups: Vec<CutGroup>,
}

/// The cut points of a group.
#[derive(Clone, Debug)]
pub struct CutGroup {
    /// How many subjects they were computed from.
    pub population: u64,
    /// In ascending order and in the type of the ranked values: the least values of the second tile, the third and so on, those of
    /// the scores from 2 on, the least of the highest or the greatest of the lowest. Of a percentile the number itself (Binary).
    /// Fewer where the population is too small.
    pub bounds: ArrayRef,
}

/// The cut points of a population.
pub(super) fn of<T: Ranked>(population: Typed<T>, form: RankForm) -> Result<CutPoints> {
    if form == RankForm::PercentRank {
        return Err(mismatch("percent_rank has no cut points"));
    }
    let Typed { data_type, groups, mut values, .. } = population;
    let (order, per) = groups.sorted()?;
    let group = |number: usize| {
        let values = values.get_mut(number).map(std::mem::take).unwrap_or_default();
        Ok(CutGroup { population: values.len() as u64, bounds: bounds(values, form, &data_type)? })
    };
    Ok(CutPoints { per, groups: order.into_iter().map(group).collect::<Result<_>>()? })
}

fn bounds<T: Ranked>(mut values: Vec<T>, form: RankForm, data_type: &DataType) -> Result<ArrayRef> {
    let size = values.len();
    let wanted = positions(form, size);
    let selected = select(&mut values, &wanted);
    let at = |position: usize| wanted.binary_search(&position).ok().and_then(|at| selected.get(at)).map(|at| &at.value);
    match form {
        RankForm::Percentile(millionths) => {
            binary_array(percentile(millionths, size, data_type, at).into_iter().map(Some))
        }
        RankForm::Score(scores) if size > 0 && score_by_place(scores, size) => {
            let steps = (1..scores).filter_map(|step| at(score_start(step as usize, scores, size)).cloned());
            T::write(steps.collect(), data_type)
        }
        _ => T::write(selected.into_iter().map(|selected| selected.value).collect(), data_type),
    }
}
