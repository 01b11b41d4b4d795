//! Placeholder.

mod constitution;
mod facts;
mod finding;
mod layering;
mod text;
