//! Literals and branches of every instance, with the modules they stand in.

use crate::facts::flow::Routine;
use crate::facts::literal::{Arm, Branch, Choice, Literal, Written};
use crate::facts::names::tree::{Instance, Tree, predicates};
use crate::facts::names::under;
use crate::facts::source::file::{self, GuardIndex, ScopeIndex};
use crate::facts::source::symbols::{Symbol, Symbols};
use crate::text::{Place, Span};

/// All of them, in the order of the instances.
pub(crate) fn collect(tree: &Tree, symbols: &Symbols) -> (Vec<Literal>, Vec<Branch>) {
    let (mut literals, mut branches) = (Vec::new(), Vec::new());
    for instance in &tree.instances {
        let facts = &instance.facts;
        literals.extend(facts.literals.iter().map(|one| {
            Literal {
                at: written(tree, instance, one.scope, one.guard, one.span),
                text: one.text.clone(),
                number: one.number,
                message: one.message,
                name: one.name.map(|name| symbols.name(name).to_owned()),
                compared: one.compared,
                item: one
                    .item
                    .map(|item| symbols.name(facts.items[item as usize].name).to_owned()),
            }
        }));
        branches.extend(facts.branches.iter().map(|one| {
            Branch {
                at: written(tree, instance, one.scope, one.guard, one.span),
                choice: choice(&one.choice, symbols),
                arms: one
                    .arms
                    .iter()
                    .map(|it| arm(instance, it, symbols))
                    .collect(),
            }
        }));
    }
    (literals, branches)
}

/// Every function that may bear on updates, in the order of the instances.
pub(crate) fn routines(tree: &Tree, symbols: &Symbols) -> Vec<Routine<String, Written>> {
    let name = |symbol: &Symbol| symbols.name(*symbol).to_owned();
    let mut all = Vec::new();
    for instance in &tree.instances {
        all.extend(instance.facts.routines.iter().map(|one| Routine {
            name: name(&one.name),
            of: one.of.as_ref().map(name),
            implements: one.implements.as_ref().map(name),
            takes: one.takes.iter().map(name).collect(),
            does: one.does.named(&name),
            at: written(tree, instance, one.at.scope, one.at.guard, one.at.span),
        }));
    }
    all
}

fn arm(instance: &Instance, arm: &file::Arm, symbols: &Symbols) -> Arm {
    let names = |path: &Vec<Symbol>| {
        let names = path.iter();
        names.map(|&name| symbols.name(name).to_owned()).collect()
    };
    Arm {
        paths: arm.paths.iter().map(names).collect(),
        texts: arm.texts.clone(),
        rest: arm.rest,
        refuses: arm.refuses,
        place: Place {
            file: instance.file,
            span: arm.span,
        },
    }
}

fn written(
    tree: &Tree,
    instance: &Instance,
    scope: ScopeIndex,
    guard: GuardIndex,
    span: Span,
) -> Written {
    let scope = instance.scopes[scope as usize];
    let cfg = if guard == 0 && instance.guards.is_empty() {
        None
    } else {
        let own = predicates(&instance.facts, guard);
        under(instance.guards.iter().cloned().chain(own))
    };
    Written {
        module: tree.scopes[scope as usize].module,
        place: Place {
            file: instance.file,
            span,
        },
        cfg,
        test: instance.test || instance.facts.guards[guard as usize].test,
    }
}

fn choice(choice: &file::Choice, symbols: &Symbols) -> Choice {
    let names = |names: &[Symbol]| -> Vec<String> {
        names
            .iter()
            .map(|&name| symbols.name(name).to_owned())
            .collect()
    };
    match choice {
        file::Choice::Cfg(predicate) => Choice::Cfg(predicate.clone()),
        file::Choice::Value {
            on,
            against,
            texts,
            other,
        } => Choice::Value {
            on: names(on),
            against: against.iter().map(|path| names(path)).collect(),
            texts: texts.clone(),
            other: *other,
        },
    }
}
