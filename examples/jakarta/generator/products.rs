//! What the chain sells.

/// A category of products.
pub struct Category {
    /// Its name.
    pub name: &'static str,
    /// How often it is bought, against the others.
    pub weight: u32,
    /// The category that is often bought with it, by position.
    pub companion: usize,
    /// Sizes, each with its price in hundredths of the first one's.
    sizes: [(&'static str, i64); 3],
    /// Names and makers, each with the price of the first size in rupiah.
    items: &'static [(&'static str, &'static str, i64)],
}

/// Position of a category in [`CATEGORIES`].
pub const BABY: usize = 4;
/// Position of a category in [`CATEGORIES`].
pub const BEAUTY: usize = 5;
/// Position of a category in [`CATEGORIES`].
pub const MODEST_WEAR: usize = 8;
/// Position of a category in [`CATEGORIES`].
pub const TOYS: usize = 11;
/// Position of a category in [`CATEGORIES`].
pub const LEBARAN_TREATS: usize = 12;

/// All categories.
pub const CATEGORIES: &[Category] = &[
    Category {
        name: "Staples",
        weight: 170,
        companion: 6,
        sizes: [("1 kg", 100), ("2 kg", 195), ("5 kg", 470)],
        items: &[
            ("Beras Pandan Wangi", "Sawah Biru", 16_000),
            ("Beras Merah", "Sawah Biru", 21_000),
            ("Gula Pasir", "Manis Jaya", 17_000),
            ("Tepung Terigu", "Gunung Putih", 13_000),
            ("Kacang Hijau", "Tani Makmur", 28_000),
            ("Bawang Merah", "Tani Makmur", 38_000),
            ("Telur Ayam", "Kandang Kita", 30_000),
        ],
    },
    Category {
        name: "Snacks",
        weight: 140,
        companion: 2,
        sizes: [("68 g", 100), ("180 g", 230), ("isi 10", 850)],
        items: &[
            ("Keripik Singkong", "Renyah", 9_000),
            ("Keripik Tempe", "Renyah", 10_000),
            ("Kerupuk Udang", "Pesisir", 11_000),
            ("Biskuit Kelapa", "Roti Nusa", 8_000),
            ("Wafer Cokelat", "Roti Nusa", 7_000),
            ("Kacang Atom", "Gurih", 9_000),
            ("Rempeyek", "Gurih", 12_000),
        ],
    },
    Category {
        name: "Drinks",
        weight: 110,
        companion: 1,
        sizes: [("500 ml", 100), ("1 liter", 185), ("isi 12", 1_100)],
        items: &[
            ("Teh Melati", "Kebun Teh", 6_000),
            ("Air Kelapa", "Pesisir", 12_000),
            ("Jus Jambu", "Segar", 11_000),
            ("Susu UHT", "Lembah Hijau", 9_000),
            ("Sirup Markisa", "Segar", 22_000),
            ("Wedang Jahe", "Jawa Dwipa", 10_000),
        ],
    },
    Category {
        name: "Coffee",
        weight: 60,
        companion: 1,
        sizes: [("100 g", 100), ("250 g", 230), ("500 g", 430)],
        items: &[
            ("Kopi Gayo", "Dataran Tinggi", 32_000),
            ("Kopi Toraja", "Dataran Tinggi", 36_000),
            ("Kopi Mandailing", "Dataran Tinggi", 34_000),
            ("Kopi Kintamani", "Pulau Dewata", 35_000),
            ("Kopi Flores Bajawa", "Pulau Dewata", 34_000),
            ("Kopi Robusta Lampung", "Kapal Tua", 19_000),
            ("Kopi Tubruk", "Kapal Tua", 15_000),
            ("Kopi Luwak", "Dataran Tinggi", 95_000),
        ],
    },
    Category {
        name: "Baby",
        weight: 55,
        companion: 4,
        sizes: [("isi 1", 100), ("isi 2", 190), ("isi 3", 275)],
        items: &[
            ("Popok Bayi", "Buah Hati", 68_000),
            ("Celana Popok", "Buah Hati", 82_000),
            ("Tisu Basah", "Lembut", 22_000),
            ("Susu Formula", "Lembah Hijau", 130_000),
            ("Bubur Bayi", "Lembah Hijau", 24_000),
            ("Minyak Telon", "Lembut", 32_000),
            ("Baju Bayi", "Buah Hati", 59_000),
        ],
    },
    Category {
        name: "Beauty",
        weight: 85,
        companion: 7,
        sizes: [("30 ml", 100), ("100 ml", 260), ("paket", 420)],
        items: &[
            ("Pelembap Wajah", "Melati", 48_000),
            ("Serum Vitamin C", "Melati", 75_000),
            ("Tabir Surya", "Khatulistiwa", 65_000),
            ("Lipstik Matte", "Ayu", 62_000),
            ("Bedak Tabur", "Ayu", 55_000),
            ("Parfum Kenanga", "Melati", 90_000),
            ("Sampo Urang-aring", "Ayu", 32_000),
        ],
    },
    Category {
        name: "Home",
        weight: 85,
        companion: 0,
        sizes: [("isi 1", 100), ("isi 2", 190), ("isi 4", 360)],
        items: &[
            ("Sabun Cuci Piring", "Kinclong", 15_000),
            ("Deterjen", "Kinclong", 24_000),
            ("Pengharum Ruangan", "Kinclong", 29_000),
            ("Lampu LED", "Terang", 32_000),
            ("Sapu Ijuk", "Griya", 35_000),
            ("Panci", "Griya", 120_000),
            ("Handuk", "Griya", 79_000),
        ],
    },
    Category {
        name: "Fashion",
        weight: 80,
        companion: 9,
        sizes: [("S", 100), ("M", 100), ("L", 100)],
        items: &[
            ("Kemeja Batik", "Parang", 249_000),
            ("Blus Tenun", "Parang", 219_000),
            ("Celana Chino", "Santai", 229_000),
            ("Rok Lilit", "Parang", 179_000),
            ("Kaus Polos", "Santai", 89_000),
            ("Jaket Denim", "Santai", 329_000),
            ("Kebaya", "Ayu", 389_000),
        ],
    },
    Category {
        name: "Modest wear",
        weight: 40,
        companion: 8,
        sizes: [("S", 100), ("M", 100), ("L", 100)],
        items: &[
            ("Gamis", "Nur", 289_000),
            ("Baju Koko", "Nur", 239_000),
            ("Jilbab Segi Empat", "Nur", 79_000),
            ("Mukena", "Bulan Sabit", 259_000),
            ("Sarung Tenun", "Bulan Sabit", 149_000),
            ("Peci", "Bulan Sabit", 59_000),
            ("Kaftan", "Nur", 349_000),
        ],
    },
    Category {
        name: "Shoes",
        weight: 40,
        companion: 13,
        sizes: [("38", 100), ("40", 100), ("42", 100)],
        items: &[
            ("Sepatu Lari", "Langkah", 389_000),
            ("Sandal Kulit", "Langkah", 189_000),
            ("Sepatu Pantofel", "Langkah", 349_000),
            ("Sandal Jepit", "Santai", 39_000),
            ("Sepatu Kets", "Santai", 269_000),
            ("Kaus Kaki", "Santai", 29_000),
        ],
    },
    Category {
        name: "Electronics",
        weight: 16,
        companion: 6,
        sizes: [("standar", 100), ("plus", 145), ("pro", 210)],
        items: &[
            ("Setrika", "Terang", 219_000),
            ("Kipas Angin", "Terang", 279_000),
            ("Blender", "Dapur Baru", 349_000),
            ("Penanak Nasi", "Dapur Baru", 429_000),
            ("Pengeras Suara", "Gema", 299_000),
            ("Pengisi Daya", "Gema", 149_000),
            ("Jam Pintar", "Gema", 699_000),
        ],
    },
    Category {
        name: "Toys",
        weight: 28,
        companion: 1,
        sizes: [("kecil", 100), ("sedang", 160), ("besar", 260)],
        items: &[
            ("Balok Kayu", "Dolanan", 79_000),
            ("Boneka Panda", "Dolanan", 69_000),
            ("Mobil-mobilan", "Dolanan", 49_000),
            ("Puzzle Nusantara", "Dolanan", 59_000),
            ("Congklak", "Dolanan", 65_000),
            ("Layang-layang", "Dolanan", 19_000),
        ],
    },
    Category {
        name: "Lebaran treats",
        weight: 12,
        companion: 2,
        sizes: [("toples kecil", 100), ("toples besar", 180), ("hampers", 520)],
        items: &[
            ("Nastar", "Roti Nusa", 55_000),
            ("Kastengel", "Roti Nusa", 62_000),
            ("Putri Salju", "Roti Nusa", 52_000),
            ("Lidah Kucing", "Roti Nusa", 48_000),
            ("Sagu Keju", "Manis Jaya", 45_000),
            ("Kurma Ajwa", "Bulan Sabit", 85_000),
            ("Dodol Garut", "Manis Jaya", 39_000),
        ],
    },
    Category {
        name: "Sports",
        weight: 20,
        companion: 9,
        sizes: [("standar", 100), ("plus", 140), ("pro", 220)],
        items: &[
            ("Bola Sepak", "Gelora", 129_000),
            ("Raket Bulu Tangkis", "Gelora", 189_000),
            ("Kok Bulu Tangkis", "Gelora", 65_000),
            ("Matras Yoga", "Gelora", 139_000),
            ("Botol Minum", "Gelora", 59_000),
            ("Sepeda Lipat", "Langkah", 1_890_000),
        ],
    },
];

/// A product.
pub struct Product {
    /// Five digits, some of them zeros in front: the first three say the category.
    pub sku: String,
    /// As it stands on the shelf.
    pub name: String,
    /// Position of its category.
    pub category: usize,
    /// Who makes it; all makers are invented.
    pub brand: &'static str,
    /// In rupiah.
    pub price: i64,
}

/// The products of each category, in the order of their numbers.
pub fn catalogue() -> Vec<Vec<Product>> {
    CATEGORIES.iter().enumerate().map(|(position, category)| of_category(position, category)).collect()
}

fn of_category(category: usize, what: &Category) -> Vec<Product> {
    let mut products = Vec::new();
    for (name, brand, price) in what.items {
        for (size, hundredths) in what.sizes {
            products.push(Product {
                sku: format!("{:03}{:02}", category + 1, products.len() + 1),
                name: format!("{name} {size}"),
                category,
                brand,
                price: price * hundredths / 100_000 * 1_000 + 900,
            });
        }
    }
    products
}
