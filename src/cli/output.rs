//! `--output FORMAT=FILE`: a report in a file, whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use thiserror::Error;

use crate::report::Format;

/// One `--output`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) format: Format,
    pub(crate) file: PathBuf,
}

/// A report that could not be put where it should go.
#[derive(Debug, Error, Diagnostic)]
#[error("cannot write the report to `{}`", file.display())]
#[diagnostic(help("--output takes a file in a folder that exists and may be written to"))]
pub(crate) struct CannotWrite {
    file: PathBuf,
    source: io::Error,
}

/// Reads `FORMAT=FILE`.
pub(crate) fn parse(argument: &str) -> Result<Output, String> {
    let (name, file) = argument
        .split_once('=')
        .ok_or("it is written FORMAT=FILE, such as json=report.json")?;
    let format = Format::named(name).ok_or_else(|| {
        let names = Format::ALL.map(Format::name).join(", ");
        format!("there is no format `{name}`; there are {names}")
    })?;
    if file.is_empty() {
        return Err("the file after `=` has no name".to_owned());
    }
    Ok(Output {
        format,
        file: file.into(),
    })
}

/// Puts every report into its file. A file that was there is replaced at once; a device or a pipe is written
/// to as it is.
///
/// # Errors
/// If one of them cannot be written; all that was there is untouched then.
pub(crate) fn write(reports: &[(&Path, Vec<u8>)]) -> Result<(), CannotWrite> {
    let cannot = |file: &Path| {
        let file = file.to_owned();
        |source| CannotWrite { file, source }
    };
    let mut ready = Vec::with_capacity(reports.len());
    for (file, bytes) in reports {
        ready.push(Ready::new(file, bytes).map_err(cannot(file))?);
    }
    for ((file, _), ready) in reports.iter().zip(ready) {
        ready.put().map_err(cannot(file))?;
    }
    Ok(())
}

/// A report of which nothing is left to do that could well fail.
enum Ready<'a> {
    Device(File, &'a [u8]),
    Beside(Beside<'a>),
}

impl<'a> Ready<'a> {
    fn new(file: &'a Path, bytes: &'a [u8]) -> io::Result<Self> {
        match fs::metadata(file) {
            Ok(found) if found.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(found) if !found.is_file() => {
                let device = OpenOptions::new().write(true).open(file)?;
                Ok(Self::Device(device, bytes))
            }
            _ => Beside::new(file, bytes).map(Self::Beside),
        }
    }

    fn put(self) -> io::Result<()> {
        match self {
            Self::Device(mut device, bytes) => device.write_all(bytes),
            Self::Beside(beside) => fs::rename(&beside.path, beside.file),
        }
    }
}

/// A whole file beside the one that it is to replace; vanishes if it does not.
struct Beside<'a> {
    path: PathBuf,
    file: &'a Path,
}

impl<'a> Beside<'a> {
    fn new(file: &'a Path, bytes: &[u8]) -> io::Result<Self> {
        let name = file
            .file_name()
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it names no file"))?;
        let mut beside = std::ffi::OsString::from(".");
        beside.push(name);
        beside.push(format!(".{}.tmp", std::process::id()));
        let path = file.with_file_name(beside);
        // Never through a link that somebody put there.
        let mut new = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)?;
        let beside = Self { path, file };
        new.write_all(bytes).and_then(|()| new.sync_all())?;
        Ok(beside)
    }
}

impl Drop for Beside<'_> {
    fn drop(&mut self) {
        // It is gone already where all went well.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;

    #[test]
    fn a_report_replaces_what_was_there_and_leaves_nothing_beside_it() {
        let folder = Folder::new("output");
        let file = folder.file("report.json", "old");
        write(&[(&file, b"new".to_vec())]).expect("the folder is ours");
        assert_eq!(fs::read_to_string(&file).expect("it was written"), "new");
        assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 1);
    }

    #[test]
    fn a_folder_is_not_replaced_by_a_report() {
        let folder = Folder::new("output-folder");
        folder.file("reports/kept", "");
        let error = write(&[(&folder.path().join("reports"), b"new".to_vec())])
            .expect_err("it is a folder");
        assert!(error.to_string().contains("reports"));
        assert!(folder.path().join("reports/kept").exists());
        assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 1);
    }

    #[test]
    fn where_one_of_several_cannot_be_written_none_is() {
        let folder = Folder::new("output-several");
        let file = folder.file("one.json", "old");
        let gone = folder.path().join("no/two.sarif");
        let reports = [(&*file, b"new".to_vec()), (&*gone, b"new".to_vec())];
        let error = write(&reports).expect_err("there is no such folder");
        assert!(error.to_string().contains("two.sarif"));
        assert_eq!(fs::read_to_string(&file).expect("it is there"), "old");
        assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_replaced_and_what_it_leads_to_is_not() {
        let folder = Folder::new("output-link");
        let precious = folder.file("precious", "kept");
        let link = folder.path().join("report.json");
        std::os::unix::fs::symlink(&precious, &link).expect("links can be made");
        write(&[(&link, b"new".to_vec())]).expect("the folder is ours");
        assert_eq!(fs::read_to_string(&precious).expect("it is there"), "kept");
        assert_eq!(fs::read_to_string(&link).expect("it was written"), "new");
    }

    #[test]
    fn what_is_not_format_and_file_is_refused_with_what_there_is() {
        assert!(parse("json").is_err());
        assert!(parse("json=").is_err());
        let error = parse("yaml=x").expect_err("there is no such format");
        assert!(error.contains("human, short, json"), "{error}");
        let output = parse("json=a=b.json").expect("only the first `=` divides");
        assert_eq!(output.file, Path::new("a=b.json"));
    }
}
