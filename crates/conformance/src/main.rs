//! writes
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used)]
fn main() {
    let suite = cordon_conformance::suite::Suite::new(3, 13);
    suite
        .write(std::path::Path::new("/tmp/t/conf-out"))
        .unwrap();
    println!("{}", suite.items.len());
}
