//! Mermaid, for pages that draw it: within what GitHub still draws.

use std::fmt::Write;

use crate::picture::{Arrow, Change, Picture};
use crate::report::safe::safe;

/// Arrows that GitHub draws.
const ARROWS: usize = 500;

/// The picture, breaking arrows first, then new ones; lawful ones beyond the limit are left out, and a comment says so.
pub(crate) fn mermaid(picture: &Picture) -> String {
    let mut arrows: Vec<&Arrow> = picture.arrows.iter().collect();
    arrows.sort_by_key(|arrow| (!arrow.breaks, arrow.change.is_none()));
    let cut = arrows.len().saturating_sub(ARROWS);
    arrows.truncate(ARROWS);
    let mut text = "flowchart TB\n".to_owned();
    if cut > 0 {
        writeln!(text, "  %% {cut} arrows beyond {ARROWS} are left out")
            .expect("a String takes all");
    }
    let mut put = |line: std::fmt::Arguments<'_>| {
        text.write_fmt(line).expect("a String takes all");
    };
    for (at, band) in picture.bands.iter().enumerate() {
        let label = quoted(&format!("{}: {}", band.plane, band.layer));
        put(format_args!("  subgraph b{at}[{label}]\n"));
        for (id, node) in picture.nodes.iter().enumerate() {
            if node.band == at {
                let sign = node.change.map_or("", Change::sign);
                let label = quoted(&format!("{sign}{}", node.name));
                put(format_args!("    n{id}[{label}]\n"));
            }
        }
        put(format_args!("  end\n"));
    }
    for arrow in &arrows {
        let line = match (arrow.breaks, arrow.test) {
            (true, _) => "-. breaks .->",
            (false, _) if arrow.change == Some(Change::Added) => "== added ==>",
            (false, _) if arrow.change == Some(Change::Removed) => "-. removed .->",
            (false, true) => "-.->",
            (false, false) => "-->",
        };
        put(format_args!("  n{} {line} n{}\n", arrow.from, arrow.to));
    }
    let breaking = arrows.iter().zip(0..).filter(|(arrow, _)| arrow.breaks);
    let breaking: Vec<String> = breaking.map(|(_, at): (_, usize)| at.to_string()).collect();
    if !breaking.is_empty() {
        let list = breaking.join(",");
        put(format_args!(
            "  linkStyle {list} stroke:#b3120c,stroke-width:3px\n"
        ));
    }
    text
}

/// The picture of what breaks the law or is changed, and of what stands around it; `None` where nothing is.
pub(crate) fn of_breaches(picture: &Picture) -> Option<String> {
    let any = picture.arrows.iter().any(|arrow| arrow.breaks);
    (any || picture.is_changed()).then(|| mermaid(&picture.of_breaches()))
}

/// A quoted label in which only letters, digits and a few marks stand for themselves.
fn quoted(text: &str) -> String {
    let mut label = String::from("\"");
    for c in safe(text).chars() {
        if c.is_alphanumeric() || " -_/.".contains(c) {
            label.push(c);
        } else {
            write!(label, "#{};", u32::from(c)).expect("a String takes all");
        }
    }
    label.push('"');
    label
}
