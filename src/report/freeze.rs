//! The freeze report: what a Founder decides from, as a page and as Markdown; a certificate if all is lawful.

mod evidence;
mod groups;
mod matter;
mod protocol;
#[cfg(test)]
pub(crate) mod tests;
mod view;
mod ways;

use std::collections::BTreeMap;
use std::io::{self, Write};

use minijinja::value::Serde;

use super::{Report, template};
use crate::picture::Picture;
use crate::provenance::{Blame, Provenance};
use crate::text::Place;
use view::Document;

/// What a freeze report says beside the findings.
pub(crate) struct Dossier {
    pub(crate) picture: Picture,
    pub(crate) provenance: Provenance,
    /// Who changed the line of a breach last.
    pub(crate) blame: BTreeMap<Place, Blame>,
}

/// What the report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Html,
    Markdown,
}

impl Dossier {
    /// Writes the whole document.
    pub(crate) fn write(
        &self,
        report: &Report<'_>,
        form: Form,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let document = Document::new(report, self);
        match form {
            Form::Html => {
                let (scene, matrix) = document.pictures(&self.picture);
                let legend = matrix.legend();
                let context = minijinja::context! {
                    document => Serde(&document),
                    scene => Serde(&scene),
                    matrix => Serde(&matrix),
                    legend => Serde(&legend),
                    style => template::STYLE,
                    script => template::SCRIPT,
                    style_source => template::STYLE_SOURCE,
                    script_source => template::SCRIPT_SOURCE,
                };
                template::render("report.html", context, out)
            }
            Form::Markdown => template::render(
                "report.md",
                minijinja::context! { document => Serde(&document) },
                out,
            ),
        }
    }
}

/// The places whose last change the report tells: of all that freezes.
pub(crate) fn places<'r>(report: &'r Report<'_>) -> impl Iterator<Item = Place> + use<'r> {
    let frozen = report.entries.iter().filter(|entry| report.freezes(entry));
    frozen.map(|entry| entry.finding.place)
}
