//! Fingerprints: the name of a finding that survives moved lines, reformatting and renamed files.

mod enclosing;

use std::collections::HashMap;
use std::path::Path;

use crate::finding::Finding;
use crate::text::{FileId, Place, Sources, Text};

/// A fingerprint for each of `findings`, which are in their final order; no two are the same.
///
/// Made of rule, package, target, the item around the place and what is written there; neither of the file
/// and the line (nor of the module, which is the file's name) nor of how grave it is.
pub(crate) fn stamp(findings: &[Finding], sources: &Sources) -> Vec<String> {
    let mut written = Written::default();
    let mut seen: HashMap<blake3::Hash, u32> = HashMap::new();
    findings
        .iter()
        .map(|finding| {
            // Not even a digest of a credential is given away: a weak one could be guessed by it.
            let (text, item) = written.at(finding.place, sources);
            let text = match finding.rule.id {
                super::SECRET => String::new(),
                _ => text,
            };
            let base = digest(finding, &item, &text);
            let ordinal = seen.entry(base).or_default();
            let mut hasher = blake3::Hasher::new();
            hasher.update(base.as_bytes());
            hasher.update(&ordinal.to_le_bytes());
            *ordinal += 1;
            hasher.finalize().to_hex()[..32].to_owned()
        })
        .collect()
}

fn digest(finding: &Finding, item: &str, written: &str) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    let parts = [
        Some(finding.rule.id),
        finding.package.as_deref(),
        finding.target.as_deref(),
        Some(item),
        Some(written),
    ];
    for part in parts {
        // With its length before it, so that no part can run into the next.
        let length = part.map_or(u64::MAX, |part| part.len() as u64);
        hasher.update(&length.to_le_bytes());
        hasher.update(part.unwrap_or_default().as_bytes());
    }
    hasher.finalize()
}

/// What is written at places that come file by file; only one file is held.
#[derive(Default)]
struct Written {
    last: Option<(FileId, Text)>,
}

impl Written {
    /// What stands there, without blanks, and the item around it.
    fn at(&mut self, place: Place, sources: &Sources) -> (String, String) {
        if self
            .last
            .as_ref()
            .is_none_or(|(file, _)| *file != place.file)
        {
            self.last = Some((place.file, sources.read(place.file)));
        }
        let Some((_, text)) = &self.last else {
            return Default::default();
        };
        let written = &text.as_str()[text.range(place.span)];
        let rust = Path::new(sources.shown(place.file))
            .extension()
            .is_some_and(|extension| extension == "rs");
        let item = rust.then(|| enclosing::item(text, place.span.start));
        let written = written.split_whitespace().collect();
        (written, item.unwrap_or_default())
    }
}
