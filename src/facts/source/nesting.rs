//! Whether a text nests so deep that a recursive parser would overflow, found without recursion; and where
//! its comments are.

mod lexer;
mod skim;

use std::ops::Range;

use self::lexer::Lexer;
use self::skim::Skim;
use crate::facts::source::comments::Comments;

/// What one level of recursion may cost in total: brackets that are open, plus the operators, prefixes and
/// postfixes that chain inside each of them. Code that people write stays under a tenth of it.
const LIMIT: u32 = 10_000;

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
    check_to(LIMIT, text)
}

fn check_to(limit: u32, text: &str) -> Result<Comments, u32> {
    let mut skim = Skim::new(text, limit);
    for stretch in skim.run() {
        scan(limit, text, stretch)?;
    }
    Ok(skim.lexer.comments)
}

/// The comments of a stretch before which nothing is open.
fn scan(limit: u32, text: &str, stretch: Range<usize>) -> Result<Comments, u32> {
    let mut scan = Scan {
        lexer: Lexer::new(text, stretch.start),
        open: vec![Open::default()],
        depth: 0,
        closed_brace: false,
    };
    while scan.lexer.at < stretch.end {
        scan.token();
        if scan.depth > limit {
            let before = &text.as_bytes()[..scan.lexer.at.min(text.len())];
            let breaks = before.iter().filter(|&&byte| byte == b'\n').count();
            return Err(u32::try_from(breaks + 1).unwrap_or(u32::MAX));
        }
    }
    Ok(scan.lexer.comments)
}

struct Scan<'t> {
    lexer: Lexer<'t>,
    open: Vec<Open>,
    /// The sum over `open`: what a parser has on its stack here, at the most.
    depth: u32,
    /// Whether the last token was `}`: what follows decides whether the chain goes on.
    closed_brace: bool,
}

impl Scan<'_> {
    fn token(&mut self) {
        let byte = self.lexer.bytes[self.lexer.at];
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => self.lexer.at += 1,
            b'/' if self.lexer.comment() => {}
            b'"' => {
                self.begin();
                self.lexer.string();
            }
            b'\'' => {
                self.begin();
                self.lexer.quote();
            }
            b'0'..=b'9' => {
                self.begin();
                self.lexer.word();
            }
            b'_' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => self.word(),
            _ => self.punctuation(byte),
        }
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
                self.lexer.at += 1;
                return;
            }
            b')' | b']' | b'}' => {
                self.end_chain();
                if self.open.len() > 1 {
                    self.open.pop();
                }
                self.closed_brace = byte == b'}';
                self.lexer.at += 1;
                return;
            }
            b';' => self.end_chain(),
            b',' => self.comma(),
            b'#' => self.begin(),
            b'<' if matches!(self.lexer.peek(1), Some(b'<' | b'=')) => {
                self.link();
                self.lexer.at += 1;
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
            b'-' if self.lexer.peek(1) == Some(b'>') => {
                self.link();
                self.lexer.at += 1;
            }
            b'=' if self.lexer.peek(1) == Some(b'>') => self.arm(),
            _ => self.link(),
        }
        self.closed_brace = false;
        self.lexer.at += 1;
    }

    /// `=>`: the `<` of a match arm's guard opened nothing.
    fn arm(&mut self) {
        self.link();
        self.lexer.at += 1;
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

    fn word(&mut self) {
        let word = self.lexer.word();
        let next = self.lexer.peek(0);
        match word {
            b"r" | b"br" | b"cr" if self.lexer.is_raw_string() => {
                self.begin();
                self.lexer.raw_string();
            }
            b"b" | b"c" if next == Some(b'"') => {
                self.begin();
                self.lexer.string();
            }
            b"b" if next == Some(b'\'') => {
                self.begin();
                self.lexer.quote();
            }
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
}

#[cfg(test)]
mod tests {
    use super::*;

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

    /// A first look leaves out no stretch that is too deep, and sees the comments that a scan of all sees.
    #[test]
    fn a_first_look_is_no_less_careful() {
        let pieces = [
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "}",
            "};",
            ";",
            ",",
            "<",
            ">",
            "=>",
            "->",
            "<<",
            "|",
            "!",
            ".a",
            "?",
            "+",
            "/",
            "#",
            "fn ",
            "else ",
            "as ",
            "return ",
            "a",
            "r",
            "br",
            "b",
            "c",
            "1",
            "é",
            " ",
            "\n",
            "\t",
            "'a",
            "'a'",
            "'\\''",
            "'",
            "\"",
            "\"(\"",
            "r\"(\\\"",
            "r#\"\"(\"#",
            "r#a",
            "#\"",
            "// (\n",
            "/* ( */",
            "//",
            "\\",
            "pub ",
            "#[a]",
        ];
        let mut state = 1_u64;
        let mut random = |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as usize % below
        };
        let said =
            |judged: Result<Comments, u32>| judged.map(|found| (found.lines, found.doubtful));
        let mut deep = 0;
        for _ in 0..30_000 {
            let text: String = (0..random(40))
                .map(|_| pieces[random(pieces.len())])
                .collect();
            let limit = random(12) as u32;
            let careful = said(scan(limit, &text, 0..text.len()));
            deep += usize::from(careful.is_err());
            assert_eq!(said(check_to(limit, &text)), careful, "{text:?}");
        }
        assert!((5_000..25_000).contains(&deep), "{deep}");
    }
}
