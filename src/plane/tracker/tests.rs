//! What is generated holds; every fault, one at a time, is found, and updating mends it and nothing else.

use super::*;
use crate::constitution::Constitution;
use crate::text::{FileId, Sources, Text};

fn registry() -> Registry {
    Registry::new(&Constitution::built_in(&[]).structures).expect("it is valid")
}

fn file() -> FileId {
    Sources::new("/w".into()).add(std::path::Path::new("/w/TRACKER.md"))
}

/// What is said above a note: place and message.
fn judged(text: &str, truth: &Truth<'_>) -> Vec<String> {
    let drifts = verify(&Text::new(text.to_owned()), file(), truth);
    let drifts = drifts.into_iter().filter(|drift| !drift.minor);
    let said = drifts.map(|drift| format!("{}: {}", drift.place.span.start, drift.message));
    said.collect()
}

fn truth(registry: &Registry) -> Truth<'_> {
    Truth {
        registry,
        issues: None,
    }
}

const STORAGE: &str = "| RUNTIME-ADAPTER-STORAGE | Storage Adapter | Binds storage ports to concrete storage \
                       engines | v0.1.0 | 0 | dormant | (none) | Ports not identified | 0% | Yes | Yes | No | \
                       2026-02-19 | [#XXX] |\n";

#[test]
fn what_is_generated_has_no_drift_and_no_update() {
    let registry = registry();
    let text = generate(&truth(&registry), "2026-02-19");
    assert!(text.contains(STORAGE), "{text}");
    assert!(text.contains("| **Total Issues Created** | 406 (14 structures × 29 issues each) |"));
    assert_eq!(
        verify(&Text::new(text.clone()), file(), &truth(&registry)),
        []
    );
    assert_eq!(update(&text, &truth(&registry), "today"), text);
    let begun = update("# Tracker", &truth(&registry), "2026-02-19");
    assert_eq!(begun, format!("# Tracker\n\n{text}"));
}

#[test]
fn every_fault_is_found_alone_and_updating_mends_what_is_derivable() {
    let registry = registry();
    let truth = truth(&registry);
    let sound = generate(&truth, "2026-02-19");
    let changed = |from: &str, to: &str| STORAGE.replacen(from, to, 1);
    let faults = [
        (
            STORAGE,
            String::new(),
            "no row of `RUNTIME-ADAPTER-STORAGE-v0.1.0`",
            true,
        ),
        (STORAGE, format!("{STORAGE}{STORAGE}"), "second row", false),
        (
            STORAGE,
            STORAGE.to_owned() + &changed("STORAGE", "CACHE"),
            "no structure",
            false,
        ),
        (
            STORAGE,
            changed("dormant", "**activated**"),
            "`activated` as its state",
            true,
        ),
        (
            STORAGE,
            changed("v0.1.0", "v0.2.0"),
            "`v0.2.0` as its version",
            true,
        ),
        (
            STORAGE,
            changed("STORAGE", "STORAGE-v0.2.0"),
            "in the registry",
            true,
        ),
        (
            STORAGE,
            changed("| 0 |", "| 3 (Implementation) |"),
            "as its phase",
            true,
        ),
        (STORAGE, changed("Yes", "No"), "multi-tenant support", true),
        (
            STORAGE,
            changed("Yes | No", "No | No"),
            "dedicated support",
            true,
        ),
        (
            "| Blocked |",
            "| Hampered |".to_owned(),
            "no column `Blocked`",
            false,
        ),
        (
            "| Current State |",
            "| Mood |".to_owned(),
            "no column `Current State`",
            false,
        ),
        (
            "Tracked** | 14",
            "Tracked** | 13".to_owned(),
            "13; 14 is due",
            true,
        ),
        (
            "State** | 14",
            "State** | 15".to_owned(),
            "15; 14 is due",
            true,
        ),
        (
            "Activated** | 0",
            "Activated** | 1".to_owned(),
            "1; 0 is due",
            true,
        ),
        (
            "Ratified** | 0",
            "Ratified** | none".to_owned(),
            "no number",
            false,
        ),
        ("| 406 (", "| 1,406 (".to_owned(), "1406; 406 is due", true),
        (
            "| 0% (dormant",
            "| 7% (dormant".to_owned(),
            "7; 0 is due",
            true,
        ),
        (
            "| **Runtime Structures Ratified** | 0 |\n",
            String::new(),
            "no metric",
            false,
        ),
    ];
    for (from, to, said, mended) in faults {
        let faulty = sound.replacen(from, &to, 1);
        assert_ne!(faulty, sound, "{from}");
        let found = judged(&faulty, &truth);
        assert!(
            matches!(found.as_slice(), [one] if one.contains(said)),
            "{said}: {found:#?}"
        );
        if mended {
            let updated = update(&faulty, &truth, "2026-02-19");
            assert_eq!(judged(&updated, &truth), [""; 0], "{said}");
        }
    }
}

#[test]
fn an_update_leaves_every_other_word() {
    let registry = registry();
    let truth = truth(&registry).registry.entries[..1].to_vec();
    let registry = Registry { entries: truth };
    let truth = Truth {
        registry: &registry,
        issues: Some((BTreeMap::from([(registry.entries[0].id.clone(), 12)]), 29)),
    };
    let text = "# Ours\r\n\r\nKept | as it is.\r\n\r\n## Runtime Layer Tracking\r\n\r\n\
        | Runtime Structure Code | Remarks | Current Phase |Activation Status | Master Issue |\r\n|:-|-|-|-|-|\r\n\
        | `RUNTIME-ADAPTER-DATABASE-v0.1.0` |  a \\| b  | 2 (Validation) |frozen | |\r\n\r\n\
        - Total Runtime Structures: 13 of *many*\r\n";
    let updated = update(text, &truth, "today");
    let due = text
        .replace("| 2 (", "| 0 (")
        .replace("frozen", "dormant")
        .replace("| |", "| [#12] |")
        .replace("13", "1");
    assert_eq!(updated, due);
}

#[test]
fn columns_in_the_wild_are_known_by_their_synonyms() {
    let registry = registry();
    let mut text = "## Runtime Layer Tracking\n\n| Runtime Structure Code | Structure Name | Layer | Activation \
        Status | Current Phase | Runtime Mode Support | Adapter Binding Status | Port Binding Completeness |\n\
        |---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for entry in &registry.entries {
        let (id, name) = (&entry.id, &entry.name);
        text.push_str(&format!(
            "| {id} | {name} | runtime | dormant | 0 | Dual (SaaS + Dedicated) | Not Bound | Not Started |\n"
        ));
    }
    text.push_str(
        "\n**Summary:**\n- Total Runtime Structures: 14\n- Issues Generated: 406 of 406\n",
    );
    let found = judged(&text, &truth(&registry));
    assert!(
        found
            .iter()
            .all(|it| it.contains("no column") || it.contains("no metric")),
        "{found:#?}"
    );
    let lacks = |name: &str| found.iter().filter(|it| it.contains(name)).count();
    assert_eq!(
        (
            lacks("`Version`"),
            lacks("`Multi-Tenant Support`"),
            lacks("`Current State`")
        ),
        (1, 0, 0)
    );
    assert_eq!(found.len(), 6 + 4, "{found:#?}");
    let other = text.replacen("Dual (SaaS + Dedicated)", "Dedicated only", 1);
    assert_eq!(judged(&other, &truth(&registry)).len(), 11);
}

#[test]
fn a_tracker_without_the_section_or_its_table_says_so() {
    let registry = registry();
    let said = |text: &str| judged(text, &truth(&registry)).swap_remove(0);
    assert!(said("# Tracker\n").contains("no section"));
    assert!(
        said("# Tracker\n\n## Runtime Layer Tracking\n")
            .starts_with("3:4: the section has no table")
    );
}
