//! Constitutional compliance for Cargo workspaces: facts, laws, verdicts.
//!
//! The program is `cargo constitution`; this library is for the test suite of a workspace that wants its law
//! judged by `cargo test`. A whole test is
//!
//! ```
//! constitution::check(env!("CARGO_MANIFEST_DIR")).assert_lawful();
//! ```
//!
//! The law is `constitution.toml` at the workspace's root; `cargo constitution init` writes a first one.

mod api;
mod check;
mod clause;
#[doc(hidden)]
pub mod cli;
mod constitution;
mod contribution;
mod draw;
mod facts;
#[doc(hidden)]
pub mod finding;
mod freeze;
mod git;
mod init;
mod layering;
mod picture;
mod plane;
mod provenance;
mod recall;
mod report;
mod rules;
#[cfg(test)]
mod testing;
#[doc(hidden)]
pub mod text;
mod tool;
mod why;

pub use api::{Check, Error, Finding, Report, Verdict, check};
pub use finding::Level;
