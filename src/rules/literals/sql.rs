//! SQL: whether a text is a statement, and what in it only one vendor's dialect knows.

/// One token: a word in capitals, a sign, `'` for a string, `0` for a number, `$` for a placeholder.
type Token = String;

/// What a text that is SQL consists of.
#[derive(Debug)]
pub(super) struct Statement {
    tokens: Vec<Token>,
}

impl Statement {
    /// `None` for a text that is no SQL, such as a sentence that opens with "Select".
    pub(super) fn read(text: &str) -> Option<Self> {
        let first = text.trim_start().as_bytes().first()?;
        if !(first.is_ascii_alphabetic() || b"(-/".contains(first)) {
            return None;
        }
        let scan = Scan::of(text)?;
        let tokens: Vec<&str> = scan.tokens.iter().map(String::as_str).collect();
        let tokens = match tokens.as_slice() {
            ["EXPLAIN", "ANALYZE", rest @ ..] | ["EXPLAIN", rest @ ..] => rest,
            all => all,
        };
        let tokens = match tokens.iter().position(|token| *token != "(") {
            Some(open) => &tokens[open..],
            None => return None,
        };
        let sure = scan.loud || scan.signs;
        is_statement(tokens, sure).then_some(Self {
            tokens: scan.tokens,
        })
    }

    /// Whether the tokens of `pattern` stand in it one after the other.
    pub(super) fn has(&self, pattern: &[&str]) -> bool {
        if pattern == ["[", "]"] {
            return self.brackets();
        }
        self.tokens
            .windows(pattern.len())
            .any(|window| window == pattern)
    }

    /// `[name]` as an identifier, which an array's index never is.
    fn brackets(&self) -> bool {
        self.tokens.windows(4).any(|window| {
            let name = window[2].starts_with(|c: char| c.is_ascii_uppercase());
            let before = matches!(
                window[0].as_str(),
                "." | ","
                    | "SELECT"
                    | "FROM"
                    | "JOIN"
                    | "INTO"
                    | "UPDATE"
                    | "TABLE"
                    | "WHERE"
                    | "ON"
            );
            before && window[1] == "[" && name && window[3] == "]"
        })
    }
}

/// Whether the tokens open as a statement does. `sure`: the text's case or signs are no sentence's.
fn is_statement(tokens: &[&str], sure: bool) -> bool {
    match tokens {
        ["SELECT", rest @ ..] => is_selection(rest, sure),
        ["INSERT", rest @ ..] | ["REPLACE", rest @ ..] => is_insertion(rest),
        ["UPDATE", rest @ ..] => {
            let set = rest.iter().position(|token| *token == "SET");
            set.is_some_and(|at| (1..=6).contains(&at) && rest[at..].contains(&"="))
        }
        ["DELETE", "FROM", table, rest @ ..] => {
            is_name(table) && sure && (rest.is_empty() || !is_name(rest[0]) || is_clause(rest[0]))
        }
        [
            "CREATE" | "ALTER" | "DROP" | "TRUNCATE" | "REFRESH",
            rest @ ..,
        ] => is_definition(rest, sure),
        ["WITH", "RECURSIVE", _, rest @ ..] | ["WITH", _, rest @ ..] => {
            rest.contains(&"AS") && rest.contains(&"(") && rest.contains(&"SELECT")
        }
        ["MERGE", "INTO", ..] => tokens.contains(&"USING") && tokens.contains(&"ON"),
        ["PRAGMA", name, ..] => sure && is_name(name),
        ["GRANT" | "REVOKE", rest @ ..] => sure && rest.contains(&"ON"),
        ["LOCK", "TABLE", ..] | ["SHOW", "TABLES"] => sure,
        _ => false,
    }
}

fn is_selection(rest: &[&str], sure: bool) -> bool {
    let Some(from) = rest.iter().position(|token| *token == "FROM") else {
        // `SELECT now()`; a lone `SELECT 1` asks whether somebody is there, and binds to nobody.
        return sure && matches!(rest, ["EXISTS", ..] | [_, "(", ..] | [_, ".", _, "(", ..]);
    };
    let table = rest.get(from + 1).copied().unwrap_or_default();
    let list = &rest[..from];
    if list.is_empty() || is_article(table) || is_article(list[0]) {
        return false;
    }
    if sure {
        return is_name(table) || matches!(table, "(" | "$" | "\"" | "`" | "[");
    }
    // All in small letters and without a sign: a list, or at least a clause behind the table.
    let listed = list.len() > 1
        && list.iter().enumerate().all(|(at, token)| {
            if at % 2 == 1 {
                *token == ","
            } else {
                is_name(token)
            }
        });
    let end = rest.get(from + 2).is_none_or(|next| is_clause(next));
    end && (listed || list.len() == 1 && rest.len() > from + 2)
}

fn is_insertion(rest: &[&str]) -> bool {
    let into = rest.iter().take(3).position(|token| *token == "INTO");
    let Some(into) = into else { return false };
    let rest = &rest[into + 1..];
    rest.iter()
        .take(8)
        .any(|token| matches!(*token, "(" | "VALUES" | "SELECT"))
        && !rest.first().is_some_and(|table| is_article(table))
}

fn is_definition(rest: &[&str], sure: bool) -> bool {
    const KINDS: &[&str] = &[
        "TABLE",
        "INDEX",
        "VIEW",
        "SCHEMA",
        "SEQUENCE",
        "TRIGGER",
        "FUNCTION",
        "EXTENSION",
        "DATABASE",
        "TYPE",
        "MATERIALIZED",
        "PROCEDURE",
    ];
    const BEFORE: &[&str] = &[
        "OR",
        "REPLACE",
        "TEMP",
        "TEMPORARY",
        "UNIQUE",
        "GLOBAL",
        "LOCAL",
        "UNLOGGED",
        "VIRTUAL",
        "EXTERNAL",
        "FOREIGN",
        "CLUSTERED",
        "CONSTRAINT",
        "RECURSIVE",
    ];
    let Some(at) = rest.iter().position(|token| !BEFORE.contains(token)) else {
        return false;
    };
    if !KINDS.contains(&rest[at]) {
        return false;
    }
    let name = rest.get(at + 1).copied().unwrap_or_default();
    let named = is_name(name) || matches!(name, "\"" | "`" | "$" | "[");
    sure && named && !is_article(name)
}

/// Words that a sentence has where a statement has a name; `a` is a name, too.
const ARTICLES: &[&str] = &[
    "AN", "THE", "OF", "THIS", "THAT", "THESE", "THOSE", "YOUR", "OUR", "MY", "THEIR", "ITS",
    "ONE", "EACH", "WHICH", "ANY", "SOME",
];

fn is_article(token: &str) -> bool {
    ARTICLES.contains(&token)
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
}

fn is_clause(token: &str) -> bool {
    matches!(
        token,
        "WHERE"
            | "ORDER"
            | "GROUP"
            | "LIMIT"
            | "JOIN"
            | "INNER"
            | "LEFT"
            | "RIGHT"
            | "CROSS"
            | "HAVING"
            | "UNION"
            | "OFFSET"
            | "USING"
            | "RETURNING"
            | "AS"
            | "FOR"
    )
}

/// A text in tokens, with what tells a statement from a sentence.
struct Scan {
    tokens: Vec<Token>,
    /// Whether the first word is in capitals.
    loud: bool,
    /// Whether there are signs that a sentence has not.
    signs: bool,
}

impl Scan {
    /// `None` where the first word's letters are neither all small nor all capitals.
    fn of(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let mut scan = Self {
            tokens: Vec::new(),
            loud: false,
            signs: false,
        };
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            match bytes[at] {
                byte if byte.is_ascii_whitespace() => at += 1,
                b'-' if bytes.get(at + 1) == Some(&b'-') => at = line_end(bytes, at),
                b'/' if bytes.get(at + 1) == Some(&b'*') => {
                    at = text[at + 2..]
                        .find("*/")
                        .map_or(bytes.len(), |end| at + 2 + end + 2);
                }
                b'\'' => {
                    at = past(bytes, at + 1, b'\'');
                    scan.tokens.push("'".to_owned());
                }
                b'{' => {
                    at = past(bytes, at + 1, b'}');
                    scan.tokens.push("$".to_owned());
                }
                byte if byte.is_ascii_digit() => {
                    at = run(bytes, at, |b| b.is_ascii_alphanumeric() || b == b'.');
                    scan.tokens.push("0".to_owned());
                }
                b'$' | b':' | b'@' | b'?' if placeholder(bytes, at) => {
                    at = run(bytes, at + 1, |b| b.is_ascii_alphanumeric() || b == b'_');
                    scan.signs = true;
                    scan.tokens.push("$".to_owned());
                }
                byte if byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii() => {
                    at = run(bytes, at, |b| {
                        b.is_ascii_alphanumeric() || b == b'_' || !b.is_ascii()
                    });
                    scan.word(&text[start..at])?;
                }
                byte => {
                    at += 1;
                    scan.signs |= b"*=();".contains(&byte);
                    scan.tokens.push(char::from(byte).to_string());
                }
            }
        }
        Some(scan)
    }

    fn word(&mut self, word: &str) -> Option<()> {
        if self.tokens.is_empty() {
            self.loud = word.bytes().all(|b| !b.is_ascii_lowercase());
            let quiet = word.bytes().all(|b| !b.is_ascii_uppercase());
            if !self.loud && !quiet {
                return None;
            }
        }
        self.tokens.push(word.to_ascii_uppercase());
        Some(())
    }
}

/// `$1`, `:name`, `@name`, `?`; neither `::type` nor a lone sign.
fn placeholder(bytes: &[u8], at: usize) -> bool {
    let next = bytes.get(at + 1).copied().unwrap_or_default();
    match bytes[at] {
        b'?' => true,
        b':' if at > 0 && bytes[at - 1] == b':' => false,
        _ => next.is_ascii_alphanumeric() || next == b'_',
    }
}

fn run(bytes: &[u8], at: usize, of: impl Fn(u8) -> bool) -> usize {
    bytes[at..]
        .iter()
        .position(|&byte| !of(byte))
        .map_or(bytes.len(), |len| at + len)
}

fn past(bytes: &[u8], at: usize, end: u8) -> usize {
    bytes[at..]
        .iter()
        .position(|&byte| byte == end)
        .map_or(bytes.len(), |len| at + len + 1)
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    past(bytes, at, b'\n')
}

#[cfg(test)]
mod tests {
    use super::Statement;

    #[test]
    fn statements_are_statements() {
        for text in [
            "SELECT id FROM orders",
            "select id, total from orders",
            "select id from orders where total > 3",
            "  -- all of them\n  SELECT * FROM \"orders\"",
            "/* hint */ SELECT COUNT(*) FROM orders",
            "SELECT NOW()",
            "SELECT {columns} FROM {table}",
            "INSERT INTO orders (id) VALUES ($1)",
            "INSERT OR REPLACE INTO orders VALUES (?)",
            "UPDATE orders SET total = :total WHERE id = :id",
            "DELETE FROM orders WHERE id = ?",
            "CREATE TABLE IF NOT EXISTS orders (id INT)",
            "CREATE UNIQUE INDEX orders_id ON orders (id)",
            "WITH late AS (SELECT 1) SELECT * FROM late",
            "(SELECT a FROM b)",
            "PRAGMA foreign_keys = ON",
        ] {
            assert!(Statement::read(text).is_some(), "{text}");
        }
    }

    #[test]
    fn sentences_are_not() {
        for text in [
            "Select an item from the list",
            "select an item from the list",
            "SELECT AN ITEM FROM THE LIST",
            "Update the settings",
            "update the set",
            "Insert into the slot",
            "Delete from the cart",
            "delete from cart",
            "Create table",
            "create a table of contents (draft)",
            "with regards",
            "Drop the index finger.",
            "select",
            "SELECT 1",
            "selection from left",
            "",
            "select name from users",
        ] {
            assert!(Statement::read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_dialect_shows_by_its_tokens_outside_of_strings() {
        let has = |text: &str, pattern: &str| {
            let statement = Statement::read(text).expect("it is SQL");
            let pattern: Vec<&str> = pattern.split(' ').collect();
            statement.has(&pattern)
        };
        assert!(has("SELECT a::text FROM b", ": :"));
        assert!(!has("SELECT 'a::text' FROM b", ": :"));
        assert!(has(
            "insert into a (b) values (?) on conflict do nothing",
            "ON CONFLICT"
        ));
        assert!(has("SELECT [id] FROM [dbo].[orders]", "[ ]"));
        assert!(!has("SELECT a[1] FROM b WHERE c = ARRAY[d]", "[ ]"));
        assert!(has("SELECT `id` FROM b", "`"));
        assert!(has("SELECT a->>'b' FROM c", "- > >"));
    }
}
