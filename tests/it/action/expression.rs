//! As much of the runner's expressions as the action uses: comparisons, `&&`, `||`, and what stands in `${{ }}`.

/// `text` with every `${{ … }}` replaced by what it is worth.
pub(super) fn filled(text: &str, look_up: &dyn Fn(&str) -> String) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        let (inside, after) = after.split_once("}}").expect("an expression ends");
        filled.push_str(before);
        filled.push_str(&value(inside, look_up));
        rest = after;
    }
    filled + rest
}

/// What an expression is worth, as the runner would write it.
pub(super) fn value(expression: &str, look_up: &dyn Fn(&str) -> String) -> String {
    let expression = expression.trim();
    if let Some((left, right)) = split(expression, "||") {
        let left = value(left, look_up);
        let falsy = left.is_empty() || left == "false";
        return if falsy { value(right, look_up) } else { left };
    }
    if let Some((left, right)) = split(expression, "&&") {
        let both = [left, right].map(|side| value(side, look_up) == "true");
        return (both == [true, true]).to_string();
    }
    if let Some((left, right)) = split(expression, "==") {
        return (value(left, look_up) == value(right, look_up)).to_string();
    }
    if let Some((left, right)) = split(expression, "!=") {
        return (value(left, look_up) != value(right, look_up)).to_string();
    }
    let quoted = |open, close| expression.strip_prefix(open)?.strip_suffix(close);
    if let Some(inside) = quoted('(', ')') {
        return value(inside, look_up);
    }
    match quoted('\'', '\'') {
        Some(text) => text.to_owned(),
        None => look_up(expression),
    }
}

/// The two sides of the first such operator that is in no parentheses.
fn split<'e>(expression: &'e str, operator: &str) -> Option<(&'e str, &'e str)> {
    let mut depth = 0_usize;
    for (at, character) in expression.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth == 0 && expression[at..].starts_with(operator) => {
                return Some((&expression[..at], &expression[at + operator.len()..]));
            }
            _ => {}
        }
    }
    None
}
