//! Tests of rules: their tables, columns and segments found, their values of their columns' types.
//!
//! Everything that is wrong with a test is said here, so that a checked project has tests that can be run. Whether they
//! pass is for whoever has rows at hand.

mod expected;
mod rows;

use super::{Checker, Code, Diagnostic};
use crate::catalog::model::Placed;
use crate::ir::{Moment, Test, TestRows, TestStep};
use crate::rules::model::{RowsDef, RuleFile, StepDef, TestDef};
use rows::Defaults;

const CLOCK: &str = "write `2026-03-31` (the end of that day), `2026-03-31T10:00` or `2026-03-31T10:00+07:00`";

impl<'a> Checker<'a> {
    /// Checks the tests of every rule file.
    pub(super) fn tests_of_rules(&mut self) {
        let rules = self.rules;
        for file in rules {
            let mut of_file = Defaults::default();
            self.add_defaults(&file.tests.defaults, &mut of_file);
            for test in &file.tests.tests {
                let checked = self.test(file, test, &of_file);
                self.ir.tests.extend(checked);
            }
        }
    }

    /// None if something is wrong with it, and that has been said.
    fn test(&mut self, file: &'a RuleFile, def: &'a TestDef, of_file: &Defaults) -> Option<Test> {
        let mut defaults = of_file.clone();
        let mut sound = self.add_defaults(&def.defaults, &mut defaults);
        let mut steps = Vec::with_capacity(def.steps.len());
        let mut before: Option<(Moment, &Placed<String>)> = None;
        for step in &def.steps {
            let checked = self.step_of_test(file, step, &defaults);
            if let Some(at) = &step.at
                && let Some(moment) = Moment::read(&at.value)
            {
                sound &= before.is_none_or(|before| self.moves_on(before, (moment, at)));
                before = Some((moment, at));
            }
            match checked {
                Some(step) => steps.push(step),
                None => sound = false,
            }
        }
        sound.then(|| Test { name: def.name.value.clone(), span: def.name.span, steps })
    }

    /// Whether a step comes after the one before.
    fn moves_on(&mut self, before: (Moment, &Placed<String>), step: (Moment, &Placed<String>)) -> bool {
        let words = match before.0.is_before(step.0, self.catalog.timezone) {
            Some(true) => return true,
            Some(false) => "comes before the step before",
            None => "is the instant of the step before",
        };
        let (earlier, later) = (before.1, step.1);
        let message = format!("`{}` {words}, and the clock of a test only moves forward", later.value);
        let finding = Diagnostic::new(Code::TestClock, later.span, message).also(earlier.span, "the step before");
        self.out.push(finding.help("write a later day or time, or make it a test of its own"));
        false
    }

    fn step_of_test(&mut self, file: &'a RuleFile, def: &'a StepDef, defaults: &Defaults) -> Option<TestStep> {
        let at = def.at.as_ref().and_then(|at| {
            let moment = Moment::read(&at.value);
            if moment.is_none() {
                let message = format!("`{}` is not a date or a time", at.value);
                self.out.push(Diagnostic::new(Code::TestClock, at.span, message).help(CLOCK));
            }
            moment
        });
        let mut sound = true;
        let mut given = Vec::new();
        for def in &def.given {
            let Some(table) = self.given_table(&def.table) else {
                sound = false;
                continue;
            };
            let rows = match &def.rows {
                RowsDef::Written(rows) => self.rows_written(table, rows, defaults),
                RowsDef::File(name) => self.rows_of(table, file, name, defaults),
            };
            match rows {
                Some(rows) => given.push(TestRows { table, rows }),
                None => sound = false,
            }
        }
        let mut expected = Vec::new();
        for def in &def.expect {
            match self.expected(def) {
                Some(found) => expected.extend(found),
                None => sound = false,
            }
        }
        let span = def.at.as_ref().map_or(def.span, |at| at.span);
        at.filter(|_| sound).map(|at| TestStep { at, span, given, expected })
    }
}
