//! What is staged, in the place of what lies in the folder.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::opened::Opened;
use super::{Outcome, Request};
use crate::constitution::Constitution;
use crate::facts::graph::{self, Workspace};
use crate::facts::source::overlay::Overlay;
use crate::freeze::store::FOLDER;
use crate::git::{Checkout, Held, Repository};

/// Judges what is staged by reading it over the folder, of which most is staged as it lies there. `None` where
/// the folder may not be read so, or there is anything to complain of: [`Staged`] is the way then.
pub(crate) fn check_in_place(request: &Request) -> Option<(Outcome, Constitution)> {
    let manifest = real(&graph::manifest(request.manifest_path.as_deref()).ok()?);
    let repository = Repository::around(manifest.parent()?).ok()?;
    let request = Request {
        manifest_path: Some(manifest),
        constitution: request.constitution.as_deref().map(real),
        ..request.clone()
    };
    // Cargo is waited for meanwhile.
    let (held, workspace) = std::thread::scope(|scope| {
        let held = scope.spawn(|| repository.held(&repository.staged_files().ok()?));
        let workspace = graph::read(request.manifest_path.as_deref());
        (held.join().ok().flatten(), workspace)
    });
    let Held {
        files,
        links,
        other,
    } = held?;
    let overlay = Overlay::new(repository.top().to_owned(), files, links, other);
    // What lies in the folder may be something else: nothing is parsed ahead.
    let opened = Opened::new(workspace.ok()?, &request, None).ok()?;
    if !shows(&opened.workspace, &overlay) {
        return None;
    }
    opened.judge(&request, Some(Arc::new(overlay))).ok()
}

/// Whether all that was read of the workspace so far, and all that is read of it without the overlay, is on disk
/// as it is staged.
fn shows(workspace: &Workspace, overlay: &Overlay) -> bool {
    let same = |path: &Path| overlay.digest(path).is_some() && overlay.other(path).is_none();
    let settled = |path: &Path| !overlay.covers(path) || same(path) || is_absent(path);
    let root = workspace.sources.root();
    let packages = &workspace.graph.packages;
    let mut targets = packages.iter().flat_map(|package| &package.targets);
    let records = walkdir::WalkDir::new(root.join(FOLDER)).into_iter();
    let mut records = records
        .flatten()
        .filter(|entry| !entry.file_type().is_dir());
    // What cargo would obey, or what would hide a folder's sources from us.
    let unstaged = |path: PathBuf| overlay.digest(&path).is_none() && !is_absent(&path);
    let configured = |folder: &Path| {
        ["config", "config.toml"].map(|name| unstaged(folder.join(".cargo").join(name)))
    };
    let mut above = root.ancestors().take_while(|folder| overlay.covers(folder));
    overlay.covers(root)
        && workspace.sources.paths().all(settled)
        && targets.all(|target| {
            let root = &target.root;
            !overlay.covers(root) || overlay.digest(root).is_some() || is_absent(root)
        })
        && records.all(|entry| same(entry.path()))
        && !above.any(|folder| configured(folder).contains(&true))
        && !(folders(overlay).into_iter()).any(|folder| unstaged(folder.join("Cargo.toml")))
}

fn is_absent(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_err()
}

/// All folders that hold a file.
fn folders(overlay: &Overlay) -> HashSet<&Path> {
    let mut folders = HashSet::new();
    for path in overlay.paths() {
        let mut above = path.ancestors().skip(1);
        while let Some(folder) = above.next().filter(|folder| overlay.covers(folder)) {
            if !folders.insert(folder) {
                break;
            }
        }
    }
    folders
}

/// A folder that stands for the work tree of a repository.
#[derive(Debug, Clone)]
pub(crate) struct StandIn {
    tree: PathBuf,
    top: PathBuf,
}

impl StandIn {
    /// The place in the work tree that `path` stands for; itself where it is not in the folder.
    pub(super) fn original(&self, path: &Path) -> PathBuf {
        match path.strip_prefix(&self.tree) {
            Ok(below) => self.top.join(below),
            Err(_) => path.to_owned(),
        }
    }
}

/// The index, written to a folder of its own; gone when this is dropped.
pub(crate) struct Staged {
    /// What was asked for, about that folder.
    pub(crate) request: Request,
    _tree: Checkout,
}

impl Staged {
    /// Writes what is staged in the repository around the workspace that `request` is about.
    ///
    /// # Errors
    /// If there is no workspace, or no repository around it, or its index is unmerged.
    pub(crate) fn read(request: &Request) -> miette::Result<Self> {
        let manifest = real(&graph::manifest(request.manifest_path.as_deref())?);
        let repository = Repository::around(manifest.parent().unwrap_or(&manifest))?;
        let tree = Checkout::new(&repository, "HEAD", &repository.staged_files()?)?;
        let top = repository.top();
        let there = |path: &Path| match real(path).strip_prefix(top) {
            Ok(below) => tree.root().join(below),
            Err(_) => path.to_owned(),
        };
        let request = Request {
            manifest_path: Some(there(&manifest)),
            constitution: request.constitution.as_deref().map(there),
            stand_in: Some(StandIn {
                tree: tree.root().to_owned(),
                top: top.to_owned(),
            }),
            ..request.clone()
        };
        Ok(Self {
            request,
            _tree: tree,
        })
    }
}

/// The path without links in its folders; a file that is not there is in one that is.
fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return path;
    };
    match folder.canonicalize() {
        Ok(folder) => folder.join(name),
        Err(_) => path,
    }
}
