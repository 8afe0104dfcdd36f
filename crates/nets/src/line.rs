//! The network that reads one line of text, so that what says nothing about a person can stay
//! where a protocol lets it: a side marker, the figures of a ruler, a window.
//!
//! It is small and reads poorly; that is enough. Who asks it keeps a line only where every letter is
//! sure and the whole line is one of a few forms (`cordon_text::harmless`); everything else is
//! blacked out as if nobody had read it. What it reads is compared and thrown away.
//!
//! Convolutions down to one row, then a score for each letter in each of [`COLUMNS`], trained with
//! connectionist temporal classification (Graves 2006): letters need not be cut apart.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{GroupNorm, GroupNormConfig, PaddingConfig2d};
use burn::tensor::activation::{relu, softmax};
use burn::tensor::{Device, Tensor, TensorData};

use crate::NetError;
use crate::answer::numbers;
use crate::flat::{Block, fold};
use crate::weights::WeightsFile;

/// The weights that this build knows.
pub const WEIGHTS: WeightsFile = WeightsFile {
    name: "line",
    sha256: "0d4871740ff62cec79a05559aea2de3999f4ae6d8f83cbae5a8164472b174a23",
};

/// The file of weights, for programs that carry it with them; a tab fetches it.
#[cfg(feature = "embedded")]
pub const BYTES: &[u8] = include_bytes!("../weights/line.safetensors");

/// The height of a line, in pixels.
pub const TALL: usize = 24;
/// The width of a line, in pixels.
pub const WIDE: usize = 192;
/// How many columns are answered for.
pub const COLUMNS: usize = WIDE / 2;
/// What can be read. The class before the first is a gap, the one after the last a letter of
/// another kind or none.
pub const LETTERS: &str =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz .:,-+/%=()#";
/// How many classes there are.
pub const CLASSES: usize = LETTERS.len() + 2;

/// A convolution along the line, normalised.
#[derive(Module, Debug)]
struct Along {
    conv: Conv2d,
    norm: GroupNorm,
}

impl Along {
    fn new(from: usize, to: usize, device: &Device) -> Self {
        Self {
            conv: Conv2dConfig::new([from, to], [1, 5])
                .with_padding(PaddingConfig2d::Explicit(0, 2, 0, 2))
                .init(device),
            norm: GroupNormConfig::new(4, to).init(device),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        relu(self.norm.forward(self.conv.forward(x)))
    }
}

/// The network. Input `[n, 1, TALL, WIDE]`, letters 1 on 0; output `[n, CLASSES, COLUMNS]`,
/// unnormalised.
#[derive(Module, Debug)]
pub struct LineNet {
    low: Block,
    high: Block,
    first: Along,
    second: Along,
    third: Along,
    out: Conv2d,
}

impl LineNet {
    /// A network with random weights.
    #[must_use]
    pub fn new(device: &Device) -> Self {
        let rows = TALL / 8;
        Self {
            low: Block::new(4, 24, device),
            high: Block::new(24, 40, device),
            first: Along::new(40 * rows, 64, device),
            second: Along::new(64, 64, device),
            third: Along::new(64, 64, device),
            out: Conv2dConfig::new([64, CLASSES], [1, 1]).init(device),
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

    /// A score for each class in each column.
    #[must_use]
    pub fn forward(&self, x: Tensor<4>) -> Tensor<3> {
        let x = lower(self.low.forward(fold(x, 2)));
        let x = lower(self.high.forward(x));
        let [n, c, y, w] = x.dims();
        let x = self.first.forward(x.reshape([n, c * y, 1, w]));
        let x = x.clone() + self.second.forward(x);
        let x = x.clone() + self.third.forward(x);
        let [n, _, _, w] = x.dims();
        self.out.forward(x).reshape([n, CLASSES, w])
    }

    /// The probability of each class in each column of some lines: a line after the other, in
    /// each a column after the other.
    ///
    /// # Errors
    /// When `lines` are not whole lines, or the device fails.
    pub async fn read(&self, lines: Vec<f32>, device: &Device) -> Result<Vec<f32>, NetError> {
        let n = lines.len() / (TALL * WIDE);
        if n == 0 || lines.len() != n * TALL * WIDE {
            return Err(NetError::Shape("line"));
        }
        let input: Tensor<4> =
            Tensor::from_data(TensorData::new(lines, [n, 1, TALL, WIDE]), device);
        let likely = softmax(self.forward(input), 1).permute([0, 2, 1]);
        numbers(likely, "line").await
    }
}

/// The strongest of each two pixels above each other.
fn lower(x: Tensor<4>) -> Tensor<4> {
    let [n, c, y, w] = x.dims();
    let x: Tensor<3> = x.reshape([n * c * y / 2, 2, w]).max_dim(1);
    x.reshape([n, c, y / 2, w])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::wait;

    #[test]
    fn lines_of_any_number_get_columns_each_and_broken_ones_an_error() {
        let device = Device::flex();
        let net = LineNet::new(&device);
        let read = wait(net.read(vec![0.5; 3 * TALL * WIDE], &device)).expect("an answer");
        assert_eq!(read.len(), 3 * COLUMNS * CLASSES);
        for column in read.chunks(CLASSES) {
            assert!((column.iter().sum::<f32>() - 1.0).abs() < 1e-3);
        }
        for wrong in [0, 1, TALL * WIDE - 1] {
            let answer = wait(net.read(vec![0.5; wrong], &device));
            assert_eq!(answer, Err(NetError::Shape("line")));
        }
    }

    #[cfg(feature = "embedded")]
    #[test]
    fn the_weights_of_this_build_are_the_ones_it_knows() {
        assert!(LineNet::embedded(&Device::flex()).is_ok());
        let mut damaged = BYTES.to_vec();
        damaged[1000] ^= 1;
        let loaded = crate::weights::load(LineNet::new(&Device::flex()), WEIGHTS, damaged);
        assert!(matches!(loaded, Err(NetError::Weights("line"))));
    }
}
