//! Files of values: lines and columns in every shape that is read, and keys of subjects that are named in rules.

use chrono::{Duration as Elapsed, NaiveDate};

use super::super::oracle::time;
use super::super::value::{Cell, CellType};
use super::cells;
use super::phrase::Template;
use super::project::{Keys, Segment, Split};
use super::random::Random;
use super::samples::SALTS;
use super::schema::{Holds, ListInfo, Sort};
use super::world::World;
use super::writer::{Site, Target, Typed, Writer, joined};

/// Columns whose words stand together in one file.
const COLUMNS: [&str; 4] = ["city", "channel", "sku", "category"];

/// Writes the files of a case: of words, numbers, days and keys.
pub fn write(random: &mut Random, world: &mut World) {
    let column = *random.pick(&COLUMNS);
    let some = words(random, column);
    let text = lines(random, &some);
    add(world, "lists/words.txt", Holds::Values(Sort::Text), "list of lines", text);
    let column = *random.pick(&COLUMNS);
    let rows: Vec<Vec<String>> = words(random, column).into_iter().map(|word| vec![word]).collect();
    // What a column is called is no value of it, even where it could be one.
    let header = *random.pick(&["web", "Jakarta", "Shoes", "north", "A-1", "the word"]);
    let text = records(random, &[header], &rows, ',');
    add(world, "words.csv", Holds::Values(Sort::Text), "list of one column", text);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for _ in 0..2 + random.below(4) {
        let mut word = |column: &&str| {
            let some = words(random, column);
            random.pick(&some).clone()
        };
        rows.push(COLUMNS.iter().map(&mut word).collect());
    }
    let text = records(random, &COLUMNS, &rows, '\t');
    let columns = COLUMNS.iter().map(|column| (*column).to_owned()).collect();
    add(world, "lists/of/words.tsv", Holds::Columns(columns), "list of columns", text);
    let numbers: Vec<String> = (0..1 + random.below(5)).map(|_| random.between(-2, 9).to_string()).collect();
    let text = lines(random, &numbers);
    add(world, "numbers.txt", Holds::Values(Sort::Number), "list of numbers", text);
    let today = time::local(world.case.zone, world.case.now).date();
    let mut known: Vec<NaiveDate> = vec![today, today - Elapsed::days(1), today + Elapsed::days(3)];
    let cells = world.case.data.values().flat_map(|data| data.rows.iter().flatten());
    known.extend(cells.filter_map(|cell| match cell {
        Cell::Date(day) => Some(*day),
        Cell::Instant(at) => Some(time::local(world.case.zone, *at).date()),
        _ => None,
    }));
    let days: Vec<String> = (0..1 + random.below(8)).map(|_| random.pick(&known).to_string()).collect();
    let text = lines(random, &days);
    add(world, "lists/days.txt", Holds::Values(Sort::Date), "list of dates", text);
    keys(random, world);
}

fn add(world: &mut World, path: &str, holds: Holds, form: &'static str, text: String) {
    world.case.beside.lists.insert(path.to_owned(), text);
    world.schema.lists.push(ListInfo { path: path.to_owned(), holds, form });
}

/// Some of the words that a column can hold, and one that none does.
fn words(random: &mut Random, column: &str) -> Vec<String> {
    let pool = cells::key_pool(column).into_iter().map(|cell| text_of(&cell));
    let mut words: Vec<String> = pool.filter(|word| !word.is_empty() && random.chance(55)).collect();
    words.push("no such thing".to_owned());
    words
}

fn text_of(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Keys of each kind of subject: some that there are, and some that there are not.
fn keys(random: &mut Random, world: &mut World) {
    for kind in world.case.kinds.clone() {
        let known = keys_of(world, &kind.name);
        let mut rows: Vec<Vec<String>> = known.into_iter().filter(|_| random.chance(40)).collect();
        let columns = || world.case.data.values().flat_map(|data| &data.columns);
        let strange = |key: &String| match columns().find(|(name, _)| name == key)?.1 {
            CellType::Int => Some("12345".to_owned()),
            _ => Some("C, \"99\"".to_owned()),
        };
        let Some(strange) = kind.key.iter().map(strange).collect::<Option<Vec<String>>>() else { continue };
        rows.push(strange);
        if random.chance(30) {
            rows.push(rows[0].clone());
        }
        let path = format!("lists/{}s", kind.name);
        let holds = Holds::Keys(kind.name.clone());
        let (path, form, text) = match (kind.key.as_slice(), random.below(3)) {
            ([_], 0) => {
                let lone: Vec<String> = rows.into_iter().flatten().collect();
                (format!("{path}.txt"), "list of lines", lines(random, &lone))
            }
            ([_], 1) => (format!("{path}.csv"), "list of one column", records(random, &["who"], &rows, ',')),
            (columns, _) => {
                // Another column between, and the key's own in another order.
                let names: Vec<&str> = columns.iter().rev().map(String::as_str).chain(["why"]).collect();
                let why = || ["chosen, by hand".to_owned()];
                let turned = rows.into_iter().map(|row| row.into_iter().rev().chain(why()).collect());
                let turned: Vec<Vec<String>> = turned.collect();
                (format!("{path}.csv"), "list of columns", records(random, &names, &turned, ','))
            }
        };
        add(world, &path, holds, form, text);
    }
}

/// The keys of subjects that the data names, as texts.
fn keys_of(world: &World, kind: &str) -> Vec<Vec<String>> {
    let of = world.case.kinds.iter().find(|one| one.name == kind).expect("a kind of subject");
    let mut keys: Vec<Vec<String>> = Vec::new();
    for data in world.case.data.values() {
        let place = |column: &String| data.columns.iter().position(|(name, _)| name == column);
        let Some(places) = of.key.iter().map(place).collect::<Option<Vec<usize>>>() else { continue };
        for row in &data.rows {
            let cells: Vec<&Cell> = places.iter().map(|place| &row[*place]).collect();
            if cells.iter().all(|cell| **cell != Cell::Unknown) {
                keys.push(cells.into_iter().map(text_of).collect());
            }
        }
    }
    keys.sort();
    keys.dedup();
    keys
}

/// A value a line; with blanks around, blank lines, a byte order mark, line ends of two signs.
fn lines(random: &mut Random, values: &[String]) -> String {
    let mut text = String::new();
    if random.chance(35) {
        text.push('\u{feff}');
    }
    let end = if random.chance(35) { "\r\n" } else { "\n" };
    let around = random.chance(45);
    for value in values {
        if around && random.chance(60) {
            text.push_str("  ");
        }
        text.push_str(value);
        if around && random.chance(60) {
            text.push('\t');
        }
        text.push_str(end);
        if random.chance(15) {
            text.push_str(end);
        }
    }
    if random.chance(30) {
        text.truncate(text.trim_end_matches(['\r', '\n']).len());
    }
    text
}

/// A header and rows; quoted where they must be, and sometimes where they need not.
fn records(random: &mut Random, header: &[&str], rows: &[Vec<String>], separator: char) -> String {
    let mut text = String::new();
    if random.chance(25) {
        text.push('\u{feff}');
    }
    let end = if random.chance(35) { "\r\n" } else { "\n" };
    let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
    for row in std::iter::once(&header).chain(rows) {
        let values = row.iter().map(|value| {
            let must = value.contains([separator, '"', '\n', '\r']);
            let quoted = must || random.chance(25);
            if quoted { format!("\"{}\"", value.replace('"', "\"\"")) } else { value.clone() }
        });
        let values: Vec<String> = values.collect();
        text.push_str(&values.join(&separator.to_string()));
        text.push_str(end);
    }
    text
}

impl Writer<'_> {
    /// `sku in file 'skus.txt'`, `not in file 'vips.csv'`
    pub fn in_file(&mut self, site: &Site) -> Option<Typed> {
        if let (Target::Subject(kind), true) = (&site.target, self.random.chance(40)) {
            let kind = kind.clone();
            let list = self.schema.lists.iter().find(|list| list.holds == Holds::Keys(kind.clone()))?.clone();
            let (word, form) = self.maybe_not("in file", "key in file", "key not in file");
            return Some(Typed::new(Template::text(format!("{word} '{}'", list.path)), vec![form, list.form]));
        }
        let lists: Vec<ListInfo> =
            self.schema.lists.iter().filter(|list| !matches!(list.holds, Holds::Keys(_))).cloned().collect();
        let list = self.random.any(&lists)?.clone();
        let value = match &list.holds {
            Holds::Columns(columns) => {
                let is_column = |name: &str| columns.iter().any(|one| name.rsplit('.').next() == Some(one));
                let some: Vec<_> = site.view.iter().filter(|named| is_column(&named.name)).collect();
                let named = *self.random.any(&some)?;
                Typed::new(Template::text(&named.name), vec![named.form])
            }
            Holds::Values(sort) => self.value(site, *sort, usize::from(*sort == Sort::Text))?,
            Holds::Keys(_) => return None,
        };
        let (word, form) = self.maybe_not("in file", "in file", "not in file");
        let mut forms = joined(joined(value.forms.clone(), form), list.form);
        let text = !matches!(list.holds, Holds::Values(Sort::Number | Sort::Date));
        let mut template = value.operand().then(format!(" {word} '{}'", list.path));
        if text && self.random.chance(35) {
            template = template.perhaps(Template::text(" ignoring case"));
            forms.push("in file ignoring case");
        }
        Some(Typed::new(template, forms))
    }

    /// Gives a segment keys that are members or not, and parts by chance.
    pub fn keys_and_split(&mut self, segment: &mut Segment) {
        if self.random.chance(18) {
            segment.include = self.some_keys(&segment.kind);
        }
        if self.random.chance(14) {
            segment.exclude = self.some_keys(&segment.kind);
        }
        if self.random.chance(14) {
            segment.split = Some(self.split());
        }
    }

    fn some_keys(&mut self, kind: &str) -> Option<Keys> {
        let keys = self.probe.keys(kind);
        if matches!(keys.first(), Some(key) if key.len() > 1) || self.random.chance(35) {
            let list = self.schema.lists.iter().find(|list| list.holds == Holds::Keys(kind.to_owned()))?;
            return Some(Keys::File(list.path.clone()));
        }
        let mut some = keys;
        some.retain(|_| self.random.chance(35));
        let some: Vec<String> = some.iter().map(|key| key[0].to_string()).collect();
        (!some.is_empty()).then_some(Keys::Values(some))
    }

    fn split(&mut self) -> Split {
        const SHARES: [&[(&str, &str)]; 4] = [
            &[("a", "45"), ("b", "45"), ("holdout", "10")],
            &[("treated", "50"), ("control", "50")],
            &[("one", "33.3"), ("two", "33.3"), ("three", "33.4")],
            &[("few", "12.5"), ("some", "30")],
        ];
        let parts = self.random.pick(&SHARES).iter().map(|(part, share)| ((*part).to_owned(), (*share).to_owned()));
        Split { salt: (*self.random.pick(&SALTS)).to_owned(), parts: parts.collect() }
    }
}
