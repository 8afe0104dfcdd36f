//! The networks' module: loaded by `nets-boot.js` in one dedicated worker, when a series first
//! needs a look. The application and the workers that clean do not carry it.

mod assets;
mod clock;
mod device;
mod face;
mod files;
mod look;
mod measure;
mod nets;
mod quality;
mod text;
mod worker;

fn main() {
    worker::start();
}
