//! The dependency matrix as its template wants it.

use serde::Serialize;

use super::Marks;
use super::scene::{cut, title};
use crate::picture::{Matrix, Picture};
use crate::report::safe::safe;

/// Up to this many rows have their names beside them.
const NAMED: usize = 150;
/// Pixels of a name's column.
const NAMES: i32 = 250;

#[derive(Debug, Serialize)]
pub(crate) struct MatrixScene {
    width: i32,
    height: i32,
    left: i32,
    top: i32,
    side: i32,
    /// The x of the columns of engines, and their width.
    far: i32,
    outside: i32,
    named: bool,
    mark: i32,
    bands: Vec<Band>,
    rows: Vec<Row>,
    columns: Vec<Column>,
    cells: Vec<Cell>,
}

#[derive(Debug, Serialize)]
struct Band {
    x: i32,
    y: i32,
    side: i32,
    layer: String,
}

#[derive(Debug, Serialize)]
struct Row {
    y: i32,
    name: String,
    number: usize,
}

#[derive(Debug, Serialize)]
struct Column {
    x: i32,
    name: String,
    number: String,
}

#[derive(Debug, Serialize)]
struct Cell {
    x: i32,
    y: i32,
    size: i32,
    class: &'static str,
    title: String,
    href: Option<String>,
}

impl MatrixScene {
    pub(crate) fn new(picture: &Picture, marks: Marks<'_>) -> Self {
        let picture = &picture.now();
        let matrix = Matrix::new(picture);
        let count = matrix.rows.len();
        let step = match count {
            0..=40 => 20,
            41..=NAMED => 14,
            _ => 4,
        };
        let named = count <= NAMED;
        let left = if named { NAMES } else { 96 };
        let (top, side) = (22, small(count) * step);
        let far = left + side + step.max(10);
        let outside = small(matrix.outside.len()) * step;
        let mut column = vec![None; picture.nodes.len()];
        let mut row = vec![None; picture.nodes.len()];
        for (at, &node) in matrix.rows.iter().enumerate() {
            column[node] = Some(left + small(at) * step);
            row[node] = Some(top + small(at) * step);
        }
        for (at, &node) in matrix.outside.iter().enumerate() {
            column[node] = Some(far + small(at) * step);
        }
        let name = |node: usize| cut(&safe(&picture.nodes[node].name), 30);
        let all = matrix
            .rows
            .iter()
            .zip(1..)
            .map(|(node, at)| (*node, format!("{at}")));
        let letters = matrix
            .outside
            .iter()
            .zip(0..)
            .map(|(node, at)| (*node, letter(at)));
        Self {
            width: far + outside + 8,
            height: top + side + 8,
            left,
            top,
            side,
            far,
            outside,
            named,
            mark: step - if step > 8 { 4 } else { 1 },
            bands: bands(picture, &matrix, (left, top, step)),
            rows: (1..)
                .zip(&matrix.rows)
                .map(|(number, node)| Row {
                    y: row[*node].unwrap_or(0) + step / 2 + 4,
                    name: name(*node),
                    number,
                })
                .collect(),
            columns: all
                .chain(letters)
                .map(|(node, number)| Column {
                    x: column[node].unwrap_or(0) + step / 2,
                    name: name(node),
                    number,
                })
                .collect(),
            cells: cells(picture, &row, &column, step, marks),
        }
    }

    /// The engines' letters with their names, which stand below the matrix.
    pub(crate) fn legend(&self) -> Vec<(&str, &str)> {
        let columns = self.columns.iter().skip(self.rows.len());
        columns
            .map(|column| (&*column.number, &*column.name))
            .collect()
    }
}

fn cells(
    picture: &Picture,
    row: &[Option<i32>],
    column: &[Option<i32>],
    step: i32,
    marks: Marks<'_>,
) -> Vec<Cell> {
    let arrows = picture.arrows.iter().filter_map(|arrow| {
        let (y, x) = (row[arrow.from]?, column[arrow.to]?);
        let mark = if arrow.entries.is_empty() {
            super::Mark::default()
        } else {
            marks(&arrow.entries)
        };
        // Where the cells are tiny, what breaks the law still shows.
        let (inset, size) = match (step > 8, arrow.breaks) {
            (true, _) => (2, step - 4),
            (false, true) => (-2, step + 4),
            (false, false) => (0, step - 1),
        };
        Some(Cell {
            x: x + inset,
            y: y + inset,
            size,
            class: if arrow.breaks { "breach" } else { "need" },
            title: title(picture, arrow, &mark.reason),
            href: mark.href,
        })
    });
    arrows.collect()
}

fn bands(picture: &Picture, matrix: &Matrix, (left, top, step): (i32, i32, i32)) -> Vec<Band> {
    let mut bands: Vec<(usize, Band)> = Vec::new();
    for (at, &node) in matrix.rows.iter().enumerate() {
        let band = picture.nodes[node].band;
        match bands.last_mut() {
            Some((last, shown)) if *last == band => shown.side += step,
            _ => bands.push((
                band,
                Band {
                    x: left + small(at) * step,
                    y: top + small(at) * step,
                    side: step,
                    layer: cut(&safe(&picture.bands[band].layer), 14),
                },
            )),
        }
    }
    bands.into_iter().map(|(_, band)| band).collect()
}

/// `a` to `z`, then `a1` and so on.
fn letter(at: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(at % 26).unwrap_or(0));
    match at / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{round}"),
    }
}

fn small(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX / 4096)
}
