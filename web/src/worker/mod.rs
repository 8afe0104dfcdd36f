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
mod read;
mod send;
mod stage;
mod stow;
mod unzip;

use std::cell::RefCell;
use std::rc::Rc;

use cordon_contribute::{Cleaner, SiteKey};
use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::messages::{Answer, Request};

/// By what a worker cleans.
pub(crate) struct Rules {
    pub(crate) cleaner: Cleaner,
    /// The round of the words that were decided.
    pub(crate) round: u32,
}

/// What the pool's requests need beside themselves.
pub(crate) struct Pool {
    pub(crate) cleaner: RefCell<Option<Rc<Rules>>>,
    pub(crate) key: RefCell<Option<SiteKey>>,
    pub(crate) stage: stage::Stage,
    pub(crate) zips: unzip::Zips,
    pub(crate) last: pictures::Last,
}

/// A worker's whole state.
pub(crate) struct Worker {
    pub(crate) pool: Pool,
    pub(crate) keeper: keeper::Keeper,
    pub(crate) desk: desk::Desk,
}

/// An answer with what travels beside it.
pub(crate) struct Reply {
    answer: Answer,
    attachments: Array,
    transfer: Array,
}

impl Reply {
    /// An answer and blobs.
    pub(crate) fn with(answer: Answer, attachments: Array) -> Self {
        Self {
            answer,
            attachments,
            transfer: Array::new(),
        }
    }

    /// An answer and one buffer that is given away.
    pub(crate) fn buffer(answer: Answer, buffer: &JsValue) -> Self {
        Self {
            answer,
            attachments: Array::of1(buffer),
            transfer: Array::of1(buffer),
        }
    }
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self::with(answer, Array::new())
    }
}

/// Starts answering messages, those included that came while the module was loading.
pub fn start() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    let worker = Rc::new(Worker {
        pool: Pool {
            cleaner: RefCell::default(),
            key: RefCell::default(),
            stage: stage::Stage::default(),
            zips: unzip::Zips::default(),
            last: pictures::Last::default(),
        },
        keeper: keeper::Keeper::default(),
        desk: desk::Desk::default(),
    });
    let handler = Closure::<dyn FnMut(MessageEvent)>::new({
        let scope = scope.clone();
        move |event: MessageEvent| {
            let worker = worker.clone();
            let scope = scope.clone();
            let message: Array = event.data().unchecked_into();
            wasm_bindgen_futures::spawn_local(async move {
                let number = message.get(0);
                let attachments: Array = message.get(2).unchecked_into();
                let json = message.get(1).as_string().unwrap_or_default();
                let reply = match serde_json::from_str::<Request>(&json) {
                    Ok(request) => worker.answer(request, &attachments).await,
                    Err(_) => Answer::Sentence(UNREADABLE.to_owned()).into(),
                };
                post(&scope, &number, &reply);
            });
        }
    });
    scope.set_onmessage(Some(handler.as_ref().unchecked_ref()));
    handler.forget();
    // What came before the module was there waits in a list of the starting script.
    let waiting = js_sys::Reflect::get(&scope, &"cordonReady".into());
    if let Ok(Ok(ready)) = waiting.map(JsCast::dyn_into::<Function>) {
        let _ = ready.call0(&JsValue::NULL);
    }
}

const UNREADABLE: &str = "page and worker are of different versions; reload the page";

fn post(scope: &DedicatedWorkerGlobalScope, number: &JsValue, reply: &Reply) {
    let json = serde_json::to_string(&reply.answer).unwrap_or_else(|_| {
        // A number that JSON does not know, say: better a sentence than silence.
        "{\"Sentence\":\"the worker's answer cannot be written\"}".to_owned()
    });
    let message = Array::of3(number, &json.into(), &reply.attachments);
    let _ = scope.post_message_with_transfer(&message, &reply.transfer);
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
            Request::Read(inputs) => read::batch(pool, &inputs, attachments).await,
            Request::List { zip } => pool.zips.list(zip, attachments),
            Request::Clean(inputs) => clean::batch(pool, &inputs, attachments).await,
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
