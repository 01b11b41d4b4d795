//! Globs over package names, folders and module paths.

use std::fmt;
use std::ops::Range;

use super::mistake::quoted;

/// What a glob is matched against, which decides what separates its segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GlobKind {
    /// A package's name: one segment.
    Package,
    /// A folder relative to the workspace's root, with `/`.
    Path,
    /// A module's path, with `::`.
    Module,
}

impl GlobKind {
    fn separator(self) -> Option<&'static str> {
        match self {
            Self::Package => None,
            Self::Path => Some("/"),
            Self::Module => Some("::"),
        }
    }

    /// Why `c` can stand in nothing of this kind, if so.
    fn objection(self, c: char) -> Option<&'static str> {
        let ordinary = c.is_alphanumeric() || c == '_';
        match self {
            Self::Package if !ordinary && c != '-' => Some("no package name holds it"),
            Self::Module if c == '-' => Some("in module paths a package's `-` is `_`"),
            Self::Module if !ordinary => Some("no module path holds it"),
            Self::Path if c == '\\' => Some("folders are separated by `/`"),
            _ if matches!(c, '{' | '}') => Some("alternatives are globs of their own"),
            _ => None,
        }
    }
}

/// `*` is one segment or part of one, `**` any number of segments (also none), `?` one character,
/// `[a-z]` one of a set, `[!a-z]` one of all others.
#[derive(Debug, Clone)]
pub(crate) struct Glob {
    text: String,
    kind: GlobKind,
    /// How many bytes of `text` all that is matched begins with: most texts are refused by them.
    plain: usize,
    segments: Vec<Segment>,
}

#[derive(Debug, Clone)]
enum Segment {
    /// `**`
    Any,
    One(Vec<Piece>),
}

#[derive(Debug, Clone)]
enum Piece {
    Char(char),
    /// `?`
    One,
    /// `*`
    Star,
    Set {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

/// A glob that cannot be read, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GlobError {
    /// In bytes of the glob's text.
    pub(crate) range: Range<usize>,
    /// Lower case, without a full stop.
    pub(crate) message: String,
}

impl Glob {
    /// Reads a glob; the error says which part of `text` is wrong.
    pub(crate) fn new(text: &str, kind: GlobKind) -> Result<Self, GlobError> {
        if text.is_empty() {
            return Err(error(0..0, "an empty glob matches nothing"));
        }
        let mut segments = Vec::new();
        let mut start = 0;
        loop {
            let rest = &text[start..];
            let cut = kind.separator().and_then(|mark| rest.find(mark));
            let end = start + cut.unwrap_or(rest.len());
            segments.push(segment(text, start..end, kind)?);
            match (cut, kind.separator()) {
                (Some(_), Some(mark)) => start = end + mark.len(),
                _ => break,
            }
        }
        let plain = &text[..text.find(['*', '?', '[']).unwrap_or(text.len())];
        // Two stars may be no segment, and then there is no separator before them.
        let plain = kind
            .separator()
            .and_then(|mark| plain.strip_suffix(mark))
            .unwrap_or(plain);
        Ok(Self {
            plain: plain.len(),
            text: text.to_owned(),
            kind,
            segments,
        })
    }

    /// Whether all that `other` can match is surely matched: the same glob, or a plain beginning of it with
    /// stars at the end.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        if self.text == other.text || self.text == "**" {
            return true;
        }
        let plain = &self.text[..self.plain];
        let (stars, mark) = match self.kind.separator() {
            None => ("*", ""),
            Some(mark) => ("**", mark),
        };
        let open = self.text.strip_prefix(plain) == Some(&format!("{mark}{stars}"));
        let below = other.text.strip_prefix(plain);
        open && below.is_some_and(|rest| rest.is_empty() || rest.starts_with(mark))
    }

    /// Whether the whole of `text` is matched. Takes no more steps than the product of both lengths.
    pub(crate) fn matches(&self, text: &str) -> bool {
        if !text.starts_with(&self.text[..self.plain]) {
            return false;
        }
        let parts: Vec<Vec<char>> = match self.kind.separator() {
            Some(mark) => text
                .split(mark)
                .map(|part| part.chars().collect())
                .collect(),
            None => vec![text.chars().collect()],
        };
        wild(
            &self.segments,
            &parts,
            |segment| matches!(segment, Segment::Any),
            |segment, part| match segment {
                Segment::Any => true,
                Segment::One(pieces) => wild(
                    pieces,
                    part,
                    |piece| matches!(piece, Piece::Star),
                    |piece, c| piece.takes(*c),
                ),
            },
        )
    }
}

/// As it was written.
impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Piece {
    fn takes(&self, c: char) -> bool {
        match self {
            Self::Char(own) => *own == c,
            Self::One | Self::Star => true,
            Self::Set { negated, ranges } => {
                ranges.iter().any(|&(low, high)| (low..=high).contains(&c)) != *negated
            }
        }
    }
}

/// Matches with one point to fall back to, the last star: an earlier one never needs to take more,
/// so nothing is tried twice over.
fn wild<P, T>(
    pattern: &[P],
    text: &[T],
    star: impl Fn(&P) -> bool,
    takes: impl Fn(&P, &T) -> bool,
) -> bool {
    let (mut at, mut seen) = (0, 0);
    let mut fallback: Option<(usize, usize)> = None;
    while seen < text.len() {
        if pattern.get(at).is_some_and(&star) {
            fallback = Some((at, seen));
            at += 1;
        } else if pattern.get(at).is_some_and(|p| takes(p, &text[seen])) {
            at += 1;
            seen += 1;
        } else if let Some((star_at, taken)) = fallback {
            fallback = Some((star_at, taken + 1));
            at = star_at + 1;
            seen = taken + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(star)
}

fn segment(text: &str, range: Range<usize>, kind: GlobKind) -> Result<Segment, GlobError> {
    let own = &text[range.clone()];
    if own == "**" {
        return Ok(Segment::Any);
    }
    if let Some(at) = own.find("**") {
        let star = range.start + at..range.start + at + 2;
        let message = match kind.separator() {
            Some(mark) => format!("`**` stands alone between two `{mark}`"),
            None => "in a package name `*` is enough".to_owned(),
        };
        return Err(error(star, message));
    }
    if let Some(message) = objection(text, own, &range, kind) {
        return Err(error(range, message));
    }
    pieces(own, range.start, kind).map(Segment::One)
}

/// What is wrong with a segment as a whole.
fn objection(text: &str, own: &str, range: &Range<usize>, kind: GlobKind) -> Option<&'static str> {
    match (kind, own) {
        (GlobKind::Path, "") if range.start == 0 => {
            Some("folders are relative to the workspace's root: no `/` at the beginning")
        }
        (GlobKind::Path, "") if range.end == text.len() => Some("no `/` at the end"),
        (GlobKind::Path, ".") if text != "." => Some("a `.` here is one too many"),
        (GlobKind::Module, "crate" | "self" | "super") => {
            Some("a module path begins with the crate's name")
        }
        (_, "") => Some("nothing stands between two separators"),
        _ => None,
    }
}

fn pieces(own: &str, start: usize, kind: GlobKind) -> Result<Vec<Piece>, GlobError> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(c) = own[at..].chars().next() {
        let here = start + at;
        let (piece, length) = match c {
            '*' => (Piece::Star, 1),
            '?' => (Piece::One, 1),
            '[' => set(&own[at..], here)?,
            _ => match kind.objection(c) {
                Some(why) => {
                    let message = format!("{} cannot stand here: {why}", quoted(&c.to_string()));
                    return Err(error(here..here + c.len_utf8(), message));
                }
                None => (Piece::Char(c), c.len_utf8()),
            },
        };
        pieces.push(piece);
        at += length;
    }
    Ok(pieces)
}

/// The set that `text` begins with, and its length; `start` is its place in the glob.
fn set(text: &str, start: usize) -> Result<(Piece, usize), GlobError> {
    let inner = text
        .find(']')
        .map(|end| &text[1..end])
        .filter(|inner| !inner.is_empty() && *inner != "!");
    let Some(inner) = inner else {
        return Err(error(
            start..start + 1,
            "a set is written `[a-z]` or `[!a-z]`",
        ));
    };
    let length = inner.len() + 2;
    let negated = inner.starts_with('!');
    let mut chars = inner.chars().skip(usize::from(negated)).peekable();
    let mut ranges = Vec::new();
    while let Some(low) = chars.next() {
        let mut high = low;
        if chars.peek() == Some(&'-') {
            chars.next();
            high = chars.next().unwrap_or(char::MIN);
        }
        if high < low {
            return Err(error(
                start..start + length,
                "a range of this set has no end",
            ));
        }
        ranges.push((low, high));
    }
    Ok((Piece::Set { negated, ranges }, length))
}

fn error(range: Range<usize>, message: impl Into<String>) -> GlobError {
    GlobError {
        range,
        message: message.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::GlobKind::{Module, Package, Path};
    use super::*;

    #[track_caller]
    fn matches(glob: &str, kind: GlobKind, text: &str) -> bool {
        Glob::new(glob, kind).expect("a good glob").matches(text)
    }

    #[track_caller]
    fn mistake(glob: &str, kind: GlobKind) -> (Range<usize>, String) {
        let error = Glob::new(glob, kind).expect_err("a bad glob");
        (error.range, error.message)
    }

    #[test]
    fn two_stars_are_any_number_of_segments_and_also_none() {
        assert!(matches("shop::domain::**", Module, "shop::domain"));
        assert!(matches("shop::domain::**", Module, "shop::domain::a::b"));
        assert!(!matches("shop::domain::**", Module, "shop::domains"));
        assert!(matches("crates/domain/**", Path, "crates/domain"));
        assert!(matches("**/domain/**", Path, "domain/x"));
        assert!(matches("a/**/b/**/c", Path, "a/b/b/x/b/c"));
        assert!(!matches("a/**/b/**/c", Path, "a/x/c"));
    }

    #[test]
    fn one_star_stays_within_a_segment() {
        assert!(matches(
            "shop::*::domain::**",
            Module,
            "shop::orders::domain"
        ));
        assert!(!matches("shop::*::domain", Module, "shop::a::b::domain"));
        assert!(!matches("crates/*", Path, "crates"));
        assert!(matches("crates/*-domain", Path, "crates/shop-domain"));
        assert!(matches("shop-*", Package, "shop-"));
        assert!(!matches("shop-*", Package, "my-shop-x"));
    }

    #[test]
    fn sets_and_question_marks_take_one_character() {
        assert!(matches("shop-[a-c]?", Package, "shop-bü"));
        assert!(!matches("shop-[!a-c]", Package, "shop-b"));
        assert!(!matches("shop-?", Package, "shop-"));
    }

    #[test]
    fn the_root_folder_is_a_dot() {
        assert!(matches(".", Path, "."));
        assert!(matches("../*", Path, "../shared"));
    }

    #[test]
    fn a_hostile_glob_does_not_try_everything() {
        let glob = "*a".repeat(2_000) + "b";
        assert!(!matches(&glob, Package, &"a".repeat(5_000)));
        let glob = "**/a/".repeat(1_000) + "b";
        assert!(!matches(&glob, Path, &"a/".repeat(3_000)));
    }

    #[test]
    fn a_bad_glob_says_where() {
        let (range, message) = mistake("shop-domain::*", Module);
        assert_eq!(range, 4..5);
        assert_eq!(
            message,
            "`-` cannot stand here: in module paths a package's `-` is `_`"
        );
        assert_eq!(mistake("crates/**x", Path).0, 7..9);
        assert_eq!(mistake("/crates", Path).0, 0..0);
        assert_eq!(mistake("crates/", Path), (7..7, "no `/` at the end".into()));
        assert_eq!(mistake("a\\b", Path).0, 1..2);
        assert_eq!(mistake("crates/x", Package).0, 6..7);
        assert_eq!(mistake("a-{b,c}", Package).0, 2..3);
        assert_eq!(mistake("a[b", Package).0, 1..2);
        assert_eq!(mistake("a[z-b]", Package).0, 1..6);
        assert_eq!(mistake("shop:domain", Module).0, 4..5);
        assert_eq!(mistake("shop::::x", Module).0, 6..6);
        assert_eq!(mistake("crate::x", Module).0, 0..5);
        assert_eq!(mistake("", Package).0, 0..0);
    }
}
