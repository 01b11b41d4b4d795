//! The issue tree of Section III: a master, seven phases and twenty-one tasks for each structure.

mod list;
mod read;
mod script;
mod title;
mod verify;
mod write;

pub(crate) use list::{Listed, front_matter};
pub(crate) use read::read;
pub(crate) use script::script;
pub(crate) use verify::{masters, verify};
pub(crate) use write::{csv, json, markdown};

use title::Slot;

use super::programme::{PHASES, PROGRAMME, TASKS};
use super::registry::{Entry, Registry};

/// One issue that is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Issue {
    /// What stands between the brackets of its title: no other issue has it.
    pub(crate) key: String,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) labels: Vec<String>,
    /// The key of the issue above it; `None` for a master.
    pub(crate) parent: Option<String>,
}

/// The whole tree, every parent before its children.
pub(crate) fn tree(registry: &Registry) -> Vec<Issue> {
    registry.entries.iter().flat_map(of_structure).collect()
}

fn of_structure(entry: &Entry) -> impl Iterator<Item = Issue> + '_ {
    slots().map(move |slot| issue(entry, slot))
}

/// Every place of a structure's tree, parents first.
fn slots() -> impl Iterator<Item = Slot> {
    let phases = (0..PHASES).flat_map(|phase| {
        let tasks = (1..=TASKS).map(move |task| Slot::Task(phase, task));
        std::iter::once(Slot::Phase(phase)).chain(tasks)
    });
    std::iter::once(Slot::Master).chain(phases)
}

/// The labels that Section III demands, one of each family.
fn labels(entry: &Entry, slot: Slot) -> Vec<String> {
    let mut labels = vec![
        "layer:runtime".to_owned(),
        format!("state:{}", entry.state.name()),
        format!("structure:{}", entry.id),
        format!("type:{}", kind(slot)),
    ];
    labels.extend(slot.phase().map(|phase| format!("phase:{phase}")));
    labels
}

/// The word of an issue's `type:` label.
fn kind(slot: Slot) -> &'static str {
    match slot.phase() {
        Some(phase) => &PROGRAMME.phase[usize::from(phase)].r#type,
        None => "master",
    }
}

fn issue(entry: &Entry, slot: Slot) -> Issue {
    let key = slot.key(&entry.id);
    let parent = slot.parent().map(|parent| parent.key(&entry.id));
    Issue {
        title: format!("[{key}] {}", name(slot)),
        body: body(entry, slot, &key, parent.as_deref()),
        // Generation is lawful in dormant state only, whatever the structure has become since.
        labels: labels(
            &Entry {
                state: crate::constitution::State::Dormant,
                ..entry.clone()
            },
            slot,
        ),
        key,
        parent,
    }
}

fn name(slot: Slot) -> String {
    match slot {
        Slot::Master => "Master Issue".to_owned(),
        Slot::Phase(phase) => PROGRAMME.phase[usize::from(phase)].name.clone(),
        Slot::Task(phase, task) => {
            let phase = &PROGRAMME.phase[usize::from(phase)];
            phase.task[usize::from(task) - 1].title.clone()
        }
    }
}

/// The hidden line by which an issue is found again, whatever becomes of its title.
fn marker(key: &str) -> String {
    format!("<!-- constitution:issue {key} -->")
}

fn body(entry: &Entry, slot: Slot, key: &str, parent: Option<&str>) -> String {
    let (deliverables, acceptance) = substance(entry, slot);
    let mut body = format!("{}\n\n", marker(key));
    body.push_str(&format!(
        "- **Structure:** `{}` ({})\n",
        entry.id, entry.name
    ));
    body.push_str(&format!("- **Execution role:** {}\n", entry.role));
    if let Some(phase) = slot.phase() {
        let name = &PROGRAMME.phase[usize::from(phase)].name;
        body.push_str(&format!("- **Phase:** {phase}, {name}\n"));
    }
    if let Some(parent) = parent {
        body.push_str(&format!("- **Parent:** `{parent}`\n"));
    }
    let mut list = |title: &str, mark: &str, items: &[String]| {
        body.push_str(&format!("\n## {title}\n\n"));
        items
            .iter()
            .for_each(|item| body.push_str(&format!("{mark} {item}\n")));
    };
    list("Deliverables", "-", &deliverables);
    list("Acceptance criteria", "- [ ]", &acceptance);
    let compliance = [
        "No capability semantics is defined, altered or contaminated (Section II)",
        "The structure binds to lower-layer ports only, and no lower layer depends on it (Section V)",
        "No engine, broker, topology or credential is fixed (Section VIII)",
    ];
    list(
        "Constitutional compliance",
        "- [ ]",
        &compliance.map(str::to_owned),
    );
    body.push_str(
        "\n## Dormant state\n\nThis issue is generated dormant. Nothing may be activated, executed or bound \
         before the specification is complete, the port bindings are validated, both modes are verified, \
         compliance is confirmed, and the Founder has authorised it (Section III).\n",
    );
    body
}

/// Deliverables and acceptance criteria.
fn substance(entry: &Entry, slot: Slot) -> (Vec<String>, Vec<String>) {
    let fill = |text: &String| fill(text, entry);
    match slot {
        Slot::Master => {
            let master = &PROGRAMME.master;
            let filled = |texts: &[String]| texts.iter().map(fill).collect();
            (filled(&master.deliverables), filled(&master.acceptance))
        }
        Slot::Phase(phase) => {
            let tasks = &PROGRAMME.phase[usize::from(phase)].task;
            let deliverables = tasks.iter().map(|task| fill(&task.deliverable)).collect();
            let all = (1..).zip(tasks).map(|(number, task)| {
                let key = Slot::Task(phase, number).key(&entry.id);
                format!("`{key}` {} is accepted", task.title)
            });
            (deliverables, all.collect())
        }
        Slot::Task(phase, task) => {
            let task = &PROGRAMME.phase[usize::from(phase)].task[usize::from(task) - 1];
            (vec![fill(&task.deliverable)], vec![fill(&task.acceptance)])
        }
    }
}

/// In one pass, so that nothing in the structure's own words is filled in again.
fn fill(text: &str, entry: &Entry) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(match name {
            "id" => &entry.id,
            "name" => &entry.name,
            "role" => &entry.role,
            "multi-tenant" => &entry.multi_tenant,
            "dedicated" => &entry.dedicated,
            other => other,
        });
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests;
