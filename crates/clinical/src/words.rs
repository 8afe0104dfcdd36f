//! Free text of a table through the text cleaner of the images.

use cordon_words::{Kind, KnownIdentity, TextCleaner};

use crate::mapping::Identity;
use crate::text::{CleanText, CleanedText, Person};

/// The text cleaner that reads the images' descriptions and reports, for a table's texts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Words;

impl CleanText for Words {
    fn clean(&self, texts: &[&str], person: &Person<'_>) -> Vec<CleanedText> {
        let mut known = KnownIdentity::default();
        for (identity, cell) in person.identities {
            let list = match identity {
                Identity::Name => &mut known.patient_name,
                Identity::Number => &mut known.ids,
                Identity::Contact => &mut known.phones,
                Identity::Address | Identity::Place => &mut known.places,
                // Every date of a text moves or goes, whosever it is.
                Identity::Birth => continue,
            };
            list.push((*cell).to_owned());
        }
        let cleaner = TextCleaner::new(&known, person.shift_days);
        texts
            .iter()
            .map(|text| {
                let outcome = cleaner.clean(text, Kind::Comment);
                CleanedText {
                    doubts: outcome
                        .uncertain_words(text)
                        .into_iter()
                        .map(str::to_owned)
                        .collect(),
                    text: outcome.text,
                    strict: outcome.strict,
                }
            })
            .collect()
    }
}
