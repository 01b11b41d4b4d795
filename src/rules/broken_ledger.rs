//! `broken-ledger`: a ledger that was rewritten, or that its records disagree with.

use crate::finding::{Level, RuleMeta};
use crate::rules::{Case, Rule, Sink};

pub(crate) struct BrokenLedger;

impl Rule for BrokenLedger {
    const META: &'static RuleMeta = &RuleMeta {
        id: "broken-ledger",
        trigger: None,
        clause: "VIII",
        summary: "a ledger that was rewritten, or that its records disagree with",
        level: Level::Breach,
        page: include_str!("../../rules/broken-ledger.md"),
        options: &[],
    };

    /// Records are judged when all findings have their fingerprints: see `src/freeze/`.
    fn check(_case: &Case<'_>, _sink: &mut Sink<'_>) {}
}
