//! The queue: which series need a look, and asking the networks' worker for it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::rc::Rc;

use cordon_contribute::{FileId, FileState, Phase, SiteKey, cut_seed, is_derived, open_questions};
use cordon_protocol::Protocol;
use js_sys::Array;
use wasm_bindgen_futures::spawn_local;

use super::{LookState, Place, SeriesLook};
use crate::engine::clock;
use crate::engine::core::{Inner, State};
use crate::engine::link::Link;
use crate::engine::types::ServerState;
use crate::looks::{Ask, Choice, Job, Looked, SCRIPT, Told, Wants};
use crate::messages::{Answer, Request};

/// Files that are handed over in one message.
const AT_A_TIME: usize = 64;

/// What has to be looked for in a file, by what was noticed in its head. The worker looks at
/// each header again and asks what the cleaner will ask.
fn wants(file: &FileState, protocol: &Protocol) -> Wants {
    let Some(entry) = file.entry.as_ref().filter(|_| file.phase == Phase::Checked) else {
        return Wants::default();
    };
    let asked = open_questions(file.findings.iter().chain(&entry.findings), protocol);
    if entry.frames == 0 || entry.rows == 0 {
        // Contours have no pixels and may follow a face all the same.
        return Wants {
            face: asked.face && is_derived(&entry.sop_class),
            ..Wants::default()
        };
    }
    Wants {
        text: asked.text,
        face: asked.face,
        quality: asked.face || asked.text || protocol.quality.is_screened(),
    }
}

/// Where files lie, when they all lie in one place.
fn place(files: &[&FileState]) -> Option<Place> {
    let of = |file: &FileState| {
        let entry = file.entry.as_ref()?;
        (!entry.frame_of_reference.is_empty()).then(|| Place {
            study: entry.study_uid.clone(),
            frame: entry.frame_of_reference.clone(),
        })
    };
    let first = of(files.first()?)?;
    let same = |file: &&FileState| of(file).as_ref() == Some(&first);
    files.iter().all(same).then_some(first)
}

impl Inner {
    /// Looks at what needs it, once nothing is read or cleaned any more.
    pub(crate) fn queue_looks(self: &Rc<Self>) {
        if self.queued_looks() {
            self.run_looks();
        }
    }

    /// Puts series that need a look into the queue; says whether there were any.
    fn queued_looks(&self) -> bool {
        if self.pool.iter().any(|l| l.busy.get() > 0) {
            return false;
        }
        let contribution = self.contribution.borrow();
        if contribution.approval().is_some() || contribution.is_paused() {
            return false;
        }
        let files = contribution.files();
        let busy = |f: &FileState| {
            matches!(
                f.phase,
                Phase::Found | Phase::Reading | Phase::Listed | Phase::Cleaning
            )
        };
        if files.iter().any(busy) {
            return false;
        }
        let mut state = self.state.borrow_mut();
        let state = &mut *state;
        let ServerState::Ready(info) = &state.server else {
            return false;
        };
        // Each file is judged once, when it has its first verdict.
        let looks = &mut state.looks;
        looks.judged.resize(files.len(), false);
        let mut series: BTreeMap<(&str, &str), Wants> = BTreeMap::new();
        for (file, judged) in files.iter().zip(&mut looks.judged) {
            let Some(entry) = file.entry.as_ref().filter(|_| file.phase == Phase::Checked) else {
                continue;
            };
            if std::mem::replace(judged, true) {
                continue;
            }
            let wants = wants(file, &info.protocol);
            if wants.any() {
                let of = (entry.study_uid.as_str(), entry.series_uid.as_str());
                let all = series.entry(of).or_default();
                *all = all.or(wants);
            }
        }
        if series.is_empty() {
            return false;
        }
        let mut members: BTreeMap<(&str, &str), Vec<&FileState>> = BTreeMap::new();
        for file in files {
            let there = matches!(state.sources.get(file.id as usize), Some(Some(_)));
            if let (Some(entry), true) = (&file.entry, there) {
                let of = (entry.study_uid.as_str(), entry.series_uid.as_str());
                if file.phase == Phase::Checked && series.contains_key(&of) {
                    members.entry(of).or_default().push(file);
                }
            }
        }
        // What shows most lends to what shows less: localizers come late, contours last. Of equals
        // the one with the smaller new UID comes first, as in the command: the same leaves.
        let key = state.key_bytes.map(SiteKey::from_bytes);
        let mut members: Vec<_> = members.into_iter().collect();
        members.sort_by_cached_key(|((study, series), files)| {
            let derived =
                |f: &&FileState| f.entry.as_ref().is_some_and(|e| is_derived(&e.sop_class));
            let new_uid = key.as_ref().map(|key| key.uid(series));
            let shows = (files.iter().any(derived), Reverse(files.len()));
            (*study, shows, new_uid)
        });
        for (of, mut files) in members {
            files.sort_by_key(|f| f.entry.as_ref().and_then(|e| e.instance_number));
            let ids: Vec<FileId> = files.iter().map(|f| f.id).collect();
            let index = looks.all.len();
            for id in &ids {
                looks.of_file.insert(*id, index);
            }
            looks.all.push(SeriesLook {
                files: Rc::new(ids),
                wants: series.get(&of).copied().unwrap_or_default(),
                state: LookState::Waiting,
                face: None,
                said: None,
                turning: None,
                quality: None,
            });
            if let Some(place) = place(&files) {
                looks.places.insert(index, place);
            }
            looks.waiting.push_back(index);
        }
        looks.revision += 1;
        true
    }

    /// Looks at what waits, one series after the other.
    fn run_looks(self: &Rc<Self>) {
        if self.looking.replace(true) {
            return;
        }
        let this = self.clone();
        spawn_local(async move {
            let epoch = this.state.borrow().epoch;
            loop {
                let next = this.state.borrow_mut().looks.waiting.pop_front();
                let Some(index) = next else { break };
                this.look_at(index, epoch).await;
                if this.is_stopped() || this.state.borrow().epoch != epoch {
                    break;
                }
            }
            this.looking.set(false);
            let more = !this.state.borrow().looks.waiting.is_empty();
            if more && !this.is_stopped() {
                this.run_looks();
            }
            this.after_change();
        });
    }

    async fn look_at(self: &Rc<Self>, index: usize, epoch: u32) {
        self.state
            .borrow_mut()
            .looks
            .set(index, LookState::Running(None));
        self.changed();
        let mut told = self.look_once(index).await;
        let current = || self.state.borrow().epoch == epoch && !self.is_stopped();
        if !current() {
            return;
        }
        let running = |state: &State| {
            let look = state.looks.all.get(index);
            look.is_some_and(|l| matches!(l.state, LookState::Running(_)))
        };
        // A lost graphics processor or too little memory ends the worker: once more without it.
        if told.is_err()
            && running(&self.state.borrow())
            && self.state.borrow().looks.choice != Choice::Cpu
        {
            self.state.borrow_mut().looks.choice = Choice::Cpu;
            clock::sleep(400).await;
            told = self.look_once(index).await;
        }
        if !current() || !running(&self.state.borrow()) {
            return;
        }
        match told {
            Ok(Ok((looked, attachments))) => self.take_look(index, looked, &attachments),
            Ok(Err(sentence)) => {
                self.state.borrow_mut().looks.set(index, LookState::Failed(sentence));
            }
            Err(()) => self.state.borrow_mut().looks.set(
                index,
                LookState::Failed(
                    "the networks stopped twice, perhaps for want of memory: close other tabs and look again".to_owned(),
                ),
            ),
        }
        self.after_change();
    }

    fn nets(self: &Rc<Self>) -> Rc<Link> {
        let link = {
            let mut nets = self.nets.borrow_mut();
            nets.get_or_insert_with(|| Link::begin(SCRIPT)).clone()
        };
        let this = Rc::downgrade(self);
        link.on_progress(move |json| {
            let (Some(this), Ok(progress)) = (this.upgrade(), serde_json::from_str(json)) else {
                return;
            };
            let mut state = this.state.borrow_mut();
            let running = |l: &SeriesLook| matches!(l.state, LookState::Running(_));
            if let Some(index) = state.looks.all.iter().position(running) {
                state.looks.set(index, LookState::Running(Some(progress)));
            }
            drop(state);
            this.changed();
        });
        link
    }

    /// Asks the worker; the outer error says that it died.
    async fn look_once(
        self: &Rc<Self>,
        index: usize,
    ) -> Result<Result<(Looked, Array), String>, ()> {
        const STRANGE: &str = "page and worker are of different versions; reload the page";
        let link = self.nets();
        let ask = async |ask: Ask, attachments: &Array| {
            let request = Request::Looks(Box::new(ask));
            match link.ask(&request, attachments).await {
                Ok((Answer::Looks(told), attachments)) => Ok((*told, attachments)),
                Ok((Answer::Sentence(sentence), _)) => Ok((Told::Sentence(sentence), Array::new())),
                Ok(_) => Ok((Told::Sentence(STRANGE.to_owned()), Array::new())),
                Err(_) => Err(()),
            }
        };
        let choice = self.state.borrow().looks.choice;
        match ask(Ask::Open(choice), &Array::new()).await? {
            (Told::Opened(processor), _) => {
                let mut state = self.state.borrow_mut();
                state.looks.processor = Some(processor);
                state.looks.revision += 1;
            }
            (Told::Sentence(sentence), _) => return Ok(Err(sentence)),
            _ => return Ok(Err(STRANGE.to_owned())),
        }
        self.changed();
        ask(Ask::Forget, &Array::new()).await?;
        let (files, wants) = match self.state.borrow().looks.all.get(index) {
            Some(look) => (look.files.clone(), look.wants),
            None => return Ok(Err(String::new())),
        };
        for some in files.chunks(AT_A_TIME) {
            let (inputs, attachments) = self.inputs(some);
            if inputs.len() != some.len() {
                return Ok(Err(
                    "the files are not open any more: drop the folder again".to_owned(),
                ));
            }
            ask(Ask::Files(inputs), &attachments).await?;
        }
        let protocol = match &self.state.borrow().server {
            ServerState::Ready(info) => info.protocol.clone(),
            _ => return Ok(Err("the server's protocol is not known".to_owned())),
        };
        let attachments = Array::new();
        let lent = self.state.borrow().looks.lent(index);
        let job = Job {
            wants,
            protocol: Box::new(protocol),
            seed: self.seed(files.first().copied()),
            lent: lent.map(|(cut, lent)| (attachments.push(&cut) - 1, lent)),
        };
        Ok(match ask(Ask::Look(Box::new(job)), &attachments).await? {
            (Told::Looked(looked), attachments) if looked.files.len() == files.len() => {
                Ok((*looked, attachments))
            }
            (Told::Sentence(sentence), _) => Err(sentence),
            _ => Err(STRANGE.to_owned()),
        })
    }

    /// What makes the rough side of a cut, the same for a study and a key.
    fn seed(&self, id: Option<FileId>) -> u64 {
        let contribution = self.contribution.borrow();
        let study = id
            .and_then(|id| contribution.file(id))
            .and_then(|f| f.entry.as_ref())
            .map_or("", |e| e.study_uid.as_str());
        let Some(key) = self.state.borrow().key_bytes else {
            return 0;
        };
        cut_seed(&SiteKey::from_bytes(key), study)
    }

    /// Series that wait or are being looked at.
    pub(crate) fn looks_open(&self) -> usize {
        self.state.borrow().looks.open()
    }

    /// Stops looking: what has not been looked at stays held.
    pub(super) fn stop_looks(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        state.looks.waiting.clear();
        let mut running = false;
        for look in &mut state.looks.all {
            running |= matches!(look.state, LookState::Running(_));
            if look.state.is_open() {
                look.state = LookState::Stopped;
            }
        }
        state.looks.revision += 1;
        drop(state);
        if running {
            self.end_nets();
        }
        self.after_change();
    }

    /// Ends the networks' worker with its memory.
    pub(crate) fn end_nets(&self) {
        if let Some(link) = self.nets.take() {
            link.end();
        }
    }

    /// Looks once more at everything that nobody could look at.
    pub(super) fn look_again_at_all(self: &Rc<Self>) {
        let ids: Vec<FileId> = {
            let state = self.state.borrow();
            let failed =
                |l: &&SeriesLook| matches!(l.state, LookState::Failed(_) | LookState::Stopped);
            let all = state.looks.all.iter().filter(failed);
            all.filter_map(|l| l.files.first().copied()).collect()
        };
        for id in ids {
            self.look_again(id);
        }
    }

    /// Looks at a series once more.
    pub(super) fn look_again(self: &Rc<Self>, id: FileId) {
        let mut state = self.state.borrow_mut();
        let looks = &mut state.looks;
        let Some(index) = looks.of_file.get(&id).copied() else {
            return;
        };
        let open = looks.all.get(index).is_none_or(|l| l.state.is_open());
        if open {
            return;
        }
        looks.set(index, LookState::Waiting);
        looks.waiting.push_back(index);
        drop(state);
        self.run_looks();
        self.changed();
    }
}
