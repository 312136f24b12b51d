//! Samples of subjects, `sample(10%, 'holdout')`, and files of values, `in file 'lists/vips.csv'`.

use super::Builder;
use super::rank::{Argument, trimmed};
use super::top::share_meant;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, FileName, Literal};
use crate::syntax::draft::Edit;
use crate::syntax::grammar::{Pair, Rule};
use crate::syntax::scan::HOLE;

const FORM: &str = "write `sample(10%, 'holdout')`, say";

/// Why there is a salt at all.
pub(in crate::syntax) const WHY: &str = "a salt is a text that tells samples apart: two samples of one salt lie in each other, those of two \
                   salts have nothing to do with each other; name what the sample is for";

impl Builder<'_> {
    /// `sample(10%, 'holdout')`
    pub(super) fn sample(&mut self, pair: Pair<'_>, span: Span) -> ExprKind {
        let arguments = pair.into_inner().find(|inner| inner.as_rule() == Rule::arguments);
        let arguments: Vec<Argument> =
            arguments.into_iter().flat_map(Pair::into_inner).map(|inner| self.argument(inner)).collect();
        let (message, help) = match arguments.as_slice() {
            [salt, share] if is_text(&salt.expr) && !is_text(&share.expr) => {
                let diagnostic =
                    Diagnostic::new(Code::BadArgument, span, "the share of a sample stands before its salt");
                let edits = vec![
                    Edit::replace(salt.range.clone(), self.written(&share.range)),
                    Edit::replace(share.range.clone(), self.written(&salt.range)),
                ];
                self.offer(diagnostic, "change their places", edits);
                return self.sample_of(share, salt);
            }
            [share, salt] => return self.sample_of(share, salt),
            [share] if !is_text(&share.expr) => return self.sample_without_salt(share, span),
            [_] => ("a sample needs its share of the subjects, before the salt".to_owned(), FORM),
            [] => ("a sample needs a share and a salt".to_owned(), FORM),
            more => (format!("a sample takes a share and a salt, found {} parts", more.len()), FORM),
        };
        self.report(Diagnostic::new(Code::BadArgument, span, message).help(help));
        ExprKind::Error
    }

    fn sample_of(&mut self, share: &Argument, salt: &Argument) -> ExprKind {
        match (self.sample_share(share), self.salt(salt)) {
            (Some(share), Some(salt)) => ExprKind::Sample { share, salt },
            _ => ExprKind::Error,
        }
    }

    fn sample_without_salt(&mut self, share: &Argument, span: Span) -> ExprKind {
        let diagnostic = Diagnostic::new(Code::BadArgument, span, "a sample needs a salt").help(WHY);
        let edits = vec![Edit::insert(share.range.end, ", 'holdout'")];
        self.offer(diagnostic, "write the salt `'holdout'`", edits);
        match self.sample_share(share) {
            Some(share) => ExprKind::Sample { share, salt: "holdout".to_owned() },
            None => ExprKind::Error,
        }
    }

    /// The number before the percent sign; none: reported.
    fn sample_share(&mut self, share: &Argument) -> Option<rust_decimal::Decimal> {
        let place = self.draft.place(share.range.clone());
        let written = self.written(&share.range);
        match &share.expr.kind {
            ExprKind::Literal(Literal::Percent(percent)) => self.share(*percent, place, &format!("`{written}`")),
            ExprKind::Literal(Literal::Number(number)) => {
                let percent = self.share(share_meant(*number), place, &format!("`{written}`"))?;
                let message = format!("the share of a sample is written with `%`, found `{written}`");
                let diagnostic = Diagnostic::new(Code::BadArgument, place, message);
                let edits = vec![Edit::replace(share.range.clone(), format!("{percent}%"))];
                self.offer(diagnostic, format!("write `{percent}%`"), edits);
                Some(percent)
            }
            ExprKind::Error => None,
            _ if written.contains(HOLE) => None,
            _ => {
                let message = format!("the share of a sample is written out, such as `10%`, found `{written}`");
                self.report(Diagnostic::new(Code::BadArgument, place, message));
                None
            }
        }
    }

    /// The text of a salt; none: reported.
    fn salt(&mut self, salt: &Argument) -> Option<String> {
        let place = self.draft.place(salt.range.clone());
        match &salt.expr.kind {
            ExprKind::Literal(Literal::Text(text)) if !text.is_empty() => Some(text.clone()),
            ExprKind::Literal(Literal::Text(_)) => {
                self.report(Diagnostic::new(Code::BadArgument, place, "the salt of a sample is empty").help(WHY));
                None
            }
            ExprKind::Name(_) | ExprKind::Literal(_) => {
                let text = self.written(&salt.range).replace('`', "");
                let message = format!("the salt of a sample is a text, found `{text}`");
                let quoted = format!("'{}'", text.replace('\'', "''"));
                let diagnostic = Diagnostic::new(Code::BadArgument, place, message);
                let edits = vec![Edit::replace(salt.range.clone(), quoted.clone())];
                self.offer(diagnostic, format!("write `{quoted}`"), edits);
                Some(text)
            }
            ExprKind::Error => None,
            _ if self.written(&salt.range).contains(HOLE) => None,
            _ => {
                let message = "the salt of a sample is a text written out, such as `'holdout'`";
                self.report(Diagnostic::new(Code::BadArgument, place, message));
                None
            }
        }
    }

    /// `x in file 'skus.txt'`; without a value, of the subject's key.
    pub(super) fn in_file(&mut self, pair: Pair<'_>, value: Option<Expr>, negated: bool, span: Span) -> Expr {
        let (mut file, mut ignoring_case) = (None, false);
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::text => file = Some((self.text(&inner), trimmed(&inner))),
                Rule::ignoring_case => ignoring_case = true,
                _ => {}
            }
        }
        let Some((path, range)) = file else { return self.unread() };
        let place = self.draft.place(range);
        if path.trim().is_empty() {
            let message = "the name of a file is expected between the quotes";
            let help = "it is relative to the file that names it: `in file 'lists/vips.csv'`";
            self.report(Diagnostic::new(Code::BadArgument, place, message).help(help));
            return Expr { kind: ExprKind::Error, span };
        }
        let file = FileName { path, span: place };
        Expr { kind: ExprKind::InFile { negated, value: value.map(Box::new), file, ignoring_case }, span }
    }
}

fn is_text(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Literal(Literal::Text(_)))
}
