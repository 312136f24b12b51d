//! `kohort init`: a first catalogue and first rules, from nothing but data files.
//!
//! ```text
//! files    which files there are, and which are one table
//! sniff    how text is written: separators, numbers, dates, words for unknown
//! look     each table is surveyed; which columns fit into which      ─▶ facts
//! links, subject, tables, measures                                     facts ─▶ draft: pure guesses, with reasons
//! settle   the draft is tried on the data; what does not hold goes    ─▶ draft
//! rules    candidates for segments, chosen by counting them (count)   ─▶ segments
//! text     the files, with a comment for every guess                   write
//! ```
//!
//! Guesses are made from facts and give reasons; they read no files. What is written has been opened, checked and counted
//! before: a project that `init` leaves behind works.

mod count;
mod draft;
mod facts;
mod files;
mod links;
mod look;
mod measures;
mod names;
mod reading;
mod roles;
mod rules;
mod settle;
mod sniff;
mod story;
mod subject;
mod tables;
mod text;
mod words;
mod write;

use std::path::{Path, PathBuf};

use anstream::eprintln;
use chrono_tz::Tz;
use clap::Args;
use kohort::check::TableSchema;
use kohort::engine::survey::Survey;
use kohort::{AsOf, Engine, Error};

use self::count::Counter;
use self::draft::{Draft, Said};
use self::files::DataFile;
use self::measures::Activity;
use self::rules::Segment;
use self::settle::{Settled, settle};
use self::sniff::Sniffed;
use self::subject::Unclear;
use self::tables::Known;
use super::exit::Failure;
use super::signals;

/// The most segments that are written.
const SEGMENTS: usize = 6;

/// Write a first catalogue and first rules for data files
///
/// The files are looked at: what they hold, which columns lead to which tables, who the groups can be made of. Data stays
/// where it is. Every guess is told in a comment, and the project is tried before it is written.
#[derive(Args)]
#[command(after_help = "Examples:
  kohort init shop --from data/*.csv
  kohort init shop --from exports/ --timezone Asia/Jakarta --subject customer_no")]
pub struct Arguments {
    /// The directory of the new project
    #[arg(value_name = "DIR")]
    directory: PathBuf,
    /// Data files, or directories with data files
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    from: Vec<PathBuf>,
    /// The time zone of the shop, such as Asia/Jakarta; UTC if not said
    #[arg(long, value_name = "ZONE")]
    timezone: Option<String>,
    /// The column whose values the groups are made of, such as customer_no or orders.customer_no; guessed if not said
    #[arg(long, value_name = "COLUMN")]
    subject: Option<String>,
}

/// A project that is ready to be written.
struct Made {
    catalog: String,
    rules: String,
    draft: Draft,
    survey: Survey,
    segments: Vec<Segment>,
    /// How many subjects there are.
    subjects: u64,
    /// The last day of the data.
    day: String,
}

/// Makes a project.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let zone = zone(arguments.timezone.as_deref())?;
    write::refuse_existing(&arguments.directory)?;
    let files = files::expand(&arguments.from)?;
    let place = write::Place::make(&arguments.directory)?;
    signals::watch();
    let runtime = super::eval::runtime()?;
    let mut left_out = Vec::new();
    let made = runtime.block_on(make(arguments, zone, place.absolute(), &files, &mut left_out));
    for what in &left_out {
        eprintln!("left out: {what}");
    }
    let made = made?;
    place.write(&made.catalog, &made.rules)?;
    story::tell(&made, &arguments.directory)
}

fn zone(said: Option<&str>) -> Result<Said, Failure> {
    let Some(name) = said else {
        let why = "set your shop's zone, such as Asia/Jakarta: days and months begin by its clock";
        return Ok(Said::new("UTC", why));
    };
    match name.parse::<Tz>() {
        Ok(zone) => Ok(Said::new(zone.name(), "days and months begin by the clock of this zone")),
        Err(_) => Err(Failure::usage(format!("`{name}` is not a time zone"))
            .help("write a name such as `Asia/Jakarta`, `Europe/Stockholm` or `UTC`")),
    }
}

async fn make(
    arguments: &Arguments,
    zone: Said,
    directory: &Path,
    files: &[PathBuf],
    left_out: &mut Vec<String>,
) -> Result<Made, Failure> {
    let seen = look_at(files, directory, left_out).await?;
    let facts = look::facts(seen).await.map_err(|error| Failure::Data(error.to_string(), Vec::new()))?;
    let links = links::links(&facts);
    let subject = subject::guess(&facts, &links, arguments.subject.as_deref()).map_err(unclear)?;
    let known = Known { facts: &facts, links: &links, subject: &subject };
    let mut draft = known.draft(zone);
    let activity = known.measure(&mut draft);
    let settled = settle(&mut draft, directory, left_out, surveyed).await;
    let settled = settled.map_err(|unsettled| {
        Failure::Data(format!("no project could be made of this data: {}", unsettled.said()), Vec::new())
            .help("name fewer files, or write the catalogue by hand: `docs/language.md` tells how")
    })?;
    finish(draft, settled, &activity, directory).await.map_err(|error| Failure::Data(error.to_string(), Vec::new()))
}

/// A survey of all tables; rows that contradict each other are an error here.
async fn surveyed(engine: &Engine) -> Result<Survey, Error> {
    let survey = engine.survey().await?;
    match survey.conflicts.is_empty() {
        true => Ok(survey),
        false => Err(Error::Data { diagnostics: survey.conflicts }),
    }
}

/// Looks at all files, puts together those that are one table, and surveys the tables.
async fn look_at(files: &[PathBuf], directory: &Path, left_out: &mut Vec<String>) -> Result<Vec<look::Seen>, Failure> {
    let mut readable: Vec<DataFile> = Vec::new();
    let mut looks: Vec<(PathBuf, TableSchema, Option<Sniffed>)> = Vec::new();
    for file in files {
        let found = match look::sniffed(file) {
            Ok(written) => look::columns(file, written.as_ref()).await.map(|schema| (schema, written)),
            Err(reason) => Err(format!("`{}` cannot be read: {reason}", file.display())),
        };
        match found {
            Ok((schema, written)) => {
                let columns = schema.columns.iter().map(|column| column.name.clone()).collect();
                readable.push(DataFile { path: file.clone(), columns });
                looks.push((file.clone(), schema, written));
            }
            Err(why) => left_out.push(why),
        }
    }
    let mut seen = Vec::new();
    for group in files::group(readable) {
        let first = group.files.first().and_then(|file| looks.iter().find(|(path, ..)| *path == file.path));
        let Some((_, schema, written)) = first else { continue };
        let source = source(&group.source, directory);
        match look::table(&group, schema, written.clone(), &source, directory, left_out).await {
            Ok(table) => seen.push(table),
            Err(why) => left_out.push(format!("`{}`: {why}", group.source.display())),
        }
    }
    if seen.is_empty() {
        return Err(Failure::usage("none of the files can be read")
            .help("name files of Parquet, CSV, NDJSON or Arrow; what is wrong with each stands above"));
    }
    Ok(seen)
}

/// A path or a pattern as seen from the project.
fn source(path: &Path, directory: &Path) -> String {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let absolute = std::fs::canonicalize(parent).map(|parent| parent.join(path.file_name().unwrap_or_default()));
    let seen = absolute.map(|path| files::seen_from(directory, &path)).unwrap_or_else(|_| path.to_owned());
    seen.display().to_string()
}

fn unclear(unclear: Unclear) -> Failure {
    let listed = |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match unclear {
        Unclear::NoSuchColumn => Failure::usage("no file has the column that `--subject` names")
            .help("write the name as it stands in the file, alone or behind its table: `orders.customer_no`"),
        Unclear::Several(names) => Failure::usage(format!("several tables have that column: {}", listed(&names)))
            .help("name the table too, as in `--subject orders.customer_no`"),
        Unclear::Nothing(names) => {
            let failure = Failure::usage("nothing in the data tells who the groups could be made of");
            match names.is_empty() {
                true => failure.help("there must be a column that tells customers apart, such as `customer_id`"),
                false => {
                    failure.help(format!("name the column with `--subject COLUMN`; it could be {}", listed(&names)))
                }
            }
        }
    }
}

/// Chooses segments and tries the whole.
async fn finish(draft: Draft, settled: Settled<Survey>, activity: &Activity, directory: &Path) -> Result<Made, Error> {
    let zone = settled.engine.timezone();
    let last = last_time(&settled.answer, activity);
    let now = chrono::Utc::now();
    let shown = last.map_or(AsOf::instant(now), AsOf::from_micros).display(zone);
    let day = shown.get(..10).unwrap_or("1970-01-01").to_owned();
    let as_of = AsOf::parse(&day, zone)?;
    let counter = Counter { catalog: &settled.written.text, directory, as_of };
    let (segments, subjects) = choose(&counter, &draft, activity).await?;
    let rules = rules::text(&segments, &day, &draft.subject, subjects).text;
    let engine = counter.open(&rules).await?;
    engine.query(as_of).counts().await?;
    let catalog = settled.written.text.clone();
    Ok(Made { catalog, rules, draft, survey: settled.answer, segments, subjects, day })
}

/// When the rows that rules are about end.
fn last_time(survey: &Survey, activity: &Activity) -> Option<i64> {
    let span = |name: &str| survey.tables.iter().find(|table| table.name == name).and_then(|table| table.span);
    let any = survey.tables.iter().filter_map(|table| table.span).map(|(_, last)| last).max();
    span(&activity.table).map(|(_, last)| last).or(any)
}

/// The active first; the others are measured by how many those are, in the same window.
async fn choose(counter: &Counter<'_>, draft: &Draft, activity: &Activity) -> Result<(Vec<Segment>, u64), Error> {
    let mut segments = Vec::new();
    let mut days = None;
    let mut of = None;
    let timed = draft.table(&activity.table).is_some_and(|table| table.time.is_some());
    if timed {
        let (active, _) = counter.choose(&[rules::active(activity)], None).await?;
        days = active.first().and_then(|active| active.number.trim_end_matches('d').parse().ok());
        of = active.first().map(|active| active.members);
        segments.extend(active);
    }
    let mut families = Vec::new();
    if !activity.table.is_empty() {
        families.extend(rules::others(activity, days));
    }
    let (mut chosen, mut subjects) = counter.choose(&families, of).await?;
    chosen.sort_by_key(|segment| families.iter().position(|family| family.name == segment.name));
    segments.extend(chosen);
    let room = SEGMENTS.saturating_sub(segments.len()).max(1);
    let (grouped, of_groups) = counter.choose(&rules::by_group(activity, room), None).await?;
    subjects = subjects.max(of_groups);
    segments.truncate(SEGMENTS - usize::from(!grouped.is_empty()));
    segments.extend(grouped);
    if segments.is_empty() {
        let (everybody, all) = counter.choose(&[rules::everybody(&draft.key.value)], None).await?;
        segments.extend(everybody);
        subjects = all;
    }
    Ok((segments, subjects))
}
