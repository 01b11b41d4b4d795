//! Source files: read, parsed, reduced to facts, kept between runs.

pub(crate) mod ahead;
mod brought;
pub(crate) mod cache;
mod comments;
pub(crate) mod file;
pub(crate) mod leads;
pub(crate) mod load;
mod nesting;
pub(crate) mod overlay;
pub(crate) mod reduce;
pub(crate) mod speaking;
mod strays;
pub(crate) mod symbols;
pub(crate) mod trail;
pub(crate) mod vault;
pub(crate) mod within;
