//! Who may sign, as a change would have it: whoever it lets in could give leave for anything.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::facts::Facts;
use crate::freeze::{signers, store};
use crate::text::{Place, Text};

/// The lines of the file of signers that were not there in the workspace of then, at `root`, each with its
/// place. Where there was no such file, nobody could sign, and whoever is first is appointed by it.
pub(super) fn added(now: &mut Facts, root: &Path) -> Vec<(Place, String)> {
    let path = |root: &Path| root.join(store::FOLDER).join(signers::FILE);
    let Ok(then) = fs::read(path(root)) else {
        return Vec::new();
    };
    let then = String::from_utf8_lossy(&then).into_owned();
    let known: BTreeSet<&str> = then.lines().map(str::trim).collect();
    let path = path(now.sources.root());
    let Ok(text) = fs::read(&path) else {
        return Vec::new();
    };
    let file = now.sources.add(&path);
    let text = Text::new(String::from_utf8_lossy(&text).into_owned());
    let mut start = 0;
    let mut added = Vec::new();
    for whole in text.as_str().split_inclusive('\n') {
        let line = whole.trim();
        if !line.is_empty() && !line.starts_with('#') && !known.contains(line) {
            let span = text.span(start..start + whole.trim_end().len());
            added.push((Place { file, span }, line.to_owned()));
        }
        start += whole.len();
    }
    added
}
