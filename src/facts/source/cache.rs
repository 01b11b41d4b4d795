//! What was learnt of files by the digest of their content, kept between runs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use postcard::ser_flavors::Flavor;
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
}

/// What the next run is to find.
#[derive(Debug)]
enum Kept {
    Known(usize, usize),
    Added(Packed),
}

/// One file's facts as they are kept.
#[derive(Debug, Clone)]
pub(crate) struct Packed(Arc<[u8]>);

impl Packed {
    /// Packs `facts`; what is in `tape` is lost, and its memory used.
    pub(crate) fn new(facts: &FileFacts, tape: &mut Vec<u8>) -> Self {
        tape.clear();
        postcard::serialize_with_flavor(facts, Tape(tape)).expect("facts are plain data");
        Self(tape.as_slice().into())
    }

    pub(crate) fn unpack(&self) -> FileFacts {
        postcard::from_bytes(&self.0).expect("this very program has packed it")
    }
}

/// Takes what is packed. Most of it are numbers below 128, a byte each.
struct Tape<'t>(&'t mut Vec<u8>);

impl Flavor for Tape<'_> {
    type Output = ();

    #[inline]
    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    #[inline]
    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        match bytes {
            &[byte] => self.0.push(byte),
            _ => self.0.extend_from_slice(bytes),
        }
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
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
    pub(crate) fn put(&self, digest: Digest, facts: &Packed) {
        if self.vault.is_some() {
            self.keep(digest, Kept::Added(facts.clone()));
        }
    }

    fn keep(&self, digest: Digest, kept: Kept) {
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        all.push((digest, kept));
    }

    /// What this run used and added, if it added anything, with the names that it speaks of.
    pub(crate) fn pending(self, symbols: &Symbols) -> Option<Pending> {
        let mut kept = self
            .kept
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let added = |(_, kept): &(Digest, Kept)| matches!(kept, Kept::Added(_));
        if !kept.iter().any(added) {
            return None;
        }
        kept.sort_by_key(|(digest, _)| *digest);
        kept.dedup_by_key(|(digest, _)| *digest);
        Some(Pending {
            vault: self.vault?,
            bytes: self.bytes,
            kept,
            names: symbols.names().to_vec(),
        })
    }
}

/// What is still to be written.
#[derive(Debug)]
pub(crate) struct Pending {
    vault: Vault,
    bytes: Vec<u8>,
    kept: Vec<(Digest, Kept)>,
    names: Vec<Box<str>>,
}

impl Pending {
    /// Writes it. A cache that cannot be written is none.
    pub(crate) fn write(self) {
        let parts = self.kept.iter().map(|(_, kept)| match kept {
            Kept::Known(start, end) => &self.bytes[*start..*end],
            Kept::Added(Packed(bytes)) => bytes,
        });
        let mut parts: Vec<&[u8]> = parts.collect();
        let mut at = 0;
        let mut entries = Vec::with_capacity(parts.len());
        for ((digest, _), part) in self.kept.iter().zip(&parts) {
            entries.push((*digest, at, part.len() as u64));
            at += part.len() as u64;
        }
        let names = self.names;
        if let Ok(index) = postcard::to_stdvec(&Index { names, entries }) {
            parts.insert(0, &index);
            self.vault.store(FILE, &parts);
        }
    }
}
