//! The book of law is executed: every Bad workspace of a page yields its marks, every Good one is clean.

use std::path::Path;

use crate::fixture::{STUMP_RULES, Workspace};
use crate::support;

/// The sections that a page has, in their order; more may stand between them.
const SECTIONS: [&str; 5] = ["What it finds", "Why", "Bad", "Good", "The way out"];

/// One workspace of a page.
struct Example {
    page: String,
    line: usize,
    good: bool,
    text: String,
}

#[test]
fn every_page_has_its_sections() {
    let mut problems = Vec::new();
    for path in pages() {
        let rule = stem(&path);
        let text = std::fs::read_to_string(&path).expect("a page can be read");
        if text.lines().next() != Some(&format!("# {rule}")) {
            problems.push(format!("rules/{rule}.md does not open with `# {rule}`"));
        }
        let mut titles = text.lines().filter_map(|line| line.strip_prefix("## "));
        for section in SECTIONS {
            if !titles.any(|title| title == section) {
                problems.push(format!(
                    "rules/{rule}.md lacks `## {section}`, or has it out of order"
                ));
                break;
            }
        }
        let why = section(&text, "Why");
        if !why.contains("Section ") {
            problems.push(format!("rules/{rule}.md names no clause under `## Why`"));
        }
    }
    support::none(&problems);
}

#[test]
fn every_page_shows_bad_and_good() {
    let mut problems = Vec::new();
    for path in pages() {
        let rule = stem(&path);
        let text = std::fs::read_to_string(&path).expect("a page can be read");
        let examples = examples(&rule, &text);
        for good in [false, true] {
            if !examples.iter().any(|it| it.good == good) {
                let kind = if good { "Good" } else { "Bad" };
                problems.push(format!("rules/{rule}.md has no {kind} workspace"));
            }
        }
        for example in examples {
            let place = format!("rules/{rule}.md:{}", example.line);
            match Workspace::parse(&example.text) {
                Err(error) => problems.push(format!("{place}: {error}")),
                Ok(workspace) => {
                    let broken = workspace.broken().into_iter();
                    problems.extend(broken.map(|error| format!("{place}: {error}")));
                    let own = workspace.marks.iter().any(|it| it.rule == rule);
                    if example.good && !workspace.marks.is_empty() {
                        problems.push(format!("{place}: a Good workspace has no marks"));
                    }
                    if !example.good && !own {
                        problems.push(format!("{place}: a Bad workspace marks its own rule"));
                    }
                }
            }
        }
    }
    support::none(&problems);
}

#[test]
fn the_examples_hold() {
    let mut all = Vec::new();
    for path in pages() {
        let text = std::fs::read_to_string(&path).expect("a page can be read");
        all.extend(examples(&stem(&path), &text));
    }
    let results = support::in_parallel(&all, |example| {
        let stumps = !example.good && !STUMP_RULES.contains(&example.page.as_str());
        let ignoring: &[&str] = if stumps { &STUMP_RULES } else { &[] };
        Workspace::parse(&example.text)?.verify(ignoring)
    });
    let problems: Vec<String> = all
        .iter()
        .zip(results)
        .filter_map(|(example, result)| {
            let error = result.err()?;
            let kind = if example.good { "Good" } else { "Bad" };
            Some(format!(
                "rules/{}.md:{} ({kind})\n{error}",
                example.page, example.line
            ))
        })
        .collect();
    support::none(&problems);
}

fn pages() -> Vec<std::path::PathBuf> {
    support::files(&support::root().join("rules"), "md")
}

fn stem(path: &Path) -> String {
    let stem = path.file_stem().and_then(|it| it.to_str());
    stem.expect("a page has a name").to_owned()
}

/// The text below `## title`, up to the next section.
fn section<'a>(text: &'a str, title: &str) -> &'a str {
    let Some((_, below)) = text.split_once(&format!("\n## {title}\n")) else {
        return "";
    };
    below.split_once("\n## ").map_or(below, |(it, _)| it)
}

/// The blocks fenced as `workspace` under Bad and Good.
fn examples(page: &str, text: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut section = "";
    let mut fence: Option<(&str, bool)> = None;
    for (at, line) in text.lines().enumerate() {
        let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
        match fence {
            Some((open, _)) if ticks == open && line == ticks => fence = None,
            Some((_, true)) => {
                let example = examples.last_mut().expect("a block is open");
                example.text.push_str(line);
                example.text.push('\n');
            }
            Some((_, false)) => {}
            None if ticks.len() >= 3 => {
                let word = line.trim_start_matches('`');
                let run = word == "workspace" && matches!(section, "Bad" | "Good");
                fence = Some((ticks, run));
                if run {
                    examples.push(Example {
                        page: page.to_owned(),
                        line: at + 1,
                        good: section == "Good",
                        text: String::new(),
                    });
                }
            }
            None => section = line.strip_prefix("## ").unwrap_or(section),
        }
    }
    examples
}
