//! `schema`: the JSON Schema of a constitution file, for editors.

use miette::IntoDiagnostic;

use super::{Exit, stdout};
use crate::constitution;
use crate::rules;

pub(crate) fn run() -> miette::Result<Exit> {
    let schema = constitution::schema(rules::all());
    stdout::print(|out| out.write_all(schema.as_bytes())).into_diagnostic()?;
    Ok(Exit::Lawful)
}
