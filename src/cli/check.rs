//! `check`: judges the workspace and reports.

use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use miette::{Context, IntoDiagnostic};

use super::checkout;
use super::color::Stream;
use super::output::{self, Output};
use super::progress::Progress;
use super::stdout;
use super::{Exit, Invocation};
use crate::check::{Cache, Request, check};
use crate::finding::Level;
use crate::report::look::Look;
use crate::report::{Format, Report, github, human};
use crate::rules;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The Cargo.toml of the workspace, instead of the one around the current folder
    #[arg(long, value_name = "PATH")]
    manifest_path: Option<PathBuf>,
    /// The law, instead of constitution.toml at the workspace's root
    #[arg(long, value_name = "FILE")]
    constitution: Option<PathBuf>,
    /// What standard output is written in
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats())]
    format: Format,
    /// Also write a report into a file; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output::parse)]
    output: Vec<Output>,
    /// The least level that freezes
    #[arg(long, value_name = "LEVEL", default_value = "breach", value_parser = levels())]
    fail_on: Level,
    /// Keep the cache here instead of in cargo's target directory
    #[arg(long, value_name = "FOLDER", conflicts_with = "no_cache")]
    cache_dir: Option<PathBuf>,
    /// Neither use nor write a cache
    #[arg(long)]
    no_cache: bool,
    /// How many threads read, at most; as many as the machine has otherwise
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
}

pub(super) fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name))
        .map(|name| Format::named(&name).expect("only names of formats pass"))
}

pub(super) fn levels() -> impl TypedValueParser<Value = Level> {
    PossibleValuesParser::new(Level::ALL.map(Level::name)).map(|name| {
        Level::ALL
            .into_iter()
            .find(|level| level.name() == name)
            .expect("only names of levels pass")
    })
}

impl Arguments {
    fn request(&self) -> Request {
        Request {
            manifest_path: self.manifest_path.clone(),
            constitution: self.constitution.clone(),
            cache: match &self.cache_dir {
                _ if self.no_cache => Cache::Off,
                Some(folder) => Cache::At(folder.clone()),
                None => Cache::Target,
            },
            threads: self.threads,
        }
    }
}

pub(crate) fn run(arguments: &Arguments, invocation: &Invocation) -> miette::Result<Exit> {
    let aside = invocation.look(Stream::Error);
    let progress = Progress::start("reading the workspace", &aside);
    let outcome = check(&arguments.request())?;
    drop(progress);
    let mut report = Report::new(
        outcome.findings,
        outcome.blind_spots,
        outcome.checked,
        arguments.fail_on,
        &outcome.sources,
    )
    .with_rules(rules::all())
    .masking(outcome.secrets);
    let look = invocation.look(Stream::Output);
    if look.actions {
        report.checkout = checkout::prefix(outcome.sources.root());
    }
    write_files(&report, &arguments.output)?;
    stdout::print(|out| arguments.format.write(&report, &look, out))
        .into_diagnostic()
        .wrap_err("cannot write the report to standard output")?;
    if !arguments.format.tells_verdict() {
        tell_aside(&report, arguments.format, &aside);
    }
    Ok(report.verdict.into())
}

/// Renders all files before the first is written, so that one that cannot be made leaves none.
fn write_files(report: &Report<'_>, outputs: &[Output]) -> miette::Result<()> {
    let mut rendered: Vec<(&Path, Vec<u8>)> = Vec::with_capacity(outputs.len());
    for output in outputs {
        if rendered.iter().any(|(file, _)| *file == output.file) {
            miette::bail!(
                help = "give each --output a file of its own",
                "two reports would be written to `{}`",
                output.file.display()
            );
        }
        let mut bytes = Vec::new();
        output
            .format
            .write(report, &Look::PLAIN, &mut bytes)
            .into_diagnostic()?;
        rendered.push((&output.file, bytes));
    }
    Ok(output::write(&rendered)?)
}

/// On standard error, what the format has no words for.
fn tell_aside(report: &Report<'_>, format: Format, look: &Look) {
    let mut text = human::blind_spots(report, look);
    if !look.quiet {
        if format == Format::Github {
            text.push_str(&github::unseen(report).unwrap_or_default());
        }
        text.push_str(&human::summary(report, look));
    }
    // Where nobody listens there is nothing left to say.
    let _ = std::io::stderr().write_all(look.disarmed(&text).as_bytes());
}
