//! The desks' worker: started when a desk is first opened, so that a table or a trial never
//! waits behind images, and ended with its memory when nobody needs it.

use std::rc::Rc;

use cordon_clinical::Mapping;
use cordon_contribute::{Comparison, FileId};
use cordon_protocol::{DeidOption, Protocol};
use js_sys::{Array, Uint8Array};

use super::Engine;
use super::core::Inner;
use super::link::Link;
use super::types::KeyState;
use crate::desk::{
    Ask, CleanTable, Fault, Known, Opened, RowPair, Sound, TableInfo, TableView, Told,
};
use crate::messages::{Answer, Input, Request};

const NO_ANSWER: &str = "the browser could not do that; reload the page and try again";

fn no_answer() -> Fault {
    Fault {
        field: String::new(),
        sentence: NO_ANSWER.to_owned(),
    }
}

impl Inner {
    fn desk(&self) -> Rc<Link> {
        let mut desk = self.desk.borrow_mut();
        desk.get_or_insert_with(Link::start).clone()
    }

    pub(crate) fn close_desk(&self) {
        if let Some(link) = self.desk.take() {
            link.end();
        }
    }

    pub(crate) async fn ask_desk(&self, ask: Ask, attachments: &Array) -> Told {
        let request = Request::Desk(Box::new(ask));
        match self.desk().ask(&request, attachments).await {
            Ok((Answer::Desk(told), _)) => *told,
            Ok((Answer::Sentence(sentence), _)) => Told::Sentence(sentence),
            _ => Told::Sentence(NO_ANSWER.to_owned()),
        }
    }
}

impl Engine {
    /// Whether this version can obey a protocol; its file if so.
    ///
    /// # Errors
    /// With the field and the sentence of `crates/protocol`.
    pub async fn check_protocol(&self, protocol: &Protocol) -> Result<Sound, Fault> {
        let ask = Ask::Check(Box::new(protocol.clone()));
        match self.inner.ask_desk(ask, &Array::new()).await {
            Told::Checked(result) => result.map(|sound| *sound),
            _ => Err(no_answer()),
        }
    }

    /// A protocol, or a script of RSNA CTP, from a file.
    ///
    /// # Errors
    /// With the line and the sentence.
    pub async fn read_protocol(&self, file: &web_sys::File) -> Result<Opened, Fault> {
        match self.inner.ask_desk(Ask::Read, &Array::of1(file)).await {
            Told::Read(result) => result.map(|opened| *opened),
            _ => Err(no_answer()),
        }
    }

    /// One of the protocols that come with Cordon.
    ///
    /// # Errors
    /// When there is none of that name.
    pub async fn ready_protocol(&self, id: &str) -> Result<Opened, Fault> {
        let ask = Ask::Ready(id.to_owned());
        match self.inner.ask_desk(ask, &Array::new()).await {
            Told::Read(result) => result.map(|opened| *opened),
            _ => Err(no_answer()),
        }
    }

    /// Attributes by tag, keyword or name.
    pub async fn find_attributes(&self, text: &str, options: &[DeidOption]) -> Vec<Known> {
        let ask = Ask::Find {
            text: text.to_owned(),
            options: options.to_vec(),
        };
        match self.inner.ask_desk(ask, &Array::new()).await {
            Told::Found(found) => found,
            _ => Vec::new(),
        }
    }

    /// What becomes of an image under the project's protocol and under another.
    ///
    /// # Errors
    /// With a sentence when the file cannot be read any more, or there is no key.
    pub async fn compare_protocols(
        &self,
        id: FileId,
        project: &Protocol,
        trial: &Protocol,
    ) -> Result<Comparison, String> {
        let (inputs, attachments) = self.inner.inputs(&[id]);
        let input = inputs.first().ok_or(
            "the original is not open: this contribution was begun in an earlier tab. Drop the folder again to compare",
        )?;
        let key = self.inner.state.borrow().key_bytes;
        let ask = Ask::Compare {
            project: Box::new(project.clone()),
            trial: Box::new(trial.clone()),
            key: key.ok_or("this browser holds no key yet")?,
            input: *input,
        };
        match self.inner.ask_desk(ask, &attachments).await {
            Told::Compared(comparison) => Ok(*comparison),
            Told::Sentence(sentence) => Err(sentence),
            _ => Err(NO_ANSWER.to_owned()),
        }
    }
}

/// Where a table comes from.
#[derive(Debug, Clone)]
pub enum TableSource {
    /// Dropped beside the images.
    Dropped(FileId),
    /// Chosen on its own.
    Chosen(web_sys::File),
}

impl Engine {
    /// Reads a table in the desks' worker, which keeps it.
    ///
    /// # Errors
    /// With a sentence when it is no table.
    pub async fn read_table(
        &self,
        source: &TableSource,
        sheet: Option<String>,
    ) -> Result<TableInfo, String> {
        let (input, attachments) = match source {
            TableSource::Dropped(id) => {
                let (inputs, attachments) = self.inner.inputs(&[*id]);
                let input = inputs.first().copied();
                let gone = "the file is not open any more: drop it again";
                (input.ok_or(gone)?, attachments)
            }
            TableSource::Chosen(file) => (Input::File { attachment: 0 }, Array::of1(file)),
        };
        match self
            .inner
            .ask_desk(Ask::Table { input, sheet }, &attachments)
            .await
        {
            Told::Table(result) => result.map(|info| *info),
            Told::Sentence(sentence) => Err(sentence),
            _ => Err(NO_ANSWER.to_owned()),
        }
    }

    /// Cleans the table under the project's protocol and the clinic's key, which is made if
    /// there is none yet.
    ///
    /// # Errors
    /// With a sentence when there is no key or the mapping contradicts itself.
    pub async fn clean_table(
        &self,
        mapping: &Mapping,
        protocol: &Protocol,
        accepted: &[(u64, u32)],
    ) -> Result<TableView, String> {
        if self.inner.state.borrow().key == KeyState::Missing {
            self.make_key().await?;
        }
        let key = self.inner.state.borrow().key_bytes;
        let ask = Ask::Clean(Box::new(CleanTable {
            mapping: mapping.clone(),
            protocol: protocol.clone(),
            key: key.ok_or("this browser holds no key yet")?,
            accepted: accepted.to_vec(),
        }));
        match self.inner.ask_desk(ask, &Array::new()).await {
            Told::Cleaned(result) => result.map(|view| *view),
            Told::Sentence(sentence) => Err(sentence),
            _ => Err(NO_ANSWER.to_owned()),
        }
    }

    /// A page of rows before and after.
    pub async fn table_rows(&self, first: usize) -> Vec<RowPair> {
        match self
            .inner
            .ask_desk(Ask::Rows { first }, &Array::new())
            .await
        {
            Told::Rows(rows) => rows,
            _ => Vec::new(),
        }
    }

    /// The cleaned table as CSV.
    ///
    /// # Errors
    /// When there is none.
    pub async fn table_file(&self) -> Result<Vec<u8>, String> {
        let request = Request::Desk(Box::new(Ask::TableFile));
        let told = self.inner.desk().ask(&request, &Array::new()).await;
        match told {
            Ok((Answer::Desk(told), attachments)) if *told == Told::Done => {
                Ok(Uint8Array::new(&attachments.get(0)).to_vec())
            }
            Ok((Answer::Desk(told), _)) => match *told {
                Told::Sentence(sentence) => Err(sentence),
                _ => Err(NO_ANSWER.to_owned()),
            },
            _ => Err(NO_ANSWER.to_owned()),
        }
    }

    /// A mapping as a file.
    ///
    /// # Errors
    /// When a name cannot be written.
    pub async fn write_mapping(&self, mapping: &Mapping) -> Result<String, String> {
        let ask = Ask::WriteMapping(Box::new(mapping.clone()));
        match self.inner.ask_desk(ask, &Array::new()).await {
            Told::Text(text) => Ok(text),
            Told::Sentence(sentence) => Err(sentence),
            _ => Err(NO_ANSWER.to_owned()),
        }
    }

    /// A mapping from a file.
    ///
    /// # Errors
    /// With a sentence when it is none.
    pub async fn read_mapping(&self, file: &web_sys::File) -> Result<Mapping, String> {
        let attachments = Array::of1(file);
        match self.inner.ask_desk(Ask::ReadMapping, &attachments).await {
            Told::Mapping(result) => result.map(|mapping| *mapping),
            _ => Err(NO_ANSWER.to_owned()),
        }
    }

    /// Forgets the table.
    pub async fn close_table(&self) {
        self.inner.ask_desk(Ask::CloseTable, &Array::new()).await;
    }
}
