//! Attributes and metrics: one namespace, each checked once per kind of subject that it is asked about.

use std::rc::Rc;

use super::chains::Definition;
use super::names::{Suffix, suffix};
use super::typed::{ClosedSet, Typed, Units};
use super::{Checker, Code, Context, Diagnostic, Overlay, Scope, Slot};
use crate::catalog::model::{Placed, SubjectDef};
use crate::ir::{Node, NodeId, SubjectId, Type, Value};
use crate::source::Span;
use crate::syntax::ast::{Expr, Ident};

impl<'a> Checker<'a> {
    /// Checks every attribute and metric by itself.
    pub(super) fn definitions(&mut self, order: &[Definition]) {
        for definition in order {
            match definition {
                Definition::Table(_) => {}
                Definition::Attribute(at) => self.ensure_attribute(*at),
                Definition::Metric(at) => self.ensure_metric(*at),
            }
        }
    }

    /// Checks an attribute by itself before it is first used, so that its own mistakes are told where it is defined.
    fn ensure_attribute(&mut self, index: usize) {
        let catalog = self.catalog;
        if self.visited.insert(&catalog.attributes[index].name.text) {
            self.aside(|checker| checker.check_attribute(index));
        }
    }

    fn ensure_metric(&mut self, index: usize) {
        let catalog = self.catalog;
        if self.visited.insert(&catalog.metrics[index].name.text) {
            self.aside(|checker| checker.check_metric(index));
        }
    }

    /// Checks a definition apart from what is being checked: its messages are kept whatever becomes of that.
    fn aside(&mut self, check: impl FnOnce(&mut Self)) {
        let (said, beside) = (std::mem::take(&mut self.out), std::mem::take(&mut self.beside));
        check(self);
        self.beside = beside;
        self.settled.append(&mut self.out);
        self.out = said;
    }

    /// Puts the names into the namespace they share; done before any expression is looked at.
    pub(super) fn register_definitions(&mut self) {
        let catalog = self.catalog;
        for (index, def) in catalog.attributes.iter().enumerate() {
            self.attributes.insert(&def.name.text, index);
        }
        for (index, def) in catalog.metrics.iter().enumerate() {
            if let Some(attribute) = self.attributes.get(def.name.text.as_str()) {
                let other = catalog.attributes[*attribute].name.span;
                let message = format!("`{}` is an attribute already", def.name.text);
                let diagnostic = Diagnostic::new(Code::NameTaken, def.name.span, message);
                self.out.push(diagnostic.also(other, "the attribute").help("give one of them another name"));
            }
            self.metrics.insert(&def.name.text, index);
        }
    }

    /// Reports names that subject columns or lookups have too, and names that suffixes make ambiguous.
    pub(super) fn name_conflicts(&mut self) {
        let catalog = self.catalog;
        let defined: Vec<(&'a Ident, &str, Option<&'a Ident>)> = catalog
            .attributes
            .iter()
            .map(|def| (&def.name, "attribute", def.of.as_ref()))
            .chain(catalog.metrics.iter().map(|def| (&def.name, "metric", None)))
            .chain(self.partition_attributes())
            .collect();
        for (at, kind) in catalog.subjects.iter().enumerate() {
            let Some(table) = self.ir.subjects.get(at).and_then(|subject| subject.table) else {
                self.key_conflicts(kind);
                continue;
            };
            let table = self.ir.table(table).clone();
            for (name, what, of) in &defined {
                let elsewhere = of.is_some_and(|of| of.text != kind.name.text);
                let column = table.columns.iter().any(|(column, _)| *column == name.text);
                let lookup = kind.lookups.iter().any(|def| def.name == **name);
                if !elsewhere && (column || lookup) {
                    let other = if column { format!("a column of `{}`", table.name) } else { "a lookup".to_owned() };
                    let has = if matches!(*what, "tiers" | "bands") { "have" } else { "has" };
                    let message = format!("the {what} `{}` {has} the name of {other}", name.text);
                    let help = "give it another name; every column of the subject table is an attribute already";
                    self.out.push(Diagnostic::new(Code::NameTaken, name.span, message).help(help));
                }
            }
            for (column, _) in &table.columns {
                self.ambiguous_suffix(column, None, &format!("the column `{column}` of `{}`", table.name));
            }
        }
        for (name, what, _) in defined {
            self.ambiguous_suffix(&name.text, Some(name.span), &format!("the {what} `{}`", name.text));
        }
    }

    /// The keys of subjects without a table have names too.
    fn key_conflicts(&mut self, kind: &'a SubjectDef) {
        let catalog = self.catalog;
        let attributes = catalog.attributes.iter().map(|def| &def.name);
        let metrics = catalog.metrics.iter().map(|def| &def.name);
        let partitions = self.partition_attributes().into_iter().map(|(name, ..)| name);
        for name in attributes.chain(metrics).chain(partitions) {
            if kind.table.is_none() && kind.key.contains(name) {
                let message = format!("`{}` is the key of a `{}` already", name.text, kind.name.text);
                let diagnostic = Diagnostic::new(Code::NameTaken, name.span, message);
                self.out.push(diagnostic.help("give it another name"));
            }
        }
    }

    fn ambiguous_suffix(&mut self, name: &str, span: Option<Span>, what: &str) {
        let stem = match suffix(name) {
            Some(Suffix::Window(stem, _)) => Some(stem),
            // `spend_prev` beside `spend`: is `spend_prev_90d` the one over 90 days, or the other over the 90 before?
            _ => name.strip_suffix("_prev"),
        };
        let Some(index) = stem.and_then(|stem| self.metrics.get(stem)).copied() else { return };
        let metric = &self.catalog.metrics[index].name;
        let message = format!("{what} could also be read as metric `{}` with a window", metric.text);
        let diagnostic = Diagnostic::new(Code::AmbiguousName, span.unwrap_or(metric.span), message);
        let diagnostic = if span.is_some() { diagnostic.also(metric.span, "the metric") } else { diagnostic };
        self.out.push(diagnostic.help("give one of the two another name"));
    }

    fn kinds(&self) -> impl Iterator<Item = SubjectId> + use<> {
        (0..self.ir.subjects.len() as u32).map(SubjectId)
    }

    fn check_attribute(&mut self, index: usize) {
        let def = &self.catalog.attributes[index];
        if let Some(of) = &def.of {
            let subject = self.subject_named(of);
            if subject.is_some_and(|subject| self.attribute_slot(index, subject).is_none()) {
                self.broken.insert(&def.name.text);
            }
            return;
        }
        let fits = self.any_kind(|checker, subject| checker.attribute_slot(index, subject).is_some());
        if !fits {
            self.broken.insert(&def.name.text);
        }
    }

    fn check_metric(&mut self, index: usize) {
        let def = &self.catalog.metrics[index];
        let fits = self.any_kind(|checker, subject| checker.metric_slot(index, subject).is_some());
        if !fits {
            self.broken.insert(&def.name.text);
            return;
        }
        for subject in self.kinds() {
            if let Some(Slot::Done(typed)) = self.metric_slots.get(&(index, subject, None)) {
                self.note_sum(&def.name.text, typed.node);
            }
        }
    }

    /// Remembers a metric that is one lifetime sum: rows of nobody are measured by it.
    fn note_sum(&mut self, name: &str, node: NodeId) {
        let Node::Feature(feature) = self.ir.node(node) else { return };
        let feature = self.ir.feature(*feature);
        if feature.aggregation == crate::ir::Aggregation::Sum && feature.window.is_none() {
            self.ir.sums.push((name.to_owned(), node));
        }
    }

    /// Tries each kind of subject; if none fits, the messages for the first one stand.
    pub(super) fn any_kind(&mut self, mut fits: impl FnMut(&mut Self, SubjectId) -> bool) -> bool {
        let start = self.out.len();
        let mut first: Option<Vec<Diagnostic>> = None;
        for subject in self.kinds() {
            if fits(self, subject) {
                let kept = self.out.split_off(start);
                self.out.extend(kept.into_iter().filter(|diagnostic| !diagnostic.is_error()));
                return true;
            }
            let said = self.out.split_off(start);
            first.get_or_insert(said);
        }
        self.out.extend(first.unwrap_or_default());
        false
    }

    /// An attribute of a kind of subject, where it is used at `span`.
    pub(super) fn attribute(&mut self, index: usize, subject: SubjectId, span: Span) -> Option<Typed> {
        let def = &self.catalog.attributes[index];
        let wrong = def.of.as_ref().is_some_and(|of| of.text != self.ir.subject(subject).name);
        self.ensure_attribute(index);
        let start = self.out.len();
        let found = if wrong { None } else { self.attribute_slot(index, subject) };
        found.or_else(|| self.not_of_kind(&def.name, subject, span, start))
    }

    /// A metric of a kind of subject, with what is laid over it, where it is used at `span`.
    pub(super) fn metric(
        &mut self,
        index: usize,
        subject: SubjectId,
        overlay: Option<&Overlay<'_>>,
        span: Span,
    ) -> Option<Typed> {
        let def = &self.catalog.metrics[index];
        self.ensure_metric(index);
        let start = self.out.len();
        let Some(plain) = self.metric_slot(index, subject) else {
            return self.not_of_kind(&def.name, subject, span, start);
        };
        let Some(overlay) = overlay else { return Some(plain) };
        let window = overlay.window.as_ref().map(|(window, _)| window.clone());
        let key = (index, subject, window);
        if overlay.filters.is_empty() {
            match self.metric_slots.get(&key) {
                Some(Slot::Done(typed)) => return Some(typed.clone()),
                Some(_) => return None,
                None => {}
            }
        }
        if let Some(known) = self.filtered_slots.get(&key) {
            return known.clone();
        }
        let typed = self.overlaid_metric(index, subject, overlay, plain, span);
        if overlay.filters.is_empty() {
            if let Some(typed) = &typed {
                self.metric_slots.insert(key, Slot::Done(typed.clone()));
            } else {
                self.filtered_slots.insert(key, None);
            }
        } else {
            self.filtered_slots.insert(key, typed.clone());
        }
        typed
    }

    fn overlaid_metric(
        &mut self,
        index: usize,
        subject: SubjectId,
        overlay: &Overlay<'_>,
        plain: Typed,
        span: Span,
    ) -> Option<Typed> {
        let def = &self.catalog.metrics[index];
        let context = Context { overlay: Some(overlay), ..Context::of(Scope::Subject(subject)) };
        let typed = self.deeper(span, |checker| checker.value(&def.is, context))?;
        let typed = Typed { unit: plain.unit, ..typed };
        let window = overlay.window.as_ref().map(|(_, at)| (*at, "a window"));
        let put = window.or_else(|| overlay.filters.first().map(|filter| (filter.span, "a filter")));
        if let Some((at, what)) = put
            && typed.node == plain.node
            && !self.counts_rows(typed.node)
        {
            let message = format!("`{}` counts no rows, so there is nothing to put {what} on", def.name.text);
            return self.fail(Diagnostic::new(Code::WindowMisplaced, at, message).help("leave it out"));
        }
        Some(typed)
    }

    fn counts_rows(&self, node: NodeId) -> bool {
        self.ir.leaves([node]).inputs.iter().any(|input| matches!(self.ir.node(*input), Node::Feature(_)))
    }

    fn not_of_kind(&mut self, name: &Ident, subject: SubjectId, span: Span, start: usize) -> Option<Typed> {
        let said = self.out.split_off(start);
        if said.iter().any(|diagnostic| diagnostic.code == Code::Cycle || diagnostic.code == Code::TooLarge) {
            self.out.extend(said);
            return None;
        }
        if self.broken.contains(name.text.as_str()) || self.catalog.subjects.len() < 2 {
            // Reported where it is defined; a definition that is still being checked reports itself.
            self.out.extend(said);
            return None;
        }
        let kind = self.ir.subject(subject).name.clone();
        let message = format!("`{}` cannot be said of {}", name.text, super::with_article(&kind));
        let diagnostic = Diagnostic::new(Code::WrongSubject, span, message).also(name.span, "defined here");
        let reason = said.into_iter().find(Diagnostic::is_error).map(|diagnostic| diagnostic.message);
        let of = self.catalog.attributes.iter().find(|def| def.name == *name).and_then(|def| def.of.as_ref());
        self.fail(match (reason, of) {
            (Some(reason), _) => diagnostic.help(reason),
            (None, Some(of)) => diagnostic.help(format!("it is of `{}` only", of.text)),
            (None, None) => diagnostic,
        })
    }

    fn attribute_slot(&mut self, index: usize, subject: SubjectId) -> Option<Typed> {
        let key = (index, subject);
        let def = &self.catalog.attributes[index];
        match self.attribute_slots.get(&key) {
            Some(Slot::Done(typed)) => return Some(typed.clone()),
            Some(Slot::Failed) => return None,
            Some(Slot::Busy) => return self.defined_by_itself("attribute", &def.name),
            None => {}
        }
        self.attribute_slots.insert(key, Slot::Busy);
        let context = Context::of(Scope::Subject(subject));
        let made = self.deeper(def.name.span, |checker| {
            let typed = match def.frozen {
                None => checker.value_or_condition(&def.is, context)?,
                Some(place) => checker.frozen_attribute(def, place, subject)?,
            };
            let typed = checker.with_unit(typed, def.unit.as_ref(), &def.name)?;
            checker.with_set(typed, def.values.as_deref(), &def.name)
        });
        self.attribute_slots.insert(key, made.clone().map_or(Slot::Failed, Slot::Done));
        made
    }

    fn metric_slot(&mut self, index: usize, subject: SubjectId) -> Option<Typed> {
        let key = (index, subject, None);
        let def = &self.catalog.metrics[index];
        match self.metric_slots.get(&key) {
            Some(Slot::Done(typed)) => return Some(typed.clone()),
            Some(Slot::Failed) => return None,
            Some(Slot::Busy) => return self.defined_by_itself("metric", &def.name),
            None => {}
        }
        self.metric_slots.insert(key.clone(), Slot::Busy);
        let context = Context::of(Scope::Subject(subject));
        let made = self.deeper(def.name.span, |checker| {
            checker.no_rank(&def.is)?;
            let typed = checker.value(&def.is, context)?;
            checker.countable(&typed, &def.name)?;
            checker.with_unit(typed, def.unit.as_ref(), &def.name)
        });
        self.metric_slots.insert(key, made.clone().map_or(Slot::Failed, Slot::Done));
        made
    }

    /// A metric takes windows from outside, a rank does not.
    fn no_rank(&mut self, is: &Expr) -> Option<()> {
        let Some(rank) = Self::rank_in(is) else { return Some(()) };
        let message = "a rank is no metric: it takes no window and no filter from outside";
        let help = "define it under `attributes:`, with the window on what is ranked";
        self.fail(Diagnostic::new(Code::WrongKind, rank.span, message).help(help))
    }

    fn countable(&mut self, typed: &Typed, name: &Ident) -> Option<()> {
        if matches!(typed.ty, Type::Number | Type::Duration) {
            return Some(());
        }
        let message = format!("a metric is a number, and `{}` is a {}", name.text, typed.ty);
        let help = "define it under `attributes:`; a window stands in its brackets, as in `last(… of … over 90d)`";
        self.fail(Diagnostic::new(Code::TypeMismatch, name.span, message).help(help))
    }

    fn defined_by_itself<T>(&mut self, what: &str, name: &Ident) -> Option<T> {
        let message = format!("{what} `{}` is defined by itself", name.text);
        let help = "its definition leads back to it: break the circle";
        self.fail(Diagnostic::new(Code::Cycle, name.span, message).help(help))
    }

    fn with_unit(&mut self, typed: Typed, unit: Option<&Placed<String>>, name: &Ident) -> Option<Typed> {
        let Some(unit) = unit else { return Some(typed) };
        if typed.ty != Type::Number {
            let message = format!("`{}` is a {}, and only numbers have units", name.text, typed.ty);
            return self.fail(Diagnostic::new(Code::UnitMismatch, unit.span, message).help("leave `unit:` out"));
        }
        let declared = Units::named(&unit.value);
        if let Units::Known(found) = &typed.unit
            && !found.is_empty()
            && typed.unit != declared
        {
            let message = format!("`{}` is declared in {}, but it is made of {}", name.text, unit.value, typed.unit);
            let help = "leave `unit:` out, or declare the unit where the amounts are counted";
            return self.fail(Diagnostic::new(Code::UnitMismatch, unit.span, message).help(help));
        }
        Some(typed.unit(declared))
    }

    fn with_set(&mut self, typed: Typed, values: Option<&[Placed<String>]>, name: &Ident) -> Option<Typed> {
        let Some(values) = values else { return Some(typed) };
        for value in values {
            if set_value(typed.ty, &value.value).is_none() {
                let message = format!("`{}` is a {}, and `{}` is not one", name.text, typed.ty, value.value);
                let help = match typed.ty {
                    Type::Number => "list numbers only",
                    _ => "only texts and numbers have `values:`",
                };
                return self.fail(Diagnostic::new(Code::TypeMismatch, value.span, message).help(help));
            }
        }
        let values: Vec<String> = values.iter().map(|value| value.value.clone()).collect();
        self.note_closed_set(&name.text, &typed, &values);
        Some(Typed { set: Some(Rc::new(ClosedSet { of: name.text.clone(), values })), ..typed })
    }

    /// Remembers how to tell a value that the set does not have: data is reported against it.
    fn note_closed_set(&mut self, name: &str, typed: &Typed, values: &[String]) {
        let set = values.iter().filter_map(|text| set_value(typed.ty, text)).collect();
        let value = self.plain(typed);
        let inside = self.ir.add(Node::InSet(value, set));
        let outside = self.ir.add(Node::Not(inside));
        self.ir.closed_sets.push((name.to_owned(), value, outside));
    }

    /// Holds a constant to a closed set.
    pub(super) fn in_set(&mut self, set: &ClosedSet, value: &Value, ignoring_case: bool, written: &Expr) -> Option<()> {
        let found = match value {
            Value::Text(text) if ignoring_case => {
                let folded = folded(text);
                set.values.iter().any(|value| self::folded(value) == folded)
            }
            Value::Text(text) => set.values.iter().any(|value| value == text),
            Value::Number(_) => set.values.iter().any(|text| set_value(Type::Number, text).as_ref() == Some(value)),
            _ => true,
        };
        if found {
            return Some(());
        }
        let shown = match value {
            Value::Text(text) => text.clone(),
            _ => crate::syntax::print(written),
        };
        let message = format!("`{}` is never `{shown}`", set.of);
        let diagnostic = Diagnostic::new(Code::NotInSet, written.span, message);
        let values = set.values.iter().map(String::as_str);
        let near = match value {
            Value::Text(_) => super::nearest(&shown, values.clone()),
            _ => None,
        };
        let diagnostic = match near {
            Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), format!("'{}'", near.replace('\'', "''"))),
            None => diagnostic.help(format!("its values are {}", super::listed(values))),
        };
        self.fail(diagnostic)
    }
}

/// A value of a closed set of a type; none: it is not of the type, or values of the type are not listed.
pub(super) fn set_value(ty: Type, text: &str) -> Option<Value> {
    match ty {
        Type::Text => Some(Value::Text(text.to_owned())),
        Type::Number => text.parse().ok().map(|number| Value::Number(super::numbers::rational(number))),
        _ => None,
    }
}

fn folded(text: &str) -> String {
    use unicode_casefold::UnicodeCaseFold;
    text.case_fold().collect()
}
