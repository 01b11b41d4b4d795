//! Markdown for the summary of a step on GitHub: verdict, counts, and the findings by trigger.

pub(crate) mod text;

use std::collections::HashSet;
use std::io::{self, Write};

use super::look::Look;
use super::{Entry, Report, human};
use crate::clause;
use crate::finding::{Confidence, Finding, Level, RuleMeta};
use text::{code, fenced, prose};

/// Bytes of a summary that GitHub still takes.
const LIMIT: usize = 1 << 20;
/// Bytes kept free for headings and for the word about what is left out.
const HEADINGS: usize = 1 << 16;
/// Bytes of a picture that GitHub still draws.
const PICTURE: usize = 50_000;
/// Hops of one chain.
const HOPS: usize = 20;
/// Blind spots told one by one.
const SPOTS: usize = 50;

/// Writes the report, with the gravest findings alone where all of them would be too much.
pub(crate) fn write(report: &Report<'_>, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let mut head = look.disarmed(&head(report)).into_owned();
    let mut room = LIMIT - HEADINGS - head.len().min(LIMIT - HEADINGS);
    let mut items: Vec<(&Entry, String)> = Vec::new();
    for entry in report.gravest_first() {
        let item = look.disarmed(&item(report, entry)).into_owned();
        let Some(left) = room.checked_sub(item.len()) else {
            break;
        };
        room = left;
        items.push((entry, item));
    }
    let left_out = report.entries.len() - items.len();
    if left_out > 0 {
        head.push_str(&format!(
            "\nToo many to show: the {} gravest are here, {left_out} are left out; `--format json` has all.\n",
            items.len()
        ));
    }
    out.write_all(head.as_bytes())?;
    for trigger in (1..=5).map(Some).chain([None]) {
        section(report, trigger, &items, out)?;
    }
    Ok(())
}

/// Verdict, counts, picture, and what could not be read.
fn head(report: &Report<'_>) -> String {
    let look = Look {
        width: usize::MAX,
        ..Look::PLAIN
    };
    let mut head = format!(
        "## Constitution: {}\n\n{}",
        report.verdict.name(),
        human::summary(report, &look)
    );
    if !report.entries.is_empty() {
        head.push_str("\n| level | findings | freezes |\n|---|---:|---|\n");
        for level in Level::ALL.into_iter().rev() {
            let freezes = if level >= report.fail_on { "yes" } else { "no" };
            let count = report.counts.at(level);
            head.push_str(&format!("| {level} | {count} | {freezes} |\n"));
        }
    }
    let picture = report.picture.as_ref();
    if let Some(picture) = picture.filter(|picture| picture.len() <= PICTURE) {
        head.push_str(&format!("\n{}", fenced("mermaid", picture)));
    }
    if !report.blind_spots.is_empty() {
        head.push_str("\n### Not readable\n\nWhat had to be read and could not be:\n\n");
    }
    for spot in report.blind_spots.iter().take(SPOTS) {
        let at = code(&report.at(spot.place));
        head.push_str(&format!("- at {at}: {}\n", prose(&spot.reason)));
    }
    if let Some(more) = beyond(report.blind_spots.len(), SPOTS) {
        head.push_str(&format!("- and {more} more\n"));
    }
    head
}

/// How many are left after `most` of `count`, if any.
fn beyond(count: usize, most: usize) -> Option<usize> {
    count.checked_sub(most).filter(|&more| more > 0)
}

/// The findings under one trigger, by rule.
fn section(
    report: &Report<'_>,
    trigger: Option<u8>,
    items: &[(&Entry, String)],
    out: &mut dyn Write,
) -> io::Result<()> {
    let found: HashSet<&str> = items
        .iter()
        .map(|(entry, _)| entry.finding.rule.id)
        .collect();
    let mut rules = report.rules.clone();
    rules.retain(|rule| rule.trigger == trigger && found.contains(rule.id));
    if rules.is_empty() {
        return Ok(());
    }
    match trigger {
        Some(number) => {
            let clause = format!("VIII.{number}");
            writeln!(out, "\n### Trigger {number}\n")?;
            writeln!(out, "> {} ({clause})", clause::sentence(&clause))?;
        }
        None => writeln!(out, "\n### Beside the five triggers")?,
    }
    for rule in rules {
        heading(rule, out)?;
        for (_, item) in items.iter().filter(|(entry, _)| entry.finding.rule == rule) {
            out.write_all(item.as_bytes())?;
        }
    }
    Ok(())
}

fn heading(rule: &RuleMeta, out: &mut dyn Write) -> io::Result<()> {
    let clause = rule.clause;
    writeln!(
        out,
        "\n#### `{}`: {} ({clause})\n",
        rule.id,
        prose(rule.summary)
    )
}

/// One finding as an item of a list. Each line begins with a word of ours, so that what the workspace
/// says cannot begin a block.
fn item(report: &Report<'_>, entry: &Entry) -> String {
    let finding = &entry.finding;
    let mut item = format!(
        "- **{}** at {}: {}\n",
        finding.level,
        code(&report.at(finding.place)),
        prose(&finding.message)
    );
    for hop in finding.chain.iter().take(HOPS) {
        let at = code(&report.at(hop.place));
        item.push_str(&format!("  - through {at}: {}\n", prose(&hop.label)));
    }
    if let Some(more) = beyond(finding.chain.len(), HOPS) {
        item.push_str(&format!("  - and {more} more\n"));
    }
    item.push_str(&limits(finding));
    if let Some(exception) = report.exception(entry) {
        item.push_str(&format!(
            "  - **excepted** until {} by {}: {}\n",
            exception.expires,
            code(&exception.record),
            prose(&exception.reason)
        ));
    }
    if let (Some(since), false) = (&report.since, entry.known) {
        item.push_str(&format!("  - new since {}\n", code(&since.name)));
    }
    if !finding.help.is_empty() {
        item.push_str(&format!("  - **way out:** {}\n", prose(&finding.help)));
    }
    item.push_str(&format!("  - fingerprint {}\n", code(&entry.fingerprint)));
    item
}

/// How sure it is, and where it holds.
fn limits(finding: &Finding) -> String {
    let mut limits = String::new();
    if finding.confidence == Confidence::Likely {
        limits.push_str("  - likely: this rule judges by likeness here\n");
    }
    if let Some(guard) = &finding.cfg {
        limits.push_str(&format!("  - only with {}\n", code(guard)));
    }
    if finding.test {
        limits.push_str("  - only in tests\n");
    }
    limits
}
