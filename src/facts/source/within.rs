//! Where sources may lie, and what is read there.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::facts::source::cache::Digest;
use crate::facts::source::overlay::Overlay;
use crate::facts::source::reduce::Unreadable;

/// What a syntax tree of this many bytes needs is still far below a gigabyte.
const LARGEST_FILE: u64 = 16 << 20;

/// What is said of a file that is not there.
const ABSENT: &str = "does not exist";

/// The folders that sources may lie in.
#[derive(Debug, Default)]
pub(crate) struct Within {
    /// Canonical.
    allowed: Vec<PathBuf>,
    /// Where folders really are.
    folders: Mutex<HashMap<PathBuf, PathBuf>>,
    overlay: Option<Arc<Overlay>>,
}

impl Within {
    pub(crate) fn new<'f>(folders: impl Iterator<Item = &'f Path>) -> Self {
        Self {
            allowed: folders
                .filter_map(|folder| folder.canonicalize().ok())
                .collect(),
            folders: Mutex::default(),
            overlay: None,
        }
    }

    /// The same folders, read through `overlay`.
    #[must_use]
    pub(crate) fn under(self, overlay: Option<Arc<Overlay>>) -> Self {
        Self { overlay, ..self }
    }

    /// Whether there is something at `path`, even if it cannot be read.
    pub(crate) fn exists(&self, path: &Path) -> bool {
        match self.overlay.as_deref() {
            Some(overlay) if overlay.covers(path) => overlay.real(path).is_some(),
            _ => fs::symlink_metadata(path).is_ok(),
        }
    }

    /// The digest of a file, if it is known without reading it.
    pub(crate) fn known(&self, path: &Path) -> Option<Digest> {
        let digest = self.overlay.as_deref()?.digest(path)?;
        self.allows(path).then_some(digest)
    }

    fn allows(&self, real: &Path) -> bool {
        self.allowed.iter().any(|folder| real.starts_with(folder))
    }

    /// Where a file really is, links followed; folders are asked for once.
    fn real(&self, path: &Path) -> std::io::Result<PathBuf> {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return fs::canonicalize(path);
        };
        if fs::symlink_metadata(path)?.is_symlink() {
            return fs::canonicalize(path);
        }
        if let Some(real) = self.folders().get(folder) {
            return Ok(real.join(name));
        }
        let real = fs::canonicalize(folder)?;
        let file = real.join(name);
        self.folders().insert(folder.to_owned(), real);
        Ok(file)
    }

    fn folders(&self) -> MutexGuard<'_, HashMap<PathBuf, PathBuf>> {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a file holds that lies in one of the folders.
    pub(crate) fn bytes(&self, path: &Path) -> Result<Vec<u8>, Unreadable> {
        let failed = |error: std::io::Error| {
            Unreadable::whole(&match error.kind() {
                std::io::ErrorKind::NotFound => ABSENT.to_owned(),
                _ => format!("cannot be read: {error}"),
            })
        };
        let absent = || Unreadable::whole(ABSENT);
        let overlay = self.overlay.as_deref();
        let named = match overlay.filter(|overlay| overlay.covers(path)) {
            Some(overlay) => overlay.real(path).ok_or_else(absent)?,
            None => Cow::Borrowed(path),
        };
        let real = self.real(&named).map_err(failed)?;
        if !self.allows(&real) {
            return Err(Unreadable::whole("leads out of the workspace"));
        }
        let too_large = || Unreadable::whole("is larger than 16 MiB");
        let overlay = overlay.filter(|overlay| overlay.covers(&real));
        if let Some(content) = overlay.and_then(|overlay| overlay.other(&real)) {
            let fits = content.len() as u64 <= LARGEST_FILE;
            return fits.then(|| content.to_owned()).ok_or_else(too_large);
        }
        let wanted = overlay.map(|overlay| overlay.digest(&real).ok_or_else(absent));
        let wanted = wanted.transpose()?;
        let metadata = fs::metadata(&real).map_err(failed)?;
        if !metadata.is_file() {
            return Err(Unreadable::whole("is no regular file"));
        }
        if metadata.len() > LARGEST_FILE {
            return Err(too_large());
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
        let file = fs::File::open(&real).map_err(failed)?;
        file.take(LARGEST_FILE + 1)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        if wanted.is_some_and(|wanted| wanted != digest_of(&bytes)) {
            return Err(Unreadable::whole("was changed while it was read"));
        }
        Ok(bytes)
    }
}

/// What a content is told by.
pub(crate) fn digest_of(bytes: &[u8]) -> Digest {
    *blake3::hash(bytes).as_bytes()
}
