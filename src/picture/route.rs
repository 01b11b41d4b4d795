//! How the arrows run: lawful ones straight under the boxes, breaking ones above them or in side lanes.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Arrow, Drawing, Frame, Picture};

/// Pixels between two lanes.
const LANE: i32 = 9;
/// The radius of a lane's corners.
const CORNER: i32 = 6;

/// One arrow's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// An index into [`Picture::arrows`].
    pub(crate) arrow: usize,
    /// The data of an SVG path. Breaking ones begin at their target: those to one target share its lane,
    /// and their dashes fall together.
    pub(crate) path: String,
    /// Where the arrow's number stands: at its beginning.
    pub(crate) tag: (i32, i32),
}

/// All lines of a drawing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) lawful: Vec<Line>,
    pub(crate) breaking: Vec<Line>,
    /// What the lanes at the right take.
    pub(crate) margin: i32,
}

impl Route {
    pub(crate) fn new(picture: &Picture, drawing: &Drawing) -> Self {
        let mut route = Self {
            lawful: Vec::new(),
            breaking: Vec::new(),
            margin: 0,
        };
        let mut ways = Ways::new(picture, drawing);
        for (at, arrow) in picture.arrows.iter().enumerate() {
            let (from, to) = (drawing.frames[arrow.from], drawing.frames[arrow.to]);
            if arrow.breaks {
                let (path, tag) = ways.breaking(arrow);
                route.breaking.push(Line {
                    arrow: at,
                    path,
                    tag,
                });
            } else {
                let path = curve((from, from.middle()), (to, to.middle()));
                let tag = (from.middle(), from.bottom());
                route.lawful.push(Line {
                    arrow: at,
                    path,
                    tag,
                });
            }
        }
        route.margin = LANE * ways.lanes + 16;
        route
    }
}

/// A curve from box to box, each with the x to touch it at; from the bottom to the top of what is below,
/// and the other way round.
fn curve((from, start): (Frame, i32), (to, end): (Frame, i32)) -> String {
    if from.row == to.row {
        let (y, dip) = (from.bottom(), from.bottom() + 22);
        return format!("M{start} {y}C{start} {dip} {end} {dip} {end} {y}");
    }
    let (first, last) = if from.row < to.row {
        (from.bottom(), to.y)
    } else {
        (from.y, to.bottom())
    };
    // Straight over other rows it would run under the boxes between: it bows out beside them.
    let hidden = from.row.abs_diff(to.row) > 1 && (start - end).abs() < from.width / 2;
    let bow = if hidden { from.width * 3 / 4 } else { 0 };
    let half = (last - first) / 2;
    format!(
        "M{start} {first}C{} {} {} {} {end} {last}",
        start + bow,
        first + half,
        end + bow,
        last - half
    )
}

/// A way that arrows to one target share: from above or from below, along its gutter, into a lane.
#[derive(Debug, Clone, Copy)]
struct Bus {
    /// Where it touches the target.
    port: i32,
    x: i32,
    /// How far from the boxes it runs in gutters.
    away: i32,
}

/// The ways of all breaking arrows.
struct Ways<'d> {
    drawing: &'d Drawing,
    /// By target, and whether it is reached from below.
    buses: BTreeMap<(usize, bool), Bus>,
    /// How many lanes there are.
    lanes: i32,
    /// By node, how many breaking arrows leave it, and how many of these are drawn.
    ports: Vec<(i32, i32)>,
}

impl<'d> Ways<'d> {
    fn new(picture: &Picture, drawing: &'d Drawing) -> Self {
        let mut ports = vec![(0, 0); drawing.frames.len()];
        let mut spans: BTreeMap<(usize, bool), (usize, usize)> = BTreeMap::new();
        for arrow in picture.arrows.iter().filter(|arrow| arrow.breaks) {
            ports[arrow.from].0 += 1;
            let (from, to) = (drawing.frames[arrow.from].row, drawing.frames[arrow.to].row);
            if from.abs_diff(to) > 1 {
                let span = spans.entry((arrow.to, to < from)).or_insert((to, to));
                *span = (span.0.min(from), span.1.max(from));
            }
        }
        let mut ways = Self {
            drawing,
            buses: BTreeMap::new(),
            lanes: 0,
            ports,
        };
        ways.take_lanes(spans);
        ways
    }

    /// Gives each bus the first lane that is free over its rows, the shortest first, so that they nest.
    fn take_lanes(&mut self, spans: BTreeMap<(usize, bool), (usize, usize)>) {
        let mut spans: Vec<_> = spans.into_iter().collect();
        spans.sort_by_key(|(key, (top, bottom))| (bottom - top, *key));
        let mut lanes: Vec<Vec<(usize, usize)>> = Vec::new();
        for (key, (top, bottom)) in spans {
            let free =
                |lane: &Vec<(usize, usize)>| lane.iter().all(|(a, b)| bottom < *a || *b < top);
            let at = lanes.iter().position(free).unwrap_or_else(|| {
                lanes.push(Vec::new());
                lanes.len() - 1
            });
            lanes[at].push((top, bottom));
            let lane = i32::try_from(at).unwrap_or(0);
            let steps = if self.drawing.dense { 3 } else { 5 };
            let bus = Bus {
                port: self.drawing.frames[key.0].middle(),
                x: self.drawing.width + LANE * lane,
                away: 7 + 4 * (lane % steps),
            };
            self.buses.insert(key, bus);
        }
        self.lanes = i32::try_from(lanes.len()).unwrap_or(0);
    }

    /// The path from the target back to the source, and where the number stands.
    fn breaking(&mut self, arrow: &Arrow) -> (String, (i32, i32)) {
        let (from, to) = (
            self.drawing.frames[arrow.from],
            self.drawing.frames[arrow.to],
        );
        let start = self.port(arrow.from);
        let up = to.row < from.row;
        let Some(bus) = self
            .buses
            .get(&(arrow.to, up))
            .filter(|_| from.row.abs_diff(to.row) > 1)
        else {
            let tag = if up { from.y - 9 } else { from.bottom() + 9 };
            return (curve((to, to.middle()), (from, start)), (start, tag));
        };
        let (first, last) = if up {
            (from.y, to.bottom())
        } else {
            (from.bottom(), to.y)
        };
        let (out, back) = if up {
            (first - bus.away, last + bus.away)
        } else {
            (first + bus.away, last - bus.away)
        };
        let corners = [
            (bus.port, last),
            (bus.port, back),
            (bus.x, back),
            (bus.x, out),
            (start, out),
            (start, first),
        ];
        (rounded(&corners), (start, (first + out) / 2))
    }

    /// Where the next arrow leaves the box: side by side.
    fn port(&mut self, node: usize) -> i32 {
        let frame = self.drawing.frames[node];
        let (all, drawn) = &mut self.ports[node];
        *drawn += 1;
        frame.x + frame.width * *drawn / (*all + 1)
    }
}

/// A path along right angles with its corners rounded.
fn rounded(points: &[(i32, i32)]) -> String {
    let mut path = format!("M{} {}", points[0].0, points[0].1);
    for corner in points.windows(3) {
        let (before, at, after) = (corner[0], corner[1], corner[2]);
        let (enter, leave) = (towards(at, before), towards(at, after));
        write!(
            path,
            "L{} {}Q{} {} {} {}",
            enter.0, enter.1, at.0, at.1, leave.0, leave.1
        )
        .expect("a String takes all");
    }
    let last = points[points.len() - 1];
    write!(path, "L{} {}", last.0, last.1).expect("a String takes all");
    path
}

/// The point a corner's radius away from `at` in the direction of `other`, at most half of the way.
fn towards(at: (i32, i32), other: (i32, i32)) -> (i32, i32) {
    let step = |at: i32, other: i32| {
        let way = other - at;
        at + way.signum() * CORNER.min(way.abs() / 2)
    };
    (step(at.0, other.0), step(at.1, other.1))
}
