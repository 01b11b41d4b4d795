//! The book: every command in it does what the chapter says, and every chapter can be reached.
//!
//! Before a block, comments that no reader sees: `<!-- workspace: NAME -->` opens a fresh copy of a fixture, for this block
//! and those after it; `<!-- file: PATH -->` writes the block there; `<!-- exit: N -->` says how its last command ends, 0
//! unless told; `<!-- silent -->` that it prints nothing at all. Blocks of `sh` are run, line by line as a reader would.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use crate::support::{self, copy};

fn docs() -> PathBuf {
    support::root().join("docs")
}

/// A fenced block with what the comments before it say.
#[derive(Debug, Default)]
struct Block {
    language: String,
    text: String,
    workspace: Option<String>,
    file: Option<String>,
    exit: i32,
    silent: bool,
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut next = Block::default();
    let mut open = false;
    for event in Parser::new(text) {
        match event {
            Event::Html(html) => next.told(&html),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                next.language = language.to_string();
                open = true;
            }
            Event::Text(text) if open => next.text.push_str(&text),
            Event::End(TagEnd::CodeBlock) => {
                open = false;
                blocks.push(std::mem::take(&mut next));
            }
            _ => {}
        }
    }
    blocks
}

impl Block {
    fn told(&mut self, html: &str) {
        for comment in html.split("<!--").skip(1) {
            let words = comment.split("-->").next().unwrap_or_default().trim();
            match words.split_once(": ") {
                Some(("workspace", name)) => self.workspace = Some(name.to_owned()),
                Some(("file", path)) => self.file = Some(path.to_owned()),
                Some(("exit", code)) => self.exit = code.parse().expect("a number"),
                None if words == "silent" => self.silent = true,
                _ => panic!("what is `{words}`?"),
            }
        }
    }

    /// Runs the block in `folder`; what went otherwise than the chapter says.
    fn run(&self, folder: &Path) -> Option<String> {
        let commands: Vec<&str> = self.text.lines().filter(|it| !it.is_empty()).collect();
        let (last, before) = commands.split_last()?;
        for (command, exit) in before.iter().map(|it| (it, 0)).chain([(last, self.exit)]) {
            let output = sh(command, folder);
            let told = String::from_utf8_lossy(&output.stderr);
            let printed = String::from_utf8_lossy(&output.stdout);
            if output.status.code() != Some(exit) {
                return Some(format!("{command}: {}, not {exit}\n{told}", output.status));
            }
            if self.silent && !(printed.is_empty() && told.is_empty()) {
                return Some(format!("{command} is not silent: {printed}{told}"));
            }
        }
        None
    }
}

/// A command as a reader runs it: by cargo, which finds our program among its subcommands.
fn sh(command: &str, folder: &Path) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_cargo-constitution"));
    let here = program.parent().expect("a program has a folder").to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(here).chain(std::env::split_paths(&path));
    let mut shell = Command::new("sh");
    shell
        .args(["-c", command])
        .current_dir(folder)
        .env_clear()
        .env(
            "PATH",
            std::env::join_paths(path).expect("folders without colons"),
        );
    for name in ["HOME", "CARGO_HOME", "RUSTUP_HOME"] {
        if let Some(value) = std::env::var_os(name) {
            shell.env(name, value);
        }
    }
    shell.output().expect("there is a shell")
}

/// What of a chapter is not so.
fn untrue(chapter: &Path) -> Vec<String> {
    let name = chapter.display();
    let text = fs::read_to_string(chapter).expect("a chapter can be read");
    let place = tempfile::tempdir().expect("a folder");
    let mut folder = place.path().join("nowhere");
    let mut problems = Vec::new();
    for (at, block) in blocks(&text).into_iter().enumerate() {
        if let Some(workspace) = &block.workspace {
            folder = place.path().join(format!("{at}/{workspace}"));
            copy(workspace, &folder);
        }
        if let Some(file) = &block.file {
            fs::write(folder.join(file), &block.text).expect("it is ours");
        }
        let command = block
            .text
            .lines()
            .any(|it| it.starts_with("cargo constitution"));
        if block.language == "sh" {
            problems.extend(block.run(&folder).map(|it| format!("{name}: {it}")));
        } else if command {
            problems.push(format!(
                "{name}: a command that is not run:\n{}",
                block.text
            ));
        }
    }
    problems
}

#[test]
fn every_command_does_what_its_chapter_says() {
    let chapters = support::files(&docs(), "md");
    let problems = support::in_parallel(&chapters, |chapter| untrue(chapter));
    support::none(&problems.concat());
}

#[test]
fn every_chapter_and_every_law_stands_in_the_summary() {
    let summary = fs::read_to_string(docs().join("SUMMARY.md")).expect("there is a summary");
    let listed: BTreeSet<String> = Parser::new(&summary)
        .filter_map(|event| match event {
            Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.to_string()),
            _ => None,
        })
        .collect();
    let pages = |folder: &Path, within: &str| -> BTreeSet<String> {
        let pages = support::files(folder, "md").into_iter();
        let names = pages.filter_map(|page| Some(page.file_name()?.to_string_lossy().into_owned()));
        names.map(|name| format!("{within}{name}")).collect()
    };
    let mut there = pages(&docs(), "");
    there.remove("SUMMARY.md");
    there.extend(pages(&support::root().join("rules"), "laws/"));
    let missing = there.difference(&listed);
    let missing = missing.map(|page| format!("docs/SUMMARY.md does not list ({page})"));
    let gone = listed.difference(&there);
    let gone = gone.map(|page| format!("docs/SUMMARY.md lists ({page}), which is not there"));
    support::none(&missing.chain(gone).collect::<Vec<_>>());
}
