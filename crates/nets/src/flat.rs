//! What the two-dimensional networks are made of, after Ronneberger 2015.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{GroupNorm, GroupNormConfig, Initializer, PaddingConfig2d};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

/// A convolution of 3 × 3 whose answer is as large as what it is asked about.
fn conv(from: usize, to: usize) -> Conv2dConfig {
    Conv2dConfig::new([from, to], [3, 3]).with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
}

/// Two convolutions of 3 × 3, each normalised by groups, because a batch may be one picture.
#[derive(Module, Debug)]
pub(crate) struct Block {
    first: Conv2d,
    first_norm: GroupNorm,
    second: Conv2d,
    second_norm: GroupNorm,
}

impl Block {
    pub(crate) fn new(from: usize, to: usize, device: &Device) -> Self {
        let norm = || GroupNormConfig::new(4, to).init(device);
        Self {
            first: conv(from, to).init(device),
            first_norm: norm(),
            second: conv(to, to).init(device),
            second_norm: norm(),
        }
    }

    pub(crate) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let x = relu(self.first_norm.forward(self.first.forward(x)));
        relu(self.second_norm.forward(self.second.forward(x)))
    }
}

/// What a level adds to itself, after He 2016. It begins as nothing: a network that is given some,
/// answers as before until it has learned more.
#[derive(Module, Debug)]
pub(crate) struct More {
    first: Conv2d,
    norm: GroupNorm,
    second: Conv2d,
}

impl More {
    pub(crate) fn new(width: usize, inner: usize, device: &Device) -> Self {
        Self {
            first: conv(width, inner).init(device),
            norm: GroupNormConfig::new(4, inner).init(device),
            second: conv(inner, width)
                .with_initializer(Initializer::Zeros)
                .init(device),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let more = relu(self.norm.forward(self.first.forward(x.clone())));
        x + self.second.forward(more)
    }
}

/// Down through all blocks, with what a level may add to itself, and up again, each level beside
/// what it was on the way down.
pub(crate) fn through(down: &[Block], more: &[More], up: &[Block], mut x: Tensor<4>) -> Tensor<4> {
    let mut kept = Vec::new();
    for (depth, block) in down.iter().enumerate() {
        if depth > 0 {
            x = pool(x);
        }
        x = block.forward(x);
        if let Some(more) = more.get(depth) {
            x = more.forward(x);
        }
        kept.push(x.clone());
    }
    kept.pop();
    for (block, beside) in up.iter().zip(kept).rev() {
        x = block.forward(Tensor::cat(vec![double(x), beside], 1));
    }
    x
}

/// Each square of `edge` × `edge` pixels becomes as many channels as it has pixels.
pub(crate) fn fold(x: Tensor<4>, edge: usize) -> Tensor<4> {
    let [n, c, y, w] = x.dims();
    let x: Tensor<6> = x.reshape([n, c, y / edge, edge, w / edge, edge]);
    x.permute([0, 1, 3, 5, 2, 4])
        .reshape([n, c * edge * edge, y / edge, w / edge])
}

/// The reverse of [`fold`].
pub(crate) fn unfold(x: Tensor<4>, edge: usize) -> Tensor<4> {
    let [n, c, y, w] = x.dims();
    let x: Tensor<6> = x.reshape([n, c / (edge * edge), edge, edge, y, w]);
    x.permute([0, 1, 4, 2, 5, 3])
        .reshape([n, c / (edge * edge), y * edge, w * edge])
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

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::TensorData;

    #[test]
    fn what_a_level_adds_begins_as_nothing() {
        let device = Device::flex();
        let numbers: Vec<f32> = (0..8 * 4 * 4).map(|i| (i as f32).sin()).collect();
        let x: Tensor<4> =
            Tensor::from_data(TensorData::new(numbers.clone(), [1, 8, 4, 4]), &device);
        let again = More::new(8, 16, &device).forward(x).into_data();
        assert_eq!(again.iter::<f32>().collect::<Vec<_>>(), numbers);
    }

    #[test]
    fn what_was_folded_unfolds() {
        let numbers: Vec<f32> = (0..2 * 8 * 12).map(|i| i as f32).collect();
        let x: Tensor<4> = Tensor::from_data(
            TensorData::new(numbers.clone(), [1, 2, 8, 12]),
            &Device::flex(),
        );
        for edge in [2, 4] {
            let again = unfold(fold(x.clone(), edge), edge).into_data();
            assert_eq!(again.iter::<f32>().collect::<Vec<_>>(), numbers);
        }
    }
}
