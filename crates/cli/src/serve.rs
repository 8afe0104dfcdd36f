//! `cordon serve`: the ingest with its embedded store.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::Args;
use cordon_ingest::{Config, IngestError, Server};

use crate::failure::{At as _, Failure};

/// The port where none is named.
const PORT: u16 = 8421;

/// How to serve.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    store: Store,
    /// Address to listen at.
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// Port; 8421 where it is not given, any free one with --demo.
    #[arg(long)]
    port: Option<u16>,
    /// Folder with the built page; `page` beside this program where it is not given.
    #[arg(long, value_name = "DIR")]
    page: Option<PathBuf>,
    /// Who runs the server, for people.
    #[arg(long, value_name = "NAME", default_value = "This computer")]
    operator: String,
    /// Origin of a portal whose pages embed the contribution view; may be given again.
    #[arg(long, value_name = "ORIGIN")]
    portal: Vec<String>,
    /// Let the portals put the page into a frame.
    #[arg(long, requires = "portal")]
    framed: bool,
    /// Make a demonstration project with an invitation; without --data in a folder that goes
    /// with the server.
    #[arg(long)]
    demo: bool,
    /// Write synthetic studies with made-up identities to this folder, to drop on the page.
    #[arg(long, value_name = "DIR")]
    samples: Option<PathBuf>,
    /// Print one line of JSON once the server is ready.
    #[arg(long)]
    json: bool,
}

/// Where the server keeps what it took in.
#[derive(Args, Clone)]
pub(crate) struct Store {
    /// Folder of the embedded store: database, objects, receipt key.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Origin under which people reach the server, such as https://ingest.example.org.
    #[arg(long, value_name = "ORIGIN")]
    public_origin: Option<String>,
}

impl Store {
    /// The configuration of a server over this store.
    pub(crate) fn config(&self) -> Result<Config, Failure> {
        let data = match &self.data {
            Some(data) => data.clone(),
            None => crate::key::data_folder()
                .ok_or(Failure::NoConfigFolder)?
                .join("server"),
        };
        let mut config = Config::local(data);
        config.public_origin.clone_from(&self.public_origin);
        Ok(config)
    }
    /// Whether links to the server can be spelled out.
    pub(crate) const fn has_public_origin(&self) -> bool {
        self.public_origin.is_some()
    }
}

/// A folder that goes with the server.
struct Passing(Option<PathBuf>);

impl Drop for Passing {
    fn drop(&mut self) {
        if let Some(dir) = &self.0 {
            let _ = std::fs::remove_dir_all(dir);
        }
    }
}

/// Runs the server's futures.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Server(IngestError::Io(error)))
}

/// A new folder for a demonstration, that nobody else made or may look into.
fn own_folder() -> Result<PathBuf, Failure> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    let mut n = 0_u32;
    loop {
        let name = format!("cordon-demo-{}-{n}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        match builder.create(&folder) {
            Ok(()) => return Ok(folder),
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists && n < 1000 => n += 1,
            Err(e) => return Err(e).at(&folder),
        }
    }
}

/// Serves until Ctrl-C or SIGTERM.
pub(crate) fn run(options: &Options) -> Result<bool, Failure> {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(false)
        .init();
    let mut config = options.store.config()?;
    let mut passing = Passing(None);
    if options.demo && options.store.data.is_none() {
        config.data = own_folder()?;
        passing.0 = Some(config.data.clone());
    }
    let port = options.port.unwrap_or(if options.demo { 0 } else { PORT });
    config.bind = SocketAddr::from((options.bind, port));
    config.operator.clone_from(&options.operator);
    config.portal_origins.clone_from(&options.portal);
    config.framed_by_portals = options.framed;
    config.web = options.page.clone().or_else(page_beside_program);
    if let Some(dir) = &options.samples {
        let count = cordon_synth::write_to(dir, cordon_synth::demo(1)).at(dir)?;
        if !options.json {
            println!("{count} synthetic files: {}", dir.display());
        }
    }
    let served = runtime()?.block_on(serve(options, config));
    drop(passing);
    served.map(|()| true).map_err(Failure::Server)
}

async fn serve(options: &Options, config: Config) -> Result<(), IngestError> {
    let page = config.web.is_some();
    if options.demo {
        let demo = Server::demo(config).await?;
        if options.json {
            println!(
                "{}",
                serde_json::json!({
                    "url": demo.url,
                    "dicomweb": demo.dicomweb,
                    "project": demo.project,
                    "token": demo.token,
                    "link": demo.link,
                    "receipt_key": demo.server.receipt_key(),
                })
            );
        } else {
            println!(
                "Cordon is ready. Open this link; it holds the invitation:\n\n  {}\n",
                demo.link
            );
            println!(
                "DICOMweb: {} (bearer token: the one in the link)",
                demo.dicomweb
            );
            tell_page(page);
        }
        return demo.server.serve(demo.listener, stopped()).await;
    }
    let server = Server::open(config).await?;
    let listener = server.bind().await?;
    if options.json {
        println!(
            "{}",
            serde_json::json!({ "url": server.origin(), "receipt_key": server.receipt_key() })
        );
    } else {
        println!("Cordon is ready at {}", server.origin());
        println!("Receipts are signed with the key {}", server.receipt_key());
        tell_page(page);
    }
    server.serve(listener, stopped()).await
}

fn tell_page(there: bool) {
    if !there {
        println!("No built page was found: only the API is served. `cargo xtask run` builds both.");
    }
}

/// `cargo xtask dist` puts the page beside the program.
fn page_beside_program() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    let page = program.parent()?.join("page");
    page.join("index.html").is_file().then_some(page)
}

/// Ready when the server is told to stop.
async fn stopped() {
    let interrupt = async {
        // Where the signal cannot be had, the server runs until it is killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
