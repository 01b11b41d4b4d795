//! `hardcoded-broker`: a message broker that a runtime structure fixes, in a literal or in its manifest.

use crate::finding::{Level, RuleMeta};
use crate::rules::{Case, Rule, Sink, TESTS, fixed};

pub(crate) struct HardcodedBroker;

impl Rule for HardcodedBroker {
    const META: &'static RuleMeta = &RuleMeta {
        id: "hardcoded-broker",
        trigger: Some(2),
        clause: "VIII.2",
        summary: "a runtime structure fixes a message broker",
        level: Level::Breach,
        page: include_str!("../../rules/hardcoded-broker.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        fixed::judge(case, &fixed::BROKER, sink);
    }
}
