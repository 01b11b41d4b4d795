//! The sources of a commit or of the index in a temporary folder, written without git's own checkout.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use super::held::spread;
use super::{Entry, GitError, Kind, Repository, name_of, run};

/// How long git may take to hand out all contents.
const PATIENCE: Duration = Duration::from_secs(120);
/// More than any source that is read.
pub(super) const LARGEST: u64 = 32 << 20;
/// What cargo, the law, Rust sources and the tracker are written in, and what `include!` usually names. Where
/// code names another file, it is not there, and so a blind spot.
const EXTENSIONS: [&str; 6] = ["rs", "toml", "lock", "in", "inc", "md"];

/// The folder of what was decided about a workspace.
pub(super) const RECORDS: &str = ".constitution";

/// Sources in a folder that is gone when this is dropped.
#[derive(Debug)]
pub(crate) struct Checkout {
    _folder: TempDir,
    root: PathBuf,
}

impl Checkout {
    /// Writes those of `entries` that a check reads; `commit` is told where some of them are missing. What
    /// the work tree holds unchanged is linked from there.
    ///
    /// # Errors
    /// If a content is not in the repository, or the folder cannot be written.
    pub(crate) fn new(
        repository: &Repository,
        commit: &str,
        entries: &[Entry],
    ) -> Result<Self, GitError> {
        let folder = TempDir::with_prefix("constitution-").map_err(|error| unwritable(&error))?;
        let root = folder.path().canonicalize();
        let root = root.map_err(|error| unwritable(&error))?;
        // The folder's own name is part of no path that people see.
        let root = root.join("tree");
        let wanted: Vec<&Entry> = entries.iter().filter(|entry| is_wanted(entry)).collect();
        make_folders(&root, &wanted).map_err(|error| unwritable(&error))?;
        let missing = link(repository.top(), &root, &wanted);
        fetch(repository, commit, &root, &missing)?;
        Ok(Self {
            _folder: folder,
            root,
        })
    }

    /// What stands for the root of the repository.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }
}

fn unwritable(error: &std::io::Error) -> GitError {
    GitError::Unwritable {
        what: "what the repository holds".to_owned(),
        reason: error.to_string(),
    }
}

pub(super) fn is_wanted(entry: &Entry) -> bool {
    let path = &entry.path;
    let extension = path.extension().and_then(|extension| extension.to_str());
    match entry.kind {
        Kind::Submodule => false,
        // It may lead to a folder of sources.
        Kind::Link => true,
        Kind::File => {
            let records = || path.components().any(|part| part.as_os_str() == RECORDS);
            extension.is_none_or(|extension| EXTENSIONS.contains(&extension)) || records()
        }
    }
}

fn make_folders(root: &Path, wanted: &[&Entry]) -> std::io::Result<()> {
    let parents = wanted.iter().filter_map(|entry| entry.path.parent());
    let folders: BTreeSet<&Path> = parents.collect();
    fs::create_dir_all(root)?;
    folders
        .into_iter()
        .try_for_each(|folder| fs::create_dir_all(root.join(folder)))
}

/// Takes from the work tree what has the right content there; the others.
fn link<'e>(top: &Path, root: &Path, wanted: &[&'e Entry]) -> Vec<&'e Entry> {
    let taken = spread(wanted, |entry| take(top, root, entry).is_some());
    let wanted = wanted.iter().zip(taken);
    wanted
        .filter(|(_, taken)| !taken)
        .map(|(entry, _)| *entry)
        .collect()
}

/// A second name for the file of the work tree, or else a copy, where it has the content of `entry`.
fn take(top: &Path, root: &Path, entry: &Entry) -> Option<()> {
    let from = top.join(&entry.path);
    let found = fs::symlink_metadata(&from).ok()?;
    if entry.kind != Kind::File || !found.is_file() || found.len() > LARGEST {
        return None;
    }
    let content = fs::read(&from).ok()?;
    if name_of(&content) != entry.hash {
        return None;
    }
    let to = root.join(&entry.path);
    fs::hard_link(&from, &to)
        .or_else(|_| create(&to)?.write_all(&content))
        .ok()
}

/// A new file: what is there already is not followed, be it a link.
fn create(path: &Path) -> std::io::Result<fs::File> {
    fs::File::create_new(path)
}

/// Has git hand out the contents of `missing`, into the folder at `root`.
fn fetch(
    repository: &Repository,
    commit: &str,
    root: &Path,
    missing: &[&Entry],
) -> Result<(), GitError> {
    hand_out(repository, commit, missing, |entry, content| {
        let path = root.join(&entry.path);
        let written = match entry.kind {
            Kind::Link => link_to(content, entry, &path),
            Kind::File | Kind::Submodule => {
                create(&path).and_then(|mut file| std::io::copy(content, &mut file))
            }
        };
        written.map(drop).map_err(|error| unwritable(&error))
    })
}

/// The contents of staged files, as far as they are no larger than a source.
pub(super) fn contents(
    repository: &Repository,
    entries: &[&Entry],
) -> Result<Vec<Vec<u8>>, GitError> {
    let mut all = Vec::with_capacity(entries.len());
    hand_out(repository, "HEAD", entries, |_, content| {
        let mut bytes = Vec::new();
        let read = content.take(LARGEST).read_to_end(&mut bytes);
        all.push(bytes);
        read.map(drop)
            .map_err(|_| GitError::Silent("what the files hold"))
    })?;
    Ok(all)
}

/// Has git hand out the contents of `entries`, one after the other.
fn hand_out(
    repository: &Repository,
    commit: &str,
    entries: &[&Entry],
    mut take: impl FnMut(&Entry, &mut dyn Read) -> Result<(), GitError> + Send,
) -> Result<(), GitError> {
    if entries.is_empty() {
        return Ok(());
    }
    let asked: String = entries
        .iter()
        .map(|entry| format!("{}\n", entry.hash))
        .collect();
    let mut command = repository.command(repository.top(), &["cat-file", "--batch", "--buffer"]);
    let done = run::read(&mut command, Some(asked.into_bytes()), PATIENCE, |pipe| {
        let mut pipe = BufReader::new(pipe);
        for entry in entries {
            if let Err(error) = next(&mut pipe, commit, entry, &mut take) {
                return Some(Err(error));
            }
        }
        Some(Ok(()))
    });
    done.unwrap_or(Err(GitError::Silent("what the files hold")))
}

/// Reads `HASH SP TYPE SP SIZE LF CONTENT LF`; `take` is given the content.
fn next(
    pipe: &mut impl BufRead,
    commit: &str,
    entry: &Entry,
    take: &mut impl FnMut(&Entry, &mut dyn Read) -> Result<(), GitError>,
) -> Result<(), GitError> {
    let mut head = String::new();
    let read = pipe.read_line(&mut head);
    let size = head.trim_end().rsplit_once(' ').map(|(_, size)| size);
    let size: Option<u64> = size.and_then(|size| size.parse().ok());
    let Some(size) = size.filter(|_| read.is_ok()) else {
        return Err(GitError::Incomplete {
            commit: commit.to_owned(),
            missing: format!("`{}`", entry.path.display()),
        });
    };
    let mut content = pipe.by_ref().take(size);
    take(entry, &mut content)?;
    // What was not read of it, and the line's end.
    let rest = std::io::copy(&mut content, &mut std::io::sink());
    let end = pipe.read_exact(&mut [0]);
    rest.and(end)
        .map_err(|_| GitError::Silent("what the files hold"))
}

/// Makes a symbolic link that stays in the repository; another one is not made, so that what it would show
/// is missed.
fn link_to(content: &mut dyn Read, entry: &Entry, path: &Path) -> std::io::Result<u64> {
    let mut target = String::new();
    content.take(1 << 12).read_to_string(&mut target)?;
    if stays(&entry.path, Path::new(&target)) {
        symlink(Path::new(&target), path)?;
    }
    Ok(0)
}

/// Whether a link at `path`, from the root, leads to a place below the root.
pub(super) fn stays(path: &Path, target: &Path) -> bool {
    let mut depth = path.components().count() - 1;
    for part in target.components() {
        match part {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            },
            Component::RootDir | Component::Prefix(_) => return false,
        }
    }
    true
}

#[cfg(unix)]
fn symlink(target: &Path, path: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

/// Where links need a privilege, what they would show is missed.
#[cfg(not(unix))]
fn symlink(_: &Path, _: &Path) -> std::io::Result<()> {
    Ok(())
}
