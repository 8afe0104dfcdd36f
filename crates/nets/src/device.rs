//! Where a network runs.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use burn::tensor::Device;

use crate::NetError;

/// The kind of processor that networks run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Processor {
    /// Plain Rust with SIMD; always there.
    Cpu,
    /// WebGPU in a tab; Vulkan, Metal or DirectX outside.
    Gpu,
}

impl Processor {
    /// A word for people and for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "CPU",
            Self::Gpu => "GPU",
        }
    }
}

/// Opens the processor. The CPU always opens.
///
/// # Errors
/// When there is no graphics processor, or this build cannot use one.
pub async fn open(processor: Processor) -> Result<Device, NetError> {
    match processor {
        Processor::Cpu => Ok(Device::flex()),
        #[cfg(feature = "gpu")]
        Processor::Gpu => Device::wgpu_options()
            .init_async()
            .await
            .map_err(|_| NetError::NoDevice),
        #[cfg(not(feature = "gpu"))]
        Processor::Gpu => Err(NetError::NoDevice),
    }
}

/// Waits on this thread for what a network computes: for commands and tests. A tab must not
/// wait, it awaits.
pub fn wait<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(out) = future.as_mut().poll(&mut context) {
            return out;
        }
        std::thread::yield_now();
    }
}
