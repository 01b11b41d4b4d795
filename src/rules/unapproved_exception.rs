//! `unapproved-exception`: an exception that nobody who may has signed.

use crate::finding::{Level, RuleMeta};
use crate::rules::{Case, Rule, Sink};

pub(crate) struct UnapprovedException;

impl Rule for UnapprovedException {
    const META: &'static RuleMeta = &RuleMeta {
        id: "unapproved-exception",
        trigger: None,
        clause: "VIII",
        summary: "an exception that nobody who may has signed",
        level: Level::Breach,
        page: include_str!("../../rules/unapproved-exception.md"),
        options: &[],
    };

    /// Records are judged when all findings have their fingerprints: see `src/freeze/`.
    fn check(_case: &Case<'_>, _sink: &mut Sink<'_>) {}
}
