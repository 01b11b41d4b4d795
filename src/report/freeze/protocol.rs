//! The five steps of the Freeze Escalation Protocol (Section VIII), and where each stands.

use serde::Serialize;

use crate::report::Verdict;

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

/// `matters` is how many separate breaches there are.
pub(super) fn steps(verdict: Verdict, matters: usize) -> Vec<Step> {
    let open = [
        "in force since this report".to_owned(),
        "done: this document".to_owned(),
        "open: this document awaits the Founder’s decision".to_owned(),
        format!("open: 0 of {matters} filled in"),
        "open: after the plan is carried out".to_owned(),
    ];
    (1..)
        .zip(STEPS.into_iter().zip(open))
        .map(|(number, ((name, demand), open))| Step {
            number,
            name,
            demand,
            state: match verdict {
                Verdict::Freeze => open,
                Verdict::Lawful => "not called for".to_owned(),
                Verdict::Blind => "not decided: part of the workspace could not be read".to_owned(),
            },
            done: verdict == Verdict::Freeze && number <= 2,
        })
        .collect()
}
