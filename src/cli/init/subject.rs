//! Who the groups are made of.
//!
//! A table of customers whose key other tables name is the best there is; without one, the customers are the keys found
//! in the rows; and where nothing speaks of customers at all, whatever most tables speak of is taken.

use super::facts::{At, Facts, TableFacts};
use super::links::{Link, SUBJECT_SHARE, identifies};
use super::names::singular;
use super::roles::{self, Name};
use super::words::{Sense, words};

/// Candidates with a lower score are not worth a word.
const WORTH_TELLING: i64 = 10;

/// Who the groups are made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// What one of them is called.
    pub name: String,
    /// The column that tells them apart: that of their table, or of a table with rows about them.
    pub key: At,
    /// Their table, if they have one.
    pub table: Option<usize>,
    /// Why.
    pub why: String,
    /// What else they could have been.
    pub others: Vec<At>,
}

/// Why there is no telling who the groups are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unclear {
    /// The column asked for is in no table.
    NoSuchColumn,
    /// Several tables have a column of that name, and they do not belong together.
    Several(Vec<String>),
    /// Nothing looks like a key of customers; these columns could be keys of something.
    Nothing(Vec<String>),
}

struct Candidate {
    key: At,
    has_table: bool,
    score: i64,
}

/// Finds out who the groups are made of; `wish` is a column that the user names, with or without its table.
pub fn guess(facts: &Facts, links: &[Link], wish: Option<&str>) -> Result<Subject, Unclear> {
    if let Some(wish) = wish {
        let key = wished(facts, links, wish)?;
        return Ok(subject(facts, key, identifies(facts, key), "you named it".to_owned(), Vec::new()));
    }
    let mut candidates: Vec<Candidate> = facts.places().filter_map(|at| candidate(facts, links, at)).collect();
    candidates.sort_by_key(|candidate| (std::cmp::Reverse(candidate.score), candidate.key));
    let Some(best) = candidates.first() else { return Err(Unclear::Nothing(possible_keys(facts))) };
    let belongs = |at: At| at == best.key || links.iter().any(|link| link.from == at && link.to == best.key);
    let column_name = |at: At| facts.column(at).map(|column| Name::new(&column.source_name).thing());
    let others = candidates.iter().skip(1).filter(|other| other.score >= WORTH_TELLING).map(|other| other.key);
    let elsewhere = |at: &At| !best.has_table || at.table != best.key.table;
    let others = others.filter(|at| !belongs(*at) && elsewhere(at) && column_name(*at) != column_name(best.key));
    let others = others.take(2).collect();
    Ok(subject(facts, best.key, best.has_table, reason(facts, links, best), others))
}

fn candidate(facts: &Facts, links: &[Link], at: At) -> Option<Candidate> {
    let (table, column) = (facts.table(at.table)?, facts.column(at)?);
    if !column.kind.is_key() || column.distinct == 0 {
        return None;
    }
    let named = i64::from(roles::customer(column));
    let timed = table.columns.iter().any(|column| roles::time(column, table.rows) > 5);
    if identifies(facts, at) {
        let name = Name::new(&column.source_name);
        let pure_key = name.noun().is_empty() || name.thing() == Name::new(&table.name).thing();
        let reachable = table.columns.iter().any(|column| column.unique && roles::customer(column) > 0);
        let listed = i64::from(roles::customers(table) > 0 || reachable) * if pure_key { 9 } else { 0 };
        let inbound = links.iter().filter(|link| link.to == at && link.share >= SUBJECT_SHARE).count() as i64;
        let bought = i64::from(name.has(Sense::Order) || name.has(Sense::Product) || name.has(Sense::Store));
        let score = 10 * named.max(listed) + 25 * inbound.min(3) - 20 * bought;
        return (named.max(listed) > 0 || inbound > 0).then_some(Candidate { key: at, has_table: true, score });
    }
    let leads_elsewhere = links.iter().any(|link| link.from == at);
    let anything = Name::new(&column.source_name).has(Sense::Key) && timed && roles::purchase(column) == 0;
    if leads_elsewhere || column.distinct < 2 || (named == 0 && !anything) {
        return None;
    }
    let sold = i64::from(Name::new(&column.source_name).has(Sense::Product));
    let score = 10 * named + 20 * i64::from(timed) - 15 * sold - (10.0 * column.unknown_share(table.rows)) as i64;
    Some(Candidate { key: at, has_table: false, score })
}

fn subject(facts: &Facts, key: At, has_table: bool, why: String, others: Vec<At>) -> Subject {
    Subject { name: name(facts, key), key, table: has_table.then_some(key.table), why, others }
}

fn reason(facts: &Facts, links: &[Link], best: &Candidate) -> String {
    let inbound: Vec<&Link> = links.iter().filter(|link| link.to == best.key).collect();
    let named = inbound.iter().map(|link| format!("{} of {}", percent(link.share), facts.path(link.from)));
    let named = named.collect::<Vec<_>>().join(", ");
    match (best.has_table, named.is_empty()) {
        (true, false) => format!("found in it: {named}"),
        (true, true) => "no two rows have the same".to_owned(),
        (false, _) => "there is no table with one row for each: they are the keys found in the rows".to_owned(),
    }
}

/// `100%`, and never that of less than all.
pub fn percent(share: f64) -> String {
    let percent = (share * 100.0).floor() as i64;
    if share >= 1.0 { "100%".to_owned() } else { format!("{percent}%") }
}

/// What one of them is called: the key's name without the words for keys, or one of the table's.
fn name(facts: &Facts, key: At) -> String {
    let of = |name: &str| {
        let parts = Name::new(name).noun();
        super::names::identifier(&parts.join("_"), "")
    };
    let column = facts.column(key).map(|column| Name::new(&column.source_name));
    let of_column = facts.column(key).map(|column| of(&column.source_name)).filter(|name| !name.is_empty());
    let contact = column.is_some_and(|name| name.has(Sense::Contact));
    // Who can be reached by mail is a customer, whatever the file is called.
    let reached = |table: &TableFacts| {
        roles::customers(table) == 0 && table.columns.iter().any(|column| column.unique && roles::customer(column) > 0)
    };
    let table = facts.table(key.table).filter(|table| !reached(table)).map(|table| {
        let words = words(&table.name).iter().map(|word| singular(word)).collect::<Vec<_>>();
        super::names::identifier(&words.join("_"), "")
    });
    match of_column.filter(|_| !contact).or_else(|| table.filter(|_| !contact)) {
        Some(name) if !name.is_empty() && name != "cust" => name,
        _ => "customer".to_owned(),
    }
}

fn wished(facts: &Facts, links: &[Link], wish: &str) -> Result<At, Unclear> {
    let (table, column) = wish.split_once('.').map_or((None, wish), |(table, column)| (Some(table), column));
    let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
    let fits = |at: &At| {
        let of_table = table.is_none_or(|table| facts.table(at.table).is_some_and(|found| same(&found.name, table)));
        let found = facts.column(*at);
        of_table && found.is_some_and(|found| same(&found.name, column) || same(&found.source_name, column))
    };
    let found: Vec<At> = facts.places().filter(fits).collect();
    // What they lead to, if it is one column, is meant; else the one that is unique.
    let target = |at: &At| links.iter().find(|link| link.from == *at).map_or(*at, |link| link.to);
    let mut targets: Vec<At> = found.iter().map(target).collect();
    targets.sort_unstable();
    targets.dedup();
    let unique: Vec<At> = targets.iter().copied().filter(|at| identifies(facts, *at)).collect();
    match (targets.as_slice(), unique.as_slice()) {
        ([], _) => Err(Unclear::NoSuchColumn),
        ([one], _) | (_, [one]) => Ok(*one),
        ([first, ..], []) => Ok(*first),
        _ => Err(Unclear::Several(found.iter().map(|at| facts.path(*at)).collect())),
    }
}

/// Columns that could tell something apart, for the user to choose from.
fn possible_keys(facts: &Facts) -> Vec<String> {
    let keyed = |at: &At| facts.column(*at).is_some_and(|column| column.kind.is_key() && column.distinct > 1);
    facts.places().filter(keyed).map(|at| facts.path(at)).take(12).collect()
}

#[cfg(test)]
mod tests {
    use super::super::facts::{ColumnFacts, Fit, Kind};
    use super::super::links::{links, pairs};
    use super::*;

    const ROWS: u64 = 100;

    /// A table of 100 rows; of each column its name, what it holds, and how many different values.
    fn table(name: &str, columns: &[(&str, Kind, u64)]) -> TableFacts {
        let column = |(name, kind, distinct): &(&str, Kind, u64)| ColumnFacts {
            name: (*name).to_owned(),
            source_name: (*name).to_owned(),
            kind: *kind,
            found: String::new(),
            unknown: 0,
            distinct: *distinct,
            unique: *distinct == ROWS,
            values: None,
            range: None,
            places: None,
            not_finite: 0,
        };
        TableFacts {
            name: name.to_owned(),
            source: String::new(),
            files: 1,
            written: None,
            skips: None,
            usual_separator: b',',
            rows: ROWS,
            columns: columns.iter().map(column).collect(),
        }
    }

    /// The subject of tables in which every pair worth measuring fits with this share.
    fn of(tables: Vec<TableFacts>, share: f64, wish: Option<&str>) -> Result<(String, String, bool), Unclear> {
        let mut facts = Facts { tables, fits: Vec::new() };
        facts.fits = pairs(&facts).into_iter().map(|(from, to)| Fit { from, to, share }).collect();
        let links = links(&facts);
        let subject = guess(&facts, &links, wish)?;
        Ok((subject.name, facts.path(subject.key), subject.table.is_some()))
    }

    fn found(name: &str, key: &str, has_table: bool) -> Result<(String, String, bool), Unclear> {
        Ok((name.to_owned(), key.to_owned(), has_table))
    }

    fn orders(customer: &str) -> TableFacts {
        let columns = [("order_id", Kind::Whole, ROWS), (customer, Kind::Whole, 30), ("ordered_at", Kind::Time, 90)];
        table("orders", &columns)
    }

    #[test]
    fn a_table_of_customers_that_others_name_is_the_subject() {
        let customers = || table("customers", &[("id", Kind::Whole, ROWS), ("name", Kind::Text, ROWS)]);
        assert_eq!(of(vec![orders("customer_id"), customers()], 1.0, None), found("customer", "customers.id", true));
        assert_eq!(of(vec![orders("client_no"), customers()], 0.9, None), found("customer", "customers.id", true));
        // Hardly anybody of the orders is in the table: the keys found in the orders are better.
        let apart = of(vec![orders("customer_id"), customers()], 0.1, None);
        assert_eq!(apart, found("customer", "orders.customer_id", false));
    }

    #[test]
    fn without_a_table_the_keys_in_the_rows_are_the_subjects() {
        assert_eq!(of(vec![orders("pelanggan_id")], 1.0, None), found("pelanggan", "orders.pelanggan_id", false));
        let lines = table(
            "lines",
            &[("line_no", Kind::Whole, ROWS), ("order_no", Kind::Whole, 40), ("sold_at", Kind::Time, 40)],
        );
        assert_eq!(
            of(vec![lines], 1.0, None),
            Err(Unclear::Nothing(vec!["lines.line_no".into(), "lines.order_no".into()]))
        );
    }

    #[test]
    fn what_is_sold_is_not_who_buys() {
        let products = table("products", &[("product_id", Kind::Whole, ROWS), ("price", Kind::Decimal, 20)]);
        let mut sold = orders("customer_id");
        let product = products.columns.first().expect("a column").clone();
        sold.columns.push(ColumnFacts { unique: false, distinct: 20, ..product });
        assert_eq!(of(vec![products, sold], 1.0, None), found("customer", "orders.customer_id", false));
    }

    #[test]
    fn the_user_decides() {
        let customers = || table("customers", &[("id", Kind::Whole, ROWS)]);
        let both = || vec![orders("customer_id"), customers()];
        assert_eq!(of(both(), 1.0, Some("orders.customer_id")), found("customer", "customers.id", true));
        assert_eq!(of(both(), 1.0, Some("ORDER_ID")), found("order", "orders.order_id", true));
        assert_eq!(of(both(), 1.0, Some("colour")), Err(Unclear::NoSuchColumn));
    }
}
