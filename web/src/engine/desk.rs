//! The desks' worker: started when a desk is first opened, so that a table or a trial never
//! waits behind images, and ended with its memory when nobody needs it.

use std::rc::Rc;

use cordon_contribute::{Comparison, FileId};
use cordon_protocol::{DeidOption, Protocol};
use js_sys::Array;

use super::Engine;
use super::core::Inner;
use super::link::Link;
use crate::desk::{Ask, Fault, Known, Opened, Sound, Told};
use crate::messages::{Answer, Request};

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
