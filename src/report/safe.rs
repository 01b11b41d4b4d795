//! Text of the workspace made harmless: nothing in it may steer a terminal or a runner.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a character may change what stands around it or cannot be seen.
pub(crate) fn is_treacherous(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// `text` on one line, with every treacherous character spelt out, as in `\u{202e}`.
pub(crate) fn safe(text: &str) -> Cow<'_, str> {
    if !text.contains(is_treacherous) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    text.chars().for_each(|c| push(&mut shown, c));
    Cow::Owned(shown)
}

/// Appends `c` as [`safe`] shows it.
pub(crate) fn push(shown: &mut String, c: char) {
    match c {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        c if is_treacherous(c) => {
            write!(shown, "\\u{{{:x}}}", u32::from(c)).expect("a String takes all");
        }
        c => shown.push(c),
    }
}

/// [`safe`], of which at most `most` characters are kept.
pub(crate) fn clip(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", safe(&text[..end]))),
        None => safe(text),
    }
}

/// [`safe`] for a text of several lines, which stay lines.
pub(crate) fn safe_lines(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| c != '\n' && is_treacherous(c)) {
        return Cow::Borrowed(text);
    }
    let lines: Vec<_> = text.split('\n').map(safe).collect();
    Cow::Owned(lines.join("\n"))
}

/// `text` without anything that GitHub's runner would obey: `::command::` where a line begins, and
/// `##[command]` anywhere.
pub(crate) fn disarm(text: &str) -> Cow<'_, str> {
    if !text.contains("::") && !text.contains("##[") {
        return Cow::Borrowed(text);
    }
    let lines: Vec<_> = text
        .split('\n')
        .map(|line| {
            let line = line.replace("##[", "#\\u{23}[");
            let indent = line.len() - line.trim_start().len();
            match line[indent..].strip_prefix("::") {
                Some(rest) => format!("{}\\u{{3a}}:{rest}", &line[..indent]),
                None => line,
            }
        })
        .collect();
    Cow::Owned(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_overrides_and_line_breaks_are_spelt_out() {
        assert_eq!(safe("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(safe("x\u{202e}y\u{9b}z"), "x\\u{202e}y\\u{9b}z");
        assert_eq!(safe("one\ntwo"), "one\\ntwo");
        assert_eq!(safe("Grüße, 世界"), "Grüße, 世界");
        assert_eq!(safe_lines("one\n\u{7}two"), "one\n\\u{7}two");
    }

    #[test]
    fn a_runner_is_given_no_commands() {
        assert_eq!(
            disarm("a::b ok\n  ::error::x"),
            "a::b ok\n  \\u{3a}:error::x"
        );
        assert_eq!(disarm("see ##[error]x"), "see #\\u{23}[error]x");
        assert!(!disarm("####[group]").contains("##["));
    }
}
