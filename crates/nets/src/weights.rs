//! Files of weights: safetensors in half precision, known by their SHA-256.

use burn::module::Module;
use burn::store::{HalfPrecisionAdapter, ModuleSnapshot, SafetensorsStore};
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

fn apply<M: Module + ModuleSnapshot>(model: &mut M, bytes: Vec<u8>) -> Result<(), ()> {
    let mut store =
        SafetensorsStore::from_bytes(Some(bytes)).with_from_adapter(HalfPrecisionAdapter::new());
    let result = model.load_from(&mut store).map_err(|_| ())?;
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
