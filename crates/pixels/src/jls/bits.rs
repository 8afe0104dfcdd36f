//! The bit stream of a JPEG-LS scan: after a byte FF only seven bits follow in the next one.

use crate::error::PixelError;

/// Reads bits; zeros after the end of the scan, which are counted.
#[derive(Debug)]
pub(super) struct Bits<'a> {
    data: &'a [u8],
    pos: usize,
    acc: u64,
    have: u32,
    after_ff: bool,
    invented: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(data: &'a [u8], pos: usize) -> Self {
        Self {
            data,
            pos,
            acc: 0,
            have: 0,
            after_ff: false,
            invented: 0,
        }
    }

    #[inline]
    fn fill(&mut self) {
        while self.have <= 48 {
            let next = self.data.get(self.pos).copied();
            let marker = match (self.after_ff, next) {
                (_, None) => true,
                (true, Some(byte)) => byte >= 0x80,
                (false, Some(0xFF)) => self.data.get(self.pos + 1).is_none_or(|&b| b >= 0x80),
                _ => false,
            };
            if marker {
                self.acc <<= 8;
                self.have += 8;
                self.invented = self.invented.saturating_add(8);
                continue;
            }
            let byte = next.unwrap_or_default();
            self.pos += 1;
            if self.after_ff {
                self.acc = self.acc << 7 | u64::from(byte & 0x7F);
                self.have += 7;
            } else {
                self.acc = self.acc << 8 | u64::from(byte);
                self.have += 8;
            }
            self.after_ff = byte == 0xFF;
        }
    }

    /// Whether more bits were taken than the scan has.
    pub(super) fn overrun(&self) -> bool {
        self.invented > self.have
    }

    /// Where the next marker of the image stands.
    pub(super) fn position(&self) -> usize {
        self.pos
    }

    #[inline]
    pub(super) fn take(&mut self, n: u32) -> i32 {
        if n == 0 {
            return 0;
        }
        if self.have < n {
            self.fill();
        }
        self.have -= n;
        ((self.acc >> self.have) & ((1 << n) - 1)) as i32
    }

    #[inline]
    pub(super) fn bit(&mut self) -> bool {
        self.take(1) == 1
    }

    /// How many zeros stand before the next one, which is taken too.
    #[inline]
    fn zeros(&mut self) -> Result<u32, PixelError> {
        if self.have < 33 {
            self.fill();
        }
        let aligned = self.acc << (64 - self.have);
        let zeros = aligned.leading_zeros();
        if zeros < self.have {
            self.have -= zeros + 1;
            return Ok(zeros);
        }
        let mut total = self.have;
        self.have = 0;
        loop {
            if self.bit() {
                return Ok(total);
            }
            total += 1;
            if total > 128 {
                return Err(if self.overrun() {
                    PixelError::Short(0)
                } else {
                    PixelError::Corrupt("a code is too long")
                });
            }
        }
    }

    /// A Golomb code of parameter `k` whose length is limited (T.87 A.5.3).
    #[inline]
    pub(super) fn golomb(
        &mut self,
        k: u32,
        limit: i32,
        escape_bits: u32,
    ) -> Result<i32, PixelError> {
        let zeros = self.zeros()? as i32;
        let longest = limit - escape_bits as i32 - 1;
        if zeros < longest {
            return Ok((zeros << k).wrapping_add(self.take(k)));
        }
        if zeros > longest {
            return Err(PixelError::Corrupt("a code is too long"));
        }
        Ok(self.take(escape_bits) + 1)
    }
}
