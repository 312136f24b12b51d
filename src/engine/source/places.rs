//! Where rows with certain keys stand in their files: told when there should be one and there are several.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::array::ArrayRef;
use datafusion::execution::context::SessionState;
use futures::StreamExt;

use super::inspect::in_order;
use super::{Bound, Found};
use crate::engine::read::Converter;
use crate::ir::BaseTable;
use crate::plan::keys_as_text;

/// How many places of one key are told.
const MOST: usize = 4;

/// The places of each key: of a file, the rows or lines.
type Places = BTreeMap<String, Vec<(Arc<str>, u64)>>;

impl Found {
    /// The keys, each with the places of its rows where they have any: `` 17 (`customers.csv`, lines 2 and 5) ``.
    pub(in super::super) async fn with_places(
        &self,
        state: &SessionState,
        table: &BaseTable,
        columns: &[u32],
        keys: &[String],
    ) -> Vec<String> {
        let wanted: Places = keys.iter().map(|key| (key.clone(), Vec::new())).collect();
        let (word, places) = match self.bound.get(&table.name) {
            Some(Bound::Text(_)) => ("line", self.in_text(table, columns, wanted).await),
            Some(Bound::Columnar(_)) => ("row", self.in_columns(state, table, columns, wanted).await),
            _ => ("", wanted),
        };
        keys.iter().map(|key| told(key, word, places.get(key).map_or(&[][..], Vec::as_slice))).collect()
    }

    async fn in_text(&self, table: &BaseTable, columns: &[u32], wanted: Places) -> Places {
        let Some(Bound::Text(text)) = self.bound.get(&table.name) else { return wanted };
        let shared = Arc::new(Mutex::new(wanted));
        let into = Arc::clone(&shared);
        let positions: Vec<usize> = columns.iter().map(|at| *at as usize).collect();
        let located = text.locate(&positions, move |batch, file, lines| {
            let mut places = into.lock().unwrap_or_else(PoisonError::into_inner);
            take(&mut places, batch.columns(), file, |row| lines.get(row).copied().unwrap_or_default());
        });
        // Columns that the files do not have hold no key.
        let _ = located.await;
        let places = shared.lock().unwrap_or_else(PoisonError::into_inner);
        places.clone()
    }

    async fn in_columns(&self, state: &SessionState, table: &BaseTable, columns: &[u32], wanted: Places) -> Places {
        let Some(Bound::Columnar(files)) = self.bound.get(&table.name) else { return wanted };
        let mut places = wanted;
        for (at, file) in files.located.files.iter().enumerate() {
            let Some(only) = files.only(at) else { continue };
            let name: Arc<str> = Arc::from(file.shown.as_str());
            let read: Option<Vec<(usize, Converter)>> = columns
                .iter()
                .map(|at| {
                    let column = table.columns.get(*at as usize)?;
                    let schema = datafusion::catalog::TableProvider::schema(&only);
                    let position = schema.index_of(&column.source_name).ok()?;
                    let raw = schema.field(position).data_type();
                    Some((position, Converter::new(table, &column.name, raw, column.kind?)))
                })
                .collect();
            let Some(read) = read else { return places };
            let positions = read.iter().map(|(position, _)| *position).collect();
            let Ok(mut stream) = in_order(state, Arc::new(only), positions).await else { continue };
            let mut before = 0;
            while let Some(Ok(batch)) = stream.next().await {
                let keys: Vec<ArrayRef> = read
                    .iter()
                    .zip(batch.columns())
                    .filter_map(|((_, converter), array)| converter.convert(array).ok())
                    .collect();
                if keys.len() == read.len() {
                    take(&mut places, &keys, &name, |row| before + row as u64 + 1);
                }
                before += batch.num_rows() as u64;
            }
        }
        places
    }
}

/// Takes down the places of the rows of a batch whose keys are wanted.
fn take(places: &mut Places, keys: &[ArrayRef], file: &Arc<str>, place: impl Fn(usize) -> u64) {
    let Ok(texts) = keys_as_text(keys) else { return };
    for (row, text) in texts.iter().enumerate() {
        if let Some(found) = places.get_mut(text).filter(|found| found.len() <= MOST) {
            found.push((Arc::clone(file), place(row)));
        }
    }
}

fn told(key: &str, word: &str, places: &[(Arc<str>, u64)]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut last: Option<&Arc<str>> = None;
    for (file, row) in places.iter().take(MOST) {
        parts.push(match last == Some(file) {
            true => format!("{word} {row}"),
            false => format!("`{file}`, {word} {row}"),
        });
        last = Some(file);
    }
    if places.len() > MOST {
        parts.push("and others".to_owned());
    }
    if parts.is_empty() { key.to_owned() } else { format!("{key} ({})", parts.join(", ")) }
}
