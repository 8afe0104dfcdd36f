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
use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor, TensorData};

use crate::NetError;
use crate::answer::numbers;
use crate::flat::{Block, More, fold, through};
use crate::weights::WeightsFile;

/// The weights that this build knows.
pub const WEIGHTS: WeightsFile = WeightsFile {
    name: "text",
    sha256: "2cab1765e7f1fe2781733778b569c7f105845393eece712a0fc60c227932a269",
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

/// The network. Input `[n, 1, 256, 256]`, shades from -1 to 1; output `[n, 1, 64, 64]`,
/// unnormalised.
#[derive(Module, Debug)]
pub struct TextNet {
    down: Vec<Block>,
    more: Vec<More>,
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
            more: WIDTHS
                .map(|width| More::new(width, 2 * width, device))
                .into(),
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
        let x = through(&self.down, &self.more, &self.up, fold(x, CELL));
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
        numbers(sigmoid(self.forward(input)), "text").await
    }
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
