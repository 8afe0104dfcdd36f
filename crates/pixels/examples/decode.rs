//! Decodes the first frames of the files named and says how long it took: a tool for looking at
//! codecs. With `CORDON_DUMP` set to a folder, writes the first frame's samples there as f64.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

fn main() {
    for path in std::env::args().skip(1) {
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        let bytes = std::fs::read(&path).unwrap();
        let bytes = match cordon_dicom::read_inflating(&bytes) {
            Ok(bytes) => bytes,
            Err(error) => {
                println!("{name}: not read: {error}");
                continue;
            }
        };
        let file = match cordon_dicom::read(&bytes) {
            Ok(file) => file,
            Err(error) => {
                println!("{name}: not read: {error}");
                continue;
            }
        };
        let start = std::time::Instant::now();
        let findings = cordon_pixels::sanity(&file);
        let sane = start.elapsed();
        let codes: Vec<_> = findings
            .iter()
            .map(cordon_protocol::Finding::sentence)
            .collect();
        let frames = match cordon_pixels::describe(&file.data) {
            Ok(info) => info.frames.min(3),
            Err(error) => {
                println!("{name}: {codes:?} {error}");
                continue;
            }
        };
        let start = std::time::Instant::now();
        let result = (0..frames)
            .map(|n| cordon_pixels::frame(&file, n))
            .collect::<Result<Vec<_>, _>>();
        let took = start.elapsed() / frames;
        if let (Some(folder), Ok(frames)) = (std::env::var_os("CORDON_DUMP"), &result) {
            let samples = frames.first().map(|f| &f.samples);
            let values: Vec<u8> = samples.map_or_else(Vec::new, |s| {
                (0..s.len())
                    .flat_map(|i| s.value(i).to_le_bytes())
                    .collect()
            });
            let path = std::path::Path::new(&folder).join(name.replace(".dcm", ".f64"));
            std::fs::write(path, values).unwrap();
        }
        let outcome = match &result {
            Ok(frames) => frames.first().map_or_else(String::new, |f| {
                let mean: f64 = (0..f.samples.len())
                    .map(|i| f.samples.value(i))
                    .sum::<f64>()
                    / f.samples.len() as f64;
                format!(
                    "{} × {} mean {mean:.3} {:?}",
                    f.columns, f.rows, f.photometric
                )
            }),
            Err(error) => error.to_string(),
        };
        let start = std::time::Instant::now();
        let thumbnail = cordon_pixels::thumbnail(&file, 128).map(|t| (t.width, t.height));
        let thumb = start.elapsed();
        println!(
            "{name}: {took:?} {outcome} | thumbnail {thumbnail:?} {thumb:?} | sanity {sane:?} {codes:?}"
        );
    }
}
