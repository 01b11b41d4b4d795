//! `tracker`: writes the runtime layer's tracker, compares one with the registry, and brings it up to date.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::plane::{self, Reporting, Which};
use super::{Exit, Invocation};
use crate::plane::issues;
use crate::plane::tracker::{self, Truth};
use crate::text::Sources;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    which: Which,
    /// A list of issues, as for `issues verify`: master issues and totals are compared with it
    #[arg(long, value_name = "FILE|FOLDER", global = true)]
    issues: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the section, the table and the metrics
    Generate {
        /// The file that is written instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// What "Last Updated" says
        #[arg(long, value_name = "YYYY-MM-DD", default_value = "(unset)")]
        date: String,
    },
    /// Compare a tracker with the registry, the manifests and the issues
    Verify {
        file: PathBuf,
        #[command(flatten)]
        reporting: Reporting,
    },
    /// Write into a tracker what follows from the registry, and leave every other word as it is
    Update {
        file: PathBuf,
        /// What "Last Updated" says in new rows
        #[arg(long, value_name = "YYYY-MM-DD", default_value = "(unset)")]
        date: String,
    },
}

pub(crate) fn run(arguments: &Arguments, invocation: &Invocation) -> miette::Result<Exit> {
    let mut sources = plane::sources()?;
    let registry = arguments.which.registry(&mut sources)?;
    let mut truth = Truth {
        registry: &registry,
        issues: None,
    };
    if let Some(path) = &arguments.issues {
        let list = plane::issues(path, &mut sources)?.list;
        truth.issues = Some((issues::masters(&list), list.len()));
    }
    match &arguments.command {
        Command::Generate { out, date } => {
            plane::put(&tracker::generate(&truth, date), out.as_deref())?;
            Ok(Exit::Lawful)
        }
        Command::Verify { file, reporting } => {
            let (id, text) = plane::text(file, &mut sources)?;
            let drifts = tracker::verify(&text, id, &truth);
            let seen = (&sources, 1, Vec::new());
            plane::report(drifts, "tracker-drift", seen, reporting, invocation)
        }
        Command::Update { file, date } => update(file, date, &truth, &mut sources),
    }
}

fn update(
    file: &Path,
    date: &str,
    truth: &Truth<'_>,
    sources: &mut Sources,
) -> miette::Result<Exit> {
    let (id, text) = plane::text(file, sources)?;
    let updated = tracker::update(text.as_str(), truth, date);
    if updated != text.as_str() {
        let whole = sources.read_whole(id).unwrap_or_default();
        let mark = if whole.starts_with('\u{feff}') {
            "\u{feff}"
        } else {
            ""
        };
        plane::put(&format!("{mark}{updated}"), Some(file))?;
    }
    Ok(Exit::Lawful)
}
