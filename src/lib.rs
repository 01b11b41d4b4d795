//! Placeholder.
#[allow(dead_code, unused_imports)]
mod facts;
#[allow(dead_code)]
pub mod finding;
pub mod text;
