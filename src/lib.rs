//! Placeholder.
#[allow(dead_code, unused_imports)]
mod facts;
#[allow(dead_code)]
mod finding;
#[allow(dead_code)]
pub mod text;
