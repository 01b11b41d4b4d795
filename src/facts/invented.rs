//! Packages that exist in memory only, for trying a law out on them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::facts::graph::{
    DependencySource, Edge, EdgeKind, External, ExternalId, Graph, Node, Package, PackageId,
    Target, TargetKind,
};
use crate::facts::names::{Interest, NameTable};
use crate::facts::source::load::Files;
use crate::facts::source::symbols::Symbols;
use crate::facts::{Facts, hang};
use crate::text::{Place, Sources};

/// A library of one file.
#[derive(Debug, Default)]
pub(crate) struct Invented {
    /// No two have the same.
    pub(crate) name: String,
    pub(crate) crate_name: String,
    pub(crate) source: String,
    /// Package names with what source calls them; those of no invented package lie outside.
    pub(crate) dependencies: BTreeMap<String, String>,
}

/// The packages as a graph, in their order. Their files lie below `nowhere`, which must be no folder, so that
/// none of them is there.
pub(crate) fn graph(nowhere: &Path, packages: &[Invented]) -> (Graph, Sources) {
    let mut sources = Sources::new(nowhere.to_owned());
    let members: BTreeMap<&str, usize> = packages
        .iter()
        .map(|it| it.name.as_str())
        .zip(0..)
        .collect();
    let outside: BTreeSet<&str> = (packages.iter())
        .flat_map(|it| it.dependencies.keys().map(String::as_str))
        .filter(|name| !members.contains_key(name))
        .collect();
    let mut graph = Graph::default();
    for invented in packages {
        let folder = nowhere.join(&invented.name);
        let manifest = sources.add(&folder.join("Cargo.toml"));
        let from = PackageId(graph.packages.len());
        for (name, crate_name) in &invented.dependencies {
            let to = match members.get(name.as_str()) {
                Some(&at) => Node::Package(PackageId(at)),
                None => Node::External(ExternalId(outside.range(..name.as_str()).count())),
            };
            graph.edges.push(Edge {
                from,
                to,
                key: name.clone(),
                crate_name: crate_name.clone(),
                kind: EdgeKind::Normal,
                optional: false,
                requirement: "*".to_owned(),
                source: DependencySource::Registry,
                features: Vec::new(),
                cfg: None,
                place: Place::top(manifest),
                inherited: None,
            });
        }
        graph.packages.push(Package {
            name: invented.name.clone(),
            version: "0.0.0".to_owned(),
            member: true,
            manifest,
            place: Place::top(manifest),
            claim: None,
            features: Vec::new(),
            enables: BTreeMap::new(),
            targets: vec![Target {
                kind: TargetKind::Lib,
                crate_name: invented.crate_name.clone(),
                root: folder.join("lib.rs"),
                edition: 2024,
            }],
            folder,
        });
    }
    graph.externals = outside.into_iter().map(external).collect();
    (graph, sources)
}

fn external(name: &str) -> External {
    External {
        name: name.to_owned(),
        version: None,
        dependencies: Vec::new(),
        foreign: None,
    }
}

/// The facts of invented packages by their graph.
pub(crate) fn facts(
    packages: &[Invented],
    graph: Graph,
    sources: Sources,
    interest: Interest<'_>,
) -> (Facts, NameTable) {
    let symbols = Mutex::new(Symbols::default());
    let roots = graph
        .packages
        .iter()
        .map(|package| package.targets[0].root.clone());
    let texts = packages.iter().map(|invented| invented.source.clone());
    let files = Files::of_texts(roots.zip(texts).collect(), &symbols);
    let symbols = symbols.into_inner().unwrap_or_else(PoisonError::into_inner);
    hang(graph, &files, symbols, sources, interest, 1)
}
