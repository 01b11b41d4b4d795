//! `behaviour-overridden`: an adapter that replaces a provided method of a port.

use crate::facts::reference::ReferentId;
use crate::facts::source::file::{Body, MemberKind};
use crate::facts::surface::{Implementation, Member};
use crate::finding::{Confidence, Hop, Level, RuleMeta};
use crate::rules::case::is_runtime;
use crate::rules::ports::short;
use crate::rules::{Case, Draft, Rule, Sink, TESTS, source};

pub(crate) struct BehaviourOverridden;

impl Rule for BehaviourOverridden {
    const META: &'static RuleMeta = &RuleMeta {
        id: "behaviour-overridden",
        trigger: Some(3),
        clause: "VIII.3",
        summary: "an adapter overrides a provided method of a capability trait",
        level: Level::Breach,
        page: include_str!("../../rules/behaviour-overridden.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        let ports = case.ports();
        let mut told = std::collections::BTreeSet::new();
        for one in &case.facts.surface.implementations {
            let Some(port) = one.port.and_then(|port| ports.port(port)) else {
                continue;
            };
            if !ports.plane(one.module).is_some_and(is_runtime) {
                continue;
            }
            let declared = ports.members(port.members);
            for method in ports.members(one.members) {
                let provided = declared.iter().find(|it| it.name == method.name);
                let Some(provided) = provided.filter(|it| overrides(it, method)) else {
                    continue;
                };
                if told.insert(method.place) {
                    sink.push(draft(case, one, port.referent, provided, method));
                }
            }
        }
    }
}

/// A decorator has to hand a provided method on, lest it hide what the adapter behind it was given.
///
/// What is provided without saying anything is a hook, there for adapters to fill.
fn overrides(provided: &Member, method: &Member) -> bool {
    provided.kind == MemberKind::Method
        && method.kind == MemberKind::Method
        && matches!(provided.body, Body::Fixed | Body::Own)
        && method.body == Body::Own
}

fn draft(
    case: &Case<'_>,
    one: &Implementation<ReferentId>,
    port: ReferentId,
    provided: &Member,
    method: &Member,
) -> Draft {
    let path = source::path(case, port);
    let (port, name) = (short(&path), &method.name);
    // A fixed value may be what holds for all adapters, or where each begins.
    let fixed = provided.body == Body::Fixed;
    let what = if fixed {
        "answers with a fixed value"
    } else {
        "provides itself"
    };
    let message = format!("the adapter overrides `{name}`, which capability trait `{port}` {what}");
    let help = format!(
        "leave `{name}` as `{port}` provides it; if adapters must differ there, make `{port}` require it \
         instead, or split what differs off into a method of its own"
    );
    Draft {
        target: Some(format!("{path}::{name}")),
        chain: vec![Hop {
            place: provided.place,
            label: format!("`{port}` provides `{name}` here"),
        }],
        confidence: if fixed {
            Confidence::Likely
        } else {
            Confidence::Certain
        },
        doubtful: fixed,
        because: vec![case.why_module(one.module)],
        ..Draft::at(method.place, message, help).of_module(case, one.module)
    }
    .guarded(&method.guard)
}
