//! One line a finding, for editors and for `grep`.

use std::io::{self, Write};

use super::Report;
use super::look::Look;
use super::safe::safe;

pub(crate) fn write(report: &Report<'_>, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    for entry in &report.entries {
        let finding = &entry.finding;
        let head = format!("{}[{}]", finding.level, finding.rule.id);
        let mut line = format!(
            "{}: {} {}",
            report.at(finding.place),
            look.paint_level(finding.level, &head),
            safe(&finding.message),
        );
        if let Some(target) = &finding.target {
            line.push_str(&format!(" (target {})", safe(target)));
        }
        if let Some(exception) = report.exception(entry) {
            line.push_str(&format!(" (excepted until {})", exception.expires));
        } else if entry.status.is_borne() {
            line.push_str(" (in the baseline)");
        }
        writeln!(out, "{}", look.disarmed(&line))?;
    }
    Ok(())
}
