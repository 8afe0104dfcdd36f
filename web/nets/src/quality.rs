//! Screening: is the series whole, are its images any good. Before anything is changed.

use cordon_protocol::Protocol;
use cordon_screen::{Screener, SeriesReport, SliceFacts};
use cordon_web::looks::{Busy, Measure, Noticed, QualityLook};

use crate::clock::Teller;
use crate::files::Files;

/// Screens the series.
pub(crate) fn look(files: &Files, protocol: &Protocol) -> QualityLook {
    let count = files.len();
    let mut teller = Teller::new(Busy::Quality, 2 * count);
    let mut slices = Vec::new();
    for n in 0..count {
        if let Some(bytes) = files.read(n) {
            slices.extend(SliceFacts::of_bytes(&bytes, n));
        }
        teller.done(n + 1);
    }
    let mut load = |n: usize, buffer: &mut Vec<u8>| {
        teller.done(count + n);
        match files.read(n) {
            Some(bytes) => {
                *buffer = bytes;
                true
            }
            None => false,
        }
    };
    let screened = Screener::new(protocol).screen(1, &slices, &mut load);
    told(&screened.report, protocol)
}

fn told(report: &SeriesReport, protocol: &Protocol) -> QualityLook {
    let modality = report.modality.as_str();
    let limits = |name: &str| {
        let of = protocol.quality.limits(modality);
        let of: Vec<_> = of.filter(|l| l.metric == name).collect();
        let least = of
            .iter()
            .filter_map(|l| l.min.map(|a| a.0))
            .fold(None, most);
        let largest = of
            .iter()
            .filter_map(|l| l.max.map(|a| -a.0))
            .fold(None, most);
        [least, largest.map(|v: f64| -v)]
    };
    QualityLook {
        noticed: report
            .findings
            .iter()
            .map(|f| Noticed {
                code: f.code,
                weight: f.weight,
                sentence: f.sentence.clone(),
            })
            .collect(),
        metrics: report
            .metrics
            .iter()
            .map(|(name, metric)| Measure {
                name: (*name).to_owned(),
                value: metric.value,
                unit: metric.unit.to_owned(),
                limits: limits(name),
            })
            .collect(),
        damage: report
            .damage
            .iter()
            .map(|d| (d.kind.to_owned(), d.probability))
            .collect(),
        json: serde_json::to_string(report).unwrap_or_default(),
    }
}

/// The larger of two: of several limits the strictest holds.
fn most(so_far: Option<f64>, next: f64) -> Option<f64> {
    Some(so_far.map_or(next, |v| v.max(next)))
}
