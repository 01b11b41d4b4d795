//! DOT, for Graphviz and its kin.

use std::fmt::Write;

use crate::picture::{Change, Picture};
use crate::report::safe::safe;

pub(super) fn dot(picture: &Picture) -> String {
    let mut dot = "digraph workspace {\n  rankdir=TB;\n  newrank=true;\n  \
        node [shape=box, fontname=\"monospace\", fontsize=10];\n  edge [color=\"#8f8a80\"];\n"
        .to_owned();
    let mut put = |line: std::fmt::Arguments<'_>| {
        dot.write_fmt(line).expect("a String takes all");
    };
    for (at, band) in picture.bands.iter().enumerate() {
        let label = quoted(&format!("{}: {}", band.plane, band.layer));
        put(format_args!(
            "  subgraph cluster_{at} {{\n    label={label};\n    rank=same;\n    color=\"#d9d5cc\";\n"
        ));
        for (id, node) in picture.nodes.iter().enumerate() {
            if node.band == at {
                let mark = match (node.level, node.change) {
                    (Some(_), _) => ", penwidth=2, color=\"#b3120c\"",
                    (None, Some(Change::Added)) => ", penwidth=2, color=\"#1a6b3c\"",
                    (None, Some(Change::Removed)) => ", style=dashed, fontcolor=\"#8f8a80\"",
                    (None, None) => "",
                };
                let sign = node.change.map_or("", Change::sign);
                let label = quoted(&format!("{sign}{}", node.name));
                put(format_args!("    n{id} [label={label}{mark}];\n"));
            }
        }
        put(format_args!("  }}\n"));
    }
    for arrow in &picture.arrows {
        let style = match (arrow.breaks, arrow.test) {
            (false, _) if arrow.change == Some(Change::Added) => {
                " [color=\"#1a6b3c\", penwidth=2, label=\"+\"]".to_owned()
            }
            (false, _) if arrow.change == Some(Change::Removed) => {
                " [style=dotted, label=\"−\"]".to_owned()
            }
            (true, _) => {
                let why = quoted(&arrow.label);
                format!(" [color=\"#b3120c\", penwidth=3, style=dashed, tooltip={why}]")
            }
            (false, true) => " [style=dotted]".to_owned(),
            (false, false) => String::new(),
        };
        put(format_args!("  n{} -> n{}{style};\n", arrow.from, arrow.to));
    }
    dot.push_str("}\n");
    dot
}

/// A string of DOT; nothing in it is an escape for Graphviz.
fn quoted(text: &str) -> String {
    let text = safe(text)
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        // What a GitHub runner obeys on standard output; Graphviz reads the entity.
        .replace("##[", "#&#35;[");
    format!("\"{text}\"")
}
