//! `federation-contract`: a runtime structure that lacks an interface which the federation needs.

use std::collections::BTreeMap;

use crate::constitution::Plane;
use crate::finding::{Confidence, Level, RuleMeta};
use crate::rules::federation::{CONTRACT, Names, names};
use crate::rules::runtime::{self, Body};
use crate::rules::{Case, Draft, Rule, Sink, source};

pub(crate) struct FederationContract;

impl Rule for FederationContract {
    const META: &'static RuleMeta = &RuleMeta {
        id: "federation-contract",
        trigger: None,
        clause: "X",
        summary: "a runtime structure lacks an interface that the federation needs",
        level: Level::Risk,
        page: include_str!("../../rules/federation-contract.md"),
        options: &[
            names(
                "instance-metadata",
                "more names of traits that expose instance metadata",
            ),
            names(
                "signed-update",
                "more names of traits that ingest signed updates",
            ),
            names(
                "compliance",
                "more names of traits that verify compliance remotely",
            ),
            names(
                "rollback",
                "more names of traits that roll back failed updates",
            ),
        ],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        let names = Names::contract(case, Self::META);
        let bodies = runtime::bodies(case);
        let mut exposed: BTreeMap<&str, [bool; CONTRACT.len()]> = BTreeMap::new();
        for one in &case.facts.surface.implementations {
            let Some(structure) = runtime::of_module(case, one.module) else {
                continue;
            };
            if one.guard.test {
                continue;
            }
            let full = one.port.map(|port| source::path(case, port));
            let declared = full.as_deref().map(crate::rules::ports::short);
            for (at, (key, _)) in CONTRACT.iter().enumerate() {
                let mut called = declared.into_iter().chain(one.named.as_deref());
                if called.any(|name| names.has(key, name)) {
                    exposed.entry(structure).or_default()[at] = true;
                }
            }
        }
        let federated = is_federated(case);
        for body in &bodies {
            let exposes = exposed.get(body.structure).copied().unwrap_or_default();
            let asked = federated || exposes.contains(&true) || body.is_at_work(case);
            if !asked || body.is_stopped(case) || exposes.iter().all(|it| *it) {
                continue;
            }
            let lacks = CONTRACT.iter().zip(exposes);
            let lacks: Vec<(&str, &str)> =
                lacks.filter(|(_, has)| !has).map(|(one, _)| *one).collect();
            sink.push(draft(case, body, &names, &lacks));
        }
    }
}

/// Whether the workspace has a federation plane of its own.
fn is_federated(case: &Case<'_>) -> bool {
    let mut packages = case.facts.graph.package_ids();
    packages.any(|id| {
        let layer = case.package_layer(id);
        layer.is_some_and(|layer| layer.plane == Plane::Federation)
    })
}

fn draft(case: &Case<'_>, body: &Body<'_>, names: &Names, lacks: &[(&str, &str)]) -> Draft {
    let what: Vec<&str> = lacks.iter().map(|(_, what)| *what).collect();
    let traits: Vec<String> = lacks
        .iter()
        .filter_map(|(key, _)| names.of(key).first())
        .map(|name| format!("`{}`", name.trim_end_matches('*')))
        .collect();
    let message = format!(
        "structure `{}` does not expose {} to the federation",
        body.structure,
        what.join(", ")
    );
    let help = format!(
        "implement {}, or name in `[rules.federation-contract]` the traits that stand for it here",
        traits.join(", ")
    );
    let keys: Vec<&str> = lacks.iter().map(|(key, _)| *key).collect();
    Draft {
        confidence: Confidence::Likely,
        target: Some(keys.join(", ")),
        ..body.draft(case, message, help)
    }
}
