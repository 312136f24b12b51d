//! What rows ask of subjects, where that moves with the clock: values about everybody of a kind, from instant to instant, and whose each
//! row is.
//!
//! ```text
//! count(sales where customer.spend_90d > 500)       about a shop
//! of rows               whose each sale is          a position among the customers
//! of customers          spend_90d                   T: 620, 14 April: 480
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, UInt32Array};
use datafusion::arrow::compute::{cast, take};
use datafusion::arrow::datatypes::{DataType, UInt32Type};
use datafusion::error::DataFusionError;

use super::Error;
use super::held::Subjects;
use super::replay::Moments;
use super::timeline::Timeline;
use crate::engine::kernel::column::Column;
use crate::engine::kernel::error::Result;
use crate::ir::{Ir, Node, NodeId, SubjectId};

/// The kinds of subject of which rows ask something that moves.
pub(super) type Owners = BTreeMap<SubjectId, OwnersOfKind>;

/// Everybody of a kind.
pub(super) struct OwnersOfKind {
    pub subjects: Subjects,
    pub key_types: Vec<DataType>,
    /// What is asked, in the scope of the subject; a column of the timeline each.
    pub values: Vec<NodeId>,
    /// None: it would be too much work.
    pub timeline: Option<Timeline>,
}

impl OwnersOfKind {
    /// Whose rows with these keys are, by position; unknown: nobody's.
    fn whose(&self, keys: &[ArrayRef]) -> std::result::Result<UInt32Array, Error> {
        let casted = keys.iter().zip(&self.key_types).map(|(key, data_type)| cast(key, data_type));
        let casted = casted.collect::<std::result::Result<Vec<_>, _>>().map_err(DataFusionError::from)?;
        let found = self.subjects.of(&casted)?;
        let is_known = |row: usize| keys.iter().all(|key| key.is_valid(row));
        Ok(found.into_iter().enumerate().map(|(row, whose)| whose.filter(|_| is_known(row))).collect())
    }
}

/// By which nodes rows ask, and whom.
#[derive(Clone, Copy)]
pub(super) struct Asks<'a> {
    pub ir: &'a Ir,
    pub asked: &'a BTreeSet<NodeId>,
    pub owners: &'a Owners,
}

impl Asks<'_> {
    /// Adds to what stands still of rows, for each node that asks and whose keys are among it, whose the rows are.
    pub fn add_whose(&self, still: &mut BTreeMap<NodeId, ArrayRef>) -> std::result::Result<(), Error> {
        for asks in self.asked {
            let Node::OfSubject { subject, keys, .. } = self.ir.node(*asks) else { continue };
            let keys: Option<Vec<ArrayRef>> = keys.iter().map(|key| still.get(key).cloned()).collect();
            if let (Some(keys), Some(owners)) = (keys, self.owners.get(subject)) {
                still.insert(*asks, Arc::new(owners.whose(&keys)?));
            }
        }
        Ok(())
    }
}

/// What is asked of subjects, for rows of which is known whose they are.
pub(super) struct Asking<'a> {
    timeline: &'a Timeline,
    column: &'a ArrayRef,
    /// A position for each row.
    whose: &'a UInt32Array,
}

impl<'a> Asking<'a> {
    /// Of a node that asks; none: it is no such node, or stands still.
    pub fn of(ir: &Ir, asks: NodeId, owners: &'a Owners, still: &'a BTreeMap<NodeId, ArrayRef>) -> Option<Self> {
        let Node::OfSubject { subject, value, .. } = ir.node(asks) else { return None };
        let owners = owners.get(subject)?;
        let timeline = owners.timeline.as_ref()?;
        let column = timeline.column(owners.values.iter().position(|asked| asked == value)?)?;
        Some(Asking { timeline, column, whose: still.get(&asks)?.as_primitive_opt::<UInt32Type>()? })
    }

    /// The values at moments of rows.
    pub fn values(&self, ty: crate::ir::Type, moments: &Moments) -> Result<Column> {
        let places = moments.iter().map(|(row, instant)| {
            let whose = self.whose.is_valid(row).then(|| self.whose.value(row))?;
            Some(self.timeline.at(whose as usize, instant) as u32)
        });
        let places: UInt32Array = places.collect();
        Column::from_array(ty, &take(self.column, &places, None)?)
    }

    /// The instants after T at which what is asked of a row's subject may be another.
    pub fn changes(&self, row: usize) -> impl Iterator<Item = i64> + '_ {
        let whose = self.whose.is_valid(row).then(|| self.whose.value(row) as usize);
        let rows = whose.map_or(0..0, |whose| self.timeline.of_subject(whose));
        rows.skip(1).map(|row| self.timeline.instant(row))
    }
}
