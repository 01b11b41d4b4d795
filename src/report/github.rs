//! Annotations: one workflow command a finding, as GitHub's runner reads them.

use std::io::{self, Write};

use super::safe::{clip, disarm};
use super::{Entry, Report};
use crate::finding::Level;

/// Annotations of one kind that GitHub keeps of a step; the others vanish.
const KEPT: usize = 10;
/// Characters of any text from the workspace: GitHub cuts what is longer.
const LONGEST: usize = 2_000;
/// Hops that are told.
const HOPS: usize = 10;

/// Writes one line a finding, the gravest first: those are the ones that GitHub keeps.
pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for entry in report.gravest_first() {
        writeln!(out, "{}", command(report, entry))?;
    }
    Ok(())
}

/// What GitHub will not show, in a line of words; nothing if it shows all.
pub(crate) fn unseen(report: &Report<'_>) -> Option<String> {
    let kinds = [Kind::Error, Kind::Warning, Kind::Notice];
    let count = |kind: Kind| {
        let of_kind = |entry: &&Entry| Kind::of(entry) == kind;
        report.entries.iter().filter(of_kind).count()
    };
    let unseen: usize = kinds
        .into_iter()
        .map(|kind| count(kind).saturating_sub(KEPT))
        .sum();
    (unseen > 0).then(|| {
        format!(
            "GitHub shows {KEPT} annotations of a kind: {unseen} of {} findings are only in this log and in \
             the other formats, such as --output markdown=\"$GITHUB_STEP_SUMMARY\"\n",
            report.entries.len()
        )
    })
}

/// The runner's word for a level.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Error,
    Warning,
    Notice,
}

impl Kind {
    fn of(entry: &Entry) -> Self {
        match entry.finding.level {
            _ if entry.status.is_borne() => Self::Notice,
            Level::Breach => Self::Error,
            Level::Risk | Level::Warning => Self::Warning,
            Level::Note => Self::Notice,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

fn command(report: &Report<'_>, entry: &Entry) -> String {
    let finding = &entry.finding;
    let span = finding.place.span;
    let mut properties = vec![
        ("file", harmless(&report.file_in_checkout(finding.place))),
        ("line", span.start.line().to_string()),
        ("endLine", span.end.line().to_string()),
    ];
    // Across lines the runner takes no columns.
    if span.start.line() == span.end.line() {
        properties.push(("col", span.start.column().to_string()));
        properties.push(("endColumn", span.end.column().to_string()));
    }
    let title = match report.exception(entry) {
        Some(exception) => format!("excepted until {}: {}", exception.expires, finding.rule.id),
        None if entry.status.is_borne() => format!("in the baseline: {}", finding.rule.id),
        None => format!("{}: {}", finding.level, finding.rule.id),
    };
    properties.push(("title", title));
    let properties: Vec<String> = properties
        .iter()
        .map(|(name, value)| format!("{name}={}", escape_property(value)))
        .collect();
    format!(
        "::{} {}::{}",
        Kind::of(entry).name(),
        properties.join(","),
        escape(&message(report, entry))
    )
}

/// What is said at the place; no line of it but the first begins with words of the workspace.
fn message(report: &Report<'_>, entry: &Entry) -> String {
    let finding = &entry.finding;
    let mut message = harmless(&finding.message);
    for hop in finding.chain.iter().take(HOPS) {
        let at = report.at(hop.place);
        message.push_str(&format!(
            "\nthrough {}: {}",
            harmless(&at),
            harmless(&hop.label)
        ));
    }
    if let Some(more) = finding.chain.len().checked_sub(HOPS).filter(|&n| n > 0) {
        message.push_str(&format!("\nand {more} more"));
    }
    if !finding.help.is_empty() {
        message.push_str(&format!("\nway out: {}", harmless(&finding.help)));
    }
    message.push_str(&format!(
        "\nclause {}: cargo constitution explain {}",
        finding.rule.clause, finding.rule.id
    ));
    message
}

fn harmless(text: &str) -> String {
    disarm(&clip(text, LONGEST)).into_owned()
}

/// A message as the runner wants it.
fn escape(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property's value as the runner wants it.
fn escape_property(text: &str) -> String {
    escape(text).replace(':', "%3A").replace(',', "%2C")
}
