//! The five steps of the Freeze Escalation Protocol (Section VIII), and where each stands.

use serde::Serialize;

use crate::report::safe::safe;
use crate::report::{Report, Verdict};

#[derive(Debug, Serialize)]
pub(super) struct Step {
    number: usize,
    name: &'static str,
    demand: &'static str,
    state: String,
    /// Whether nothing more is to be done.
    done: bool,
}

const STEPS: [(&str, &str); 5] = [
    ("Immediate Freeze", "All runtime industrialization halts."),
    (
        "Violation Report",
        "A detailed violation report is generated.",
    ),
    (
        "Founder Escalation",
        "The violation is escalated to the Founder.",
    ),
    (
        "Remediation Plan",
        "A remediation plan is required before the freeze ends.",
    ),
    (
        "Constitutional Review",
        "Compliance is reviewed before anything is resumed.",
    ),
];

/// `matters` is how many separate breaches there are. Where a freeze was declared, each step is as its records
/// have it; of several freezes, as those of the oldest.
pub(super) fn steps(report: &Report<'_>, matters: usize) -> Vec<Step> {
    let open = [
        "in force since this report; `cargo constitution freeze declare` records it".to_owned(),
        "done: this document".to_owned(),
        "open: this document awaits the Founder’s decision".to_owned(),
        format!("open: 0 of {matters} filled in"),
        "open: after the plan is carried out".to_owned(),
    ];
    let recorded = report.freezes.first().map(|freeze| &freeze.steps);
    (0..)
        .zip(STEPS.into_iter().zip(open))
        .map(|(at, ((name, demand), open))| {
            let record = recorded.and_then(|steps| steps.get(at));
            Step {
                number: at + 1,
                name,
                demand,
                state: match (report.verdict, record) {
                    (_, Some(record)) => safe(&record.state).into_owned(),
                    (Verdict::Freeze, None) => open,
                    (Verdict::Lawful, None) => "not called for".to_owned(),
                    (Verdict::Blind, None) => {
                        "not decided: part of the workspace could not be read".to_owned()
                    }
                },
                done: match record {
                    Some(record) => record.done,
                    None => report.verdict == Verdict::Freeze && at < 2,
                },
            }
        })
        .collect()
}
