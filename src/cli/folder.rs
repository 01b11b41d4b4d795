//! Several files in one folder, written all or none.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use thiserror::Error;

/// A folder that the files could not be put into.
#[derive(Debug, Error, Diagnostic)]
#[error("cannot write `{}`", path.display())]
#[diagnostic(help(
    "--out takes a folder that may be written to, or that can be made; nothing was written"
))]
pub(crate) struct CannotWrite {
    path: PathBuf,
    source: io::Error,
}

/// Puts all `files` into `folder`, which is made if need be; what was there under their names is replaced.
///
/// # Errors
/// If one of them cannot be written: none is, then.
pub(crate) fn write(folder: &Path, files: &[(&str, Vec<u8>)]) -> Result<(), CannotWrite> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| CannotWrite { path, source }
    };
    let made = !folder.exists();
    fs::create_dir_all(folder).map_err(failed(folder))?;
    let mut staged = Vec::new();
    let result = files
        .iter()
        .try_for_each(|(name, bytes)| {
            let file = folder.join(name);
            stage(&file, bytes, &mut staged).map_err(failed(&file))
        })
        .and_then(|()| {
            staged
                .iter()
                .try_for_each(|(beside, file)| fs::rename(beside, file).map_err(failed(file)))
        });
    if result.is_err() {
        // The first error is the one to tell.
        for (beside, _) in &staged {
            let _ = fs::remove_file(beside);
        }
        if made {
            let _ = fs::remove_dir(folder);
        }
    }
    result
}

/// Writes a file beside its place, once nothing stands in the way there.
fn stage(file: &Path, bytes: &[u8], staged: &mut Vec<(PathBuf, PathBuf)>) -> io::Result<()> {
    if fs::symlink_metadata(file).is_ok_and(|found| found.is_dir()) {
        return Err(io::Error::new(
            io::ErrorKind::IsADirectory,
            "it is a folder",
        ));
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let beside = file.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    // Never through a link that somebody put there.
    let mut new = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&beside)?;
    staged.push((beside, file.to_owned()));
    new.write_all(bytes)?;
    new.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;

    fn listing(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("it is there");
        let names = entries.map(|entry| entry.expect("it can be listed").file_name());
        let mut names: Vec<_> = names
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn all_files_are_written_and_nothing_beside_them() {
        let folder = Folder::new("folder-all");
        let out = folder.path().join("new/report");
        write(&out, &[("a", b"1".to_vec()), ("b", b"2".to_vec())]).expect("it can be made");
        assert_eq!(listing(&out), ["a", "b"]);
    }

    #[test]
    fn where_one_cannot_be_written_none_is() {
        let folder = Folder::new("folder-none");
        folder.file("b/kept", "");
        folder.file("a", "old");
        let files = [("a", b"1".to_vec()), ("b", b"2".to_vec())];
        let error = write(folder.path(), &files).expect_err("`b` is a folder");
        assert!(error.to_string().contains('b'));
        assert_eq!(listing(folder.path()), ["a", "b"]);
        assert_eq!(
            fs::read_to_string(folder.path().join("a")).expect("it is there"),
            "old"
        );
    }
}
