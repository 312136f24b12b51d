//! The tables: their columns, and the rows of each.

use super::campaigns::{Campaign, Message};
use super::cards::Card;
use super::customer::Customer;
use super::footfall::Visit;
use super::household::Household;
use super::ledger::Transaction;
use super::online::{Cart, View};
use super::products::Product;
use super::stores::{CITIES, Store};
use super::world::World;
use super::write::Type::{Date, Id, Number, Text, Texts, Time, Truth};
use super::write::{Cell, Table};

/// Where the chain sells.
pub const STORES: Table = Table {
    name: "stores",
    columns: &[("store_id", Text), ("name", Text), ("city", Text), ("type", Text), ("opened_on", Date)],
};

/// What it sells.
pub const PRODUCTS: Table = Table {
    name: "products",
    columns: &[("sku", Text), ("name", Text), ("category", Text), ("brand", Text), ("price", Number)],
};

/// What it sends.
pub const CAMPAIGNS: Table = Table {
    name: "campaigns",
    columns: &[("campaign_id", Text), ("name", Text), ("category", Text), ("channel", Text), ("sent_on", Date)],
};

/// Homes.
pub const HOUSEHOLDS: Table = Table {
    name: "households",
    columns: &[("household_id", Text), ("size", Number), ("has_children", Truth), ("monthly_income", Number)],
};

/// Who has joined.
pub const CUSTOMERS: Table = Table {
    name: "customers",
    columns: &[
        ("customer_id", Text),
        ("name", Text),
        ("gender", Text),
        ("birth_date", Date),
        ("joined_on", Date),
        ("marital_status", Text),
        ("income_band", Text),
        ("education", Text),
        ("district", Text),
        ("city", Text),
        ("household_id", Text),
        ("interests", Texts),
        ("favourite_store", Text),
        ("device", Text),
        ("consent", Truth),
    ],
};

/// Loyalty cards.
pub const CARDS: Table = Table {
    name: "cards",
    columns: &[
        ("card_id", Text),
        ("customer_id", Text),
        ("issued_on", Date),
        ("status", Text),
        ("lost_on", Date),
        ("replaces", Text),
    ],
};

/// Lines of receipts, in all their versions.
pub const TRANSACTIONS: Table = Table {
    name: "transactions",
    columns: &[
        ("transaction_id", Id),
        ("receipt_no", Id),
        ("card_id", Text),
        ("store_id", Text),
        ("sku", Text),
        ("channel", Text),
        ("quantity", Number),
        ("price", Number),
        ("amount", Number),
        ("status", Text),
        ("kind", Text),
        ("original_id", Number),
        ("purchased_at", Time),
        ("updated_at", Time),
    ],
};

/// Visits that the app tells of.
pub const STORE_VISITS: Table = Table {
    name: "store_visits",
    columns: &[
        ("visit_id", Id),
        ("customer_id", Text),
        ("store_id", Text),
        ("entered_at", Time),
        ("dwell_minutes", Number),
        ("purchased", Truth),
    ],
};

/// Carts of web shop and app.
pub const CARTS: Table = Table {
    name: "carts",
    columns: &[
        ("cart_id", Id),
        ("customer_id", Text),
        ("created_at", Time),
        ("items", Number),
        ("value", Number),
        ("device", Text),
        ("status", Text),
        ("checked_out_at", Time),
    ],
};

/// Campaigns as they reached a customer.
pub const MESSAGES: Table = Table {
    name: "messages",
    columns: &[
        ("message_id", Id),
        ("campaign_id", Text),
        ("customer_id", Text),
        ("channel", Text),
        ("sent_at", Time),
        ("opened_at", Time),
        ("answered_at", Time),
    ],
};

/// Page views.
pub const BROWSING: Table = Table {
    name: "browsing",
    columns: &[
        ("event_id", Id),
        ("session_id", Id),
        ("customer_id", Text),
        ("viewed_at", Time),
        ("device", Text),
        ("page", Text),
        ("sku", Text),
    ],
};

/// A row of [`STORES`].
pub fn store(store: &Store) -> [Cell<'_>; 5] {
    let city = store.city.map(|city| CITIES[city].name);
    [Cell::Text(&store.id), Cell::Text(&store.name), Cell::text(city), Cell::Text(store.kind), Cell::Date(store.opened)]
}

/// A row of [`PRODUCTS`].
pub fn product(product: &Product) -> [Cell<'_>; 5] {
    [
        Cell::Text(&product.sku),
        Cell::Text(&product.name),
        Cell::Text(World::category(product)),
        Cell::Text(product.brand),
        Cell::Number(product.price),
    ]
}

/// A row of [`CAMPAIGNS`].
pub fn campaign(campaign: &Campaign) -> [Cell<'_>; 5] {
    [
        Cell::Text(&campaign.id),
        Cell::Text(&campaign.name),
        Cell::Text(campaign.category),
        Cell::Text(campaign.channel),
        Cell::Date(campaign.day),
    ]
}

/// A row of [`HOUSEHOLDS`].
pub fn household(home: &Household) -> [Cell<'_>; 4] {
    let income = if home.income_told { Cell::Number(home.income) } else { Cell::Unknown };
    [Cell::Text(&home.id), Cell::Number(home.size), Cell::Truth(home.has_children), income]
}

/// A row of [`CUSTOMERS`].
pub fn customer<'a>(customer: &'a Customer, home: &'a Household, favourite: &'a Store) -> [Cell<'a>; 15] {
    let device = (customer.habit.online > 0).then_some(customer.habit.device);
    [
        Cell::Text(&customer.id),
        Cell::Text(&customer.name),
        Cell::text(customer.gender),
        customer.birth_date.map_or(Cell::Unknown, Cell::Date),
        Cell::Date(customer.joined),
        Cell::text(customer.marital_status),
        Cell::text(customer.income_band),
        Cell::text(customer.education),
        Cell::Text(home.district),
        Cell::text(customer.city),
        Cell::Text(&home.id),
        customer.interests.as_deref().map_or(Cell::Unknown, Cell::Texts),
        Cell::Text(&favourite.id),
        Cell::text(device),
        Cell::Truth(customer.consent),
    ]
}

/// A row of [`CARDS`] as it is on the last day of the data.
pub fn card<'a>(card: &'a Card, customer: &'a str) -> [Cell<'a>; 6] {
    [
        Cell::Text(&card.id),
        Cell::Text(customer),
        Cell::Date(card.issued),
        Cell::Text(if card.lost.is_some() { "lost" } else { "active" }),
        card.lost.map_or(Cell::Unknown, Cell::Date),
        Cell::text(card.replaces.as_deref()),
    ]
}

/// A row of [`TRANSACTIONS`].
pub fn transaction<'a>(row: &'a Transaction<'a>) -> [Cell<'a>; 14] {
    [
        Cell::Number(row.id),
        Cell::Number(row.receipt),
        Cell::text(row.card),
        Cell::Text(&row.store.id),
        Cell::Text(&row.product.sku),
        Cell::Text(row.channel),
        Cell::Number(row.quantity),
        Cell::Number(row.product.price),
        Cell::Number(row.amount),
        Cell::Text(row.status),
        Cell::Text(row.kind),
        row.original.map_or(Cell::Unknown, Cell::Number),
        Cell::Time(row.at),
        Cell::Time(row.updated),
    ]
}

/// A row of [`STORE_VISITS`].
pub fn visit<'a>(visit: &'a Visit<'_>, id: i64, customer: &'a str) -> [Cell<'a>; 6] {
    [
        Cell::Number(id),
        Cell::Text(customer),
        Cell::Text(&visit.store.id),
        Cell::Time(visit.entered),
        Cell::Number(visit.dwell),
        Cell::Truth(visit.purchased),
    ]
}

/// A row of [`CARTS`].
pub fn cart<'a>(cart: &'a Cart, id: i64, customer: &'a str) -> [Cell<'a>; 8] {
    [
        Cell::Number(id),
        Cell::Text(customer),
        Cell::Time(cart.created),
        Cell::Number(cart.items),
        Cell::Number(cart.value),
        Cell::Text(cart.device),
        Cell::Text(cart.status),
        Cell::time(cart.checked_out),
    ]
}

/// A row of [`MESSAGES`].
pub fn message<'a>(message: &'a Message<'_>, id: i64, customer: &'a str) -> [Cell<'a>; 7] {
    [
        Cell::Number(id),
        Cell::Text(&message.campaign.id),
        Cell::Text(customer),
        Cell::Text(message.campaign.channel),
        Cell::Time(message.sent),
        Cell::time(message.opened),
        Cell::time(message.answered),
    ]
}

/// A row of [`BROWSING`]; `start`: the ids before those of this customer.
pub fn view<'a>(view: &'a View<'_>, start: i64, at: i64, customer: Option<&'a str>) -> [Cell<'a>; 7] {
    [
        Cell::Number(start + at),
        Cell::Number(start + view.session),
        Cell::text(customer),
        Cell::Time(view.at),
        Cell::Text(view.device),
        Cell::Text(view.page),
        Cell::text(view.line.as_ref().map(|line| line.product.sku.as_str())),
    ]
}
