//! What the report for people says beside the findings: drawn, and asked of git.

use crate::check::Matter;
use crate::draw;
use crate::provenance::Provenance;
use crate::report::Report;
use crate::report::freeze::{self, Dossier};

/// The picture of the workspace, where it comes from, and who changed what breaks the law last.
pub(crate) fn draw_up(matter: &Matter, report: &Report<'_>) -> Dossier {
    let picture = draw::picture(&matter.case(), &report.findings(), report.fail_on);
    let provenance = Provenance::read(matter.sources(), matter.law_name());
    let blame = provenance.blame(matter.sources(), freeze::places(report));
    Dossier {
        picture,
        provenance,
        blame,
    }
}
