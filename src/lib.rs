//! Constitutional compliance for Cargo workspaces: facts, laws, verdicts.

mod check;
mod clause;
pub mod cli;
mod constitution;
mod contribution;
mod draw;
mod facts;
pub mod finding;
mod freeze;
mod git;
mod layering;
mod picture;
mod plane;
mod provenance;
mod recall;
mod report;
mod rules;
#[cfg(test)]
mod testing;
pub mod text;
mod tool;
mod why;
