//! Telling mistakes from their consequences.
//!
//! A catalogue with a mistake is still held against the rules, so that one run finds everything. What the mistake left
//! out of the catalogue is then missed elsewhere, and saying so would bury the one line that must be changed:
//!
//! ```text
//! types: { city: txt }          error: `txt` is not a type
//! when: city = 'Jakarta'        (nothing: `city` is what the mistake is about)
//! when: ctiy = 'Jakarta'        error: a customer has nothing called `ctiy`
//! ```

use std::collections::HashSet;

use super::Diagnostic;
use crate::source::{Sources, Span};

/// Of what was `found`, everything but the errors that may come from the `causes`.
pub(crate) fn without_consequences(
    sources: &Sources,
    causes: &[Diagnostic],
    mut found: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let mut suspects: HashSet<&str> = HashSet::new();
    for cause in causes.iter().filter(|cause| cause.is_error()) {
        suspects.extend(words(sources.slice(cause.primary.span)));
        suspects.extend(keys_around(sources, cause.primary.span));
    }
    found.retain(|diagnostic| {
        let quoted = diagnostic.message.split('`').skip(1).step_by(2).flat_map(words);
        let written = words(sources.slice(diagnostic.primary.span));
        !diagnostic.is_error() || !quoted.chain(written).any(|word| concerns(word, &suspects))
    });
    found
}

/// Whether a word is a suspect, or a suspect with a window: `spend_90d`.
fn concerns(word: &str, suspects: &HashSet<&str>) -> bool {
    let stems = word.match_indices('_').filter_map(|(at, _)| word.get(..at));
    stems.chain([word]).any(|stem| suspects.contains(stem))
}

/// The names under which a place stands: its own key, and the keys of the lines that it is indented under, those at
/// the margin (`tables:`) left out.
fn keys_around(sources: &Sources, span: Span) -> Vec<&str> {
    let text = sources.get(span.file).map_or("", |file| file.text());
    let before = text.get(..span.range().start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let mut keys: Vec<&str> = line.rsplit_once(':').and_then(|(key, _)| words(key).last()).into_iter().collect();
    let whole = text.get(before.len() - line.len()..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let mut indent = indentation(whole) + 1;
    for line in std::iter::once(whole).chain(before.lines().rev().skip(usize::from(!line.is_empty()))) {
        if indentation(line) < indent && !line.trim().is_empty() {
            indent = indentation(line);
            if indent == 0 {
                break;
            }
            keys.extend(words(line).next());
        }
    }
    keys
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::{Project, Schemas};

    const CATALOG: &str = "\
kohort: 1
subject: { name: customer, table: customers, key: customer_id }
tables:
  customers:
    types: { customer_id: text, city: text, birth: date }
  sales:
    subject: customer_id
    time: bought_at
    types: { customer_id: text, bought_at: timestamp, amount: decimal(2) }
metrics:
  spend: sum(amount of sales)
  visits: count(sales)
";
    const RULES: &str = "\
segments:
  a: { when: city = 'Jakarta' and spend_90d > 5 }
  b: { when: ctiy = 'Jakarta' and vistis_90d > 5 }
";

    /// Messages of the project with one change to its catalogue.
    fn said(from: &str, to: &str) -> Vec<String> {
        assert!(CATALOG.contains(from), "{from}");
        let project = Project::from_texts([("catalog.yaml", CATALOG.replace(from, to).as_str()), ("r.yaml", RULES)]);
        let checked = project.check(&Schemas::new());
        checked.diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect()
    }

    const IN_RULES: [&str; 2] = ["a customer has nothing called `ctiy`", "a customer has nothing called `vistis_90d`"];

    #[test]
    fn a_sound_catalogue_hides_nothing() {
        assert_eq!(said("kohort", "kohort"), IN_RULES);
    }

    #[test]
    fn what_a_mistake_leaves_out_is_not_missed_elsewhere() {
        for (from, to, first) in [
            ("city: text", "city: txt", "`txt` is not a type"),
            ("time: bought_at", "tme: bought_at", "unknown key `tme` in table `sales`"),
            ("kohort: 1\n", "kohort: 1\ntimezone: Asia/Jakata\n", "`Asia/Jakata` is not a time zone"),
            (
                "spend: sum(",
                "spend: { is: count(sales), unt: IDR }\n  other: sum(",
                "unknown key `unt` in metric `spend`",
            ),
        ] {
            assert_eq!(said(from, to), [&[first][..], &IN_RULES].concat(), "{to}");
        }
    }

    #[test]
    fn other_mistakes_of_the_catalogue_are_found_in_the_same_run() {
        let found = said("visits: count(sales)", "visits: count(sale)\n  aov: { is: spend / visits, unt: IDR }");
        let own = ["there is no table `sale`", "unknown key `unt` in metric `aov`"];
        assert_eq!(found, [&own[..], &["a customer has nothing called `ctiy`", IN_RULES[1]]].concat());
    }
}
