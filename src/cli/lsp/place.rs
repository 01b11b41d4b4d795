//! Places as an editor counts them, and files as it names them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use lsp_types::{InitializeParams, Position, PositionEncodingKind, Range, Uri};

use crate::text::{Span, Text};

/// How characters of a line are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// What every editor understands.
    Utf16,
    /// By characters, as we do.
    Utf32,
}

impl Encoding {
    pub(super) fn agreed(offered: &InitializeParams) -> Self {
        let general = offered.capabilities.general.as_ref();
        let known = general.and_then(|general| general.position_encodings.as_ref());
        match known {
            Some(known) if known.contains(&PositionEncodingKind::UTF32) => Self::Utf32,
            _ => Self::Utf16,
        }
    }
}

/// A span of `text`, from zero.
pub(super) fn range(span: Span, text: &Text, encoding: Encoding) -> Range {
    let position = |at: crate::text::Position| {
        let before = at.column() - 1;
        let character = match encoding {
            Encoding::Utf32 => before,
            Encoding::Utf16 => wide(text, at.line(), before),
        };
        Position::new(at.line() - 1, character)
    };
    Range::new(position(span.start), position(span.end))
}

/// How many UTF-16 units the first `count` characters of a line take.
fn wide(text: &Text, line: u32, count: u32) -> u32 {
    let found = text.as_str().split('\n').nth(line as usize - 1);
    let characters = found.unwrap_or_default().chars().take(count as usize);
    let units: usize = characters.map(char::len_utf16).sum();
    u32::try_from(units).unwrap_or(u32::MAX)
}

/// `file:///…` of an absolute path.
pub(super) fn uri_of(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let mut uri = String::from(if text.starts_with('/') {
        "file://"
    } else {
        "file:///"
    });
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").expect("a string takes all");
        }
    }
    uri
}

/// The path of a `file:` address.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    let encoded = uri.as_str().strip_prefix("file://")?;
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next()?, rest.next()?];
        let digits = std::str::from_utf8(&digits).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
    }
    let path = String::from_utf8(bytes).ok()?;
    // `/C:/…` is a path of Windows.
    let drive = path.as_bytes().get(2) == Some(&b':');
    Some(PathBuf::from(if drive { &path[1..] } else { &path }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_survives_being_an_address() {
        let path = Path::new("/a folder/ünï%/lib.rs");
        let uri = uri_of(path);
        assert_eq!(uri, "file:///a%20folder/%C3%BCn%C3%AF%25/lib.rs");
        let uri: Uri = uri.parse().expect("an address");
        assert_eq!(path_of(&uri).as_deref(), Some(path));
    }

    #[test]
    fn an_editor_that_counts_in_utf_16_points_at_the_same_word() {
        let text = Text::new("/* 🦀 */ sqlx\n".to_owned());
        let span = text.span(11..15);
        assert_eq!(range(span, &text, Encoding::Utf16).start.character, 9);
        assert_eq!(range(span, &text, Encoding::Utf32).start.character, 8);
    }
}
