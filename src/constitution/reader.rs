//! Reads the tables of one TOML text, and keeps every mistake with its place.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::glob::{Glob, GlobKind};
use super::mistake::{ENOUGH, Mistake, listed, meant, quoted};
use super::{Constitution, LayerId, Selector};
use crate::text::{FileId, Place, Text};

/// One table of the text, with the name that messages give it.
#[derive(Clone)]
pub(super) struct Table<'a> {
    /// Between backquotes: `` `[[layer]]` ``.
    pub(super) name: String,
    entries: &'a DeTable<'a>,
    range: Range<usize>,
}

/// A string of the text and the range of its value, quotes included.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) range: Range<usize>,
}

/// What is read from one text, and what is wrong with it.
pub(super) struct Reader<'t> {
    text: &'t Text,
    /// `None`: the built-in law, which has no places.
    file: Option<FileId>,
    mistakes: Vec<Mistake>,
    /// Lines that are no TOML: what was made of them is not judged.
    broken: BTreeSet<u32>,
    /// Whether a part of the text may be lost, so that nothing can be said to be missing.
    torn: bool,
}

impl<'t> Reader<'t> {
    /// Parses `text` as far as it goes.
    pub(super) fn new(text: &'t Text, file: Option<FileId>) -> (Self, Spanned<DeTable<'t>>) {
        let mut reader = Self {
            text,
            file,
            mistakes: Vec::new(),
            broken: BTreeSet::new(),
            torn: false,
        };
        let (document, errors) = DeTable::parse_recoverable(text.as_str());
        for error in errors.into_iter().take(ENOUGH + 1) {
            let end = text.as_str().len();
            let range = error.span().unwrap_or(end..end);
            if error.message() == "duplicate key" {
                let key = quoted(&text.as_str()[range.clone()]);
                reader.mistake(
                    range,
                    format!("{key} is written twice"),
                    "a second time",
                    None,
                );
            } else {
                reader.torn = true;
                let line = text.position(range.start).line();
                reader.mistake(range, error.message().to_owned(), "not TOML", None);
                reader.broken.insert(line);
            }
        }
        (reader, document)
    }

    /// The whole of a parsed text.
    pub(super) fn root<'a>(&self, document: &'a Spanned<DeTable<'a>>) -> Table<'a> {
        Table {
            name: "a constitution".to_owned(),
            entries: document.get_ref(),
            range: 0..0,
        }
    }

    pub(super) fn into_mistakes(self) -> Vec<Mistake> {
        self.mistakes
    }

    pub(super) fn has_mistakes(&self) -> bool {
        !self.mistakes.is_empty()
    }

    /// Whether parts of the text may be lost.
    pub(super) fn is_torn(&self) -> bool {
        self.torn
    }

    pub(super) fn place(&self, range: Range<usize>) -> Option<Place> {
        let span = self.text.span(range);
        self.file.map(|file| Place { file, span })
    }

    pub(super) fn mistake(
        &mut self,
        range: Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
        help: Option<String>,
    ) {
        // Every place costs a walk along its line, and a hostile line is long.
        if self.mistakes.len() > ENOUGH {
            return;
        }
        let place = self.place(range.clone());
        if self
            .broken
            .contains(&self.text.position(range.start).line())
        {
            return;
        }
        self.mistakes.push(Mistake {
            place,
            message: message.into(),
            label: label.into(),
            help,
        });
    }

    /// A mistake that only a text read to its end can show.
    pub(super) fn absence(
        &mut self,
        range: Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
        help: Option<String>,
    ) {
        if !self.torn {
            self.mistake(range, message, label, help);
        }
    }

    /// Reports `word` as none of the `known` ones.
    pub(super) fn unknown(&mut self, range: Range<usize>, what: &str, word: &str, known: &[&str]) {
        // What was meant is not worth asking any more.
        if self.mistakes.len() > ENOUGH {
            return;
        }
        let label = match meant(word, known) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "not known".to_owned(),
        };
        let help = match known {
            [] => format!("no {what} is known here"),
            _ => format!("known: {}", listed(known)),
        };
        let message = format!("unknown {what} {}", quoted(word));
        self.mistake(range, message, label, Some(help));
    }

    /// Reports every key that is none of the `known` ones.
    pub(super) fn keys(&mut self, table: &Table<'_>, known: &[&str]) {
        for (key, _) in table.entries.iter() {
            if !known.contains(&key.get_ref().as_ref()) {
                let what = format!("key of {}:", table.name);
                self.unknown(key.span(), &what, key.get_ref(), known);
            }
        }
    }

    fn kind(&mut self, table: &Table<'_>, key: &str, value: &Spanned<DeValue<'_>>, expected: &str) {
        let found = match value.get_ref().type_str() {
            kind @ ("integer" | "array") => format!("an {kind}"),
            kind => format!("a {kind}"),
        };
        let message = format!("`{key}` of {} takes {expected}", table.name);
        self.mistake(value.span(), message, format!("this is {found}"), None);
    }

    /// `[[key]]`; nothing where it is absent.
    pub(super) fn tables<'a>(&mut self, table: &Table<'a>, key: &str) -> Vec<Table<'a>> {
        let Some(value) = table.entries.get(key) else {
            return Vec::new();
        };
        let name = format!("`[[{key}]]`");
        let Some(array) = value.get_ref().as_array() else {
            self.kind(table, key, value, &format!("tables written {name}"));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for element in array.iter() {
            match element.get_ref().as_table() {
                Some(entries) => tables.push(Table {
                    name: name.clone(),
                    entries,
                    range: element.span(),
                }),
                None => self.kind(table, key, element, &format!("tables written {name}")),
            }
        }
        tables
    }

    /// `[key]`
    pub(super) fn table<'a>(&mut self, table: &Table<'a>, key: &str) -> Option<Table<'a>> {
        let value = table.entries.get(key)?;
        let Some(entries) = value.get_ref().as_table() else {
            self.kind(table, key, value, "a table");
            return None;
        };
        let name = match table.outer() {
            Some(outer) => format!("`[{outer}.{key}]`"),
            None => format!("`[{key}]`"),
        };
        let range = value.span();
        Some(Table {
            name,
            entries,
            range,
        })
    }

    pub(super) fn flag(&mut self, table: &Table<'_>, key: &str) -> Option<bool> {
        let value = table.entries.get(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.kind(table, key, value, "`true` or `false`");
        }
        flag
    }

    /// A whole number from 0 to `most`.
    pub(super) fn number(&mut self, table: &Table<'_>, key: &str, most: u8) -> Option<u8> {
        let value = table.entries.get(key)?;
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|n| u8::from_str_radix(n.as_str(), n.radix()).ok())
            .filter(|number| *number <= most);
        if number.is_none() {
            let message = format!("`{key}` of {} takes a number from 0 to {most}", table.name);
            self.mistake(value.span(), message, "out of this range", None);
        }
        number
    }

    /// A string that is not empty.
    pub(super) fn word(&mut self, table: &Table<'_>, key: &str) -> Option<Word> {
        let value = table.entries.get(key)?;
        self.string(table, key, value, "a string")
    }

    fn string(
        &mut self,
        table: &Table<'_>,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        expected: &str,
    ) -> Option<Word> {
        let Some(text) = value.get_ref().as_str() else {
            self.kind(table, key, value, expected);
            return None;
        };
        if text.trim().is_empty() {
            let message = format!("`{key}` of {} says nothing", table.name);
            self.mistake(value.span(), message, "empty", None);
            return None;
        }
        Some(Word {
            text: text.to_owned(),
            range: value.span(),
        })
    }

    /// An array of strings that are not empty.
    pub(super) fn words(&mut self, table: &Table<'_>, key: &str) -> Option<Vec<Word>> {
        let value = table.entries.get(key)?;
        let Some(array) = value.get_ref().as_array() else {
            self.kind(table, key, value, "an array of strings");
            return None;
        };
        let words = array
            .iter()
            .filter_map(|element| self.string(table, key, element, "an array of strings"))
            .collect();
        Some(words)
    }

    /// The texts of [`Self::words`].
    pub(super) fn texts(&mut self, table: &Table<'_>, key: &str) -> Option<Vec<String>> {
        let words = self.words(table, key)?;
        Some(words.into_iter().map(|word| word.text).collect())
    }

    /// One of the `known` words, as what it stands for.
    pub(super) fn choice<T: Copy>(
        &mut self,
        table: &Table<'_>,
        key: &str,
        known: &[(&str, T)],
    ) -> Option<T> {
        let word = self.word(table, key)?;
        let found = known.iter().find(|(name, _)| *name == word.text);
        if found.is_none() {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            let what = match key {
                "plane" | "state" | "level" => key.to_owned(),
                _ => format!("value of `{key}`:"),
            };
            self.unknown(word.range, &what, &word.text, &names);
        }
        found.map(|(_, value)| *value)
    }

    /// A layer of `law`, by its name.
    pub(super) fn layer(&mut self, law: &Constitution, word: &Word) -> Option<LayerId> {
        let id = law.layer_named(&word.text);
        // In a torn text the layer may be among what was lost.
        if id.is_none() && !self.torn {
            let names: Vec<&str> = law.layers.iter().map(|layer| layer.name.as_str()).collect();
            self.unknown(word.range.clone(), "layer", &word.text, &names);
        }
        id
    }

    /// An array of globs; those that cannot be read are mistakes.
    pub(super) fn globs(
        &mut self,
        table: &Table<'_>,
        key: &str,
        kind: GlobKind,
    ) -> Option<Vec<Selector>> {
        let words = self.words(table, key)?;
        let globs = words.into_iter().filter_map(|word| {
            let place = self.place(word.range.clone());
            match Glob::new(&word.text, kind) {
                Ok(glob) => Some(Selector { glob, place }),
                Err(error) => {
                    let message = format!("{} is no glob of `{key}`", quoted(&word.text));
                    let range = self.within(&word, error.range);
                    self.mistake(range, message, error.message, None);
                    None
                }
            }
        });
        Some(globs.collect())
    }

    /// Reports that `table` lacks `key`.
    pub(super) fn missing(&mut self, table: &Table<'_>, key: &str, what: &str) {
        let message = format!("{} has no `{key}`", table.name);
        let help = format!("`{key}` {what}");
        self.absence(table.range(), message, "here", Some(help));
    }

    /// Bytes of a word's value as bytes of the text; all of the word where escapes stand between.
    fn within(&self, word: &Word, inner: Range<usize>) -> Range<usize> {
        let written = &self.text.as_str()[word.range.clone()];
        match written.find(&word.text) {
            Some(at) => {
                let start = word.range.start + at;
                start + inner.start..start + inner.end
            }
            None => word.range.clone(),
        }
    }
}

impl<'a> Table<'a> {
    /// Of a table within a larger text, such as a manifest.
    pub(super) fn named(name: &str, value: &'a Spanned<DeValue<'a>>) -> Option<Self> {
        Some(Self {
            name: name.to_owned(),
            entries: value.get_ref().as_table()?,
            range: value.span(),
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// The range of `key`'s value.
    pub(super) fn value(&self, key: &str) -> Option<Range<usize>> {
        Some(self.entries.get(key)?.span())
    }

    /// The range of `key`'s value, if it is an empty array.
    pub(super) fn empty_array(&self, key: &str) -> Option<Range<usize>> {
        let value = self.entries.get(key)?;
        let empty = value.get_ref().as_array()?.is_empty();
        empty.then(|| value.span())
    }

    /// The table's header, or the whole of an inline one.
    pub(super) fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// Keys with their ranges, in the order of their names.
    pub(super) fn names(&self) -> impl Iterator<Item = (&'a str, Range<usize>)> {
        self.entries
            .iter()
            .map(|(key, _)| (key.get_ref().as_ref(), key.span()))
    }

    /// The header's inner part, of a `[table]`.
    fn outer(&self) -> Option<&str> {
        self.name.strip_prefix("`[")?.strip_suffix("]`")
    }
}
