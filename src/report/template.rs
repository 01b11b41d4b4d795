//! The templates, and how what is put into them is escaped: by the engine, by what the document is.

use std::io::{self, Write};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

use super::markdown::text;

/// Documents, and the pieces that they include.
const TEMPLATES: [(&str, &str); 6] = [
    ("report.html", include_str!("templates/report.html")),
    ("report.md", include_str!("templates/report.md")),
    ("breach.html", include_str!("templates/breach.html")),
    ("graph.html", include_str!("templates/graph.html")),
    ("picture.svg", include_str!("templates/picture.svg")),
    ("matrix.svg", include_str!("templates/matrix.svg")),
];

/// The style of a picture that stands alone.
pub(crate) const PICTURE_STYLE: &str = include_str!("templates/picture.css");
/// The style of every page.
pub(crate) const STYLE: &str = concat!(
    include_str!("templates/page.css"),
    include_str!("templates/picture.css")
);
/// The script of the report's page.
pub(crate) const SCRIPT: &str = include_str!("templates/report.js");
/// What the content security policy lets in: only these very texts.
pub(crate) const STYLE_SOURCE: &str = "sha256-PnB6zkNEifUwmjIwg43yj08eHC82Dybz1fC8dBMvAoo=";
pub(crate) const SCRIPT_SOURCE: &str = "sha256-V6vwjtLYptR2Ny1AXwbJYl872dJcLlSfT7TNDEEuwbQ=";

const MARKDOWN: &str = "markdown";

/// A piece of prose: words, or what stood between backticks.
#[derive(Debug, Serialize)]
struct Part<'t> {
    code: bool,
    text: &'t str,
}

/// Writes the document of that name.
pub(crate) fn render(name: &str, context: Value, out: &mut dyn Write) -> io::Result<()> {
    let environment = environment();
    let template = environment.get_template(name).map_err(io::Error::other)?;
    let mut page = template.render(context).map_err(io::Error::other)?;
    if !name.ends_with(".md") {
        // GitHub's runner obeys `##[…]` anywhere in what it prints; a browser reads the same text.
        page = page.replace("##[", "&#35;#[");
    }
    out.write_all(page.as_bytes())
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).build();
    environment.set_syntax(syntax.expect("the marks are the usual ones"));
    environment.set_auto_escape_callback(|name| {
        if name.ends_with(".md") {
            AutoEscape::Custom(MARKDOWN.into())
        } else {
            AutoEscape::Html
        }
    });
    environment.set_formatter(|out, state, value| {
        if value.is_safe() {
            return minijinja::escape_formatter(out, state, value);
        }
        if *state.auto_escape() == AutoEscape::Custom(MARKDOWN.into()) {
            if value.is_undefined() || value.is_none() {
                return Ok(());
            }
            return Ok(out.write_str(&text::prose(&value.to_string()))?);
        }
        // On standard output a GitHub runner reads along, and obeys this mark wherever it stands.
        match value.as_str().filter(|text| text.contains("##[")) {
            None => minijinja::escape_formatter(out, state, value),
            Some(text) => text.split("##[").enumerate().try_for_each(|(at, piece)| {
                out.write_str(if at == 0 { "" } else { "#&#35;[" })?;
                minijinja::escape_formatter(out, state, &Value::from(piece))
            }),
        }
    });
    environment.add_filter("parts", |text: &str| Value::from(Serde(&parts(text))));
    environment.add_filter("code", |value: &str| {
        Value::from_safe_string(text::code(value))
    });
    environment.add_filter("cell", |value: &str| {
        Value::from_safe_string(text::prose(value).replace('|', "\\|"))
    });
    environment.add_filter("fenced", |value: &str| {
        Value::from_safe_string(text::fenced("text", value))
    });
    for (name, source) in TEMPLATES {
        environment
            .add_template(name, source)
            .expect("the tests render every template");
    }
    environment
}

/// Prose split at its backticks; an odd one stays as it is.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((code, after)) = after.split_once('`') else {
            break;
        };
        parts.push(Part {
            code: false,
            text: before,
        });
        parts.push(Part {
            code: true,
            text: code,
        });
        rest = after;
    }
    parts.push(Part {
        code: false,
        text: rest,
    });
    parts.retain(|part| !part.text.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    /// Base64 of the digest, as a content security policy names a text.
    fn source(text: &str) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut source = String::from("sha256-");
        for three in Sha256::digest(text).chunks(3) {
            let bits = (0..3).fold(0, |bits, at| {
                bits << 8 | three.get(at).copied().map_or(0, usize::from)
            });
            for at in 0..4 {
                source.push(match at <= three.len() {
                    true => char::from(LETTERS[bits >> (18 - 6 * at) & 63]),
                    false => '=',
                });
            }
        }
        source
    }

    #[test]
    fn the_policy_lets_in_the_style_and_the_script_as_they_are() {
        assert_eq!(STYLE_SOURCE, source(STYLE));
        assert_eq!(SCRIPT_SOURCE, source(SCRIPT));
    }

    #[test]
    fn an_odd_backtick_quotes_nothing() {
        let shown: Vec<_> = parts("a `b` c ` d")
            .iter()
            .map(|p| (p.code, p.text))
            .collect();
        assert_eq!(shown, [(false, "a "), (true, "b"), (false, " c ` d")]);
    }
}
