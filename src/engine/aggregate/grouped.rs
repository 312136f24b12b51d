//! States behind the two interfaces that DataFusion drives aggregates by: many groups at once, and one.

use datafusion::arrow::array::{ArrayRef, BooleanArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{Accumulator, EmitTo, GroupsAccumulator};

use super::function::external;
use crate::engine::kernel::state::{FeatureState, Take, new_state};
use crate::ir::Aggregation;

/// The state of many groups.
#[derive(Debug)]
pub struct States {
    aggregation: Aggregation,
    inputs: Vec<DataType>,
    state: Box<dyn FeatureState>,
}

impl States {
    /// No groups, for arguments of these types.
    pub fn new(aggregation: Aggregation, inputs: Vec<DataType>) -> Result<Self> {
        let state = new_state(aggregation, &inputs).map_err(external)?;
        Ok(States { aggregation, inputs, state })
    }
}

impl GroupsAccumulator for States {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        total_groups: usize,
    ) -> Result<()> {
        self.state.add(values, groups, filter, total_groups).map_err(external)
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        self.state.finish(take(emit)).map_err(external)
    }

    fn state(&mut self, emit: EmitTo) -> Result<Vec<ArrayRef>> {
        self.state.state(take(emit)).map_err(external)
    }

    fn merge_batch(&mut self, states: &[ArrayRef], groups: &[usize], total_groups: usize) -> Result<()> {
        self.state.merge(states, groups, total_groups).map_err(external)
    }

    fn convert_to_state(&self, values: &[ArrayRef], filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let rows = values.first().map_or(0, |array| array.len());
        let groups: Vec<usize> = (0..rows).collect();
        let mut rowwise = States::new(self.aggregation, self.inputs.clone())?;
        rowwise.update_batch(values, &groups, filter, rows)?;
        GroupsAccumulator::state(&mut rowwise, EmitTo::All)
    }

    fn size(&self) -> usize {
        self.state.size()
    }
}

fn take(emit: EmitTo) -> Take {
    match emit {
        EmitTo::All => Take::All,
        EmitTo::First(groups) => Take::First(groups),
    }
}

/// The state of a single group.
#[derive(Debug)]
pub struct OneGroup {
    states: States,
}

impl OneGroup {
    /// The only group of these states, which have none yet.
    pub fn new(states: States) -> Self {
        OneGroup { states }
    }

    /// Makes sure that the group is there, also where it had no rows.
    fn touch(&mut self) -> Result<()> {
        let nothing: Vec<ArrayRef> = self.states.inputs.iter().map(datafusion::arrow::array::new_empty_array).collect();
        self.states.update_batch(&nothing, &[], None, 1)
    }
}

impl Accumulator for OneGroup {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let rows = values.first().map_or(0, |array| array.len());
        self.states.update_batch(values, &vec![0; rows], None, 1)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.touch()?;
        ScalarValue::try_from_array(&self.states.evaluate(EmitTo::All)?, 0)
    }

    fn size(&self) -> usize {
        self.states.size()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.touch()?;
        let columns = GroupsAccumulator::state(&mut self.states, EmitTo::All)?;
        columns.iter().map(|column| ScalarValue::try_from_array(column, 0)).collect()
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let rows = states.first().map_or(0, |array| array.len());
        self.states.merge_batch(states, &vec![0; rows], 1)
    }
}
