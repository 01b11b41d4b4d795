//! The catalogue of infrastructure: which packages, items and literals belong to an engine.

mod built_in;
mod items;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::LazyLock;

use items::Items;

/// Most names are slices of the compiled-in text; a constitution's own are owned.
type Name = Cow<'static, str>;

/// A kind of infrastructure, such as `database`.
#[derive(Debug, Clone)]
pub(crate) struct Category {
    /// Kebab-case; what `allows` and `[engines.…]` call it.
    pub(crate) name: Name,
    /// "a database engine"
    pub(crate) what: Name,
    /// "a repository port": what capability code declares instead.
    pub(crate) port: Name,
}

/// What a name or literal was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Engine<'a> {
    pub(crate) category: &'a str,
    /// The catalogue's entry: a package, a package pattern, an item's path, or a literal.
    pub(crate) matched: &'a str,
    /// The category's words for it: "a database engine".
    pub(crate) what: &'a str,
    /// The port to declare instead: "a repository port".
    pub(crate) port: &'a str,
}

/// An entry of one catalogue that another has lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Lost<'a> {
    pub(crate) entry: &'a str,
    pub(crate) category: &'a str,
    /// Its category in the other, if it is there.
    pub(crate) now: Option<&'a str>,
}

/// Where an entry comes from and what it says. Categories are named by index.
#[derive(Debug, Clone, Copy)]
struct Entry {
    category: usize,
    facade: bool,
    /// Whether the constitution wrote it: only such entries speak of packages of the workspace, where a
    /// member may share a well-known package's name.
    own: bool,
}

/// The built-in catalogue with what a constitution adds. Hash maps are only ever asked, never walked
/// on the way to output.
#[derive(Debug, Clone, Default)]
pub(crate) struct Catalogue {
    categories: Vec<Category>,
    packages: HashMap<Name, Entry>,
    /// Package names with a `*`, the longest first.
    patterns: Vec<(Name, Entry)>,
    items: Items,
    /// By the first byte in lower case; the longest first.
    literals: HashMap<u8, Vec<(Name, usize)>>,
    crate_names: HashMap<&'static str, &'static str>,
}

static BUILT_IN: LazyLock<Catalogue> = LazyLock::new(built_in::read);

impl Catalogue {
    /// The catalogue that comes with the program.
    pub(crate) fn built_in() -> Self {
        BUILT_IN.clone()
    }

    /// Adds what a constitution's `[engines.<category>]` lists; of equal entries its own counts.
    /// A category that is not known yet becomes one. Empty entries say nothing and are passed over.
    pub(crate) fn extend(
        &mut self,
        category: &str,
        packages: &[String],
        paths: &[String],
        literals: &[String],
    ) {
        let category = self.category_index(category);
        for package in packages {
            let entry = Entry {
                category,
                facade: false,
                own: true,
            };
            self.add_package(Cow::Owned(package.clone()), entry);
        }
        for path in paths {
            self.items
                .insert(Cow::Owned(items::normal(path)), Some(category), true);
        }
        for literal in literals {
            self.add_literal(Cow::Owned(literal.clone()), category);
        }
    }

    /// The engine that a package from outside the workspace is as a whole, by the package's name.
    pub(crate) fn engine_package(&self, package: &str) -> Option<Engine<'_>> {
        let (matched, entry) = self.package_entry(package, false)?;
        Some(self.engine(matched, entry.category))
    }

    /// The same for a package of the workspace: only the constitution's own entries speak of those.
    pub(crate) fn engine_member(&self, package: &str) -> Option<Engine<'_>> {
        let (matched, entry) = self.package_entry(package, true)?;
        Some(self.engine(matched, entry.category))
    }

    /// Whether the package counts only where a package of the workspace names it itself.
    pub(crate) fn is_facade(&self, package: &str) -> bool {
        self.package_entry(package, false)
            .is_some_and(|(_, entry)| entry.facade)
    }

    /// What source calls the package's library.
    pub(crate) fn crate_name_of(&self, package: &str) -> String {
        match self.crate_names.get(package) {
            Some(name) => (*name).to_owned(),
            None => package.replace('-', "_"),
        }
    }

    /// The engine that an item from outside the workspace belongs to. `package` is `None` for the standard
    /// library. The path begins with the library's own name, or `std`; a macro's name ends in `!`.
    pub(crate) fn classify(
        &self,
        package: Option<&str>,
        path: &[impl AsRef<str>],
    ) -> Option<Engine<'_>> {
        match self.items.longest(path, false) {
            Some(mark) => Some(self.engine(&mark.path, mark.category?)),
            None => self.engine_package(package?),
        }
    }

    /// The engine that an item of a workspace package belongs to by the constitution's own `paths`.
    pub(crate) fn classify_member(&self, path: &[impl AsRef<str>]) -> Option<Engine<'_>> {
        let mark = self.items.longest(path, true)?;
        Some(self.engine(&mark.path, mark.category?))
    }

    /// The engine that a string names by how it begins, such as a connection URL.
    pub(crate) fn literal(&self, text: &str) -> Option<Engine<'_>> {
        let text = text.trim_start().as_bytes();
        let candidates = self.literals.get(&text.first()?.to_ascii_lowercase())?;
        let (literal, category) = candidates.iter().find(|(literal, _)| {
            text.get(..literal.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(literal.as_bytes()))
        })?;
        Some(self.engine(literal, *category))
    }

    /// What this catalogue knows and `later` does not, or holds for another kind of infrastructure: each
    /// entry with its category here and there, in the order of their names.
    pub(crate) fn lost_in<'a>(&'a self, later: &'a Self) -> Vec<Lost<'a>> {
        let mut lost = Vec::new();
        let mut note = |entry: &'a str, category: usize, now: Option<&'a str>| {
            let category = &*self.categories[category].name;
            if now != Some(category) {
                lost.push(Lost {
                    entry,
                    category,
                    now,
                });
            }
        };
        let patterns = self.patterns.iter().map(|(name, entry)| (name, entry));
        for (name, entry) in self.packages.iter().chain(patterns) {
            let same = |(known, _): &&(Name, Entry)| known == name;
            let pattern = || Some(&later.patterns.iter().find(same)?.1);
            let now = later.packages.get(name).or_else(pattern);
            let now = now.filter(|now| now.own || !entry.own);
            let now = now.map(|now| &*later.categories[now.category].name);
            note(name, entry.category, now);
        }
        for mark in self.items.marks() {
            if let Some(category) = mark.category {
                let now = later.items.mark(&mark.path).and_then(|now| now.category);
                note(
                    &mark.path,
                    category,
                    now.map(|now| &*later.categories[now].name),
                );
            }
        }
        for (literal, category) in self.literals.values().flatten() {
            let now = later.literal(literal).map(|engine| engine.category);
            note(literal, *category, now);
        }
        lost.sort();
        lost
    }

    /// Every category, the built-in ones first, in the order in which they were added.
    pub(crate) fn categories(&self) -> impl Iterator<Item = &Category> {
        self.categories.iter()
    }

    /// Whether a word of a layer's `allows` covers the engine: its category, the package that was
    /// reached, the catalogue's entry for it, or, for items, anything above them (`tokio`, `std::fs`).
    pub(crate) fn names(&self, word: &str, engine: &Engine<'_>, package: Option<&str>) -> bool {
        word == engine.category
            || package.is_some_and(|package| wildcard(word, package))
            || word == engine.matched
            || engine
                .matched
                .strip_prefix(&self.item_word(word))
                .is_some_and(|rest| rest.starts_with("::"))
    }

    /// Whether a word of `allows` can cover anything at all.
    pub(crate) fn is_known_word(&self, word: &str) -> bool {
        self.categories.iter().any(|known| known.name == word)
            || self.engine_package(word).is_some()
            || self.items.leads_to_engine(&self.item_word(word))
            || (word.contains('*') && self.packages.keys().any(|known| wildcard(word, known)))
    }

    /// A word of `allows` as the beginning of an item's path: `async-std` is `async_std` there.
    fn item_word(&self, word: &str) -> String {
        if word.contains("::") {
            items::normal(word)
        } else {
            self.crate_name_of(word)
        }
    }

    fn engine<'a>(&'a self, matched: &'a str, category: usize) -> Engine<'a> {
        let category = &self.categories[category];
        Engine {
            category: &category.name,
            matched,
            what: &category.what,
            port: &category.port,
        }
    }

    /// An exact name beats a pattern; with `own`, only what the constitution wrote.
    fn package_entry(&self, package: &str, own: bool) -> Option<(&str, Entry)> {
        let counts = |entry: &Entry| entry.own || !own;
        let exact = self.packages.get_key_value(package);
        let (name, entry) = exact.filter(|(_, entry)| counts(entry)).or_else(|| {
            let fits =
                |(pattern, entry): &&(Name, Entry)| counts(entry) && wildcard(pattern, package);
            self.patterns
                .iter()
                .find(fits)
                .map(|(pattern, entry)| (pattern, entry))
        })?;
        Some((name, *entry))
    }

    fn category_index(&mut self, name: &str) -> usize {
        let known = self.categories.iter().position(|known| known.name == name);
        known.unwrap_or_else(|| {
            self.categories.push(Category {
                name: Cow::Owned(name.to_owned()),
                what: Cow::Owned(format!("infrastructure of the category `{name}`")),
                port: Cow::Borrowed("a port of its own"),
            });
            self.categories.len() - 1
        })
    }

    fn add_package(&mut self, name: Name, entry: Entry) {
        if name.contains('*') {
            // Before its equals: the later word is the constitution's.
            let at = self
                .patterns
                .partition_point(|(known, _)| known.len() > name.len());
            self.patterns.insert(at, (name, entry));
        } else {
            self.packages.insert(name, entry);
        }
    }

    fn add_literal(&mut self, literal: Name, category: usize) {
        let Some(first) = literal.as_bytes().first() else {
            return;
        };
        let list = self.literals.entry(first.to_ascii_lowercase()).or_default();
        list.insert(0, (literal, category));
        list.sort_by_key(|(literal, _)| Reverse(literal.len()));
    }
}

/// Whether the package's name fits the pattern, in which each `*` stands for any text.
fn wildcard(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut name) = name.strip_prefix(start) else {
        return false;
    };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    // The first place where a piece fits leaves the most room for those after it.
    for piece in middle.split('*') {
        match name.find(piece) {
            Some(at) => name = &name[at + piece.len()..],
            None => return false,
        }
    }
    name.ends_with(end)
}
