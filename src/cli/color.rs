//! Whether to colour, and how wide: asked of the environment once.

use std::ffi::OsString;
use std::io::IsTerminal;

use clap::ValueEnum;

use crate::report::look::Look;

/// `--color`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal that can, unless NO_COLOR is set
    #[default]
    Auto,
    Always,
    Never,
}

impl When {
    /// What a command line asks for that is otherwise not understood.
    pub(crate) fn asked(arguments: &[OsString]) -> Self {
        let mut arguments = arguments.iter().filter_map(|argument| argument.to_str());
        while let Some(argument) = arguments.next() {
            let value = match argument.strip_prefix("--color") {
                Some("") => arguments.next(),
                Some(rest) => rest.strip_prefix('='),
                None => None,
            };
            if let Some(when) = value.and_then(|value| Self::from_str(value, false).ok()) {
                return when;
            }
        }
        Self::Auto
    }
}

/// Where text goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Output,
    Error,
}

/// The widest line that is still comfortable to read.
const WIDEST: usize = 120;
/// Under this nothing can be drawn.
const NARROWEST: usize = 20;

/// How text on `stream` may look, by the flags and the environment.
pub(crate) fn look(when: When, stream: Stream, quiet: bool) -> Look {
    let (terminal, size) = match stream {
        Stream::Output => {
            let stream = std::io::stdout();
            (
                stream.is_terminal(),
                terminal_size::terminal_size_of(stream),
            )
        }
        Stream::Error => {
            let stream = std::io::stderr();
            (
                stream.is_terminal(),
                terminal_size::terminal_size_of(stream),
            )
        }
    };
    let width = match size {
        // A terminal without a size says 0.
        Some((columns, _)) if terminal && columns.0 > 0 => usize::from(columns.0),
        _ => Look::PLAIN.width,
    };
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    Look {
        width: width.clamp(NARROWEST, WIDEST),
        colour: colour(when, terminal, &variable),
        unicode: !terminal || unicode(&variable),
        terminal,
        actions: variable("GITHUB_ACTIONS").is_some(),
        quiet,
    }
}

/// The flag beats `NO_COLOR`, which beats `CLICOLOR_FORCE`, which beats what the terminal can.
fn colour(when: When, terminal: bool, variable: &dyn Fn(&str) -> Option<String>) -> bool {
    let is = |name: &str, wanted: &str| variable(name).is_some_and(|value| value == wanted);
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto if variable("NO_COLOR").is_some() => false,
        When::Auto if variable("CLICOLOR_FORCE").is_some() && !is("CLICOLOR_FORCE", "0") => true,
        When::Auto => terminal && !is("CLICOLOR", "0") && !is("TERM", "dumb"),
    }
}

/// Whether the terminal's locale has more than ASCII; one that says nothing is believed to.
fn unicode(variable: &dyn Fn(&str) -> Option<String>) -> bool {
    if variable("TERM").is_some_and(|term| term == "dumb" || term == "linux") {
        return false;
    }
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(variable)
        .is_none_or(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(when: When, terminal: bool, set: &[(&str, &str)]) -> bool {
        colour(when, terminal, &|name| {
            let found = set.iter().find(|(key, _)| *key == name)?;
            Some(found.1.to_owned())
        })
    }

    #[test]
    fn the_flag_beats_the_environment_and_no_color_beats_force() {
        assert!(decide(When::Always, false, &[("NO_COLOR", "1")]));
        assert!(!decide(When::Never, true, &[("CLICOLOR_FORCE", "1")]));
        let both = [("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")];
        assert!(!decide(When::Auto, true, &both));
        assert!(decide(When::Auto, false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!decide(When::Auto, false, &[("CLICOLOR_FORCE", "0")]));
    }

    #[test]
    fn only_a_terminal_that_can_is_coloured_by_itself() {
        assert!(decide(When::Auto, true, &[]));
        assert!(!decide(When::Auto, false, &[]));
        assert!(!decide(When::Auto, true, &[("TERM", "dumb")]));
        assert!(!decide(When::Auto, true, &[("CLICOLOR", "0")]));
    }

    #[test]
    fn the_colour_of_a_usage_error_is_what_was_asked_for() {
        let asked = |line: &str| {
            let arguments: Vec<OsString> = line.split(' ').map(Into::into).collect();
            When::asked(&arguments)
        };
        assert_eq!(asked("x check --color=never --nonsense"), When::Never);
        assert_eq!(asked("x check --nonsense --color always"), When::Always);
        assert_eq!(asked("x check --color sometimes"), When::Auto);
    }
}
