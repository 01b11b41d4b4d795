//! `hardcoded-engine`: a database engine that a runtime structure fixes, in a literal or in its manifest.

use crate::finding::{Level, RuleMeta};
use crate::rules::{Case, Rule, Sink, TESTS, fixed};

pub(crate) struct HardcodedEngine;

impl Rule for HardcodedEngine {
    const META: &'static RuleMeta = &RuleMeta {
        id: "hardcoded-engine",
        trigger: Some(2),
        clause: "VIII.2",
        summary: "a runtime structure fixes a database engine",
        level: Level::Breach,
        page: include_str!("../../rules/hardcoded-engine.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        fixed::judge(case, &fixed::ENGINE, sink);
    }
}
