//! The site key and the clinic's own list of pseudonyms.

use std::collections::BTreeSet;
use std::rc::Rc;

use js_sys::{Array, Uint8Array};

use super::clock;
use super::core::Inner;
use super::types::KeyState;
use crate::messages::{Answer, KeyFile, Request};

const NOT_RUNNING: &str = "the browser could not do that; reload the page and try again";

/// Makes a key if there is none.
pub(crate) async fn make(inner: &Rc<Inner>) -> Result<(), String> {
    let request = Request::MakeKey { now: clock::now() };
    let told = inner.keeper.ask(&request, &Array::new()).await;
    match told {
        Ok((Answer::Key(key), _)) => {
            inner.take_key(&key);
            inner.ready_if_all_there();
            Ok(())
        }
        Ok((Answer::Sentence(sentence), _)) => {
            inner.state.borrow_mut().key = KeyState::Unavailable(sentence.clone());
            inner.changed();
            Err(sentence)
        }
        _ => Err(NOT_RUNNING.to_owned()),
    }
}

/// The key under a passphrase.
pub(crate) async fn export(inner: &Rc<Inner>, passphrase: String) -> Result<Vec<u8>, String> {
    let now = clock::now();
    let request = Request::ExportKey { passphrase, now };
    let told = inner.keeper.ask(&request, &Array::new()).await;
    match told {
        Ok((Answer::Key(key), attachments)) => {
            inner.take_key(&key);
            Ok(Uint8Array::new(&attachments.get(0)).to_vec())
        }
        Ok((Answer::Sentence(sentence), _)) => Err(sentence),
        _ => Err(NOT_RUNNING.to_owned()),
    }
}

/// Takes a key from a file. What was cleaned under another key must not be mixed with it.
pub(crate) async fn import(
    inner: &Rc<Inner>,
    file: Vec<u8>,
    passphrase: String,
) -> Result<(), String> {
    let cleaned = inner
        .contribution
        .borrow()
        .files()
        .iter()
        .any(|f| f.record.is_some());
    if cleaned && !inner.contribution.borrow().is_closed() {
        return Err("images are cleaned under the present key already: send them or begin a new contribution first, then import the key".to_owned());
    }
    let now = clock::now();
    let request = Request::ImportKey { passphrase, now };
    let buffer = Uint8Array::from(&*file);
    let told = inner
        .keeper
        .ask(&request, &Array::of1(&buffer.buffer()))
        .await;
    match told {
        Ok((Answer::Key(key), _)) => {
            inner.take_key(&key);
            inner.ready_if_all_there();
            Ok(())
        }
        Ok((Answer::Sentence(sentence), _)) => Err(sentence),
        _ => Err(NOT_RUNNING.to_owned()),
    }
}

impl Inner {
    pub(crate) fn take_key(self: &Rc<Self>, key: &KeyFile) {
        let bytes = hex::decode(&key.key).ok().and_then(|b| b.try_into().ok());
        let mut state = self.state.borrow_mut();
        state.key_bytes = bytes;
        state.key = KeyState::Ready {
            made_at: key.made_at.clone(),
            backed_up_at: key.backed_up_at.clone(),
            fingerprint: key.fingerprint.clone(),
        };
        drop(state);
        self.notice(
            "key-not-backed-up",
            key.backed_up_at.is_none().then_some(
                "this browser holds your clinic's only key: save a back-up, or the same patient gets another pseudonym after the browser's data are cleared",
            ),
        );
        self.changed();
    }

    /// Who is who, as far as the files that were dropped in this tab tell.
    fn mapping(&self) -> Option<String> {
        let mut rows = BTreeSet::new();
        for file in self.contribution.borrow().files() {
            let (Some(entry), Some(record)) = (&file.entry, &file.record) else {
                continue;
            };
            rows.insert([
                entry.patient_id.clone(),
                entry.patient_name.clone(),
                entry.birth_date.clone(),
                record.pseudonym.clone(),
                entry.study_uid.clone(),
                record.study.clone(),
            ]);
        }
        if rows.is_empty() {
            return None;
        }
        // A byte order mark, so that spreadsheets read names in their own script.
        let mut csv = "\u{FEFF}Patient ID,Patient's Name,Birth Date,Pseudonym,Study Instance UID,Study Instance UID as sent\r\n".to_owned();
        for row in rows {
            let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
            csv.push_str(&cells.join(","));
            csv.push_str("\r\n");
        }
        Some(csv)
    }
}

/// A cell that no spreadsheet takes for a formula or two cells.
fn quoted(cell: &str) -> String {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

/// The list of pseudonyms under a passphrase.
pub(crate) async fn export_mapping(
    inner: &Rc<Inner>,
    passphrase: String,
) -> Result<Vec<u8>, String> {
    let Some(text) = inner.mapping() else {
        return Err(
            "nothing was cleaned in this tab, so there is nobody to list; drop the folder again"
                .to_owned(),
        );
    };
    let request = Request::Encrypt { text, passphrase };
    let told = inner.keeper.ask(&request, &Array::new()).await;
    match told {
        Ok((Answer::Done, attachments)) => Ok(Uint8Array::new(&attachments.get(0)).to_vec()),
        Ok((Answer::Sentence(sentence), _)) => Err(sentence),
        _ => Err(NOT_RUNNING.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_cell_stays_one_cell_and_no_formula() {
        assert_eq!(quoted("Meier^Anna"), "\"Meier^Anna\"");
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(quoted("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
    }
}
