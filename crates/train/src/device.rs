//! Where a training runs.

use burn::tensor::Device;

/// The processor that trains: through libtorch when this was built with `tch`, otherwise burn's
/// own `flex`. The networks and what they learn from are the same.
pub(crate) fn training() -> Device {
    #[cfg(feature = "tch")]
    // Deprecated in favour of burn's own back ends, none of which trains convolutions on a
    // processor at half of libtorch's speed.
    #[allow(deprecated)]
    let device = Device::libtorch();
    #[cfg(not(feature = "tch"))]
    let device = Device::flex();
    device.autodiff()
}
