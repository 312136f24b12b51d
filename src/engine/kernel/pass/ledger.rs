//! What the parts of a recipe cost, told as what features cost.

use std::time::Duration;

use super::recipe::{Place, Recipe};
use crate::engine::kernel::spent::Spent;

/// The numbers under which time is noted: masks, then measures, states, and features.
pub(super) struct Ledger {
    masks: usize,
    measures: usize,
    states: usize,
    places: usize,
}

impl Ledger {
    pub fn of(recipe: &Recipe) -> Self {
        let (masks, measures) = (recipe.masks.len(), recipe.measures.len());
        Ledger { masks, measures, states: recipe.states.len(), places: recipe.places.len() }
    }

    pub fn mask(&self, at: usize) -> usize {
        at
    }

    pub fn measure(&self, at: usize) -> usize {
        self.masks + at
    }

    pub fn state(&self, at: usize) -> usize {
        self.masks + self.measures + at
    }

    pub fn place(&self, at: usize) -> usize {
        self.masks + self.measures + self.states + at
    }

    fn things(&self) -> usize {
        self.masks + self.measures + self.states + self.places
    }
}

impl Recipe {
    /// Where the time can be noted that its parts take.
    pub fn ledger(&self) -> Spent {
        Spent::on(Ledger::of(self).things())
    }

    /// What each feature has cost, in the order asked: what several share is divided among them.
    pub fn costs(&self, spent: &Spent) -> Vec<Duration> {
        let ledger = Ledger::of(self);
        let measure_of = |place: &Place| match place {
            Place::Cells { measure, .. } => Some(*measure),
            Place::State(_) => None,
        };
        let mask_of = |place: &Place| match place {
            Place::Cells { measure, .. } => self.measures.get(*measure).map(|measure| measure.mask),
            Place::State(at) => self.states.get(*at).map(|state| state.mask),
        };
        let sharing = |of: &dyn Fn(&Place) -> Option<usize>, thing: Option<usize>| {
            self.places.iter().filter(|other| of(other) == thing).count().max(1) as u32
        };
        let cost = |(at, place): (usize, &Place)| {
            let (measure, mask) = (measure_of(place), mask_of(place));
            let of_measure = measure.map(|of| spent.of(ledger.measure(of)) / sharing(&measure_of, measure));
            let of_mask = mask.map(|of| spent.of(ledger.mask(of)) / sharing(&mask_of, mask));
            let of_state = match place {
                Place::State(state) => spent.of(ledger.state(*state)),
                Place::Cells { .. } => Duration::ZERO,
            };
            spent.of(ledger.place(at)) + of_state + of_measure.unwrap_or_default() + of_mask.unwrap_or_default()
        };
        self.places.iter().enumerate().map(cost).collect()
    }
}
