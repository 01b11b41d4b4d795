//! Input that wants to break the gate: it ends blind, within seconds, and all else is still checked.

use std::fs;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

use crate::fixture::Workspace;
use crate::support::{self, Report, check, tool};

/// `hostile.rs` is what each case writes; `witness.rs` holds what must be found all the same. Its
/// finding is a warning, so that blindness stays the verdict.
const AROUND: &str = "
//- crate:cell deps:dev:sqlx layer:cell
mod hostile;
mod witness;
//- crates/cell/src/hostile.rs
fn harmless() {}
//- crates/cell/src/witness.rs
#[cfg(test)]
fn a(it: sqlx::PgPool) {}
";

const HOSTILE: &str = "crates/cell/src/hostile.rs";
const WITNESS: &str = "crates/cell/src/witness.rs";

/// No single file may take longer; a debug build on a busy machine is several times as slow as a release.
const SECONDS: Duration = Duration::from_secs(30);

fn around() -> TempDir {
    Workspace::parse(AROUND).expect("it is a fixture").unfold()
}

/// Checks the workspace: blind, the witness found, and a blind spot that names `file`.
fn is_blind(folder: &Path, file: &str) -> Result<(), String> {
    let run = check(folder).within(SECONDS).try_run()?;
    let report = run.report()?;
    if run.code != 3 || report.verdict != "blind" {
        return Err(format!("exit code {}, `{}`", run.code, report.verdict));
    }
    if !names(&report, file) {
        return Err(format!(
            "no blind spot names {file}: {:?}",
            report.blind_spots
        ));
    }
    if !found(&report, WITNESS, 2) {
        return Err("what can be read was not checked".to_owned());
    }
    Ok(())
}

fn names(report: &Report, file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    let mut spots = report.blind_spots.iter();
    spots.any(|spot| spot.file.contains(name) || spot.message.contains(name))
}

fn found(report: &Report, file: &str, line: u64) -> bool {
    let mut findings = report.findings.iter();
    findings.any(|it| it.rule == "engine-reference" && it.file == file && it.line == line)
}

/// Each case is a name and what `hostile.rs` holds.
fn all_blind(cases: &[(&str, Vec<u8>)]) {
    let results = support::in_parallel(cases, |(name, bytes)| {
        let folder = around();
        fs::write(folder.path().join(HOSTILE), bytes).expect("a file can be written");
        is_blind(folder.path(), HOSTILE).map_err(|error| format!("{name}: {error}"))
    });
    let problems: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    support::none(&problems);
}

#[test]
fn what_is_no_rust_is_a_blind_spot() {
    all_blind(&[
        ("does not parse", b"fn a( {}\n".to_vec()),
        ("not closed", b"fn a() { /* \n".to_vec()),
        ("string not closed", b"const A: &str = \"x;\n".to_vec()),
        ("not UTF-8", b"fn a() {} // \xff\xfe\n".to_vec()),
        ("UTF-16", b"\xff\xfef\0n\0 \0a\0(\0)\0{\0}\0".to_vec()),
        ("zeros", vec![0; 30 << 20]),
        (
            "merge conflict",
            b"<<<<<<< ours\nfn a() {}\n=======\n>>>>>>> theirs\n".to_vec(),
        ),
    ]);
}

#[test]
fn depth_does_not_end_the_run() {
    let nested = |open: &str, middle: &str, close: &str, times: usize| {
        let text = format!(
            "fn a() {{ {}{middle}{}; }}\n",
            open.repeat(times),
            close.repeat(times)
        );
        text.into_bytes()
    };
    let item = |before: &str, part: &str, after: &str, times: usize| {
        format!("{before}{}{after}\n", part.repeat(times)).into_bytes()
    };
    let generics = |times: usize| {
        let text = format!("type T = {}u8{};\n", "A<".repeat(times), ">".repeat(times));
        text.into_bytes()
    };
    all_blind(&[
        ("parentheses", nested("(", "1", ")", 20_000)),
        ("brackets", nested("[", "1", "]", 20_000)),
        ("blocks", nested("{", "1", "}", 20_000)),
        ("if", nested("if x {", "1", "}", 20_000)),
        ("match", nested("match x { _ => ", "1", "}", 20_000)),
        ("calls", nested("f(", "1", ")", 20_000)),
        ("not", nested("!", "true", "", 200_000)),
        ("borrows", nested("&", "x", "", 200_000)),
        ("stars", nested("*", "x", "", 200_000)),
        ("minus", nested("- ", "1", "", 200_000)),
        ("sums", nested("a+", "a", "", 100_000)),
        ("assignments", nested("a=", "a", "", 100_000)),
        ("casts", nested("", "a", " as u8", 100_000)),
        ("question marks", nested("", "a", "?", 100_000)),
        ("indices", nested("", "a", "[0]", 100_000)),
        ("fields", nested("", "a", ".b", 100_000)),
        ("methods", nested("", "a", ".b()", 100_000)),
        ("else if", nested("if a {} ", "", "else if a {} ", 20_000)),
        ("closures", nested("|a, b| ", "1", "", 50_000)),
        ("returns", nested("return ", "1", "", 100_000)),
        ("labels", nested("'a: loop { break 'a ", "1", "}", 20_000)),
        ("generics", generics(50_000)),
        ("type tuples", item("type T = ", "(", "", 50_000)),
        ("references", item("type T = ", "&", "u8;", 100_000)),
        ("pointers", item("type T = ", "*const ", "u8;", 100_000)),
        ("functions", item("type T = ", "fn() -> ", "u8;", 100_000)),
        ("a path", item("use a", "::a", ";", 100_000)),
        ("a path in code", item("type T = a", "::a", ";", 100_000)),
        ("use trees", item("use ", "a::{", "", 50_000)),
        ("modules", item("", "mod a {", "", 50_000)),
        ("patterns", item("fn a(", "&", "b: u8) {}", 200_000)),
        ("pattern tuples", item("fn a(", "(", "", 50_000)),
        ("block comments", item("", "/*", "", 200_000)),
        ("lifetimes", item("type T = ", "for<'a> ", "fn();", 100_000)),
    ]);
}

#[test]
fn depth_inside_macro_tokens_does_not_end_the_run() {
    let nested = |open: &str, close: &str| {
        let text = format!(
            "fn a() {{ vec![{}1{}]; }}\n",
            open.repeat(20_000),
            close.repeat(20_000)
        );
        text.into_bytes()
    };
    all_blind(&[
        ("parentheses", nested("(", ")")),
        ("braces", nested("{", "}")),
        ("macros", nested("vec![", "]")),
    ]);
}

#[test]
fn a_file_that_is_not_there_is_a_blind_spot_at_its_declaration() {
    let folder = around();
    fs::remove_file(folder.path().join(HOSTILE)).expect("the file was there");
    assert_eq!(is_blind(folder.path(), HOSTILE), Ok(()));
    let report = check(folder.path()).run().report().expect("a report");
    let spot = &report.blind_spots[0];
    assert_eq!(
        (spot.file.as_str(), spot.line),
        ("crates/cell/src/lib.rs", 1)
    );
}

#[test]
fn a_missing_file_is_missed_under_a_guard_too() {
    let folder = around();
    fs::write(folder.path().join(HOSTILE), "#[cfg(windows)]\nmod gone;\n").expect("written");
    assert_eq!(is_blind(folder.path(), HOSTILE), Ok(()));
}

#[test]
fn paths_that_lead_in_circles_or_out_are_blind_spots() {
    let outside = tempfile::tempdir().expect("a folder");
    let stranger = outside.path().join("stranger.rs");
    fs::write(&stranger, "fn a() {}\n").expect("written");
    let absolute = format!("#[path = {stranger:?}]\nmod stranger;\n");
    let cases = [
        ("a loop of one", "#[path = \"hostile.rs\"]\nmod again;\n"),
        ("a loop of two", "#[path = \"lib.rs\"]\nmod again;\n"),
        (
            "out and not there",
            "#[path = \"../../../../../../../../../../no/such/file.rs\"]\nmod out;\n",
        ),
        ("absolute", &absolute),
        ("a folder", "#[path = \".\"]\nmod folder;\n"),
        ("include in circles", "include!(\"hostile.rs\");\n"),
        ("include what is not there", "include!(\"gone.rs\");\n"),
        (
            "include what is computed",
            "include!(concat!(\"go\", \"ne.rs\"));\n",
        ),
    ]
    .map(|(name, text)| (name, text.as_bytes().to_vec()));
    all_blind(&cases);
}

#[test]
fn a_path_out_of_the_workspace_is_not_followed() {
    let outer = tempfile::tempdir().expect("a folder");
    let root = outer.path().join("workspace");
    fs::create_dir(&root).expect("a folder can be made");
    Workspace::parse(AROUND)
        .expect("it is a fixture")
        .write(&root);
    fs::write(outer.path().join("outside.rs"), "fn a() {}\n").expect("written");
    let text = "#[path = \"../../../../outside.rs\"]\nmod outside;\n";
    fs::write(root.join(HOSTILE), text).expect("written");
    assert_eq!(is_blind(&root, HOSTILE), Ok(()));
}

#[test]
fn a_fan_out_of_paths_is_cut_short() {
    let folder = around();
    let source = folder.path().join("crates/cell/src");
    for n in 0..40 {
        let next = n + 1;
        let text =
            format!("#[path = \"bomb{next}.rs\"]\nmod a;\n#[path = \"bomb{next}.rs\"]\nmod b;\n");
        fs::write(source.join(format!("bomb{n}.rs")), text).expect("written");
    }
    fs::write(source.join("bomb40.rs"), "").expect("written");
    let text = "#[path = \"bomb0.rs\"]\nmod bomb;\n";
    fs::write(folder.path().join(HOSTILE), text).expect("written");
    assert_eq!(is_blind(folder.path(), "bomb"), Ok(()));
}

#[cfg(unix)]
#[test]
fn links_out_and_pipes_are_blind_spots() {
    let outside = tempfile::tempdir().expect("a folder");
    let stranger = outside.path().join("stranger.rs");
    fs::write(&stranger, "fn a() {}\n").expect("written");
    let folder = around();
    let hostile = folder.path().join(HOSTILE);
    let replace = |target: &Path| {
        fs::remove_file(&hostile).expect("the file was there");
        std::os::unix::fs::symlink(target, &hostile).expect("a link can be made");
    };
    replace(&stranger);
    assert_eq!(is_blind(folder.path(), HOSTILE), Ok(()), "a link out");
    replace(&hostile);
    assert_eq!(is_blind(folder.path(), HOSTILE), Ok(()), "a link to itself");
    replace(Path::new("/dev/zero"));
    assert_eq!(is_blind(folder.path(), HOSTILE), Ok(()), "a device");
    fs::remove_file(&hostile).expect("the file was there");
    let made = std::process::Command::new("mkfifo").arg(&hostile).status();
    assert!(made.expect("mkfifo runs").success());
    assert_eq!(is_blind(folder.path(), HOSTILE), Ok(()), "a pipe");
}

#[cfg(unix)]
#[test]
fn a_linked_folder_hides_nothing() {
    let outside = tempfile::tempdir().expect("a folder");
    fs::write(outside.path().join("inner.rs"), "fn a() {}\n").expect("written");
    let folder = around();
    let link = folder.path().join("crates/cell/src/hostile");
    std::os::unix::fs::symlink(outside.path(), link).expect("a link can be made");
    fs::write(folder.path().join(HOSTILE), "mod inner;\n").expect("written");
    assert_eq!(
        is_blind(folder.path(), "crates/cell/src/hostile/inner.rs"),
        Ok(())
    );
}

#[cfg(unix)]
#[test]
fn nothing_that_the_workspace_chooses_is_run() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Workspace::parse(
        "
//- crate:cell layer:cell
//- crates/cell/build.rs
fn main() { panic!(\"a build script ran\") }
//- .cargo/config.toml
[build]
rustc = \"./evil.sh\"
rustc-wrapper = \"./evil.sh\"
rustc-workspace-wrapper = \"./evil.sh\"

[alias]
metadata = \"run\"
//- rust-toolchain.toml
[toolchain]
path = \"./toolchain\"
",
    )
    .expect("it is a fixture")
    .unfold();
    let script =
        "#!/bin/sh\ntouch \"$(dirname \"$0\")/ran\"\ntouch \"$(dirname \"$0\")/../../ran\"\n";
    let toolchain = folder.path().join("toolchain/bin");
    fs::create_dir_all(&toolchain).expect("a folder can be made");
    for path in [
        folder.path().join("evil.sh"),
        toolchain.join("cargo"),
        toolchain.join("rustc"),
    ] {
        fs::write(&path, script).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("may be run");
    }
    let run = tool(folder.path()).args(["check"]).run();
    assert!(!folder.path().join("ran").exists(), "the script ran");
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
}

#[test]
fn what_is_only_unusual_is_read() {
    let cases: [(&str, &[u8], u64); 6] = [
        ("a byte-order mark", b"\xef\xbb\xbfuse sqlx::PgPool;\n", 1),
        (
            "CRLF",
            b"// one\r\n/* two\r\n*/\r\nuse sqlx::PgPool;\r\n",
            4,
        ),
        ("a shebang", b"#!/usr/bin/env run\nuse sqlx::PgPool;\n", 2),
        (
            "both",
            b"\xef\xbb\xbf#!/usr/bin/env run\r\nuse sqlx::PgPool;\r\n",
            2,
        ),
        ("no shebang", b"#![allow(unused)]\nuse sqlx::PgPool;", 2),
        ("form feeds", b"\x0cuse sqlx::PgPool;\x0b", 1),
    ];
    let mut problems = Vec::new();
    for (name, bytes, line) in cases {
        let folder = around();
        fs::write(folder.path().join(HOSTILE), bytes).expect("written");
        let report = check(folder.path()).run().report().expect("a report");
        if !found(&report, HOSTILE, line) || !report.blind_spots.is_empty() {
            problems.push(format!("{name}: {:?}", report.all().collect::<Vec<_>>()));
        }
        let column = report.findings.iter().find(|it| it.file == HOSTILE);
        if name != "form feeds" && column.is_some_and(|it| it.column != 5) {
            problems.push(format!("{name}: column {column:?}"));
        }
    }
    support::none(&problems);
}

#[test]
fn an_empty_file_is_fine() {
    let folder = around();
    for bytes in [&b""[..], b"\n\n", b"\xef\xbb\xbf", b"// only this"] {
        fs::write(folder.path().join(HOSTILE), bytes).expect("written");
        let run = check(folder.path()).run();
        assert_eq!(run.code, 0, "{bytes:?}: {}", run.stdout);
    }
}

/// A source line full of what a terminal or a build log would obey.
const COMMANDS: &str = "use sqlx::PgPool; // \u{1b}]0;title\u{7} \u{1b}[2J \u{9b}31m \u{202e}desrever \u{8} ##[error]no\n";

#[test]
fn source_cannot_command_the_terminal() {
    let folder = around();
    let hostile = folder.path().join(HOSTILE);
    fs::write(&hostile, COMMANDS).expect("written");
    for format in [
        "human", "short", "github", "markdown", "json", "sarif", "junit", "html",
    ] {
        let run = tool(folder.path())
            .args(["check", "--color", "never", "--format", format])
            .run();
        for output in [&run.stdout, &run.stderr] {
            let bad = |it: &char| it.is_control() && !"\n\r\t".contains(*it) || *it == '\u{202e}';
            let bad: Vec<char> = output.chars().filter(bad).collect();
            assert!(bad.is_empty(), "{format}: {bad:?}");
        }
    }
    let gone = "#[path = \"\\u{1b}[2Jgone.rs\"]\nmod gone;\n";
    fs::write(&hostile, gone).expect("written");
    let run = tool(folder.path())
        .args(["check", "--color", "never"])
        .run();
    assert!(!run.stdout.contains('\u{1b}'), "{}", run.stdout);
    assert!(!run.stderr.contains('\u{1b}'), "{}", run.stderr);
}

#[test]
fn source_cannot_command_the_build() {
    let folder = around();
    for text in [COMMANDS, "fn a(it: sqlx\n::error::PgPool) {}\n"] {
        fs::write(folder.path().join(HOSTILE), text).expect("written");
        let run = tool(folder.path())
            .args(["check"])
            .env("GITHUB_ACTIONS", "true")
            .run();
        assert!(!run.stdout.contains("##["), "{}", run.stdout);
        let commands = run.stdout.lines().any(|line| line.starts_with("::"));
        assert!(!commands, "{}", run.stdout);
    }
}
