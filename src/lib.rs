//! Placeholder.

mod constitution;
mod facts;
mod finding;
mod layering;
mod rules;
mod text;
