//! Markdown as a parser that is not ours reads it, with every extension that GitHub has.

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::*;

/// What a reader sees, without the marks of code; only what we write ourselves has a meaning.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::new();
    for event in Parser::new_ext(text, Options::all()) {
        match event {
            Event::Text(words) => {
                let harmless = |c: char| c.is_alphanumeric() || " .,;:?!'\"()-…".contains(c);
                let plain = words.chars().all(|c| harmless(c) || !c.is_ascii());
                assert!(plain, "{words:?} in {text}");
                shown.push_str(&words);
            }
            Event::Code(words) => shown.push_str(&words),
            Event::SoftBreak => shown.push('\n'),
            Event::End(_) => shown.push('\n'),
            Event::Start(
                Tag::Paragraph
                | Tag::Heading { .. }
                | Tag::BlockQuote(None)
                | Tag::List(None)
                | Tag::Item
                | Tag::Strong
                | Tag::Table(_)
                | Tag::TableHead
                | Tag::TableRow
                | Tag::TableCell,
            ) => {}
            other => panic!("{other:?} in {text}"),
        }
    }
    shown
}

#[test]
fn a_summary_tells_verdict_counts_triggers_chains_and_ways_out() {
    let folder = Folder::new("markdown");
    let path = folder.file("src/lib.rs", "sqlx::PgPool");
    let mut sources = Sources::new(folder.path().to_owned());
    let found = Finding {
        cfg: Some("cfg(windows)".to_owned()),
        chain: vec![Hop {
            place: place(&mut sources, &path, "PgPool", 0),
            label: "`common::Pool` names it".to_owned(),
        }],
        ..finding(&mut sources, &path, "sqlx::PgPool", 0)
    };
    let spot = BlindSpot::new(found.place.file, Span::START, "not UTF-8");
    let report = Report::new(vec![found], vec![spot], CHECKED, Level::Breach, &sources);
    let text = written(Format::Markdown, &report, &Look::PLAIN);
    shown(&text);
    assert_eq!(text, include_str!("report.md"));
}

#[test]
fn a_summary_stays_below_what_github_takes_and_says_what_it_leaves_out() {
    let folder = Folder::new("markdown-long");
    let path = folder.file("lib.rs", &"x\n".repeat(4_000));
    let mut sources = Sources::new(folder.path().to_owned());
    let one = finding(&mut sources, &path, "x", 0);
    let text = sources.read(one.place.file);
    let found = (0..4_000)
        .map(|line| Finding {
            level: if line == 3_999 {
                Level::Breach
            } else {
                Level::Note
            },
            message: "word ".repeat(100),
            place: Place {
                span: text.span(2 * line..2 * line + 1),
                ..one.place
            },
            ..one.clone()
        })
        .collect();
    let report = report(found, &sources);
    let text = written(Format::Markdown, &report, &Look::PLAIN);
    assert!(text.len() < 1 << 20, "{}", text.len());
    assert!(text.len() > 900_000, "{}", text.len());
    assert!(text.contains("**breach** at"), "the gravest is there");
    let items = text.matches("\n- **").count();
    let said = format!(
        "the {items} gravest are here, {} are left out",
        4_000 - items
    );
    assert!(text.contains(&said), "{said}");
}

#[test]
fn a_picture_is_a_block_that_nothing_in_it_ends() {
    let sources = Sources::new("/".into());
    let mut report = report(Vec::new(), &sources);
    report.picture = Some("flowchart TD\n```\na --> b".to_owned());
    let text = written(Format::Markdown, &report, &Look::PLAIN);
    assert!(
        text.contains("````mermaid\nflowchart TD\n```\na --> b\n````\n"),
        "{text}"
    );
}
