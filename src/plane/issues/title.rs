//! Titles: `[ID] Master Issue`, `[ID-P0] …`, `[ID-P0-T01] …`.

use super::super::programme::{PHASES, TASKS};
use super::super::registry::is_id;

/// A place in a structure's tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    Master,
    Phase(u8),
    /// Phase, and the task's number from 1.
    Task(u8, u8),
}

impl Slot {
    pub(super) fn phase(self) -> Option<u8> {
        match self {
            Self::Master => None,
            Self::Phase(phase) | Self::Task(phase, _) => Some(phase),
        }
    }

    pub(super) fn parent(self) -> Option<Self> {
        match self {
            Self::Master => None,
            Self::Phase(_) => Some(Self::Master),
            Self::Task(phase, _) => Some(Self::Phase(phase)),
        }
    }

    /// What stands between the brackets.
    pub(super) fn key(self, id: &str) -> String {
        match self {
            Self::Master => id.to_owned(),
            Self::Phase(phase) => format!("{id}-P{phase}"),
            Self::Task(phase, task) => format!("{id}-P{phase}-T{task:02}"),
        }
    }

    /// Its index among the issues of a structure; `None` for a task too many.
    pub(super) fn index(self) -> Option<usize> {
        let first = |phase: u8| 1 + usize::from(phase) * (1 + usize::from(TASKS));
        match self {
            Self::Master => Some(0),
            Self::Phase(phase) => Some(first(phase)),
            Self::Task(phase, task) => (1..=TASKS)
                .contains(&task)
                .then(|| first(phase) + usize::from(task)),
        }
    }
}

/// The structure's id and the place in its tree, if `title` is one of an issue of the tree.
pub(super) fn parse(title: &str) -> Option<(&str, Slot)> {
    let (inner, rest) = title.strip_prefix('[')?.split_once(']')?;
    if !is_id(inner) {
        return None;
    }
    if let Some((front, task)) = inner.rsplit_once("-T")
        && let Some(task) = number(task, 2)
        && let Some((id, phase)) = front.rsplit_once("-P")
        && let Some(phase) = number(phase, 1)
    {
        return (phase < PHASES && !id.is_empty()).then_some((id, Slot::Task(phase, task)));
    }
    if let Some((id, phase)) = inner.rsplit_once("-P")
        && let Some(phase) = number(phase, 1)
    {
        return (phase < PHASES && !id.is_empty()).then_some((id, Slot::Phase(phase)));
    }
    rest.starts_with(" Master Issue")
        .then_some((inner, Slot::Master))
}

fn number(text: &str, digits: usize) -> Option<u8> {
    let all = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    all.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_read_as_the_pattern_says() {
        let slot = |title| parse(title).map(|(id, slot)| (id.to_owned(), slot));
        let id = "RUNTIME-X-v0.1.0".to_owned();
        let master = "[RUNTIME-X-v0.1.0] Master Issue: X";
        assert_eq!(slot(master), Some((id.clone(), Slot::Master)));
        assert_eq!(
            slot("[RUNTIME-X-v0.1.0-P5] Documentation"),
            Some((id.clone(), Slot::Phase(5)))
        );
        assert_eq!(
            slot("[RUNTIME-X-v0.1.0-P0-T01]"),
            Some((id, Slot::Task(0, 1)))
        );
        for wrong in [
            "RUNTIME-X-v0.1.0-P0",
            "[RUNTIME-X-v0.1.0-P7] x",
            "[RUNTIME-X-v0.1.0-P0-T1] x",
            "[RUNTIME-X-v0.1.0] Mistress Issue",
            "[runtime-x-v0.1.0] Master Issue",
            "[] Master Issue",
            "[-P0] x",
        ] {
            assert_eq!(slot(wrong), None, "{wrong}");
        }
    }
}
