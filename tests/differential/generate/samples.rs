//! Samples.

use super::phrase::Template;
use super::writer::{Site, Target, Typed, Writer};

/// Few salts, so that samples lie in each other.
pub const SALTS: [&str; 4] = ["holdout-2026", "holdout-2026", "a", "Größe & 'so'"];
const SHARES: [&str; 9] = ["0.01", "5", "10", "25", "33.3", "50", "66.67", "90", "100"];

impl Writer<'_> {
    /// `sample(10%, 'salt')`
    pub fn sample(&mut self, site: &Site) -> Option<Typed> {
        let Target::Subject(_) = &site.target else { return None };
        let (share, salt) = (*self.random.pick(&SHARES), *self.random.pick(&SALTS));
        let not = if self.random.chance(25) { "not " } else { "" };
        let text = format!("{not}sample({share}%, '{}')", salt.replace('\'', "''"));
        Some(Typed::new(Template::text(text), vec!["sample"]))
    }
}
