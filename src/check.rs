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
    let time = std::time::Instant::now();
    let workspace = crate::facts::graph::read(request.manifest_path.as_deref())?;
    eprintln!("graph {:?}", time.elapsed());
    let threads = request.threads.map_or(2, |threads| threads.get());
    let reading = crate::facts::Reading {
        threads,
        keeping: match &request.cache {
            Cache::Target => {
                crate::facts::cache::Keeping::Target(workspace.target_directory.clone())
            }
            Cache::At(folder) => crate::facts::cache::Keeping::At(folder.clone()),
            Cache::Off => crate::facts::cache::Keeping::Nowhere,
        },
        progress: &std::sync::atomic::AtomicUsize::new(0),
    };
    let (facts, _names) = crate::facts::gather(workspace, &reading, &|_, _| false);
    eprintln!("facts {:?}", time.elapsed());
    Ok(Outcome {
        findings: Vec::new(),
        blind_spots: facts.blind_spots,
        checked: Checked {
            packages: facts.graph.packages.len(),
            files: facts.files,
            modules: facts.modules.len(),
            edges: facts.references.len(),
        },
        sources: facts.sources,
    })
}
