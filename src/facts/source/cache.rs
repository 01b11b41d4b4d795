//! What was learnt of files by the digest of their content, kept between runs.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::facts::source::file::FileFacts;
use crate::facts::source::symbols::Symbols;
use crate::facts::source::vault::Vault;

/// The name of the file of facts.
const FILE: &str = "facts";

/// A digest of a file's bytes.
pub(crate) type Digest = [u8; 32];

/// The facts of an earlier run, and those that this one adds. Without a vault it knows and keeps nothing.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    vault: Option<Vault>,
    bytes: Vec<u8>,
    known: HashMap<Digest, (usize, usize)>,
    kept: Mutex<Vec<(Digest, Kept)>>,
    changed: AtomicBool,
}

/// What the next run is to find.
#[derive(Debug)]
enum Kept {
    Known(usize, usize),
    Added(Vec<u8>),
}

/// What stands before the facts: the names that their symbols number, and where each file's facts lie.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Index {
    names: Vec<Box<str>>,
    entries: Vec<(Digest, u64, u64)>,
}

impl Cache {
    /// What the vault holds, with the names that its facts speak of. Anything wrong with it is as good as
    /// nothing in it.
    pub(crate) fn open(vault: Option<Vault>) -> (Self, Symbols) {
        let empty = |vault| {
            let cache = Self {
                vault,
                ..Self::default()
            };
            (cache, Symbols::default())
        };
        let Some(bytes) = vault.as_ref().and_then(|vault| vault.load(FILE)) else {
            return empty(vault);
        };
        let Ok((index, facts)) = postcard::take_from_bytes::<Index>(&bytes) else {
            return empty(vault);
        };
        let start = bytes.len() - facts.len();
        let mut known = HashMap::with_capacity(index.entries.len());
        for (digest, at, len) in index.entries {
            let place = usize::try_from(at).ok().zip(usize::try_from(len).ok());
            let Some((at, len)) = place
                .filter(|(at, len)| at.checked_add(*len).is_some_and(|end| end <= facts.len()))
            else {
                return empty(vault);
            };
            known.insert(digest, (start + at, start + at + len));
        }
        let cache = Self {
            vault,
            bytes,
            known,
            ..Self::default()
        };
        (cache, Symbols::from_names(index.names))
    }

    /// The facts of a file with this content, if they are known.
    pub(crate) fn get(&self, digest: &Digest) -> Option<FileFacts> {
        let &(start, end) = self.known.get(digest)?;
        let facts = postcard::from_bytes(&self.bytes[start..end]).ok()?;
        self.keep(*digest, Kept::Known(start, end));
        Some(facts)
    }

    /// Keeps the facts of a file for the next run.
    pub(crate) fn put(&self, digest: Digest, facts: &FileFacts) {
        if self.vault.is_none() {
            return;
        }
        if let Ok(bytes) = postcard::to_stdvec(facts) {
            self.changed.store(true, Ordering::Relaxed);
            self.keep(digest, Kept::Added(bytes));
        }
    }

    fn keep(&self, digest: Digest, kept: Kept) {
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        all.push((digest, kept));
    }

    /// Writes what this run used and added, if it added anything. A cache that cannot be written is none.
    pub(crate) fn save(self, symbols: &Symbols) {
        let Some(vault) = self.vault.filter(|_| self.changed.load(Ordering::Relaxed)) else {
            return;
        };
        let mut kept = self
            .kept
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        kept.sort_by_key(|(digest, _)| *digest);
        kept.dedup_by_key(|(digest, _)| *digest);
        let mut index = Index {
            names: symbols.names().to_vec(),
            entries: Vec::with_capacity(kept.len()),
        };
        let mut facts = Vec::new();
        for (digest, kept) in kept {
            let bytes = match &kept {
                Kept::Known(start, end) => &self.bytes[*start..*end],
                Kept::Added(bytes) => bytes,
            };
            index
                .entries
                .push((digest, facts.len() as u64, bytes.len() as u64));
            facts.extend_from_slice(bytes);
        }
        if let Ok(mut bytes) = postcard::to_stdvec(&index) {
            bytes.append(&mut facts);
            vault.store(FILE, &bytes);
        }
    }
}
