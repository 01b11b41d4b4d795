//! `blind-spot`: what could not be read. It makes the verdict blind, whatever the failing level.

use crate::constitution::Plane;
use crate::facts::reference::Generated;
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
        for generated in &case.facts.generated {
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
    let blind = case
        .facts
        .generated
        .iter()
        .filter(|generated| is_blind(case, generated));
    blind
        .map(|generated| Spot {
            place: generated.place,
            reason: format!("includes {WHAT}; `[generated]` in the constitution acknowledges it"),
        })
        .collect()
}

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
