//! `stale-exception`: an exception that matches no finding.

use crate::finding::{Level, RuleMeta};
use crate::rules::{Case, Rule, Sink};

pub(crate) struct StaleException;

impl Rule for StaleException {
    const META: &'static RuleMeta = &RuleMeta {
        id: "stale-exception",
        trigger: None,
        clause: "VIII",
        summary: "an exception that matches no finding",
        level: Level::Risk,
        page: include_str!("../../rules/stale-exception.md"),
        options: &[],
    };

    /// Records are judged when all findings have their fingerprints: see `src/freeze/`.
    fn check(_case: &Case<'_>, _sink: &mut Sink<'_>) {}
}
