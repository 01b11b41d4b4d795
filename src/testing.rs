//! What the tests share: folders that vanish, rules and findings made by hand.

use std::path::{Path, PathBuf};

use crate::finding::{Confidence, Finding, Level, RuleMeta};
use crate::text::{Place, Sources};

/// A folder of a test's own, removed when dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// `name` tells the tests apart.
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("constitution-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("the temporary folder may be written to");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Removes the file `name`.
    pub(crate) fn remove(&self, name: &str) {
        std::fs::remove_file(self.0.join(name)).expect("it was there");
    }

    /// Writes `text` into the file `name` below the folder; its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        let parent = path.parent().expect("it lies below the folder");
        std::fs::create_dir_all(parent).expect("the folder is ours");
        std::fs::write(&path, text).expect("the folder is ours");
        path
    }

    /// Runs git here, as somebody without any settings.
    pub(crate) fn git(&self, arguments: &[&str]) {
        let status = std::process::Command::new("git")
            .args(["-c", "user.name=A", "-c", "user.email=a@example.org"])
            .args([
                "-c",
                "init.defaultBranch=main",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(arguments)
            .current_dir(&self.0)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env_remove("GIT_INDEX_FILE")
            .stdout(std::process::Stdio::null())
            .status();
        assert!(status.expect("git is installed").success(), "{arguments:?}");
    }

    /// Commits all that lies here.
    pub(crate) fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "all"]);
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) const ENGINE: RuleMeta = RuleMeta {
    id: "engine-reference",
    trigger: Some(1),
    clause: "VIII.1",
    summary: "capability source that names an engine's item",
    level: Level::Breach,
    page: "# engine-reference\n\nPorts, not engines.\n",
    options: &[],
};

pub(crate) const SECRET: RuleMeta = RuleMeta {
    id: "hardcoded-secret",
    trigger: Some(2),
    clause: "VIII.2",
    summary: "a credential in a literal",
    ..ENGINE
};

/// A plain breach of [`ENGINE`] at the `nth` (from 0) occurrence of `needle` in the file at `path`.
pub(crate) fn finding(sources: &mut Sources, path: &Path, needle: &str, nth: usize) -> Finding {
    Finding {
        rule: &ENGINE,
        level: Level::Breach,
        confidence: Confidence::Certain,
        message: format!("the cell `cell-x` names `{needle}`"),
        help: "define a port and let a runtime structure bind it".to_owned(),
        place: place(sources, path, needle, nth),
        package: Some("cell-x".to_owned()),
        module: Some("cell_x".to_owned()),
        layer: Some("cell".to_owned()),
        structure: None,
        target: Some(needle.to_owned()),
        category: Some("database".to_owned()),
        cfg: None,
        test: false,
        chain: Vec::new(),
        because: Vec::new(),
    }
}

/// The `nth` (from 0) occurrence of `needle` in the file at `path`.
pub(crate) fn place(sources: &mut Sources, path: &Path, needle: &str, nth: usize) -> Place {
    let file = sources.add(path);
    let text = sources.read(file);
    let (at, _) = text
        .as_str()
        .match_indices(needle)
        .nth(nth)
        .expect("the needle is there");
    Place {
        file,
        span: text.span(at..at + needle.len()),
    }
}
