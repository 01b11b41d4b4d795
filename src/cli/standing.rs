//! How the findings of a report stand under the workspace's records.

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

/// By what records are judged.
pub(crate) fn terms(law: &Constitution, now: Moment) -> Terms<'_> {
    Terms {
        law,
        rules: rules::all(),
        now,
    }
}
