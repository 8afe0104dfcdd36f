//! The line to one worker: questions, answers, and what happens when it dies.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, MessageEvent, Url, Worker, WorkerOptions, WorkerType};

use super::clock;
use crate::desk::Ask;
use crate::messages::{Answer, PROGRESS, Request, WordRules};

/// The worker died, or was stopped because it did not come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Died;

type Told = Result<(Answer, Array), Died>;
type Pending = Rc<RefCell<HashMap<u32, (f64, oneshot::Sender<Told>)>>>;

/// A worker that dies more often without an answer cannot run here.
const MOST_DEATHS: u32 = 6;

thread_local! {
    static BASE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Sets where the page's own files are: with a slash at its end.
pub fn set_base(url: &str) {
    BASE.with(|base| url.clone_into(&mut base.borrow_mut()));
}

struct Running {
    worker: Worker,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _failed: Closure<dyn FnMut(web_sys::Event)>,
}

/// One worker.
pub(crate) struct Link {
    running: RefCell<Option<Running>>,
    pending: Pending,
    next: Cell<u32>,
    configuration: RefCell<Option<Request>>,
    /// How often it died since it last answered.
    deaths: Cell<u32>,
    ended: Cell<bool>,
    /// Batches under way.
    pub(crate) busy: Cell<u32>,
    script: &'static str,
    /// Who is told how far a long question is, as JSON.
    progress: RefCell<Option<Rc<Heard>>>,
}

/// Who is told how far a question is.
type Heard = dyn Fn(&str);

/// What starts a worker that cleans.
const CLEANS: &str = "worker-boot.js";

impl Link {
    /// Starts a worker that cleans.
    pub(crate) fn start() -> Rc<Self> {
        Self::begin(CLEANS)
    }

    /// Starts a worker with a script of its own.
    pub(crate) fn begin(script: &'static str) -> Rc<Self> {
        let link = Rc::new(Self {
            running: RefCell::new(None),
            pending: Pending::default(),
            next: Cell::new(0),
            configuration: RefCell::new(None),
            deaths: Cell::new(0),
            ended: Cell::new(false),
            busy: Cell::new(0),
            script,
            progress: RefCell::new(None),
        });
        link.run();
        link
    }

    fn run(self: &Rc<Self>) {
        let Some(worker) = make(self.script) else {
            return;
        };
        let pending = self.pending.clone();
        let this = Rc::downgrade(self);
        let fault = this.clone();
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let message: Array = event.data().unchecked_into();
            let Some(number) = message.get(0).as_f64() else {
                if message.get(0).as_string().as_deref() == Some(PROGRESS) {
                    if let Some(link) = fault.upgrade() {
                        link.tell(&message.get(1).as_string().unwrap_or_default());
                    }
                    return;
                }
                // The starting script says that the module failed.
                if let Some(link) = fault.upgrade() {
                    link.restart();
                }
                return;
            };
            #[allow(
                clippy::cast_sign_loss,
                reason = "numbers of questions count from zero"
            )]
            let number = number as u32;
            let Some((_, told)) = pending.borrow_mut().remove(&number) else {
                return;
            };
            let json = message.get(1).as_string().unwrap_or_default();
            let answer = serde_json::from_str(&json).unwrap_or_else(|_| {
                Answer::Sentence(
                    "page and worker are of different versions; reload the page".to_owned(),
                )
            });
            if let Some(link) = fault.upgrade() {
                link.deaths.set(0);
            }
            let _ = told.send(Ok((answer, message.get(2).unchecked_into())));
        });
        let failed = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            event.prevent_default();
            if let Some(link) = this.upgrade() {
                link.restart();
            }
        });
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
        self.running.replace(Some(Running {
            worker,
            _heard: heard,
            _failed: failed,
        }));
    }

    /// Sets who is told how far a long question is.
    pub(crate) fn on_progress(&self, f: impl Fn(&str) + 'static) {
        self.progress.replace(Some(Rc::new(f)));
    }

    fn tell(&self, json: &str) {
        // It is alive: what takes long is not stuck.
        let now = clock::millis();
        for (since, _) in self.pending.borrow_mut().values_mut() {
            *since = now;
        }
        let progress = self.progress.borrow().clone();
        if let Some(progress) = progress {
            progress(json);
        }
    }

    /// Ends the worker, fails what it was asked, and starts another one.
    pub(crate) fn restart(self: &Rc<Self>) {
        self.stop();
        self.deaths.set(self.deaths.get() + 1);
        if self.deaths.get() > MOST_DEATHS {
            return;
        }
        let this = self.clone();
        // Not inside the old worker's own event; and a module that cannot load must not spin.
        wasm_bindgen_futures::spawn_local(async move {
            clock::sleep(200).await;
            if this.running.borrow().is_some() || this.ended.get() {
                return;
            }
            this.run();
            let configuration = this.configuration.borrow().clone();
            if let Some(request) = configuration {
                let _ = this.ask(&request, &Array::new()).await;
            }
        });
    }

    /// Ends the worker for good.
    pub(crate) fn end(&self) {
        self.ended.set(true);
        self.stop();
    }

    fn stop(&self) {
        if let Some(running) = self.running.take() {
            running.worker.set_onmessage(None);
            running.worker.set_onerror(None);
            running.worker.terminate();
            // The closures are dropped later: one of them may be running at this moment.
            wasm_bindgen_futures::spawn_local(async move {
                clock::sleep(0).await;
                drop(running);
            });
        }
        let pending: Vec<_> = self.pending.borrow_mut().drain().collect();
        for (_, (_, told)) in pending {
            let _ = told.send(Err(Died));
        }
    }

    /// Ends a worker that has not answered for longer than `limit` milliseconds.
    pub(crate) fn stop_if_stuck(self: &Rc<Self>, limit: f64) {
        let now = clock::millis();
        let stuck = self
            .pending
            .borrow()
            .values()
            .any(|(since, _)| now - since > limit);
        if stuck {
            self.restart();
        }
    }

    /// Tells the worker its rules, and tells them again to a successor.
    pub(crate) fn configure(&self, request: Request) {
        let asked = self.ask(&request, &Array::new());
        self.configuration.replace(Some(request));
        wasm_bindgen_futures::spawn_local(async move {
            let _ = asked.await;
        });
    }

    /// Tells the worker what was decided about words, and tells it to a successor too.
    pub(crate) fn tell_words(&self, rules: &WordRules) {
        if let Some(Request::Configure { words, .. }) = &mut *self.configuration.borrow_mut() {
            words.clone_from(rules);
        }
        let asked = self.ask(&Request::Words(rules.clone()), &Array::new());
        wasm_bindgen_futures::spawn_local(async move {
            let _ = asked.await;
        });
    }

    /// Asks; the question is on its way when this returns, so questions keep their order.
    pub(crate) fn ask(
        &self,
        request: &Request,
        attachments: &Array,
    ) -> impl Future<Output = Told> + use<> {
        let number = self.next.get();
        self.next.set(number.wrapping_add(1));
        let (told, hear) = oneshot::channel();
        let json = serde_json::to_string(request).unwrap_or_default();
        let message = Array::of3(&number.into(), &json.into(), attachments);
        // Sending has no limit of time: a slow line is no fault of the worker.
        let since = match request {
            Request::Send { .. } | Request::Project(_) | Request::Close { .. } => f64::INFINITY,
            Request::Desk(ask) if matches!(**ask, Ask::SendTable { .. }) => f64::INFINITY,
            _ => clock::millis(),
        };
        let sent = self
            .running
            .borrow()
            .as_ref()
            .is_some_and(|r| r.worker.post_message(&message).is_ok());
        if sent {
            self.pending.borrow_mut().insert(number, (since, told));
        }
        async move { hear.await.unwrap_or(Err(Died)) }
    }
}

fn make(script: &str) -> Option<Worker> {
    let base = BASE.with(|base| base.borrow().clone());
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    options.set_name("cordon");
    let script = format!("{base}{script}");
    let own = web_sys::window()?.location().origin().ok()?;
    if base.is_empty() || base.starts_with(&format!("{own}/")) {
        return Worker::new_with_options(&script, &options).ok();
    }
    // A portal on another origin: a worker must begin on the portal's own.
    let text = format!("import {};", serde_json::to_string(&script).ok()?);
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &kind).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    Worker::new_with_options(&url, &options).ok()
}
