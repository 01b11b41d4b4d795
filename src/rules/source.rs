//! What the laws on source share: who names what, told once a place.

use crate::constitution::{Engine, Layer, Plane};
use crate::facts::reference::{ModuleId, Reference, ReferenceKind, Referent, ReferentId};
use crate::rules::{Case, Draft, Sink, remedy};

/// A table by module, so that nothing is looked up for each of a million references.
pub(crate) fn per_module<T>(case: &Case<'_>, mut of: impl FnMut(ModuleId) -> T) -> Vec<T> {
    let ids = 0..u32::try_from(case.facts.modules.len()).unwrap_or(u32::MAX);
    ids.map(|id| of(ModuleId(id))).collect()
}

/// The layers of the modules that are judged as capability source.
pub(crate) fn capability_layers<'a>(case: &Case<'a>) -> Vec<Option<&'a Layer>> {
    per_module(case, |module| {
        case.module_layer(module)
            .filter(|layer| layer.plane == Plane::Capability)
    })
}

/// The referent's full path.
pub(crate) fn path(case: &Case<'_>, referent: ReferentId) -> String {
    match case.referent(referent) {
        Referent::External { path, .. } => path.join("::"),
        Referent::Item { module, item } => {
            let module = &case.module(*module).path;
            match item {
                Some(item) => format!("{module}::{item}"),
                None => module.clone(),
            }
        }
    }
}

/// "names `Pool`, which is `sqlx::PgPool`": what was written, and what it comes to.
pub(crate) fn names(case: &Case<'_>, reference: &Reference) -> String {
    let written = case.names.written(reference);
    let path = path(case, reference.to);
    match reference.kind {
        // What a method or field is of, rather than what it gives.
        ReferenceKind::Inferred if reference.via.is_none() && written.starts_with('.') => {
            format!("uses `{path}` by way of `{written}`")
        }
        ReferenceKind::Inferred => format!("holds `{path}` by way of `{written}`"),
        ReferenceKind::Expansion => format!("calls `{written}`, whose code names `{path}`"),
        _ if written == path => format!("names `{path}`"),
        _ => format!("names `{written}`, which is `{path}`"),
    }
}

/// Says every engine of the categories that `wanted` takes where capability source names it; `says`
/// puts into words what such an engine is.
pub(crate) fn judge_engines(
    case: &Case<'_>,
    wanted: impl Fn(&str) -> bool,
    says: impl Fn(Engine<'_>) -> String,
    sink: &mut Sink<'_>,
) {
    let layers = capability_layers(case);
    let engines = case.engines();
    let mut hits: Vec<(&Reference, &Layer, Engine<'_>)> = case
        .facts
        .references
        .iter()
        .filter_map(|reference| {
            let layer = layers[reference.from.0 as usize]?;
            let engine = engines[reference.to.0 as usize]?;
            wanted(engine.category).then_some((reference, layer, engine))
        })
        .filter(|(reference, layer, engine)| {
            !case.allows(layer, *engine, package(case, reference.to)) && !inside(case, reference)
        })
        .collect();
    hits.sort_by_key(|(reference, _, engine)| {
        (reference.place, engine.matched, reference.confidence)
    });
    hits.dedup_by_key(|(reference, _, engine)| (reference.place, engine.matched));
    for (reference, layer, engine) in hits {
        let what = says(engine);
        sink.push(engine_draft(case, reference, layer, engine, &what));
    }
}

/// The package outside the workspace that the referent is of.
pub(crate) fn package<'a>(case: &Case<'a>, referent: ReferentId) -> Option<&'a str> {
    match case.referent(referent) {
        Referent::External { package, .. } => {
            package.map(|id| case.facts.graph.externals[id.0].name.as_str())
        }
        Referent::Item { .. } => None,
    }
}

/// Whether an engine of the workspace's own names itself.
fn inside(case: &Case<'_>, reference: &Reference) -> bool {
    let Referent::Item { module, .. } = case.referent(reference.to) else {
        return false;
    };
    let (from, to) = (case.module(reference.from), case.module(*module));
    let segments: Vec<&str> = from.path.split("::").collect();
    let whole = from.package == to.package && case.engine_member(to.package).is_some();
    whole || case.law.catalogue.classify_member(&segments).is_some()
}

fn engine_draft(
    case: &Case<'_>,
    reference: &Reference,
    layer: &Layer,
    engine: Engine<'_>,
    what: &str,
) -> Draft {
    let target = path(case, reference.to);
    let message = format!(
        "capability code (layer `{}`) {}, {what}",
        layer.name,
        names(case, reference),
    );
    let from = case.module(reference.from);
    let help = remedy::engine(case, from.package, engine, package(case, reference.to));
    let draft = Draft::at(reference.place, message, help).of_reference(case, reference);
    Draft {
        category: Some(engine.category.to_owned()),
        because: vec![
            case.why_module(reference.from),
            case.why_engine(&target, engine),
            case.why_plane(layer),
        ],
        target: Some(target),
        ..draft
    }
}
