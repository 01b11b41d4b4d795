//! Spans as they are kept: nearly every one is a short number, and most of what is kept are spans.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::ser::SerializeTuple;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Position, Span};

/// Bits for the column of a span that fits into one number, and for its width; the line stands above them.
const COLUMN: u32 = 8;
const WIDTH: u32 = 6;

/// A span in one line as one number, which is never 0; `None` where it does not fit.
fn short(span: Span) -> Option<u64> {
    let Span { start, end } = span;
    let width = end.column.checked_sub(start.column)?;
    let fits = start.line == end.line
        && start.line > 0
        && start.column < 1 << COLUMN
        && width < 1 << WIDTH;
    let line = u64::from(start.line) << COLUMN;
    fits.then(|| (line | u64::from(start.column)) << WIDTH | u64::from(width))
}

fn of_short(short: u64) -> Option<Span> {
    let low = |bits: u32, from: u64| (from % (1 << bits)) as u32;
    let start = Position {
        line: u32::try_from(short >> (COLUMN + WIDTH)).ok()?,
        column: low(COLUMN, short >> WIDTH),
    };
    let end = Position {
        column: start.column + low(WIDTH, short),
        ..start
    };
    Some(Span { start, end })
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let short = short(*self);
        let mut parts = serializer.serialize_tuple(if short.is_some() { 1 } else { 3 })?;
        parts.serialize_element(&short.unwrap_or(0))?;
        if short.is_none() {
            parts.serialize_element(&self.start)?;
            parts.serialize_element(&self.end)?;
        }
        parts.end()
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Parts;
        impl<'de> Visitor<'de> for Parts {
            type Value = Span;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a span")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Span, A::Error> {
                let missing = || A::Error::custom("a span has an end");
                match parts.next_element()?.ok_or_else(missing)? {
                    0 => Ok(Span {
                        start: parts.next_element()?.ok_or_else(missing)?,
                        end: parts.next_element()?.ok_or_else(missing)?,
                    }),
                    short => of_short(short).ok_or_else(missing),
                }
            }
        }
        deserializer.deserialize_tuple(3, Parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_span_is_taken_up_as_it_was_kept() {
        let numbers = [0, 1, 63, 64, 65, 127, 128, 255, 256, 319, 1 << 18, u32::MAX];
        let places = || {
            let of_line = |line| numbers.map(|column| Position { line, column });
            numbers.into_iter().flat_map(of_line)
        };
        for start in places() {
            for end in places() {
                let span = Span { start, end };
                let kept = postcard::to_stdvec(&[span, Span::START]).expect("it can be kept");
                let taken = postcard::from_bytes::<[Span; 2]>(&kept);
                assert_eq!(taken, Ok([span, Span::START]));
            }
        }
        let word = Span::of_word(400, 9, "constitution");
        assert_eq!(postcard::to_stdvec(&word).map(|kept| kept.len()), Ok(4));
    }
}
