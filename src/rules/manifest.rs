//! What the laws on manifests share: how a chain of dependencies is told.

use crate::facts::graph::{Edge, EdgeKind, PackageId};
use crate::finding::Hop;
use crate::rules::links::Link;
use crate::rules::reach::{Chain, Reach, Step};
use crate::rules::{Case, Draft, Sink, words};

/// Judges every chain that `step` lets the packages of `judged` reach.
pub(crate) fn judge<'a>(
    case: &Case<'a>,
    judged: impl Fn(PackageId) -> bool,
    step: impl Fn(Link<'a>) -> Step,
    draft: impl Fn(PackageId, &Chain<'a>) -> Option<Draft>,
    sink: &mut Sink<'_>,
) {
    let reach = Reach::new(case.links(), step);
    for package in case.facts.graph.package_ids().filter(|id| judged(*id)) {
        for chain in reach.from(package) {
            if let Some(draft) = draft(package, &chain) {
                sink.push(draft);
            }
        }
    }
}

/// A finding about the chain's first dependency, in the manifest of `package`.
pub(crate) fn draft(
    case: &Case<'_>,
    package: PackageId,
    chain: &Chain<'_>,
    message: String,
    help: String,
) -> Draft {
    let draft = Draft::at(chain.first().place, message, help).of_package(case, package);
    Draft {
        target: Some(case.facts.graph.name(chain.end()).to_owned()),
        cfg: chain.cfg().map(str::to_owned),
        test: chain.is_test(),
        chain: hops(case, &chain.links),
        ..draft
    }
}

/// "depends on `b`", or "reaches `b`" where other packages stand between.
pub(crate) fn reaches(case: &Case<'_>, chain: &Chain<'_>) -> String {
    let end = case.facts.graph.name(chain.end());
    if chain.links.len() > 1 {
        return format!("reaches `{end}`");
    }
    match chain.first().kind {
        EdgeKind::Normal => format!("depends on `{end}`"),
        EdgeKind::Build => format!("depends on `{end}` for its build script"),
        EdgeKind::Dev => format!("depends on `{end}` for its tests"),
    }
}

/// " through `a` and `b`", or nothing for a direct dependency.
pub(crate) fn through(case: &Case<'_>, chain: &Chain<'_>) -> String {
    let between = chain.between().map(|node| case.facts.graph.name(node));
    words::listed(between).map_or_else(String::new, |names| format!(" through {names}"))
}

/// The hops after the first place: where it is inherited from, and every further dependency.
fn hops(case: &Case<'_>, links: &[Link<'_>]) -> Vec<Hop> {
    let mut hops = Vec::new();
    let mut last = None;
    for (at, &link) in links.iter().enumerate() {
        // A lock file without places, or none at all: the hop is shown at the last known place.
        let place = match link {
            Link::Declared(edge) => Some(edge.place),
            Link::Foreign { edge, .. } => Some(edge.place),
            Link::Locked { place, .. } => place.or(last),
        };
        last = place;
        if let (true, Some(place)) = (at > 0, place) {
            let label = label(case, link);
            hops.push(Hop { place, label });
        }
        if let Link::Declared(edge) = link {
            hops.extend(inherited(case, edge));
        }
    }
    hops
}

/// "`a` depends on `b`", with what is particular about it.
pub(crate) fn label(case: &Case<'_>, link: Link<'_>) -> String {
    let graph = &case.facts.graph;
    let (from, to) = (graph.name(link.source()), graph.name(link.target()));
    let (home, key, kind, optional) = match link {
        Link::Declared(edge) => (None, &edge.key, edge.kind, edge.optional),
        Link::Foreign { from, edge } => (case.foreign(from), &edge.key, edge.kind, edge.optional),
        Link::Locked { .. } => return format!("`{from}` depends on `{to}`, by Cargo.lock"),
    };
    let mut label = match home {
        Some(home) => format!(
            "`{from}` of workspace `{}` depends on `{to}`",
            home.workspace
        ),
        None => format!("`{from}` depends on `{to}`"),
    };
    if key != to {
        label += &format!(", which it calls `{key}`");
    }
    match kind {
        EdgeKind::Normal => {}
        EdgeKind::Build => label += ", for its build script",
        EdgeKind::Dev => label += ", for its tests",
    }
    if optional {
        label += ", if a feature asks for it";
    }
    if let Some(cfg) = link.cfg() {
        label += &format!(", under `{cfg}`");
    }
    label
}

/// The hop to `[workspace.dependencies]`, if the dependency comes from there.
pub(crate) fn inherited(case: &Case<'_>, edge: &Edge) -> Option<Hop> {
    let to = case.facts.graph.name(edge.to);
    Some(Hop {
        place: edge.inherited?,
        label: if edge.key == to {
            format!("the workspace declares `{to}` here")
        } else {
            format!("the workspace says here that `{}` is `{to}`", edge.key)
        },
    })
}
