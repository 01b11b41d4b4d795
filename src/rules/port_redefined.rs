//! `port-redefined`: runtime code that declares a capability trait or type once more.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::reference::{ReferenceKind, ReferentId};
use crate::facts::source::file::{ItemKind, MemberKind};
use crate::facts::surface::Declaration;
use crate::finding::{Confidence, Hop, Level, RuleMeta};
use crate::rules::case::is_runtime;
use crate::rules::ports::{Ports, is_error, short};
use crate::rules::{Case, Draft, Rule, Sink, TESTS, source};

pub(crate) struct PortRedefined;

impl Rule for PortRedefined {
    const META: &'static RuleMeta = &RuleMeta {
        id: "port-redefined",
        trigger: Some(3),
        clause: "VIII.3",
        summary: "runtime code declares a trait or type again under the name and shape of a capability one",
        level: Level::Breach,
        page: include_str!("../../rules/port-redefined.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        let ports = case.ports();
        let mut originals: BTreeMap<String, Vec<&Declaration<ReferentId>>> = BTreeMap::new();
        for one in &case.facts.surface.declarations {
            if has_shape(one.kind)
                && ports.is_capability(one.module)
                && ports.shows(one.module, one.visibility)
                && !one.guard.test
            {
                let path = source::path(case, one.referent);
                originals
                    .entry(short(&path).to_owned())
                    .or_default()
                    .push(one);
            }
        }
        let mut told = BTreeSet::new();
        for one in &case.facts.surface.declarations {
            if !has_shape(one.kind) || !ports.plane(one.module).is_some_and(is_runtime) {
                continue;
            }
            let path = source::path(case, one.referent);
            // An adapter's errors are its own, and `Error` is what most call theirs.
            if one.kind != ItemKind::Trait && is_error(short(&path)) {
                continue;
            }
            let same = originals.get(short(&path)).into_iter().flatten();
            let same: Vec<_> = same
                .copied()
                .filter(|original| alike(ports, original, one))
                .collect();
            let form = same.iter().find(|original| is_form(case, original, one));
            if let Some(original) = form.or(same.first())
                && told.insert(one.place)
            {
                sink.push(draft(case, one, original, form.is_some()));
            }
        }
    }
}

/// Whether one of the types is only another form of the other, as on a wire: it is made from it by `From`, or
/// names it in an attribute (`#[graphql(remote = "…")]`).
fn is_form(
    case: &Case<'_>,
    original: &Declaration<ReferentId>,
    one: &Declaration<ReferentId>,
) -> bool {
    let ports = case.ports();
    let made = |of: ReferentId, from: ReferentId| {
        ports
            .implementations(of)
            .any(|it| it.foreign && ports.mentions(it.given).contains(&from))
    };
    let (original, mirror) = (original.referent, one.referent);
    let mut references = case.facts.references.iter();
    one.kind != ItemKind::Trait
        && (made(mirror, original)
            || made(original, mirror)
            || references.any(|it| {
                it.kind == ReferenceKind::Tokens && it.from == one.module && it.to == original
            }))
}

fn has_shape(kind: ItemKind) -> bool {
    matches!(
        kind,
        ItemKind::Trait | ItemKind::Struct | ItemKind::Enum | ItemKind::Union
    )
}

/// Whether two of one name have one shape, too: they share at least three of four of all that either has.
/// A trait is its methods with how many they take, a type the names of its fields or variants. A type of a
/// single part, or of parts without names, says too little to be known again.
fn alike(
    ports: &Ports<'_>,
    one: &Declaration<ReferentId>,
    other: &Declaration<ReferentId>,
) -> bool {
    if one.kind != other.kind {
        return false;
    }
    let (one_shape, other_shape) = (shape(ports, one), shape(ports, other));
    let shared = one_shape.intersection(&other_shape).count();
    let all = one_shape.union(&other_shape).count();
    let least = if one.kind == ItemKind::Trait { 1 } else { 2 };
    shared >= least && shared * 4 >= all * 3
}

fn shape<'a>(ports: &Ports<'a>, one: &Declaration<ReferentId>) -> BTreeSet<(&'a str, usize)> {
    let members = ports.members(one.members).iter();
    let named = members.filter(|member| {
        member.kind != MemberKind::AssociatedType
            && !member
                .name
                .starts_with(|first: char| first.is_ascii_digit())
    });
    named
        .map(|member| (member.name.as_str(), member.arity))
        .collect()
}

fn draft(
    case: &Case<'_>,
    one: &Declaration<ReferentId>,
    original: &Declaration<ReferentId>,
    form: bool,
) -> Draft {
    let path = source::path(case, original.referent);
    let name = short(&path);
    let (what, parts) = match one.kind {
        ItemKind::Trait => ("trait", "methods"),
        ItemKind::Enum => ("enum", "variants"),
        _ => ("type", "fields"),
    };
    let message = format!(
        "runtime code declares the {what} `{name}` again: `{path}` has the same name and the same {parts}"
    );
    let help = match one.kind {
        ItemKind::Trait => format!("delete it, and implement `{path}` itself"),
        _ => format!(
            "use `{path}` itself; what the engine needs in a form of its own goes by a name of its own, \
             such as `{name}Row`, with conversions to and from `{name}`"
        ),
    };
    Draft {
        target: Some(path.clone()),
        confidence: if form {
            Confidence::Likely
        } else {
            Confidence::Certain
        },
        doubtful: form,
        chain: vec![Hop {
            place: original.place,
            label: format!("`{path}` is declared here"),
        }],
        because: vec![
            case.why_module(one.module),
            case.why_module(original.module),
        ],
        ..Draft::at(one.place, message, help).of_module(case, one.module)
    }
    .guarded(&one.guard)
}
