//! Whole freeze reports of findings made by hand.

use super::*;
use crate::finding::{BlindSpot, Finding, Hop, Level};
use crate::report::Checked;
use crate::testing::{Folder, SECRET, finding, place};
use crate::text::Sources;

/// A dossier without a picture.
pub(crate) fn bare(report: &Report<'_>) -> Dossier {
    let provenance = Provenance::read(report.sources, "the built-in WebWaka law");
    Dossier {
        picture: Picture::default(),
        blame: provenance.blame(report.sources, places(report)),
        provenance,
    }
}

fn drawn(findings: Vec<Finding>, spots: Vec<BlindSpot>, sources: &Sources) -> [String; 2] {
    let report = Report::new(findings, spots, Checked::default(), Level::Breach, sources);
    let dossier = bare(&report);
    [Form::Html, Form::Markdown].map(|form| {
        let mut bytes = Vec::new();
        dossier
            .write(&report, form, &mut bytes)
            .expect("a Vec takes all");
        String::from_utf8(bytes).expect("reports are text")
    })
}

#[test]
fn many_alike_are_one_section_and_none_of_them_is_lost() {
    let folder = Folder::new("freeze-many");
    let path = folder.file("src/lib.rs", &"sqlx\n".repeat(30));
    let mut sources = Sources::new(folder.path().to_owned());
    let found: Vec<_> = (0..30)
        .map(|nth| finding(&mut sources, &path, "sqlx", nth))
        .collect();
    let report = Report::new(
        found.clone(),
        Vec::new(),
        Checked::default(),
        Level::Breach,
        &sources,
    );
    for text in drawn(found, Vec::new(), &sources) {
        assert!(
            !text.contains("id=\"m2\"") && !text.contains("### 2."),
            "{text}"
        );
        for entry in &report.entries {
            assert!(text.contains(&entry.fingerprint), "{}", entry.fingerprint);
        }
    }
}

#[test]
fn the_report_says_what_a_founder_needs_to_decide() {
    let folder = Folder::new("freeze-whole");
    let path = folder.file("src/lib.rs", "use common::Pool;\n");
    let mut sources = Sources::new(folder.path().to_owned());
    let found = finding(&mut sources, &path, "common::Pool", 0);
    for text in drawn(vec![found], Vec::new(), &sources) {
        for said in [
            "The runtime plane is frozen",
            "The question to decide",
            "Structures impacted",
            "Root cause",
            "Urgency",
            "Adapter logic leaking into capability layer triggers immediate constitutional freeze.",
            "Mend it",
            "define a port and let a runtime structure bind it",
            "Take it back",
            "Cost:",
            "Remediation plan",
            "5. Constitutional Review",
            "the workspace is in no git repository",
            "Digest of what was read",
        ] {
            assert!(text.contains(said), "{said}\n{text}");
        }
    }
}

#[test]
fn where_all_is_lawful_it_is_a_certificate() {
    let sources = Sources::default();
    for text in drawn(Vec::new(), Vec::new(), &sources) {
        assert!(text.contains("Certificate of compliance"), "{text}");
        assert!(text.contains("PASS"), "{text}");
        assert!(text.contains("not called for"), "{text}");
        assert!(!text.contains("The question to decide"), "{text}");
    }
}

#[test]
fn what_could_not_be_read_is_no_certificate() {
    let folder = Folder::new("freeze-blind");
    let path = folder.file("src/lib.rs", "");
    let mut sources = Sources::new(folder.path().to_owned());
    let file = sources.add(&path);
    let spot = BlindSpot::new(file, crate::text::Span::START, "torn in two");
    for text in drawn(Vec::new(), vec![spot], &sources) {
        assert!(
            text.contains("No verdict") && text.contains("torn in two"),
            "{text}"
        );
        assert!(!text.contains("PASS"), "{text}");
    }
}

#[test]
fn hostile_text_stays_text() {
    let folder = Folder::new("freeze-hostile");
    let source = "</pre><script>x</script> `@team` | #1 \u{202e}\u{1b}[2J sqlx\n```\n";
    let path = folder.file("src/lib.rs", source);
    let mut sources = Sources::new(folder.path().to_owned());
    let at = place(&mut sources, &path, "sqlx", 0);
    let found = Finding {
        message: "names `</title><script>x</script>` and @everyone | <b>".to_owned(),
        target: Some("<img src=x onerror=x>".to_owned()),
        structure: Some("\"><script>x</script>".to_owned()),
        chain: vec![Hop {
            place: at,
            label: "[x](javascript:x) ::error::x".to_owned(),
        }],
        ..finding(&mut sources, &path, "sqlx", 0)
    };
    let [html, markdown] = drawn(vec![found], Vec::new(), &sources);
    assert_eq!(html.matches("<script>").count(), 1, "our own");
    assert!(!html.contains("<img") && !html.contains("<b>"), "{html}");
    assert!(!html.contains(['\u{202e}', '\u{1b}']), "{html}");
    let mut shown = String::new();
    for event in pulldown_cmark::Parser::new_ext(&markdown, pulldown_cmark::Options::all()) {
        match event {
            pulldown_cmark::Event::Html(raw) | pulldown_cmark::Event::InlineHtml(raw) => {
                panic!("{raw} is markup")
            }
            pulldown_cmark::Event::Start(pulldown_cmark::Tag::Link { dest_url, .. }) => {
                panic!("{dest_url} is a link")
            }
            pulldown_cmark::Event::Text(text) => shown.push_str(&text),
            _ => {}
        }
    }
    assert!(!shown.contains("@everyone"), "a mention: {shown}");
}

#[test]
fn a_secret_is_repeated_nowhere() {
    let folder = Folder::new("freeze-secret");
    let path = folder.file("src/lib.rs", "let a = \"hunter2\";\n");
    let mut sources = Sources::new(folder.path().to_owned());
    let found = Finding {
        rule: &SECRET,
        message: "a credential stands in a literal".to_owned(),
        target: None,
        ..finding(&mut sources, &path, "\"hunter2\"", 0)
    };
    for text in drawn(vec![found], Vec::new(), &sources) {
        assert!(!text.contains("hunter2"), "{text}");
        assert!(text.contains("let a = "), "{text}");
    }
}

#[test]
fn the_page_loads_nothing_from_anywhere() {
    let [html, _] = drawn(Vec::new(), Vec::new(), &Sources::default());
    assert!(html.contains("default-src 'none'"), "{html}");
    for loads in [
        " src=",
        "url(http",
        "@import",
        "<link",
        "<iframe",
        " style=",
        " onclick=",
    ] {
        assert!(!html.contains(loads), "{loads}");
    }
}
