//! The worker: everything that takes time.
//!
//! One module for two roles. The pool reads, cleans, stages, draws and sends; one
//! more, the keeper, owns the journal and the site key and asks the server small
//! questions. A worker holds nothing that cannot be made again.

mod clean;
mod desk;
mod digest;
mod files;
mod keeper;
mod keyfile;
mod net;
mod opfs;
mod pictures;
mod pixels;
mod read;
mod send;
mod serve;
mod stage;
mod stow;
mod unzip;
mod warm;

use std::cell::RefCell;
use std::rc::Rc;

use cordon_contribute::{Cleaner, SiteKey};
use js_sys::Array;

use crate::messages::{Answer, Request};

pub use files::{all as bytes_of, now as bytes_now, size as size_of};
pub use serve::{Reply, serve, tell};
pub use unzip::Zips;

/// By what a worker cleans.
pub(crate) struct Rules {
    pub(crate) cleaner: Cleaner,
    /// The round of the words that were decided.
    pub(crate) round: u32,
}

/// What the pool's requests need beside themselves.
#[derive(Default)]
pub(crate) struct Pool {
    pub(crate) cleaner: RefCell<Option<Rc<Rules>>>,
    pub(crate) key: RefCell<Option<SiteKey>>,
    pub(crate) stage: stage::Stage,
    pub(crate) zips: Zips,
    pub(crate) last: pictures::Last,
    pub(crate) cuts: pixels::Cuts,
}

/// A worker's whole state.
pub(crate) struct Worker {
    pub(crate) pool: Pool,
    pub(crate) keeper: keeper::Keeper,
    pub(crate) desk: desk::Desk,
    pub(crate) warm: warm::Images,
}

/// Starts answering messages, those included that came while the module was loading.
pub fn start() {
    let worker = Rc::new(Worker {
        pool: Pool::default(),
        keeper: keeper::Keeper::default(),
        desk: desk::Desk::default(),
        warm: warm::Images::default(),
    });
    serve(move |request, attachments| {
        let worker = worker.clone();
        async move { worker.answer(request, &attachments).await }
    });
}

impl Worker {
    async fn answer(&self, request: Request, attachments: &Array) -> Reply {
        let pool = &self.pool;
        match request {
            Request::Configure {
                protocol,
                key,
                folder,
                words,
            } => {
                let key = SiteKey::from_bytes(key);
                let cleaner = Cleaner::new(*protocol, key.clone());
                *pool.cleaner.borrow_mut() = Some(Rc::new(Rules {
                    cleaner: cleaner.with_decisions(words.decisions),
                    round: words.round,
                }));
                *pool.key.borrow_mut() = Some(key);
                pool.stage.configure(folder);
                Answer::Done.into()
            }
            Request::Words(words) => {
                let rules = pool.cleaner.borrow().clone();
                if let Some(rules) = rules {
                    let cleaner = rules.cleaner.clone().with_decisions(words.decisions);
                    *pool.cleaner.borrow_mut() = Some(Rc::new(Rules {
                        cleaner,
                        round: words.round,
                    }));
                }
                Answer::Done.into()
            }
            Request::Excerpts { input, words } => {
                pictures::excerpts(pool, input, &words, attachments).await
            }
            Request::Warm => {
                let rules = pool.cleaner.borrow().clone();
                warm::up(&self.warm, rules).await
            }
            Request::Read(inputs) => read::batch(pool, &inputs, attachments).await,
            Request::List { zip } => pool.zips.list(zip, attachments),
            Request::Clean { inputs, works } => {
                clean::batch(pool, &inputs, &works, attachments).await
            }
            Request::Flush => {
                pool.stage.flush();
                self.keeper.flush();
                Answer::Done.into()
            }
            Request::CloseSegment => {
                pool.stage.close();
                Answer::Done.into()
            }
            Request::Send {
                line,
                contribution,
                approval,
                objects,
            } => send::batch(pool, &line, &contribution, &approval, objects, attachments).await,
            Request::Thumbnail(picture) => pictures::thumbnail(pool, &picture, attachments).await,
            Request::Frame { picture, frame } => {
                pictures::frame(pool, &picture, frame, attachments).await
            }
            Request::Header(input) => pictures::header(pool, input, attachments).await,
            Request::Desk(ask) => desk::answer(&self.desk, pool, *ask, attachments).await,
            other => keeper::answer(&self.keeper, other, attachments).await,
        }
    }
}
