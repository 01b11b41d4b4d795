//! The commit that a change is compared with: what was found there, and the law in force there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::tracker::Tracker;
use super::{Law, Matter, Request, law, threads};
use crate::constitution::Constitution;
use crate::draw;
use crate::facts::source::vault::Vault;
use crate::facts::{self, graph};
use crate::finding::{Finding, Level};
use crate::git::{Checkout, Entry, Kind, Repository};
use crate::picture::Picture;
use crate::report::Since;

/// A commit, read like the workspace itself.
pub(crate) struct Base {
    /// What people call it: `origin/main (0123abcd)`.
    pub(super) name: String,
    /// What is committed or staged now below the workspace's root.
    pub(super) files: Vec<PathBuf>,
    /// Submodules and links among it.
    pub(super) elsewhere: Vec<PathBuf>,
    /// Those that the commit held, by where they would be now.
    pub(super) files_then: BTreeSet<PathBuf>,
    pub(super) past: Past,
    /// Of the workspace in the tree.
    root: PathBuf,
    _tree: Checkout,
}

/// What the commit holds.
pub(crate) enum Past {
    /// A workspace and its law.
    Lawful(Box<Earlier>),
    /// No workspace there yet, or none that any law speaks of; why.
    Lawless(String),
    /// A workspace or a law that cannot be read; why.
    Unreadable(String),
}

/// A workspace, its law, and what that found in it.
pub(crate) struct Earlier {
    pub(super) matter: Matter,
    findings: Vec<Finding>,
    fingerprints: BTreeSet<String>,
}

impl Base {
    /// Reads what `reference` names, for the workspace of `now`.
    ///
    /// # Errors
    /// If there is no such commit here, or it cannot be written to a temporary folder.
    pub(crate) fn read(reference: &str, request: &Request, now: &Matter) -> miette::Result<Self> {
        let root = now.facts.sources.root();
        let real = match &request.stand_in {
            Some(stand_in) => stand_in.original(root),
            None => root.canonicalize().unwrap_or_else(|_| root.to_owned()),
        };
        let repository = Repository::around(&real)?;
        let commit = repository.commit(reference)?;
        let entries = repository.files_of(&commit)?;
        let tree = Checkout::new(&repository, &commit, &entries)?;
        let top = repository.top();
        // Where something of now is in that commit.
        let there = |path: &Path| {
            let real = match &request.stand_in {
                Some(stand_in) => stand_in.original(path),
                None => path.canonicalize().unwrap_or_else(|_| path.to_owned()),
            };
            let below = real.strip_prefix(top).ok()?;
            Some(tree.root().join(below))
        };
        let root_then = there(&real).unwrap_or_default();
        let manifest = root_then.join("Cargo.toml");
        let constitution = request.constitution.as_deref();
        let constitution = constitution.map(|file| there(file).unwrap_or_else(|| file.to_owned()));
        let vault = now.vault.clone().map(|vault| vault.read_only());
        let past = Past::read(&manifest, constitution.as_deref(), request, vault);
        let below = real.strip_prefix(top).unwrap_or(Path::new(""));
        let here = |entry: &Entry| Some(root.join(entry.path.strip_prefix(below).ok()?));
        let files = repository.staged_files()?;
        let elsewhere = files.iter().filter(|entry| entry.kind != Kind::File);
        Ok(Self {
            elsewhere: elsewhere.filter_map(&here).collect(),
            name: format!("{reference} ({})", &commit[..8]),
            files: files.iter().filter_map(&here).collect(),
            files_then: entries.iter().filter_map(&here).collect(),
            past,
            root: root_then,
            _tree: tree,
        })
    }

    /// The law in force there, if it can be read.
    pub(crate) fn law(&self) -> Option<&Constitution> {
        match &self.past {
            Past::Lawful(earlier) => Some(&earlier.matter.law),
            Past::Lawless(_) | Past::Unreadable(_) => None,
        }
    }

    /// Where the workspace of then lies now; `None` where no law spoke of it.
    pub(crate) fn root(&self) -> Option<&Path> {
        match &self.past {
            Past::Lawless(_) => None,
            Past::Lawful(_) | Past::Unreadable(_) => Some(&self.root),
        }
    }

    /// The workspace as it was.
    pub(crate) fn picture(&self) -> Option<Picture> {
        match &self.past {
            Past::Lawful(earlier) => {
                // With what was found: some arrows are only drawn where they break the law.
                let findings: Vec<&Finding> = earlier.findings.iter().collect();
                let case = earlier.matter.case();
                Some(draw::picture(&case, &findings, Level::Breach))
            }
            Past::Lawless(_) | Past::Unreadable(_) => None,
        }
    }

    /// What was found at the base already, for telling what is new.
    pub(crate) fn since(&self) -> Since {
        let (found, unknown) = match &self.past {
            Past::Lawful(earlier) => (earlier.fingerprints.clone(), None),
            Past::Lawless(reason) | Past::Unreadable(reason) => {
                (BTreeSet::new(), Some(reason.clone()))
            }
        };
        Since {
            name: self.name.clone(),
            found,
            unknown,
        }
    }
}

impl Past {
    fn read(
        manifest: &Path,
        constitution: Option<&Path>,
        request: &Request,
        vault: Option<Vault>,
    ) -> Self {
        if !manifest.is_file() {
            return Self::Lawless("there was no such workspace".to_owned());
        }
        let mut workspace = match graph::read(Some(manifest)) {
            Ok(workspace) => workspace,
            Err(error) => return Self::Unreadable(error.to_string()),
        };
        // A law that is named and not there yet is one that the change brings.
        let named = constitution.filter(|file| file.exists());
        let (law, claims) = match law(&mut workspace, named) {
            Ok(law) => law,
            Err(error) => return Self::Unreadable(error.to_string()),
        };
        let tracker = match Tracker::read(&law, &mut workspace.sources) {
            Ok(tracker) => tracker,
            Err(error) => return Self::Unreadable(error.to_string()),
        };
        let law = Law::new(law, claims, tracker.as_ref());
        let threads = threads(request.threads);
        let within = facts::within(&workspace);
        let (matter, _) = Matter::gather(workspace, law, &within, vault, threads, None);
        if matter.layering.anything_claimed() {
            Self::Lawful(Box::new(Earlier::new(matter)))
        } else {
            Self::Lawless("no law spoke of this workspace yet".to_owned())
        }
    }
}

impl Earlier {
    fn new(matter: Matter) -> Self {
        let judged = matter.judge_by(&matter.case());
        let report = judged.report(Level::Breach, &matter.facts.sources);
        let entries = report.entries.into_iter();
        let (findings, fingerprints) = entries
            .map(|entry| (entry.finding, entry.fingerprint))
            .unzip();
        Self {
            matter,
            findings,
            fingerprints,
        }
    }
}
