//! `reverse-dependency`: a capability package whose manifest reaches a runtime or federation package.

use crate::facts::graph::{Node, PackageId};
use crate::finding::{Level, RuleMeta};
use crate::rules::links::Link;
use crate::rules::reach::{Chain, Step};
use crate::rules::{Case, Draft, Rule, Sink, TESTS, manifest, remedy};

pub(crate) struct ReverseDependency;

impl Rule for ReverseDependency {
    const META: &'static RuleMeta = &RuleMeta {
        id: "reverse-dependency",
        trigger: Some(1),
        clause: "VIII.1",
        summary: "a capability package depends on a runtime or federation package",
        level: Level::Breach,
        page: include_str!("../../rules/reverse-dependency.md"),
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

fn step(case: &Case<'_>, link: Link<'_>) -> Step {
    match link.target() {
        node if case.node_is_above(node) => Step::End,
        node if !case.node_carries(node) => Step::Stop,
        Node::Package(_) => Step::Pass,
        // An engine is a finding of its own, and what it drags in adds nothing.
        Node::External(id) => {
            let name = &case.facts.graph.externals[id.0].name;
            match case.law.catalogue.engine_package(name) {
                Some(_) => Step::Stop,
                None => Step::Pass,
            }
        }
    }
}

fn draft(case: &Case<'_>, package: PackageId, chain: &Chain<'_>) -> Option<Draft> {
    let end = chain.end();
    let (own, reached) = (case.package_layer(package)?, case.station(end)?);
    let name = &case.facts.graph.package(package).name;
    let target = case.facts.graph.name(end);
    let message = format!(
        "capability package `{name}` (layer `{}`) {} (layer `{}`, {} plane){}",
        own.name,
        manifest::reaches(case, chain),
        reached.layer,
        reached.plane.name(),
        manifest::through(case, chain),
    );
    let help = remedy::invert(case, name, target);
    let draft = manifest::draft(case, package, chain, message, help);
    Some(Draft {
        because: vec![
            case.why_package(package),
            case.why_node(end),
            case.why_plane(own),
        ],
        ..draft
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::World;

    #[test]
    fn a_runtime_package_is_reached_through_what_carries() {
        let world = "package cell-a
             package shared
             package odd
             package organism-x
             package runtime-db
             package federation-hub
             cell-a > shared
             cell-a ! odd
             odd > federation-hub
             shared > runtime-db
             runtime-db > cell-a";
        let law = |carries: bool| {
            format!(
                "[[layer]]\nname = \"common\"\nplane = \"neutral\"\ncarries = {carries}\n\
                 [[assign]]\nlayer = \"common\"\npackages = [\"shared\"]"
            )
        };
        let through_odd = "8 breach: capability package `cell-a` (layer `cell`) reaches `federation-hub` (layer \
                           `federation`, federation plane) through `odd`";
        let through_shared = "7 breach: capability package `cell-a` (layer `cell`) reaches `runtime-db` (layer \
                              `runtime`, runtime plane) through `shared`";
        let said = |carries| {
            World::new(world)
                .under(&law(carries))
                .said("reverse-dependency")
        };
        assert_eq!(said(true), [through_shared, through_odd]);
        assert_eq!(said(false), [through_odd]);
    }

    #[test]
    fn tests_are_a_warning_unless_the_rule_is_told_otherwise() {
        let world = "package cell-a\npackage runtime-db\ncell-a ~ runtime-db";
        let told = "[rules.reverse-dependency]\ntests = \"breach\"";
        let off = "[rules.reverse-dependency]\nlevel = \"off\"";
        assert_eq!(World::new(world).lines(), ["3 reverse-dependency warning"]);
        let under = |law| World::new(world).under(&format!("extends = \"webwaka\"\n{law}"));
        assert_eq!(under(told).lines(), ["3 reverse-dependency breach"]);
        assert!(under(off).lines().is_empty());
    }

    #[test]
    fn the_way_out_names_packages_that_are_there() {
        let world = World::new(
            "package cell-a
             package organism-x
             package runtime-db
             runtime-db > sqlx
             cell-a > runtime-db
             cell-a > sqlx",
        );
        let helps: Vec<String> = world
            .findings()
            .into_iter()
            .map(|found| found.help)
            .collect();
        assert_eq!(
            helps,
            [
                "declare a port in `cell-a` for what it needs, implement it in `runtime-db`, and wire the two in \
                 `organism-x`",
                "declare a repository port in `cell-a`, and move the use of `sqlx` behind it, into `runtime-db`",
            ]
        );
    }
}
