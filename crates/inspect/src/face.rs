//! One series: is there a head, has it a face, what has to come off, is it off.

use cordon_deface::{
    ANGLES, Air, Altered, Cut, Face, Grid, Kind, LOOKS, Label, NoPlace, PICTURE_LOOKS, Parts,
    Search, Seen, Stack, Surface, TURNS, View, Volumes, Wishes, air, brain_voxels_changed, dark,
    is_stripped, plan, soft_share,
};
use cordon_nets::head::HeadNet;
use cordon_nets::view::ViewNet;
use cordon_nets::{Device, NetError};
use cordon_pixels::Frame;
use cordon_volumes::SliceGeometry;
use serde::{Deserialize, Serialize};

use crate::proof::judge;

/// The two networks of this stage.
#[derive(Debug)]
pub struct FaceNets {
    /// Finds heads.
    pub head: HeadNet,
    /// Judges pictures of surfaces.
    pub view: ViewNet,
}

impl FaceNets {
    /// The networks with their files of weights: the one that finds heads, the one that judges
    /// pictures.
    ///
    /// # Errors
    /// When the bytes are not those that this build was made with.
    pub fn load(device: &Device, head: Vec<u8>, view: Vec<u8>) -> Result<Self, NetError> {
        use cordon_nets::weights;
        let finds = cordon_nets::head::WEIGHTS;
        let judges = cordon_nets::view::WEIGHTS;
        Ok(Self {
            head: weights::load(HeadNet::new(device), finds, head)?,
            view: weights::load(ViewNet::new(device), judges, view)?,
        })
    }

    /// The networks with the weights inside of this program.
    ///
    /// # Errors
    /// When they are damaged.
    #[cfg(feature = "embedded")]
    pub fn embedded(device: &Device) -> Result<Self, NetError> {
        use cordon_nets::{head, view};
        Self::load(device, head::BYTES.to_vec(), view::BYTES.to_vec())
    }
}

/// Why a series gets no answer from the networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unseen {
    /// No slice says where it lies.
    NoGeometry,
    /// Too few slices, or too thin a piece, to know a head by.
    TooThin,
    /// A head was found only after turning the scan: the header does not say how it lies.
    Turned,
    /// What another program made of the scan does not show the same place.
    Elsewhere,
    /// Somebody stopped it.
    Cancelled,
}

/// What was found, taken off and seen afterwards. No identifiers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FaceReport {
    /// Whether there is a head.
    pub head: bool,
    /// Whether it has a face as it came.
    pub face: Face,
    /// Whether a face is left after the cut; the same as `face` where nothing was cut.
    pub after: Face,
    /// Why nobody could look; then `face` and `after` are unsure.
    pub unseen: Option<Unseen>,
    /// Volumes of the parts that were found.
    pub volumes: Volumes,
    /// Where the parts lie: label and middle, in patient coordinates (LPS, mm).
    pub centres: Vec<(Label, [f64; 3])>,
    /// What the pictures showed before.
    pub seen_before: Seen,
    /// What they showed afterwards.
    pub seen_after: Seen,
    /// What of that was there before; see [`Seen::left`].
    #[serde(default)]
    pub left: Seen,
    /// How much of the face in the pictures moved.
    pub altered: Altered,
    /// How unsure the network is about the brain; see [`Parts::brain_doubt`].
    #[serde(default)]
    pub brain_doubt: f64,
    /// Voxels of 2 mm inside the brain that changed.
    pub brain_voxels_changed: u64,
    /// Whether only what was found in another series of the same frame of reference is taken off
    /// here. The result nobody but a person can judge.
    #[serde(default)]
    pub lent: bool,
    /// Slices that took part.
    pub slices: usize,
    /// Slices without a place.
    pub placeless: usize,
}

/// What the network took each voxel for.
#[derive(Debug, Clone)]
pub struct Found {
    /// Where the voxels lie, in patient coordinates (LPS, mm).
    pub grid: Grid,
    /// The likeliest label of each.
    pub labels: Vec<Label>,
}

/// The answer for one series.
#[derive(Debug, Clone)]
pub struct FaceOutcome {
    /// What to tell people.
    pub report: FaceReport,
    /// What to take off, where there is anything.
    pub cut: Option<Cut>,
    /// What to put in its place.
    pub air: Air,
    /// Pictures before, from [`ANGLES`]. For the person's own screen only.
    pub before: Vec<View>,
    /// Pictures afterwards.
    pub after: Vec<View>,
    /// What the network took each pixel before for: 0 nothing of a face, eyes, nose, mouth, ears,
    /// facial skin.
    pub kinds: Vec<Vec<u8>>,
    /// What the network took each voxel for; nothing where nobody could look.
    pub found: Option<Found>,
    /// Where the middle of the pictures is, where a head was found.
    pub hint: Option<[f64; 3]>,
}

/// Whether the networks' word is enough to let a head go without a person's look. They have to
/// earn it on held-out scans (`docs/models/face.md`); until then a face that looks gone is
/// [`Face::Unsure`], which holds the object, and a person sees it before and after.
pub const TRUSTED: bool = false;

/// Told about progress (steps done, steps in all); gives `false` to stop.
pub type Progress<'a> = dyn FnMut(usize, usize) -> bool + 'a;

/// Slices of a series, collected one by one.
#[derive(Debug)]
pub struct FaceJob {
    stacks: Vec<Stack>,
    pub(crate) kind: Kind,
    pub(crate) placeless: usize,
    slices: usize,
    frame: FrameOfReference,
}

/// The frame of reference (0020,0052) that all slices of a series have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum FrameOfReference {
    #[default]
    Unknown,
    One(String),
    /// Some say nothing, or something else.
    Mixed,
}

/// The least share of soft tissue in a head that CT shows; plastic and dry skulls have less.
const LEAST_SOFT: f64 = 0.35;
/// Above this nobody knows where the brain is, if there is one.
const MOST_DOUBT: f64 = 2.0;
/// Eyes, nose and mouth together, or ears, that the network has to find before anything is cut, in
/// millilitres: pictures alone see faces in fruit.
const LEAST_MIDDLE: f64 = 6.0;
const LEAST_EARS: f64 = 8.0;

/// The upper half of a head has neither eyes nor ears. It has a brain, a forehead of this many
/// millilitres that one network finds, and this many square millimetres of it that the other sees.
const LEAST_BRAIN: f64 = 400.0;
const LEAST_FOREHEAD: f64 = 80.0;
const LEAST_SEEN: f64 = 3000.0;

/// A scan thinner than this in any direction shows no head, in millimetres.
const THINNEST: f64 = 36.0;

impl FaceJob {
    /// A job for a series; `kind` says what its values mean.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self {
            stacks: Vec::new(),
            kind,
            placeless: 0,
            slices: 0,
            frame: FrameOfReference::Unknown,
        }
    }

    /// The frame of reference that all slices lie in, if they lie in one: what is taken off one
    /// series of it can be taken off all of them.
    #[must_use]
    pub fn frame_of_reference(&self) -> Option<&str> {
        match &self.frame {
            FrameOfReference::One(uid) => Some(uid),
            _ => None,
        }
    }

    /// Adds a slice; `value` turns stored values into those of the modality. Only a small copy is
    /// kept.
    pub fn add(&mut self, geometry: &SliceGeometry, frame: &Frame, value: &dyn Fn(f64) -> f64) {
        self.slices += 1;
        self.frame = match (&self.frame, &geometry.frame_of_reference) {
            (FrameOfReference::Unknown, Some(uid)) => FrameOfReference::One(uid.clone()),
            (FrameOfReference::One(one), Some(uid)) if one == uid => self.frame.clone(),
            _ => FrameOfReference::Mixed,
        };
        for stack in &mut self.stacks {
            match stack.add(geometry, frame, value) {
                Ok(()) => return,
                Err(NoPlace::NotParallel) => {}
                Err(NoPlace::Geometry | NoPlace::Colour) => {
                    self.placeless += 1;
                    return;
                }
            }
        }
        let mut stack = Stack::new();
        match stack.add(geometry, frame, value) {
            Ok(()) => self.stacks.push(stack),
            Err(_) => self.placeless += 1,
        }
    }

    /// The stack that shows most.
    pub(crate) fn main(&self) -> Option<&Stack> {
        self.stacks.iter().max_by_key(|stack| stack.len())
    }

    /// Looks, plans, cuts and looks again. `seed` makes the rough side of the cut. `lent` is what
    /// is taken off another series of the same frame of reference: it goes here too, even where
    /// this series alone shows too little to know a face by, as a localizer does.
    ///
    /// # Errors
    /// When a network gives no answer; the series is then held.
    pub async fn finish(
        &self,
        nets: &FaceNets,
        device: &Device,
        wishes: Wishes,
        seed: u64,
        lent: Option<&Cut>,
        progress: &mut Progress<'_>,
    ) -> Result<FaceOutcome, NetError> {
        let Some(stack) = self.main() else {
            return Ok(self.unseen(Unseen::NoGeometry));
        };
        let thin = stack
            .bounds()
            .is_none_or(|[low, high]| (0..3).any(|a| high[a] - low[a] < THINNEST));
        if thin || stack.len() < 3 {
            return Ok(self.unseen(Unseen::TooThin).with(self, lent));
        }
        let Some(mut search) = Search::new(stack, self.kind) else {
            return Ok(self.unseen(Unseen::NoGeometry));
        };
        let cubes = search.len();
        let steps = cubes * LOOKS + 3;
        let Some(mut parts) = look(&mut search, 0, nets, device, steps, progress).await? else {
            return Ok(self.unseen(Unseen::Cancelled));
        };
        let (mut turned, mut tried) = (false, false);
        if !parts.volumes().is_head() && cubes == 1 {
            // Perhaps the header is wrong about left, back and up.
            tried = true;
            for turn in 1..TURNS {
                search.again(turn);
                let steps = steps + turn;
                let Some(again) = look(&mut search, 0, nets, device, steps, progress).await? else {
                    return Ok(self.unseen(Unseen::Cancelled));
                };
                let volumes = again.volumes();
                if volumes.is_head() && volumes.brain > 300.0 && volumes.recognisable() > 40.0 {
                    (parts, turned) = (again, true);
                    break;
                }
            }
        }
        // How unsure the network is at first sight: the mean of several looks is never sure.
        let brain_doubt = parts.brain_doubt();
        let at_first = parts.volumes();
        if at_first.is_head() || has_forehead(&at_first) {
            let again = tried && !turned;
            if again {
                search.again(0);
            }
            for way in usize::from(!again)..LOOKS {
                let Some(more) = look(&mut search, way, nets, device, steps, progress).await?
                else {
                    return Ok(self.unseen(Unseen::Cancelled));
                };
                parts = more;
            }
        }
        let volumes = parts.volumes();
        let flesh = self.kind != Kind::Hounsfield || soft_share(&parts, stack) > LEAST_SOFT;
        let can_be = flesh && brain_doubt < MOST_DOUBT;
        // What one look takes for a head is held as one; cut is only what the mean of all is sure of.
        let sure = volumes.is_head();
        let head = (at_first.is_head() || sure) && can_be;
        let hint = head.then(|| middle(&parts)).flatten();
        let (before, seen_before, kinds) = pictures(stack, self.kind, hint, nets, device).await?;
        let piece = is_piece(&volumes, &seen_before);
        let head = head || can_be && piece;
        if !progress(cubes * LOOKS + 1, steps) {
            return Ok(self.unseen(Unseen::Cancelled));
        }
        let found = volumes.face();
        let shown = if head {
            seen_before.verdict()
        } else {
            bare(&seen_before)
        };
        let stripped = head && is_stripped(&parts, stack);
        let face = match (found, shown) {
            // Whatever surfaces of brains look like, they are no faces.
            _ if stripped => Face::Absent,
            (Face::Absent, Face::Absent) => Face::Absent,
            (Face::Present, Face::Present) => Face::Present,
            _ => Face::Unsure,
        };
        let mut outcome = FaceOutcome {
            report: FaceReport {
                head,
                face,
                after: match face {
                    Face::Present => face,
                    // One value around a brain is no proof for somebody whose skull is thin.
                    _ if !TRUSTED || stripped && shown != Face::Absent => Face::Unsure,
                    _ => face,
                },
                unseen: turned.then_some(Unseen::Turned),
                volumes,
                centres: centres(&parts),
                seen_before,
                seen_after: seen_before,
                left: seen_before,
                altered: Altered {
                    face: 0.0,
                    ears: 0.0,
                    before: 0.0,
                    shape: 0.0,
                },
                brain_doubt,
                brain_voxels_changed: 0,
                lent: false,
                slices: self.slices,
                placeless: self.placeless,
            },
            cut: None,
            air: air(&parts, stack, self.kind),
            before,
            after: Vec::new(),
            kinds,
            found: Some(Found {
                grid: parts.grid,
                labels: parts.labels(),
            }),
            hint,
        };
        // Where the pictures do not show a face nothing is cut, whatever the other network thinks: a
        // scan that came without stays as it came, and a person decides.
        let parts_agree =
            volumes.eyes + volumes.nose + volumes.mouth > LEAST_MIDDLE || volumes.ears > LEAST_EARS;
        let own = if head && (sure || piece) && !stripped && shown == Face::Present && parts_agree {
            let own = plan(&parts, stack, self.kind, wishes, seed);
            if own.is_none() {
                outcome.report.after = Face::Unsure;
            }
            own
        } else {
            None
        };
        // A head that came without a face stays as it came, whatever other series show; where nobody
        // saw a head at all, the other series knows better.
        let bare = head && face == Face::Absent;
        let lent = lent.filter(|cut| !bare && self.stacks.iter().any(|s| s.meets(cut)));
        outcome.report.lent = own.is_none() && lent.is_some();
        if outcome.report.lent {
            // The other series says that there is one.
            outcome.report.face = Face::Unsure;
        }
        let Some(cut) = (match (own, lent) {
            (Some(own), Some(lent)) => Some(own.joined(lent)),
            (own, lent) => own.or_else(|| lent.cloned()),
        }) else {
            progress(steps, steps);
            return Ok(outcome);
        };
        if !progress(cubes * LOOKS + 2, steps) {
            return Ok(self.unseen(Unseen::Cancelled));
        }
        let Some(proof) = self.prove(&outcome, &cut, nets, device).await? else {
            return Ok(self.unseen(Unseen::NoGeometry));
        };
        let report = &mut outcome.report;
        proof.enter(report);
        // Where only another series knows the head, that one counted its brain.
        if !report.lent {
            report.brain_voxels_changed = brain_voxels_changed(&parts, &cut);
        }
        report.after = judge(report);
        outcome.after = proof.after;
        outcome.cut = Some(cut);
        progress(steps, steps);
        Ok(outcome)
    }

    fn unseen(&self, why: Unseen) -> FaceOutcome {
        FaceOutcome {
            report: FaceReport {
                head: false,
                face: Face::Unsure,
                after: Face::Unsure,
                unseen: Some(why),
                volumes: Volumes::default(),
                centres: Vec::new(),
                seen_before: Seen::default(),
                seen_after: Seen::default(),
                left: Seen::default(),
                altered: Altered::default(),
                brain_doubt: 0.0,
                brain_voxels_changed: 0,
                lent: false,
                slices: self.slices,
                placeless: self.placeless,
            },
            cut: None,
            air: Air {
                level: 0.0,
                noise: 0.0,
            },
            before: Vec::new(),
            after: Vec::new(),
            kinds: Vec::new(),
            found: None,
            hint: None,
        }
    }
}

impl FaceOutcome {
    /// The same where nobody could look, with what is taken off another series. A person has to
    /// see the images.
    fn with(mut self, job: &FaceJob, lent: Option<&Cut>) -> Self {
        let Some(cut) = lent.filter(|cut| job.stacks.iter().any(|stack| stack.meets(cut))) else {
            return self;
        };
        if let Some(stack) = job.main() {
            self.air = dark(stack, job.kind);
        }
        self.report.head = true;
        self.report.lent = true;
        self.cut = Some(cut.clone());
        self
    }
}

/// Whether two networks agree on a piece of a head in which no part of a face is. Fruit has a brain, if
/// one network is asked, and no forehead for the other.
fn is_piece(volumes: &Volumes, seen: &Seen) -> bool {
    has_forehead(volumes) && seen.face > LEAST_SEEN
}

fn has_forehead(volumes: &Volumes) -> bool {
    volumes.brain > LEAST_BRAIN && volumes.face > LEAST_FOREHEAD
}

/// What pictures of a thing that is no head mean: a network that sees a face there is asked twice.
fn bare(seen: &Seen) -> Face {
    match seen.verdict() {
        Face::Absent => Face::Absent,
        _ if seen.eyes + seen.nose + seen.mouth < 600.0 => Face::Absent,
        _ => Face::Unsure,
    }
}

/// Looks at all cubes in one way, and says what that and the ways before come to.
async fn look(
    search: &mut Search,
    way: usize,
    nets: &FaceNets,
    device: &Device,
    steps: usize,
    progress: &mut Progress<'_>,
) -> Result<Option<Parts>, NetError> {
    for i in 0..search.len() {
        if !progress(way * search.len() + i, steps) {
            return Ok(None);
        }
        let answer = nets.head.segment(search.cube(i, way), device).await?;
        search.absorb(i, way, &answer);
    }
    Ok(Some(search.finish()))
}

pub(crate) type Pictures = (Vec<View>, Seen, Vec<Vec<u8>>);

pub(crate) async fn pictures(
    stack: &Stack,
    kind: Kind,
    hint: Option<[f64; 3]>,
    nets: &FaceNets,
    device: &Device,
) -> Result<Pictures, NetError> {
    let Some(surface) = Surface::of(stack, kind, hint) else {
        return Ok((Vec::new(), Seen::default(), Vec::new()));
    };
    let views: Vec<View> = ANGLES.iter().map(|&angle| surface.view(angle)).collect();
    let mut sum = Vec::new();
    for look in PICTURE_LOOKS {
        let answer = nets.view.judge(look.show(&views), device).await?;
        look.add(&answer, &mut sum);
    }
    let (seen, kinds) = Seen::of(&sum, views.len());
    Ok((views, seen, kinds))
}

/// The middle of the head, for framing pictures.
fn middle(parts: &Parts) -> Option<[f64; 3]> {
    let brain = parts.centre(Label::Brain);
    let face = parts.centre(Label::Face);
    match (brain, face) {
        (Some(b), Some(f)) => Some(std::array::from_fn(|a| f64::midpoint(b[a], f[a]))),
        (Some(b), None) => Some([b[0], b[1], b[2] - 25.0]),
        (None, face) => face,
    }
}

fn centres(parts: &Parts) -> Vec<(Label, [f64; 3])> {
    Label::ALL
        .iter()
        .skip(2)
        .filter_map(|&label| parts.centre(label).map(|c| (label, c)))
        .collect()
}
