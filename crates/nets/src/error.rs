//! What goes wrong with a network. Nobody may take an error for an answer.

use thiserror::Error;

/// Why a network gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NetError {
    /// The weights are not the ones this build was made with.
    #[error("the weights of the network {0} are damaged or of another version")]
    Weights(&'static str),
    /// The device cannot be opened.
    #[error("no graphics processor can be used for networks")]
    NoDevice,
    /// The input has another shape than the network takes.
    #[error("the network {0} was given an input of the wrong shape")]
    Shape(&'static str),
    /// The device gave no result.
    #[error("the network {0} gave no result")]
    NoResult(&'static str),
}
