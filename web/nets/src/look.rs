//! One series through the stages: quality, text, face. Screening comes first, because taking
//! off a face destroys the air in which noise and motion are measured.

use cordon_web::looks::{Job, Looked};
use js_sys::Array;

use crate::clock::Laps;
use crate::device::Open;
use crate::files::Files;
use crate::{face, quality, text};

/// Looks at the series. What cannot be looked at stays unsaid, and is held elsewhere.
pub(crate) async fn look(
    files: &Files,
    job: &Job,
    open: &Open,
) -> Result<(Looked, Array), String> {
    let mut laps = Laps::new();
    let mut looked = Looked {
        files: vec![cordon_web::looks::FileLook::default(); files.len()],
        processor: Some(open.processor.clone()),
        ..Looked::default()
    };
    let buffers = Array::new();
    if job.wants.quality {
        looked.quality = Some(quality::look(files, &job.protocol));
        laps.lap("quality");
    }
    if job.wants.text {
        text::look(files, &job.protocol, open, &mut looked).await?;
        laps.lap("text");
    }
    if job.wants.face {
        face::look(files, &job.protocol, open, &mut looked, &mut laps, &buffers).await?;
    }
    looked.stages = laps.stages();
    Ok((looked, buffers))
}
