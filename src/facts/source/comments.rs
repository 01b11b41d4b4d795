//! Line comments, left out before parsing: documentation is syntax to a parser, and a good part of its work.

use std::borrow::Cow;

/// Where a text has line comments, those of documentation too.
#[derive(Debug, Default)]
pub(crate) struct Comments {
    /// From the first slash to the end of the line, without the break.
    pub(super) lines: Vec<(usize, usize)>,
    /// Whether the text holds what a compiler may read otherwise than we do, so that a comment may be none.
    pub(super) doubtful: bool,
}

impl Comments {
    /// `text` without them. Everything else stays in its line and column.
    pub(crate) fn left_out<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.lines.is_empty() || self.doubtful {
            return Cow::Borrowed(text);
        }
        let mut rest = String::with_capacity(text.len());
        let mut from = 0;
        for &(start, end) in &self.lines {
            rest.push_str(text[from..start].trim_end_matches([' ', '\t']));
            from = end;
        }
        rest.push_str(&text[from..]);
        Cow::Owned(rest)
    }
}

#[cfg(test)]
mod tests {
    use crate::facts::source::nesting;

    fn bare(text: &str) -> String {
        let comments = nesting::check(text).expect("it is not deep");
        comments.left_out(text).into_owned()
    }

    #[test]
    fn comments_go_and_everything_else_keeps_its_place() {
        let text = "//! a\r\nfn f() { // b\n    /// c\n    g(\"// no\", '\"'); /* // d */ h(r#\"\"//\"#)\n}//";
        let rest = "\nfn f() {\n\n    g(\"// no\", '\"'); /* // d */ h(r#\"\"//\"#)\n}";
        assert_eq!(bare(text), rest);
    }

    #[test]
    fn nothing_goes_where_a_comment_may_be_code() {
        for text in [
            "const A: &str = \u{200e}r\"\\\"; const B: &str = \" //\"; use evil::Eye;\nconst C: &str = \"\";",
            "#!/bin/a \"\nconst A: &str = \" //\"; use evil::Eye;\n",
        ] {
            assert_eq!(bare(text), text);
        }
    }
}
