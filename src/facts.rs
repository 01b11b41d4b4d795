//! What is true of a workspace: its graph, its modules, its names. Facts know no rules.

mod cargo;
pub(crate) mod graph;
mod lock;
mod manifest;
mod outline;
mod redirect;
pub(crate) mod reference;
mod resolve;
#[cfg(test)]
mod scratch;
mod wanted;
mod workspace;

use std::path::PathBuf;

use crate::finding::BlindSpot;
use crate::text::Sources;

/// Everything that the laws judge.
pub(crate) struct Facts {
    pub(crate) sources: Sources,
    /// Cargo's target directory, for the cache.
    pub(crate) target_directory: PathBuf,
    pub(crate) graph: graph::Graph,
    pub(crate) modules: Vec<reference::Module>,
    pub(crate) referents: Vec<reference::Referent>,
    /// In the order of file, place.
    pub(crate) references: Vec<reference::Reference>,
    /// Sorted; what could not be read.
    pub(crate) blind_spots: Vec<BlindSpot>,
    /// Source files read.
    pub(crate) files: usize,
}
