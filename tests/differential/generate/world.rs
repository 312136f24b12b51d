//! The tables of a case and their rows: a handful of shapes, each present or not, in one of several forms.

use chrono::Weekday;
use chrono_tz::Tz;
use kohort::catalog::model::WindowMode;

use super::super::oracle::time;
use super::super::value::{Cell, CellType, TableData};
use super::cells::{self, Cells};
use super::family::Family;
use super::project::{Case, Kind, Shape, Source, Table, one_or_list};
use super::random::Random;
use super::schema::{Named, RowInfo, Schema, Sort};
use super::windows::{self, Instants, Written};

type Columns = Vec<(String, CellType)>;

/// A case without rules, the names it offers, and the windows its rows lie around.
pub struct World {
    pub case: Case,
    pub schema: Schema,
    pub windows: Vec<Written>,
}

impl World {
    /// Gives the rows of a table with time their place and their distance.
    pub fn order_of(&mut self, table: &str) {
        if !self.schema.families.contains(&Family::Order) {
            return;
        }
        for row in self.schema.rows.iter_mut().filter(|row| row.timed && row.table == table) {
            row.view.push(Named { name: "number".into(), sort: Sort::Number, form: "number" });
            row.view.push(Named { name: "gap".into(), sort: Sort::Duration, form: "gap" });
        }
    }
}

/// What is decided before any table is made.
struct Plan<'r> {
    random: &'r mut Random,
    cells: Cells,
    key: Columns,
    two_kinds: bool,
    case: Case,
    schema: Schema,
}

/// Builds tables and rows.
pub fn build(random: &mut Random, seed: u64, families: &'static [Family]) -> World {
    let zone = windows::zone(random);
    let now = windows::now(random, zone);
    let week_starts = if random.chance(70) { Weekday::Mon } else { *random.pick(&[Weekday::Sun, Weekday::Sat]) };
    let mode = if random.chance(72) { WindowMode::Exact } else { WindowMode::Days };
    let today = time::local(zone, now).date();
    let written: Vec<Written> = (0..6).map(|_| windows::window(random, today)).collect();
    let instants = Instants::new(random, zone, week_starts, mode, now, &written);

    let key = key_columns(random);
    let customers = customer_keys(random, &key);
    let case = Case {
        seed,
        zone,
        week_starts,
        windows: mode,
        now,
        kinds: vec![],
        tables: vec![],
        attributes: vec![],
        metrics: vec![],
        segments: vec![],
        partitions: vec![],
        beside: Default::default(),
        data: Default::default(),
    };
    let two_kinds = key.len() == 1 && random.chance(30);
    let cells = Cells { zone, now, instants, customers };
    let mut plan = Plan { random, cells, key, two_kinds, case, schema: Schema { families, ..Schema::default() } };
    plan.subjects();
    plan.event_tables();
    let mut world = World { case: plan.case, schema: plan.schema, windows: written };
    let tables: Vec<String> = world.schema.rows.iter().map(|row| row.table.clone()).collect();
    tables.iter().for_each(|table| world.order_of(table));
    world
}

/// One text or number column, or one of each.
fn key_columns(random: &mut Random) -> Columns {
    match random.below(10) {
        0..=5 => vec![("customer_id".into(), CellType::Text)],
        6..=8 => vec![("customer_id".into(), CellType::Int)],
        _ => vec![("market".into(), CellType::Text), ("customer_no".into(), CellType::Int)],
    }
}

/// Up to 12 keys; with `00017` beside `17`, and 10 after 9 or before.
fn customer_keys(random: &mut Random, key: &Columns) -> Vec<Vec<Cell>> {
    const TEXTS: [&str; 12] = ["C1", "C10", "C2", "00017", "17", "c1", "Ä7", "Z", "a b", "O'N", "é", "-1"];
    let count = match random.below(20) {
        0 => 0,
        1..=12 => random.between(1, 5),
        _ => random.between(5, 12),
    };
    let text = |at: usize| Cell::Text(TEXTS[at].to_owned());
    let number = |at: usize| Cell::Int(at as i64 * 3 - 2);
    let make = |at: usize| match key.as_slice() {
        [(_, CellType::Text)] => vec![text(at)],
        [_] => vec![number(at)],
        _ => vec![text(at % 3), number(at / 3)],
    };
    (0..count as usize).map(make).collect()
}

impl Plan<'_> {
    /// The kinds of subjects, their tables, and what those look up.
    fn subjects(&mut self) {
        let key: Vec<String> = self.key.iter().map(|(name, _)| name.clone()).collect();
        let mut customer = Kind { name: "customer".into(), table: None, key, lookups: vec![] };
        // The key of subjects without a table is not theirs to ask about.
        let mut view: Vec<Named> = vec![];
        if self.random.chance(80) {
            view.extend(self.key.iter().map(|(name, kind)| named(name, *kind, "key column")));
            customer.table = Some("customers".into());
            let columns = self.customers();
            view.extend(columns.iter().map(|(name, kind)| named(name, *kind, "subject column")));
            if columns.iter().any(|(name, _)| name == "household") {
                customer.lookups.push(("home".into(), "household -> households".into()));
                self.households();
                view.push(named("home.income", CellType::Decimal(2), "lookup"));
                view.push(named("home.area", CellType::Text, "lookup"));
                view.push(named("home.district.opened", CellType::Date, "chained lookup"));
                view.push(named("home.district.title", CellType::Text, "chained lookup"));
            }
        }
        self.case.kinds.push(customer);
        self.schema.subjects.push(("customer".into(), view));
        if self.two_kinds {
            self.stores();
        }
    }

    /// The customers' table; returns its columns besides the key.
    fn customers(&mut self) -> Columns {
        let joined = self.timestamp();
        let all = [
            ("city", CellType::Text),
            ("birth_date", CellType::Date),
            ("tags", CellType::TextList),
            ("joined_at", joined),
            ("points", CellType::Int),
            ("score", CellType::Decimal(2)),
            ("vip", CellType::Bool),
            ("household", CellType::Text),
            ("renews_on", CellType::Date),
        ];
        let columns = self.some(&all, 80);
        let mut source = Source::default();
        if columns.iter().any(|(name, _)| name == "joined_at") && self.random.chance(10) {
            source.time = Some("joined_at".into());
        }
        let keys = self.cells.customers.clone();
        let mut rows: Vec<_> = keys.into_iter().map(|key| self.row(key, &columns)).collect();
        if self.random.chance(15) {
            // Rows of nobody, several of them.
            for _ in 0..self.random.between(1, 3) {
                let nobody = vec![Cell::Unknown; self.key.len()];
                let row = self.row(nobody, &columns);
                rows.push(row);
            }
        }
        let data = TableData { columns: self.key.iter().chain(&columns).cloned().collect(), rows };
        self.add("customers", source, data);
        // Keys that no subject has, for orphans; without a table every key found is a subject.
        let orphan = self.key.iter().map(|(_, kind)| match kind {
            CellType::Int => Cell::Int(999),
            _ => Cell::Text("nobody".into()),
        });
        self.cells.customers.push(orphan.collect());
        columns
    }

    fn households(&mut self) {
        let columns = [("income", CellType::Decimal(2)), ("area", CellType::Text), ("district_id", CellType::Int)];
        let source =
            Source { lookups: vec![("district".into(), "district_id -> districts".into())], ..Source::default() };
        self.looked_up("households", "household", CellType::Text, &columns, source);
        let columns = [("title", CellType::Text), ("opened", CellType::Date)];
        self.looked_up("districts", "district_id", CellType::Int, &columns, Source::default());
    }

    /// The second kind of subject.
    fn stores(&mut self) {
        let mut kind = Kind { name: "outlet".into(), table: None, key: vec!["outlet_id".into()], lookups: vec![] };
        let mut view = vec![];
        if self.random.chance(70) {
            view.push(named("outlet_id", CellType::Text, "key column"));
            kind.table = Some("outlets".into());
            let columns = [("region", CellType::Text), ("store_size", CellType::Int), ("opened", CellType::Date)];
            self.looked_up("outlets", "outlet_id", CellType::Text, &columns, Source::default());
            view.extend(columns.iter().map(|(name, kind)| named(name, *kind, "subject column")));
        }
        self.case.kinds.push(kind);
        self.schema.subjects.push(("outlet".into(), view));
    }

    fn event_tables(&mut self) {
        let with_lines = self.sales();
        if with_lines && self.random.chance(60) {
            self.lines();
        }
        let timestamp = self.timestamp();
        if self.random.chance(60) {
            self.events(
                "visits",
                Some(("visited_on", CellType::Date)),
                &[("seconds", CellType::Int), ("page", CellType::Text)],
                20,
            );
        }
        if self.random.chance(40) {
            let rows = if self.random.chance(50) { 0 } else { 10 };
            self.events("returns", Some(("returned_at", timestamp)), &[("refund", CellType::Decimal(3))], rows);
        }
        if self.random.chance(40) {
            self.events(
                "notes",
                None,
                &[("topic", CellType::Text), ("weight", CellType::Int), ("noted", CellType::Date)],
                15,
            );
        }
    }

    /// The main event table; returns whether its rows have an id to be looked up by.
    fn sales(&mut self) -> bool {
        let timestamp = if self.random.chance(15) { CellType::Date } else { self.timestamp() };
        let (has_id, has_products) = (self.random.chance(65), self.random.chance(70));
        let versioned = has_id && self.random.chance(50);
        let mut columns = self.some(
            &[
                ("amount", CellType::Decimal(2)),
                ("quantity", CellType::Int),
                ("channel", CellType::Text),
                ("paid", CellType::Bool),
            ],
            92,
        );
        columns.extend(self.some(&[("due_on", CellType::Date), ("shipped_at", CellType::Instant)], 50));
        let mut source = Source { time: Some("sold_at".into()), ..Source::default() };
        let mut view: Vec<Named> = columns.iter().map(|(name, kind)| named(name, *kind, "column")).collect();
        if has_products {
            columns.push(("sku".into(), CellType::Text));
            view.push(named("sku", CellType::Text, "column"));
            source.lookups.push(("product".into(), "sku -> products".into()));
            view.push(named("product.category", CellType::Text, "lookup"));
            view.push(named("product.price", CellType::Decimal(2), "lookup"));
            view.push(named("product.launched", CellType::Date, "lookup"));
            view.push(named("product.brand.country", CellType::Text, "chained lookup"));
            self.products();
            if columns.iter().any(|(name, _)| name == "channel") && self.random.chance(60) {
                source.lookups.push(("tariff".into(), "sku, channel -> tariffs".into()));
                view.push(named("tariff.rate", CellType::Decimal(2), "composite lookup"));
                view.push(named("tariff.title", CellType::Text, "composite lookup"));
                self.tariffs();
            }
        }
        if timestamp == CellType::LocalTime && self.random.chance(35) {
            source.timezone = Some(windows::zone(self.random));
        }
        if has_id {
            source.id = vec!["sale_id".into()];
        }
        if versioned {
            source.version = Some("revision".into());
        }
        if timestamp == CellType::Date {
            view.push(named("sold_at", CellType::Date, "column"));
        }
        view.push(Named { name: "at".into(), sort: Sort::Instant, form: "at" });
        let count = if self.random.chance(5) { 0 } else { self.random.between(5, 50) as usize };
        let data = self.sale_rows(&columns, timestamp, source.timezone, has_id, versioned, count);
        source.subject = self.subject_of("");
        self.offer("sales", true, view);
        self.add("sales", source, data);
        has_id
    }

    /// Rows of sales: some ids unknown; some rows twice; where there is a version, some corrected.
    fn sale_rows(
        &mut self,
        columns: &Columns,
        timestamp: CellType,
        zone: Option<Tz>,
        has_id: bool,
        versioned: bool,
        count: usize,
    ) -> TableData {
        let mut all: Columns = if has_id { vec![("sale_id".into(), CellType::Int)] } else { vec![] };
        all.extend(self.key.clone());
        if self.two_kinds {
            all.push(("outlet_id".into(), CellType::Text));
        }
        all.push(("sold_at".into(), timestamp));
        all.extend(columns.clone());
        if versioned {
            all.push(("revision".into(), CellType::Int));
        }
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for number in 0..count {
            let mut row = Vec::new();
            if has_id {
                row.push(if self.random.chance(4) { Cell::Unknown } else { Cell::Int(number as i64) });
            }
            row.extend(self.cells.customer(self.random, self.key.len()));
            let filled = row.len();
            for (name, kind) in &all[filled..] {
                row.push(self.cells.cell(self.random, name, *kind, zone.unwrap_or(self.case.zone)));
            }
            if versioned {
                *row.last_mut().expect("a revision") = Cell::Int(number as i64);
            }
            match rows.last().cloned() {
                Some(twin) if self.random.chance(10) => rows.push(twin),
                Some(twin) if versioned && self.random.chance(15) => {
                    row[0] = twin[0].clone();
                    rows.push(row);
                }
                _ => rows.push(row),
            }
        }
        shuffle(self.random, &mut rows);
        TableData { columns: all, rows }
    }

    fn products(&mut self) {
        let columns = [
            ("category", CellType::Text),
            ("price", CellType::Decimal(2)),
            ("launched", CellType::Date),
            ("brand_id", CellType::Text),
        ];
        let source = Source { lookups: vec![("brand".into(), "brand_id -> brands".into())], ..Source::default() };
        self.looked_up("products", "sku", CellType::Text, &columns, source);
        self.looked_up("brands", "brand_id", CellType::Text, &[("country", CellType::Text)], Source::default());
    }

    /// Looked up by two columns together: some of the pairs.
    fn tariffs(&mut self) {
        let id = ["sku", "channel"];
        let columns = [("rate", CellType::Decimal(2)), ("title", CellType::Text)];
        let own: Columns = columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
        let pair = |sku: Cell| cells::key_pool(id[1]).into_iter().map(move |channel| vec![sku.clone(), channel]);
        let mut keys: Vec<Vec<Cell>> = cells::key_pool(id[0]).into_iter().flat_map(pair).collect();
        keys.retain(|_| self.random.chance(60));
        let rows = keys.into_iter().map(|key| self.row(key, &own)).collect();
        let columns = id.iter().map(|name| ((*name).to_owned(), CellType::Text)).chain(own).collect();
        let source = Source { id: id.map(str::to_owned).to_vec(), ..Source::default() };
        self.add("tariffs", source, TableData { columns, rows });
    }

    /// Lines of a sale: the sale says whose they are and when; timeless now and then.
    fn lines(&mut self) {
        let timed = self.random.chance(70);
        let columns = [("units", CellType::Int), ("price", CellType::Decimal(3)), ("kind", CellType::Text)];
        let mut view: Vec<Named> = columns.iter().map(|(name, kind)| named(name, *kind, "column")).collect();
        let mut source = Source {
            subject: self.subject_of("sale."),
            lookups: vec![("sale".into(), "sale_id -> sales".into())],
            ..Source::default()
        };
        if timed {
            source.time = Some("sale.sold_at".into());
            view.push(Named { name: "at".into(), sort: Sort::Instant, form: "at" });
        }
        let sales = &self.case.data["sales"];
        if let Some((_, kind)) = sales.columns.iter().find(|(name, _)| name == "amount") {
            view.push(named("sale.amount", *kind, "lookup"));
        }
        if sales.columns.iter().any(|(name, _)| name == "sku") {
            view.push(named("sale.product.category", CellType::Text, "chained lookup"));
        }
        let many = sales.rows.len() as i64 + 2;
        let own: Columns = columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
        let rows = (0..self.random.below(30)).map(|_| {
            let sale = if self.random.chance(5) { Cell::Unknown } else { Cell::Int(self.random.between(0, many)) };
            self.row(vec![sale], &own)
        });
        let rows = rows.collect();
        let columns = std::iter::once(("sale_id".to_owned(), CellType::Int)).chain(own).collect();
        self.offer("lines", timed, view);
        self.add("lines", source, TableData { columns, rows });
    }

    /// A plain table of customers' rows without ids: equal rows all count.
    fn events(&mut self, table: &str, when: Option<(&str, CellType)>, columns: &[(&str, CellType)], rows: usize) {
        let mut view: Vec<Named> = columns.iter().map(|(name, kind)| named(name, *kind, "column")).collect();
        let mut own: Columns = when.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
        own.extend(columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)));
        let mut source = Source::default();
        if let Some((time, kind)) = when {
            source.time = Some(time.into());
            view.push(named(time, kind, "column"));
            view.push(Named { name: "at".into(), sort: Sort::Instant, form: "at" });
        }
        // A table of customers only, even where there are two kinds.
        let names: Vec<String> = self.key.iter().map(|(name, _)| name.clone()).collect();
        source.subject = one_or_list(&names);
        let count = self.random.below(rows + 1);
        let mut filled: Vec<Vec<Cell>> = Vec::new();
        for _ in 0..count {
            let key = self.cells.customer(self.random, self.key.len());
            let row = self.row(key, &own);
            match filled.last().cloned() {
                Some(twin) if self.random.chance(15) => filled.push(twin),
                _ => filled.push(row),
            }
        }
        let columns = self.key.iter().chain(&own).cloned().collect();
        self.schema.rows.push(RowInfo {
            table: table.into(),
            timed: when.is_some(),
            kinds: vec!["customer".into()],
            view,
            grouped: false,
            forms: vec![],
        });
        self.add(table, source, TableData { columns, rows: filled });
    }

    /// A table looked up by one column: some of the keys in use, some others.
    fn looked_up(&mut self, table: &str, key: &str, kind: CellType, columns: &[(&str, CellType)], mut source: Source) {
        source.id = vec![key.to_owned()];
        let own: Columns = columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
        let mut pool = cells::key_pool(key);
        pool.retain(|_| self.random.chance(85));
        let rows = pool.into_iter().map(|key| self.row(vec![key], &own)).collect();
        let columns = std::iter::once((key.to_owned(), kind)).chain(own).collect();
        self.add(table, source, TableData { columns, rows });
    }

    fn row(&mut self, mut cells: Vec<Cell>, columns: &Columns) -> Vec<Cell> {
        for (name, kind) in columns {
            cells.push(self.cells.cell(self.random, name, *kind, self.case.zone));
        }
        cells
    }

    /// `subject:` of a table, through a lookup where `path` says so.
    fn subject_of(&self, path: &str) -> String {
        let names: Vec<String> = self.key.iter().map(|(name, _)| format!("{path}{name}")).collect();
        match self.two_kinds {
            true => format!("{{ customer: {}, outlet: {path}outlet_id }}", names[0]),
            false => one_or_list(&names),
        }
    }

    fn offer(&mut self, table: &str, timed: bool, view: Vec<Named>) {
        let kinds = self.case.kinds.iter().map(|kind| kind.name.clone()).collect();
        self.schema.rows.push(RowInfo { table: table.into(), timed, kinds, view, grouped: false, forms: vec![] });
    }

    fn add(&mut self, name: &str, source: Source, data: TableData) {
        self.case.tables.push(Table { name: name.into(), shape: Shape::Source(source) });
        self.case.data.insert(name.into(), data);
    }

    fn some(&mut self, columns: &[(&str, CellType)], percent: usize) -> Columns {
        let mut some: Columns = columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
        some.retain(|_| self.random.chance(percent));
        some
    }

    fn timestamp(&mut self) -> CellType {
        if self.random.chance(50) { CellType::LocalTime } else { CellType::Instant }
    }
}

fn named(name: &str, kind: CellType, form: &'static str) -> Named {
    Named { name: name.to_owned(), sort: Sort::from(kind), form }
}

fn shuffle<T>(random: &mut Random, list: &mut [T]) {
    for at in (1..list.len()).rev() {
        list.swap(at, random.below(at + 1));
    }
}
