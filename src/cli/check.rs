//! `check`: judges the workspace and reports.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use miette::{Context, IntoDiagnostic};

use super::certificate::Certified;
use super::checkout;
use super::clock::Clock;
use super::color::Stream;
use super::dossier;
use super::output::{self, Output};
use super::progress::Progress;
use super::standing;
use super::stdout;
use super::subject::{Against, Subject};
use super::{Exit, Invocation};
use crate::check::{Matter, Outcome, Request, Staged, check, check_in_place};
use crate::constitution::Constitution;
use crate::finding::Level;
use crate::freeze::records::Records;
use crate::report::look::Look;
use crate::report::safe::safe_lines;
use crate::report::{Entry, Format, Report, Verdict, github, graph, human};
use crate::rules;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    subject: Subject,
    #[command(flatten)]
    against: Against,
    /// Judge what is staged in git, not what lies in the folder; silent where that is lawful
    #[arg(long)]
    staged: bool,
    /// What standard output is written in
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats())]
    format: Format,
    /// Also write a report into a file; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output::parse)]
    output: Vec<Output>,
    /// The least level that freezes
    #[arg(long, value_name = "LEVEL", default_value = "breach", value_parser = levels())]
    fail_on: Level,
    /// Judge the workspace together with these facts of others, as `facts export` and `facts merge` write them
    #[arg(long, value_name = "FILE", num_args = 1..)]
    with: Vec<PathBuf>,
    #[command(flatten)]
    clock: Clock,
    #[command(flatten)]
    certified: Certified,
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
            with: self.with.clone(),
            ..self.subject.request()
        }
    }

    /// Whether anything is to be written that shows a picture of the workspace.
    fn draws(&self) -> bool {
        let outputs = self.output.iter().map(|output| output.format);
        let mut formats = outputs.chain([self.format]);
        formats.any(|format| matches!(format, Format::Html | Format::Markdown))
    }
}

pub(crate) fn run(arguments: &Arguments, invocation: &Invocation) -> miette::Result<Exit> {
    let aside = invocation.look(Stream::Error);
    let progress = Progress::start("reading the workspace", &aside);
    let mut request = arguments.request();
    let base = arguments.against.base.as_deref();
    let apart = base.is_some() || arguments.draws();
    if arguments.staged
        && !apart
        && let Some(judged) = check_in_place(&request)
    {
        return tell(judged, progress, arguments, invocation);
    }
    let staged = arguments.staged.then(|| Staged::read(&request));
    // Its folder stays until all is written.
    let staged = staged.transpose()?;
    if let Some(staged) = &staged {
        request = staged.request.clone();
    }
    if apart || staged.is_some() {
        let mut matter = Matter::read(&request)?;
        let records = Records::read(matter.sources_mut())?;
        let (judged, base) = matter.judge_change(&request, base)?;
        let now = arguments.clock.now();
        let records = standing::records(records, base.as_ref(), now);
        let report = judged.report(arguments.fail_on, matter.sources());
        let mut report = standing::under(report, &records, matter.law(), now, base.as_ref());
        if arguments.draws() {
            let dossier = dossier::draw_up(&matter, base.as_ref(), &report);
            report.picture = graph::of_breaches(&dossier.picture);
            report.dossier = Some(dossier);
        }
        drop(progress);
        tell_words(&matter.words, invocation);
        arguments
            .certified
            .write(&report, &records, matter.law_name(), now)?;
        return answer(report, arguments, invocation);
    }
    tell(check(&request)?, progress, arguments, invocation)
}

/// Reports what was judged without a base and is not to be drawn.
fn tell(
    (mut outcome, law): (Outcome, Constitution),
    progress: Progress,
    arguments: &Arguments,
    invocation: &Invocation,
) -> miette::Result<Exit> {
    std::mem::forget(outcome.remains.take());
    let records = Records::read(&mut outcome.sources)?;
    drop(progress);
    tell_words(&outcome.words, invocation);
    let now = arguments.clock.now();
    let report = outcome.judged.report(arguments.fail_on, &outcome.sources);
    let report = standing::under(report, &records, &law, now, None);
    let now = arguments.clock.now();
    arguments
        .certified
        .write(&report, &records, &law.name, now)?;
    answer(report, arguments, invocation)
}

/// On standard error: what was done with the facts of others.
fn tell_words(words: &[String], invocation: &Invocation) {
    let look = invocation.look(Stream::Error);
    if !look.quiet {
        for word in words {
            eprintln!("{}", look.disarmed(&safe_lines(word)));
        }
    }
}

/// Writes the report in every format that was asked for.
fn answer(
    report: Report<'_>,
    arguments: &Arguments,
    invocation: &Invocation,
) -> miette::Result<Exit> {
    let mut report = report.with_rules(rules::all());
    let look = invocation.look(Stream::Output);
    if look.actions {
        report.checkout = checkout::prefix(report.sources.root());
    }
    write_files(&report, &arguments.output)?;
    if arguments.staged && arguments.format == Format::Human && is_plain(&report) {
        return Ok(report.verdict.into());
    }
    stdout::print(|out| arguments.format.write(&report, &look, out))
        .into_diagnostic()
        .wrap_err("cannot write the report to standard output")?;
    if !arguments.format.tells_verdict() {
        tell_aside(&report, arguments.format, &invocation.look(Stream::Error));
    }
    Ok(report.verdict.into())
}

/// Whether there is nothing that whoever commits would want to read: what stops no commit is told by an
/// ordinary check, unless it is known to come with this one.
fn is_plain(report: &Report<'_>) -> bool {
    let mut entries = report.entries.iter();
    let old = |entry: &Entry| entry.known || entry.finding.level == Level::Note;
    report.verdict == Verdict::Lawful && (report.since.is_none() || entries.all(old))
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
