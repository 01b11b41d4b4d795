//! The picture in letters, for a terminal: a frame a layer, the topmost first, and what breaks the law below.

use unicode_width::UnicodeWidthStr;

use crate::finding::Level;
use crate::picture::{Arrow, Node, Picture};
use crate::report::look::Look;
use crate::report::safe::safe;

/// Arrows that break the law beyond these are counted only.
const ARROWS: usize = 12;

/// The characters of a frame and its marks.
struct Pen {
    corners: [char; 4],
    across: char,
    down: char,
    breaks: &'static str,
    to: &'static str,
}

const DRAWN: Pen = Pen {
    corners: ['╭', '╮', '╰', '╯'],
    across: '─',
    down: '│',
    breaks: "✗",
    to: "→",
};

const TYPED: Pen = Pen {
    corners: ['+', '+', '+', '+'],
    across: '-',
    down: '|',
    breaks: "x",
    to: "->",
};

/// Every band as a frame, and the arrows that break the law.
pub(crate) fn text(picture: &Picture, look: &Look) -> String {
    let pen = if look.unicode { DRAWN } else { TYPED };
    let mut text = String::new();
    for at in 0..picture.bands.len() {
        text.push_str(&frame(picture, at, &pen, look));
    }
    let mut breaking: Vec<&Arrow> = picture.arrows.iter().filter(|arrow| arrow.breaks).collect();
    let more = breaking.len().saturating_sub(ARROWS);
    breaking.truncate(ARROWS);
    for arrow in breaking {
        let name = |at: usize| safe(&picture.nodes[at].name).into_owned();
        let line = format!("{} {} {}", name(arrow.from), pen.to, name(arrow.to));
        let mark = look.paint("1;31", pen.breaks);
        let times = match arrow.count {
            1 => String::new(),
            count => look.paint("2", &format!("  {count} times")),
        };
        text.push_str(&format!("{mark} {line}{times}\n"));
    }
    if more > 0 {
        text.push_str(&format!("  and {more} more\n"));
    }
    text
}

fn frame(picture: &Picture, at: usize, pen: &Pen, look: &Look) -> String {
    let band = &picture.bands[at];
    let inner = look.width.saturating_sub(4).max(8);
    let layer = safe(&band.layer);
    let plane = if band.plane == band.layer {
        ""
    } else {
        band.plane
    };
    let title = format!("{layer} {plane}").trim_end().to_owned();
    let names: Vec<String> = picture
        .nodes
        .iter()
        .filter(|node| node.band == at)
        .map(|node| shown(node, &band.layer, pen))
        .collect();
    let across = |count: usize| pen.across.to_string().repeat(count);
    let [upper_left, upper_right, lower_left, lower_right] = pen.corners;
    let mut text = format!(
        "{upper_left}{} {} {}{upper_right}\n",
        pen.across,
        title.replacen(&*layer, &look.paint("1", &layer), 1),
        across(inner.saturating_sub(title.width() + 1)),
    );
    for line in rows(&names, inner) {
        let blank = " ".repeat(inner.saturating_sub(line.width()));
        text.push_str(&format!("{0} {line}{blank} {0}\n", pen.down));
    }
    text.push_str(&format!("{lower_left}{}{lower_right}\n", across(inner + 2)));
    text
}

/// A box's name, without its layer where the frame says it already.
fn shown(node: &Node, layer: &str, pen: &Pen) -> String {
    let name = node
        .name
        .strip_suffix(&format!(" / {layer}"))
        .unwrap_or(&node.name);
    let mark = match node.level {
        Some(Level::Breach) => format!("{} ", pen.breaks),
        _ => String::new(),
    };
    format!("{mark}{}", safe(name))
}

/// Names in columns of one width, as many as fit.
fn rows(names: &[String], width: usize) -> Vec<String> {
    let widest = names.iter().map(|name| name.width()).max().unwrap_or(0) + 2;
    let columns = ((width + 2) / widest).max(1);
    let row = |names: &[String]| {
        let cells = names.iter().map(|name| {
            let blank = " ".repeat(widest - name.width());
            format!("{name}{blank}")
        });
        cells.collect::<String>().trim_end().to_owned()
    };
    names.chunks(columns).map(row).collect()
}
