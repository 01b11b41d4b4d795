//! What scopes declare, and what crate names mean, before anything is looked up.

use foldhash::{HashMap, HashMapExt};

use super::outside::{Outside, OutsideId};
use super::{Found, ImportId, ItemId};
use crate::facts::graph::{EdgeKind, Graph, Node, PackageId, TargetKind};
use crate::facts::names::tree::Tree;
use crate::facts::reference::ModuleId;
use crate::facts::source::file::{ImportName, Namespaces, Visibility};
use crate::facts::source::symbols::{Symbol, Symbols};

/// What crate names mean, by package and target.
pub(super) type Crates = HashMap<(PackageId, usize), Vec<(Symbol, Found)>>;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Definition {
    Item(ItemId),
    Module(ModuleId),
    Import(ImportId),
}

/// A name that a scope declares.
#[derive(Debug, Clone, Copy)]
pub(super) struct Binding {
    pub(super) name: Symbol,
    pub(super) namespaces: Namespaces,
    pub(super) definition: Definition,
    pub(super) visibility: Visibility,
    /// Whether a `cfg` may take it away.
    pub(super) guarded: bool,
}

/// What scopes declare, and who declares what.
pub(super) struct Declared {
    pub(super) bindings: Vec<Vec<Binding>>,
    pub(super) globs: Vec<Vec<ImportId>>,
    pub(super) item_owner: Vec<u32>,
    pub(super) import_owner: Vec<u32>,
}

impl Declared {
    pub(super) fn new(tree: &Tree) -> Self {
        let mut declared = Self {
            bindings: vec![Vec::new(); tree.scopes.len()],
            globs: vec![Vec::new(); tree.scopes.len()],
            item_owner: vec![0; tree.items as usize],
            import_owner: vec![0; tree.imports as usize],
        };
        let Self {
            bindings,
            globs,
            item_owner,
            import_owner,
        } = &mut declared;
        for (number, instance) in tree.instances.iter().enumerate() {
            let facts = &instance.facts;
            for (index, item) in facts.items.iter().enumerate() {
                let id = instance.item_base + index as u32;
                item_owner[id as usize] = number as u32;
                let scope = instance.scopes[item.scope as usize];
                let binding = Binding {
                    name: item.name,
                    namespaces: item.kind.namespaces(),
                    definition: Definition::Item(id),
                    visibility: item.visibility,
                    guarded: item.guard != 0,
                };
                bindings[scope as usize].push(binding);
                if item.exported {
                    let module = tree.scopes[scope as usize].module;
                    let root = tree.module_scopes[tree.roots[module.0 as usize].0 as usize];
                    if root != scope {
                        bindings[root as usize].push(binding);
                    }
                }
            }
            for (index, import) in facts.imports.iter().enumerate() {
                let id = instance.import_base + index as u32;
                import_owner[id as usize] = number as u32;
                let scope = instance.scopes[import.scope as usize];
                match import.name {
                    ImportName::Glob => globs[scope as usize].push(id),
                    ImportName::Unnamed => {}
                    ImportName::Named(name) => bindings[scope as usize].push(Binding {
                        name,
                        namespaces: Namespaces::ANY,
                        definition: Definition::Import(id),
                        visibility: import.visibility,
                        guarded: import.guard != 0,
                    }),
                }
            }
        }
        for child in &tree.children {
            let instance = &tree.instances[child.instance as usize];
            let declaration = &instance.facts.modules[child.declaration as usize];
            bindings[child.scope as usize].push(Binding {
                name: child.name,
                namespaces: Namespaces::TYPE,
                definition: Definition::Module(child.module),
                visibility: declaration.visibility,
                guarded: declaration.guard != 0,
            });
        }
        for scope in bindings {
            scope.sort_by_key(|binding| binding.name);
        }
        declared
    }
}

/// What crate names mean in each target.
pub(super) fn name_crates(
    tree: &Tree,
    graph: &Graph,
    symbols: &mut Symbols,
    outside: &mut Outside,
    standard: OutsideId,
) -> Crates {
    let mut crates = HashMap::new();
    let mut libraries: HashMap<PackageId, ModuleId> = HashMap::new();
    for (id, module) in tree.modules.iter().enumerate() {
        let target = &graph.package(module.package).targets[module.target];
        if module.parent.is_none() && matches!(target.kind, TargetKind::Lib | TargetKind::ProcMacro)
        {
            libraries.insert(module.package, ModuleId(id as u32));
        }
    }
    let sysroot = ["std", "core", "alloc", "proc_macro", "test"].map(|name| symbols.intern(name));
    for package in graph.package_ids() {
        for (index, target) in graph.package(package).targets.iter().enumerate() {
            let mut names: Vec<(Symbol, Found)> = Vec::new();
            for edge in graph.edges_from(package) {
                let seen = match target.kind {
                    TargetKind::BuildScript => edge.kind == EdgeKind::Build,
                    _ => edge.kind != EdgeKind::Build,
                };
                if !seen {
                    continue;
                }
                let name = symbols.intern(&edge.crate_name);
                let found = match edge.to {
                    Node::Package(id) => libraries.get(&id).copied().map(Found::Module),
                    Node::External(id) => {
                        let own = symbols.intern(&graph.externals[id.0].name.replace('-', "_"));
                        Some(Found::Outside(outside.root(Some(id), own)))
                    }
                };
                names.extend(found.map(|found| (name, found)));
            }
            let is_library = matches!(
                target.kind,
                TargetKind::Lib | TargetKind::ProcMacro | TargetKind::BuildScript
            );
            if let Some(&library) = libraries.get(&package).filter(|_| !is_library) {
                let target = tree.modules[library.0 as usize].target;
                let name = symbols.intern(&graph.package(package).targets[target].crate_name);
                names.push((name, Found::Module(library)));
            }
            names.extend(sysroot.map(|name| (name, Found::Outside(standard))));
            crates.insert((package, index), names);
        }
    }
    crates
}
