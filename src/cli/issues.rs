//! `issues`: writes the issue tree, and holds a list of issues against it.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use miette::{IntoDiagnostic, WrapErr};

use super::plane::{self, Reporting, Which};
use super::{Exit, Invocation};
use crate::plane::issues::{self, Issue};
use crate::plane::registry::Registry;
use crate::text::Sources;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    which: Which,
    /// Only the tree of this structure, by its id or code
    #[arg(long, value_name = "STRUCTURE", global = true)]
    structure: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the tree: 29 issues a structure, all dormant. Nothing is created anywhere
    Generate {
        /// What is written
        #[arg(long, value_name = "FORMAT", value_enum, default_value = "json")]
        format: Shape,
        /// The file, or the folder for Markdown, that is written instead of standard output
        #[arg(long, value_name = "PATH")]
        out: Option<PathBuf>,
    },
    /// Compare a list of issues with the tree
    Verify {
        /// What `gh issue list --state all --limit 100000 --json number,title,body,labels,state` printed, or
        /// a folder of Markdown files
        #[arg(value_name = "FILE|FOLDER")]
        list: PathBuf,
        #[command(flatten)]
        reporting: Reporting,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shape {
    /// As `gh` prints issues, one a line
    Json,
    /// A table for spreadsheets and importers
    Csv,
    /// A folder with a file for each issue
    Markdown,
    /// A shell script for GitHub's `gh` that can be stopped and run again
    Gh,
}

pub(crate) fn run(arguments: &Arguments, invocation: &Invocation) -> miette::Result<Exit> {
    let mut sources = plane::sources()?;
    let mut registry = arguments.which.registry(&mut sources)?;
    if let Some(structure) = &arguments.structure {
        registry = registry.only(structure)?;
    }
    match &arguments.command {
        Command::Generate { format, out } => generate(&registry, *format, out.as_deref()),
        Command::Verify { list, reporting } => {
            let whole = arguments.structure.is_none();
            verify(&registry, list, whole, reporting, sources, invocation)
        }
    }
}

fn generate(registry: &Registry, shape: Shape, out: Option<&Path>) -> miette::Result<Exit> {
    let tree = issues::tree(registry);
    match shape {
        Shape::Json => plane::put(&issues::json(&tree), out)?,
        Shape::Csv => plane::put(&issues::csv(&tree), out)?,
        Shape::Gh => plane::put(&issues::script(&tree), out)?,
        Shape::Markdown => {
            let Some(folder) = out else {
                miette::bail!(
                    help = "name the folder with `--out FOLDER`",
                    "Markdown is a file for each issue, which standard output cannot hold"
                );
            };
            files(&tree, folder)?;
        }
    }
    Ok(Exit::Lawful)
}

fn files(tree: &[Issue], folder: &Path) -> miette::Result<()> {
    let failed = |path: &Path| format!("cannot write `{}`", path.display());
    fs::create_dir_all(folder)
        .into_diagnostic()
        .wrap_err_with(|| failed(folder))?;
    for (name, text) in issues::markdown(tree) {
        let path = folder.join(name);
        fs::write(&path, text)
            .into_diagnostic()
            .wrap_err_with(|| failed(&path))?;
    }
    Ok(())
}

fn verify(
    registry: &Registry,
    list: &Path,
    whole: bool,
    reporting: &Reporting,
    mut sources: Sources,
    invocation: &Invocation,
) -> miette::Result<Exit> {
    let read = plane::issues(list, &mut sources)?;
    let drifts = issues::verify(&read.list, registry, whole, read.top);
    let seen = (&sources, read.files, read.blind_spots);
    plane::report(drifts, "issue-tree-drift", seen, reporting, invocation)
}
