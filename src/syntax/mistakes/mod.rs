//! Mistakes that are understood.
//!
//! When pest cannot read a text it says where it stopped. A [`Scene`] is that place with the tokens around it; a detector
//! looks at a scene and, if it knows the mistake, gives a [`Mistake`]: what to say, what to offer, and how to repair the
//! working copy so that reading goes on. Detectors stand in tables, the more specific first:
//!
//! * `quotes`: quotes without their pair, before anything else because they make words of text and text of words
//! * `spelling`: tokens that are wrong wherever they stand (`==`, `1.000.000`, `90 hari`), all of a text at once
//! * `numbers`, `windows`, `clauses`, `sequences`, `ranks`, `population`, `over`, `tops`, `files`, `operators`, `connectives`, `lists`,
//!   `brackets`: what depends on the place
//! * `otherwise`: the last resort, chosen by what could have stood there

mod brackets;
mod clauses;
mod connectives;
mod files;
mod lists;
mod numbers;
mod operators;
mod otherwise;
mod over;
mod population;
mod quotes;
mod ranks;
mod scene;
mod sequences;
mod spelling;
mod tops;
mod windows;

use std::ops::Range;

use super::build::offered;
use super::draft::{Draft, Edit};
use super::scan::{HOLE, scan};
use crate::diagnostic::{Code, Diagnostic};
pub(super) use scene::Scene;

/// A mistake, with the way on.
pub(super) struct Mistake {
    code: Code,
    range: Range<usize>,
    message: String,
    help: Option<String>,
    also: Option<(Range<usize>, &'static str)>,
    fix: Option<(String, Vec<Edit>)>,
    repair: Vec<Edit>,
}

impl Mistake {
    fn new(code: Code, range: Range<usize>, message: impl Into<String>) -> Self {
        Mistake { code, range, message: message.into(), help: None, also: None, fix: None, repair: Vec::new() }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn also(mut self, range: Range<usize>, label: &'static str) -> Self {
        self.also = Some((range, label));
        self
    }

    /// Offers edits, and goes on as if they had been made.
    fn fix(mut self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.repair.clone_from(&edits);
        self.fix = Some((title.into(), edits));
        self
    }

    /// Offers to write `text` in the place of what is wrong.
    fn write(self, text: &str) -> Self {
        let range = self.range.clone();
        self.fix(format!("write `{}`", text.trim()), vec![Edit::replace(range, text)])
    }

    /// Goes on by an edit that is no offer: a hole where a value is missing.
    fn repair(mut self, edits: Vec<Edit>) -> Self {
        self.repair = edits;
        self
    }

    fn diagnostic(&self, draft: &Draft<'_>) -> Diagnostic {
        // A hole is ours: in messages it is shown as what it stands for, and no offer writes one.
        // A name in backticks needs no second pair.
        let shown = |text: &str| text.replace(HOLE, "…").replace("``", "`");
        let mut diagnostic = Diagnostic::new(self.code, draft.place(self.range.clone()), shown(&self.message));
        if let Some(help) = &self.help {
            diagnostic = diagnostic.help(shown(help));
        }
        if let Some((range, label)) = &self.also {
            diagnostic = diagnostic.also(draft.place(range.clone()), *label);
        }
        match &self.fix {
            Some((title, edits)) if !edits.iter().any(|edit| edit.text.contains(HOLE)) => {
                offered(draft, diagnostic, title.clone(), edits)
            }
            _ => diagnostic,
        }
    }
}

type Detector = fn(&Scene<'_>) -> Option<Mistake>;

/// In order; the first that recognises its mistake speaks.
const DETECTORS: &[Detector] = &[
    numbers::decimal_comma,
    numbers::spaced_percent,
    numbers::remainder,
    files::file_without_quotes,
    files::file_without_word,
    files::file_in_brackets,
    files::is_in_file,
    files::other_word_for_file,
    files::file_missing,
    over::window_function,
    ranks::window_behind_rank,
    ranks::comma_behind_number,
    ranks::salt_missing,
    population::comma_before_population,
    tops::in_top,
    tops::words_for_by,
    tops::number_of_top,
    tops::words_for_top,
    tops::order_and_limit,
    population::where_for_among,
    ranks::direction_of_order,
    population::foreign_per,
    population::second_value,
    ranks::rows_in_rank,
    ranks::percentile_turned,
    ranks::rank_without_brackets,
    population::population_unfinished,
    sequences::joined_otherwise,
    sequences::connective_before_never,
    sequences::never_otherwise,
    sequences::within_behind_rows,
    sequences::where_missing,
    operators::split_operator,
    operators::not_before_sign,
    operators::is_before_sign,
    operators::foreign_prefix,
    operators::foreign_infix,
    operators::not_null,
    operators::comparison_in_words,
    brackets::unclosed_before_comparison,
    operators::chained_comparison,
    clauses::count_star,
    clauses::table_behind_brackets,
    lists::comma_for_where,
    clauses::extremes_of_values,
    clauses::from_for_of,
    clauses::window_behind_where,
    clauses::clause_behind_brackets,
    sequences::filter_behind_brackets,
    clauses::where_behind_name,
    population::population_outside,
    sequences::then_outside,
    windows::open_day,
    windows::dash_between_days,
    windows::length_without_unit,
    windows::no_direction,
    windows::named_period,
    windows::filler,
    windows::ending_without_ago,
    windows::in_for_within,
    windows::over_missing,
    windows::window_behind_value,
    connectives::half_between,
    connectives::connective,
    connectives::left_side_missing,
    connectives::leading_word,
    operators::text_test_in_words,
    operators::doubled_operator,
    brackets::square_list,
    lists::segment_in_brackets,
    lists::list_without_brackets,
    lists::quantity_without_of,
    lists::missing_comma,
    lists::comma_at_end,
    operators::membership_of_list,
    operators::reserved_as_name,
    operators::missing_value,
    brackets::closed_unopened,
    brackets::opened_unclosed,
    brackets::empty_or_trailing,
    connectives::comma_for_and,
    connectives::missing_comparison,
    connectives::missing_connective,
    sequences::then_missing,
    operators::missing_case,
];

/// Reports one mistake, or several that do not depend on each other, and repairs the draft. False: nothing is known about
/// what stands at `at`; it has been reported, and reading cannot go on.
pub(super) fn correct(draft: &mut Draft<'_>, at: usize, out: &mut Vec<Diagnostic>) -> bool {
    let tokens = scan(draft.text());
    let everywhere = match quotes::unpaired(draft.text(), &tokens) {
        Some(mistake) => vec![mistake],
        None => spelling::misspelt(draft.text(), &tokens),
    };
    let mistakes = if everywhere.is_empty() {
        let scene = Scene::new(draft.text(), &tokens, at);
        match DETECTORS.iter().find_map(|detect| detect(&scene)) {
            Some(mistake) => vec![mistake],
            None => {
                // Behind a repair that was only a guess, this may be that guess's fault.
                if !tokens.is_empty() && !out.iter().any(is_guess) {
                    out.push(otherwise::unexpected(&scene).diagnostic(draft));
                }
                return false;
            }
        }
    } else {
        everywhere
    };
    let mut edits = Vec::new();
    for mistake in mistakes {
        out.push(mistake.diagnostic(draft));
        edits.extend(mistake.repair);
    }
    drop(tokens);
    draft.apply(&edits);
    true
}

/// Errors without a fix, and characters that were simply taken out.
fn is_guess(diagnostic: &Diagnostic) -> bool {
    diagnostic.is_error() && (diagnostic.fix.is_none() || diagnostic.code == Code::StrayCharacter)
}
