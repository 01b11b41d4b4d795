//! `graph`: the workspace as a picture.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use miette::{Context, IntoDiagnostic};

use super::color::Stream;
use super::progress::Progress;
use super::subject::{Against, Subject};
use super::{Exit, Invocation, stdout};
use crate::check::{Base, Matter};
use crate::draw;
use crate::finding::Level;
use crate::picture::By;
use crate::report::graph::GraphFormat;
use crate::rules;
use crate::why::UnknownName;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    subject: Subject,
    #[command(flatten)]
    against: Against,
    /// What the picture is written in
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    format: GraphFormat,
    /// Only this package or structure, what it needs and what needs it
    #[arg(long, value_name = "NAME")]
    focus: Option<String>,
    /// One box for each layer or structure
    #[arg(long, value_name = "WHAT", value_parser = wholes())]
    collapse: Option<By>,
}

fn formats() -> impl TypedValueParser<Value = GraphFormat> {
    PossibleValuesParser::new(GraphFormat::ALL.map(GraphFormat::name)).map(|name| {
        let mut all = GraphFormat::ALL.into_iter();
        all.find(|format| format.name() == name)
            .expect("only names of formats pass")
    })
}

fn wholes() -> impl TypedValueParser<Value = By> {
    PossibleValuesParser::new(By::ALL.map(By::name)).map(|name| {
        let mut all = By::ALL.into_iter();
        all.find(|by| by.name() == name)
            .expect("only names of wholes pass")
    })
}

/// Draws what breaks the law too, but judges nothing: it succeeds whatever the verdict would be.
pub(crate) fn run(arguments: &Arguments, invocation: &Invocation) -> miette::Result<Exit> {
    let progress = Progress::start("reading the workspace", &invocation.look(Stream::Error));
    let request = arguments.subject.request();
    let mut matter = Matter::read(&request)?;
    let (judged, base) = matter.judge_change(&request, arguments.against.base.as_deref())?;
    drop(progress);
    let report = judged
        .report(Level::Breach, matter.sources())
        .with_rules(rules::all());
    let mut picture = draw::picture(&matter.case(), &report.findings(), report.fail_on);
    if let Some(then) = base.as_ref().and_then(Base::picture) {
        picture = picture.since(&then);
    }
    if let Some(by) = arguments.collapse {
        picture = picture.collapsed(by);
    }
    if let Some(name) = &arguments.focus {
        let code = matter.structure_code(name).unwrap_or(name);
        picture = picture.around(code).ok_or_else(|| {
            let names = picture.nodes.iter();
            let names = names.flat_map(|node| [Some(&node.name), node.structure.as_ref()]);
            UnknownName::new(name, names.flatten().map(String::as_str))
        })?;
    }
    stdout::print(|out| arguments.format.write(&picture, &report, out))
        .into_diagnostic()
        .wrap_err("cannot write the picture to standard output")?;
    Ok(Exit::Lawful)
}
