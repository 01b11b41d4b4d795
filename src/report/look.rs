//! How a report may look: width and colour, decided once and handed in.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use super::safe::disarm;
use crate::finding::Level;

/// The surface that a report is written for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Look {
    /// In columns.
    pub(crate) width: usize,
    pub(crate) colour: bool,
    /// Whether frames may be drawn with more than ASCII.
    pub(crate) unicode: bool,
    pub(crate) terminal: bool,
    /// Whether a GitHub runner reads along and obeys what looks like a command.
    pub(crate) actions: bool,
    /// Whether only findings are wanted.
    pub(crate) quiet: bool,
}

impl Look {
    /// For files and pipes: the same bytes wherever it is written.
    pub(crate) const PLAIN: Self = Self {
        width: 100,
        colour: false,
        unicode: true,
        terminal: false,
        actions: false,
        quiet: false,
    };

    /// `text` in the style `code` (the number in an SGR sequence), if there is colour at all.
    pub(crate) fn paint(&self, code: &str, text: &str) -> String {
        if self.colour {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// `text` in the colour of `level`.
    pub(crate) fn paint_level(&self, level: Level, text: &str) -> String {
        let code = match level {
            Level::Breach => "1;31",
            Level::Risk => "1;35",
            Level::Warning => "1;33",
            Level::Note => "1;36",
        };
        self.paint(code, text)
    }

    /// `text` as it may be printed: without commands where a runner reads along.
    pub(crate) fn disarmed<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.actions {
            disarm(text)
        } else {
            Cow::Borrowed(text)
        }
    }

    /// miette's renderer for this surface, so that it decides nothing by itself.
    pub(crate) fn handler(&self, level: Level) -> miette::GraphicalReportHandler {
        let mut theme = if self.unicode {
            miette::GraphicalTheme::unicode_nocolor()
        } else {
            miette::GraphicalTheme::none()
        };
        // miette knows three severities, and we have four levels.
        if level == Level::Warning {
            theme.characters.warning = if self.unicode { "•" } else { "-" }.to_owned();
        }
        if self.colour {
            theme.styles = miette::ThemeStyles::ansi();
        }
        miette::GraphicalReportHandler::new_themed(theme)
            .with_width(self.width)
            .with_links(false)
    }
}

/// Breaks `text` at blanks into lines of at most `width` columns: the first after `first`, the others
/// after `rest`. A word that is wider than that stands alone and whole, so that it can be copied.
pub(crate) fn wrap(first: &str, rest: &str, text: &str, width: usize) -> String {
    let mut wrapped = first.to_owned();
    let mut column = first.width();
    let mut fresh = true;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !fresh && column + 1 + word.width() > width {
            wrapped.push('\n');
            wrapped.push_str(rest);
            column = rest.width();
            fresh = true;
        }
        if !fresh {
            wrapped.push(' ');
            column += 1;
        }
        wrapped.push_str(word);
        column += word.width();
        fresh = false;
    }
    wrapped.push('\n');
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_blanks_and_wide_characters_take_two_columns() {
        assert_eq!(
            wrap("a: ", "   ", "one two three", 10),
            "a: one two\n   three\n"
        );
        assert_eq!(wrap("", "", "世界 世界", 8), "世界\n世界\n");
        assert_eq!(wrap("", "  ", "unbreakable x", 4), "unbreakable\n  x\n");
    }
}
