//! A rule in plain language, for those who did not write it: who is a member, what the names mean, what is read, what moves it.
//!
//! ```text
//! spend_90d > 500 and city != 'Jakarta'
//!
//!   “Regulars” holds every customer for whom all of these hold:
//!     - “Net spend” (in IDR) over the last 90 days is more than 500
//!     - “city” is not 'Jakarta' (unknown does not count)
//! ```
//!
//! The words follow the rule as it is written, form by form, since that is what somebody will compare them with; types, and what
//! moves a value, come from what the check made of it. Nothing is left out to sound better: windows say which end is in, a
//! negation says what becomes of those whose value is not known, and `and` and `or` are lists where they could be mixed up.
//!
//! Structure is shared by all languages: a speaker (`speaker`) walks the rule and says meanings (`say`), each language has
//! words for them (`en`, `id`, `ru`, `sv`). Names of the project stand in their own tokens and are never bent, so sentences are built to need no
//! case or gender of them. What comes out is data; [`text`], [`markdown`], [`html_fragment`] and [`html_page`] are leaves.

mod condition;
mod definitions;
mod en;
mod groups;
mod id;
mod lives;
mod model;
mod names;
mod ranks;
mod reads;
mod render;
mod rows;
mod ru;
mod say;
mod speaker;
mod sv;
#[cfg(test)]
mod tests;
mod value;

use serde::Serialize;

use crate::Project;
use crate::catalog::model::Catalog;
use crate::check::nearest;
use crate::frozen::model::CutPoints;
use crate::ir::{FeatureId, Ir, SegmentId};
use crate::rules::model::RuleFile;

pub use model::{Clause, Definition, Explanation, Link, Lives, NameKind, Phrase, ReadFeature, ReadTable, Reads, Token};
#[cfg(any(test, feature = "engine"))]
pub use render::json;
pub use render::{html_fragment, html_page, markdown, text};

use model::Clause as Words;
use names::Names;
use reads::Sharing;
use say::{Say, Wording};
use speaker::{Defined, Speaker};

/// A language that rules are explained in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// English.
    English,
    /// Indonesian.
    Indonesian,
    /// Russian.
    Russian,
    /// Swedish.
    Swedish,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 4] = [Language::English, Language::Indonesian, Language::Russian, Language::Swedish];

    /// As ISO 639-1 writes it: `en`.
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Indonesian => "id",
            Language::Russian => "ru",
            Language::Swedish => "sv",
        }
    }

    /// The language of a code, in any case.
    pub fn of_code(code: &str) -> Option<Self> {
        Language::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(code))
    }

    pub(crate) fn wording(self) -> &'static dyn Wording {
        match self {
            Language::English => &en::English,
            Language::Indonesian => &id::Indonesian,
            Language::Russian => &ru::Russian,
            Language::Swedish => &sv::Swedish,
        }
    }
}

/// By its code.
impl Serialize for Language {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// Explains the segments of one project, of which it remembers which count the same.
pub struct Explainer<'a> {
    names: Names<'a>,
    sharing: Sharing,
}

impl<'a> Explainer<'a> {
    /// Looks through a project. The catalogue and the rules are those that `ir` was made of.
    pub fn new(catalog: &'a Catalog, rules: &'a [RuleFile], ir: &'a Ir) -> Self {
        Explainer { names: Names::new(catalog, rules, ir), sharing: Sharing::of(ir) }
    }

    /// Looks through a project that became `ir`, with its cut points; none: it has no catalogue.
    pub fn of_project(project: &'a Project, ir: &'a Ir) -> Option<Self> {
        let explainer = Explainer::new(project.catalog()?, project.rules(), ir);
        Some(explainer.with_cut_points(project.cut_points()))
    }

    /// Tells the cut points of frozen attributes, so that explanations show them.
    pub fn with_cut_points(mut self, cut_points: Option<&'a CutPoints>) -> Self {
        self.names.cut_points = cut_points;
        self
    }

    /// The names of everything that can be explained: segments, groups, parts of splits, in file order.
    pub fn segments(&self) -> impl Iterator<Item = &'a str> {
        self.names.ir.segments.iter().map(|segment| segment.name.as_str())
    }

    /// The segments that a name means: the one of that name, or all groups of tiers, bands, a partition or a chart; none: there is
    /// nothing of that name.
    pub fn meant_by(&self, name: &str) -> Vec<&'a str> {
        if let Some(own) = self.segments().find(|segment| *segment == name) {
            return vec![own];
        }
        let ir = self.names.ir;
        let parts =
            ir.partitions.iter().filter(|partition| partition.name == name).flat_map(|partition| &partition.parts);
        parts.map(|part| ir.segment(*part).name.as_str()).collect()
    }

    /// The name of a segment that is nearest to a misspelt one, if it is near enough to be meant.
    pub fn nearest(&self, name: &str) -> Option<&'a str> {
        nearest(name, self.segments())
    }

    /// What is counted of subjects as plain text: `“Spend” over the last 90 days`; none: the project has no subject.
    pub fn feature(&self, feature: FeatureId, language: Language) -> Option<String> {
        let mut speaker = Speaker::new(&self.names, language.wording(), self.names.subject_def(None)?);
        let phrase = speaker.feature(feature);
        Some(phrase.0.iter().map(|token| render::plain(language, token)).collect())
    }

    /// The segments that rest on a feature, in file order.
    pub fn resting_on(&self, feature: FeatureId) -> &[SegmentId] {
        self.sharing.by_feature.get(&feature).map_or(&[], Vec::as_slice)
    }

    /// A segment in a language; none: there is no such segment.
    pub fn explain(&self, segment: &str, language: Language) -> Option<Explanation> {
        let ir = self.names.ir;
        let at = ir.segments.iter().position(|made| made.name == segment)?;
        let id = SegmentId(at as u32);
        let made = ir.segment(id);
        let source = self.names.source(made)?;
        let subject = self.names.subject_def(source.of())?;
        let mut speaker = Speaker::new(&self.names, language.wording(), subject);
        let name = speaker.name_of(made);
        if let groups::Source::Group(def, _) = source {
            speaker.skip(Defined::Division(def, subject));
        }
        speaker.define_subject(subject);
        let own = speaker.whole(source, subject);
        let head = speaker.say(Say::Members, &[name.clone(), value::subject_name(&subject.name.text)]);
        let rule = under(head, own);
        let mut definitions = Vec::new();
        while let Some(next) = speaker.waiting.pop_front() {
            definitions.push(speaker.definition(next));
        }
        let moves = ir.moves(made.subject, made.condition);
        let fine_print = fine_print(&speaker);
        let rests_on = speaker.segments.clone();
        let reads = speaker.reads(id, &moves.tables, &self.sharing);
        let lives = speaker.lives(made.condition, &moves);
        let (description, owner) = source.about();
        let segment = name.0.into_iter().next()?;
        Some(Explanation {
            language,
            segment,
            description,
            owner,
            rule,
            definitions,
            rests_on,
            fine_print,
            reads,
            lives,
        })
    }
}

/// Explains one segment of a project that was checked; none: there is no such segment. For several, [`Explainer`] looks through the
/// project once.
pub fn explain(
    catalog: &Catalog,
    rules: &[RuleFile],
    ir: &Ir,
    segment: &str,
    language: Language,
) -> Option<Explanation> {
    Explainer::new(catalog, rules, ir).explain(segment, language)
}

/// The head of a rule and its condition: a list begins in the head's own line.
fn under(head: Phrase, own: Words) -> Words {
    let blank = Phrase::words(" ");
    match own.link {
        Link::One => Words { link: Link::All, phrase: head.then(Phrase::words(":")), parts: vec![own] },
        _ => Words { phrase: head.then(blank).then(own.phrase), ..own },
    }
}

/// What was said on the way that must be read to the letter, with the project's own words in it.
fn fine_print(speaker: &Speaker<'_>) -> Vec<Phrase> {
    let catalog = speaker.names.catalog;
    let currency = catalog.currency.as_ref().map_or("", |currency| currency.value.as_str());
    let with = [
        Phrase::constant(catalog.timezone.name()),
        Phrase::words(speaker.wording.weekday(catalog.week_starts)),
        Phrase::constant(currency),
    ];
    speaker.fine.iter().map(|fine| speaker.say(*fine, &with)).collect()
}
