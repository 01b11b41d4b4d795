//! The files under `.constitution/`, as bytes: small, ordinary, and never through a link.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

/// The folder of the records, at the workspace's root.
pub(crate) const FOLDER: &str = ".constitution";

/// Of one file. The ledger is the longest record, and ten thousand entries of it stay below.
const MOST_BYTES: u64 = 8 << 20;
const MOST_FILES: usize = 20_000;
/// `freezes/<id>/plan.toml.sig`
const DEEPEST: usize = 3;

/// Files by their paths from [`FOLDER`], with `/`.
#[derive(Debug, Default)]
pub(crate) struct Store {
    files: BTreeMap<String, Vec<u8>>,
    /// What is there and cannot be taken for a record, and why.
    pub(crate) unreadable: BTreeMap<String, String>,
}

impl Store {
    /// What lies below the workspace at `root` now.
    pub(crate) fn read(root: &Path) -> Self {
        let mut store = Self::default();
        let folder = root.join(FOLDER);
        match fs::symlink_metadata(&folder) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => {
                let why = "it is to be a folder, and no link to one";
                store.unreadable.insert(String::new(), why.to_owned());
                return store;
            }
            Err(_) => return store,
        }
        let walk = walkdir::WalkDir::new(&folder)
            .min_depth(1)
            .max_depth(DEEPEST)
            .sort_by_file_name();
        for entry in walk {
            if store.files.len() + store.unreadable.len() >= MOST_FILES {
                let why = format!("it holds more than {MOST_FILES} files");
                store.unreadable.insert(String::new(), why);
                break;
            }
            store.take(entry, &folder);
        }
        store
    }

    fn take(&mut self, entry: walkdir::Result<walkdir::DirEntry>, folder: &Path) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(folder);
                let name = crate::text::relative(folder, path);
                self.unreadable
                    .insert(name, "it may not be read".to_owned());
                return;
            }
        };
        let kind = entry.file_type();
        let name = crate::text::relative(folder, entry.path());
        if kind.is_dir() && entry.depth() < DEEPEST {
            return;
        }
        let read = if kind.is_dir() {
            Err("a folder lies too deep to hold records".to_owned())
        } else if !kind.is_file() {
            Err("a record is an ordinary file, and no link to one".to_owned())
        } else {
            bytes(entry.path())
        };
        match read {
            Ok(bytes) => drop(self.files.insert(name, bytes)),
            Err(why) => drop(self.unreadable.insert(name, why)),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Vec::as_slice)
    }

    /// Names and bytes of all that lies below `folder`, which ends in `/`.
    pub(crate) fn below<'s>(
        &'s self,
        folder: &'s str,
    ) -> impl Iterator<Item = (&'s str, &'s [u8])> {
        let from = self.files.range(folder.to_owned()..);
        from.map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
            .take_while(move |(name, _)| name.starts_with(folder))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes));
    match read {
        Err(_) => Err("it may not be read".to_owned()),
        Ok(_) if bytes.len() as u64 > MOST_BYTES => {
            Err(format!("it has more than {MOST_BYTES} bytes"))
        }
        Ok(_) => Ok(bytes),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::testing::Folder;

    #[test]
    fn links_are_told_and_not_followed() {
        let folder = Folder::new("store-links");
        folder.file(".constitution/exceptions/a.toml", "a");
        let outside = folder.file("outside", "secret");
        let link = folder.path().join(".constitution/allowed_signers");
        std::os::unix::fs::symlink(&outside, link).expect("links can be made");
        let store = Store::read(folder.path());
        assert_eq!(store.get("exceptions/a.toml"), Some(&b"a"[..]));
        assert_eq!(store.get("allowed_signers"), None);
        assert!(store.unreadable.contains_key("allowed_signers"));

        let other = Folder::new("store-linked-folder");
        let real = folder.path().join(".constitution");
        let link = other.path().join(".constitution");
        std::os::unix::fs::symlink(real, link).expect("links can be made");
        let store = Store::read(other.path());
        assert_eq!(store.names().count(), 0);
        assert!(store.unreadable.contains_key(""));
    }
}
