//! The network that judges a rendered head: what of a face can still be seen on its surface.
//!
//! A small two-dimensional U-Net over depth pictures. It shares nothing with the network that finds
//! heads: neither weights, nor input, nor the examples' rendering.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor, TensorData};

use crate::NetError;
use crate::answer::numbers;
use crate::flat::{Block, fold, through, unfold};
use crate::weights::WeightsFile;

/// The weights that this build knows.
pub const WEIGHTS: WeightsFile = WeightsFile {
    name: "view",
    sha256: "500ac3e94b36751e3d4a857134e3044a2918649f5b55bea98d444b5469ee5ffe",
};

/// The file of weights, for programs that carry it with them; a tab fetches it.
#[cfg(feature = "embedded")]
pub const BYTES: &[u8] = include_bytes!("../weights/view.safetensors");

/// Width and height of a picture.
pub const SIZE: usize = 80;
/// Channels of a picture: depth, surface or not, shade, and two for the place of the pixel.
pub const CHANNELS: usize = 5;
/// What the network tells apart: nothing of a face, eyes, nose, mouth, ears, other facial skin.
pub const KINDS: usize = 6;

const WIDTH: usize = 24;
/// Each square of so many pixels a side becomes channels of one: what is told apart is large.
const FOLD: usize = 4;

/// The network. Input `[n, 5, 80, 80]`, output `[n, 6, 80, 80]`, unnormalised.
#[derive(Module, Debug)]
pub struct ViewNet {
    down: Vec<Block>,
    up: Vec<Block>,
    out: Conv2d,
}

impl ViewNet {
    /// A network with random weights.
    #[must_use]
    pub fn new(device: &Device) -> Self {
        let w = WIDTH;
        Self {
            down: vec![
                Block::new(FOLD * FOLD * CHANNELS, w, device),
                Block::new(w, 2 * w, device),
                Block::new(2 * w, 4 * w, device),
            ],
            up: vec![
                Block::new(3 * w, w, device),
                Block::new(6 * w, 2 * w, device),
            ],
            out: Conv2dConfig::new([w, FOLD * FOLD * KINDS], [1, 1]).init(device),
        }
    }

    /// Scores for each kind at each pixel.
    #[must_use]
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let x = through(&self.down, &[], &self.up, fold(x, FOLD));
        unfold(self.out.forward(x), FOLD)
    }

    /// The probabilities of the kinds for pictures laid one after another: picture by picture,
    /// kind by kind.
    ///
    /// # Errors
    /// When `pictures` is no whole number of pictures, or the device fails.
    pub async fn judge(&self, pictures: Vec<f32>, device: &Device) -> Result<Vec<f32>, NetError> {
        let one = CHANNELS * SIZE * SIZE;
        if pictures.is_empty() || !pictures.len().is_multiple_of(one) {
            return Err(NetError::Shape("view"));
        }
        let n = pictures.len() / one;
        let input: Tensor<4> =
            Tensor::from_data(TensorData::new(pictures, [n, CHANNELS, SIZE, SIZE]), device);
        numbers(softmax(self.forward(input), 1), "view").await
    }
}
