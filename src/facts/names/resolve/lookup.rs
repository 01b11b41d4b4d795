//! One name, looked up in scopes, modules, globs and crates.

use super::declared::Definition;
use super::outside::OutsideId;
use super::{Found, LONGEST, Resolver, State};
use crate::facts::graph::PackageId;
use crate::facts::names::tree::ScopeId;
use crate::facts::reference::ModuleId;
use crate::facts::source::file::{Namespaces, Visibility};
use crate::facts::source::symbols::Symbol;

/// How a name was looked up so far.
#[derive(Default)]
pub(super) struct Search {
    pub(super) found: Vec<Found>,
    /// Whether nothing further out can be meant.
    pub(super) definite: bool,
    /// Globs of packages that are not read: a name that is nowhere else may come from there.
    pub(super) globs: Vec<OutsideId>,
    pub(super) visited: Vec<ModuleId>,
}

impl Search {
    fn add(&mut self, found: Found) {
        if !self.found.contains(&found) {
            self.found.push(found);
        }
    }
}

impl Resolver {
    /// A name in scope: blocks, the module, crates, macros of modules around, the prelude's macros.
    pub(super) fn in_scopes(
        &mut self,
        scope: ScopeId,
        key: (PackageId, usize),
        name: Symbol,
        namespaces: Namespaces,
        search: &mut Search,
    ) {
        let mut at = Some(scope);
        let mut module = self.tree.scopes[scope as usize].module;
        while let Some(scope) = at {
            self.in_scope(scope, name, namespaces, None, search);
            if !search.definite {
                self.in_globs(scope, name, namespaces, true, search);
            }
            if search.definite {
                return;
            }
            at = self.tree.scopes[scope as usize].outer;
        }
        if namespaces == Namespaces::MACRO {
            // `macro_rules!` names are in scope in the modules below, too.
            while let Some(parent) = self.tree.modules[module.0 as usize].parent {
                let scope = self.tree.module_scopes[parent.0 as usize];
                self.in_scope(scope, name, namespaces, None, search);
                if search.definite {
                    return;
                }
                module = parent;
            }
            // No crate that is globbed hides these, as far as anyone has seen.
            let standard = search.globs.is_empty() || self.standard_macros.contains(&name);
            if search.found.is_empty() && standard {
                let found = self.outside.child(self.standard, name);
                search.add(Found::Outside(found));
            }
        } else if namespaces.meets(Namespaces::TYPE) {
            let root = self.tree.roots[module.0 as usize];
            self.in_crates(key, root, name, search);
        }
    }

    /// A crate's name: a dependency's, or one that `extern crate` in the root adds.
    pub(super) fn in_crates(
        &mut self,
        key: (PackageId, usize),
        root: ModuleId,
        name: Symbol,
        search: &mut Search,
    ) {
        let scope = self.tree.module_scopes[root.0 as usize];
        for import in self.imports_named(scope, name) {
            if self.import(import).1.extern_crate
                && !matches!(self.imports[import as usize], State::InProgress)
            {
                self.resolve_import(import)
                    .iter()
                    .for_each(|&found| search.add(found));
                search.definite = true;
            }
        }
        for &(known, found) in self.crates.get(&key).into_iter().flatten() {
            if known == name {
                search.add(found);
                search.definite = true;
            }
        }
    }

    /// The type that the standard prelude means by a name.
    pub(crate) fn prelude_type(&mut self, name: Symbol) -> Found {
        Found::Outside(self.outside.child(self.standard, name))
    }

    /// The declarations of one scope. `outsider`: only what is visible from another crate, or another module.
    fn in_scope(
        &mut self,
        scope: ScopeId,
        name: Symbol,
        namespaces: Namespaces,
        least: Option<Visibility>,
        search: &mut Search,
    ) {
        let bindings = &self.bindings[scope as usize];
        let start = bindings.partition_point(|binding| binding.name < name);
        let count = bindings[start..]
            .iter()
            .take_while(|binding| binding.name == name)
            .count();
        // `mod info;` beside `use tracing::info;`: one scope has a name once in each namespace, so what is not
        // read is then of another one.
        let one = namespaces.0.is_power_of_two();
        let own = one
            && self.bindings[scope as usize][start..start + count]
                .iter()
                .any(|binding| {
                    !binding.guarded
                        && binding.namespaces.meets(namespaces)
                        && !matches!(binding.definition, Definition::Import(_))
                });
        for at in start..start + count {
            let binding = self.bindings[scope as usize][at];
            let visible = match least {
                None => true,
                Some(Visibility::Public) => binding.visibility == Visibility::Public,
                Some(_) => binding.visibility != Visibility::Private,
            };
            if !visible || !binding.namespaces.meets(namespaces) {
                continue;
            }
            match binding.definition {
                Definition::Item(item) => search.add(Found::Item(item)),
                Definition::Module(module) => search.add(Found::Module(module)),
                Definition::Import(import) => {
                    if matches!(self.imports[import as usize], State::InProgress) {
                        self.cyclic = true;
                        continue;
                    }
                    let found = self.resolve_import(import);
                    let fitting: Vec<Found> = found
                        .iter()
                        .copied()
                        .filter(|&one| self.fits(one, namespaces))
                        .filter(|one| !own || !matches!(one, Found::Outside(_)))
                        .collect();
                    if fitting.is_empty() && !found.is_empty() {
                        continue;
                    }
                    fitting.into_iter().for_each(|one| search.add(one));
                }
            }
            search.definite |= !binding.guarded;
        }
    }

    fn fits(&self, found: Found, namespaces: Namespaces) -> bool {
        match found {
            Found::Module(_) => namespaces.meets(Namespaces::TYPE),
            Found::Item(item) => self.item(item).1.kind.namespaces().meets(namespaces),
            Found::Outside(_) => true,
        }
    }

    /// The glob imports of one scope.
    fn in_globs(
        &mut self,
        scope: ScopeId,
        name: Symbol,
        namespaces: Namespaces,
        inside: bool,
        search: &mut Search,
    ) {
        for at in 0..self.globs[scope as usize].len() {
            let id = self.globs[scope as usize][at];
            if matches!(self.imports[id as usize], State::InProgress) {
                self.cyclic = true;
                continue;
            }
            let (_, import) = self.import(id);
            let guarded = import.guard != 0;
            if !inside && import.visibility == Visibility::Private {
                continue;
            }
            let here = self.tree.scopes[scope as usize].module;
            for &found in self.resolve_import(id).iter() {
                match found {
                    Found::Module(module) => {
                        let near = self.is_within(here, module);
                        let mut inner = Search {
                            visited: std::mem::take(&mut search.visited),
                            ..Search::default()
                        };
                        self.in_module_from(module, name, namespaces, near, here, &mut inner);
                        search.visited = inner.visited;
                        search.globs.extend(inner.globs);
                        search.definite |= inner.definite && !guarded && !inner.found.is_empty();
                        inner.found.into_iter().for_each(|one| search.add(one));
                    }
                    Found::Outside(outside) => search.globs.push(outside),
                    Found::Item(_) => {}
                }
            }
        }
    }

    fn in_module_from(
        &mut self,
        module: ModuleId,
        name: Symbol,
        namespaces: Namespaces,
        near: bool,
        from: ModuleId,
        search: &mut Search,
    ) {
        if search.visited.contains(&module) || search.visited.len() > LONGEST {
            return;
        }
        search.visited.push(module);
        let same_crate = self.tree.roots[module.0 as usize] == self.tree.roots[from.0 as usize];
        let least = match (near, same_crate) {
            (true, _) => None,
            (false, true) => Some(Visibility::Restricted),
            (false, false) => Some(Visibility::Public),
        };
        let scope = self.tree.module_scopes[module.0 as usize];
        self.in_scope(scope, name, namespaces, least, search);
        if !search.definite {
            self.in_globs(scope, name, namespaces, near, search);
        }
        search.visited.pop();
    }

    /// A name by way of its module; visibility is the compiler's business.
    pub(super) fn in_module(
        &mut self,
        module: ModuleId,
        name: Symbol,
        namespaces: Namespaces,
        inside: bool,
        search: &mut Search,
    ) {
        let scope = self.tree.module_scopes[module.0 as usize];
        self.in_scope(scope, name, namespaces, None, search);
        if !search.definite {
            search.visited.push(module);
            self.in_globs(scope, name, namespaces, inside, search);
            search.visited.pop();
        }
    }

    /// A name that is nowhere else, where one package that is not read is globbed, comes from there.
    pub(super) fn by_outside_glob(&mut self, name: Symbol, search: &mut Search) {
        if !search.found.is_empty() || search.globs.is_empty() || self.prelude.contains(&name) {
            return;
        }
        search.globs.sort_unstable();
        search.globs.dedup();
        for glob in std::mem::take(&mut search.globs) {
            let found = self.outside.child(glob, name);
            search.add(Found::Outside(found));
        }
    }

    fn is_within(&self, module: ModuleId, outer: ModuleId) -> bool {
        let mut at = Some(module);
        while let Some(one) = at {
            if one == outer {
                return true;
            }
            at = self.tree.modules[one.0 as usize].parent;
        }
        false
    }
}
