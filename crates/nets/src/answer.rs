//! A network's answer as numbers.

use burn::tensor::Tensor;

use crate::NetError;

/// The numbers of `tensor`. A device that runs out of memory may hand back anything: what is not
/// as long as it has to be, or holds what is no number, is no answer.
///
/// # Errors
/// When the device fails or the answer is none.
pub(crate) async fn numbers<const D: usize>(
    tensor: Tensor<D>,
    name: &'static str,
) -> Result<Vec<f32>, NetError> {
    let length: usize = tensor.dims().iter().product();
    let numbers = tensor
        .into_data_async()
        .await
        .map_err(|_| NetError::NoResult(name))?
        .convert::<f32>()
        .try_to_vec::<f32>()
        .map_err(|_| NetError::NoResult(name))?;
    if numbers.len() != length || numbers.iter().any(|p| !p.is_finite()) {
        return Err(NetError::NoResult(name));
    }
    Ok(numbers)
}
