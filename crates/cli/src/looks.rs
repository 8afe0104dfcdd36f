//! The pixel stages of `cordon clean`: what the headers leave open goes to the networks, series by
//! series, as in the page. What is taken off one series goes in every other one of its study and
//! frame of reference.
//!
//! Every object is cleaned first without them, at full speed. What is held for a face or for text
//! that may be there comes here, and is cleaned anew with what was found. Nobody's failure lets
//! anything through: without an answer the object stays held, as it was.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use cordon_contribute::{FaceEvidence, PixelWork, Questions, SiteKey, cut_seed, open_questions};
use cordon_deface::{Air, Cut, Wishes};
use cordon_dicom::{read, read_inflating, tag, tags};
use cordon_inspect::Device;
use cordon_inspect::face::{FaceJob, FaceNets, FaceOutcome};
use cordon_inspect::files::{self, evidence, gather, text_of};
use cordon_inspect::text::TextNets;
use cordon_nets::device::{Processor, open, wait};
use cordon_nets::line::LineNet;
use cordon_nets::text::TextNet;
use cordon_protocol::{Finding, Protocol};
use cordon_screen::{Screener, SliceFacts};

use crate::failure::Failure;
use crate::inputs::Input;
use crate::jobs;

/// An object that waits for a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// Its place in the list of inputs.
    pub(crate) input: usize,
    /// Study and series, as pseudonyms.
    pub(crate) series: (String, String),
    /// Whether it follows what a volume shows without being one.
    pub(crate) derived: bool,
    /// What has to be looked for.
    pub(crate) wants: Wants,
}

/// What has to be looked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Wants {
    questions: Questions,
    quality: bool,
}

impl Wants {
    /// By what was noticed in an image when it was cleaned; `None` when nobody has to look.
    pub(crate) fn of(findings: &[Finding], protocol: &Protocol) -> Option<Self> {
        let questions = open_questions(findings, protocol);
        let quality = protocol.quality.is_screened();
        (questions.text || questions.face || quality).then_some(Self { questions, quality })
    }

    fn or(self, other: Self) -> Self {
        Self {
            questions: Questions {
                text: self.questions.text || other.questions.text,
                face: self.questions.face || other.questions.face,
            },
            quality: self.quality || other.quality,
        }
    }
}

/// What is taken off the series of a study, by frame of reference (0020,0052).
type LentCuts = BTreeMap<String, (Arc<Cut>, FaceEvidence)>;

/// What looks.
pub(crate) struct Looks<'a> {
    device: Device,
    text: TextNet,
    line: LineNet,
    face: FaceNets,
    inputs: &'a [Input],
    protocol: &'a Protocol,
    key: &'a SiteKey,
    largest: u64,
}

impl<'a> Looks<'a> {
    /// Loads the networks.
    ///
    /// # Errors
    /// When the processor or the weights are not there.
    pub(crate) fn open(
        gpu: bool,
        inputs: &'a [Input],
        protocol: &'a Protocol,
        key: &'a SiteKey,
        largest: u64,
    ) -> Result<Self, Failure> {
        let processor = if gpu { Processor::Gpu } else { Processor::Cpu };
        let device = wait(open(processor))?;
        Ok(Self {
            text: TextNet::embedded(&device)?,
            line: LineNet::embedded(&device)?,
            face: FaceNets::embedded(&device)?,
            device,
            inputs,
            protocol,
            key,
            largest,
        })
    }

    /// Looks at all that waits, series by series, and hands over what is known and to be done for
    /// each input of it: a cut is large, and one is kept for each frame of reference of a study.
    pub(crate) fn each(
        &self,
        waiting: Vec<Waiting>,
        mut then: impl FnMut(&[Waiting], HashMap<usize, PixelWork>),
    ) {
        let mut studies: BTreeMap<String, BTreeMap<String, Vec<Waiting>>> = BTreeMap::new();
        for one in waiting {
            let (study, series) = one.series.clone();
            let study = studies.entry(study).or_default();
            study.entry(series).or_default().push(one);
        }
        for study in studies.into_values() {
            let mut lent = LentCuts::new();
            let mut series: Vec<Vec<Waiting>> = study.into_values().collect();
            // What shows most lends to what shows less: localizers come late, contours last.
            series.sort_by_key(|members| {
                let derived = members.iter().any(|one| one.derived);
                (derived, Reverse(members.len()))
            });
            for members in &series {
                let wants = members
                    .iter()
                    .fold(Wants::default(), |wants, one| wants.or(one.wants));
                let files: Vec<usize> = members.iter().map(|one| one.input).collect();
                // A panic in a look is no answer.
                let looked = jobs::guarded(|| self.series(wants, &files, &mut lent));
                let works = looked.unwrap_or_default();
                then(members, files.into_iter().zip(works).collect());
            }
        }
    }

    fn load(&self, input: usize, buffer: &mut Vec<u8>) -> bool {
        let input = self.inputs.get(input);
        input.is_some_and(|input| jobs::load(input, self.largest, buffer).is_ok())
    }

    fn series(&self, wants: Wants, files: &[usize], lent: &mut LentCuts) -> Vec<PixelWork> {
        let mut works = vec![PixelWork::default(); files.len()];
        if wants.quality {
            let quality = self.quality(files);
            for work in &mut works {
                work.quality.clone_from(&quality);
            }
        }
        if wants.questions.text {
            self.texts(files, &mut works);
        }
        if wants.questions.face {
            self.face(files, &mut works, lent);
        }
        works
    }

    /// Before anything is changed: is the series whole, are its images any good.
    fn quality(&self, files: &[usize]) -> Vec<Finding> {
        let mut slices = Vec::new();
        let mut buffer = Vec::new();
        for (n, &file) in files.iter().enumerate() {
            if self.load(file, &mut buffer) {
                slices.extend(SliceFacts::of_bytes(&buffer, n));
            }
        }
        let mut load = |n: usize, buffer: &mut Vec<u8>| {
            files.get(n).is_some_and(|&file| self.load(file, buffer))
        };
        let screened = Screener::new(self.protocol).screen(1, &slices, &mut load);
        let mut codes: Vec<_> = screened.report.findings.iter().map(|f| f.code).collect();
        codes.sort_unstable();
        codes.dedup();
        codes.into_iter().map(Finding::new).collect()
    }

    fn texts(&self, files: &[usize], works: &mut [PixelWork]) {
        let mut buffer = Vec::new();
        for (&file, work) in files.iter().zip(works) {
            if !self.load(file, &mut buffer) {
                continue;
            }
            let nets = TextNets {
                find: &self.text,
                read: Some(&self.line),
                device: &self.device,
            };
            let looked = text_of(&buffer, self.protocol, nets);
            // Whatever the failure is: nobody has looked.
            if let Ok(Some(found)) = wait(looked) {
                work.text = Some(found.evidence);
                work.boxes = found.boxes;
            }
        }
    }

    fn face(&self, files: &[usize], works: &mut [PixelWork], lent: &mut LentCuts) {
        let mut volume: Option<FaceJob> = None;
        let mut members = Vec::with_capacity(files.len());
        let mut buffer = Vec::new();
        let mut study = None;
        for &file in files {
            let loaded = self.load(file, &mut buffer);
            members.push(loaded && gather(&mut volume, &buffer, self.protocol));
            if loaded && study.is_none() {
                study = study_of(&buffer);
            }
        }
        let Some(volume) = volume else {
            self.traced(files, works, lent);
            return;
        };
        let wishes = Wishes {
            keep_orbits: self.protocol.face.keep_orbits,
        };
        let seed = cut_seed(self.key, study.as_deref().unwrap_or_default());
        let mut go_on = |_, _| true;
        let frame = volume.frame_of_reference().map(str::to_owned);
        let known = frame.as_ref().and_then(|frame| lent.get(frame));
        let known = known.map(|(cut, _)| cut.clone());
        let looked = volume.finish(
            &self.face,
            &self.device,
            wishes,
            seed,
            known.as_deref(),
            &mut go_on,
        );
        let Ok(FaceOutcome {
            report, cut, air, ..
        }) = wait(looked)
        else {
            return;
        };
        let cut = cut.map(Arc::new);
        if let (Some(frame), Some(cut)) = (frame, &cut)
            && !report.lent
        {
            lent.entry(frame)
                .or_insert_with(|| (cut.clone(), evidence(&report)));
        }
        for (work, _) in works.iter_mut().zip(members).filter(|(_, m)| *m) {
            work.face = Some(evidence(&report));
            work.air = cut.is_some().then_some(air);
            work.cut.clone_from(&cut);
        }
    }
}

impl Looks<'_> {
    /// Structures, dose and maps lose what the volumes of their frame of reference lose.
    fn traced(&self, files: &[usize], works: &mut [PixelWork], lent: &LentCuts) {
        let mut buffer = Vec::new();
        for (&file, work) in files.iter().zip(works) {
            if !self.load(file, &mut buffer) {
                continue;
            }
            let frame = files::traced(&buffer, self.protocol);
            if let Some((cut, face)) = frame.and_then(|frame| lent.get(&frame)) {
                work.face = Some(face.clone());
                work.cut = Some(cut.clone());
                work.air = Some(Air::NOTHING);
            }
        }
    }
}

fn study_of(bytes: &[u8]) -> Option<String> {
    let whole = read_inflating(bytes).ok()?;
    let file = read(&whole).ok()?;
    let uid = file.data.ascii(tag(tags::STUDY_INSTANCE_UID))?;
    Some(uid.to_owned())
}
