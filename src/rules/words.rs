//! Words that several laws put together.

/// "`a`, `b` and `c`"; `None` where there is no name.
pub(crate) fn listed(names: impl IntoIterator<Item = impl std::fmt::Display>) -> Option<String> {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    let (last, others) = names.split_last()?;
    Some(match others {
        [] => last.clone(),
        _ => format!("{} and {last}", others.join(", ")),
    })
}

/// The words of a name in any spelling, in lower case: `DB_PORT`, `dbPort` and `db-port` are `db`, `port`.
pub(crate) fn split(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before = None;
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        let lower = |c: Option<char>| c.is_some_and(char::is_lowercase);
        let camel =
            c.is_uppercase() && before.is_some() && (lower(before) || lower(chars.peek().copied()));
        if (camel || !c.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        before = Some(c);
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_name_has_the_same_words_in_every_spelling() {
        for name in [
            "db_port", "DB_PORT", "dbPort", "DbPort", "db-port", "DBPort",
        ] {
            assert_eq!(split(name), ["db", "port"], "{name}");
        }
        assert_eq!(split("viewport"), ["viewport"]);
    }
}
