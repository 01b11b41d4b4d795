//! `report`: the freeze report, for the Founder; a certificate where all is lawful.

use std::path::PathBuf;

use clap::Args;
use miette::{Context, IntoDiagnostic};

use super::check::levels;
use super::color::Stream;
use super::folder;
use super::progress::Progress;
use super::subject::Subject;
use super::{Exit, Invocation};
use crate::check::Matter;
use crate::finding::Level;
use crate::picture::Picture;
use crate::provenance::Provenance;
use crate::report::freeze::{self, Dossier, Form};
use crate::report::look::Look;
use crate::report::{Format, Report, human};
use crate::rules;

/// The formats of `check` that go along, for other programs.
const BESIDE: [(&str, Format); 2] = [
    ("report.json", Format::Json),
    ("report.sarif", Format::Sarif),
];

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    subject: Subject,
    /// The folder to write into; made if it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The least level that freezes
    #[arg(long, value_name = "LEVEL", default_value = "breach", value_parser = levels())]
    fail_on: Level,
}

pub(crate) fn run(arguments: &Arguments, invocation: &Invocation) -> miette::Result<Exit> {
    let aside = invocation.look(Stream::Error);
    let progress = Progress::start("reading the workspace", &aside);
    let matter = Matter::read(&arguments.subject.request())?;
    let judged = matter.judge()?;
    let report = Report::new(
        judged.findings,
        judged.blind_spots,
        judged.checked,
        arguments.fail_on,
        matter.sources(),
    )
    .with_rules(rules::all());
    let picture = Picture::new(&matter.case(), &report);
    let provenance = Provenance::read(matter.sources(), matter.law_name());
    let blame = provenance.blame(matter.sources(), freeze::places(&report));
    drop(progress);
    let dossier = Dossier {
        picture,
        provenance,
        blame,
    };
    let files = rendered(&report, &dossier)
        .into_diagnostic()
        .wrap_err("cannot draw up the report")?;
    folder::write(&arguments.out, &files)?;
    tell(&report, arguments, &aside);
    Ok(report.verdict.into())
}

fn rendered(
    report: &Report<'_>,
    dossier: &Dossier,
) -> std::io::Result<Vec<(&'static str, Vec<u8>)>> {
    let mut files = Vec::new();
    for (name, form) in [
        ("freeze-report.html", Form::Html),
        ("freeze-report.md", Form::Markdown),
    ] {
        let mut bytes = Vec::new();
        dossier.write(report, form, &mut bytes)?;
        files.push((name, bytes));
    }
    for (name, format) in BESIDE {
        let mut bytes = Vec::new();
        format.write(report, &Look::PLAIN, &mut bytes)?;
        files.push((name, bytes));
    }
    Ok(files)
}

/// On standard error: the blind spots, the verdict, and where to read on.
fn tell(report: &Report<'_>, arguments: &Arguments, look: &Look) {
    let mut text = human::blind_spots(report, look);
    if !look.quiet {
        text.push_str(&human::summary(report, look));
        let page = arguments.out.join("freeze-report.html");
        text.push_str(&format!("written: {}\n", page.display()));
    }
    // Where nobody listens there is nothing left to say.
    let _ = std::io::Write::write_all(&mut std::io::stderr(), look.disarmed(&text).as_bytes());
}
