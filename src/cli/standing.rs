//! How the findings of a report stand under the workspace's records.

use crate::check::Base;
use crate::constitution::Constitution;
use crate::freeze::records::{Records, Terms};
use crate::provenance::Moment;
use crate::report::Report;
use crate::rules;

/// The report as the records of its workspace let it stand.
pub(crate) fn under<'a>(
    report: Report<'a>,
    records: &Records,
    law: &Constitution,
    now: Moment,
) -> Report<'a> {
    let standing = records.judge(&report, &terms(law, now));
    report.under(standing)
}

/// The same for a change: the law and the signers at the base have their say too, and what was found there
/// is told from what is new.
pub(crate) fn since<'a>(
    report: Report<'a>,
    records: Records,
    law: &Constitution,
    now: Moment,
    base: &Base,
) -> Report<'a> {
    let records = match base.root() {
        Some(root) => records.signed_at(root),
        None => records,
    };
    let terms = Terms {
        base: base.law(),
        ..terms(law, now)
    };
    let standing = records.judge(&report, &terms);
    report.under(standing).with_base(base.since())
}

/// By what records are judged.
pub(crate) fn terms(law: &Constitution, now: Moment) -> Terms<'_> {
    Terms {
        law,
        base: None,
        rules: rules::all(),
        now,
    }
}
