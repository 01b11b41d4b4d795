//! Levels of rules that fell, and options that were loosened.

use super::Weakening;
use crate::constitution::{Constitution, OptionValue};
use crate::finding::{Level, OptionKind, RuleMeta, RuleOption};
use crate::rules::{TESTS, all, level_of};

pub(super) fn weakenings(before: &Constitution, after: &Constitution) -> Vec<Weakening> {
    let rules = all().iter();
    rules
        .flat_map(|rule| {
            let options = rule.options.iter();
            let options = options.filter_map(|option| loosened(rule, option, before, after));
            let leave = excepted(rule, before, after).into_iter();
            leave.chain(fallen(rule, before, after)).chain(options)
        })
        .collect()
}

/// A rule that exceptions can now be made to.
fn excepted(rule: &RuleMeta, before: &Constitution, after: &Constitution) -> Option<Weakening> {
    if before.is_exceptable(rule) || !after.is_exceptable(rule) {
        return None;
    }
    let id = rule.id;
    let place = |law: &Constitution| law.rules.get(id)?.place;
    let message = format!("exceptions can be made to `{id}`");
    let weakening = Weakening::new(format!("rules.{id}.exceptable"), message);
    let says = |flag| format!("[rules.{id}] exceptable = {flag}");
    Some(
        weakening
            .before(says(false), place(before))
            .after(says(true), place(after)),
    )
}

fn fallen(rule: &RuleMeta, before: &Constitution, after: &Constitution) -> Option<Weakening> {
    let (was, is) = (level_of(rule, before), level_of(rule, after));
    if is >= was {
        return None;
    }
    let word = |level: Option<Level>| level.map_or("off", Level::name);
    let place = |law: &Constitution| law.rules.get(rule.id)?.place;
    let id = rule.id;
    let message = format!(
        "the level of `{id}` falls from `{}` to `{}`",
        word(was),
        word(is)
    );
    let says = |level| format!("[rules.{id}] level = \"{}\"", word(level));
    let weakening = Weakening::new(format!("rules.{id}.level"), message);
    Some(
        weakening
            .before(says(was), place(before))
            .after(says(is), place(after)),
    )
}

fn loosened(
    rule: &RuleMeta,
    option: &RuleOption,
    before: &Constitution,
    after: &Constitution,
) -> Option<Weakening> {
    let setting = |law: &'_ Constitution| law.rules.get(rule.id).cloned();
    let (was, is) = (setting(before), setting(after));
    let value = |setting: &Option<crate::constitution::RuleSetting>| {
        setting.as_ref()?.options.get(option.key).cloned()
    };
    let (old, new) = (value(&was), value(&is));
    if !is_looser(option, old.as_ref(), new.as_ref()) {
        return None;
    }
    let (id, key) = (rule.id, option.key);
    let word = |value: &Option<OptionValue>| match value {
        None => "not set".to_owned(),
        Some(OptionValue::Flag(flag)) => format!("{key} = {flag}"),
        Some(OptionValue::Word(word)) => format!("{key} = \"{word}\""),
        Some(OptionValue::Words(words)) => format!("{key} = {words:?}"),
    };
    let message = format!(
        "the option `{key}` of `{id}` is loosened, from `{}` to `{}`",
        word(&old),
        word(&new)
    );
    let weakening = Weakening::new(format!("rules.{id}.{key}"), message);
    let place = |setting: Option<crate::constitution::RuleSetting>| setting?.place;
    Some(
        weakening
            .before(word(&old), place(was))
            .after(word(&new), place(is)),
    )
}

/// Of a flag, `true` is the stricter; of words, the later; of lists nobody knows, so any change counts.
fn is_looser(option: &RuleOption, old: Option<&OptionValue>, new: Option<&OptionValue>) -> bool {
    match option.kind {
        OptionKind::Flag => {
            let is_set = |value| value == Some(&OptionValue::Flag(true));
            is_set(old) && !is_set(new)
        }
        OptionKind::Word(words) => {
            let rank = |value: Option<&OptionValue>| match value {
                Some(OptionValue::Word(word)) => words.iter().position(|known| known == word),
                _ if option.key == TESTS.key => {
                    words.iter().position(|word| *word == Level::Warning.name())
                }
                _ => None,
            };
            match (rank(old), rank(new)) {
                (Some(old), Some(new)) => new < old,
                (old, new) => old != new,
            }
        }
        OptionKind::Words => old != new,
    }
}
