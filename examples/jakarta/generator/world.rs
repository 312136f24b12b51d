//! What is the same for all customers, and all that is held in memory.

use super::calendar::Calendar;
use super::campaigns::{self, Campaign};
use super::draw::Draw;
use super::products::{self, CATEGORIES, Product};
use super::stores::{self, Store};

/// Days, products, stores and campaigns.
pub struct World {
    /// What all draws follow from.
    pub seed: u64,
    /// The days of the data.
    pub calendar: Calendar,
    /// By category.
    pub products: Vec<Vec<Product>>,
    /// The online store is the last.
    pub stores: Vec<Store>,
    /// In the order of time.
    pub campaigns: Vec<Campaign>,
}

impl World {
    /// The world of a seed.
    pub fn new(seed: u64, calendar: Calendar) -> Self {
        let campaigns = campaigns::plan(&calendar);
        World { seed, products: products::catalogue(), stores: stores::all(), campaigns, calendar }
    }

    /// The instant at which the data ends.
    pub fn end(&self) -> i64 {
        self.calendar.end()
    }

    /// The store that web shop and app sell from.
    pub fn online_store(&self) -> &Store {
        &self.stores[self.stores.len() - 1]
    }

    /// A store of a city: often its favourite, if it is open already; the oldest always is.
    pub fn store(&self, draw: &mut Draw, city: usize, favourite: usize, day: i32) -> &Store {
        let open = || self.stores.iter().filter(|store| store.city == Some(city) && store.opened <= day);
        let count = open().count().max(1);
        let at = if draw.in_thousand(780) { favourite % count } else { draw.below(count as u32) as usize };
        open().nth(at).unwrap_or(&self.stores[0])
    }

    /// A product of a category; the first ones sell best.
    pub fn product(&self, draw: &mut Draw, category: usize) -> &Product {
        let some = &self.products[category];
        let at = draw.below(some.len() as u32).min(draw.below(some.len() as u32));
        &some[at as usize]
    }

    /// The name of a product's category.
    pub fn category(product: &Product) -> &'static str {
        CATEGORIES[product.category].name
    }
}
