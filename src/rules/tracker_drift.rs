//! `tracker-drift`: a tracker that disagrees with registry or issues.

use crate::finding::{Level, RuleMeta};
use crate::rules::{Case, Rule, Sink};

pub(crate) struct TrackerDrift;

impl Rule for TrackerDrift {
    const META: &'static RuleMeta = &RuleMeta {
        id: "tracker-drift",
        trigger: None,
        clause: "VII",
        summary: "a tracker that disagrees with registry or issues",
        level: Level::Risk,
        page: include_str!("../../rules/tracker-drift.md"),
        options: &[],
    };

    /// A workspace does not say where its issues and its tracker are: `tracker verify` is told, and judges.
    fn check(_case: &Case<'_>, _sink: &mut Sink<'_>) {}
}
