//! The tree as a script for `gh` that can be stopped and run again.

use std::collections::BTreeSet;

use super::Issue;

const OPENING: &str = include_str!("script/opening.sh");

/// A POSIX shell script: makes what is not there yet, in the order of `issues`, and attaches parents.
pub(crate) fn script(issues: &[Issue]) -> String {
    let mut text = OPENING.to_owned();
    let labels: BTreeSet<&String> = issues.iter().flat_map(|issue| &issue.labels).collect();
    text.push('\n');
    for label in labels {
        text.push_str(&format!("label {}\n", quoted(label)));
    }
    for issue in issues {
        let end = delimiter(&issue.body);
        text.push_str(&format!(
            "\nissue {} {} {} {} <<'{end}'\n{}{end}\n",
            quoted(&issue.key),
            quoted(issue.parent.as_deref().unwrap_or_default()),
            quoted(&issue.title),
            quoted(&issue.labels.join(",")),
            issue.body,
        ));
    }
    text.push_str("\necho \"all issues are there: $created created in this run\" >&2\n");
    text
}

/// In single quotes, in which the shell reads nothing but their end.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A line that `body` does not have.
fn delimiter(body: &str) -> String {
    let mut end = "END_OF_BODY".to_owned();
    while body.lines().any(|line| line == end) {
        end.push('_');
    }
    end
}
