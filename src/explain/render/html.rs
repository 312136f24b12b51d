//! HTML without scripts, links or anything from elsewhere: a fragment to be put into a page, or a page by itself.

use super::{about, sections};
use crate::explain::model::{Clause, Explanation, Link, NameKind, Phrase, Token};

/// Legible on paper and on a telephone, light and dark.
const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}\
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}li{margin:.2rem 0}em{font-style:normal;font-weight:600}\
.about{opacity:.75}";

/// An explanation as an `article`, every text escaped. Names are `em` with their kind as class and their name as title.
pub fn html_fragment(explanation: &Explanation) -> String {
    let mut out = format!("<article class=\"explanation\" lang=\"{}\">\n", explanation.language.code());
    out.push_str(&format!("<h1>{}</h1>\n", token(&explanation.segment)));
    out.push_str(&format!("<p>{}</p>\n", sentence(&explanation.rule.phrase)));
    list(&explanation.rule, &mut out);
    for phrase in about(explanation) {
        out.push_str(&format!("<p class=\"about\">{}</p>\n", sentence(&phrase)));
    }
    for section in sections(explanation) {
        out.push_str(&format!("<h2>{}</h2>\n<ul>\n", sentence(&section.heading)));
        section.items.iter().for_each(|item| entry(item, &mut out));
        out.push_str("</ul>\n");
    }
    out.push_str("</article>\n");
    out
}

/// Explanations as one page with everything in it, in the language of the first.
pub fn html_page(explanations: &[Explanation]) -> String {
    let code = explanations.first().map_or("en", |explanation| explanation.language.code());
    let title = match explanations {
        [only] => match &only.segment {
            Token::Name { label, .. } => escaped(label),
            _ => String::new(),
        },
        _ => "Kohort".to_owned(),
    };
    let body: String = explanations.iter().map(html_fragment).collect();
    format!(
        "<!doctype html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

fn list(own: &Clause, out: &mut String) {
    if own.parts.is_empty() {
        return;
    }
    let tag = if own.link == Link::Steps { "ol" } else { "ul" };
    out.push_str(&format!("<{tag}>\n"));
    own.parts.iter().for_each(|part| entry(part, out));
    out.push_str(&format!("</{tag}>\n"));
}

fn entry(own: &Clause, out: &mut String) {
    out.push_str(&format!("<li>{}", sentence(&own.phrase)));
    list(own, out);
    out.push_str("</li>\n");
}

fn sentence(phrase: &Phrase) -> String {
    phrase.0.iter().map(token).collect()
}

fn token(token: &Token) -> String {
    match token {
        Token::Words { text } => escaped(text),
        Token::Constant { text } => format!("<span class=\"constant\">{}</span>", escaped(text)),
        Token::Name { of: NameKind::Subject, label, .. } => escaped(label),
        Token::Name { of, name, label } => {
            format!("<em class=\"{}\" title=\"{}\">{}</em>", class(*of), escaped(name), escaped(label))
        }
        Token::Note { number } => format!("({number})"),
    }
}

fn class(of: NameKind) -> &'static str {
    match of {
        NameKind::Metric => "metric",
        NameKind::Attribute => "attribute",
        NameKind::Column => "column",
        NameKind::Lookup => "lookup",
        NameKind::Table => "table",
        NameKind::Segment => "segment",
        NameKind::Subject => "subject",
        NameKind::Row => "row",
        NameKind::File => "file",
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(letter),
        }
    }
    out
}
