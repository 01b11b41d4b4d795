//! What `gh issue list --json number,title,body,labels,state` prints.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Listed;
use crate::text::{FileId, Place, Text};

/// A list that is none.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("`{file}` is no list of issues: line {line}, column {column}: {why}")]
#[diagnostic(help(
    "it is what `gh issue list --state all --limit 100000 --json number,title,body,labels,state` prints, or \
     what `cargo constitution issues generate --format json` writes, or a folder of Markdown files"
))]
pub(crate) struct Unreadable {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) why: String,
}

#[derive(Deserialize)]
struct Raw<'a> {
    number: Option<u64>,
    #[serde(borrow)]
    title: &'a RawValue,
    #[serde(borrow)]
    labels: Vec<Label<'a>>,
    #[serde(borrow, default)]
    state: Cow<'a, str>,
    #[serde(borrow, default)]
    parent: Option<Cow<'a, str>>,
}

/// The name of a label, written as `{"name": …}` or by itself.
struct Label<'a>(Cow<'a, str>);

/// Every issue of the list, called `shown`.
///
/// # Errors
/// If the text is not such a list.
pub(crate) fn read(text: &Text, file: FileId, shown: &str) -> Result<Vec<Listed>, Unreadable> {
    let told = |error: &serde_json::Error, first: (usize, usize)| Unreadable {
        file: shown.to_owned(),
        line: first.0 + error.line(),
        column: first.1 + error.column(),
        why: error
            .to_string()
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned(),
    };
    let all: Vec<Raw<'_>> =
        serde_json::from_str(text.as_str()).map_err(|error| told(&error, (0, 0)))?;
    let base = text.as_str().as_ptr() as usize;
    let listed = |raw: Raw<'_>| {
        let at = raw.title.get().as_ptr() as usize - base;
        let span = text.span(at..at + raw.title.get().len());
        let place = Place { file, span };
        let title = serde_json::from_str(raw.title.get()).map_err(|error| {
            let start = span.start;
            told(
                &error,
                (start.line() as usize - 1, start.column() as usize - 1),
            )
        })?;
        Ok(Listed {
            number: raw.number,
            title,
            labels: raw
                .labels
                .into_iter()
                .map(|label| label.0.into_owned())
                .collect(),
            closed: raw.state.eq_ignore_ascii_case("closed"),
            parent: raw.parent.map(Cow::into_owned),
            place,
            labels_at: place,
        })
    };
    all.into_iter().map(listed).collect()
}

impl<'de: 'a, 'a> Deserialize<'de> for Label<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(LabelVisitor)
    }
}

struct LabelVisitor;

impl<'de> Visitor<'de> for LabelVisitor {
    type Value = Label<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a label: its name, or an object with its `name`")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Label(Cow::Borrowed(name)))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Label(Cow::Owned(name.to_owned())))
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut name: Option<Label<'de>> = None;
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            if key == "name" {
                name = Some(Label(Cow::Owned(map.next_value::<String>()?)));
            } else {
                map.next_value::<serde::de::IgnoredAny>()?;
            }
        }
        name.ok_or_else(|| serde::de::Error::missing_field("name"))
    }
}
