//! What the planner asks of an aggregate function.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, FieldRef, i256};
use datafusion::common::{DataFusionError, Result, ScalarValue};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::{AggregateOrderSensitivity, format_state_name};
use datafusion::logical_expr::{Accumulator, AggregateUDFImpl, GroupsAccumulator, Signature, Volatility};
use num_rational::BigRational;
use num_traits::Zero;

use super::grouped::{OneGroup, States};
use super::output_type;
use crate::engine::kernel::number::encode_exact;
use crate::engine::kernel::state::new_state;
use crate::ir::Aggregation;

/// An aggregation as a function. Its name says everything about it, so that two of them are never confused.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct FeatureFunction {
    aggregation: Aggregation,
    name: String,
    signature: Signature,
}

impl FeatureFunction {
    /// The function of an aggregation.
    pub fn new(aggregation: Aggregation) -> Self {
        let name = match aggregation {
            Aggregation::Count => "kohort_count".into(),
            Aggregation::CountDistinct => "kohort_count_distinct".into(),
            Aggregation::Sum => "kohort_sum".into(),
            Aggregation::Min => "kohort_min".into(),
            Aggregation::Max => "kohort_max".into(),
            Aggregation::First => "kohort_first".into(),
            Aggregation::Last => "kohort_last".into(),
            Aggregation::Mode => "kohort_mode".into(),
            Aggregation::ModeCount => "kohort_mode_count".into(),
            Aggregation::Percentile(millionths) => format!("kohort_percentile_{millionths}"),
        };
        FeatureFunction { aggregation, name, signature: Signature::variadic_any(Volatility::Immutable) }
    }

    fn states(&self, arguments: &AccumulatorArgs) -> Result<States> {
        let types = arguments.expr_fields.iter().map(|field| field.data_type().clone()).collect();
        States::new(self.aggregation, types)
    }
}

impl AggregateUDFImpl for FeatureFunction {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        new_state(self.aggregation, arguments).map_err(external)?;
        Ok(output_type(self.aggregation, arguments.first()))
    }

    fn is_nullable(&self) -> bool {
        !matches!(
            self.aggregation,
            Aggregation::Count | Aggregation::CountDistinct | Aggregation::ModeCount | Aggregation::Sum
        )
    }

    fn default_value(&self, data_type: &DataType) -> Result<ScalarValue> {
        if self.is_nullable() {
            return ScalarValue::try_from(data_type);
        }
        Ok(match data_type {
            DataType::Decimal128(digits, scale) => ScalarValue::Decimal128(Some(0), *digits, *scale),
            DataType::Decimal256(digits, scale) => ScalarValue::Decimal256(Some(i256::ZERO), *digits, *scale),
            DataType::Binary => ScalarValue::Binary(Some(encode_exact(&BigRational::zero()))),
            _ => ScalarValue::Int64(Some(0)),
        })
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }

    fn state_fields(&self, arguments: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let inputs: Vec<_> = arguments.input_fields.iter().map(|field| field.data_type().clone()).collect();
        let types = new_state(self.aggregation, &inputs).map_err(external)?.state_types();
        let fields = types.into_iter().enumerate().map(|(index, data_type)| {
            Arc::new(Field::new(format_state_name(arguments.name, &format!("state_{index}")), data_type, true))
        });
        Ok(fields.collect())
    }

    fn accumulator(&self, arguments: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(OneGroup::new(self.states(&arguments)?)))
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs) -> bool {
        true
    }

    fn create_groups_accumulator(&self, arguments: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(self.states(&arguments)?))
    }
}

/// An error of the kernel as DataFusion carries it.
pub fn external(error: crate::engine::kernel::error::KernelError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}
