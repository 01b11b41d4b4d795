//! Files that only this program, on this machine, can have written: a change that brings one along is not believed.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// The name of the file that holds the key.
const KEY: &str = "key";

/// A seal's length at the head of each file.
const SEAL: usize = 32;

/// A folder of sealed files. The key lies outside of the workspace, so that no commit can hold a valid seal.
#[derive(Debug, Clone)]
pub(crate) struct Vault {
    folder: PathBuf,
    key: [u8; 32],
    read_only: bool,
}

impl Vault {
    /// `None` where no key can be kept outside of `workspace`. `named`: the user chose the folder, which
    /// may hold the key too if it is not in the workspace.
    pub(crate) fn open(folder: PathBuf, workspace: &Path, named: bool) -> Option<Self> {
        let outside = |path: &Path| !absolute(path).starts_with(workspace);
        let home = if named && outside(&folder) {
            folder.clone()
        } else {
            user_folder().filter(|home| outside(home))?
        };
        let secret = key(&home)?;
        let key = blake3::keyed_hash(&secret, stamp().as_bytes());
        Some(Self {
            folder,
            key: *key.as_bytes(),
            read_only: false,
        })
    }

    /// The same vault for a run that must not displace what another one keeps there.
    #[must_use]
    pub(crate) fn read_only(self) -> Self {
        Self {
            read_only: true,
            ..self
        }
    }

    /// The content of a file, if its seal is right.
    pub(crate) fn load(&self, name: &str) -> Option<Vec<u8>> {
        let path = self.folder.join(name);
        if !fs::symlink_metadata(&path).ok()?.is_file() {
            return None;
        }
        let mut bytes = fs::read(path).ok()?;
        let (seal, content) = bytes.split_at_checked(SEAL)?;
        let right = self.seal(name, content);
        // Compared as `Hash`es, which takes the same time wherever they differ.
        if right != blake3::Hash::from_bytes(seal.try_into().ok()?) {
            return None;
        }
        bytes.drain(..SEAL);
        Some(bytes)
    }

    /// Seals and keeps a file, whole or not at all; a folder that cannot be written keeps nothing.
    pub(crate) fn store(&self, name: &str, content: &[u8]) {
        if self.read_only {
            return;
        }
        let seal = self.seal(name, content);
        let draft = self.folder.join(format!("{name}.{}", std::process::id()));
        let written = fs::create_dir_all(&self.folder)
            .and_then(|()| fs::File::create(&draft))
            .and_then(|mut file| {
                file.write_all(seal.as_bytes())
                    .and_then(|()| file.write_all(content))
            })
            .and_then(|()| fs::rename(&draft, self.folder.join(name)));
        if written.is_err() {
            // Nothing is lost: the next run reads the sources again.
            let _ = fs::remove_file(&draft);
        }
    }

    fn seal(&self, name: &str, content: &[u8]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(name.as_bytes());
        hasher.update(&[0]);
        hasher.update(content);
        hasher.finalize()
    }
}

/// What a file of another build is told by: its facts may mean something else.
fn stamp() -> String {
    let program = std::env::current_exe().and_then(fs::metadata);
    let program = program.map(|metadata| (metadata.len(), metadata.modified().ok()));
    format!("{} {program:?}", env!("CARGO_PKG_VERSION"))
}

fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // A folder that is not there yet is where its nearest ancestor is.
    let real = path
        .ancestors()
        .find_map(|ancestor| Some((ancestor, ancestor.canonicalize().ok()?)));
    match real {
        Some((ancestor, real)) => path
            .strip_prefix(ancestor)
            .map_or(real.clone(), |rest| real.join(rest)),
        None => path,
    }
}

/// The user's folder for caches.
fn user_folder() -> Option<PathBuf> {
    let folder = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let base = if cfg!(windows) {
        folder("LOCALAPPDATA")?
    } else if let Some(cache) = folder("XDG_CACHE_HOME").filter(|cache| cache.is_absolute()) {
        cache
    } else if cfg!(target_os = "macos") {
        folder("HOME")?.join("Library/Caches")
    } else {
        folder("HOME")?.join(".cache")
    };
    Some(base.join("cargo-constitution"))
}

/// The key in a folder, made there if there is none.
fn key(folder: &Path) -> Option<[u8; 32]> {
    let path = folder.join(KEY);
    if let Some(key) = read_key(&path) {
        return Some(key);
    }
    fs::create_dir_all(folder).ok()?;
    let draft = folder.join(format!("{KEY}.{}", std::process::id()));
    let made = private(&draft).and_then(|mut file| file.write_all(&random()));
    // Of two runs that make one at once, one wins, and both use its.
    let linked =
        made.and_then(|()| fs::hard_link(&draft, &path).or_else(|_| fs::rename(&draft, &path)));
    let _ = fs::remove_file(&draft);
    linked
        .ok()
        .and_then(|()| read_key(&path))
        .or_else(|| read_key(&path))
}

fn read_key(path: &Path) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    fs::File::open(path).ok()?.read_exact(&mut key).ok()?;
    Some(key)
}

#[cfg(unix)]
fn private(path: &Path) -> std::io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
}

#[cfg(not(unix))]
fn private(path: &Path) -> std::io::Result<fs::File> {
    fs::File::create(path)
}

/// Bytes that nobody can guess: the system's, or what the standard library seeds its hash maps with.
fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    let system = fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes));
    if system.is_err() {
        use std::hash::BuildHasher;
        for part in bytes.chunks_exact_mut(8) {
            let state = std::hash::RandomState::new();
            part.copy_from_slice(&state.hash_one(std::time::Instant::now()).to_le_bytes());
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;

    fn vault(folder: &Folder) -> Vault {
        Vault::open(
            folder.path().join("kept"),
            &folder.path().join("workspace"),
            true,
        )
        .expect("it opens")
    }

    #[test]
    fn what_was_stored_is_loaded_and_what_was_touched_is_not() {
        let folder = Folder::new("vault-touched");
        let file = folder.path().join("kept/facts");
        vault(&folder).store("facts", b"content");
        assert_eq!(
            vault(&folder).load("facts").as_deref(),
            Some(&b"content"[..])
        );
        let mut bytes = fs::read(&file).expect("it was written");
        *bytes.last_mut().expect("it has content") ^= 1;
        fs::write(&file, bytes).expect("it can be written");
        assert_eq!(vault(&folder).load("facts"), None);
        fs::write(&file, b"short").expect("it can be written");
        assert_eq!(vault(&folder).load("facts"), None);
    }

    #[test]
    fn a_file_under_another_key_or_name_is_not_believed() {
        let (one, other) = (Folder::new("vault-one"), Folder::new("vault-other"));
        vault(&one).store("facts", b"content");
        vault(&other).store("facts", b"other");
        fs::copy(
            one.path().join("kept/facts"),
            other.path().join("kept/facts"),
        )
        .expect("it can be copied");
        assert_eq!(vault(&other).load("facts"), None);
        fs::copy(
            one.path().join("kept/facts"),
            one.path().join("kept/verdict"),
        )
        .expect("it can be copied");
        assert_eq!(vault(&one).load("verdict"), None);
    }

    #[test]
    fn no_key_is_kept_inside_the_workspace() {
        let folder = Folder::new("vault-inside");
        let inside = folder.path().join("cache");
        let vault = Vault::open(inside.clone(), folder.path(), true);
        assert!(!inside.join(KEY).exists(), "{vault:?}");
    }
}
