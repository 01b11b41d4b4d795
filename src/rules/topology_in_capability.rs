//! `topology-in-capability`: capability code that assumes where and how often things run.

use crate::finding::{Level, RuleMeta};
use crate::rules::literals::Kind;
use crate::rules::literals::judge::{self, Hit, Side};
use crate::rules::{Case, Rule, Sink, TESTS};

pub(crate) struct TopologyInCapability;

impl Rule for TopologyInCapability {
    const META: &'static RuleMeta = &RuleMeta {
        id: "topology-in-capability",
        trigger: Some(5),
        clause: "VIII.5",
        summary: "capability source assumes a region, zone, host, port, cluster or number of replicas",
        level: Level::Breach,
        page: include_str!("../../rules/topology-in-capability.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        judge::judge(
            case,
            Side::Capability,
            is_place,
            |hit| {
                let message = format!(
                    "capability code (layer `{}`) {}, and so knows where it is deployed",
                    hit.layer.name,
                    hit.says(case)
                );
                let help = "let the value come in as an argument, or ask a port for it; which one it is belongs to the \
                            configuration of a runtime structure";
                hit.draft(case, message, help.to_owned())
            },
            sink,
        );
    }
}

/// Whether the literal says where things run, also within a connection URL.
pub(crate) fn is_place(hit: &Hit<'_, '_>) -> bool {
    match hit.binding.kind {
        Kind::Place => true,
        Kind::Engine { host, .. } => host,
        Kind::Resource | Kind::Driver { .. } | Kind::Sql { .. } => false,
    }
}
