//! Git repositories of the tests, made by somebody without any settings.

use std::path::Path;
use std::process::{Command, Stdio};

/// A folder that git keeps.
pub(crate) struct Repository<'f>(pub(crate) &'f Path);

impl<'f> Repository<'f> {
    /// Makes the folder a repository.
    pub(crate) fn new(folder: &'f Path) -> Self {
        let repository = Self(folder);
        repository.git(&["init", "--quiet"]);
        // Caches are not committed, wherever they are.
        let exclude = folder.join(".git/info/exclude");
        std::fs::write(exclude, "target/\n").expect("it is ours");
        repository
    }

    /// Runs git here, which must succeed.
    pub(crate) fn git(&self, arguments: &[&str]) {
        let run = Command::new("git")
            .args(["-c", "user.name=A", "-c", "user.email=a@example.org"])
            .args([
                "-c",
                "init.defaultBranch=main",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(["-c", "protocol.file.allow=always"])
            .args(arguments)
            .current_dir(self.0)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env_remove("GIT_INDEX_FILE")
            .env_remove("GIT_DIR")
            .stdin(Stdio::null())
            .output()
            .expect("git is installed");
        let said = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{arguments:?}: {said}");
    }

    /// Commits all that lies here.
    pub(crate) fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "all"]);
    }
}
