//! `explain`: a page of the book, or the list of its rules.

use std::io::{self, Write};

use clap::Args;
use miette::{Diagnostic, IntoDiagnostic};
use thiserror::Error;

use super::color::Stream;
use super::{Exit, Invocation, page, stdout};
use crate::clause;
use crate::finding::{OptionKind, RuleMeta};
use crate::report::look::{Look, wrap};
use crate::rules;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The rule's id, such as reverse-dependency
    rule: Option<String>,
}

/// A name that is no rule's.
#[derive(Debug, Error, Diagnostic)]
#[error("there is no rule `{name}`")]
struct UnknownRule {
    name: String,
    #[help]
    help: String,
}

pub(crate) fn run(arguments: &Arguments, invocation: &Invocation) -> miette::Result<Exit> {
    let look = invocation.look(Stream::Output);
    let rules = rules::all();
    let text = match &arguments.rule {
        Some(name) => one(find(rules, name)?, &look),
        None => list(rules, &look),
    };
    let write = |out: &mut dyn Write| -> io::Result<()> { out.write_all(text.as_bytes()) };
    stdout::print(write).into_diagnostic()?;
    Ok(Exit::Lawful)
}

fn find(rules: &'static [&'static RuleMeta], name: &str) -> Result<&'static RuleMeta, UnknownRule> {
    if let Some(rule) = rules.iter().find(|rule| rule.id == name) {
        return Ok(rule);
    }
    let near = rules
        .iter()
        .map(|rule| (strsim::jaro_winkler(rule.id, name), rule.id))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    Err(UnknownRule {
        name: name.to_owned(),
        help: match near {
            Some((_, id)) => format!("did you mean `{id}`?"),
            None => "`cargo constitution explain` lists all rules".to_owned(),
        },
    })
}

/// All rules under their triggers, one a line.
fn list(rules: &[&RuleMeta], look: &Look) -> String {
    let mut text = String::new();
    let longest = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    for trigger in (1..=5).map(Some).chain([None]) {
        let under: Vec<_> = rules
            .iter()
            .filter(|rule| rule.trigger == trigger)
            .collect();
        if under.is_empty() {
            continue;
        }
        let heading = match trigger {
            Some(number) => {
                let clause = format!("VIII.{number}");
                format!("Trigger {number} ({clause}). {}", clause::sentence(&clause))
            }
            None => "Beside the five triggers".to_owned(),
        };
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&look.paint("1", wrap("", "", &heading, look.width).trim_end()));
        text.push('\n');
        for rule in under {
            text.push_str(&line(rule, longest, look));
        }
    }
    text
}

/// One rule of the list, its id padded to `longest`.
fn line(rule: &RuleMeta, longest: usize, look: &Look) -> String {
    let level = rule.level.name();
    let head = format!("  {:longest$}  {level:7}  ", rule.id);
    let painted = format!(
        "  {:longest$}  {}",
        rule.id,
        look.paint_level(rule.level, level)
    );
    // On a narrow terminal the summary gets lines of its own.
    if head.len() + 20 > look.width {
        let summary = wrap("      ", "      ", rule.summary, look.width);
        return format!("{painted}\n{summary}");
    }
    let wrapped = wrap(&head, &" ".repeat(head.len()), rule.summary, look.width);
    let padding = &head[head.trim_end().len()..];
    format!("{painted}{padding}{}", &wrapped[head.len()..])
}

/// The page with the options; as it was written if no terminal is to show it.
fn one(rule: &RuleMeta, look: &Look) -> String {
    let mut markdown = rule.page.trim_end().to_owned();
    markdown.push_str("\n\n");
    markdown.push_str(&options(rule));
    if look.terminal {
        page::render(&markdown, look)
    } else {
        markdown
    }
}

/// The options as a section of the page.
fn options(rule: &RuleMeta) -> String {
    let mut text = format!(
        "## Options\n\nIn `[rules.{}]` of the constitution:\n\n- `level`: one of `off`, `note`, \
         `warning`, `risk`, `breach`; `{}` in the built-in law\n\
         - `exceptable`: `true` or `false`; whether a signed exception may bear what it finds for a time ({})\n",
        rule.id,
        rule.level,
        match rule.trigger {
            Some(_) => "`false` unless told, as for all five triggers",
            None => "`true` unless told",
        }
    );
    for option in rule.options {
        let kind = match option.kind {
            OptionKind::Flag => "`true` or `false`".to_owned(),
            OptionKind::Word(words) => format!("one of `{}`", words.join("`, `")),
            OptionKind::Words => "a list of strings".to_owned(),
            OptionKind::Text => "a string".to_owned(),
        };
        text.push_str(&format!("- `{}`: {kind}; {}\n", option.key, option.summary));
    }
    text
}

#[cfg(test)]
mod tests;
