//! What came of tests, in the XML of JUnit: a suite for each file, a case for each test.

use std::io::{self, Write};

use kohort::engine::{Miss, TestOutcome, TestResult};

use super::{Told, text};

/// Writes a report.
pub fn write(mut out: impl Write, told: &Told<'_>) -> io::Result<()> {
    let tests = &told.report.tests;
    let [_, failed, broken] = told.counts();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    let taken = told.taken.as_secs_f64();
    writeln!(
        out,
        "<testsuites tests=\"{}\" failures=\"{failed}\" errors=\"{broken}\" time=\"{taken:.3}\">",
        tests.len()
    )?;
    // Tests stand file by file.
    for suite in tests.chunk_by(|one, other| one.file == other.file) {
        self::suite(&mut out, told, suite)?;
    }
    writeln!(out, "</testsuites>")
}

fn suite(out: &mut impl Write, told: &Told<'_>, suite: &[TestResult]) -> io::Result<()> {
    let file = suite.first().map_or("", |test| test.file.as_str());
    let count = |wanted: fn(&TestOutcome) -> bool| suite.iter().filter(|test| wanted(&test.outcome)).count();
    let failed = count(|outcome| matches!(outcome, TestOutcome::Failed(_)));
    let broken = count(|outcome| matches!(outcome, TestOutcome::Broken { .. }));
    let taken: f64 = suite.iter().map(|test| test.taken.as_secs_f64()).sum();
    writeln!(
        out,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\" errors=\"{broken}\" time=\"{taken:.3}\">",
        escaped(file),
        suite.len()
    )?;
    for test in suite {
        case(out, told, test)?;
    }
    writeln!(out, "  </testsuite>")
}

fn case(out: &mut impl Write, told: &Told<'_>, test: &TestResult) -> io::Result<()> {
    let (file, name, taken) = (escaped(&test.file), escaped(&test.name), test.taken.as_secs_f64());
    write!(
        out,
        "    <testcase classname=\"{file}\" name=\"{name}\" file=\"{file}\" line=\"{}\" time=\"{taken:.3}\"",
        test.line
    )?;
    match &test.outcome {
        TestOutcome::Failed(misses) => {
            writeln!(out, ">")?;
            let (first, more) =
                (misses.first().map(|miss| heading(told, miss)).unwrap_or_default(), misses.len().saturating_sub(1));
            let others = if more == 0 { String::new() } else { format!(" (and {more} more)") };
            writeln!(out, "      <failure message=\"{}\">", escaped(&format!("{first}{others}")))?;
            for miss in misses {
                writeln!(out, "{}", escaped(&format!("{}: {}, at {}", told.place(miss.place), miss.segment, miss.at)))?;
                for line in text::lines(told, &miss.wrong) {
                    writeln!(out, "{}", format!("  {}", escaped(&line)).trim_end())?;
                }
            }
            writeln!(out, "</failure>")?;
            writeln!(out, "    </testcase>")
        }
        TestOutcome::Broken { message, .. } => {
            writeln!(out, ">")?;
            writeln!(out, "      <error message=\"{}\"/>", escaped(message))?;
            writeln!(out, "    </testcase>")
        }
        _ => writeln!(out, "/>"),
    }
}

/// `buyers: missing: `C1``
fn heading(told: &Told<'_>, miss: &Miss) -> String {
    let lines = text::lines(told, &miss.wrong);
    format!("{}: {}", miss.segment, lines.first().map_or("", String::as_str))
}

/// Text between tags or in double quotes; what XML has no sign for is left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(sign),
            sign if sign.is_control() || matches!(sign, '\u{fffe}' | '\u{ffff}') => {}
            sign => escaped.push(sign),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_means_something_in_xml_is_escaped() {
        assert_eq!(escaped("a < b && \"c\" > 'd'"), "a &lt; b &amp;&amp; &quot;c&quot; &gt; 'd'");
        assert_eq!(escaped("bell\u{7} 東京"), "bell 東京");
    }
}
