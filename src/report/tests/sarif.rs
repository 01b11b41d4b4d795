//! SARIF by its schema, and by what GitHub asks for beyond it.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::Value;

use super::*;
use crate::testing::{ENGINE, SECRET};

/// The schema, which takes long to read.
static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    let schema = include_str!("schemas/sarif-2.1.0.json");
    let schema = serde_json::from_str(schema).expect("the schema is JSON");
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("the schema is a schema")
});

/// The document, which the schema accepts, formats of strings included.
pub(super) fn valid(text: &str) -> Value {
    let document = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let errors: Vec<String> = SCHEMA
        .iter_errors(&document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    document
}

/// A finding reached over one hop, in a file whose path has to be encoded.
fn chained(folder: &Folder, sources: &mut Sources) -> Finding {
    let path = folder.file("crates/ä b/lib.rs", "\nfn f() {}\nuse sqlx::PgPool;\n");
    let hop = Hop {
        place: place(sources, &path, "sqlx", 0),
        label: "`m[0]` names it".to_owned(),
    };
    Finding {
        chain: vec![hop],
        ..finding(sources, &path, "fn f", 0)
    }
}

#[test]
fn a_result_has_all_that_github_asks_for() {
    let folder = Folder::new("sarif");
    let mut sources = Sources::new(folder.path().to_owned());
    let found = chained(&folder, &mut sources);
    let spot = BlindSpot::new(found.place.file, Span::START, "not UTF-8");
    let report = Report::new(vec![found], vec![spot], CHECKED, Level::Breach, &sources);
    let text = written(Format::Sarif, &report, &Look::PLAIN);
    assert!(!text.contains(&*folder.path().to_string_lossy()), "{text}");
    let run = &valid(&text)["runs"][0];
    let result = &run["results"][0];
    assert_eq!(result["level"], "error");
    assert_eq!(
        result["message"]["text"],
        "the cell `cell-x` names `fn f`. Through [`m\\[0\\]` names it](1). Way out: define a port and let a \
         runtime structure bind it"
    );
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "crates/%C3%A4%20b/lib.rs");
    assert!(
        run["originalUriBaseIds"][place["artifactLocation"]["uriBaseId"]
            .as_str()
            .expect("it is relative")]
        .is_object()
    );
    assert_eq!(
        place["region"],
        serde_json::json!({ "startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 5 })
    );
    assert_eq!(result["relatedLocations"][0]["id"], 1);
    let steps = &result["codeFlows"][0]["threadFlows"][0]["locations"];
    assert_eq!(steps[1]["location"]["message"]["text"], "`m[0]` names it");
    let hash = &result["partialFingerprints"]["primaryLocationLineHash"];
    assert!(hash.as_str().is_some_and(|hash| hash.ends_with(":1")));
    assert_eq!(
        result["partialFingerprints"]["constitution/v1"],
        report.entries[0].fingerprint.as_str()
    );
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(
        invocation["toolExecutionNotifications"][0]["message"]["text"],
        "not UTF-8"
    );
    assert!(
        run["automationDetails"]["id"]
            .as_str()
            .is_some_and(|id| id.ends_with('/'))
    );
}

#[test]
fn rules_are_described_with_or_without_a_finding() {
    let sources = Sources::new("/".into());
    let report = report(Vec::new(), &sources).with_rules(&[&SECRET, &ENGINE]);
    let document = valid(&written(Format::Sarif, &report, &Look::PLAIN));
    assert_eq!(document["runs"][0]["results"], serde_json::json!([]));
    let rules = &document["runs"][0]["tool"]["driver"]["rules"];
    assert_eq!(rules[0]["id"], "hardcoded-secret");
    assert_eq!(
        rules[1],
        serde_json::json!({
            "id": "engine-reference",
            "shortDescription": { "text": "capability source that names an engine's item" },
            "fullDescription": { "text": "Capability source that names an engine's item. Clause VIII.1: \
                Adapter logic leaking into capability layer triggers immediate constitutional freeze." },
            "help": {
                "text": "# engine-reference\n\nPorts, not engines.\n",
                "markdown": "# engine-reference\n\nPorts, not engines.\n",
            },
            "defaultConfiguration": { "level": "error" },
            "properties": {
                "tags": ["architecture", "clause-VIII.1", "trigger-1"],
                "problem.severity": "error",
            },
        })
    );
}

#[test]
fn beyond_what_github_keeps_the_least_grave_are_left_out_and_counted() {
    let folder = Folder::new("sarif-many");
    let path = folder.file("lib.rs", &"x\n".repeat(5_003));
    let mut sources = Sources::new(folder.path().to_owned());
    let one = finding(&mut sources, &path, "x", 0);
    let text = sources.read(one.place.file);
    let found = (0..5_003)
        .map(|line| Finding {
            level: if line < 4 { Level::Note } else { Level::Breach },
            place: Place {
                span: text.span(2 * line..2 * line + 1),
                ..one.place
            },
            ..one.clone()
        })
        .collect();
    let report = report(found, &sources);
    let text = written(Format::Sarif, &report, &Look::PLAIN);
    let document: Value = serde_json::from_str(&text).expect("it is JSON");
    let run = &document["runs"][0];
    let results = run["results"].as_array().expect("there are results");
    assert_eq!(results.len(), 5_000);
    let notes = results.iter().filter(|result| result["level"] == "note");
    assert_eq!(notes.count(), 1);
    let said = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert!(
        said.as_str()
            .is_some_and(|said| said.starts_with("3 of 5003 findings")),
        "{said}"
    );
}

#[test]
fn paths_are_those_of_the_repository() {
    let folder = Folder::new("sarif-below");
    let mut sources = Sources::new(folder.path().join("backend"));
    let inside = folder.file("backend/lib.rs", "x");
    let beside = folder.file("shared/lib.rs", "x");
    let found = vec![
        finding(&mut sources, &inside, "x", 0),
        finding(&mut sources, &beside, "x", 0),
    ];
    let mut report = report(found, &sources);
    report.checkout = "backend/".to_owned();
    let document = valid(&written(Format::Sarif, &report, &Look::PLAIN));
    let results = document["runs"][0]["results"].as_array();
    let uris: Vec<_> = results
        .expect("there are results")
        .iter()
        .map(|it| &it["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
        .collect();
    assert_eq!(uris, ["shared/lib.rs", "backend/lib.rs"]);
}
