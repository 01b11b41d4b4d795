//! What is said below a finding's excerpts: clause, reasons, circumstances, the way out.

use crate::clause;
use crate::finding::Confidence;
use crate::report::safe::safe;
use crate::report::{Entry, Report};

/// One statement.
pub(super) struct Line {
    pub(super) what: &'static str,
    pub(super) text: String,
    /// Whether it need not be said again under the next finding of the same rule.
    pub(super) once: bool,
    /// Whether it is to be copied, and so must not be broken.
    pub(super) command: bool,
}

/// So much of a fingerprint names a finding to `exception request`.
const SHORT: usize = 12;

/// Every statement, in the order in which a reader asks.
pub(super) fn lines(report: &Report<'_>, entry: &Entry) -> Vec<Line> {
    let finding = &entry.finding;
    let mut lines = Vec::new();
    let mut say = |what, text, once| {
        lines.push(Line {
            what,
            text,
            once,
            command: false,
        });
    };
    let clause = finding.rule.clause;
    say(
        "clause",
        format!("{clause}: {}", clause::sentence(clause)),
        true,
    );
    for because in &finding.because {
        let place = because
            .place
            .map(|place| format!(" ({})", report.at(place)));
        let text = format!("{}{}", safe(&because.text), place.unwrap_or_default());
        say("because:", text, true);
    }
    if finding.confidence == Confidence::Likely {
        say(
            "confidence:",
            "likely; this rule judges by likeness here".to_owned(),
            false,
        );
    }
    if let Some(guard) = &finding.cfg {
        say("only with:", safe(guard).into_owned(), false);
    }
    if finding.test {
        say("only in:", "tests".to_owned(), false);
    }
    if let Some(since) = &report.since {
        let name = safe(&since.name);
        let text = match entry.known {
            false => format!("not there at {name}"),
            true => format!("there at {name} already"),
        };
        say("since:", text, false);
    }
    if !finding.help.is_empty() {
        say("way out:", safe(&finding.help).into_owned(), true);
    }
    let mut command = |what, text, once| {
        lines.push(Line {
            what,
            text,
            once,
            command: true,
        });
    };
    let rule = finding.rule.id;
    let fingerprint = entry.fingerprint.get(..SHORT).unwrap_or(&entry.fingerprint);
    let explain = format!("cargo constitution explain {rule}");
    command("explain:", explain, true);
    let request = format!("cargo constitution exception request {fingerprint}");
    if finding.rule.is_of_code() {
        command("exception:", request, false);
    }
    lines
}
