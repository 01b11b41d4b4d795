//! Annotations as GitHub's runner reads them: its parser, written again from what it documents.

use std::collections::BTreeMap;

use super::*;

/// A workflow command.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) name: String,
    pub(super) properties: BTreeMap<String, String>,
    pub(super) data: String,
}

/// The command on a line of standard output, if the runner sees one there.
pub(super) fn command(line: &str) -> Option<Command> {
    let line = line.trim_start().strip_prefix("::")?;
    let (head, data) = line.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let unescape = |text: &str| {
        let text = text.replace("%0D", "\r").replace("%0A", "\n");
        text.replace("%3A", ":")
            .replace("%2C", ",")
            .replace("%25", "%")
    };
    let properties = properties.split(',').filter_map(|it| it.split_once('='));
    Some(Command {
        name: name.to_owned(),
        properties: properties
            .map(|(key, value)| (key.trim().to_owned(), unescape(value)))
            .collect(),
        data: unescape(data),
    })
}

#[test]
fn an_annotation_stands_where_the_finding_is() {
    let folder = Folder::new("github");
    let path = folder.file("crates/a,b: 100%/lib.rs", "use sqlx ::\n  PgPool; sqlx");
    let mut sources = Sources::new(folder.path().to_owned());
    let over_two_lines = finding(&mut sources, &path, "sqlx ::\n  PgPool", 0);
    let on_one = finding(&mut sources, &path, "sqlx", 1);
    let mut report = report(vec![on_one, over_two_lines], &sources);
    report.checkout = "backend/".to_owned();
    let text = written(Format::Github, &report, &Look::PLAIN);
    let commands: Vec<_> = text.lines().filter_map(command).collect();
    let of = |at: usize, key: &str| commands[at].properties.get(key).map(String::as_str);
    assert_eq!(of(0, "file"), Some("backend/crates/a,b: 100%/lib.rs"));
    assert_eq!(of(0, "title"), Some("breach: engine-reference"));
    assert_eq!((of(0, "line"), of(0, "endLine")), (Some("1"), Some("2")));
    // The runner takes no columns then.
    assert_eq!((of(0, "col"), of(0, "endColumn")), (None, None));
    assert_eq!((of(1, "line"), of(1, "endLine")), (Some("2"), Some("2")));
    assert_eq!((of(1, "col"), of(1, "endColumn")), (Some("11"), Some("15")));
    assert!(commands[1].data.contains("\nway out: define a port"));
}

#[test]
fn the_gravest_come_first_and_what_github_drops_is_said() {
    let folder = Folder::new("github-many");
    let path = folder.file("lib.rs", &"x\n".repeat(14));
    let mut sources = Sources::new(folder.path().to_owned());
    let levels = [Level::Warning, Level::Risk, Level::Note, Level::Breach];
    let found = (0..14)
        .map(|nth| Finding {
            level: levels[nth.min(3)],
            ..finding(&mut sources, &path, "x", nth)
        })
        .collect();
    let report = report(found, &sources);
    let text = written(Format::Github, &report, &Look::PLAIN);
    let names: Vec<_> = text.lines().filter_map(command).map(|it| it.name).collect();
    assert_eq!(names[..11], ["error"; 11]);
    assert_eq!(names[11..], ["warning", "warning", "notice"]);
    let risk = text.lines().nth(11).and_then(command);
    assert!(risk.is_some_and(|it| it.properties["title"].starts_with("risk")));
    let unseen = super::super::github::unseen(&report).expect("eleven are too many");
    assert!(unseen.contains("1 of 14 findings"), "{unseen}");
}
