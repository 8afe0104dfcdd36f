//! The network that finds a head and its parts in a volume of any modality.
//!
//! A three-dimensional U-Net after Ronneberger 2015 and SynthStrip (Hoopes 2022). The volume is
//! folded: each cube of 2 × 2 × 2 voxels becomes eight channels of one, so that the widest layers
//! work on an eighth of the voxels. Group normalisation, because a batch is one volume.

use burn::module::Module;
use burn::nn::conv::{Conv3d, Conv3dConfig};
use burn::nn::{GroupNorm, GroupNormConfig, PaddingConfig3d};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, TensorData};

use crate::NetError;
use crate::answer::numbers;
use crate::weights::WeightsFile;

/// The weights that this build knows.
pub const WEIGHTS: WeightsFile = WeightsFile {
    name: "head",
    sha256: "393ebe89ef2910e9b4775a22780c0b27d21b0164399cbe01bef18e4a592bbbc3",
};

/// The file of weights, for programs that carry it with them; a tab fetches it.
#[cfg(feature = "embedded")]
pub const BYTES: &[u8] = include_bytes!("../weights/head.safetensors");

/// The edge of the cube that the network looks at, in voxels.
pub const EDGE: usize = 64;
/// How many labels the network tells apart; `cordon-deface` names them.
pub const LABELS: usize = 8;

const WIDTH: usize = 16;

#[derive(Module, Debug)]
struct Block {
    first: Conv3d,
    first_norm: GroupNorm,
    second: Conv3d,
    second_norm: GroupNorm,
}

impl Block {
    fn new(from: usize, to: usize, device: &Device) -> Self {
        let conv = |from, to| {
            Conv3dConfig::new([from, to], [3, 3, 3])
                .with_padding(PaddingConfig3d::Explicit(1, 1, 1))
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

    fn forward(&self, x: Tensor<5>) -> Tensor<5> {
        let x = relu(self.first_norm.forward(self.first.forward(x)));
        relu(self.second_norm.forward(self.second.forward(x)))
    }
}

/// The network. Input `[1, 1, 64, 64, 64]`, slowest axis first; output `[1, LABELS, 64, 64, 64]`,
/// unnormalised.
#[derive(Module, Debug)]
pub struct HeadNet {
    down: Vec<Block>,
    up: Vec<Block>,
    out: Conv3d,
}

impl HeadNet {
    /// A network with random weights.
    #[must_use]
    pub fn new(device: &Device) -> Self {
        let w = WIDTH;
        Self {
            down: vec![
                Block::new(8, w, device),
                Block::new(w, 2 * w, device),
                Block::new(2 * w, 3 * w, device),
                Block::new(3 * w, 4 * w, device),
            ],
            up: vec![
                Block::new(3 * w, w, device),
                Block::new(5 * w, 2 * w, device),
                Block::new(7 * w, 3 * w, device),
            ],
            out: Conv3dConfig::new([w, 8 * LABELS], [1, 1, 1]).init(device),
        }
    }

    /// Scores for each label at each voxel.
    #[must_use]
    pub fn forward(&self, x: Tensor<5>) -> Tensor<5> {
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

    /// The probabilities of the labels, label by label, each a cube with the slowest axis first.
    ///
    /// # Errors
    /// When `cube` has another size, or the device fails.
    pub async fn segment(&self, cube: Vec<f32>, device: &Device) -> Result<Vec<f32>, NetError> {
        if cube.len() != EDGE.pow(3) {
            return Err(NetError::Shape("head"));
        }
        let input: Tensor<5> =
            Tensor::from_data(TensorData::new(cube, [1, 1, EDGE, EDGE, EDGE]), device);
        let scores = burn::tensor::activation::softmax(self.forward(input), 1);
        numbers(scores, "head").await
    }
}

/// Each cube of 2 × 2 × 2 voxels becomes eight channels.
fn fold(x: Tensor<5>) -> Tensor<5> {
    let [n, c, z, y, w] = x.dims();
    let x: Tensor<8> = x.reshape([n, c, z / 2, 2, y / 2, 2, w / 2, 2]);
    x.permute([0, 1, 3, 5, 7, 2, 4, 6])
        .reshape([n, c * 8, z / 2, y / 2, w / 2])
}

/// The reverse of [`fold`].
fn unfold(x: Tensor<5>) -> Tensor<5> {
    let [n, c, z, y, w] = x.dims();
    let x: Tensor<8> = x.reshape([n, c / 8, 2, 2, 2, z, y, w]);
    x.permute([0, 1, 5, 2, 6, 3, 7, 4])
        .reshape([n, c / 8, z * 2, y * 2, w * 2])
}

/// The strongest of each 2 × 2 × 2 voxels.
fn pool(x: Tensor<5>) -> Tensor<5> {
    let [n, c, z, y, w] = x.dims();
    let x: Tensor<3> = x.reshape([n * c * z * y * w / 2, 2, 1]).max_dim(1);
    let x: Tensor<3> = x.reshape([n * c * z * y / 2, 2, w / 2]).max_dim(1);
    let x: Tensor<3> = x.reshape([n * c * z / 2, 2, y / 2 * w / 2]).max_dim(1);
    x.reshape([n, c, z / 2, y / 2, w / 2])
}

/// Each voxel becomes 2 × 2 × 2 of them.
fn double(x: Tensor<5>) -> Tensor<5> {
    let [n, c, z, y, w] = x.dims();
    let x: Tensor<3> = x.reshape([n * c * z * y * w, 1, 1]).repeat_dim(1, 2);
    let x: Tensor<3> = x.reshape([n * c * z * y, 1, w * 2]).repeat_dim(1, 2);
    let x: Tensor<3> = x.reshape([n * c * z, 1, y * 2 * w * 2]).repeat_dim(1, 2);
    x.reshape([n, c, z * 2, y * 2, w * 2])
}
