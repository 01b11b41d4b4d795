//! The ways out: which port to declare, and which package is to implement it.

use crate::constitution::{Engine, Plane};
use crate::facts::graph::{Node, PackageId};
use crate::rules::Case;

/// The structure of the registry that binds a category's ports.
const BINDS: &[(&str, &str)] = &[
    ("database", "RUNTIME-ADAPTER-DATABASE"),
    ("cache", "RUNTIME-ADAPTER-DATABASE"),
    ("message-broker", "RUNTIME-ADAPTER-MESSAGE-BROKER"),
    ("transport", "RUNTIME-ADAPTER-HTTP-TRANSPORT"),
    ("external-service", "RUNTIME-ADAPTER-EXTERNAL-SERVICE"),
    ("cloud", "RUNTIME-ADAPTER-EXTERNAL-SERVICE"),
    ("orchestration", "RUNTIME-DEPLOYMENT-ORCHESTRATOR"),
    ("storage", "RUNTIME-ADAPTER-STORAGE"),
    ("observability", "RUNTIME-ADAPTER-OBSERVABILITY"),
    ("configuration", "RUNTIME-CONFIGURATION-INJECTOR"),
    ("secrets", "RUNTIME-SECRETS-MANAGER"),
];

/// For a capability that uses an engine: a port there, and the engine behind it. `used` is the
/// engine's package, if it has one.
pub(crate) fn engine(
    case: &Case<'_>,
    package: PackageId,
    engine: Engine<'_>,
    used: Option<&str>,
) -> String {
    let name = &case.facts.graph.package(package).name;
    let adapter = home(case, engine, used);
    let what = used.map_or_else(
        || "this use".to_owned(),
        |used| format!("the use of `{used}`"),
    );
    format!(
        "declare {} in `{name}`, and move {what} behind it, into {adapter}",
        engine.port
    )
}

/// The package where the adapter to an engine belongs; `used` as for [`engine`].
pub(crate) fn home(case: &Case<'_>, engine: Engine<'_>, used: Option<&str>) -> String {
    let mut binds = BINDS.iter();
    let structure = binds.find(|(category, _)| *category == engine.category);
    adapter(case, structure.map(|(_, structure)| *structure), used)
}

/// For a capability that knows a runtime package: turn the dependency round.
pub(crate) fn invert(case: &Case<'_>, name: &str, target: &str) -> String {
    format!(
        "declare a port in `{name}` for what it needs, implement it in `{target}`, and wire the two in {}",
        composer(case)
    )
}

/// The package that should hold the adapter: one that holds the engine already, else one of the
/// category's structure, else the layer where it would live.
fn adapter(case: &Case<'_>, structure: Option<&str>, engine: Option<&str>) -> String {
    let graph = &case.facts.graph;
    let runtime = |id: &PackageId| {
        case.package_layer(*id)
            .is_some_and(|layer| layer.plane == Plane::Runtime)
    };
    let holds = |id: &PackageId| {
        case.links()
            .of(Node::Package(*id))
            .iter()
            .any(|link| !link.is_dev() && Some(graph.name(link.target())) == engine)
    };
    let binds = |id: &PackageId| {
        let own = case
            .layering
            .package(*id)
            .and_then(|own| own.structure.as_deref());
        matches!((own, structure), (Some(own), Some(code)) if own.starts_with(code))
    };
    let found = graph
        .package_ids()
        .filter(runtime)
        .find(holds)
        .or_else(|| graph.package_ids().filter(runtime).find(binds));
    if let Some(id) = found {
        return format!("`{}`", graph.package(id).name);
    }
    let registered = structure.filter(|code| {
        let mut ids = case.law.structures.iter();
        ids.any(|structure| structure.id.starts_with(code))
    });
    match (registered, layer_of(case, Plane::Runtime)) {
        (Some(code), Some(layer)) => format!("a package of layer `{layer}` for {code}"),
        (None, Some(layer)) => format!("a package of layer `{layer}`"),
        (_, None) => "a package of the runtime plane".to_owned(),
    }
}

/// Where adapters are wired.
fn composer(case: &Case<'_>) -> String {
    let graph = &case.facts.graph;
    let composes = |id: &PackageId| {
        case.package_layer(*id)
            .is_some_and(|layer| layer.plane == Plane::Composition)
    };
    match graph.package_ids().find(composes) {
        Some(id) => format!("`{}`", graph.package(id).name),
        None => "the binary that composes them".to_owned(),
    }
}

fn layer_of<'a>(case: &Case<'a>, plane: Plane) -> Option<&'a str> {
    let layers = &case.law.layers;
    let found = layers.iter().find(|layer| layer.plane == plane)?;
    Some(&found.name)
}
