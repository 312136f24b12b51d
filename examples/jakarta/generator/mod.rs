//! Makes the data of a retail chain that does not exist.
//!
//! Everything follows from the seed: the same options give the same files. A customer's data depends on the customer's
//! number alone, so the first thousand customers of two thousand are those of a million. Customers are made one after the
//! other and forgotten once written; only products, stores and campaigns stay in memory.

mod calendar;
mod campaigns;
mod cards;
mod customer;
mod draw;
mod footfall;
mod household;
mod ledger;
mod names;
mod online;
mod products;
mod shopping;
mod stores;
mod tables;
mod world;
mod write;

use std::fs;
use std::path::Path;

use chrono::NaiveDate;

use calendar::Calendar;
use customer::Customer;
use household::{NEIGHBOURS, Neighbourhood};
use ledger::IDS;
use online::Traces;
use shopping::Basket;
use world::World;
pub use write::Failure;
use write::{Encoding, Table, Writer};

/// One in so many online sessions is of somebody who has not signed in.
const NOT_SIGNED_IN: u64 = 4;

/// What files are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// CSV; customers as lines of JSON, for they have lists
    Csv,
    /// Parquet
    Parquet,
    /// Parquet for customers and transactions, lines of JSON for browsing, CSV for the rest
    Mixed,
}

impl Format {
    fn of(self, table: &Table) -> Encoding {
        match (self, table.name) {
            (Format::Parquet, _) | (Format::Mixed, "customers" | "transactions") => Encoding::Parquet,
            (Format::Csv, "customers") | (Format::Mixed, "browsing") => Encoding::Ndjson,
            _ => Encoding::Csv,
        }
    }
}

/// What data is made.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many customers.
    pub customers: u64,
    /// Another seed gives another chain.
    pub seed: u64,
    /// What files are written.
    pub format: Format,
    /// How many days of transactions.
    pub days: u32,
    /// The last of them.
    pub until: NaiveDate,
}

/// The data that ships with the project.
impl Default for Options {
    fn default() -> Self {
        let until = NaiveDate::from_ymd_opt(2026, 10, 31).unwrap_or_default();
        Options { customers: 2_000, seed: 7, format: Format::Mixed, days: 730, until }
    }
}

/// The files being written.
struct Files {
    households: Writer,
    customers: Writer,
    cards: Writer,
    transactions: Writer,
    store_visits: Writer,
    carts: Writer,
    messages: Writer,
    browsing: Writer,
}

/// Writes all tables into a directory, and tells how many rows each has.
pub fn generate(directory: &Path, options: &Options) -> Result<Vec<(&'static str, u64)>, Failure> {
    fs::create_dir_all(directory).map_err(|error| Failure::new(directory, error))?;
    let world = World::new(options.seed, Calendar::new(options.until, options.days));
    let create = |table: &'static Table| Writer::create(directory, table, options.format.of(table));
    let mut counts = vec![];
    let mut stores = create(&tables::STORES)?;
    world.stores.iter().try_for_each(|store| stores.row(&tables::store(store)))?;
    counts.push(("stores", stores.finish()?));
    let mut products = create(&tables::PRODUCTS)?;
    world.products.iter().flatten().try_for_each(|product| products.row(&tables::product(product)))?;
    counts.push(("products", products.finish()?));
    let mut campaigns = create(&tables::CAMPAIGNS)?;
    world.campaigns.iter().try_for_each(|campaign| campaigns.row(&tables::campaign(campaign)))?;
    counts.push(("campaigns", campaigns.finish()?));
    let mut files = Files {
        households: create(&tables::HOUSEHOLDS)?,
        customers: create(&tables::CUSTOMERS)?,
        cards: create(&tables::CARDS)?,
        transactions: create(&tables::TRANSACTIONS)?,
        store_visits: create(&tables::STORE_VISITS)?,
        carts: create(&tables::CARTS)?,
        messages: create(&tables::MESSAGES)?,
        browsing: create(&tables::BROWSING)?,
    };
    let mut number = 1;
    while number <= options.customers {
        let neighbourhood = Neighbourhood::of(options.seed, number);
        let neighbours = number..=options.customers.min(number + NEIGHBOURS - 1);
        files.households(&neighbourhood, neighbours.clone())?;
        for neighbour in neighbours {
            files.customer(&world, &neighbourhood, neighbour)?;
            files.walk_ins(&world, neighbour)?;
        }
        number += NEIGHBOURS;
    }
    counts.extend(files.finish()?);
    Ok(counts)
}

impl Files {
    /// The homes in which at least one of the neighbours lives.
    fn households(
        &mut self,
        neighbourhood: &Neighbourhood,
        mut neighbours: impl Iterator<Item = u64> + Clone,
    ) -> Result<(), Failure> {
        let last = neighbours.clone().map(|number| neighbourhood.home_of(number)).max();
        let count = neighbours.next().and(last).map_or(0, |last| last + 1);
        neighbourhood.homes.iter().take(count).try_for_each(|home| self.households.row(&tables::household(home)))
    }

    fn customer(&mut self, world: &World, neighbourhood: &Neighbourhood, number: u64) -> Result<(), Failure> {
        let home = &neighbourhood.homes[neighbourhood.home_of(number)];
        let customer = Customer::new(world.seed, number, home, &world.calendar);
        let habit = &customer.habit;
        let cards = cards::of(world.seed, number, customer.joined, &world.calendar);
        let messages = match customer.consent && !customer.forgotten {
            true => {
                campaigns::messages(&world.campaigns, world.end(), world.seed, number, customer.joined, habit.eager)
            }
            false => Vec::new(),
        };
        let answers: Vec<i64> = messages.iter().filter_map(|message| message.answered).collect();
        let baskets = shopping::of_customer(world, &customer, &cards, &answers);
        cards.iter().try_for_each(|card| self.cards.row(&tables::card(card, &customer.id)))?;
        self.book(world, number * 2, &baskets, habit.returns)?;
        if customer.forgotten {
            return Ok(());
        }
        let favourite = favourite(world, &customer);
        self.customers.row(&tables::customer(&customer, home, favourite))?;
        let start = number as i64 * IDS;
        for (message, id) in messages.iter().zip(start..) {
            self.messages.row(&tables::message(message, id, &customer.id))?;
        }
        if customer.checks_in {
            for (visit, id) in footfall::of(world, &customer, &baskets).iter().zip(start..) {
                self.store_visits.row(&tables::visit(visit, id, &customer.id))?;
            }
        }
        self.online(&online::of(world, &customer, &baskets), &customer)
    }

    fn online(&mut self, traces: &Traces<'_>, customer: &Customer) -> Result<(), Failure> {
        let start = customer.number as i64 * IDS;
        for (cart, id) in traces.carts.iter().zip(start..) {
            self.carts.row(&tables::cart(cart, id, &customer.id))?;
        }
        for (view, at) in traces.views.iter().zip(1..) {
            // Some look around before they sign in, in every so many-th session.
            let hidden = (customer.number + view.session as u64).is_multiple_of(NOT_SIGNED_IN);
            let signed_in = !hidden || view.page == "checkout";
            self.browsing.row(&tables::view(view, start, at, signed_in.then_some(&customer.id)))?;
        }
        Ok(())
    }

    fn walk_ins(&mut self, world: &World, number: u64) -> Result<(), Failure> {
        self.book(world, number * 2 + 1, &shopping::of_walk_ins(world, number), 8)
    }

    fn book(&mut self, world: &World, shopper: u64, baskets: &[Basket<'_>], returns: u32) -> Result<(), Failure> {
        let rows = ledger::book(world.seed, shopper, baskets, returns, world.end());
        rows.iter().try_for_each(|row| self.transactions.row(&tables::transaction(row)))
    }

    fn finish(self) -> Result<Vec<(&'static str, u64)>, Failure> {
        Ok(vec![
            ("households", self.households.finish()?),
            ("customers", self.customers.finish()?),
            ("cards", self.cards.finish()?),
            ("transactions", self.transactions.finish()?),
            ("store_visits", self.store_visits.finish()?),
            ("carts", self.carts.finish()?),
            ("messages", self.messages.finish()?),
            ("browsing", self.browsing.finish()?),
        ])
    }
}

/// The store that a customer names as the favourite: one of the customer's city, open on the last day.
fn favourite<'w>(world: &'w World, customer: &Customer) -> &'w stores::Store {
    if customer.habit.online == 1_000 {
        return world.online_store();
    }
    let open =
        |store: &&stores::Store| store.city == Some(customer.habit.city) && store.opened <= world.calendar.last();
    let count = world.stores.iter().filter(open).count().max(1);
    world.stores.iter().filter(open).nth(customer.habit.favourite % count).unwrap_or(&world.stores[0])
}
