//! The worker of the desks: it holds what a desk works on, and nothing that leaves.

mod protocol;
mod table;

use js_sys::Array;

use super::{Pool, Reply};
use crate::desk::{Ask, Told};
use crate::messages::Answer;

/// What the desks keep between two questions.
#[derive(Default)]
pub(crate) struct Desk {
    attributes: protocol::Attributes,
    table: table::Held,
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
        Ask::Table { input, sheet } => {
            let read = table::read(&desk.table, pool, input, sheet, attachments).await;
            Told::Table(read.map(Box::new))
        }
        Ask::Clean(how) => Told::Cleaned(table::clean(&desk.table, &how).map(Box::new)),
        Ask::Rows { first } => Told::Rows(desk.table.rows(first)),
        Ask::TableFile => return table::file(&desk.table),
        Ask::WriteMapping(mapping) => match mapping.to_toml() {
            Ok(text) => Told::Text(text),
            Err(e) => Told::Sentence(e.to_string()),
        },
        Ask::ReadMapping => Told::Mapping(table::mapping(attachments).await.map(Box::new)),
        Ask::CloseTable => {
            desk.table.clear();
            Told::Done
        }
        Ask::TakeAlong(yes) => Told::Along(desk.table.take_along(yes).map(Box::new)),
        Ask::SendTable {
            line,
            contribution,
            approval,
        } => Told::Sent(table::send(&desk.table, &line, &contribution, approval).await),
    };
    Answer::Desk(Box::new(told)).into()
}
