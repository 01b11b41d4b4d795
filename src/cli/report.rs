//! `report`: the freeze report, for the Founder; a certificate where all is lawful.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use miette::{Context, IntoDiagnostic};

use super::check::levels;
use super::clock::Clock;
use super::color::Stream;
use super::dossier;
use super::output;

use super::progress::Progress;
use super::standing;
use super::subject::{Against, Subject};
use super::{Exit, Invocation};
use crate::check::Matter;
use crate::finding::Level;
use crate::freeze::records::Records;
use crate::report::freeze::{Dossier, Form};
use crate::report::look::Look;
use crate::report::{Format, Report, human};
use crate::rules;

const FORMS: [(&str, Form); 2] = [
    ("freeze-report.html", Form::Html),
    ("freeze-report.md", Form::Markdown),
];

/// The formats of `check` that go along, for other programs.
const BESIDE: [(&str, Format); 2] = [
    ("report.json", Format::Json),
    ("report.sarif", Format::Sarif),
];

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    subject: Subject,
    #[command(flatten)]
    against: Against,
    /// The folder to write into; made if it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The least level that freezes
    #[arg(long, value_name = "LEVEL", default_value = "breach", value_parser = levels())]
    fail_on: Level,
    #[command(flatten)]
    clock: Clock,
}

pub(crate) fn run(arguments: &Arguments, invocation: &Invocation) -> miette::Result<Exit> {
    let aside = invocation.look(Stream::Error);
    let progress = Progress::start("reading the workspace", &aside);
    let request = arguments.subject.request();
    let mut matter = Matter::read(&request)?;
    let records = Records::read(matter.sources_mut())?;
    let (judged, base) = matter.judge_change(&request, arguments.against.base.as_deref())?;
    let now = arguments.clock.now();
    let records = standing::records(records, base.as_ref(), now);
    let report = judged.report(arguments.fail_on, matter.sources());
    let report = standing::under(report, &records, matter.law(), now, base.as_ref())
        .with_rules(rules::all());
    let dossier = dossier::draw_up(&matter, base.as_ref(), &report);
    drop(progress);
    write(&report, &dossier, &arguments.out)?;
    tell(&report, arguments, &aside);
    Ok(report.verdict.into())
}

/// Renders everything before the first file is written, so that one that cannot be made leaves none.
fn write(report: &Report<'_>, dossier: &Dossier, folder: &Path) -> miette::Result<()> {
    let mut files = Vec::new();
    for (name, form) in FORMS {
        let mut bytes = Vec::new();
        dossier
            .write(report, form, &mut bytes)
            .into_diagnostic()
            .wrap_err("cannot draw up the report")?;
        files.push((folder.join(name), bytes));
    }
    for (name, format) in BESIDE {
        let mut bytes = Vec::new();
        format
            .write(report, &Look::PLAIN, &mut bytes)
            .into_diagnostic()?;
        files.push((folder.join(name), bytes));
    }
    let made = !folder.exists();
    fs::create_dir_all(folder)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot make the folder `{}`", folder.display()))?;
    let files: Vec<(&Path, Vec<u8>)> = files
        .iter_mut()
        .map(|(path, bytes)| (path.as_path(), std::mem::take(bytes)))
        .collect();
    let written = output::write(&files);
    if written.is_err() && made {
        // Empty, or else somebody else's by now; the first error is the one to tell.
        let _ = fs::remove_dir(folder);
    }
    Ok(written?)
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
