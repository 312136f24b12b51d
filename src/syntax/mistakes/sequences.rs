//! Sequences that are nearly right: what joins their steps, what a step begins with, and what stands where in it.
//!
//! All of it looks at the level right inside the brackets of `sequence(…)` only, and at the step that reading stopped in.

use std::ops::Range;

use super::scene::{compares, ends_value, word_of};
use super::{Mistake, Scene};
use crate::diagnostic::Code;
use crate::syntax::draft::Edit;
use crate::syntax::scan::{Kind, Token};
use crate::syntax::words::{is_reserved, is_unit};

/// What other languages write for `then`.
const FOREIGN_THEN: &[&str] = &["lalu", "kemudian", "afterwards", "before"];

/// What other languages write for `never`.
const FOREIGN_NEVER: &[&str] = &["not", "no", "without", "tidak", "bukan", "tanpa", "tak"];

/// `sequence(sales, returns)`, `sales -> returns`, `sales followed by returns`, `sales and then returns`
pub(super) fn joined_otherwise(scene: &Scene<'_>) -> Option<Mistake> {
    let step = Step::of(scene)?;
    let here = scene.here()?;
    let next = scene.behind(1);
    if here.is_word("then") {
        let before = scene.before(1).filter(|before| before.is_one_of(&["and", "then"]))?;
        let message = match word_of(Some(before)).as_str() {
            "then" => "`then` is written twice".to_owned(),
            _ => format!("steps are joined by `then` alone, found `{} then`", before.text),
        };
        let edits = vec![Edit::replace(scene.with_space_before(before.range()), "")];
        return Some(
            Mistake::new(Code::Syntax, before.range(), message).fix(format!("remove `{}`", before.text), edits),
        );
    }
    if !scene.after_value() {
        return None;
    }
    let doubled = next.is_some_and(|next| next.is_word("then"));
    let joins = matches!(here.text, "->" | "→")
        || here.kind == Kind::Comma
        || here.is_one_of(FOREIGN_THEN)
        || (here.is_one_of(&["and", "dan", "serta"]) && !step.filtered(scene));
    let followed = here.is_word("followed") && next.is_some_and(|next| next.is_word("by"));
    if !(joins || followed) || next.is_none_or(|next| next.kind == Kind::Close) {
        return None;
    }
    if here.kind == Kind::Comma && begins_test(scene, scene.at + 1) {
        return Some(comma_before_condition(scene, &step, here));
    }
    let range = if followed { here.start..next.map_or(here.end(), Token::end) } else { here.range() };
    let message = format!("steps are joined by `then`, found `{}`", scene.slice(range.clone()));
    let mistake = Mistake::new(Code::Syntax, range.clone(), message);
    Some(match (doubled, here.kind) {
        (true, _) => {
            let edits = vec![Edit::replace(scene.with_space_before(range), "")];
            mistake.fix(format!("remove `{}`", here.text), edits)
        }
        (false, Kind::Comma) => mistake.write(" then"),
        (false, _) => mistake.write(&spaced(scene, &range, "then")),
    })
}

fn comma_before_condition(scene: &Scene<'_>, step: &Step, here: &Token<'_>) -> Mistake {
    let ours = if step.filtered(scene) { " and" } else { " where" };
    let message = match ours {
        " and" => "conditions are joined by `and` or `or`, found `,`",
        _ => "the condition on the rows of a step stands behind `where`, found `,`",
    };
    Mistake::new(Code::ClauseOrder, here.range(), message).write(ours)
}

/// `where a = 1 and never within 7d returns`: the connective belongs to the condition, and `never` to no condition.
pub(super) fn connective_before_never(scene: &Scene<'_>) -> Option<Mistake> {
    Step::of(scene)?;
    scene.here().filter(|token| token.kind == Kind::Number)?;
    scene.before(1).filter(|token| token.is_word("within"))?;
    scene.before(2).filter(|token| token.is_word("never"))?;
    let and = scene.before(3).filter(|token| token.is_one_of(&["and", "or"]))?;
    let message = format!("steps are joined by `then`, found `{}`", and.text);
    Some(Mistake::new(Code::Syntax, and.range(), message).write("then"))
}

/// `then not returns`, `then no returns`, `then never any returns`, `then within 7d never returns`
pub(super) fn never_otherwise(scene: &Scene<'_>) -> Option<Mistake> {
    let step = Step::of(scene)?;
    let first = step.first;
    let word = scene.tokens.get(first).filter(|_| first <= scene.at)?;
    let next = scene.tokens.get(first + 1);
    if word.is_one_of(FOREIGN_NEVER) && scene.at <= first + 2 && next.is_some_and(|next| begins_rows(next)) {
        let any = next.filter(|next| next.is_word("any") && scene.tokens.get(first + 2).is_some_and(is_name));
        let range = word.start..any.map_or(word.end(), Token::end);
        let message = format!("rows that must not come are written `never`, found `{}`", scene.slice(range.clone()));
        return Some(Mistake::new(Code::ForeignWord, range, message).write("never"));
    }
    let any = scene.before(1).filter(|token| token.is_word("any") && first + 2 == scene.at && word.is_word("never"));
    if let Some(any) = any.filter(|_| scene.here().is_some_and(is_name)) {
        let message = "`any` is left out behind `never`";
        let edits = vec![Edit::replace(scene.with_space_before(any.range()), "")];
        return Some(Mistake::new(Code::Syntax, any.range(), message).fix("remove `any`", edits));
    }
    let never = scene.before(1).filter(|token| token.is_word("never"))?;
    let length = scene.length_behind(first).filter(|end| *end + 1 == scene.at)?;
    scene.here().filter(|here| is_name(here))?;
    let within = scene.bytes(first, length);
    let message = format!("`never` stands before `{}`", scene.slice(within.clone()));
    let edits = vec![Edit::insert(within.start, "never "), Edit::replace(scene.with_space_before(never.range()), "")];
    Some(Mistake::new(Code::ClauseOrder, never.range(), message).fix("move it there", edits))
}

/// `then sales within 30d`, `then sales where a = 1 within 30d`
pub(super) fn within_behind_rows(scene: &Scene<'_>) -> Option<Mistake> {
    let step = Step::of(scene)?;
    scene.here().filter(|token| token.is_word("within") && scene.after_value())?;
    if scene.behind(1).is_some_and(|next| next.is_word("last")) {
        return None; // `over last 30d` is meant as often
    }
    let end = scene.length_behind(scene.at)?;
    let length = scene.bytes(end - 2, end);
    let clause = scene.bytes(scene.at, end);
    let ours = format!("within {}", scene.slice(length));
    let cut = Edit::replace(scene.with_space_before(clause.clone()), "");
    let Some(then) = step.then else {
        let message = format!("`{ours}` has no step before it to be counted from");
        let help = format!(
            "`then {ours} …` is the time since the step before; how long ago the first may be is told by `over`"
        );
        return Some(Mistake::new(Code::ClauseOrder, clause, message).help(help).repair(vec![cut]));
    };
    let begins = scene.tokens.get(then + 1).filter(|token| token.is_word("never") && then + 2 < scene.at);
    let joint = begins.or(scene.tokens.get(then))?;
    let joint_at = then + usize::from(begins.is_some());
    if scene.tokens.get(joint_at + 1).is_some_and(|token| token.is_word("within")) {
        let message = "a step takes one `within`, found a second one";
        return Some(Mistake::new(Code::ClauseOrder, clause, message).fix("remove it", vec![cut]));
    }
    let message = format!("`{ours}` must stand behind `{}`, before the table", joint.text);
    let edits = vec![Edit::insert(joint.end(), format!(" {ours}")), cut];
    Some(Mistake::new(Code::ClauseOrder, clause, message).fix("move it there", edits))
}

/// `sales category = 'Shoes'`, `sales[category = 'Shoes']`
pub(super) fn where_missing(scene: &Scene<'_>) -> Option<Mistake> {
    let step = Step::of(scene).filter(|step| !step.filtered(scene))?;
    let here = scene.here().filter(|_| scene.after_value())?;
    let table = step.table(scene)?;
    let message = format!("the condition on the rows of `{}` stands behind `where`", table.text);
    if here.text == "[" {
        let close = scene.closing(scene.at).and_then(|close| scene.tokens.get(close))?;
        let message = format!("{message}, found `[`");
        let edits = vec![Edit::replace(here.range(), " where "), Edit::replace(close.range(), "")];
        return Some(Mistake::new(Code::ClauseOrder, here.start..close.end(), message).fix("write `where`", edits));
    }
    if !is_name(here) || !begins_test(scene, scene.at) {
        return None;
    }
    let edits = vec![Edit::insert(here.start, "where ")];
    Some(Mistake::new(Code::Syntax, here.range(), message).fix("write `where` before it", edits))
}

/// `sequence(sales returns)`
pub(super) fn then_missing(scene: &Scene<'_>) -> Option<Mistake> {
    Step::of(scene)?;
    let here = scene.here().filter(|here| is_name(here))?;
    let before = scene.before(1).filter(|before| ends_value(before))?;
    let ends = |next: &Token<'_>| {
        next.kind == Kind::Close
            || next.is_one_of(&["then", "where", "over", "since", "until", "as", "within"])
            || (here.is_word("never") && is_name(next))
    };
    scene.behind(1).is_none_or(ends).then_some(())?;
    let message = format!("`then` is missing between `{}` and `{}`", before.text, here.text);
    let mistake = Mistake::new(Code::Syntax, before.start..here.end(), message);
    let mistake = match before.kind {
        Kind::Word => mistake.help("or, if it is one name with a space inside, put it in backticks"),
        _ => mistake,
    };
    Some(mistake.fix(format!("write `then` before `{}`", here.text), vec![Edit::insert(here.start, "then ")]))
}

/// `then` outside the brackets of a sequence.
pub(super) fn then_outside(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.is_word("then") && scene.after_value())?;
    if Step::of(scene).is_some() {
        return None;
    }
    let clause = scene.bytes(scene.at, scene.clause_end(scene.at, &[]));
    let message = "`then` stands inside the brackets of `sequence(…)`";
    let help = "write `sequence(sales where … then within 30d returns where …)`; conditions are joined by `and`";
    let repair = vec![Edit::replace(scene.with_space_before(clause), "")];
    Some(Mistake::new(Code::Syntax, here.range(), message).help(help).repair(repair))
}

/// `sequence(sales then returns) where …`, `sequence(…)[…]`
pub(super) fn filter_behind_brackets(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.is_word("where") || token.text == "[")?;
    let close = scene.at.checked_sub(1).filter(|at| scene.tokens.get(*at).is_some_and(|token| token.text == ")"))?;
    let open = scene.opening(close)?;
    if scene.owner(open) != "sequence" {
        return None;
    }
    let end = match here.text {
        "[" => scene.closing(scene.at)? + 1,
        _ => scene.test_end(scene.at),
    };
    let clause = scene.bytes(scene.at, end);
    let message = "each step of a sequence has its own `where`, behind its table";
    let help = "a condition that is for several of them is written in each";
    let repair = vec![Edit::replace(scene.with_space_before(clause.clone()), "")];
    Some(Mistake::new(Code::ClauseOrder, clause, message).help(help).repair(repair))
}

/// The step that reading stopped in.
struct Step {
    /// The `then` before it; none for the first.
    then: Option<usize>,
    /// Its first token.
    first: usize,
}

impl Step {
    /// None outside the level right inside the brackets of a sequence.
    fn of(scene: &Scene<'_>) -> Option<Step> {
        let open = scene.open_bracket().filter(|open| scene.is_sequence(*open))?;
        let first = scene.level().first().copied().unwrap_or(scene.at);
        let then = first.checked_sub(1).filter(|then| *then > open);
        let then = then.filter(|then| scene.tokens.get(*then).is_some_and(|token| token.is_word("then")));
        Some(Step { then, first })
    }

    /// Whether it has its `where` already.
    fn filtered(&self, scene: &Scene<'_>) -> bool {
        (self.first..scene.at).any(|at| scene.tokens.get(at).is_some_and(|token| token.is_word("where")))
    }

    /// Its table: behind `never` and `within 30d`.
    fn table<'s>(&self, scene: &'s Scene<'s>) -> Option<&'s Token<'s>> {
        let mut at = self.first;
        if scene.tokens.get(at).is_some_and(|token| token.is_word("never")) && at + 1 < scene.at {
            at += 1;
        }
        at = scene.length_behind(at).unwrap_or(at);
        scene.tokens.get(at).filter(|token| at < scene.at && is_name(token))
    }
}

impl Scene<'_> {
    /// Whether the bracket is that of a sequence.
    pub(super) fn is_sequence(&self, open: usize) -> bool {
        self.owner(open) == "sequence" && self.tokens.get(open).is_some_and(|token| token.text == "(")
    }

    /// Where `within 30d`, `within next 30d` ends that starts with the token `from`.
    fn length_behind(&self, from: usize) -> Option<usize> {
        self.tokens.get(from).filter(|token| token.is_word("within"))?;
        let direction = self.tokens.get(from + 1).is_some_and(|token| token.is_one_of(&["next", "last"]));
        let number = from + 1 + usize::from(direction);
        self.tokens.get(number).filter(|token| token.kind == Kind::Number)?;
        self.tokens.get(number + 1).filter(|token| is_unit(&word_of(Some(token))))?;
        Some(number + 2)
    }
}

fn is_name(token: &Token<'_>) -> bool {
    token.kind == Kind::Quoted || (token.kind == Kind::Word && !is_reserved(token.text))
}

/// Whether a step can go on with it behind `never`.
fn begins_rows(token: &Token<'_>) -> bool {
    is_name(token) || token.is_word("within")
}

/// Whether a name with a test behind it starts at the token.
fn begins_test(scene: &Scene<'_>, at: usize) -> bool {
    const TESTS: &[&str] = &["is", "in", "between", "contains", "like", "matches", "starts", "ends", "not"];
    let mut last = at;
    while scene.tokens.get(last + 1).is_some_and(|token| token.kind == Kind::Dot) {
        last += 2;
    }
    let test = scene.tokens.get(last + 1);
    scene.tokens.get(at).is_some_and(is_name) && test.is_some_and(|test| compares(test) || test.is_one_of(TESTS))
}

/// A word in the place of a sign needs spaces where the sign needed none.
fn spaced(scene: &Scene<'_>, range: &Range<usize>, word: &str) -> String {
    let before = scene.slice(0..range.start).ends_with(char::is_whitespace);
    let after = scene.slice(range.end..scene.text.len()).starts_with(char::is_whitespace);
    format!("{}{word}{}", if before { "" } else { " " }, if after { "" } else { " " })
}
