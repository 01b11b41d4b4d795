//! Layers that an earlier state of the workspace has given, and that a change cannot give anew.

use std::collections::{BTreeMap, BTreeSet};

use super::Assigned;
use crate::constitution::{Assign, Constitution};
use crate::facts::graph::PackageId;
use crate::facts::reference::ModuleId;

/// What is decided already.
#[derive(Debug, Default)]
pub(crate) struct Pins {
    pub(crate) packages: BTreeMap<PackageId, Assigned>,
    pub(crate) modules: BTreeMap<ModuleId, Assigned>,
    pub(crate) with_module_layers: BTreeSet<PackageId>,
    /// How many assignments of the law are old; `None`: all of them.
    pub(crate) old_assigns: Option<usize>,
}

impl Pins {
    /// The assignments that may speak of a package's new modules: in a package that has its layer, new
    /// ones cannot free them.
    pub(super) fn assigns<'l>(&self, law: &'l Constitution, package: PackageId) -> &'l [Assign] {
        match self.old_assigns {
            Some(old) if self.packages.contains_key(&package) => &law.assigns[..old],
            _ => &law.assigns,
        }
    }
}
