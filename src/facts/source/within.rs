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
    /// Where folders really are, and whether that is in one that is allowed.
    folders: Mutex<HashMap<PathBuf, (PathBuf, bool)>>,
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

    /// Where a file really is, links followed, and what is there; `None` where it is in no folder that is
    /// allowed. Folders are asked for once.
    fn real(&self, path: &Path) -> std::io::Result<Option<(PathBuf, fs::Metadata)>> {
        let metadata = fs::symlink_metadata(path)?;
        let place = path.parent().zip(path.file_name());
        let Some((folder, name)) = place.filter(|_| !metadata.is_symlink()) else {
            let real = fs::canonicalize(path)?;
            let metadata = fs::metadata(&real)?;
            return Ok(self.allows(&real).then_some((real, metadata)));
        };
        if let Some((real, allowed)) = self.folders().get(folder) {
            return Ok(allowed.then(|| (real.join(name), metadata)));
        }
        let real = fs::canonicalize(folder)?;
        let allowed = self.allows(&real);
        let file = real.join(name);
        self.folders().insert(folder.to_owned(), (real, allowed));
        Ok(allowed.then_some((file, metadata)))
    }

    fn folders(&self) -> MutexGuard<'_, HashMap<PathBuf, (PathBuf, bool)>> {
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
        let Some((real, metadata)) = self.real(&named).map_err(failed)? else {
            return Err(Unreadable::whole("leads out of the workspace"));
        };
        let too_large = || Unreadable::whole("is larger than 16 MiB");
        let overlay = overlay.filter(|overlay| overlay.covers(&real));
        if let Some(content) = overlay.and_then(|overlay| overlay.other(&real)) {
            let fits = content.len() as u64 <= LARGEST_FILE;
            return fits.then(|| content.to_owned()).ok_or_else(too_large);
        }
        let wanted = overlay.map(|overlay| overlay.digest(&real).ok_or_else(absent));
        let wanted = wanted.transpose()?;
        if !metadata.is_file() {
            return Err(Unreadable::whole("is no regular file"));
        }
        if metadata.len() > LARGEST_FILE {
            return Err(too_large());
        }
        let len = usize::try_from(metadata.len()).unwrap_or(0);
        let bytes = content(&real, len).map_err(failed)?;
        if wanted.is_some_and(|wanted| wanted != digest_of(&bytes)) {
            return Err(Unreadable::whole("was changed while it was read"));
        }
        Ok(bytes)
    }
}

/// What a file holds, of which `len` bytes are expected: then it is asked for them, and whether there are more.
fn content(path: &Path, len: usize) -> std::io::Result<Vec<u8>> {
    let mut file = fs::File::open(path)?;
    let mut bytes = vec![0; len + 1];
    let mut filled = 0;
    while filled < bytes.len() {
        match file.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(filled);
    if filled > len {
        file.take(LARGEST_FILE).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// What a content is told by.
pub(crate) fn digest_of(bytes: &[u8]) -> Digest {
    *blake3::hash(bytes).as_bytes()
}
