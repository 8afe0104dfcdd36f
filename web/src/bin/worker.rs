//! The worker's module: loaded by `worker-boot.js` in every dedicated worker.

fn main() {
    cordon_web::worker::start();
}
