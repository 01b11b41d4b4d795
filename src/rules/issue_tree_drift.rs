//! `issue-tree-drift`: an issue tree that is not as the registry demands.

use crate::finding::{Level, RuleMeta};
use crate::rules::{Case, Rule, Sink};

pub(crate) struct IssueTreeDrift;

impl Rule for IssueTreeDrift {
    const META: &'static RuleMeta = &RuleMeta {
        id: "issue-tree-drift",
        trigger: None,
        clause: "III",
        summary: "an issue tree that is not as the registry demands",
        level: Level::Risk,
        page: include_str!("../../rules/issue-tree-drift.md"),
        options: &[],
    };

    /// A workspace does not say where its issues and its tracker are: `issues verify` is told, and judges.
    fn check(_case: &Case<'_>, _sink: &mut Sink<'_>) {}
}
