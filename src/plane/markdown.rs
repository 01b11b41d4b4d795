//! Headings, tables and list items of a Markdown text, each with its bytes, so that words can be exchanged.

use std::ops::Range;

/// What a tracker is read from; the rest of a text is nobody's business.
#[derive(Debug)]
pub(super) enum Block {
    Heading {
        level: usize,
        text: Range<usize>,
    },
    Table(Table),
    /// One list item of one line.
    Item(Range<usize>),
}

/// A table; cells are without the blanks around them.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) header: Vec<Range<usize>>,
    /// The header's line without its break.
    pub(super) line: Range<usize>,
    pub(super) rows: Vec<Row>,
    /// The end of the last line, before its break.
    pub(super) end: usize,
}

#[derive(Debug)]
pub(super) struct Row {
    pub(super) line: Range<usize>,
    pub(super) cells: Vec<Range<usize>>,
}

/// The blocks of `text` in their order. What stands in a code fence is none.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let lines = lines(text);
    let mut blocks = Vec::new();
    let mut fence: Option<&str> = None;
    let mut at = 0;
    while at < lines.len() {
        let range = lines[at].clone();
        let line = text[range.clone()].trim();
        at += 1;
        let marks = fence_of(line);
        match (fence, marks) {
            (Some(open), Some(marks)) if marks.starts_with(open) && line == marks => fence = None,
            (Some(_), _) => {}
            (None, Some(marks)) => fence = Some(marks),
            (None, None) => {
                let next = lines.get(at).map(|range| &text[range.clone()]);
                if line.contains('|') && next.is_some_and(is_delimiter) {
                    let (table, after) = table(text, &lines, at - 1);
                    blocks.push(Block::Table(table));
                    at = after;
                } else if let Some((level, text)) = heading(text, &range) {
                    blocks.push(Block::Heading { level, text });
                } else if line.starts_with("- ") || line.starts_with("* ") {
                    let item = trimmed(text, range);
                    blocks.push(Block::Item(trimmed(text, item.start + 2..item.end)));
                }
            }
        }
    }
    blocks
}

/// Every line without its break.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        lines.push(start..start + content.len());
        start += line.len();
    }
    lines
}

/// The marks that a line opens or closes a fence with.
fn fence_of(line: &str) -> Option<&str> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.len() - line.trim_start_matches(mark).len();
    (length >= 3).then(|| &line[..length])
}

fn heading(text: &str, range: &Range<usize>) -> Option<(usize, Range<usize>)> {
    let line = &text[range.clone()];
    let level = line.len() - line.trim_start_matches('#').len();
    let titled = (1..=6).contains(&level) && line[level..].starts_with([' ', '\t']);
    titled.then(|| (level, trimmed(text, range.start + level..range.end)))
}

/// Whether a line is the one of dashes below a table's header.
fn is_delimiter(line: &str) -> bool {
    let line = line.trim();
    line.contains('-') && line.contains('|') && line.chars().all(|c| "|-: \t".contains(c))
}

fn table(text: &str, lines: &[Range<usize>], first: usize) -> (Table, usize) {
    let line = lines[first].clone();
    let mut table = Table {
        header: cells(text, &line),
        end: lines[first + 1].end,
        line,
        rows: Vec::new(),
    };
    let mut at = first + 2;
    while let Some(line) = lines
        .get(at)
        .filter(|line| text[(*line).clone()].contains('|'))
    {
        table.rows.push(Row {
            line: line.clone(),
            cells: cells(text, line),
        });
        table.end = line.end;
        at += 1;
    }
    (table, at)
}

/// The cells of a line: split at every bar that no backslash stands before.
fn cells(text: &str, line: &Range<usize>) -> Vec<Range<usize>> {
    let line = trimmed(text, line.clone());
    let mut cells = Vec::new();
    let mut start = line.start;
    let mut escaped = false;
    for (at, c) in text[line.clone()].char_indices() {
        let at = line.start + at;
        if c == '|' && !escaped {
            // The bar that a line opens with closes no cell.
            if at != line.start {
                cells.push(trimmed(text, start..at));
            }
            start = at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    if start < line.end {
        cells.push(trimmed(text, start..line.end));
    }
    cells
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let inner = &text[range.clone()];
    let start = range.start + (inner.len() - inner.trim_start().len());
    start..start + inner.trim().len()
}

/// A cell's words without their dress: emphasis, code marks and escapes go, of a link its text stays.
pub(super) fn plain(cell: &str) -> String {
    let mut words = String::with_capacity(cell.len());
    let mut rest = cell;
    while let Some(c) = rest.chars().next() {
        let mut step = c.len_utf8();
        match c {
            '*' | '`' => {}
            '\\' => {
                if let Some(next) = rest[1..].chars().next() {
                    words.push(next);
                    step += next.len_utf8();
                }
            }
            ']' if rest[1..].starts_with('(') => {
                step = rest.find(')').map_or(1, |end| end + 1);
            }
            '[' | ']' => {}
            c => words.push(c),
        }
        rest = &rest[step..];
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `text` as a cell can hold it.
pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escaped_bar_divides_nothing_and_a_fence_holds_no_table() {
        let text = "# T\n```\n| a | b |\n|---|---|\n```\n| a | b\\|c |\r\n|:-|-:|\r\n| **x** | `y\\|z` | \n\n- Total: 3\n";
        let blocks = blocks(text);
        assert_eq!(blocks.len(), 3, "{blocks:?}");
        let Block::Table(table) = &blocks[1] else {
            panic!("{blocks:?}");
        };
        let said = |range: &Range<usize>| plain(&text[range.clone()]);
        let header: Vec<_> = table.header.iter().map(said).collect();
        assert_eq!(header, ["a", "b|c"]);
        let row: Vec<_> = table.rows[0].cells.iter().map(said).collect();
        assert_eq!(row, ["x", "y|z"]);
    }

    #[test]
    fn hostile_text_is_read_to_its_end() {
        for text in [
            "|",
            "|\n|-|",
            "|-|\n|-|\n|\\",
            "[a](",
            "\\",
            "# ",
            "|é\\|\n|-|-|\n|ü",
        ] {
            for block in blocks(text) {
                if let Block::Table(table) = block {
                    table
                        .rows
                        .iter()
                        .flat_map(|row| &row.cells)
                        .for_each(|cell| {
                            plain(&text[cell.clone()]);
                        });
                }
            }
            plain(text);
        }
    }
}
