//! JUnit: a suite for each rule, a failed case for each finding that freezes, for dashboards of tests.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::safe::{clip, safe};
use super::{Entry, Report};
use crate::clause;
use crate::finding::{BlindSpot, Finding};

/// The rule whose suite holds what could not be read.
const BLIND: &str = "blind-spot";
/// Characters of any text from the workspace.
const LONGEST: usize = 2_000;

/// Writes the report, which is the same for the same workspace: no time is told, though the format
/// demands one.
pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut suites: BTreeMap<&str, Vec<Case>> = BTreeMap::new();
    for entry in &report.entries {
        let cases = suites.entry(entry.finding.rule.id).or_default();
        cases.push(Case::of_finding(report, entry));
    }
    for spot in &report.blind_spots {
        let cases = suites.entry(BLIND).or_default();
        cases.push(Case::of_blind_spot(report, spot));
    }
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites>")?;
    for (number, rule) in report.rules.iter().enumerate() {
        let cases = suites.remove(rule.id).unwrap_or_else(|| {
            vec![Case {
                name: format!("nothing found: {}", rule.summary),
                outcome: Outcome::Passed,
            }]
        });
        suite(number, rule.id, &cases, out)?;
    }
    // A report that knows of no such rule must still tell that it is blind.
    if let Some(cases) = suites.remove(BLIND) {
        suite(report.rules.len(), BLIND, &cases, out)?;
    }
    writeln!(out, "</testsuites>")
}

/// How a case ended; but for the first with a message in one line and all that there is to say.
enum Outcome {
    Passed,
    /// A finding below the level that freezes.
    Skipped(String),
    /// Of this level.
    Failed(&'static str, String, String),
    /// Could not be judged.
    Error(String),
}

struct Case {
    name: String,
    outcome: Outcome,
}

impl Case {
    fn of_finding(report: &Report<'_>, entry: &Entry) -> Self {
        let finding = &entry.finding;
        let message = clip(&finding.message, LONGEST).into_owned();
        let level = finding.level.name();
        Self {
            name: format!("{}: {message}", report.at(finding.place)),
            outcome: if let Some(exception) = report.exception(entry) {
                let until = &exception.expires;
                Outcome::Skipped(format!("excepted until {until}: {message}"))
            } else if entry.status.is_borne() {
                Outcome::Skipped(format!("in the baseline: {message}"))
            } else if report.freezes(entry) {
                Outcome::Failed(level, message, details(report, finding))
            } else {
                Outcome::Skipped(format!("{level}, which does not freeze: {message}"))
            },
        }
    }

    fn of_blind_spot(report: &Report<'_>, spot: &BlindSpot) -> Self {
        let reason = clip(&spot.reason, LONGEST).into_owned();
        Self {
            name: format!("{}: {reason}", report.at(spot.place)),
            outcome: Outcome::Error(reason),
        }
    }
}

/// Chain, clause and way out, a line each; no line begins with words of the workspace.
fn details(report: &Report<'_>, finding: &Finding) -> String {
    let mut text = format!("at {}\n", report.at(finding.place));
    let mut say = |what: &str, words: &str| {
        writeln!(text, "{what} {}", clip(words, LONGEST)).expect("a String takes all");
    };
    for hop in &finding.chain {
        say(
            "through",
            &format!("{}: {}", report.at(hop.place), hop.label),
        );
    }
    let clause = finding.rule.clause;
    say("clause", &format!("{clause}: {}", clause::sentence(clause)));
    for because in &finding.because {
        say("because", &because.text);
    }
    if let Some(guard) = &finding.cfg {
        say("only with", guard);
    }
    if !finding.help.is_empty() {
        say("way out:", &finding.help);
    }
    text
}

fn suite(number: usize, name: &str, cases: &[Case], out: &mut dyn Write) -> io::Result<()> {
    let count = |of: fn(&Outcome) -> bool| cases.iter().filter(|case| of(&case.outcome)).count();
    writeln!(
        out,
        "  <testsuite id=\"{number}\" name=\"{name}\" package=\"cargo-constitution\" \
         timestamp=\"1970-01-01T00:00:00\" hostname=\"localhost\" tests=\"{}\" failures=\"{}\" errors=\"{}\" \
         skipped=\"{}\" time=\"0\">",
        cases.len(),
        count(|outcome| matches!(outcome, Outcome::Failed(..))),
        count(|outcome| matches!(outcome, Outcome::Error(_))),
        count(|outcome| matches!(outcome, Outcome::Skipped(_))),
    )?;
    writeln!(out, "    <properties/>")?;
    for case in cases {
        write!(
            out,
            "    <testcase name=\"{}\" classname=\"constitution.{name}\" time=\"0\"",
            escape(&case.name)
        )?;
        match &case.outcome {
            Outcome::Passed => writeln!(out, "/>")?,
            Outcome::Skipped(message) => {
                let message = escape(message);
                writeln!(out, "><skipped message=\"{message}\"/></testcase>")?;
            }
            Outcome::Failed(level, message, text) => {
                let (message, text) = (escape(message), escape(text));
                writeln!(
                    out,
                    "><failure type=\"{level}\" message=\"{message}\">{text}</failure></testcase>"
                )?;
            }
            Outcome::Error(message) => {
                let message = escape(message);
                writeln!(
                    out,
                    "><error type=\"blind-spot\" message=\"{message}\">{message}</error></testcase>"
                )?;
            }
        }
    }
    writeln!(out, "    <system-out/>\n    <system-err/>\n  </testsuite>")
}

/// `text` between tags and quotes, without any command that a runner finds within a line.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '[' => escaped.push_str("&#91;"),
            '\n' => escaped.push('\n'),
            // No XML may hold these two.
            '\u{fffe}' | '\u{ffff}' => {
                write!(escaped, "\\u{{{:x}}}", u32::from(c)).expect("a String takes all");
            }
            c => escaped.push_str(&safe(c.encode_utf8(&mut [0; 4]))),
        }
    }
    escaped
}
