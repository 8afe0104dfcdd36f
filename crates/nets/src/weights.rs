//! Files of weights: safetensors in half precision, known by their SHA-256.

use burn::module::Module;
use burn::store::{ApplyResult, HalfPrecisionAdapter, ModuleSnapshot, SafetensorsStore};
use sha2::{Digest, Sha256};

use crate::NetError;

/// A network's file of weights, as this build knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeightsFile {
    /// The network, in one word.
    pub name: &'static str,
    /// SHA-256 of the file, in lower-case hexadecimal digits.
    pub sha256: &'static str,
}

/// Fills `model` with the weights in `bytes`.
///
/// # Errors
/// When `bytes` are not the file that this build was made with, or do not fit the model.
pub fn load<M: Module + ModuleSnapshot>(
    mut model: M,
    file: WeightsFile,
    bytes: Vec<u8>,
) -> Result<M, NetError> {
    if digest(&bytes) != file.sha256 {
        return Err(NetError::Weights(file.name));
    }
    apply(&mut model, bytes).map_err(|()| NetError::Weights(file.name))?;
    Ok(model)
}

/// Fills as much of `model` as `bytes` has: for training a network that has grown since, where
/// what is new keeps its random weights.
///
/// # Errors
/// When a weight in `bytes` has no place in the model or does not fit it, or there is none.
pub fn load_into_grown<M: Module + ModuleSnapshot>(
    mut model: M,
    name: &'static str,
    bytes: Vec<u8>,
) -> Result<M, NetError> {
    let fits = |result: &ApplyResult| {
        result.errors.is_empty() && result.unused.is_empty() && !result.applied.is_empty()
    };
    if fill(&mut model, bytes).is_ok_and(|result| fits(&result)) {
        Ok(model)
    } else {
        Err(NetError::Weights(name))
    }
}

/// Fills `model` with weights that nobody has vouched for: for training and measuring only.
///
/// # Errors
/// When they do not fit the model.
pub fn load_unchecked<M: Module + ModuleSnapshot>(
    mut model: M,
    name: &'static str,
    bytes: Vec<u8>,
) -> Result<M, NetError> {
    apply(&mut model, bytes).map_err(|()| NetError::Weights(name))?;
    Ok(model)
}

fn fill<M: Module + ModuleSnapshot>(model: &mut M, bytes: Vec<u8>) -> Result<ApplyResult, ()> {
    let mut store = SafetensorsStore::from_bytes(Some(bytes))
        .with_from_adapter(HalfPrecisionAdapter::new())
        .allow_partial(true);
    model.load_from(&mut store).map_err(|_| ())
}

fn apply<M: Module + ModuleSnapshot>(model: &mut M, bytes: Vec<u8>) -> Result<(), ()> {
    let result = fill(model, bytes)?;
    (result.missing.is_empty() && result.errors.is_empty())
        .then_some(())
        .ok_or(())
}

/// The weights of `model` as a file in half precision.
///
/// # Errors
/// When they cannot be written.
pub fn save<M: Module + ModuleSnapshot>(
    model: &M,
    name: &'static str,
) -> Result<Vec<u8>, NetError> {
    let mut store = SafetensorsStore::from_bytes(None).with_to_adapter(HalfPrecisionAdapter::new());
    model
        .save_into(&mut store)
        .map_err(|_| NetError::Weights(name))?;
    store.get_bytes().map_err(|_| NetError::Weights(name))
}

/// SHA-256 in lower-case hexadecimal digits.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TextNet;
    use burn::module::Param;
    use burn::tensor::{Device, Tensor};

    /// A part of a network, as it was before the network grew.
    #[derive(Module, Debug)]
    struct Small {
        scale: Param<Tensor<1>>,
    }

    #[derive(Module, Debug)]
    struct Grown {
        scale: Param<Tensor<1>>,
        shift: Param<Tensor<1>>,
    }

    fn number(value: f32) -> Param<Tensor<1>> {
        Param::from_tensor(Tensor::from_floats([value], &Device::flex()))
    }

    fn value(of: &Param<Tensor<1>>) -> f32 {
        of.val().into_scalar::<f32>()
    }

    #[test]
    fn a_network_that_has_grown_takes_what_there_is_and_only_for_training() {
        let small = Small { scale: number(3.0) };
        let bytes = save(&small, "small").expect("bytes");
        let grown = || Grown {
            scale: number(1.0),
            shift: number(7.0),
        };
        let filled = load_into_grown(grown(), "grown", bytes.clone()).expect("a network");
        assert!((value(&filled.scale) - 3.0).abs() < 1e-3);
        assert!((value(&filled.shift) - 7.0).abs() < 1e-3);
        // Elsewhere a missing weight is an error.
        assert!(load_unchecked(grown(), "grown", bytes.clone()).is_err());
        let sha256: &'static str = Box::leak(digest(&bytes).into_boxed_str());
        let file = WeightsFile {
            name: "grown",
            sha256,
        };
        assert_eq!(
            load(grown(), file, bytes).err(),
            Some(NetError::Weights("grown"))
        );
        // Neither do weights of something else, nor bytes that are none.
        let net = || TextNet::new(&Device::flex());
        let other = save(&small, "small").expect("bytes");
        assert!(load_into_grown(net(), "text", other).is_err());
        assert!(load_into_grown(net(), "text", vec![1, 2, 3]).is_err());
    }
}
