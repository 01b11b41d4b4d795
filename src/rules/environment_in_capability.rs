//! `environment-in-capability`: capability source that asks its environment or a configuration.

use crate::finding::{Level, RuleMeta};
use crate::rules::{Case, Rule, Sink, TESTS, source};

/// The catalogue's category that this law has to itself.
pub(crate) const CONFIGURATION: &str = "configuration";

pub(crate) struct EnvironmentInCapability;

impl Rule for EnvironmentInCapability {
    const META: &'static RuleMeta = &RuleMeta {
        id: "environment-in-capability",
        trigger: Some(5),
        clause: "VIII.5",
        summary: "capability source reads environment variables or configuration",
        level: Level::Breach,
        page: include_str!("../../rules/environment-in-capability.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        source::judge_engines(
            case,
            |category| category == CONFIGURATION,
            |_| "and so knows the environment it is deployed in".to_owned(),
            sink,
        );
    }
}
