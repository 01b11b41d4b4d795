//! For people at a terminal: every finding with its excerpt, its chain, its clause and the way out.

mod card;
mod footer;
mod groups;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::look::{Look, wrap};
use super::safe::safe;
use super::standing::Status;
use super::{Entry, Report, Verdict};
use crate::finding::{Finding, Level};
use crate::text::{FileId, Place, Span, Text};
use card::Card;
use groups::Group;

/// Findings of a group beyond the first ones, named with their places.
const NAMED: usize = 8;

/// From so many findings on, their totals by rule are told.
const COUNTED_BY_EYE: usize = 6;

/// Writes the report, the gravest findings last, where the eye is when it ends.
pub(crate) fn write(report: &Report<'_>, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(report, look, out);
    page.put(&blind_spots(report, look))?;
    for level in Level::ALL {
        for group in groups::of(report, level) {
            page.group(&group)?;
        }
    }
    page.put(&excepted(report, look))?;
    if !look.quiet {
        page.put(&totals(report, look))?;
        let summary = summary(report, look);
        page.put(&summary)?;
    }
    Ok(())
}

/// What could not be read, and why; nothing if all could.
pub(crate) fn blind_spots(report: &Report<'_>, look: &Look) -> String {
    if report.blind_spots.is_empty() {
        return String::new();
    }
    let count = many(report.blind_spots.len(), "place");
    let mut block = look.paint("1;33", "blind");
    block.push_str(&format!(": {count} had to be read and could not be\n"));
    for spot in &report.blind_spots {
        let text = format!("{}: {}", report.at(spot.place), safe(&spot.reason));
        block.push_str(&wrap("  ", "    ", &text, look.width));
    }
    block.push('\n');
    block
}

/// What is borne by exception, a few lines each; nothing if nothing is.
fn excepted(report: &Report<'_>, look: &Look) -> String {
    let mut block = String::new();
    for entry in &report.entries {
        let Some(exception) = report.exception(entry) else {
            continue;
        };
        let finding = &entry.finding;
        let text = format!(
            "excepted until {}: {} {}[{}] {}",
            exception.expires,
            report.at(finding.place),
            finding.level,
            finding.rule.id,
            safe(&finding.message)
        );
        let wrapped = wrap("", "  ", &text, look.width);
        block.push_str(&wrapped.replacen("excepted", &look.paint("36", "excepted"), 1));
        let by = format!(
            "by {}: {}; {} answers for it, {} approved it",
            safe(&exception.record),
            safe(&exception.reason),
            safe(&exception.owner),
            safe(&exception.approver)
        );
        block.push_str(&wrap("  ", "    ", &by, look.width));
        block.push('\n');
    }
    block
}

/// How many findings each rule has, the gravest first; nothing where they can be counted by eye.
fn totals(report: &Report<'_>, look: &Look) -> String {
    let mut counts: BTreeMap<(Reverse<Level>, &str), usize> = BTreeMap::new();
    let new = report.entries.iter();
    for entry in new.filter(|entry| entry.status == Status::New) {
        let finding = &entry.finding;
        *counts
            .entry((Reverse(finding.level), finding.rule.id))
            .or_default() += 1;
    }
    if counts.len() < 2 || report.entries.len() < COUNTED_BY_EYE {
        return String::new();
    }
    let said: Vec<_> = counts
        .into_iter()
        .map(|((Reverse(level), rule), count)| (level, many(count, level.name()), rule))
        .collect();
    let width = said.iter().map(|(_, count, _)| count.len()).max();
    let width = width.unwrap_or_default();
    let mut block = String::new();
    for (level, count, rule) in said {
        let padded = format!("{count:>width$}");
        let painted = look.paint_level(level, &padded);
        block.push_str(&format!("  {painted}  {rule}\n"));
    }
    block
}

/// The last word: the verdict, the counts, and how much was read.
pub(crate) fn summary(report: &Report<'_>, look: &Look) -> String {
    let counted: Vec<String> = Level::ALL
        .into_iter()
        .rev()
        .filter(|&level| report.counts.at(level) > 0)
        .map(|level| many(report.counts.at(level), level.name()))
        .collect();
    let mut said = if counted.is_empty() {
        "no findings".to_owned()
    } else {
        counted.join(", ")
    };
    if report.excepted() > 0 {
        said.push_str(&format!(", {} excepted", report.excepted()));
    }
    if !report.blind_spots.is_empty() {
        let places = many(report.blind_spots.len(), "place");
        said.push_str(&format!(", {places} not readable"));
    }
    if report.verdict == Verdict::Freeze && report.fail_on != Level::Breach {
        said.push_str(&format!(" (a {} freezes)", report.fail_on));
    }
    let (code, word) = match report.verdict {
        Verdict::Lawful => ("1;32", report.verdict.name()),
        Verdict::Freeze => ("1;31", report.verdict.name()),
        Verdict::Blind => ("1;33", report.verdict.name()),
    };
    let checked = report.checked;
    let read = if checked.packages == 0 && checked.files == 0 {
        "checked nothing: no package and no file was read".to_owned()
    } else {
        format!(
            "checked {}, {}, {}, {}",
            many(checked.packages, "package"),
            many(checked.files, "file"),
            many(checked.modules, "module"),
            many(checked.edges, "edge"),
        )
    };
    // Painted after wrapping: a style has no width.
    let wrapped = wrap("", "  ", &format!("{word}: {said}; {read}"), look.width);
    let mut summary = wrapped.replacen(word, &look.paint(code, word), 1);
    if let Some(novelty) = report.novelty() {
        summary.push_str(&wrap("  ", "  ", &novelty, look.width));
    }
    summary
}

/// `1 file`, `2 files`, `2 breaches`.
fn many(count: usize, what: &str) -> String {
    match (count, what) {
        (1, what) => format!("1 {what}"),
        (_, "breach") => format!("{count} breaches"),
        (_, what) => format!("{count} {what}s"),
    }
}

/// What is being written, and the files read for it.
struct Page<'a, 'r> {
    report: &'a Report<'r>,
    look: &'a Look,
    out: &'a mut dyn Write,
    texts: BTreeMap<FileId, Text>,
    /// Places that hold secrets, by file.
    secrets: BTreeMap<FileId, Vec<Span>>,
    /// What was said under the findings of each level and rule: clause and reasons are not told twice.
    said: BTreeSet<(Level, &'static str, String)>,
}

impl<'a, 'r> Page<'a, 'r> {
    fn new(report: &'a Report<'r>, look: &'a Look, out: &'a mut dyn Write) -> Self {
        Self {
            report,
            look,
            out,
            texts: BTreeMap::new(),
            secrets: report.secrets(),
            said: BTreeSet::new(),
        }
    }

    fn put(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(self.look.disarmed(text).as_bytes())
    }

    fn group(&mut self, group: &Group<'_>) -> io::Result<()> {
        for entry in &group.full {
            let block = self.finding(entry);
            self.put(&block)?;
        }
        if group.rest.is_empty() {
            return Ok(());
        }
        let block = self.rest(group);
        self.put(&block)
    }

    /// The later findings of a group, a line each, and how many more there are.
    fn rest(&self, group: &Group<'_>) -> String {
        let first = &group.rest[0].finding;
        let head = format!("{}[{}]", first.level, first.rule.id);
        let more = many(group.rest.len(), "more place");
        let target = first.target.as_deref().unwrap_or_default();
        let text = format!("{head}: {more} of `{}`", safe(target));
        let mut block = wrap("", "  ", &text, self.look.width);
        block = block.replacen(&head, &self.look.paint_level(first.level, &head), 1);
        for entry in group.rest.iter().take(NAMED) {
            let at = self.report.at(entry.finding.place);
            let text = format!("{at} ({})", entry.fingerprint);
            block.push_str(&wrap("  ", "    ", &text, self.look.width));
        }
        if let Some(unnamed) = group.rest.len().checked_sub(NAMED).filter(|&n| n > 0) {
            let text = format!("and {unnamed} more; `--format short` and `json` name them all");
            block.push_str(&wrap("  ", "  ", &text, self.look.width));
        }
        block.push('\n');
        block
    }

    /// One finding in full.
    fn finding(&mut self, entry: &Entry) -> String {
        let finding = &entry.finding;
        let head = format!("{}[{}]", finding.level, finding.rule.id);
        let mut block = String::new();
        let card = Card {
            head: self.look.paint_level(finding.level, &head),
            message: &finding.message,
            level: finding.level,
            label: label(finding, self.look.width),
        };
        self.draw(&card, finding.place, &mut block);
        for hop in &finding.chain {
            let card = Card {
                head: self.look.paint("1", "through"),
                message: &hop.label,
                level: Level::Note,
                label: None,
            };
            if hop.place == finding.place {
                block.push_str(&card.say(self.look));
            } else {
                self.draw(&card, hop.place, &mut block);
            }
        }
        self.footer(entry, &mut block);
        block.push('\n');
        block
    }

    /// A message and the excerpt at its place, or the bare place where there is nothing to excerpt.
    fn draw(&mut self, card: &Card<'_>, place: Place, block: &mut String) {
        let report = self.report;
        let text = self
            .texts
            .entry(place.file)
            .or_insert_with(|| report.sources.read(place.file));
        let masks = self.secrets.get(&place.file).map_or(&[][..], Vec::as_slice);
        let drawn = card.draw(report.file(place), text, place.span, masks, self.look);
        block.push_str(&drawn);
    }

    /// All that is said below the excerpts.
    fn footer(&mut self, entry: &Entry, block: &mut String) {
        let report = self.report;
        for line in footer::lines(report, entry) {
            let known = (
                entry.finding.level,
                entry.finding.rule.id,
                line.text.clone(),
            );
            if line.once && !self.said.insert(known) {
                continue;
            }
            let first = format!("  {} ", line.what);
            let fits = first.len() + line.text.len() <= self.look.width;
            let wrapped = match line.command {
                true if fits => format!("{first}{}\n", line.text),
                true => format!("  {}\n    {}\n", line.what, line.text),
                false => wrap(&first, "    ", &line.text, self.look.width),
            };
            let painted = self.look.paint("36", line.what);
            block.push_str(&wrapped.replacen(line.what, &painted, 1));
        }
    }
}

/// What stands at the mark: the target, if it is short enough not to be broken.
fn label(finding: &Finding, width: usize) -> Option<String> {
    let target = safe(finding.target.as_deref()?).into_owned();
    let label = match &finding.category {
        Some(category) => format!("{target}: {}", safe(category)),
        None => target,
    };
    (label.chars().count() <= width / 3).then_some(label)
}
