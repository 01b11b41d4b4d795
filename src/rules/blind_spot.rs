//! `blind-spot`: what could not be read. It makes the verdict blind, whatever the failing level.

use crate::finding::{Level, RuleMeta};
use crate::rules::{Case, Rule, Sink};

pub(crate) struct BlindSpot;

impl Rule for BlindSpot {
    const META: &'static RuleMeta = &RuleMeta {
        id: "blind-spot",
        trigger: None,
        clause: "VIII",
        summary: "something that had to be read could not be",
        level: Level::Note,
        page: include_str!("../../rules/blind-spot.md"),
        options: &[],
    };

    /// The facts keep what could not be read, and the verdict counts it there; here only what the
    /// constitution acknowledges under `[generated]` becomes a note.
    fn check(_case: &Case<'_>, _sink: &mut Sink<'_>) {}
}
