//! The layered drawing as its template wants it.

use serde::Serialize;
use unicode_width::UnicodeWidthChar;

use super::Marks;
use crate::finding::Level;
use crate::picture::{Arrow, Change, Drawing, Line, Node, OUTSIDE, Picture, Route, UNASSIGNED};
use crate::report::safe::safe;

/// A drawing with all its words, each harmless.
#[derive(Debug, Serialize)]
pub(crate) struct Scene {
    width: i32,
    height: i32,
    dense: bool,
    about: String,
    /// Set where the picture stands alone.
    pub(super) style: Option<&'static str>,
    strips: Vec<Strip>,
    lawful: Vec<Stroke>,
    breaking: Vec<Stroke>,
    boxes: Vec<Shape>,
}

#[derive(Debug, Serialize)]
struct Strip {
    plane: &'static str,
    title: String,
    y: i32,
    height: i32,
    layers: Vec<Layer>,
}

#[derive(Debug, Serialize)]
struct Layer {
    y: i32,
    name: String,
}

#[derive(Debug, Serialize)]
struct Stroke {
    path: String,
    title: String,
    href: Option<String>,
    number: String,
    /// `test`, `added`, `removed`.
    class: String,
    x: i32,
    y: i32,
}

#[derive(Debug, Serialize)]
struct Shape {
    x: i32,
    y: i32,
    width: i32,
    height: i32,
    name: String,
    title: String,
    class: String,
    href: Option<String>,
}

impl Scene {
    pub(crate) fn new(picture: &Picture, marks: Marks<'_>) -> Self {
        let drawing = Drawing::new(picture);
        let route = Route::new(picture, &drawing);
        let stroke = |line: Line| stroke(picture, line, marks);
        let strips = drawing.strips.iter().map(|strip| Strip {
            plane: strip.plane,
            title: match strip.plane {
                OUTSIDE => "outside the workspace".to_owned(),
                UNASSIGNED => "claimed by no layer".to_owned(),
                plane => format!("{plane} plane"),
            },
            y: strip.y,
            height: strip.height,
            layers: strip
                .layers
                .iter()
                .map(|(y, name)| Layer {
                    y: *y,
                    name: cut(&safe(name), 15),
                })
                .collect(),
        });
        let breaking: Vec<Stroke> = route.breaking.into_iter().map(stroke).collect();
        Self {
            width: drawing.width + route.margin,
            height: drawing.height,
            dense: drawing.dense,
            about: format!(
                "{} boxes in {} layers, {} breaking arrows",
                picture.nodes.len(),
                picture.bands.len(),
                breaking.len()
            ),
            style: None,
            strips: strips.collect(),
            lawful: route.lawful.into_iter().map(stroke).collect(),
            breaking,
            boxes: (0..picture.nodes.len())
                .map(|at| shape(picture, &drawing, at, marks))
                .collect(),
        }
    }
}

fn stroke(picture: &Picture, line: Line, marks: Marks<'_>) -> Stroke {
    let arrow = &picture.arrows[line.arrow];
    let mark = if arrow.entries.is_empty() {
        super::Mark::default()
    } else {
        marks(&arrow.entries)
    };
    Stroke {
        path: line.path,
        title: title(picture, arrow, &mark.reason),
        href: mark.href,
        number: mark.number,
        class: (arrow.test.then_some("test").into_iter())
            .chain(arrow.change.map(Change::name))
            .collect::<Vec<_>>()
            .join(" "),
        x: line.tag.0,
        y: line.tag.1,
    }
}

/// "a → b", and why, and what breaks.
pub(super) fn title(picture: &Picture, arrow: &Arrow, reason: &str) -> String {
    let name = |node: usize| safe(&picture.nodes[node].name);
    let mut title = format!("{} → {}", name(arrow.from), name(arrow.to));
    if arrow.count > 1 {
        title.push_str(&format!(" ({} places)", arrow.count));
    }
    if arrow.test {
        title.push_str(", for tests only");
    }
    if let Some(change) = arrow.change {
        title.push_str(&format!(", {} by the change", change.name()));
    }
    if !reason.is_empty() {
        title.push_str(&format!(": {reason}"));
    }
    title
}

fn shape(picture: &Picture, drawing: &Drawing, at: usize, marks: Marks<'_>) -> Shape {
    let node = &picture.nodes[at];
    let frame = drawing.frames[at];
    let mark = if node.entries.is_empty() {
        super::Mark::default()
    } else {
        marks(&node.entries)
    };
    let mut class: Vec<&str> = Vec::new();
    class.extend(
        node.level
            .filter(|level| *level > Level::Note)
            .map(Level::name),
    );
    class.extend((node.folded > 1).then_some("folded"));
    class.extend(node.change.map(Change::name));
    let sign = node.change.map_or("", Change::sign);
    Shape {
        x: frame.x,
        y: frame.y,
        width: frame.width,
        height: frame.height,
        name: cut(&format!("{sign}{}", safe(&node.name)), drawing.room),
        title: describe(node, &mark.reason),
        class: class.join(" "),
        href: mark.href,
    }
}

/// The name in full, the structure with its state, and what is wrong.
fn describe(node: &Node, reason: &str) -> String {
    let mut title = safe(&node.name).into_owned();
    if let Some(structure) = &node.structure {
        title.push_str(&format!("\nstructure {}", safe(structure)));
        if let Some(state) = node.state {
            title.push_str(&format!(", {}", state));
        }
    }
    if let Some(change) = node.change {
        title.push_str(&format!("\n{} by the change", change.name()));
    }
    if node.folded > 1 {
        title.push_str(&format!("\n{} boxes in one", node.folded));
    }
    if !reason.is_empty() {
        title.push_str(&format!("\n{reason}"));
    }
    title
}

/// `text` in at most `room` columns, its middle left out: names differ at both ends.
pub(super) fn cut(text: &str, room: usize) -> String {
    let width = |c: char| c.width().unwrap_or(1);
    if text.chars().map(width).sum::<usize>() <= room {
        return text.to_owned();
    }
    let take = |chars: &mut dyn Iterator<Item = char>, mut left: usize| {
        chars
            .take_while(|c| {
                let fits = width(*c) <= left;
                left = left.saturating_sub(width(*c));
                fits
            })
            .collect::<Vec<char>>()
    };
    let room = room.saturating_sub(1);
    let head = take(&mut text.chars(), room.div_ceil(2));
    let tail = take(&mut text.chars().rev(), room / 2);
    head.into_iter()
        .chain(['…'])
        .chain(tail.into_iter().rev())
        .collect()
}
