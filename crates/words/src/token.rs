//! The text as words and numbers, and as one folded stream without separators.
//!
//! The stream is what known names and numbers are looked for in: "M U E L L E R",
//! "Muel-\nler" and "PAT-123.456" read there as they read in the header. The tokens
//! are what everything else looks at.

use crate::fold::{self, Class};
use crate::lexicon::{self, Lex};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// Letters.
    Word,
    /// Digits.
    Number,
    /// A run of a script without spaces.
    Dense,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Title,
    Upper,
    Mixed,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    /// Bytes of the text.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Bytes of the folded stream.
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) sort: Sort,
    pub(crate) case: Case,
    pub(crate) lex: Lex,
}

impl Token {
    pub(crate) fn is_word(&self) -> bool {
        self.sort == Sort::Word
    }

    pub(crate) fn is_number(&self) -> bool {
        self.sort == Sort::Number
    }

    /// How many folded letters.
    pub(crate) fn len(&self) -> usize {
        self.to - self.from
    }

    pub(crate) fn is_capital(&self) -> bool {
        self.case != Case::Lower
    }

    pub(crate) fn has(&self, lex: Lex) -> bool {
        self.lex.any(lex)
    }
}

#[derive(Debug)]
pub(crate) struct Scan<'t> {
    pub(crate) text: &'t str,
    pub(crate) tokens: Vec<Token>,
    pub(crate) folded: Vec<u8>,
    /// For each byte of the stream, the byte of the text where its character starts.
    source: Vec<u32>,
    /// Whether the text has small letters, so that a capital says something.
    pub(crate) mixed_case: bool,
}

impl<'t> Scan<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let mut scan = Scan {
            text,
            tokens: Vec::with_capacity(text.len() / 5 + 4),
            folded: Vec::with_capacity(text.len() + 8),
            source: Vec::with_capacity(text.len() + 8),
            mixed_case: text.bytes().any(|b| b.is_ascii_lowercase()),
        };
        let mut run = Run::default();
        for (at, c) in text.char_indices() {
            let class = fold::class(c);
            match class {
                Class::Silent => {
                    if run.sort.is_some() {
                        run.end = at + c.len_utf8();
                    }
                    continue;
                }
                Class::Other => {
                    scan.close(&mut run);
                    continue;
                }
                _ => {}
            }
            let sort = match class {
                Class::Letter => Sort::Word,
                Class::Digit => Sort::Number,
                _ => Sort::Dense,
            };
            if run.sort != Some(sort) {
                scan.close(&mut run);
                run = Run {
                    sort: Some(sort),
                    start: at,
                    from: scan.folded.len(),
                    ..Run::default()
                };
            }
            if sort == Sort::Word {
                run.letter(c, at, scan.folded.len());
            }
            fold::push(c, &mut scan.folded);
            scan.source.resize(scan.folded.len(), at as u32);
            run.end = at + c.len_utf8();
        }
        scan.close(&mut run);
        scan
    }

    fn close(&mut self, run: &mut Run) {
        let done = std::mem::take(run);
        let Some(sort) = done.sort else { return };
        // A later character may have eaten a byte of an earlier one (kana); be safe.
        let from = done.from.min(self.folded.len());
        let whole = self.piece(sort, (done.start, done.end), (from, self.folded.len()));
        if sort != Sort::Word || done.humps.is_empty() || whole.lex != Lex::NONE {
            self.tokens.push(whole);
            return;
        }
        let (mut start, mut from) = (done.start, from);
        for (at, folded) in done.humps {
            let piece = self.piece(sort, (start, at), (from, folded));
            self.tokens.push(piece);
            (start, from) = (at, folded);
        }
        let last = self.piece(sort, (start, done.end), (from, self.folded.len()));
        self.tokens.push(last);
    }

    fn piece(&self, sort: Sort, (start, end): (usize, usize), (from, to): (usize, usize)) -> Token {
        let text = self.text.get(start..end).unwrap_or_default();
        Token {
            start,
            end,
            from,
            to,
            sort,
            case: if sort == Sort::Word {
                case(text)
            } else {
                Case::Lower
            },
            lex: if sort == Sort::Word {
                lexicon::look_up(&self.folded[from..to])
            } else {
                Lex::NONE
            },
        }
    }

    /// The text of a token.
    pub(crate) fn word(&self, i: usize) -> &'t str {
        self.tokens
            .get(i)
            .and_then(|t| self.text.get(t.start..t.end))
            .unwrap_or_default()
    }

    /// The folded letters of a token.
    pub(crate) fn fold(&self, i: usize) -> &[u8] {
        self.tokens
            .get(i)
            .map_or(&[], |t| self.folded.get(t.from..t.to).unwrap_or_default())
    }

    /// What stands between a token and the next.
    pub(crate) fn gap(&self, i: usize) -> &'t str {
        let start = self.tokens.get(i).map_or(0, |t| t.end);
        let end = self.tokens.get(i + 1).map_or(self.text.len(), |t| t.start);
        self.text.get(start..end).unwrap_or_default()
    }

    /// What stands before a token.
    pub(crate) fn before(&self, i: usize) -> &'t str {
        if i == 0 {
            let end = self.tokens.first().map_or(0, |t| t.start);
            return self.text.get(..end).unwrap_or_default();
        }
        self.gap(i - 1)
    }

    pub(crate) fn token(&self, i: usize) -> Option<&Token> {
        self.tokens.get(i)
    }

    /// The token that holds a byte of the stream.
    pub(crate) fn holder(&self, at: usize) -> usize {
        self.tokens.partition_point(|t| t.to <= at)
    }

    /// The byte of the text where the character starts that a byte of the stream came from.
    pub(crate) fn source(&self, at: usize) -> usize {
        self.source.get(at).map_or(self.text.len(), |s| *s as usize)
    }

    /// The same for the byte after the character.
    pub(crate) fn source_end(&self, at: usize) -> usize {
        let start = self.source(at);
        let len = self.text[start..].chars().next().map_or(0, char::len_utf8);
        start + len
    }

    /// Whether the token is one of the neutral words that stand for something taken out.
    pub(crate) fn is_neutral(&self, i: usize) -> bool {
        self.token(i)
            .is_some_and(|t| t.has(Lex::NEUTRAL) && t.case == Case::Upper)
    }

    /// The value of a number token of at most nine digits.
    pub(crate) fn number(&self, i: usize) -> Option<u32> {
        let token = self.token(i)?;
        if !token.is_number() || token.len() > 9 {
            return None;
        }
        std::str::from_utf8(self.fold(i)).ok()?.parse().ok()
    }
}

/// A run of characters of one sort, as it is read.
#[derive(Debug, Default)]
struct Run {
    sort: Option<Sort>,
    start: usize,
    end: usize,
    from: usize,
    /// Where a new word starts inside: "hansMueller", "MRIHead".
    humps: Vec<(usize, usize)>,
    last: Option<(char, usize, usize)>,
    before_last_upper: bool,
}

impl Run {
    fn letter(&mut self, c: char, at: usize, folded: usize) {
        if let Some((last, last_at, last_folded)) = self.last {
            if last.is_lowercase() && c.is_uppercase() {
                self.humps.push((at, folded));
            } else if self.before_last_upper && last.is_uppercase() && c.is_lowercase() {
                self.humps.push((last_at, last_folded));
            }
            self.before_last_upper = last.is_uppercase();
        }
        self.last = Some((c, at, folded));
    }
}

fn case(word: &str) -> Case {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let first_upper = letters.next().is_some_and(|c| !c.is_lowercase());
    let (mut upper, mut lower) = (0, 0);
    for c in letters {
        if c.is_lowercase() {
            lower += 1;
        } else {
            upper += 1;
        }
    }
    match (first_upper, upper, lower) {
        (true, 0, 0) => Case::Upper,
        (true, _, 0) => Case::Upper,
        (true, 0, _) => Case::Title,
        (false, 0, _) => Case::Lower,
        _ => Case::Mixed,
    }
}
