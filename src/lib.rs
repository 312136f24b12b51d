//! Kohort: a rule engine for customer segments.
//!
//! A small language, `spend_90d > 500 and visits_30d >= 2 and region = 'Jakarta'`, written in YAML rule files, is parsed,
//! checked against a catalogue of tables, compiled to query plans and run by Apache DataFusion. `docs/language.md` is the
//! reference of the language, `docs/ARCHITECTURE.md` the map of this crate.
//!
//! ```text
//! Project ──check──▶ Checked { ir, diagnostics }            pure: no data, no clock, no threads
//!    └────Engine::open──▶ Engine ──query(AsOf)──▶ Query ──▶ Report (counts) or Members (Arrow streams)
//! ```
//!
//! The language core builds without the feature `engine`, and then without DataFusion. With it:
//!
//! ```
//! # #[cfg(feature = "engine")]
//! # async fn members(provider: std::sync::Arc<dyn datafusion::catalog::TableProvider>) -> Result<(), kohort::Error> {
//! use kohort::{Engine, Project};
//!
//! let project = Project::from_texts([
//!     ("catalog.yaml", "
//! kohort: 1
//! timezone: Asia/Jakarta
//! subject: { name: customer, key: customer_id }
//! tables:
//!   sales: { subject: customer_id, time: sold_at }
//! metrics:
//!   spend: sum(amount of sales)
//! "),
//!     ("rules.yaml", "segments:\n  spenders: spend_90d > 500_000\n"),
//! ]);
//! let engine = Engine::builder(project).table("sales", provider).open().await?;
//! let mut members = engine.query(engine.as_of("2026-03-31")?).members().await?;
//! for kind in &mut members.kinds {
//!     while let Some(batch) = kind.next().await {
//!         println!("{:?}", batch?); // key columns, then one boolean column for each segment
//!     }
//! }
//! # Ok(())
//! # }
//! ```

#![warn(missing_docs)]

pub mod catalog;
pub mod check;
pub mod diagnostic;
pub mod explain;
pub mod frozen;
pub mod ir;
pub mod library;
pub mod lists;
mod project;
pub mod rules;
pub mod source;
mod sql;
pub mod syntax;

#[cfg(feature = "engine")]
pub mod engine;
#[cfg(feature = "engine")]
mod plan;

pub use check::{Checked, Schemas};
pub use diagnostic::{Diagnostic, Severity};
#[cfg(feature = "engine")]
pub use engine::{AsOf, Engine, EngineBuilder, Error, Members, Query, Report};
pub use project::{CUT_POINTS, Project, ProjectError};
