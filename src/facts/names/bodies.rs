//! What the bodies of macros name, which every call of them brings.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use super::resolve::{Found, ItemId, Resolver};
use super::tree::Tree;
use super::{Key, trace};
use crate::facts::source::file::{ItemKind, Namespaces, UseKind};

/// Where the bodies of macros name something: an instance and an index of its uses.
pub(super) type Bodies = HashMap<ItemId, Vec<(u32, u32)>>;

pub(super) fn bodies_of(tree: &Tree) -> Bodies {
    let mut bodies = Bodies::new();
    for (number, instance) in tree.instances.iter().enumerate() {
        for (at, used) in instance.facts.uses.iter().enumerate() {
            if let UseKind::Body(item) = used.kind {
                let id = instance.item_base + item;
                bodies
                    .entry(id)
                    .or_default()
                    .push((number as u32, at as u32));
            }
        }
    }
    bodies
}

/// What a macro's body names, through the macros that it calls.
pub(super) fn brought(resolver: &mut Resolver, bodies: &Bodies, item: ItemId) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    walk_bodies(resolver, bodies, item, &mut |resolver, _, instance, at| {
        let facts = Arc::clone(&resolver.instance(instance).facts);
        let path = facts.uses[at].path;
        let bang = facts.paths[path as usize].namespaces == Namespaces::MACRO;
        for found in reached(resolver, instance, path) {
            if !keys.contains(&(found, bang)) {
                keys.push((found, bang));
            }
        }
    });
    keys
}

/// The places in the bodies of a macro, and of those that it calls, that name `goal`.
pub(super) fn brought_by(
    resolver: &mut Resolver,
    item: ItemId,
    goal: Found,
) -> Vec<(ItemId, usize, usize)> {
    let bodies = bodies_of(&resolver.tree);
    let mut places = Vec::new();
    walk_bodies(
        resolver,
        &bodies,
        item,
        &mut |resolver, macro_, instance, at| {
            let path = resolver.instance(instance).facts.uses[at].path;
            if reached(resolver, instance, path).contains(&goal) {
                places.push((macro_, instance, at));
            }
        },
    );
    places.truncate(1);
    places
}

/// What a path leads to, aliases followed.
fn reached(resolver: &mut Resolver, instance: usize, path: u32) -> Vec<Found> {
    let mut all = Vec::new();
    for &found in resolver.path(instance, path).iter() {
        all.push(found);
        if let Found::Item(item) = found
            && resolver.item(item).1.kind == ItemKind::Alias
        {
            all.extend(trace::alias_names(resolver, item));
        }
    }
    all
}

fn walk_bodies(
    resolver: &mut Resolver,
    bodies: &Bodies,
    item: ItemId,
    visit: &mut dyn FnMut(&mut Resolver, ItemId, usize, usize),
) {
    let mut waiting = vec![item];
    let mut seen = HashSet::new();
    while let Some(item) = waiting.pop() {
        if !seen.insert(item) {
            continue;
        }
        for &(instance, at) in bodies.get(&item).into_iter().flatten() {
            let (instance, at) = (instance as usize, at as usize);
            visit(resolver, item, instance, at);
            let path = resolver.instance(instance).facts.uses[at].path;
            for &found in resolver.path(instance, path).iter() {
                if let Found::Item(inner) = found
                    && resolver.item(inner).1.kind == ItemKind::Macro
                {
                    waiting.push(inner);
                }
            }
        }
    }
}
