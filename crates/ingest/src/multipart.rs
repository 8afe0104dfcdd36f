//! A streaming reader for `multipart/related` (RFC 2046 section 5.1, RFC 2387).
//!
//! It holds at most one network read and one delimiter in memory, however large
//! the parts are: readers made for forms gather whatever the network gives.

use bytes::{Buf as _, Bytes, BytesMut};
use memchr::memmem::Finder;

use crate::error::ApiFailure;

/// Longest run of bytes before the first boundary, and longest header of a part.
const MAX_PREAMBLE: usize = 64 * 1024;
const MAX_HEADER: usize = 16 * 1024;

/// Where the bytes come from; `None` at the end.
pub(crate) trait Source {
    /// The next piece of the body.
    fn next(&mut self) -> impl Future<Output = Result<Option<Bytes>, ApiFailure>> + Send;
}

/// The media type of a request's body, as far as STOW needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContentType {
    /// Type and subtype in lower case.
    pub(crate) essence: String,
    /// Parameters: name in lower case, value unquoted.
    pub(crate) parameters: Vec<(String, String)>,
}

impl ContentType {
    /// Reads a media type with its parameters (RFC 9110 section 8.3.1).
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (essence, mut rest) = match text.split_once(';') {
            Some((essence, rest)) => (essence, rest),
            None => (text, ""),
        };
        let essence = essence.trim().to_ascii_lowercase();
        essence.split_once('/')?;
        let mut parameters = Vec::new();
        loop {
            rest = rest.trim_start_matches([';', ' ', '\t']);
            if rest.is_empty() {
                break;
            }
            let (name, after) = rest.split_once('=')?;
            let name = name.trim().to_ascii_lowercase();
            let mut value = String::new();
            if let Some(quoted) = after.strip_prefix('"') {
                let mut chars = quoted.char_indices();
                let end = loop {
                    match chars.next()? {
                        (_, '\\') => value.push(chars.next()?.1),
                        (at, '"') => break at,
                        (_, c) => value.push(c),
                    }
                };
                rest = quoted.get(end + 1..)?;
            } else {
                let end = after.find(';').unwrap_or(after.len());
                after.get(..end)?.trim().clone_into(&mut value);
                rest = after.get(end..)?;
            }
            parameters.push((name, value));
        }
        Some(Self {
            essence,
            parameters,
        })
    }

    /// The value of a parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// The boundary of a STOW request.
    pub(crate) fn stow_boundary(&self) -> Result<&str, ApiFailure> {
        let boundary = self.parameter("boundary").unwrap_or_default();
        let kind = self.parameter("type").unwrap_or("application/dicom");
        let fits = self.essence == "multipart/related"
            && kind.eq_ignore_ascii_case("application/dicom")
            && (1..=70).contains(&boundary.len())
            && boundary.bytes().all(|b| (0x20..0x7F).contains(&b))
            && !boundary.ends_with(' ');
        if fits {
            Ok(boundary)
        } else {
            Err(ApiFailure::NotMultipart)
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Preamble,
    AfterDelimiter,
    InPart,
    End,
}

/// The header of one part, as far as STOW needs it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PartHeader {
    /// Its Content-Type, when it has one.
    pub(crate) content_type: Option<String>,
}

/// The parts of a body, one after the other.
#[derive(Debug)]
pub(crate) struct Parts<S> {
    source: S,
    buffer: BytesMut,
    ended: bool,
    stage: Stage,
    delimiter: Finder<'static>,
}

impl<S: Source> Parts<S> {
    /// Reads the parts between `boundary` lines.
    pub(crate) fn new(source: S, boundary: &str) -> Self {
        let delimiter = format!("\r\n--{boundary}");
        let mut buffer = BytesMut::with_capacity(64 * 1024);
        // So that a boundary in the very first line is found like any other.
        buffer.extend_from_slice(b"\r\n");
        Self {
            source,
            buffer,
            ended: false,
            stage: Stage::Preamble,
            delimiter: Finder::new(delimiter.as_bytes()).into_owned(),
        }
    }

    /// The header of the next part; `None` after the last. What is left of the part before is skipped.
    pub(crate) async fn next_part(&mut self) -> Result<Option<PartHeader>, ApiFailure> {
        if self.stage == Stage::Preamble {
            while !self.take_delimiter() {
                if self.buffer.len() > MAX_PREAMBLE {
                    return Err(ApiFailure::BadMultipart);
                }
                self.read().await?;
            }
        }
        while self.stage == Stage::InPart {
            self.chunk().await?;
        }
        if self.stage == Stage::End {
            return Ok(None);
        }
        // After the delimiter: "--" ends the body, else white space up to the end of the line.
        let line_end = loop {
            if self.buffer.starts_with(b"--") {
                self.stage = Stage::End;
                return Ok(None);
            }
            match memchr::memmem::find(&self.buffer, b"\r\n") {
                Some(at) => break at,
                None if self.buffer.len() > MAX_HEADER => return Err(ApiFailure::BadMultipart),
                None => self.read().await?,
            }
        };
        let padding = self.buffer.split_to(line_end);
        if !padding.iter().all(|b| matches!(b, b' ' | b'\t')) {
            return Err(ApiFailure::BadMultipart);
        }
        // The buffer now starts with the line end that the first header line follows.
        let header_end = loop {
            match memchr::memmem::find(&self.buffer, b"\r\n\r\n") {
                Some(at) if at <= MAX_HEADER => break at,
                None if self.buffer.len() <= MAX_HEADER => self.read().await?,
                _ => return Err(ApiFailure::BadMultipart),
            }
        };
        let header = self.buffer.split_to(header_end);
        // The last line end of the header may be the first of a delimiter: an empty part.
        self.buffer.advance(2);
        self.stage = Stage::InPart;
        if !self.take_delimiter_at_start().await? {
            self.buffer.advance(2);
        }
        Ok(Some(read_header(&header)))
    }

    /// The next piece of the current part; `None` at its end.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, ApiFailure> {
        while self.stage == Stage::InPart {
            if let Some(at) = self.delimiter.find(&self.buffer) {
                let rest = self.buffer.split_to(at).freeze();
                self.buffer.advance(self.delimiter.needle().len());
                self.stage = Stage::AfterDelimiter;
                return Ok(Some(rest).filter(|r| !r.is_empty()));
            }
            let sure = self
                .buffer
                .len()
                .saturating_sub(self.delimiter.needle().len() - 1);
            if sure > 0 {
                return Ok(Some(self.buffer.split_to(sure).freeze()));
            }
            self.read().await?;
        }
        Ok(None)
    }

    /// Whether the body was read to its closing boundary.
    pub(crate) fn is_done(&self) -> bool {
        self.stage == Stage::End
    }

    /// Reads what follows the closing boundary, or what a refused request still sends.
    pub(crate) async fn drain(&mut self, most: u64) {
        let mut seen = 0;
        while !self.ended && seen < most {
            let before = self.buffer.len();
            if self.read().await.is_err() {
                break;
            }
            seen += (self.buffer.len() - before) as u64;
            self.buffer.clear();
        }
    }

    fn take_delimiter(&mut self) -> bool {
        let found = self.delimiter.find(&self.buffer);
        if let Some(at) = found {
            self.buffer.advance(at + self.delimiter.needle().len());
            self.stage = Stage::AfterDelimiter;
        }
        found.is_some()
    }

    async fn take_delimiter_at_start(&mut self) -> Result<bool, ApiFailure> {
        let n = self.delimiter.needle().len();
        // Stop reading as soon as it cannot be the delimiter any more.
        loop {
            let seen = self.buffer.len().min(n);
            if self.buffer.get(..seen) != self.delimiter.needle().get(..seen) {
                return Ok(false);
            }
            if seen == n {
                self.buffer.advance(n);
                self.stage = Stage::AfterDelimiter;
                return Ok(true);
            }
            self.read().await?;
        }
    }

    async fn read(&mut self) -> Result<(), ApiFailure> {
        match self.source.next().await? {
            Some(piece) => {
                self.buffer.extend_from_slice(&piece);
                Ok(())
            }
            None => {
                self.ended = true;
                Err(ApiFailure::BadMultipart)
            }
        }
    }
}

fn read_header(header: &[u8]) -> PartHeader {
    let mut part = PartHeader::default();
    for line in header.split(|b| *b == b'\n') {
        let line = String::from_utf8_lossy(line);
        if let Some((name, value)) = line.split_once(':')
            && name.trim().eq_ignore_ascii_case("content-type")
        {
            part.content_type = Some(value.trim().to_owned());
        }
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::VecDeque;

    struct Pieces(VecDeque<Bytes>);
    impl Source for Pieces {
        async fn next(&mut self) -> Result<Option<Bytes>, ApiFailure> {
            Ok(self.0.pop_front())
        }
    }

    fn pieces(body: &[u8], size: usize) -> Pieces {
        Pieces(
            body.chunks(size.max(1))
                .map(Bytes::copy_from_slice)
                .collect(),
        )
    }

    async fn all(
        body: &[u8],
        size: usize,
        boundary: &str,
    ) -> (Vec<(Option<String>, Vec<u8>)>, Result<(), ApiFailure>) {
        let mut parts = Parts::new(pieces(body, size), boundary);
        let mut seen = Vec::new();
        loop {
            match parts.next_part().await {
                Ok(Some(header)) => {
                    let mut content = Vec::new();
                    loop {
                        match parts.chunk().await {
                            Ok(Some(piece)) => content.extend_from_slice(&piece),
                            Ok(None) => break,
                            Err(e) => return (seen, Err(e)),
                        }
                    }
                    seen.push((header.content_type, content));
                }
                Ok(None) => return (seen, Ok(())),
                Err(e) => return (seen, Err(e)),
            }
        }
    }

    fn block_on<T>(f: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("runtime")
            .block_on(f)
    }

    #[test]
    fn parts_come_out_whatever_the_pieces_are() {
        let body = b"preamble\r\n--XX\r\nContent-Type: application/dicom\r\n\r\nab\r\n--X\r\ncd\r\n--XX \t\r\n\r\n\r\n--XX\r\n\r\n\r\n\r\n--XX\r\nA: b\r\n\r\n\r\n\r\nlast\r\n--XX--\r\nepilogue";
        for size in 1..=body.len() {
            let (parts, end) = block_on(all(body, size, "XX"));
            assert_eq!(end, Ok(()));
            let contents: Vec<&[u8]> = parts.iter().map(|p| p.1.as_slice()).collect();
            let expected: [&[u8]; 4] = [b"ab\r\n--X\r\ncd", b"", b"\r\n", b"\r\n\r\nlast"];
            assert_eq!(contents, expected, "pieces of {size}");
            assert_eq!(parts[0].0.as_deref(), Some("application/dicom"));
            assert_eq!(parts[1].0, None);
        }
    }

    #[test]
    fn what_ends_early_is_an_error() {
        let whole = b"--XX\r\nA: b\r\n\r\ncontent\r\n--XX--";
        for cut in 0..whole.len() {
            let (_, end) = block_on(all(&whole[..cut], 3, "XX"));
            assert_eq!(end, Err(ApiFailure::BadMultipart), "cut at {cut}");
        }
        assert_eq!(block_on(all(whole, 3, "XX")).1, Ok(()));
    }

    #[test]
    fn media_types() {
        let parse = |s| ContentType::parse(s).expect("media type");
        let plain = parse("multipart/related; type=application/dicom; boundary=abc");
        assert_eq!(plain.stow_boundary(), Ok("abc"));
        let quoted = parse("Multipart/Related;boundary=\"a;b\\\"c\";type=\"application/dicom\"");
        assert_eq!(quoted.stow_boundary(), Ok("a;b\"c"));
        for bad in [
            "multipart/form-data; boundary=abc",
            "multipart/related; type=\"application/dicom\"",
            "multipart/related; type=\"application/dicom+json\"; boundary=abc",
            "application/dicom",
        ] {
            assert!(parse(bad).stow_boundary().is_err(), "{bad}");
        }
        for broken in ["", "x", "a/b; c", "a/b; c=\"d"] {
            assert_eq!(ContentType::parse(broken), None, "{broken}");
        }
    }

    proptest! {
        #[test]
        fn random_bytes_never_panic(body in proptest::collection::vec(any::<u8>(), 0..600), size in 1usize..40) {
            let _ = block_on(all(&body, size, "b"));
        }

        #[test]
        fn nearly_multipart_never_panics(tokens in proptest::collection::vec(
            prop_oneof![Just("\r\n"), Just("--b"), Just("--"), Just(":"), Just("Content-Type"), Just("x"), Just(" "), Just("\n")], 0..60), size in 1usize..9) {
            let _ = block_on(all(tokens.concat().as_bytes(), size, "b"));
        }

        #[test]
        fn what_goes_in_comes_out(
            contents in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..200), 0..6),
            size in 1usize..50,
        ) {
            let boundary = "q9X-boundary-that-is-not-in-there";
            let mut body = Vec::new();
            for content in &contents {
                body.extend_from_slice(format!("--{boundary}\r\nContent-Type: application/dicom\r\n\r\n").as_bytes());
                body.extend_from_slice(content);
                body.extend_from_slice(b"\r\n");
            }
            body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
            let (parts, end) = block_on(all(&body, size, boundary));
            prop_assert_eq!(end, Ok(()));
            let got: Vec<Vec<u8>> = parts.into_iter().map(|p| p.1).collect();
            prop_assert_eq!(got, contents);
        }

        #[test]
        fn random_media_types_never_panic(text in ".{0,80}") {
            let _ = ContentType::parse(&text);
        }
    }
}
