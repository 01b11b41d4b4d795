//! Excerpts of sources: a few lines around a place, harmless, cut to the width, secrets masked.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use unicode_width::UnicodeWidthChar;

use super::safe;
use crate::text::{Position, Span, Text};

const TAB: usize = 4;
/// Lines shown before and after the marked one.
const CONTEXT: u32 = 1;
/// The least width that still shows anything.
const NARROWEST: usize = 12;

/// A stretch of one file, ready to be drawn.
#[derive(Debug)]
pub(crate) struct Excerpt {
    /// The file's harmless path.
    name: String,
    text: String,
    first_line: u32,
    /// Where the excerpt's mark begins in the file.
    at: Position,
    /// The mark, in bytes of `text`.
    pub(crate) mark: SourceSpan,
}

impl Excerpt {
    /// The lines around `span`, of which the part in its first line is marked; `None` if the text does
    /// not reach so far. Everything in `masks` is shown as asterisks.
    pub(crate) fn new(
        name: &str,
        text: &Text,
        span: Span,
        masks: &[Span],
        width: usize,
    ) -> Option<Self> {
        let marked = span.start.line();
        let lines = u32::try_from(text.as_str().lines().count()).unwrap_or(u32::MAX);
        if marked > lines {
            return None;
        }
        let first = marked.saturating_sub(CONTEXT).max(1);
        let last = marked.saturating_add(CONTEXT).min(lines);
        // The frame: the line number, a bar, and three blanks.
        let room = width
            .saturating_sub(last.to_string().len() + 5)
            .max(NARROWEST);
        let from = window(text.line(marked), span.start.column() as usize - 1, room);
        let mut shown = String::new();
        let mut mark = (0, 0).into();
        for number in first..=last {
            let line = Line {
                number,
                text: text.line(number),
                masks,
            };
            let range = line.draw(&mut shown, from, room, (number == marked).then_some(span));
            if number == marked {
                mark = SourceSpan::new(range.start.into(), range.len());
            }
            shown.push('\n');
        }
        Some(Self {
            name: safe::safe(name).into_owned(),
            text: shown,
            first_line: first,
            at: span.start,
            mark,
        })
    }

    /// The lines with their numbers, and the bytes of each that are marked.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (u32, &str, Option<std::ops::Range<usize>>)> {
        let mark = self.mark.offset()..self.mark.offset() + self.mark.len();
        let mut start = 0;
        (self.first_line..)
            .zip(self.text.lines())
            .map(move |(number, line)| {
                let own = start..=start + line.len();
                let marked = number == self.at.line() && own.contains(&mark.start);
                let marked = marked.then(|| mark.start - start..mark.end.min(*own.end()) - start);
                start += line.len() + 1;
                (number, line, marked)
            })
    }
}

/// The character from which on a line is shown, so that `column` (from 0) is in sight.
fn window(line: &str, column: usize, room: usize) -> usize {
    let at = line
        .char_indices()
        .nth(column)
        .map_or(line.len(), |(at, _)| at);
    let before = &line[..at];
    if before.chars().map(breadth).sum::<usize>() < room * 2 / 3 {
        return 0;
    }
    let mut left = room / 4;
    let kept = before.chars().rev().take_while(|&c| {
        let fits = breadth(c) <= left;
        left = left.saturating_sub(breadth(c));
        fits
    });
    before.chars().count() - kept.take(room).count()
}

/// Columns that a character takes at most.
fn breadth(c: char) -> usize {
    match c {
        '\t' => TAB,
        c if safe::is_treacherous(c) => {
            let mut spelt = String::new();
            safe::push(&mut spelt, c);
            spelt.len()
        }
        c => c.width().unwrap_or(1),
    }
}

struct Line<'a> {
    number: u32,
    text: &'a str,
    masks: &'a [Span],
}

impl Line<'_> {
    /// Appends at most `room` columns of the line from the character `from` on; the bytes of `out`
    /// that `span` takes.
    fn draw(
        &self,
        out: &mut String,
        from: usize,
        room: usize,
        span: Option<Span>,
    ) -> std::ops::Range<usize> {
        let mut column = 0;
        let mut mark = None;
        if from > 0 && self.text.chars().nth(from - 1).is_some() {
            out.push('…');
            column = 1;
        }
        for (at, c) in self.text.chars().enumerate().skip(from) {
            // A pile of characters without width must end, too.
            if column + breadth(c) > room || at - from > 4 * room {
                out.push('…');
                break;
            }
            let start = out.len();
            column += self.push(out, at, c, column);
            match span {
                Some(span) if self.covers(span, at) => {
                    mark.get_or_insert(start..start).end = out.len()
                }
                Some(span) if span.start.column() as usize == at + 1 => mark = Some(start..start),
                _ => {}
            }
        }
        mark.unwrap_or(out.len()..out.len())
    }

    /// Appends the character `at` (from 0); how many columns it took.
    fn push(&self, out: &mut String, at: usize, c: char, column: usize) -> usize {
        let start = out.len();
        if self.masks.iter().any(|mask| self.covers(*mask, at)) {
            out.push('*');
            return 1;
        }
        match c {
            '\t' => out.extend(std::iter::repeat_n(' ', TAB - column % TAB)),
            c => safe::push(out, c),
        }
        let width = |c: char| c.width().unwrap_or(1);
        out[start..].chars().map(width).sum()
    }

    /// Whether `span` takes in the character `at` (from 0) of this line.
    fn covers(&self, span: Span, at: usize) -> bool {
        let here = (self.number, u32::try_from(at).unwrap_or(u32::MAX - 1) + 1);
        let key = |position: Position| (position.line(), position.column());
        key(span.start) <= here && here < key(span.end)
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        // Without context it is the mark's own place that is asked for.
        let contents = if before == 0 && after == 0 {
            let bytes = span.offset()..span.offset() + span.len();
            MietteSpanContents::new_named(
                self.name.clone(),
                self.text
                    .as_bytes()
                    .get(bytes)
                    .ok_or(MietteError::OutOfBounds)?,
                *span,
                self.at.line() as usize - 1,
                self.at.column() as usize - 1,
                1,
            )
        } else {
            MietteSpanContents::new_named(
                self.name.clone(),
                self.text.as_bytes(),
                (0, self.text.len()).into(),
                self.first_line as usize - 1,
                0,
                self.text.lines().count(),
            )
        };
        Ok(Box::new(contents))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NASTY: &str = "\tfn\u{301} 世界\u{200d}x\u{202e}\r\n\n👩\u{200d}👩\t\u{1b}[0m end";

    /// Every span over the text, and somewhat beyond it.
    fn spans() -> impl Iterator<Item = Span> {
        let places = |line| (0..16).map(move |column| Position::from_lexer(line, column));
        let all: Vec<_> = (1..5).flat_map(places).collect();
        let starts = all.clone().into_iter();
        starts.flat_map(move |start| all.clone().into_iter().map(move |end| Span { start, end }))
    }

    #[test]
    fn a_mark_lies_within_its_excerpt_wherever_the_place_is() {
        let text = Text::new(NASTY.to_owned());
        for (span, width) in spans().flat_map(|span| [1, 18, 100].map(|width| (span, width))) {
            let Some(excerpt) = Excerpt::new("x.rs", &text, span, &[], width) else {
                assert_eq!(
                    span.start.line(),
                    4,
                    "only what is past the end has no excerpt"
                );
                continue;
            };
            let mark = excerpt.mark.offset()..excerpt.mark.offset() + excerpt.mark.len();
            let marked = excerpt.text.get(mark).expect("it lies between characters");
            assert!(!marked.contains('\n'), "{span:?} {marked:?}");
        }
    }

    #[test]
    fn a_mask_hides_every_line_of_a_secret() {
        let text = Text::new("a = \"one\ntwo\";".to_owned());
        let span = text.span(4..13);
        let excerpt = Excerpt::new("x.rs", &text, span, &[span], 80).expect("it is there");
        assert_eq!(excerpt.text, "a = ****\n****;\n");
    }
}
