//! The law as data: layers, assignments, structures, catalogue, levels.

mod amended;
mod catalogue;
mod claim;
mod glob;
mod mistake;
mod parse;
mod reader;

use std::collections::BTreeMap;

pub(crate) use catalogue::{Catalogue, Engine};
pub(crate) use glob::Glob;
pub(crate) use mistake::{LawError, Mistake};
pub(crate) use parse::{Draft, FILE_NAME};

use crate::finding::{Level, RuleMeta};
use crate::text::Place;

/// What a layer may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Plane {
    /// Ports and pure logic: reaches no runtime or federation package and no engine.
    Capability,
    /// Binds ports to engines.
    Runtime,
    /// Distributes signed updates, above the runtime plane.
    Federation,
    /// Where adapters are wired; may depend on all.
    Composition,
    /// Shared code of no layer: its users answer for what it carries.
    Neutral,
}

impl Plane {
    pub(crate) const ALL: [Self; 5] = [
        Self::Capability,
        Self::Runtime,
        Self::Federation,
        Self::Composition,
        Self::Neutral,
    ];

    /// As a constitution writes it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Capability => "capability",
            Self::Runtime => "runtime",
            Self::Federation => "federation",
            Self::Composition => "composition",
            Self::Neutral => "neutral",
        }
    }
}

/// A layer, as an index into [`Constitution::layers`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LayerId(pub(crate) usize);

/// One `[[layer]]`. The order of the layers is their rank, lowest first.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    pub(crate) name: String,
    pub(crate) plane: Plane,
    /// Beside itself (unless `strict-layering`) and neutral layers, which all may use.
    pub(crate) may_depend_on: Vec<LayerId>,
    /// Engine packages and catalogue categories that this layer may use after all.
    pub(crate) allows: Vec<String>,
    /// Whether its users answer for what it holds.
    pub(crate) carries: bool,
    /// Where the constitution file says so; `None` for a built-in layer.
    pub(crate) place: Option<Place>,
}

/// A glob with its place, so that one that matches nothing can be said.
#[derive(Debug, Clone)]
pub(crate) struct Selector {
    pub(crate) glob: Glob,
    /// `None` in the built-in law.
    pub(crate) place: Option<Place>,
}

/// One `[[assign]]`: the first match wins, package metadata beats all.
#[derive(Debug, Clone)]
pub(crate) struct Assign {
    pub(crate) layer: LayerId,
    pub(crate) structure: Option<String>,
    /// The place of that name.
    pub(crate) structure_at: Option<Place>,
    pub(crate) packages: Vec<Selector>,
    pub(crate) paths: Vec<Selector>,
    pub(crate) modules: Vec<Selector>,
}

/// One `[[confine]]`: these packages only in these layers or packages.
#[derive(Debug, Clone)]
pub(crate) struct Confine {
    pub(crate) packages: Vec<Selector>,
    /// Layer names or package-name globs.
    pub(crate) to: Vec<Selector>,
    pub(crate) place: Option<Place>,
}

/// How far a structure is allowed to be, strictest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum State {
    Frozen,
    Dormant,
    Ratified,
    Activated,
}

impl State {
    pub(crate) const ALL: [Self; 4] =
        [Self::Frozen, Self::Dormant, Self::Ratified, Self::Activated];

    /// As a constitution writes it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Frozen => "frozen",
            Self::Dormant => "dormant",
            Self::Ratified => "ratified",
            Self::Activated => "activated",
        }
    }
}

/// The runtime modes of Section VI.
pub(crate) const MODES: [&str; 2] = ["multi-tenant-saas", "dedicated-enterprise"];

/// One `[[structure]]`, or what a manifest says of itself; each key is optional.
#[derive(Debug, Clone, Default)]
pub(crate) struct Structure {
    /// `<CODE>-v<MAJOR.MINOR.PATCH>`, or any name of one's own.
    pub(crate) id: String,
    /// What people call it; issues and tracker say it.
    pub(crate) name: Option<String>,
    pub(crate) role: Option<String>,
    pub(crate) state: Option<State>,
    pub(crate) phase: Option<u8>,
    pub(crate) modes: Option<Vec<String>>,
    pub(crate) place: Option<Place>,
}

impl Structure {
    /// The id without its version: `RUNTIME-ADAPTER-DATABASE`.
    pub(crate) fn code(&self) -> &str {
        match self.id.rsplit_once("-v") {
            Some((code, version)) if is_version(version) => code,
            _ => &self.id,
        }
    }
}

/// Whether `text` is `<MAJOR.MINOR.PATCH>`.
fn is_version(text: &str) -> bool {
    let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.split('.').count() == 3 && text.split('.').all(number)
}

/// `[package.metadata.constitution]` of one manifest.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub(crate) layer: Option<(LayerId, Place)>,
    /// The `structure` key and the other keys of `[[structure]]`.
    pub(crate) structure: Structure,
    /// The table's own place.
    pub(crate) place: Place,
}

/// What one `[rules.…]` table says.
#[derive(Debug, Clone, Default)]
pub(crate) struct RuleSetting {
    /// `None`: as the rule says; `Some(None)`: off.
    pub(crate) level: Option<Option<Level>>,
    /// Whether what it finds may be borne by a signed exception.
    pub(crate) exceptable: Option<bool>,
    pub(crate) options: BTreeMap<String, OptionValue>,
    pub(crate) place: Option<Place>,
}

/// The value of a rule's option, already of the kind that its `RuleOption` demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OptionValue {
    Flag(bool),
    Word(String),
    Words(Vec<String>),
}

/// A whole valid law.
#[derive(Debug, Clone)]
pub(crate) struct Constitution {
    /// What people call it: the file's shown path, or `the built-in WebWaka law`.
    pub(crate) name: String,
    /// The file's own words, by which two laws are told apart; empty for the built-in one.
    pub(crate) text: String,
    /// Whether it starts from the built-in law.
    pub(crate) extends: bool,
    /// Whether the file writes layers of its own (`[[layer]]`, or `extends = "none"`).
    pub(crate) own_layers: bool,
    pub(crate) strict_layering: bool,
    pub(crate) layers: Vec<Layer>,
    pub(crate) assigns: Vec<Assign>,
    pub(crate) confines: Vec<Confine>,
    /// The registry: built-in ones first unless `extends = "none"`, then the file's.
    pub(crate) structures: Vec<Structure>,
    pub(crate) catalogue: Catalogue,
    /// By rule id.
    pub(crate) rules: BTreeMap<String, RuleSetting>,
    /// Package-name globs of `[generated]`.
    pub(crate) generated: Vec<Selector>,
    /// The `[[exception]]` tables, which have nobody's leave.
    pub(crate) exceptions: Vec<Place>,
}

impl Constitution {
    /// Whether what `rule` finds may be borne by a signed exception: of the five triggers only what the law
    /// says so of, of all else what it does not deny.
    pub(crate) fn is_exceptable(&self, rule: &RuleMeta) -> bool {
        let set = self.rules.get(rule.id).and_then(|set| set.exceptable);
        set.unwrap_or(rule.trigger.is_none())
    }

    pub(crate) fn layer(&self, id: LayerId) -> &Layer {
        &self.layers[id.0]
    }

    pub(crate) fn layer_named(&self, name: &str) -> Option<LayerId> {
        self.layers
            .iter()
            .position(|layer| layer.name == name)
            .map(LayerId)
    }

    /// The first entry of the registry with this id or this code.
    pub(crate) fn structure_named(&self, name: &str) -> Option<&Structure> {
        self.structures
            .iter()
            .find(|structure| structure.id == name || structure.code() == name)
    }
}
