//! Baseline and extended sequential scans: blocks of 8 × 8 coefficients.

use super::bits::{Bits, Huffman};
use super::dct::{self, ZIGZAG};
use super::header::{Component, FrameHeader, Tables};
use super::{Part, Scan};
use crate::error::{PixelError, grow, zeroed};

/// How a component lies in the grid of minimum coded units.
#[derive(Debug, Clone, Copy)]
struct Grid {
    /// Samples in one row of the plane, padded to whole units.
    stride: usize,
    /// Blocks across and down that really hold the component.
    blocks_x: usize,
    blocks_y: usize,
}

fn most(frame: &FrameHeader, of: impl Fn(&Component) -> usize) -> usize {
    frame.components.iter().map(of).max().unwrap_or(1).max(1)
}

fn grid(frame: &FrameHeader, c: &Component) -> Grid {
    let (h_max, v_max) = (most(frame, |c| c.h), most(frame, |c| c.v));
    let units_x = frame.width.div_ceil(8 * h_max);
    Grid {
        stride: units_x * c.h * 8,
        blocks_x: (frame.width * c.h).div_ceil(h_max).div_ceil(8),
        blocks_y: (frame.height * c.v).div_ceil(v_max).div_ceil(8),
    }
}

/// A component's tables and state during one scan.
struct Channel<'t> {
    grid: Grid,
    h: usize,
    v: usize,
    dc: &'t Huffman,
    ac: &'t Huffman,
    quant: &'t [u16; 64],
    last: i32,
}

fn channel<'t>(
    frame: &FrameHeader,
    tables: &'t Tables,
    part: Part,
) -> Result<Channel<'t>, PixelError> {
    const NO_TABLE: PixelError = PixelError::Corrupt("a table that the scan uses is absent");
    let c = frame.components.get(part.component).ok_or(NO_TABLE)?;
    let quant = tables.quant.get(c.quant).and_then(Option::as_ref);
    Ok(Channel {
        grid: grid(frame, c),
        h: c.h,
        v: c.v,
        dc: tables.dc[part.dc].as_ref().ok_or(NO_TABLE)?,
        ac: tables.ac[part.ac].as_ref().ok_or(NO_TABLE)?,
        quant: quant.ok_or(NO_TABLE)?,
        last: 0,
    })
}

/// Decodes the scan whose entropy-coded data begin at `start`; returns where they end.
pub(super) fn scan(
    data: &[u8],
    start: usize,
    frame: &FrameHeader,
    tables: &Tables,
    scan: &Scan,
    planes: &mut [Vec<u16>],
) -> Result<usize, PixelError> {
    let mut channels = Vec::new();
    for &part in &scan.parts {
        channels.push((part.component, channel(frame, tables, part)?));
    }
    let alone = channels.len() == 1;
    let (units_x, units_y) = match channels.first() {
        Some((_, only)) if alone => (only.grid.blocks_x, only.grid.blocks_y),
        _ => (
            frame.width.div_ceil(8 * most(frame, |c| c.h)),
            frame.height.div_ceil(8 * most(frame, |c| c.v)),
        ),
    };
    let mut bits = Bits::new(data, start);
    let mut done = 0_usize;
    for unit_y in 0..units_y {
        for (index, c) in &channels {
            let lines = if alone { 8 } else { c.v * 8 };
            let plane = planes.get_mut(*index).ok_or(PixelError::Absurd)?;
            grow(plane, (unit_y + 1) * lines * c.grid.stride)?;
        }
        for unit_x in 0..units_x {
            if tables.restart > 0 && done > 0 && done.is_multiple_of(tables.restart) {
                bits.restart()?;
                for (_, c) in &mut channels {
                    c.last = 0;
                }
            }
            done += 1;
            for (index, c) in &mut channels {
                let plane = planes.get_mut(*index).ok_or(PixelError::Absurd)?;
                let (across, down) = if alone { (1, 1) } else { (c.h, c.v) };
                for v in 0..down {
                    for h in 0..across {
                        let (x, y) = (unit_x * across + h, unit_y * down + v);
                        let block = block(&mut bits, c, frame.precision)?;
                        let first = y * 8 * c.grid.stride + x * 8;
                        let rows = plane.get_mut(first..).unwrap_or_default();
                        for (to, from) in rows.chunks_mut(c.grid.stride).zip(block.chunks_exact(8))
                        {
                            if let Some(to) = to.get_mut(..8) {
                                to.copy_from_slice(from);
                            }
                        }
                    }
                }
            }
        }
        if bits.overrun() {
            return Err(PixelError::Short(0));
        }
    }
    Ok(bits.position())
}

#[inline]
fn block(
    bits: &mut Bits<'_>,
    c: &mut Channel<'_>,
    precision: u32,
) -> Result<[u16; 64], PixelError> {
    let mut block = [0_i32; 64];
    let size = bits.symbol(c.dc)?;
    if size > 16 {
        return Err(PixelError::Corrupt("a difference with too many bits"));
    }
    c.last = c.last.wrapping_add(bits.extend(u32::from(size)));
    block[0] = c.last.wrapping_mul(i32::from(c.quant[0]));
    let mut k = 1;
    while k < 64 {
        let code = bits.symbol(c.ac)?;
        let (run, size) = (usize::from(code >> 4), u32::from(code & 15));
        if size == 0 {
            if run < 15 {
                break;
            }
            k += 16;
            continue;
        }
        k += run;
        if k > 63 {
            return Err(PixelError::Corrupt("a block has too many coefficients"));
        }
        block[ZIGZAG[k]] = bits.extend(size).wrapping_mul(i32::from(c.quant[k]));
        k += 1;
    }
    let mut out = [0_u16; 64];
    dct::inverse(&block, precision, &mut out);
    Ok(out)
}

/// Puts the components of every pixel side by side, repeating subsampled ones.
pub(super) fn assemble(frame: &FrameHeader, planes: Vec<Vec<u16>>) -> Result<Vec<u16>, PixelError> {
    let n = frame.components.len();
    let (h_max, v_max) = (most(frame, |c| c.h), most(frame, |c| c.v));
    let mut out = zeroed(frame.width * frame.height * n)?;
    for (i, (c, plane)) in frame.components.iter().zip(planes).enumerate() {
        let stride = grid(frame, c).stride;
        for (y, row) in out.chunks_exact_mut(frame.width * n).enumerate() {
            let from = plane.get(y * c.v / v_max * stride..).unwrap_or_default();
            if c.h == h_max {
                for (pixel, &value) in row.chunks_exact_mut(n).zip(from) {
                    pixel[i] = value;
                }
            } else {
                for (x, pixel) in row.chunks_exact_mut(n).enumerate() {
                    pixel[i] = from.get(x * c.h / h_max).copied().unwrap_or_default();
                }
            }
        }
    }
    Ok(out)
}
