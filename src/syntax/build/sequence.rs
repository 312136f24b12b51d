//! Sequences: steps in an order, and what is asked of all of them behind the brackets.
//!
//! A `never` or a `within` before the first step, a lone step and `within last 30d` are read by the grammar and answered
//! here, each once: `sequence(sales)` is gone on with as `any(sales)`.

use std::collections::HashMap;
use std::ops::Range;

use super::Builder;
use super::value::is_window_word;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{Duration, ExprKind, Ident, Quantified, Quantifier, Sequence, Step};
use crate::syntax::draft::Edit;
use crate::syntax::grammar::{Pair, Rule};

const FROM_STEP: &str = "it is counted from the row of the step before, not from today";
const FROM_FIRST: &str =
    "it is the time from the first row to the last; what lies in the last 60 days is told by `over 60d`";

/// A step and where its words stand in the draft.
struct ReadStep {
    step: Step,
    never: Option<Range<usize>>,
    within: Option<Range<usize>>,
    named: Option<Range<usize>>,
}

impl Builder<'_> {
    /// `sequence(sales then within 30d returns) over 90d within 60d`
    pub(super) fn sequence(&mut self, pair: Pair<'_>, span: Span) -> ExprKind {
        let whole = range_of(&pair);
        let (mut word, mut steps) = (whole.start..whole.start, Vec::new());
        let (mut window, mut within, mut windowed, mut limited) = (None, None, false, false);
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::sequence_name => word = range_of(&inner),
                Rule::step => match self.step(inner) {
                    Some(step) => steps.push(step),
                    None => return self.unread().kind,
                },
                Rule::kw_then => {}
                Rule::within_all if std::mem::replace(&mut limited, true) => {
                    self.second(&inner, "a sequence takes one `within` behind its brackets, found a second one");
                }
                Rule::within_all => within = self.length(inner, FROM_FIRST),
                rule if is_window_word(rule) => {}
                _ if std::mem::replace(&mut windowed, true) => {
                    self.second(&inner, "a sequence takes one window behind its brackets, found a second one");
                }
                _ => window = self.window(inner),
            }
        }
        let bare = !windowed && !limited;
        if steps.first().is_some_and(|first| first.never.is_some()) {
            return self.never_first(word, &steps, bare);
        }
        if steps.len() < 2 {
            return self.lone_step(word, span, steps, bare);
        }
        if let Some(first) = steps.first_mut()
            && let Some(place) = first.within.take()
        {
            let moved = first.step.within.take();
            let length = self.within_first(place, whole.end, moved, limited);
            within = within.or(length);
        }
        self.distinct_names(&mut steps);
        let steps = steps.into_iter().map(|read| read.step).collect();
        ExprKind::Sequence(Box::new(Sequence { steps, window, within }))
    }

    /// `never within 7d returns over 90d where …`
    fn step(&mut self, pair: Pair<'_>) -> Option<ReadStep> {
        let (mut never, mut within, mut length, mut rows, mut named) = (None, None, None, None, None);
        for inner in pair.into_inner() {
            let place = range_of(&inner);
            match inner.as_rule() {
                Rule::never => never = Some(place),
                Rule::within_step => {
                    within = Some(place);
                    length = self.length(inner, FROM_STEP);
                }
                Rule::step_rows => {
                    named = inner
                        .clone()
                        .into_inner()
                        .find(|part| part.as_rule() == Rule::named)
                        .map(|part| range_of(&part));
                    rows = Some(self.named_rows(inner)?);
                }
                _ => {}
            }
        }
        let (rows, mut name) = rows?;
        if let (Some(_), Some(place), Some(called)) = (&never, &named, &name) {
            self.named_never(place.clone(), called);
            name = None;
        }
        let step = Step { never: never.is_some(), within: length, name, rows };
        Some(ReadStep { step, never, within, named })
    }

    /// The length of `within 30d`; `next` and `last` mean nothing between rows. `help` says what it is counted from.
    fn length(&mut self, pair: Pair<'_>, help: &str) -> Option<Duration> {
        let mut length = None;
        let mut direction = None;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::direction => direction = Some((range_of(&inner), inner.as_str().trim_end().to_owned())),
                Rule::duration => {
                    let start = inner.as_span().start();
                    length = self.duration(inner);
                    if let Some((place, word)) = direction.take() {
                        let message = format!("`within` is written without `{word}` in a sequence");
                        let diagnostic =
                            Diagnostic::new(Code::Syntax, self.draft.place(place.clone()), message).help(help);
                        self.offer(diagnostic, "remove it", vec![Edit::replace(place.start..start, "")]);
                    }
                }
                _ => {}
            }
        }
        length
    }

    /// `sequence(…) within last 60d`, which reads as a test of a date.
    pub(super) fn limit_with_direction(&mut self, sequence: Sequence, test: Pair<'_>) -> ExprKind {
        let within = self.length(test, FROM_FIRST);
        ExprKind::Sequence(Box::new(Sequence { within, ..sequence }))
    }

    fn second(&mut self, pair: &Pair<'_>, message: &str) {
        let place = self.span(pair);
        self.report(Diagnostic::new(Code::WindowMisplaced, place, message).help("remove one of the two"));
    }

    /// `sequence(never returns …)`
    fn never_first(&mut self, word: Range<usize>, steps: &[ReadStep], bare: bool) -> ExprKind {
        let [first, rest @ ..] = steps else { return self.unread().kind };
        let Some(never) = first.never.clone() else { return self.unread().kind };
        let table = &first.step.rows.table.text;
        let message = "a sequence begins with a row that is there, found `never`";
        let diagnostic = Diagnostic::new(Code::ClauseOrder, self.draft.place(never.clone()), message);
        if !rest.is_empty() {
            let help =
                "`never` stands behind the step after which nothing may come: `sequence(sales then never returns)`";
            self.report(diagnostic.help(help));
            return ExprKind::Error;
        }
        let diagnostic = diagnostic.help(format!("`none({table} …)` is true of those who have no such row"));
        if first.within.is_some() || !bare {
            self.report(diagnostic);
            return ExprKind::Error;
        }
        let end = self.next_word(never.end);
        let edits = vec![Edit::replace(word, "none"), Edit::replace(never.start..end, "")];
        self.offer(diagnostic, format!("write `none({table} …)`"), edits);
        let rows = first.step.rows.clone();
        ExprKind::Quantified(Box::new(Quantified { quantifier: Quantifier::None, rows, have: None }))
    }

    /// `sequence(sales)`
    fn lone_step(&mut self, word: Range<usize>, span: Span, steps: Vec<ReadStep>, bare: bool) -> ExprKind {
        let Some(only) = steps.into_iter().next() else { return self.unread().kind };
        let table = &only.step.rows.table.text;
        let message = "a sequence has two steps or more, joined by `then`; found one";
        let help = format!("`any({table} …)` asks for one row by itself");
        let diagnostic = Diagnostic::new(Code::BadArgument, span, message).help(help);
        if only.within.is_some() || only.named.is_some() || !bare {
            self.report(diagnostic);
            return ExprKind::Error;
        }
        self.offer(diagnostic, format!("write `any({table} …)`"), vec![Edit::replace(word, "any")]);
        let rows = only.step.rows;
        ExprKind::Quantified(Box::new(Quantified { quantifier: Quantifier::Any, rows, have: None }))
    }

    /// `sequence(within 30d sales then …)`: meant for the whole, if nothing is said about that yet.
    fn within_first(
        &mut self,
        place: Range<usize>,
        end: usize,
        length: Option<Duration>,
        limited: bool,
    ) -> Option<Duration> {
        let written = self.draft.text().get(place.clone()).unwrap_or("").to_owned();
        let message = format!("`{written}` has no step before it to be counted from");
        let help = "between two steps it stands behind `then`; behind the brackets it is the time from the first row to the last";
        let diagnostic = Diagnostic::new(Code::ClauseOrder, self.draft.place(place.clone()), message).help(help);
        let cut = Edit::replace(place.start..self.next_word(place.end), "");
        if limited {
            self.offer(diagnostic, "remove it", vec![cut]);
            return None;
        }
        let moved = Edit::insert(end, format!(" {written}"));
        self.offer(diagnostic, "move it behind the brackets", vec![cut, moved]);
        length
    }

    fn named_never(&mut self, place: Range<usize>, called: &Ident) {
        let message = format!("no row is matched by a `never` step, so none can be called `{}`", called.text);
        let diagnostic = Diagnostic::new(Code::BadArgument, self.draft.place(place.clone()), message);
        let start = self.draft.text().get(..place.start).unwrap_or("").trim_end().len();
        self.offer(diagnostic, "remove the name", vec![Edit::replace(start..place.end, "")]);
    }

    /// The rows of two steps cannot have one name; the first keeps it.
    fn distinct_names(&mut self, steps: &mut [ReadStep]) {
        let mut taken: HashMap<String, Span> = HashMap::new();
        for read in steps {
            let Some(name) = &read.step.name else { continue };
            let Some(first) = taken.get(&name.text) else {
                taken.insert(name.text.clone(), name.span);
                continue;
            };
            let message = format!("two steps are called `{}`", name.text);
            let diagnostic = Diagnostic::new(Code::NameTaken, name.span, message)
                .also(*first, "the first one")
                .help("give one of them another name, so that it is clear whose row is meant");
            self.report(diagnostic);
            read.step.name = None;
        }
    }

    /// Where the word behind a place begins.
    fn next_word(&self, from: usize) -> usize {
        let rest = self.draft.text().get(from..).unwrap_or("");
        from + (rest.len() - rest.trim_start().len())
    }
}

/// The bytes of a node in the draft, without the spaces that may trail it.
fn range_of(pair: &Pair<'_>) -> Range<usize> {
    let start = pair.as_span().start();
    start..start + pair.as_str().trim_end().len()
}
