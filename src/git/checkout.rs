//! The sources of a commit or of the index in a temporary folder, written without git's own checkout.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sha1::{Digest, Sha1};
use tempfile::TempDir;

use super::{Entry, GitError, Kind, Repository, run};

/// How long git may take to hand out all contents.
const PATIENCE: Duration = Duration::from_secs(120);
/// More than any source that is read.
const LARGEST: u64 = 32 << 20;
/// What cargo, the law and Rust sources are written in, and what `include!` usually names. Where code names
/// another file, it is not there, and so a blind spot.
const EXTENSIONS: [&str; 5] = ["rs", "toml", "lock", "in", "inc"];

/// The folder of what was decided about a workspace.
const RECORDS: &str = ".constitution";

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

fn is_wanted(entry: &Entry) -> bool {
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
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut missing: Vec<usize> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut missing = Vec::new();
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(entry) = wanted.get(at) else {
                            return missing;
                        };
                        if take(top, root, entry).is_none() {
                            missing.push(at);
                        }
                    }
                })
            })
            .collect();
        let done = workers.into_iter().map(std::thread::ScopedJoinHandle::join);
        done.flat_map(Result::unwrap_or_default).collect()
    });
    missing.sort_unstable();
    missing.into_iter().map(|at| wanted[at]).collect()
}

/// A second name for the file of the work tree, or else a copy, where it has the content of `entry`.
fn take(top: &Path, root: &Path, entry: &Entry) -> Option<()> {
    let from = top.join(&entry.path);
    let found = fs::symlink_metadata(&from).ok()?;
    if entry.kind != Kind::File || !found.is_file() || found.len() > LARGEST {
        return None;
    }
    let content = fs::read(&from).ok()?;
    if hash(&content) != entry.hash {
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

/// The name that git gives to a content.
fn hash(content: &[u8]) -> String {
    let mut hasher = Sha1::new();
    hasher.update(format!("blob {}\0", content.len()));
    hasher.update(content);
    let digits = hasher.finalize();
    digits.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Has git hand out the contents of `missing`.
fn fetch(
    repository: &Repository,
    commit: &str,
    root: &Path,
    missing: &[&Entry],
) -> Result<(), GitError> {
    if missing.is_empty() {
        return Ok(());
    }
    let asked: String = missing
        .iter()
        .map(|entry| format!("{}\n", entry.hash))
        .collect();
    let mut command = repository.command(repository.top(), &["cat-file", "--batch", "--buffer"]);
    let written = run::read(&mut command, Some(asked.into_bytes()), PATIENCE, |pipe| {
        let mut pipe = BufReader::new(pipe);
        for entry in missing {
            if let Err(error) = write(&mut pipe, commit, root, entry) {
                return Some(Err(error));
            }
        }
        Some(Ok(()))
    });
    written.unwrap_or(Err(GitError::Silent("what the files hold")))
}

/// Reads `HASH SP TYPE SP SIZE LF CONTENT LF` and writes the content.
fn write(
    pipe: &mut impl BufRead,
    commit: &str,
    root: &Path,
    entry: &Entry,
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
    let path = root.join(&entry.path);
    let mut content = pipe.by_ref().take(size);
    let written = match entry.kind {
        Kind::Link => link_to(&mut content, entry, &path),
        Kind::File | Kind::Submodule => {
            create(&path).and_then(|mut file| std::io::copy(&mut content, &mut file))
        }
    };
    written.map_err(|error| unwritable(&error))?;
    // What was not read of it, and the line's end.
    let rest = std::io::copy(&mut content, &mut std::io::sink());
    let end = pipe.read_exact(&mut [0]);
    rest.and(end)
        .map_err(|_| GitError::Silent("what the files hold"))
}

/// Makes a symbolic link that stays in the repository; another one is not made, so that what it would show
/// is missed.
fn link_to(content: &mut impl Read, entry: &Entry, path: &Path) -> std::io::Result<u64> {
    let mut target = String::new();
    content.take(1 << 12).read_to_string(&mut target)?;
    if stays(&entry.path, Path::new(&target)) {
        symlink(Path::new(&target), path)?;
    }
    Ok(0)
}

/// Whether a link at `path`, from the root, leads to a place below the root.
fn stays(path: &Path, target: &Path) -> bool {
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
