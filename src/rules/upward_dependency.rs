//! `upward-dependency`: a layer that depends on one above it, or on one it may not.

use std::collections::HashSet;

use crate::constitution::{Constitution, LayerId, Plane};
use crate::facts::graph::{Node, PackageId};
use crate::facts::reference::{Reference, Referent};
use crate::finding::{Because, Level, RuleMeta};
use crate::rules::links::Link;
use crate::rules::reach::{Chain, Step};
use crate::rules::{Case, Draft, Rule, Sink, TESTS, layers, manifest, source};

pub(crate) struct UpwardDependency;

impl Rule for UpwardDependency {
    const META: &'static RuleMeta = &RuleMeta {
        id: "upward-dependency",
        trigger: Some(1),
        clause: "VIII.1",
        summary: "a layer depends on a layer that it may not depend on",
        level: Level::Risk,
        page: include_str!("../../rules/upward-dependency.md"),
        options: &[TESTS],
    };

    /// The order of the built-in layers is advice; who writes layers of their own means them.
    fn level(law: &Constitution) -> Level {
        if law.own_layers {
            Level::Breach
        } else {
            Self::META.level
        }
    }

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        manifest::judge(
            case,
            |package| judged(case, package),
            |link| step(case, link),
            |package, chain| in_manifest(case, package, chain),
            sink,
        );
        in_source(case, sink);
    }
}

fn judged(case: &Case<'_>, package: PackageId) -> bool {
    let layer = case.package_layer(package);
    layer.is_some_and(|layer| layer.plane != Plane::Composition)
}

/// Chains end at the first layer; packages without one do not hide what they lead to.
fn step(case: &Case<'_>, link: Link<'_>) -> Step {
    match link.target() {
        Node::Package(id) if case.layering.package(id).is_some() => Step::End,
        Node::Package(id) if case.unassigned(id) => Step::Pass,
        Node::Package(_) => Step::Stop,
        node if case.station(node).is_some() => Step::End,
        Node::External(id)
            if case
                .foreign(id)
                .is_some_and(|foreign| foreign.layers_within) =>
        {
            Step::Stop
        }
        Node::External(_) => Step::Pass,
    }
}

fn in_manifest(case: &Case<'_>, package: PackageId, chain: &Chain<'_>) -> Option<Draft> {
    let end = chain.end();
    let (own, other) = (case.layering.package(package)?, case.station(end)?);
    // A layer that our law does not know is judged by its plane alone, which other laws do.
    let layer = other.id?;
    let one_structure = own.structure.is_some() && own.structure.as_deref() == other.structure;
    if layers::may(case.law, own.layer, layer) || (own.layer == layer && one_structure) {
        return None;
    }
    let graph = &case.facts.graph;
    let (name, target) = (&graph.package(package).name, graph.name(end));
    let message = format!(
        "`{name}` (layer `{}`) {} (layer `{}`){}, {}",
        case.law.layer(own.layer).name,
        manifest::reaches(case, chain),
        other.layer,
        manifest::through(case, chain),
        wrong(case.law, own.layer, layer),
    );
    let help = way_out(case, own.layer, name, target);
    let draft = manifest::draft(case, package, chain, message, help);
    Some(Draft {
        because: vec![
            case.why_package(package),
            case.why_node(end),
            line(case, own.layer),
        ],
        ..draft
    })
}

/// Between modules, at least one of which has a layer that its package has not.
fn in_source(case: &Case<'_>, sink: &mut Sink<'_>) {
    let own: Vec<bool> = source::per_module(case, |module| case.own_module_layer(module));
    if !own.contains(&true) {
        return;
    }
    let layer = source::per_module(case, |module| case.assigned(module).map(|own| own.layer));
    let mut said = HashSet::new();
    for reference in &case.facts.references {
        let Referent::Item { module: to, .. } = case.referent(reference.to) else {
            continue;
        };
        let (from, to) = (reference.from.0 as usize, to.0 as usize);
        let (Some(lower), Some(upper)) = (layer[from], layer[to]) else {
            continue;
        };
        if lower != upper
            && (own[from] || own[to])
            && !layers::may(case.law, lower, upper)
            && said.insert(reference.place)
        {
            sink.push(at_reference(case, reference, lower, upper));
        }
    }
}

fn at_reference(case: &Case<'_>, reference: &Reference, lower: LayerId, upper: LayerId) -> Draft {
    let target = source::path(case, reference.to);
    let message = format!(
        "code of layer `{}` {}: layer `{}`, {}",
        case.law.layer(lower).name,
        source::names(case, reference),
        case.law.layer(upper).name,
        wrong(case.law, lower, upper),
    );
    let module = &case.module(reference.from).path;
    let help = way_out(case, lower, module, &target);
    let mut because = vec![case.why_module(reference.from)];
    if let Referent::Item { module, .. } = case.referent(reference.to) {
        because.push(case.why_module(*module));
    }
    because.push(line(case, lower));
    let draft = Draft::at(reference.place, message, help).of_reference(case, reference);
    Draft {
        target: Some(target),
        because,
        ..draft
    }
}

fn wrong(law: &Constitution, from: LayerId, to: LayerId) -> &'static str {
    if from == to {
        "and no layer may depend on its own under strict layering"
    } else if law.layer(from).may_depend_on.contains(&to) {
        "which skips the layer directly below"
    } else {
        "which it may not depend on"
    }
}

fn way_out(case: &Case<'_>, layer: LayerId, name: &str, target: &str) -> String {
    let lower = match layers::below(case.law, layer) {
        Some(below) => format!("into layer `{}`", case.law.layer(below).name),
        None => "into a neutral package".to_owned(),
    };
    format!(
        "declare a port in `{name}` for what it needs and implement it in `{target}`, or move what both need down {lower}"
    )
}

/// The line of the law that says what the layer may depend on.
fn line(case: &Case<'_>, layer: LayerId) -> Because {
    Because {
        text: format!("{}: {}", case.law.name, layers::allowed(case.law, layer)),
        place: case.law.layer(layer).place,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::World;

    const SHOP: &str = r#"
        extends = "none"
        [[layer]]
        name = "shared"
        plane = "neutral"
        [[layer]]
        name = "domain"
        plane = "capability"
        [[layer]]
        name = "application"
        plane = "capability"
        may-depend-on = ["domain"]
        [[layer]]
        name = "interface"
        plane = "capability"
        may-depend-on = ["domain", "application"]
        [[layer]]
        name = "infrastructure"
        plane = "runtime"
        may-depend-on = ["domain", "application"]
        [[layer]]
        name = "main"
        plane = "composition"
        [[assign]]
        layer = "shared"
        packages = ["shared*"]
        [[assign]]
        layer = "domain"
        packages = ["domain*"]
        modules = ["shop::domain::**"]
        [[assign]]
        layer = "application"
        packages = ["application*"]
        modules = ["shop::application::**"]
        [[assign]]
        layer = "interface"
        packages = ["interface*"]
        [[assign]]
        layer = "infrastructure"
        packages = ["infra*"]
        modules = ["shop::infra::**"]
        [[assign]]
        layer = "main"
        packages = ["main*"]
    "#;

    fn under_shop(world: &str, strict: bool) -> Vec<String> {
        let strict = format!("strict-layering = {strict}\n");
        World::new(world)
            .under(&(strict + SHOP))
            .said("upward-dependency")
    }

    #[test]
    fn the_built_in_order_is_advice_and_ones_own_is_law() {
        let world = "package cell-a
             package organ-b
             package organism-x
             cell-a > organ-b
             organ-b > cell-a
             cell-a > organism-x
             organism-x > organ-b";
        assert_eq!(
            World::new(world).said("upward-dependency"),
            [
                "4 risk: `cell-a` (layer `cell`) depends on `organ-b` (layer `organ`), which it may not depend on",
                "6 risk: `cell-a` (layer `cell`) depends on `organism-x` (layer `organism`), which it may not \
                 depend on",
            ]
        );
        let own = under_shop(
            "package domain\npackage application\ndomain > application",
            false,
        );
        assert_eq!(
            own,
            [
                "3 breach: `domain` (layer `domain`) depends on `application` (layer `application`), which it may \
              not depend on"
            ]
        );
    }

    #[test]
    fn unassigned_packages_hide_nothing_and_neutral_ones_are_for_all() {
        let own = under_shop(
            "package domain
             package shared
             package odd
             package application
             domain > shared
             domain > odd
             odd > application",
            false,
        );
        assert_eq!(
            own,
            [
                "6 breach: `domain` (layer `domain`) reaches `application` (layer `application`) through `odd`, \
              which it may not depend on"
            ]
        );
    }

    #[test]
    fn strict_layering_forbids_to_skip_and_ones_own() {
        let world = "package domain-a
             package domain-b
             package application
             package interface
             package infra
             package main
             package shared
             domain-a > domain-b
             application > domain-a
             interface > application
             interface > domain-a
             infra > domain-a
             infra > application
             main > interface
             shared > shared
             application > shared";
        assert!(under_shop(world, false).is_empty());
        assert_eq!(
            under_shop(world, true),
            [
                "8 breach: `domain-a` (layer `domain`) depends on `domain-b` (layer `domain`), and no layer may \
                 depend on its own under strict layering",
                "11 breach: `interface` (layer `interface`) depends on `domain-a` (layer `domain`), which skips \
                 the layer directly below",
            ]
        );
    }

    #[test]
    fn modules_obey_the_same_table_and_leave_the_runtime_plane_to_its_own_law() {
        let world = World::new(
            "package shop
             module shop::domain
             module shop::application
             module shop::infra
             shop::domain uses shop::application::Service
             shop::application uses shop::domain::Order
             shop::domain uses shop::infra::Db
             shop::domain tests shop::application::Service
             shop::infra uses shop::domain::Order",
        );
        let mut lines = world.under(SHOP).lines();
        lines.retain(|line| !line.contains("dead-selector"));
        assert_eq!(
            lines,
            [
                "5 upward-dependency breach",
                "7 runtime-reference breach",
                "8 upward-dependency warning",
            ]
        );
    }
}
