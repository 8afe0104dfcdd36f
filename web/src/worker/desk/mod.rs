//! The worker of the desks: it holds what a desk works on, and nothing that leaves.

mod protocol;

use js_sys::Array;

use super::{Pool, Reply};
use crate::desk::{Ask, Told};
use crate::messages::Answer;

/// What the desks keep between two questions.
#[derive(Default)]
pub(crate) struct Desk {
    attributes: protocol::Attributes,
}

/// Answers a desk.
pub(crate) async fn answer(desk: &Desk, pool: &Pool, ask: Ask, attachments: &Array) -> Reply {
    let told = match ask {
        Ask::Check(protocol) => Told::Checked(protocol::sound(&protocol).map(Box::new)),
        Ask::Compare {
            project,
            trial,
            key,
            input,
        } => protocol::compared(pool, *project, *trial, key, input, attachments).await,
        Ask::Read => Told::Read(protocol::opened(attachments).await.map(Box::new)),
        Ask::Ready(id) => Told::Read(protocol::ready(&id).map(Box::new)),
        Ask::Find { text, options } => Told::Found(desk.attributes.find(&text, &options)),
    };
    Answer::Desk(Box::new(told)).into()
}
