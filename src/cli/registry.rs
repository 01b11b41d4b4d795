//! `registry`: the structures of the runtime plane, and what each is.

use clap::{Args, Subcommand, ValueEnum};

use super::plane::{self, Which};
use super::{Exit, Invocation};
use crate::plane::registry::{Entry, Registry};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    which: Which,
    /// What is written
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value = "human",
        global = true
    )]
    format: Shape,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Every structure, one a line: id, state, phase, name
    List,
    /// Everything about one structure
    Show {
        /// Its id or code, such as RUNTIME-ADAPTER-DATABASE
        structure: String,
    },
}

/// For people, or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shape {
    Human,
    Json,
}

pub(crate) fn run(arguments: &Arguments, _: &Invocation) -> miette::Result<Exit> {
    let registry = arguments.which.registry(&mut plane::sources()?)?;
    let text = match (&arguments.command, arguments.format) {
        (Command::List, Shape::Human) => list(&registry),
        (Command::List, Shape::Json) => json(&registry.entries),
        (Command::Show { structure }, shape) => {
            let registry = registry.only(structure)?;
            let entry = &registry.entries[0];
            match shape {
                Shape::Human => show(entry),
                Shape::Json => json(entry),
            }
        }
    };
    plane::put(&text, None)?;
    Ok(Exit::Lawful)
}

fn json(value: &impl serde::Serialize) -> String {
    let text = serde_json::to_string_pretty(value).expect("texts can be written as JSON");
    text + "\n"
}

fn list(registry: &Registry) -> String {
    let entries = &registry.entries;
    let width = entries.iter().map(|it| it.id.len()).max().unwrap_or(0);
    let lines = entries.iter().map(|it| {
        let (id, state) = (&it.id, it.state.name());
        format!("{id:width$}  {state:9}  phase {}  {}\n", it.phase, it.name)
    });
    let text: String = lines.collect();
    plane::harmless(&text)
}

fn show(entry: &Entry) -> String {
    let text = format!(
        "{}\n  name          {}\n  role          {}\n  state         {}\n  phase         {}\n  \
         modes         {}\n  multi-tenant  {}\n  dedicated     {}\n",
        entry.id,
        entry.name,
        entry.role,
        entry.state.name(),
        entry.phase,
        entry.modes.join(", "),
        entry.multi_tenant,
        entry.dedicated,
    );
    plane::harmless(&text)
}
