//! Placeholder.
use clap::Args;
/// What to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// How many.
    #[arg(long, default_value_t = 400)]
    n: u64,
}
/// Measures.
pub(crate) fn run(options: &Options) -> std::io::Result<()> {
    println!("{}", options.n);
    Ok(())
}
