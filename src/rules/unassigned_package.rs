//! `unassigned-package`: a package that no layer claims.

use crate::finding::{Because, Level, RuleMeta};
use crate::rules::{Case, Draft, Rule, Sink};

pub(crate) struct UnassignedPackage;

impl Rule for UnassignedPackage {
    const META: &'static RuleMeta = &RuleMeta {
        id: "unassigned-package",
        trigger: None,
        clause: "V",
        summary: "no layer claims a package",
        level: Level::Risk,
        page: include_str!("../../rules/unassigned-package.md"),
        options: &[],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        let graph = &case.facts.graph;
        for id in graph.package_ids().filter(|id| case.unassigned(*id)) {
            let package = graph.package(id);
            let name = &package.name;
            let draft = Draft::at(
                package.place,
                format!("no layer claims package `{name}`, so no law protects it"),
                format!(
                    "say where `{name}` belongs: `layer` in its `[package.metadata.constitution]`, or an \
                     `[[assign]]` whose `packages` or `paths` match it; shared code belongs to a neutral layer"
                ),
            );
            let because = Because {
                text: format!(
                    "{}: neither the package's metadata nor an assignment matches `{name}`; whoever uses it \
                     answers for what it carries",
                    case.law.name
                ),
                place: None,
            };
            sink.push(Draft {
                because: vec![because],
                ..draft.of_package(case, id)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::World;

    #[test]
    fn a_package_whose_modules_have_layers_is_claimed_by_them() {
        let world = World::new("package cell-a\npackage odd\npackage shop\nmodule shop::domain");
        let law = "[[assign]]\nlayer = \"cell\"\nmodules = [\"shop::domain::**\", \"shop::gone\"]";
        assert_eq!(
            world.under(law).lines(),
            ["2 unassigned-package risk", "3 dead-selector risk"]
        );
    }
}
