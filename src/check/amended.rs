//! Judging a change by two laws: the one at the base, and the one that the change brings.

use std::collections::{BTreeMap, BTreeSet};

use super::base::{Base, Past};
use super::left_out::{Outsider, kept_out, taken_out};
use super::{Judged, Matter, heirs};
use crate::constitution::{Claim, Constitution, Draft, FILE_NAME, Tracked};
use crate::facts::graph::PackageId;
use crate::finding::{Because, Finding};
use crate::layering::{Assigned, Layering, Pins, layer_of_name};
use crate::rules::weakened_law::{Amendment, LeftOut, WeakenedLaw};
use crate::rules::{self, Case, Rule};
use crate::text::{FileId, Place, Text, relative};

impl Matter {
    /// Judges by the law at the base and by the law of now, where both must be kept: a change can add to
    /// the law, but not take away from it.
    ///
    /// # Errors
    /// If neither law claims anything here.
    pub(crate) fn judge_since(&mut self, base: &Base) -> miette::Result<Judged> {
        let file = self.law_file();
        match &base.past {
            Past::Lawless(_) => Ok(self.judge()?),
            Past::Unreadable(reason) => {
                let mut law = self.law.clone();
                // What cannot be compared can have been weakened, and this rule too.
                law.rules.remove(WeakenedLaw::META.id);
                let amendment = Amendment {
                    base: &base.name,
                    before: Err(reason),
                    after: &self.law,
                    layering: &self.layering,
                    file,
                    left_out: &[],
                };
                let case = Case::new(&law, &self.facts, &self.layering, &self.names);
                Ok(self.judge_by(&case.amended(&amendment)))
            }
            Past::Lawful(earlier) => {
                let past = &earlier.matter;
                let amended = Amended::new(self, past, base);
                let amendment = Amendment {
                    base: &base.name,
                    before: Ok(&amended.before),
                    after: &self.law,
                    layering: &self.layering,
                    file,
                    left_out: &amended.left_out,
                };
                let law = &amended.law;
                let case = Case::new(law, &self.facts, &amended.layering, &self.names);
                let judged = self.judge_by(&case.amended(&amendment));
                Ok(self.joined(judged, amended.file, base))
            }
        }
    }

    /// The file of the law, which need not be there.
    fn law_file(&mut self) -> FileId {
        let sources = &mut self.facts.sources;
        let known = sources
            .all()
            .find(|file| sources.shown(*file) == self.law.name);
        known.unwrap_or_else(|| {
            let path = sources.root().join(FILE_NAME);
            sources.add(&path)
        })
    }

    /// What the law of now finds, and what only the one at the base does, which is in `file`.
    fn joined(&self, by_base: Judged, file: Option<FileId>, base: &Base) -> Judged {
        let mut all = self.judge_by(&self.case());
        let key = |finding: &Finding| {
            let about = finding.target.clone();
            let about = about.unwrap_or_else(|| finding.message.clone());
            (finding.rule.id, finding.place, about)
        };
        let known: BTreeSet<_> = all.findings.iter().map(key).collect();
        for mut finding in by_base.findings {
            // What the earlier law says of itself is not the matter.
            if Some(finding.place.file) == file {
                continue;
            }
            if !known.contains(&key(&finding)) && finding.rule != WeakenedLaw::META {
                finding.because.push(Because {
                    text: format!(
                        "so says the law of {}; that of the change does not",
                        base.name
                    ),
                    place: None,
                });
            }
            // Of two that say the same, the report keeps the graver.
            all.findings.push(finding);
        }
        all.blind_spots.extend(by_base.blind_spots);
        all.secrets.extend(by_base.secrets);
        all
    }
}

/// The law at the base, as it judges the workspace of now.
struct Amended {
    /// As it was.
    before: Constitution,
    /// With what the change may add.
    law: Constitution,
    layering: Layering,
    /// Where the workspace's sources have the law's file of then.
    file: Option<FileId>,
    left_out: Vec<LeftOut>,
}

impl Amended {
    fn new(now: &mut Matter, past: &Matter, base: &Base) -> Self {
        let (before, file) = quoted(now, past, base);
        let mut law = before.with_additions(&now.law);
        law.name = format!("{} of {}", past.law.name, base.name);
        let packages = heirs::packages(&past.facts, &now.facts);
        let with_layers = |id: PackageId| past.layering.has_module_layers(id);
        let modules = heirs::modules(&past.facts, &now.facts, &packages, &with_layers);
        let remember = |assigned: &Assigned| remembered(assigned, past, file);
        let mut pins = Pins {
            old_assigns: Some(before.assigns.len()),
            ..Pins::default()
        };
        for (id, was) in &packages {
            let assigned = past.layering.package(*was);
            pins.packages.extend(assigned.map(|it| (*id, remember(it))));
            if with_layers(*was) {
                pins.with_module_layers.insert(*id);
            }
        }
        for (id, was) in &modules {
            let assigned = past.layering.module(*was);
            pins.modules.extend(assigned.map(|it| (*id, remember(it))));
        }
        let claims = claims(&law, now, past, &packages);
        let left_out = left_out(now, past, base, &packages, &before);
        let tracked = tracked(now, past, base);
        Self {
            layering: Layering::pinned(&law, &claims, &tracked, &now.facts, &pins),
            before,
            law,
            file,
            left_out,
        }
    }
}

/// The law of then, with places that the sources of now can show.
fn quoted(now: &mut Matter, past: &Matter, base: &Base) -> (Constitution, Option<FileId>) {
    let sources = &past.facts.sources;
    let file = sources
        .all()
        .find(|file| sources.shown(*file) == past.law.name);
    let Some(file) = file.filter(|_| !past.law.text.is_empty()) else {
        return (past.law.clone(), None);
    };
    let shown = format!("{} of {}", past.law.name, base.name);
    let id = now.facts.sources.add_beside(sources.path(file), shown);
    let text = Text::new(past.law.text.clone());
    let draft = Draft::parse(&text, id, &past.law.name, rules::all());
    (draft.law, Some(id))
}

/// What a package had then, for who reads it now.
fn remembered(assigned: &Assigned, past: &Matter, file: Option<FileId>) -> Assigned {
    let shown = |place: Place| past.facts.sources.shown(place.file) == past.law.name;
    let place = assigned.place.filter(|place| shown(*place));
    Assigned {
        place: place.and_then(|place| {
            Some(Place {
                file: file?,
                ..place
            })
        }),
        because: format!("{}, at the base", assigned.because),
        ..assigned.clone()
    }
}

/// What manifests claim: those of then for packages that were there, for a claim cannot be changed by who
/// makes it.
fn claims(
    law: &Constitution,
    now: &Matter,
    past: &Matter,
    packages: &BTreeMap<PackageId, PackageId>,
) -> Vec<Option<Claim>> {
    let ids = now.facts.graph.package_ids();
    ids.map(|id| {
        let package = now.facts.graph.package(id);
        let Some(was) = packages.get(&id) else {
            package.claim?;
            let text = now.facts.sources.read(package.manifest);
            return Claim::read(law, &text, package.manifest).ok().flatten();
        };
        let claim = past.claims.get(was.0)?.clone()?;
        Some(claim.standing_at(package.place))
    })
    .collect()
}

/// What the trackers of now and of then say: the strictest holds.
fn tracked(now: &mut Matter, past: &Matter, base: &Base) -> Vec<Tracked> {
    let mut all = now.tracked.clone();
    let places = past.tracked.iter().flat_map(|row| {
        let state = row.state.map(|(_, place)| place);
        state.into_iter().chain(row.phase.map(|(_, place)| place))
    });
    let Some(file) = places.map(|place| place.file).next() else {
        return all;
    };
    let sources = &past.facts.sources;
    let shown = format!("{} of {}", sources.shown(file), base.name);
    let file = now.facts.sources.add_beside(sources.path(file), shown);
    let here = |place: Place| Place { file, ..place };
    all.extend(past.tracked.iter().map(|row| Tracked {
        name: row.name.clone(),
        state: row.state.map(|(state, place)| (state, here(place))),
        phase: row.phase.map(|(phase, place)| (phase, here(place))),
    }));
    all
}

/// Packages that the law at the base binds and that the check does not see.
fn left_out(
    now: &mut Matter,
    past: &Matter,
    base: &Base,
    packages: &BTreeMap<PackageId, PackageId>,
    before: &Constitution,
) -> Vec<LeftOut> {
    let outsiders = Outsider::all(&now.facts, &base.files);
    let stayed: BTreeSet<PackageId> = packages.values().copied().collect();
    let gone = past.facts.graph.package_ids().filter_map(|id| {
        let layer = past.layering.package(id)?.layer;
        let layer = past.law.layer(layer).name.clone();
        (!stayed.contains(&id)).then_some((id, layer))
    });
    let gone: Vec<(PackageId, String)> = gone.collect();
    let (then, facts) = (&past.facts, &mut now.facts);
    let mut all = taken_out(then, facts, &gone, &outsiders, &base.elsewhere);
    for outsider in &outsiders {
        let root = now.facts.sources.root();
        let layer = layer_of_name(before, &outsider.name, &relative(root, &outsider.folder));
        let told = all.iter().any(|left| left.name == outsider.name);
        if let Some(layer) = layer
            && !told
            && !base
                .files_then
                .contains(&outsider.folder.join("Cargo.toml"))
        {
            let layer = &before.layer(layer).name;
            all.push(kept_out(&mut now.facts, outsider, layer));
        }
    }
    all
}
