//! Writes slices for the benchmark: `cargo run -p cordon-synth --example slices COUNT DIR`.
#![allow(clippy::print_stdout)]

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let count = arguments
        .next()
        .and_then(|n| n.to_str()?.parse().ok())
        .unwrap_or(580);
    let dir = arguments.next().unwrap_or_else(|| "slices".into());
    let written = cordon_synth::write_to(
        std::path::Path::new(&dir),
        cordon_synth::mr_slices(1, count),
    )?;
    println!("{written} files");
    Ok(())
}
