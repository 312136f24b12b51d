//! What the words in the names of columns and tables usually mean, in the languages that exports are written in.
//!
//! ```text
//! CustomerID   → customer, id          tgl_transaksi → tgl (time), transaksi (order)
//! kundnr       → kund, nr              unitPrice     → unit, price
//! ```
//!
//! English, Indonesian, Swedish and Russian, and the abbreviations that accounting and shop systems use. A word may have
//! several senses; what a column is follows from all of its words together with its values (`roles`).

/// What a word is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// Tells things apart: id, number, code.
    Key,
    /// Somebody who buys.
    Customer,
    /// A way to reach somebody, which often stands for the person: an e-mail address.
    Contact,
    /// Something that is bound to one person or few: a device, a household.
    Proxy,
    /// A purchase: order, invoice, receipt.
    Order,
    /// A part of a purchase.
    Line,
    /// Something that is sold.
    Product,
    /// Where it is sold.
    Store,
    /// When.
    Time,
    /// When a person did something.
    Happened,
    /// When a record was changed last.
    Changed,
    /// A time that is not when the row happened: due, shipped, expires.
    OtherTime,
    /// When somebody was born.
    Birth,
    /// When somebody became a customer.
    Joined,
    /// Money for all of it.
    Amount,
    /// Money that is a part or another thing: tax, discount, balance.
    SideAmount,
    /// Money for one piece.
    Price,
    /// How many pieces.
    Quantity,
    /// One piece, as in `unit price`.
    Unit,
    /// Where somebody or something is.
    Place,
    /// A class that things belong to: gender, channel, category.
    Class,
    /// What somebody or something is called.
    Label,
}

use Sense::{
    Amount, Birth, Changed, Class, Contact, Customer, Happened, Joined, Key, Label, Line, Order, OtherTime, Place,
    Price, Product, Proxy, Quantity, SideAmount, Store, Time, Unit,
};

/// Words by what they are about, lower case, without marks on Latin letters.
const LEXICON: &[(Sense, &[&str])] = &[
    (
        Key,
        &["id", "ids", "no", "nr", "nbr", "num", "number", "nummer", "numret", "nomor", "nomer", "code", "kod", "kode"],
    ),
    (
        Key,
        &["key", "uid", "uuid", "guid", "ref", "pk", "fk", "номер", "код", "ид", "идентификатор", "sku", "ean", "isbn"],
    ),
    (
        Customer,
        &["customer", "customers", "cust", "client", "clients", "klien", "pelanggan", "pembeli", "member", "members"],
    ),
    (
        Customer,
        &["anggota", "user", "users", "pengguna", "kund", "kunden", "kunder", "kunde", "medlem", "medlemmar", "buyer"],
    ),
    (
        Customer,
        &["shopper", "consumer", "konsumen", "subscriber", "account", "accounts", "akun", "konto", "contact", "guest"],
    ),
    (
        Customer,
        &["visitor", "patient", "passenger", "player", "person", "people", "anvandare", "kopare", "debtor", "debitor"],
    ),
    (Customer, &["клиент", "клиенты", "клиента", "покупатель", "покупатели", "покупателя", "пользователь", "участник"]),
    (
        Contact,
        &["email", "mail", "epost", "e-mail", "surel", "phone", "telepon", "telp", "hp", "mobil", "mobile", "msisdn"],
    ),
    (Contact, &["whatsapp", "wa", "телефон", "почта", "login", "username"]),
    (
        Proxy,
        &[
            "device",
            "household",
            "card",
            "kartu",
            "kort",
            "loyalty",
            "cookie",
            "session",
            "anonymous",
            "карта",
            "machine",
        ],
    ),
    (
        Order,
        &["order", "orders", "invoice", "invoices", "transaction", "transactions", "trx", "trans", "txn", "receipt"],
    ),
    (
        Order,
        &["receipts", "nota", "faktur", "pesanan", "transaksi", "penjualan", "pembelian", "struk", "kvitto", "faktura"],
    ),
    (Order, &["fakturor", "bestallning", "bestallningar", "kop", "purchase", "purchases", "sale", "sales", "booking"]),
    (
        Order,
        &[
            "bookings",
            "cart",
            "bill",
            "checkout",
            "заказ",
            "заказы",
            "заказа",
            "чек",
            "чеки",
            "счет",
            "продажи",
            "покупки",
        ],
    ),
    (
        Line,
        &[
            "line",
            "lines",
            "item",
            "items",
            "detail",
            "details",
            "rad",
            "rader",
            "position",
            "baris",
            "позиция",
            "позиции",
        ],
    ),
    (
        Product,
        &["product", "products", "article", "articles", "artikel", "artiklar", "produk", "barang", "vara", "varor"],
    ),
    (
        Product,
        &["produkt", "produkter", "stock", "variant", "sku", "ean", "isbn", "товар", "товары", "товара", "продукт"],
    ),
    (Store, &["store", "stores", "shop", "toko", "cabang", "butik", "butiker", "outlet", "branch", "gerai", "магазин"]),
    (
        Time,
        &["date", "datum", "tanggal", "tgl", "time", "timestamp", "ts", "waktu", "datetime", "tid", "tidpunkt", "dag"],
    ),
    (Time, &["day", "hari", "at", "on", "when", "jam", "дата", "время", "день", "dt"]),
    (
        Happened,
        &["created", "occurred", "placed", "purchased", "ordered", "bought", "sold", "paid", "event", "visited"],
    ),
    (
        Happened,
        &["visit", "kunjungan", "booked", "seen", "logged", "dibuat", "dibeli", "skapad", "kopt", "besok", "clicked"],
    ),
    (Happened, &["opened", "sent", "создан", "покупки", "продажи", "заказа"]),
    (
        Changed,
        &["updated", "modified", "changed", "revised", "diubah", "diperbarui", "andrad", "uppdaterad", "изменен"],
    ),
    (Changed, &["version", "revision", "versi"]),
    (
        OtherTime,
        &["due", "deleted", "cancelled", "canceled", "shipped", "ship", "shipping", "delivered", "delivery", "kirim"],
    ),
    (
        OtherTime,
        &["pengiriman", "leverans", "valid", "expires", "expired", "expiry", "until", "end", "ended", "loaded"],
    ),
    (
        OtherTime,
        &["imported", "synced", "inserted", "extracted", "export", "exported", "returned", "refunded", "jatuh"],
    ),
    (OtherTime, &["forfall", "last", "next", "required", "closed", "load", "batch", "доставки", "оплаты"]),
    (
        Birth,
        &[
            "birth",
            "birthday",
            "birthdate",
            "born",
            "dob",
            "lahir",
            "ultah",
            "fodelse",
            "fodelsedag",
            "fodelsedatum",
            "рождения",
        ],
    ),
    (Joined, &["joined", "join", "registered", "registration", "signup", "since", "enrolled", "daftar", "bergabung"]),
    (Joined, &["registrerad", "medlemskap", "onboarded", "регистрации"]),
    (Amount, &["amount", "amt", "total", "sum", "subtotal", "revenue", "value", "nilai", "jumlah", "belopp", "summa"]),
    (
        Amount,
        &["omsattning", "turnover", "gross", "net", "netto", "brutto", "paid", "spend", "spent", "bayar", "pembayaran"],
    ),
    (Amount, &["omzet", "charge", "сумма", "итого", "выручка", "стоимость", "grand", "payment", "sales"]),
    (
        SideAmount,
        &[
            "tax", "vat", "ppn", "pajak", "moms", "discount", "diskon", "rabatt", "cost", "costs", "fee", "ongkir",
            "ongkos",
        ],
    ),
    (
        SideAmount,
        &["freight", "frakt", "shipping", "balance", "saldo", "limit", "credit", "kredit", "score", "rate", "points"],
    ),
    (
        SideAmount,
        &["poin", "tip", "margin", "profit", "скидка", "налог", "баланс", "lifetime", "refund", "percent", "pct"],
    ),
    (Price, &["price", "harga", "pris", "apris", "цена", "prices"]),
    (
        Quantity,
        &["quantity", "qty", "units", "count", "kuantitas", "banyak", "banyaknya", "antal", "pcs", "количество", "кол"],
    ),
    (Quantity, &["jumlah", "pieces", "kvantitet"]),
    (Unit, &["unit", "each", "satuan", "per", "styck", "st", "list"]),
    (
        Place,
        &["country", "city", "region", "province", "provinsi", "kota", "negara", "kabupaten", "state", "stad", "land"],
    ),
    (
        Place,
        &[
            "ort",
            "kommun",
            "lan",
            "district",
            "area",
            "zone",
            "wilayah",
            "kecamatan",
            "county",
            "market",
            "город",
            "страна",
        ],
    ),
    (Place, &["регион", "область"]),
    (
        Class,
        &[
            "gender", "sex", "kelamin", "kon", "пол", "channel", "kanal", "saluran", "category", "kategori", "type",
            "tipe",
        ],
    ),
    (
        Class,
        &["jenis", "typ", "kind", "segment", "tier", "level", "status", "plan", "source", "group", "grupp", "class"],
    ),
    (
        Class,
        &[
            "marital",
            "income",
            "education",
            "occupation",
            "device",
            "platform",
            "payment",
            "method",
            "metode",
            "категория",
        ],
    ),
    (Class, &["тип", "канал", "статус", "brand", "merek", "marke", "department", "genre"]),
    (Label, &["name", "nama", "namn", "title", "description", "deskripsi", "beskrivning", "label", "имя", "название"]),
    (Label, &["first", "last", "full", "company", "note", "notes", "comment", "address", "alamat", "adress"]),
];

/// Whether a word has this sense.
pub fn means(word: &str, sense: Sense) -> bool {
    LEXICON.iter().any(|(of, words)| *of == sense && words.contains(&word))
}

fn is_known(word: &str) -> bool {
    LEXICON.iter().any(|(_, words)| words.contains(&word))
}

/// The words of a name, lower case, Latin letters without marks: cut at signs, at changes of case, between letters and
/// digits, and, where it is made of known words, inside (`kundnr`, `customerid`).
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let letters: Vec<char> = name.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let cut = before.is_some_and(|before| begins_word(*before, *letter, letters.get(at + 1)));
        if (cut || !letter.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase().map(plain));
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words.into_iter().flat_map(|word| inside(&word).unwrap_or_else(|| vec![word])).collect()
}

fn begins_word(before: char, letter: char, after: Option<&char>) -> bool {
    let rises = letter.is_uppercase() && before.is_lowercase();
    let acronym_ends = letter.is_uppercase() && before.is_uppercase() && after.is_some_and(|c| c.is_lowercase());
    let digits = before.is_alphanumeric() && letter.is_alphanumeric() && before.is_numeric() != letter.is_numeric();
    rises || acronym_ends || digits
}

fn plain(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ё' => 'е',
        other => other,
    }
}

/// `kundnr` as `kund`, `nr`: two or three known words written as one.
fn inside(word: &str) -> Option<Vec<String>> {
    if is_known(word) {
        return None;
    }
    let cuts = word.char_indices().map(|(at, _)| at).skip(1);
    let mut halves = cuts.filter_map(|at| word.split_at_checked(at));
    halves.find_map(|(head, tail)| match (is_known(head), is_known(tail)) {
        (true, true) => Some(vec![head.to_owned(), tail.to_owned()]),
        (true, false) if head.len() > 2 => inside(tail).map(|rest| [vec![head.to_owned()], rest].concat()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(name: &str) -> String {
        words(name).join(" ")
    }

    #[test]
    fn names_are_cut_into_words() {
        for (name, expected) in [
            ("customer_id", "customer id"),
            ("CustomerID", "customer id"),
            ("customerId", "customer id"),
            ("IDPelanggan", "id pelanggan"),
            ("kundnr", "kund nr"),
            ("InvoiceDate", "invoice date"),
            ("invoicedate", "invoice date"),
            ("ordernumber", "order number"),
            ("custorderno", "cust order no"),
            ("Köp datum", "kop datum"),
            ("Дата заказа", "дата заказа"),
            ("unit-price (IDR)", "unit price idr"),
            ("address2", "address 2"),
            ("sku", "sku"),
            ("watermelon", "watermelon"),
            ("", ""),
        ] {
            assert_eq!(joined(name), expected, "{name}");
        }
    }

    #[test]
    fn words_of_four_languages_have_senses() {
        for word in ["customer", "pelanggan", "kund", "клиент"] {
            assert!(means(word, Customer), "{word}");
        }
        for word in ["date", "tanggal", "datum", "дата"] {
            assert!(means(word, Time), "{word}");
        }
        assert!(means("jumlah", Amount) && means("jumlah", Quantity));
        assert!(!means("pelanggan", Key));
    }

    #[test]
    fn the_lexicon_is_written_as_names_are_cut() {
        for (_, listed) in LEXICON {
            for word in *listed {
                let cut: String = words(word).concat();
                assert_eq!(cut, word.replace('-', ""), "{word}");
            }
        }
    }
}
