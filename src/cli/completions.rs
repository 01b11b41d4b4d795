//! `completions`: what a shell completes our command line by.

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use miette::IntoDiagnostic;

use super::{Exit, NAME, stdout};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The shell that is to complete `cargo-constitution`
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments) -> miette::Result<Exit> {
    let mut command = super::Arguments::command();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, NAME, &mut script);
    stdout::print(|out| out.write_all(&script)).into_diagnostic()?;
    Ok(Exit::Lawful)
}
