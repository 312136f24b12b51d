//! Where the chain sells: cities, their districts and stores.

use chrono::NaiveDate;

use super::calendar;

/// A city that the chain has stores in.
pub struct City {
    /// Its name.
    pub name: &'static str,
    /// How many customers live there, against the others.
    pub weight: u32,
    /// Three letters, the start of its stores' ids.
    code: &'static str,
    /// Districts (kecamatan).
    pub districts: &'static [&'static str],
    /// Kinds and opening days of its stores, the oldest first.
    stores: &'static [(&'static str, (i32, u32, u32))],
}

/// All cities.
pub const CITIES: &[City] = &[
    City {
        name: "Jakarta",
        weight: 360,
        code: "JKT",
        districts: &[
            "Kebayoran Baru",
            "Menteng",
            "Kelapa Gading",
            "Tebet",
            "Cengkareng",
            "Pasar Minggu",
            "Jatinegara",
            "Tanah Abang",
        ],
        stores: &[
            ("mall", (2009, 5, 16)),
            ("street", (2010, 8, 2)),
            ("mall", (2012, 11, 24)),
            ("mall", (2015, 3, 7)),
            ("street", (2017, 9, 18)),
            ("mall", (2019, 6, 1)),
            ("street", (2022, 2, 12)),
            ("mall", (2025, 8, 9)),
        ],
    },
    City {
        name: "Bandung",
        weight: 160,
        code: "BDG",
        districts: &["Coblong", "Lengkong", "Cicendo", "Antapani", "Sukajadi"],
        stores: &[
            ("street", (2011, 4, 9)),
            ("mall", (2014, 10, 4)),
            ("mall", (2018, 7, 21)),
            ("street", (2023, 1, 14)),
        ],
    },
    City {
        name: "Surabaya",
        weight: 170,
        code: "SBY",
        districts: &["Gubeng", "Wonokromo", "Rungkut", "Tegalsari", "Mulyorejo"],
        stores: &[("mall", (2012, 2, 18)), ("street", (2013, 6, 29)), ("mall", (2018, 12, 1)), ("mall", (2024, 5, 25))],
    },
    City {
        name: "Medan",
        weight: 90,
        code: "MDN",
        districts: &["Medan Kota", "Medan Baru", "Medan Helvetia", "Medan Petisah"],
        stores: &[("mall", (2014, 8, 16)), ("street", (2020, 9, 5))],
    },
    City {
        name: "Semarang",
        weight: 80,
        code: "SMG",
        districts: &["Banyumanik", "Candisari", "Tembalang", "Pedurungan"],
        stores: &[("mall", (2015, 5, 30)), ("street", (2021, 11, 20))],
    },
    City {
        name: "Makassar",
        weight: 80,
        code: "MKS",
        districts: &["Panakkukang", "Rappocini", "Tamalanrea", "Ujung Pandang"],
        stores: &[("mall", (2016, 3, 12)), ("street", (2022, 10, 8))],
    },
    City {
        name: "Yogyakarta",
        weight: 60,
        code: "YOG",
        districts: &["Gondokusuman", "Umbulharjo", "Kotagede", "Mantrijeron"],
        stores: &[("street", (2016, 9, 3)), ("mall", (2026, 2, 7))],
    },
];

/// The id of the store that web shop and app sell from.
pub const ONLINE: &str = "ONL-01";

/// A store.
pub struct Store {
    /// `JKT-01`
    pub id: String,
    /// As it stands on the door.
    pub name: String,
    /// Position of its city; none for the online store.
    pub city: Option<usize>,
    /// `mall`, `street` or `online`.
    pub kind: &'static str,
    /// The day it opened.
    pub opened: i32,
}

/// All stores: those of each city in the order of [`CITIES`], then the online store.
pub fn all() -> Vec<Store> {
    let mut stores = Vec::new();
    for (position, city) in CITIES.iter().enumerate() {
        for (at, (kind, opened)) in city.stores.iter().enumerate() {
            let place = city.districts.get(at % city.districts.len()).copied().unwrap_or_default();
            stores.push(Store {
                id: format!("{}-{:02}", city.code, at + 1),
                name: format!("Toko Senja {place}{}", if *kind == "mall" { " Mall" } else { "" }),
                city: Some(position),
                kind,
                opened: day(*opened),
            });
        }
    }
    let name = "Toko Senja Online".to_owned();
    stores.push(Store { id: ONLINE.to_owned(), name, city: None, kind: "online", opened: day((2018, 11, 11)) });
    stores
}

fn day((year, month, day): (i32, u32, u32)) -> i32 {
    NaiveDate::from_ymd_opt(year, month, day).map_or(0, calendar::number)
}
