//! Where files of values are named.

use crate::catalog::model::{Catalog, DerivedTable, KeyList, PartitionDef, PartitionKind, TableKind};
use crate::rules::model::{RowsDef, RuleFile};
use crate::syntax::ast::{Expr, FileName};
use crate::syntax::files_named;

/// Every file of values that a catalogue, what it includes, and rule files name.
pub(super) fn all(catalog: Option<&Catalog>, rules: &[RuleFile]) -> Vec<FileName> {
    let mut expressions: Vec<&Expr> = Vec::new();
    let mut names: Vec<&FileName> = Vec::new();
    if let Some(catalog) = catalog {
        for table in &catalog.tables {
            if let TableKind::Derived(table) = &table.kind {
                of_table(table, &mut expressions);
            }
        }
        expressions.extend(catalog.attributes.iter().map(|def| &def.is));
        expressions.extend(catalog.metrics.iter().map(|def| &def.is));
        catalog.partitions.iter().for_each(|def| of_partition(def, &mut expressions));
    }
    for file in rules {
        for segment in &file.segments {
            expressions.push(&segment.when);
            let keys = segment.include.iter().chain(&segment.exclude);
            names.extend(keys.filter_map(|keys| match keys {
                KeyList::File(name) => Some(name),
                KeyList::Values(_) => None,
            }));
        }
        file.partitions.iter().for_each(|def| of_partition(def, &mut expressions));
        let given = file.tests.tests.iter().flat_map(|test| &test.steps).flat_map(|step| &step.given);
        names.extend(given.filter_map(|given| match &given.rows {
            RowsDef::File(name) => Some(name),
            RowsDef::Written(_) => None,
        }));
    }
    expressions.into_iter().for_each(|expr| files_named(expr, &mut names));
    names.into_iter().cloned().collect()
}

fn of_table<'c>(table: &'c DerivedTable, expressions: &mut Vec<&'c Expr>) {
    expressions.extend(&table.filter);
    expressions.extend(table.columns.iter().map(|(_, is)| is));
    if let Some(grouping) = &table.grouping {
        expressions.extend(grouping.keys.iter().map(|(_, is)| is));
        expressions.extend(&grouping.time);
    }
}

fn of_partition<'c>(def: &'c PartitionDef, expressions: &mut Vec<&'c Expr>) {
    match &def.kind {
        PartitionKind::Tiers(tiers) => expressions.extend(tiers.iter().filter_map(|tier| tier.when.as_ref())),
        PartitionKind::Bands(bands) => {
            expressions.push(&bands.is);
            expressions.extend(&bands.bounds);
        }
        PartitionKind::Values(is) => expressions.push(is),
        PartitionKind::Chart(_) => {}
    }
}
