//! Who lives together.
//!
//! Four customers of consecutive numbers are a neighbourhood. It is divided into homes by a stream of its own, so nobody
//! needs to know of the customers before, and a customer's home does not depend on how many customers there are.

use super::draw::{Draw, Purpose};
use super::stores::CITIES;

/// Customers of one neighbourhood.
pub const NEIGHBOURS: u64 = 4;

/// The homes of four neighbours by position, and how often neighbours live so.
const HOMES: &[(u32, [usize; 4])] =
    &[(30, [0, 1, 2, 3]), (30, [0, 0, 1, 2]), (20, [0, 0, 1, 1]), (15, [0, 0, 0, 1]), (5, [0, 0, 0, 0])];

/// A household.
pub struct Household {
    /// `H000123B`
    pub id: String,
    /// Position of its city in [`CITIES`].
    pub city: usize,
    /// Its district (kecamatan).
    pub district: &'static str,
    /// How many people live in it, customers or not.
    pub size: i64,
    /// Whether there are children.
    pub has_children: bool,
    /// Rupiah a month.
    pub income: i64,
    /// Whether the chain was told the income.
    pub income_told: bool,
}

/// The households of a neighbourhood.
pub struct Neighbourhood {
    /// Its households.
    pub homes: Vec<Household>,
    home_of: [usize; 4],
}

impl Neighbourhood {
    /// The neighbourhood that a customer lives in, by the customer's number (from 1).
    pub fn of(seed: u64, customer: u64) -> Self {
        let number = customer.saturating_sub(1) / NEIGHBOURS;
        let mut draw = Draw::new(seed, Purpose::Household, number);
        let home_of = draw.weighted(HOMES);
        let count = home_of.iter().max().map_or(0, |last| last + 1);
        let homes = (0..count).map(|home| {
            let members = home_of.iter().filter(|of| **of == home).count();
            Household::new(&mut draw, number, home, members)
        });
        Neighbourhood { homes: homes.collect(), home_of }
    }

    /// The position of the home of a customer.
    pub fn home_of(&self, customer: u64) -> usize {
        self.home_of[(customer.saturating_sub(1) % NEIGHBOURS) as usize]
    }
}

impl Household {
    fn new(draw: &mut Draw, neighbourhood: u64, home: usize, members: usize) -> Self {
        let city = draw.position(CITIES.iter().map(|city| city.weight));
        let district = draw.pick(CITIES[city].districts);
        let others = draw.weighted(&[(30, 0), (25, 1), (25, 2), (15, 3), (5, 4)]);
        let size = members as i64 + others;
        let has_children = size >= 3 && draw.in_thousand(700) || size == 2 && draw.in_thousand(120);
        // Half a middle income at least, with a heavy tail.
        let income = (6_500_000 * draw.tail(12_000) as i64 / 1_000 + draw.between(0, 3_000_000)) / 100_000 * 100_000;
        let letter = ["A", "B", "C", "D"].get(home).copied().unwrap_or_default();
        let id = format!("H{:06}{letter}", neighbourhood + 1);
        Household { id, city, district, size, has_children, income, income_told: draw.in_thousand(920) }
    }
}
