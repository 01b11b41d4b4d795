//! Constitutional compliance for Cargo workspaces: facts, laws, verdicts.

mod facts;
mod finding;
mod text;
