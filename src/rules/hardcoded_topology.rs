//! `hardcoded-topology`: where things run, written into a runtime structure.

use crate::finding::{Level, RuleMeta};
use crate::rules::literals::Kind;
use crate::rules::literals::judge::{self, Hit, Side};
use crate::rules::{Case, Rule, Sink, TESTS, fixed};

pub(crate) struct HardcodedTopology;

impl Rule for HardcodedTopology {
    const META: &'static RuleMeta = &RuleMeta {
        id: "hardcoded-topology",
        trigger: Some(2),
        clause: "VIII.2",
        summary: "a runtime structure fixes a region, host, port, resource, image or number of replicas",
        level: Level::Breach,
        page: include_str!("../../rules/hardcoded-topology.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        judge::judge(
            case,
            Side::Runtime,
            is_topology,
            |hit| {
                let message = format!(
                    "{} fixes where things run: it {}",
                    fixed::who(case, hit),
                    hit.says(case)
                );
                let help = "take it from the configuration that the structure is given when it is composed";
                hit.draft(case, message, help.to_owned())
            },
            sink,
        );
    }
}

fn is_topology(hit: &Hit<'_, '_>) -> bool {
    match hit.binding.kind {
        Kind::Place => true,
        // A public host may be another's service, which an adapter is for.
        Kind::Resource => !hit.binding.says.starts_with("the host"),
        Kind::Engine {
            engine,
            host,
            whole,
            open,
        } => {
            let others = !matches!(engine.category, "database" | "cache" | "message-broker");
            let named = matches!(engine.category, "cloud" | "storage" | "orchestration");
            others && whole && !open && (host || named)
        }
        Kind::Driver { .. } | Kind::Sql { .. } => false,
    }
}
