//! The network that judges a rendered head: what of a face can still be seen on its surface.
//!
//! A small two-dimensional U-Net over depth pictures. It shares nothing with the network that finds
//! heads: neither weights, nor input, nor the examples' rendering.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{GroupNorm, GroupNormConfig, PaddingConfig2d};
use burn::tensor::activation::{relu, softmax};
use burn::tensor::{Device, Tensor, TensorData};

use crate::NetError;

/// Width and height of a picture.
pub const SIZE: usize = 80;
/// Channels of a picture: depth, surface or not, shade.
pub const CHANNELS: usize = 3;
/// What the network tells apart: nothing of a face, eyes, nose, mouth, ears, other facial skin.
pub const KINDS: usize = 6;

const WIDTH: usize = 16;

#[derive(Module, Debug)]
struct Block {
    first: Conv2d,
    first_norm: GroupNorm,
    second: Conv2d,
    second_norm: GroupNorm,
}

impl Block {
    fn new(from: usize, to: usize, device: &Device) -> Self {
        let conv = |from, to| {
            Conv2dConfig::new([from, to], [3, 3])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(device)
        };
        let norm = || GroupNormConfig::new(4, to).init(device);
        Self {
            first: conv(from, to),
            first_norm: norm(),
            second: conv(to, to),
            second_norm: norm(),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let x = relu(self.first_norm.forward(self.first.forward(x)));
        relu(self.second_norm.forward(self.second.forward(x)))
    }
}

/// The network. Input `[n, 3, 80, 80]`, output `[n, 6, 80, 80]`, unnormalised.
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
                Block::new(4 * CHANNELS, w, device),
                Block::new(w, 2 * w, device),
                Block::new(2 * w, 4 * w, device),
            ],
            up: vec![
                Block::new(3 * w, w, device),
                Block::new(6 * w, 2 * w, device),
            ],
            out: Conv2dConfig::new([w, 4 * KINDS], [1, 1]).init(device),
        }
    }

    /// Scores for each kind at each pixel.
    #[must_use]
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let mut x = fold(x);
        let mut kept = Vec::new();
        for (depth, block) in self.down.iter().enumerate() {
            if depth > 0 {
                x = pool(x);
            }
            x = block.forward(x);
            kept.push(x.clone());
        }
        kept.pop();
        for (block, beside) in self.up.iter().zip(kept).rev() {
            x = block.forward(Tensor::cat(vec![double(x), beside], 1));
        }
        unfold(self.out.forward(x))
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
        softmax(self.forward(input), 1)
            .into_data_async()
            .await
            .map_err(|_| NetError::NoResult("view"))?
            .convert::<f32>()
            .try_to_vec::<f32>()
            .map_err(|_| NetError::NoResult("view"))
    }
}

/// Each square of 2 × 2 pixels becomes four channels.
fn fold(x: Tensor<4>) -> Tensor<4> {
    let [n, c, y, w] = x.dims();
    let x: Tensor<6> = x.reshape([n, c, y / 2, 2, w / 2, 2]);
    x.permute([0, 1, 3, 5, 2, 4])
        .reshape([n, c * 4, y / 2, w / 2])
}

/// The reverse of [`fold`].
fn unfold(x: Tensor<4>) -> Tensor<4> {
    let [n, c, y, w] = x.dims();
    let x: Tensor<6> = x.reshape([n, c / 4, 2, 2, y, w]);
    x.permute([0, 1, 4, 2, 5, 3])
        .reshape([n, c / 4, y * 2, w * 2])
}

/// The strongest of each 2 × 2 pixels.
fn pool(x: Tensor<4>) -> Tensor<4> {
    let [n, c, y, w] = x.dims();
    let x: Tensor<3> = x.reshape([n * c * y * w / 2, 2, 1]).max_dim(1);
    let x: Tensor<3> = x.reshape([n * c * y / 2, 2, w / 2]).max_dim(1);
    x.reshape([n, c, y / 2, w / 2])
}

/// Each pixel becomes 2 × 2 of them.
fn double(x: Tensor<4>) -> Tensor<4> {
    let [n, c, y, w] = x.dims();
    let x: Tensor<3> = x.reshape([n * c * y * w, 1, 1]).repeat_dim(1, 2);
    let x: Tensor<3> = x.reshape([n * c * y, 1, w * 2]).repeat_dim(1, 2);
    x.reshape([n, c, y * 2, w * 2])
}
