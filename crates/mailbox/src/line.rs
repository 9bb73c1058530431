//! A line to a mail server: a socket, under TLS unless the server is near.

use std::io;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use maincourante_kernel::Failure;
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

use crate::settings::Security;

/// How many bytes we may have written that have not left this machine: with more, a server that takes nothing any more, or slowly, would
/// not be seen before all was written.
const UNREAD: usize = 64 * 1024;

/// Something to read from and write to: a socket, TLS over it, or a script in a test.
pub(crate) trait Line: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Line for T {}

/// Where a server is, and how one speaks to it.
pub(crate) struct Place {
    pub host: String,
    pub port: u16,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

/// Why there is no line.
#[derive(Debug)]
pub(crate) enum NoLine {
    /// Nobody answers, or shows papers that are trusted.
    Away(io::Error),
    /// Mail would cross a public network in clear.
    InClear,
}

/// What [`NoLine::InClear`] says to who runs the service.
pub(crate) const IN_CLEAR: &str = "mail would cross a public network in clear: set `tls`";

impl From<io::Error> for NoLine {
    fn from(error: io::Error) -> Self {
        Self::Away(error)
    }
}

impl Place {
    pub(crate) fn new(host: &str, port: u16, security: &Security) -> Result<Self, Failure> {
        let tls = match security {
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
                Some((TlsConnector::from(Arc::new(config)), ServerName::try_from(host.to_owned())?))
            }
        };
        Ok(Self { host: host.to_owned(), port, tls })
    }

    /// A line on which nothing was said yet. It takes as long as it takes: whoever asks has patience, or not.
    pub(crate) async fn line(&self) -> Result<Box<dyn Line>, NoLine> {
        let socket = TcpStream::connect((self.host.as_str(), self.port)).await?;
        socket.set_nodelay(true)?;
        SockRef::from(&socket).set_send_buffer_size(UNREAD)?;
        match &self.tls {
            Some((connector, name)) => Ok(Box::new(connector.connect(name.clone(), socket).await?)),
            None if is_near(socket.peer_addr()?.ip()) => Ok(Box::new(socket)),
            None => Err(NoLine::InClear),
        }
    }
}

/// This machine, or a private network (RFC 1918, RFC 4193).
fn is_near(address: IpAddr) -> bool {
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
