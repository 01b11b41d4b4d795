//! `exception`: asks for leave to break a law for a time.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use clap::{Args, Subcommand};
use miette::{IntoDiagnostic, WrapErr};
use toml::Spanned;

use super::clock::Clock;
use super::color::Stream;
use super::plane::{harmless, put};
use super::progress::Progress;
use super::subject::Subject;
use super::{Exit, Invocation, standing};
use crate::check::check;
use crate::finding::Level;
use crate::freeze::exception::{self, Exception};
use crate::freeze::record;
use crate::freeze::records::{Records, Terms};
use crate::freeze::signature::Act;
use crate::freeze::store::FOLDER;
use crate::provenance::Moment;
use crate::report::{Entry, Report};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the record of an exception, ready to be signed
    Request(Request),
}

#[derive(Debug, Args)]
struct Request {
    /// The beginning of a finding's fingerprint, or its place as FILE:LINE
    finding: String,
    /// Why the law is to be broken
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Who answers for it and sees to its end
    #[arg(long, value_name = "WHO")]
    owner: String,
    /// Its last day, such as 2026-12-31
    #[arg(long, value_name = "DAY")]
    expires: Moment,
    /// Who is to sign it, as .constitution/allowed_signers names them; needed if several may
    #[arg(long, value_name = "WHO")]
    approver: Option<String>,
    #[command(flatten)]
    subject: Subject,
    #[command(flatten)]
    clock: Clock,
}

pub(crate) fn run(arguments: &Arguments, invocation: &Invocation) -> miette::Result<Exit> {
    let Command::Request(request) = &arguments.command;
    let progress = Progress::start("reading the workspace", &invocation.look(Stream::Error));
    let (mut outcome, law) = check(&request.subject.request())?;
    let records = Records::read(&mut outcome.sources)?;
    drop(progress);
    let report = Report::new(
        outcome.findings,
        outcome.blind_spots,
        outcome.checked,
        Level::Breach,
        &outcome.sources,
    );
    let now = request.clock.now();
    let terms = standing::terms(&law, now);
    let entry = found(&report, &request.finding)?;
    let exception = draft(request, entry, &records, &terms)?;
    let name = name(entry);
    write(report.sources.root(), &name, &record::write(&exception))?;
    let text = format!(
        "written: {FOLDER}/{name}\nto be signed by {}: {}\n",
        exception.approver.as_ref(),
        Act::Exception.command(&name)
    );
    put(&harmless(&text), None)?;
    Ok(Exit::Lawful)
}

/// The one finding that `asked` names.
fn found<'r>(report: &'r Report<'_>, asked: &str) -> miette::Result<&'r Entry> {
    let is_asked = |entry: &&Entry| {
        let place = entry.finding.place;
        let line = format!("{}:{}", report.file(place), place.span.start.line());
        let by_name = asked.len() >= 4 && entry.fingerprint.starts_with(asked);
        by_name || asked == line || asked == format!("{line}:{}", place.span.start.column())
    };
    let found: Vec<&Entry> = report.entries.iter().filter(is_asked).collect();
    match found[..] {
        [one] => Ok(one),
        [] => miette::bail!(
            help = "`cargo constitution check` names the fingerprint and the place of each finding",
            "nothing was found that is called `{asked}`"
        ),
        _ => {
            let listed: Vec<String> = found
                .iter()
                .take(20)
                .map(|entry| format!("{} {}", entry.fingerprint, entry.finding.rule.id))
                .collect();
            miette::bail!(
                help = format!(
                    "name one of them by its fingerprint:\n{}",
                    listed.join("\n")
                ),
                "`{asked}` names {} findings",
                found.len()
            )
        }
    }
}

fn draft(
    request: &Request,
    entry: &Entry,
    records: &Records,
    terms: &Terms<'_>,
) -> miette::Result<Exception> {
    let rule = entry.finding.rule;
    if !terms.is_exceptable(rule) {
        miette::bail!(
            help = entry.finding.help.clone(),
            "this law grants no exception to `{}`: it is to be mended",
            rule.id
        );
    }
    let word = |text: &str| Spanned::new(0..0, text.to_owned());
    let exception = Exception {
        rule: word(rule.id),
        fingerprint: Some(word(&entry.fingerprint)),
        file: None,
        line: None,
        clause: word(rule.clause),
        reason: word(&request.reason),
        owner: word(&request.owner),
        approver: word(&approver(request, records, terms)?),
        opened: word(&terms.now.day()),
        expires: word(&request.expires.day()),
    };
    if let Err(fault) = Exception::read(record::write(&exception).as_bytes()) {
        miette::bail!("no such exception can be written: {}", fault.message);
    }
    Ok(exception)
}

/// Who is to sign: whom the request names, or the only one who may.
fn approver(request: &Request, records: &Records, terms: &Terms<'_>) -> miette::Result<String> {
    let namespace = Act::Exception.namespace();
    let able = records.signers().who_may(namespace, terms.now);
    match (&request.approver, &able[..]) {
        (Some(named), able) if able.contains(&named.as_str()) => Ok(named.clone()),
        (None, [only]) => Ok((*only).to_owned()),
        (_, []) => miette::bail!(
            help = "the Founder adds a line there, such as\n  founder@example.org \
                    namespaces=\"*@cargo-constitution\" ssh-ed25519 AAAA…",
            "{FOLDER}/allowed_signers lets nobody sign `{namespace}` today"
        ),
        (_, able) => miette::bail!(
            help = "name one of them with `--approver`",
            "who signs it? {} may",
            able.join(", ")
        ),
    }
}

fn name(entry: &Entry) -> String {
    let short = &entry.fingerprint[..12];
    format!(
        "{}{}-{short}.toml",
        exception::FOLDER,
        entry.finding.rule.id
    )
}

/// Writes a record that is not there yet.
fn write(root: &Path, name: &str, text: &str) -> miette::Result<()> {
    let path = root.join(FOLDER).join(name);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot make the folder `{}`", folder.display()))?;
    }
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => miette::bail!(
            help = "remove it and its signature first, if it is to be asked for anew",
            "`{FOLDER}/{name}` is there already"
        ),
        written => written
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot write `{FOLDER}/{name}`")),
    }
}
