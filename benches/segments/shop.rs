//! Where the rows are: who the subjects are, what happened to them, and what may be asked about it.

use std::path::{Path, PathBuf};

/// Subjects and their rows, in files of one directory.
pub struct Shop {
    /// As it stands in the table of results.
    pub name: &'static str,
    /// The day that is looked from, to its end.
    pub as_of: &'static str,
    /// The zone of that day; times in the files have none and are of this one.
    pub timezone: &'static str,
    pub subjects: Subjects,
    pub events: Events,
}

/// The table of subjects: all of them are counted, also those to whom nothing happened.
pub struct Subjects {
    pub table: &'static str,
    pub file: &'static str,
    pub key: &'static str,
    /// A column that segments ask about beside the features, and what is in it.
    pub attribute: (&'static str, &'static [&'static str]),
}

/// The table of what happened.
pub struct Events {
    pub table: &'static str,
    pub file: &'static str,
    /// The subject's key, or the key of the table that knows it.
    pub key: &'static str,
    /// The table through which the subject is found, if the rows do not have its key.
    pub through: Option<Through>,
    pub time: &'static str,
    /// Whether `time` is an instant; otherwise it is a date.
    pub instants: bool,
    pub amount: &'static str,
    /// Whether amounts have two digits after the point; otherwise they are whole numbers.
    pub decimal: bool,
    /// An ordinary amount.
    pub typical: i64,
    /// How many rows a subject has in a hundred years, about.
    pub a_century: i64,
    /// Columns of text by which rows are filtered, and what is in them in every window.
    pub texts: &'static [(&'static str, &'static [&'static str])],
    /// The same for features without a window: what is in old rows only.
    pub old: (&'static str, &'static [&'static str]),
}

/// `column` of the events is the key of `table`, whose `subject` is the subject's.
pub struct Through {
    pub table: &'static str,
    pub file: &'static str,
    pub column: &'static str,
    pub subject: &'static str,
}

const PRIORITIES: &[&str] = &["1-URGENT", "2-HIGH", "3-MEDIUM", "4-NOT SPECIFIED", "5-LOW"];
const MARKETS: &[&str] = &["AUTOMOBILE", "BUILDING", "FURNITURE", "HOUSEHOLD", "MACHINERY"];
const CITIES: &[&str] = &["Jakarta", "Bandung", "Surabaya", "Medan", "Semarang", "Makassar", "Yogyakarta"];

/// TPC-H: orders of customers, keys whole numbers, dates.
pub const TPCH: Shop = Shop {
    name: "TPC-H",
    as_of: "1998-08-02",
    timezone: "UTC",
    subjects: Subjects {
        table: "customer",
        file: "customer.parquet",
        key: "c_custkey",
        attribute: ("c_mktsegment", MARKETS),
    },
    events: Events {
        table: "orders",
        file: "orders.parquet",
        key: "o_custkey",
        through: None,
        time: "o_orderdate",
        instants: false,
        amount: "o_totalprice",
        decimal: true,
        typical: 140_000,
        a_century: 150,
        texts: &[("o_orderpriority", PRIORITIES)],
        old: ("o_orderstatus", &["F", "O", "P"]),
    },
};

/// The same with a time of day, to the microsecond.
pub const TIMED: Shop = Shop {
    name: "TPC-H by microseconds",
    events: Events { file: "orders_time.parquet", time: "o_ordertime", instants: true, ..TPCH.events },
    ..TPCH
};

/// The same with keys that are text: `C000000123`.
pub const TEXT: Shop = Shop {
    name: "TPC-H by text keys",
    subjects: Subjects { file: "customer_text.parquet", ..TPCH.subjects },
    events: Events { file: "orders_text.parquet", ..TPCH.events },
    ..TPCH
};

/// The chain of the `jakarta` example: text keys, local times, the customer known by the card.
pub const JAKARTA: Shop = Shop {
    name: "Jakarta",
    as_of: "2026-10-31",
    timezone: "Asia/Jakarta",
    subjects: Subjects {
        table: "customers",
        file: "customers.parquet",
        key: "customer_id",
        attribute: ("city", CITIES),
    },
    events: Events {
        table: "transactions",
        file: "transactions.parquet",
        key: "card_id",
        through: Some(Through { table: "cards", file: "cards.parquet", column: "card_id", subject: "customer_id" }),
        time: "purchased_at",
        instants: true,
        amount: "amount",
        decimal: false,
        typical: 125_000,
        a_century: 1_400,
        texts: &[("channel", &["store", "web", "app"]), ("status", &["paid", "pending"])],
        old: ("kind", &["sale", "refund"]),
    },
};

impl Shop {
    /// An amount in the units that peers count in: whole hundredths, where amounts have digits after the point.
    pub fn hundredths(&self, amount: i64) -> i64 {
        if self.events.decimal { amount * 100 } else { amount }
    }

    /// The files that hold it, in a directory.
    pub fn files(&self, directory: &Path) -> Files {
        let at = |file: &str| directory.join(file);
        Files {
            subjects: at(self.subjects.file),
            events: at(self.events.file),
            through: self.events.through.as_ref().map(|through| at(through.file)),
        }
    }
}

/// The files of a shop.
pub struct Files {
    pub subjects: PathBuf,
    pub events: PathBuf,
    pub through: Option<PathBuf>,
}
