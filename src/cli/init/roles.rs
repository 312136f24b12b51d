//! What a column is for, from the words of its name and from its values.
//!
//! Every question here has a number for an answer: how well the column would do. The best is taken, the next ones are
//! told as alternatives. 0 is no.

use super::facts::{ColumnFacts, Kind, TableFacts};
use super::names::singular;
use super::words::{Sense, means, words};

/// A name with its words.
#[derive(Clone, Debug)]
pub struct Name {
    words: Vec<String>,
}

impl Name {
    /// Cuts a name into words.
    pub fn new(name: &str) -> Self {
        Name { words: words(name) }
    }

    /// Whether a word has this sense.
    pub fn has(&self, sense: Sense) -> bool {
        self.words.iter().any(|word| means(word, sense))
    }

    /// Whether every word has one of these senses.
    pub fn only(&self, senses: &[Sense]) -> bool {
        !self.words.is_empty() && self.words.iter().all(|word| senses.iter().any(|sense| means(word, *sense)))
    }

    /// What it is the key of: its words without those for keys, each for one of several.
    pub fn noun(&self) -> Vec<String> {
        let nouns = self.words.iter().filter(|word| !means(word, Sense::Key) || means(word, Sense::Product));
        nouns.map(|word| singular(word)).collect()
    }

    /// The noun with words of one meaning made equal: `client` and `customer` are.
    pub fn thing(&self) -> Vec<String> {
        let kinds = [Sense::Customer, Sense::Order, Sense::Product, Sense::Store];
        let thing = |word: String| match kinds.iter().find(|kind| means(&word, **kind)) {
            Some(kind) => format!("{kind:?}"),
            None => word,
        };
        self.noun().into_iter().map(thing).collect()
    }
}

/// How likely a column names a customer, by its name alone: 0 to 10.
pub fn customer(column: &ColumnFacts) -> u32 {
    if !column.kind.is_key() {
        return 0;
    }
    let name = Name::new(&column.source_name);
    let keyed = name.has(Sense::Key);
    match () {
        () if name.only(&[Sense::Customer, Sense::Key]) && name.has(Sense::Customer) => 9 + u32::from(keyed),
        () if name.only(&[Sense::Customer, Sense::Key, Sense::Contact]) && name.has(Sense::Contact) => 6,
        () if name.only(&[Sense::Customer, Sense::Proxy, Sense::Key]) && name.has(Sense::Proxy) && keyed => 4,
        () => 0,
    }
}

/// How likely a table is one of customers, by its name: 0 or 1.
pub fn customers(table: &TableFacts) -> u32 {
    let name = Name::new(&table.name);
    u32::from(name.has(Sense::Customer) && !name.has(Sense::Order) && !name.has(Sense::Line))
}

/// How likely a column says when a row happened: 0 to 20.
pub fn time(column: &ColumnFacts, rows: u64) -> u32 {
    let name = Name::new(&column.source_name);
    let never = [Sense::Birth, Sense::OtherTime].iter().any(|sense| name.has(*sense));
    let unknown = column.unknown_share(rows);
    if !column.kind.is_time() || unknown > 0.8 {
        return 0;
    }
    let named = match () {
        () if name.has(Sense::Birth) => return 0,
        () if never => 2,
        () if name.has(Sense::Changed) => 3,
        () if name.has(Sense::Order) => 16,
        () if name.has(Sense::Happened) => 14,
        () if name.has(Sense::Time) => 12,
        () => 6,
    };
    let often_unknown = if unknown > 0.2 { 5 } else { 0 };
    let exact = u32::from(column.kind == Kind::Time);
    (named + exact + 1_u32).saturating_sub(often_unknown).max(1)
}

/// How likely a column says which of several versions of a row is the newest: 0 or 1.
pub fn version(column: &ColumnFacts) -> u32 {
    let name = Name::new(&column.source_name);
    u32::from((column.kind.is_time() || column.kind == Kind::Whole) && name.has(Sense::Changed) && column.unknown == 0)
}

/// How likely a column is the money that a row comes to: 0 to 10.
pub fn amount(column: &ColumnFacts) -> u32 {
    let name = Name::new(&column.source_name);
    if !is_measure(column) || name.has(Sense::SideAmount) || name.has(Sense::Key) || name.has(Sense::Place) {
        return 0;
    }
    let also_counts = name.has(Sense::Quantity);
    match () {
        () if name.has(Sense::Amount) && name.has(Sense::Quantity) => 3,
        () if name.has(Sense::Amount) && name.has(Sense::Unit) => 0,
        () if name.has(Sense::Amount) => 9 + u32::from(column.kind != Kind::Whole),
        () if name.has(Sense::Price) && !name.has(Sense::Unit) && !also_counts => 4,
        () => 0,
    }
}

/// How likely a column is the price of one piece: 0 to 10.
pub fn price(column: &ColumnFacts) -> u32 {
    let name = Name::new(&column.source_name);
    if !is_measure(column) || name.has(Sense::SideAmount) {
        return 0;
    }
    match () {
        () if name.has(Sense::Unit) && (name.has(Sense::Price) || name.has(Sense::Amount)) => 10,
        () if name.has(Sense::Price) => 8,
        () => 0,
    }
}

/// How likely a column says how many pieces: 0 to 10. A word such as `jumlah` is an amount where nothing speaks for pieces.
pub fn quantity(column: &ColumnFacts) -> u32 {
    let name = Name::new(&column.source_name);
    if !is_measure(column) || name.has(Sense::Key) || !name.has(Sense::Quantity) {
        return 0;
    }
    let whole = matches!(column.kind, Kind::Whole | Kind::Round);
    match () {
        () if name.has(Sense::Amount) && !whole => 0,
        () if name.has(Sense::Amount) => 6,
        () => 9 + u32::from(whole),
    }
}

fn is_measure(column: &ColumnFacts) -> bool {
    column.kind.is_number() && (column.kind != Kind::Float || column.places.is_some())
}

/// How likely equal values of a column make one purchase of several rows: 0 to 10.
pub fn purchase(column: &ColumnFacts) -> u32 {
    let name = Name::new(&column.source_name);
    if !column.kind.is_key() || name.has(Sense::Line) || name.has(Sense::Product) {
        return 0;
    }
    match () {
        () if name.only(&[Sense::Order, Sense::Key]) && name.has(Sense::Order) && name.has(Sense::Key) => 10,
        () if name.only(&[Sense::Order]) => 6,
        () => 0,
    }
}

/// How well a unique column tells rows apart: 0 to 20. Position and type count, for exports begin with their key.
pub fn row_key(column: &ColumnFacts, at: usize) -> u32 {
    let name = Name::new(&column.source_name);
    if !column.unique || !column.kind.is_key() || name.has(Sense::Label) {
        return 0;
    }
    let first = u32::from(at == 0);
    let things = [Sense::Order, Sense::Line, Sense::Product, Sense::Customer, Sense::Store];
    match () {
        () if name.has(Sense::Contact) => 3,
        () if name.has(Sense::Key) => 10 + 4 * first,
        () if things.iter().any(|sense| name.has(*sense)) => 6 + 4 * first,
        () if name.has(Sense::Quantity) || name.has(Sense::Amount) || name.has(Sense::Price) => 0,
        () => 4 * first,
    }
}

/// How interesting a small set of values is as a group of its own: 0 to 10.
pub fn group(column: &ColumnFacts, rows: u64) -> u32 {
    let Some(values) = &column.values else { return 0 };
    let repeats = column.distinct * 2 <= rows.saturating_sub(column.unknown);
    if column.kind != Kind::Text || values.len() < 2 || !repeats || column.unknown_share(rows) > 0.5 {
        return 0;
    }
    let name = Name::new(&column.source_name);
    match () {
        () if name.has(Sense::Label) && !name.has(Sense::Class) => 1,
        () if name.has(Sense::Place) => 9,
        () if name.has(Sense::Store) => 7,
        () if name.has(Sense::Class) => 6,
        () if name.has(Sense::Key) => 1,
        () => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, kind: Kind) -> ColumnFacts {
        ColumnFacts {
            name: name.to_owned(),
            source_name: name.to_owned(),
            kind,
            found: String::new(),
            unknown: 0,
            distinct: 50,
            unique: false,
            values: None,
            range: None,
            places: None,
            not_finite: 0,
        }
    }

    /// The name with the highest number, which must not be shared.
    fn best(names: &[&str], kind: Kind, role: fn(&ColumnFacts) -> u32) -> String {
        let mut scored: Vec<(u32, &str)> = names.iter().map(|name| (role(&column(name, kind)), *name)).collect();
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        assert!(scored[0].0 > scored.get(1).map_or(0, |second| second.0), "{scored:?}");
        scored[0].1.to_owned()
    }

    #[test]
    fn customers_are_known_by_name() {
        for name in ["customer_id", "CustomerID", "cust_no", "pelanggan", "user_id", "member", "kundnr", "id_pelanggan"]
        {
            assert!(customer(&column(name, Kind::Text)) >= 9, "{name}");
        }
        for name in ["customer_name", "customer_since", "member_count", "id", "account_balance", "city"] {
            assert_eq!(customer(&column(name, Kind::Text)), 0, "{name}");
        }
        assert_eq!(best(&["email", "customer_no", "device_id"], Kind::Text, customer), "customer_no");
        assert_eq!(customer(&column("customer_id", Kind::Date)), 0);
    }

    #[test]
    fn the_time_of_a_row_is_when_it_happened() {
        let time = |column: &ColumnFacts| time(column, 100);
        for (names, expected) in [
            (["created_at", "updated_at", "invoice_date"], "invoice_date"),
            (["tanggal", "tanggal_lahir", "tanggal_kirim"], "tanggal"),
            (["birth_date", "due_date", "timestamp"], "timestamp"),
            (["modified", "waktu_transaksi", "valid_until"], "waktu_transaksi"),
        ] {
            assert_eq!(best(&names, Kind::Time, time), expected);
        }
        assert_eq!(super::time(&column("order_date", Kind::Text), 100), 0);
        let unknown = ColumnFacts { unknown: 90, ..column("order_date", Kind::Date) };
        assert_eq!(super::time(&unknown, 100), 0);
    }

    #[test]
    fn money_is_told_from_what_goes_with_it() {
        assert_eq!(best(&["tax_amount", "total", "unit_price"], Kind::Decimal, amount), "total");
        assert_eq!(best(&["harga_satuan", "diskon", "qty"], Kind::Decimal, price), "harga_satuan");
        assert_eq!(best(&["antal", "summa", "pris"], Kind::Whole, quantity), "antal");
        assert_eq!(amount(&column("total", Kind::Float)), 0, "a float without a scale is no number");
        assert!(amount(&column("jumlah", Kind::Decimal)) > 0 && quantity(&column("jumlah", Kind::Decimal)) == 0);
        assert!(quantity(&column("jumlah", Kind::Whole)) > amount(&column("jumlah", Kind::Whole)));
    }

    #[test]
    fn nouns_are_compared_without_words_for_keys() {
        assert_eq!(Name::new("CustomerID").noun(), ["customer"]);
        assert_eq!(Name::new("customers").noun(), ["customer"]);
        assert_eq!(Name::new("id").noun(), Vec::<String>::new());
        assert_eq!(Name::new("client_no").thing(), Name::new("customers").thing());
        assert_ne!(Name::new("store_id").thing(), Name::new("customers").thing());
        assert_eq!(Name::new("sku").noun(), ["sku"]);
    }
}
