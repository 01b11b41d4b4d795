//! Every way a name can hide: the fixtures of `fixtures/constructs`, sixteen constructs and their look-alikes.

use crate::fixture::{STUMP_RULES, Workspace};
use crate::support;

/// The constructs, as the file names in `fixtures/constructs` number them.
const CONSTRUCTS: usize = 16;

#[test]
fn every_construct_is_found_where_it_stands_and_nothing_else() {
    let files = support::files(&support::root().join("fixtures/constructs"), "workspace");
    let results = support::in_parallel(&files, |path| {
        let text = std::fs::read_to_string(path).expect("a fixture can be read");
        let workspace = Workspace::parse(&text)?;
        workspace.verify(&STUMP_RULES)
    });
    let mut problems = Vec::new();
    for construct in 1..=CONSTRUCTS {
        let prefix = format!("{construct:02}-");
        let here = files.iter().zip(&results).filter(|(path, _)| {
            let name = path.file_name().and_then(|it| it.to_str());
            name.is_some_and(|it| it.starts_with(&prefix))
        });
        let (mut all, mut held) = (0, 0);
        for (path, result) in here {
            all += 1;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            match result {
                Ok(()) => held += 1,
                Err(error) => problems.push(format!("fixtures/constructs/{name}\n{error}")),
            }
        }
        println!("construct {construct:2}: {held} of {all} workspaces hold");
        if all == 0 {
            problems.push(format!("construct {construct} has no fixture"));
        }
    }
    support::none(&problems);
}

#[test]
fn fixtures_are_rust() {
    let mut problems = Vec::new();
    for path in support::files(&support::root().join("fixtures/constructs"), "workspace") {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let text = std::fs::read_to_string(&path).expect("a fixture can be read");
        match Workspace::parse(&text) {
            Ok(workspace) => problems.extend(
                workspace
                    .broken()
                    .into_iter()
                    .map(|problem| format!("{name}: {problem}")),
            ),
            Err(error) => problems.push(format!("{name}: {error}")),
        }
    }
    support::none(&problems);
}

#[test]
fn a_message_says_what_was_written_and_how_the_engine_comes_in() {
    let folder = Workspace::parse(
        "
//- crate:cell deps:sqlx,common layer:cell
#[sqlx::test]
fn a() {}
fn b(it: sqlx::PgPool) {
    it.close();
}
use common::say;
fn c() {
    say!();
}
fn d() {
    common::open();
}
//- crate:common deps:sqlx layer:neutral
#[macro_export]
macro_rules! say {
    () => { $crate::sqlx::ready() };
}
pub use sqlx;
pub fn open() -> sqlx::PgPool {
    todo!()
}
",
    )
    .expect("it is a fixture")
    .unfold();
    let report = support::check(folder.path())
        .run()
        .report()
        .expect("a report");
    let said = |line: u64| {
        let mut findings = report.findings.iter();
        let found = findings.find(|it| it.file.ends_with("cell/src/lib.rs") && it.line == line);
        found.map_or_else(String::new, |it| it.message.clone())
    };
    let expected = [
        (1, "names `sqlx::test`"),
        (4, "uses `sqlx::PgPool` by way of `.close()`"),
        (8, "calls `say!`, whose code names `sqlx::ready`"),
        (11, "holds `sqlx::PgPool` by way of `common::open()`"),
    ];
    let wrong = expected
        .iter()
        .filter(|(line, words)| !said(*line).contains(words));
    let problems: Vec<String> = wrong
        .map(|(line, words)| format!("line {line}: wanted {words:?}, said {:?}", said(*line)))
        .collect();
    support::none(&problems);
}
