//! SARIF 2.1.0 as GitHub's code scanning takes it.

mod lines;
mod rule;

use std::collections::HashMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::safe::clip;
use super::{Entry, Report, json as harmless};
use crate::finding::{BlindSpot, Finding, Hop, Level};
use crate::text::{FileId, Place};
use crate::tool::VERSION;

/// Results that GitHub keeps of a run; from five times as many on it refuses the upload.
const KEPT: usize = 5_000;
/// Blind spots told one by one; GitHub names no limit but that of the whole file.
const SPOTS: usize = 1_000;
/// Hops of one chain: GitHub shows a hundred places of a result.
const HOPS: usize = 99;
/// Characters of any text from the workspace, so that the file stays below 10 MB when compressed.
const LONGEST: usize = 2_000;
/// What all paths are relative to. Which folder that is on this machine is nobody's business.
const ROOT: &str = "%SRCROOT%";

/// Writes one run: the rules, the gravest findings, and what could not be read.
pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rules = &report.rules;
    let mut hashes = Hashes::default();
    let results: Vec<Value> = report
        .gravest_first()
        .into_iter()
        .take(KEPT)
        .map(|entry| {
            let index = rules.iter().position(|rule| *rule == entry.finding.rule);
            result(report, entry, index, &mut hashes)
        })
        .collect();
    let rules: Vec<Value> = rules.iter().map(|rule| rule::descriptor(rule)).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cargo-constitution",
                "semanticVersion": VERSION,
                "rules": rules,
                "notifications": [
                    { "id": "unreadable", "shortDescription": { "text": "something that had to be read could not be" } },
                    { "id": "left-out", "shortDescription": { "text": "not everything is in this file" } },
                ],
            } },
            "automationDetails": { "id": "cargo-constitution/" },
            "originalUriBaseIds": { ROOT: {
                "description": { "text": "The root of the checked-out sources." },
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": report.blind_spots.is_empty(),
                "toolExecutionNotifications": notifications(report),
            }],
            "results": results,
            "properties": {
                "verdict": report.verdict,
                "failOn": report.fail_on,
                "freezes": report.freezes.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(),
            },
        }],
    });
    harmless::put(&document, out)
}

/// SARIF's word for a level.
fn level(level: Level) -> &'static str {
    match level {
        Level::Breach => "error",
        Level::Risk | Level::Warning => "warning",
        Level::Note => "note",
    }
}

fn result(report: &Report<'_>, entry: &Entry, rule: Option<usize>, hashes: &mut Hashes) -> Value {
    let finding = &entry.finding;
    let mut location = location(report, finding.place);
    if let Some(module) = &finding.module {
        location["logicalLocations"] = json!([
            { "fullyQualifiedName": clip(module, LONGEST), "kind": "module" }
        ]);
    }
    let mut result = json!({
        "ruleId": finding.rule.id,
        "ruleIndex": rule,
        "level": level(finding.level),
        "message": { "text": message(finding) },
        "locations": [location],
        "partialFingerprints": { "constitution/v1": entry.fingerprint },
        "properties": properties(finding),
    });
    if let Some(hash) = hashes.at(report, finding.place) {
        result["partialFingerprints"]["primaryLocationLineHash"] = hash.into();
    }
    if let Some(exception) = report.exception(entry) {
        result["suppressions"] = json!([{
            "kind": "external",
            "status": "accepted",
            "justification": clip(&exception.reason, LONGEST),
            "location": { "physicalLocation": { "artifactLocation": {
                "uri": uri(&exception.record),
                "uriBaseId": ROOT,
            } } },
        }]);
    } else if entry.status.is_borne() {
        result["suppressions"] = json!([{
            "kind": "external",
            "status": "accepted",
            "justification": "in the signed baseline",
        }]);
    }
    if !finding.chain.is_empty() {
        let first = step(report, finding.place, &finding.message);
        let hops = shown(finding).iter();
        let steps = hops.map(|hop| step(report, hop.place, &hop.label));
        let steps: Vec<_> = std::iter::once(first).chain(steps).collect();
        result["codeFlows"] = json!([{ "threadFlows": [{ "locations": steps }] }]);
        result["relatedLocations"] = related(report, finding);
    }
    result
}

/// The hops that are told.
fn shown(finding: &Finding) -> &[Hop] {
    &finding.chain[..finding.chain.len().min(HOPS)]
}

/// What is wrong, first and in one sentence, which is all that a list has room for; each hop as a link to
/// the related location of its number; the way out.
fn message(finding: &Finding) -> String {
    let mut text = unlinked(&finding.message);
    for (number, hop) in (1..).zip(shown(finding)) {
        let word = if number == 1 { ". Through " } else { "; " };
        text.push_str(&format!("{word}[{}]({number})", link_text(&hop.label)));
    }
    if let Some(more) = finding.chain.len().checked_sub(HOPS).filter(|&n| n > 0) {
        text.push_str(&format!("; and {more} more"));
    }
    if !finding.help.is_empty() {
        text.push_str(&format!(". Way out: {}", unlinked(&finding.help)));
    }
    text
}

/// Text that holds no link: a bracket and a parenthesis that touch would be one.
fn unlinked(text: &str) -> String {
    clip(text, LONGEST).replace("](", "] (")
}

/// Text between the brackets of a link.
fn link_text(text: &str) -> String {
    unlinked(text)
        .replace('\\', "\\\\")
        .replace('[', "\\[")
        .replace(']', "\\]")
}

/// What else is known of a finding, under the names of the JSON report.
fn properties(finding: &Finding) -> Value {
    let mut properties = json!({
        "level": finding.level,
        "clause": finding.rule.clause,
        "confidence": finding.confidence,
        "test": finding.test,
    });
    if let Some(trigger) = finding.rule.trigger {
        properties["trigger"] = trigger.into();
    }
    let optional = [
        ("package", &finding.package),
        ("layer", &finding.layer),
        ("structure", &finding.structure),
        ("target", &finding.target),
        ("category", &finding.category),
        ("cfg", &finding.cfg),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            properties[name] = clip(value, LONGEST).into();
        }
    }
    properties
}

fn step(report: &Report<'_>, place: Place, words: &str) -> Value {
    let mut location = location(report, place);
    location["message"] = json!({ "text": unlinked(words) });
    json!({ "location": location })
}

fn related(report: &Report<'_>, finding: &Finding) -> Value {
    let hops = (1..).zip(shown(finding));
    hops.map(|(number, hop)| {
        let mut location = location(report, hop.place);
        location["id"] = Value::from(number);
        location["message"] = json!({ "text": unlinked(&hop.label) });
        location
    })
    .collect()
}

fn location(report: &Report<'_>, place: Place) -> Value {
    let span = place.span;
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&report.file_in_checkout(place)), "uriBaseId": ROOT },
        "region": {
            "startLine": span.start.line(),
            "startColumn": span.start.column(),
            "endLine": span.end.line(),
            "endColumn": span.end.column(),
        },
    } })
}

/// A relative path as a URI: only what can mean nothing else stays as it is.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// What could not be read, and what is not in the file although it was found.
fn notifications(report: &Report<'_>) -> Vec<Value> {
    let spots = report.blind_spots.iter().take(SPOTS);
    let mut notifications: Vec<Value> = spots.map(|spot| unreadable(report, spot)).collect();
    let mut leave_out = |count: usize, most: usize, what: &str| {
        if let Some(more) = count.checked_sub(most).filter(|&n| n > 0) {
            notifications.push(json!({
                "descriptor": { "id": "left-out" },
                "level": "warning",
                "message": { "text": format!(
                    "{more} of {count} {what} are not in this file; `--format json` has them all"
                ) },
            }));
        }
    };
    leave_out(report.blind_spots.len(), SPOTS, "blind spots");
    leave_out(report.entries.len(), KEPT, "findings, the least grave,");
    notifications
}

fn unreadable(report: &Report<'_>, spot: &BlindSpot) -> Value {
    json!({
        "descriptor": { "id": "unreadable" },
        "level": "error",
        "message": { "text": unlinked(&spot.reason) },
        "locations": [location(report, spot.place)],
    })
}

/// The hashes of the lines of files, each read once.
#[derive(Default)]
struct Hashes {
    files: HashMap<FileId, Vec<String>>,
}

impl Hashes {
    /// The hash of the line at which `place` begins; none if the file is gone or shorter by now.
    fn at(&mut self, report: &Report<'_>, place: Place) -> Option<String> {
        let hashes = self.files.entry(place.file).or_insert_with(|| {
            let text = report.sources.read_whole(place.file);
            text.map_or_else(Vec::new, |text| lines::hashes(&text))
        });
        hashes.get(place.span.start.line() as usize - 1).cloned()
    }
}
