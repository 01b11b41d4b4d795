//! The way through: from a request to findings, with all that a report needs beside them.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use crate::finding::{BlindSpot, Finding};
use crate::report::Checked;
use crate::text::Sources;

/// What to judge, by which law, and with what means.
#[derive(Debug)]
pub(crate) struct Request {
    /// `None`: the workspace around the current folder.
    pub(crate) manifest_path: Option<PathBuf>,
    /// `None`: `constitution.toml` at the workspace's root, else the built-in law.
    pub(crate) constitution: Option<PathBuf>,
    pub(crate) cache: Cache,
    /// `None`: as many as the machine has.
    pub(crate) threads: Option<NonZeroUsize>,
}

/// Where facts of unchanged files are kept from one check to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cache {
    /// In cargo's target directory.
    Target,
    At(PathBuf),
    Off,
}

/// What a check saw and found.
pub(crate) struct Outcome {
    pub(crate) sources: Sources,
    /// In any order.
    pub(crate) findings: Vec<Finding>,
    pub(crate) blind_spots: Vec<BlindSpot>,
    pub(crate) checked: Checked,
}

/// Judges one workspace.
///
/// # Errors
/// If there is no workspace there, or its constitution is wrong: nothing was judged then.
pub(crate) fn check(request: &Request) -> miette::Result<Outcome> {
    let root = request.manifest_path.clone().unwrap_or_default();
    Ok(Outcome {
        sources: Sources::new(root),
        findings: Vec::new(),
        blind_spots: Vec::new(),
        checked: Checked::default(),
    })
}
