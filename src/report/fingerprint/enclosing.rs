//! The item that a place lies in, by its name: it stays the same where its file gets another one.

use crate::text::{Position, Text};

/// What opens an item that has a name.
const ITEMS: [&str; 8] = [
    "fn",
    "struct",
    "enum",
    "union",
    "trait",
    "impl",
    "mod",
    "macro_rules",
];

/// The nearest item that opens before `place` in a Rust source, such as `fn load`; empty for an import, and
/// before the first item. A heuristic, read from the lines: it only tells findings apart.
pub(super) fn item(text: &Text, place: Position) -> String {
    let number = place.line();
    let own = text.line(number);
    let column = place.column() as usize - 1;
    let before: String = own.chars().take(column).collect();
    if is_import(text, number, &before) {
        return String::new();
    }
    let above = (1..number).rev().map(|line| text.line(line).to_owned());
    let mut lines = std::iter::once(before).chain(above);
    lines.find_map(|line| opens(&line)).unwrap_or_default()
}

/// Whether the statement around the end of `before`, in line `number`, is a `use` or `extern crate`.
fn is_import(text: &Text, number: u32, before: &str) -> bool {
    let mut line = before.trim();
    let mut above = (1..number).rev();
    loop {
        let words = line.strip_prefix("pub").unwrap_or(line);
        let words = match words.strip_prefix('(') {
            Some(scope) => scope.split_once(')').map_or("", |(_, words)| words),
            None => words,
        };
        if matches!(words.split_whitespace().next(), Some("use" | "extern")) {
            return true;
        }
        let Some(next) = above.next() else {
            return false;
        };
        line = text.line(next).trim();
        let group = line.ends_with("::{") || line.ends_with(',') || line.ends_with("},");
        if !(group || line.is_empty()) {
            return false;
        }
    }
}

/// The last item that `line` opens, with its name.
fn opens(line: &str) -> Option<String> {
    if line.trim_start().starts_with("//") {
        return None;
    }
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let words: Vec<&str> = line
        .split(|c| !word(c))
        .filter(|word| !word.is_empty())
        .collect();
    let at = words.iter().rposition(|word| ITEMS.contains(word))?;
    let name = words.get(at + 1)?;
    Some(format!("{} {name}", words[at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(source: &str) -> String {
        let at = source.find('|').expect("a mark");
        let text = Text::new(source.to_owned());
        item(&text, text.position(at))
    }

    #[test]
    fn a_place_is_known_by_the_item_around_it() {
        assert_eq!(
            of("fn a() {}\n// fn c\nfn b(x: u8,\n     y: |u8) {}"),
            "fn b"
        );
        assert_eq!(
            of("impl Archive for Store {\n    type Row = |Row;"),
            "impl Archive"
        );
        assert_eq!(of("struct Pool(|Pg);"), "struct Pool");
        assert_eq!(of("const A: |u8 = 0;"), "");
    }

    #[test]
    fn an_import_is_known_by_itself() {
        assert_eq!(of("fn a() {}\nuse |sqlx::PgPool;"), "");
        assert_eq!(
            of("fn a() {}\npub(crate) use sqlx::{\n    Row,\n    |PgPool,\n};"),
            ""
        );
    }
}
