//! What the report for people says beside the findings: drawn, and asked of git.

use crate::check::{Base, Matter};
use crate::draw;
use crate::provenance::Provenance;
use crate::report::Report;
use crate::report::freeze::{self, Dossier};

/// The picture of the workspace, where it comes from, and who changed what breaks the law last.
/// Compared with `base`, where there is one.
pub(crate) fn draw_up(matter: &Matter, base: Option<&Base>, report: &Report<'_>) -> Dossier {
    let mut picture = draw::picture(&matter.case(), &report.findings(), report.fail_on);
    if let Some(then) = base.and_then(Base::picture) {
        picture = picture.since(&then);
    }
    let provenance = Provenance::read(matter.sources(), matter.law_name());
    let blame = provenance.blame(matter.sources(), freeze::places(report));
    Dossier {
        picture,
        provenance,
        blame,
    }
}
