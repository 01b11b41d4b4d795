//! Where everything stands: planes as strips, layers as rows, long rows wrapped.

use unicode_width::UnicodeWidthStr;

use super::{Picture, order};

/// Up to this many boxes the picture is drawn large.
const MANY: usize = 150;

/// A box's place, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Frame {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
    /// Counted over all rows of the picture, from the top.
    pub(crate) row: usize,
}

impl Frame {
    pub(crate) fn middle(self) -> i32 {
        self.x + self.width / 2
    }

    pub(crate) fn bottom(self) -> i32 {
        self.y + self.height
    }
}

/// The background of one plane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Strip {
    pub(crate) plane: &'static str,
    pub(crate) y: i32,
    pub(crate) height: i32,
    /// The layers in it: the middle of their first row, and their names.
    pub(crate) layers: Vec<(i32, String)>,
}

/// A picture with its places.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Drawing {
    /// Without the lanes at the right.
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) strips: Vec<Strip>,
    /// By node.
    pub(crate) frames: Vec<Frame>,
    /// Characters of a name that fit into a box.
    pub(crate) room: usize,
    /// Whether there are too many boxes for large letters.
    pub(crate) dense: bool,
}

/// Lengths that depend on how many boxes there are, in pixels.
struct Scale {
    letter: i32,
    height: i32,
    /// Between rows, where arrows run.
    gutter: i32,
    between: i32,
    longest: usize,
    widest: i32,
}

const LARGE: Scale = Scale {
    letter: 7,
    height: 34,
    gutter: 34,
    between: 16,
    longest: 32,
    widest: 1080,
};
const SMALL: Scale = Scale {
    letter: 6,
    height: 22,
    gutter: 24,
    between: 8,
    longest: 22,
    widest: 2000,
};

/// Left of the boxes, for the names of the layers.
const MARGIN: i32 = 112;
/// Above the first row of a plane, for its name.
const TITLE: i32 = 30;
/// Between planes.
const APART: i32 = 10;

impl Drawing {
    pub(crate) fn new(picture: &Picture) -> Self {
        let dense = picture.nodes.len() > MANY;
        let scale = if dense { SMALL } else { LARGE };
        let widths = picture.nodes.iter().map(|node| node.name.width());
        let room = widths.max().unwrap_or(0).clamp(8, scale.longest);
        let width = i32::try_from(room).unwrap_or(0) * scale.letter + 22;
        let pitch = width + scale.between;
        let columns = usize::try_from((scale.widest - MARGIN) / pitch)
            .unwrap_or(1)
            .max(1);
        let mut drawing = Self {
            width: 0,
            height: 0,
            strips: Vec::new(),
            frames: vec![Frame::default(); picture.nodes.len()],
            room,
            dense,
        };
        let mut y = 0;
        let mut row = 0;
        for (band, nodes) in picture.bands.iter().zip(order::order(picture)) {
            if drawing
                .strips
                .last()
                .is_none_or(|strip| strip.plane != band.plane)
            {
                drawing.close(&mut y);
                drawing.strips.push(Strip {
                    plane: band.plane,
                    y,
                    height: 0,
                    layers: Vec::new(),
                });
                y += TITLE;
            }
            let rows = nodes.len().div_ceil(columns).max(1);
            let strip = drawing.strips.last_mut().expect("one was opened");
            strip
                .layers
                .push((y + scale.height / 2, band.layer.clone()));
            for (at, node) in nodes.into_iter().enumerate() {
                // Filled by columns: what is near in the order stays near, whatever row it is in.
                let (column, down) = (at / rows, at % rows);
                let (column, down) = (small(column), small(down));
                drawing.frames[node] = Frame {
                    x: MARGIN + column * pitch,
                    y: y + down * (scale.height + scale.gutter),
                    width,
                    height: scale.height,
                    row: row + at % rows,
                };
                drawing.width = drawing.width.max(MARGIN + column * pitch + width);
            }
            row += rows;
            y += small(rows) * (scale.height + scale.gutter);
        }
        drawing.close(&mut y);
        drawing.height = (y - APART).max(0);
        drawing.width += 14;
        drawing
    }

    /// Ends the last strip at `y`, and leaves a gap below it.
    fn close(&mut self, y: &mut i32) {
        if let Some(strip) = self.strips.last_mut() {
            strip.height = *y - strip.y - 6;
            *y += APART;
        }
    }
}

fn small(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX / 4096)
}
