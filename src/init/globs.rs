//! Selectors: the fewest globs that claim what was placed, and nothing that was placed elsewhere.

use std::collections::BTreeMap;

use super::words::Role;
use super::{Part, Proposal, Standing};
use crate::facts::Facts;
use crate::facts::graph::PackageId;
use crate::text::relative;

/// A glob with the reason for what it claims.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Written {
    pub(super) glob: String,
    pub(super) because: String,
    pub(super) guessed: bool,
}

/// The globs of one role.
#[derive(Debug, Default)]
pub(super) struct Selectors {
    pub(super) packages: Vec<Written>,
    pub(super) paths: Vec<Written>,
}

/// Folders whose packages all were put there by meaning become one glob each; the others are named.
pub(super) fn of_packages(proposal: &Proposal, facts: &Facts, role: Role) -> Selectors {
    let mut folders: BTreeMap<String, Vec<PackageId>> = BTreeMap::new();
    for id in facts.graph.package_ids() {
        folders.entry(parent(facts, id)).or_default().push(id);
    }
    let whole = |ids: &[PackageId]| {
        let meant = |id: &PackageId| {
            let placed = &proposal.packages[id.0];
            placed.role == Some(role) && placed.standing == Standing::Meant
        };
        ids.len() > 1 && ids.iter().all(meant)
    };
    let mut selectors = Selectors::default();
    for (folder, ids) in &folders {
        if is_plain(folder) && whole(ids) {
            selectors.paths.push(Written {
                glob: format!("{folder}/*"),
                because: String::new(),
                guessed: false,
            });
            continue;
        }
        for id in ids {
            let placed = &proposal.packages[id.0];
            if placed.role == Some(role) {
                selectors.packages.push(Written {
                    glob: facts.graph.package(*id).name.clone(),
                    because: placed.because.clone(),
                    guessed: placed.standing == Standing::Guessed,
                });
            }
        }
    }
    selectors.packages.sort();
    selectors
}

/// The folder around the package's own; empty for the root's.
fn parent(facts: &Facts, id: PackageId) -> String {
    let folder = relative(facts.sources.root(), &facts.graph.package(id).folder);
    folder
        .rsplit_once('/')
        .map_or(String::new(), |(parent, _)| parent.to_owned())
}

/// Whether a path means itself as a glob, and lies within the workspace.
fn is_plain(folder: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    !folder.is_empty() && !folder.starts_with("..") && folder.chars().all(plain)
}

/// Module globs in the order of trial: a module within another's part before it.
pub(super) fn of_modules(parts: &[Part], facts: &Facts) -> Vec<(Role, Vec<Written>)> {
    let mut left: Vec<&Part> = parts.iter().collect();
    let mut groups = Vec::new();
    // Each round takes what has nothing within itself any more; the innermost are tried first.
    while !left.is_empty() {
        let (inner, outer): (Vec<&Part>, Vec<&Part>) = left
            .iter()
            .partition(|part| !left.iter().any(|other| holds(part, other)));
        for role in Role::ALL {
            let own: Vec<&Part> = inner
                .iter()
                .copied()
                .filter(|part| part.role == role)
                .collect();
            if !own.is_empty() {
                groups.push((role, folded(&own, parts, facts)));
            }
        }
        left = outer;
    }
    groups
}

fn holds(outer: &Part, inner: &Part) -> bool {
    let below = inner.path.strip_prefix(&outer.path);
    !outer.alone && below.is_some_and(|rest| rest.starts_with("::"))
}

/// Paths that differ in one segment become one glob, if that takes nothing from another role.
fn folded(own: &[&Part], all: &[Part], facts: &Facts) -> Vec<Written> {
    let mut left: Vec<&Part> = own.to_vec();
    let mut globs = Vec::new();
    while let Some(first) = left.first().copied() {
        let best = (0..first.path.split("::").count())
            .map(|at| (at, alike(first, &left, at)))
            .filter(|(at, alike)| alike.len() > 1 && is_free(first, *at, all, facts))
            .max_by_key(|(at, alike)| (alike.len(), usize::MAX - at));
        match best {
            Some((at, alike)) => {
                globs.push(Written {
                    glob: glob(&starred(first, at), first.alone),
                    because: first.because.clone(),
                    guessed: first.standing == Standing::Guessed,
                });
                left.retain(|part| !alike.contains(&part.path.as_str()));
            }
            None => {
                globs.push(Written {
                    glob: glob(&first.path, first.alone),
                    because: first.because.clone(),
                    guessed: first.standing == Standing::Guessed,
                });
                left.remove(0);
            }
        }
    }
    globs
}

fn glob(path: &str, alone: bool) -> String {
    if alone {
        path.to_owned()
    } else {
        format!("{path}::**")
    }
}

/// The paths of those that are `first` but for the segment `at`, and were put there for the same reason.
fn alike<'p>(first: &Part, left: &[&'p Part], at: usize) -> Vec<&'p str> {
    let alike = |part: &&&Part| {
        part.alone == first.alone
            && part.standing == first.standing
            && (part.standing == Standing::Meant || part.because == first.because)
            && differs_at(&part.path, &first.path, at)
    };
    left.iter()
        .filter(alike)
        .map(|part| part.path.as_str())
        .collect()
}

fn differs_at(a: &str, b: &str, at: usize) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split("::").collect(), b.split("::").collect());
    a.len() == b.len() && (0..a.len()).all(|i| i == at || a[i] == b[i])
}

fn starred(part: &Part, at: usize) -> String {
    let segments = part.path.split("::").enumerate();
    let segments: Vec<&str> = segments
        .map(|(i, it)| if i == at { "*" } else { it })
        .collect();
    segments.join("::")
}

/// Whether all modules that have the path of `part` but for the segment `at`, and those below them, are of
/// its role already.
fn is_free(part: &Part, at: usize, all: &[Part], facts: &Facts) -> bool {
    let length = part.path.split("::").count();
    facts.modules.iter().all(|module| {
        let mut segments = module.path.split("::");
        let head: Vec<&str> = segments.by_ref().take(length).collect();
        let touched = head.len() == length
            && differs_at(&head.join("::"), &part.path, at)
            && !(part.alone && segments.next().is_some());
        let same = |other: &Part| {
            let below = module.path.strip_prefix(&other.path);
            other.role == part.role
                && below
                    .is_some_and(|rest| rest.is_empty() || (!other.alone && rest.starts_with("::")))
        };
        !touched || all.iter().any(same)
    })
}
