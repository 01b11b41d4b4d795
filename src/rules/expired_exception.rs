//! `expired-exception`: an exception whose last day is over.

use crate::finding::{Level, RuleMeta};
use crate::rules::{Case, Rule, Sink};

pub(crate) struct ExpiredException;

impl Rule for ExpiredException {
    const META: &'static RuleMeta = &RuleMeta {
        id: "expired-exception",
        trigger: None,
        clause: "VIII",
        summary: "an exception whose last day is over",
        level: Level::Breach,
        page: include_str!("../../rules/expired-exception.md"),
        options: &[],
    };

    /// Records are judged when all findings have their fingerprints: see `src/freeze/`.
    fn check(_case: &Case<'_>, _sink: &mut Sink<'_>) {}
}
