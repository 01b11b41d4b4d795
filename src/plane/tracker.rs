//! The tracker of Section VII: one row a structure, and the metrics of the whole layer.

mod generate;
mod rows;
mod section;
mod update;
mod verify;

pub(crate) use generate::generate;
pub(crate) use rows::rows;
pub(crate) use section::Section;
pub(crate) use update::update;
pub(crate) use verify::verify;

use std::collections::BTreeMap;

use super::programme::ISSUES;
use super::registry::{Entry, Registry};
use crate::constitution::{MODES, State};

/// What the tracker is compared with.
pub(crate) struct Truth<'a> {
    pub(crate) registry: &'a Registry,
    /// The numbers of the master issues by structure id, and how many issues there are, where a list of
    /// issues was given.
    pub(crate) issues: Option<(BTreeMap<String, u64>, usize)>,
}

impl Truth<'_> {
    /// What a cell must say; `None` for what nothing but the tracker knows.
    fn cell(&self, entry: &Entry, key: &str) -> Option<String> {
        Some(match key {
            "version" => entry.version.clone(),
            "phase" => entry.phase.to_string(),
            "state" => entry.state.name().to_owned(),
            "multi-tenant" => yes(entry.supports(MODES[0])).to_owned(),
            "dedicated" => yes(entry.supports(MODES[1])).to_owned(),
            "modes" => mode_names(entry),
            "layer" => "runtime".to_owned(),
            "link" => {
                let (masters, _) = self.issues.as_ref()?;
                format!("[#{}]", masters.get(&entry.id)?)
            }
            _ => return None,
        })
    }

    /// The number that a metric must have.
    fn metric(&self, key: &str) -> Option<usize> {
        let registry = self.registry;
        let total = registry.entries.len();
        Some(match key {
            "total" => total,
            "dormant" => registry.in_state(State::Dormant),
            "activated" => registry.in_state(State::Activated),
            "ratified" => registry.in_state(State::Ratified),
            "issues" => match &self.issues {
                Some((_, count)) => *count,
                None => total * ISSUES,
            },
            "completion" => registry.in_state(State::Ratified) * 100 / total.max(1),
            _ => return None,
        })
    }
}

fn yes(is: bool) -> &'static str {
    if is { "Yes" } else { "No" }
}

fn mode_names(entry: &Entry) -> String {
    let names = MODES
        .into_iter()
        .zip(["Multi-Tenant SaaS", "Dedicated Enterprise"]);
    let names = names.filter(|(mode, _)| entry.supports(mode));
    let names: Vec<&str> = names.map(|(_, name)| name).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests;
