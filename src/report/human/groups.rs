//! Findings that differ only in their place, told together.

use std::collections::BTreeMap;

use crate::finding::Level;
use crate::report::{Entry, Report};

/// Findings of a group that are shown in full.
const FULL: usize = 2;

/// One target of one rule in one package.
pub(super) struct Group<'a> {
    pub(super) full: Vec<&'a Entry>,
    pub(super) rest: Vec<&'a Entry>,
}

/// The findings of `level` in groups, each at the place of its first finding.
pub(super) fn of<'a>(report: &'a Report<'_>, level: Level) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut known = BTreeMap::new();
    let entries = report
        .entries
        .iter()
        .filter(|entry| !entry.status.is_borne() && entry.finding.level == level);
    for entry in entries {
        let finding = &entry.finding;
        let next = groups.len();
        // Without a target there is no telling whether two findings are alike.
        let at = match &finding.target {
            Some(target) => *known
                .entry((finding.rule.id, target, &finding.package))
                .or_insert(next),
            None => next,
        };
        if at == next {
            groups.push(Group {
                full: Vec::new(),
                rest: Vec::new(),
            });
        }
        let group = &mut groups[at];
        if group.full.len() < FULL {
            group.full.push(entry);
        } else {
            group.rest.push(entry);
        }
    }
    groups
}
