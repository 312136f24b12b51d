//! The works that are measured, and the files that say each in every engine's language.

use std::fs;
use std::path::{Path, PathBuf};

use super::draw::{Size, draw};
use super::model::Workload;
use super::polars;
use super::project;
use super::shop::{Files, JAKARTA, Shop, TEXT, TIMED, TPCH};
use super::sql::{self, Answer, Dialect};

/// One row of the table's first column.
pub struct Work {
    /// As it is asked for.
    pub name: &'static str,
    /// As it is told.
    pub title: &'static str,
    pub shop: &'static Shop,
    pub size: Size,
    /// Whether the members are written rather than counted.
    pub members: bool,
}

const fn counted(
    name: &'static str,
    title: &'static str,
    shop: &'static Shop,
    segments: usize,
    features: usize,
) -> Work {
    Work { name, title, shop, size: Size { segments, features, lifetime: false }, members: false }
}

/// All there are, in the order of the table.
pub const WORKS: &[Work] = &[
    counted("1", "1 segment, 2 features", &TPCH, 1, 2),
    counted("20", "20 segments, 15 features", &TPCH, 20, 15),
    counted("200", "200 segments, 40 features", &TPCH, 200, 40),
    Work {
        name: "200f",
        title: "200 segments, 200 features, written",
        shop: &TIMED,
        size: Size { segments: 200, features: 200, lifetime: true },
        members: true,
    },
    counted("1000", "1,000 segments, 40 features", &TPCH, 1_000, 40),
    counted("text", "200 segments, 40 features", &TEXT, 200, 40),
    counted("jakarta", "200 segments, 40 features", &JAKARTA, 200, 40),
];

/// At most so many segments are asked in a query each.
pub const EACH: usize = 20;

/// A work's files, written.
pub struct Written {
    /// The project of Kohort.
    pub project: PathBuf,
    /// What each peer is asked.
    pub duckdb: Question,
    pub datafusion: Question,
    pub polars: Question,
    /// How many segments the files with a query each ask about.
    pub each: usize,
}

/// A peer's files.
pub struct Question {
    /// All segments at once; members go to the file beside it if the work writes them.
    pub all: PathBuf,
    /// The same with the sums of keys, for works that count.
    pub sums: PathBuf,
    /// Some of the segments, a query each.
    pub each: PathBuf,
    /// Where members are written to.
    pub members: PathBuf,
}

impl Work {
    /// Its features and segments.
    pub fn workload(&self) -> Workload {
        draw(self.shop, self.size)
    }

    /// Writes its files to a directory.
    pub fn write(&self, directory: &Path, files: &Files) -> Written {
        let workload = self.workload();
        let project = directory.join("kohort");
        write(&project.join("catalog.yaml"), &project::catalog(self.shop, files));
        write(&project.join("rules.yaml"), &project::rules(self.shop, &workload));
        let each = self.size.segments.min(EACH);
        // Spread over all of them.
        let singles: Vec<Workload> = (0..each).map(|at| workload.only(at * self.size.segments / each)).collect();
        let question = |peer: &str, ending: &str, ask: &dyn Fn(&Workload, &Answer) -> String| {
            let file = |what: &str| directory.join(format!("{peer}{what}.{ending}"));
            let members = directory.join(format!("{peer}-members.parquet"));
            let question = Question { all: file(""), sums: file("-sums"), each: file("-each"), members };
            let answer = if self.members { Answer::Members(&question.members) } else { Answer::Counts };
            write(&question.all, &ask(&workload, &answer));
            write(&question.sums, &ask(&workload, &Answer::Sums));
            let singles: Vec<String> = singles.iter().map(|single| ask(single, &Answer::Counts)).collect();
            // What stands between programs of Polars is nothing but a line break between statements.
            write(&question.each, &singles.join(if ending == "py" { "# next\n" } else { "\n" }));
            question
        };
        let shop = self.shop;
        let duckdb =
            question("duckdb", "sql", &|workload, answer| sql::script(shop, workload, answer, Dialect::DuckDb));
        let datafusion =
            question("datafusion", "sql", &|workload, answer| sql::script(shop, workload, answer, Dialect::DataFusion));
        let polars = question("polars", "py", &|workload, answer| polars::program(shop, workload, answer));
        Written { project, duckdb, datafusion, polars, each }
    }
}

/// Writes the questions of 20 segments to where they can be read without running anything.
pub fn write_samples() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/segments/sample");
    for work in WORKS.iter().filter(|work| work.name == "20") {
        let (shop, workload) = (work.shop, work.workload());
        write(&directory.join("catalog.yaml"), &project::catalog(shop, &shop.files(Path::new(""))));
        write(&directory.join("rules.yaml"), &project::rules(shop, &workload));
        for (name, dialect) in [("duckdb.sql", Dialect::DuckDb), ("datafusion.sql", Dialect::DataFusion)] {
            write(&directory.join(name), &sql::script(shop, &workload, &Answer::Counts, dialect));
        }
        write(&directory.join("polars.py"), &polars::program(shop, &workload, &Answer::Counts));
    }
}

fn write(path: &Path, text: &str) {
    let directory = path.parent().expect("a directory");
    fs::create_dir_all(directory).expect("a directory");
    fs::write(path, text).expect("it writes");
}
