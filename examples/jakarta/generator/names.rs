//! Names of people who do not exist.

/// Given names of women.
pub const WOMEN: &[&str] = &[
    "Siti", "Dewi", "Sri", "Ayu", "Rina", "Wulan", "Indah", "Putri", "Ratna", "Lestari", "Nur", "Fitri", "Maya",
    "Yuni", "Kartika", "Melati", "Intan", "Citra", "Anisa", "Dian", "Eka", "Tari", "Laras", "Niken", "Sekar",
    "Ningsih", "Marlina", "Rosa", "Gita", "Hana",
];

/// Given names of men.
pub const MEN: &[&str] = &[
    "Budi", "Agus", "Andi", "Joko", "Eko", "Hendra", "Rudi", "Dimas", "Bayu", "Arif", "Fajar", "Galih", "Wahyu",
    "Rizki", "Yusuf", "Slamet", "Bambang", "Teguh", "Surya", "Hadi", "Made", "Ketut", "Togar", "Daeng", "Ilham",
    "Reza", "Iwan", "Gilang", "Adi", "Krisna",
];

/// Second names; many Indonesians have one name only.
pub const SECOND: &[&str] = &[
    "Wijaya",
    "Santoso",
    "Pratama",
    "Saputra",
    "Hidayat",
    "Nugroho",
    "Kusuma",
    "Siregar",
    "Nasution",
    "Simanjuntak",
    "Lubis",
    "Sihombing",
    "Setiawan",
    "Gunawan",
    "Permana",
    "Wibowo",
    "Susanto",
    "Rahman",
    "Maulana",
    "Halim",
    "Tanjung",
    "Suryadi",
    "Handayani",
    "Anggraini",
    "Utami",
    "Lestari",
    "Rahayu",
    "Safitri",
    "Maharani",
    "Pertiwi",
    "Wulandari",
    "Kurniawan",
    "Firmansyah",
    "Hasanuddin",
    "Mappaseng",
    "Sitorus",
    "Ginting",
    "Irawan",
    "Budiman",
    "Purnama",
];
