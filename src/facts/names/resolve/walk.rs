//! A path, followed segment by segment.

use std::sync::Arc;

use super::lookup::Search;
use super::{Alternatives, Found, ItemId, LONGEST, Resolver};
use crate::facts::source::file::{
    Guard, GuardIndex, ItemKind, Lead, Namespaces, Path, PathIndex, Standing, Type,
};
use crate::facts::source::symbols::Symbol;

impl Resolver {
    pub(super) fn walk(&mut self, number: usize, index: PathIndex) -> Vec<Found> {
        self.walk_by(number, index, &mut |_| {})
    }

    /// What each beginning of a path leads to: the lead or the first segment, then a segment more each.
    pub(crate) fn stages(&mut self, number: usize, index: PathIndex) -> Vec<Vec<Found>> {
        let mut stages = Vec::new();
        self.walk_by(number, index, &mut |found| stages.push(found.to_vec()));
        stages
    }

    fn walk_by(
        &mut self,
        number: usize,
        index: PathIndex,
        stage: &mut dyn FnMut(&[Found]),
    ) -> Vec<Found> {
        let facts = Arc::clone(&self.tree.instances[number].facts);
        let path = &facts.paths[index as usize];
        let names = &facts.segments[path.start as usize..(path.start + path.len) as usize];
        let (mut found, mut rest) = self.begin(number, path, names);
        stage(&found);
        while let Some((&name, tail)) = rest.split_first() {
            let namespaces = if tail.is_empty() {
                path.namespaces
            } else {
                Namespaces::TYPE
            };
            let mut next = Vec::new();
            for one in found {
                for found in self.member(one, name, namespaces) {
                    if !next.contains(&found) {
                        next.push(found);
                    }
                }
            }
            found = next;
            rest = tail;
            stage(&found);
        }
        found
    }

    /// What the beginning of a path means, and the segments that are left.
    fn begin<'n>(
        &mut self,
        number: usize,
        path: &Path,
        names: &'n [Symbol],
    ) -> (Vec<Found>, &'n [Symbol]) {
        let instance = &self.tree.instances[number];
        let scope = instance.scopes[path.scope as usize];
        let module = self.tree.scopes[scope as usize].module;
        let root = self.tree.roots[module.0 as usize];
        let old = instance.edition < 2018;
        let key = (instance.package, instance.target);
        match path.lead {
            Lead::Crate => return (vec![Found::Module(root)], names),
            Lead::SelfModule => return (vec![Found::Module(module)], names),
            Lead::Super(times) => {
                let mut at = Some(module);
                for _ in 0..times {
                    at = at.and_then(|module| self.tree.modules[module.0 as usize].parent);
                }
                return (at.map(Found::Module).into_iter().collect(), names);
            }
            Lead::Global | Lead::Scope => {}
        }
        let Some((&first, rest)) = names.split_first() else {
            return (Vec::new(), names);
        };
        let namespaces = if rest.is_empty() {
            path.namespaces
        } else {
            Namespaces::TYPE
        };
        let from_root = old && (path.lead == Lead::Global || path.standing == Standing::Import);
        let mut search = Search::default();
        if from_root {
            self.in_module(root, first, namespaces, true, &mut search);
        }
        if path.lead == Lead::Global || from_root {
            if search.found.is_empty() {
                self.in_crates(key, root, first, &mut search);
            }
        } else {
            self.in_scopes(scope, key, first, namespaces, &mut search);
        }
        if path.standing == Standing::Import
            && search.found.len() > 1
            && search
                .found
                .iter()
                .any(|found| self.is_guarded_alike(number, path, *found))
        {
            search
                .found
                .retain(|found| !matches!(found, Found::Outside(_)));
        }
        if path.standing != Standing::Word {
            self.by_outside_glob(first, &mut search);
        }
        (search.found, rest)
    }

    /// `#[cfg(x)] mod sqlx;` beside `#[cfg(x)] use sqlx::*;`: where the import is, the module is too, and no
    /// crate of that name is meant.
    fn is_guarded_alike(&self, number: usize, path: &Path, found: Found) -> bool {
        let Found::Module(module) = found else {
            return false;
        };
        let facts = &self.instance(number).facts;
        let mut children = self.tree.children.iter();
        let child = children.find(|one| one.module == module && one.instance == number as u32);
        let Some(child) = child else {
            return false;
        };
        let declared = facts.modules[child.declaration as usize].guard;
        let mut imports = facts
            .imports
            .iter()
            .filter(|import| facts.paths[import.path as usize] == *path);
        imports.all(|import| implies(&facts.guards, import.guard, declared))
    }

    /// A name inside of what was found.
    fn member(&mut self, of: Found, name: Symbol, namespaces: Namespaces) -> Vec<Found> {
        match of {
            Found::Outside(outside) => vec![Found::Outside(self.outside.child(outside, name))],
            Found::Module(module) => {
                let mut search = Search::default();
                self.in_module(module, name, namespaces, true, &mut search);
                self.by_outside_glob(name, &mut search);
                search.found
            }
            Found::Item(item) => match self.alias(item) {
                Some(found) => {
                    let mut members = Vec::new();
                    for &one in found.iter() {
                        if one != of {
                            self.depth += 1;
                            members.extend(if self.depth > LONGEST {
                                vec![one]
                            } else {
                                self.member(one, name, namespaces)
                            });
                            self.depth -= 1;
                        }
                    }
                    members
                }
                None => vec![of],
            },
        }
    }

    /// What a type alias stands for, as far as its outermost path goes.
    pub(crate) fn alias(&mut self, item: ItemId) -> Option<Alternatives> {
        let (owner, declared) = self.item(item);
        if declared.kind != ItemKind::Alias {
            return None;
        }
        let type_ = declared.type_?;
        let Type::Path { path, .. } = self.tree.instances[owner].facts.types[type_ as usize] else {
            return None;
        };
        if self.depth > LONGEST {
            return None;
        }
        self.depth += 1;
        let found = self.path(owner, path);
        self.depth -= 1;
        Some(found)
    }

    /// Whether `name` inside of `of` can mean `wanted`.
    pub(crate) fn has_member(
        &mut self,
        of: Found,
        name: Symbol,
        namespaces: Namespaces,
        wanted: Found,
    ) -> bool {
        self.member(of, name, namespaces).contains(&wanted)
    }
}

/// Whether a guard holds only where another one does.
fn implies(guards: &[Guard], inner: GuardIndex, outer: GuardIndex) -> bool {
    let wanted = &guards[outer as usize];
    let mut at = inner;
    loop {
        let guard = &guards[at as usize];
        if at == outer || (guard.outer == wanted.outer && guard.predicate == wanted.predicate) {
            return true;
        }
        if at == 0 {
            return false;
        }
        at = guard.outer;
    }
}
