//! `port-bypassed`: runtime code that uses what no port of the capability speaks of.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::reference::{ModuleId, Reference, ReferenceKind, ReferentId};
use crate::facts::source::file::ItemKind;
use crate::finding::{Hop, Level, RuleMeta};
use crate::rules::case::is_runtime;
use crate::rules::ports::short;
use crate::rules::{Case, Draft, Rule, Sink, TESTS, source};
use crate::text::Place;

pub(crate) struct PortBypassed;

impl Rule for PortBypassed {
    const META: &'static RuleMeta = &RuleMeta {
        id: "port-bypassed",
        trigger: Some(3),
        clause: "VIII.3",
        summary: "runtime code uses capability items other than ports and the types that their signatures lead to",
        level: Level::Breach,
        page: include_str!("../../rules/port-bypassed.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        let ports = case.ports();
        // To pass something on under a path of one's own is not yet to use it.
        let reexports = case.facts.surface.reexports.iter();
        let reexports: BTreeSet<Place> = reexports.map(|one| one.place).collect();
        let mut first: BTreeMap<(ModuleId, ReferentId), &Reference> = BTreeMap::new();
        for reference in &case.facts.references {
            if !ports.plane(reference.from).is_some_and(is_runtime) || !is_written(reference.kind) {
                continue;
            }
            let Some(declaration) = ports.declaration(reference.to) else {
                continue;
            };
            // An alias is no more than what it stands for, which is named along with it.
            let spoken = matches!(declaration.kind, ItemKind::Trait | ItemKind::Alias)
                || ports.is_reached(reference.to);
            if spoken
                || !ports.is_capability(declaration.module)
                || reexports.contains(&reference.place)
            {
                continue;
            }
            let key = |one: &Reference| (one.test, one.place);
            let known = first
                .entry((reference.from, reference.to))
                .or_insert(reference);
            if key(reference) < key(known) {
                *known = reference;
            }
        }
        let mut hits: Vec<&Reference> = first.into_values().collect();
        hits.sort_by_key(|reference| reference.place);
        hits.dedup_by_key(|reference| reference.place);
        for reference in hits {
            sink.push(draft(case, reference));
        }
    }
}

/// Whether source itself names the item: what a derive or a macro brings, or a type tells, was named elsewhere.
fn is_written(kind: ReferenceKind) -> bool {
    matches!(
        kind,
        ReferenceKind::Import | ReferenceKind::Path | ReferenceKind::Tokens
    )
}

fn draft(case: &Case<'_>, reference: &Reference) -> Draft {
    let target = source::path(case, reference.to);
    let name = short(&target);
    let declaration = case.ports().declaration(reference.to);
    let what = match declaration.map(|declaration| declaration.kind) {
        Some(ItemKind::Function) => "a function",
        Some(ItemKind::Constant | ItemKind::Static) => "a constant",
        _ => "a type",
    };
    let message = format!(
        "runtime code {}, {what} of the capability that no port's signature leads to",
        source::names(case, reference),
    );
    let to = declaration.map(|declaration| declaration.module);
    let package = to.map_or("the capability", |to| {
        &case.facts.graph.package(case.module(to).package).name
    });
    let help = format!(
        "let `{package}` decide, and hand over what the adapter needs through a port: pass what `{name}` \
         gives in a port's parameters, or return it from a port's method"
    );
    let draft = Draft::at(reference.place, message, help).of_reference(case, reference);
    let mut chain = draft.chain;
    chain.extend(declaration.map(|declaration| Hop {
        place: declaration.place,
        label: format!("`{target}` is declared here"),
    }));
    let mut because = vec![case.why_module(reference.from)];
    because.extend(to.map(|to| case.why_module(to)));
    Draft {
        chain,
        because,
        target: Some(target),
        ..draft
    }
}
