//! Usage, as cargo and people call us.

use super::*;

fn understood(line: &str) -> Result<Invocation, Answer> {
    parse(line.split(' ').map(OsString::from))
}

#[test]
fn cargo_passing_our_name_along_makes_no_difference() {
    for line in [
        "cargo-constitution check",
        "cargo-constitution constitution check",
    ] {
        let invocation = understood(line).expect("it is right");
        assert!(matches!(invocation.arguments.command, Command::Check(_)));
    }
}

#[test]
fn wrong_usage_is_told_from_a_question() {
    let usage = |line: &str| {
        understood(line)
            .expect_err("nothing is to be run")
            .text
            .exit_code()
    };
    assert_eq!(usage("x --version"), 0);
    assert_eq!(usage("x check --help"), 0);
    for wrong in [
        "x",
        "x chek",
        "x check --format sarif-ish",
        "x check --fail-on all",
        "x check --output json",
        "x check --threads 0",
        "x check --cache-dir a --no-cache",
    ] {
        assert_eq!(usage(wrong), 2, "{wrong}");
    }
}

#[test]
fn an_error_quotes_no_escapes() {
    let error = miette::miette!(help = "look\u{202e}there", "no file `\u{1b}[2J`");
    let look = Look {
        colour: true,
        ..Look::PLAIN
    };
    let text = render_error(&error, &look);
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    assert!(text.contains("\\u{1b}[2J"), "{text}");
    let harmless = render_error(&miette::miette!("no file"), &look);
    assert!(harmless.contains("\u{1b}[31m"), "{harmless}");
}
