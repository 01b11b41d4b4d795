//! `why`: every hop from one package, module or structure to another.

use std::io::{self, Write};

use clap::Args;
use miette::IntoDiagnostic;

use super::color::Stream;
use super::progress::Progress;
use super::subject::Subject;
use super::{Exit, Invocation, stdout};
use crate::check::Matter;
use crate::report::look::{Look, wrap};
use crate::report::safe::safe;
use crate::text::{Place, Sources};
use crate::why::{self, Way};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    subject: Subject,
    /// A package, a module (shop::domain) or a structure
    from: String,
    /// The same, or a package or path outside the workspace (sqlx, std::fs)
    to: String,
}

pub(crate) fn run(arguments: &Arguments, invocation: &Invocation) -> miette::Result<Exit> {
    let progress = Progress::start("reading the workspace", &invocation.look(Stream::Error));
    let matter = Matter::read(&arguments.subject.request())?;
    drop(progress);
    let case = matter.case();
    let from = why::find(&case, &arguments.from)?;
    let to = why::find(&case, &arguments.to)?;
    let look = invocation.look(Stream::Output);
    let (this, that) = (
        name(from.kind, &arguments.from),
        name(to.kind, &arguments.to),
    );
    let text = if from.meets(&to, &case) {
        format!("{this} and {that} share code: there is nothing between them\n")
    } else if let Some(way) = why::way(&case, &from, &to) {
        told(&this, &that, &way, matter.sources(), &look)
    } else {
        let back = why::way(&case, &to, &from);
        let back = match back.map(|way| way.legs.len()) {
            Some(hops) => format!("; the other way round there is one, of {}", steps(hops)),
            None => String::new(),
        };
        let said = format!(
            "no way from {this} to {that}: no manifest, lock file or name in source leads there{back}"
        );
        wrap("", "  ", &said, look.width)
    };
    let write =
        |out: &mut dyn Write| -> io::Result<()> { out.write_all(look.disarmed(&text).as_bytes()) };
    stdout::print(write).into_diagnostic()?;
    Ok(Exit::Lawful)
}

fn name(kind: &str, name: &str) -> String {
    format!("{kind} `{}`", safe(name))
}

fn steps(count: usize) -> String {
    match count {
        1 => "one step".to_owned(),
        _ => format!("{count} steps"),
    }
}

fn told(from: &str, to: &str, way: &Way, sources: &Sources, look: &Look) -> String {
    let tests = if way.test { ", by its tests only" } else { "" };
    let head = format!("{from} reaches {to} in {}{tests}:", steps(way.legs.len()));
    let mut text = wrap("", "  ", &head, look.width);
    for (number, leg) in (1..).zip(&way.legs) {
        let number = format!("{number:>3}. ");
        let place = leg
            .place
            .map_or("Cargo.lock".to_owned(), |place| at(sources, place));
        put(&mut text, &number, &place, &leg.label, look);
        for hop in &leg.through {
            put(
                &mut text,
                "     through ",
                &at(sources, hop.place),
                &hop.label,
                look,
            );
        }
    }
    text
}

/// `file:line:column: label`, on one line where it is piped so that editors and `grep` find it.
fn put(text: &mut String, lead: &str, place: &str, label: &str, look: &Look) {
    let line = format!("{place}: {}", safe(label));
    let width = if look.terminal {
        look.width
    } else {
        usize::MAX
    };
    let wrapped = wrap(lead, "       ", &line, width);
    text.push_str(&wrapped.replacen(place, &look.paint("1", place), 1));
}

fn at(sources: &Sources, place: Place) -> String {
    format!("{}:{}", safe(sources.shown(place.file)), place.span.start)
}
