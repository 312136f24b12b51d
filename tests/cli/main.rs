//! The program as people and scripts meet it: what it writes, where, and how it ends.

mod broken;
mod charts;
mod check;
mod columns;
mod counts;
mod eval;
mod explain;
mod files;
mod formats;
mod freeze;
mod groups;
mod init;
mod library;
mod optimize;
mod profile;
mod readme;
mod shop;
mod sql;
mod tables;
mod test;
mod usage;
mod watch;
mod why;
