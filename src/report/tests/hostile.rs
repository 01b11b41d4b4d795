//! One nasty corpus through every format: whatever the workspace says stays text.

use super::*;
use crate::finding::Because;
use crate::report::safe::{is_treacherous, safe};

const NASTY: &[&str] = &[
    // Markup.
    "<script>alert(1)</script>",
    "</failure></testcase>",
    "]]>",
    "<!-- x",
    "&lt;&#64;octocat",
    "<details><summary>",
    "**bold** _it_ ~~no~~ ==x==",
    "| a | b |\n|---|---|",
    "# title",
    "- [x] item",
    "1. one",
    "> [!NOTE]",
    "***",
    "===",
    "[x](https://evil.example)",
    "![x](https://evil.example)",
    "[x](1) ](2)",
    "[x]: https://evil.example",
    "a[^1]",
    "$x$ $`y`$",
    "`",
    "``",
    "a`b",
    "```\n# x",
    "~~~",
    "`a` `b`c`@d",
    "\\`x\\`",
    "{0} {{x}}",
    // What GitHub makes links of.
    "@octocat",
    "x @octocat/team, y",
    "#123 GH-123 a/b#1",
    "see https://evil.example",
    "www.evil.example",
    "x@evil.example",
    ":tada:",
    // What a runner obeys.
    "::error::x",
    "\n::set-output name=x::y",
    "##[command]x ##[[group]",
    "%0A::error file=a,line=1::x%25",
    "a,b:c=d%",
    // What a terminal obeys, and what is not seen.
    "\u{1b}[31mred",
    "\u{202e}drawkcab",
    "\u{9b}2J",
    "\r\n\0\u{7f}",
    "\u{fffe}\u{ffff}",
    "\u{2028}\u{feff}\u{200b}",
    "\u{e0041}",
    "",
    " ",
];

/// A report in which the workspace says `nasty` wherever it can say anything.
fn saying<'a>(nasty: &str, sources: &'a mut Sources) -> Report<'a> {
    let file = sources.add(&sources.root().join(nasty).join(nasty));
    let said = || Some(nasty.to_owned());
    let place = Place::top(file);
    let found = Finding {
        rule: &crate::testing::ENGINE,
        level: Level::Breach,
        confidence: Confidence::Likely,
        message: nasty.to_owned(),
        help: nasty.to_owned(),
        place,
        package: said(),
        module: said(),
        layer: said(),
        structure: said(),
        target: said(),
        category: said(),
        cfg: said(),
        test: true,
        chain: vec![Hop {
            place,
            label: nasty.to_owned(),
        }],
        because: vec![Because {
            text: nasty.to_owned(),
            place: Some(place),
        }],
    };
    let quoted = Finding {
        message: format!("the cell `{nasty}` names `{nasty}`: {nasty}"),
        level: Level::Note,
        target: None,
        ..found.clone()
    };
    let spot = BlindSpot::new(file, Span::START, nasty);
    let mut report = Report::new(
        vec![found, quoted],
        vec![spot],
        CHECKED,
        Level::Breach,
        sources,
    );
    report.dossier = Some(freeze::tests::bare(&report));
    report
}

/// `check` is given each nasty text and what `format` makes of it, as it is for a runner's log.
fn through(format: Format, mut check: impl FnMut(&str, &str)) {
    let look = Look {
        actions: true,
        ..Look::PLAIN
    };
    for nasty in NASTY {
        let mut sources = Sources::new("/ws".into());
        let report = saying(nasty, &mut sources);
        check(nasty, &written(format, &report, &look));
    }
}

#[test]
fn no_format_lets_anything_steer_a_terminal_or_a_runner() {
    for format in Format::ALL {
        through(format, |nasty, text| {
            let steering = |c| c != '\n' && is_treacherous(c);
            assert!(!text.contains(steering), "{format:?} {nasty:?}");
            assert!(!text.contains("##["), "{format:?} {nasty:?}");
            let commands = text
                .lines()
                .filter(|line| line.trim_start().starts_with("::"));
            let ours = if format == Format::Github { 2 } else { 0 };
            assert_eq!(commands.count(), ours, "{format:?} {nasty:?}: {text}");
        });
    }
}

#[test]
fn lines_stay_one_a_finding() {
    for format in [Format::Short, Format::Github] {
        through(format, |nasty, text| {
            assert_eq!(text.lines().count(), 2, "{nasty:?}: {text}");
        });
    }
}

#[test]
fn json_reads_back_as_it_was_said() {
    through(Format::Json, |nasty, text| {
        let read: serde_json::Value = serde_json::from_str(text).expect("it is JSON");
        let said =
            |key: &str| read["findings"][0][key] == nasty || read["findings"][1][key] == nasty;
        assert!(
            said("message") && said("target") && said("module"),
            "{nasty:?}"
        );
    });
}

#[test]
fn sarif_stays_valid_and_links_nothing_but_its_own_steps() {
    through(Format::Sarif, |nasty, text| {
        let document = super::sarif::valid(text);
        let results = document["runs"][0]["results"].as_array();
        for result in results.expect("there are results") {
            let message = result["message"]["text"].as_str().expect("there is one");
            let links: Vec<_> = message.match_indices("](").collect();
            assert_eq!(links.len(), 1, "{nasty:?}: {message}");
            assert!(message[links[0].0..].starts_with("](1)"), "{message}");
        }
        let uri = &results.expect("they are there")[0]["locations"][0]["physicalLocation"]["artifactLocation"]
            ["uri"];
        let uri = uri.as_str().expect("there is one");
        assert!(
            uri.bytes()
                .all(|it| it.is_ascii_alphanumeric() || b"-._~/%".contains(&it)),
            "{uri}"
        );
    });
}

#[test]
fn the_runner_reads_annotations_as_they_were_meant() {
    through(Format::Github, |nasty, text| {
        for line in text.lines() {
            let command = super::github::command(line).expect("it is a command");
            let file = &command.properties["file"];
            // A path has no empty parts.
            let parts = |path: &str| {
                path.split('/')
                    .filter(|it| !it.is_empty())
                    .collect::<Vec<_>>()
                    .join("/")
            };
            let meant = safe(&parts(&format!("{nasty}/{nasty}"))).replace("##[", "#\\u{23}[");
            assert!(
                file.ends_with(meant.trim_start_matches("::")),
                "{file} {meant}"
            );
            assert_eq!(command.properties["line"], "1");
            let spoken = command
                .data
                .lines()
                .all(|line| !line.trim_start().starts_with("::"));
            assert!(spoken, "{nasty:?}");
        }
    });
}

#[test]
fn junit_stays_valid_and_keeps_its_elements() {
    through(Format::Junit, |nasty, text| {
        let document = super::junit::valid(text);
        let count = |tag: &str| document.get_elements_by_tag_name(tag).len();
        let elements = (count("failure"), count("skipped"), count("error"));
        assert_eq!(elements, (1, 1, 1), "{nasty:?}");
        let failure = document.get_elements_by_tag_name("failure")[0];
        let said = document
            .get_attribute(failure, "message")
            .unwrap_or_default();
        let spelt = safe(nasty)
            .replace('\u{fffe}', "\\u{fffe}")
            .replace('\u{ffff}', "\\u{ffff}");
        assert_eq!(said, spelt);
    });
}

#[test]
fn markdown_shows_every_character_and_obeys_none() {
    let bare = |text: &str| -> String {
        text.chars()
            .filter(|c| !c.is_whitespace() && *c != '`')
            .collect()
    };
    through(Format::Markdown, |nasty, text| {
        let shown = super::markdown::shown(text);
        let said = safe(nasty).replace("##[", "#\\u{23}[");
        let whole = format!(":1:1: the cell {said} names {said}: {said}");
        assert!(bare(&shown).contains(&bare(&whole)), "{nasty:?}: {text}");
        assert!(bare(&shown).contains(&bare(&format!(":1:1: {said}"))));
    });
}
