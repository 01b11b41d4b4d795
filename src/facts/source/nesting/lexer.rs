//! Comments and literals: where they end, whatever brackets and quotes they hold.

use crate::facts::source::comments::Comments;

/// Whether a byte can stand in a name or a number.
pub(super) const IS_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = matches!(byte as u8, b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | 0x80..);
        byte += 1;
    }
    table
};

/// A place in a text, and the comments up to there.
pub(super) struct Lexer<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    pub(super) comments: Comments,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        let bytes = text.as_bytes();
        let comments = Comments {
            // A shebang's line is no Rust: a quote in it opens nothing.
            doubtful: bytes.starts_with(b"#!") && !bytes.starts_with(b"#!["),
            ..Comments::default()
        };
        Self {
            text,
            bytes,
            at,
            comments,
        }
    }

    pub(super) fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// Whether a comment begins here, which is then behind us.
    pub(super) fn comment(&mut self) -> bool {
        match (self.peek(0), self.peek(1)) {
            (Some(b'/'), Some(b'/')) => self.line_comment(),
            (Some(b'/'), Some(b'*')) => self.block_comment(),
            _ => return false,
        }
        true
    }

    fn line_comment(&mut self) {
        let start = self.at;
        let rest = &self.text[start..];
        self.at += rest.find('\n').unwrap_or(rest.len());
        self.comments.lines.push((start, self.at));
    }

    fn block_comment(&mut self) {
        let mut open = 0_usize;
        while self.at < self.bytes.len() {
            match (self.bytes[self.at], self.peek(1)) {
                (b'/', Some(b'*')) => {
                    open += 1;
                    self.at += 2;
                }
                (b'*', Some(b'/')) => {
                    open -= 1;
                    self.at += 2;
                    if open == 0 {
                        return;
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    pub(super) fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                return;
            }
        }
    }

    /// A raw string's body, from its first `#` or `"`; the prefix is behind us.
    pub(super) fn raw_string(&mut self) {
        let hashes = self.hashes();
        self.at += hashes + 1;
        while self.at < self.bytes.len() {
            let closes = self.bytes[self.at] == b'"'
                && self.bytes[self.at + 1..]
                    .iter()
                    .take(hashes)
                    .filter(|&&b| b == b'#')
                    .count()
                    == hashes;
            self.at += 1;
            if closes {
                self.at += hashes;
                return;
            }
        }
    }

    /// `#"` behind an `r` rather than the raw identifier `r#name`.
    pub(super) fn is_raw_string(&self) -> bool {
        self.peek(self.hashes()) == Some(b'"')
    }

    fn hashes(&self) -> usize {
        let rest = &self.bytes[self.at..];
        rest.iter().take_while(|&&byte| byte == b'#').count()
    }

    /// A character literal, or a lifetime or label.
    pub(super) fn quote(&mut self) {
        if self.peek(1) == Some(b'\\') {
            self.at += 3;
            while self
                .peek(0)
                .is_some_and(|byte| byte != b'\'' && byte != b'\n')
            {
                self.at += 1;
            }
            self.at += 1;
            return;
        }
        let width = self.peek(1).map_or(1, |byte| match byte {
            0xf0.. => 4,
            0xe0.. => 3,
            0xc0.. => 2,
            _ => 1,
        });
        if self.peek(1 + width) == Some(b'\'') {
            self.at += width + 2;
        } else {
            self.at += 1;
            self.word();
        }
    }

    /// A name, or a number up to its point.
    pub(super) fn word(&mut self) -> &'t [u8] {
        let rest = &self.bytes[self.at.min(self.bytes.len())..];
        let is_word = |byte: &&u8| IS_WORD[usize::from(**byte)];
        let word = &rest[..rest.iter().take_while(is_word).count()];
        // What is no letter in it is a blank to the compiler, and `r"\"` right behind it is a raw string.
        self.comments.doubtful |= !word.is_ascii();
        self.at += word.len();
        word
    }
}
