//! Diagnostics with their source lines.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet};

use super::Style;
use crate::diagnostic::{Diagnostic, Fix, Label, Severity};
use crate::source::{FileId, SourceFile, Sources, Span};

/// Narrower than this, nothing can be read.
const MIN_WIDTH: usize = 40;

/// Draws each diagnostic with its source lines, in the given order, an empty line after each.
pub fn full(sources: &Sources, diagnostics: &[Diagnostic], style: Style) -> String {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(style.width.max(MIN_WIDTH));
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&renderer.render(&report(sources, diagnostic)));
        out.push_str("\n\n");
    }
    out
}

fn report<'a>(sources: &'a Sources, diagnostic: &'a Diagnostic) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut group = Group::with_title(level.primary_title(&diagnostic.message).id(diagnostic.code.id()));
    for (file, labels) in places(diagnostic) {
        let Some(source) = sources.get(file) else { continue };
        if source.text().is_empty() {
            group = group.element(Origin::path(source.name()));
            continue;
        }
        let excerpt = Excerpt::around(source, labels.iter().map(|(label, _)| label.span));
        let annotations = labels.into_iter().map(|(label, kind)| excerpt.annotation(label, kind));
        group = group.element(excerpt.snippet().annotations(annotations));
    }
    let title = diagnostic.fix.as_ref().map(|fix| &fix.title);
    for help in diagnostic.helps.iter().filter(|help| Some(*help) != title) {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let suggestion = diagnostic.fix.as_ref().map(|fix| suggestion(sources, fix));
    std::iter::once(group).chain(suggestion).collect()
}

/// The places of a diagnostic by file, the file of the primary place first.
fn places(diagnostic: &Diagnostic) -> Vec<(FileId, Vec<(&Label, AnnotationKind)>)> {
    let primary = &diagnostic.primary;
    let mut files = vec![(primary.span.file, vec![(primary, AnnotationKind::Primary)])];
    for label in &diagnostic.secondary {
        let entry = (label, AnnotationKind::Context);
        match files.iter_mut().find(|(file, _)| *file == label.span.file) {
            Some((_, labels)) => labels.push(entry),
            None => files.push((label.span.file, vec![entry])),
        }
    }
    files
}

/// The lines as the fix would leave them.
fn suggestion<'a>(sources: &'a Sources, fix: &'a Fix) -> Group<'a> {
    let mut group = Group::with_title(Level::HELP.secondary_title(&fix.title));
    let mut files: BTreeMap<FileId, Vec<&(Span, String)>> = BTreeMap::new();
    for edit in &fix.edits {
        files.entry(edit.0.file).or_default().push(edit);
    }
    for (file, edits) in files {
        let Some(source) = sources.get(file) else { continue };
        let excerpt = Excerpt::around(source, edits.iter().map(|(span, _)| *span));
        let patches = edits.into_iter().map(|(span, text)| Patch::new(excerpt.within(*span), text.as_str()));
        group = group.element(excerpt.snippet().patches(patches));
    }
    group
}

/// The lines of a file from the first to the last place that is shown: a drawing costs what it shows, not what the
/// file holds.
struct Excerpt<'a> {
    name: &'a str,
    text: &'a str,
    start: usize,
    line: usize,
}

impl<'a> Excerpt<'a> {
    fn around(source: &'a SourceFile, spans: impl Iterator<Item = Span>) -> Self {
        let text = source.text();
        let (mut first, mut last) = (text.len(), 0);
        for range in spans.map(Span::range) {
            first = first.min(range.start);
            last = last.max(range.end);
        }
        let first = text.floor_char_boundary(first);
        let last = text.floor_char_boundary(last.max(first));
        let before = text.get(..first).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let end = text.get(last..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| last + at + 1);
        let line = source.line_column(start).line;
        Excerpt { name: source.name(), text: text.get(start..end).unwrap_or_default(), start, line }
    }

    fn snippet<T: Clone>(&self) -> Snippet<'a, T> {
        Snippet::source(self.text).line_start(self.line).path(self.name)
    }

    fn annotation(&self, label: &'a Label, kind: AnnotationKind) -> Annotation<'a> {
        let text = (!label.message.is_empty()).then_some(label.message.as_str());
        kind.span(self.within(label.span)).label(text)
    }

    /// A place as a range of the excerpt, on whole characters.
    fn within(&self, span: Span) -> Range<usize> {
        let range = span.range();
        let cut = |offset: usize| self.text.floor_char_boundary(offset.saturating_sub(self.start).min(self.text.len()));
        let start = cut(range.start);
        start..cut(range.end).max(start)
    }
}
