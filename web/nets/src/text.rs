//! Text in the pixels of a series: found, blacked out, looked for again.

use cordon_contribute::{LookedBy, TextEvidence, questions};
use cordon_dicom::{File, read, read_inflating};
use cordon_inspect::text::{TextError, find_on_frame, find_text};
use cordon_nets::text::TextNet;
use cordon_nets::{Device, NetError};
use cordon_pixels::{Presentation, describe, frame};
use cordon_protocol::Protocol;
use cordon_text::{TextBox, redact, still_there};
use cordon_web::looks::{Busy, FileLook, Looked};

use crate::clock::Teller;
use crate::files::Files;
use crate::nets::Nets;

/// Looks for text in every frame of every file. A file that cannot be decoded stays unsaid; a
/// network that fails ends the look.
pub(crate) async fn look(
    files: &Files,
    protocol: &Protocol,
    nets: &Nets,
    looked: &mut Looked,
) -> Result<(), String> {
    let net = nets.text().await?;
    let device = &nets.open.device;
    let mut teller = Teller::new(Busy::Text, files.len());
    for (n, found) in looked.files.iter_mut().enumerate() {
        teller.done(n);
        let Some(bytes) = files.read(n) else { continue };
        // A file that cannot be decoded stays without an answer, and is held for it.
        let looked = one(&bytes, protocol, &net, device, found).await;
        if let Err(TextError::Net(error)) = looked {
            return Err(error.to_string());
        }
    }
    Ok(())
}

async fn one(
    bytes: &[u8],
    protocol: &Protocol,
    net: &TextNet,
    device: &Device,
    found: &mut FileLook,
) -> Result<(), TextError> {
    let Ok(bytes) = read_inflating(bytes) else {
        return Ok(());
    };
    let Ok(file) = read(&bytes) else {
        return Ok(());
    };
    if !questions(&file.data, protocol).text {
        return Ok(());
    }
    let report = find_text(&file, net, device, &mut |_, _| true).await?;
    if report.frames == 0 {
        return Ok(());
    }
    let mut boxes = report.boxes;
    boxes.extend(report.places);
    let still = again(&file, &boxes, net, device).await?;
    let count = u32::try_from(boxes.len()).unwrap_or(u32::MAX);
    found.text = Some(TextEvidence {
        looked: true,
        found: count,
        blacked_out: count,
        still_there: still,
        by: LookedBy::Detector,
    });
    found.boxes = boxes;
    Ok(())
}

/// Whether a second look finds text in the frames that were blacked out.
async fn again(
    file: &File<'_>,
    boxes: &[TextBox],
    net: &TextNet,
    device: &Device,
) -> Result<bool, TextError> {
    let undecoded = |n| move |error| TextError::Pixels { frame: n, error };
    let info = describe(&file.data).map_err(undecoded(0))?;
    for n in 0..info.frames {
        let here: Vec<TextBox> = boxes.iter().filter(|b| b.frame == n).copied().collect();
        if here.is_empty() {
            continue;
        }
        let presentation = Presentation::of(&file.data, &info, n);
        let mut frame = frame(file, n).map_err(undecoded(n))?;
        redact(&mut frame, &presentation, n, &here);
        let more = find_on_frame(&frame, &presentation, n, net, device).await?;
        if !still_there(&here, &more).is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The network with its weights.
pub(crate) async fn load(device: &Device) -> Result<TextNet, String> {
    let file = cordon_nets::text::WEIGHTS;
    let bytes = crate::assets::fetch(file).await?;
    cordon_nets::weights::load(TextNet::new(device), file, bytes)
        .map_err(|e: NetError| e.to_string())
}
