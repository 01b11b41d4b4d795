//! The programme's data: phases, tasks, modes, the tracker's columns and metrics.

use std::sync::LazyLock;

use serde::Deserialize;

/// What `rules/programme.toml` says.
pub(super) static PROGRAMME: LazyLock<Programme> = LazyLock::new(|| {
    toml::from_str(include_str!("../../rules/programme.toml")).expect("the tests read it")
});

/// Phases of a structure, and tasks of a phase (Section III).
pub(super) const PHASES: u8 = 7;
pub(super) const TASKS: u8 = 3;

/// Issues of one structure: a master, its phases, their tasks.
pub(crate) const ISSUES: usize = 1 + PHASES as usize * (1 + TASKS as usize);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Programme {
    pub(super) master: Master,
    pub(super) phase: Vec<Phase>,
    pub(super) structure: Vec<Known>,
    pub(super) modes: Modes,
    pub(super) column: Vec<Titled>,
    pub(super) metric: Vec<Titled>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Master {
    pub(super) deliverables: Vec<String>,
    pub(super) acceptance: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Phase {
    pub(super) name: String,
    /// The word of its `type:` label.
    pub(super) r#type: String,
    pub(super) task: Vec<Task>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Task {
    pub(super) title: String,
    pub(super) deliverable: String,
    pub(super) acceptance: String,
}

/// A structure of Section II.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Known {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) multi_tenant: Option<String>,
    pub(super) dedicated: Option<String>,
}

/// What a structure does in each mode.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Modes {
    pub(super) multi_tenant: String,
    pub(super) dedicated: String,
}

/// A column or a metric, with the other names that it goes by.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Titled {
    pub(super) key: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) also: Vec<String>,
    /// Demanded beside the table, not in it.
    #[serde(default)]
    pub(super) beside: bool,
}

impl Titled {
    /// The key that `name` stands for, which is plain and in lower case.
    pub(super) fn key_of<'a>(all: &'a [Self], name: &str) -> Option<&'a str> {
        let named = |titled: &&Self| {
            titled.name.eq_ignore_ascii_case(name) || titled.also.iter().any(|it| it == name)
        };
        all.iter().find(named).map(|titled| titled.key.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programme_is_that_of_section_iii() {
        assert_eq!(PROGRAMME.phase.len(), usize::from(PHASES));
        for phase in &PROGRAMME.phase {
            assert_eq!(phase.task.len(), usize::from(TASKS), "{}", phase.name);
        }
        assert_eq!(ISSUES, 29);
        assert_eq!(PROGRAMME.structure.len() * ISSUES, 406);
    }
}
