//! The command line: one file per command, and what they share.
//!
//! ```text
//! kohort eval  PROJECT --as-of WHEN     who is in each segment: eval → answer, in a format → output
//! kohort check PROJECT                  what is wrong, everywhere at once: check → diagnostic::render
//! kohort chart PROJECT CHART            how many are in each cell: chart → page | html | json
//! kohort explain PROJECT [SEGMENT…]     what rules mean, in plain language: explain
//! kohort freeze PROJECT [NAME…]         cut points of frozen attributes, computed and kept: freeze
//! kohort init  DIR --from FILE…         a first project from data files: init
//! kohort optimize PROJECT TABLE         a copy of a table that is read faster: optimize
//! kohort tables PROJECT                 what the data holds, and what to declare of it: tables → page | json | declare
//! kohort test  PROJECT                  the tests beside the rules, run: test → text | json | junit
//! kohort why   PROJECT SEGMENT KEY      why somebody is in a segment or is not: why → text | html | json
//! kohort watch PROJECT                  who enters and who leaves, when and why: watch → a line for each change
//! kohort library [NAME]                 definitions that ship with the program, to be included: library
//! ```
//!
//! Answers go to the standard output, everything said about them to the standard error. How a run ends is decided in
//! [`exit`] alone.

mod amounts;
mod answer;
mod chart;
mod check;
mod eval;
mod exit;
mod explain;
mod form;
mod freeze;
mod html;
mod init;
mod library;
mod memory;
mod optimize;
mod output;
mod profile;
mod progress;
mod project;
mod signals;
mod skipped;
mod tables;
mod terminal;
mod test;
mod watch;
mod why;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

/// Customer segments from readable rules: checked, evaluated and counted exactly.
#[derive(Parser)]
#[command(name = "kohort", version, max_term_width = 100, disable_help_subcommand = true)]
#[command(after_help = "Examples:
  kohort check shop                            find mistakes in the rules of the directory `shop`
  kohort eval shop --as-of 2026-03-31          count the members of every segment on that day
  kohort why shop vip 10017 --as-of 2026-03-31 tell why this customer is in `vip`, or is not
  kohort test shop                             run the tests that stand beside the rules
  kohort tables shop                           look at the data: rows, times, columns, values
  kohort init shop --from data/*.csv           begin: a first catalogue and rules for data files

Exit status: 0 all is well, 1 there are errors, 2 wrong usage or unreadable input.")]
struct Arguments {
    /// Whether to colour what is written
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Eval(eval::Arguments),
    Check(check::Arguments),
    Test(test::Arguments),
    Explain(explain::Arguments),
    Why(why::Arguments),
    Watch(watch::Arguments),
    Chart(chart::Arguments),
    Freeze(freeze::Arguments),
    Init(init::Arguments),
    Optimize(optimize::Arguments),
    Tables(tables::Arguments),
    Library(library::Arguments),
}

/// When to use colour.
#[derive(Clone, Copy, ValueEnum)]
enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// In files and pipes too
    Always,
    /// Not at all
    Never,
}

/// Runs the program on its arguments.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    terminal::set_color(arguments.color);
    let outcome = match arguments.command {
        Command::Eval(arguments) => eval::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Chart(arguments) => chart::run(&arguments),
        Command::Why(arguments) => why::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Freeze(arguments) => freeze::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Optimize(arguments) => optimize::run(&arguments),
        Command::Tables(arguments) => tables::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Library(arguments) => library::run(&arguments),
        Command::Watch(arguments) => watch::run(&arguments),
    };
    exit::end(outcome)
}
