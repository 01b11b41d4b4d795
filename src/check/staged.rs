//! What is staged, in the place of what lies in the folder.

use std::path::{Path, PathBuf};

use super::Request;
use crate::facts::graph;
use crate::git::{Checkout, Repository};

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
