//! From text to a whole valid law, or to every mistake in it at once.

mod layers;
mod rules;
mod selectors;
mod structures;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::mistake::{LawError, Mistake, quoted};
use super::reader::{Reader, Table};
use super::{Catalogue, Constitution};
use crate::finding::RuleMeta;
use crate::text::{FileId, Sources, Text};

pub(super) use structures::description;

const BUILT_IN: &str = include_str!("../../rules/webwaka.toml");
const BUILT_IN_NAME: &str = "the built-in WebWaka law";

/// The name of a constitution at a workspace's root.
pub(crate) const FILE_NAME: &str = "constitution.toml";

/// A law of more bytes is none that a person wrote.
const MOST_BYTES: u64 = 1 << 18;

const ABSENT: &str = "there is no such file";

/// Every key at the top of a constitution.
const KEYS: &[&str] = &[
    "extends",
    "strict-layering",
    "layer",
    "confine",
    "assign",
    "structure",
    "engines",
    "rules",
    "generated",
    "exception",
    "expect",
];

/// A constitution as it was read, with what is wrong with it: not a law before [`Draft::enact`].
#[derive(Debug)]
pub(crate) struct Draft {
    /// With every layer that the file names, so that claims can be read against it.
    pub(crate) law: Constitution,
    pub(crate) mistakes: Vec<Mistake>,
    /// Whether layers may be missing because parts of the text could not be read.
    pub(crate) torn: bool,
}

impl Draft {
    /// Reads `file`, else `constitution.toml` at `root`, else the built-in law. A file that cannot be
    /// read at all is a draft of the built-in law with one mistake.
    pub(crate) fn read(
        root: &Path,
        file: Option<&Path>,
        sources: &mut Sources,
        rules: &[&'static RuleMeta],
    ) -> Self {
        let at_root = root.join(FILE_NAME);
        let path = match file {
            Some(file) => std::path::absolute(file).unwrap_or_else(|_| file.to_owned()),
            // A dangling link is there too: it must not quietly lift the law it stands for.
            None if !is_absent(&at_root) => at_root,
            None => return Self::sound(Constitution::built_in(rules)),
        };
        let id = sources.add(&path);
        match read(&path) {
            Ok(text) => Self::parse(&text, id, sources.shown(id), rules),
            Err(why) => Self {
                law: Constitution::built_in(rules),
                mistakes: vec![unreadable(sources.shown(id), &why)],
                torn: true,
            },
        }
    }

    /// Reads the law that `text`, called `name`, writes.
    pub(crate) fn parse(
        text: &Text,
        file: FileId,
        name: &str,
        rules: &[&'static RuleMeta],
    ) -> Self {
        let (mut reader, document) = Reader::new(text, Some(file));
        let root = reader.root(&document);
        let mut law = match reader.choice(&root, "extends", &[("webwaka", true), ("none", false)]) {
            Some(false) => Constitution::blank(),
            _ => Constitution::built_in(rules),
        };
        name.clone_into(&mut law.name);
        text.as_str().clone_into(&mut law.text);
        add(&mut law, &mut reader, &root, rules);
        if root.is_empty() {
            let help =
                "without this file the built-in law applies; `extends = \"webwaka\"` says so";
            reader.absence(0..0, "the constitution is empty", "here", Some(help.into()));
        } else if law.layers.is_empty() {
            let help = "write a `[[layer]]`, or extend \"webwaka\"";
            let range = root.names().find(|(key, _)| *key == "extends");
            let range = range.map_or(0..0, |(_, range)| range);
            let message = "the constitution has no layer, so it forbids nothing";
            reader.absence(range, message, "starts from nothing", Some(help.into()));
        }
        Self {
            law,
            torn: reader.is_torn(),
            mistakes: reader.into_mistakes(),
        }
    }

    /// The law, unless it or any claim on it (`claims`) is mistaken.
    pub(crate) fn enact(
        self,
        claims: Vec<Mistake>,
        sources: &Sources,
    ) -> Result<Constitution, LawError> {
        let mut mistakes = self.mistakes;
        mistakes.extend(claims);
        if mistakes.is_empty() {
            Ok(self.law)
        } else {
            Err(LawError::new(mistakes, sources))
        }
    }

    fn sound(law: Constitution) -> Self {
        Self {
            law,
            mistakes: Vec::new(),
            torn: false,
        }
    }
}

impl Constitution {
    /// The `[[structure]]` tables of the file at `path`, which may be a whole constitution and need not be:
    /// with `extends = "webwaka"` they add to the built-in registry, otherwise they are all there is.
    pub(crate) fn registry(
        path: &Path,
        sources: &mut Sources,
    ) -> Result<Vec<super::Structure>, LawError> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let id = sources.add(&path);
        let text = match read(&path) {
            Ok(text) => text,
            Err(why) => {
                let mut mistake = unreadable(sources.shown(id), &why);
                mistake.help = None;
                return Err(LawError::new(vec![mistake], sources));
            }
        };
        let (mut reader, document) = Reader::new(&text, Some(id));
        let root = reader.root(&document);
        let extends = reader.choice(&root, "extends", &[("webwaka", true), ("none", false)]);
        let mut law = match extends {
            Some(true) => Self::built_in(&[]),
            _ => Self::blank(),
        };
        reader.keys(&root, KEYS);
        structures::add(&mut law, &mut reader, &root);
        match reader.into_mistakes() {
            mistakes if mistakes.is_empty() => Ok(law.structures),
            mistakes => Err(LawError::new(mistakes, sources)),
        }
    }

    /// The law of a workspace without a constitution.
    pub(crate) fn built_in(rules: &[&'static RuleMeta]) -> Self {
        let mut law = Self::blank();
        let text = Text::new(BUILT_IN.to_owned());
        let (mut reader, document) = Reader::new(&text, None);
        let root = reader.root(&document);
        add(&mut law, &mut reader, &root, rules);
        debug_assert!(reader.into_mistakes().is_empty());
        law.own_layers = false;
        law.extends = true;
        law
    }

    /// No layer, no name, no registry; the catalogue stays.
    fn blank() -> Self {
        Self {
            name: BUILT_IN_NAME.to_owned(),
            text: String::new(),
            extends: false,
            own_layers: true,
            strict_layering: false,
            layers: Vec::new(),
            assigns: Vec::new(),
            confines: Vec::new(),
            structures: Vec::new(),
            catalogue: Catalogue::built_in(),
            rules: std::collections::BTreeMap::new(),
            generated: Vec::new(),
            exceptions: Vec::new(),
        }
    }
}

/// Adds to `law` what a text says.
fn add(
    law: &mut Constitution,
    reader: &mut Reader<'_>,
    root: &Table<'_>,
    rules: &[&'static RuleMeta],
) {
    reader.keys(root, KEYS);
    if let Some(strict) = reader.flag(root, "strict-layering") {
        law.strict_layering = strict;
    }
    law.own_layers |= root.has("layer");
    // First, for what a layer `allows` is a word of the catalogue.
    rules::add_engines(law, reader, root);
    layers::add(law, reader, root);
    selectors::add_assigns(law, reader, root);
    selectors::add_confines(law, reader, root);
    selectors::add_generated(law, reader, root);
    structures::add(law, reader, root);
    rules::add(law, reader, root, rules);
    // An exception is a signed record of its own; what stands here is judged as one that nobody signed.
    let asked = reader.tables(root, "exception");
    let places = asked.iter().filter_map(|table| reader.place(table.range()));
    law.exceptions.extend(places);
    // Their contents are read where expectations are judged.
    reader.tables(root, "expect");
}

fn is_absent(path: &Path) -> bool {
    fs::symlink_metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// The text of a constitution, or what stands in the way.
fn read(path: &Path) -> Result<Text, String> {
    let told = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => ABSENT.to_owned(),
        io::ErrorKind::PermissionDenied => "it may not be read".to_owned(),
        _ => error.to_string(),
    };
    // Asked first, for opening a pipe would wait for ever.
    if !fs::metadata(path).map_err(told)?.is_file() {
        return Err("it is not a file".to_owned());
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(told)?;
    let most = MOST_BYTES + 1;
    file.take(most).read_to_end(&mut bytes).map_err(told)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("it has more than {MOST_BYTES} bytes"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Text::new(text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let before = String::from_utf8_lossy(&error.as_bytes()[..at]).into_owned();
            let position = Text::new(before).position(at);
            Err(format!("it is not UTF-8 from {position} on"))
        }
    }
}

fn unreadable(name: &str, why: &str) -> Mistake {
    Mistake {
        place: None,
        message: format!("cannot read the constitution {}: {why}", quoted(name)),
        label: String::new(),
        help: (why == ABSENT).then(|| "`cargo constitution init` writes a first one".to_owned()),
    }
}

#[cfg(test)]
mod tests;
