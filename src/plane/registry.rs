//! The registry of runtime structures: what each is, and how far it is allowed to be.

use std::collections::BTreeSet;

use serde::Serialize;

use super::programme::{ISSUES, PROGRAMME};
use crate::constitution::{MODES, State, Structure};

/// Structures by which issues and tracker are judged, in the order of the law.
#[derive(Debug)]
pub(crate) struct Registry {
    pub(crate) entries: Vec<Entry>,
}

/// One structure, with everything that the law leaves unsaid filled in.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) code: String,
    /// Such as `v0.1.0`; empty where the id has none.
    pub(crate) version: String,
    pub(crate) name: String,
    pub(crate) role: String,
    #[serde(serialize_with = "by_name")]
    pub(crate) state: State,
    pub(crate) phase: u8,
    pub(crate) modes: Vec<String>,
    /// The behaviour in each of the two modes.
    pub(crate) multi_tenant: String,
    pub(crate) dedicated: String,
}

/// A registry that no issue tree can be made of.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub(crate) enum RegistryError {
    #[error("the registry has no structure")]
    #[diagnostic(help("write `[[structure]]` tables with an `id` and a `role`"))]
    Empty,
    #[error("the registry has no structure `{0}`")]
    #[diagnostic(help("`cargo constitution registry list` names all that there are"))]
    Unknown(String),
    #[error("the registry has the structure `{0}` twice")]
    #[diagnostic(help(
        "each has one issue tree and one row of the tracker: delete one of the two"
    ))]
    Twice(String),
    #[error("`{0}` is no structure id: titles and labels of issues are made of it")]
    #[diagnostic(help(
        "an id is `<CODE>-v<MAJOR.MINOR.PATCH>` of capitals, digits, `-`, `_` and `.`, such as \
         `RUNTIME-ADAPTER-DATABASE-v0.1.0`"
    ))]
    NoId(String),
}

fn by_name<S: serde::Serializer>(state: &State, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(state.name())
}

impl Registry {
    /// # Errors
    /// If there is none, or an id can stand in no title.
    pub(crate) fn new(structures: &[Structure]) -> Result<Self, RegistryError> {
        if structures.is_empty() {
            return Err(RegistryError::Empty);
        }
        let mut met = BTreeSet::new();
        if let Some(twice) = structures.iter().find(|it| !met.insert(&it.id)) {
            return Err(RegistryError::Twice(twice.id.clone()));
        }
        let entries = structures.iter().map(Entry::new).collect::<Result<_, _>>();
        Ok(Self { entries: entries? })
    }

    /// Only the structure of this id or code.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) fn only(mut self, name: &str) -> Result<Self, RegistryError> {
        self.entries.retain(|it| it.id == name || it.code == name);
        if self.entries.is_empty() {
            return Err(RegistryError::Unknown(name.to_owned()));
        }
        Ok(self)
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Entry> {
        let mut entries = self.entries.iter();
        entries.find(|it| it.id == name || it.code == name)
    }

    /// How many issues the whole tree has.
    pub(crate) fn issues(&self) -> usize {
        self.entries.len() * ISSUES
    }

    pub(crate) fn in_state(&self, state: State) -> usize {
        self.entries.iter().filter(|it| it.state == state).count()
    }

    /// Codes of Section II that this registry lacks.
    pub(crate) fn missing_canonical(&self) -> Vec<&'static str> {
        let all = PROGRAMME.structure.iter().map(|known| known.code.as_str());
        all.filter(|code| self.find(code).is_none()).collect()
    }
}

impl Entry {
    fn new(structure: &Structure) -> Result<Self, RegistryError> {
        let code = structure.code();
        let version = structure.id[code.len()..].trim_start_matches('-');
        if version.is_empty() || !is_id(&structure.id) {
            return Err(RegistryError::NoId(structure.id.clone()));
        }
        let known = PROGRAMME.structure.iter().find(|known| known.code == code);
        let (multi_tenant, dedicated) = known.map_or((None, None), |known| {
            (known.multi_tenant.clone(), known.dedicated.clone())
        });
        let named = structure.name.as_deref().map(one_line);
        let name = named.or(known.map(|known| known.name.clone()));
        Ok(Self {
            id: structure.id.clone(),
            code: code.to_owned(),
            version: version.to_owned(),
            name: name.unwrap_or_else(|| name_of(code)),
            role: structure.role.as_deref().map(one_line).unwrap_or_default(),
            state: structure.state.unwrap_or(State::Dormant),
            phase: structure.phase.unwrap_or(0),
            // Section VI demands both of every structure.
            modes: structure.modes.clone().unwrap_or_else(both),
            multi_tenant: multi_tenant.unwrap_or_else(|| PROGRAMME.modes.multi_tenant.clone()),
            dedicated: dedicated.unwrap_or_else(|| PROGRAMME.modes.dedicated.clone()),
        })
    }

    pub(crate) fn supports(&self, mode: &str) -> bool {
        self.modes.iter().any(|it| it == mode)
    }
}

fn both() -> Vec<String> {
    MODES.map(str::to_owned).to_vec()
}

/// Whether `text` can stand between the brackets of a title.
pub(super) fn is_id(text: &str) -> bool {
    let lawful = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b"-_.v".contains(&b);
    !text.is_empty() && text.bytes().all(lawful)
}

/// On one line, so that it fits a title, a table's cell and a script.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// `RUNTIME-ADAPTER-BLOB-CACHE` is the Blob Cache Adapter.
fn name_of(code: &str) -> String {
    let code = code.strip_prefix("RUNTIME-").unwrap_or(code);
    let (code, adapter) = match code.strip_prefix("ADAPTER-") {
        Some(rest) => (rest, " Adapter"),
        None => (code, ""),
    };
    let words = code.split(['-', '_']).filter(|word| !word.is_empty());
    let words: Vec<String> = words
        .map(|word| word[..1].to_owned() + &word[1..].to_lowercase())
        .collect();
    words.join(" ") + adapter
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constitution::Constitution;

    #[test]
    fn the_built_in_registry_is_that_of_section_ii() {
        let registry = Registry::new(&Constitution::built_in(&[]).structures).expect("it is valid");
        assert_eq!(registry.issues(), 406);
        assert_eq!(registry.in_state(State::Dormant), 14);
        assert!(registry.missing_canonical().is_empty());
        let broker = registry
            .find("RUNTIME-ADAPTER-MESSAGE-BROKER")
            .expect("it is canonical");
        assert_eq!(broker.multi_tenant, "shared broker with tenant routing");
        assert_eq!(broker.version, "v0.1.0");
    }

    #[test]
    fn a_structure_of_ones_own_is_named_by_its_code_and_its_role_keeps_to_one_line() {
        let structure = Structure {
            id: "RUNTIME-ADAPTER-BLOB-CACHE-v1.2.3".to_owned(),
            role: Some("Binds\n`caches`".to_owned()),
            ..Structure::default()
        };
        let registry = Registry::new(&[structure]).expect("it is valid");
        assert_eq!(registry.entries[0].name, "Blob Cache Adapter");
        assert_eq!(registry.entries[0].role, "Binds `caches`");
        let odd = Structure {
            id: "Kühlschrank-v1.0.0".to_owned(),
            ..Structure::default()
        };
        assert!(matches!(Registry::new(&[odd]), Err(RegistryError::NoId(_))));
    }
}
