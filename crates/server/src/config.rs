//! The configuration of a service: one TOML file, every field of which says what it is for.
//!
//! Secrets are never in it: it names files that hold them, readable by the program's user alone.
//! This is the only module that reads the environment (`MAINCOURANTE_LOG`, the level of the log).

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The whole file.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// What people see of the service.
    pub service: ServiceConfig,
    /// Where the program listens; a proxy in front of it holds the certificate.
    #[serde(default)]
    pub web: WebConfig,
    /// Where data lie.
    pub database: DatabaseConfig,
    /// Files that hold keys.
    pub keys: KeysConfig,
    /// The journal.
    pub journal: JournalConfig,
    /// The mail servers.
    pub mail: MailConfig,
    /// Text messages.
    pub sms: SmsConfig,
}

/// What people see of the service.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceConfig {
    /// The name the territory gives its service; it opens every text message.
    pub name: String,
    /// The part of the addresses after the @.
    pub domain: String,
    /// The public address of the site, without a path: `https://courrier.example`.
    pub origin: String,
    /// Who answers when a page knows no structure: "le Département".
    pub help_who: String,
    /// The number to call.
    pub help_phone: String,
    /// When someone answers: "du lundi au vendredi, de 9 h à 17 h".
    pub help_hours: String,
    /// Who answers for personal data (GDPR, article 4(7)), with its article: "le Département des Landes".
    pub controller: String,
    /// Where to exercise one's rights: an address, postal or electronic.
    pub data_contact: String,
    /// The people are invented: every page says so. Text messages must then be "training", and only then.
    /// Letters still go to the servers of `[mail]`: give it some that deliver nowhere else.
    #[serde(default)]
    pub training: bool,
}

/// Where the program listens.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct WebConfig {
    /// Address and port.
    pub listen: SocketAddr,
    /// The proxies whose `X-Forwarded-For` is believed: addresses or networks, `10.0.0.0/8`.
    pub proxies: Vec<String>,
}

impl Default for WebConfig {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8080)), proxies: Vec::new() }
    }
}

/// Where data lie: a file, or a PostgreSQL server.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct DatabaseConfig {
    /// The SQLite file, for one machine.
    pub file: Option<PathBuf>,
    /// A file that holds the address of a PostgreSQL base on one line: `postgres://user:password@host/base`.
    pub postgres_url_file: Option<PathBuf>,
}

/// Files that hold keys, each readable by the program's user alone.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeysConfig {
    /// The master key of what is sealed in the base: 64 hexadecimal digits (`openssl rand -hex 32`). Lost, nothing opens.
    pub vault: PathBuf,
    /// The key that signs the journal's checkpoints: Ed25519, PKCS#8, PEM.
    pub journal: PathBuf,
    /// The key that signs tokens for the mail server: P-256, PKCS#8, PEM.
    pub token: PathBuf,
    /// The name of the token key: the name of the file of its public half on the mail server.
    pub token_kid: String,
}

/// The journal.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct JournalConfig {
    /// The file that receives signed checkpoints, outside of the base: best on another disk, copied elsewhere every day.
    pub checkpoints: PathBuf,
    /// Minutes between two checkpoints.
    #[serde(default = "daily")]
    pub every_minutes: u64,
}

fn daily() -> u64 {
    24 * 60
}

/// The mail servers.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailConfig {
    /// The IMAP server.
    pub imap: ServerConfig,
    /// The submission server.
    pub submission: SubmissionConfig,
    /// Seconds during which a message given to "Envoyer" can be called back.
    #[serde(default = "a_minute")]
    pub undo_seconds: u32,
}

fn a_minute() -> u32 {
    60
}

/// A mail server.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServerConfig {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether the link is encrypted: false only for this machine or a private link.
    #[serde(default = "yes")]
    pub tls: bool,
}

fn yes() -> bool {
    true
}

/// The submission server and the credential that may send for local addresses and read nothing.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubmissionConfig {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether the link is encrypted: false only for this machine or a private link.
    #[serde(default = "yes")]
    pub tls: bool,
    /// The name of the credential.
    pub user: String,
    /// A file that holds its password on one line.
    pub password_file: PathBuf,
}

/// Text messages.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct SmsConfig {
    /// Where they go; nothing leaves by the fictitious phone.
    pub gateway: SmsGateway,
}

/// The gateways this version knows.
#[derive(Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SmsGateway {
    /// The page of the fictitious phone; only with `service.training`.
    Training,
}

/// What is wrong with a configuration, in a sentence that says what to do.
#[derive(Debug)]
pub(crate) struct BadConfig(pub String);

impl std::fmt::Display for BadConfig {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for BadConfig {}

impl Config {
    /// Reads a file and judges it.
    pub fn read(path: &Path) -> Result<Self, BadConfig> {
        let text = fs::read_to_string(path).map_err(|error| BadConfig(format!("{} cannot be read: {error}.", path.display())))?;
        let config: Self = toml::from_str(&text).map_err(|error| BadConfig(format!("{}: {error}", path.display())))?;
        config.judge()?;
        Ok(config)
    }

    fn judge(&self) -> Result<(), BadConfig> {
        let wrong = |sentence: &str| Err(BadConfig(sentence.to_owned()));
        let origin = &self.service.origin;
        let local = origin.starts_with("http://127.0.0.1") || origin.starts_with("http://localhost");
        if !origin.starts_with("https://") && !local {
            return wrong("service.origin must begin with https:// (http:// is for this machine alone).");
        }
        if origin.trim_end_matches('/').matches('/').count() != 2 || origin.ends_with('/') {
            return wrong("service.origin has no path and no final slash: https://courrier.example.");
        }
        match (&self.database.file, &self.database.postgres_url_file) {
            (Some(_), None) | (None, Some(_)) => {}
            _ => return wrong("database: give either file (SQLite) or postgres_url_file, not both, not none."),
        }
        // A gateway to come has to be judged here: in training nothing may reach a real phone, and elsewhere the codes
        // of real people must not be left on a page.
        match (self.service.training, self.sms.gateway) {
            (true, SmsGateway::Training) => {}
            (false, SmsGateway::Training) => {
                return wrong(
                    "sms.gateway = \"training\" sends nothing: codes would reach nobody. It goes with service.training = true, \
                     and this version has no other gateway.",
                );
            }
        }
        for (name, tls, host) in [
            ("mail.imap", self.mail.imap.tls, &self.mail.imap.host),
            ("mail.submission", self.mail.submission.tls, &self.mail.submission.host),
        ] {
            if !tls && !is_private(host) {
                return Err(BadConfig(format!("{name}: without tls, host must be this machine or a private address.")));
            }
        }
        Ok(())
    }
}

fn is_private(host: &str) -> bool {
    use std::net::IpAddr;
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_private(),
        Ok(IpAddr::V6(address)) => address.is_loopback() || address.is_unique_local(),
        Err(_) => host == "localhost",
    }
}

/// One line of a file that holds a secret.
pub(crate) fn secret_line(path: &Path) -> Result<maincourante_kernel::Secret<String>, BadConfig> {
    let text = fs::read_to_string(path).map_err(|error| BadConfig(format!("{} cannot be read: {error}.", path.display())))?;
    match text.trim() {
        "" => Err(BadConfig(format!("{} is empty.", path.display()))),
        line => Ok(maincourante_kernel::Secret::new(line.to_owned())),
    }
}

/// The level of the log: `info` unless `MAINCOURANTE_LOG` says otherwise.
pub(crate) fn log_level() -> String {
    #[expect(clippy::disallowed_methods, reason = "the configuration module is where the environment is read")]
    std::env::var("MAINCOURANTE_LOG").unwrap_or_else(|_| "info".to_owned())
}
