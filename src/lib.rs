//! Placeholder.

mod constitution;
mod facts;
pub mod finding;
mod layering;
pub mod text;
