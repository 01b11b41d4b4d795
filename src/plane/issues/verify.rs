//! A list of issues, held against the tree that the registry demands.

use std::collections::{BTreeMap, HashMap};

use super::super::drift::Drift;
use super::super::programme::{ISSUES, PHASES, TASKS};
use super::super::registry::{Entry, Registry};
use super::title::{Slot, parse};
use super::{Listed, labels, slots};
use crate::constitution::State;
use crate::text::Place;

/// A group of a structure's tree: its master, or one phase with its tasks.
type Group = Option<u8>;

/// The issues of one structure.
struct Branch<'l> {
    entry: &'l Entry,
    held: [Option<&'l Listed>; ISSUES],
    /// Issues that do not fit where they say they belong: each explains one that is missing.
    stray: BTreeMap<Group, usize>,
}

/// Everything in `list` that is not as `registry` demands. `top` is the place of what has none.
/// With `whole` no issue may belong to another structure.
pub(crate) fn verify(list: &[Listed], registry: &Registry, whole: bool, top: Place) -> Vec<Drift> {
    let mut drifts = Vec::new();
    let mut branches: Vec<Branch<'_>> = registry.entries.iter().map(Branch::new).collect();
    let by_id: HashMap<&str, usize> = (registry.entries.iter().map(|entry| entry.id.as_str()))
        .zip(0..)
        .collect();
    for listed in in_order(list, registry, &by_id) {
        let parsed = parse(&listed.title);
        let known = parsed.and_then(|(id, slot)| Some((*by_id.get(id)?, slot)));
        if let Some((at, slot)) = known {
            drifts.extend(branches[at].take(listed, slot));
            continue;
        }
        let claimed = claimed(listed, &by_id);
        if !whole && claimed.is_none() {
            continue;
        }
        if let Some((at, group)) = claimed {
            *branches[at].stray.entry(group).or_default() += 1;
        }
        drifts.push(match parsed {
            Some((id, _)) => unknown(listed, id, registry),
            None => untitled(listed),
        });
    }
    for branch in &branches {
        branch.missing(top, &mut drifts);
    }
    drifts
}

/// The number of each structure's master issue, by the structure's id.
pub(crate) fn masters(list: &[Listed]) -> BTreeMap<String, u64> {
    let mut masters = BTreeMap::new();
    for listed in list {
        if let (Some((id, Slot::Master)), Some(number)) = (parse(&listed.title), listed.number) {
            let first = masters.entry(id.to_owned()).or_insert(number);
            *first = number.min(*first);
        }
    }
    masters
}

/// Those first whose labels agree with their titles, then by number: the others are the duplicates.
fn in_order<'l>(
    list: &'l [Listed],
    registry: &Registry,
    by_id: &HashMap<&str, usize>,
) -> Vec<&'l Listed> {
    let mut order: Vec<_> = list
        .iter()
        .map(|listed| {
            let known = parse(&listed.title).and_then(|(id, slot)| {
                let entry = &registry.entries[*by_id.get(id)?];
                Some(mislabelled(listed, entry, slot).is_empty())
            });
            (
                known != Some(true),
                listed.number.unwrap_or(u64::MAX),
                listed,
            )
        })
        .collect();
    order.sort_by_key(|(wrong, number, _)| (*wrong, *number));
    order.into_iter().map(|(_, _, listed)| listed).collect()
}

/// The group that an issue belongs to by its labels.
fn claimed(listed: &Listed, by_id: &HashMap<&str, usize>) -> Option<(usize, Group)> {
    let structure = family(listed, "structure:").next()?;
    let phase = family(listed, "phase:").find_map(|phase| phase.parse().ok());
    Some((*by_id.get(structure)?, phase))
}

fn family<'l>(listed: &'l Listed, prefix: &'l str) -> impl Iterator<Item = &'l str> {
    let labels = listed.labels.iter();
    labels.filter_map(move |label| label.strip_prefix(prefix))
}

fn unknown(listed: &Listed, id: &str, registry: &Registry) -> Drift {
    let code = id.rsplit_once("-v").map_or(id, |(code, _)| code);
    let help = match registry.find(code) {
        Some(entry) => format!("the registry has this structure as `{}`", entry.id),
        None => "name a structure of the registry, or list the issues of the runtime layer only \
                 (`--label layer:runtime`)"
            .to_owned(),
    };
    let message = format!(
        "{} belongs to `{id}`, which is no structure of the registry",
        listed.shown()
    );
    Drift::at(listed.place, message, help).of(id)
}

fn untitled(listed: &Listed) -> Drift {
    let shown = match listed.number {
        Some(number) => format!("issue #{number}"),
        None => "an issue".to_owned(),
    };
    Drift::at(
        listed.place,
        format!("the title of {shown} names no place in an issue tree"),
        "titles are `[<STRUCTURE-ID>] Master Issue`, `[<STRUCTURE-ID>-P0] …` and \
         `[<STRUCTURE-ID>-P0-T01] …`, with phases 0 to 6",
    )
}

/// What is wrong with the labels of an issue, one line a family.
fn mislabelled(listed: &Listed, entry: &Entry, slot: Slot) -> Vec<String> {
    let due = labels(entry, slot);
    let mut wrong = Vec::new();
    for prefix in ["layer:", "state:", "structure:", "type:", "phase:"] {
        let due = due.iter().find_map(|label| label.strip_prefix(prefix));
        let has: Vec<&str> = family(listed, prefix).collect();
        // What has been activated may be in any state of its work.
        let free = prefix == "state:" && entry.state != State::Dormant;
        match (has.as_slice(), due) {
            ([], None) => {}
            ([one], Some(due)) if free || *one == due => {}
            ([], Some(due)) => {
                wrong.push(format!("has no `{prefix}` label; `{prefix}{due}` is due"))
            }
            ([one], Some(due)) => {
                wrong.push(format!(
                    "is labelled `{prefix}{one}`; `{prefix}{due}` is due"
                ));
            }
            (several, Some(_)) => {
                let several = several.join("`, `");
                wrong.push(format!("has more than one `{prefix}` label: `{several}`"));
            }
            (_, None) => wrong.push(format!(
                "is a master issue with a `{prefix}` label; it belongs to no phase"
            )),
        }
    }
    wrong
}

impl<'l> Branch<'l> {
    fn new(entry: &'l Entry) -> Self {
        Self {
            entry,
            held: [None; ISSUES],
            stray: BTreeMap::new(),
        }
    }

    fn drift(&self, place: Place, message: String, help: impl Into<String>) -> Drift {
        Drift::at(place, message, help).of(&self.entry.id)
    }

    /// Puts an issue where its title says, or says why it cannot stand there.
    fn take(&mut self, listed: &'l Listed, slot: Slot) -> Vec<Drift> {
        let shown = listed.shown();
        let place = slot.index();
        if let Some(at) = place.filter(|at| self.held[*at].is_none()) {
            self.held[at] = Some(listed);
            return self.judge(listed, slot);
        }
        let labelled = family(listed, "phase:").find_map(|phase| phase.parse().ok());
        let group = if listed.labels.is_empty() {
            slot.phase()
        } else {
            labelled
        };
        *self.stray.entry(group).or_default() += 1;
        let key = slot.key(&self.entry.id);
        vec![match place.and_then(|at| self.held[at]) {
            Some(first) => self.drift(
                listed.place,
                format!("{shown} is `{key}` a second time, after {}", first.shown()),
                "keep one of the two, or give this one the title that is missing",
            ),
            None => self.drift(
                listed.place,
                format!("{shown} is one too many: `{key}` has no place in the tree"),
                format!("a structure has {ISSUES} issues, {TASKS} tasks in each phase"),
            ),
        }]
    }

    /// Labels, state and parent of an issue that stands where it belongs.
    fn judge(&self, listed: &Listed, slot: Slot) -> Vec<Drift> {
        let shown = listed.shown();
        let wrong = mislabelled(listed, self.entry, slot).into_iter();
        let help = format!(
            "exactly one label of each family: `{}`",
            labels(self.entry, slot).join("`, `")
        );
        let mut drifts: Vec<Drift> = wrong
            .map(|wrong| self.drift(listed.labels_at, format!("{shown} {wrong}"), help.clone()))
            .collect();
        if listed.closed && self.entry.state == State::Dormant {
            drifts.push(self.drift(
                listed.place,
                format!("{shown} is closed, though `{}` is dormant", self.entry.id),
                "no work may have been done on it: reopen it, or record the structure's activation in the \
                 registry",
            ));
        }
        let parent = slot.parent().map(|parent| parent.key(&self.entry.id));
        if let (Some(has), due) = (&listed.parent, parent)
            && due.as_ref() != Some(has)
        {
            let due = due.map_or("it has none".to_owned(), |due| {
                format!("it belongs under `{due}`")
            });
            let message = format!("{shown} names `{has}` as its parent; {due}");
            drifts.push(self.drift(listed.place, message, "attach it where its title says"));
        }
        drifts
    }

    /// What the tree lacks, a group at a time, so that one cause is one finding.
    fn missing(&self, top: Place, drifts: &mut Vec<Drift>) {
        let id = &self.entry.id;
        if self.held.iter().all(Option::is_none) && self.stray.is_empty() {
            let message = format!("`{id}` has none of its {ISSUES} issues");
            drifts.push(self.drift(top, message, generate(id)));
            return;
        }
        for group in std::iter::once(None).chain((0..PHASES).map(Some)) {
            let missing: Vec<Slot> = slots()
                .filter(|slot| slot.phase() == group)
                .filter(|slot| slot.index().is_none_or(|at| self.held[at].is_none()))
                .collect();
            let explained = self.stray.get(&group).copied().unwrap_or(0);
            if missing.len() > explained {
                drifts.push(self.lacks(group, &missing, explained, top));
            }
        }
    }

    fn lacks(&self, group: Group, missing: &[Slot], explained: usize, top: Place) -> Drift {
        let id = &self.entry.id;
        let keys: Vec<String> = missing.iter().map(|slot| slot.key(id)).collect();
        let head = group.map_or(Slot::Master, Slot::Phase);
        let below = |slot: &Slot| group.is_none() || slot.phase() == group;
        let child = slots()
            .filter(|slot| *slot != head && below(slot))
            .find_map(|slot| self.held[slot.index()?]);
        let mut message = format!(
            "`{id}` lacks `{}`: it has {} of {ISSUES} issues",
            keys.join("`, `"),
            self.held.iter().flatten().count(),
        );
        if missing.contains(&head) && child.is_some() {
            message.push_str("; what belongs under it is orphaned");
        }
        if explained > 0 {
            message.push_str(&format!(
                " ({explained} may be among those with a wrong title)"
            ));
        }
        let near = [head, Slot::Master]
            .into_iter()
            .find_map(|slot| self.held[slot.index()?]);
        let any = || self.held.iter().flatten().next().copied();
        let place = near
            .or(child)
            .or_else(any)
            .map_or(top, |listed| listed.place);
        self.drift(place, message, generate(id))
    }
}

fn generate(id: &str) -> String {
    format!(
        "`cargo constitution issues generate --structure {id} --format gh` writes a script that creates only \
         what is missing"
    )
}
