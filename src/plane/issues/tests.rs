//! What is generated holds; every fault, one at a time, is found and nothing else is.

use super::*;
use crate::constitution::Constitution;
use crate::text::{Sources, Text};

fn registry() -> Registry {
    Registry::new(&Constitution::built_in(&[]).structures).expect("it is valid")
}

/// The messages about a list, which is read from its JSON.
fn judged(text: String) -> Vec<String> {
    let mut sources = Sources::new("/w".into());
    let file = sources.add(std::path::Path::new("/w/issues.json"));
    let text = Text::new(text);
    let list = read(&text, file, "issues.json").unwrap_or_else(|error| panic!("{error}"));
    let top = crate::text::Place::top(file);
    let drifts = verify(&list, &registry(), true, top);
    let said = drifts.into_iter().map(|drift| {
        let line = drift.place.span.start.line();
        format!("{line}: {}", drift.message)
    });
    said.collect()
}

fn with(fault: impl FnOnce(&mut Vec<Issue>)) -> Vec<String> {
    let mut tree = tree(&registry());
    fault(&mut tree);
    judged(json(&tree))
}

/// The index of the issue of this key, `X` being the database adapter.
fn at(tree: &[Issue], key: &str) -> usize {
    let key = key.replace('X', "RUNTIME-ADAPTER-DATABASE-v0.1.0");
    let found = tree.iter().position(|issue| issue.key == key);
    found.unwrap_or_else(|| panic!("no {key}"))
}

#[test]
fn the_tree_has_406_issues_labelled_as_section_iii_demands() {
    let tree = tree(&registry());
    assert_eq!(tree.len(), 406);
    let count = |label: &str| {
        tree.iter()
            .filter(|it| it.labels.iter().any(|l| l == label))
            .count()
    };
    assert_eq!(count("layer:runtime"), 406);
    assert_eq!(count("state:dormant"), 406);
    assert_eq!(count("type:master"), 14);
    assert_eq!(count("type:validation"), 14 * 4);
    assert_eq!(count("phase:6"), 14 * 4);
    assert_eq!(count("structure:RUNTIME-TENANT-MANAGER-v0.1.0"), 29);
    assert!(
        tree.iter()
            .flat_map(|it| &it.labels)
            .all(|label| label.len() <= 50)
    );
    assert!(
        tree.iter()
            .all(|it| it.body.contains(&marker(&it.key)) && !it.body.contains('{'))
    );
}

#[test]
fn what_is_generated_has_no_drift() {
    assert_eq!(with(|_| {}), [""; 0]);
}

type Fault = (&'static str, fn(&mut Vec<Issue>), &'static str);

#[test]
fn every_fault_is_found_and_nothing_else() {
    let faults: &[Fault] = &[
        (
            "a task is gone",
            |t| drop(t.remove(at(t, "X-P3-T02"))),
            "lacks",
        ),
        (
            "a phase is gone",
            |t| drop(t.remove(at(t, "X-P2"))),
            "orphaned",
        ),
        (
            "a master is gone",
            |t| drop(t.remove(at(t, "X"))),
            "orphaned",
        ),
        (
            "a whole phase",
            |t| t.retain(|i| !i.key.starts_with("RUNTIME-ADAPTER-STORAGE-v0.1.0-P4")),
            "lacks",
        ),
        (
            "a whole structure",
            |t| t.retain(|i| !i.key.contains("STORAGE")),
            "none of its 29",
        ),
        ("twice", |t| t.push(t[40].clone()), "a second time"),
        (
            "retitled as another",
            |t| {
                let a = at(t, "X-P1-T01");
                t[a].title = t[a + 1].title.clone();
            },
            "a second time",
        ),
        (
            "moved to another phase",
            |t| {
                let (a, b) = (at(t, "X-P1-T01"), at(t, "X-P4-T01"));
                t[a].title = t[b].title.clone();
            },
            "a second time",
        ),
        (
            "one too many",
            |t| {
                let mut i = t[at(t, "X-P3-T03")].clone();
                i.title = i.title.replace("T03", "T04");
                t.push(i);
            },
            "too many",
        ),
        (
            "no brackets",
            |t| {
                let a = at(t, "X-P0");
                t[a].title = "Specification".into();
            },
            "names no place",
        ),
        (
            "small letters",
            |t| {
                let a = at(t, "X");
                t[a].title = t[a].title.to_lowercase();
            },
            "names no place",
        ),
        (
            "phase 7",
            |t| {
                let a = at(t, "X-P6");
                t[a].title = t[a].title.replace("P6", "P7");
            },
            "names no place",
        ),
        (
            "a slip in the id",
            |t| {
                let a = at(t, "X-P6");
                t[a].title = t[a].title.replace("BASE", "BSE");
            },
            "no structure",
        ),
        (
            "another version",
            |t| {
                let a = at(t, "X-P6");
                t[a].title = t[a].title.replace("v0.1.0", "v0.2.0");
            },
            "no structure",
        ),
        (
            "activated",
            |t| t[7].labels[1] = "state:activated".into(),
            "`state:dormant` is due",
        ),
        (
            "two states",
            |t| t[7].labels.push("state:frozen".into()),
            "more than one `state:`",
        ),
        ("no state", |t| drop(t[7].labels.remove(1)), "no `state:`"),
        ("no layer", |t| drop(t[7].labels.remove(0)), "no `layer:`"),
        (
            "wrong layer",
            |t| t[7].labels[0] = "layer:cell".into(),
            "`layer:runtime` is due",
        ),
        (
            "wrong structure",
            |t| t[7].labels[2] = "structure:RUNTIME-ADAPTER-STORAGE-v0.1.0".into(),
            "is due",
        ),
        (
            "no structure",
            |t| drop(t[7].labels.remove(2)),
            "no `structure:`",
        ),
        (
            "wrong type",
            |t| t[7].labels[3] = "type:master".into(),
            "is due",
        ),
        ("no type", |t| drop(t[7].labels.remove(3)), "no `type:`"),
        (
            "wrong phase",
            |t| t[7].labels[4] = "phase:5".into(),
            "is due",
        ),
        ("no phase", |t| drop(t[7].labels.remove(4)), "no `phase:`"),
        (
            "a master's phase",
            |t| t[0].labels.push("phase:0".into()),
            "belongs to no phase",
        ),
        (
            "wrong parent",
            |t| t[7].parent = Some("RUNTIME-ADAPTER-STORAGE-v0.1.0".into()),
            "as its parent",
        ),
    ];
    for (name, fault, said) in faults {
        let found = with(fault);
        assert!(
            matches!(found.as_slice(), [one] if one.contains(said)),
            "{name}: {found:#?}"
        );
    }
}

#[test]
fn a_closed_issue_of_a_dormant_structure_is_found_at_its_line() {
    let text = json(&tree(&registry()));
    let lines: Vec<&str> = text.lines().collect();
    let closed = lines[4]
        .replace("\"OPEN\"", "\"CLOSED\"")
        .replacen('{', "{\"number\":7,", 1);
    let found = judged(text.replacen(lines[4], &closed, 1));
    assert_eq!(
        found,
        ["5: issue #7 is closed, though `RUNTIME-ADAPTER-DATABASE-v0.1.0` is dormant"]
    );
}

#[test]
fn what_is_no_list_is_refused_with_its_place() {
    let mut sources = Sources::new("/w".into());
    let file = sources.add(std::path::Path::new("/w/issues.json"));
    let refused = |text: &str| {
        let error = read(&Text::new(text.to_owned()), file, "issues.json");
        error.expect_err("it is no list").to_string()
    };
    assert!(refused("[\n{\"title\": \"x\", \"labels\": [3]}]").contains("line 2, column 2"));
    assert!(refused("[{\"labels\": []}]").contains("missing field `title`"));
    assert!(refused("[\n {\"title\": 7, \"labels\": []}]").contains("line 2, column 1"));
    assert!(refused("").contains("line 1"));
    let deep = "[".repeat(100_000);
    assert!(refused(&deep).contains("issues.json"));
}

#[test]
fn markdown_is_read_back_as_it_was_written() {
    let mut sources = Sources::new("/w".into());
    let mut list = Vec::new();
    for (name, text) in markdown(&tree(&registry())) {
        let file = sources.add(&std::path::Path::new("/w").join(name));
        list.push(front_matter(&Text::new(text), file).expect("it has front matter"));
    }
    let top = list[0].place;
    assert_eq!(verify(&list, &registry(), true, top), []);
    let file = sources.add(std::path::Path::new("/w/odd.md"));
    let text = "---\ntitle: '[X-v1.0.0] Master Issue'\nlabels:\n  - layer:runtime\n  - \"a, b\"\nnumber: 7\nstate: Closed\n---\n";
    let listed = front_matter(&Text::new(text.to_owned()), file).expect("it has front matter");
    assert_eq!(listed.labels, ["layer:runtime", "a, b"]);
    assert_eq!((listed.number, listed.closed), (Some(7), true));
    assert!(front_matter(&Text::new("# No\n".to_owned()), file).is_none());
}

#[test]
fn a_field_of_csv_with_breaks_and_quotes_is_one_field() {
    let mut tree = tree(&registry());
    tree.truncate(1);
    tree[0].body = "a \"b\",\nc".to_owned();
    assert!(csv(&tree).contains(",\"a \"\"b\"\",\nc\",\"layer:runtime,"));
}
