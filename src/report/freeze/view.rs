//! The document as its templates want it: every word harmless, every number counted.

use std::collections::BTreeSet;

use serde::Serialize;

use super::evidence::Evidence;
use super::matter::{Matter, matter};
use super::protocol::{self, Step};
use super::ways::{count, upper};
use super::{Dossier, groups};
use crate::clause;
use crate::finding::Level;
use crate::picture::Picture;
use crate::report::graph::{Mark, MatrixScene, Scene};
use crate::report::safe::safe;
use crate::report::{Report, Verdict};
use crate::tool::TOOL;

/// Over this many boxes only what the breaches touch is drawn one by one.
const DRAWN: usize = 150;

#[derive(Debug, Serialize)]
pub(super) struct Document {
    verdict: &'static str,
    title: String,
    headline: String,
    lead: String,
    question: String,
    tool: &'static str,
    fail_on: &'static str,
    escalation: Vec<(&'static str, String)>,
    frozen: Vec<Frozen>,
    triggers: Vec<Trigger>,
    breaches: Vec<Matter>,
    others: Vec<Matter>,
    spots: Vec<(String, String)>,
    steps: Vec<Step>,
    counts: Vec<(&'static str, usize)>,
    checked: String,
    /// What is new, and since when.
    compared: String,
    origin: Vec<(&'static str, String)>,
    structures: Vec<String>,
    /// Whether lawful boxes are drawn as one a layer.
    folded: bool,
    /// By entry: the number of its matter, and what it says.
    #[serde(skip)]
    marks: Vec<Mark>,
}

/// A structure that must stand still.
#[derive(Debug, Serialize)]
struct Frozen {
    name: String,
    state: String,
    packages: usize,
}

#[derive(Debug, Serialize)]
struct Trigger {
    number: u8,
    sentence: &'static str,
    matters: usize,
    places: usize,
}

impl Document {
    pub(super) fn new(report: &Report<'_>, dossier: &Dossier) -> Self {
        let evidence = Evidence::new(report);
        let mut marks: Vec<Mark> = report.entries.iter().map(|_| Mark::default()).collect();
        let (mut breaches, mut others) = (Vec::new(), Vec::new());
        for (number, group) in (1..).zip(groups::of(report)) {
            let matter = matter(report, dossier, &evidence, number, &group);
            for at in group {
                marks[at] = Mark {
                    href: Some(format!("#m{number}")),
                    number: number.to_string(),
                    reason: safe(&report.entries[at].finding.message).into_owned(),
                };
            }
            if matter.freezes {
                breaches.push(matter);
            } else {
                others.push(matter);
            }
        }
        let mut document = Self {
            verdict: report.verdict.name(),
            title: String::new(),
            headline: String::new(),
            lead: String::new(),
            question: question(report.verdict, breaches.len()),
            tool: TOOL,
            fail_on: report.fail_on.name(),
            escalation: Vec::new(),
            frozen: frozen(report.verdict, &dossier.picture),
            triggers: triggers(&breaches),
            structures: structures(breaches.iter().chain(&others)),
            spots: spots(report),
            steps: protocol::steps(report.verdict, breaches.len()),
            counts: Level::ALL
                .into_iter()
                .rev()
                .map(|level| (level.name(), report.counts.at(level)))
                .collect(),
            checked: checked(report),
            compared: compared(report),
            origin: origin(dossier),
            folded: dossier.picture.size() > DRAWN,
            marks,
            breaches,
            others,
        };
        document.opening(report);
        if report.since.is_some() {
            document.lead = format!("{} {}", document.lead, document.compared);
        }
        document.escalation = document.escalated(dossier);
        document
    }

    /// The picture and the matrix, with links into this document.
    pub(super) fn pictures(&self, picture: &Picture) -> (Scene, MatrixScene) {
        let gravest = |entries: &[usize]| {
            let marks = entries.iter().map(|at| &self.marks[*at]);
            let first = marks.min_by_key(|mark| mark.number.parse().unwrap_or(usize::MAX));
            first.cloned().unwrap_or_default()
        };
        let matrix = MatrixScene::new(picture, &gravest);
        let scene = if self.folded {
            Scene::new(&picture.of_breaches(), &gravest)
        } else {
            Scene::new(picture, &gravest)
        };
        (scene, matrix)
    }

    /// Title, headline and first paragraph.
    fn opening(&mut self, report: &Report<'_>) {
        let root = report.sources.root().file_name();
        let name = root.map_or("workspace".into(), |name| name.to_string_lossy());
        let name = safe(&name);
        let places: usize = self.breaches.iter().map(|matter| matter.places.len()).sum();
        let fired: Vec<String> = self
            .triggers
            .iter()
            .map(|it| it.number.to_string())
            .collect();
        match report.verdict {
            Verdict::Freeze => {
                self.title = format!("Freeze report: {name}");
                self.headline =
                    "The constitution is broken. The runtime plane is frozen.".to_owned();
                let fired = match &fired[..] {
                    [] => "No trigger of Section VIII is among them".to_owned(),
                    [one] => format!("Trigger {one} of Section VIII has fired"),
                    [others @ .., last] => {
                        format!(
                            "Triggers {} and {last} of Section VIII have fired",
                            others.join(", ")
                        )
                    }
                };
                self.lead = format!(
                    "{} in `{name}`, at {} in its source. {fired}. Until this is remedied, reviewed and \
                     cleared, nothing of the runtime plane may be activated, advanced, bound or patched.",
                    count(self.breaches.len(), "breach"),
                    count(places, "place"),
                );
            }
            Verdict::Lawful => {
                self.title = format!("Certificate of compliance: {name}");
                self.headline = "The constitution holds. PASS.".to_owned();
                self.lead = format!(
                    "`{name}` was checked against every rule of its constitution, and nothing was found \
                     that freezes. None of the five triggers of Section VIII has fired."
                );
            }
            Verdict::Blind => {
                self.title = format!("No verdict: {name}");
                self.headline = "No verdict. Part of the workspace could not be read.".to_owned();
                self.lead = format!(
                    "What could be read of `{name}` breaks nothing that freezes; but what could not be \
                     read may. This is no certificate: it becomes one when the places below can be read."
                );
            }
        }
    }

    /// What an escalation to the Founder states.
    fn escalated(&self, dossier: &Dossier) -> Vec<(&'static str, String)> {
        if self.breaches.is_empty() {
            return Vec::new();
        }
        let hit: BTreeSet<&String> = self.breaches.iter().flat_map(|it| &it.structures).collect();
        let hit: Vec<String> = hit.into_iter().map(|name| format!("`{name}`")).collect();
        let types: Vec<String> = self
            .triggers
            .iter()
            .map(|it| {
                format!(
                    "{}. {}",
                    it.number,
                    it.sentence
                        .trim_end_matches(" triggers immediate constitutional freeze.")
                )
            })
            .collect();
        vec![
            ("Type of freeze", if types.is_empty() { "A finding at the failing level".to_owned() } else { types.join("; ") }),
            ("Date", dossier.provenance.date.clone()),
            ("Escalated by", format!("{TOOL}, automatically")),
            ("Structures impacted", listed(&hit, 12)),
            ("Description", format!("{}, each below with its evidence.", count(self.breaches.len(), "breach"))),
            ("Root cause", "The lines below, and who changed them last, are facts; why it was done is for those who did it to say, in the remediation plan.".to_owned()),
            ("Proposed resolution", "Mend each breach as its section says, the first way out; no law is changed.".to_owned()),
            ("Urgency", "Immediate: the freeze is in force, and work on the runtime plane stands still.".to_owned()),
            ("Action asked for", "Decide the question at the head of this document.".to_owned()),
        ]
    }
}

/// At most `most` of `names`, and how many more there are.
fn listed(names: &[String], most: usize) -> String {
    let mut text = names[..names.len().min(most)].join(", ");
    if names.len() > most {
        text.push_str(&format!(" and {} more", names.len() - most));
    }
    text
}

fn question(verdict: Verdict, matters: usize) -> String {
    match verdict {
        Verdict::Freeze if matters == 1 => {
            "Does the freeze stand until the breach is mended, or is it to be borne for a time?"
                .to_owned()
        }
        Verdict::Freeze => format!(
            "Does the freeze stand until all {matters} breaches are mended, or is any of them to be borne \
             for a time?"
        ),
        Verdict::Lawful | Verdict::Blind => String::new(),
    }
}

/// The structures of the planes that a freeze halts.
fn frozen(verdict: Verdict, picture: &Picture) -> Vec<Frozen> {
    let halted = |node: &&crate::picture::Node| {
        matches!(picture.bands[node.band].plane, "runtime" | "federation")
    };
    let mut frozen: Vec<Frozen> = Vec::new();
    if verdict != Verdict::Freeze {
        return frozen;
    }
    for node in picture.nodes.iter().filter(halted) {
        let name = safe(node.structure.as_ref().unwrap_or(&node.name)).into_owned();
        match frozen.iter_mut().find(|known| known.name == name) {
            Some(known) => known.packages += 1,
            None => frozen.push(Frozen {
                name,
                state: node.state.unwrap_or("unregistered").to_owned(),
                packages: 1,
            }),
        }
    }
    frozen.sort_by(|a, b| a.name.cmp(&b.name));
    frozen
}

fn triggers(breaches: &[Matter]) -> Vec<Trigger> {
    (1..=5)
        .filter_map(|number| {
            let of = breaches.iter().filter(|it| it.trigger == Some(number));
            let of: Vec<&Matter> = of.collect();
            (!of.is_empty()).then(|| Trigger {
                number,
                sentence: clause::sentence(&format!("VIII.{number}")),
                matters: of.len(),
                places: of.iter().map(|matter| matter.places.len()).sum(),
            })
        })
        .collect()
}

fn structures<'m>(matters: impl Iterator<Item = &'m Matter>) -> Vec<String> {
    let all: BTreeSet<String> = matters.flat_map(|it| it.structures.clone()).collect();
    all.into_iter().collect()
}

fn spots(report: &Report<'_>) -> Vec<(String, String)> {
    let spots = report.blind_spots.iter();
    spots
        .map(|spot| (report.at(spot.place), safe(&spot.reason).into_owned()))
        .collect()
}

fn checked(report: &Report<'_>) -> String {
    let checked = report.checked;
    format!(
        "{}, {}, {}, {}",
        count(checked.packages, "package"),
        count(checked.files, "file"),
        count(checked.modules, "module"),
        count(checked.edges, "edge"),
    )
}

/// What is new since the base, if there is one.
fn compared(report: &Report<'_>) -> String {
    match report.novelty() {
        Some(novelty) => format!(
            "{}. All that stands is shown, old and new.",
            upper(&novelty)
        ),
        None => {
            "Nothing was compared with an earlier state: all that stands is shown, old and new."
                .to_owned()
        }
    }
}

/// What the report was made from, for who checks it later.
fn origin(dossier: &Dossier) -> Vec<(&'static str, String)> {
    let from = &dossier.provenance;
    let mut origin = vec![("Date", from.date.clone()), ("Tool", TOOL.to_owned())];
    match &from.repository {
        Ok(repository) => {
            origin.push(("Commit", format!("`{}`", repository.commit)));
            origin.push(("Git tree", format!("`{}`", repository.tree)));
        }
        Err(reason) => origin.push(("Commit", format!("none: {}", safe(reason)))),
    }
    origin.push((
        "Digest of what was read",
        format!(
            "`{}`, by BLAKE3 over {}",
            from.tree_digest,
            count(from.files, "file")
        ),
    ));
    let law = safe(&from.law);
    origin.push((
        "Constitution",
        format!("`{law}`, BLAKE3 `{}`", from.law_digest),
    ));
    origin
}
