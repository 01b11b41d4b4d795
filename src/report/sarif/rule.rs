//! The rules as SARIF describes them: their summaries, clauses and pages.

use serde_json::{Value, json};

use super::level;
use crate::clause;
use crate::finding::{Level, RuleMeta};

/// One rule of the driver.
pub(super) fn descriptor(rule: &RuleMeta) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": description(rule) },
        "help": { "text": rule.page, "markdown": rule.page },
        "defaultConfiguration": { "level": level(rule.level) },
        "properties": {
            "tags": tags(rule),
            "problem.severity": match rule.level {
                Level::Breach => "error",
                Level::Risk | Level::Warning => "warning",
                Level::Note => "recommendation",
            },
        },
    })
}

/// The summary as a sentence, and the clause that makes it law.
fn description(rule: &RuleMeta) -> String {
    let mut summary = rule.summary.chars();
    let first = summary.next().map(|c| c.to_uppercase().to_string());
    format!(
        "{}{}. Clause {}: {}",
        first.unwrap_or_default(),
        summary.as_str(),
        rule.clause,
        clause::sentence(rule.clause)
    )
}

fn tags(rule: &RuleMeta) -> Vec<String> {
    let mut tags = vec!["architecture".to_owned(), format!("clause-{}", rule.clause)];
    tags.extend(rule.trigger.map(|trigger| format!("trigger-{trigger}")));
    tags
}
