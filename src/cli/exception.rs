//! `exception`: asks for leave to break a law for a time.

use clap::{Args, Subcommand};

use super::clock::Clock;
use super::desk::Desk;
use super::plane::{harmless, put};
use super::subject::{Against, Subject};
use super::{Exit, Invocation};
use crate::finding::Level;
use crate::freeze::exception::{self, Exception};
use crate::freeze::ledger::Deed;
use crate::freeze::record::{self, word};
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
    against: Against,
    #[command(flatten)]
    clock: Clock,
}

pub(crate) fn run(arguments: &Arguments, invocation: &Invocation) -> miette::Result<Exit> {
    let Command::Request(request) = &arguments.command;
    let base = request.against.base.as_deref();
    let desk = Desk::open_since(&request.subject, base, &request.clock, invocation)?;
    let report = desk.report(Level::Breach);
    let entry = found(&report, &request.finding)?;
    let exception = draft(request, entry, &desk)?;
    let name = name(entry);
    let text = record::write(&exception);
    desk.put(Deed::Exception, &name, &text, false)?;
    desk.tell_attributes(invocation);
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

fn draft(request: &Request, entry: &Entry, desk: &Desk) -> miette::Result<Exception> {
    let rule = entry.finding.rule;
    let terms = desk.terms();
    if !terms.is_exceptable(rule) {
        miette::bail!(
            help = entry.finding.help.clone(),
            "this law grants no exception to `{}`: it is to be mended",
            rule.id
        );
    }
    let exception = Exception {
        rule: word(rule.id),
        fingerprint: Some(word(&entry.fingerprint)),
        file: None,
        line: None,
        clause: word(rule.clause),
        reason: word(&request.reason),
        owner: word(&request.owner),
        approver: word(approver(request, desk)?),
        opened: word(desk.now.day()),
        expires: word(request.expires.day()),
        ledger: desk.head().map(word),
    };
    if let Err(fault) = Exception::read(record::write(&exception).as_bytes()) {
        miette::bail!("no such exception can be written: {}", fault.message);
    }
    Ok(exception)
}

/// Who is to sign: whom the request names, or the only one who may.
fn approver(request: &Request, desk: &Desk) -> miette::Result<String> {
    let namespace = Act::Exception.namespace();
    let able = desk.records.signers().who_may(namespace, desk.now);
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
