//! `split:` of a segment: parts of its members by chance.

use rust_decimal::Decimal;

use crate::catalog::decode::values;
use crate::catalog::model::Placed;
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::model::SplitDef;
use crate::source::Span;
use crate::source::yaml::fields::{missing_value, wrong_shape};
use crate::source::yaml::{Node, NodeKind};
use crate::syntax::ast::{ExprKind, Ident, Literal};
use crate::syntax::parse_expression;

const FORM: &str = "`split: { salt: launch, a: 45%, b: 45%, holdout: 10% }`";
const SALT: &str = "add `salt:` and any word of your own: another salt is another split, the same salt the same one";

/// Reads a split; `place` is its key. None if there is none to read.
pub(super) fn decode(node: &Node, place: Span, out: &mut Vec<Diagnostic>) -> Option<SplitDef> {
    let entries = match &node.kind {
        NodeKind::Broken => return None,
        NodeKind::Mapping(entries) => entries.as_slice(),
        _ if node.is_missing() => &[],
        NodeKind::Sequence(_) | NodeKind::Scalar(_) => {
            let finding = wrong_shape(node, "`split`", "parts with shares");
            out.push(Diagnostic { helps: vec![format!("write {FORM}")], ..finding });
            return None;
        }
    };
    if entries.is_empty() {
        out.push(Diagnostic::new(Code::MissingKey, place, "`split` names no part").help(format!("write {FORM}")));
        return None;
    }
    let mut salt = None;
    let mut parts = Vec::new();
    let (mut salted, mut divided) = (false, false);
    for (name, node) in values::named(node, "`split`", out) {
        if name.text == "salt" {
            salted = true;
            salt = values::string(node, "`salt`", out);
        } else {
            divided = true;
            parts.extend(share(&name, node, out).map(|share| (name, share)));
        }
    }
    if !salted {
        out.push(Diagnostic::new(Code::MissingKey, place, "`split` lacks the key `salt`").help(SALT));
    }
    if let Some(empty) = salt.as_ref().filter(|salt| salt.value.trim().is_empty()) {
        out.push(Diagnostic::new(Code::BadArgument, empty.span, "the salt of `split` is empty").help("write any word"));
    }
    if !divided && entries.len() == usize::from(salted) {
        out.push(Diagnostic::new(Code::MissingKey, place, "`split` names no part").help(format!("write {FORM}")));
    }
    too_much(&parts, out);
    (!parts.is_empty()).then_some(SplitDef { span: place, salt: salt?, parts })
}

/// `45%`
fn share(part: &Ident, node: &Node, out: &mut Vec<Diagnostic>) -> Option<Placed<Decimal>> {
    let what = format!("part `{}`", part.text);
    let text = match &node.kind {
        NodeKind::Broken => return None,
        _ if node.is_missing() => {
            out.push(missing_value(node, &what));
            return None;
        }
        NodeKind::Scalar(text) => text,
        NodeKind::Sequence(_) | NodeKind::Mapping(_) => {
            let help = format!("write its share alone: `{}: 45%`", part.text);
            out.push(Diagnostic { helps: vec![help], ..wrong_shape(node, &what, "a share in percent") });
            return None;
        }
    };
    let written = text.value().trim();
    let finding = |message: String| Diagnostic::new(Code::BadArgument, node.span, message);
    if ["otherwise", "rest", "remainder"].iter().any(|word| written.eq_ignore_ascii_case(word)) {
        let message = format!("{what} must be a share in percent, found `{written}`");
        out.push(finding(message).help("write what is left to 100% as a number"));
        return None;
    }
    let before = out.len();
    let expr = parse_expression(text, out);
    if out.iter().skip(before).any(Diagnostic::is_error) {
        return None;
    }
    match &expr.kind {
        ExprKind::Literal(Literal::Percent(share)) => {
            let share = *share;
            if share > Decimal::ZERO && share <= Decimal::ONE_HUNDRED {
                return Some(Placed { value: share, span: node.span });
            }
            let message = format!("{what} has {written} of the members");
            out.push(finding(message).help("write a share above 0% and at most 100%, or remove the part"));
        }
        ExprKind::Literal(Literal::Number(number)) => {
            let shares = Decimal::ZERO < *number && *number <= Decimal::ONE_HUNDRED;
            let message = format!("the share of {what} lacks `%`, found `{written}`");
            out.push(match shares {
                true if *number < Decimal::ONE => {
                    let percent = (*number * Decimal::ONE_HUNDRED).normalize();
                    finding(message).fix(format!("write `{percent}%`"), format!("{percent}%"))
                }
                true => finding(message).fix(format!("write `{written}%`"), format!("{written}%")),
                false => finding(message).help("write a share above 0% and at most 100%"),
            });
        }
        ExprKind::Error => {}
        _ => {
            let message = format!("{what} must be a share in percent, found `{written}`");
            out.push(finding(message).help("write a number and `%`, as in `45%`; whoever is left is in no part"));
        }
    }
    None
}

/// Parts that are more than the whole, told at the first one that does not fit.
fn too_much(parts: &[(Ident, Placed<Decimal>)], out: &mut Vec<Diagnostic>) {
    let total: Decimal = parts.iter().map(|(_, share)| share.value).sum();
    if total <= Decimal::ONE_HUNDRED {
        return;
    }
    let mut sum = Decimal::ZERO;
    let over = parts.iter().find(|(_, share)| {
        sum += share.value;
        sum > Decimal::ONE_HUNDRED
    });
    let Some((_, share)) = over else { return };
    let message = format!("the parts of `split` add up to {}%", total.normalize());
    out.push(Diagnostic::new(Code::BadArgument, share.span, message).help("lower the shares to 100% or less in all"));
}
