//! What an editor shows of a report: by file, each finding at its place with its chain, and what to say of it.

use std::collections::{BTreeMap, HashMap};

use lsp_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Hover, HoverContents, Location,
    MarkupContent, MarkupKind, NumberOrString, Position, Range,
};

use super::place::{Encoding, range, uri_of};
use crate::clause;
use crate::finding::{Finding, Level};
use crate::report::Report;
use crate::text::{FileId, Place, Text};

/// One file's findings.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Beside each diagnostic, in Markdown.
    hovers: Vec<String>,
}

impl Shown {
    /// All that is said of a position.
    pub(super) fn hover(&self, at: Position) -> Option<Hover> {
        let within = |range: &Range| range.start <= at && at < range.end;
        let both = self.diagnostics.iter().zip(&self.hovers);
        let said: Vec<(Range, &str)> = both
            .filter(|(diagnostic, _)| within(&diagnostic.range))
            .map(|(diagnostic, text)| (diagnostic.range, text.as_str()))
            .collect();
        let (range, _) = *said.first()?;
        let texts: Vec<&str> = said.into_iter().map(|(_, text)| text).collect();
        Some(Hover {
            contents: HoverContents::Markup(MarkupContent {
                kind: MarkupKind::Markdown,
                value: texts.join("\n\n---\n\n"),
            }),
            range: Some(range),
        })
    }
}

/// Every file with a finding or a blind spot, by its address.
pub(super) fn of(report: &Report<'_>, encoding: Encoding) -> BTreeMap<String, Shown> {
    let mut writer = Writer {
        report,
        encoding,
        texts: HashMap::new(),
    };
    let mut all: BTreeMap<String, Shown> = BTreeMap::new();
    for entry in &report.entries {
        let finding = &entry.finding;
        let Some(location) = writer.location(finding.place) else {
            continue;
        };
        let diagnostic = writer.diagnostic(finding, location.range);
        let shown = all.entry(location.uri.as_str().to_owned()).or_default();
        shown.diagnostics.push(diagnostic);
        shown.hovers.push(said(finding));
    }
    for spot in &report.blind_spots {
        let Some(location) = writer.location(spot.place) else {
            continue;
        };
        let shown = all.entry(location.uri.as_str().to_owned()).or_default();
        shown.diagnostics.push(Diagnostic {
            range: location.range,
            severity: Some(DiagnosticSeverity::WARNING),
            code: Some(NumberOrString::String("blind-spot".to_owned())),
            source: Some("constitution".to_owned()),
            message: spot.reason.clone(),
            ..Diagnostic::default()
        });
        shown
            .hovers
            .push(format!("**Blind spot**: {}", spot.reason));
    }
    all
}

struct Writer<'r> {
    report: &'r Report<'r>,
    encoding: Encoding,
    /// Files that places were counted in.
    texts: HashMap<FileId, Text>,
}

impl Writer<'_> {
    fn location(&mut self, place: Place) -> Option<Location> {
        let sources = self.report.sources;
        let path = sources.path(place.file);
        // A file of another workspace is not there to be opened.
        if path.is_relative() {
            return None;
        }
        let text = self.texts.entry(place.file);
        let text = text.or_insert_with(|| sources.read(place.file));
        Some(Location {
            uri: uri_of(path).parse().ok()?,
            range: range(place.span, text, self.encoding),
        })
    }

    fn diagnostic(&mut self, finding: &Finding, range: Range) -> Diagnostic {
        let hops = finding
            .chain
            .iter()
            .map(|hop| (Some(hop.place), &hop.label));
        let why = finding.because.iter().map(|one| (one.place, &one.text));
        let related: Vec<DiagnosticRelatedInformation> = hops
            .chain(why)
            .filter_map(|(place, text)| {
                Some(DiagnosticRelatedInformation {
                    location: self.location(place?)?,
                    message: text.clone(),
                })
            })
            .collect();
        Diagnostic {
            range,
            severity: Some(match finding.level {
                Level::Breach => DiagnosticSeverity::ERROR,
                Level::Risk | Level::Warning => DiagnosticSeverity::WARNING,
                Level::Note => DiagnosticSeverity::INFORMATION,
            }),
            code: Some(NumberOrString::String(finding.rule.id.to_owned())),
            source: Some("constitution".to_owned()),
            message: format!("{}\nhelp: {}", finding.message, finding.help),
            related_information: Some(related),
            ..Diagnostic::default()
        }
    }
}

/// A finding in Markdown: the clause, what is wrong, the way out.
fn said(finding: &Finding) -> String {
    let rule = finding.rule;
    let mut text = format!(
        "**{}** `{}`, clause {}: *{}*\n\n{}\n\n",
        finding.level,
        rule.id,
        rule.clause,
        clause::sentence(rule.clause),
        finding.message,
    );
    for hop in &finding.chain {
        text += &format!("- {}\n", hop.label);
    }
    text + &format!(
        "\n**Way out:** {}\n\n`cargo constitution explain {}`",
        finding.help, rule.id
    )
}
