//! The picture in every format: for eyes, for other tools, and for other pages.

mod dot;
mod json;
mod matrix;
mod mermaid;
mod scene;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use minijinja::value::Serde;

pub(crate) use matrix::MatrixScene;
pub(crate) use mermaid::{mermaid, of_breaches};
pub(crate) use scene::Scene;

use super::template::{self, STYLE_SOURCE};
use super::{Report, safe::safe};
use crate::picture::Picture;

/// What stands behind something in a picture that was marked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mark {
    /// Where a click leads to.
    pub(crate) href: Option<String>,
    /// The number that tells the breaches apart; may be empty.
    pub(crate) number: String,
    /// What is wrong.
    pub(crate) reason: String,
}

/// From what was found (indices into the report's entries) to what is shown of it.
pub(crate) type Marks<'m> = &'m dyn Fn(&[usize]) -> Mark;

/// A format of `graph`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GraphFormat {
    Dot,
    Mermaid,
    Svg,
    Json,
    Html,
}

impl GraphFormat {
    pub(crate) const ALL: [Self; 5] = [Self::Dot, Self::Mermaid, Self::Svg, Self::Json, Self::Html];

    /// The word for it on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dot => "dot",
            Self::Mermaid => "mermaid",
            Self::Svg => "svg",
            Self::Json => "json",
            Self::Html => "html",
        }
    }

    /// Writes the picture whole.
    pub(crate) fn write(
        self,
        picture: &Picture,
        report: &Report<'_>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match self {
            Self::Dot => out.write_all(dot::dot(picture).as_bytes()),
            Self::Mermaid => out.write_all(mermaid(picture).as_bytes()),
            Self::Json => json::write(picture, report, out),
            Self::Svg => {
                let mut scene = Scene::new(picture, &reasons(report));
                scene.style = Some(template::PICTURE_STYLE);
                template::render(
                    "picture.svg",
                    minijinja::context! { scene => Serde(&scene) },
                    out,
                )
            }
            Self::Html => {
                let marks = reasons(report);
                let context = minijinja::context! {
                    scene => Serde(&Scene::new(picture, &marks)),
                    matrix => Serde(&MatrixScene::new(picture, &marks)),
                    changed => picture.is_changed(),
                    style => template::STYLE,
                    style_source => STYLE_SOURCE,
                };
                template::render("graph.html", context, out)
            }
        }
    }
}

/// The message of the first of the gravest, for pictures that stand alone.
fn reasons<'m>(report: &'m Report<'_>) -> impl Fn(&[usize]) -> Mark + use<'m> {
    |entries| {
        let findings = entries.iter().map(|at| &report.entries[*at].finding);
        let gravest = findings.min_by_key(|finding| std::cmp::Reverse(finding.level));
        Mark {
            reason: gravest.map_or(String::new(), |finding| safe(&finding.message).into_owned()),
            ..Mark::default()
        }
    }
}
