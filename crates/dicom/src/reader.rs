//! The data set parser (PS3.5 section 7).
//!
//! Every length is checked against what is really there before it is used, depth
//! and number of elements are bounded, and nothing is skipped: the parser either
//! accounts for each byte or says where it stopped.

use cordon_protocol::{Code, PathStep, Tag, TagPath};

use crate::element::{DataSet, Element, Value};
use crate::{ReadError, Syntax, Vr, dictionary};

/// How deep sequences may nest. The deepest real objects (SR, RT) stay under 20.
pub const MAX_DEPTH: usize = 64;
/// How many elements one file may have, items included.
pub const MAX_ELEMENTS: usize = 4_000_000;

const UNDEFINED: u32 = 0xFFFF_FFFF;
const ITEM: Tag = Tag(0xFFFE_E000);
const ITEM_END: Tag = Tag(0xFFFE_E00D);
const SEQUENCE_END: Tag = Tag(0xFFFE_E0DD);
const PIXEL_DATA: Tag = Tag(0x7FE0_0010);
const TRAILING_PADDING: Tag = Tag(0xFFFC_FFFC);

/// What was read of a root data set.
pub(crate) struct Root<'a> {
    pub(crate) data: DataSet<'a>,
    /// Offset of Pixel Data when reading stopped there.
    pub(crate) pixels_at: Option<usize>,
    /// Offset of bytes that are not part of the data set.
    pub(crate) trailing_at: Option<usize>,
    pub(crate) out_of_order: bool,
}

#[derive(Clone)]
struct Encoding {
    explicit: bool,
    big_endian: bool,
}

struct Header {
    tag: Tag,
    vr: Vr,
    /// What was written was UN, or nothing: the VR is the dictionary's.
    as_un: bool,
    length: u32,
}

pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The file goes on after `bytes`.
    partial: bool,
    count: usize,
    path: Vec<PathStep>,
    out_of_order: bool,
}

type Result<T> = std::result::Result<T, ReadError>;

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8], at: usize, partial: bool) -> Self {
        Self {
            bytes,
            at,
            partial,
            count: 0,
            path: Vec::new(),
            out_of_order: false,
        }
    }

    pub(crate) fn position(&self) -> usize {
        self.at
    }

    fn fail<T>(&self, code: Code, tag: Option<Tag>, offset: usize) -> Result<T> {
        Err(ReadError::Broken {
            code,
            tag: tag.map(|tag| TagPath {
                steps: self.path.clone(),
                tag,
            }),
            offset,
        })
    }

    /// The bytes ran out: of the prefix, or of the file.
    fn short<T>(&self, tag: Option<Tag>, offset: usize, need: usize) -> Result<T> {
        if self.partial && need > self.bytes.len() {
            Err(ReadError::NeedMore(need))
        } else {
            self.fail(Code::Truncated, tag, offset)
        }
    }

    fn take(&mut self, n: usize, end: usize, tag: Option<Tag>) -> Result<&'a [u8]> {
        let from = self.at;
        let to = from.saturating_add(n);
        match self.bytes.get(from..to) {
            Some(slice) if to <= end => {
                self.at = to;
                Ok(slice)
            }
            _ if to > end && end < self.bytes.len() => self.fail(Code::BadStructure, tag, from),
            _ => self.short(tag, from, to),
        }
    }

    fn tag(&mut self, enc: &Encoding, end: usize, within: Option<Tag>) -> Result<Tag> {
        let b = self.take(4, end, within)?;
        let word = |i: usize| {
            let pair = [
                b.get(i).copied().unwrap_or(0),
                b.get(i + 1).copied().unwrap_or(0),
            ];
            if enc.big_endian {
                u16::from_be_bytes(pair)
            } else {
                u16::from_le_bytes(pair)
            }
        };
        Ok(Tag::new(word(0), word(2)))
    }

    fn u32(&mut self, enc: &Encoding, end: usize, tag: Tag) -> Result<u32> {
        let b = self.take(4, end, Some(tag))?;
        let b: [u8; 4] = b.try_into().unwrap_or_default();
        Ok(if enc.big_endian {
            u32::from_be_bytes(b)
        } else {
            u32::from_le_bytes(b)
        })
    }

    fn header(&mut self, enc: &Encoding, end: usize) -> Result<Header> {
        let offset = self.at;
        let within = self.path.last().map(|s| s.sequence);
        let tag = self.tag(enc, end, within)?;
        if tag.group() == 0xFFFE {
            let length = self.u32(enc, end, tag)?;
            return Ok(Header {
                tag,
                vr: Vr::UN,
                as_un: false,
                length,
            });
        }
        if !enc.explicit {
            let length = self.u32(enc, end, tag)?;
            let vr = implied_vr(tag);
            return Ok(Header {
                tag,
                vr,
                as_un: true,
                length,
            });
        }
        let code: [u8; 2] = self.take(2, end, Some(tag))?.try_into().unwrap_or_default();
        let short: [u8; 2] = self.take(2, end, Some(tag))?.try_into().unwrap_or_default();
        let Some(vr) = Vr::from_bytes(code) else {
            // PS3.5 section 6.2: VRs of the future are two upper-case letters with a long length.
            if code.iter().all(u8::is_ascii_uppercase) && short == [0, 0] {
                let length = self.u32(enc, end, tag)?;
                return Ok(Header {
                    tag,
                    vr: Vr::UN,
                    as_un: false,
                    length,
                });
            }
            return self.fail(Code::BadStructure, Some(tag), offset);
        };
        let length = if vr.has_long_length() {
            self.u32(enc, end, tag)?
        } else if enc.big_endian {
            u32::from(u16::from_be_bytes(short))
        } else {
            u32::from(u16::from_le_bytes(short))
        };
        let as_un = vr == Vr::UN;
        let vr = if as_un { implied_vr(tag) } else { vr };
        Ok(Header {
            tag,
            vr,
            as_un,
            length,
        })
    }

    /// Reads a root data set from here to the end.
    pub(crate) fn root(&mut self, syntax: &Syntax, stop_at_pixels: bool) -> Result<Root<'a>> {
        let enc = Encoding {
            explicit: syntax.explicit_vr,
            big_endian: syntax.big_endian,
        };
        let end = if self.partial {
            usize::MAX
        } else {
            self.bytes.len()
        };
        let mut root = Root {
            data: DataSet {
                elements: Vec::with_capacity(128),
                big_endian: enc.big_endian,
            },
            pixels_at: None,
            trailing_at: None,
            out_of_order: false,
        };
        let mut last = Tag(0);
        loop {
            let offset = self.at;
            if offset >= end {
                break;
            }
            let rest = self.bytes.get(offset..).unwrap_or_default();
            let past_pixels = last >= PIXEL_DATA;
            if !self.partial
                && (rest.len() < 8 || past_pixels)
                && self.is_trailing(&enc, rest, last)
            {
                root.trailing_at = Some(offset);
                break;
            }
            let header = match self.header(&enc, end) {
                Ok(header) => header,
                // Garbage after the pixels is dropped; garbage before them is damage.
                Err(ReadError::Broken { .. }) if past_pixels => {
                    root.trailing_at = Some(offset);
                    break;
                }
                Err(e) => return Err(e),
            };
            if header.tag == TRAILING_PADDING || header.tag.group() == 0xFFFE {
                if header.tag == TRAILING_PADDING || past_pixels {
                    root.trailing_at = Some(offset);
                    break;
                }
                return self.fail(Code::BadStructure, Some(header.tag), offset);
            }
            if stop_at_pixels && header.tag.group() == 0x7FE0 && header.tag.element() != 0 {
                root.pixels_at = Some(offset);
                break;
            }
            let element = self.element(&enc, &header, offset, end)?;
            if element.tag < last {
                self.out_of_order = true;
            }
            last = element.tag;
            root.data.elements.push(element);
        }
        root.data.elements.sort_by_key(|e| e.tag);
        root.out_of_order = self.out_of_order;
        Ok(root)
    }

    /// Whether what follows the pixel data is padding or junk rather than an attribute.
    fn is_trailing(&self, enc: &Encoding, rest: &[u8], last: Tag) -> bool {
        if rest.iter().all(|b| *b == 0) {
            return true;
        }
        let mut probe = Reader::new(self.bytes, self.at, false);
        match probe.header(enc, self.bytes.len()) {
            Ok(h) => {
                last >= PIXEL_DATA
                    && (h.tag < last
                        || (h.length != UNDEFINED
                            && h.length as usize > self.bytes.len().saturating_sub(probe.at)))
            }
            Err(_) => last >= PIXEL_DATA,
        }
    }

    fn element(
        &mut self,
        enc: &Encoding,
        header: &Header,
        offset: usize,
        end: usize,
    ) -> Result<Element<'a>> {
        self.count += 1;
        if self.count > MAX_ELEMENTS {
            return self.fail(Code::TooMany, Some(header.tag), offset);
        }
        let Header {
            tag, vr, length, ..
        } = *header;
        let make = |vr, value| Element {
            tag,
            vr,
            value,
            offset,
        };
        if length == UNDEFINED {
            if tag == PIXEL_DATA {
                let value = self.fragments(enc, end)?;
                let vr = if vr == Vr::OW { Vr::OW } else { Vr::OB };
                return Ok(make(vr, value));
            }
            let inner = if header.as_un && enc.explicit {
                // CP-246: UN of undefined length holds items in Implicit VR Little Endian.
                Encoding {
                    explicit: false,
                    big_endian: false,
                }
            } else if matches!(vr, Vr::SQ | Vr::UN) || header.as_un {
                enc.clone()
            } else {
                return self.fail(Code::BadStructure, Some(tag), offset);
            };
            let items = self.items(&inner, None, end, tag)?;
            return Ok(make(Vr::SQ, Value::Items(items)));
        }
        let length = length as usize;
        let stop = self.at.saturating_add(length);
        if stop > end || (stop > self.bytes.len() && !self.partial) {
            let code = if stop > self.bytes.len() {
                Code::Truncated
            } else {
                Code::BadStructure
            };
            return self.fail(code, Some(tag), offset);
        }
        if vr == Vr::SQ {
            if !(header.as_un && enc.explicit) {
                let items = self.items(enc, Some(stop), stop, tag)?;
                return Ok(make(Vr::SQ, Value::Items(items)));
            }
            if let Some(items) = self.hidden_items(enc, stop, tag) {
                return Ok(make(Vr::SQ, Value::Items(items)));
            }
            // A sequence by the dictionary that does not read as one: UN bytes, judged above.
            let bytes = self.take(length, end, Some(tag))?;
            return Ok(make(Vr::UN, Value::Bytes(bytes)));
        }
        let bytes = self.take(length, end, Some(tag))?;
        Ok(make(vr, Value::Bytes(bytes)))
    }

    /// Items inside a UN value of defined length: Implicit VR Little Endian by the standard,
    /// the file's own encoding by the mistake that many writers make.
    fn hidden_items(&mut self, enc: &Encoding, stop: usize, tag: Tag) -> Option<Vec<DataSet<'a>>> {
        let (at, depth) = (self.at, self.path.len());
        for explicit in [false, true] {
            if enc.big_endian {
                break;
            }
            let inner = Encoding {
                explicit,
                big_endian: false,
            };
            if let Ok(items) = self.items(&inner, Some(stop), stop, tag)
                && self.at == stop
            {
                return Some(items);
            }
            self.at = at;
            self.path.truncate(depth);
        }
        None
    }

    fn items(
        &mut self,
        enc: &Encoding,
        stop: Option<usize>,
        end: usize,
        sequence: Tag,
    ) -> Result<Vec<DataSet<'a>>> {
        if self.path.len() >= MAX_DEPTH {
            return self.fail(Code::TooDeep, Some(sequence), self.at);
        }
        let mut items = Vec::new();
        loop {
            if stop.is_some_and(|stop| self.at >= stop) {
                return Ok(items);
            }
            let offset = self.at;
            let tag = self.tag(enc, end, Some(sequence))?;
            let length = self.u32(enc, end, tag)?;
            match tag {
                ITEM => {
                    let item = u32::try_from(items.len()).unwrap_or(u32::MAX);
                    self.path.push(PathStep { sequence, item });
                    let data = self.item(enc, length, end)?;
                    self.path.pop();
                    items.push(data);
                }
                SEQUENCE_END => {
                    // In a sequence of defined length a delimiter is an error that harms nobody.
                    if stop.is_none_or(|stop| self.at == stop) {
                        return Ok(items);
                    }
                    return self.fail(Code::BadStructure, Some(sequence), offset);
                }
                _ => return self.fail(Code::BadStructure, Some(sequence), offset),
            }
        }
    }

    fn item(&mut self, enc: &Encoding, length: u32, end: usize) -> Result<DataSet<'a>> {
        let stop = if length == UNDEFINED {
            end
        } else {
            let stop = self.at.saturating_add(length as usize);
            if stop > end {
                let tag = self.path.last().map(|s| s.sequence);
                return self.fail(Code::BadStructure, tag, self.at);
            }
            stop
        };
        let mut data = DataSet {
            elements: Vec::new(),
            big_endian: enc.big_endian,
        };
        let mut last = Tag(0);
        loop {
            if length != UNDEFINED && self.at >= stop {
                break;
            }
            let offset = self.at;
            let header = self.header(enc, stop)?;
            if header.tag == ITEM_END {
                if length == UNDEFINED || self.at == stop {
                    break;
                }
                return self.fail(Code::BadStructure, Some(header.tag), offset);
            }
            if header.tag.group() == 0xFFFE {
                return self.fail(Code::BadStructure, Some(header.tag), offset);
            }
            let element = self.element(enc, &header, offset, stop)?;
            if element.tag < last {
                self.out_of_order = true;
            }
            last = element.tag;
            data.elements.push(element);
        }
        data.elements.sort_by_key(|e| e.tag);
        Ok(data)
    }

    fn fragments(&mut self, enc: &Encoding, end: usize) -> Result<Value<'a>> {
        let from = self.at;
        let mut items = Vec::new();
        loop {
            let offset = self.at;
            let tag = self.tag(enc, end, Some(PIXEL_DATA))?;
            let length = self.u32(enc, end, PIXEL_DATA)?;
            match tag {
                ITEM if length != UNDEFINED => {
                    items.push(self.take(length as usize, end, Some(PIXEL_DATA))?);
                    self.count += 1;
                    if self.count > MAX_ELEMENTS {
                        return self.fail(Code::TooMany, Some(PIXEL_DATA), offset);
                    }
                }
                SEQUENCE_END => {
                    let raw = self.bytes.get(from..self.at).unwrap_or_default();
                    return Ok(Value::Fragments { items, raw });
                }
                _ => return self.fail(Code::BadStructure, Some(PIXEL_DATA), offset),
            }
        }
    }

    /// Reads File Meta Information: group 0002, always Explicit VR Little Endian.
    pub(crate) fn meta(&mut self) -> Result<DataSet<'a>> {
        let enc = Encoding {
            explicit: true,
            big_endian: false,
        };
        let end = if self.partial {
            usize::MAX
        } else {
            self.bytes.len()
        };
        let mut data = DataSet::default();
        loop {
            let offset = self.at;
            match self.bytes.get(offset..offset.saturating_add(2)) {
                Some([0x02, 0x00]) => {}
                Some(_) => break,
                None if self.partial => return Err(ReadError::NeedMore(offset + 8)),
                None => break,
            }
            let header = self.header(&enc, end)?;
            let element = self.element(&enc, &header, offset, end)?;
            data.elements.push(element);
        }
        data.elements.sort_by_key(|e| e.tag);
        Ok(data)
    }
}

/// The VR that a tag has when nothing is written (PS3.5 sections 6.2.2 and 7.1.3).
fn implied_vr(tag: Tag) -> Vr {
    if tag.is_private_creator() {
        return Vr::LO;
    }
    if tag.is_group_length() {
        return Vr::UL;
    }
    dictionary::entry(tag).map_or(Vr::UN, |e| e.vr)
}
