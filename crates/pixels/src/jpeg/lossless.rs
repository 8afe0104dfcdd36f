//! Lossless scans (T.81 annex H): each sample is predicted from its neighbours.

use super::Scan;
use super::bits::{Bits, Huffman};
use super::header::{FrameHeader, Tables};
use crate::error::{PixelError, grow, zeroed};

/// Decodes the scan whose entropy-coded data begin at `start`; returns where they end.
pub(super) fn scan(
    data: &[u8],
    start: usize,
    frame: &FrameHeader,
    tables: &Tables,
    scan: &Scan,
    planes: &mut [Vec<u16>],
) -> Result<usize, PixelError> {
    if frame
        .components
        .iter()
        .any(|c| c.h != frame.components[0].h || c.v != frame.components[0].v)
    {
        return Err(PixelError::Unsupported("lossless JPEG with subsampling"));
    }
    let low = u32::from(scan.low);
    if !(1..=7).contains(&scan.start) || low >= frame.precision {
        return Err(PixelError::Corrupt("the scan header is not valid"));
    }
    let mut coders: Vec<(usize, &Huffman)> = Vec::new();
    for part in &scan.parts {
        let table = tables.dc[part.dc]
            .as_ref()
            .ok_or(PixelError::Corrupt("a table that the scan uses is absent"))?;
        coders.push((part.component, table));
    }
    let width = frame.width;
    let first = 1_i32 << (frame.precision - low - 1);
    let mut bits = Bits::new(data, start);
    let mut done = 0_usize;
    let mut fresh = 0; // the row in which the last restart happened: predicted like the first row
    for y in 0..frame.height {
        for &(index, _) in &coders {
            let plane = planes.get_mut(index).ok_or(PixelError::Absurd)?;
            grow(plane, (y + 1) * width)?;
        }
        // A restart interval covers whole rows (H.1.1), so a restart is looked for at row ends only.
        if tables.restart > 0 {
            if !tables.restart.is_multiple_of(width) {
                return Err(PixelError::Unsupported("a restart inside a row"));
            }
            if done > 0 && done.is_multiple_of(tables.restart) {
                bits.restart()?;
                fresh = y;
            }
        }
        done += width;
        let top = y == fresh;
        if let ([(index, table)], true) = (coders.as_slice(), !top) {
            let plane = planes.get_mut(*index).ok_or(PixelError::Absurd)?;
            row(&mut bits, table, plane, y, width, scan.start)?;
        } else {
            for x in 0..width {
                for &(index, table) in &coders {
                    let difference = difference(&mut bits, table)?;
                    let plane = planes.get_mut(index).ok_or(PixelError::Absurd)?;
                    let at = y * width + x;
                    let predicted = match (x, top) {
                        (0, true) => first,
                        (_, true) => i32::from(plane[at - 1]),
                        (0, false) => i32::from(plane[at - width]),
                        (_, false) => predict(
                            scan.start,
                            i32::from(plane[at - 1]),
                            i32::from(plane[at - width]),
                            i32::from(plane[at - width - 1]),
                        ),
                    };
                    plane[at] = wrapped(predicted, difference);
                }
            }
        }
        if bits.overrun() {
            return Err(PixelError::Short(0));
        }
    }
    if low > 0 {
        for &(index, _) in &coders {
            for value in planes.get_mut(index).into_iter().flatten() {
                *value <<= low;
            }
        }
    }
    Ok(bits.position())
}

/// One row of the only component, after the first.
fn row(
    bits: &mut Bits<'_>,
    table: &Huffman,
    plane: &mut [u16],
    y: usize,
    width: usize,
    predictor: u8,
) -> Result<(), PixelError> {
    let (above, below) = plane.split_at_mut(y * width);
    let above = above.get((y - 1) * width..).unwrap_or_default();
    let mut left = 0;
    let mut corner = 0;
    for (x, (value, &up)) in below.iter_mut().zip(above).enumerate() {
        let up = i32::from(up);
        let predicted = if x == 0 {
            up
        } else {
            predict(predictor, left, up, corner)
        };
        *value = wrapped(predicted, difference(bits, table)?);
        left = i32::from(*value);
        corner = up;
    }
    Ok(())
}

#[inline]
fn difference(bits: &mut Bits<'_>, table: &Huffman) -> Result<i32, PixelError> {
    match bits.symbol(table)? {
        size @ 0..=15 => Ok(bits.extend(u32::from(size))),
        16 => Ok(32768),
        _ => Err(PixelError::Corrupt("a difference with too many bits")),
    }
}

/// The sum modulo 2^16, as T.81 H.1.2.1 has it.
#[inline]
fn wrapped(predicted: i32, difference: i32) -> u16 {
    predicted.wrapping_add(difference).cast_unsigned() as u16
}

#[inline]
fn predict(predictor: u8, left: i32, up: i32, corner: i32) -> i32 {
    match predictor {
        1 => left,
        2 => up,
        3 => corner,
        4 => left + up - corner,
        5 => left + ((up - corner) >> 1),
        6 => up + ((left - corner) >> 1),
        _ => (left + up) >> 1,
    }
}

/// Puts the components of every pixel side by side.
pub(super) fn assemble(
    frame: &FrameHeader,
    mut planes: Vec<Vec<u16>>,
) -> Result<Vec<u16>, PixelError> {
    let n = planes.len();
    if n == 1 {
        return planes.pop().ok_or(PixelError::Short(0));
    }
    let mut out = zeroed(frame.width * frame.height * n)?;
    for (i, plane) in planes.into_iter().enumerate() {
        for (pixel, value) in out.chunks_exact_mut(n).zip(plane) {
            pixel[i] = value;
        }
    }
    Ok(out)
}
