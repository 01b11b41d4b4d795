//! What other workspaces contribute: their facts as files, and how they join the graph of the one that is judged.

mod join;
mod model;
mod read;

pub(crate) use join::join;
pub(crate) use model::{
    Across, Adapter, Contributed, Contribution, Dependency, Export, LayerOf, Port, digest,
};
pub(crate) use read::{is_workspace, merge};
