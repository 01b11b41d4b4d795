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
