//! Packages: placed by their names and folders, else by what they reach.

use std::collections::BTreeSet;

use super::words::{self, Meaning, Role, Trust};
use super::{Base, Placed, Proposal, Standing};
use crate::facts::Facts;
use crate::facts::graph::{EdgeKind, Node, Package, PackageId, TargetKind};
use crate::finding::Finding;
use crate::text::relative;

/// Places packages by what they are called; the others are guessed to be pure until [`give_up`] finds
/// otherwise.
pub(super) fn by_name(facts: &Facts, base: Base, claimed: &[bool]) -> Proposal {
    let graph = &facts.graph;
    let names: Vec<&str> = graph
        .packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let prefix = words::prefix(&names);
    let used: BTreeSet<PackageId> = production(facts).map(|(_, to)| to).collect();
    let folder = |package: &Package| relative(facts.sources.root(), &package.folder);
    let found: Vec<Option<Found>> = graph
        .packages
        .iter()
        .map(|package| {
            // Where there is one package, its name is the project's.
            let found = meaning(package, &folder(package), &prefix);
            found.filter(|_| names.len() > 1)
        })
        .collect();
    let roles: Vec<Role> = found.iter().flatten().filter_map(Found::layer).collect();
    let placed = graph.package_ids().map(|id| {
        let package = graph.package(id);
        if claimed[id.0] {
            return Placed {
                role: None,
                standing: Standing::Claimed,
                spoken: false,
                because: String::new(),
            };
        }
        let placed = match &found[id.0] {
            Some(found) => found.placed(&roles),
            None => by_targets(package, used.contains(&id)),
        };
        match base {
            Base::Own => placed,
            Base::WebWaka => in_webwaka(placed),
        }
    });
    let packages: Vec<Placed> = placed.collect();
    let meant = |placed: &Placed| {
        placed.standing == Standing::Meant && placed.role.is_some_and(Role::is_capability)
    };
    Proposal {
        base,
        // A claim may be any layer's, so all layers are there for it.
        named: packages.iter().any(meant) || claimed.contains(&true),
        packages,
        parts: Vec::new(),
    }
}

/// The built-in law has no layer that a domain or an adapter of no name belongs to.
fn in_webwaka(placed: Placed) -> Placed {
    let known = matches!(placed.role, Some(Role::Shared | Role::Composition));
    Placed {
        role: placed.role.filter(|_| known),
        because: match known {
            true => placed.because,
            false => "its name is none of the built-in law's".to_owned(),
        },
        ..placed
    }
}

/// What a package's name or one of its folders means.
struct Found {
    meaning: Meaning,
    because: String,
    /// Whether it is a folder's, around several packages maybe: such a folder is there to say it.
    around: bool,
}

impl Found {
    /// The role, if it is relied upon whatever stands beside it.
    fn layer(&self) -> Option<Role> {
        let sure = self.around || self.meaning.trust != Trust::Guess;
        sure.then_some(self.meaning.role)
    }

    fn placed(&self, beside: &[Role]) -> Placed {
        let around = self.around && self.meaning.trust != Trust::Guess;
        let sure = around || self.meaning.is_sure(beside.iter().copied());
        Placed {
            role: Some(self.meaning.role),
            standing: if sure {
                Standing::Meant
            } else {
                Standing::Guessed
            },
            spoken: true,
            because: self.because.clone(),
        }
    }
}

/// The name beats the folders, the nearer folder the further; what is sure beats all guesses.
fn meaning(package: &Package, folder: &str, prefix: &str) -> Option<Found> {
    let by_name = words::package(&package.name, prefix).map(|meaning| Found {
        because: match meaning.trust {
            Trust::Guess => format!("`{}` in its name", meaning.word),
            _ => "its name".to_owned(),
        },
        meaning,
        around: false,
    });
    let folders: Vec<&str> = folder
        .split('/')
        .filter(|it| !matches!(*it, "." | ".."))
        .collect();
    let own = folders.len().saturating_sub(1);
    let program = folders
        .iter()
        .take(own)
        .rev()
        .find(|it| words::holds_programs(it));
    let program = program
        .filter(|_| has(package, TargetKind::Bin))
        .map(|folder| Found {
            because: format!("a program in `{folder}`"),
            meaning: words::PROGRAM,
            around: true,
        });
    let by_folder = folders.iter().enumerate().rev().find_map(|(at, folder)| {
        let meaning = words::whole(folder)?;
        Some(Found {
            because: format!("its folder `{folder}`"),
            meaning,
            around: at != own,
        })
    });
    // What is common to a layer's packages is of that layer.
    let of_layer = |found: &Found| found.around && found.layer().is_some_and(Role::is_layer);
    let common = by_name
        .as_ref()
        .is_some_and(|it| it.meaning.role == Role::Shared);
    if common && by_folder.as_ref().is_some_and(of_layer) {
        return by_folder;
    }
    let mut found = [by_name, program, by_folder].into_iter().flatten();
    let first = found.next()?;
    if first.meaning.trust != Trust::Guess {
        return Some(first);
    }
    let sure = found.find(|found| found.meaning.trust != Trust::Guess);
    Some(sure.unwrap_or(first))
}

fn by_targets(package: &Package, used: bool) -> Placed {
    let production = [TargetKind::Lib, TargetKind::ProcMacro, TargetKind::Bin];
    let guess = |role, because: &str| Placed {
        role: Some(role),
        standing: Standing::Guessed,
        spoken: false,
        because: because.to_owned(),
    };
    if has(package, TargetKind::ProcMacro) {
        guess(Role::Shared, "its macros are for all")
    } else if has(package, TargetKind::Bin) && !used {
        guess(Role::Composition, "a program that no package depends on")
    } else if !production.into_iter().any(|kind| has(package, kind)) {
        guess(Role::Composition, "tests and examples only")
    } else {
        guess(Role::Domain, PURE)
    }
}

const PURE: &str = "reaches no engine today";

fn has(package: &Package, kind: TargetKind) -> bool {
    package.targets.iter().any(|target| target.kind == kind)
}

/// Dependencies between packages that are not for tests or build scripts alone.
fn production(facts: &Facts) -> impl Iterator<Item = (PackageId, PackageId)> {
    facts.graph.edges.iter().filter_map(|edge| match edge.to {
        Node::Package(to) if edge.kind == EdgeKind::Normal => Some((edge.from, to)),
        _ => None,
    })
}

/// Moves guesses up until none depends on a layer above its own.
pub(super) fn raise(proposal: &mut Proposal, facts: &Facts) {
    loop {
        let mut moved = false;
        for (from, to) in production(facts) {
            let (Some(own), Some(below)) =
                (proposal.packages[from.0].role, proposal.packages[to.0].role)
            else {
                continue;
            };
            let placed = &proposal.packages[from.0];
            let guessed = placed.standing == Standing::Guessed;
            let role = match below {
                // What speaks of the domain for others: records, messages.
                below if below.is_capability() && own == Role::Shared && placed.spoken => {
                    Role::Infrastructure
                }
                Role::Domain if own == Role::Shared => Role::Application,
                below => below,
            };
            if guessed && below != Role::Shared && role > own && allowed(proposal, role) {
                let target = &facts.graph.package(to).name;
                proposal.packages[from.0].role = Some(role);
                proposal.packages[from.0].because = format!("depends on `{target}`");
                moved = true;
            }
        }
        if !moved {
            return;
        }
    }
}

/// What has no place in the built-in law, or no layer where nothing is named, is left where it is.
fn allowed(proposal: &Proposal, role: Role) -> bool {
    match proposal.base {
        Base::WebWaka => role == Role::Composition,
        Base::Own => proposal.named || role != Role::Application,
    }
}

/// Gives up guesses that the law stops: they are not pure. Whether any was.
pub(super) fn give_up(proposal: &mut Proposal, facts: &Facts, findings: &[Finding]) -> bool {
    let mut moved = false;
    for finding in findings {
        let Some(name) = &finding.package else {
            continue;
        };
        let ids = facts
            .graph
            .package_ids()
            .filter(|id| facts.graph.package(*id).name == *name);
        for id in ids {
            let placed = &mut proposal.packages[id.0];
            if placed.standing == Standing::Guessed && placed.role.is_some_and(Role::is_capability)
            {
                placed.role = Some(Role::Infrastructure);
                placed.because = reached(finding);
                moved = true;
            }
        }
    }
    moved
}

fn reached(finding: &Finding) -> String {
    match (&finding.target, &finding.category) {
        (Some(target), Some(category)) => format!("reaches `{target}` ({category})"),
        (Some(target), None) => format!("reaches `{target}`"),
        (None, _) => "reaches an engine".to_owned(),
    }
}

/// Where names tell the capability layers apart, pure code of no name is for all of them.
pub(super) fn share(proposal: &mut Proposal, facts: &Facts) {
    if !proposal.named || proposal.base == Base::WebWaka {
        return;
    }
    for id in facts.graph.package_ids() {
        let placed = &mut proposal.packages[id.0];
        if placed.standing == Standing::Guessed && placed.because == PURE {
            placed.role = Some(Role::Shared);
        }
    }
}
