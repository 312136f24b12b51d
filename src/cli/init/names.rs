//! Names for the catalogue, made from the names of files and columns: identifiers of the language, each used once.

use std::collections::BTreeSet;

use kohort::syntax::print_name;

/// Words that could be read as something else where a name stands alone.
const UNWISE: [&str; 2] = ["at", "tables"];

/// Whether a name can stay as it is: an identifier that is no reserved word.
pub fn is_name(name: &str) -> bool {
    print_name(name) == name && !UNWISE.contains(&name)
}

/// A name as an identifier: `Kota / Kab.` becomes `kota_kab`, `2024 total` becomes `_2024_total`. One that is an
/// identifier already stays; nothing of nothing is left: then it is `otherwise`.
pub fn identifier(name: &str, otherwise: &str) -> String {
    if is_name(name) {
        return name.to_owned();
    }
    let mut made = String::new();
    for letter in name.chars() {
        match letter.is_alphanumeric() {
            true => made.extend(letter.to_lowercase()),
            false if made.is_empty() || made.ends_with('_') => {}
            false => made.push('_'),
        }
    }
    let made = made.trim_end_matches('_');
    // A reserved word gets a word behind it, a number an underscore in front.
    [made.to_owned(), format!("{made}_data"), format!("_{made}")]
        .into_iter()
        .find(|name| !made.is_empty() && is_name(name))
        .unwrap_or_else(|| otherwise.to_owned())
}

/// Names that are taken, so that none is given twice.
#[derive(Clone, Debug, Default)]
pub struct Names(BTreeSet<String>);

impl Names {
    /// Keeps a name from being given.
    pub fn take(&mut self, name: &str) {
        self.0.insert(name.to_owned());
    }

    /// Whether a name is free.
    pub fn is_free(&self, name: &str) -> bool {
        !self.0.contains(name)
    }

    /// The name, or the name with a number behind it if it is taken.
    pub fn give(&mut self, name: &str) -> String {
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let free = std::iter::once(name.to_owned()).chain(numbered).find(|name| self.is_free(name));
        let free = free.unwrap_or_else(|| name.to_owned());
        self.0.insert(free.clone());
        free
    }

    /// The first of these that is free, or the last with a number behind it.
    pub fn choose(&mut self, wished: &[&str]) -> String {
        match wished.iter().find(|name| self.is_free(name)) {
            Some(name) => self.give(name),
            None => self.give(wished.last().copied().unwrap_or("name")),
        }
    }
}

/// One of several, in English as far as that is to be had: `customers` → `customer`, `categories` → `category`.
pub fn singular(word: &str) -> String {
    let stem = |ending: &str| word.strip_suffix(ending).filter(|stem| stem.chars().count() > 2);
    if let Some(stem) = stem("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "shes", "ches", "xes"] {
        if let Some(stem) = word.strip_suffix("es").filter(|_| word.ends_with(ending)) {
            return stem.to_owned();
        }
    }
    let keeps = ["ss", "us", "is"].iter().any(|ending| word.ends_with(ending));
    match stem("s") {
        Some(stem) if !keeps => stem.to_owned(),
        _ => word.to_owned(),
    }
}

/// `unit_price` or `UnitPrice` as people read it: `unit price`.
pub fn spoken(name: &str) -> String {
    let words = super::words::words(name);
    if words.is_empty() { name.to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_an_identifier_stays() {
        for name in ["customer_id", "CustomerID", "kundnr", "город", "_x1", "first", "count"] {
            assert_eq!(identifier(name, "column"), name);
        }
    }

    #[test]
    fn other_names_become_identifiers() {
        for (name, expected) in [
            ("Customer ID", "customer_id"),
            ("Customers (1)", "customers_1"),
            ("Kota / Kab.", "kota_kab"),
            ("2024 total", "_2024_total"),
            ("order", "order"),
            ("of", "of_data"),
            ("Where", "where_data"),
            ("true", "true_data"),
            ("at", "at_data"),
            ("%", "column_3"),
            ("", "column_3"),
            ("e-mail", "e_mail"),
        ] {
            let made = identifier(name, "column_3");
            assert_eq!(made, expected, "{name}");
            assert!(is_name(&made), "{made}");
        }
    }

    #[test]
    fn names_are_given_once() {
        let mut names = Names::default();
        assert_eq!(names.give("spend"), "spend");
        assert_eq!(names.give("spend"), "spend_2");
        assert_eq!(names.choose(&["spend", "value"]), "value");
        assert_eq!(names.choose(&["spend", "value"]), "value_2");
    }

    #[test]
    fn one_of_several() {
        for (several, one) in [
            ("customers", "customer"),
            ("categories", "category"),
            ("boxes", "box"),
            ("addresses", "address"),
            ("status", "status"),
            ("address", "address"),
            ("gas", "gas"),
            ("pelanggan", "pelanggan"),
        ] {
            assert_eq!(singular(several), one);
        }
    }
}
