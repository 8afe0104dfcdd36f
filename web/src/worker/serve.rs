//! The worker's end of the line: questions in, answers out.

use js_sys::{Array, Function};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::messages::{Answer, PROGRESS, Request};

/// An answer with what travels beside it.
#[derive(Debug)]
pub struct Reply {
    answer: Answer,
    attachments: Array,
    transfer: Array,
}

impl Reply {
    /// An answer and blobs.
    #[must_use]
    pub fn with(answer: Answer, attachments: Array) -> Self {
        Self {
            answer,
            attachments,
            transfer: Array::new(),
        }
    }

    /// The answer without what travels beside it.
    #[must_use]
    pub fn alone(self) -> Self {
        self.answer.into()
    }

    /// An answer and one buffer that is given away.
    #[must_use]
    pub fn buffer(answer: Answer, buffer: &JsValue) -> Self {
        Self::buffers(answer, Array::of1(buffer))
    }

    /// An answer and buffers, all of which are given away.
    #[must_use]
    pub fn buffers(answer: Answer, buffers: Array) -> Self {
        Self {
            answer,
            transfer: buffers.slice(0, buffers.length()),
            attachments: buffers,
        }
    }
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self::with(answer, Array::new())
    }
}

fn scope() -> Option<DedicatedWorkerGlobalScope> {
    js_sys::global().dyn_into().ok()
}

/// Answers messages with `answer`, those included that came while the module was loading.
pub fn serve<F, R>(answer: F)
where
    F: Fn(Request, Array) -> R + Clone + 'static,
    R: Future<Output = Reply> + 'static,
{
    let Some(scope) = scope() else {
        return;
    };
    let handler = Closure::<dyn FnMut(MessageEvent)>::new({
        let scope = scope.clone();
        move |event: MessageEvent| {
            let answer = answer.clone();
            let scope = scope.clone();
            let message: Array = event.data().unchecked_into();
            wasm_bindgen_futures::spawn_local(async move {
                let number = message.get(0);
                let attachments: Array = message.get(2).unchecked_into();
                let json = message.get(1).as_string().unwrap_or_default();
                let reply = match serde_json::from_str::<Request>(&json) {
                    Ok(request) => answer(request, attachments).await,
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

/// Tells the page how far a question has come that takes long.
pub fn tell<T: Serialize>(news: &T) {
    if let (Some(scope), Ok(json)) = (scope(), serde_json::to_string(news)) {
        let _ = scope.post_message(&Array::of2(&PROGRESS.into(), &json.into()));
    }
}
