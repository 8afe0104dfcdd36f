//! The network that finds text burned into a picture.
//!
//! A small U-Net after Ronneberger 2015 that answers for cells of 4 × 4 pixels. The cells are
//! folded into channels before the first layer: letters of six pixels still cover more than one
//! cell, and the widest layers work on a sixteenth of the pixels. It tells where letters are and
//! does not read them: nothing that a person's name says ever leaves the picture.
//!
//! A picture is looked at tile by tile. All tiles have one size, because group normalisation
//! works over a whole tile: a network that saw other sizes than in its training would see other
//! contrasts.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{GroupNorm, GroupNormConfig, PaddingConfig2d};
use burn::tensor::activation::{relu, sigmoid};
use burn::tensor::{Device, Tensor, TensorData};

use crate::NetError;
use crate::weights::WeightsFile;

/// The weights that this build knows.
pub const WEIGHTS: WeightsFile = WeightsFile {
    name: "text",
    sha256: "f735a686cda73843e254dfb3246cbaa52752f8a2e6cf011bcb5f9ae4efa4c1d6",
};

/// The file of weights, for programs that carry it with them; a tab fetches it.
#[cfg(feature = "embedded")]
pub const BYTES: &[u8] = include_bytes!("../weights/text.safetensors");

/// The edge of the square that the network looks at, in pixels.
pub const TILE: usize = 256;
/// The edge of the square that it answers for, in pixels.
pub const CELL: usize = 4;
/// The edge of the answer, in cells.
pub const MAP: usize = TILE / CELL;

const WIDTHS: [usize; 4] = [24, 32, 40, 48];

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

/// The network. Input `[n, 1, 256, 256]`, shades from -1 to 1; output `[n, 1, 64, 64]`,
/// unnormalised.
#[derive(Module, Debug)]
pub struct TextNet {
    down: Vec<Block>,
    up: Vec<Block>,
    out: Conv2d,
}

impl TextNet {
    /// A network with random weights.
    #[must_use]
    pub fn new(device: &Device) -> Self {
        let [a, b, c, d] = WIDTHS;
        Self {
            down: vec![
                Block::new(CELL * CELL, a, device),
                Block::new(a, b, device),
                Block::new(b, c, device),
                Block::new(c, d, device),
            ],
            up: vec![
                Block::new(a + b, a, device),
                Block::new(b + c, b, device),
                Block::new(c + d, c, device),
            ],
            out: Conv2dConfig::new([a, 1], [1, 1]).init(device),
        }
    }

    /// The network with the weights that this build carries.
    ///
    /// # Errors
    /// When they are not those that the build was made with.
    #[cfg(feature = "embedded")]
    pub fn embedded(device: &Device) -> Result<Self, NetError> {
        crate::weights::load(Self::new(device), WEIGHTS, BYTES.to_vec())
    }

    /// A score for each cell; above zero is text.
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
        self.out.forward(x)
    }

    /// The probability of text in each cell of some tiles, which follow each other row by row
    /// with shades from 0 for black to 1 for white. Maps follow each other the same way.
    ///
    /// # Errors
    /// When `tiles` are not whole tiles, or the device fails.
    pub async fn find(&self, mut tiles: Vec<f32>, device: &Device) -> Result<Vec<f32>, NetError> {
        let n = tiles.len() / (TILE * TILE);
        if n == 0 || tiles.len() != n * TILE * TILE {
            return Err(NetError::Shape("text"));
        }
        for shade in &mut tiles {
            *shade = *shade * 2.0 - 1.0;
        }
        let input: Tensor<4> =
            Tensor::from_data(TensorData::new(tiles, [n, 1, TILE, TILE]), device);
        let data = sigmoid(self.forward(input))
            .into_data_async()
            .await
            .map_err(|_| NetError::NoResult("text"))?;
        let map = data
            .convert::<f32>()
            .try_to_vec::<f32>()
            .map_err(|_| NetError::NoResult("text"))?;
        // A device that runs out of memory may hand back anything: that is no answer.
        if map.len() != n * MAP * MAP || map.iter().any(|p| !p.is_finite()) {
            return Err(NetError::NoResult("text"));
        }
        Ok(map)
    }
}

/// Each square of 4 × 4 pixels becomes sixteen channels.
fn fold(x: Tensor<4>) -> Tensor<4> {
    let [n, c, y, w] = x.dims();
    let x: Tensor<6> = x.reshape([n, c, y / CELL, CELL, w / CELL, CELL]);
    x.permute([0, 1, 3, 5, 2, 4])
        .reshape([n, c * CELL * CELL, y / CELL, w / CELL])
}

/// The strongest of each 2 × 2 cells.
fn pool(x: Tensor<4>) -> Tensor<4> {
    let [n, c, y, w] = x.dims();
    let x: Tensor<3> = x.reshape([n * c * y * w / 2, 2, 1]).max_dim(1);
    let x: Tensor<3> = x.reshape([n * c * y / 2, 2, w / 2]).max_dim(1);
    x.reshape([n, c, y / 2, w / 2])
}

/// Each cell becomes 2 × 2 of them.
fn double(x: Tensor<4>) -> Tensor<4> {
    let [n, c, y, w] = x.dims();
    let x: Tensor<3> = x.reshape([n * c * y * w, 1, 1]).repeat_dim(1, 2);
    let x: Tensor<3> = x.reshape([n * c * y, 1, w * 2]).repeat_dim(1, 2);
    x.reshape([n, c, y * 2, w * 2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::wait;

    #[test]
    fn tiles_of_any_number_get_a_map_each_and_broken_ones_an_error() {
        let device = Device::flex();
        let net = TextNet::new(&device);
        let map = wait(net.find(vec![0.5; 2 * TILE * TILE], &device)).expect("an answer");
        assert_eq!(map.len(), 2 * MAP * MAP);
        assert!(map.iter().all(|p| (0.0..=1.0).contains(p)));
        for wrong in [0, 1, TILE * TILE - 1] {
            let answer = wait(net.find(vec![0.5; wrong], &device));
            assert_eq!(answer, Err(NetError::Shape("text")));
        }
    }

    #[test]
    fn a_tile_gets_the_same_answer_alone_and_among_others() {
        let device = Device::flex();
        let net = TextNet::new(&device);
        let tile: Vec<f32> = (0..TILE * TILE).map(|i| (i % 17) as f32 / 17.0).collect();
        let alone = wait(net.find(tile.clone(), &device)).expect("an answer");
        let mut two = vec![0.2; TILE * TILE];
        two.extend(tile);
        let both = wait(net.find(two, &device)).expect("an answer");
        let differ = alone
            .iter()
            .zip(&both[MAP * MAP..])
            .any(|(a, b)| (a - b).abs() > 1e-4);
        assert!(!differ);
    }

    #[cfg(feature = "embedded")]
    #[test]
    fn the_weights_of_this_build_are_the_ones_it_knows() {
        assert!(TextNet::embedded(&Device::flex()).is_ok());
        let mut damaged = BYTES.to_vec();
        damaged[1000] ^= 1;
        let loaded = crate::weights::load(TextNet::new(&Device::flex()), WEIGHTS, damaged);
        assert!(matches!(loaded, Err(NetError::Weights("text"))));
    }
}
