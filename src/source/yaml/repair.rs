//! Expressions that YAML cut or split, and how to make them whole.
//!
//! Three kinds: a ` #` that is not a comment because a quote or bracket is open (`when: sku = 'A #1'`), a `,` `[` `{` in
//! a flow collection (`{ is: spend[channel = 'web'] }`), and text that YAML refuses without quotes (`when: 'a' = b`).
//! Some of them YAML reads without a word as something else, the others are errors further on; both are found here.

use std::ops::Range;

use granit_parser::ErrorKind;

use super::NodeKind;
use super::extent::{self, Surroundings};
use super::mask::Mask;
use super::tree::{Builder, Content, Frame, LastScalar};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// A finding and what to mask so that reading can go on.
pub(super) struct Repair {
    pub diagnostic: Diagnostic,
    pub range: Range<usize>,
    pub mask: Mask,
}

/// A plain value that YAML cut without a word.
pub(super) fn cut_scalar(builder: &Builder<'_>, scalar: LastScalar) -> Option<Repair> {
    let text = builder.copy.text();
    let frame = builder.stack.last()?;
    let inside_repair = builder.repairs.last().is_some_and(|repair| scalar.start < repair.range.end);
    if inside_repair || !extent::leaves_open(text.get(scalar.start..scalar.end)?) {
        return None;
    }
    if !frame.flow && !text.get(scalar.end..)?.trim_start_matches([' ', '\t']).starts_with('#') {
        return None;
    }
    cut_at(builder, frame, scalar)
}

/// What can be repaired where YAML gave up at `at`.
pub(super) fn after_error(builder: &Builder<'_>, error: &ErrorKind, at: usize) -> Option<Repair> {
    let frame = builder.stack.last()?;
    let last = builder.last?;
    if last.plain && !last.is_key && last.start >= frame.start {
        let repair = if frame.flow { cut_at(builder, frame, last) } else { comment_between(builder, frame, last, at) };
        if repair.is_some() {
            return repair;
        }
    }
    match error {
        ErrorKind::MappingValueNotAllowed if last.plain && !last.is_key && last.end == at => {
            colon(builder, frame, last)
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar
        | ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator => {
            quoted_start(builder, frame, at).or_else(|| bracketed_start(builder, frame, at))
        }
        ErrorKind::CommentInterceptedScalar => comment_inside(builder, frame, at),
        ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::MissingAnchorOrAliasName
        | ErrorKind::MappingKeyNotAllowed
        | ErrorKind::UnexpectedCharacter { .. } => {
            let start = value_start(builder, frame, at).filter(|start| *start == at)?;
            let first = builder.copy.text().get(start..)?.chars().next()?;
            quote(builder, frame, start, Code::YamlSyntax, cannot_begin(first))
        }
        _ => None,
    }
}

/// The expression that starts with `scalar`, if it goes on beyond it.
fn cut_at(builder: &Builder<'_>, frame: &Frame, scalar: LastScalar) -> Option<Repair> {
    let text = builder.copy.text();
    let end = extent::expression_end(text, scalar.start, surroundings(builder, frame))?;
    if end <= scalar.end {
        return None;
    }
    let rest = text.get(scalar.end..)?.trim_start();
    let cutter = rest.chars().next()?;
    let cutter = if cutter == '#' { " #".to_owned() } else { cutter.to_string() };
    let expression = builder.copy.original().get(scalar.start..end)?;
    let read = text.get(scalar.start..scalar.end)?;
    if let Some(bracket) = extent::open_bracket(expression) {
        let at = scalar.start + bracket;
        let open = expression.get(bracket..=bracket)?;
        let message = format!("`{open}` is opened and never closed");
        let diagnostic = Diagnostic::new(Code::OpenBracket, Span::new(builder.file, at, at + 1), message)
            .help(format!("close it, and put all of `{}` in quotes", shorten(read) + " …"));
        return Some(Repair { diagnostic, range: scalar.start..end, mask: Mask::Broken });
    }
    let diagnostic = Diagnostic::new(
        Code::YamlChangesRule,
        Span::new(builder.file, scalar.start, end),
        format!("YAML cuts `{}` at `{cutter}`", shorten(expression)),
    )
    .label(format!("YAML reads only `{}`", shorten(read)));
    Some(Repair {
        diagnostic: offer_quotes(diagnostic, expression, frame.flow),
        range: scalar.start..end,
        mask: Mask::Expression,
    })
}

/// A comment between the lines of a plain value, which ends the value there; YAML gave up where the text goes on.
fn comment_between(builder: &Builder<'_>, frame: &Frame, last: LastScalar, at: usize) -> Option<Repair> {
    let between = builder.copy.text().get(last.end..at)?;
    let comment = last.end + between.find('#')?;
    let only_comments = between.lines().all(|line| {
        let line = line.trim();
        line.is_empty() || line.starts_with('#')
    });
    only_comments.then(|| comment_before(builder, frame, comment, at)).flatten()
}

/// A comment after some text of a plain value; YAML gave up there because the next line goes on with the text.
fn comment_inside(builder: &Builder<'_>, frame: &Frame, at: usize) -> Option<Repair> {
    let text = builder.copy.text();
    let comment = at + text.get(at..extent::line_end(text.as_bytes(), at))?.find('#')?;
    let mut next = extent::line_end(text.as_bytes(), comment);
    loop {
        let rest = text.get(next..)?;
        next += rest.len() - rest.trim_start().len();
        if !text.get(next..)?.starts_with('#') {
            return comment_before(builder, frame, comment, next);
        }
        next = extent::line_end(text.as_bytes(), next);
    }
}

fn comment_before(builder: &Builder<'_>, frame: &Frame, comment: usize, cut_off: usize) -> Option<Repair> {
    let text = builder.copy.text();
    let Surroundings::Block { column } = surroundings(builder, frame) else { return None };
    if extent::column(text, cut_off) <= column {
        return None;
    }
    let end = extent::line_end(text.as_bytes(), comment);
    let rest = extent::line_end(text.as_bytes(), cut_off);
    let cut = text.get(cut_off..rest)?.trim_end();
    let diagnostic = Diagnostic::new(
        Code::YamlChangesRule,
        Span::new(builder.file, comment, end),
        format!("this comment ends the text above it, and cuts off `{}`", shorten(cut)),
    )
    .also(Span::new(builder.file, cut_off, cut_off + cut.len()), "cut off")
    .help("move the comment above the key, or write the text as a block (`key: |`), where a comment starts with `--`");
    Some(Repair { diagnostic, range: comment..cut_off, mask: Mask::Comment })
}

/// `when: a = b: c`
fn colon(builder: &Builder<'_>, frame: &Frame, last: LastScalar) -> Option<Repair> {
    let raw = builder.copy.text().get(last.start..last.end)?;
    if raw.contains('\n') {
        return None;
    }
    let why = "`: ` inside text without quotes starts a key in YAML".to_owned();
    quote(builder, frame, last.start, Code::YamlSyntax, why)
}

/// `when: 'Shoes' = category`
fn quoted_start(builder: &Builder<'_>, frame: &Frame, at: usize) -> Option<Repair> {
    let start = value_start(builder, frame, at)?;
    let opening = builder.copy.text().get(start..)?.chars().next().filter(|first| matches!(first, '\'' | '"'))?;
    let why = format!("text that begins with `{opening}` ends at the next `{opening}` in YAML, and more follows");
    quote(builder, frame, start, Code::YamlSyntax, why)
}

/// `when: [a, b] contains x`
fn bracketed_start(builder: &Builder<'_>, frame: &Frame, at: usize) -> Option<Repair> {
    let Content::Mapping { entries, key: None, .. } = &frame.content else { return None };
    let value = &entries.last()?.1;
    let is_bracket = matches!(&value.kind, NodeKind::Sequence(_) | NodeKind::Mapping(_));
    let (start, end) = (value.span.start as usize, value.span.end as usize);
    let opening = builder.copy.text().get(start..)?.chars().next().filter(|first| matches!(first, '[' | '{'))?;
    let follows = builder.copy.text().get(end..at)?.chars().all(|blank| matches!(blank, ' ' | '\t'));
    if !is_bracket || !follows {
        return None;
    }
    let why = format!("text that begins with `{opening}` ends at its closing bracket in YAML, and more follows");
    quote(builder, frame, start, Code::YamlSyntax, why)
}

/// The value that starts at `start` has to be put in quotes.
fn quote(builder: &Builder<'_>, frame: &Frame, start: usize, code: Code, why: String) -> Option<Repair> {
    let end = extent::expression_end(builder.copy.text(), start, surroundings(builder, frame))?;
    let expression = builder.copy.original().get(start..end).filter(|text| !text.is_empty())?;
    let diagnostic = Diagnostic::new(code, Span::new(builder.file, start, end), why);
    Some(Repair {
        diagnostic: offer_quotes(diagnostic, expression, frame.flow),
        range: start..end,
        mask: Mask::Expression,
    })
}

fn offer_quotes(diagnostic: Diagnostic, expression: &str, flow: bool) -> Diagnostic {
    // Lines with comments between them, which only brackets hold together, cannot simply be put in quotes.
    if flow && expression.contains('\n') && expression.contains(" #") {
        return diagnostic.help("write it as a block: `|`, and the text indented below");
    }
    let quoted = in_quotes(expression);
    diagnostic.fix(format!("put all of it in quotes: {}", shorten(&quoted)), quoted)
}

/// The YAML form in quotes that is read as exactly this text.
fn in_quotes(text: &str) -> String {
    if text.contains('\'') && !text.contains(['"', '\\']) {
        format!("\"{text}\"")
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

fn surroundings(builder: &Builder<'_>, frame: &Frame) -> Surroundings {
    if frame.flow {
        return Surroundings::Flow;
    }
    let start = frame.start;
    Surroundings::Block { column: extent::column(builder.copy.text(), start) }
}

/// Where the value of the current key, or the current item, starts on the way to `at`.
pub(super) fn value_start(builder: &Builder<'_>, frame: &Frame, at: usize) -> Option<usize> {
    let text = builder.copy.text();
    let blank = |character: char| matches!(character, ' ' | '\t');
    let (from, sign) = match (&frame.content, frame.key()) {
        (_, Some(key)) => (key.span.end as usize, ':'),
        (Content::Sequence(_), None) if !frame.flow => (at - extent::column(text, at), '-'),
        _ => return None,
    };
    let rest = text.get(from..at.max(from))?.trim_start_matches(blank).strip_prefix(sign)?;
    let end = at.max(from);
    Some(end - rest.trim_start_matches(blank).len())
}

/// Why YAML refuses `character` at the start of a value.
pub(super) fn cannot_begin(character: char) -> String {
    let name = if character == '`' { "a backtick".to_owned() } else { format!("`{character}`") };
    format!("YAML does not let text without quotes begin with {name}")
}

/// Text on one line of at most 60 characters.
pub(super) fn shorten(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 60 { line } else { line.chars().take(59).chain(['…']).collect() }
}
