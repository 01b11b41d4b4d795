//! Files, places and lines: the only arithmetic on lines and columns.

mod kept;

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A place in a text: line and column, both one-based; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    line: u32,
    column: u32,
}

impl Position {
    /// The first character of a file.
    pub const START: Self = Self { line: 1, column: 1 };

    /// From a one-based line and a zero-based column, which is how `proc_macro2` counts.
    pub(crate) fn from_lexer(line: usize, column: usize) -> Self {
        Self {
            line: u32::try_from(line).unwrap_or(u32::MAX).max(1),
            column: u32::try_from(column).unwrap_or(u32::MAX - 1) + 1,
        }
    }

    /// One-based.
    #[must_use]
    pub fn line(self) -> u32 {
        self.line
    }

    /// One-based, in characters.
    #[must_use]
    pub fn column(self) -> u32 {
        self.column
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A stretch of one text; `end` is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub start: Position,
    pub end: Position,
}

impl Span {
    /// The empty span at a file's beginning: the place of what has no better one.
    pub const START: Self = Self {
        start: Position::START,
        end: Position::START,
    };

    /// A word in one line, whose place, one-based, is known from elsewhere.
    #[must_use]
    pub(crate) fn of_word(line: u32, column: u32, word: &str) -> Self {
        let start = Position {
            line: line.max(1),
            column: column.max(1),
        };
        let length = u32::try_from(word.chars().count()).unwrap_or(u32::MAX);
        let end = Position {
            column: start.column.saturating_add(length),
            ..start
        };
        Self { start, end }
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            start: self.start,
            end: other.end.max(self.end),
        }
    }
}

/// A file that was looked at, as an index into [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FileId(u32);

/// A stretch of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    pub file: FileId,
    pub span: Span,
}

impl Place {
    /// The beginning of `file`.
    #[must_use]
    pub fn top(file: FileId) -> Self {
        Self {
            file,
            span: Span::START,
        }
    }
}

/// Every file that was looked at, by the path that people see.
#[derive(Debug, Default)]
pub struct Sources {
    root: PathBuf,
    files: Vec<Source>,
    by_path: foldhash::HashMap<PathBuf, FileId>,
    /// What is read in the place of what lies on disk.
    instead: Arc<HashMap<PathBuf, Vec<u8>>>,
}

#[derive(Debug)]
struct Source {
    path: PathBuf,
    shown: String,
    /// Whether it is no part of what was checked.
    beside: bool,
    /// Of another workspace, and not there to read.
    foreign: bool,
}

impl Sources {
    /// `root` is the workspace's root: what is shown is relative to it.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self {
            root,
            files: Vec::new(),
            by_path: foldhash::HashMap::default(),
            instead: Arc::default(),
        }
    }

    /// Has the contents of `instead` read in the place of what lies at these paths.
    pub(crate) fn read_instead(&mut self, instead: Arc<HashMap<PathBuf, Vec<u8>>>) {
        self.instead = instead;
    }

    /// The workspace's root folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The id of the file at the absolute path `path`, which need not exist.
    pub fn add(&mut self, path: &Path) -> FileId {
        if let Some(&id) = self.by_path.get(path) {
            return id;
        }
        let id = FileId(u32::try_from(self.files.len()).expect("fewer than four billion files"));
        let shown = relative(&self.root, path);
        self.files.push(Source {
            path: path.to_owned(),
            shown,
            beside: false,
            foreign: false,
        });
        self.by_path.insert(path.to_owned(), id);
        id
    }

    /// The id of a file that is quoted and not checked, such as an earlier law; people see it as `shown`.
    pub(crate) fn add_beside(&mut self, path: &Path, shown: String) -> FileId {
        let id = self.add(path);
        self.files[id.0 as usize].shown = shown;
        self.files[id.0 as usize].beside = true;
        id
    }

    /// The id of a file of another workspace, of which only the path is known. It is shown as if that workspace
    /// lay beside this one.
    pub(crate) fn add_foreign(&mut self, workspace: &str, path: &str) -> FileId {
        let shown = format!("../{workspace}/{path}");
        let key = PathBuf::from(&shown);
        if let Some(&id) = self.by_path.get(&key) {
            return id;
        }
        let id = FileId(u32::try_from(self.files.len()).expect("fewer than four billion files"));
        self.files.push(Source {
            path: key.clone(),
            shown,
            foreign: true,
            beside: true,
        });
        self.by_path.insert(key, id);
        id
    }

    /// The path from the workspace's root, with `/`; begins with `..` outside of it.
    #[must_use]
    pub fn shown(&self, file: FileId) -> &str {
        &self.files[file.0 as usize].shown
    }

    /// The absolute path.
    #[must_use]
    pub fn path(&self, file: FileId) -> &Path {
        &self.files[file.0 as usize].path
    }

    /// Every file's absolute path, in the order of their ids.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|source| source.path.as_path())
    }

    /// Every file that was checked, in the order in which they were looked at.
    pub(crate) fn all(&self) -> impl Iterator<Item = FileId> + use<'_> {
        let ids = (0..u32::try_from(self.files.len()).unwrap_or(u32::MAX)).map(FileId);
        ids.filter(|id| !self.files[id.0 as usize].beside)
    }

    /// The text as it is on disk now, for excerpts; empty if it can no longer be read.
    #[must_use]
    pub fn read(&self, file: FileId) -> Text {
        let bytes = self.bytes(file).unwrap_or_default();
        Text::new(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The bytes as they are on disk now, as text with its byte-order mark; `None` if they can no longer be
    /// read.
    #[must_use]
    pub fn read_whole(&self, file: FileId) -> Option<String> {
        let bytes = self.bytes(file)?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn bytes(&self, file: FileId) -> Option<Vec<u8>> {
        let source = &self.files[file.0 as usize];
        // Whatever lies at that path here is not what is meant.
        if source.foreign {
            return None;
        }
        match self.instead.get(&source.path) {
            Some(content) => Some(content.clone()),
            None => std::fs::read(&source.path).ok(),
        }
    }
}

/// `path` from `root`, with `/` between segments and `..` where it leads out.
#[must_use]
pub fn relative(root: &Path, path: &Path) -> String {
    let root: Vec<_> = root.components().collect();
    let path: Vec<_> = path.components().collect();
    let shared = root.iter().zip(&path).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".to_owned(), root.len() - shared);
    let down = path[shared..]
        .iter()
        .map(|part| part.as_os_str().to_string_lossy().into_owned());
    let all: Vec<String> = up.chain(down).collect();
    if all.is_empty() {
        ".".to_owned()
    } else {
        all.join("/")
    }
}

/// A text with an index of its lines, to turn byte offsets into positions and back.
#[derive(Debug, Clone)]
pub struct Text {
    text: String,
    lines: Vec<usize>,
    /// Within long lines, a byte offset and the characters of the line before it, at every [`STRIDE`].
    strides: Vec<(usize, usize)>,
}

/// So far is a line counted at a time: some files are one line of many megabytes.
const STRIDE: usize = 1 << 12;

impl Text {
    /// Indexes `text`; a byte-order mark counts as no column.
    #[must_use]
    pub fn new(text: String) -> Self {
        let text = match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        };
        let mut lines = vec![0];
        lines.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        let strides = strides(&text, &lines);
        Self {
            text,
            lines,
            strides,
        }
    }

    /// The last stride that `before` holds of in the line of `range`, else the line's start: the byte offset
    /// and the characters of the line before it.
    fn stride(
        &self,
        line: std::ops::Range<usize>,
        before: impl Fn(&(usize, usize)) -> bool,
    ) -> (usize, usize) {
        let first = self.strides.partition_point(|(at, _)| *at < line.start);
        let last = self.strides.partition_point(|(at, _)| *at < line.end);
        let within = &self.strides[first..last];
        let count = within.partition_point(before);
        match count.checked_sub(1) {
            Some(at) => within[at],
            None => (line.start, 0),
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The position of the byte `offset`, clamped to the text and to a character's start.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.lines.partition_point(|&start| start <= offset) - 1;
        let range = self.lines[line]..offset + 1;
        let (from, before) = self.stride(range, |(at, _)| *at <= offset);
        let column = before + self.text[from..offset].chars().count();
        Position::from_lexer(line + 1, column)
    }

    /// The span of a byte range.
    #[must_use]
    pub fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span {
            start: self.position(range.start),
            end: self.position(range.end),
        }
    }

    /// The byte offset of a position, clamped to its line.
    #[must_use]
    pub fn offset(&self, position: Position) -> usize {
        let line = position.line as usize - 1;
        let Some(&start) = self.lines.get(line) else {
            return self.text.len();
        };
        let text = self.line(position.line);
        let end = start + text.len();
        let column = position.column as usize - 1;
        let (from, before) = self.stride(start..end, |(_, chars)| *chars <= column);
        let within = self.text[from..end]
            .char_indices()
            .nth(column - before)
            .map_or(end - from, |(at, _)| at);
        from + within
    }

    /// The byte range of a span.
    #[must_use]
    pub fn range(&self, span: Span) -> std::ops::Range<usize> {
        let start = self.offset(span.start);
        start..self.offset(span.end).max(start)
    }

    /// The text of a one-based line, without its line break; empty past the end.
    #[must_use]
    pub fn line(&self, line: u32) -> &str {
        let at = line as usize;
        let Some(&start) = self.lines.get(at.wrapping_sub(1)) else {
            return "";
        };
        let end = self.lines.get(at).copied().unwrap_or(self.text.len());
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }
}

/// Only lines longer than one stride have any.
fn strides(text: &str, lines: &[usize]) -> Vec<(usize, usize)> {
    let ends = lines[1..].iter().copied().chain([text.len()]);
    let mut strides = Vec::new();
    for (&start, end) in lines.iter().zip(ends) {
        let (mut at, mut chars) = (start, 0);
        while end - at > STRIDE {
            let mut next = at + STRIDE;
            while !text.is_char_boundary(next) {
                next -= 1;
            }
            chars += text[at..next].chars().count();
            at = next;
            strides.push((at, chars));
        }
    }
    strides
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_survive_crlf() {
        let text = Text::new("a\r\nüß = x\n".to_owned());
        let x = text.as_str().find('x').expect("there is an x");
        assert_eq!(text.position(x).to_string(), "2:6");
        assert_eq!(text.offset(text.position(x)), x);
        assert_eq!(text.line(1), "a");
    }

    #[test]
    fn places_in_a_line_of_many_strides_are_as_in_a_short_one() {
        let text = format!("é\n{}x\n{}", "ü".repeat(3 * STRIDE), "y".repeat(STRIDE + 1));
        let text = Text::new(text);
        let x = text.as_str().find('x').expect("there is an x");
        for offset in [0, 3, x - 2, x, x + 2, x + 2 + STRIDE] {
            let line = text.as_str()[..offset].matches('\n').count();
            let start = text.as_str()[..offset].rfind('\n').map_or(0, |at| at + 1);
            let column = text.as_str()[start..offset].chars().count();
            assert_eq!(
                text.position(offset),
                Position::from_lexer(line + 1, column)
            );
            assert_eq!(text.offset(text.position(offset)), offset);
        }
    }

    #[test]
    fn a_place_outside_the_workspace_begins_with_dots() {
        let root = Path::new("/a/b");
        assert_eq!(relative(root, Path::new("/a/c/d.rs")), "../c/d.rs");
        assert_eq!(relative(root, Path::new("/a/b/c.rs")), "c.rs");
    }
}
