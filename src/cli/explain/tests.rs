//! The list, a page, and a name that is almost right.

use super::*;
use crate::finding::{Level, RuleOption};
use crate::testing::{ENGINE, SECRET};

static LAW: RuleMeta = RuleMeta {
    id: "weakened-law",
    trigger: None,
    clause: "XI",
    summary: "a constitution that allows more than it did",
    level: Level::Risk,
    page: "# weakened-law\n\nThe law holds.\n",
    options: &[RuleOption {
        key: "tests",
        kind: OptionKind::Word(&["warning", "breach"]),
        summary: "how grave it is in tests",
    }],
};
static RULES: [&RuleMeta; 3] = [&ENGINE, &SECRET, &LAW];

#[test]
fn the_list_stands_under_the_triggers() {
    let wanted = "\
Trigger 1 (VIII.1). Adapter logic leaking into capability layer triggers immediate constitutional
freeze.
  engine-reference  breach   capability source that names an engine's item

Trigger 2 (VIII.2). Hardcoded infrastructure binding triggers immediate constitutional freeze.
  hardcoded-secret  breach   a credential in a literal

Beside the five triggers
  weakened-law      risk     a constitution that allows more than it did
";
    assert_eq!(list(&RULES, &Look::PLAIN), wanted);
}

#[test]
fn a_page_ends_with_the_options_and_is_raw_without_a_terminal() {
    let page = one(&LAW, &Look::PLAIN);
    assert!(page.starts_with("# weakened-law\n\nThe law holds.\n\n## Options\n"));
    assert!(page.contains("`risk` in the built-in law\n"));
    assert!(page.ends_with("- `tests`: one of `warning`, `breach`; how grave it is in tests\n"));
    let terminal = Look {
        terminal: true,
        ..Look::PLAIN
    };
    assert!(one(&LAW, &terminal).starts_with("weakened-law\n\nThe law holds.\n"));
}

#[test]
fn a_name_that_is_almost_right_is_put_right() {
    assert_eq!(
        find(&RULES, "weakened-law").map(|rule| rule.id).ok(),
        Some("weakened-law")
    );
    let near = find(&RULES, "engine-refernce").expect_err("there is no such rule");
    assert_eq!(near.help, "did you mean `engine-reference`?");
    let far = find(&RULES, "xyz").expect_err("there is no such rule");
    assert!(far.help.contains("lists all rules"));
}
