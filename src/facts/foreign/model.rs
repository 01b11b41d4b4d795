//! The file that `facts export` writes. No source text is in it, no address, and no path of a machine.

use serde::{Deserialize, Serialize};

use crate::facts::graph::{DependencySource, EdgeKind};

/// The version of this form; another one is not read.
pub(crate) const SCHEMA: u32 = 1;
/// What the file says that it is.
pub(crate) const KIND: &str = "facts";

/// What one or more workspaces contribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Export {
    pub(crate) schema: u32,
    pub(crate) kind: String,
    /// Who wrote it.
    pub(crate) tool: String,
    /// In the order of their names.
    pub(crate) workspaces: Vec<Contribution>,
}

impl Export {
    pub(crate) fn new(tool: &str, workspaces: Vec<Contribution>) -> Self {
        Self {
            schema: SCHEMA,
            kind: KIND.to_owned(),
            tool: tool.to_owned(),
            workspaces,
        }
    }
}

/// One workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contribution {
    pub(crate) name: String,
    /// Of all that follows, by [`digest`]: a file that was cut or mended by hand is found out.
    pub(crate) digest: String,
    /// How many places could not be read: what hangs on them is not here.
    pub(crate) blind_spots: usize,
    /// Its members, in the order of their names.
    pub(crate) packages: Vec<Contributed>,
}

/// One package. Paths are relative to its workspace's root; lines and columns are one-based.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contributed {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) manifest: String,
    /// Where the manifest names the package.
    pub(crate) line: u32,
    pub(crate) column: u32,
    /// The layer by which its manifest is judged at home.
    pub(crate) layer: Option<LayerOf>,
    /// Whether layers are given to modules of it: what it holds is not the package's as a whole then.
    pub(crate) layers_within: bool,
    pub(crate) structure: Option<String>,
    /// Of its manifest and its source files.
    pub(crate) digest: String,
    /// In the order of the manifest.
    pub(crate) dependencies: Vec<Dependency>,
    /// Traits of capability code that others can implement.
    pub(crate) ports: Vec<Port>,
    pub(crate) adapters: Vec<Adapter>,
    /// Names of packages outside that its source uses, as far as the law asks for them.
    pub(crate) references: Vec<Across>,
}

/// A layer of the constitution at home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LayerOf {
    pub(crate) name: String,
    pub(crate) plane: String,
    /// Whether its users answer for what it holds.
    pub(crate) carries: bool,
}

/// One declared dependency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dependency {
    pub(crate) package: String,
    /// As cargo writes it: `^0.3`, `*`.
    pub(crate) requirement: String,
    pub(crate) source: DependencySource,
    pub(crate) kind: EdgeKind,
    pub(crate) optional: bool,
    pub(crate) cfg: Option<String>,
    /// What the manifest calls it.
    pub(crate) key: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Port {
    /// `cell_orders::Store`.
    pub(crate) path: String,
    pub(crate) file: String,
    pub(crate) line: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Adapter {
    /// The port that is implemented.
    pub(crate) port: String,
    /// The type that implements it; none for a generic one.
    pub(crate) by: Option<String>,
    pub(crate) file: String,
    pub(crate) line: u32,
}

/// A name of a package outside, at the first place that uses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Across {
    pub(crate) to: String,
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) places: usize,
}

/// The digest of a contribution's content.
pub(crate) fn digest(blind_spots: usize, packages: &[Contributed]) -> String {
    let bytes = serde_json::to_vec(&(blind_spots, packages)).expect("plain data is written");
    blake3::hash(&bytes).to_hex().to_string()
}
