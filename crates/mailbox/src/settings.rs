//! How the context is told where mail lives and how it leaves: plain data, made by the server from its configuration.

use std::path::PathBuf;

use maincourante_kernel::Secret;
use maincourante_kernel::clock::{Span, seconds};

/// How long a letter waits before it leaves, so that one may think better of it.
pub const UNDO: Span = seconds(60);

/// Everything the context is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where letters are read.
    pub source: SourceSettings,
    /// How letters leave.
    pub relay: RelaySettings,
    /// How long a letter may be taken back: [`UNDO`] unless the operator chose otherwise.
    pub undo: Span,
}

/// Where letters are read.
#[derive(Clone, Debug)]
pub enum SourceSettings {
    /// A mail server.
    Imap(ImapSettings),
    /// Folders of files: demo, training and tests.
    Maildir {
        /// The folder under which each mailbox has its own.
        root: PathBuf,
    },
}

/// A mail server that trusts our tokens.
#[derive(Clone, Debug)]
pub struct ImapSettings {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the line to it is protected.
    pub security: Security,
    /// What the tokens call us: the server's configuration knows this name.
    pub issuer: String,
    /// Which of the server's public keys checks the tokens.
    pub kid: String,
    /// The private key that signs them: PKCS #8, PEM.
    pub key_file: PathBuf,
}

/// How a line is protected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Security {
    /// In clear: refused unless the other end is this machine or a private network.
    Plain,
    /// TLS from the first byte, checked against the machine's authorities and, when given, those of this file (PEM).
    Tls {
        /// More authorities.
        authorities: Option<PathBuf>,
    },
}

/// How letters leave.
#[derive(Clone, Debug)]
pub enum RelaySettings {
    /// Handed to a mail server that sends them.
    Smtp(SmtpSettings),
    /// Put into the folders of those who live here; what is for anyone else is kept to be looked at. Demo and training.
    Local {
        /// The domain of those who live here.
        domain: String,
    },
    /// Kept in memory: tests.
    Memory,
}

/// A mail server that sends for us.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Its name or address.
    pub host: String,
    /// Its submission port.
    pub port: u16,
    /// How the line to it is protected.
    pub security: Security,
    /// The name of the credential that may send for local addresses and read nothing.
    pub user: String,
    /// Its password.
    pub password: Secret<String>,
}
