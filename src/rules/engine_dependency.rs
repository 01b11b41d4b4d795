//! `engine-dependency`: a capability package that depends on an engine, through others or by itself.

use crate::constitution::Engine;
use crate::facts::graph::{Node, PackageId};
use crate::finding::{Level, RuleMeta};
use crate::rules::links::Link;
use crate::rules::reach::{Chain, Step};
use crate::rules::{Case, Draft, Rule, Sink, TESTS, manifest, remedy};

pub(crate) struct EngineDependency;

impl Rule for EngineDependency {
    const META: &'static RuleMeta = &RuleMeta {
        id: "engine-dependency",
        trigger: Some(1),
        clause: "VIII.1",
        summary: "a capability package depends on an infrastructure engine",
        level: Level::Breach,
        page: include_str!("../../rules/engine-dependency.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        manifest::judge(
            case,
            |package| case.is_capability(package),
            |link| step(case, link),
            |package, chain| draft(case, package, chain),
            sink,
        );
    }
}

/// How a chain goes on from a link, on its way to an engine.
pub(crate) fn step(case: &Case<'_>, link: Link<'_>) -> Step {
    if engine(case, link).is_some() {
        return Step::End;
    }
    if case.node_carries(link.target()) {
        Step::Pass
    } else {
        Step::Stop
    }
}

/// The engine that the link leads to. A package that is read is one only by the constitution's own
/// word, whatever its name; a facade is one only for who names it: half of all packages outside carry
/// one along.
pub(crate) fn engine<'a>(case: &Case<'a>, link: Link<'_>) -> Option<Engine<'a>> {
    match link.target() {
        // A runtime package that is an engine is first of all of the runtime plane.
        Node::Package(id) => case.engine_member(id).filter(|_| !case.is_above(id)),
        Node::External(_) if case.node_is_above(link.target()) => None,
        Node::External(id) => {
            let catalogue = &case.law.catalogue;
            let name = &case.facts.graph.externals[id.0].name;
            // What another workspace's manifest names is named; a lock file only tells what comes along.
            let outside = matches!(link, Link::Locked { .. });
            let carried = outside && catalogue.is_facade(name);
            catalogue.engine_package(name).filter(|_| !carried)
        }
    }
}

fn draft(case: &Case<'_>, package: PackageId, chain: &Chain<'_>) -> Option<Draft> {
    let engine = engine(case, *chain.links.last()?)?;
    let layer = case.package_layer(package)?;
    let target = case.facts.graph.name(chain.end());
    if case.allows(layer, engine, Some(target)) {
        return None;
    }
    let name = &case.facts.graph.package(package).name;
    let message = format!(
        "capability package `{name}` (layer `{}`) {}, {}{}",
        layer.name,
        manifest::reaches(case, chain),
        engine.what,
        manifest::through(case, chain),
    );
    let help = remedy::engine(case, package, engine, Some(target));
    let draft = manifest::draft(case, package, chain, message, help);
    Some(Draft {
        category: Some(engine.category.to_owned()),
        because: vec![
            case.why_package(package),
            case.why_engine(target, engine),
            case.why_plane(layer),
        ],
        ..draft
    })
}
