//! One message with one excerpt, drawn by miette.

use std::fmt;

use miette::{Diagnostic, LabeledSpan, Severity, SourceCode};

use crate::finding::Level;
use crate::report::excerpt::Excerpt;
use crate::report::look::{Look, wrap};
use crate::report::safe::safe;
use crate::text::{Span, Text};

/// What is said about a place.
pub(super) struct Card<'a> {
    /// What the message begins with, painted.
    pub(super) head: String,
    pub(super) message: &'a str,
    pub(super) level: Level,
    /// Harmless words at the mark.
    pub(super) label: Option<String>,
}

impl Card<'_> {
    /// The message, and the excerpt of `text` at `span` below it; where the file is gone or shorter by
    /// now, only the place's name.
    pub(super) fn draw(
        &self,
        file: &str,
        text: &Text,
        span: Span,
        masks: &[Span],
        look: &Look,
    ) -> String {
        let excerpt = Excerpt::new(file, text, span, masks, look.width);
        let bare = excerpt.is_none();
        let mut drawn = self.render(excerpt, look);
        if bare {
            let place = format!("{}:{}", safe(file), span.start);
            drawn.push_str(&wrap("    at ", "       ", &place, look.width));
        }
        drawn
    }

    /// The message alone, for a place that has just been drawn.
    pub(super) fn say(&self, look: &Look) -> String {
        self.render(None, look)
    }

    fn render(&self, excerpt: Option<Excerpt>, look: &Look) -> String {
        let drawing = Drawing {
            message: format!("{}: {}", self.head, safe(self.message)),
            severity: match self.level {
                Level::Breach => Severity::Error,
                Level::Risk | Level::Warning => Severity::Warning,
                Level::Note => Severity::Advice,
            },
            label: self.label.clone(),
            excerpt,
        };
        let mut drawn = String::new();
        look.handler(self.level)
            .render_report(&mut drawn, &drawing)
            .expect("a String takes all, and the excerpt knows its own mark");
        drawn
    }
}

#[derive(Debug)]
struct Drawing {
    message: String,
    severity: Severity,
    label: Option<String>,
    excerpt: Option<Excerpt>,
}

impl fmt::Display for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawing {}

impl Diagnostic for Drawing {
    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as _)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let mark = self.excerpt.as_ref()?.mark;
        let label = LabeledSpan::new_primary_with_span(self.label.clone(), mark);
        Some(Box::new(std::iter::once(label)))
    }
}
