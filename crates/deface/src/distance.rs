//! Distances on a grid (Felzenszwalb and Huttenlocher, Theory of Computing 2012).

use crate::Grid;

/// The distance in millimetres from each voxel to the nearest one that is `true`; infinite where
/// there is none.
pub(crate) fn distance(grid: &Grid, mask: &[bool]) -> Vec<f32> {
    let mut field: Vec<f32> = mask
        .iter()
        .map(|&m| if m { 0.0 } else { f32::MAX })
        .collect();
    let strides = [1, grid.size[0], grid.size[0] * grid.size[1]];
    for (axis, &s) in strides.iter().enumerate() {
        let n = grid.size[axis];
        let mut line = vec![0.0f32; n];
        let mut vertices = vec![0usize; n];
        let mut bounds = vec![0.0f32; n + 1];
        for i in 0..grid.len() {
            if grid.voxel(i)[axis] != 0 {
                continue;
            }
            for (k, value) in line.iter_mut().enumerate() {
                *value = field[i + k * s];
            }
            if line.iter().all(|&v| v >= f32::MAX) {
                continue;
            }
            envelope(&line, &mut vertices, &mut bounds, |k, value| {
                field[i + k * s] = value;
            });
        }
    }
    let step = grid.step as f32;
    for value in &mut field {
        *value = if *value >= f32::MAX {
            f32::INFINITY
        } else {
            value.sqrt() * step
        };
    }
    field
}

/// The lower envelope of parabolas over a line.
fn envelope(
    line: &[f32],
    vertices: &mut [usize],
    bounds: &mut [f32],
    mut put: impl FnMut(usize, f32),
) {
    let n = line.len();
    let mut last: Option<usize> = None;
    for q in 0..n {
        if line[q] >= f32::MAX {
            continue;
        }
        let meets = |v: usize| {
            let (at, from) = (q as f32, v as f32);
            ((line[q] + at * at) - (line[v] + from * from)) / (2.0 * (at - from))
        };
        loop {
            match last {
                None => {
                    last = Some(0);
                    vertices[0] = q;
                    bounds[0] = f32::MIN;
                    break;
                }
                Some(k) => {
                    let s = meets(vertices[k]);
                    if s <= bounds[k] {
                        last = k.checked_sub(1);
                    } else {
                        vertices[k + 1] = q;
                        bounds[k + 1] = s;
                        last = Some(k + 1);
                        break;
                    }
                }
            }
        }
    }
    let Some(last) = last else { return };
    let mut k = 0;
    for q in 0..n {
        while k < last && bounds[k + 1] < q as f32 {
            k += 1;
        }
        let d = q as f32 - vertices[k] as f32;
        put(q, d * d + line[vertices[k]]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_geometry() {
        let grid = Grid {
            origin: [0.0; 3],
            step: 2.0,
            size: [9, 7, 5],
        };
        let sources = [[1, 1, 1], [7, 5, 3]];
        let mut mask = vec![false; grid.len()];
        for v in sources {
            mask[grid.index(v)] = true;
        }
        let field = distance(&grid, &mask);
        for (i, &found) in field.iter().enumerate() {
            let v = grid.voxel(i);
            let want = sources
                .iter()
                .map(|s| {
                    (0..3)
                        .map(|a| (v[a] as f64 - s[a] as f64).powi(2))
                        .sum::<f64>()
                        .sqrt()
                        * 2.0
                })
                .fold(f64::MAX, f64::min);
            assert!((f64::from(found) - want).abs() < 1e-4, "{v:?}");
        }
        assert!(
            distance(&grid, &vec![false; grid.len()])
                .iter()
                .all(|d| d.is_infinite())
        );
    }
}
