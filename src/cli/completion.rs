//! `completion`: whether the plane has reached its completion state, and what is missing otherwise.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::plane::{self, Which};
use super::registry::Shape;
use super::{Exit, Invocation};
use crate::plane::completion::{Completion, Criterion, Given, STATE, TRANSITION};
use crate::plane::issues;
use crate::plane::tracker::{self, Truth};
use crate::tool;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    which: Which,
    /// A list of issues, as for `issues verify`
    #[arg(long, value_name = "FILE|FOLDER")]
    issues: Option<PathBuf>,
    /// The tracker
    #[arg(long, value_name = "FILE")]
    tracker: Option<PathBuf>,
    /// What is written
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "human")]
    format: Shape,
}

#[derive(Serialize)]
struct Shown<'a> {
    schema: u8,
    tool: &'static str,
    complete: bool,
    /// Null until all criteria hold.
    state: Option<&'static str>,
    criteria: &'a [Criterion],
    transition: Vec<Condition>,
}

#[derive(Serialize)]
struct Condition {
    condition: &'static str,
    demands: &'static str,
}

pub(crate) fn run(arguments: &Arguments, _: &Invocation) -> miette::Result<Exit> {
    let mut sources = plane::sources()?;
    let registry = arguments.which.registry(&mut sources)?;
    let mut truth = Truth {
        registry: &registry,
        issues: None,
    };
    let issues = match &arguments.issues {
        Some(path) => {
            let read = plane::issues(path, &mut sources)?;
            let drifts = issues::verify(&read.list, &registry, true, read.top);
            truth.issues = Some((issues::masters(&read.list), read.list.len()));
            Some((read.list, drifts))
        }
        None => None,
    };
    let tracker = match &arguments.tracker {
        Some(path) => {
            let (file, text) = plane::text(path, &mut sources)?;
            let drifts = tracker::verify(&text, file, &truth);
            Some((text, drifts))
        }
        None => None,
    };
    let completion = Completion::of(&Given {
        registry: &registry,
        issues: issues
            .as_ref()
            .map(|(list, drifts)| (&list[..], &drifts[..])),
        tracker: tracker
            .as_ref()
            .map(|(text, drifts)| (text.as_str(), &drifts[..])),
    });
    let text = match arguments.format {
        Shape::Human => human(&completion),
        Shape::Json => json(&completion),
    };
    plane::put(&text, None)?;
    Ok(if completion.complete() {
        Exit::Lawful
    } else {
        Exit::Freeze
    })
}

fn json(completion: &Completion) -> String {
    let conditions = TRANSITION.into_iter();
    let shown = Shown {
        schema: 1,
        tool: tool::TOOL,
        complete: completion.complete(),
        state: completion.complete().then_some(STATE),
        criteria: &completion.criteria,
        transition: conditions
            .map(|(condition, demands)| Condition { condition, demands })
            .collect(),
    };
    serde_json::to_string_pretty(&shown).expect("texts can be written as JSON") + "\n"
}

/// What is missing of one criterion, at most: `--format json` has all of it.
const SHOWN: usize = 5;

fn human(completion: &Completion) -> String {
    let mut text = String::new();
    for (number, criterion) in (1..).zip(&completion.criteria) {
        let word = if criterion.met {
            "holds"
        } else {
            "does not hold"
        };
        text.push_str(&format!("{number}. {}: {word}\n", criterion.title));
        for evidence in &criterion.evidence {
            text.push_str(&format!("   {evidence}\n"));
        }
        for missing in criterion.missing.iter().take(SHOWN) {
            text.push_str(&format!("   missing: {missing}\n"));
        }
        if let more @ 1.. = criterion.missing.len().saturating_sub(SHOWN) {
            text.push_str(&format!("   and {more} more (`--format json` has all)\n"));
        }
    }
    let met = completion
        .criteria
        .iter()
        .filter(|criterion| criterion.met)
        .count();
    text.push_str(&match completion.complete() {
        true => format!("\nThe runtime plane is in its {STATE}. To leave it takes:\n"),
        false => {
            format!("\nNot complete: {met} of 5 criteria hold. To leave the {STATE} will take:\n")
        }
    });
    for (condition, demands) in TRANSITION {
        text.push_str(&format!("- {condition}: {demands}\n"));
    }
    plane::harmless(&text)
}
