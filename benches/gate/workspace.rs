//! The workspace that is measured: generated once, or one that is there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::fill::Templates;
use crate::plan::{self, Member};
use crate::random::Random;
use crate::{breaches, manifests, source};

/// All that the generated workspace depends on: where any of it changes, it is generated anew.
const GENERATOR: &[&str] = &[
    include_str!("breaches.rs"),
    include_str!("error.rs.txt"),
    include_str!("expressions.txt"),
    include_str!("fill.rs"),
    include_str!("items.rs"),
    include_str!("manifests.rs"),
    include_str!("plan.rs"),
    include_str!("random.rs"),
    include_str!("source.rs"),
    include_str!("statements.txt"),
    include_str!("tests.txt"),
    include_str!("words.rs"),
    include_str!("workspace.rs"),
];

const STAMP: &str = "stamp";

/// The generated workspace below `folder`, which is emptied if it holds another.
pub(crate) fn generated(folder: &Path) -> io::Result<PathBuf> {
    let root = folder.join("workspace");
    let stamp = blake3::hash(GENERATOR.concat().as_bytes())
        .to_hex()
        .to_string();
    if fs::read_to_string(folder.join(STAMP)).is_ok_and(|found| found == stamp) {
        return Ok(root);
    }
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let mut random = Random::new(1);
    let members = plan::members(&mut random);
    let templates = Templates::new();
    write(&root.join("Cargo.toml"), manifests::ROOT)?;
    write(
        &root.join("Cargo.lock"),
        &manifests::lock(&mut random, &members),
    )?;
    for at in 0..members.len() {
        write_member(&root, &mut random, &templates, &members, at)?;
    }
    // Last: a workspace with a stamp is whole.
    fs::write(folder.join(STAMP), stamp)?;
    Ok(root)
}

fn write_member(
    root: &Path,
    random: &mut Random,
    templates: &Templates,
    members: &[Member],
    at: usize,
) -> io::Result<()> {
    let member = &members[at];
    let folder = root.join(member.folder());
    let breach = breaches::planted(members, at);
    let dependencies = breach.map_or("", |breach| breach.dependencies);
    write(
        &folder.join("Cargo.toml"),
        &manifests::member(members, member, dependencies),
    )?;
    let mut lib = source::root(random, member);
    if let Some(breach) = breach {
        lib.push_str("\npub mod planted;\n");
        write(&folder.join("src/planted.rs"), breach.source)?;
    }
    write(&folder.join("src/lib.rs"), &lib)?;
    write(&folder.join("src/error.rs"), source::ERROR)?;
    for module in 1..member.modules.len() {
        let text = source::module(random, templates, members, member, module);
        write(&folder.join(member.modules[module].file()), &text)?;
    }
    if member.layer == "organism" {
        let main = format!(
            "//! Starts.\n\nfn main() -> {0}::Result<()> {{\n    Ok(())\n}}\n",
            member.crate_name()
        );
        write(&folder.join("src/main.rs"), &main)?;
    }
    Ok(())
}

fn write(file: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, text)
}

/// Every Rust file of a workspace, without cargo's target directory.
pub(crate) fn sources(root: &Path) -> Vec<PathBuf> {
    let is_source_folder = |entry: &walkdir::DirEntry| {
        let name = entry.file_name();
        !entry.file_type().is_dir() || entry.depth() == 0 || (name != "target" && name != ".git")
    };
    let entries = walkdir::WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(is_source_folder);
    let files = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file());
    let sources = files.map(walkdir::DirEntry::into_path);
    sources
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}
