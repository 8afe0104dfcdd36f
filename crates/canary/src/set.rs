//! The set of files: which family in which encoding with which canaries.

use std::path::Path;

use cordon_protocol::Tag;
use serde::{Deserialize, Serialize};

use crate::bodies::{FAMILIES, Family};
use crate::mint::{Canary, Charset, Mint};
use crate::plant;
use crate::write::{Element, File, Length, Syntax, Value, text};

/// How much is planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// Every row of the table at every depth, and every other hiding place.
    Everything,
    /// The identity that a scanner writes: the object stays one that a validator accepts.
    Usual,
}

/// One file with its canaries.
#[derive(Debug, Clone)]
pub struct Planted {
    /// A name that says what it is.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// What is in it.
    pub canaries: Vec<Canary>,
}

/// What one file is made from.
#[derive(Debug, Clone, Copy)]
pub struct Recipe {
    /// The object.
    pub family: &'static Family,
    /// The transfer syntax.
    pub syntax: Syntax,
    /// The character set of its text.
    pub charset: Charset,
    /// How sequences are written.
    pub length: Length,
    /// How much is planted.
    pub amount: Amount,
    /// The first number of its canaries.
    pub seed: u32,
}

impl Recipe {
    /// The file's name.
    #[must_use]
    pub fn name(&self) -> String {
        let length = match self.length {
            Length::Defined => "defined",
            Length::Undefined => "undefined",
        };
        let amount = match self.amount {
            Amount::Everything => "all",
            Amount::Usual => "usual",
        };
        format!(
            "{}-{}-{}-{length}-{amount}.dcm",
            self.family.name,
            self.syntax.name(),
            self.charset.name()
        )
    }

    /// Makes the file.
    #[must_use]
    pub fn make(&self) -> Planted {
        let mut mint = Mint::new(self.seed, self.charset);
        let planted = match self.amount {
            Amount::Everything => plant::everything(&mut mint, self.length),
            Amount::Usual => usual(&mut mint, self.length),
        };
        let mut data = join(self.family.body(), planted);
        if self.amount == Amount::Everything {
            data.extend(plant::malformed(&mut mint));
        }
        if let Some(term) = self.charset.defined_term() {
            data.push(text(0x0008_0005, *b"CS", term));
        }
        let instance = data
            .iter()
            .find(|e| e.tag == 0x0008_0018)
            .and_then(|e| match &e.value {
                Value::Bytes(bytes) => String::from_utf8(bytes.clone()).ok(),
                _ => None,
            })
            .unwrap_or_default();
        let meta = plant::meta(&mut mint, self.family.sop_class, &instance);
        let tail = match self.amount {
            Amount::Everything => mint.blob("behind the data set"),
            Amount::Usual => Vec::new(),
        };
        let file = File {
            preamble: mint.blob("preamble"),
            meta,
            syntax: self.syntax,
            data,
            tail,
        };
        Planted {
            name: self.name(),
            bytes: file.bytes(),
            canaries: mint.made,
        }
    }
}

/// Every family in every syntax and both lengths; the character sets take turns, and
/// the first family meets all of them.
#[must_use]
pub fn recipes(amount: Amount) -> Vec<Recipe> {
    let mut out = Vec::new();
    let mut turn = 0_usize;
    for (i, family) in FAMILIES.iter().enumerate() {
        for syntax in Syntax::ALL {
            for length in [Length::Defined, Length::Undefined] {
                let charsets: &[Charset] = if i == 0 {
                    &Charset::ALL
                } else {
                    let n = turn % Charset::ALL.len();
                    turn += 1;
                    &Charset::ALL[n..=n]
                };
                for charset in charsets {
                    let number = u32::try_from(out.len()).unwrap_or(0);
                    out.push(Recipe {
                        family,
                        syntax,
                        charset: *charset,
                        length,
                        amount,
                        seed: match amount {
                            Amount::Everything => number * 16_384,
                            Amount::Usual => 2_900_000 + number * 1024,
                        },
                    });
                }
            }
        }
    }
    out
}

/// A list for `canary scan`, next to the files.
#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// File name and canaries.
    pub files: Vec<(String, Vec<Canary>)>,
}

/// Why files could not be made or scanned.
#[derive(Debug, thiserror::Error)]
pub enum SetError {
    /// Reading or writing failed.
    #[error("{0}: {1}")]
    Io(String, std::io::Error),
    /// The manifest is not one.
    #[error("canaries.json cannot be read: {0}")]
    Manifest(serde_json::Error),
    /// The search could not be built.
    #[error("the canaries are too many to search for at once")]
    TooMany,
}

/// Writes the whole set and its manifest into a folder; says how many files.
///
/// # Errors
/// When the folder cannot be written.
pub fn write_to(folder: &Path) -> Result<usize, SetError> {
    let io = |e| SetError::Io(folder.display().to_string(), e);
    std::fs::create_dir_all(folder).map_err(io)?;
    let mut manifest = Manifest { files: Vec::new() };
    for amount in [Amount::Everything, Amount::Usual] {
        for recipe in recipes(amount) {
            let planted = recipe.make();
            std::fs::write(folder.join(&planted.name), &planted.bytes).map_err(io)?;
            manifest.files.push((planted.name, planted.canaries));
        }
    }
    let json = serde_json::to_vec(&manifest).map_err(SetError::Manifest)?;
    std::fs::write(folder.join("canaries.json"), json).map_err(io)?;
    Ok(manifest.files.len())
}

/// The attributes by which a scanner, a RIS and a PACS identify an object.
const USUAL: &[(u32, [u8; 2])] = &[
    (0x0008_0012, *b"DA"),
    (0x0008_0013, *b"TM"),
    (0x0008_0014, *b"UI"),
    (0x0008_0018, *b"UI"),
    (0x0008_0020, *b"DA"),
    (0x0008_0021, *b"DA"),
    (0x0008_0022, *b"DA"),
    (0x0008_0023, *b"DA"),
    (0x0008_002A, *b"DT"),
    (0x0008_0030, *b"TM"),
    (0x0008_0031, *b"TM"),
    (0x0008_0032, *b"TM"),
    (0x0008_0033, *b"TM"),
    (0x0008_0050, *b"SH"),
    (0x0008_0080, *b"LO"),
    (0x0008_0081, *b"ST"),
    (0x0008_0090, *b"PN"),
    (0x0008_1010, *b"SH"),
    (0x0008_1030, *b"LO"),
    (0x0008_103E, *b"LO"),
    (0x0008_1050, *b"PN"),
    (0x0008_1070, *b"PN"),
    (0x0010_0010, *b"PN"),
    (0x0010_0020, *b"LO"),
    (0x0010_0030, *b"DA"),
    (0x0010_0040, *b"CS"),
    (0x0010_1001, *b"PN"),
    (0x0010_1040, *b"LO"),
    (0x0010_21B0, *b"LT"),
    (0x0010_4000, *b"LT"),
    (0x0018_1000, *b"LO"),
    (0x0018_1030, *b"LO"),
    (0x0020_000D, *b"UI"),
    (0x0020_000E, *b"UI"),
    (0x0020_0010, *b"SH"),
    (0x0020_0052, *b"UI"),
    (0x0020_4000, *b"LT"),
    (0x0040_0244, *b"DA"),
    (0x0040_0245, *b"TM"),
    (0x0040_0253, *b"SH"),
    (0x0040_0254, *b"LO"),
];

fn usual(mint: &mut Mint, length: Length) -> Vec<Element> {
    let mut out: Vec<Element> = USUAL
        .iter()
        .map(|(tag, vr)| Element {
            tag: *tag,
            vr: *vr,
            value: if *tag == 0x0010_0040 {
                Value::Bytes(b"O".to_vec())
            } else {
                mint.value(*vr, &format!("usual {}", Tag(*tag)))
            },
        })
        .collect();
    let referenced = vec![
        text(0x0008_1150, *b"UI", "1.2.840.10008.3.1.2.3.1"),
        text(
            0x0008_1155,
            *b"UI",
            &mint.uid("usual (0008,1111) > (0008,1155)"),
        ),
    ];
    out.push(Element {
        tag: 0x0008_1111,
        vr: *b"SQ",
        value: Value::Items(vec![referenced], length),
    });
    let creator = mint.ascii("usual (0009,0010)");
    out.push(text(0x0009_0010, *b"LO", &creator));
    let value = mint.value(*b"LO", "usual (0009,1001)");
    out.push(Element {
        tag: 0x0009_1001,
        vr: *b"LO",
        value,
    });
    out
}

/// The body with what is planted: a planted attribute replaces the body's, and boxes that
/// the body has too are filled up.
fn join(body: Vec<Element>, planted: Vec<Element>) -> Vec<Element> {
    let mut out = body;
    for element in planted {
        let same = out.iter_mut().find(|e| e.tag == element.tag);
        match (same, element.value) {
            (
                Some(Element {
                    value: Value::Items(items, _),
                    ..
                }),
                Value::Items(more, _),
            ) => {
                let first = if items.is_empty() {
                    Vec::new()
                } else {
                    items.remove(0)
                };
                let more = more.into_iter().next().unwrap_or_default();
                items.insert(0, join(first, more));
            }
            (Some(old), value) => {
                old.vr = element.vr;
                old.value = value;
            }
            (None, value) => out.push(Element { value, ..element }),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::Scanner;

    #[test]
    fn every_canary_is_found_in_its_own_file() {
        for recipe in recipes(Amount::Everything).into_iter().step_by(7) {
            let planted = recipe.make();
            let found = Scanner::new(&planted.canaries)
                .unwrap()
                .leaks(&planted.bytes);
            let places: std::collections::BTreeSet<&str> =
                found.iter().map(|l| l.place.as_str()).collect();
            for canary in &planted.canaries {
                assert!(
                    places.contains(canary.place.as_str()),
                    "{}: {}",
                    planted.name,
                    canary.place
                );
            }
        }
    }

    #[test]
    fn the_usual_identity_is_in_the_table() {
        for (tag, _) in USUAL {
            assert!(
                cordon_deid::table::row(Tag(*tag)).is_some(),
                "{}",
                Tag(*tag)
            );
        }
    }

    #[test]
    fn files_share_no_text_canary() {
        let a = recipes(Amount::Usual)[0].make();
        let b = recipes(Amount::Usual)[1].make();
        let words: Vec<Canary> = a.canaries.into_iter().filter(|c| !c.digits).collect();
        assert!(Scanner::new(&words).unwrap().leaks(&b.bytes).is_empty());
    }
}
