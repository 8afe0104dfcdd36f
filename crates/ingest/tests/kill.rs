//! The server is killed ten times in the middle of requests: nothing that it
//! acknowledged is lost, nothing is there twice, nothing is half-written, and the
//! audit log stays whole.
//!
//! The test starts itself again as the server, in a process of its own that can
//! be killed without a chance to tidy up.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test"
)]

mod common;

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use common::{Object, body, items, stow_type};
use cordon_ingest::{Config, Server};
use serde_json::Value;

const DATA: &str = "CORDON_KILL_TEST_DATA";
const ROUNDS: usize = 10;
const PER_ROUND: usize = 12;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    match std::env::var(DATA) {
        Ok(data) => runtime.block_on(be_the_server(&data)),
        Err(_) => runtime.block_on(test()),
    }
}

async fn be_the_server(data: &str) {
    let demo = Server::demo(Config::local(data)).await.expect("demo");
    println!("{} {}", demo.dicomweb, demo.token);
    demo.server
        .serve(demo.listener, std::future::pending())
        .await
        .expect("serve");
}

struct Killable {
    child: Child,
    dicomweb: String,
    token: String,
}

fn start(data: &std::path::Path) -> Killable {
    let mut child = Command::new(std::env::current_exe().expect("exe"))
        .env(DATA, data)
        .stdout(Stdio::piped())
        .spawn()
        .expect("child");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("stdout"))
        .read_line(&mut line)
        .expect("line");
    let (dicomweb, token) = line.trim().split_once(' ').expect("two words");
    Killable {
        dicomweb: dicomweb.to_owned(),
        token: token.to_owned(),
        child,
    }
}

struct Random(u64);
impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

type Acknowledged = Arc<Mutex<HashMap<String, String>>>;

async fn send(server: (String, String), objects: Vec<Object>, acknowledged: Acknowledged) -> bool {
    let answer = reqwest::Client::new()
        .post(format!("{}/studies", server.0))
        .bearer_auth(server.1)
        .header("content-type", stow_type())
        .body(body(objects.iter().map(|o| o.bytes.as_slice())))
        .send()
        .await;
    let Ok(answer) = answer else { return false };
    let Ok(bytes) = answer.bytes().await else {
        return false;
    };
    let value: Value = serde_json::from_slice(&bytes).expect("a whole answer");
    let stored = items(&value, "00081199");
    assert_eq!(stored.len(), objects.len(), "{value}");
    let mut all = acknowledged.lock().expect("lock");
    for object in objects {
        all.insert(object.instance.clone(), object.sha256());
    }
    true
}

async fn test() {
    let seed = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("clock")
        .subsec_nanos();
    println!("seed {seed}");
    let mut random = Random(u64::from(seed) | 1);
    let total = ROUNDS * PER_ROUND;
    let slices = cordon_synth::mr_slices(3, u32::try_from(total).expect("u32"));
    let objects = common::clean(slices.map(|f| f.bytes), 2);
    assert_eq!(objects.len(), total);
    let held = objects
        .iter()
        .any(|o| o.verdict != cordon_protocol::Verdict::Clean);
    assert!(!held, "the slices of this test are to be clean");

    let dir = tempfile::tempdir().expect("dir");
    let acknowledged = Acknowledged::default();
    let mut cut = 0;
    for round in 0..ROUNDS {
        let mut server = start(dir.path());
        let mut tasks = Vec::new();
        let from = round * PER_ROUND;
        for chunk in objects[from..from + PER_ROUND].chunks(3) {
            let to = (server.dicomweb.clone(), server.token.clone());
            tasks.push(tokio::spawn(send(to, chunk.to_vec(), acknowledged.clone())));
        }
        tokio::time::sleep(Duration::from_millis(random.below(120))).await;
        // SIGKILL: no handler, no flush, no goodbye.
        server.child.kill().expect("kill");
        server.child.wait().expect("wait");
        for task in tasks {
            cut += usize::from(!task.await.expect("task"));
        }
        inspect(dir.path(), &acknowledged).await;
    }
    println!(
        "{ROUNDS} kills, {cut} of {} requests cut",
        ROUNDS * PER_ROUND / 3
    );

    // Sending everything again brings what is missing and nothing twice.
    let mut server = start(dir.path());
    for chunk in objects.chunks(20) {
        let to = (server.dicomweb.clone(), server.token.clone());
        assert!(send(to, chunk.to_vec(), acknowledged.clone()).await);
    }
    server.child.kill().expect("kill");
    server.child.wait().expect("wait");
    let instances = inspect(dir.path(), &acknowledged).await;
    assert_eq!(instances, total as u64);
    println!("kill: ok");
}

/// Opens the folder as the next server would, and looks at everything in it.
async fn inspect(data: &std::path::Path, acknowledged: &Acknowledged) -> u64 {
    let server = Server::open(Config::local(data)).await.expect("open");
    let store = server.verify_store().await.expect("store");
    assert_eq!((store.damaged, store.orphans, store.staged), (0, 0, 0));
    let audit = server.verify_audit().await.expect("audit");
    assert!(audit.is_whole(), "row {:?}", audit.broken_at);
    let wanted = acknowledged.lock().expect("lock").clone();
    assert!(store.instances >= wanted.len() as u64);
    for digest in wanted.values() {
        let path = data.join("objects").join(&digest[..2]).join(digest);
        let bytes = std::fs::read(path).expect("what was acknowledged is here");
        assert_eq!(cordon_protocol::sha256_hex(&bytes), *digest);
    }
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    stop.send(()).expect("stop");
    let listener = server.bind().await.expect("bind");
    let stopped = async {
        let _ = stopped.await;
    };
    server.serve(listener, stopped).await.expect("close");
    store.instances
}
