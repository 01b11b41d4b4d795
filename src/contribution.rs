//! What this workspace contributes to the judgement of others: its packages, where they stand, whom they need.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::foreign::{
    Across, Adapter, Contributed, Contribution, Dependency, LayerOf, Port, digest,
};
use crate::facts::graph::{Edge, PackageId};
use crate::facts::reference::{ModuleId, Referent};
use crate::rules::{Case, source};
use crate::text::FileId;

/// The facts of the case's own members, under the name that others are to know the workspace by.
pub(crate) fn of(case: &Case<'_>, name: String) -> Contribution {
    let digests = digests(case);
    let members = case.facts.graph.package_ids();
    let members = members.filter(|id| case.facts.graph.package(*id).member);
    let packages: Vec<Contributed> = members
        .map(|id| Contributed {
            digest: digests[id.0].to_hex().to_string(),
            ..package(case, id)
        })
        .collect();
    let blind_spots = case.facts.blind_spots.len();
    Contribution {
        name,
        digest: digest(blind_spots, &packages),
        blind_spots,
        packages,
    }
}

/// What a workspace is called that nobody gave a name: as its root package, else as the first of its packages.
pub(crate) fn default_name(case: &Case<'_>) -> String {
    let root = case.facts.sources.root();
    let members = case.facts.graph.packages.iter().filter(|it| it.member);
    let named = members.clone().find(|it| it.folder == root);
    let named = named.or_else(|| members.min_by_key(|it| &it.name));
    named.map_or_else(|| "workspace".to_owned(), |it| it.name.clone())
}

fn package(case: &Case<'_>, id: PackageId) -> Contributed {
    let package = case.facts.graph.package(id);
    let own = case.layering.package(id);
    let within = case.layering.has_module_layers(id);
    let mut dependencies: Vec<&Edge> = case.facts.graph.edges_from(id).collect();
    dependencies.sort_by_key(|edge| (edge.place.span, edge.kind));
    Contributed {
        name: package.name.clone(),
        version: package.version.clone(),
        manifest: shown(case, package.manifest),
        line: package.place.span.start.line(),
        column: package.place.span.start.column(),
        layer: case.package_layer(id).map(|layer| LayerOf {
            name: layer.name.clone(),
            plane: layer.plane.name().to_owned(),
            carries: layer.carries,
        }),
        layers_within: within,
        structure: own.and_then(|own| own.structure.clone()),
        digest: String::new(),
        dependencies: dependencies
            .into_iter()
            .map(|edge| dependency(case, edge))
            .collect(),
        ports: ports(case, id),
        adapters: adapters(case, id),
        references: references(case, id),
    }
}

fn dependency(case: &Case<'_>, edge: &Edge) -> Dependency {
    Dependency {
        package: case.facts.graph.name(edge.to).to_owned(),
        requirement: edge.requirement.clone(),
        source: edge.source,
        kind: edge.kind,
        optional: edge.optional,
        cfg: edge.cfg.clone(),
        key: edge.key.clone(),
        line: edge.place.span.start.line(),
        column: edge.place.span.start.column(),
    }
}

fn of_package(case: &Case<'_>, module: ModuleId, id: PackageId) -> bool {
    case.module(module).package == id
}

fn ports(case: &Case<'_>, id: PackageId) -> Vec<Port> {
    let declarations = case.facts.surface.declarations.iter();
    declarations
        .filter(|one| of_package(case, one.module, id) && !one.guard.test)
        .filter(|one| case.ports().port(one.referent).is_some())
        .map(|one| Port {
            path: source::path(case, one.referent),
            file: shown(case, one.place.file),
            line: one.place.span.start.line(),
        })
        .collect()
}

fn adapters(case: &Case<'_>, id: PackageId) -> Vec<Adapter> {
    let implementations = case.facts.surface.implementations.iter();
    implementations
        .filter(|one| of_package(case, one.module, id) && !one.guard.test)
        .filter(|one| !case.ports().is_capability(one.module))
        .filter_map(|one| {
            let port = case.ports().port(one.port?)?;
            Some(Adapter {
                port: source::path(case, port.referent),
                by: one.of.map(|of| source::path(case, of)),
                file: shown(case, one.place.file),
                line: one.place.span.start.line(),
            })
        })
        .collect()
}

/// Each name once, at its first place.
fn references(case: &Case<'_>, id: PackageId) -> Vec<Across> {
    let mut all: BTreeMap<String, Across> = BTreeMap::new();
    for reference in &case.facts.references {
        let outside = matches!(
            case.referent(reference.to),
            Referent::External {
                package: Some(_),
                ..
            }
        );
        if !outside || reference.test || !of_package(case, reference.from, id) {
            continue;
        }
        let to = source::path(case, reference.to);
        let across = all.entry(to.clone()).or_insert_with(|| Across {
            to,
            file: shown(case, reference.place.file),
            line: reference.place.span.start.line(),
            places: 0,
        });
        across.places += 1;
    }
    all.into_values().collect()
}

/// By package, of its manifest and of the sources in its folder that were looked at.
fn digests(case: &Case<'_>) -> Vec<blake3::Hash> {
    let (sources, graph) = (&case.facts.sources, &case.facts.graph);
    let mut files: Vec<BTreeSet<(&str, FileId)>> = vec![BTreeSet::new(); graph.packages.len()];
    let mut folders: Vec<PackageId> = graph.package_ids().collect();
    // The innermost folder first: a package may lie within another one's.
    folders.sort_by_key(|id| std::cmp::Reverse(graph.package(*id).folder.components().count()));
    for file in sources.all() {
        let path = sources.path(file);
        let wanted = path.extension().is_some_and(|it| it == "rs") || path.ends_with("Cargo.toml");
        let mut homes = folders.iter();
        let home = homes.find(|id| path.starts_with(&graph.package(**id).folder));
        if let (true, Some(home)) = (wanted, home) {
            files[home.0].insert((sources.shown(file), file));
        }
    }
    files
        .iter()
        .map(|files| {
            let mut hasher = blake3::Hasher::new();
            for (shown, file) in files {
                let text = sources.read_whole(*file).unwrap_or_default();
                hasher.update(shown.as_bytes());
                hasher.update(blake3::hash(text.as_bytes()).as_bytes());
            }
            hasher.finalize()
        })
        .collect()
}

fn shown(case: &Case<'_>, file: FileId) -> String {
    case.facts.sources.shown(file).to_owned()
}
