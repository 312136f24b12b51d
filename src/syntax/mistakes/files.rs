//! Files of values: quotes, brackets and words that are missing or too many.

use super::scene::ends_value;
use super::{Mistake, Scene};
use crate::diagnostic::Code;
use crate::syntax::draft::Edit;
use crate::syntax::scan::{HOLE, Kind};

/// `in file lists/skus.txt`, `x in skus.csv`
pub(super) fn file_without_quotes(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene
        .here()
        .filter(|token| matches!(token.kind, Kind::Word | Kind::Number | Kind::Dot) || token.text == "/")?;
    let file = scene.before(1)?;
    let mut end = scene.at + 1;
    while let (Some(last), Some(next)) = (scene.tokens.get(end - 1), scene.tokens.get(end)) {
        if next.start != last.end()
            || !(matches!(next.kind, Kind::Word | Kind::Number | Kind::Dot) || is_in_paths(next.text))
        {
            break;
        }
        end += 1;
    }
    let path = scene.bytes(scene.at, end);
    let written = scene.slice(path.clone());
    let quoted = format!("'{written}'");
    if file.is_word("file") && scene.before(2).is_some_and(|token| token.is_word("in")) {
        let message = "the name of a file stands in quotes";
        return Some(Mistake::new(Code::Syntax, path, message).write(&quoted));
    }
    if !file.is_word("in") || !is_file(written) || here.kind != Kind::Word {
        return None;
    }
    let message = format!("a file of values is written `in file {quoted}`, found `in {written}`");
    Some(Mistake::new(Code::Syntax, path, message).write(&format!("file {quoted}")))
}

/// `x in 'skus.txt'`, `in ('vips.csv')` alone is a list of one text.
pub(super) fn file_without_word(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.kind == Kind::Text)?;
    let word = scene.before(1)?;
    let inside = here.text.trim_matches(['\'', '"']);
    if word.is_word("in") && is_file(inside) {
        let message = format!("a file of values is written `in file {}`", here.text);
        let edits = vec![Edit::insert(here.start, "file ")];
        return Some(Mistake::new(Code::Syntax, here.range(), message).fix("write `file` before it", edits));
    }
    None
}

/// `sku in list 'skus.txt'`, `in files 'vips.csv'`
pub(super) fn other_word_for_file(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here()?;
    let (of, word, text) = match here.kind {
        Kind::Text => (scene.before(2)?, scene.before(1)?, here),
        _ => (scene.before(1)?, here, scene.behind(1)?),
    };
    let foreign = word.is_one_of(&["list", "lists", "files", "csv", "berkas"]);
    if !foreign || !of.is_word("in") || text.kind != Kind::Text {
        return None;
    }
    let message = format!("a file of values is written `in file {}`, found `in {}`", text.text, word.text);
    Some(Mistake::new(Code::ForeignWord, word.range(), message).write("file"))
}

/// `sku in file`
pub(super) fn file_missing(scene: &Scene<'_>) -> Option<Mistake> {
    let file = scene.before(1).filter(|token| token.is_word("file"))?;
    let of = scene.before(2).filter(|token| token.is_word("in"))?;
    let ends = scene.here().is_none_or(|here| here.kind == Kind::Close || here.is_one_of(&["and", "or"]));
    if !ends {
        return None;
    }
    let message = "the name of a file is missing behind `in file`";
    let help = "it stands in quotes, and is relative to the file that names it: `in file 'lists/skus.txt'`";
    let repair = vec![Edit::replace(of.start..file.end(), format!("= {HOLE}"))];
    Some(Mistake::new(Code::Syntax, of.start..file.end(), message).help(help).repair(repair))
}

/// `in file ('skus.txt')`
pub(super) fn file_in_brackets(scene: &Scene<'_>) -> Option<Mistake> {
    let open = scene.here().filter(|token| token.text == "(")?;
    scene.before(1).filter(|token| token.is_word("file"))?;
    scene.before(2).filter(|token| token.is_word("in"))?;
    let close = scene.closing(scene.at).and_then(|close| scene.tokens.get(close))?;
    if scene.closing(scene.at) == Some(scene.at + 2) && scene.behind(1).is_some_and(|text| text.kind == Kind::Text) {
        let edits = vec![Edit::replace(open.range(), ""), Edit::replace(close.range(), "")];
        let message = "the name of a file takes no brackets";
        return Some(Mistake::new(Code::Syntax, open.start..close.end(), message).fix("remove them", edits));
    }
    None
}

/// `sku is in file 'skus.txt'`, `sku is not in file 'skus.txt'`
pub(super) fn is_in_file(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.is_word("file"))?;
    let of = scene.before(1).filter(|token| token.is_word("in"))?;
    let not = scene.before(2).filter(|token| token.is_word("not"));
    let is = if not.is_some() { scene.before(3) } else { scene.before(2) }.filter(|token| token.is_word("is"))?;
    scene.behind(1).filter(|token| token.kind == Kind::Text)?;
    let before = if not.is_some() { scene.before(4) } else { scene.before(3) };
    before.filter(|token| ends_value(token))?;
    let ours = if not.is_some() { "not in file" } else { "in file" };
    let message = format!("`is` is left out before `{ours}`");
    let next = not.unwrap_or(of).start;
    let edits = vec![Edit::replace(is.start..next, "")];
    Some(Mistake::new(Code::Syntax, is.start..here.end(), message).fix("remove `is`", edits))
}

fn is_in_paths(text: &str) -> bool {
    matches!(text, "/" | "-" | ".." | "\\")
}

/// Whether a text ends as the names of files of values do.
fn is_file(text: &str) -> bool {
    let text = text.to_lowercase();
    [".csv", ".tsv", ".txt"].iter().any(|ending| text.ends_with(ending))
}
