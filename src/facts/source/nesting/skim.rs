//! A first look at a text: its comments, and the stretches of it that may be too deep. It counts bytes without
//! telling tokens apart, several times as fast as the scan that judges those stretches.

use std::ops::Range;

use super::lexer::{IS_WORD, Lexer};

/// What an open bracket adds to a count. Below it stands what a parser may have on its stack, at the most.
const BRACKET: i64 = 1 << 32;

/// What a byte of code adds, by whether a word goes on with it and by itself: no less than the scan makes of
/// it. The first letter of a word stands for the whole.
const ADDS: [[i64; 256]; 2] = {
    let mut table = [[0; 256]; 2];
    let mut byte = 0;
    while byte < 256 {
        let adds = match byte as u8 {
            b' ' | b'\t' | b'\n' | b'\r' | b';' | b',' | b'#' | b'>' => 0,
            b'(' | b'[' | b'{' => BRACKET + 1,
            b')' | b']' | b'}' => -BRACKET,
            b'<' => 2,
            _ => 1,
        };
        table[0][byte] = adds;
        table[1][byte] = if IS_WORD[byte] { 0 } else { adds };
        byte += 1;
    }
    table
};

/// Whether there is more to a byte than what it adds.
const STOPS: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = matches!(byte as u8, b'"' | b'\'' | b'/' | b';' | b'}');
        byte += 1;
    }
    table
};

pub(super) struct Skim<'t> {
    pub(super) lexer: Lexer<'t>,
    /// What a stretch may come to.
    limit: u32,
    /// What the stretch at hand has come to.
    count: i64,
    /// All counts so far, or-ed: negative once a bracket closed that was not open.
    ever: i64,
    /// Where the stretch at hand begins.
    start: usize,
    /// Where the last literal ended.
    literal: usize,
    deep: Vec<Range<usize>>,
}

impl<'t> Skim<'t> {
    pub(super) fn new(text: &'t str, limit: u32) -> Self {
        Self {
            lexer: Lexer::new(text, 0),
            limit,
            count: 0,
            ever: 0,
            start: 0,
            literal: 0,
            deep: Vec::new(),
        }
    }

    /// The stretches that may be deeper than the limit, in order. Each begins where nothing is open.
    pub(super) fn run(&mut self) -> Vec<Range<usize>> {
        while let Some(byte) = self.code() {
            match byte {
                b'"' => self.string(),
                b'\'' => {
                    self.lexer.quote();
                    self.literal = self.lexer.at;
                }
                b'/' if self.lexer.comment() => {}
                _ => self.stop(byte),
            }
        }
        let end = self.lexer.bytes.len();
        self.cut(end);
        if self.ever < 0 {
            return vec![0..end];
        }
        std::mem::take(&mut self.deep)
    }

    /// Counts up to the next byte that there is more to.
    fn code(&mut self) -> Option<u8> {
        let rest = self.lexer.bytes.get(self.lexer.at..)?;
        let (mut count, mut ever, mut seen, mut in_word) = (self.count, self.ever, 0, 0);
        let mut len = 0;
        let mut stop = None;
        for &byte in rest {
            let index = usize::from(byte);
            if STOPS[index] {
                stop = Some(byte);
                break;
            }
            count += ADDS[in_word][index];
            in_word = usize::from(IS_WORD[index]);
            ever |= count;
            seen |= byte;
            len += 1;
        }
        (self.count, self.ever) = (count, ever);
        self.lexer.at += len;
        self.lexer.comments.doubtful |= !seen.is_ascii();
        stop
    }

    fn stop(&mut self, byte: u8) {
        self.count += ADDS[0][usize::from(byte)];
        self.ever |= self.count;
        self.lexer.at += 1;
        if self.count >= BRACKET {
            return;
        }
        match byte {
            b';' => self.cut(self.lexer.at),
            b'}' => self.block_end(),
            _ => {}
        }
    }

    /// Behind the `}` of an item: a word or an attribute begins the next one.
    fn block_end(&mut self) {
        loop {
            match self.lexer.peek(0) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.lexer.at += 1,
                // `else` and `as` go on.
                Some(b'e' | b'a') => return,
                Some(byte) if byte == b'#' || IS_WORD[usize::from(byte)] => break,
                _ if self.lexer.comment() => {}
                _ => return,
            }
        }
        self.cut(self.lexer.at);
    }

    fn cut(&mut self, end: usize) {
        if self.count % BRACKET > i64::from(self.limit) {
            self.deep.push(self.start..end);
        }
        self.start = end;
        self.count = 0;
    }

    /// A string from its quote on; the prefix of a raw one is behind us.
    fn string(&mut self) {
        let before = &self.lexer.bytes[self.literal..self.lexer.at];
        let is_hash = |byte: &&u8| **byte == b'#';
        let hashes = before.iter().rev().take_while(is_hash).count();
        let before = &before[..before.len() - hashes];
        let is_word = |byte: &&u8| IS_WORD[usize::from(**byte)];
        let letters = before.iter().rev().take(3).take_while(is_word).count();
        match &before[before.len() - letters..] {
            b"r" | b"br" | b"cr" => {
                self.lexer.at -= hashes;
                self.lexer.raw_string();
            }
            _ => self.lexer.string(),
        }
        self.literal = self.lexer.at;
    }
}
