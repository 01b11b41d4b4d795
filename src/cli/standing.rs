//! How the findings of a report stand under the workspace's records.

use crate::check::Base;
use crate::constitution::Constitution;
use crate::freeze::records::{Records, Terms};
use crate::provenance::Moment;
use crate::report::Report;
use crate::rules;

/// The report as the records of its workspace let it stand. Of a change, they are the [`records`] as they count
/// for it; the law at its base has its say too, and what was found there is told from what is new.
pub(crate) fn under<'a>(
    report: Report<'a>,
    records: &Records,
    law: &Constitution,
    now: Moment,
    base: Option<&Base>,
) -> Report<'a> {
    let terms = Terms {
        base: base.and_then(Base::law),
        ..terms(law, now)
    };
    let standing = records.judge(&report, &terms);
    let report = report.under(standing);
    match base {
        Some(base) => report.with_base(base.since()),
        None => report,
    }
}

/// The records as they count for a change: by who could sign at its base, and with what it takes away.
pub(crate) fn records(records: Records, base: Option<&Base>, now: Moment) -> Records {
    match base.and_then(Base::root) {
        Some(root) => records.signed_at(root, now),
        None => records,
    }
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
