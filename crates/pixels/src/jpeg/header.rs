//! The marker segments of JPEG and JPEG-LS: what the codestream says about itself.

use super::bits::Huffman;
use crate::codec::Probe;
use crate::error::PixelError;

/// One component of the frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Component {
    pub(crate) id: u8,
    pub(crate) h: usize,
    pub(crate) v: usize,
    pub(crate) quant: usize,
}

/// The frame header, SOFn.
#[derive(Debug, Clone)]
pub(crate) struct FrameHeader {
    /// The marker's second byte: C0 baseline, C1 extended, C3 lossless, F7 JPEG-LS.
    pub(crate) process: u8,
    pub(crate) precision: u32,
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) components: Vec<Component>,
}

impl FrameHeader {
    pub(crate) fn parse(process: u8, body: &[u8]) -> Result<Self, PixelError> {
        const BAD: PixelError = PixelError::Corrupt("the frame header is not valid");
        let &[precision, h1, h0, w1, w0, n, ref rest @ ..] = body else {
            return Err(BAD);
        };
        let mut components = Vec::new();
        for part in rest.chunks_exact(3).take(usize::from(n)) {
            components.push(Component {
                id: part[0],
                h: usize::from(part[1] >> 4),
                v: usize::from(part[1] & 15),
                quant: usize::from(part[2]),
            });
        }
        let sampling_fits = components
            .iter()
            .all(|c| (1..=4).contains(&c.h) && (1..=4).contains(&c.v));
        if components.len() != usize::from(n) || !(1..=4).contains(&n) || !sampling_fits {
            return Err(BAD);
        }
        Ok(Self {
            process,
            precision: u32::from(precision),
            width: usize::from(u16::from_be_bytes([w1, w0])),
            height: usize::from(u16::from_be_bytes([h1, h0])),
            components,
        })
    }
}

/// The tables and notes that marker segments between frames and scans define.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) quant: [Option<[u16; 64]>; 4],
    pub(crate) dc: [Option<Huffman>; 4],
    pub(crate) ac: [Option<Huffman>; 4],
    pub(crate) restart: usize,
    pub(crate) adobe: Option<u8>,
    pub(crate) jfif: bool,
}

impl Tables {
    /// Takes in one marker segment; unknown ones are stepped over.
    pub(crate) fn read(&mut self, marker: u8, body: &[u8]) -> Result<(), PixelError> {
        match marker {
            0xC4 => self.huffman(body),
            0xDB => self.quantisation(body),
            0xDD => {
                let &[hi, lo, ..] = body else {
                    return Err(PixelError::Corrupt("the restart interval is not valid"));
                };
                self.restart = usize::from(u16::from_be_bytes([hi, lo]));
                Ok(())
            }
            0xE0 if body.starts_with(b"JFIF\0") => {
                self.jfif = true;
                Ok(())
            }
            0xEE if body.starts_with(b"Adobe") => {
                self.adobe = body.get(11).copied();
                Ok(())
            }
            0xCC => Err(PixelError::Unsupported("arithmetic coding")),
            _ => Ok(()),
        }
    }

    fn huffman(&mut self, mut body: &[u8]) -> Result<(), PixelError> {
        const BAD: PixelError = PixelError::Corrupt("a Huffman table is not valid");
        while let Some((&[class_id], rest)) = body.split_first_chunk::<1>() {
            let (counts, rest) = rest.split_first_chunk::<16>().ok_or(BAD)?;
            let total: usize = counts.iter().map(|&n| usize::from(n)).sum();
            let values = rest.get(..total).ok_or(BAD)?;
            body = rest.get(total..).ok_or(BAD)?;
            let table = Huffman::new(counts, values)?;
            let set = match class_id >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return Err(BAD),
            };
            *set.get_mut(usize::from(class_id & 15)).ok_or(BAD)? = Some(table);
        }
        Ok(())
    }

    fn quantisation(&mut self, mut body: &[u8]) -> Result<(), PixelError> {
        const BAD: PixelError = PixelError::Corrupt("a quantisation table is not valid");
        while let Some((&[kind_id], rest)) = body.split_first_chunk::<1>() {
            let mut table = [0_u16; 64];
            let size = if kind_id >> 4 == 0 { 64 } else { 128 };
            let values = rest.get(..size).ok_or(BAD)?;
            body = rest.get(size..).ok_or(BAD)?;
            for (i, slot) in table.iter_mut().enumerate() {
                *slot = if size == 64 {
                    u16::from(values[i])
                } else {
                    u16::from_be_bytes([values[2 * i], values[2 * i + 1]])
                };
            }
            *self.quant.get_mut(usize::from(kind_id & 15)).ok_or(BAD)? = Some(table);
        }
        Ok(())
    }
}

/// The next marker at or after `pos`: its second byte, its segment and where the segment ends.
pub(crate) fn next_segment(data: &[u8], pos: usize) -> Result<(u8, &[u8], usize), PixelError> {
    const END: PixelError = PixelError::Short(0);
    let rest = data.get(pos..).ok_or(END)?;
    let at = rest
        .windows(2)
        .position(|pair| pair[0] == 0xFF && pair[1] != 0 && pair[1] != 0xFF)
        .ok_or(END)?;
    let marker = rest[at + 1];
    let body = at + 2;
    if matches!(marker, 0x01 | 0xD0..=0xD9) {
        return Ok((marker, &[], pos + body));
    }
    let length = rest
        .get(body..body + 2)
        .map(|l| usize::from(u16::from_be_bytes([l[0], l[1]])))
        .ok_or(END)?;
    if length < 2 {
        return Err(PixelError::Corrupt("a marker segment has no length"));
    }
    let segment = rest.get(body + 2..body + length).ok_or(END)?;
    Ok((marker, segment, pos + body + length))
}

/// What the frame header says, without decoding anything. `None` where no frame header is found.
pub(crate) fn probe(data: &[u8]) -> Option<(u8, Probe)> {
    let mut pos = 2;
    for _ in 0..1000 {
        let (marker, body, end) = next_segment(data, pos).ok()?;
        match marker {
            0xC4 | 0xC8 | 0xCC => {}
            0xC0..=0xCF | 0xF7 => {
                let header = FrameHeader::parse(marker, body).ok()?;
                return Some((
                    marker,
                    Probe {
                        width: header.width as u32,
                        height: header.height as u32,
                        components: header.components.len() as u32,
                        bits: header.precision,
                        signed: None,
                    },
                ));
            }
            0xD9 | 0xDA => return None,
            _ => {}
        }
        pos = end;
    }
    None
}
