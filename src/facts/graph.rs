//! The workspace graph as data: packages, targets, declared edges, what lies outside.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub(crate) use crate::facts::workspace::cargo::{manifest, root_around, target_of};
pub(crate) use crate::facts::workspace::{Workspace, package_name, read};
use crate::text::{FileId, Place, Span};

/// A package whose manifest and sources are read: an index into [`Graph::packages`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub(crate) struct PackageId(pub(crate) usize);

/// A package of which only the name is known: an index into [`Graph::externals`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub(crate) struct ExternalId(pub(crate) usize);

/// Either end of an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub(crate) enum Node {
    Package(PackageId),
    External(ExternalId),
}

/// A member of the workspace, or a package outside it that a member names by path.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// `false`: not a member, read because a path dependency leads there.
    pub(crate) member: bool,
    /// The absolute folder of the manifest.
    pub(crate) folder: PathBuf,
    pub(crate) manifest: FileId,
    /// The place of the package's name in its manifest.
    pub(crate) place: Place,
    /// `[package.metadata.constitution]`: the table's text range within the manifest, if there is one.
    pub(crate) claim: Option<Span>,
    /// Names of `[features]`, each with its place.
    pub(crate) features: Vec<(String, Place)>,
    /// What each feature enables: `dep:sqlx`, `sqlx/postgres`, another feature.
    pub(crate) enables: BTreeMap<String, Vec<String>>,
    pub(crate) targets: Vec<Target>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub(crate) enum TargetKind {
    /// `lib` of any crate type but `proc-macro`.
    Lib,
    ProcMacro,
    Bin,
    Example,
    Test,
    Bench,
    BuildScript,
}

impl TargetKind {
    /// Whether only tests (and benches, and examples) use it.
    pub(crate) fn is_test(self) -> bool {
        matches!(self, Self::Example | Self::Test | Self::Bench)
    }
}

/// One crate of a package.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Target {
    pub(crate) kind: TargetKind,
    /// As source names it: `-` is `_` already.
    pub(crate) crate_name: String,
    /// The absolute path of the root file.
    pub(crate) root: PathBuf,
    /// 2015, 2018, 2021, 2024.
    pub(crate) edition: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EdgeKind {
    Normal,
    Build,
    Dev,
}

/// Where a dependency is had from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DependencySource {
    /// A member of the same workspace.
    Workspace,
    /// A folder outside of it.
    Folder,
    Git,
    Registry,
}

/// One declared dependency.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Edge {
    pub(crate) from: PackageId,
    pub(crate) to: Node,
    /// The key in the manifest.
    pub(crate) key: String,
    /// What source calls it: the key, or the library's own name where the key is not a rename.
    pub(crate) crate_name: String,
    pub(crate) kind: EdgeKind,
    pub(crate) optional: bool,
    /// The versions that will do, as cargo writes them.
    pub(crate) requirement: String,
    pub(crate) source: DependencySource,
    /// The features of it that are asked for.
    pub(crate) features: Vec<String>,
    /// `cfg(windows)`, or `cfg(target = "…")` for a triple.
    pub(crate) cfg: Option<String>,
    /// The key's place in the manifest.
    pub(crate) place: Place,
    /// Its place in the root manifest's `[workspace.dependencies]`, if inherited.
    pub(crate) inherited: Option<Place>,
}

/// A package from a registry or git.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct External {
    pub(crate) name: String,
    /// From `Cargo.lock`, if it is there.
    pub(crate) version: Option<String>,
    /// What it depends on by `Cargo.lock`, with the places in the lock file.
    pub(crate) dependencies: Vec<(Node, Option<Place>)>,
    /// What another workspace's facts say of it.
    pub(crate) foreign: Option<Foreign>,
}

/// A package of another workspace, as that workspace's facts have it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Foreign {
    pub(crate) workspace: String,
    /// By the constitution there; `None` where nothing claims it.
    pub(crate) layer: Option<String>,
    pub(crate) plane: Option<String>,
    /// Whether its users answer for what it holds.
    pub(crate) carries: bool,
    /// Whether its modules have layers of their own.
    pub(crate) layers_within: bool,
    pub(crate) structure: Option<String>,
    /// The place of its name in its manifest.
    pub(crate) place: Place,
    /// In the order of its manifest.
    pub(crate) edges: Vec<ForeignEdge>,
}

/// A dependency that a package of another workspace declares.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct ForeignEdge {
    pub(crate) to: Node,
    pub(crate) key: String,
    pub(crate) kind: EdgeKind,
    pub(crate) optional: bool,
    pub(crate) cfg: Option<String>,
    pub(crate) place: Place,
}

/// Packages in the order of their names, edges in the order of their manifests' lines.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Graph {
    pub(crate) packages: Vec<Package>,
    pub(crate) externals: Vec<External>,
    pub(crate) edges: Vec<Edge>,
}

impl Graph {
    pub(crate) fn package(&self, id: PackageId) -> &Package {
        &self.packages[id.0]
    }

    /// The name of either kind of node.
    pub(crate) fn name(&self, node: Node) -> &str {
        match node {
            Node::Package(id) => &self.packages[id.0].name,
            Node::External(id) => &self.externals[id.0].name,
        }
    }

    pub(crate) fn edges_from(&self, package: PackageId) -> impl Iterator<Item = &Edge> {
        self.edges.iter().filter(move |edge| edge.from == package)
    }

    pub(crate) fn package_ids(&self) -> impl Iterator<Item = PackageId> + use<> {
        (0..self.packages.len()).map(PackageId)
    }
}
