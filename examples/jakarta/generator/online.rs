//! Carts and page views of web shop and app.

use super::calendar::DAY;
use super::customer::Customer;
use super::draw::{Draw, Purpose};
use super::shopping::{self, Basket, Line};
use super::world::World;

/// Carts are kept for so many days.
const CARTS_KEPT: i64 = 180;
/// Page views are kept for so many days.
const VIEWS_KEPT: i64 = 30;

/// A cart.
pub struct Cart {
    /// When the first product was put in.
    pub created: i64,
    /// Rupiah.
    pub value: i64,
    /// How many things are in it.
    pub items: i64,
    /// `android`, `ios` or `desktop`.
    pub device: &'static str,
    /// `checked_out`, `abandoned` or `open`.
    pub status: &'static str,
    /// When it became an order, if it did.
    pub checked_out: Option<i64>,
}

/// A page that was looked at.
pub struct View<'w> {
    /// Counts the sessions of a customer.
    pub session: i64,
    /// When.
    pub at: i64,
    /// `android`, `ios` or `desktop`.
    pub device: &'static str,
    /// `home`, `category`, `product`, `cart` or `checkout`.
    pub page: &'static str,
    /// The product that was looked at.
    pub line: Option<Line<'w>>,
}

/// What one customer did online.
#[derive(Default)]
pub struct Traces<'w> {
    /// In the order of time.
    pub carts: Vec<Cart>,
    /// In the order of time.
    pub views: Vec<View<'w>>,
}

/// The carts and page views of a customer, each in the order of time.
pub fn of<'w>(world: &'w World, customer: &Customer, baskets: &[Basket<'w>]) -> Traces<'w> {
    let mut draw = Draw::new(world.seed, Purpose::Online, customer.number);
    let (end, habit) = (world.end(), &customer.habit);
    let mut traces = Traces::default();
    if habit.online == 0 {
        return traces;
    }
    for basket in baskets.iter().filter(|basket| basket.online() && basket.at >= end - CARTS_KEPT * DAY) {
        let created = basket.at - draw.between(180, 2_700);
        let device = if basket.channel == "web" { "desktop" } else { habit.device };
        traces.cart(&mut draw, created, Some(basket.at), device, &basket.lines, end);
    }
    let last = world.calendar.last();
    let chance = habit.rate * u64::from(habit.online) / 1_000;
    for day in world.calendar.between((last - CARTS_KEPT as i32 + 1).max(customer.joined), habit.until) {
        let at = i64::from(day.number) * DAY + draw.between(8 * 3_600, 23 * 3_600 - 1);
        if draw.in_million(chance * day.online / 1_000 * 4 / 5) {
            let lines = shopping::lines(&mut draw, world, &habit.tastes);
            traces.cart(&mut draw, at, None, habit.device, &lines, end);
        } else if day.number > last - VIEWS_KEPT as i32 && draw.in_million(chance * day.online / 1_000) {
            let lines = shopping::lines(&mut draw, world, &habit.tastes);
            traces.session(&mut draw, at, &["home", "category"], habit.device, &lines, end);
        }
    }
    traces.carts.retain(|cart| cart.created < end);
    traces.carts.sort_by_key(|cart| cart.created);
    traces.views.retain(|view| view.at < end);
    traces.views.sort_by_key(|view| view.at);
    traces
}

impl<'w> Traces<'w> {
    fn cart(
        &mut self,
        draw: &mut Draw,
        created: i64,
        checked_out: Option<i64>,
        device: &'static str,
        lines: &[Line<'w>],
        end: i64,
    ) {
        let status = match checked_out {
            Some(_) => "checked_out",
            None if created >= end - DAY => "open",
            None => "abandoned",
        };
        let value = lines.iter().map(Line::amount).sum();
        let items = lines.iter().map(|line| line.quantity).sum();
        self.carts.push(Cart { created, value, items, device, status, checked_out });
        let pages: &[_] = if checked_out.is_some() { &["cart", "checkout"] } else { &["cart"] };
        self.session(draw, created - draw_back(lines), pages, device, lines, end);
    }

    /// One session: each product is looked at, between the pages before and after.
    fn session(
        &mut self,
        draw: &mut Draw,
        start: i64,
        pages: &[&'static str],
        device: &'static str,
        lines: &[Line<'w>],
        end: i64,
    ) {
        if start < end - VIEWS_KEPT * DAY {
            return;
        }
        let session = self.views.last().map_or(1, |view| view.session + 1);
        let mut at = start;
        let mut view = |page, line: Option<&Line<'w>>, draw: &mut Draw| {
            self.views.push(View { session, at, device, page, line: line.cloned() });
            at += draw.between(6, 50);
        };
        let before: &[_] = if pages.contains(&"cart") { &["home"] } else { pages };
        before.iter().for_each(|page| view(page, None, draw));
        lines.iter().for_each(|line| view("product", Some(line), draw));
        if pages.contains(&"cart") {
            pages.iter().for_each(|page| view(page, None, draw));
        }
    }
}

/// Looking at the products of a cart takes so many seconds before it is made.
fn draw_back(lines: &[Line<'_>]) -> i64 {
    60 + lines.len() as i64 * 28
}
