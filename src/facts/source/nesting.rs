//! Whether a text nests so deep that a recursive parser would overflow, found without recursion; and where
//! its comments are.

use crate::facts::source::comments::Comments;

/// What one level of recursion may cost in total: brackets that are open, plus the operators, prefixes and
/// postfixes that chain inside each of them. Code that people write stays under a tenth of it.
const LIMIT: u32 = 10_000;

/// Whether a byte can stand in a name or a number.
const IS_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = matches!(byte as u8, b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | 0x80..);
        byte += 1;
    }
    table
};

/// One open bracket, and the chain that is being built directly inside of it.
#[derive(Clone, Copy, Default)]
struct Open {
    /// Tokens since the last statement or item ended that a parser may recurse on.
    chain: u32,
    /// `<` less `>`: generic arguments nest without brackets.
    angles: u32,
    /// `|` since the chain began: the commas between a closure's parameters do not end it.
    bars: u32,
}

/// The line comments of `text`; `Err` with the one-based line where it gets too deep for a recursive parser.
///
/// It errs on the safe side: what it lets pass needs less than [`LIMIT`] levels of recursion.
pub(crate) fn check(text: &str) -> Result<Comments, u32> {
    let mut scan = Scan {
        text,
        bytes: text.as_bytes(),
        at: 0,
        comments: Comments::default(),
        open: vec![Open::default()],
        depth: 0,
        closed_brace: false,
    };
    match scan.run() {
        Ok(()) => Ok(scan.comments),
        Err(at) => {
            let breaks = text.as_bytes()[..at]
                .iter()
                .filter(|&&byte| byte == b'\n')
                .count();
            Err(u32::try_from(breaks + 1).unwrap_or(u32::MAX))
        }
    }
}

struct Scan<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    comments: Comments,
    open: Vec<Open>,
    /// The sum over `open`: what a parser has on its stack here, at the most.
    depth: u32,
    /// Whether the last token was `}`: what follows decides whether the chain goes on.
    closed_brace: bool,
}

impl Scan<'_> {
    fn run(&mut self) -> Result<(), usize> {
        // A shebang's line is no Rust: a quote in it opens nothing.
        self.comments.doubtful = self.bytes.starts_with(b"#!") && !self.bytes.starts_with(b"#![");
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                b'/' if self.peek(1) == Some(b'/') => self.line_comment(),
                b'/' if self.peek(1) == Some(b'*') => self.block_comment(),
                b'"' => self.string(),
                b'\'' => self.quote(),
                b'0'..=b'9' => self.number(),
                b'_' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => self.word(),
                _ => self.punctuation(byte),
            }
            if self.depth > LIMIT {
                return Err(self.at.min(self.bytes.len()));
            }
        }
        Ok(())
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn top(&mut self) -> &mut Open {
        self.open
            .last_mut()
            .expect("the outermost level is never closed")
    }

    /// One more token that a parser may recurse on.
    fn link(&mut self) {
        self.top().chain += 1;
        self.depth += 1;
    }

    /// The chain ends here: a statement, an item, an element of a list.
    fn end_chain(&mut self) {
        let top = self.top();
        let ended = top.chain + top.angles;
        *top = Open::default();
        self.depth -= ended;
    }

    /// A token that begins a new statement if the last one closed a block.
    fn begin(&mut self) {
        if std::mem::take(&mut self.closed_brace) {
            self.end_chain();
        }
    }

    fn punctuation(&mut self, byte: u8) {
        match byte {
            b'(' | b'[' | b'{' => {
                self.begin();
                self.link();
                self.open.push(Open::default());
                self.at += 1;
                return;
            }
            b')' | b']' | b'}' => {
                self.end_chain();
                if self.open.len() > 1 {
                    self.open.pop();
                }
                self.closed_brace = byte == b'}';
                self.at += 1;
                return;
            }
            b';' => self.end_chain(),
            b',' => self.comma(),
            b'#' => self.begin(),
            b'<' if matches!(self.peek(1), Some(b'<' | b'=')) => {
                self.link();
                self.at += 1;
            }
            b'<' => {
                self.link();
                self.top().angles += 1;
                self.depth += 1;
            }
            b'>' => self.close_angle(),
            b'|' => {
                self.link();
                self.top().bars += 1;
            }
            b'-' if self.peek(1) == Some(b'>') => {
                self.link();
                self.at += 1;
            }
            b'=' if self.peek(1) == Some(b'>') => self.arm(),
            _ => self.link(),
        }
        self.closed_brace = false;
        self.at += 1;
    }

    /// `=>`: the `<` of a match arm's guard opened nothing.
    fn arm(&mut self) {
        self.link();
        self.at += 1;
        self.depth -= std::mem::take(&mut self.top().angles);
    }

    fn close_angle(&mut self) {
        let top = self.top();
        if top.angles > 0 {
            top.angles -= 1;
            self.depth -= 1;
        }
    }

    /// A comma ends the element of a list, but neither a generic argument nor a closure's parameter.
    fn comma(&mut self) {
        let top = *self.top();
        if top.angles == 0 && top.bars.is_multiple_of(2) {
            self.end_chain();
        }
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

    fn string(&mut self) {
        self.begin();
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                return;
            }
        }
    }

    /// A raw string's body, from its first `#` or `"`; the prefix is behind us.
    fn raw_string(&mut self) {
        let hashes = self.bytes[self.at..]
            .iter()
            .take_while(|&&byte| byte == b'#')
            .count();
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

    /// A character literal, or a lifetime or label.
    fn quote(&mut self) {
        self.begin();
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
            self.skip_word();
        }
    }

    fn number(&mut self) {
        self.begin();
        self.skip_word();
    }

    fn skip_word(&mut self) {
        let rest = &self.bytes[self.at.min(self.bytes.len())..];
        let is_word = |byte: &&u8| IS_WORD[usize::from(**byte)];
        let word = &rest[..rest.iter().take_while(is_word).count()];
        // What is no letter in it is a blank to the compiler, and `r"\"` right behind it is a raw string.
        self.comments.doubtful |= !word.is_ascii();
        self.at += word.len();
    }

    fn word(&mut self) {
        let start = self.at;
        self.skip_word();
        let word = &self.bytes[start..self.at];
        let next = self.peek(0);
        match word {
            b"r" | b"br" | b"cr" if matches!(next, Some(b'"' | b'#')) && self.is_raw_string() => {
                self.begin();
                self.raw_string();
            }
            b"b" | b"c" if next == Some(b'"') => self.string(),
            b"b" if next == Some(b'\'') => self.quote(),
            b"else" | b"as" => {
                self.closed_brace = false;
                self.link();
            }
            // Words that a parser recurses behind; any other one ends a statement that a block closed.
            b"return" | b"break" | b"yield" | b"move" | b"async" | b"unsafe" | b"box" | b"mut"
            | b"const" | b"static" | b"ref" | b"let" | b"in" | b"dyn" | b"impl" | b"fn" | b"if"
            | b"match" | b"await" => {
                self.begin();
                self.link();
            }
            _ => self.begin(),
        }
    }

    /// `r#"` rather than the raw identifier `r#name`.
    fn is_raw_string(&self) -> bool {
        let rest = &self.bytes[self.at..];
        let hashes = rest.iter().take_while(|&&byte| byte == b'#').count();
        rest.get(hashes) == Some(&b'"')
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn depth_is_found_in_each_of_its_disguises() {
        let many = 20_000;
        for text in [
            format!("const A: u8 = {}1{};", "(".repeat(many), ")".repeat(many)),
            format!("const A: bool = {}true;", "!".repeat(many)),
            format!("const A: &u8 = {}1;", "&".repeat(many)),
            format!("const A: u8 = 1{};", "+a".repeat(many)),
            format!("fn f() {{ if a {{}} {} }}", "else if a {} ".repeat(many)),
            format!("fn f() {{ a{} }}", ".b()".repeat(many)),
            format!("fn f() {{ a{} }}", "?".repeat(many)),
            format!("fn f() {{ {} 1 }}", "|a, b|".repeat(many)),
            format!("fn f() {{ {} 1 }}", "return ".repeat(many)),
            format!("fn f() {{ a{} }}", " as u8".repeat(many)),
            format!("type A = {}u8{};", "A<u8, ".repeat(many), ">".repeat(many)),
            format!("use {}a;", "a::".repeat(many)),
            format!("fn f() {{ {} {} }}", "{".repeat(many), "}".repeat(many)),
            format!("fn f() {{ a{} }}", "()".repeat(many)),
            format!("type A = {}u8;", "fn() -> ".repeat(many)),
        ] {
            assert!(check(&text).is_err(), "{}…", &text[..40]);
        }
    }

    #[test]
    fn long_is_not_deep() {
        let many = 20_000;
        for text in [
            "fn f() { if a { b } else { c } }\n".repeat(many),
            format!("fn f() {{ {} }}", "if a { b } else { c }\n".repeat(many)),
            format!("const A: &[u8] = &[{}];", "1 | 2, -3, ".repeat(many)),
            format!("const A: &[u8] = &[{}];", "1 << 2, ".repeat(many)),
            format!("const A: &[(u8, &str)] = &[{}];", "(1, \"((((\"), ".repeat(many)),
            format!("fn f() {{ {} }}", "*a = b + c; d.e()?;\n".repeat(many)),
            format!("fn f() {{ match a {{ {} }} }}", "A::B(c) if c < d => e,\n".repeat(many)),
            "// ((((((((((((((((\n/* {{{{ /* [[[ */ */ const A: char = '('; const B: &'static str = r#\"((\"#;".repeat(many),
        ] {
            assert!(check(&text).is_ok(), "{}…", &text[..40]);
        }
    }
}
