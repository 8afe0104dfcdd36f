//! One JPEG-LS scan: regular mode and run mode, line by line.

use super::Interleave;
use super::bits::Bits;
use super::context::{Context, J, Parameters, RunContext};
use crate::error::{PixelError, grow};

struct Coder<'a> {
    bits: Bits<'a>,
    p: Parameters,
    contexts: Vec<Context>,
    runs: [RunContext; 2],
    width: usize,
}

/// Two lines of one component with a sample more at each end, as the neighbours need them.
struct Lines {
    above: Vec<i32>,
    line: Vec<i32>,
    run_index: usize,
}

impl Lines {
    fn new(width: usize) -> Self {
        Self {
            above: vec![0; width + 2],
            line: vec![0; width + 2],
            run_index: 0,
        }
    }

    /// Makes the finished line the one above and prepares the ends of the next one.
    fn next(&mut self, width: usize) {
        std::mem::swap(&mut self.above, &mut self.line);
        self.begin(width);
    }

    fn begin(&mut self, width: usize) {
        self.above[width + 1] = self.above[width];
        self.line[0] = self.above[1];
    }
}

/// Decodes the scan that begins at `start` into the planes of `parts`; returns where it ends.
pub(super) fn decode(
    data: &[u8],
    start: usize,
    (width, height): (usize, usize),
    p: Parameters,
    interleave: Interleave,
    parts: &[usize],
    planes: &mut [Vec<u16>],
) -> Result<usize, PixelError> {
    let range = p.range;
    let mut coder = Coder {
        bits: Bits::new(data, start),
        contexts: vec![Context::new(range); 365],
        runs: [RunContext::new(range); 2],
        width,
        p,
    };
    let mut lines: Vec<Lines> = parts.iter().map(|_| Lines::new(width)).collect();
    for y in 0..height {
        for component in &mut lines {
            if y == 0 {
                component.begin(width);
            } else {
                component.next(width);
            }
        }
        if interleave == Interleave::Sample {
            coder.samples(&mut lines)?;
        } else {
            for component in &mut lines {
                coder.line(component)?;
            }
        }
        if coder.bits.overrun() {
            return Err(PixelError::Short(0));
        }
        for (component, &part) in lines.iter().zip(parts) {
            let plane = planes.get_mut(part).ok_or(PixelError::Absurd)?;
            grow(plane, (y + 1) * width)?;
            for (to, &from) in plane[y * width..].iter_mut().zip(&component.line[1..]) {
                *to = from.unsigned_abs() as u16;
            }
        }
    }
    Ok(coder.bits.position())
}

/// The median edge detector (T.87 A.4.1).
#[inline]
fn median(a: i32, b: i32, c: i32) -> i32 {
    if c >= a.max(b) {
        a.min(b)
    } else if c <= a.min(b) {
        a.max(b)
    } else {
        a + b - c
    }
}

impl Coder<'_> {
    fn line(&mut self, lines: &mut Lines) -> Result<(), PixelError> {
        let mut x = 1;
        while x <= self.width {
            let (a, b) = (lines.line[x - 1], lines.above[x]);
            let (c, d) = (lines.above[x - 1], lines.above[x + 1]);
            let q =
                self.p.quantise(d - b) * 81 + self.p.quantise(b - c) * 9 + self.p.quantise(c - a);
            if q != 0 {
                lines.line[x] = self.regular(q, a, b, c)?;
                x += 1;
                continue;
            }
            let run = self.run(&mut lines.run_index, self.width + 1 - x)?;
            lines.line[x..x + run].fill(a);
            x += run;
            if x <= self.width {
                lines.line[x] = self.after_run(a, lines.above[x], lines.run_index)?;
                lines.run_index = lines.run_index.saturating_sub(1);
                x += 1;
            }
        }
        Ok(())
    }

    /// A line of all components, sample by sample.
    fn samples(&mut self, lines: &mut [Lines]) -> Result<(), PixelError> {
        let mut run_index = lines.first().map_or(0, |l| l.run_index);
        let mut x = 1;
        while x <= self.width {
            let mut q = [0_i32; 4];
            for (q, l) in q.iter_mut().zip(lines.iter()) {
                let (a, b) = (l.line[x - 1], l.above[x]);
                let (c, d) = (l.above[x - 1], l.above[x + 1]);
                *q = self.p.quantise(d - b) * 81
                    + self.p.quantise(b - c) * 9
                    + self.p.quantise(c - a);
            }
            if q != [0; 4] {
                for (q, l) in q.iter().zip(lines.iter_mut()) {
                    l.line[x] = self.regular(*q, l.line[x - 1], l.above[x], l.above[x - 1])?;
                }
                x += 1;
                continue;
            }
            let run = self.run(&mut run_index, self.width + 1 - x)?;
            for l in lines.iter_mut() {
                let a = l.line[x - 1];
                l.line[x..x + run].fill(a);
            }
            x += run;
            if x <= self.width {
                for l in lines.iter_mut() {
                    let (a, b) = (l.line[x - 1], l.above[x]);
                    l.line[x] = self.different(a, b, run_index)?;
                }
                run_index = run_index.saturating_sub(1);
                x += 1;
            }
        }
        if let Some(first) = lines.first_mut() {
            first.run_index = run_index;
        }
        Ok(())
    }

    #[inline]
    fn regular(&mut self, q: i32, a: i32, b: i32, c: i32) -> Result<i32, PixelError> {
        let negative = q < 0;
        let context = self
            .contexts
            .get_mut(q.unsigned_abs() as usize)
            .ok_or(PixelError::Corrupt("a context that does not exist"))?;
        let correction = if negative { -context.c } else { context.c };
        let predicted = (median(a, b, c) + correction).clamp(0, self.p.max);
        let error = context.error(&mut self.bits, &self.p)?;
        let error = if negative { -error } else { error };
        Ok(self.p.reconstruct(predicted, error))
    }

    /// The length of a run, at most `left` (T.87 A.7.1).
    fn run(&mut self, run_index: &mut usize, left: usize) -> Result<usize, PixelError> {
        let mut run = 0;
        while self.bits.bit() {
            let step = 1 << J[*run_index];
            let part = step.min(left - run);
            run += part;
            if part == step {
                *run_index = (*run_index + 1).min(31);
            }
            if run == left {
                return Ok(run);
            }
        }
        run += self.bits.take(J[*run_index]).unsigned_abs() as usize;
        if run > left {
            return Err(PixelError::Corrupt("a run passes the end of the line"));
        }
        Ok(run)
    }

    fn after_run(&mut self, a: i32, b: i32, run_index: usize) -> Result<i32, PixelError> {
        if (a - b).abs() <= self.p.near {
            let error = self.runs[1].error(&mut self.bits, &self.p, 1, run_index)?;
            return Ok(self.p.reconstruct(a, error));
        }
        self.different(a, b, run_index)
    }

    fn different(&mut self, a: i32, b: i32, run_index: usize) -> Result<i32, PixelError> {
        let error = self.runs[0].error(&mut self.bits, &self.p, 0, run_index)?;
        // Equal samples come here only when several components end a run together: sign plus.
        let error = if b < a { -error } else { error };
        Ok(self.p.reconstruct(b, error))
    }
}
