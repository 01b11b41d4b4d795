//! `unsigned-update`: an update is bound before it is verified, or the steps of Section X are out of order.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::constitution::Plane;
use crate::facts::flow::{Act, Call, Routine};
use crate::facts::graph::PackageId;
use crate::facts::literal::Written;
use crate::finding::{Confidence, Hop, Level, RuleMeta};
use crate::rules::federation::{Names, Step, names};
use crate::rules::federation_contract::FederationContract;
use crate::rules::update_walk::{At, Wrong, walk};
use crate::rules::{Case, Draft, Rule, Sink, TESTS, words};
use crate::text::Place;

pub(crate) struct UnsignedUpdate;

impl Rule for UnsignedUpdate {
    const META: &'static RuleMeta = &RuleMeta {
        id: "unsigned-update",
        trigger: None,
        clause: "X",
        summary: "an update is bound before it is verified, or a step of its binding is missing or out of order",
        level: Level::Breach,
        page: include_str!("../../rules/unsigned-update.md"),
        options: &[
            TESTS,
            names("ingest", "more names of functions that ingest updates"),
            names("types", "more names of types that are updates"),
            names("verify", "more names of what verifies a signature"),
            names("compatibility", "more names of what checks compatibility"),
            names(
                "checkpoint",
                "more names of what makes a rollback checkpoint",
            ),
            names("bind", "more names of what binds an update"),
            names("integrity", "more names of what verifies integrity"),
            names("report", "more names of what reports to the federation"),
            names("rollback", "more names of what rolls back"),
        ],
    };

    fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
        if case.facts.routines.is_empty() {
            return;
        }
        let names = Names::updates(case, Self::META);
        let contract = Names::contract(case, FederationContract::META);
        let routines = Routines::new(case, &names);
        for root in routines.ingesting(case, &names, &contract) {
            let wrong = walk(&routines, &names, root);
            for draft in drafts(case, &routines, root, &wrong) {
                sink.push(draft);
            }
        }
    }
}

/// The routines of a workspace, found by their names within a package.
pub(crate) struct Routines<'a> {
    all: &'a [Routine<String, Written>],
    packages: Vec<PackageId>,
    by_name: HashMap<(PackageId, &'a str), Vec<usize>>,
    /// By routine, the steps that are taken in it or in what it calls.
    takes: Vec<BTreeSet<Step>>,
}

impl<'a> Routines<'a> {
    /// How far helpers of helpers are followed.
    pub(crate) const DEEPEST: usize = 8;

    /// More functions of one name than this say nothing.
    const MOST_ALIKE: usize = 6;

    fn new(case: &Case<'a>, names: &Names) -> Self {
        let all = case.facts.routines.as_slice();
        let packages: Vec<PackageId> = all
            .iter()
            .map(|routine| case.module(routine.at.module).package)
            .collect();
        let mut by_name: HashMap<(PackageId, &str), Vec<usize>> = HashMap::new();
        for (at, (routine, package)) in all.iter().zip(&packages).enumerate() {
            let alike = by_name.entry((*package, &routine.name)).or_default();
            alike.push(at);
        }
        let mut routines = Self {
            all,
            packages,
            by_name,
            takes: vec![BTreeSet::new(); all.len()],
        };
        routines.gather(names);
        routines
    }

    /// Which steps each takes, itself or by what it calls: until nothing is added any more.
    fn gather(&mut self, names: &Names) {
        let mut callers: Vec<Vec<usize>> = vec![Vec::new(); self.all.len()];
        for (at, routine) in self.all.iter().enumerate() {
            let mut steps = BTreeSet::new();
            let mut called = Vec::new();
            routine.does.calls(&mut |call| {
                steps.extend(names.step(call));
                called.extend(self.alike(at, call));
            });
            called.into_iter().for_each(|to| callers[to].push(at));
            self.takes[at] = steps;
        }
        let mut open: Vec<usize> = (0..self.all.len()).collect();
        while let Some(at) = open.pop() {
            for &caller in &callers[at] {
                let before = self.takes[caller].len();
                let more = self.takes[at].clone();
                self.takes[caller].extend(more);
                if self.takes[caller].len() > before {
                    open.push(caller);
                }
            }
        }
    }

    pub(crate) fn does(&self, routine: usize) -> &'a Act<String> {
        &self.all[routine].does
    }

    pub(crate) fn place(&self, routine: usize) -> Place {
        self.all[routine].at.place
    }

    /// The functions of the same package that a call may mean.
    fn alike(&self, from: usize, call: &Call<String>) -> Vec<usize> {
        let key = (self.packages[from], call.name.as_str());
        let Some(alike) = self.by_name.get(&key) else {
            return Vec::new();
        };
        let caller = &self.all[from];
        let means = |routine: &Routine<String, Written>| {
            let of = routine.of.as_ref();
            let named = |name: &&String| name.starts_with(|c: char| c.is_uppercase());
            // What tests compile is not what production calls.
            let compiled = caller.at.test || !routine.at.test;
            compiled
                && match (call.own, call.of.as_ref().filter(named)) {
                    (true, _) => of == caller.of.as_ref() && of.is_some(),
                    (false, Some(type_)) => of == Some(type_),
                    (false, None) => of.is_some() == call.on.is_some(),
                }
        };
        let alike = alike.iter().copied();
        let alike: Vec<usize> = alike.filter(|at| means(&self.all[*at])).collect();
        match alike.len() {
            0..=Self::MOST_ALIKE => alike,
            _ => Vec::new(),
        }
    }

    /// The routines to follow into at a call, and whether there is more to it than those. What is named
    /// after a step is that step, unless it takes the same one within, or binds.
    pub(crate) fn helpers(
        &self,
        from: usize,
        call: &Call<String>,
        step: Option<Step>,
    ) -> (Vec<usize>, bool) {
        let alike = self.alike(from, call);
        let count = alike.len();
        let within = |at: &usize| {
            let takes = &self.takes[*at];
            match step {
                Some(step) => takes.contains(&step) || takes.contains(&Step::Bind),
                None => !takes.is_empty(),
            }
        };
        let helpers: Vec<usize> = alike.into_iter().filter(within).collect();
        let others = helpers.is_empty() || helpers.len() < count;
        (helpers, others)
    }

    /// The functions of runtime structures that an update comes in by, without those that they call.
    fn ingesting(&self, case: &Case<'_>, names: &Names, contract: &Names) -> Vec<usize> {
        let runtime = |routine: &Routine<String, Written>| {
            let layer = case.module_layer(routine.at.module);
            layer.is_some_and(|layer| layer.plane == Plane::Runtime)
        };
        let found = (0..self.all.len()).filter(|at| {
            let routine = &self.all[*at];
            runtime(routine)
                && self.takes[*at].contains(&Step::Bind)
                && self.ingests(*at, names, contract)
        });
        let found: Vec<usize> = found.collect();
        let mut called = BTreeSet::new();
        for &root in &found {
            if !called.contains(&root) {
                let mut met = BTreeSet::from([root]);
                let mut open = vec![root];
                while let Some(at) = open.pop() {
                    self.all[at].does.calls(&mut |call| {
                        for to in self.alike(at, call) {
                            if met.insert(to) {
                                open.push(to);
                            }
                        }
                    });
                }
                met.remove(&root);
                called.append(&mut met);
            }
        }
        let mut roots = found;
        roots.retain(|root| !called.contains(root));
        roots
    }

    fn ingests(&self, at: usize, names: &Names, contract: &Names) -> bool {
        let routine = &self.all[at];
        let given = |key: &str| routine.takes.iter().any(|type_| names.has(key, type_));
        let implements = routine.implements.as_ref();
        let steps = &self.takes[at];
        let other = |step: &Step| !matches!(step, Step::Bind | Step::Report);
        names.has("ingest", &routine.name)
            || given("types")
            || implements.is_some_and(|name| contract.has("signed-update", name))
            || names.has("may-ingest", &routine.name)
                && (steps.iter().any(other) || given("may-be-types"))
    }
}

/// One finding for each place; what is missing at a binding is told at once.
fn drafts(
    case: &Case<'_>,
    routines: &Routines<'_>,
    root: usize,
    wrong: &BTreeSet<(At, Wrong)>,
) -> Vec<Draft> {
    let mut missing: BTreeMap<At, Vec<Step>> = BTreeMap::new();
    let mut drafts = Vec::new();
    let name = &routines.all[root].name;
    for (at, wrong) in wrong {
        let (message, step) = match wrong {
            Wrong::Missing(step) => {
                missing.entry(*at).or_default().push(*step);
                continue;
            }
            Wrong::After(step, other) => (
                format!("`{name}` takes {} only after {}", step.says(), other.says()),
                *step,
            ),
            Wrong::Before(step, other) => (
                format!("`{name}` takes {} before {}", step.says(), other.says()),
                *step,
            ),
            Wrong::Ignored(step) => (
                format!(
                    "`{name}` binds the update although {} may have failed here",
                    step.says()
                ),
                *step,
            ),
            Wrong::NotRolledBack => (
                format!(
                    "`{name}` leaves the update bound where the verification of integrity fails"
                ),
                Step::Rollback,
            ),
            Wrong::Lost => (
                format!("`{name}` ingests an update in too many ways to be followed"),
                Step::Bind,
            ),
        };
        drafts.push(draft(case, routines, root, *at, message, step.key()));
    }
    for (at, steps) in missing {
        let without = steps.iter().map(|step| step.says());
        let without: Vec<&str> = without.collect();
        let message = match steps.contains(&Step::Verify) {
            true => format!(
                "`{name}` binds an update that nobody has verified: on some path it lacks {}",
                told(&without)
            ),
            false => format!(
                "`{name}` binds an update, and on some path it lacks {}",
                told(&without)
            ),
        };
        let keys: Vec<&str> = steps.iter().map(|step| step.key()).collect();
        drafts.push(draft(case, routines, root, at, message, &keys.join(", ")));
    }
    drafts
}

fn told(parts: &[&str]) -> String {
    match parts {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

fn draft(
    case: &Case<'_>,
    routines: &Routines<'_>,
    root: usize,
    (place, routine): At,
    message: String,
    target: &str,
) -> Draft {
    let help = "take the steps in the order of Section X: verify the signature, check compatibility, make a \
                checkpoint, bind, verify integrity, report, and roll back if integrity fails; a failure of the first \
                three must end it";
    let at = &routines.all[routine].at;
    let module = at.module;
    let hop = Hop {
        place: routines.place(root),
        label: format!(
            "{} ingests the update",
            words::listed([&routines.all[root].name]).unwrap_or_default()
        ),
    };
    Draft {
        confidence: Confidence::Likely,
        target: Some(target.to_owned()),
        cfg: at.cfg.clone(),
        test: at.test || routines.all[root].at.test,
        chain: vec![hop],
        because: vec![case.why_module(module)],
        ..Draft::at(place, message, help.to_owned()).of_module(case, module)
    }
}
