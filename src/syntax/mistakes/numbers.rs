//! Numbers that only their place shows to be wrong: in a list `1,5` is two numbers.

use super::{Mistake, Scene};
use crate::diagnostic::Code;
use crate::syntax::draft::Edit;
use crate::syntax::scan::Kind;

/// `1,5` and `1,000,000` where no comma can stand.
pub(super) fn decimal_comma(scene: &Scene<'_>) -> Option<Mistake> {
    let comma = scene.here().filter(|token| token.kind == Kind::Comma)?;
    let first = scene.before(1).filter(|token| token.kind == Kind::Number && token.end() == comma.start)?;
    let mut parts = vec![first.text];
    let mut end = comma.start;
    let mut at = scene.at;
    while let (Some(comma), Some(next)) = (scene.tokens.get(at), scene.tokens.get(at + 1)) {
        let joined = comma.kind == Kind::Comma && comma.start == end && next.start == comma.end();
        if !joined || next.kind != Kind::Number {
            break;
        }
        parts.push(next.text);
        end = next.end();
        at += 2;
    }
    let (head, tail) = parts.split_first()?;
    if tail.is_empty() {
        return None;
    }
    let range = first.start..end;
    let written = scene.slice(range.clone());
    let thousands = tail.iter().all(|part| part.split('.').next().is_some_and(|digits| digits.len() == 3));
    if thousands && !head.contains('.') {
        let ours = parts.join("_");
        let mistake = Mistake::new(Code::NumberForm, range, format!("digits are grouped with `_`, found `{written}`"));
        let mistake = if let [decimals] = tail {
            mistake.help(format!("if {head} point {decimals} is meant, write `{head}.{decimals}`"))
        } else {
            mistake
        };
        return Some(mistake.write(&ours));
    }
    let [decimals] = tail else { return None };
    let ours = format!("{}.{decimals}", head.replace('.', "_"));
    Some(
        Mistake::new(Code::NumberForm, range, format!("decimals stand behind a point, found `{written}`")).write(&ours),
    )
}

/// `80 %`, `80 percent`
pub(super) fn spaced_percent(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here()?;
    let number = scene.before(1).filter(|token| token.kind == Kind::Number)?;
    if here.text != "%" && !here.is_one_of(&["percent", "persen", "pct"]) {
        return None;
    }
    let range = number.start..here.end();
    let ours = format!("{}%", number.text);
    let message = format!("a percentage is written `{ours}`, found `{}`", scene.slice(range.clone()));
    Some(
        Mistake::new(Code::NumberForm, range.clone(), message)
            .fix(format!("write `{ours}`"), vec![Edit::replace(range, ours)]),
    )
}

/// `x % 5`
pub(super) fn remainder(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.text == "%" && scene.after_value())?;
    let message = "`%` stands behind a number, as in `80%`; there is no operator for remainders";
    Some(Mistake::new(Code::ForeignWord, here.range(), message).repair(vec![Edit::replace(here.range(), "/")]))
}
