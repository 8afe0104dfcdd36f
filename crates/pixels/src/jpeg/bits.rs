//! Huffman codes and the bit stream of a JPEG scan, with its stuffed bytes.

use crate::error::PixelError;

const LOOK: u32 = 9;

/// A Huffman table as DHT carries it, with a look-up table for short codes.
#[derive(Debug, Clone)]
pub(crate) struct Huffman {
    look: Vec<u16>, // length << 8 | value, 0 where the code is longer than LOOK bits
    values: Vec<u8>,
    max_code: [i32; 18], // largest code of each length, -1 where there is none
    offset: [i32; 17],   // index of the first value of each length, minus its first code
}

impl Huffman {
    pub(crate) fn new(counts: &[u8; 16], values: &[u8]) -> Result<Self, PixelError> {
        const BAD: PixelError = PixelError::Corrupt("a Huffman table is not a prefix code");
        let mut table = Self {
            look: vec![0; 1 << LOOK],
            values: values.to_vec(),
            max_code: [-1; 18],
            offset: [0; 17],
        };
        let mut code: i32 = 0;
        let mut index: usize = 0;
        for length in 1..=16_usize {
            let n = usize::from(counts[length - 1]);
            if n > 0 {
                table.offset[length] = index as i32 - code;
                for _ in 0..n {
                    let value = *values.get(index).ok_or(BAD)?;
                    if code >= 1 << length {
                        return Err(BAD);
                    }
                    if length as u32 <= LOOK {
                        let shift = LOOK - length as u32;
                        let first = (code.unsigned_abs() as usize) << shift;
                        for slot in table.look.iter_mut().skip(first).take(1 << shift) {
                            *slot = (length as u16) << 8 | u16::from(value);
                        }
                    }
                    code += 1;
                    index += 1;
                }
                table.max_code[length] = code - 1;
            }
            code <<= 1;
        }
        Ok(table)
    }
}

/// Reads bits of an entropy-coded segment; zeros after its end, which are counted.
#[derive(Debug)]
pub(crate) struct Bits<'a> {
    data: &'a [u8],
    pos: usize,
    acc: u64,
    have: u32,
    invented: u32,
}

impl<'a> Bits<'a> {
    pub(crate) fn new(data: &'a [u8], pos: usize) -> Self {
        Self {
            data,
            pos,
            acc: 0,
            have: 0,
            invented: 0,
        }
    }

    #[inline]
    fn fill(&mut self) {
        while self.have <= 48 {
            let byte = match self.data.get(self.pos) {
                Some(0xFF) if self.data.get(self.pos + 1) == Some(&0) => {
                    self.pos += 2;
                    0xFF
                }
                Some(0xFF) | None => {
                    self.invented = self.invented.saturating_add(8);
                    0
                }
                Some(&byte) => {
                    self.pos += 1;
                    byte
                }
            };
            self.acc = self.acc << 8 | u64::from(byte);
            self.have += 8;
        }
    }

    /// Whether more bits were taken than the segment has.
    pub(crate) fn overrun(&self) -> bool {
        self.invented > self.have
    }

    #[inline]
    fn peek(&mut self, n: u32) -> u32 {
        if self.have < n {
            self.fill();
        }
        ((self.acc >> (self.have - n)) & ((1 << n) - 1)) as u32
    }

    /// The next `n` bits, at most 16.
    #[inline]
    pub(crate) fn take(&mut self, n: u32) -> u32 {
        let bits = self.peek(n);
        self.have -= n;
        bits
    }

    /// The next `n` bits as JPEG's signed magnitude (T.81 F.2.2.1 EXTEND).
    #[inline]
    pub(crate) fn extend(&mut self, n: u32) -> i32 {
        if n == 0 {
            return 0;
        }
        let value = self.take(n) as i32;
        if value < 1 << (n - 1) {
            value - (1 << n) + 1
        } else {
            value
        }
    }

    /// The next Huffman-coded value.
    #[inline]
    pub(crate) fn symbol(&mut self, table: &Huffman) -> Result<u8, PixelError> {
        let look = table.look[self.peek(LOOK) as usize];
        if look != 0 {
            self.have -= u32::from(look >> 8);
            return Ok(look as u8);
        }
        let bits = self.peek(16) as i32;
        for length in (LOOK as usize + 1)..=16 {
            let code = bits >> (16 - length);
            if code <= table.max_code[length] {
                let index = usize::try_from(code + table.offset[length]).unwrap_or(usize::MAX);
                self.have -= length as u32;
                return table
                    .values
                    .get(index)
                    .copied()
                    .ok_or(PixelError::Corrupt("a Huffman code has no value"));
            }
        }
        Err(PixelError::Corrupt(
            "a code that is not in the Huffman table",
        ))
    }

    /// Forgets what is left of this segment and steps over the restart marker.
    pub(crate) fn restart(&mut self) -> Result<(), PixelError> {
        if self.overrun() {
            return Err(PixelError::Short(0));
        }
        // `pos` never passes a marker, so the marker is at or after it.
        let rest = self.data.get(self.pos..).unwrap_or_default();
        let found = rest
            .windows(2)
            .position(|pair| pair[0] == 0xFF && pair[1] != 0 && pair[1] != 0xFF);
        match found {
            Some(at) if matches!(rest[at + 1], 0xD0..=0xD7) => {
                self.pos += at + 2;
                self.acc = 0;
                self.have = 0;
                self.invented = 0;
                Ok(())
            }
            _ => Err(PixelError::Corrupt("a restart marker is absent")),
        }
    }

    /// Where the next marker of the image stands.
    pub(crate) fn position(&self) -> usize {
        self.pos
    }
}
