//! The runtime plane as a programme: registry, issue tree, tracker, completion. Reads and writes texts only.

pub(crate) mod completion;
pub(crate) mod drift;
pub(crate) mod issues;
mod markdown;
mod programme;
pub(crate) mod registry;
pub(crate) mod tracker;
