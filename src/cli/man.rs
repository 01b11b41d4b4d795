//! `man`: the manual, a page a command.

use std::path::PathBuf;

use clap::{Args, CommandFactory};
use miette::{IntoDiagnostic, WrapErr};

use super::{Exit, NAME, stdout};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Write the pages of all commands into this folder, which must be there
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Prints the page of the whole program, or writes all.
pub(crate) fn run(arguments: &Arguments) -> miette::Result<Exit> {
    let command = super::Arguments::command().name(NAME).bin_name(NAME);
    match &arguments.out {
        Some(folder) => clap_mangen::generate_to(command, folder)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot write the manual into `{}`", folder.display()))?,
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(command)
                .render(&mut page)
                .into_diagnostic()?;
            stdout::print(|out| out.write_all(&page)).into_diagnostic()?;
        }
    }
    Ok(Exit::Lawful)
}
