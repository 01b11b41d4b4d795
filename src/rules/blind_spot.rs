//! `blind-spot`: what could not be read. It makes the verdict blind, whatever the failing level.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::constitution::Plane;
use crate::facts::reference::{Generated, ReferenceKind, Referent};
use crate::finding::{BlindSpot as Spot, Level, RuleMeta};
use crate::rules::{Case, Draft, Rule, Sink};
use crate::text::Place;

pub(crate) struct BlindSpot;

impl Rule for BlindSpot {
    const META: &'static RuleMeta = &RuleMeta {
        id: "blind-spot",
        trigger: None,
        clause: "VIII",
        summary: "something that had to be read could not be",
        level: Level::Note,
        page: include_str!("../../rules/blind-spot.md"),
        options: &[],
    };

    /// The facts keep what could not be read, and the verdict counts it there. Code that a build script
    /// writes is a note where the constitution acknowledges it, and outside of capability code; so is a
    /// file that no target reaches.
    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        for &stray in &case.facts.strays {
            let message = format!(
                "no target reaches `{}`, so it was not read",
                case.facts.sources.shown(stray)
            );
            let help = "declare it with `mod` where it belongs, or remove it";
            sink.push(Draft::at(Place::top(stray), message, help.to_owned()));
        }
        for generated in &generated(case) {
            if !is_blind(case, generated) {
                let module = case.module(generated.module);
                let name = &case.facts.graph.package(module.package).name;
                let message = format!("`{name}` includes {WHAT}");
                let help = "nothing to do: what the build script writes is not judged here";
                sink.push(
                    Draft::at(generated.place, message, help.to_owned())
                        .of_module(case, generated.module),
                );
            }
        }
    }
}

const WHAT: &str = "code that a build script writes, which is not there to read";

/// The generated code that the law does not let pass unread.
pub(crate) fn unread(case: &Case<'_>) -> Vec<Spot> {
    let all = generated(case);
    let blind = all.iter().filter(|generated| is_blind(case, generated));
    blind
        .map(|generated| Spot {
            place: generated.place,
            reason: format!("includes {WHAT}; `[generated]` in the constitution acknowledges it"),
        })
        .collect()
}

/// Every inclusion of what a build script writes: `include!`, and macros of packages that do the same within.
fn generated(case: &Case<'_>) -> Vec<Generated> {
    let referents = case.facts.referents.iter();
    let macros: Vec<bool> = referents.map(|referent| includes(case, referent)).collect();
    let mut all = case.facts.generated.clone();
    if macros.contains(&true) {
        let calls = case.facts.references.iter().filter(|reference| {
            macros[reference.to.0 as usize]
                && !matches!(
                    reference.kind,
                    ReferenceKind::Import | ReferenceKind::Inferred
                )
        });
        all.extend(calls.map(|call| Generated {
            module: call.from,
            place: call.place,
        }));
    }
    all.sort_by_key(|generated| (generated.place, generated.module));
    all.dedup_by_key(|generated| generated.place);
    all
}

/// Whether an item is a macro that `rules/generated.toml` lists.
fn includes(case: &Case<'_>, referent: &Referent) -> bool {
    let Referent::External {
        package: Some(package),
        path,
    } = referent
    else {
        return false;
    };
    let name = &case.facts.graph.externals[package.0].name;
    let called = path.last().and_then(|last| last.strip_suffix('!'));
    let known = INCLUDING.macros.get(name);
    known.is_some_and(|known| called.is_some_and(|called| known.iter().any(|it| it == called)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Including {
    macros: BTreeMap<String, Vec<String>>,
}

static INCLUDING: LazyLock<Including> = LazyLock::new(|| {
    toml::from_str(include_str!("../../rules/generated.toml"))
        .expect("the compiled-in table is read by every test of a page")
});

fn is_blind(case: &Case<'_>, generated: &Generated) -> bool {
    let package = case.module(generated.module).package;
    let name = &case.facts.graph.package(package).name;
    let acknowledged = case
        .law
        .generated
        .iter()
        .any(|selector| selector.glob.matches(name));
    let layer = case.module_layer(generated.module);
    !acknowledged && layer.is_some_and(|layer| layer.plane == Plane::Capability)
}
