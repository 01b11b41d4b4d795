//! Markdown of the book, for a terminal: headings stand out, prose fits, code stays as it is.

use crate::report::look::{Look, wrap};

/// Renders `markdown` for `look`.
pub(crate) fn render(markdown: &str, look: &Look) -> String {
    let mut text = String::new();
    let mut prose = Prose::default();
    let mut fence = None;
    for line in markdown.lines() {
        let bare = line.trim_start();
        match fence {
            Some(mark) if bare.starts_with(mark) => fence = None,
            Some(_) => {
                text.push_str(&look.paint("2", format!("    {line}").trim_end()));
                text.push('\n');
            }
            None if bare.starts_with("```") || bare.starts_with("~~~") => {
                prose.flush(&mut text, look);
                fence = Some(if bare.starts_with('`') { "```" } else { "~~~" });
            }
            None if line.starts_with('#') => {
                prose.flush(&mut text, look);
                let title = line.trim_start_matches('#').trim();
                text.push_str(&look.paint("1", title));
                text.push('\n');
            }
            None if bare.is_empty() => {
                prose.flush(&mut text, look);
                text.push('\n');
            }
            None if bare.starts_with('|') => {
                prose.flush(&mut text, look);
                text.push_str(line);
                text.push('\n');
            }
            None => {
                if bare.starts_with("- ") || bare.starts_with("* ") {
                    prose.flush(&mut text, look);
                    prose.hanging = true;
                }
                prose.words.push_str(bare);
                prose.words.push(' ');
            }
        }
    }
    prose.flush(&mut text, look);
    text
}

/// The paragraph or list item being gathered.
#[derive(Default)]
struct Prose {
    words: String,
    hanging: bool,
}

impl Prose {
    fn flush(&mut self, text: &mut String, look: &Look) {
        if !self.words.is_empty() {
            let rest = if self.hanging { "  " } else { "" };
            text.push_str(&wrap("", rest, &self.words, look.width));
        }
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_filled_and_code_is_left_alone() {
        let look = Look {
            width: 20,
            ..Look::PLAIN
        };
        let page = "# Title\n\nSome words that\nfill lines.\n\n- an item that is long\n\n```rust\nfn  f() {}\n# no title\n```\n";
        let wanted = "Title\n\nSome words that fill\nlines.\n\n- an item that is\n  long\n\n    fn  f() {}\n    # no title\n";
        assert_eq!(render(page, &look), wanted);
    }
}
