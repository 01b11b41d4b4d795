//! Which files of the index the work tree holds too, and what the others are to hold.

use std::collections::HashMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::checkout::{LARGEST, RECORDS, contents, is_wanted, stays};
use super::{Entry, Kind, Repository, name_of};

/// What folders of sources are read by: where it is changed and not staged, the folder shows something else
/// than the index.
const FRAME: [&str; 2] = ["toml", "lock"];

/// The files that a check may read, as they are staged.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// Of each, by its absolute path, the digest of its content.
    pub(crate) files: HashMap<PathBuf, [u8; 32]>,
    /// Where symbolic links lead.
    pub(crate) links: HashMap<PathBuf, PathBuf>,
    /// The contents of those that the work tree holds otherwise.
    pub(crate) other: HashMap<PathBuf, Vec<u8>>,
}

/// How the work tree holds a file of the index.
enum Found {
    Same([u8; 32]),
    /// A link that leads where it is to lead: there. `None`: out of the repository, so that nobody follows it.
    Link(Option<PathBuf>),
    Other,
    /// So that the folder does not show what is staged.
    Missing,
}

impl Repository {
    /// What the index of these `entries` holds, seen over the work tree. `None` where the folder lacks some
    /// of it, or holds another manifest, law or record: then nobody may take the one for the other.
    pub(crate) fn held(&self, entries: &[Entry]) -> Option<Held> {
        let wanted: Vec<&Entry> = entries.iter().filter(|entry| is_wanted(entry)).collect();
        let found = spread(&wanted, |entry| find(&self.top, entry));
        let mut held = Held::default();
        let mut others = Vec::new();
        for (entry, found) in wanted.into_iter().zip(found) {
            match found {
                Found::Same(digest) => {
                    held.files.insert(self.top.join(&entry.path), digest);
                }
                Found::Link(target) => {
                    let link = |target| (self.top.join(&entry.path), target);
                    held.links.extend(target.map(link));
                }
                Found::Other if may_differ(&entry.path) => others.push(entry),
                Found::Other | Found::Missing => return None,
            }
        }
        let contents = contents(self, &others).ok()?;
        for (entry, content) in others.into_iter().zip(contents) {
            let path = self.top.join(&entry.path);
            held.files
                .insert(path.clone(), *blake3::hash(&content).as_bytes());
            held.other.insert(path, content);
        }
        Some(held)
    }
}

fn find(top: &Path, entry: &Entry) -> Found {
    let path = top.join(&entry.path);
    match entry.kind {
        Kind::File => match fs::symlink_metadata(&path) {
            Ok(found) if found.is_file() && found.len() <= LARGEST => {}
            _ => return Found::Missing,
        },
        Kind::Link => return link(&path, entry),
        Kind::Submodule => return Found::Missing,
    }
    match fs::read(&path) {
        Ok(content) if name_of(&content) == entry.hash => {
            Found::Same(*blake3::hash(&content).as_bytes())
        }
        Ok(_) => Found::Other,
        Err(_) => Found::Missing,
    }
}

fn link(path: &Path, entry: &Entry) -> Found {
    let target = fs::read_link(path).unwrap_or_default();
    let same = name_of(target.as_os_str().as_encoded_bytes()) == entry.hash;
    if !same {
        return Found::Missing;
    }
    if !stays(&entry.path, &target) {
        return Found::Link(None);
    }
    let mut there = path.to_owned();
    there.pop();
    for part in target.components() {
        match part {
            Component::ParentDir => drop(there.pop()),
            Component::Normal(part) => there.push(part),
            _ => {}
        }
    }
    Found::Link(Some(there))
}

/// Whether a file of that name may be changed and not staged, and the folder still be read in its stead.
fn may_differ(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let frame = extension.is_some_and(|extension| FRAME.contains(&extension));
    let mut parts = path.components().map(|part| part.as_os_str());
    !frame && !parts.any(|part| part == RECORDS || part == ".cargo")
}

/// What `of` makes of each of `items`, in their order, on all threads of the machine.
pub(super) fn spread<T: Sync, R: Send>(items: &[T], of: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else {
                return done;
            };
            done.push((at, of(item)));
        }
    };
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let done = workers.into_iter().map(|worker| worker.join());
        done.flat_map(|done| done.expect("reading does not panic"))
            .collect()
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, made)| made).collect()
}
