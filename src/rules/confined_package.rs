//! `confined-package`: a package used outside the layers and packages that `[[confine]]` gives it to.

use std::collections::HashSet;

use crate::constitution::{Confine, Layer};
use crate::facts::graph::{Node, PackageId};
use crate::facts::reference::{Reference, Referent};
use crate::finding::{Because, Level, RuleMeta};
use crate::rules::links::Link;
use crate::rules::reach::{Chain, Step};
use crate::rules::{Case, Draft, Rule, Sink, TESTS, manifest, source, words};

pub(crate) struct ConfinedPackage;

impl Rule for ConfinedPackage {
    const META: &'static RuleMeta = &RuleMeta {
        id: "confined-package",
        trigger: Some(1),
        clause: "VIII.1",
        summary: "a package is used outside the layers or packages it is confined to",
        level: Level::Breach,
        page: include_str!("../../rules/confined-package.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        for confine in &case.law.confines {
            manifest::judge(
                case,
                |package| !split(case, package) && outside(case, confine, package, None),
                |link| step(case, confine, link),
                |package, chain| Some(in_manifest(case, confine, package, chain)),
                sink,
            );
            in_source(case, confine, sink);
        }
    }
}

/// Whether the package's modules have layers of their own and itself has none: its source is judged.
fn split(case: &Case<'_>, package: PackageId) -> bool {
    case.layering.package(package).is_none() && case.layering.has_module_layers(package)
}

/// Only what a manifest itself declares is a use.
fn step(case: &Case<'_>, confine: &Confine, link: Link<'_>) -> Step {
    let declared = matches!(link, Link::Declared(_));
    if declared && confines(confine, case.facts.graph.name(link.target())) {
        Step::End
    } else {
        Step::Stop
    }
}

fn confines(confine: &Confine, name: &str) -> bool {
    let mut globs = confine.packages.iter();
    globs.any(|selector| selector.glob.matches(name))
}

/// Whether code of `package`, in `layer` or else in the package's own, is shut out.
fn outside(case: &Case<'_>, confine: &Confine, package: PackageId, layer: Option<&Layer>) -> bool {
    let name = &case.facts.graph.package(package).name;
    let layer = layer.or_else(|| case.package_layer(package));
    !confine.to.iter().any(|selector| {
        selector.glob.matches(name) || layer.is_some_and(|own| selector.glob.matches(&own.name))
    })
}

fn in_manifest(case: &Case<'_>, confine: &Confine, package: PackageId, chain: &Chain<'_>) -> Draft {
    let name = &case.facts.graph.package(package).name;
    let target = case.facts.graph.name(chain.end());
    let message = format!(
        "`{name}` {}, which is confined to {}",
        manifest::reaches(case, chain),
        places(confine),
    );
    let draft = manifest::draft(
        case,
        package,
        chain,
        message,
        way_out(confine, name, target),
    );
    Draft {
        because: vec![case.why_package(package), line(case, confine, target)],
        ..draft
    }
}

/// Where one package holds several layers, its manifest cannot say which of them uses what.
fn in_source(case: &Case<'_>, confine: &Confine, sink: &mut Sink<'_>) {
    let judged = source::per_module(case, |module| {
        let package = case.module(module).package;
        split(case, package) && outside(case, confine, package, case.module_layer(module))
    });
    if !judged.contains(&true) {
        return;
    }
    let confined: Vec<Option<&str>> = case
        .facts
        .referents
        .iter()
        .map(|referent| owner(case, referent).filter(|name| confines(confine, name)))
        .collect();
    let mut said = HashSet::new();
    for reference in &case.facts.references {
        let target = confined[reference.to.0 as usize];
        if let (true, Some(target)) = (judged[reference.from.0 as usize], target)
            && case
                .facts
                .graph
                .package(case.module(reference.from).package)
                .name
                != target
            && said.insert(reference.place)
        {
            sink.push(at_reference(case, confine, reference, target));
        }
    }
}

/// The package that an item is of.
fn owner<'a>(case: &Case<'a>, referent: &Referent) -> Option<&'a str> {
    let node = match referent {
        Referent::External { package, .. } => Node::External((*package)?),
        Referent::Item { module, .. } => Node::Package(case.module(*module).package),
    };
    Some(case.facts.graph.name(node))
}

fn at_reference(case: &Case<'_>, confine: &Confine, reference: &Reference, target: &str) -> Draft {
    let module = &case.module(reference.from).path;
    let message = format!(
        "`{module}` {}, of `{target}`, which is confined to {}",
        source::names(case, reference),
        places(confine),
    );
    let help = way_out(confine, module, target);
    let draft = Draft::at(reference.place, message, help).of_reference(case, reference);
    Draft {
        target: Some(source::path(case, reference.to)),
        because: vec![case.why_module(reference.from), line(case, confine, target)],
        ..draft
    }
}

fn places(confine: &Confine) -> String {
    let globs = confine.to.iter().map(|selector| &selector.glob);
    words::listed(globs).unwrap_or_else(|| "nowhere".to_owned())
}

fn way_out(confine: &Confine, name: &str, target: &str) -> String {
    format!(
        "declare a port in `{name}` for what `{target}` does there, and implement it in {}",
        places(confine)
    )
}

fn line(case: &Case<'_>, confine: &Confine, target: &str) -> Because {
    Because {
        text: format!(
            "{} confines `{target}` to {}",
            case.law.name,
            places(confine)
        ),
        place: confine.place,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::World;

    const LAW: &str = r#"
        [[confine]]
        packages = ["reqwest*"]
        to = ["runtime", "organ-gate"]
        [[assign]]
        layer = "runtime"
        modules = ["shop::net::**"]
        [[assign]]
        layer = "organ"
        modules = ["shop::core::**"]
    "#;

    #[test]
    fn only_the_layers_and_packages_of_the_list_may_use_it() {
        let world = World::new(
            "package runtime-net
             package organ-gate
             package organism-x
             package odd
             runtime-net > reqwest
             organ-gate > reqwest-middleware
             organism-x > reqwest
             odd ~ reqwest-middleware
             organism-x > runtime-net",
        );
        assert_eq!(
            world.under(LAW).said("confined-package"),
            [
                "7 breach: `organism-x` depends on `reqwest`, which is confined to `runtime` and `organ-gate`",
                "8 warning: `odd` depends on `reqwest-middleware` for its tests, which is confined to `runtime` \
                 and `organ-gate`",
            ]
        );
    }

    #[test]
    fn where_modules_have_layers_source_is_judged_in_the_manifests_stead() {
        let world = World::new(
            "package shop
             module shop::net
             module shop::core
             shop > reqwest
             shop::net uses reqwest::Client
             shop::core uses reqwest::Client",
        );
        assert_eq!(
            world.under(LAW).said("confined-package"),
            [
                "6 breach: `shop::core` names `it`, which is `reqwest::Client`, of `reqwest`, which is confined to \
                 `runtime` and `organ-gate`"
            ]
        );
    }
}
