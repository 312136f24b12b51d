//! Who is measured, each by a command that answers one work.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::machine;
use super::members;
use super::model::Workload;
use super::options::{Options, Peer};
use super::shop::{Files, Shop};
use super::work::{Question, Work, Written};
use crate::runs;

/// One row of the table.
pub struct Engine {
    pub name: String,
    command: Vec<OsString>,
    pub answers: Answers,
    /// The command of one more run that tells the members, and how it does.
    told: Option<(Vec<OsString>, Answers)>,
    /// How many times what is measured is the whole work: of queries for single segments only some are run.
    pub times: f64,
    /// Whether one run is enough.
    pub once: bool,
}

/// Where the answer of a command is found.
#[derive(Clone)]
pub enum Answers {
    /// Lines `NAME,NUMBER`.
    Lines,
    /// The program's own table of counts.
    Table,
    /// Members in a Parquet file.
    Members(PathBuf),
    /// Nowhere: nothing is asked.
    Nowhere,
}

/// What a run came to.
pub struct Run {
    pub counts: members::Counts,
    pub seconds: f64,
    /// The most memory that it held, in kB.
    pub peak: u64,
}

impl Engine {
    /// Runs it once.
    pub fn run(&self) -> Run {
        run(&self.command, &self.answers)
    }

    /// Whether it answers for every segment.
    pub fn asks_all(&self) -> bool {
        self.told.is_some()
    }

    /// Where it writes members, if it ever does.
    pub fn written(&self) -> Option<&Answers> {
        self.told.as_ref().map(|(_, answers)| answers)
    }

    /// The members of every segment by number and the sum of their keys; nothing of an engine that is asked about some only.
    pub fn members(&self) -> Option<members::Counts> {
        self.told.as_ref().map(|(command, answers)| run(command, answers).counts)
    }
}

/// Peers say themselves how long they took, without the start of Python; of Kohort it is the whole process.
fn run(command: &[OsString], answers: &Answers) -> Run {
    let (text, whole, peak) = runs::run(command);
    let (seconds, lines): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with("seconds,"));
    let told = seconds.first().and_then(|line| line.split_once(',')?.1.parse().ok());
    let number = |text: &str| text.parse::<u64>().unwrap_or_else(|_| panic!("`{text}` is no number: {command:?}"));
    let counts = match answers {
        Answers::Members(path) => members::read(path),
        Answers::Nowhere => members::Counts::new(),
        Answers::Lines => lines
            .iter()
            .map(|line| line.split_once(',').unwrap_or((line, "")))
            .map(|(name, value)| (name.to_owned(), number(value)))
            .collect(),
        Answers::Table => {
            let names: Vec<&str> = lines.first().map(|line| line.split(',').collect()).unwrap_or_default();
            let members = names.iter().position(|name| *name == "members").expect("a column of counts");
            let row = |line: &&str| -> (String, u64) {
                let cells: Vec<&str> = line.split(',').collect();
                (cells[0].to_owned(), number(cells[members]))
            };
            lines.iter().skip(1).map(row).collect()
        }
    };
    Run { counts, seconds: told.unwrap_or(whole.as_secs_f64()), peak }
}

/// Kohort, other builds of it, then the peers that are asked for.
pub fn engines(work: &Work, files: &Files, written: &Written, options: &Options, venv: Option<&Path>) -> Vec<Engine> {
    let peers = &options.peers;
    let mut engines = vec![kohort(work, written)];
    engines.extend(options.beside.iter().map(|(name, program)| beside(work, written, name, program)));
    if let Some(venv) = venv {
        let all = [
            (Peer::Duckdb, "DuckDB", "ask_duckdb.py", &written.duckdb),
            (Peer::Datafusion, "DataFusion", "ask_datafusion.py", &written.datafusion),
            (Peer::Polars, "Polars", "ask_polars.py", &written.polars),
        ];
        for (_, name, script, question) in all.iter().filter(|(peer, ..)| peers.contains(peer)) {
            engines.push(together(work, name, question, |file| ask(work.shop, files, venv, script, file)));
        }
        if peers.contains(&Peer::Each) && work.size.segments > 1 {
            for (_, name, script, question) in all.iter().filter(|(peer, ..)| peers.contains(peer)) {
                let scaled = match work.size.segments / written.each {
                    1 => "once".to_owned(),
                    times => format!("{} of them, once, × {times}", written.each),
                };
                engines.push(Engine {
                    name: format!("{name}, a query each ({scaled})"),
                    command: ask(work.shop, files, venv, script, &question.each),
                    answers: Answers::Lines,
                    told: None,
                    times: work.size.segments as f64 / written.each as f64,
                    once: true,
                });
            }
        }
    }
    if peers.contains(&Peer::Scan) {
        engines.push(scan(work.shop, files, &work.workload()));
    }
    engines
}

fn kohort(work: &Work, written: &Written) -> Engine {
    let counts = runs::counts(written.project.clone(), work.shop.as_of);
    let members = written.project.with_file_name("kohort-members.parquet");
    // The same without `--counts --format csv`, which are the last three words.
    let mut writes = counts[..counts.len() - 3].to_vec();
    writes.extend(["--output".into(), members.clone().into()]);
    let members = Answers::Members(members);
    let told = Some((writes.clone(), members.clone()));
    let (command, answers) = if work.members { (writes, members) } else { (counts, Answers::Table) };
    Engine { name: "Kohort".to_owned(), command, answers, told, times: 1.0, once: false }
}

/// Another build of Kohort, which is asked the same.
fn beside(work: &Work, written: &Written, name: &str, program: &Path) -> Engine {
    let mut engine = kohort(work, written);
    engine.name = format!("Kohort, {name}");
    engine.command[0] = program.into();
    if let Some((command, _)) = &mut engine.told {
        command[0] = program.into();
    }
    engine
}

/// A peer that answers all segments in one query.
fn together(work: &Work, name: &str, question: &Question, ask: impl Fn(&Path) -> Vec<OsString>) -> Engine {
    let (command, answers, told) = if work.members {
        let members = Answers::Members(question.members.clone());
        (ask(&question.all), members.clone(), (ask(&question.all), members))
    } else {
        (ask(&question.all), Answers::Lines, (ask(&question.sums), Answers::Lines))
    };
    Engine { name: name.to_owned(), command, answers, told: Some(told), times: 1.0, once: false }
}

/// `python SCRIPT THREADS QUESTION TABLE=FILE…`
fn ask(shop: &Shop, files: &Files, venv: &Path, script: &str, question: &Path) -> Vec<OsString> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/segments").join(script);
    let mut command: Vec<OsString> = vec![
        venv.join("bin/python").into(),
        script.into(),
        machine::threads().to_string().into(),
        question.into(),
        format!("{}={}", shop.subjects.table, files.subjects.display()).into(),
        format!("{}={}", shop.events.table, files.events.display()).into(),
    ];
    if let (Some(through), Some(file)) = (&shop.events.through, &files.through) {
        command.push(format!("{}={}", through.table, file.display()).into());
    }
    command
}

/// The benchmark itself, asked to read the columns that the workload uses.
fn scan(shop: &Shop, files: &Files, workload: &Workload) -> Engine {
    let mut events = vec![shop.events.key, shop.events.time];
    events.extend(workload.asks_amount().then_some(shop.events.amount));
    events.extend(workload.texts());
    let mut subjects = vec![shop.subjects.key];
    subjects.extend(workload.asks_attribute().then_some(shop.subjects.attribute.0));
    let mut asked = vec![(&files.subjects, subjects), (&files.events, events)];
    if let (Some(through), Some(file)) = (&shop.events.through, &files.through) {
        asked.push((file, vec![through.column, through.subject]));
    }
    let program = std::env::current_exe().expect("this program");
    let scans = asked.into_iter().flat_map(|(file, columns)| {
        [OsString::from("--scan"), format!("{}={}", file.display(), columns.join(",")).into()]
    });
    Engine {
        name: "reading the columns".to_owned(),
        command: std::iter::once(program.into()).chain(scans).collect(),
        answers: Answers::Nowhere,
        told: None,
        times: 1.0,
        once: false,
    }
}
