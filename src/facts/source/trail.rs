//! What a load read, and whether a later one would read the same.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::facts::source::cache::Digest;
use crate::facts::source::strays::strays;
use crate::facts::source::within::{Within, digest_of};

/// What a load read, by which a later run tells whether it would read the same.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Trail {
    pub(super) read: Vec<(PathBuf, Digest)>,
    /// Files that were looked for and were not there.
    pub(super) absent: Vec<PathBuf>,
    /// Folders of packages, and the files in them that nothing led to.
    pub(super) packages: Vec<PathBuf>,
    pub(super) strays: Vec<PathBuf>,
    /// Whether something could not be read, so that nothing can be said of it.
    pub(super) torn: bool,
}

impl Trail {
    /// Whether a load would read the same now.
    pub(crate) fn is_fresh(&self, within: &Within, threads: usize) -> bool {
        if self.torn || self.absent.iter().any(|path| within.exists(path)) {
            return false;
        }
        let is_known = |path: &Path| {
            self.read
                .binary_search_by(|(known, _)| known.as_os_str().cmp(path.as_os_str()))
                .is_ok()
                || !within.exists(path)
        };
        if strays(self.packages.iter().map(PathBuf::as_path), &is_known) != self.strays {
            return false;
        }
        let share = self.read.len().div_ceil(threads.max(1)).max(1);
        let same = |part: &[(PathBuf, Digest)]| {
            part.iter().all(|(path, digest)| {
                let known = within.known(path);
                let now = known.or_else(|| Some(digest_of(&within.bytes(path).ok()?)));
                now.as_ref() == Some(digest)
            })
        };
        std::thread::scope(|scope| {
            let workers: Vec<_> = self
                .read
                .chunks(share)
                .map(|part| scope.spawn(move || same(part)))
                .collect();
            workers
                .into_iter()
                .all(|worker| worker.join().unwrap_or(false))
        })
    }
}
