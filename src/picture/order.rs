//! The order of the boxes within their bands: sweeps that bring each near to what it is tied to.

use super::Picture;

/// Sweeps over all bands; more change little.
const SWEEPS: usize = 8;

/// The boxes of each band from left to right. Every box moves to the middle of its neighbours, the
/// bands taken downwards and upwards in turn; the same picture always comes out the same.
pub(super) fn order(picture: &Picture) -> Vec<Vec<usize>> {
    let mut bands: Vec<Vec<usize>> = vec![Vec::new(); picture.bands.len()];
    for (at, node) in picture.nodes.iter().enumerate() {
        bands[node.band].push(at);
    }
    let mut neighbours = vec![Vec::new(); picture.nodes.len()];
    for arrow in &picture.arrows {
        neighbours[arrow.from].push(arrow.to);
        neighbours[arrow.to].push(arrow.from);
    }
    let mut middle = vec![0.0; picture.nodes.len()];
    for band in &bands {
        spread(band, &mut middle);
    }
    for sweep in 0..SWEEPS {
        let down = sweep % 2 == 0;
        for step in 0..bands.len() {
            let at = if down { step } else { bands.len() - 1 - step };
            let pull = |node: usize| {
                let others = neighbours[node]
                    .iter()
                    .filter(|other| picture.nodes[**other].band != at);
                let (sum, count) = others.fold((0.0, 0_u32), |(sum, count), other| {
                    (sum + middle[*other], count + 1)
                });
                if count == 0 {
                    middle[node]
                } else {
                    sum / f64::from(count)
                }
            };
            let mut pulled: Vec<(f64, usize)> =
                bands[at].iter().map(|node| (pull(*node), *node)).collect();
            // The order before decides between equals, and that began with the names.
            pulled.sort_by(|a, b| a.0.total_cmp(&b.0));
            bands[at] = pulled.into_iter().map(|(_, node)| node).collect();
            spread(&bands[at], &mut middle);
        }
    }
    bands
}

/// Sets where each box of a band stands, from 0 to 1.
fn spread(band: &[usize], middle: &mut [f64]) {
    let mut at = 0.5;
    #[expect(clippy::cast_precision_loss, reason = "a picture has few boxes")]
    let count = band.len() as f64;
    for &node in band {
        middle[node] = at / count;
        at += 1.0;
    }
}
