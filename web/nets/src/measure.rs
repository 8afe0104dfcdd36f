//! How long the stages take, and whether both processors say the same.

use cordon_nets::head::{EDGE, HeadNet};
use cordon_nets::{Device, NetError, weights};
use cordon_web::looks::Measured;
use js_sys::WebAssembly;
use wasm_bindgen::JsCast as _;

use crate::clock::Laps;
use crate::device::Open;

/// Bytes that the module holds.
fn memory() -> f64 {
    wasm_bindgen::memory()
        .dyn_into::<WebAssembly::Memory>()
        .ok()
        .and_then(|m| m.buffer().dyn_into::<js_sys::ArrayBuffer>().ok())
        .map_or(0.0, |b| f64::from(b.byte_length()))
}

/// A cube that looks like nothing, the same each time.
fn cube() -> Vec<f32> {
    let mut state = 0x2545_F491_u32;
    (0..EDGE.pow(3))
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1u32 << 24) as f32
        })
        .collect()
}

/// Runs each network on the open processor and on the CPU.
pub(crate) async fn measure(open: &Open) -> Result<Measured, NetError> {
    let mut laps = Laps::new();
    let plain = Device::flex();
    let made = HeadNet::new(&plain);
    let file = weights::save(&made, "head")?;
    laps.lap("random weights made");
    let net = weights::load_unchecked(HeadNet::new(&open.device), "head", file.clone())?;
    laps.lap("weights loaded");
    let first = net.segment(cube(), &open.device).await?;
    laps.lap("head network, first time");
    net.segment(cube(), &open.device).await?;
    laps.lap("head network, again");
    let mut difference = 0.0_f64;
    if open.is_gpu() {
        let same = weights::load_unchecked(HeadNet::new(&plain), "head", file)?;
        let second = same.segment(cube(), &plain).await?;
        laps.lap("head network on the CPU");
        difference = f64::INFINITY;
        if first.len() == second.len() {
            let pairs = first.iter().zip(&second);
            difference = pairs
                .map(|(a, b)| f64::from((a - b).abs()))
                .fold(
                    0.0,
                    |most, d| if d.is_nan() { f64::MAX } else { most.max(d) },
                );
        }
    }
    Ok(Measured {
        processor: open.processor.clone(),
        stages: laps.stages(),
        difference,
        memory: memory(),
    })
}
