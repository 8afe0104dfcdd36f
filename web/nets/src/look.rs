//! One series through the stages: quality, text, face. Screening comes first, because taking
//! off a face destroys the air in which noise and motion are measured.

use cordon_deface::Cut;
use cordon_web::looks::{FileLook, Job, Lent, Looked};
use js_sys::Array;

use crate::clock::Laps;
use crate::files::Files;
use crate::nets::Nets;
use crate::{face, quality, text};

/// Looks at the series. What cannot be looked at stays unsaid, and what it is about stays held.
pub(crate) async fn look(
    files: &Files,
    job: &Job,
    nets: &Nets,
    lent: Option<&(Cut, Lent)>,
) -> (Looked, Array) {
    let mut laps = Laps::new();
    let mut looked = Looked {
        files: vec![FileLook::default(); files.len()],
        processor: Some(nets.open.processor.clone()),
        ..Looked::default()
    };
    let buffers = Array::new();
    if job.wants.quality {
        looked.quality = Some(quality::look(files, &job.protocol));
        laps.lap("quality");
    }
    if job.wants.text {
        let done = text::look(files, &job.protocol, nets, &mut looked).await;
        looked.trouble.extend(done.err());
        laps.lap("text");
    }
    if job.wants.face {
        let done = face::look(files, job, nets, &mut looked, &mut laps, lent, &buffers).await;
        looked.trouble.extend(done.err());
    }
    looked.stages = laps.stages();
    (looked, buffers)
}
