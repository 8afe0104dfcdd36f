//! Getting one input into memory, within limits, whatever it is.

use std::fs::File;
use std::io::{self, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use clap::Args;
use cordon_contribute::{Inventory, inventory};
use cordon_protocol::{Code, Finding};

use crate::inputs::{Input, Source};
use crate::pool;

/// Files above this size are looked at by their head before they are read whole.
const LARGE: u64 = 16 << 20;
/// How much of the head that takes at first.
const HEAD: u64 = 64 << 10;

/// How much of the machine to use.
#[derive(Args, Debug, Clone, Copy)]
pub(crate) struct Resources {
    /// Threads; all cores where it is not given.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Largest file in MiB; a larger one is refused.
    #[arg(long, value_name = "MIB", default_value_t = 2048)]
    largest: u64,
    /// Memory for files in progress in MiB; one file above it is worked on alone.
    #[arg(long, value_name = "MIB", default_value_t = 1024)]
    memory: u64,
}

impl Resources {
    pub(crate) fn limits(&self) -> pool::Limits {
        pool::Limits {
            threads: self
                .threads
                .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)),
            bytes: self.memory.saturating_mul(1 << 20),
        }
    }
    /// The largest file in bytes.
    pub(crate) fn largest(&self) -> u64 {
        self.largest.saturating_mul(1 << 20)
    }
}

/// What memory a file takes while it is worked on: itself, its successor, their trees.
pub(crate) fn weight(input: &Input) -> u64 {
    input.size.saturating_mul(3).saturating_add(1 << 20)
}

/// An input that could not be had: why it stays, and what the system said.
#[derive(Debug)]
pub(crate) struct NotHad {
    pub(crate) finding: Finding,
    pub(crate) error: Option<String>,
}

impl NotHad {
    fn because(code: Code) -> Self {
        Self {
            finding: Finding::new(code),
            error: None,
        }
    }
    fn unreadable(error: &io::Error) -> Self {
        Self {
            finding: Finding::new(Code::UnreadableFile),
            // The kind only: some systems put paths into the message.
            error: Some(error.kind().to_string()),
        }
    }
}

/// Reads an input into `buffer`, whose old content is dropped.
pub(crate) fn load(input: &Input, largest: u64, buffer: &mut Vec<u8>) -> Result<(), NotHad> {
    buffer.clear();
    match &input.source {
        Source::Unreadable => Err(NotHad::unreadable(&io::ErrorKind::NotFound.into())),
        Source::Bomb => Err(NotHad::because(Code::TooLarge)),
        Source::Entry(archive, index) => {
            archive
                .read(*index, largest, buffer)
                .map_err(|error| NotHad::unreadable(&error))?;
            if buffer.len() as u64 > largest {
                return Err(NotHad::because(Code::TooLarge));
            }
            Ok(())
        }
        Source::File(path) => {
            let mut file = File::open(path).map_err(|e| NotHad::unreadable(&e))?;
            if input.size > LARGE {
                let mut head = Vec::new();
                (&mut file)
                    .take(HEAD)
                    .read_to_end(&mut head)
                    .map_err(|e| NotHad::unreadable(&e))?;
                match inventory(&head, input.size) {
                    Inventory::NotDicom => return Err(NotHad::because(Code::NotDicom)),
                    Inventory::Directory => return Err(NotHad::because(Code::Directory)),
                    _ if input.size > largest => return Err(NotHad::because(Code::TooLarge)),
                    _ => buffer.extend_from_slice(&head),
                }
            }
            // One byte more than expected: the last read then says that the end was reached.
            let room = input
                .size
                .saturating_sub(buffer.len() as u64)
                .saturating_add(1);
            buffer.reserve(usize::try_from(room).unwrap_or(0));
            file.take(largest.saturating_add(1))
                .read_to_end(buffer)
                .map_err(|e| NotHad::unreadable(&e))?;
            // It may have grown since it was listed.
            if buffer.len() as u64 > largest {
                return Err(NotHad::because(Code::TooLarge));
            }
            Ok(())
        }
    }
}

/// Runs `act`; a panic in it becomes a refusal.
pub(crate) fn guarded<T>(act: impl FnOnce() -> T) -> Result<T, NotHad> {
    catch_unwind(AssertUnwindSafe(act)).map_err(|_| NotHad::because(Code::Internal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_refusal() {
        let refused = guarded(|| panic!("a value")).expect_err("caught");
        assert_eq!(refused.finding.code, Code::Internal);
        assert_eq!(guarded(|| 7).expect("fine"), 7);
    }

    #[test]
    fn a_file_above_the_limit_is_refused_without_being_read_whole() {
        let dir = tempfile::tempdir().expect("dir");
        let path = dir.path().join("large");
        let size = LARGE + 10;
        File::create(&path)
            .and_then(|f| f.set_len(size))
            .expect("file");
        let input = Input {
            name: String::new(),
            size,
            source: Source::File(path.clone()),
        };
        let mut buffer = Vec::new();
        let refused = load(&input, 1 << 20, &mut buffer).expect_err("zeros are not DICOM");
        assert_eq!(refused.finding.code, Code::NotDicom);
        std::fs::write(
            &path,
            cordon_synth::one_of_each(1).next().expect("file").bytes,
        )
        .expect("write");
        let grown = Input { size: 100, ..input };
        let refused = load(&grown, 1_000, &mut buffer).expect_err("grown");
        assert_eq!(refused.finding.code, Code::TooLarge);
    }
}
