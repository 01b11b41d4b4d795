//! `unassigned-module`: a module that no layer claims, in a package whose modules have layers.

use crate::facts::graph::TargetKind;
use crate::facts::reference::Module;
use crate::finding::{Because, Level, RuleMeta};
use crate::rules::{Case, Draft, Rule, Sink};

pub(crate) struct UnassignedModule;

impl Rule for UnassignedModule {
    const META: &'static RuleMeta = &RuleMeta {
        id: "unassigned-module",
        trigger: None,
        clause: "V",
        summary: "no layer claims a module of a package whose modules have layers",
        level: Level::Risk,
        page: include_str!("../../rules/unassigned-module.md"),
        options: &[],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        let mut open = vec![false; case.facts.modules.len()];
        for id in case.layering.unclaimed_modules(case.facts) {
            open[id.0 as usize] = is_production(case, case.module(id));
        }
        let mut topmost = vec![None; open.len()];
        let mut below = vec![0_usize; open.len()];
        for at in (0..open.len()).filter(|at| open[*at]) {
            let top = *topmost[at].get_or_insert_with(|| top(case, &open, at));
            if top != at {
                below[top] += 1;
            }
        }
        for at in (0..open.len()).filter(|at| topmost[*at] == Some(*at)) {
            sink.push(draft(case, &case.facts.modules[at], below[at]));
        }
    }
}

/// Whether the module is of a library or binary, and compiled outside of tests.
fn is_production(case: &Case<'_>, module: &Module) -> bool {
    let kind = case.facts.graph.package(module.package).targets[module.target].kind;
    !module.test
        && matches!(
            kind,
            TargetKind::Lib | TargetKind::Bin | TargetKind::ProcMacro
        )
}

/// The outermost open module around `at`.
fn top(case: &Case<'_>, open: &[bool], at: usize) -> usize {
    let mut top = at;
    let mut around = case.facts.modules[at].parent;
    while let Some(id) = around {
        if open[id.0 as usize] {
            top = id.0 as usize;
        }
        around = case.module(id).parent;
    }
    top
}

fn draft(case: &Case<'_>, module: &Module, below: usize) -> Draft {
    let path = &module.path;
    let more = match below {
        0 => String::new(),
        1 => ", nor one module below it".to_owned(),
        many => format!(", nor {many} modules below it"),
    };
    let draft = Draft::at(
        module.place,
        format!("no layer claims module `{path}`{more}, so no law protects it"),
        format!(
            "move its code into a module that a layer claims, or say where it belongs: an `[[assign]]` with \
             `modules = [\"{path}\"]` (`{path}::**` with all below it)"
        ),
    );
    let package = &case.facts.graph.package(module.package).name;
    Draft {
        package: Some(package.clone()),
        module: Some(path.clone()),
        because: vec![Because {
            text: format!(
                "{} gives layers to modules of `{package}` and none to the package itself",
                case.law.name
            ),
            place: None,
        }],
        ..draft
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::World;

    #[test]
    fn the_topmost_module_with_code_speaks_for_those_below_it() {
        let world = World::new(
            "package shop
             module shop::domain
             module shop::util
             module shop::util::text
             module shop::util::text::case
             module shop::other",
        );
        let law = "[[assign]]\nlayer = \"cell\"\nmodules = [\"shop::domain::**\"]";
        assert_eq!(
            world.under(law).said("unassigned-module"),
            [
                "3 risk: no layer claims module `shop::util`, nor 2 modules below it, so no law protects it",
                "6 risk: no layer claims module `shop::other`, so no law protects it",
            ]
        );
    }
}
