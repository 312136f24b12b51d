//! The operator for the shared pass: every feature of every segment in one visit of each table.
//!
//! ```text
//! Pass               a row for each key: its columns, its features
//!   (subjects)       key, the subject's own columns
//!   (rows)           key, time, filters as Booleans, arguments     one child for each set of rows
//! ```
//!
//! It is a join and an aggregation in one. All children are read at once, and their rows made narrow and [scattered](radix) by a hash of
//! the key, so that the rows of one subject end up together, whichever table they are from. Then each thread takes one part of the
//! keys after the other: few enough subjects that all that is counted of them stays in the processor's cache, and counts with the kernel
//! ([`crate::engine::kernel::pass`]). So nothing ever holds subjects times features.
//!
//! Where the files of a table stand in order of the key, its rows need not be scattered nor wait: it is read [range by range](ranges).
//!
//! Keys of all children have one canonical type, which is checked where the operator is made.

mod drain;
mod exec;
mod gather;
mod in_ranges;
mod node;
mod radix;
mod ranges;
mod scatter;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::{DataFusionError, Result, internal_err};

use crate::engine::kernel::error::KernelError;
use crate::engine::kernel::pass::Recipe;
use crate::engine::kernel::spent::Spent;

pub(crate) use exec::PassPlanner;
pub(crate) use node::Pass;

/// What is made of the children.
#[derive(Debug)]
pub(crate) struct Passing {
    /// Names and types of the key columns.
    pub keys: Vec<(String, DataType)>,
    /// The first child has the subjects: the name of the column that is true of who is among them, and null of who is not. Its columns
    /// are the keys, then the subject's own.
    pub found: Option<String>,
    /// The other children.
    pub tables: Vec<Counting>,
}

/// What is counted of a child. Its columns are the keys, then the time, the filters, the arguments and row order.
#[derive(Debug)]
pub(crate) struct Counting {
    /// What its rows are, for people.
    pub label: String,
    /// Whether there is a column of times.
    pub timed: bool,
    /// How many filters.
    pub filters: usize,
    /// How many arguments.
    pub arguments: usize,
    /// Whether there is a column of row order.
    pub ordered: bool,
    /// How its features are made.
    pub recipe: Arc<Recipe>,
    /// Where it is noted what its parts take, if that is asked.
    pub spent: Option<Arc<Spent>>,
    /// Names and types of the features.
    pub features: Vec<(String, DataType)>,
}

impl Passing {
    /// How many children there are.
    pub fn children(&self) -> usize {
        usize::from(self.found.is_some()) + self.tables.len()
    }

    /// What is counted of a child; none: it has the subjects.
    fn counting(&self, child: usize) -> Option<&Counting> {
        match self.found {
            Some(_) => child.checked_sub(1).and_then(|table| self.tables.get(table)),
            None => self.tables.get(child),
        }
    }

    /// What a child's rows are, for people.
    fn label(&self, child: usize) -> &str {
        self.counting(child).map_or("subjects", |of| &of.label)
    }

    /// The columns that come out of children of such columns.
    ///
    /// # Errors
    ///
    /// The children do not have the columns that were promised.
    fn schema(&self, children: &[SchemaRef]) -> Result<SchemaRef> {
        if children.len() != self.children() {
            return internal_err!("a pass over {} children has {}", self.children(), children.len());
        }
        for (at, child) in children.iter().enumerate() {
            for (part, (name, expected)) in self.keys.iter().enumerate() {
                let found = child.fields().get(part).map(|field| field.data_type());
                if found != Some(expected) {
                    return internal_err!("key `{name}` of child {at} is {found:?}, not {expected}");
                }
            }
            let width = self.counting(at).map(|of| {
                usize::from(of.timed) + of.filters + of.arguments + usize::from(of.ordered) + self.keys.len()
            });
            if width.is_some_and(|width| width != child.fields().len()) {
                return internal_err!("child {at} has {} columns, not {width:?}", child.fields().len());
            }
        }
        let mut fields: Vec<Field> =
            self.keys.iter().map(|(name, data_type)| Field::new(name, data_type.clone(), true)).collect();
        if let (Some(found), Some(subjects)) = (&self.found, children.first()) {
            fields.push(Field::new(found, DataType::Boolean, true));
            let own = subjects.fields().iter().skip(self.keys.len());
            fields.extend(own.map(|field| field.as_ref().clone().with_nullable(true)));
        }
        for table in &self.tables {
            fields.extend(table.features.iter().map(|(name, data_type)| Field::new(name, data_type.clone(), true)));
        }
        Ok(Arc::new(Schema::new(fields)))
    }

    /// The columns of a child's rows while they wait.
    fn waiting(&self, child: usize, schema: &SchemaRef) -> SchemaRef {
        let Some(counting) = self.counting(child) else { return Arc::clone(schema) };
        let keys = schema.fields().iter().take(self.keys.len()).cloned();
        let fields: Vec<_> = keys.chain(counting.recipe.narrow_fields().into_iter().map(Arc::new)).collect();
        Arc::new(Schema::new(fields))
    }

    /// Bytes that are kept of a subject while it is counted, but for what grows with its rows.
    fn bytes_of_subject(&self) -> usize {
        let features: usize = self.tables.iter().map(|table| table.recipe.bytes_of_subject()).sum();
        features + 32 * self.keys.len()
    }

    /// One line about it.
    fn describe(&self) -> String {
        let keys: Vec<&str> = self.keys.iter().map(|(name, _)| name.as_str()).collect();
        let table = |of: &Counting| {
            let (features, measures, slices) = (of.features.len(), of.recipe.measures(), of.recipe.slices());
            format!("{}: features={features} measures={measures} slices={slices}", of.label)
        };
        let tables: Vec<String> = self.tables.iter().map(table).collect();
        format!("by [{}], {}", keys.join(", "), tables.join("; "))
    }
}

/// Two rows of the subjects have one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a subject has several rows")]
pub(crate) struct RepeatedSubject;

impl RepeatedSubject {
    /// Whether this is why a plan failed.
    pub fn is_behind(error: &DataFusionError) -> bool {
        matches!(error.find_root(), DataFusionError::External(inner) if inner.is::<RepeatedSubject>())
    }
}

fn external(error: KernelError) -> DataFusionError {
    super::compute::external(error)
}
