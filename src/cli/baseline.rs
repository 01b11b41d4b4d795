//! `baseline`: writes down what was there when the tool was adopted; from then on it can only shrink.

use clap::Args;

use super::clock::Clock;
use super::desk::Desk;
use super::plane::{harmless, put};
use super::subject::Subject;
use super::{Exit, Invocation};
use crate::finding::Level;
use crate::freeze::baseline::{self, Baseline, Known};
use crate::freeze::ledger::Deed;
use crate::freeze::record::{self, word};
use crate::freeze::signature::Act;
use crate::freeze::store::FOLDER;
use crate::report::{Entry, Report};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    subject: Subject,
    #[command(flatten)]
    clock: Clock,
}

pub(crate) fn run(arguments: &Arguments, invocation: &Invocation) -> miette::Result<Exit> {
    let desk = Desk::open(&arguments.subject, &arguments.clock, invocation)?;
    let report = desk.report(Level::Breach);
    let (findings, said) = match desk.records.baseline() {
        None => first(&report)?,
        Some(Ok(before)) => smaller(&report, &before)?,
        Some(Err(fault)) => miette::bail!(
            help = "restore it as it was committed, or remove it to begin anew",
            "`{FOLDER}/{}` cannot be read: {}",
            baseline::FILE,
            fault.message
        ),
    };
    let taken = Baseline {
        taken: word(desk.now.to_string()),
        ledger: desk.head().map(word),
        findings,
    };
    desk.put(Deed::Baseline, baseline::FILE, &record::write(&taken), true)?;
    desk.tell_attributes(invocation);
    let text = format!(
        "written: {FOLDER}/{}, {said}\nto be signed by the Founder: {}\n",
        baseline::FILE,
        Act::Baseline.command(baseline::FILE)
    );
    put(&harmless(&text), None)?;
    Ok(Exit::Lawful)
}

fn known(report: &Report<'_>, entry: &Entry) -> Known {
    Known {
        fingerprint: word(&entry.fingerprint),
        rule: entry.finding.rule.id.to_owned(),
        file: report.file(entry.finding.place).to_owned(),
    }
}

/// All that is there above a note and not about the records themselves.
fn first(report: &Report<'_>) -> miette::Result<(Vec<Known>, String)> {
    let entries = report.entries.iter().filter(|entry| {
        let finding = &entry.finding;
        finding.level > Level::Note && finding.rule.is_of_code() && !entry.status.is_borne()
    });
    let findings: Vec<Known> = entries.map(|entry| known(report, entry)).collect();
    if findings.is_empty() {
        miette::bail!(
            help = "nothing to do: what is found from now on is new",
            "there is nothing for a baseline to bear"
        );
    }
    let said = format!("{} findings", findings.len());
    Ok((findings, said))
}

/// What of the baseline is still there.
fn smaller(report: &Report<'_>, before: &Baseline) -> miette::Result<(Vec<Known>, String)> {
    let there = before.fingerprints();
    let entries = report.entries.iter();
    let still = entries.filter(|entry| there.contains(entry.fingerprint.as_str()));
    let findings: Vec<Known> = still.map(|entry| known(report, entry)).collect();
    let after = Baseline {
        findings,
        ..before.clone()
    };
    let gone = before.beyond(&after).len();
    let findings = after.findings;
    if gone == 0 {
        miette::bail!(
            help =
                "what is new is to be mended, or borne by `cargo constitution exception request`",
            "the baseline can only shrink, and all that it bears is still there"
        );
    }
    let said = format!("{} findings, {gone} fewer than before", findings.len());
    Ok((findings, said))
}
