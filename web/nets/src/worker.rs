//! Questions in, answers out.

use std::cell::RefCell;
use std::rc::Rc;

use cordon_web::looks::{Ask, Choice, Job, Told};
use cordon_web::messages::{Answer, Request};
use cordon_web::worker::{Reply, serve};
use js_sys::{Array, Uint8Array};

use crate::files::Files;
use crate::nets::Nets;
use crate::{device, look, measure};

/// What the worker keeps between two questions.
#[derive(Default)]
pub(crate) struct Worker {
    nets: RefCell<Option<Rc<Nets>>>,
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
    /// The networks on a processor. The graphics processor is opened once: a second opening of it
    /// would fail.
    async fn nets(&self, choice: Choice) -> Rc<Nets> {
        let known = self.nets.borrow().clone();
        if let Some(nets) = known.filter(|n| n.open.serves(choice)) {
            return nets;
        }
        let nets = Rc::new(Nets::new(device::open(choice).await));
        self.nets.replace(Some(nets.clone()));
        nets
    }

    async fn answer(&self, ask: Ask, attachments: &Array) -> (Told, Array) {
        let told = match ask {
            Ask::Open(choice) => Told::Opened(self.nets(choice).await.open.processor.clone()),
            Ask::Files(inputs) => {
                self.files.add(inputs, attachments);
                Told::Done
            }
            Ask::Forget => {
                self.files.forget();
                Told::Done
            }
            Ask::Look(job) => return self.look(&job, attachments).await,
            Ask::Measure => {
                let nets = self.nets(Choice::Any).await;
                match measure::measure(&nets).await {
                    Ok(measured) => Told::Measured(measured),
                    Err(sentence) => Told::Sentence(sentence),
                }
            }
        };
        (told, Array::new())
    }

    async fn look(&self, job: &Job, attachments: &Array) -> (Told, Array) {
        // A cut that cannot be read is none: what it would have taken off stays held.
        let lent = job.lent.as_ref().and_then(|(n, lent)| {
            let bytes = Uint8Array::new(&attachments.get(*n)).to_vec();
            let cut = serde_json::from_slice(&bytes).ok()?;
            Some((cut, lent.clone()))
        });
        let nets = self.nets(Choice::Any).await;
        let (mut looked, mut buffers) = look::look(&self.files, job, &nets, lent.as_ref()).await;
        // A graphics processor that was lost gives no results: once more without it.
        if !looked.trouble.is_empty() && nets.open.is_gpu() {
            let nets = self.nets(Choice::Cpu).await;
            (looked, buffers) = look::look(&self.files, job, &nets, lent.as_ref()).await;
        }
        self.files.forget();
        (Told::Looked(Box::new(looked)), buffers)
    }
}
