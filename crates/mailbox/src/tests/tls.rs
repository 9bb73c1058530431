//! Lines under TLS: a server is spoken to when an authority that we trust vouches for the very name that was asked for; on any
//! other line nothing is said, neither a token nor the submission credential.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use maincourante_kernel::testing::sqlite;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto::ring};

use super::smtp;
use crate::{HandOver, ImapSettings, Mailbox, Progress, RelaySettings, Security, Settings, SourceSettings};

const EXTENSIONS: &str = "[req]\ndistinguished_name=dn\n[dn]\n[authority]\nbasicConstraints=critical,CA:TRUE\n\
    [here]\nbasicConstraints=critical,CA:FALSE\nsubjectAltName=IP:127.0.0.1\n\
    [elsewhere]\nbasicConstraints=critical,CA:FALSE\nsubjectAltName=IP:127.0.0.2\n";

/// Two authorities, and what the first one vouches for.
struct Papers(tempfile::TempDir);

impl Papers {
    /// Nothing where there is no `openssl`: that is said.
    fn new() -> Option<Self> {
        if Command::new("openssl").arg("version").output().is_err() {
            #[expect(clippy::disallowed_methods, reason = "tests learn from `cargo xtask test` what must run")]
            let strict = std::env::var("MAINCOURANTE_STRICT").is_ok();
            assert!(!strict, "openssl is not there");
            eprintln!("NOT RUN: openssl is not there");
            return None;
        }
        let papers = Self(tempfile::tempdir().unwrap());
        std::fs::write(papers.file("openssl.cnf"), EXTENSIONS).unwrap();
        for (name, by) in [("authority", None), ("stranger", None), ("here", Some("authority")), ("elsewhere", Some("authority"))] {
            papers.certificate(name, by);
        }
        Some(papers)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn certificate(&self, name: &str, by: Option<&str>) {
        let file = |name: &str, kind: &str| self.file(&format!("{name}.{kind}"));
        let mut command = Command::new("openssl");
        command.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "2", "-subj"]);
        command.arg(format!("/CN={name}")).arg("-config").arg(self.file("openssl.cnf"));
        command.args(["-extensions", if by.is_some() { name } else { "authority" }]);
        command.arg("-keyout").arg(file(name, "key")).arg("-out").arg(file(name, "pem"));
        if let Some(by) = by {
            command.arg("-CA").arg(file(by, "pem")).arg("-CAkey").arg(file(by, "key"));
        }
        let done = command.output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    fn acceptor(&self, name: &str) -> TlsAcceptor {
        let chain = vec![CertificateDer::from_pem_file(self.file(&format!("{name}.pem"))).unwrap()];
        let key = PrivateKeyDer::from_pem_file(self.file(&format!("{name}.key"))).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions();
        TlsAcceptor::from(Arc::new(config.unwrap().with_no_client_auth().with_single_cert(chain, key).unwrap()))
    }

    fn trusting(&self, authority: Option<&str>) -> Security {
        Security::Tls { authorities: authority.map(|name| self.file(&format!("{name}.pem"))) }
    }
}

/// Which certificate the server shows, which authority the program is given, and whether they should speak.
const CASES: [(&str, Option<&str>, bool); 4] =
    [("here", Some("authority"), true), ("here", Some("stranger"), false), ("here", None, false), ("elsewhere", Some("authority"), false)];

#[tokio::test]
async fn a_mail_server_is_spoken_to_only_under_a_certificate_that_is_trusted_for_its_name() {
    let Some(papers) = Papers::new() else { return };
    for (shown, authority, trusted) in CASES {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (acceptor, heard) = (papers.acceptor(shown), Arc::new(AtomicUsize::new(0)));
        let counted = heard.clone();
        let server = tokio::spawn(async move {
            let (line, _) = listener.accept().await.unwrap();
            let Ok(line) = acceptor.accept(line).await else { return };
            counted.fetch_add(1, Ordering::SeqCst);
            let mut line = BufReader::new(line);
            drop(line.write_all(b"* OK [CAPABILITY IMAP4rev1 ID AUTH=OAUTHBEARER] ready\r\n").await);
            let mut said = String::new();
            while line.read_line(&mut said).await.unwrap_or(0) > 0 {
                let tag = said.split(' ').next().unwrap_or_default().to_owned();
                drop(line.write_all(format!("{tag} OK\r\n").as_bytes()).await);
                said.clear();
            }
        });
        let settings = ImapSettings {
            host: "127.0.0.1".into(),
            port,
            security: papers.trusting(authority),
            issuer: "https://exemple.fr".into(),
            kid: "k".into(),
            key_file: papers.file("here.key"),
        };
        let base = sqlite().await;
        let settings = Settings { source: SourceSettings::Imap(settings), relay: RelaySettings::Memory, undo: crate::UNDO };
        let mailbox = Mailbox::new(&base.kernel, &settings).unwrap();
        let reached = mailbox.prepare(&"jo@exemple.fr".parse().unwrap()).await.unwrap();
        assert_eq!(reached, if trusted { Progress::Done } else { Progress::Later }, "{shown}, {authority:?}");
        server.await.unwrap();
        assert_eq!(heard.load(Ordering::SeqCst), usize::from(trusted), "{shown}, {authority:?}");
    }
}

#[tokio::test]
async fn a_letter_is_handed_over_only_under_a_certificate_that_is_trusted_for_its_name() {
    let Some(papers) = Papers::new() else { return };
    for (shown, authority, trusted) in CASES {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let acceptor = papers.acceptor(shown);
        let server = tokio::spawn(async move {
            let (line, _) = listener.accept().await.unwrap();
            match acceptor.accept(line).await {
                Ok(line) => Some(smtp::serve(line, smtp::NONE).await),
                Err(_) => None,
            }
        });
        let given = smtp::hand_over(port, papers.trusting(authority)).await;
        assert_eq!(given, if trusted { HandOver::Accepted } else { HandOver::Away }, "{shown}, {authority:?}");
        assert_eq!(server.await.unwrap().is_some(), trusted, "{shown}, {authority:?}");
    }
}
