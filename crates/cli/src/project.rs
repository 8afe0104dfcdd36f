//! `cordon project`: what an operator sets up on a store whose server is stopped.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use cordon_ingest::{IngestError, Role, Server};
use cordon_protocol::Protocol;

use crate::clean::protocol;
use crate::failure::Failure;
use crate::serve::{Store, runtime};

/// What to set up.
#[derive(Subcommand)]
pub(crate) enum Task {
    /// Make a project.
    Create(Create),
    /// Publish another protocol for a project.
    Publish(Publish),
    /// Make an invitation; its token is shown once.
    Invite(Invite),
    /// Take an invitation back, by its number.
    Revoke(Revoke),
    /// Follow the audit log from its first row and read every object.
    Verify(Verify),
}

#[derive(Args)]
pub(crate) struct Create {
    /// Name in addresses: 1 to 64 of a-z, 0-9 and -.
    project: String,
    /// Name for people.
    #[arg(long)]
    title: String,
    /// The project's protocol; the Basic Profile where it is not given.
    #[arg(long, value_name = "FILE")]
    protocol: Option<PathBuf>,
    #[command(flatten)]
    store: Store,
}

#[derive(Args)]
pub(crate) struct Publish {
    /// The project.
    project: String,
    /// Its new protocol.
    #[arg(long, value_name = "FILE")]
    protocol: PathBuf,
    #[command(flatten)]
    store: Store,
}

#[derive(Args)]
pub(crate) struct Invite {
    /// The project.
    project: String,
    /// What the invitation allows.
    #[arg(long, value_enum, default_value = "contribute")]
    role: RoleName,
    /// For how many days it holds.
    #[arg(long, default_value_t = 30)]
    days: u32,
    #[command(flatten)]
    store: Store,
}

#[derive(Args)]
pub(crate) struct Revoke {
    /// The invitation's number, as it was shown with its token.
    number: String,
    #[command(flatten)]
    store: Store,
}

#[derive(Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    store: Store,
}

/// What an invitation allows.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleName {
    /// Send.
    Contribute,
    /// Find and fetch.
    Read,
    /// Both.
    Both,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Contribute => Self::Contribute,
            RoleName::Read => Self::Read,
            RoleName::Both => Self::Both,
        }
    }
}

/// Does it.
pub(crate) fn run(task: &Task) -> Result<bool, Failure> {
    let (store, protocol) = match task {
        Task::Create(t) => (&t.store, protocol(t.protocol.as_deref())?),
        Task::Publish(t) => (&t.store, protocol(Some(&t.protocol))?),
        Task::Invite(t) => (&t.store, Protocol::basic()),
        Task::Revoke(t) => (&t.store, Protocol::basic()),
        Task::Verify(t) => (&t.store, Protocol::basic()),
    };
    let config = store.config()?;
    runtime()?
        .block_on(async {
            let server = Server::open(config).await?;
            act(task, &server, &protocol).await
        })
        .map_err(Failure::Server)
}

async fn act(task: &Task, server: &Server, protocol: &Protocol) -> Result<bool, IngestError> {
    match task {
        Task::Create(t) => {
            server
                .create_project(&t.project, &t.title, protocol)
                .await?;
            println!(
                "The project is there. Invite with: cordon project invite {}",
                t.project
            );
        }
        Task::Publish(t) => {
            server.publish_protocol(&t.project, protocol).await?;
            println!("Published; its digest is {}", protocol.digest());
        }
        Task::Invite(t) => {
            let valid = Duration::from_secs(u64::from(t.days) * 24 * 3600);
            let invitation = server
                .create_invitation(&t.project, t.role.into(), valid)
                .await?;
            println!("Number      {}", invitation.id);
            println!("Expires     {}", invitation.expires_at);
            println!("Token       {}", invitation.token);
            if t.store.has_public_origin() {
                println!(
                    "Link        {}",
                    server.invitation_link(&t.project, &invitation.token)
                );
            } else {
                println!("Give --public-origin to see the whole link.");
            }
            println!("The token is shown once and not kept.");
        }
        Task::Revoke(t) => {
            let there = server.revoke_invitation(&t.number).await?;
            println!(
                "{}",
                if there {
                    "Taken back."
                } else {
                    "There is no such invitation."
                }
            );
            return Ok(there);
        }
        Task::Verify(_) => return verify(server).await,
    }
    Ok(true)
}

async fn verify(server: &Server) -> Result<bool, IngestError> {
    let audit = server.verify_audit().await?;
    match audit.broken_at {
        None => println!(
            "Audit log: {} rows, whole; its head is {}",
            audit.rows, audit.head
        ),
        Some(row) => println!(
            "Audit log: {} rows; row {row} does not follow from the one before it",
            audit.rows
        ),
    }
    let store = server.verify_store().await?;
    println!(
        "Store: {} instances, {} damaged, {} objects without a row",
        store.instances, store.damaged, store.orphans
    );
    Ok(audit.is_whole() && store.damaged == 0)
}
