//! Modules and references as data: who names what, where, and under which guard.

use crate::facts::graph::{ExternalId, PackageId};
use crate::finding::{Confidence, Hop};
use crate::text::Place;

/// A module of one target: an index into [`Names::modules`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ModuleId(pub(crate) u32);

/// A module, inline or in a file of its own. A target's root is a module too.
#[derive(Debug, Clone)]
pub(crate) struct Module {
    pub(crate) package: PackageId,
    /// Index into the package's targets.
    pub(crate) target: usize,
    /// `shop::domain::store`; the first segment is the crate's name. The root of a binary that shares its
    /// library's crate name is `shop::main`, of a build script `shop::build`.
    pub(crate) path: String,
    pub(crate) parent: Option<ModuleId>,
    /// Its declaration (`mod store;`); a root's is the top of its file.
    pub(crate) place: Place,
    /// Whether only tests compile it.
    pub(crate) test: bool,
    /// Whether it holds anything but `mod` and `use` declarations.
    pub(crate) has_code: bool,
}

/// Where a module includes what a build script writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Generated {
    pub(crate) module: ModuleId,
    pub(crate) place: Place,
}

/// What a reference leads to: an index into [`Names::referents`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ReferentId(pub(crate) u32);

/// The end of a reference's chain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Referent {
    /// An item of a package that is not read. `None`: the standard library, whose paths begin with `std`
    /// whether source wrote `core` or `alloc`. A macro's last segment ends in `!`.
    External {
        package: Option<ExternalId>,
        /// With the crate's own name first: `["sqlx", "postgres", "PgPool"]`.
        path: Vec<String>,
    },
    /// An item of a package that is read; `item` is `None` where the module itself is named.
    Item {
        module: ModuleId,
        item: Option<String>,
    },
}

/// How a place came to mean what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum ReferenceKind {
    /// A `use` or `extern crate`.
    Import,
    /// A path in code.
    Path,
    /// A path in the tokens of a macro call, or in a string of an attribute.
    Tokens,
    /// A derive or an attribute macro.
    Attribute,
    /// A call of a workspace macro whose body names the referent.
    Expansion,
    /// A call, method or field whose inferred type is, or holds, the referent.
    Inferred,
}

/// Where a reference was read: an instance of a file, and which of its paths or values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) instance: u32,
    pub(crate) at: u32,
}

/// One place that names, or comes to hold, one referent outside its own module.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    pub(crate) from: ModuleId,
    pub(crate) place: Place,
    pub(crate) to: ReferentId,
    pub(crate) kind: ReferenceKind,
    /// Whether only tests compile the place.
    pub(crate) test: bool,
    pub(crate) confidence: Confidence,
    /// The module of the macro or of the signature that brings an expansion's or an inferred referent.
    pub(crate) via: Option<ModuleId>,
    /// For [`Names`] to find the rest by.
    pub(crate) origin: Origin,
}

/// Reads of a reference what findings show.
pub(crate) trait Names: Sync {
    /// As source wrote it: `common::Pool`.
    fn written(&self, reference: &Reference) -> String;
    /// The guard of the place, such as `cfg(windows)`, with those of the modules around it.
    fn guard(&self, reference: &Reference) -> Option<String>;
    /// Imports, re-exports, aliases and signatures between the place and the referent, in order,
    /// without the place itself; empty where the path leads there directly.
    fn hops(&self, reference: &Reference) -> Vec<Hop>;
}
