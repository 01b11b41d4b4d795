//! An issue as somebody lists it: what `gh` printed, or a Markdown file with front matter.

use crate::text::{FileId, Place, Text};

/// One issue of a list.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) number: Option<u64>,
    pub(crate) title: String,
    pub(crate) labels: Vec<String>,
    pub(crate) closed: bool,
    /// The key of its parent, where the list says so.
    pub(crate) parent: Option<String>,
    /// The title's place.
    pub(crate) place: Place,
    /// The place of its labels, or again the title's.
    pub(crate) labels_at: Place,
}

impl Listed {
    /// What a person calls it.
    pub(crate) fn shown(&self) -> String {
        match self.number {
            Some(number) => format!("issue #{number}"),
            None => {
                let key = self
                    .title
                    .strip_prefix('[')
                    .and_then(|it| it.split_once(']'));
                format!(
                    "issue `{}`",
                    key.map_or(self.title.as_str(), |(key, _)| key)
                )
            }
        }
    }
}

/// Reads the front matter of a Markdown file; `None` if it has none with a title.
pub(crate) fn front_matter(text: &Text, file: FileId) -> Option<Listed> {
    let place = |range| Place {
        file,
        span: text.span(range),
    };
    let mut listed: Option<Listed> = None;
    let mut labels: Vec<String> = Vec::new();
    let mut labels_at = None;
    let (mut number, mut closed, mut parent) = (None, false, None);
    let mut in_labels = false;
    let mut at = 0;
    for (count, line) in text.as_str().split_inclusive('\n').enumerate() {
        let range = at..at + line.trim_end().len();
        at += line.len();
        let line = line.trim_end();
        match (count, line) {
            (0, "---") => continue,
            (0, _) => return None,
            (_, "---") => {
                return listed.map(|listed| Listed {
                    number,
                    closed,
                    parent,
                    labels_at: labels_at.unwrap_or(listed.place),
                    labels,
                    ..listed
                });
            }
            _ => {}
        }
        if let Some(item) = line.trim_start().strip_prefix("- ").filter(|_| in_labels) {
            labels.push(unquoted(item));
            continue;
        }
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        in_labels = key == "labels";
        let value = value.trim();
        match key {
            "title" => {
                listed = Some(Listed {
                    number: None,
                    title: unquoted(value),
                    labels: Vec::new(),
                    closed: false,
                    parent: None,
                    place: place(range.clone()),
                    labels_at: place(range),
                });
            }
            "labels" => {
                let inner = value.trim_start_matches('[').trim_end_matches(']');
                let words = inner.split(',').map(unquoted);
                labels.extend(words.filter(|word| !word.is_empty()));
                labels_at = Some(place(range));
            }
            "number" => number = value.trim_start_matches('#').parse().ok(),
            "state" => closed = unquoted(value).eq_ignore_ascii_case("closed"),
            "parent" => parent = Some(unquoted(value)),
            _ => {}
        }
    }
    None
}

/// Without the quotes that YAML allows around a word.
fn unquoted(text: &str) -> String {
    let text = text.trim();
    if let Ok(text) = serde_json::from_str::<String>(text) {
        return text;
    }
    let inner = text.strip_prefix('\'').and_then(|it| it.strip_suffix('\''));
    inner.map_or_else(|| text.to_owned(), |inner| inner.replace("''", "'"))
}
