//! The workspace's tracker, as far as it says what structures are allowed.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use thiserror::Error;

use crate::constitution::{Constitution, OptionValue, Tracked};
use crate::plane::tracker;
use crate::text::{FileId, Sources, Text};

/// Where the model document keeps it, from the workspace's root.
pub(crate) const FILE_NAME: &str = "MASTER_IMPLEMENTATION_TRACKER.md";

/// A tracker of more bytes is none that a person reads.
const MOST_BYTES: u64 = 1 << 24;

/// A tracker that is there, or that the law names, and cannot be had.
#[derive(Debug, Error, Diagnostic)]
#[error("cannot read the tracker `{}`: {why}", path.display())]
#[diagnostic(help(
    "a tracker is a Markdown file of UTF-8; `[rules.tracker-drift]` of the constitution says where it is \
     with `tracker = \"PATH\"`, from the workspace's root"
))]
pub(crate) struct CannotRead {
    path: PathBuf,
    why: String,
}

/// A tracker's text.
pub(crate) struct Tracker {
    file: FileId,
    pub(crate) text: Text,
}

impl Tracker {
    /// The one that the law names, else the one at the workspace's root, if there is one.
    ///
    /// # Errors
    /// If it is there, or the law names it, and cannot be read.
    pub(crate) fn read(
        law: &Constitution,
        sources: &mut Sources,
    ) -> Result<Option<Self>, CannotRead> {
        let options = law
            .rules
            .get("tracker-drift")
            .map(|setting| &setting.options);
        let named = match options.and_then(|options| options.get("tracker")) {
            Some(OptionValue::Word(path)) => Some(path.as_str()),
            _ => None,
        };
        let path = sources.root().join(named.unwrap_or(FILE_NAME));
        let absent = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
        // A dangling link is there too.
        if named.is_none() && fs::symlink_metadata(&path).is_err_and(|error| absent(&error)) {
            return Ok(None);
        }
        let text = read(&path).map_err(|why| CannotRead {
            path: Path::new(named.unwrap_or(FILE_NAME)).to_owned(),
            why,
        })?;
        let file = sources.add(&path);
        Ok(Some(Self { file, text }))
    }

    /// What it says of each structure.
    pub(crate) fn rows(&self) -> Vec<Tracked> {
        tracker::rows(&self.text, self.file)
    }
}

fn read(path: &Path) -> Result<Text, String> {
    let told = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => error.to_string(),
    };
    // Asked first, for opening a pipe would wait for ever.
    if !fs::metadata(path).map_err(told)?.is_file() {
        return Err("it is not a file".to_owned());
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(told)?;
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(told)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("it has more than {MOST_BYTES} bytes"));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        format!(
            "it is not UTF-8 from byte {}",
            error.utf8_error().valid_up_to()
        )
    })?;
    Ok(Text::new(text))
}
