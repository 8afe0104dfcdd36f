//! What an operator sets.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// How the server is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen; port 0 takes any free one.
    pub bind: SocketAddr,
    /// Folder of the embedded store: database, objects, receipt key.
    pub data: PathBuf,
    /// Folder with the built page; without one only the API is served.
    pub web: Option<PathBuf>,
    /// Who runs the server, for people.
    pub operator: String,
    /// The origin under which people reach the server, such as
    /// `https://ingest.example.org`; without one, that of the listener.
    pub public_origin: Option<String>,
    /// Origins of portals whose pages embed the contribution view and so call the API.
    pub portal_origins: Vec<String>,
    /// Whether the page may stand in a frame of the portals.
    pub framed_by_portals: bool,
    /// What the server puts up with.
    pub limits: Limits,
}

impl Config {
    /// An embedded store in `data`, on a free port of this machine only.
    #[must_use]
    pub fn local(data: impl Into<PathBuf>) -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data: data.into(),
            web: None,
            operator: "This computer".to_owned(),
            public_origin: None,
            portal_origins: Vec::new(),
            framed_by_portals: false,
            limits: Limits::default(),
        }
    }
}

/// What the server puts up with before it says no.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Largest STOW request.
    pub request_bytes: u64,
    /// Largest part of a STOW request, which is one object.
    pub part_bytes: u64,
    /// STOW requests at one time; one more is told to come back.
    pub uploads: usize,
    /// Objects checked at one time.
    pub checks: usize,
    /// Bytes of objects in memory for their check at one time.
    pub check_bytes: u64,
    /// Open connections.
    pub connections: usize,
    /// Closing requests and tables at once: each is read as a whole.
    pub large_bodies: usize,
    /// How long a client may take over its request's header.
    pub header_time: Duration,
    /// How long a client may be silent in the middle of a body.
    pub idle_time: Duration,
    /// How long a client may leave an answer unread.
    pub unread_time: Duration,
    /// Least speed of a body over its whole time, in bytes per second.
    pub least_rate: u64,
    /// How long requests in progress may go on once the server is told to stop.
    pub stop_time: Duration,
    /// How long something held waits for its contribution to be closed.
    pub held_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            request_bytes: 4 << 30,
            part_bytes: 2 << 30,
            uploads: 32,
            checks: cores.max(2),
            check_bytes: 3 << 30,
            connections: 1024,
            large_bodies: 8,
            header_time: Duration::from_secs(15),
            idle_time: Duration::from_secs(30),
            unread_time: Duration::from_secs(60),
            least_rate: 1024,
            stop_time: Duration::from_secs(20),
            held_time: Duration::from_secs(30 * 24 * 3600),
        }
    }
}
