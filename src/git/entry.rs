//! What a commit or the index holds: kind, hash and path of every file.

use std::path::{Component, Path, PathBuf};

use super::{GitError, run};

/// What lies at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    /// A symbolic link; its content is where it leads.
    Link,
    /// Another repository's commit, which is not part of this one.
    Submodule,
}

/// One file of a commit or of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    /// The hash of the content, hexadecimal.
    pub(crate) hash: String,
    /// From the repository's root; never leads out of it.
    pub(crate) path: PathBuf,
}

/// Reads `ls-tree -r -z`: `MODE SP TYPE SP HASH TAB PATH`, each ended by a zero byte.
pub(super) fn of_tree(listed: &[u8]) -> Option<Vec<Entry>> {
    records(listed)
        .map(|record| {
            let (head, path) = split(record)?;
            let mut words = head.split(' ');
            let (mode, _, hash) = (words.next()?, words.next()?, words.next()?);
            entry(mode, hash, path)
        })
        .collect()
}

/// Reads `ls-files --stage -z`: `MODE SP HASH SP STAGE TAB PATH`, each ended by a zero byte.
pub(super) fn of_index(listed: &[u8]) -> Result<Vec<Entry>, GitError> {
    let senseless = || GitError::Silent("what is staged");
    records(listed)
        .map(|record| {
            let (head, path) = split(record).ok_or_else(senseless)?;
            let mut words = head.split(' ');
            let mut word = || words.next().ok_or_else(senseless);
            let (mode, hash, stage) = (word()?, word()?, word()?);
            if stage != "0" {
                let path = String::from_utf8_lossy(path).into_owned();
                return Err(GitError::Unmerged(path));
            }
            entry(mode, hash, path).ok_or_else(senseless)
        })
        .collect()
}

fn records(listed: &[u8]) -> impl Iterator<Item = &[u8]> {
    let records = listed.split(|byte| *byte == 0);
    records.filter(|record| !record.is_empty())
}

fn split(record: &[u8]) -> Option<(&str, &[u8])> {
    let tab = record.iter().position(|byte| *byte == b'\t')?;
    let head = std::str::from_utf8(&record[..tab]).ok()?;
    Some((head, &record[tab + 1..]))
}

/// `None` for what no sound repository holds, such as a path that leads out of it.
fn entry(mode: &str, hash: &str, path: &[u8]) -> Option<Entry> {
    let kind = match mode {
        "120000" => Kind::Link,
        "160000" => Kind::Submodule,
        mode if mode.starts_with("100") => Kind::File,
        _ => return None,
    };
    let path = from_bytes(path);
    let inside = path
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    (inside && run::is_hash(hash)).then(|| Entry {
        kind,
        hash: hash.to_owned(),
        path,
    })
}

#[cfg(unix)]
fn from_bytes(path: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    Path::new(std::ffi::OsStr::from_bytes(path)).to_owned()
}

#[cfg(not(unix))]
fn from_bytes(path: &[u8]) -> PathBuf {
    Path::new(&*String::from_utf8_lossy(path)).to_owned()
}
