//! What is new since a base: findings are told apart by their fingerprints, never by how many there are.

use std::collections::BTreeSet;

use super::Report;

/// The commit that a change is compared with.
#[derive(Debug, Clone)]
pub(crate) struct Since {
    /// What people call it: `origin/main (0123abcd)`.
    pub(crate) name: String,
    /// The fingerprints of all that was found there.
    pub(crate) found: BTreeSet<String>,
    /// Why nothing could be found there.
    pub(crate) unknown: Option<String>,
}

/// How a report differs from the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) new: usize,
    pub(crate) existing: usize,
    /// Found at the base, and gone.
    pub(crate) mended: usize,
}

impl Report<'_> {
    /// Tells what is new since a base.
    #[must_use]
    pub(crate) fn with_base(mut self, since: Since) -> Self {
        for entry in &mut self.entries {
            entry.known = since.found.contains(&entry.fingerprint);
        }
        self.since = Some(since);
        self
    }

    /// How the findings differ from those at the base, if there is one to compare with.
    pub(crate) fn difference(&self) -> Option<Difference> {
        let since = self.since.as_ref()?;
        let existing = self.entries.iter().filter(|entry| entry.known).count();
        let now: BTreeSet<&str> = (self.entries.iter())
            .map(|entry| entry.fingerprint.as_str())
            .collect();
        let gone = |found: &&String| !now.contains(found.as_str());
        Some(Difference {
            new: self.entries.len() - existing,
            existing,
            mended: since.found.iter().filter(gone).count(),
        })
    }

    /// One sentence on what is new; `None` without a base.
    pub(crate) fn novelty(&self) -> Option<String> {
        let since = self.since.as_ref()?;
        let name = super::safe::safe(&since.name);
        if let Some(reason) = &since.unknown {
            let reason = super::safe::safe(reason);
            return Some(format!("nothing to compare with at {name}: {reason}"));
        }
        let Difference {
            new,
            existing,
            mended,
        } = self.difference()?;
        Some(format!(
            "since {name}: {new} new, {existing} existing, {mended} mended"
        ))
    }
}
