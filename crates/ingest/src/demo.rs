//! A server with a demonstration project, in one call.

use std::time::Duration;

use cordon_protocol::Protocol;
use tokio::net::TcpListener;

use crate::config::Config;
use crate::error::IngestError;
use crate::projects::Role;
use crate::server::Server;

/// Name of the demonstration project.
const PROJECT: &str = "demo";

/// A server that is ready to serve, its demonstration project and an invitation to it.
pub struct Demo {
    /// Address of the page, without the invitation.
    pub url: String,
    /// Address of the page with the invitation in its fragment, which browsers never send.
    pub link: String,
    /// Base address for STOW, QIDO and WADO.
    pub dicomweb: String,
    /// Name of the project.
    pub project: String,
    /// A bearer token for sending and fetching.
    pub token: String,
    /// The server; call [`Server::serve`] with the listener.
    pub server: Server,
    /// Already listening: the addresses above are true.
    pub listener: TcpListener,
}

impl std::fmt::Debug for Demo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Neither the token nor the link, which holds it.
        f.debug_struct("Demo")
            .field("url", &self.url)
            .field("project", &self.project)
            .finish_non_exhaustive()
    }
}

impl Server {
    /// Opens a server with a demonstration project (Basic protocol) and a fresh
    /// invitation for both roles. In a folder where there is one already, the
    /// project and what it holds stay.
    ///
    /// # Errors
    /// When the folder, the database or the address cannot be used.
    pub async fn demo(config: Config) -> Result<Demo, IngestError> {
        let server = Self::open(config).await?;
        match server
            .create_project(PROJECT, "Demonstration", &Protocol::basic())
            .await
        {
            Ok(()) | Err(IngestError::ProjectExists) => {}
            Err(error) => return Err(error),
        }
        let month = Duration::from_secs(30 * 24 * 3600);
        let invitation = server.create_invitation(PROJECT, Role::Both, month).await?;
        let listener = server.bind().await?;
        let url = server.origin();
        Ok(Demo {
            link: server.invitation_link(PROJECT, &invitation.token),
            dicomweb: format!("{url}/dicomweb/{PROJECT}"),
            url,
            project: PROJECT.to_owned(),
            token: invitation.token,
            server,
            listener,
        })
    }
}
