//! The repository around a workspace, read so that nothing it configures runs.

mod checkout;
mod entry;
mod held;
mod run;

use std::path::{Path, PathBuf};
use std::time::Duration;

use sha1::{Digest, Sha1};

pub(crate) use checkout::Checkout;
pub(crate) use entry::{Entry, Kind};
pub(crate) use held::Held;

/// How long one short question may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

const INDEX: &str = "GIT_INDEX_FILE";

/// A repository with a work tree.
#[derive(Debug)]
pub(crate) struct Repository {
    program: PathBuf,
    /// Where questions are asked from: the workspace's root.
    folder: PathBuf,
    /// The work tree's root, which holds `.git`.
    top: PathBuf,
}

/// Why git cannot tell what was asked for.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub(crate) enum GitError {
    #[error("the workspace is in no git repository")]
    #[diagnostic(help("run it in a checkout made by `git clone`"))]
    NoRepository,
    #[error("git is not installed")]
    #[diagnostic(help("install git, and have it on PATH"))]
    NoProgram,
    #[error("`{0}` cannot name a commit")]
    #[diagnostic(help("give a branch, a tag or a commit, such as `origin/main`"))]
    BadReference(String),
    #[error("git knows no commit `{reference}` here")]
    Unknown {
        reference: String,
        #[help]
        help: String,
    },
    #[error("the content of commit {commit} is not all here: {missing} is missing")]
    #[diagnostic(help("fetch it: git fetch --depth=1 origin {commit}"))]
    Incomplete { commit: String, missing: String },
    #[error("the index holds the unmerged file `{0}`")]
    #[diagnostic(help("resolve the conflict and `git add` the file"))]
    Unmerged(String),
    #[error("git does not say {0}")]
    #[diagnostic(help("see what git itself says in this folder: git status"))]
    Silent(&'static str),
    #[error("{what} cannot be written to a temporary folder: {reason}")]
    #[diagnostic(help("free some room there, or name another folder: TMPDIR"))]
    Unwritable { what: String, reason: String },
}

impl Repository {
    /// The repository that `folder` lies in.
    ///
    /// # Errors
    /// If there is none, or no git to ask.
    pub(crate) fn around(folder: &Path) -> Result<Self, GitError> {
        let top = top(folder).ok_or(GitError::NoRepository)?;
        Ok(Self {
            program: run::program(&top).ok_or(GitError::NoProgram)?,
            folder: folder.to_owned(),
            top,
        })
    }

    /// The root of the work tree.
    pub(crate) fn top(&self) -> &Path {
        &self.top
    }

    /// The full hash of the commit that `reference` names.
    ///
    /// # Errors
    /// If it names none here, with the command that fetches it.
    pub(crate) fn commit(&self, reference: &str) -> Result<String, GitError> {
        if reference.is_empty() || reference.starts_with('-') || reference.contains(['\0', '\n']) {
            return Err(GitError::BadReference(reference.to_owned()));
        }
        let commit = format!("{reference}^{{commit}}");
        let arguments = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &commit,
        ];
        let answer = self.ask(&arguments, PATIENCE);
        let commit = answer.as_deref().and_then(run::hexadecimal);
        commit.ok_or_else(|| GitError::Unknown {
            reference: reference.to_owned(),
            help: fetching(reference),
        })
    }

    /// Git's digest of all that `commit` holds.
    pub(crate) fn tree_of(&self, commit: &str) -> Option<String> {
        let tree = format!("{commit}^{{tree}}");
        let answer = self.ask(&["rev-parse", "--verify", "--quiet", &tree], PATIENCE);
        answer.as_deref().and_then(run::hexadecimal)
    }

    /// Every file that `commit` (a full hash) holds, by path.
    ///
    /// # Errors
    /// If part of it was not fetched.
    pub(crate) fn files_of(&self, commit: &str) -> Result<Vec<Entry>, GitError> {
        let arguments = ["ls-tree", "-r", "-z", "--full-tree", commit];
        let listed = self.ask(&arguments, PATIENCE * 3);
        let listed = listed.ok_or_else(|| GitError::Incomplete {
            commit: commit.to_owned(),
            missing: "a folder of it".to_owned(),
        })?;
        entry::of_tree(&listed).ok_or(GitError::Silent("what the commit holds"))
    }

    /// Every file of the index, which is what the next commit will hold, by path.
    ///
    /// # Errors
    /// If a merge is not resolved yet.
    pub(crate) fn staged_files(&self) -> Result<Vec<Entry>, GitError> {
        // A partial commit has an index of its own, which git tells its hooks by this variable.
        let index = std::env::var_os(INDEX).filter(|path| !path.is_empty());
        let arguments = ["ls-files", "--stage", "-z", "--full-name"];
        let mut command = self.command(&self.top, &arguments);
        command.envs(index.map(|path| (INDEX, self.top.join(path))));
        let listed = run::answer(command, None, PATIENCE * 3);
        let listed = listed.ok_or(GitError::Silent("what is staged"))?;
        entry::of_index(&listed)
    }

    /// Standard output, if git succeeds in time; paths are from the workspace's root.
    pub(crate) fn ask(&self, arguments: &[&str], patience: Duration) -> Option<Vec<u8>> {
        run::answer(self.command(&self.folder, arguments), None, patience)
    }

    fn command(&self, from: &Path, arguments: &[&str]) -> std::process::Command {
        run::command(&self.program, &self.top, from, arguments)
    }
}

/// The nearest folder above that holds `.git`: of a clone, a linked work tree or a submodule.
pub(crate) fn top(folder: &Path) -> Option<PathBuf> {
    let mut above = folder.ancestors();
    let top = above.find(|folder| folder.join(".git").exists())?;
    Some(top.to_owned())
}

/// The name that git gives to a content.
fn name_of(content: &[u8]) -> String {
    let mut hasher = Sha1::new();
    hasher.update(format!("blob {}\0", content.len()));
    hasher.update(content);
    let digits = hasher.finalize();
    digits.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How to get what `reference` names.
fn fetching(reference: &str) -> String {
    let plain = reference
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.'));
    match reference.split_once('/') {
        _ if !plain => {
            "`git branch --all` and `git log` name the commits that are here; in a shallow clone, \
             `git fetch --unshallow` gets the others"
                .to_owned()
        }
        Some((remote, branch)) if remote != "refs" => format!(
            "fetch it: git fetch --depth=1 {remote} +{branch}:refs/remotes/{remote}/{branch}"
        ),
        _ if run::is_hash(reference) => {
            format!("fetch it: git fetch --depth=1 origin {reference}")
        }
        _ => format!(
            "fetch it: git fetch --depth=1 origin {reference}, and name it as FETCH_HEAD; or is it \
             `origin/{reference}`?"
        ),
    }
}

#[cfg(test)]
mod tests;
