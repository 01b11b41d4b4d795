//! `runtime-reference`: capability source that names an item of the runtime or federation plane.

use crate::constitution::Layer;
use crate::facts::reference::{ModuleId, Reference, Referent};
use crate::finding::{Level, RuleMeta};
use crate::rules::case::is_runtime;
use crate::rules::{Case, Draft, Rule, Sink, TESTS, remedy, source};

pub(crate) struct RuntimeReference;

impl Rule for RuntimeReference {
    const META: &'static RuleMeta = &RuleMeta {
        id: "runtime-reference",
        trigger: Some(1),
        clause: "VIII.1",
        summary: "capability source names an item of the runtime or federation plane",
        level: Level::Breach,
        page: include_str!("../../rules/runtime-reference.md"),
        options: &[TESTS],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        let layers = source::capability_layers(case);
        let above = source::per_module(case, |module| {
            let layer = case.module_layer(module);
            layer.filter(|layer| is_runtime(layer.plane))
        });
        let mut hits: Vec<Hit<'_>> = case
            .facts
            .references
            .iter()
            .filter_map(|reference| {
                let Referent::Item { module, .. } = case.referent(reference.to) else {
                    return None;
                };
                Some(Hit {
                    reference,
                    layer: layers[reference.from.0 as usize]?,
                    to: *module,
                    above: above[module.0 as usize]?,
                })
            })
            .collect();
        hits.sort_by_key(|hit| (hit.reference.place, hit.reference.confidence));
        hits.dedup_by_key(|hit| hit.reference.place);
        for hit in hits {
            sink.push(draft(case, &hit));
        }
    }
}

struct Hit<'a> {
    reference: &'a Reference,
    layer: &'a Layer,
    to: ModuleId,
    above: &'a Layer,
}

fn draft(case: &Case<'_>, hit: &Hit<'_>) -> Draft {
    let message = format!(
        "capability code (layer `{}`) {}, of the {} plane (layer `{}`)",
        hit.layer.name,
        source::names(case, hit.reference),
        hit.above.plane.name(),
        hit.above.name,
    );
    let (from, to) = (case.home(hit.reference.from), case.home(hit.to));
    let help = remedy::invert(case, from, to);
    let draft = Draft::at(hit.reference.place, message, help).of_reference(case, hit.reference);
    Draft {
        target: Some(source::path(case, hit.reference.to)),
        because: vec![
            case.why_module(hit.reference.from),
            case.why_module(hit.to),
            case.why_plane(hit.layer),
        ],
        ..draft
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::World;

    #[test]
    fn the_runtime_and_federation_planes_are_out_of_sight_of_capability_code_alone() {
        let world = World::new(
            "package cell-a
             package runtime-db
             package federation-hub
             package organism-x
             cell_a uses runtime_db::Store
             cell_a tests federation_hub::Update
             organism_x uses runtime_db::Store
             runtime_db uses cell_a::Port",
        );
        assert_eq!(
            world.said("runtime-reference"),
            [
                "5 breach: capability code (layer `cell`) names `it`, which is `runtime_db::Store`, of the runtime \
                 plane (layer `runtime`)",
                "6 warning: capability code (layer `cell`) names `it`, which is `federation_hub::Update`, of the \
                 federation plane (layer `federation`)",
            ]
        );
    }
}
