//! `init`: what it proposes for workspaces of many kinds, and that the law it writes holds there.

use std::fs;
use std::path::Path;

use crate::fixture::Workspace;
use crate::support::{Run, check, tool};

fn unfold(text: &str) -> tempfile::TempDir {
    Workspace::parse(text).expect("it is a fixture").unfold()
}

fn init(folder: &Path) -> Run {
    tool(folder).args(["init", "--no-cache"]).run()
}

/// The assignments of a constitution file, one a line: layer, selectors; `?` marks a guess.
fn assigned(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("constitution.toml")).expect("it was written");
    let law: toml::Table = text.parse().expect("it is TOML");
    let assigns = law.get("assign").and_then(toml::Value::as_array);
    let assigns = assigns
        .into_iter()
        .flatten()
        .filter_map(toml::Value::as_table);
    let line = |assign: &toml::Table| {
        let mut words = vec![assign["layer"].as_str().unwrap_or_default().to_owned()];
        for key in ["modules", "paths", "packages"] {
            let globs = assign
                .get(key)
                .and_then(toml::Value::as_array)
                .into_iter()
                .flatten();
            words.extend(globs.filter_map(toml::Value::as_str).map(|glob| {
                let guess = |line: &&str| {
                    line.contains("# a guess") && line.contains(&format!("\"{glob}\""))
                };
                match text.lines().find(guess) {
                    Some(_) => format!("{glob}?"),
                    None => glob.to_owned(),
                }
            }));
        }
        words.join(" ")
    };
    assigns.map(line).collect()
}

/// Runs `init`, then `check` under what it wrote; the assignments and the rules that were broken.
#[track_caller]
fn proposed(text: &str, assigns: &[&str], broken: &[&str]) {
    let folder = unfold(text);
    let run = init(folder.path());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(assigned(folder.path()), assigns, "{text}");
    let checked = check(folder.path()).args(["--no-cache"]).run();
    let report = checked.report().expect("a report");
    let mut rules: Vec<&str> = report.findings.iter().map(|it| it.rule.as_str()).collect();
    rules.dedup();
    assert_eq!(rules, broken, "{text}\n{}", checked.stdout);
    for rule in broken {
        assert!(
            run.stderr.contains(rule),
            "{rule} is told by init\n{}",
            run.stderr
        );
    }
}

#[test]
fn names_and_folders_say_the_layer() {
    proposed(
        "//- crate:shop-domain\n//- crate:shop-use-cases deps:shop-domain\n\
         //- crate:shop-postgres deps:sqlx,shop-domain at:crates/adapters/postgres\n\
         //- crate:shop-mail deps:lettre,shop-domain at:crates/adapters/mail\n\
         //- crate:shop-utils\n//- crate:shop-server kind:bin deps:shop-postgres,shop-use-cases at:apps/server\n\
         fn main() {}\n",
        &[
            "shared shop-utils",
            "domain shop-domain",
            "application shop-use-cases",
            "infrastructure crates/adapters/*",
            "composition shop-server",
        ],
        &[],
    );
}

#[test]
fn what_a_name_means_is_not_bent_to_what_the_code_does() {
    proposed(
        "//- crate:shop-domain deps:sqlx\nuse sqlx::PgPool;\npub struct Orders(PgPool);\n\
         //- crate:shop-infra deps:shop-domain\n",
        &["domain shop-domain", "infrastructure shop-infra"],
        &["engine-dependency", "engine-reference"],
    );
}

#[test]
fn without_names_layers_follow_what_is_reached() {
    proposed(
        "//- crate:parser\npub fn parse() {}\n//- crate:fetch deps:reqwest,parser\n\
         //- crate:tool kind:bin deps:fetch,parser\nfn main() {}\n",
        &[
            "capability parser?",
            "infrastructure fetch?",
            "composition tool?",
        ],
        &[],
    );
}

#[test]
fn the_modules_of_one_package_are_its_layers() {
    proposed(
        "//- crate:shop deps:sqlx kind:bin\nmod domain; mod application; mod adapters; mod error; mod pool;\nfn main() { pool::open(); }\n\
         //- crates/shop/src/domain.rs\nuse crate::error::Wrong;\npub trait Orders { fn all(&self) -> Result<(), Wrong>; }\n\
         //- crates/shop/src/application.rs\nuse crate::domain::Orders;\npub fn list(_: &dyn Orders) {}\n\
         //- crates/shop/src/adapters.rs\nuse crate::{domain::Orders, error::Wrong, pool::Pool};\npub struct Pg(Pool);\n\
         impl Orders for Pg { fn all(&self) -> Result<(), Wrong> { Ok(()) } }\n\
         //- crates/shop/src/error.rs\npub struct Wrong;\n\
         //- crates/shop/src/pool.rs\npub struct Pool(sqlx::PgPool);\npub fn open() {}\n",
        &[
            "shared shop::error::**",
            "domain shop::domain::**",
            "application shop::application::**",
            "infrastructure shop::adapters::** shop::pool::**?",
            "composition shop",
        ],
        &[],
    );
}

#[test]
fn slices_become_one_glob() {
    let slice = |name: &str| {
        format!(
            "//- crates/shop/src/{name}.rs\npub mod domain; pub mod infrastructure;\n\
             //- crates/shop/src/{name}/domain.rs\npub struct It;\n\
             //- crates/shop/src/{name}/infrastructure.rs\npub struct Table;\n"
        )
    };
    proposed(
        &format!(
            "//- crate:shop\npub mod orders; pub mod stock;\n{}{}",
            slice("orders"),
            slice("stock")
        ),
        &[
            "domain shop::*::domain::**",
            "infrastructure shop::*::infrastructure::**",
            "composition shop",
        ],
        &[],
    );
}

#[test]
fn webwaka_names_keep_the_built_in_law_and_the_rest_is_told() {
    let folder = unfold(
        "//- crate:webwaka-organ-sales\n//- crate:webwaka-blob\n//- crate:webwaka-common\n//- crate:server kind:bin\nfn main() {}\n",
    );
    let run = init(folder.path());
    assert_eq!(run.code, 0, "{}", run.stderr);
    let text = fs::read_to_string(folder.path().join("constitution.toml")).expect("it was written");
    assert!(text.contains("extends = \"webwaka\""), "{text}");
    assert_eq!(
        assigned(folder.path()),
        ["neutral webwaka-common", "composition server?"]
    );
    assert!(
        run.stderr.contains("could not decide on: webwaka-blob"),
        "{}",
        run.stderr
    );
    assert!(text.contains("#     \"webwaka-blob\","), "{text}");
    let run = check(folder.path()).args(["--no-cache"]).run();
    let report = run.report().expect("a report");
    let said: Vec<&str> = report.findings.iter().map(|it| it.rule.as_str()).collect();
    assert_eq!((run.code, said), (0, vec!["unassigned-package"]));
}

#[test]
fn manifests_that_claim_a_layer_are_believed() {
    proposed(
        "//- crate:odd layer:domain\n//- crate:shop-infra deps:odd\n",
        &["infrastructure shop-infra"],
        &[],
    );
    let folder = unfold("//- crate:odd layer:nowhere\n");
    let run = init(folder.path());
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("unknown layer `nowhere`"),
        "{}",
        run.stderr
    );
}

#[test]
fn where_nothing_is_pure_it_says_that_the_law_forbids_nothing() {
    let folder = unfold("//- crate:app kind:bin deps:axum\nfn main() { axum::serve(); }\n");
    let run = init(folder.path());
    assert!(
        run.stderr.contains("the law forbids nothing"),
        "{}",
        run.stderr
    );
    assert_eq!(check(folder.path()).args(["--no-cache"]).run().code, 0);
}

#[test]
fn nothing_is_ever_overwritten() {
    let folder = unfold("//- crate:shop-domain\n");
    let law = folder.path().join("constitution.toml");
    fs::write(&law, "mine").expect("it can be written");
    let run = init(folder.path());
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(
        run.stderr.contains("--dry-run") && run.stderr.contains("--output"),
        "{}",
        run.stderr
    );
    let other = folder.path().join("proposed.toml");
    let elsewhere = || {
        tool(folder.path())
            .args(["init", "--no-cache", "--output", "proposed.toml"])
            .run()
    };
    assert_eq!(elsewhere().code, 0);
    assert_eq!(elsewhere().code, 2);
    let printed = tool(folder.path())
        .args(["init", "--no-cache", "--dry-run"])
        .run();
    assert_eq!(printed.code, 0);
    assert_eq!(
        printed.stdout,
        fs::read_to_string(&other).expect("it was written")
    );
    assert_eq!(fs::read_to_string(&law).expect("it is there"), "mine");
}

#[cfg(unix)]
#[test]
fn a_dangling_link_is_not_written_through() {
    let folder = unfold("//- crate:shop-domain\n");
    let outside = folder.path().join("outside");
    std::os::unix::fs::symlink(&outside, folder.path().join("constitution.toml"))
        .expect("links can be made");
    assert_eq!(init(folder.path()).code, 2);
    assert!(!outside.exists());
}

#[test]
fn the_picture_shows_every_layer_with_its_packages() {
    let folder = unfold("//- crate:shop-domain\n//- crate:shop-infra deps:shop-domain\n");
    let run = init(folder.path());
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 6, "{}", run.stdout);
    assert!(
        lines[0].starts_with("╭─ infrastructure runtime ─"),
        "{}",
        run.stdout
    );
    assert!(lines[1].starts_with("│ shop-infra "), "{}", run.stdout);
    assert!(
        lines[3].starts_with("╭─ domain capability ─"),
        "{}",
        run.stdout
    );
    let widths: Vec<usize> = lines.iter().map(|line| line.chars().count()).collect();
    assert!(widths.iter().all(|width| *width == 100), "{widths:?}");
    let again = tool(folder.path())
        .args(["graph", "--format", "text"])
        .run();
    assert_eq!(again.stdout, run.stdout);
}

#[test]
fn a_workspace_without_a_law_is_shown_the_way() {
    let folder = unfold("//- crate:shop\n");
    let run = check(folder.path()).args(["--no-cache"]).run();
    assert_eq!(run.code, 2);
    let said = run.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("`cargo constitution init` writes a first constitution.toml"),
        "{}",
        run.stderr
    );
}
