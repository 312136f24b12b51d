//! Transactions: what the tills and the web shop wrote down about baskets.
//!
//! A row is a line of a receipt. Nothing is overwritten: a correction is one more row of the same id with a later
//! `updated_at`, a refund is a row of its own with a negative amount that names the row it takes back.

use super::calendar::DAY;
use super::draw::{Draw, Purpose};
use super::products::Product;
use super::shopping::{Basket, Line};
use super::stores::Store;

/// Ids that belong to one customer, or to the walk-ins beside one. No day has more than one basket of at most nine lines,
/// and each comes back at most once: this is enough for ten years.
pub const IDS: i64 = 100_000;

/// A row of the table.
pub struct Transaction<'w> {
    /// Of the line; its versions share it.
    pub id: i64,
    /// What the lines of one basket share.
    pub receipt: i64,
    /// The card that was shown.
    pub card: Option<&'w str>,
    /// Where.
    pub store: &'w Store,
    /// What was bought.
    pub product: &'w Product,
    /// `store`, `web` or `app`.
    pub channel: &'static str,
    /// How many.
    pub quantity: i64,
    /// Rupiah, negative for refunds.
    pub amount: i64,
    /// `paid`, `pending` or `cancelled`.
    pub status: &'static str,
    /// `sale` or `refund`.
    pub kind: &'static str,
    /// Of a refund: the id of the sale.
    pub original: Option<i64>,
    /// When it was bought or brought back.
    pub at: i64,
    /// When this version was written.
    pub updated: i64,
}

/// What becomes of a basket after it was ordered.
enum Course {
    /// Paid at once.
    Paid,
    /// Paid so many seconds later.
    Pending(i64),
    /// Cancelled so many seconds later.
    Cancelled(i64),
}

/// The numbers a shopper's rows get.
struct Numbers {
    id: i64,
    receipt: i64,
}

impl Numbers {
    fn id(&mut self) -> i64 {
        self.id += 1;
        self.id
    }

    fn receipt(&mut self) -> i64 {
        self.receipt += 1;
        self.receipt
    }
}

/// The rows of one shopper, in the order in which they were written; `shopper` numbers customers and walk-ins, `returns`
/// is how many lines in a thousand come back, `end` the instant after which nothing is known.
pub fn book<'w>(seed: u64, shopper: u64, baskets: &[Basket<'w>], returns: u32, end: i64) -> Vec<Transaction<'w>> {
    let mut draw = Draw::new(seed, Purpose::Ledger, shopper);
    let start = shopper as i64 * IDS;
    let mut numbers = Numbers { id: start, receipt: start };
    let mut rows = Vec::new();
    for basket in baskets {
        let receipt = numbers.receipt();
        let course = course(&mut draw, basket);
        for line in &basket.lines {
            let id = numbers.id();
            let sale = sale(basket, line, id, receipt);
            match course {
                Course::Paid => paid(&mut draw, sale, line, &mut rows),
                Course::Pending(later) => follow(sale, "paid", later, &mut rows),
                Course::Cancelled(later) => follow(sale, "cancelled", later, &mut rows),
            }
            if !matches!(course, Course::Cancelled(_)) && draw.in_thousand(returns) {
                refund(&mut draw, &mut numbers, &mut rows);
            }
        }
    }
    rows.retain(|row| row.at < end && row.updated < end);
    rows.sort_by_key(|row| (row.updated, row.id));
    rows
}

/// Orders by web and app are often paid later, by transfer, and sometimes never.
fn course(draw: &mut Draw, basket: &Basket<'_>) -> Course {
    if !basket.online() {
        return Course::Paid;
    }
    match draw.below(100) {
        0..=4 => Course::Cancelled(draw.between(3_600, 3 * DAY)),
        5..=24 => Course::Pending(draw.between(120, DAY)),
        _ => Course::Paid,
    }
}

fn sale<'w>(basket: &Basket<'w>, line: &Line<'w>, id: i64, receipt: i64) -> Transaction<'w> {
    Transaction {
        id,
        receipt,
        card: basket.card,
        store: basket.store,
        product: line.product,
        channel: basket.channel,
        quantity: line.quantity,
        amount: line.amount(),
        status: "paid",
        kind: "sale",
        original: None,
        at: basket.at,
        updated: basket.at,
    }
}

/// One row, and now and then a second that corrects a mistyped quantity.
fn paid<'w>(draw: &mut Draw, sale: Transaction<'w>, line: &Line<'w>, rows: &mut Vec<Transaction<'w>>) {
    if draw.in_thousand(12) {
        let mistyped = line.quantity + draw.between(1, 3);
        let (amount, updated) = (line.amount_of(mistyped), sale.at + draw.between(90, 2 * DAY));
        rows.push(Transaction { quantity: mistyped, amount, ..sale });
        rows.push(Transaction { updated, ..sale });
    } else {
        rows.push(sale);
    }
}

fn follow<'w>(sale: Transaction<'w>, status: &'static str, later: i64, rows: &mut Vec<Transaction<'w>>) {
    rows.push(Transaction { status: "pending", ..sale });
    rows.push(Transaction { status, updated: sale.updated + later, ..sale });
}

/// Takes back the row that was written last.
fn refund<'w>(draw: &mut Draw, numbers: &mut Numbers, rows: &mut Vec<Transaction<'w>>) {
    let Some(sale) = rows.last() else { return };
    let day = (sale.updated.div_euclid(DAY) + draw.between(1, 14)) * DAY;
    let at = day + draw.between(10 * 3_600, 20 * 3_600);
    let original = Some(sale.id);
    let (id, receipt) = (numbers.id(), numbers.receipt());
    let refund = Transaction { id, receipt, amount: -sale.amount, kind: "refund", original, at, updated: at, ..*sale };
    rows.push(refund);
}
