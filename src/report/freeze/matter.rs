//! One matter of the document: what happened, its evidence, all its places, and the ways out.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Dossier;
use super::evidence::{Evidence, Exhibit};
use super::ways::{self, Extent, Way, short, upper};
use crate::clause;
use crate::finding::Confidence;
use crate::provenance::Blame;
use crate::report::safe::safe;
use crate::report::{Entry, Report};

/// One section: findings that are one matter.
#[derive(Debug, Serialize)]
pub(super) struct Matter {
    pub(super) number: usize,
    pub(super) rule: &'static str,
    pub(super) trigger: Option<u8>,
    pub(super) clause: &'static str,
    pub(super) sentence: &'static str,
    pub(super) level: &'static str,
    pub(super) title: String,
    pub(super) plain: String,
    pub(super) package: String,
    /// Structures and packages hit, one a line, for the filter.
    pub(super) hit: String,
    pub(super) structures: Vec<String>,
    pub(super) layers: Vec<String>,
    pub(super) target: String,
    pub(super) because: Vec<(String, String)>,
    pub(super) remarks: Vec<String>,
    pub(super) evidence: Vec<Exhibit>,
    /// The same as text, for Markdown.
    pub(super) excerpts: Vec<String>,
    pub(super) change: String,
    pub(super) places: Vec<Spot>,
    pub(super) ways: Vec<Way>,
    pub(super) freezes: bool,
}

/// One place of a matter.
#[derive(Debug, Serialize)]
pub(super) struct Spot {
    at: String,
    says: String,
    change: String,
    /// What the chain goes through.
    through: Vec<(String, String)>,
    fingerprint: String,
}

/// The section of a group of findings: indices into the report's entries, never empty.
pub(super) fn matter(
    report: &Report<'_>,
    dossier: &Dossier,
    evidence: &Evidence<'_>,
    number: usize,
    group: &[usize],
) -> Matter {
    let finding = &report.entries[group[0]].finding;
    let freezes = report.freezes(&report.entries[group[0]]);
    let shown = |text: &Option<String>| {
        text.as_deref()
            .map_or(String::new(), |it| safe(it).into_owned())
    };
    let files: BTreeSet<_> = group
        .iter()
        .map(|at| report.entries[*at].finding.place.file)
        .collect();
    let blame = |at: &usize| dossier.blame.get(&report.entries[*at].finding.place);
    let extent = Extent {
        places: group.len(),
        files: files.len(),
        blame: group.iter().map(blame).collect(),
        fingerprint: &report.entries[group[0]].fingerprint,
    };
    let first = evidence.exhibit(finding.place, &finding.message);
    let hops = finding
        .chain
        .iter()
        .map(|hop| evidence.exhibit(hop.place, &hop.label));
    let exhibits: Vec<Exhibit> = std::iter::once(first).chain(hops).collect();
    let (structures, layers) = hit(dossier, report, group);
    Matter {
        number,
        rule: finding.rule.id,
        trigger: finding.rule.trigger,
        clause: finding.rule.clause,
        sentence: clause::sentence(finding.rule.clause),
        level: finding.level.name(),
        title: upper(&safe(&finding.message)),
        plain: ways::in_plain_words(finding),
        package: shown(&finding.package),
        hit: structures.join("\n"),
        structures,
        layers,
        target: shown(&finding.target),
        because: finding
            .because
            .iter()
            .map(|because| {
                let place = because
                    .place
                    .map_or(String::new(), |place| report.at(place));
                (safe(&because.text).into_owned(), place)
            })
            .collect(),
        remarks: (remarks(report, &report.entries[group[0]]).into_iter())
            .chain(novelty(report, group))
            .collect(),
        excerpts: exhibits.iter().map(Exhibit::plain).collect(),
        evidence: exhibits,
        change: blame(&group[0]).map_or(String::new(), changed),
        places: group.iter().map(|at| spot(report, dossier, *at)).collect(),
        ways: if freezes {
            ways::out(finding, &extent)
        } else {
            Vec::new()
        },
        freezes,
    }
}

/// The structures (packages, where they are of none) and layers at both ends.
fn hit(dossier: &Dossier, report: &Report<'_>, group: &[usize]) -> (Vec<String>, Vec<String>) {
    let picture = &dossier.picture;
    let (mut structures, mut layers) = (BTreeSet::new(), BTreeSet::new());
    for at in group {
        let finding = &report.entries[*at].finding;
        let own = finding.structure.as_ref().or(finding.package.as_ref());
        structures.extend(own.map(|name| safe(name).into_owned()));
        layers.extend(finding.layer.as_ref().map(|name| safe(name).into_owned()));
    }
    // What was found is in ascending order on every arrow.
    let arrows = picture.arrows.iter().filter(|arrow| {
        let mut entries = group.iter();
        entries.any(|at| arrow.entries.binary_search(at).is_ok())
    });
    for node in arrows.flat_map(|arrow| [arrow.from, arrow.to]) {
        if !picture.is_outside(node) {
            let band = &picture.bands[picture.nodes[node].band];
            let node = &picture.nodes[node];
            structures.insert(safe(node.structure.as_ref().unwrap_or(&node.name)).into_owned());
            layers.insert(safe(&band.layer).into_owned());
        }
    }
    (
        structures.into_iter().collect(),
        layers.into_iter().collect(),
    )
}

fn remarks(report: &Report<'_>, entry: &Entry) -> Vec<String> {
    let mut remarks = Vec::new();
    let finding = &entry.finding;
    if let Some(exception) = report.exception(entry) {
        remarks.push(format!(
            "Excepted until {} by `{}`, for which `{}` answers: {}",
            exception.expires,
            safe(&exception.record),
            safe(&exception.owner),
            safe(&exception.reason)
        ));
    }
    if finding.confidence == Confidence::Likely {
        remarks.push("Likely, not certain: this rule judges by likeness here.".to_owned());
    }
    if let Some(guard) = &finding.cfg {
        remarks.push(format!("Only with `{}`.", safe(guard)));
    }
    if finding.test {
        remarks.push("Only in tests.".to_owned());
    }
    remarks
}

/// How much of it was there at the base.
fn novelty(report: &Report<'_>, group: &[usize]) -> Option<String> {
    let name = &report.since.as_ref()?.name;
    let name = safe(name);
    let is_new = |at: &&usize| !report.entries[**at].known;
    let new = group.iter().filter(is_new).count();
    Some(match group.len() {
        1 if new == 1 => format!("New since `{name}`."),
        all if new == all => format!("All {all} places are new since `{name}`."),
        _ if new == 0 => format!("There at `{name}` already."),
        all => format!("{new} of {all} places are new since `{name}`."),
    })
}

fn spot(report: &Report<'_>, dossier: &Dossier, at: usize) -> Spot {
    let entry = &report.entries[at];
    let finding = &entry.finding;
    let through = finding.chain.iter();
    Spot {
        at: report.at(finding.place),
        says: safe(&finding.message).into_owned(),
        change: dossier
            .blame
            .get(&finding.place)
            .map_or(String::new(), changed),
        through: through
            .map(|hop| (report.at(hop.place), safe(&hop.label).into_owned()))
            .collect(),
        fingerprint: entry.fingerprint.clone(),
    }
}

/// Who changed a line last and when.
fn changed(blame: &Blame) -> String {
    match blame {
        Ok(change) => format!(
            "`{}` on {} in `{}` (`{}`)",
            safe(&change.author),
            change.date,
            short(&change.commit),
            safe(&change.summary)
        ),
        Err(reason) => safe(reason).into_owned(),
    }
}
