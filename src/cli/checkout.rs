//! Where the workspace lies in its repository: GitHub knows files by their paths from there.

use std::path::Path;

use crate::git;
use crate::text::relative;

/// The path from the repository's root to `root`, with a slash at its end; empty if they are the same or
/// there is no repository.
pub(crate) fn prefix(root: &Path) -> String {
    match git::top(root) {
        Some(top) if top != root => format!("{}/", relative(&top, root)),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;

    #[test]
    fn a_workspace_below_its_repository_is_known_by_its_folder() {
        let folder = Folder::new("checkout");
        folder.file("backend/rust/Cargo.toml", "");
        folder.file(".git/HEAD", "");
        assert_eq!(prefix(&folder.path().join("backend/rust")), "backend/rust/");
        assert_eq!(prefix(folder.path()), "");
    }
}
