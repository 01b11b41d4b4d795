//! JUnit by two schemas: that of Ant, whose format it was, and that of Jenkins.

use uppsala::{Document, XsdValidator};

use super::*;
use crate::testing::{ENGINE, SECRET};

const SCHEMAS: [&str; 2] = [
    include_str!("schemas/junit-ant.xsd"),
    include_str!("schemas/junit-jenkins.xsd"),
];

/// The document, which every schema accepts.
pub(super) fn valid(text: &str) -> Document<'_> {
    let document = uppsala::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    for schema in SCHEMAS {
        let schema = uppsala::parse(schema).expect("a schema is XML");
        let validator = XsdValidator::from_schema(&schema).expect("a schema is a schema");
        let errors = validator.validate(&document);
        assert!(errors.is_empty(), "{errors:?}");
    }
    document
}

#[test]
fn the_schemas_refuse_what_is_wrong() {
    let wrong = uppsala::parse("<testsuites><testsuite/></testsuites>").expect("it is XML");
    for schema in SCHEMAS {
        let schema = uppsala::parse(schema).expect("a schema is XML");
        let validator = XsdValidator::from_schema(&schema).expect("a schema is a schema");
        assert!(!validator.validate(&wrong).is_empty());
    }
}

#[test]
fn what_freezes_fails_what_does_not_is_skipped_and_blindness_is_an_error() {
    let folder = Folder::new("junit");
    let path = folder.file("src/lib.rs", "sqlx sqlx");
    let mut sources = Sources::new(folder.path().to_owned());
    let breach = finding(&mut sources, &path, "sqlx", 0);
    let risk = Finding {
        level: Level::Risk,
        ..finding(&mut sources, &path, "sqlx", 1)
    };
    let spot = BlindSpot::new(breach.place.file, Span::START, "not UTF-8");
    let report = Report::new(
        vec![breach, risk],
        vec![spot],
        CHECKED,
        Level::Breach,
        &sources,
    )
    .with_rules(&[&ENGINE, &SECRET]);
    let text = written(Format::Junit, &report, &Look::PLAIN);
    let document = valid(&text);
    let count = |tag: &str| document.get_elements_by_tag_name(tag).len();
    assert_eq!(
        (count("failure"), count("skipped"), count("error")),
        (1, 1, 1)
    );
    // That of the finding, that of a rule without one, and that of what could not be read.
    assert_eq!((count("testsuite"), count("testcase")), (3, 4));
    assert!(text.contains("\"nothing found: a credential in a literal\""));
    assert!(text.contains(
        "name=\"engine-reference\" package=\"cargo-constitution\" timestamp=\"1970-01-01T00:00:00\" \
         hostname=\"localhost\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"1\" time=\"0\""
    ));
    assert!(text.contains("way out: define a port"));
}
