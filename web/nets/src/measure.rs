//! How long the stages take, and whether both processors say the same: each network by itself,
//! and a whole made-up head of 256 slices from its samples to the verdict.

use cordon_deface::{Kind, Wishes};
use cordon_inspect::face::{FaceJob, FaceNets};
use cordon_inspect::phantom;
use cordon_nets::Device;
use cordon_nets::head::EDGE;
use cordon_nets::text::TILE;
use cordon_web::looks::Measured;
use js_sys::WebAssembly;
use wasm_bindgen::JsCast as _;

use crate::clock::{Laps, millis};
use crate::face;
use crate::nets::Nets;

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

/// Runs the networks and the whole way of a head on the open processor, and compares with the CPU.
pub(crate) async fn measure(nets: &Nets) -> Result<Measured, String> {
    let device = &nets.open.device;
    let told = |error: cordon_nets::NetError| format!("{error}.");
    let mut laps = Laps::new();
    let networks = nets.face().await?;
    let text = nets.text().await?;
    laps.lap("weights fetched and loaded");
    let first = networks.head.segment(cube(), device).await.map_err(told)?;
    laps.lap("head network, first time");
    networks.head.segment(cube(), device).await.map_err(told)?;
    laps.lap("head network, again");
    let tile: Vec<f32> = cube().into_iter().take(TILE * TILE).collect();
    text.find(tile.clone(), device).await.map_err(told)?;
    laps.lap("text network, a tile, first time");
    text.find(tile, device).await.map_err(told)?;
    laps.lap("text network, a tile, again");
    let mut difference = 0.0_f64;
    if nets.open.is_gpu() {
        let plain = Device::flex();
        let same = face::load(&plain).await?;
        let second = same.head.segment(cube(), &plain).await.map_err(told)?;
        laps.lap("head network on the CPU");
        difference = apart(&first, &second);
    }
    whole(&networks, device, &mut laps).await?;
    Ok(Measured {
        processor: nets.open.processor.clone(),
        stages: laps.stages(),
        difference,
        memory: memory(),
    })
}

/// The largest difference of two answers; infinite when they cannot be compared.
fn apart(first: &[f32], second: &[f32]) -> f64 {
    if first.len() != second.len() {
        return f64::INFINITY;
    }
    let pairs = first.iter().zip(second);
    pairs
        .map(|(a, b)| f64::from((a - b).abs()))
        .fold(
            0.0,
            |most, d| if d.is_nan() { f64::MAX } else { most.max(d) },
        )
}

/// A made-up head of 256³ voxels, from its samples to the verdict and to samples without a face.
async fn whole(networks: &FaceNets, device: &Device, laps: &mut Laps) -> Result<(), String> {
    let slices: Vec<_> = (0..phantom::SIDE).map(phantom::slice).collect();
    laps.lap("(a head of 256 slices of 256 × 256 made up)");
    let begin = millis();
    let mut job = FaceJob::new(Kind::Hounsfield);
    for (geometry, frame) in &slices {
        job.add(geometry, frame, &|value| value);
    }
    laps.lap("256³ head: slices brought together");
    let wishes = Wishes::default();
    let mut go_on = |_, _| true;
    let done = job.finish(networks, device, wishes, 1, None, &mut go_on);
    let done = done.await.map_err(|error| format!("{error}."))?;
    laps.lap("256³ head: found, taken off, verified");
    let Some(cut) = &done.cut else {
        return Err("the made-up head was not recognised".to_owned());
    };
    let mut changed = 0;
    for (geometry, frame) in slices {
        let mut frame = frame;
        changed += cut.apply(&geometry, &mut frame, done.air, &|value| value, 1);
    }
    laps.lap("256³ head: written back into its slices");
    if changed == 0 {
        return Err("nothing was taken off the made-up head".to_owned());
    }
    laps.add("256³ head: all of it", millis() - begin);
    Ok(())
}
