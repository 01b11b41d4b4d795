//! `init`: writes a first constitution from what the workspace looks like, and shows it.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use miette::{Diagnostic, IntoDiagnostic, WrapErr};
use thiserror::Error;

use super::color::Stream;
use super::progress::Progress;
use super::subject::Means;
use super::{Exit, Invocation, stdout};
use crate::check::{Judged, Matter};
use crate::constitution::FILE_NAME;
use crate::draw;
use crate::finding::Level;
use crate::init::{Base, Proposal, Role, Standing};
use crate::report::Report;
use crate::report::graph;
use crate::report::look::{Look, wrap};
use crate::report::safe::safe;
use crate::rules;

/// Guesses that are named, each with its reason.
const GUESSES: usize = 12;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    means: Means,
    /// Write here instead of to constitution.toml at the workspace's root
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    output: Option<PathBuf>,
    /// Write nothing: the constitution goes to standard output
    #[arg(long)]
    dry_run: bool,
}

/// What stands in the way of a new file.
#[derive(Debug, Error, Diagnostic)]
enum Obstacle {
    #[error("`{}` is there already, and is not overwritten", file.display())]
    #[diagnostic(help(
        "`cargo constitution init --dry-run` prints what would be proposed, `--output FILE` writes it elsewhere; \
         `cargo constitution check` judges by the one that is there"
    ))]
    There { file: PathBuf },
    #[error("cannot write `{}`", file.display())]
    #[diagnostic(help("`--dry-run` prints it instead, `--output FILE` writes it elsewhere"))]
    CannotWrite { file: PathBuf, source: io::Error },
}

pub(crate) fn run(arguments: &Arguments, invocation: &Invocation) -> miette::Result<Exit> {
    let aside = invocation.look(Stream::Error);
    let progress = Progress::start("reading the workspace", &aside);
    let request = arguments.means.request();
    let workspace = crate::facts::graph::read(request.manifest_path.as_deref())?;
    let root = workspace.sources.root().to_owned();
    let file = arguments
        .output
        .clone()
        .unwrap_or_else(|| root.join(FILE_NAME));
    if !arguments.dry_run {
        is_free(&file)?;
    }
    let (matter, proposal) = Matter::propose(workspace, &request)?;
    let text = proposal.text(matter.facts());
    let judged = matter.judge().ok();
    drop(progress);
    let look = invocation.look(Stream::Output);
    let (picture, told) = match &judged {
        Some(judged) => shown(
            &matter,
            judged,
            if arguments.dry_run { &aside } else { &look },
        ),
        None => (String::new(), String::new()),
    };
    if arguments.dry_run {
        print(&text, &look)?;
        tell(&picture, &aside);
    } else {
        write(&file, &text)?;
        if !look.quiet {
            print(&picture, &look)?;
        }
        let shown = safe(&file.display().to_string()).into_owned();
        tell(
            &wrap("", "  ", &format!("wrote {shown}"), aside.width),
            &aside,
        );
    }
    tell(&account(&proposal, &matter, &aside), &aside);
    tell(&told, &aside);
    Ok(Exit::Lawful)
}

/// Nothing may be there, not even a link that leads nowhere.
fn is_free(file: &Path) -> Result<(), Obstacle> {
    match fs::symlink_metadata(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(Obstacle::CannotWrite {
            file: file.to_owned(),
            source,
        }),
        Ok(_) => Err(Obstacle::There {
            file: file.to_owned(),
        }),
    }
}

fn write(file: &Path, text: &str) -> Result<(), Obstacle> {
    let new = OpenOptions::new().write(true).create_new(true).open(file);
    let written = new.and_then(|mut new| new.write_all(text.as_bytes()));
    written.map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => Obstacle::There {
            file: file.to_owned(),
        },
        _ => Obstacle::CannotWrite {
            file: file.to_owned(),
            source,
        },
    })
}

fn print(text: &str, look: &Look) -> miette::Result<()> {
    stdout::print(|out| out.write_all(look.disarmed(text).as_bytes()))
        .into_diagnostic()
        .wrap_err("cannot write to standard output")
}

fn tell(text: &str, look: &Look) {
    if !look.quiet {
        // Where nobody listens there is nothing left to say.
        let _ = io::stderr().write_all(look.disarmed(text).as_bytes());
    }
}

/// The picture, and what the law says of the workspace as it is.
fn shown(matter: &Matter, judged: &Judged, look: &Look) -> (String, String) {
    let judged = judged.clone();
    let report = judged
        .report(Level::Breach, matter.sources())
        .with_rules(rules::all());
    let picture = draw::picture(&matter.case(), &report.findings(), report.fail_on);
    (graph::text(&picture, look), verdict(&report, look))
}

/// What `check` will say, by rule, with the first place of each.
fn verdict(report: &Report<'_>, look: &Look) -> String {
    let mut rules: Vec<(&str, Level, usize, String)> = Vec::new();
    for finding in report
        .findings()
        .iter()
        .filter(|it| it.level >= Level::Risk)
    {
        let known = rules
            .iter_mut()
            .find(|it| (it.0, it.1) == (finding.rule.id, finding.level));
        match known {
            Some(known) => known.2 += 1,
            None => rules.push((finding.rule.id, finding.level, 1, report.at(finding.place))),
        }
    }
    rules.sort_by(|a, b| (b.1, b.2, a.0).cmp(&(a.1, a.2, b.0)));
    if rules.is_empty() {
        return "`cargo constitution check` finds nothing against it today\n".to_owned();
    }
    let mut text = "what the code does against it today (`cargo constitution check` shows each, with the way out):\n"
        .to_owned();
    for (rule, level, count, first) in rules {
        let painted = look.paint_level(level, level.name());
        text.push_str(&format!("{count:>6} {painted} {rule}, first at {first}\n"));
    }
    text
}

/// What was placed by guessing, and what could not be placed.
fn account(proposal: &Proposal, matter: &Matter, look: &Look) -> String {
    let graph = &matter.facts().graph;
    let name = |at: usize| safe(&graph.packages[at].name).into_owned();
    let mut text = String::new();
    if !proposal.protects() {
        let said = "nothing here is capability code yet, so the law forbids nothing: give pure code a package or \
                    module of its own, such as `domain`, and claim it (the file shows how)";
        text.push_str(&wrap("", "  ", said, look.width));
    } else if proposal.base == Base::Own && !proposal.named {
        let said = "no name tells a domain apart; layers follow what the code reaches today. Look at them first";
        text.push_str(&wrap("", "  ", said, look.width));
    }
    let packages = proposal
        .packages
        .iter()
        .enumerate()
        .filter_map(|(at, placed)| {
            let guessed = placed.standing == Standing::Guessed;
            Some((
                name(at),
                placed.role.filter(|_| guessed)?,
                placed.because.as_str(),
            ))
        });
    let parts = proposal
        .parts
        .iter()
        .filter(|part| part.standing == Standing::Guessed);
    let parts = parts.map(|part| {
        (
            safe(&part.path).into_owned(),
            part.role,
            part.because.as_str(),
        )
    });
    let guesses: Vec<(String, Role, &str)> = packages.chain(parts).collect();
    if !guesses.is_empty() && proposal.protects() {
        text.push_str("placed by what they reach and who uses them, not by their names:\n");
        for (name, role, because) in guesses.iter().take(GUESSES) {
            let line = format!("{name} to {}: {}", proposal.layer(*role), safe(because));
            text.push_str(&wrap("  ", "    ", &line, look.width));
        }
        if let Some(more @ 1..) = guesses.len().checked_sub(GUESSES) {
            text.push_str(&format!(
                "  and {more} more, marked `a guess` in the file\n"
            ));
        }
    }
    let undecided: Vec<String> = proposal.undecided().map(|id| name(id.0)).collect();
    if !undecided.is_empty() {
        let line = format!("could not decide on: {}", undecided.join(", "));
        text.push_str(&wrap("", "  ", &line, look.width));
    }
    text
}
