//! The tree as JSON, CSV and Markdown files.

use serde::Serialize;

use super::Issue;

#[derive(Serialize)]
struct Shown<'a> {
    key: &'a str,
    title: &'a str,
    body: &'a str,
    labels: Vec<Label<'a>>,
    state: &'static str,
    parent: Option<&'a str>,
}

/// As `gh` prints it, so that one reader reads both.
#[derive(Serialize)]
struct Label<'a> {
    name: &'a str,
}

/// An array with one issue a line.
pub(crate) fn json(issues: &[Issue]) -> String {
    let lines: Vec<String> = issues
        .iter()
        .map(|issue| {
            let labels = issue.labels.iter().map(|name| Label { name }).collect();
            let shown = Shown {
                key: &issue.key,
                title: &issue.title,
                body: &issue.body,
                labels,
                state: "OPEN",
                parent: issue.parent.as_deref(),
            };
            serde_json::to_string(&shown).expect("texts can be written as JSON")
        })
        .collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

/// With a header, and every field that needs it in quotes (RFC 4180).
pub(crate) fn csv(issues: &[Issue]) -> String {
    let mut text = "key,title,body,labels,state,parent\r\n".to_owned();
    for issue in issues {
        let labels = issue.labels.join(",");
        let parent = issue.parent.as_deref().unwrap_or_default();
        let fields = [
            &issue.key,
            &issue.title,
            &issue.body,
            &labels,
            "OPEN",
            parent,
        ];
        let fields: Vec<String> = fields.into_iter().map(quoted).collect();
        text.push_str(&fields.join(","));
        text.push_str("\r\n");
    }
    text
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

/// One file an issue: its name, and its text with front matter.
pub(crate) fn markdown(issues: &[Issue]) -> Vec<(String, String)> {
    let file = |issue: &Issue| {
        let mut text = "---\n".to_owned();
        let title = serde_json::to_string(&issue.title).expect("a text can be written as JSON");
        text.push_str(&format!("title: {title}\n"));
        text.push_str(&format!("labels: {}\n", issue.labels.join(", ")));
        text.push_str("state: open\n");
        if let Some(parent) = &issue.parent {
            text.push_str(&format!("parent: {parent}\n"));
        }
        text.push_str(&format!("---\n\n{}", issue.body));
        (format!("{}.md", issue.key), text)
    };
    issues.iter().map(file).collect()
}
