//! The face of a series: found, taken off, proven off.

use cordon_deface::{Air, Cut, Face, Label, Wishes};
use cordon_inspect::face::{FaceJob, FaceNets, FaceOutcome, FaceReport, Unseen};
use cordon_inspect::files::{self, evidence};
use cordon_inspect::turn;
use cordon_nets::Device;
use cordon_protocol::Protocol;
use cordon_web::looks::{Busy, FaceLook, Job, Lent, Looked, Measure};
use js_sys::{Array, Uint8Array};

use crate::clock::{Laps, Teller};
use crate::files::Files;
use crate::nets::Nets;

/// Looks for a face in the volume that the files make. `lent` is what is taken off another series
/// of the same frame of reference. The first buffer is the cut, the others are pictures of the
/// head before and after.
pub(crate) async fn look(
    files: &Files,
    job: &Job,
    nets: &Nets,
    looked: &mut Looked,
    laps: &mut Laps,
    lent: Option<&(Cut, Lent)>,
    buffers: &Array,
) -> Result<(), String> {
    let networks = nets.face().await?;
    laps.lap("weights of the face networks");
    let Some((volume, members)) = gather(files, &job.protocol) else {
        if let Some((cut, lent)) = lent {
            traced(files, &job.protocol, cut, lent, looked, buffers);
        }
        return Ok(());
    };
    laps.lap("slices brought together");
    let wishes = Wishes {
        keep_orbits: job.protocol.face.keep_orbits,
    };
    let mut teller = Teller::new(Busy::Face, 1);
    let mut progress = |done: usize, of: usize| {
        teller.of(of);
        teller.done(done);
        true
    };
    let outcome = volume
        .finish(
            &networks,
            &nets.open.device,
            wishes,
            job.seed,
            lent.map(|(cut, _)| cut),
            &mut progress,
        )
        .await
        .map_err(|error| format!("{error}."))?;
    laps.lap("face found, taken off and verified");
    for (found, member) in looked.files.iter_mut().zip(members) {
        if member {
            found.face = Some(evidence(&outcome.report));
            found.cut = outcome.cut.is_some();
            found.air = outcome.cut.is_some().then_some(outcome.air);
        }
    }
    looked.face = Some(told(&outcome, &volume, buffers));
    laps.lap("pictures from all around");
    Ok(())
}

/// The slices of the volume, and which files they are in.
fn gather(files: &Files, protocol: &Protocol) -> Option<(FaceJob, Vec<bool>)> {
    let mut teller = Teller::new(Busy::Reading, files.len());
    let mut volume: Option<FaceJob> = None;
    let mut members = vec![false; files.len()];
    for (n, member) in members.iter_mut().enumerate() {
        teller.done(n);
        let Some(bytes) = files.read(n) else { continue };
        *member = files::gather(&mut volume, &bytes, protocol);
    }
    volume.map(|volume| (volume, members))
}

/// Structures, dose and maps lose what the volumes of their frame of reference lose.
fn traced(
    files: &Files,
    protocol: &Protocol,
    cut: &Cut,
    lent: &Lent,
    looked: &mut Looked,
    buffers: &Array,
) {
    let mut any = false;
    for (n, found) in looked.files.iter_mut().enumerate() {
        let frame = files
            .read(n)
            .and_then(|bytes| files::traced(&bytes, protocol));
        if frame.as_ref() == Some(&lent.frame) {
            found.face = Some(lent.face.clone());
            found.cut = true;
            found.air = Some(Air::NOTHING);
            any = true;
        }
    }
    if any {
        let bytes = serde_json::to_vec(cut).unwrap_or_default();
        buffers.push(&Uint8Array::from(bytes.as_slice()).buffer());
        looked.face = Some(FaceLook {
            head: true,
            before: word(lent.face.before),
            after: word(lent.face.after),
            cut: true,
            lent: true,
            ..FaceLook::default()
        });
    }
}

fn word(face: Face) -> String {
    match face {
        Face::Present => "present",
        Face::Absent => "absent",
        Face::Unsure => "unsure",
    }
    .to_owned()
}

fn told(outcome: &FaceOutcome, volume: &FaceJob, buffers: &Array) -> FaceLook {
    let report = &outcome.report;
    let put = |bytes: &[u8]| buffers.push(&Uint8Array::from(bytes).buffer());
    let cut = outcome
        .cut
        .as_ref()
        .and_then(|cut| serde_json::to_vec(cut).ok());
    put(cut.as_deref().unwrap_or_default());
    let mut directions = 0;
    if let Some(before) = volume.turned(hint(report), None) {
        directions = turn::DIRECTIONS;
        put(&before);
        let after = outcome
            .cut
            .as_ref()
            .and_then(|cut| volume.turned(hint(report), Some((cut, outcome.air))));
        put(after.as_deref().unwrap_or_default());
    }
    let small = |n: usize| u32::try_from(n).unwrap_or(0);
    FaceLook {
        head: report.head,
        before: word(report.face),
        after: word(report.after),
        measures: measures(report, cut.is_some()),
        cut: cut.is_some(),
        directions: small(directions),
        side: small(turn::SIDE),
        lent: report.lent,
        why_not: report.unseen.map(why).unwrap_or_default().to_owned(),
    }
}

/// The middle of the head, so that both turns are taken from the same place.
fn hint(report: &FaceReport) -> Option<[f64; 3]> {
    let at = |label| {
        let mut all = report.centres.iter();
        all.find(|(l, _)| *l == label).map(|(_, centre)| *centre)
    };
    match (at(Label::Brain), at(Label::Face)) {
        (Some(b), Some(f)) => Some(std::array::from_fn(|a| f64::midpoint(b[a], f[a]))),
        (Some(b), None) => Some([b[0], b[1], b[2] - 25.0]),
        (None, face) => face,
    }
}

const fn why(unseen: Unseen) -> &'static str {
    match unseen {
        Unseen::NoGeometry => {
            "No slice says where it lies, so nobody can tell whether there is a face."
        }
        Unseen::TooThin => "There are too few slices to know a head by.",
        Unseen::Turned => {
            "The head was found only after turning the scan: its header does not say how it lies."
        }
        Unseen::Elsewhere => "The result does not show the same place.",
        Unseen::Cancelled => "Looking was stopped.",
    }
}

fn measures(report: &FaceReport, cut: bool) -> Vec<Measure> {
    let one = |name: &str, value: f64, unit: &str| Measure {
        name: name.to_owned(),
        value,
        unit: unit.to_owned(),
        limits: [None; 2],
    };
    let mut all = vec![one("slices that took part", report.slices as f64, "")];
    if report.placeless > 0 {
        all.push(one("slices without a place", report.placeless as f64, ""));
    }
    if cut {
        all.push(one(
            "face surface that moved",
            report.altered.face * 100.0,
            "%",
        ));
        all.push(one(
            "ear surface that moved",
            report.altered.ears * 100.0,
            "%",
        ));
        // A borrowed cut counts none: this series does not know its brain.
        if !report.lent {
            let brain = report.brain_voxels_changed as f64;
            all.push(one("brain voxels changed", brain, ""));
        }
    }
    all
}

/// The networks with their weights.
pub(crate) async fn load(device: &Device) -> Result<FaceNets, String> {
    let head = crate::assets::fetch(cordon_nets::head::WEIGHTS).await?;
    let view = crate::assets::fetch(cordon_nets::view::WEIGHTS).await?;
    FaceNets::load(device, head, view).map_err(|error| format!("{error}."))
}
