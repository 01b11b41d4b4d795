//! `structure-without-port`: a runtime structure that implements no port of a lower layer, or has no role.

use std::collections::BTreeSet;

use crate::facts::graph::{EdgeKind, Node};
use crate::finding::{Level, RuleMeta};
use crate::rules::runtime::{self, Body};
use crate::rules::{Case, Draft, Rule, Sink};

pub(crate) struct StructureWithoutPort;

impl Rule for StructureWithoutPort {
    const META: &'static RuleMeta = &RuleMeta {
        id: "structure-without-port",
        trigger: None,
        clause: "II",
        summary: "a runtime structure implements no port of a lower layer, or has no execution role",
        level: Level::Risk,
        page: include_str!("../../rules/structure-without-port.md"),
        options: &[],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        let bound = bound(case);
        let engaged = engaged(case);
        for body in runtime::bodies(case) {
            let registered = case.law.structure_named(body.structure).is_some();
            let begun = registered && engaged.contains(body.structure);
            let asked = body.is_at_work(case) || begun && !body.is_stopped(case);
            if asked && !bound.contains(body.structure) {
                sink.push(portless(case, &body));
            }
            if let Some(draft) = roleless(case, &body) {
                sink.push(draft);
            }
        }
    }
}

/// Structures with an adapter: an `impl` of a port that is no test's.
fn bound<'a>(case: &Case<'a>) -> BTreeSet<&'a str> {
    let ports = case.ports();
    let all = case.facts.surface.implementations.iter();
    let adapters = all
        .filter(|one| !one.guard.test && one.port.is_some_and(|port| ports.port(port).is_some()));
    adapters
        .filter_map(|one| runtime::of_module(case, one.module))
        .collect()
}

/// Structures that depend on an engine or on a capability: they bind something, on record or not.
fn engaged<'a>(case: &Case<'a>) -> BTreeSet<&'a str> {
    let graph = &case.facts.graph;
    let binds = |node: Node| match node {
        Node::External(id) => {
            let engine = case
                .law
                .catalogue
                .engine_package(&graph.externals[id.0].name);
            // A facade of the log is in everybody's hands.
            engine.is_some_and(|engine| engine.category != "observability")
        }
        Node::Package(id) => case.is_capability(id) || case.engine_member(id).is_some(),
    };
    let edges = graph
        .edges
        .iter()
        .filter(|edge| edge.kind == EdgeKind::Normal);
    edges
        .filter(|edge| binds(edge.to))
        .filter_map(|edge| runtime::of(case, case.layering.package(edge.from)))
        .collect()
}

fn portless(case: &Case<'_>, body: &Body<'_>) -> Draft {
    let message = format!(
        "structure `{}` implements no port of a lower layer",
        body.structure
    );
    let help = "declare in a capability package the port that it binds, and implement it here: what stands behind no \
                port cannot be replaced";
    body.draft(case, message, help.to_owned())
}

/// Only of what the constitution or a manifest registers: others are unknown by name already.
fn roleless(case: &Case<'_>, body: &Body<'_>) -> Option<Draft> {
    let entry = case.law.structure_named(body.structure)?;
    let place = entry.place.filter(|_| entry.role.is_none())?;
    let mut described = case.layering.described(body.structure);
    if described.any(|own| own.role.is_some()) {
        return None;
    }
    let draft = Draft::at(
        place,
        format!("structure `{}` has no execution role", entry.id),
        "say in a line what it binds: `role = \"Binds … ports to …\"`".to_owned(),
    );
    Some(Draft {
        structure: Some(body.structure.to_owned()),
        target: Some(entry.id.clone()),
        ..draft
    })
}
