//! `facts`: what one workspace contributes to the judgement of others, and several such files as one.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::color::Stream;
use super::progress::Progress;
use super::subject::Subject;
use super::{Exit, Invocation, output, plane};
use crate::check::Matter;
use crate::contribution;
use crate::facts::foreign::{self, Export};
use crate::tool;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write what this workspace contributes: packages, layers, ports, adapters, dependencies, digests. No source
    Export {
        #[command(flatten)]
        subject: Subject,
        /// What others are to know the workspace by, such as its repository: house/shop
        #[arg(long, value_name = "NAME", value_parser = name)]
        name: Option<String>,
        /// The file that is written instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Write several files of facts as one
    Merge {
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The file that is written instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

fn name(text: &str) -> Result<String, String> {
    if foreign::is_workspace(text) {
        Ok(text.to_owned())
    } else {
        Err(
            "a name is of letters, digits, `-`, `_` and `.`, or several such with `/` between"
                .to_owned(),
        )
    }
}

pub(crate) fn run(arguments: &Arguments, invocation: &Invocation) -> miette::Result<Exit> {
    match &arguments.command {
        Command::Export { subject, name, out } => {
            export(subject, name.as_deref(), out.as_ref(), invocation)
        }
        Command::Merge { files, out } => {
            let merged = foreign::merge(files, tool::TOOL)?;
            write(&merged, out.as_ref())?;
            Ok(Exit::Lawful)
        }
    }
}

fn export(
    subject: &Subject,
    name: Option<&str>,
    out: Option<&PathBuf>,
    invocation: &Invocation,
) -> miette::Result<Exit> {
    let look = invocation.look(Stream::Error);
    let progress = Progress::start("reading the workspace", &look);
    let matter = Matter::read(&subject.request())?;
    let case = matter.case();
    let name = name.map_or_else(|| contribution::default_name(&case), str::to_owned);
    let one = contribution::of(&case, name);
    drop(progress);
    let blind = one.blind_spots;
    write(&Export::new(tool::TOOL, vec![one]), out)?;
    if blind == 0 {
        return Ok(Exit::Lawful);
    }
    if !look.quiet {
        eprintln!("{blind} places could not be read; `cargo constitution check` names them");
    }
    Ok(Exit::Blind)
}

fn write(export: &Export, out: Option<&PathBuf>) -> miette::Result<()> {
    let mut text = serde_json::to_string_pretty(export).expect("plain data is written");
    text.push('\n');
    match out {
        Some(file) => Ok(output::write(&[(file, text.into_bytes())])?),
        None => plane::put(&text, None),
    }
}
