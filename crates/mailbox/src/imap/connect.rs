//! Opens a connection as a person: line, protection, who is asking, token.
//!
//! `ID` comes before the token (RFC 2971, with the fields that Dovecot understands from a trusted front): failures are then
//! counted against the person's own network address, and not against ours, which is everyone's.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use data_encoding::BASE64;
use maincourante_identity::Own;
use maincourante_kernel::{Failure, Kernel, Secret};
use tokio::net::TcpStream;
use tokio::time::timeout_at;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

use super::command::Command;
use super::connection::Connection;
use super::trouble::Trouble;
use super::wire::{Line, Patience};
use crate::settings::{ImapSettings, Security};
use crate::token::{self, TokenKey};

/// A mail server, and how to reach it.
pub(crate) struct Server {
    host: String,
    port: u16,
    tls: Option<(TlsConnector, ServerName<'static>)>,
    key: TokenKey,
}

impl Server {
    pub(crate) fn new(settings: &ImapSettings) -> Result<Self, Failure> {
        let tls = match &settings.security {
            Security::Plain => None,
            Security::Tls { authorities } => {
                let mut roots = RootCertStore::empty();
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
                if let Some(file) = authorities {
                    for certificate in CertificateDer::pem_file_iter(file)? {
                        roots.add(certificate?)?;
                    }
                }
                let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
                    .with_safe_default_protocol_versions()?
                    .with_root_certificates(roots)
                    .with_no_client_auth();
                Some((TlsConnector::from(Arc::new(config)), ServerName::try_from(settings.host.clone())?))
            }
        };
        let key = TokenKey::read(&settings.key_file, &settings.issuer, &settings.kid)?;
        Ok(Self { host: settings.host.clone(), port: settings.port, tls, key })
    }

    /// A connection on which the person's own folders may be opened.
    pub(crate) async fn connect(&self, own: &Own, from: IpAddr, kernel: &Kernel, patience: Patience) -> Result<Connection, Trouble> {
        let mut connection = self.greeted(patience).await?;
        if connection.can("ID") {
            let who = format!("(\"x-originating-ip\" \"{from}\" \"x-session-ext-id\" \"{}\")", own.session());
            connection.run(Command::new("ID").raw(who)).await?;
        }
        let token =
            token::mint(own, &self.key, kernel.now(), &kernel.chance).map_err(|_| Trouble::Nonsense("a mail token could not be signed"))?;
        connection.authenticate(self.bearer(own, &token).reveal()).await?;
        Ok(connection)
    }

    /// A connection on which nobody is known yet.
    pub(crate) async fn greeted(&self, patience: Patience) -> Result<Connection, Trouble> {
        let line = timeout_at(patience.until(), self.line()).await.map_err(|_| Trouble::Away("the server cannot be reached in time"))??;
        Connection::greeted(line, patience).await
    }

    async fn line(&self) -> Result<Box<dyn Line>, Trouble> {
        let socket = TcpStream::connect((self.host.as_str(), self.port)).await?;
        socket.set_nodelay(true)?;
        match &self.tls {
            Some((connector, name)) => Ok(Box::new(connector.connect(name.clone(), socket).await?)),
            None if is_near(socket.peer_addr()?.ip()) => Ok(Box::new(socket)),
            None => Err(Trouble::Nonsense("mail would cross a public network in clear: set `tls`")),
        }
    }

    /// What OAUTHBEARER says (RFC 7628, section 3.1), in base64.
    fn bearer(&self, own: &Own, token: &Secret<String>) -> Secret<String> {
        // RFC 5801, section 4: two characters of a name are written otherwise.
        let name = own.address().as_str().replace('=', "=3D").replace(',', "=2C");
        let said =
            Secret::new(format!("n,a={name},\x01host={}\x01port={}\x01auth=Bearer {}\x01\x01", self.host, self.port, token.reveal()));
        Secret::new(BASE64.encode(said.reveal().as_bytes()))
    }
}

/// This machine, or a private network (RFC 1918, RFC 4193).
pub(crate) fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address == Ipv6Addr::LOCALHOST || address.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_near_server_is_spoken_to_in_clear() {
        for near in ["127.0.0.1", "::1", "10.1.2.3", "192.168.1.1", "172.16.0.9", "fd00::1", "::ffff:127.0.0.1"] {
            assert!(is_near(near.parse().unwrap()), "{near}");
        }
        for far in ["8.8.8.8", "172.32.0.1", "2001:db8::1", "::ffff:8.8.8.8", "169.254.1.1"] {
            assert!(!is_near(far.parse().unwrap()), "{far}");
        }
    }
}
