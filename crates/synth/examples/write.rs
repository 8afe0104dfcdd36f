//! Writes the demonstration set to a folder: `cargo run -p cordon-synth --example write DIR`.
#![allow(clippy::print_stdout)]

fn main() -> std::io::Result<()> {
    let dir = std::env::args_os()
        .nth(1)
        .unwrap_or_else(|| "demo-data".into());
    let count = cordon_synth::write_to(std::path::Path::new(&dir), cordon_synth::demo(1))?;
    println!("{count} files");
    Ok(())
}
