//! What a path leads to: through imports, globs, re-exports and aliases, over all packages that are read.

mod declared;
mod lookup;
mod outside;
mod walk;

use std::sync::Arc;

pub(crate) use declared::Definition;
pub(crate) use outside::Outside;

use crate::facts::graph::Graph;
use crate::facts::names::tree::{Instance, ScopeId, Tree};
use crate::facts::reference::ModuleId;
use crate::facts::source::file::{Import, Item, PathIndex, Visibility};
use crate::facts::source::symbols::{Symbol, Symbols};
use declared::{Binding, Crates, Declared, name_crates};
use outside::OutsideId;

/// Hops from alias to alias, and from glob to glob, that are followed.
const LONGEST: usize = 256;

/// An item, numbered across all instances.
pub(crate) type ItemId = u32;
/// An import, likewise.
pub(crate) type ImportId = u32;

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Found {
    Module(ModuleId),
    Item(ItemId),
    Outside(OutsideId),
}

/// Alternatives: several where `cfg`s differ.
pub(crate) type Alternatives = Arc<[Found]>;

#[derive(Debug, Clone)]
enum State {
    Unknown,
    InProgress,
    Known(Alternatives),
}

/// Looks names up. Results are remembered. What is shared between threads does not change once imports
/// are settled.
pub(crate) struct Resolver {
    pub(crate) tree: Arc<Tree>,
    pub(crate) outside: Outside,
    /// Each scope's declarations, sorted by name.
    bindings: Arc<Vec<Vec<Binding>>>,
    /// Each scope's glob imports.
    globs: Arc<Vec<Vec<ImportId>>>,
    imports: Arc<Vec<State>>,
    /// Whether the search at hand met an import that is being resolved.
    cyclic: bool,
    depth: usize,
    /// Each instance's resolved paths, once imports are settled; empty before any was.
    paths: Vec<Vec<Option<Alternatives>>>,
    settled: bool,
    /// By package and kind of target: what crate names mean.
    crates: Arc<Crates>,
    standard: OutsideId,
    prelude: Arc<[Symbol]>,
    standard_macros: Arc<[Symbol]>,
    item_owner: Arc<Vec<u32>>,
    import_owner: Arc<Vec<u32>>,
}

impl Resolver {
    /// One that is to be settled before it is asked for anything.
    pub(crate) fn new(tree: Tree, graph: &Graph, symbols: &mut Symbols) -> Self {
        let mut outside = Outside::default();
        let standard = outside.root(None, symbols.intern("std"));
        let declared = Declared::new(&tree);
        let crates = Arc::new(name_crates(&tree, graph, symbols, &mut outside, standard));
        Self {
            bindings: Arc::new(declared.bindings),
            globs: Arc::new(declared.globs),
            imports: Arc::new(vec![State::Unknown; tree.imports as usize]),
            cyclic: false,
            depth: 0,
            paths: unknown_paths(&tree),
            settled: false,
            crates,
            standard,
            prelude: crate::facts::source::reduce::PRELUDE
                .iter()
                .map(|name| symbols.intern(name))
                .collect(),
            standard_macros: crate::facts::source::reduce::STANDARD_MACROS
                .iter()
                .map(|name| symbols.intern(name))
                .collect(),
            item_owner: Arc::new(declared.item_owner),
            import_owner: Arc::new(declared.import_owner),
            tree: Arc::new(tree),
            outside,
        }
    }

    /// Another one, for another thread, that has found no path yet.
    pub(crate) fn fork(&self) -> Self {
        Self {
            tree: Arc::clone(&self.tree),
            outside: self.outside.clone(),
            bindings: Arc::clone(&self.bindings),
            globs: Arc::clone(&self.globs),
            imports: Arc::clone(&self.imports),
            cyclic: false,
            depth: 0,
            paths: unknown_paths(&self.tree),
            settled: self.settled,
            crates: Arc::clone(&self.crates),
            standard: self.standard,
            prelude: Arc::clone(&self.prelude),
            standard_macros: Arc::clone(&self.standard_macros),
            item_owner: Arc::clone(&self.item_owner),
            import_owner: Arc::clone(&self.import_owner),
        }
    }

    /// What `found` of a fork is here, by what the fork knows of what is outside.
    pub(crate) fn adopt(&mut self, fork: &Outside, found: Found) -> Found {
        let Found::Outside(id) = found else {
            return found;
        };
        let (package, path) = fork.path(id);
        let mut at = self.outside.root(package, path[0]);
        for &name in &path[1..] {
            at = self.outside.child(at, name);
        }
        Found::Outside(at)
    }

    fn set_import(&mut self, id: ImportId, state: State) {
        let imports = Arc::get_mut(&mut self.imports).expect("no fork before imports are settled");
        imports[id as usize] = state;
    }

    /// The item and the instance that declares it.
    pub(crate) fn item(&self, id: ItemId) -> (usize, &Item) {
        let owner = self.item_owner[id as usize] as usize;
        let instance = &self.tree.instances[owner];
        (
            owner,
            &instance.facts.items[(id - instance.item_base) as usize],
        )
    }

    pub(crate) fn import(&self, id: ImportId) -> (usize, &Import) {
        let owner = self.import_owner[id as usize] as usize;
        let instance = &self.tree.instances[owner];
        (
            owner,
            &instance.facts.imports[(id - instance.import_base) as usize],
        )
    }

    /// The module that an item is declared in.
    pub(crate) fn module_of_item(&self, id: ItemId) -> ModuleId {
        let (owner, item) = self.item(id);
        self.module_of(owner, item.scope)
    }

    pub(crate) fn module_of(&self, instance: usize, scope: u32) -> ModuleId {
        let scope = self.tree.instances[instance].scopes[scope as usize];
        self.tree.scopes[scope as usize].module
    }

    /// Resolves every import; those that took part in a cycle again, until nothing changes.
    pub(crate) fn settle(&mut self) {
        let mut suspects = Vec::new();
        for id in 0..self.imports.len() as ImportId {
            self.cyclic = false;
            self.resolve_import(id);
            if self.cyclic {
                suspects.push(id);
            }
        }
        // Each round can only add, and what is added was declared somewhere: this ends.
        let mut changed = true;
        while changed {
            changed = false;
            for &id in &suspects {
                let before = self.imports[id as usize].clone();
                self.set_import(id, State::Unknown);
                let after = self.resolve_import(id);
                if let State::Known(before) = before {
                    if before.iter().any(|found| !after.contains(found)) {
                        let mut union = before.to_vec();
                        union.extend(after.iter().filter(|found| !before.contains(found)));
                        changed |= union.len() > before.len();
                        self.set_import(id, State::Known(union.into()));
                    } else {
                        changed |= after.len() > before.len();
                    }
                }
            }
        }
        self.settled = true;
    }

    fn resolve_import(&mut self, id: ImportId) -> Alternatives {
        match &self.imports[id as usize] {
            State::Known(known) => return Arc::clone(known),
            State::InProgress => {
                self.cyclic = true;
                return Arc::new([]);
            }
            State::Unknown => {}
        }
        if self.depth > LONGEST {
            self.cyclic = true;
            return Arc::new([]);
        }
        self.depth += 1;
        self.set_import(id, State::InProgress);
        let (owner, import) = self.import(id);
        let path = import.path;
        let found: Alternatives = self.walk(owner, path).into();
        self.set_import(id, State::Known(Arc::clone(&found)));
        self.depth -= 1;
        found
    }

    /// What a path of an instance leads to.
    pub(crate) fn path(&mut self, instance: usize, path: PathIndex) -> Alternatives {
        if let Some(Some(known)) = self.paths[instance].get(path as usize) {
            return Arc::clone(known);
        }
        let found: Alternatives = self.walk(instance, path).into();
        if self.settled {
            let paths = &mut self.paths[instance];
            if paths.is_empty() {
                // Only now: a fork meets the paths of few instances.
                paths.resize(self.tree.instances[instance].facts.paths.len(), None);
            }
            paths[path as usize] = Some(Arc::clone(&found));
        }
        found
    }

    /// The import by which `name` means `wanted` in a scope.
    pub(crate) fn named_import(
        &mut self,
        scope: ScopeId,
        name: Symbol,
        wanted: Found,
    ) -> Option<ImportId> {
        let mut imports = self.imports_named(scope, name).into_iter();
        imports.find(|&import| self.resolve_import(import).contains(&wanted))
    }

    fn imports_named(&self, scope: ScopeId, name: Symbol) -> Vec<ImportId> {
        let bindings = &self.bindings[scope as usize];
        let start = bindings.partition_point(|binding| binding.name < name);
        let named = bindings[start..]
            .iter()
            .take_while(|binding| binding.name == name);
        let imports = named.filter_map(|binding| match binding.definition {
            Definition::Import(import) => Some(import),
            _ => None,
        });
        imports.collect()
    }

    /// Whether a scope declares `wanted` itself, under `name`.
    pub(crate) fn declares(&self, scope: ScopeId, name: Symbol, wanted: Found) -> bool {
        self.bindings[scope as usize].iter().any(|binding| {
            binding.name == name
                && match binding.definition {
                    Definition::Item(item) => wanted == Found::Item(item),
                    Definition::Module(module) => wanted == Found::Module(module),
                    Definition::Import(_) => false,
                }
        })
    }

    /// What a scope declares or imports by name for everyone.
    pub(crate) fn public_in(&self, scope: ScopeId) -> Vec<Definition> {
        let bindings = self.bindings[scope as usize].iter();
        bindings
            .filter(|binding| binding.visibility == Visibility::Public)
            .map(|binding| binding.definition)
            .collect()
    }

    pub(crate) fn globs_of(&self, scope: ScopeId) -> Vec<ImportId> {
        self.globs[scope as usize].clone()
    }

    /// What an import leads to.
    pub(crate) fn import_targets(&mut self, import: ImportId) -> Alternatives {
        self.resolve_import(import)
    }

    pub(crate) fn instance(&self, number: usize) -> &Instance {
        &self.tree.instances[number]
    }
}

fn unknown_paths(tree: &Tree) -> Vec<Vec<Option<Alternatives>>> {
    vec![Vec::new(); tree.instances.len()]
}
