//! Modules: a package whose folders are its layers is divided among them.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{self, Meaning, Role};
use super::{Base, Part, Proposal, Standing};
use crate::constitution::Constitution;
use crate::facts::Facts;
use crate::facts::graph::{PackageId, TargetKind};
use crate::facts::reference::{Module, ModuleId, Names, Referent};
use crate::layering::Layering;
use crate::rules::{Case, source};

/// Module trees are looked through so deep; what lies deeper belongs to what is around it.
const DEEPEST: usize = 6;

/// Rounds of placing modules by those that use them.
const ROUNDS: usize = 8;

/// A module with all below it that has no meaning of its own: a node of its package's own graph.
struct Unit {
    part: Part,
    /// Whether it has a role yet; without one it has its package's.
    placed: bool,
    /// The first engine that production code in it names, with its category.
    engine: Option<(String, String)>,
    /// Units of the same package that it names, outside of tests.
    names: BTreeSet<usize>,
}

/// Divides the packages of no capability's name in which modules have one.
pub(super) fn split(
    proposal: &mut Proposal,
    facts: &Facts,
    names: &dyn Names,
    built_in: &Constitution,
) {
    if proposal.base == Base::WebWaka {
        return;
    }
    let layering = Layering::new(built_in, &[], &[], facts);
    let case = Case::new(built_in, facts, &layering, names);
    let mut units = units(&case, proposal);
    let divided: BTreeSet<PackageId> = (facts.graph.package_ids())
        .filter(|id| divides(&units, proposal, *id))
        .collect();
    for _ in 0..ROUNDS {
        if !place_used(&mut units) {
            break;
        }
    }
    proposal.parts = programs(facts, proposal);
    for &id in &divided {
        let mut targets = facts.graph.package(id).targets.iter();
        let program = targets.any(|target| target.kind == TargetKind::Bin);
        if program || has_adapters(&units, id) {
            let placed = &mut proposal.packages[id.0];
            placed.role = Some(Role::Composition);
            placed.standing = Standing::Meant;
            placed.because = "wires its modules".to_owned();
        }
    }
    let parts = units
        .into_iter()
        .filter(|unit| unit.placed)
        .map(|unit| unit.part);
    proposal
        .parts
        .retain(|part| !divided.contains(&part.package));
    proposal
        .parts
        .extend(parts.filter(|part| divided.contains(&part.package)));
    let roles: Vec<Option<Role>> = proposal.packages.iter().map(|it| it.role).collect();
    proposal
        .parts
        .retain(|part| is_plain(&part.path) && roles[part.package.0] != Some(part.role));
    proposal
        .parts
        .sort_by(|a, b| (a.package, &a.path).cmp(&(b.package, &b.path)));
    let meant = |part: &Part| part.standing == Standing::Meant && part.role.is_capability();
    proposal.named |= proposal.parts.iter().any(meant);
}

/// The programs beside the libraries of capability packages: they wire, whatever the library is.
fn programs(facts: &Facts, proposal: &Proposal) -> Vec<Part> {
    let roots = facts
        .modules
        .iter()
        .filter(|module| module.parent.is_none());
    let programs = roots.filter(|module| {
        let placed = &proposal.packages[module.package.0];
        let targets = &facts.graph.package(module.package).targets;
        targets[module.target].kind == TargetKind::Bin
            && targets.iter().any(|target| target.kind == TargetKind::Lib)
            && placed.role.is_some_and(Role::is_capability)
    });
    let part = |module: &Module| Part {
        package: module.package,
        path: module.path.clone(),
        alone: false,
        role: Role::Composition,
        standing: Standing::Meant,
        because: "a program".to_owned(),
    };
    programs.map(part).collect()
}

/// Whether a path means itself as a glob.
fn is_plain(path: &str) -> bool {
    path.chars()
        .all(|c| c.is_alphanumeric() || c == '_' || c == ':')
}

/// Whether a package may be divided: it is not of one layer as a whole by its own name.
fn is_open(proposal: &Proposal, package: PackageId) -> bool {
    let placed = &proposal.packages[package.0];
    match placed.standing {
        Standing::Claimed => false,
        Standing::Meant => placed.role == Some(Role::Composition),
        Standing::Guessed => true,
    }
}

/// Whether the modules of a package are layers: one of a capability's name at least, beside adapters where the
/// package's own name says something else.
fn divides(units: &[Unit], proposal: &Proposal, package: PackageId) -> bool {
    let placed = &proposal.packages[package.0];
    let whole = placed.spoken && placed.role != Some(Role::Composition);
    let mut meant = units.iter().filter(|unit| is_meant(unit, package));
    let capability = meant.any(|unit| unit.part.role.is_capability());
    capability && (!whole || has_adapters(units, package))
}

fn has_adapters(units: &[Unit], package: PackageId) -> bool {
    let mut meant = units.iter().filter(|unit| is_meant(unit, package));
    meant.any(|unit| unit.part.role == Role::Infrastructure)
}

fn is_meant(unit: &Unit, package: PackageId) -> bool {
    unit.placed && unit.part.package == package && unit.part.standing == Standing::Meant
}

/// The units of all packages that may be divided, with what they name; those with a meaning are placed.
fn units(case: &Case<'_>, proposal: &Proposal) -> Vec<Unit> {
    let meanings = meanings(case, proposal);
    let (mut units, of_module) = gathered(case, proposal, &meanings);
    let engines = case.engines();
    for reference in case.facts.references.iter().filter(|it| !it.test) {
        let Some(from) = of_module[reference.from.0 as usize] else {
            continue;
        };
        if let Some(engine) = engines[reference.to.0 as usize] {
            let named = || (source::path(case, reference.to), engine.category.to_owned());
            units[from].engine.get_or_insert_with(named);
        }
        if let Referent::Item { module, .. } = case.referent(reference.to)
            && let Some(to) = of_module[module.0 as usize]
            && to != from
            && units[to].part.package == units[from].part.package
        {
            units[from].names.insert(to);
        }
    }
    let driving = driving_ports(case);
    for unit in &mut units {
        let guessed = unit.part.standing == Standing::Guessed || driving.contains(&unit.part.path);
        if let Some((target, category)) = &unit.engine
            && guessed
            && unit.placed
            && unit.part.role < Role::Infrastructure
        {
            unit.part.role = Role::Infrastructure;
            unit.part.standing = Standing::Guessed;
            unit.part.because = format!("reaches `{target}` ({category})");
        }
    }
    units
}

/// Modules called ports that hold adapters by their names: to some teams, ports are what drives.
fn driving_ports(case: &Case<'_>) -> BTreeSet<String> {
    let name = |at: usize| {
        case.facts.modules[at]
            .path
            .rsplit("::")
            .next()
            .unwrap_or_default()
    };
    let adapters = (0..case.facts.modules.len()).filter(|at| words::is_adapter(name(*at)));
    let around = adapters.flat_map(|at| above(case, at));
    let ports = around.filter(|at| matches!(name(*at), "ports" | "port"));
    ports
        .map(|at| case.facts.modules[at].path.clone())
        .collect()
}

/// What the names of production modules mean, by module. A layer's name means all below it too.
fn meanings(case: &Case<'_>, proposal: &Proposal) -> Vec<Option<(Meaning, bool)>> {
    let facts = case.facts;
    let mut found: Vec<Option<Meaning>> = vec![None; facts.modules.len()];
    let mut roles: BTreeMap<PackageId, BTreeSet<Role>> = BTreeMap::new();
    for (at, module) in facts.modules.iter().enumerate() {
        let kind = facts.graph.package(module.package).targets[module.target].kind;
        let production = matches!(kind, TargetKind::Lib | TargetKind::Bin) && !module.test;
        if !production || module.parent.is_none() || !is_open(proposal, module.package) {
            continue;
        }
        let depth = module.path.split("::").count();
        let name = module.path.rsplit("::").next().unwrap_or_default();
        let top = module
            .parent
            .is_some_and(|id| case.module(id).parent.is_none());
        let heeded = |meaning: &Meaning| depth <= DEEPEST && (top || meaning.holds_within());
        if let Some(meaning) = words::whole(name).filter(heeded) {
            roles
                .entry(module.package)
                .or_default()
                .insert(meaning.role);
            found[at] = Some(meaning);
        }
    }
    let sure: Vec<Option<(Meaning, bool)>> = (found.iter().zip(&facts.modules))
        .map(|(meaning, module)| {
            let meaning = (*meaning)?;
            let beside = roles.get(&module.package).into_iter().flatten().copied();
            Some((meaning, meaning.is_sure(beside)))
        })
        .collect();
    let covers =
        |at: &usize| sure[*at].is_some_and(|(meaning, sure)| sure && meaning.role != Role::Shared);
    let depth = |at: usize| facts.modules[at].path.split("::").count();
    let ids = (0..facts.modules.len()).map(|at| {
        let (own, _) = sure[at]?;
        let slice = |cover: usize| words::divides_slices(own.word) && depth(at) > depth(cover) + 1;
        let covered = above(case, at)
            .find(covers)
            .is_some_and(|cover| !slice(cover));
        let nearest = above(case, at).find_map(|at| sure[at]);
        let said = nearest.is_some_and(|(meaning, _)| meaning.role == own.role);
        sure[at].filter(|_| !covered && !said)
    });
    ids.collect()
}

/// The modules around one, the innermost first.
fn above<'a>(case: &'a Case<'_>, at: usize) -> impl Iterator<Item = usize> + use<'a> {
    let parent = |at: usize| {
        case.facts.modules[at]
            .parent
            .map(|id: ModuleId| id.0 as usize)
    };
    std::iter::successors(parent(at), move |at| parent(*at))
}

/// The units, and which of them each module belongs to.
fn gathered(
    case: &Case<'_>,
    proposal: &Proposal,
    meanings: &[Option<(Meaning, bool)>],
) -> (Vec<Unit>, Vec<Option<usize>>) {
    let modules = &case.facts.modules;
    let mut mixed = vec![false; modules.len()];
    for at in (0..modules.len()).filter(|at| meanings[*at].is_some()) {
        above(case, at).for_each(|above| mixed[above] = true);
    }
    let mut units: Vec<Unit> = Vec::new();
    let mut known: BTreeMap<usize, usize> = BTreeMap::new();
    let mut of_module = vec![None; modules.len()];
    for (at, module) in modules.iter().enumerate() {
        let kind = case.facts.graph.package(module.package).targets[module.target].kind;
        if !matches!(kind, TargetKind::Lib | TargetKind::Bin) || !is_open(proposal, module.package)
        {
            continue;
        }
        let around = || std::iter::once(at).chain(above(case, at));
        let plain = |at: &usize| !mixed[*at] && modules[*at].parent.is_some();
        let top = around()
            .find(|at| meanings[*at].is_some())
            .or_else(|| around().take_while(plain).last())
            .unwrap_or(at);
        let unit = *known.entry(top).or_insert_with(|| {
            let alone = meanings[top].is_none() && (mixed[top] || modules[top].parent.is_none());
            units.push(unit(
                &modules[top].path,
                module.package,
                alone,
                meanings[top],
            ));
            units.len() - 1
        });
        of_module[at] = Some(unit);
    }
    (units, of_module)
}

fn unit(path: &str, package: PackageId, alone: bool, meaning: Option<(Meaning, bool)>) -> Unit {
    let (role, sure) = meaning.map_or((Role::Composition, false), |(it, sure)| (it.role, sure));
    Unit {
        part: Part {
            package,
            path: path.to_owned(),
            alone,
            role,
            standing: if sure {
                Standing::Meant
            } else {
                Standing::Guessed
            },
            because: match meaning {
                Some((it, false)) => format!("it is called `{}`", it.word),
                _ => "its name".to_owned(),
            },
        },
        placed: meaning.is_some(),
        engine: None,
        names: BTreeSet::new(),
    }
}

/// Places what has no meaning by the lowest unit that names it: it belongs to all or to that layer if its own
/// names and engines let it, else to the adapters. Whether any was placed.
fn place_used(units: &mut [Unit]) -> bool {
    let mut lowest: Vec<Option<usize>> = vec![None; units.len()];
    for (at, unit) in units.iter().enumerate().filter(|(_, unit)| unit.placed) {
        for &to in unit.names.iter().filter(|to| !units[**to].placed) {
            let lower = |other: usize| units[other].part.role <= unit.part.role;
            if unit.part.role < Role::Composition && !lowest[to].is_some_and(lower) {
                lowest[to] = Some(at);
            }
        }
    }
    let mut moved = false;
    for to in 0..units.len() {
        let Some(user) = lowest[to] else { continue };
        let reaches = units[to].names.iter().filter(|it| units[**it].placed);
        let highest = reaches
            .map(|it| units[*it].part.role)
            .max()
            .unwrap_or(Role::Shared);
        let highest = match units[to].engine {
            Some(_) => highest.max(Role::Infrastructure),
            None => highest,
        };
        let role = match (units[user].part.role, highest) {
            (_, Role::Composition) => continue,
            (_, Role::Infrastructure) => Role::Infrastructure,
            (Role::Infrastructure, _) => Role::Infrastructure,
            (_, highest) => highest,
        };
        // The root names all that it wires.
        if units[to].part.alone && role > Role::Domain {
            continue;
        }
        let user = &units[user].part.path;
        units[to].part.because = format!("`{user}` names it");
        units[to].part.role = role;
        units[to].placed = true;
        moved = true;
    }
    moved
}
