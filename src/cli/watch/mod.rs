//! `kohort watch`: groups that keep themselves right, a line for each change.
//!
//! ```text
//! open ──▶ follow to now ──▶ sleep ──▶ the next instant at which something changes by the clock: follow
//!   ▲                          └─────▶ a file of the data has changed
//!   └──────────────────────────────────┘
//! ```
//!
//! What follows members from instant to instant is the library's ([`kohort::engine::Watch::follow`]); here are the clock, the files, what is kept,
//! and what is written.

mod kept;
mod lines;

use std::path::PathBuf;
use std::time::Duration;

use anstream::eprintln;
use chrono::Utc;
use clap::Args;
use kohort::engine::{Change, Stamp, Watched};
use kohort::{AsOf, Engine, Error};
use tokio::runtime::Runtime;

use super::eval::{in_words, runtime};
use super::exit::{self, Failure};
use super::project::ProjectArguments;
use super::signals;
use kept::Kept;
use lines::Lines;

/// How often files are looked at.
const LOOK: Duration = Duration::from_millis(300);

/// Say who enters and who leaves segments, when and why, as it happens
#[derive(Args)]
#[command(after_help = "Examples:
  kohort watch shop                                        from now on, until it is interrupted
  kohort watch shop --state shop.state --output changes.ndjson  go on after a restart: nothing is lost, nothing told twice
  kohort watch shop --from 2026-03-01 --to 2026-03-31      run through a past period

Each change is a line of JSON:
  {\"seq\":1,\"segment\":\"vip\",\"subject\":\"customer\",\"customer_id\":\"C17\",\"change\":\"left\",
   \"effective_at\":\"2026-04-14T10:00:00+07:00\",\"cause\":\"clock\"}
The cause is `clock` where it would have happened without any row, `rows` otherwise.")]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// Only this segment; may be given several times
    #[arg(long, value_name = "NAME")]
    segment: Vec<String>,
    /// Begin with the members of this day's end, or of this instant [default: now]; not where `--state` says where to go on
    #[arg(long, value_name = "WHEN")]
    from: Option<String>,
    /// End there, instead of going on with the clock
    #[arg(long, value_name = "WHEN")]
    to: Option<String>,
    /// Keep the members and the instant in this file, and go on from there if it exists
    #[arg(long, value_name = "PATH")]
    state: Option<PathBuf>,
    /// Append the lines to this file. With `--state`, what is in it is what was kept: nothing is lost or there twice
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
}

/// Watches until it is interrupted, or to the end of a period.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let runtime = runtime()?;
    signals::watch();
    let mut run = Run::begin(arguments, &runtime)?;
    loop {
        let wake = match run.follow(&runtime) {
            Ok(_) if run.is_done() => return Ok(()),
            Ok(wake) => wake,
            Err(Stop::Told(failure)) => return Err(failure),
            Err(Stop::Engine(error)) => {
                let failure = Failure::of_engine(error, run.engine.project().sources());
                if run.to.is_some() {
                    return Err(failure);
                }
                // Data that is being written may be whole the next time: the members stay what they were.
                let _ = exit::report(failure);
                None
            }
        };
        run.wait(wake, &runtime);
    }
}

/// A run under way.
struct Run<'a> {
    arguments: &'a Arguments,
    engine: Engine,
    stamp: Stamp,
    watched: Watched,
    to: Option<AsOf>,
    lines: Lines,
    kept: Option<Kept>,
}

impl<'a> Run<'a> {
    fn begin(arguments: &'a Arguments, runtime: &Runtime) -> Result<Self, Failure> {
        let (engine, stamp) = open(arguments, runtime)?;
        let instant = |text: &Option<String>| {
            let parsed = text.as_ref().map(|text| AsOf::parse(text, engine.timezone()));
            parsed.transpose().map_err(|error| Failure::usage(error.to_string()))
        };
        let (from, to) = (instant(&arguments.from)?, instant(&arguments.to)?);
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            return Err(Failure::usage("`--to` is before `--from`").help("the period begins with `--from`"));
        }
        let kept = arguments.state.as_deref().map(Kept::open).transpose()?;
        let before = kept.as_ref().and_then(|kept| kept.last.as_ref());
        let lines = Lines::open(arguments.output.as_deref(), engine.timezone(), before)?;
        let watched = match before {
            Some(last) => last.watched(),
            None => {
                let at = from.or(to.filter(|to| *to < now())).unwrap_or_else(now);
                let sources = engine.project().sources().clone();
                let failed = |error: Error| Failure::of_engine(error, &sources);
                let watch = engine.watch(&arguments.segment).map_err(failed)?;
                runtime.block_on(watch.members(at)).map_err(failed)?
            }
        };
        if let Some(kept) = kept.as_ref().filter(|kept| kept.last.is_none()) {
            // Before anything is told: otherwise a run that is killed early would begin elsewhere the next time.
            kept.save(&watched, lines.place())?;
        }
        let run = Run { arguments, engine, stamp, watched, to, lines, kept };
        run.say_first();
        Ok(run)
    }

    /// What the watch begins with.
    fn say_first(&self) {
        let members: usize = self.watched.members.values().map(|members| members.len()).sum();
        let segments = self.watched.members.len();
        let at = in_words(&self.engine, self.watched.at);
        let plural = if segments == 1 { "" } else { "s" };
        eprintln!("watching {segments} segment{plural}, {members} memberships at {at}");
        let daily = self.engine.looked_at_daily();
        for segment in daily.into_iter().filter(|segment| self.watched.members.contains_key(*segment)) {
            eprintln!(
                "`{segment}` compares what the clock moves up and down: what time alone changes in it is told when a day begins, at the latest"
            );
        }
    }

    fn is_done(&self) -> bool {
        self.to.is_some_and(|to| to <= self.watched.at)
    }

    /// Tells everything up to now. The answer is when to look again though no file changes.
    fn follow(&mut self, runtime: &Runtime) -> Result<Option<AsOf>, Stop> {
        let begin = self.watched.clone();
        let to = self.to.unwrap_or_else(now).max(begin.at);
        let (lines, kept, watched) = (&mut self.lines, &mut self.kept, &mut self.watched);
        let tell = |changes: &[Change], now: &Watched| {
            lines.write(changes)?;
            if let Some(kept) = kept {
                kept.save(now, lines.place())?;
            }
            *watched = now.clone();
            Ok::<_, Stop>(())
        };
        let watch = self.engine.watch(&self.arguments.segment)?;
        runtime.block_on(watch.follow(&begin, to, tell))
    }

    /// Waits for an instant, or for a file of the data to change.
    fn wait(&mut self, wake: Option<AsOf>, runtime: &Runtime) {
        loop {
            let left = wake.map(|wake| wake.micros().saturating_sub(now().micros()));
            if left.is_some_and(|left| left <= 0) {
                return;
            }
            let left = left.and_then(|left| u64::try_from(left).ok()).map(Duration::from_micros);
            std::thread::sleep(left.map_or(LOOK, |left| left.min(LOOK)));
            if Stamp::of(self.engine.project()) == self.stamp {
                continue;
            }
            match open(self.arguments, runtime) {
                Ok((engine, stamp)) => {
                    (self.engine, self.stamp) = (engine, stamp);
                    return;
                }
                Err(failure) => {
                    // What is being written may be whole the next time.
                    let _ = exit::report(failure);
                    self.stamp = Stamp::of(self.engine.project());
                }
            }
        }
    }
}

/// Why following ended.
enum Stop {
    /// The data gives no answer.
    Engine(Error),
    /// What was found cannot be written or kept.
    Told(Failure),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Engine(error)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Stop::Told(failure)
    }
}

/// The project, with what its files looked like just before they were opened.
fn open(arguments: &Arguments, runtime: &Runtime) -> Result<(Engine, Stamp), Failure> {
    let project = arguments.project.open()?;
    let (sources, stamp) = (project.sources().clone(), Stamp::of(&project));
    let engine = runtime.block_on(Engine::open(project)).map_err(|error| Failure::of_engine(error, &sources))?;
    Ok((engine, stamp))
}

fn now() -> AsOf {
    AsOf::instant(Utc::now())
}
