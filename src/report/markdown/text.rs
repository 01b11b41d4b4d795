//! Text of the workspace in Markdown: it stays text, whatever it spells.

use crate::report::safe::clip;

/// Characters of any text from the workspace.
const LONGEST: usize = 2_000;

const OPENING: [char; 2] = ['(', '"'];
const ENDING: [char; 8] = [',', '.', ';', ':', '?', '!', ')', '"'];

/// Prose that may quote code between backticks. What GitHub could take for more than a word (a mention, an
/// issue, a link, an emoji, markup) becomes code, in which nothing has a meaning.
pub(crate) fn prose(text: &str) -> String {
    let text = clip(text, LONGEST);
    let mut shown = String::new();
    let mut parts: Vec<&str> = text.split('`').collect();
    // An odd backtick quotes nothing.
    let unpaired = parts.len().is_multiple_of(2).then(|| parts.pop()).flatten();
    for (number, part) in parts.into_iter().enumerate() {
        if number % 2 == 1 {
            push_code(&mut shown, part);
        } else {
            push_words(&mut shown, part);
        }
    }
    if let Some(rest) = unpaired {
        push_code(&mut shown, "`");
        push_words(&mut shown, rest);
    }
    shown
}

/// All of `text` as code.
pub(crate) fn code(text: &str) -> String {
    let mut shown = String::new();
    push_code(&mut shown, &clip(text, LONGEST));
    shown
}

/// A fenced block whose content cannot end it.
pub(crate) fn fenced(language: &str, content: &str) -> String {
    let fence = "`".repeat(longest_run(content).max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}\n", content.trim_end())
}

fn push_words(shown: &mut String, text: &str) {
    for (number, word) in text.split(' ').enumerate() {
        if number > 0 {
            shown.push(' ');
        }
        // What opens or ends a clause is no part of the code.
        let inner = word.trim_start_matches(OPENING).trim_end_matches(ENDING);
        if is_plain(inner) {
            shown.push_str(word);
            continue;
        }
        let (before, after) = word.split_once(inner).unwrap_or_default();
        shown.push_str(before);
        push_code(shown, inner);
        shown.push_str(after);
    }
}

/// Whether nothing but a word is seen in `word`: letters, a number or a date.
fn is_plain(word: &str) -> bool {
    let is_letter = |c: char| c.is_alphabetic() || !c.is_ascii();
    let is_joint = |c: char| c == '-' || c == '\'';
    let joined = word.starts_with(is_letter) && word.chars().all(|c| is_letter(c) || is_joint(c));
    let numeric = word.starts_with(|c: char| c.is_ascii_digit())
        && word.chars().all(|c| c.is_ascii_digit() || c == '-');
    word.is_empty() || joined || numeric
}

/// A span of code, apart from one just before it: their backticks would join.
fn push_code(shown: &mut String, text: &str) {
    if text.is_empty() {
        return;
    }
    if shown.ends_with('`') {
        shown.push(' ');
    }
    let ticks = match longest_run(text) {
        0 => "`".to_owned(),
        run => "`".repeat(run + 1),
    };
    // One blank on either side is not part of the code.
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) {
        " "
    } else {
        ""
    };
    shown.push_str(&format!("{ticks}{pad}{text}{pad}{ticks}"));
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
