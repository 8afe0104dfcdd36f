//! One series from headers and bytes to a report, with bounded memory.

use cordon_dicom::{read, read_inflating};
use cordon_pixels::{Frame, Presentation, describe, frame};
use cordon_protocol::{Code, Protocol, Quality, Severity};
use cordon_volumes::Stack;

use crate::duplicates::{Content, VolumeHash};
use crate::facts::SliceFacts;
use crate::metrics::{Region, Regions, measure};
use crate::model::{self, Weights};
use crate::report::{Metric, Noticed, SeriesReport};
use crate::rules::{self, pixels::SlicePixels};
use crate::volume::Volume;

/// Most voxels that are measured at once: 128 MiB as `f32`. Of a larger stack every second,
/// third, … slice is measured; every slice is decoded and checked all the same.
pub const MAX_VOXELS: usize = 32 << 20;
/// The learned screen speaks above this probability where a protocol does not say otherwise.
const SURE: f64 = 0.95;
/// Body on more than this share of the outermost pixels reaches the edge.
const CUT_OFF: f64 = 0.05;
/// The median of air in a CT image lies between these, in HU.
const AIR: [f64; 2] = [-1100.0, -850.0];
/// Modalities that a report may name; another value of (0008,0060) could be anything.
const MODALITIES: [&str; 28] = [
    "CR", "CT", "DX", "ECG", "ES", "GM", "IO", "IVUS", "KO", "MG", "MR", "NM", "OCT", "OP", "OT",
    "PR", "PT", "PX", "RF", "RG", "RTDOSE", "RTIMAGE", "RTPLAN", "RTSTRUCT", "SC", "SEG", "SM",
    "US",
];

/// Screens series by a protocol.
#[derive(Debug, Clone)]
pub struct Screener {
    quality: Quality,
    min_slices: u32,
    weights: Option<Weights>,
}

/// The outcome of one series: what may travel, and what is for comparing only.
#[derive(Debug, Clone)]
pub struct Screened {
    /// The report.
    pub report: SeriesReport,
    /// What [`crate::duplicates`] compares.
    pub content: Content,
}

impl Screener {
    /// A screener that obeys this protocol, with the weights that come with Cordon.
    #[must_use]
    pub fn new(protocol: &Protocol) -> Self {
        Self {
            quality: protocol.quality.clone(),
            min_slices: protocol.require.min_slices,
            // Weights that do not fit say nothing; a protocol's limit then finds no measure.
            weights: model::trained().ok(),
        }
    }

    /// Screens one series.
    ///
    /// `slices` are the facts of all frames of all files of the series; `load` brings the bytes of
    /// a file into the buffer, by [`SliceFacts::file`], and says whether it could. Files are
    /// loaded one after the other and once each; of their pixels, one volume of at most
    /// [`MAX_VOXELS`] is kept.
    pub fn screen(
        &self,
        number: usize,
        slices: &[SliceFacts],
        load: &mut dyn FnMut(usize, &mut Vec<u8>) -> bool,
    ) -> Screened {
        let stacks = rules::stacks(slices);
        let modality = slices.first().map_or("", |s| s.modality.as_str());
        let mut findings = rules::series(slices, &stacks, &self.quality, self.min_slices);
        let largest = stacks.iter().max_by_key(|s| s.slices.len());
        let mut filler = Filler::new(slices, largest, modality);
        let looked = look(slices, &mut filler, &mut findings, load);
        findings.extend(rules::pixels::series(
            &distinct(slices, &looked),
            slices.len(),
        ));
        if !findings.iter().any(|f| f.code == Code::SeriesDuplicates) {
            findings.extend(same_place(slices, &looked));
        }
        let content = Content {
            slices: looked
                .iter()
                .filter(|(_, p)| !p.constant)
                .map(|(_, p)| p.digest)
                .collect(),
            hash: None,
            modality: modality.to_owned(),
        };
        let mut screened = Screened {
            report: SeriesReport {
                series: number,
                modality: MODALITIES
                    .iter()
                    .find(|m| **m == modality)
                    .map_or_else(String::new, |m| (*m).to_owned()),
                files: files(slices),
                slices: slices.len(),
                stacks: stacks.len(),
                measured_stack: 0,
                measured_slices: 0,
                verdict: cordon_protocol::Verdict::Clean,
                findings,
                metrics: std::collections::BTreeMap::new(),
                damage: Vec::new(),
            },
            content,
        };
        if let Some(volume) = filler.finish() {
            screened.report.measured_stack = largest.map_or(0, |s| s.slices.len());
            self.image(&volume, slices, &mut screened);
        } else {
            let noticed = Noticed::new(Code::SeriesUnmeasured);
            screened.report.findings.push(noticed);
        }
        self.settle(modality, &mut screened.report);
        screened
    }

    /// Metrics, what follows from them, the learned screen, the perceptual hash.
    fn image(&self, volume: &Volume, slices: &[SliceFacts], screened: &mut Screened) {
        let report = &mut screened.report;
        let regions = Regions::of(volume);
        report.measured_slices = volume.size[2];
        report.metrics = measure(volume, &regions);
        let value = |name: &str| report.metrics.get(name).map(|m: &Metric| m.value);
        if value("edge_share").is_some_and(|v| v > CUT_OFF) {
            report.findings.push(Noticed::new(Code::ImageCutOff));
        }
        let derived = slices.iter().any(|s| {
            s.is_type("LOCALIZER") || s.image_type.first().is_some_and(|v| v == "DERIVED")
        });
        if volume.is_ct() && !derived && wrong_scale(volume, &regions, value("air_hu")) {
            report.findings.push(Noticed::new(Code::SeriesWrongRescale));
        }
        if let Some(weights) = &self.weights {
            report.damage = model::judge(weights, volume);
        }
        screened.content.hash = VolumeHash::of(volume);
    }

    /// The project's limits and weights, and the verdict.
    fn settle(&self, modality: &str, report: &mut SeriesReport) {
        for noticed in &mut report.findings {
            if noticed.code.is_quality() {
                noticed.weight = self.quality.weight(noticed.code, modality);
            }
        }
        for limit in self.quality.limits(modality) {
            let name = limit.metric.as_str();
            let code = match report.metrics.get(name).map(|m| m.value) {
                Some(v) if limit.min.is_some_and(|min| v < min.0) => Code::ImageMetricLow,
                Some(v) if limit.max.is_some_and(|max| v > max.0) => Code::ImageMetricHigh,
                Some(_) => continue,
                None => Code::ImageMetricAbsent,
            };
            report
                .findings
                .push(Noticed::metric(code, name, limit.otherwise));
        }
        for damage in &report.damage {
            let Some(code) = model::code(damage.kind) else {
                continue;
            };
            let limit = self.quality.damage(damage.kind, modality);
            if damage.probability > limit.map_or(SURE, |l| l.above.0) {
                let mut noticed = Noticed::new(code);
                noticed.weight =
                    limit.map_or_else(|| self.quality.weight(code, modality), |l| l.otherwise);
                noticed.sentence = format!(
                    "{} ({:.0} % sure)",
                    code.sentence(),
                    100.0 * damage.probability
                );
                report.findings.push(noticed);
            }
        }
        // A limit on something that the model could not judge is not kept by silence.
        for limit in &self.quality.damage {
            let asked = limit.modality.as_deref().is_none_or(|m| m == modality);
            let judged = report.damage.iter().any(|d| d.kind == limit.kind);
            if asked && !judged && limit.otherwise > Severity::Note {
                let code = Code::ImageMetricAbsent;
                report
                    .findings
                    .push(Noticed::metric(code, &limit.kind, limit.otherwise));
            }
        }
        report
            .findings
            .sort_by(|a, b| b.weight.cmp(&a.weight).then(a.code.cmp(&b.code)));
        report.verdict = SeriesReport::verdict_of(&report.findings);
    }
}

/// Values that cannot be Hounsfield units: air is elsewhere, or everything lies above it.
fn wrong_scale(volume: &Volume, regions: &Regions, air: Option<f64>) -> bool {
    let n = volume.values.len().max(1);
    if regions.air * 50 > n {
        return air.is_some_and(|air| !(AIR[0]..=AIR[1]).contains(&air));
    }
    // No air at all: a cut-out of a body, or values without their intercept. The latter has
    // a large part in the lowest hundredth of its range.
    let values = crate::metrics::Sample::of(volume, |i| regions.is(i, Region::Body));
    match (values.percentile(0.02), values.percentile(0.99)) {
        (Some(low), Some(high)) if low > -200.0 && high - low > 500.0 => {
            let floor = low + 0.03 * (high - low);
            values.filter(|v| v <= floor).len() * 5 > values.len()
        }
        _ => false,
    }
}

fn files(slices: &[SliceFacts]) -> usize {
    let mut files: Vec<usize> = slices.iter().map(|s| s.file).collect();
    files.sort_unstable();
    files.dedup();
    files.len()
}

/// Decodes every frame once, in the order of the files.
fn look(
    slices: &[SliceFacts],
    filler: &mut Filler,
    findings: &mut Vec<Noticed>,
    load: &mut dyn FnMut(usize, &mut Vec<u8>) -> bool,
) -> Vec<(usize, SlicePixels)> {
    let mut order: Vec<usize> = (0..slices.len()).collect();
    let at = |i: &usize| slices.get(*i).map(|s| (s.file, s.geometry.frame));
    order.sort_by_key(at);
    let mut out = Vec::new();
    let mut failed: Vec<(Code, usize)> = Vec::new();
    let mut fail = |code: Code, n: usize| match failed.iter_mut().find(|(c, _)| *c == code) {
        Some((_, count)) => *count += n,
        None => failed.push((code, n)),
    };
    let mut buffer = Vec::new();
    for frames in order.chunk_by(|a, b| at(a).map(|k| k.0) == at(b).map(|k| k.0)) {
        let Some((file, _)) = frames.first().and_then(at) else {
            continue;
        };
        buffer.clear();
        if !load(file, &mut buffer) {
            fail(Code::UnreadableFile, frames.len());
            continue;
        }
        let whole = read_inflating(&buffer);
        let parsed = match &whole {
            Ok(whole) => read(whole),
            Err(_) => {
                fail(Code::PixelsUndecodable, frames.len());
                continue;
            }
        };
        let Ok(parsed) = parsed else {
            fail(Code::Truncated, frames.len());
            continue;
        };
        if slices_without_pixels(&parsed.data) {
            continue;
        }
        let info = match describe(&parsed.data) {
            Ok(info) => info,
            Err(error) => {
                fail(error.code(), frames.len());
                continue;
            }
        };
        for &i in frames {
            let n = slices.get(i).map_or(0, |s| s.geometry.frame);
            match frame(&parsed, n) {
                Ok(frame) => {
                    let presentation = Presentation::of(&parsed.data, &info, n);
                    out.push((i, SlicePixels::of(&frame, &presentation, info.signed)));
                    filler.put(i, &frame, &presentation);
                }
                Err(error) => fail(error.code(), 1),
            }
        }
    }
    findings.extend(failed.into_iter().map(|(code, n)| Noticed::slices(code, n)));
    out
}

/// Reports, structures and plans have no pixels, and nothing is wrong with that.
fn slices_without_pixels(data: &cordon_dicom::DataSet<'_>) -> bool {
    use cordon_dicom::{tag, tags};
    [
        tags::PIXEL_DATA,
        tags::FLOAT_PIXEL_DATA,
        tags::DOUBLE_FLOAT_PIXEL_DATA,
    ]
    .iter()
    .all(|t| data.get(tag(*t)).is_none())
        && data.get(tag(tags::ROWS)).is_none()
}

/// The pixels of slices at different places, and of those at one place each picture once: repeats
/// that the header tells apart may be equal; different places may not.
fn distinct(slices: &[SliceFacts], looked: &[(usize, SlicePixels)]) -> Vec<SlicePixels> {
    let mut seen = std::collections::BTreeSet::new();
    looked
        .iter()
        .filter(|(i, pixels)| {
            let depth = slices.get(*i).and_then(|s| s.geometry.depth());
            // Label maps repeat themselves: a segment may look the same in many places.
            let labels = slices.get(*i).is_some_and(|s| s.modality == "SEG");
            !labels
                && depth.is_none_or(|d| seen.insert(((d * 100.0).round() as i64, pixels.digest)))
        })
        .map(|(_, pixels)| pixels.clone())
        .collect()
}

/// Slices with the same picture at the same place that nothing tells apart: where the whole
/// series is twice there, its geometry alone looks like a repeated scan.
fn same_place(slices: &[SliceFacts], looked: &[(usize, SlicePixels)]) -> Option<Noticed> {
    let mut seen = std::collections::BTreeSet::new();
    let again = looked
        .iter()
        .filter(|(_, pixels)| !pixels.constant)
        .filter(|(i, pixels)| {
            let Some(g) = slices.get(*i).map(|s| &s.geometry) else {
                return false;
            };
            let apart = [g.echo, g.temporal, g.b_value, g.phase, g.segment];
            g.depth().is_some_and(|d| {
                let place = (d * 100.0).round() as i64;
                !seen.insert((place, apart, g.kind.clone(), pixels.digest))
            })
        })
        .count();
    (again > 0).then(|| Noticed::slices(Code::SeriesDuplicates, again))
}

/// Fills the volume that is measured while frames come in any order.
struct Filler {
    /// By place in the series: the slice of the volume.
    slots: Vec<Option<usize>>,
    size: [usize; 3],
    spacing: [f64; 3],
    filled: Vec<bool>,
    values: Vec<f32>,
    modality: String,
}

impl Filler {
    fn new(slices: &[SliceFacts], stack: Option<&Stack>, modality: &str) -> Self {
        let mut out = Self {
            slots: vec![None; slices.len()],
            size: [0; 3],
            spacing: [1.0; 3],
            filled: Vec::new(),
            values: Vec::new(),
            modality: modality.to_owned(),
        };
        let Some(stack) = stack else { return out };
        let area = stack.columns as usize * stack.rows as usize;
        let grey = |i: &usize| slices.get(*i).is_some_and(|s| s.grey);
        // Label maps have no noise and no contrast.
        let labels = modality == "SEG";
        if labels || area == 0 || area > MAX_VOXELS || !stack.slices.iter().all(grey) {
            return out;
        }
        // Neighbours stay neighbours: of a stack that is too large, its middle part would do for
        // noise, but not for ends; so every second, third, … slice.
        let most = (MAX_VOXELS / area).max(1);
        let step = stack.slices.len().div_ceil(most);
        let kept = stack.slices.iter().step_by(step.max(1));
        let mut depth = 0;
        for &i in kept {
            if let Some(slot) = out.slots.get_mut(i) {
                *slot = Some(depth);
                depth += 1;
            }
        }
        let [rows, columns] = stack.spacing.unwrap_or([1.0; 2]);
        out.size = [stack.columns as usize, stack.rows as usize, depth];
        out.spacing = [columns, rows, stack.step.unwrap_or(1.0) * step as f64];
        out.filled = vec![false; depth];
        out
    }

    fn put(&mut self, i: usize, frame: &Frame, presentation: &Presentation) {
        let Some(z) = self.slots.get(i).copied().flatten() else {
            return;
        };
        let area = self.size[0] * self.size[1];
        let fits = frame.samples_per_pixel == 1
            && frame.columns as usize == self.size[0]
            && frame.rows as usize == self.size[1];
        if !fits {
            return;
        }
        if self.values.is_empty() {
            // Fallible: a tab has little memory, and no metric is worth the abort of all work.
            let n = area * self.size[2];
            if self.values.try_reserve_exact(n).is_err() {
                self.slots.clear();
                return;
            }
            self.values.resize(n, f32::NAN);
        }
        let Some(out) = self.values.get_mut(z * area..(z + 1) * area) else {
            return;
        };
        for (j, v) in out.iter_mut().enumerate() {
            let stored = frame.samples.value(j);
            let value = presentation.modality(stored) as f32;
            *v = if presentation.is_padding(stored) || !value.is_finite() {
                f32::NAN
            } else {
                value
            };
        }
        if let Some(filled) = self.filled.get_mut(z) {
            *filled = true;
        }
    }

    /// The volume of the slices that were decoded; `None` without any.
    fn finish(mut self) -> Option<Volume> {
        let area = self.size[0] * self.size[1];
        let n = self.filled.iter().filter(|f| **f).count();
        if n == 0 || self.values.is_empty() {
            return None;
        }
        if n < self.filled.len() {
            let there = self.filled.iter().enumerate().filter(|(_, f)| **f);
            for (to, (z, _)) in there.enumerate() {
                self.values.copy_within(z * area..(z + 1) * area, to * area);
            }
            self.values.truncate(n * area);
        }
        let size = [self.size[0], self.size[1], n];
        Some(Volume::new(size, self.spacing, self.values, &self.modality))
    }
}
