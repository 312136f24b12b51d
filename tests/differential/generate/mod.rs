//! Random projects: a catalogue and rules as text, data, and an instant, all from one seed.
//!
//! Tables come first ([`world`]), then what is built on them stage by stage: derived tables, metrics, attributes,
//! segments. Before each stage the catalogue so far is read and handed to the interpreter, which says what values occur.

mod cells;
mod conditions;
mod constants;
mod cut_points;
mod durations;
pub mod family;
mod grouping;
mod lists;
mod partitions;
pub mod phrase;
pub mod project;
mod random;
mod ranks;
mod samples;
mod schema;
mod sequences;
mod shrink;
mod shrink_parts;
mod tests;
mod values;
mod windows;
mod world;
mod writer;

use kohort::catalog::model::Catalog;
use kohort::diagnostic::Diagnostic;
use kohort::rules::model::RuleFile;
use kohort::source::FileId;

use super::oracle::{Oracle, time};
use super::value::{Cell, CellType, TableData};
use family::Family;
use phrase::{Phrase, Template};
pub use project::Case;
use project::{Attribute, Derived, Segment, Shape, Source, Table, one_or_list};
use random::Random;
use schema::{MetricInfo, Named, RowInfo, Sort};
pub use shrink::shrink;
use world::World;
use writer::{Site, Writer};

/// The case of a seed, with every family of forms.
pub fn generate(seed: u64) -> Case {
    generate_with(seed, family::ALL)
}

/// The case of a seed, with some families of forms.
pub fn generate_with(seed: u64, families: &'static [Family]) -> Case {
    let mut random = Random::new(seed);
    let mut world = world::build(&mut random, seed, families);
    derived_tables(&mut random, &mut world);
    grouped_tables(&mut random, &mut world);
    metrics(&mut random, &mut world);
    if families.contains(&Family::Ranks) {
        lists::write(&mut random, &mut world);
        let some = random.below(3);
        segments(&mut random, &mut world, "base", some);
    }
    attributes(&mut random, &mut world);
    if families.contains(&Family::Ranks) {
        ranks::attributes(&mut random, &mut world);
    }
    if world.schema.families.contains(&Family::Grouping) && random.chance(15) {
        group_any(&mut random, &mut world, "chosen_groups");
    }
    if random.chance(30) {
        derive_any(&mut random, &mut world, "chosen_rows");
    }
    if families.contains(&Family::Ranks) {
        partitions::write(&mut random, &mut world);
    }
    let count = 1 + random.below(12);
    segments(&mut random, &mut world, "segment", count);
    if random.chance(4) {
        large_numbers(&mut random, &mut world.case);
    }
    world.case
}

/// Reads both files of a case; on any error what was found.
pub fn read(case: &Case) -> Result<(Catalog, Vec<RuleFile>), Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let node = kohort::source::yaml::parse(FileId(0), &case.catalog_yaml(), &mut problems);
    let catalog = node.and_then(|node| kohort::catalog::decode(&node, &mut problems));
    let mut rules = vec![];
    if !case.segments.is_empty() || !case.partitions.is_empty() {
        let node = kohort::source::yaml::parse(FileId(1), &case.rules_yaml(), &mut problems);
        rules.extend(node.map(|node| kohort::rules::decode(&node, FileId(1), &mut problems)));
    }
    match catalog {
        Some(catalog) if !problems.iter().any(Diagnostic::is_error) => Ok((catalog, rules)),
        _ => Err(problems),
    }
}

/// The names of the parts of a partition, as the interpreter has them.
fn parts_of(case: &Case, partition: &str) -> Vec<String> {
    let (catalog, rules) = read(case).unwrap_or_else(|problems| panic!("{case}\n{problems:#?}"));
    let oracle = Oracle::new(&catalog, &rules, &case.data, &case.beside, case.now);
    oracle.part_names(partition)
}

/// Runs one stage with a writer that knows the project so far.
fn stage<T>(random: &mut Random, world: &World, write: impl FnOnce(&mut Writer<'_>) -> T) -> T {
    let (catalog, rules) = read(&world.case).unwrap_or_else(|problems| panic!("{}\n{problems:#?}", world.case));
    let case = &world.case;
    let segments = partitions::segments_of(case, &world.schema);
    let mut writer = Writer {
        random,
        schema: &world.schema,
        windows: &world.windows,
        probe: Oracle::new(&catalog, &rules, &case.data, &case.beside, case.now),
        zone: case.zone,
        today: time::local(case.zone, case.now).date(),
        settled: segments.len(),
        segments,
        only_settled: false,
    };
    write(&mut writer)
}

fn derived_tables(random: &mut Random, world: &mut World) {
    if random.chance(70) {
        derive(random, world, "paid_sales", "sales");
        if random.chance(45) {
            derive(random, world, "big_sales", "paid_sales");
        }
    }
    if world.case.data.contains_key("lines") && random.chance(40) {
        derive(random, world, "some_lines", "lines");
    }
    if world.case.data.contains_key("visits") && random.chance(40) {
        derive(random, world, "some_visits", "visits");
    }
}

/// Tables by grouping: from data, from tables made row by row, from each other; and tables made from them.
fn grouped_tables(random: &mut Random, world: &mut World) {
    if !world.schema.families.contains(&Family::Grouping) {
        return;
    }
    if random.chance(55) {
        grouping::group(random, world, "baskets", "sales");
    }
    if random.chance(35) {
        group_any(random, world, "groups");
    }
    for (name, from) in [("some_baskets", "baskets"), ("some_groups", "groups")] {
        if world.schema.rows.iter().any(|row| row.table == from) && random.chance(45) {
            derive(random, world, name, from);
        }
    }
}

/// Groups the rows of any table.
fn group_any(random: &mut Random, world: &mut World, name: &str) {
    if let Some(from) = random.any(&world.schema.rows).map(|row| row.table.clone()) {
        grouping::group(random, world, name, &from);
    }
}

/// A table from any other, by what is known of the subjects: their attributes and metrics too.
fn derive_any(random: &mut Random, world: &mut World, name: &str) {
    if let Some(from) = random.any(&world.schema.rows).map(|row| row.table.clone()) {
        derive(random, world, name, &from);
    }
}

/// What rows have besides columns.
const PSEUDO: [&str; 3] = ["at", "number", "gap"];

/// A table from another: filtered, with new columns, rows that are alike counted once; or some of these.
fn derive(random: &mut Random, world: &mut World, name: &str, from: &str) {
    let prefix: String = name.chars().take(2).collect();
    let (derived, added) = stage(random, world, |writer| {
        let own = writer.own_site(from);
        let site = writer.parent_site(from);
        let filter = writer.random.chance(75).then(|| writer.phrase(&site, 2));
        let mut derived = Derived { from: from.into(), filter, ..Derived::default() };
        let mut added = Vec::new();
        for (column, sort) in [
            ("value", Sort::Number),
            ("word", Sort::Text),
            ("date_of", Sort::Date),
            ("moment", Sort::Instant),
            ("span", Sort::Duration),
        ] {
            if !writer.random.chance(45) {
                continue;
            }
            if let Some(typed) = writer.value(&site, sort, 2) {
                let column = format!("{prefix}_{column}");
                derived.columns.push((column.clone(), typed.template));
                added.push(Named { name: column, sort, form: "derived column" });
            }
        }
        if writer.random.chance(45) {
            let alike = own.view.iter().chain(&added).filter(|named| {
                // A zero of no durations is not told from one of some.
                !PSEUDO.contains(&named.name.as_str()) && named.sort != Sort::Duration
            });
            let alike: Vec<Named> = alike.cloned().collect();
            for _ in 0..1 + writer.random.below(2) {
                let some = writer.random.any(&alike).map(|named| named.name.clone());
                derived.distinct.extend(some.filter(|name| !derived.distinct.contains(name)));
            }
        }
        (derived, added)
    });
    let parent = world.schema.row(from);
    let mut view = parent.view.clone();
    view.extend(added);
    let mut forms = parent.forms.clone();
    if parent.grouped {
        forms.push("table from groups");
    }
    let info = RowInfo { table: name.into(), view, forms, ..parent.clone() };
    world.schema.rows.push(info);
    world.case.tables.push(Table { name: name.into(), shape: Shape::Derived(derived) });
}

/// Aggregates without windows, and metrics made of them.
fn metrics(random: &mut Random, world: &mut World) {
    const NAMES: [&str; 5] = ["spend", "orders", "ticket", "spread", "biggest"];
    const MADE: [(&str, &str); 6] = [
        ("{a} / {b}", "share"),
        ("{a} - {b}", "surplus"),
        ("{a} * 2 + {b}", "points_made"),
        ("round({a} / {b}, 2)", "rounded_share"),
        ("coalesce({a}, 0)", "certain"),
        ("{a}", "same"),
    ];
    let mut made = stage(random, world, |writer| {
        let mut made: Vec<(Template, MetricInfo)> = Vec::new();
        for name in NAMES {
            let Some(row) = writer.random.any(&writer.schema.rows).cloned() else { break };
            let site = writer.own_site(&row.table);
            let template = metric_of(writer, &site, &row.table);
            let info = MetricInfo { name: name.into(), table: Some(row.table), timed: row.timed, kinds: row.kinds };
            made.push((template, info));
        }
        made
    });
    for _ in 0..1 + random.below(2) {
        let (Some((_, a)), Some((_, b))) = (random.any(&made).cloned(), random.any(&made).cloned()) else { break };
        let (shape, name) = *random.pick(&MADE);
        if made.iter().any(|(_, info)| info.name == name) {
            continue;
        }
        let one = !shape.contains("{b}");
        let mut info = MetricInfo { name: name.into(), ..a.clone() };
        if !one {
            info.table = a.table.clone().filter(|_| a.table == b.table);
            info.timed = a.timed && b.timed;
            info.kinds.retain(|kind| b.kinds.contains(kind));
        }
        let template = Template::text(shape.replace("{a}", &a.name).replace("{b}", &b.name));
        made.push((template, info));
    }
    for (template, info) in made {
        world.case.metrics.push((info.name.clone(), template));
        world.schema.metrics.push(info);
    }
}

fn metric_of(writer: &mut Writer<'_>, site: &Site, table: &str) -> Template {
    const FUNCTIONS: [&str; 11] = [
        "sum(",
        "sum(",
        "sum(",
        "avg(",
        "min(",
        "max(",
        "stddev(",
        "median(",
        "percentile(75, ",
        "count(distinct ",
        "last(",
    ];
    let filter = writer.random.chance(30).then(|| writer.phrase(site, 1));
    let argument = if writer.random.chance(75) { writer.value(site, Sort::Number, 2) } else { None };
    let template = match argument {
        Some(argument) => {
            Template::text(*writer.random.pick(&FUNCTIONS)).and(argument.template).then(format!(" of {table}"))
        }
        None => Template::text(format!("count({table}")),
    };
    let filtered = match filter {
        Some(filter) => template.perhaps(Template::text(" where ").condition(filter)),
        None => template,
    };
    filtered.then(")")
}

/// Named expressions about each kind of subject; later ones may use earlier ones.
fn attributes(random: &mut Random, world: &mut World) {
    const NAMES: [(&str, Sort); 5] = [
        ("rhythm", Sort::Duration),
        ("favourite", Sort::Text),
        ("turnover", Sort::Number),
        ("last_seen", Sort::Instant),
        ("milestone", Sort::Date),
    ];
    for kind in world.case.kinds.iter().map(|kind| kind.name.clone()).collect::<Vec<_>>() {
        for (name, sort) in NAMES {
            if !random.chance(40) {
                continue;
            }
            let name = format!("{name}_{}", &kind[..1]);
            let typed = stage(random, world, |writer| {
                let site = writer.subject_site(&kind);
                writer.value(&site, sort, 2)
            });
            let Some(typed) = typed else { continue };
            let (values, frozen) = (vec![], false);
            let attribute = Attribute { name: name.clone(), kind: kind.clone(), is: typed.template, values, frozen };
            world.case.attributes.push(attribute);
            let view = world.schema.subjects.iter_mut().find(|(one, _)| *one == kind);
            view.expect("a kind of subject").1.push(Named { name, sort, form: "attribute" });
        }
    }
}

/// So many segments: most of one test, some of several, some inside others.
fn segments(random: &mut Random, world: &mut World, prefix: &str, count: usize) {
    let kinds: Vec<String> = world.case.kinds.iter().map(|kind| kind.name.clone()).collect();
    let segments = stage(random, world, |writer| {
        let mut segments: Vec<Segment> = Vec::new();
        for number in 0..count {
            let kind = if writer.random.chance(65) { kinds[0].clone() } else { writer.random.pick(&kinds).clone() };
            let site = writer.subject_site(&kind);
            let depth = if writer.random.chance(70) { 1 } else { 3 };
            let when = match depth {
                1 => Phrase::Test(writer.test(&site, 2)),
                _ => writer.phrase(&site, depth),
            };
            let before: Vec<String> =
                writer.segments.iter().filter(|(_, of)| *of == kind).map(|(name, _)| name.clone()).collect();
            let within = writer.random.any(&before).filter(|_| number % 6 == 5).cloned();
            let name = format!("{prefix}_{number}");
            let mut segment = Segment { within, ..Segment::plain(name.clone(), kind.clone(), when) };
            if writer.writes(Family::Ranks) {
                writer.keys_and_split(&mut segment);
            }
            writer.segments.extend(partitions::names_of(&segment));
            segments.push(segment);
        }
        segments
    });
    world.case.segments.extend(segments);
}

/// A table of the largest decimals there are, whose sums and products need more than 128 and 256 bits on the way and
/// fit at the end, or do not.
fn large_numbers(random: &mut Random, case: &mut Case) {
    const TESTS: [&str; 12] = [
        "sum(big of ledger) > max(big of ledger)",
        "sum(big of ledger) = 0",
        "sum(big * big of ledger) > 0",
        "sum(big * -big of ledger) < 0",
        "sum(big * big of ledger) > 0 and sum(big of ledger) >= 0",
        "sum(big * big * other of ledger) > 0",
        "max(big * big of ledger) > sum(big of ledger)",
        "sum(big * other of ledger) >= sum(big of ledger) or sum(big * big of ledger) < 0",
        "top 50% by sum(big of ledger)",
        "ntile(3, sum(big * big of ledger) per sum(other of ledger)) = 1",
        "percentile(50, max(big of ledger)) > sum(big of ledger)",
        "score(2, sum(big * big * other of ledger)) = 2",
    ];
    let kind = case.kinds[0].clone();
    let key = match (&kind.table, case.data.get("sales")) {
        (Some(table), _) => columns_of(&case.data[table], &kind.key),
        (None, Some(sales)) => columns_of(sales, &kind.key),
        (None, None) => return,
    };
    let mut columns = key.iter().map(|(name, kind, _)| (name.clone(), *kind)).collect::<Vec<_>>();
    columns.extend([("big".into(), CellType::Decimal(2)), ("other".into(), CellType::Int)]);
    let owners = key.first().map_or(0, |(_, _, cells)| cells.len());
    if owners == 0 {
        return;
    }
    let most = 10i128.pow(38) - 1;
    let rows = (0..8).map(|_| {
        let owner = random.below(owners.min(4));
        let mut row: Vec<Cell> = key.iter().map(|(_, _, cells)| cells[owner].clone()).collect();
        let big = *random.pick(&[most, -most, most - 1, most / 2, 1, 0]);
        row.extend([Cell::Decimal(big, 2), Cell::Int(random.between(-2, 2))]);
        row
    });
    let rows = rows.collect();
    case.data.insert("ledger".into(), TableData { columns, rows });
    let source = Source { subject: one_or_list(&kind.key), ..Source::default() };
    case.tables.push(Table { name: "ledger".into(), shape: Shape::Source(source) });
    for number in 0..1 + random.below(3) {
        let template = Template::text(*random.pick(&TESTS));
        let when = Phrase::Test(phrase::Test { template, forms: vec!["large numbers"] });
        case.segments.push(Segment::plain(format!("large_{number}"), kind.name.clone(), when));
    }
}

fn columns_of(data: &TableData, names: &[String]) -> Vec<(String, CellType, Vec<Cell>)> {
    let column = |name: &String| {
        let at = data.columns.iter().position(|(column, _)| column == name)?;
        Some((name.clone(), data.columns[at].1, data.rows.iter().map(|row| row[at].clone()).collect()))
    };
    names.iter().filter_map(column).collect()
}

/// The tree of an expression; it must be readable.
pub fn expression(text: &str) -> kohort::syntax::ast::Expr {
    writer::parsed(text)
}
