//! Source files that lie among a package's sources and that none of its targets reaches.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

/// The `.rs` files in the `src` folders of `packages` for which `is_known` does not hold, in order.
pub(crate) fn strays<'p>(
    packages: impl Iterator<Item = &'p Path>,
    is_known: &dyn Fn(&Path) -> bool,
) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = packages
        .flat_map(|folder| sources(&folder.join("src")))
        .collect();
    found.retain(|path| !is_known(path));
    found.sort();
    found.dedup();
    found
}

fn sources(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = WalkDir::new(folder)
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_package(entry));
    entries
        .filter_map(Result::ok)
        .filter(|entry| {
            entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "rs")
        })
        .filter(|entry| !entry.file_type().is_dir())
        .map(DirEntry::into_path)
}

/// A package within a package has sources of its own.
fn is_package(entry: &DirEntry) -> bool {
    entry.file_type().is_dir() && entry.path().join("Cargo.toml").is_file()
}
