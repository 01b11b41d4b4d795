//! What a report was made from, so that it can be checked later: commit, digests, law, tool, day.

pub(crate) mod blame;
mod date;
mod moment;

use std::collections::BTreeMap;

use crate::text::{FileId, Place, Sources};
use blame::{Change, Repository};
pub(crate) use date::today;
pub(crate) use moment::Moment;

/// The built-in law, whose text stands in for that of a file.
const BUILT_IN: [&str; 2] = [
    include_str!("../rules/webwaka.toml"),
    include_str!("../rules/engines.toml"),
];

/// Where a report comes from.
#[derive(Debug)]
pub(crate) struct Provenance {
    /// The day in UTC, `2026-11-23`. No time of day: the same input gives the same bytes all day.
    pub(crate) date: String,
    /// The constitution by its name and digest.
    pub(crate) law: String,
    pub(crate) law_digest: String,
    /// The digest of everything that was read: the same wherever the same files lie.
    pub(crate) tree_digest: String,
    /// How many files that covers.
    pub(crate) files: usize,
    /// What git says, or why it says nothing.
    pub(crate) repository: Result<Repository, String>,
}

/// Who changed a line last, or why nobody can say.
pub(crate) type Blame = Result<Change, String>;

impl Provenance {
    /// `law` is the constitution's name.
    pub(crate) fn read(sources: &Sources, law: &str) -> Self {
        let file = sources.all().find(|file| sources.shown(*file) == law);
        let (tree_digest, files) = tree(sources);
        Self {
            date: today(),
            law: law.to_owned(),
            law_digest: match file.and_then(|file| bytes(sources, file)) {
                Some(text) => blake3::hash(&text).to_hex().to_string(),
                None => blake3::hash(BUILT_IN.concat().as_bytes())
                    .to_hex()
                    .to_string(),
            },
            tree_digest,
            files,
            repository: Repository::open(sources.root()),
        }
    }

    /// Who changed the first line of each place last.
    pub(crate) fn blame(
        &self,
        sources: &Sources,
        places: impl Iterator<Item = Place>,
    ) -> BTreeMap<Place, Blame> {
        let mut by_file: BTreeMap<FileId, Vec<Place>> = BTreeMap::new();
        for place in places {
            by_file.entry(place.file).or_default().push(place);
        }
        let deadline = blame::deadline();
        let mut told_of = BTreeMap::new();
        for (file, places) in by_file {
            let lines: Vec<u32> = places.iter().map(|place| place.span.start.line()).collect();
            let told = match &self.repository {
                Ok(repository) => {
                    let text = sources.read(file);
                    repository.blame(sources.shown(file), text.as_str(), &lines, deadline)
                }
                Err(reason) => Err(reason.clone()),
            };
            for (place, line) in places.into_iter().zip(lines) {
                let change = match &told {
                    Ok(told) => told.get(&line).cloned(),
                    Err(reason) => Some(Err(reason.clone())),
                };
                let unknown = || Err("git does not say".to_owned());
                told_of.insert(place, change.unwrap_or_else(unknown));
            }
        }
        told_of
    }
}

fn bytes(sources: &Sources, file: FileId) -> Option<Vec<u8>> {
    let path = sources.path(file);
    let ordinary = std::fs::metadata(path).is_ok_and(|found| found.is_file());
    ordinary.then(|| std::fs::read(path).ok()).flatten()
}

/// A digest over paths and contents in the order of the paths, and how many files there are.
fn tree(sources: &Sources) -> (String, usize) {
    // The records speak of what was read, and are no part of it.
    let is_record = |file: &FileId| sources.shown(*file).starts_with(".constitution/");
    let mut files: Vec<FileId> = sources.all().filter(|file| !is_record(file)).collect();
    files.sort_by_key(|file| sources.shown(*file));
    let mut digest = blake3::Hasher::new();
    let mut count = 0;
    for file in files {
        if let Some(text) = bytes(sources, file) {
            let path = sources.shown(file).as_bytes();
            digest.update(&(path.len() as u64).to_le_bytes());
            digest.update(path);
            digest.update(blake3::hash(&text).as_bytes());
            count += 1;
        }
    }
    (digest.finalize().to_hex().to_string(), count)
}
