//! What is to be counted of a table's rows, arranged so that nothing is done twice.

use std::collections::HashMap;

use datafusion::arrow::datatypes::DataType;

use super::cells::Fold;
use super::slices::Slices;
use crate::engine::kernel::calendar::Bounds;
use crate::engine::kernel::error::Result;
use crate::engine::kernel::state::{self, FeatureState, new_state};
use crate::ir::Aggregation;

/// A column of values to be aggregated.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Its canonical type.
    pub data_type: DataType,
    /// Of numbers: how many digits none of them has more of, where that is known.
    pub digits: Option<u8>,
}

/// A feature to be made.
#[derive(Clone, Debug)]
pub struct Sought {
    /// How.
    pub aggregation: Aggregation,
    /// Of what, by position among the arguments; none counts rows.
    pub argument: Option<usize>,
    /// Of which rows by value, by position among the filters.
    pub filter: Option<usize>,
    /// Of which rows by time.
    pub window: Option<Bounds>,
}

/// How some features of a table's rows are made.
#[derive(Debug)]
pub struct Recipe {
    pub(super) filters: usize,
    pub(super) arguments: Vec<Argument>,
    pub(super) layout: Layout,
    /// Which rows count, as bits to be found in words: each combination once.
    pub(super) masks: Vec<Mask>,
    /// For each mask the slices outside of which nobody asks for its rows.
    pub(super) live: Vec<(u16, u16)>,
    /// From slices to cells: each way once.
    pub(super) maps: Vec<CellMap>,
    pub(super) measures: Vec<Measure>,
    pub(super) states: Vec<StateOf>,
    /// Where each feature is made, in the order asked.
    pub(super) places: Vec<Place>,
    pub(super) slices: Slices,
}

/// The columns of narrow rows, in order: slices, words, numbers, values, row order.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// Whether rows are told apart by time.
    pub sliced: bool,
    /// How many words of bits.
    pub words: usize,
    /// Arguments that are kept as 64 bits.
    pub numbers: Vec<usize>,
    /// Arguments that are kept as they are.
    pub values: Vec<usize>,
    /// Whether row order is kept.
    pub ordered: bool,
    /// Arguments of which a bit says whether they are known; the bits come after those of the filters.
    pub known: Vec<usize>,
}

/// Bits that must all be set.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Mask(pub Vec<(usize, u64)>);

/// The cell that each slice's rows are added to, and how many cells there are; the last is nobody's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct CellMap {
    pub cells: Vec<u16>,
    pub stride: usize,
    /// The slices outside of which no row has a cell of its own.
    pub live: (u16, u16),
}

/// Rows by one filter, argument and aggregation.
#[derive(Debug)]
pub(super) struct Measure {
    pub fold: Fold,
    pub mask: usize,
    pub map: usize,
    /// Position among the numbers.
    pub number: Option<usize>,
}

/// A feature with a state of its own.
#[derive(Debug)]
pub(super) struct StateOf {
    pub aggregation: Aggregation,
    pub mask: usize,
    pub run: (u16, u16),
    /// Position among the values.
    pub value: Option<usize>,
    pub ordered: bool,
}

/// Where a feature is made.
#[derive(Debug)]
pub(super) enum Place {
    /// A run of a measure's cells, in a type.
    Cells {
        measure: usize,
        run: (u16, u16),
        data_type: DataType,
    },
    State(usize),
}

/// Filter, argument and fold.
type MeasureKey = (Option<usize>, Option<usize>, Fold);

impl Recipe {
    /// How to make some features of rows with so many filters. None where their windows are too many for one pass.
    pub fn new(filters: usize, arguments: Vec<Argument>, sought: &[Sought]) -> Option<Self> {
        let slices = Slices::new(sought.iter().filter_map(|sought| sought.window))?;
        let mut measures: Vec<(MeasureKey, Vec<(u16, u16)>)> = Vec::new();
        let mut at: HashMap<MeasureKey, usize> = HashMap::new();
        for sought in sought {
            let Some(fold) = fold(sought, &arguments) else { continue };
            let key = (sought.filter, sought.argument, fold);
            let measure = *at.entry(key).or_insert_with(|| {
                measures.push((key, Vec::new()));
                measures.len() - 1
            });
            if let Some((_, runs)) = measures.get_mut(measure) {
                runs.push(slices.run(sought.window));
            }
        }
        let sliced = sought.iter().any(|sought| sought.window.is_some());
        let mut recipe = Recipe {
            filters,
            layout: Layout { sliced, ..Layout::default() },
            masks: Vec::new(),
            live: Vec::new(),
            maps: Vec::new(),
            measures: Vec::new(),
            states: Vec::new(),
            places: Vec::new(),
            slices,
            arguments,
        };
        recipe.layout.known = known(sought, &recipe.arguments);
        recipe.layout.words = (filters + recipe.layout.known.len()).div_ceil(u64::BITS as usize);
        for ((filter, argument, fold), runs) in &measures {
            let mask = recipe.mask(*filter, *argument);
            let map = recipe.map(runs);
            let number = argument.filter(|_| *fold != Fold::Count).map(|at| position(&mut recipe.layout.numbers, at));
            recipe.measures.push(Measure { fold: *fold, mask, map, number });
        }
        for sought in sought {
            let run = recipe.slices.run(sought.window);
            let place = match fold(sought, &recipe.arguments) {
                Some(fold) => {
                    let measure = at.get(&(sought.filter, sought.argument, fold)).copied().unwrap_or_default();
                    let run = recipe.cells_of(measure, run);
                    Place::Cells { measure, run, data_type: recipe.output_type(sought) }
                }
                None => {
                    let mask = recipe.mask(sought.filter, None);
                    let value = sought.argument.map(|at| position(&mut recipe.layout.values, at));
                    let ordered = matches!(sought.aggregation, Aggregation::First | Aggregation::Last);
                    recipe.layout.ordered |= ordered;
                    recipe.states.push(StateOf { aggregation: sought.aggregation, mask, run, value, ordered });
                    Place::State(recipe.states.len() - 1)
                }
            };
            recipe.places.push(place);
        }
        recipe.live = (0..recipe.masks.len()).map(|mask| recipe.live_slices(mask)).collect();
        Some(recipe)
    }

    /// The slices outside of which nobody asks for the rows of a mask.
    fn live_slices(&self, mask: usize) -> (u16, u16) {
        let measures = self.measures.iter().filter(|measure| measure.mask == mask);
        let measures = measures.filter_map(|measure| self.maps.get(measure.map)).map(|map| map.live);
        let states = self.states.iter().filter(|state| state.mask == mask).map(|state| state.run);
        let asked = measures.chain(states).filter(|(from, to)| from < to);
        asked.reduce(|(from, to), (first, last)| (from.min(first), to.max(last))).unwrap_or_default()
    }

    /// The types of the features, in the order asked.
    pub fn output_types(&self, sought: &[Sought]) -> Vec<DataType> {
        sought.iter().map(|sought| self.output_type(sought)).collect()
    }

    fn output_type(&self, sought: &Sought) -> DataType {
        let input = sought.argument.and_then(|at| self.arguments.get(at));
        match (sought.aggregation, input) {
            // A sum of numbers of 18 digits has at most 38.
            (Aggregation::Sum, Some(input)) if is_small(input) => match input.data_type {
                DataType::Decimal128(_, scale) => DataType::Decimal128(38, scale),
                _ => DataType::Decimal128(38, 0),
            },
            (aggregation, input) => state::output_type(aggregation, input.map(|input| &input.data_type)),
        }
    }

    /// Bytes that a subject takes, but for what states keep.
    pub fn bytes_of_subject(&self) -> usize {
        let cells: usize = self.measures.iter().filter_map(|of| self.maps.get(of.map)).map(|map| map.stride).sum();
        cells * size_of::<i64>() + self.states.len() * size_of::<u64>()
    }

    /// How many times a row is looked at.
    pub fn measures(&self) -> usize {
        self.measures.len() + self.states.len()
    }

    /// How many slices time is cut into.
    pub fn slices(&self) -> usize {
        self.slices.len()
    }

    pub(super) fn new_state(&self, of: &StateOf) -> Result<Box<dyn FeatureState>> {
        let value = of.value.and_then(|at| self.layout.values.get(at)).and_then(|at| self.arguments.get(*at));
        let mut inputs: Vec<DataType> = value.map(|argument| argument.data_type.clone()).into_iter().collect();
        inputs.extend(of.ordered.then_some(DataType::Binary));
        new_state(of.aggregation, &inputs)
    }

    fn mask(&mut self, filter: Option<usize>, known: Option<usize>) -> usize {
        let known = known.and_then(|argument| self.layout.known.iter().position(|of| *of == argument));
        let bits = filter.into_iter().chain(known.map(|at| self.filters + at));
        let mut words: Vec<(usize, u64)> = Vec::new();
        for bit in bits {
            let (word, bit) = place_of(bit);
            match words.iter_mut().find(|(other, _)| *other == word) {
                Some((_, bits)) => *bits |= bit,
                None => words.push((word, bit)),
            }
        }
        position(&mut self.masks, Mask(words))
    }

    /// Cells for the slices that some runs need, one for all that are in the same runs.
    fn map(&mut self, runs: &[(u16, u16)]) -> usize {
        let mut ends: Vec<u16> = runs.iter().flat_map(|(from, to)| [*from, *to]).collect();
        ends.sort_unstable();
        ends.dedup();
        let mut cells = Vec::with_capacity(self.slices.len());
        let mut stride = 0;
        let mut last = None;
        for slice in 0..self.slices.len() as u16 {
            if !runs.iter().any(|(from, to)| (*from..*to).contains(&slice)) {
                cells.push(u16::MAX);
                continue;
            }
            let between = ends.partition_point(|end| *end <= slice);
            if last != Some(between) {
                last = Some(between);
                stride += 1;
            }
            cells.push(stride - 1);
        }
        for cell in &mut cells {
            *cell = (*cell).min(stride);
        }
        let live = |cell: &u16| *cell < stride;
        let first = cells.iter().position(live).unwrap_or(0) as u16;
        let last = cells.iter().rposition(live).map_or(first, |last| last as u16 + 1);
        position(&mut self.maps, CellMap { cells, stride: usize::from(stride) + 1, live: (first, last) })
    }

    /// The run of a measure's cells for a run of slices.
    fn cells_of(&self, measure: usize, (from, to): (u16, u16)) -> (u16, u16) {
        let map = self.measures.get(measure).and_then(|measure| self.maps.get(measure.map));
        let cell = |slice: u16| map.and_then(|map| map.cells.get(usize::from(slice)).copied());
        match (from < to).then(|| cell(from).zip(cell(to - 1))).flatten() {
            Some((first, last)) => (first, last + 1),
            None => (0, 0),
        }
    }
}

/// How a feature's cells are folded; none: it needs a state of its own.
fn fold(sought: &Sought, arguments: &[Argument]) -> Option<Fold> {
    let argument = sought.argument.and_then(|at| arguments.get(at));
    match (sought.aggregation, argument) {
        (Aggregation::Count, _) => Some(Fold::Count),
        (Aggregation::Sum, Some(argument)) if is_small(argument) => Some(Fold::Sum),
        (Aggregation::Min, Some(argument)) if has_64_bits(argument) => Some(Fold::Min),
        (Aggregation::Max, Some(argument)) if has_64_bits(argument) => Some(Fold::Max),
        _ => None,
    }
}

/// Numbers that fit 64 bits.
fn is_small(argument: &Argument) -> bool {
    match argument.data_type {
        DataType::Int64 => true,
        DataType::Decimal128(..) => argument.digits.is_some_and(|digits| digits <= 18),
        _ => false,
    }
}

fn has_64_bits(argument: &Argument) -> bool {
    is_small(argument)
        || matches!(argument.data_type, DataType::Date32 | DataType::Timestamp(..) | DataType::Duration(_))
}

/// Arguments that measures ask whether they are known.
fn known(sought: &[Sought], arguments: &[Argument]) -> Vec<usize> {
    let mut known = Vec::new();
    for sought in sought {
        if let (Some(argument), Some(_)) = (sought.argument, fold(sought, arguments)) {
            position(&mut known, argument);
        }
    }
    known
}

/// The word of a bit, and the bit in it.
pub(super) fn place_of(bit: usize) -> (usize, u64) {
    (bit / u64::BITS as usize, 1 << (bit % u64::BITS as usize))
}

/// Where something is in a list that has it once.
fn position<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    list.iter().position(|other| *other == item).unwrap_or_else(|| {
        list.push(item);
        list.len() - 1
    })
}
