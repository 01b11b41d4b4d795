//! JSON: the whole report for other programs, in a fixed shape.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter};

use super::safe::is_treacherous;
use super::standing::{Exception, Status};
use super::{Checked, Counts, Entry, Report, Verdict};
use crate::finding::{Confidence, Level};
use crate::text::Place;
use crate::tool::TOOL;

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    tool: &'static str,
    verdict: Verdict,
    checked: Checked,
    counts: Counts,
    findings: Vec<Row<'a>>,
    blind_spots: Vec<Blind<'a>>,
    exceptions: &'a [Exception],
    freeze: Option<()>,
}

#[derive(Serialize)]
struct Row<'a> {
    rule: &'static str,
    trigger: Option<u8>,
    clause: &'static str,
    level: Level,
    message: &'a str,
    help: &'a str,
    confidence: Confidence,
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    package: Option<&'a str>,
    module: Option<&'a str>,
    layer: Option<&'a str>,
    structure: Option<&'a str>,
    target: Option<&'a str>,
    category: Option<&'a str>,
    cfg: Option<&'a str>,
    test: bool,
    chain: Vec<Link<'a>>,
    fingerprint: &'a str,
    status: &'static str,
}

#[derive(Serialize)]
struct Link<'a> {
    #[serde(flatten)]
    at: At<'a>,
    label: &'a str,
}

#[derive(Serialize)]
struct Blind<'a> {
    #[serde(flatten)]
    at: At<'a>,
    reason: &'a str,
}

#[derive(Serialize)]
struct At<'a> {
    file: &'a str,
    line: u32,
    column: u32,
}

impl<'a> At<'a> {
    fn new(report: &Report<'a>, place: Place) -> Self {
        Self {
            file: report.file(place),
            line: place.span.start.line(),
            column: place.span.start.column(),
        }
    }
}

impl<'a> Row<'a> {
    fn new(report: &'a Report<'_>, entry: &'a Entry) -> Self {
        let finding = &entry.finding;
        let span = finding.place.span;
        Self {
            rule: finding.rule.id,
            trigger: finding.rule.trigger,
            clause: finding.rule.clause,
            level: finding.level,
            message: &finding.message,
            help: &finding.help,
            confidence: finding.confidence,
            file: report.file(finding.place),
            line: span.start.line(),
            column: span.start.column(),
            end_line: span.end.line(),
            end_column: span.end.column(),
            package: finding.package.as_deref(),
            module: finding.module.as_deref(),
            layer: finding.layer.as_deref(),
            structure: finding.structure.as_deref(),
            target: finding.target.as_deref(),
            category: finding.category.as_deref(),
            cfg: finding.cfg.as_deref(),
            test: finding.test,
            chain: finding
                .chain
                .iter()
                .map(|hop| Link {
                    at: At::new(report, hop.place),
                    label: &hop.label,
                })
                .collect(),
            fingerprint: &entry.fingerprint,
            status: match entry.status {
                Status::New if entry.known => "existing",
                status => status.name(),
            },
        }
    }
}

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        schema: 1,
        tool: TOOL,
        verdict: report.verdict,
        checked: report.checked,
        counts: report.counts,
        findings: report
            .entries
            .iter()
            .map(|entry| Row::new(report, entry))
            .collect(),
        blind_spots: report
            .blind_spots
            .iter()
            .map(|spot| Blind {
                at: At::new(report, spot.place),
                reason: &spot.reason,
            })
            .collect(),
        exceptions: &report.exceptions,
        freeze: None,
    };
    put(&document, out)
}

/// Writes any document as indented JSON that is harmless wherever it is shown.
pub(super) fn put(document: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let formatter = Harmless(PrettyFormatter::new());
    document.serialize(&mut serde_json::Serializer::with_formatter(
        &mut *out, formatter,
    ))?;
    writeln!(out)
}

/// JSON whose strings read back the same but hold nothing raw that a terminal or a runner obeys.
struct Harmless(PrettyFormatter<'static>);

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut before = ['\0'; 2];
        for c in fragment.chars() {
            if is_treacherous(c) || (c == '[' && before == ['#', '#']) {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
            } else {
                out.write_all(c.encode_utf8(&mut [0; 4]).as_bytes())?;
            }
            before = [before[1], c];
        }
        Ok(())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}
