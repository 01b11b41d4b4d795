//! What is to be read in the place of the files on disk, such as what is staged.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::facts::source::cache::Digest;

/// As many links lead on to another as any system follows.
const MOST_LINKS: usize = 40;

/// All files that there are below a folder, whatever lies there now.
#[derive(Debug)]
pub(crate) struct Overlay {
    /// Canonical.
    top: PathBuf,
    /// Of each, by its absolute path, the digest of its content.
    files: HashMap<PathBuf, Digest>,
    /// Where symbolic links lead, by their absolute paths.
    links: HashMap<PathBuf, PathBuf>,
    /// The contents of those that are not on disk as they are to be read.
    other: Arc<HashMap<PathBuf, Vec<u8>>>,
}

impl Overlay {
    pub(crate) fn new(
        top: PathBuf,
        files: HashMap<PathBuf, Digest>,
        links: HashMap<PathBuf, PathBuf>,
        other: HashMap<PathBuf, Vec<u8>>,
    ) -> Self {
        Self {
            top,
            files,
            links,
            other: Arc::new(other),
        }
    }

    /// Whether what lies on disk at `path` does not count.
    pub(crate) fn covers(&self, path: &Path) -> bool {
        path.starts_with(&self.top)
    }

    /// Where a file really is, links followed, if there is one.
    pub(crate) fn real<'p>(&self, path: &'p Path) -> Option<Cow<'p, Path>> {
        let mut real = Cow::Borrowed(path);
        for _ in 0..=MOST_LINKS {
            if self.files.contains_key(&*real) {
                return Some(real);
            }
            let mut above = real.ancestors();
            let (link, target) = above.find_map(|at| Some((at, self.links.get(at)?)))?;
            let below = real.strip_prefix(link).ok()?;
            // To join nothing would add a slash.
            let there = if below.as_os_str().is_empty() {
                target.clone()
            } else {
                target.join(below)
            };
            real = Cow::Owned(there);
        }
        None
    }

    /// The digest of a file's content; `None` where there is no such file.
    pub(crate) fn digest(&self, path: &Path) -> Option<Digest> {
        self.files.get(path).copied()
    }

    /// The content of a file that is not on disk as it is to be read.
    pub(crate) fn other(&self, path: &Path) -> Option<&[u8]> {
        self.other.get(path).map(Vec::as_slice)
    }

    /// All of those, by their paths.
    pub(crate) fn others(&self) -> &Arc<HashMap<PathBuf, Vec<u8>>> {
        &self.other
    }

    /// Every file's absolute path, in any order.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.keys().map(PathBuf::as_path)
    }
}
