//! `ledger`: proves the ledger, makes one of two, and enters what was written by hand.

use std::fs;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use miette::{IntoDiagnostic, WrapErr};

use super::clock::Clock;
use super::desk;
use super::plane::{harmless, put};
use super::{Exit, Invocation};
use crate::facts::graph;
use crate::freeze::ledger::{self, Deed, Ledger, without_conflict_marks};
use crate::freeze::records::Records;
use crate::freeze::store::FOLDER;
use crate::freeze::{baseline, case, exception};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// The Cargo.toml of the workspace, instead of the one around the current folder
    #[arg(long, value_name = "PATH", global = true)]
    manifest_path: Option<PathBuf>,
    #[command(flatten)]
    clock: Clock,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Prove every entry, and that every record is as it was entered
    Verify {
        /// An older copy of the ledger, of which nothing may be lost
        #[arg(long, value_name = "FILE")]
        since: Option<PathBuf>,
    },
    /// Make one ledger of two that both grew, keeping both histories
    Merge {
        /// The other ledger; without it, both are in the ledger as git merged it
        other: Option<PathBuf>,
    },
    /// Enter a record that was written or changed by hand
    Enter {
        /// The file, such as .constitution/exceptions/port.toml
        record: PathBuf,
    },
}

pub(crate) fn run(arguments: &Arguments, _: &Invocation) -> miette::Result<Exit> {
    let mut workspace = graph::read(arguments.manifest_path.as_deref())?;
    let root = workspace.sources.root().to_owned();
    let records = Records::read(&mut workspace.sources)?;
    let now = arguments.clock.now();
    let text = |path: &PathBuf| {
        fs::read_to_string(path)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot read `{}`", path.display()))
    };
    match &arguments.command {
        Command::Verify { since } => {
            let older = since.as_ref().map(text).transpose()?;
            verify(&records, older.as_deref())
        }
        Command::Merge { other } => {
            let ours = text(&root.join(FOLDER).join(ledger::FILE))?;
            let theirs = other.as_ref().map(text).transpose()?.unwrap_or_default();
            let (ours, theirs) = (
                without_conflict_marks(&ours),
                without_conflict_marks(&theirs),
            );
            let merged = Ledger::merged(ours.as_bytes(), theirs.as_bytes(), now);
            let merged = merged.map_err(|flaw| {
                miette::miette!(
                    help = "only sound ledgers can be merged: restore both as they were committed",
                    "line {}: {}",
                    flaw.line,
                    flaw.message
                )
            })?;
            desk::put_ledger(&root, &merged)?;
            put(&format!("merged: {} entries\n", merged.lines.len()), None)?;
            Ok(Exit::Lawful)
        }
        Command::Enter { record } => {
            let path = std::path::absolute(record).unwrap_or_else(|_| record.clone());
            let name = crate::text::relative(&root.join(FOLDER), &path);
            let (Some(deed), Some(bytes)) = (deed(&name), records.store().get(&name)) else {
                miette::bail!(
                    help = "name an exception, the baseline or a step of a freeze under .constitution/",
                    "`{}` is no record that a ledger has",
                    record.display()
                );
            };
            if deed.is_for_ever() && records.ledger().latest().contains_key(name.as_str()) {
                miette::bail!(
                    help = "restore it as it was committed",
                    "`{FOLDER}/{name}` is entered already, and a step of a freeze stays as it is"
                );
            }
            desk::enter(&root, &records, deed, &name, bytes, now)?;
            put(&harmless(&format!("entered: {FOLDER}/{name}\n")), None)?;
            Ok(Exit::Lawful)
        }
    }
}

fn verify(records: &Records, older: Option<&str>) -> miette::Result<Exit> {
    let mut text = String::new();
    let (older, _) = Ledger::read(older.unwrap_or_default().as_bytes());
    for lost in records.ledger().lost_of(&older) {
        let what = lost.entry.record.as_deref().unwrap_or("two histories");
        let deed = lost.entry.deed.name();
        text.push_str(&format!(
            "lost: the {deed} of {what}, on {}\n",
            lost.entry.time
        ));
    }
    for broken in records.broken() {
        let (file, line, message) = (&broken.file, broken.line, &broken.message);
        text.push_str(&format!("{FOLDER}/{file}:{line}: {message}\n"));
    }
    for spot in records.unreadable() {
        text.push_str(&format!("not readable: {}\n", spot.reason));
    }
    if !text.is_empty() {
        put(&harmless(&text), None)?;
        return Ok(Exit::Freeze);
    }
    let ledger = records.ledger();
    let count = ledger.lines.len();
    let head = ledger.head().unwrap_or_else(|| "none".to_owned());
    put(
        &format!("sound: {count} entries, the last one {head}\n"),
        None,
    )?;
    Ok(Exit::Lawful)
}

/// What was done where a record of this name was written.
fn deed(name: &str) -> Option<Deed> {
    if name == baseline::FILE {
        return Some(Deed::Baseline);
    }
    if name.starts_with(exception::FOLDER) && name.ends_with(".toml") {
        return Some(Deed::Exception);
    }
    let (_, step) = name.strip_prefix(case::FOLDER)?.split_once('/')?;
    match step {
        case::DECLARATION => Some(Deed::Declare),
        case::PLAN => Some(Deed::Plan),
        case::REVIEW => Some(Deed::Review),
        case::LIFT => Some(Deed::Lift),
        _ => None,
    }
}
