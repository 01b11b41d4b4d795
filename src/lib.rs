//! A constitutional compliance linter for Cargo workspaces.

mod check;
mod clause;
pub mod cli;
pub mod finding;
mod report;
mod rules;
#[cfg(test)]
mod testing;
pub mod text;
