//! What the commands of the programme share: the registry, the files that they are given, the verdict.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use miette::{Diagnostic, IntoDiagnostic, WrapErr};
use thiserror::Error;

use super::check::{formats, levels};
use super::color::Stream;
use super::{Exit, Invocation, stdout};
use crate::check;
use crate::constitution::{Claim, Constitution, Structure};
use crate::facts::graph;
use crate::finding::{BlindSpot, Level};
use crate::plane::drift::Drift;
use crate::plane::issues::{self, Listed};
use crate::plane::registry::Registry;
use crate::report::{Checked, Format, Report, human};
use crate::rules;
use crate::text::{FileId, Place, Sources, Span, Text};

/// Which structures a command is about.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// A file of `[[structure]]` tables, instead of the built-in registry of 14
    #[arg(long, value_name = "FILE", global = true)]
    registry: Option<PathBuf>,
    /// The Cargo.toml of a workspace whose constitution and manifests say what its structures are
    #[arg(long, value_name = "PATH", conflicts_with = "registry", global = true)]
    manifest_path: Option<PathBuf>,
}

/// How a command that judges files reports.
#[derive(Debug, Args)]
pub(crate) struct Reporting {
    /// What standard output is written in
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats())]
    format: Format,
    /// The least level that freezes; every drift is a risk
    #[arg(long, value_name = "LEVEL", default_value = "risk", value_parser = levels())]
    fail_on: Level,
}

/// A file that was named and cannot be had.
#[derive(Debug, Error, Diagnostic)]
#[error("cannot read `{}`: {why}", path.display())]
#[diagnostic(help(
    "name a file, or a folder where one is expected, that is there and may be read"
))]
pub(crate) struct CannotRead {
    path: PathBuf,
    why: String,
}

/// Issues as they were listed.
pub(crate) struct Issues {
    pub(crate) list: Vec<Listed>,
    pub(crate) top: Place,
    pub(crate) files: usize,
    /// Files of the folder that hold no issue.
    pub(crate) blind_spots: Vec<BlindSpot>,
}

impl Which {
    pub(crate) fn registry(&self, sources: &mut Sources) -> miette::Result<Registry> {
        let structures = match (&self.registry, &self.manifest_path) {
            (Some(file), _) => Constitution::registry(file, sources)?,
            (None, Some(manifest)) => of_workspace(manifest)?,
            (None, None) => Constitution::built_in(rules::all()).structures,
        };
        Ok(Registry::new(&structures)?)
    }
}

/// The registry of a workspace's constitution, each structure as strict as its manifests have it.
fn of_workspace(manifest: &Path) -> miette::Result<Vec<Structure>> {
    let mut workspace = graph::read(Some(manifest))?;
    let (mut law, claims) = check::law(&mut workspace, None)?;
    let packages = workspace.graph.packages.iter();
    for (package, claim) in packages.zip(&claims) {
        if let Some(claim) = claim {
            amend(&mut law.structures, &package.name, claim);
        }
    }
    Ok(law.structures)
}

fn amend(structures: &mut [Structure], package: &str, claim: &Claim) {
    let short = package.strip_prefix("webwaka-").unwrap_or(package);
    let by_name = short.to_uppercase();
    let name = match claim.structure.id.as_str() {
        "" => by_name.as_str(),
        id => id,
    };
    let mut known = structures.iter_mut();
    let Some(known) = known.find(|it| it.id == name || it.code() == name) else {
        return;
    };
    let own = &claim.structure;
    known.state = own.state.into_iter().chain(known.state).min();
    known.phase = own.phase.or(known.phase);
    known.modes = own.modes.clone().or(known.modes.take());
    known.role = own.role.clone().or(known.role.take());
}

/// Files are shown relative to the current folder.
pub(crate) fn sources() -> miette::Result<Sources> {
    let here = std::env::current_dir()
        .into_diagnostic()
        .wrap_err("the current folder is gone")?;
    Ok(Sources::new(here))
}

/// The text of the file at `path`.
pub(crate) fn text(path: &Path, sources: &mut Sources) -> Result<(FileId, Text), CannotRead> {
    let cannot = |why: String| CannotRead {
        path: path.to_owned(),
        why,
    };
    let told = |error: std::io::Error| {
        cannot(match error.kind() {
            ErrorKind::NotFound => "it is not there".to_owned(),
            _ => error.to_string(),
        })
    };
    // Asked first, for opening a pipe would wait for ever.
    if !fs::metadata(path).map_err(told)?.is_file() {
        return Err(cannot("it is not a file".to_owned()));
    }
    let bytes = fs::read(path).map_err(told)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        cannot(format!("it is not UTF-8 from byte {at} on"))
    })?;
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    Ok((sources.add(&absolute), Text::new(text)))
}

/// The issues in a file of JSON, or in the Markdown files of a folder.
pub(crate) fn issues(path: &Path, sources: &mut Sources) -> miette::Result<Issues> {
    if path.is_dir() {
        return folder(path, sources);
    }
    let (file, text) = text(path, sources)?;
    let list = issues::read(&text, file, sources.shown(file))?;
    Ok(Issues {
        list,
        top: Place::top(file),
        files: 1,
        blind_spots: Vec::new(),
    })
}

fn folder(path: &Path, sources: &mut Sources) -> miette::Result<Issues> {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut read = Issues {
        list: Vec::new(),
        top: Place::top(sources.add(&absolute)),
        files: 0,
        blind_spots: Vec::new(),
    };
    for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
        let entry = entry.into_diagnostic()?;
        let markdown = entry.path().extension().is_some_and(|it| it == "md");
        if !markdown || !entry.file_type().is_file() {
            continue;
        }
        let (file, text) = text(entry.path(), sources)?;
        read.files += 1;
        match issues::front_matter(&text, file) {
            Some(listed) => read.list.push(listed),
            None => read.blind_spots.push(BlindSpot::new(
                file,
                Span::START,
                "the file opens with no front matter that has a `title`",
            )),
        }
    }
    Ok(read)
}

/// Reports drifts as `check` reports findings.
pub(crate) fn report(
    drifts: Vec<Drift>,
    rule: &str,
    (sources, files, blind_spots): (&Sources, usize, Vec<BlindSpot>),
    reporting: &Reporting,
    invocation: &Invocation,
) -> miette::Result<Exit> {
    let rule = rules::find(rule).expect("the book has the programme's rules");
    let findings = drifts
        .into_iter()
        .map(|drift| drift.stamped(rule, rule.level));
    let checked = Checked {
        files,
        ..Checked::default()
    };
    let findings = findings.collect();
    let report = Report::new(findings, blind_spots, checked, reporting.fail_on, sources);
    let report = report.with_rules(&[rule]);
    let look = invocation.look(Stream::Output);
    stdout::print(|out| reporting.format.write(&report, &look, out))
        .into_diagnostic()
        .wrap_err("cannot write the report to standard output")?;
    if !reporting.format.tells_verdict() {
        let aside = invocation.look(Stream::Error);
        let mut text = human::blind_spots(&report, &aside);
        if !aside.quiet {
            text.push_str(&human::summary(&report, &aside));
        }
        // Where nobody listens there is nothing left to say.
        let _ = std::io::stderr().write_all(aside.disarmed(&text).as_bytes());
    }
    Ok(report.verdict.into())
}

/// Prints a text, or writes it into `file`.
pub(crate) fn put(text: &str, file: Option<&Path>) -> miette::Result<()> {
    match file {
        Some(file) => Ok(super::output::write(&[(file, text.as_bytes().to_vec())])?),
        None => stdout::print(|out| out.write_all(text.as_bytes())).into_diagnostic(),
    }
}

/// `text` as a terminal can bear it.
pub(crate) fn harmless(text: &str) -> String {
    crate::report::safe::safe_lines(text).into_owned()
}
