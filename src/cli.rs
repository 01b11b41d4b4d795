//! The command line: what was asked for, and the exit code that answers it.

mod baseline;
mod certificate;
mod check;
mod checkout;
mod clock;
mod color;
mod completion;
mod desk;
mod dossier;
mod exception;
mod explain;
mod facts;
mod freeze;
mod graph;
mod init;
mod issues;
mod ledger;
mod lsp;
mod output;
mod page;
mod plane;
mod progress;
mod registry;
mod report;
mod standing;
mod stdout;
mod subject;
mod tracker;
mod why;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::finding::Level;
use crate::report::Verdict;
use crate::report::look::Look;
use crate::report::safe::safe_lines;
use color::{Stream, When};

#[derive(Debug, Parser)]
#[command(
    name = "cargo-constitution",
    bin_name = "cargo constitution",
    version,
    about = "Holds a Cargo workspace to its constitution: layers, ports, adapters, and who may know whom.",
    after_help = "Exit codes: 0 lawful, 1 freeze, 2 wrong usage or a wrong constitution, 3 blind \
                  (something that had to be read could not be).",
    arg_required_else_help = true
)]
struct Arguments {
    /// When to colour what is printed
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    color: When,
    /// Print findings and errors only: no summary, no progress
    #[arg(long, short, global = true)]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Judge the workspace
    Check(check::Arguments),
    /// Declare a freeze, and go through its steps until it is lifted
    Freeze(freeze::Arguments),
    /// Write down what is there already, to be borne from now on; it can only shrink
    Baseline(baseline::Arguments),
    /// Prove the ledger of the records, or merge two
    Ledger(ledger::Arguments),
    /// Ask for leave to break a law for a time
    Exception(exception::Arguments),
    /// Show a rule's page of the book; without RULE, list them
    Explain(explain::Arguments),
    /// What this workspace contributes to the judgement of others, and joining such files
    Facts(facts::Arguments),
    /// Write a first constitution from what the workspace looks like, and show it
    Init(init::Arguments),
    /// The structures of the runtime plane
    Registry(registry::Arguments),
    /// Write the dormant issue tree, or hold a list of issues against it
    Issues(issues::Arguments),
    /// Write, verify or update the tracker of the runtime layer
    Tracker(tracker::Arguments),
    /// Whether the runtime plane has reached its completion state
    Completion(completion::Arguments),
    /// Draw the workspace: its layers, its boxes, and what breaks the law
    Graph(graph::Arguments),
    /// Draw up the freeze report, or the certificate where all is lawful
    Report(report::Arguments),
    /// Speak with an editor: findings on save, with their chains, clauses and ways out
    Lsp(lsp::Arguments),
    /// Show every hop from one package, module or structure to another
    Why(why::Arguments),
}

/// A command line that was understood.
#[derive(Debug)]
pub struct Invocation {
    arguments: Arguments,
}

/// What the caller is told at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Lawful,
    Freeze,
    /// Wrong usage, or a wrong constitution: nothing was judged.
    Usage,
    Blind,
}

impl From<Verdict> for Exit {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Lawful => Self::Lawful,
            Verdict::Freeze => Self::Freeze,
            Verdict::Blind => Self::Blind,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Lawful => 0,
            Exit::Freeze => 1,
            Exit::Usage => 2,
            Exit::Blind => 3,
        })
    }
}

/// Understands `cargo constitution …`, for which cargo passes its own name of us along, and
/// `cargo-constitution …` alike.
///
/// # Errors
/// If there is nothing to run: help or the version was asked for, or the usage is wrong.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Invocation, Answer> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments
        .get(1)
        .is_some_and(|first| first == "constitution")
    {
        arguments.remove(1);
    }
    match Arguments::try_parse_from(&arguments) {
        Ok(arguments) => Ok(Invocation { arguments }),
        Err(text) => Err(Answer {
            text,
            color: When::asked(&arguments),
        }),
    }
}

/// The help, the version, or what is wrong with the usage.
#[derive(Debug)]
pub struct Answer {
    text: clap::Error,
    color: When,
}

impl Answer {
    /// Prints it where it belongs.
    #[must_use]
    pub fn print(&self) -> Exit {
        let (stream, exit) = if self.text.use_stderr() {
            (Stream::Error, Exit::Usage)
        } else {
            (Stream::Output, Exit::Lawful)
        };
        let rendered = self.text.render();
        let text = if color::look(self.color, stream, false).colour {
            rendered.ansi().to_string()
        } else {
            rendered.to_string()
        };
        // Where nobody listens there is nothing left to say.
        let _ = match stream {
            Stream::Error => std::io::stderr().write_all(text.as_bytes()),
            Stream::Output => std::io::stdout().write_all(text.as_bytes()),
        };
        exit
    }
}

impl Invocation {
    /// Does what was asked for.
    ///
    /// # Errors
    /// If it could not be done: the workspace, its constitution or the usage is wrong, or what was to be
    /// written could not be.
    pub fn run(&self) -> miette::Result<Exit> {
        match &self.arguments.command {
            Command::Check(arguments) => check::run(arguments, self),
            Command::Freeze(arguments) => freeze::run(arguments, self),
            Command::Baseline(arguments) => baseline::run(arguments, self),
            Command::Ledger(arguments) => ledger::run(arguments, self),
            Command::Exception(arguments) => exception::run(arguments, self),
            Command::Explain(arguments) => explain::run(arguments, self),
            Command::Facts(arguments) => facts::run(arguments, self),
            Command::Init(arguments) => init::run(arguments, self),
            Command::Registry(arguments) => registry::run(arguments, self),
            Command::Issues(arguments) => issues::run(arguments, self),
            Command::Tracker(arguments) => tracker::run(arguments, self),
            Command::Completion(arguments) => completion::run(arguments, self),
            Command::Graph(arguments) => graph::run(arguments, self),
            Command::Report(arguments) => report::run(arguments, self),
            Command::Lsp(arguments) => lsp::run(arguments, self),
            Command::Why(arguments) => why::run(arguments, self),
        }
    }

    /// Prints an error of [`Invocation::run`].
    #[must_use]
    pub fn complain(&self, error: &miette::Report) -> Exit {
        let text = render_error(error, &self.look(Stream::Error));
        // Where nobody listens there is nothing left to say.
        let _ = std::io::stderr().write_all(text.as_bytes());
        Exit::Usage
    }

    fn look(&self, stream: Stream) -> Look {
        color::look(self.arguments.color, stream, self.arguments.quiet)
    }
}

/// An error as `look` wants it; without colour if it quotes something treacherous, because our own
/// escapes cannot be told from quoted ones then.
fn render_error(error: &miette::Report, look: &Look) -> String {
    let render = |look: &Look| {
        let mut text = String::new();
        look.handler(Level::Breach)
            .render_report(&mut text, error.as_ref())
            .map(|()| text)
            // A label outside of its text; the message still tells what is wrong.
            .unwrap_or_else(|_| format!("{error}\n"))
    };
    let plain = render(&Look {
        colour: false,
        ..look.clone()
    });
    let text = match safe_lines(&plain) {
        std::borrow::Cow::Borrowed(_) => render(look),
        std::borrow::Cow::Owned(safe) => safe,
    };
    look.disarmed(&text).into_owned()
}

#[cfg(test)]
mod tests;
