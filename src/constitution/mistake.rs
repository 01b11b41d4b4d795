//! What is wrong with a law: every mistake of every file at once, each with its caret.

use std::fmt;
use std::sync::Arc;

use miette::{
    Diagnostic, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents,
};

use crate::text::{FileId, Place, Sources, Text};

/// No more mistakes than this are shown: nobody reads on.
pub(super) const ENOUGH: usize = 200;

/// No more known words than this are listed.
const LISTED: usize = 60;

/// One thing that is wrong with a constitution or with a manifest's claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// `None`: the file could not be read at all.
    pub(crate) place: Option<Place>,
    /// What is wrong, in one line.
    pub(crate) message: String,
    /// What stands beside the caret; may be empty.
    pub(crate) label: String,
    /// The way out.
    pub(crate) help: Option<String>,
}

/// Why there is no law: all mistakes of the constitution and of the manifests.
#[derive(Debug)]
pub(crate) struct LawError {
    headline: String,
    mistakes: Vec<Shown>,
}

#[derive(Debug)]
struct Shown {
    mistake: Mistake,
    span: Option<SourceSpan>,
    source: Option<Arc<Excerpted>>,
}

/// A file that excerpts are taken from.
#[derive(Debug)]
struct Excerpted {
    name: String,
    text: Text,
}

impl LawError {
    /// `mistakes` must not be empty. Excerpts are read from the files again.
    pub(crate) fn new(mut mistakes: Vec<Mistake>, sources: &Sources) -> Self {
        mistakes.sort_by(|a, b| (a.place, &a.message).cmp(&(b.place, &b.message)));
        mistakes.dedup();
        let count = mistakes.len();
        mistakes.truncate(ENOUGH);
        let headline = match count {
            1 => "the constitution is wrong in one place".to_owned(),
            2..=ENOUGH => format!("the constitution is wrong in {count} places"),
            _ => format!("the constitution is wrong in more than {ENOUGH} places, such as"),
        };
        let mut last: Option<(FileId, Arc<Excerpted>)> = None;
        let mistakes = mistakes
            .into_iter()
            .map(|mistake| {
                let Some(place) = mistake.place else {
                    return Shown {
                        mistake,
                        span: None,
                        source: None,
                    };
                };
                let source = match &last {
                    Some((file, source)) if *file == place.file => Arc::clone(source),
                    _ => Arc::new(Excerpted::read(place.file, sources)),
                };
                last = Some((place.file, Arc::clone(&source)));
                Shown {
                    span: Some(source.text.range(place.span).into()),
                    source: Some(source),
                    mistake,
                }
            })
            .collect();
        Self { headline, mistakes }
    }

    /// Those that are shown, in the order of files and places.
    #[cfg(test)]
    pub(crate) fn mistakes(&self) -> impl Iterator<Item = &Mistake> {
        self.mistakes.iter().map(|shown| &shown.mistake)
    }
}

impl Excerpted {
    fn read(file: FileId, sources: &Sources) -> Self {
        Self {
            name: printable(sources.shown(file)),
            text: Text::new(printable(sources.read(file).as_str())),
        }
    }
}

/// Every character that could steer a terminal or reorder a line becomes one of the same length in
/// bytes that cannot, so that places stay where they are.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' => c,
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                '\u{fffd}'
            }
            _ if !c.is_control() => c,
            _ if c.len_utf8() == 1 => '?',
            _ => '\u{bf}',
        })
        .collect()
}

impl fmt::Display for LawError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline)
    }
}

impl std::error::Error for LawError {}

impl Diagnostic for LawError {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(
            self.mistakes.iter().map(|shown| shown as &dyn Diagnostic),
        ))
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.mistake.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.mistake.help.as_deref()?;
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        let source = self.source.as_deref()?;
        Some(source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = Some(self.mistake.label.clone()).filter(|label| !label.is_empty());
        let span = LabeledSpan::new_with_span(label, self.span?);
        Some(Box::new(std::iter::once(span)))
    }
}

impl SourceCode for Excerpted {
    /// As for a plain text, but with the file's name, and columns that count characters.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let plain = self.text.as_str().read_span(span, before, after)?;
        let start = self.text.position(plain.span().offset());
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            plain.data(),
            *plain.span(),
            start.line() as usize - 1,
            start.column() as usize - 1,
            plain.line_count(),
        )))
    }
}

/// The known word that `word` was most likely meant to be.
pub(super) fn meant<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    // Longer words are no slips of the pen, and the comparison is quadratic.
    if word.len() > 80 {
        return None;
    }
    let slips = |name: &str| strsim::damerau_levenshtein(&word.to_lowercase(), name);
    known
        .iter()
        .map(|&name| (slips(&name.to_lowercase()), name))
        .filter(|(slips, name)| *slips <= (name.len().min(word.len()) / 3).max(1))
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, name)| name)
}

/// `` `a`, `b`, `c` ``
pub(super) fn listed(words: &[&str]) -> String {
    let shown = words.iter().take(LISTED).map(|word| quoted(word));
    let mut shown: Vec<String> = shown.collect();
    if let Some(more @ 1..) = words.len().checked_sub(LISTED) {
        shown.push(format!("and {more} more"));
    }
    shown.join(", ")
}

/// A word of the file between backquotes, cut where it is long, with nothing that steers a terminal.
pub(super) fn quoted(word: &str) -> String {
    let mut short: String = printable(word).chars().take(60).collect();
    if short.len() < word.len() {
        short.push('…');
    }
    format!("`{}`", short.replace(['\n', '\r'], " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised_and_strangers_are_not() {
        let known = ["packages", "paths", "modules"];
        assert_eq!(meant("pakages", &known), Some("packages"));
        assert_eq!(meant("Path", &known), Some("paths"));
        assert_eq!(meant("colour", &known), None);
    }

    #[test]
    fn what_steers_a_terminal_is_not_repeated() {
        let text = "a\u{1b}[2Jb\u{9b}c\u{202e}d";
        assert_eq!(printable(text), "a?[2Jb\u{bf}c\u{fffd}d");
        assert_eq!(printable(text).len(), text.len());
    }
}
