//! Text in the pixels of a series: found, blacked out, looked for again.

use cordon_inspect::files::text_of;
use cordon_inspect::text::{TextError, TextNets};
use cordon_nets::line::LineNet;
use cordon_nets::text::TextNet;
use cordon_nets::{Device, NetError};
use cordon_protocol::Protocol;
use cordon_web::looks::{Busy, Looked};

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
    let find = nets.text().await?;
    // Only where the protocol keeps something is anything read.
    let read = if protocol.text.keep.is_empty() {
        None
    } else {
        Some(nets.line().await?)
    };
    let nets = TextNets {
        find: &find,
        read: read.as_deref(),
        device: &nets.open.device,
    };
    let mut teller = Teller::new(Busy::Text, files.len());
    for (n, found) in looked.files.iter_mut().enumerate() {
        teller.done(n);
        let Some(bytes) = files.read(n) else { continue };
        match text_of(&bytes, protocol, nets).await {
            Ok(Some(text)) => {
                found.text = Some(text.evidence);
                found.boxes = text.boxes;
                found.kept = text.kept.iter().map(|k| k.place).collect();
            }
            Err(TextError::Net(error)) => return Err(error.to_string()),
            // A file that cannot be decoded stays without an answer, and is held for it.
            Ok(None) | Err(_) => {}
        }
    }
    Ok(())
}

/// The network with its weights.
pub(crate) async fn load(device: &Device) -> Result<TextNet, String> {
    let file = cordon_nets::text::WEIGHTS;
    let bytes = crate::assets::fetch(file).await?;
    cordon_nets::weights::load(TextNet::new(device), file, bytes)
        .map_err(|e: NetError| e.to_string())
}

/// The network that reads a line, with its weights.
pub(crate) async fn load_line(device: &Device) -> Result<LineNet, String> {
    let file = cordon_nets::line::WEIGHTS;
    let bytes = crate::assets::fetch(file).await?;
    cordon_nets::weights::load(LineNet::new(device), file, bytes)
        .map_err(|e: NetError| e.to_string())
}
