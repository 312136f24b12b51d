//! Visits to stores, as the app of those who use it there tells them: with and without a purchase.

use super::calendar::DAY;
use super::customer::{Customer, Kind};
use super::draw::{Draw, Purpose};
use super::shopping::Basket;
use super::stores::Store;
use super::world::World;

/// Visits are kept for so many days.
const KEPT: i64 = 270;

/// A visit.
pub struct Visit<'w> {
    /// Where.
    pub store: &'w Store,
    /// When the customer came in.
    pub entered: i64,
    /// Minutes in the store.
    pub dwell: i64,
    /// Whether something was bought.
    pub purchased: bool,
}

/// The visits of a customer, in the order of time.
pub fn of<'w>(world: &'w World, customer: &Customer, baskets: &[Basket<'w>]) -> Vec<Visit<'w>> {
    let mut draw = Draw::new(world.seed, Purpose::Footfall, customer.number);
    let (end, habit) = (world.end(), &customer.habit);
    let mut visits = Vec::new();
    for basket in baskets.iter().filter(|basket| !basket.online() && basket.at >= end - KEPT * DAY) {
        let dwell = draw.between(6, 30) + draw.between(0, 40);
        visits.push(Visit { store: basket.store, entered: basket.at - dwell * 60, dwell, purchased: true });
        if draw.in_thousand(300) {
            let entered = basket.at + draw.between(2, 20) * DAY + draw.between(-3_600, 3_600);
            visits.push(Visit { store: basket.store, entered, dwell: draw.between(3, 35), purchased: false });
        }
    }
    // Some look around without buying.
    let looks = if matches!(habit.kind, Kind::Seasonal | Kind::New) { draw.below(6) } else { draw.below(2) };
    for _ in 0..looks {
        let day = world.calendar.last() - draw.below(KEPT as u32) as i32;
        let entered = i64::from(day) * DAY + draw.between(10 * 3_600, 20 * 3_600);
        let store = world.store(&mut draw, habit.city, habit.favourite, day);
        if day > customer.joined && habit.online < 1_000 {
            visits.push(Visit { store, entered, dwell: draw.between(3, 35), purchased: false });
        }
    }
    visits.retain(|visit| visit.entered + visit.dwell * 60 < end);
    visits.sort_by_key(|visit| visit.entered);
    visits
}
