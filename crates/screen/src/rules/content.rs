//! What kind of images they say they are.

use cordon_protocol::Code;

use super::{Seen, mixed};
use crate::facts::{BurnedIn, Side, SliceFacts};
use crate::report::Noticed;

const SCREENS: [&str; 4] = ["DOSE_INFO", "PATIENT_INFO", "SCREEN SAVE", "SCREENSAVE"];
/// SOP classes of Secondary Capture start with this.
const SECONDARY_CAPTURE: &str = "1.2.840.10008.5.1.4.1.1.7";
/// Modalities whose values have the unit that the rescale gives them.
const RESCALED: [&str; 2] = ["CT", "PT"];

pub(super) fn look(seen: &Seen<'_>, out: &mut Vec<Noticed>) {
    kind(seen, out);
    same(seen, out);
    sides(seen, out);
    rescale(seen, out);
}

fn count(seen: &Seen<'_>, code: Code, out: &mut Vec<Noticed>, is: impl Fn(&SliceFacts) -> bool) {
    let n = seen.slices.iter().filter(|s| is(s)).count();
    if n > 0 {
        out.push(Noticed::slices(code, n));
    }
}

fn kind(seen: &Seen<'_>, out: &mut Vec<Noticed>) {
    count(seen, Code::SeriesLocalizer, out, |s| {
        s.is_type("LOCALIZER") || s.is_type("SCOUT")
    });
    count(seen, Code::SeriesDerived, out, |s| {
        s.image_type.first().is_some_and(|v| v == "DERIVED")
    });
    count(seen, Code::SeriesSecondary, out, |s| {
        s.sop_class == SECONDARY_CAPTURE
            || s.sop_class
                .strip_prefix(SECONDARY_CAPTURE)
                .is_some_and(|rest| rest.starts_with('.'))
            || s.image_type.get(1).is_some_and(|v| v == "SECONDARY")
    });
    count(seen, Code::SeriesScreen, out, |s| {
        SCREENS.iter().any(|word| s.is_type(word))
    });
    count(seen, Code::SeriesBurnedIn, out, |s| {
        s.burned_in == BurnedIn::Yes
    });
}

fn same(seen: &Seen<'_>, out: &mut Vec<Noticed>) {
    let all = || seen.slices.iter();
    if mixed(all().map(|s| &s.modality)) {
        out.push(Noticed::new(Code::SeriesMixedModality));
    }
    if mixed(all().map(|s| &s.kernel)) {
        out.push(Noticed::new(Code::SeriesMixedKernel));
    }
    if mixed(all().filter_map(|s| s.geometry.frame_of_reference.as_ref())) {
        out.push(Noticed::new(Code::SeriesMixedFrame));
    }
    if mixed(all().filter_map(|s| s.patient_position.as_ref())) {
        out.push(Noticed::new(Code::SeriesMixedPatientPosition));
    }
    if mixed(all().map(|s| &s.geometry.kind)) {
        out.push(Noticed::new(Code::SeriesMixedType));
    }
    if seen.stacked() && mixed(all().map(|s| s.rescale.map(|r| r.map(f64::to_bits)))) {
        out.push(Noticed::new(Code::SeriesMixedRescale));
    }
}

/// Laterality of the series against that of the images, and both through the series. Image
/// Laterality may change where Laterality is absent or `B`.
fn sides(seen: &Seen<'_>, out: &mut Vec<Noticed>) {
    let series: Vec<Side> = seen.slices.iter().filter_map(|s| s.laterality).collect();
    let clash = seen.slices.iter().any(|s| {
        s.laterality
            .zip(s.image_laterality)
            .is_some_and(|(a, b)| a != b && a != Side::Both)
    });
    if clash || mixed(series.into_iter()) {
        out.push(Noticed::new(Code::SeriesLateralityContradiction));
    }
}

fn rescale(seen: &Seen<'_>, out: &mut Vec<Noticed>) {
    let usable = |[slope, intercept]: [f64; 2]| {
        slope.is_finite()
            && intercept.is_finite()
            && slope.abs() > f64::from(f32::MIN_POSITIVE)
            && slope.abs() < 1e12
            && intercept.abs() < 1e12
    };
    count(seen, Code::SeriesBadRescale, out, |s| match s.rescale {
        Some(rescale) => !usable(rescale),
        // Multi-frame objects have theirs in functional groups.
        None => {
            RESCALED.contains(&s.modality.as_str())
                && matches!(
                    s.sop_class.as_str(),
                    "1.2.840.10008.5.1.4.1.1.2" | "1.2.840.10008.5.1.4.1.1.128"
                )
        }
    });
}
