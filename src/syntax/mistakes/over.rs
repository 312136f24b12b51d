//! Ranks as SQL writes them: `ntile(4) over (partition by region order by spend)`.

use std::ops::Range;

use super::{Mistake, Scene};
use crate::diagnostic::Code;
use crate::syntax::draft::Edit;
use crate::syntax::scan::{HOLE, Kind};
use crate::syntax::words::{RANKS, foreign_tiles, is_foreign_rank};

/// `ntile(4) over (partition by region order by spend)`
pub(super) fn window_function(scene: &Scene<'_>) -> Option<Mistake> {
    scene.here().filter(|token| token.is_word("over"))?;
    scene.behind(1).filter(|token| token.text == "(")?;
    let args_close =
        scene.at.checked_sub(1).filter(|at| scene.tokens.get(*at).is_some_and(|token| token.text == ")"))?;
    let args_open = scene.opening(args_close)?;
    let word = scene.owner(args_open);
    let known = RANKS.contains(&word.as_str()) || foreign_tiles(&word).is_some() || is_foreign_rank(&word).is_some();
    known.then_some(())?;
    let close = scene.closing(scene.at + 1)?;
    let clause = scene.bytes(scene.at, close + 1);
    let over = Over::read(scene, scene.at + 2, close);
    let function = args_open.checked_sub(1)?;
    let arguments = scene.slice(scene.bytes(args_open + 1, args_close));
    let row_number = (word == "row_number").then(|| over.first_so_many(scene, close + 1)).flatten();
    let (end, ours) = match (row_number, over.rank(&word, arguments)) {
        (Some((end, ours)), _) => (end, Some(ours)),
        (None, ours) => (close + 1, ours),
    };
    let whole = scene.bytes(function, end);
    let message = "`over (…)` is no part of a rank here: the value, and `per` for groups, stand inside its brackets";
    let mistake = Mistake::new(Code::ForeignWord, clause, message);
    match ours {
        Some(ours) => {
            let edits = vec![Edit::replace(whole, ours.clone())];
            Some(mistake.fix(format!("write `{ours}`"), edits))
        }
        None => {
            let help = match (is_foreign_rank(&word), over.whole) {
                (Some(help), _) => help,
                (None, true) => "a rank ascends, 1 is the lowest: `ntile(5, spend per region)`",
                (None, false) => "`per` takes one value: `ntile(5, spend per region)`",
            };
            Some(mistake.help(help).repair(vec![Edit::replace(whole, HOLE)]))
        }
    }
}

/// What stands in the brackets of `over (…)`.
struct Over<'s> {
    /// By what; none also where it is more than one value.
    partition: Option<&'s str>,
    /// Whether all of it could be said here.
    whole: bool,
    order: Option<&'s str>,
    down: bool,
}

impl<'s> Over<'s> {
    fn read(scene: &Scene<'s>, from: usize, close: usize) -> Self {
        let find = |words: &[&str]| {
            (from..close).find(|at| {
                scene.tokens.get(*at).is_some_and(|token| token.is_one_of(words))
                    && scene.tokens.get(at + 1).is_some_and(|token| token.is_word("by"))
            })
        };
        let (partition, order) = (find(&["partition"]), find(&["order"]));
        let direction = (from..close)
            .find(|at| scene.tokens.get(*at).is_some_and(|token| token.is_one_of(&["asc", "desc", "nulls", "rows"])));
        let text = |range: Range<usize>| {
            let text = scene.slice(scene.bytes(range.start, range.end.max(range.start)));
            Some(text).filter(|text| !text.is_empty() && !text.contains(','))
        };
        let groups = partition.and_then(|at| text(at + 2..order.filter(|order| *order > at).unwrap_or(close)));
        Over {
            partition: groups,
            whole: groups.is_some() == partition.is_some(),
            order: order.and_then(|at| text(at + 2..direction.unwrap_or(close))),
            down: direction.is_some_and(|at| !scene.tokens.get(at).is_some_and(|token| token.is_word("asc"))),
        }
    }

    fn per(&self) -> String {
        self.partition.map_or(String::new(), |partition| format!(" per {partition}"))
    }

    /// The same rank in this language; none where it cannot be said for sure.
    fn rank(&self, word: &str, arguments: &str) -> Option<String> {
        let (order, per) = (self.order, self.per());
        if self.down || !self.whole || arguments.contains(',') && order.is_some() {
            return None;
        }
        Some(match (word, order) {
            ("ntile" | "score", Some(order)) => format!("{word}({arguments}, {order}{per})"),
            ("percent_rank", Some(order)) => format!("{word}({order}{per})"),
            (_, None) if RANKS.contains(&word) && !arguments.is_empty() => format!("{word}({arguments}{per})"),
            (_, None) if !arguments.is_empty() => format!("ntile({}, {arguments}{per})", foreign_tiles(word)?),
            _ => return None,
        })
    }

    /// `row_number() over (…) <= 10` is `top 10 by …`: where that ends, and how it is written.
    fn first_so_many(&self, scene: &Scene<'_>, at: usize) -> Option<(usize, String)> {
        scene.tokens.get(at).filter(|token| token.text == "<=" && self.whole)?;
        let count = scene.tokens.get(at + 1).filter(|token| token.kind == Kind::Number && !token.text.contains('.'))?;
        let word = if self.down { "top" } else { "bottom" };
        Some((at + 2, format!("{word} {} by {}{}", count.text, self.order?, self.per())))
    }
}
