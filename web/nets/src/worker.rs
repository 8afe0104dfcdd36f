//! Questions in, answers out.

use std::cell::RefCell;
use std::rc::Rc;

use cordon_web::looks::{Ask, Choice, Told};
use cordon_web::messages::{Answer, Request};
use cordon_web::worker::{Reply, serve};
use js_sys::Array;

use crate::device::{self, Open};
use crate::files::Files;
use crate::{look, measure};

/// What the worker keeps between two questions.
#[derive(Default)]
pub(crate) struct Worker {
    open: RefCell<Option<Rc<Open>>>,
    files: Files,
}

/// Starts answering.
pub(crate) fn start() {
    let worker = Rc::new(Worker::default());
    serve(move |request, attachments| {
        let worker = worker.clone();
        async move {
            let (told, buffers) = match request {
                Request::Looks(ask) => worker.answer(*ask, &attachments).await,
                _ => {
                    let sentence = "this worker only looks at pixels".to_owned();
                    (Told::Sentence(sentence), Array::new())
                }
            };
            Reply::buffers(Answer::Looks(Box::new(told)), buffers)
        }
    });
}

impl Worker {
    async fn open(&self, choice: Choice) -> Rc<Open> {
        let open = Rc::new(device::open(choice).await);
        self.open.replace(Some(open.clone()));
        open
    }

    async fn opened(&self) -> Rc<Open> {
        let open = self.open.borrow().clone();
        match open {
            Some(open) => open,
            None => self.open(Choice::Any).await,
        }
    }

    async fn answer(&self, ask: Ask, attachments: &Array) -> (Told, Array) {
        let told = match ask {
            Ask::Open(choice) => {
                let known = self.open.borrow().clone();
                // The graphics processor is opened once: a second opening would fail.
                let open = match known.filter(|open| choice == Choice::Any || !open.is_gpu()) {
                    Some(open) => open,
                    None => self.open(choice).await,
                };
                Told::Opened(open.processor.clone())
            }
            Ask::Files(inputs) => {
                self.files.add(inputs, attachments);
                Told::Done
            }
            Ask::Forget => {
                self.files.forget();
                Told::Done
            }
            Ask::Look(job) => {
                let open = self.opened().await;
                let looked = look::look(&self.files, &job, &open).await;
                self.files.forget();
                match looked {
                    Ok((looked, buffers)) => return (Told::Looked(Box::new(looked)), buffers),
                    Err(sentence) => Told::Sentence(sentence),
                }
            }
            Ask::Measure => {
                let open = self.opened().await;
                match measure::measure(&open).await {
                    Ok(measured) => Told::Measured(measured),
                    Err(error) => Told::Sentence(error.to_string()),
                }
            }
        };
        (told, Array::new())
    }
}
