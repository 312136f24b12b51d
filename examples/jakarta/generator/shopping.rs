//! Purchases: on which days, at which hours, where, and what is in the basket.

use super::calendar::{DAY, Day};
use super::cards::{self, Card};
use super::customer::{Customer, Habit, Kind, Tastes};
use super::draw::{Draw, Purpose};
use super::products::{CATEGORIES, LEBARAN_TREATS, MODEST_WEAR, Product};
use super::stores::{CITIES, Store};
use super::world::World;

/// Of a thousand purchases of a customer in a store, so many are made without showing the card.
const CARD_AT_HOME: u32 = 55;
/// Chance on an ordinary day that somebody without a card buys something, in a million: for each customer there is so
/// much trade with others.
const WALK_IN: u64 = 1_350;
/// In the days after a voucher was used, purchases are so many times as likely.
const VOUCHER: u64 = 6;
/// For so many days.
const VOUCHER_DAYS: i64 = 4;

/// Of a thousand purchases in stores, so many are made on a journey, in any city.
const AWAY: u32 = 25;

/// How likely each hour from 8 to 22 is: in stores, and online, where people buy in the evening.
const STORE_HOURS: [u32; 15] = [5, 15, 40, 60, 75, 70, 55, 55, 65, 85, 110, 120, 90, 30, 0];
const ONLINE_HOURS: [u32; 15] = [35, 40, 45, 45, 80, 60, 45, 45, 45, 50, 70, 110, 150, 160, 110];

/// A basket that was paid, or was going to be.
pub struct Basket<'w> {
    /// When, at the till or at the click.
    pub at: i64,
    /// `store`, `web` or `app`.
    pub channel: &'static str,
    /// Where; web and app sell from a store of their own.
    pub store: &'w Store,
    /// The card that was shown.
    pub card: Option<&'w str>,
    /// What is in it: no product twice.
    pub lines: Vec<Line<'w>>,
}

/// A line of a basket.
#[derive(Clone)]
pub struct Line<'w> {
    /// What was bought.
    pub product: &'w Product,
    /// How many of it.
    pub quantity: i64,
    /// Hundredths taken off.
    pub discount: i64,
}

impl Line<'_> {
    /// What so many of it cost, in rupiah, to the hundred.
    pub fn amount_of(&self, quantity: i64) -> i64 {
        quantity * self.product.price * (100 - self.discount) / 10_000 * 100
    }

    /// What the line costs, in rupiah.
    pub fn amount(&self) -> i64 {
        self.amount_of(self.quantity)
    }
}

impl Basket<'_> {
    /// Whether it was bought by web or app.
    pub fn online(&self) -> bool {
        self.channel != "store"
    }
}

/// All baskets of a customer, in the order of time. `answers`: when vouchers were used.
pub fn of_customer<'w>(world: &'w World, customer: &Customer, cards: &'w [Card], answers: &[i64]) -> Vec<Basket<'w>> {
    let mut draw = Draw::new(world.seed, Purpose::Shopping, customer.number);
    let habit = &customer.habit;
    let mut baskets = Vec::new();
    for day in world.calendar.between(customer.joined, habit.until) {
        let first = day.number == customer.joined && (habit.kind == Kind::OneTime || draw.in_thousand(850));
        let busy = (day.stores * u64::from(1_000 - habit.online) + day.online * u64::from(habit.online)) / 1_000;
        let season = 1_000 + habit.fasting.saturating_sub(1) * day.fasting;
        let chance = habit.rate * busy / 1_000 * season / 1_000 * voucher(answers, day);
        if !(draw.in_million(chance) || first) {
            continue;
        }
        // A card is got in a store, by those who go there at all.
        let online = draw.in_thousand(habit.online);
        let mut basket = basket(&mut draw, world, day, online, habit);
        let left = !first && !online && draw.in_thousand(CARD_AT_HOME);
        basket.card = cards::on(cards, basket.at).filter(|_| !left);
        baskets.push(basket);
    }
    baskets
}

/// Baskets of people without a card: as many as belong to one customer on average.
pub fn of_walk_ins(world: &World, number: u64) -> Vec<Basket<'_>> {
    let mut draw = Draw::new(world.seed, Purpose::WalkIn, number);
    let tastes = CATEGORIES.iter().map(|category| category.weight);
    let mut everybody = Tastes::default();
    everybody.iter_mut().zip(tastes).for_each(|(taste, weight)| *taste = weight * 10);
    let mut habit = Habit {
        kind: Kind::OneTime,
        rate: WALK_IN,
        fasting: 3,
        until: world.calendar.last(),
        online: 0,
        returns: 0,
        eager: 0,
        tastes: everybody,
        city: 0,
        favourite: 0,
        device: "android",
    };
    let mut baskets = Vec::new();
    for day in world.calendar.between(world.calendar.first(), world.calendar.last()) {
        let chance = habit.rate * day.stores / 1_000 * (1_000 + 2 * day.fasting) / 1_000;
        if !draw.in_million(chance) {
            continue;
        }
        habit.city = draw.position(CITIES.iter().map(|city| city.weight));
        habit.favourite = draw.below(8) as usize;
        let guest = draw.in_thousand(80);
        baskets.push(basket(&mut draw, world, day, guest, &habit));
    }
    baskets
}

fn voucher(answers: &[i64], day: &Day) -> u64 {
    let start = i64::from(day.number) * DAY;
    let recent = answers.iter().any(|at| *at < start + DAY && start <= at + VOUCHER_DAYS * DAY);
    if recent { VOUCHER } else { 1 }
}

fn basket<'w>(draw: &mut Draw, world: &'w World, day: &Day, online: bool, habit: &Habit) -> Basket<'w> {
    let hours = if online { &ONLINE_HOURS } else { &STORE_HOURS };
    let hour = 8 + draw.position(hours.iter().copied()) as i64;
    let at = i64::from(day.number) * DAY + hour * 3_600 + draw.between(0, 3_599);
    let channel = match (online, habit.device) {
        (false, _) => "store",
        (true, "desktop") => "web",
        (true, _) if draw.in_thousand(650) => "app",
        (true, _) => "web",
    };
    let store = if online {
        world.online_store()
    } else {
        let away = draw.in_thousand(AWAY);
        let city = if away { draw.below(CITIES.len() as u32) as usize } else { habit.city };
        world.store(draw, city, habit.favourite, day.number)
    };
    let mut tastes = habit.tastes;
    let feast = 10 + day.fasting as u32 / 14;
    tastes[MODEST_WEAR] = tastes[MODEST_WEAR] * (feast + 10) / 20;
    tastes[LEBARAN_TREATS] =
        if day.fasting == 0 { tastes[LEBARAN_TREATS] / 8 } else { tastes[LEBARAN_TREATS] * feast / 8 };
    Basket { at, channel, store, card: None, lines: lines(draw, world, &tastes) }
}

/// What is in a basket: one product follows another, often one that goes with it.
pub fn lines<'w>(draw: &mut Draw, world: &'w World, tastes: &Tastes) -> Vec<Line<'w>> {
    let count = draw.weighted(&[(36, 1), (25, 2), (16, 3), (9, 4), (6, 5), (4, 6), (2, 7), (2, 9)]);
    let mut category = draw.position(tastes.iter().copied());
    let mut lines: Vec<Line<'w>> = Vec::with_capacity(count);
    for _ in 0..count {
        let product = world.product(draw, category);
        let quantity = if product.price < 60_000 { draw.weighted(&[(50, 1), (28, 2), (13, 3), (9, 4)]) } else { 1 };
        let discount = draw.weighted(&[(86, 0), (9, 10), (5, 20)]);
        match lines.iter_mut().find(|line| line.product.sku == product.sku) {
            Some(line) => line.quantity += quantity,
            None => lines.push(Line { product, quantity, discount }),
        }
        category = match draw.in_thousand(400) {
            true => CATEGORIES[category].companion,
            false => draw.position(tastes.iter().copied()),
        };
    }
    lines
}
