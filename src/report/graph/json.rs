//! The picture as JSON, with exact names.

use std::io::{self, Write};

use serde::Serialize;

use crate::finding::Level;
use crate::picture::{Change, Picture};
use crate::report::{Report, json};

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    tool: &'static str,
    /// The topmost first.
    bands: Vec<Band<'a>>,
    nodes: Vec<Box<'a>>,
    edges: Vec<Edge<'a>>,
}

#[derive(Serialize)]
struct Band<'a> {
    plane: &'a str,
    layer: &'a str,
}

#[derive(Serialize)]
struct Box<'a> {
    name: &'a str,
    /// An index into `bands`.
    band: usize,
    structure: Option<&'a str>,
    state: Option<&'static str>,
    /// How many boxes this one stands for.
    folded: usize,
    level: Option<Level>,
    /// Fingerprints of what was found here.
    findings: Vec<&'a str>,
    /// Since the base, if there is one.
    change: Option<Change>,
}

#[derive(Serialize)]
struct Edge<'a> {
    /// Indices into `nodes`.
    from: usize,
    to: usize,
    count: usize,
    test: bool,
    breaks: bool,
    level: Option<Level>,
    label: &'a str,
    file: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
    findings: Vec<&'a str>,
    change: Option<Change>,
}

pub(super) fn write(picture: &Picture, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let names = |entries: &[usize]| {
        let entries = entries.iter().map(|at| &*report.entries[*at].fingerprint);
        entries.collect::<Vec<_>>()
    };
    let bands = picture.bands.iter().map(|band| Band {
        plane: band.plane,
        layer: &band.layer,
    });
    let nodes = picture.nodes.iter().map(|node| Box {
        name: &node.name,
        band: node.band,
        structure: node.structure.as_deref(),
        state: node.state,
        folded: node.folded,
        level: node.level,
        findings: names(&node.entries),
        change: node.change,
    });
    let edges = picture.arrows.iter().map(|arrow| Edge {
        from: arrow.from,
        to: arrow.to,
        count: arrow.count,
        test: arrow.test,
        breaks: arrow.breaks,
        level: arrow.level,
        label: &arrow.label,
        file: arrow.place.map(|place| report.file(place)),
        line: arrow.place.map(|place| place.span.start.line()),
        column: arrow.place.map(|place| place.span.start.column()),
        findings: names(&arrow.entries),
        change: arrow.change,
    });
    let document = Document {
        schema: 1,
        tool: crate::tool::TOOL,
        bands: bands.collect(),
        nodes: nodes.collect(),
        edges: edges.collect(),
    };
    json::put(&document, out)
}
